#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::json;

use super::*;

fn craft(cruise_m_s: f64) -> Value {
    json!({
        "kind": "multirotor", "can_hover": true, "cruise_m_s": cruise_m_s, "max_airspeed_m_s": 30.0, "climb_m_s": 3.0,
        "descent_m_s": 2.5, "min_turn_radius_m": 0.0, "clearance_m": 10.0, "vertical_clearance_m": 5.0,
        "energy": {"source": "battery", "capacity_wh": 2400.0, "reserve_fraction": 0.2, "hover_w": 1400.0,
                   "cruise_w": 1100.0, "climb_w": 1700.0, "descent_w": 1000.0}
    })
}

fn request(id: &str, aircraft: Value) -> Value {
    json!({
        "id": id, "aircraft": aircraft, "mission": "LOGISTICS", "priority": 0,
        "origin": {"lon": 120.70, "lat": 30.72}, "destination": {"lon": 120.80, "lat": 30.72},
        "departure": {"earliest": "2026-11-23T01:00:00Z", "latest": "2026-11-23T01:30:00Z"},
        "cruise_agl_m": {"min": 60.0, "max": 120.0}
    })
}

/// With a fleet of one `quad` at 15 m/s.
fn read(json: Value) -> Result<Together, ReadError> {
    let quad = super::super::read_aircraft("quad", &craft(15.0)).unwrap();
    read_requests("body", json, &BTreeMap::from([("quad".to_owned(), quad)]))
}

/// The speed of each request's aircraft, if there is such an aircraft.
fn speeds(together: &Together) -> Vec<Option<f64>> {
    together.requests.iter().map(|request| Some(together.fleet.get(&request.aircraft)?.cruise_m_s)).collect()
}

#[test]
fn aircraft_are_of_the_fleet_of_the_body_or_of_the_request() {
    let requests =
        [json!("quad"), json!("fast"), craft(11.0), json!("inline 0"), craft(12.0), json!("inline 2")];
    let requests: Vec<Value> =
        requests.into_iter().enumerate().map(|(i, craft)| request(&format!("F{i}"), craft)).collect();
    let mut body = json!({"name": "two", "requests": requests, "aircraft": {"fast": craft(20.0)}});
    let together = read(body.clone()).unwrap();
    assert_eq!(together.name.as_deref(), Some("two"));
    // A name that stands for nothing is for the planner to refuse, whatever else the body holds.
    assert_eq!(speeds(&together), [Some(15.0), Some(20.0), Some(11.0), None, Some(12.0), None]);
    assert_eq!(together.notes, [] as [&str; 0]);

    // The body's own go before the fleet's.
    body["aircraft"] = json!({"quad": craft(20.0), "fast": craft(25.0), "inline 1": craft(26.0)});
    let together = read(body).unwrap();
    assert_eq!(speeds(&together), [Some(20.0), Some(25.0), Some(11.0), None, Some(12.0), None]);
}

#[test]
fn the_rest_of_a_scenario_is_passed_over_with_a_note() {
    let mut body =
        json!({"requests": [request("F1", json!("quad"))], "wind": {"speed_m_s": 4.0, "from_deg": 120.0}});
    body["requests"][0]["colour"] = json!("red");
    let together = read(body).unwrap();
    assert_eq!(
        together.notes,
        [
            "requests[].colour: nothing known by this name, passed over",
            "wind: passed over, flights are planned in the world as it is here"
        ]
    );
    assert_eq!(together.name, None);
}

#[test]
fn faults_say_where() {
    let told = |json: Value| read(json).unwrap_err().to_string();
    assert_eq!(told(json!([])), "body: found a list of 0, expected an object");
    assert_eq!(told(json!({})), "body: requests: found nothing, expected this member");
    assert_eq!(told(json!({"requests": 7})), "body: requests: found 7, expected a list");
    let twice = json!({"requests": [request("F1", json!("quad")), request("F1", json!("quad"))]});
    assert_eq!(
        told(twice),
        "body: request 1 (F1): requests[1].id: found \"F1\", which request 0 has too, expected an id of its own"
    );
    let slow = json!({"requests": [request("F0", json!("quad")), request("F1", craft(-1.0))]});
    assert_eq!(
        told(slow),
        "body: request 1 (F1): requests[1].aircraft.cruise_m_s: found -1.0, expected a number above 0 to 1000 m/s"
    );
    let nameless = json!({"requests": [{"aircraft": {}}]});
    assert!(told(nameless).contains("requests[0].id: found nothing"));
    assert!(told(json!({"requests": [], "aircraft": []})).contains("aircraft: found a list of 0"));
    assert_eq!(read(json!({"requests": []})).unwrap().requests, []);
}
