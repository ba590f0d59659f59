//! Zones and wind change on a live server: reserved flights are planned anew, and everybody is told.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use serde_json::{Value, json};
use support::{Server, folder, request, scenario};
use tianlu::http::schema;

fn server() -> (Server, tempfile::TempDir) {
    let folder = folder();
    let file = scenario(folder.path(), &[], &[]);
    (Server::start(&["--scenario", file.to_str().unwrap()]), folder)
}

/// A flight along 30.72 north that lifts off in an hour at the earliest.
fn later(id: &str) -> Value {
    let mut flight = request(id);
    let at =
        |hours: i64| jiff::Timestamp::now().checked_add(jiff::Span::new().hours(hours)).unwrap().to_string();
    flight["departure"] = json!({"earliest": at(1), "latest": at(2)});
    flight
}

fn length_m(server: &Server, id: &str) -> f64 {
    server.get(&format!("/flights/{id}")).json()["length_m"].as_f64().unwrap()
}

#[test]
fn a_no_fly_zone_comes_up_and_goes_again() {
    let (server, _folder) = server();
    assert_eq!(server.post_json("/flights", &later("F1")).status, 201);
    let straight_m = length_m(&server, "F1");
    let fire = json!({
        "id": "FIRE-1", "kind": "NO_FLY", "centre": {"lon": 120.75, "lat": 30.72}, "radius_m": 500.0,
        "until_removed": true, "reason": "Fire in a warehouse"
    });
    let answer = server.post_json("/restrictions", &fire);
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.header("location"), "/collections/zones/items/FIRE-1");
    let created: schema::Created = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(created.created, ["FIRE-1"]);
    let [affected] = &created.affected[..] else { panic!("{created:?}") };
    assert_eq!((affected.flight.as_str(), affected.outcome.as_str()), ("F1", "REPLANNED"));
    assert!(length_m(&server, "F1") > straight_m + 10.0);
    let zone = server.get("/collections/zones/items/FIRE-1").json();
    assert_eq!(zone["properties"]["type"], "PROHIBITED");
    assert_eq!(zone["properties"]["message"][0]["text"], "Fire in a warehouse");
    assert!(zone["properties"]["limitedApplicability"][0]["startDateTime"].is_string(), "{zone}");
    assert_eq!(server.post_json("/restrictions", &fire).problem(), "DUPLICATE_ZONE");
    assert_eq!(server.call("DELETE", "/collections/zones/items/FIRE-1", &[], b"").status, 204);

    let audit = server.get("/audit");
    let audit: schema::Audit = serde_json::from_str(&audit.body).unwrap();
    let what: Vec<&str> = audit.entries.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!(what, ["flight.accept", "zones.add", "zones.remove"]);
    let second: schema::Audit = serde_json::from_str(&server.get("/audit?after=1&limit=1").body).unwrap();
    assert_eq!((second.entries[0].target.as_str(), second.next), ("FIRE-1", 2));
}

#[test]
fn a_corridor_is_closed_to_all_but_its_missions() {
    let (server, _folder) = server();
    let corridor = json!({
        "id": "C1", "kind": "CORRIDOR", "line": [[120.75, 30.70], [120.75, 30.74]], "width_m": 300.0,
        "end": jiff::Timestamp::now().checked_add(jiff::Span::new().hours(5)).unwrap().to_string()
    });
    assert_eq!(server.post_json("/restrictions", &corridor).status, 201);
    let mut flight = later("F1");
    let usual = server.post_json("/routes", &flight).json()["length_m"].as_f64().unwrap();
    flight["mission"] = "RESCUE".into();
    let rescue = server.post_json("/routes", &flight).json()["length_m"].as_f64().unwrap();
    assert!(usual > rescue + 100.0, "{usual} {rescue}");
}

#[test]
fn wrong_restrictions_are_told_what_is_wrong() {
    let (server, _folder) = server();
    let good = json!({
        "id": "A", "kind": "NO_FLY", "centre": {"lon": 120.75, "lat": 30.72}, "radius_m": 500.0, "until_removed": true
    });
    for (change, field) in [
        (json!({"kind": "PARTY"}), "kind"),
        (json!({"radius_m": -1.0}), "radius_m"),
        (json!({"until_removed": false}), "end"),
        (json!({"end": "soon"}), "end"),
        (json!({"missions": ["PICNIC"]}), "PICNIC"),
        (json!({"width_m": 10.0}), "line and width_m"),
        (json!({"lower_m": 100.0, "upper_m": 50.0}), "lower limit"),
        (json!({"centre": {"lon": 10.0, "lat": 30.0}}), "centre"),
        (json!({"colour": "red"}), "colour"),
    ] {
        let mut bad = good.clone();
        bad.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = server.post_json("/restrictions", &bad);
        assert_eq!(answer.problem(), "INVALID_REQUEST", "{change}");
        assert!(answer.body.contains(field), "{field}: {}", answer.body);
    }
    assert_eq!(server.get("/collections/zones/items").json()["numberMatched"], 0);
}

#[test]
fn a_new_wind_plans_flights_anew_that_cannot_be_flown_in_it() {
    let (server, _folder) = server();
    let calm = server.get("/weather");
    assert_eq!((calm.status, calm.json()), (200, json!([])));
    assert_eq!(server.post_json("/flights", &later("EAST")).status, 201);
    let put = |wind: &Value, etag: &str| {
        let headers = [("content-type", "application/json"), ("if-match", etag)];
        server.call("PUT", "/weather", &headers, wind.to_string().as_bytes())
    };
    // From the east: against the flight, which would be too fast through the air.
    let wind = json!([{"speed_m_s": 3.0, "from_deg": 90.0, "above_agl_m": 20.0}, {"speed_m_s": 5.0, "from_deg": 90.0, "above_agl_m": 80.0}]);
    assert_eq!(put(&wind, "\"another\"").problem(), "PRECONDITION_FAILED");
    let answer = put(&wind, calm.header("etag"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let changed: schema::WeatherChanged = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((changed.affected.len(), changed.affected[0].outcome.as_str()), (1, "REPLANNED"));
    assert_eq!(server.get("/weather").json(), wind);
    assert_eq!(server.get("/weather").header("etag"), answer.header("etag"));
    let plan = server.get("/flights/EAST").json();
    assert!(plan["duration_s"].as_f64().unwrap() > 9_579.0 / 12.5, "{plan}");
    assert_eq!(plan["cause"], "wind");
    // The same again changes nothing.
    let again: schema::WeatherChanged = serde_json::from_str(&put(&wind, "*").body).unwrap();
    assert!(again.affected.is_empty() && again.revision == changed.revision);
    assert_eq!(put(&json!({"speed_m_s": -1.0, "from_deg": 0.0}), "*").problem(), "INVALID_REQUEST");
}
