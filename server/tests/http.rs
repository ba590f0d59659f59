//! The server as a client meets it.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use serde_json::{Value, json};
use support::{Server, airspace, folder, quad, request, scenario, square, tianlu, write};
use tianlu::http::schema;

/// A server with one wall between the ends of [`request`], and one zone that asks for authorization.
fn server_with_a_wall() -> (Server, tempfile::TempDir) {
    let folder = folder();
    let zones =
        [square("WALL", "PROHIBITED", 120.75, 30.72), square("ASK", "REQ_AUTHORIZATION", 120.9, 30.9)];
    let file = scenario(folder.path(), &zones, &[]);
    (Server::start(&["--scenario", file.to_str().unwrap()]), folder)
}

#[test]
fn a_route_goes_round_the_wall_and_straight_on_once_it_is_gone() {
    let (server, _folder) = server_with_a_wall();
    let answer = server.post_json("/routes", &request("F1"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let plan: schema::Plan = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((plan.request.as_str(), plan.status.as_str()), ("F1", "PLANNED"));
    assert!(plan.length_m > 9_600.0, "{}", plan.length_m);

    assert_eq!(server.call("DELETE", "/collections/zones/items/WALL", &[], b"").status, 204);
    let answer = server.post_json("/routes", &request("F1"));
    let plan: schema::Plan = serde_json::from_str(&answer.body).unwrap();
    // 0.1 degree of longitude at 30.72 N on WGS-84 (Karney): 9,579.9 m.
    assert!((plan.length_m - 9_579.9).abs() < 2.0, "{}", plan.length_m);
    assert_eq!(answer.header("airspace-revision"), "2");
}

#[test]
fn a_refused_route_says_why_and_which_zones() {
    let (server, _folder) = server_with_a_wall();
    let mut inside = request("F1");
    inside["destination"] = json!({"lon": 120.75, "lat": 30.72});
    let answer = server.post_json("/routes", &inside);
    assert_eq!((answer.status, answer.problem().as_str()), (422, "ROUTE_REFUSED"));
    let problem: schema::Problem = serde_json::from_str(&answer.body).unwrap();
    let reason = problem.reason.unwrap();
    assert_eq!((reason.code.as_str(), reason.zones), ("DESTINATION_IN_ZONE", vec!["WALL".to_owned()]));

    inside["exemptions"] = json!(["WALL"]);
    assert_eq!(server.post_json("/routes", &inside).status, 200);
}

#[test]
fn a_refused_route_says_what_would_work_instead_and_it_does() {
    let server = Server::start(&[]);
    let request = json!({
        "aircraft": "quad", "mission": "LOGISTICS", "priority": 0,
        "origin": {"lon": 120.70, "lat": 30.72}, "destination": {"lon": 120.80, "lat": 30.70},
        "departure": {"earliest": "2026-11-23T01:00:00Z", "latest": "2026-11-23T01:30:00Z"},
        "cruise_agl_m": {"min": 60.0, "max": 120.0}
    });
    let answer = server.post_json("/routes", &request);
    let problem: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(problem["reason"]["code"], "CEILING");
    let reason = &problem["reason"];
    assert_eq!(reason["missing_authorizations"], json!(["NANHU"]));
    assert_eq!(reason["first_departure"], serde_json::Value::Null);
    let mut changes = vec![json!({"authorizations": ["NANHU"]})];
    let heights = reason["other_heights"].as_array().unwrap();
    assert!(!heights.is_empty());
    changes.extend(heights.iter().map(|band| json!({"cruise_agl_m": band})));
    for change in changes {
        let mut changed = request.clone();
        changed.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_eq!(server.post_json("/routes", &changed).status, 200, "{change}");
    }
}

#[test]
fn a_request_may_bring_its_aircraft_and_no_name() {
    let (server, _folder) = server_with_a_wall();
    let mut own = request("F1");
    own.as_object_mut().unwrap().remove("id");
    own["aircraft"] = quad();
    own["aircraft"]["cruise_m_s"] = 10.0.into();
    let answer = server.post_json("/routes", &own);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let plan: schema::Plan = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(plan.request, "R1");
    // 9.6 km at 10 m/s, less the columns at either end.
    assert!(plan.duration_s > 950.0, "{}", plan.duration_s);

    own["aircraft"]["cruise_m_s"] = json!(-1.0);
    let answer = server.post_json("/routes", &own);
    assert_eq!((answer.status, answer.problem().as_str()), (422, "INVALID_REQUEST"));
    assert!(answer.body.contains("cruise_m_s"), "{}", answer.body);
}

#[test]
fn wrong_routes_are_told_what_is_wrong() {
    let (server, _folder) = server_with_a_wall();
    let with = |member: &str, value: Value| {
        let mut body = request("F1");
        body[member] = value;
        body.to_string()
    };
    let deep = "[".repeat(100_000);
    let cases = [
        ("{", 400, "BAD_SYNTAX", ""),
        ("", 400, "BAD_SYNTAX", ""),
        ("{\"origin\": NaN}", 400, "BAD_SYNTAX", ""),
        (deep.as_str(), 400, "BAD_SYNTAX", ""),
        ("[]", 422, "INVALID_REQUEST", ""),
        ("null", 422, "INVALID_REQUEST", ""),
        (&with("origin", json!({"lon": 500, "lat": 30})), 422, "INVALID_REQUEST", "origin.lon"),
        (&with("origin", json!([120.7, 30.7])), 422, "INVALID_REQUEST", "origin"),
        (&with("mission", json!("PICNIC")), 422, "INVALID_REQUEST", "PICNIC"),
        (&with("priority", json!("high")), 422, "INVALID_REQUEST", "priority"),
        (&with("departure", json!({"earliest": "soon", "latest": "later"})), 422, "INVALID_REQUEST", "soon"),
        (&with("aircraft", json!("zeppelin")), 422, "ROUTE_REFUSED", "BAD_REQUEST"),
    ];
    for (body, status, code, names) in cases {
        let answer = server.post("/routes", "application/json", if body.is_empty() { " " } else { body });
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{body:.100}: {answer:?}");
        assert!(answer.body.contains(names), "{names}: {}", answer.body);
    }
    let answer = server.post("/routes", "text/plain", request("F1").to_string());
    assert_eq!((answer.status, answer.problem().as_str()), (415, "UNSUPPORTED_MEDIA_TYPE"));
    let answer = server.post("/routes", "application/json", vec![b' '; (1 << 20) + 1]);
    assert_eq!((answer.status, answer.problem().as_str()), (413, "BODY_TOO_LARGE"));
}

#[test]
fn a_departure_in_the_past_is_planned_as_it_was_asked() {
    let (server, _folder) = server_with_a_wall();
    let mut past = request("F1");
    past["departure"] = json!({"earliest": "1999-01-01T00:00:00Z", "latest": "1999-01-01T00:30:00Z"});
    let answer = server.post_json("/routes", &past);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body.contains("1999-01-01T00:00:00.000Z"), "{}", answer.body);
}

#[test]
fn a_batch_is_planned_together_as_by_the_command_line_and_reserves_nothing() {
    let folder = folder();
    let zones = [square("WALL", "PROHIBITED", 120.75, 30.72)];
    let mut requests: Vec<Value> = (0..6).map(|n| request(&format!("F{n}"))).collect();
    requests[4]["destination"] = json!({"lon": 120.75, "lat": 30.72});
    requests[5]["priority"] = json!(7);
    let file = scenario(folder.path(), &zones, &requests);
    let file = file.to_str().unwrap();
    let server = Server::start(&["--scenario", file]);
    let body: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();

    let answer = server.post_json("/batch", &body);
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "{}", answer.body);
    assert_eq!(answer.header("airspace-revision"), "1");
    let batch: schema::Batch = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(batch.scenario, "a test");
    assert_eq!((batch.statistics.planned, batch.statistics.rejected["DESTINATION_IN_ZONE"]), (5, 1));
    let notes = batch.notes.unwrap();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].starts_with("airspace: ") && notes[1].starts_with("separation: "), "{notes:?}");
    let mut delays = Vec::new();
    for (outcome, request) in batch.plans.iter().zip(&requests) {
        match outcome {
            schema::BatchOutcome::Planned(plan) => {
                assert_eq!(
                    (plan.request.as_str(), plan.status.as_str()),
                    (request["id"].as_str().unwrap(), "PLANNED")
                );
                delays.push(plan.delay_s);
            }
            schema::BatchOutcome::Rejected(rejected) => {
                assert_eq!((rejected.request.as_str(), rejected.status.as_str()), ("F4", "REJECTED"));
                assert_eq!(rejected.reason.zones, ["WALL"]);
            }
        }
    }
    // All want to leave at once from one place: only the one of the highest priority does.
    assert_eq!(delays[4], 0.0);
    assert!(delays[..4].iter().all(|delay| *delay > 0.0), "{delays:?}");
    assert!((batch.statistics.delay_s - delays.iter().sum::<f64>()).abs() < 0.01);
    assert_eq!(server.post_json("/batch", &body).body, answer.body);

    let (ours, theirs) = (write(folder.path(), "ours.json", &answer.body), folder.path().join("theirs.json"));
    let checked = tianlu(["check", file, ours.to_str().unwrap()]);
    assert_eq!((checked.code, checked.out.as_str()), (0, ""), "{}", checked.err);
    assert_eq!(tianlu(["batch", file, "-o", theirs.to_str().unwrap()]).code, 0);
    let theirs: Value = serde_json::from_str(&std::fs::read_to_string(theirs).unwrap()).unwrap();
    assert_eq!(answer.json()["plans"], theirs["plans"]);
}

#[test]
fn requests_of_a_batch_bring_their_aircraft_and_share_one_plane() {
    let (server, _folder) = server_with_a_wall();
    let mut requests: Vec<Value> = (0..4).map(|n| request(&format!("F{n}"))).collect();
    for (request, craft) in requests.iter_mut().zip([quad(), json!("own"), json!("quad"), json!("zeppelin")])
    {
        request["aircraft"] = craft;
    }
    requests[0]["aircraft"]["cruise_m_s"] = json!(10.0);
    let mut own = quad();
    own["cruise_m_s"] = json!(12.0);
    // Away from each other in place, so that nobody waits.
    for (n, request) in requests.iter_mut().enumerate() {
        for end in ["origin", "destination"] {
            request[end]["lat"] = json!(30.50 + 0.02 * n as f64);
        }
    }
    let answer = server.post_json("/batch", &json!({"requests": requests, "aircraft": {"own": own}}));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let batch = answer.json();
    assert_eq!((batch["scenario"].as_str(), batch.get("notes")), (Some("batch"), None));
    let speed = |n: usize| {
        let plan = &batch["plans"][n];
        // Columns of 20 s up and 24 s down, at 60 m.
        plan["length_m"].as_f64().unwrap() / (plan["duration_s"].as_f64().unwrap() - 44.0)
    };
    for (n, expected) in [10.0, 12.0, 15.0].into_iter().enumerate() {
        assert!((speed(n) - expected).abs() < 0.1, "{n}: {}", speed(n));
    }
    assert_eq!(batch["plans"][3]["reason"]["code"], "BAD_REQUEST");

    // 4 degrees of longitude are 380 km: that is not within 150 km of the server's centre.
    requests[1]["origin"]["lon"] = json!(124.8);
    let answer = server.post_json("/batch", &json!({"requests": requests[..2]}));
    let batch: schema::Batch = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(
        (batch.statistics.planned, batch.statistics.rejected["BAD_REQUEST"]),
        (1, 1),
        "{}",
        answer.body
    );
    assert_eq!(server.post_json("/batch", &json!({"requests": []})).json()["plans"], json!([]));
}

#[test]
fn wrong_batches_are_told_what_is_wrong() {
    let (server, _folder) = server_with_a_wall();
    let with = |requests: Value| json!({"requests": requests}).to_string();
    let mut bad = request("F2");
    bad["origin"]["lon"] = json!(500);
    let cases = [
        ("{", 400, "BAD_SYNTAX", ""),
        ("[]", 422, "INVALID_REQUEST", "an object"),
        ("{}", 422, "INVALID_REQUEST", "requests"),
        (&with(json!({})), 422, "INVALID_REQUEST", "a list"),
        (&with(json!([request("F1"), bad])), 422, "INVALID_REQUEST", "requests[1].origin.lon"),
        (&with(json!([request("F1"), request("F1")])), 422, "INVALID_REQUEST", "requests[1].id"),
        (&with(json!(vec![1; 10_001])), 422, "INVALID_REQUEST", "at most 10000 requests"),
    ];
    for (body, status, code, names) in cases {
        let answer = server.post("/batch", "application/json", body);
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{body:.100}: {answer:?}");
        assert!(answer.body.contains(names), "{names}: {}", answer.body);
    }
    let answer = server.post("/batch", "text/plain", with(json!([])));
    assert_eq!((answer.status, answer.problem().as_str()), (415, "UNSUPPORTED_MEDIA_TYPE"));
    let answer = server.post("/batch", "application/json", vec![b' '; (16 << 20) + 1]);
    assert_eq!((answer.status, answer.problem().as_str()), (413, "BODY_TOO_LARGE"));
}

#[test]
fn zones_are_added_read_replaced_and_removed() {
    let (server, _folder) = server_with_a_wall();
    let path = "/collections/zones/items/NEW%20ONE";
    let zone = square("NEW ONE", "PROHIBITED", 120.6, 30.6);
    let answer = server.post("/collections/zones/items", "application/geo+json", zone.to_string());
    assert_eq!((answer.status, answer.header("location")), (201, path), "{}", answer.body);
    let created: schema::Created = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((created.created, created.revision), (vec!["NEW ONE".to_owned()], 2));

    let answer = server.get(path);
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/geo+json"));
    assert_eq!(answer.json()["id"], "NEW ONE");
    assert_eq!(answer.json()["geometry"]["layer"]["upper"], 300.0);
    let etag = answer.header("etag").to_owned();
    assert_eq!(server.call("GET", path, &[("if-none-match", &etag)], b"").status, 304);

    let mut changed = zone.clone();
    changed["properties"]["type"] = json!("CONDITIONAL");
    let changed = changed.to_string();
    let kind = ("content-type", "application/geo+json");
    let answer = server.call("PUT", path, &[kind, ("if-match", "\"stale\"")], changed.as_bytes());
    assert_eq!((answer.status, answer.problem().as_str()), (412, "PRECONDITION_FAILED"));
    let answer = server.call("PUT", path, &[kind, ("if-match", &etag)], changed.as_bytes());
    assert_eq!((answer.status, answer.json()["properties"]["type"].as_str()), (200, Some("CONDITIONAL")));
    assert_ne!(answer.header("etag"), etag);
    let other = square("OTHER", "PROHIBITED", 120.6, 30.6).to_string();
    let answer = server.call("PUT", path, &[kind], other.as_bytes());
    assert_eq!((answer.status, answer.problem().as_str()), (422, "INVALID_AIRSPACE"));

    let answer = server.call("DELETE", path, &[("if-match", &etag)], b"");
    assert_eq!((answer.status, answer.problem().as_str()), (412, "PRECONDITION_FAILED"));
    assert_eq!(server.call("DELETE", path, &[], b"").status, 204);
    for method in ["GET", "DELETE"] {
        let answer = server.call(method, path, &[], b"");
        assert_eq!((answer.status, answer.problem().as_str()), (404, "NOT_FOUND"));
    }
    let answer = server.call("PUT", path, &[kind], changed.as_bytes());
    assert_eq!((answer.status, answer.problem().as_str()), (404, "NOT_FOUND"));
}

#[test]
fn a_collection_is_added_whole_or_not_at_all() {
    let (server, _folder) = server_with_a_wall();
    let path = "/collections/zones/items";
    let two = airspace(&[square("B", "PROHIBITED", 120.5, 30.5), square("C", "CONDITIONAL", 120.5, 30.6)]);
    let answer = server.post_json(path, &two);
    assert_eq!((answer.status, answer.header("location")), (201, ""), "{}", answer.body);

    let taken =
        airspace(&[square("D", "PROHIBITED", 120.5, 30.7), square("WALL", "PROHIBITED", 120.5, 30.8)]);
    let answer = server.post_json(path, &taken);
    assert_eq!((answer.status, answer.problem().as_str()), (409, "DUPLICATE_ZONE"));
    assert_eq!(answer.json()["zones"], json!(["WALL"]));
    let mut broken =
        airspace(&[square("D", "PROHIBITED", 120.5, 30.7), square("E", "PROHIBITED", 120.5, 30.8)]);
    broken["features"][1]["geometry"]["coordinates"] = json!([]);
    let answer = server.post_json(path, &broken);
    assert_eq!((answer.status, answer.problem().as_str()), (422, "INVALID_AIRSPACE"));
    let problem: schema::Problem = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(problem.errors.unwrap()[0].identifier.as_deref(), Some("E"));
    assert_eq!(server.get("/collections/zones/items/D").status, 404);
    assert_eq!(server.get("/readyz").json()["zones"], 4);
}

#[test]
fn other_formats_are_told_apart_by_their_content() {
    let (server, _folder) = server_with_a_wall();
    let path = "/collections/zones/items";
    let openair = "AC P\nAN A restricted place\nAL GND\nAH 1000 ft MSL\n\
        DP 30:30:00 N 120:30:00 E\nDP 30:30:00 N 120:36:00 E\nDP 30:36:00 N 120:36:00 E\nDP 30:30:00 N 120:30:00 E\n";
    let answer = server.post(path, "text/plain", openair);
    assert_eq!(answer.status, 201, "{}", answer.body);
    let plain = json!({"type": "Feature", "id": "PLAIN", "properties": {"restriction": "CONDITIONAL", "radius_m": 500},
        "geometry": {"type": "Point", "coordinates": [120.55, 30.55]}});
    let plain = json!({"type": "FeatureCollection", "features": [plain]});
    let answer = server.post(path, "application/octet-stream", plain.to_string());
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(server.get("/collections/zones/items/PLAIN").json()["geometry"]["extent"]["radius"], 500.0);
    for rubbish in ["", "hello", "{}", "[1,2,3]", "{\"features\": 1}", "\u{0}\u{1}\u{2}"] {
        let answer =
            server.call("POST", path, &[("content-type", "application/octet-stream")], rubbish.as_bytes());
        assert!((400..500).contains(&answer.status), "{rubbish:?}: {answer:?}");
        answer.problem();
    }
}

#[test]
fn items_are_selected_by_place_and_time_and_come_in_pages() {
    let folder = folder();
    let mut morning = square("MORNING", "PROHIBITED", 120.9, 30.7);
    morning["properties"]["limitedApplicability"] =
        json!([{"startDateTime": "2026-11-23T00:00:00Z", "endDateTime": "2026-11-23T04:00:00Z"}]);
    let mut nights = square("NIGHTS", "PROHIBITED", 121.0, 30.7);
    nights["properties"]["limitedApplicability"] =
        json!([{"schedule": [{"day": ["MON"], "startTime": "22:00:00Z", "endTime": "23:00:00Z"}]}]);
    let zones = airspace(&[square("ALWAYS", "PROHIBITED", 120.75, 30.72), morning, nights]);
    let file = write(folder.path(), "zones.json", zones.to_string());
    let server = Server::start(&["--airspace", file.to_str().unwrap()]);
    let ids = |query: &str| -> Vec<String> {
        let answer = server.get(&format!("/collections/zones/items?{query}"));
        let page: schema::FeatureCollection =
            serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body));
        page.features.into_iter().map(|feature| feature.id.unwrap()).collect()
    };
    assert_eq!(ids(""), ["ALWAYS", "MORNING", "NIGHTS"]);
    assert_eq!(ids("bbox=120.85,30.6,121.1,30.8"), ["MORNING", "NIGHTS"]);
    assert_eq!(ids("bbox=121.1,30.6,120.8,30.8"), ["ALWAYS"]);
    assert_eq!(ids("bbox=120,30,301,122,31,400"), Vec::<String>::new());
    assert_eq!(ids("datetime=2026-11-23T02:00:00Z"), ["ALWAYS", "MORNING"]);
    assert_eq!(ids("datetime=2026-11-23T22:30:00Z"), ["ALWAYS", "NIGHTS"]);
    assert_eq!(ids("datetime=2026-11-24T00:00:00Z/2026-11-30T21:00:00Z"), ["ALWAYS"]);
    assert_eq!(ids("datetime=2026-11-24T00:00:00Z/.."), ["ALWAYS", "NIGHTS"]);
    assert_eq!(ids("datetime=../1970-01-01T00:00:00Z"), ["ALWAYS", "NIGHTS"]);

    let mut next = "/collections/zones/items?limit=1&datetime=2026-11-23T00:00:00Z/..".to_owned();
    let mut seen = Vec::new();
    loop {
        let page: schema::FeatureCollection = serde_json::from_str(&server.get(&next).body).unwrap();
        assert_eq!((page.numberMatched, page.numberReturned), (Some(3), Some(1)));
        seen.extend(page.features.into_iter().filter_map(|feature| feature.id));
        match page.links.unwrap().into_iter().find(|link| link.rel == "next") {
            Some(link) => next = link.href,
            None => break,
        }
    }
    assert_eq!(seen, ["ALWAYS", "MORNING", "NIGHTS"]);
    for query in ["bbox=1,2,3", "datetime=noon", "limit=0", "colour=red", "limit=1&limit=1"] {
        let answer = server.get(&format!("/collections/zones/items?{query}"));
        assert_eq!((answer.status, answer.problem().as_str()), (400, "BAD_URL"), "{query}");
    }
}

#[test]
fn a_file_with_a_repeated_identifier_keeps_both_zones() {
    let folder = folder();
    let zones =
        airspace(&[square("CTR", "PROHIBITED", 120.75, 30.72), square("CTR", "CONDITIONAL", 120.9, 30.72)]);
    let file = write(folder.path(), "zones.json", zones.to_string());
    let server = Server::start(&["--airspace", file.to_str().unwrap()]);
    assert_eq!(server.get("/collections/zones/items/CTR").json()["properties"]["type"], "PROHIBITED");
    assert_eq!(server.get("/collections/zones/items/CTR~2").json()["properties"]["type"], "CONDITIONAL");
}

#[test]
fn the_server_tells_of_itself_as_ogc_asks() {
    let (server, _folder) = server_with_a_wall();
    let landing: schema::Landing = serde_json::from_str(&server.get("/").body).unwrap();
    for rel in ["self", "service-desc", "service-doc", "conformance", "data"] {
        let link = landing.links.iter().find(|link| link.rel == rel).unwrap_or_else(|| panic!("{rel}"));
        let answer = server.get(&link.href);
        assert_eq!(answer.status, 200, "{}", link.href);
    }
    let html = server.call("GET", "/", &[("accept", "text/html,*/*;q=0.8")], b"");
    assert!(html.header("content-type").starts_with("text/html"));
    assert!(html.header("content-security-policy").starts_with("default-src 'self'"));
    let conformance: schema::Conformance = serde_json::from_str(&server.get("/conformance").body).unwrap();
    assert!(conformance.conformsTo.iter().any(|class| class.ends_with("features-1/1.0/conf/core")));
    let collections: schema::Collections = serde_json::from_str(&server.get("/collections").body).unwrap();
    for collection in collections.collections {
        let alone: schema::Collection =
            serde_json::from_str(&server.get(&format!("/collections/{}", collection.id)).body).unwrap();
        let items = alone.links.iter().find(|link| link.rel == "items").unwrap();
        assert_eq!(server.get(&items.href).header("content-type"), "application/geo+json");
    }
    let fleet: std::collections::BTreeMap<String, schema::Aircraft> =
        serde_json::from_str(&server.get("/aircraft").body).unwrap();
    assert_eq!(fleet["quad"].cruise_m_s, 15.0);
    serde_json::from_str::<schema::Health>(&server.get("/healthz").body).unwrap();
    serde_json::from_str::<schema::Readiness>(&server.get("/readyz").body).unwrap();
    assert_eq!(server.get("/collections/flowers").problem(), "NOT_FOUND");
}

#[test]
fn every_error_is_a_problem_with_a_request_id() {
    let (server, _folder) = server_with_a_wall();
    assert_eq!(server.get("/nowhere").problem(), "NOT_FOUND");
    assert_eq!(server.get("/assets/nothing.js").problem(), "NOT_FOUND");
    assert_eq!(server.get("/docs/nothing.js").problem(), "NOT_FOUND");
    assert_eq!(server.get("/collections/zones/items/%FF").problem(), "BAD_URL");
    let answer = server.call("DELETE", "/routes", &[], b"");
    assert_eq!((answer.problem().as_str(), answer.header("allow")), ("METHOD_NOT_ALLOWED", "POST"));
    let answer = server.call("GET", "/healthz", &[("x-request-id", "mine-42")], b"");
    assert_eq!(answer.header("x-request-id"), "mine-42");
    let answer = server.call("GET", "/healthz", &[("x-request-id", "with spaces")], b"");
    assert!(!answer.header("x-request-id").is_empty());
    assert_ne!(answer.header("x-request-id"), "with spaces");
}

#[test]
fn pages_of_other_sites_cannot_call() {
    let (server, _folder) = server_with_a_wall();
    let body = square("EVIL", "PROHIBITED", 120.5, 30.5).to_string();
    let answer = server.call(
        "POST",
        "/collections/zones/items",
        &[("content-type", "text/plain"), ("origin", "http://evil.example")],
        body.as_bytes(),
    );
    assert_eq!((answer.status, answer.problem().as_str()), (403, "FOREIGN_ORIGIN"));
    let answer = server.call("GET", "/aircraft", &[("host", "evil.example")], b"");
    assert_eq!((answer.status, answer.problem().as_str()), (403, "FOREIGN_ORIGIN"));
    let own = server.url.clone();
    let answer = server.call(
        "POST",
        "/collections/zones/items",
        &[("content-type", "text/plain"), ("origin", &own)],
        body.as_bytes(),
    );
    assert_eq!(answer.status, 201, "{}", answer.body);
}

#[test]
fn a_body_of_50_mb_is_refused_and_the_server_lives() {
    let (server, _folder) = server_with_a_wall();
    let answer = server.post("/collections/zones/items", "application/json", vec![b'['; 50 << 20]);
    assert_eq!((answer.status, answer.problem().as_str()), (413, "BODY_TOO_LARGE"));
    assert_eq!(server.get("/healthz").status, 200);
}

#[test]
fn the_bundled_airspace_is_served_unless_told_otherwise() {
    let server = Server::start(&[]);
    let zones = server.get("/collections/zones/items?limit=10000").json();
    assert!(zones["numberMatched"].as_u64().unwrap() > 10);
    let sites = server.get("/collections/sites/items").json();
    let site = &sites["features"][0];
    assert_eq!(site["geometry"]["type"], "Point");
    let id = site["id"].as_str().unwrap();
    assert_eq!(server.get(&format!("/collections/sites/items/{id}")).json(), *site);
    assert!(server.get("/aircraft").json()["vtol"].is_object());
}

#[cfg(unix)]
#[test]
fn the_server_stops_when_it_is_asked_to() {
    let (server, _folder) = server_with_a_wall();
    assert_eq!(server.get("/readyz").status, 200);
    assert_eq!(server.stop(), 0);
}

#[test]
fn an_aircraft_that_a_request_describes_is_nobody_elses() {
    let (server, _folder) = server_with_a_wall();
    let fleet = server.get("/aircraft").json();
    let mut request = request("F1");
    request["aircraft"] = quad();
    let (start, end) = ("2100-11-23T01:00:00Z", "2100-11-23T01:30:00Z");
    request["departure"] = json!({"earliest": start, "latest": end});
    let answer = server.post_json("/flights", &request);
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert!(answer.json()["aircraft"].as_str().unwrap().starts_with("inline-"));
    assert_eq!(server.get("/aircraft").json(), fleet);
}
