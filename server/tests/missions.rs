//! Existing missions held against airspace and traffic, and plans written for others: on the command line and over HTTP.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use serde_json::{Value, json};
use support::{Server, folder, request, scenario, square, tianlu, write};
use tianlu::http::schema::Validation;
use tianlu_airspace_data::mission::{ExportFormat, MissionFormat, read_mission};

const KMZ: &[u8] = include_bytes!("../../airspace-data/tests/data/missions/jiaxing_demo.kmz");
const QGC: &[u8] = include_bytes!("../../airspace-data/tests/data/missions/jiaxing_demo.plan");

/// Straight from the origin of [`request`] to its destination, 80 m above take-off.
const STRAIGHT: &str = "QGC WPL 110\n\
    0\t1\t0\t16\t0\t0\t0\t0\t30.72\t120.70\t0\t1\n\
    1\t0\t3\t22\t0\t0\t0\t0\t30.72\t120.70\t80\t1\n\
    2\t0\t2\t178\t1\t14.5\t-1\t0\t0\t0\t0\t1\n\
    3\t0\t3\t16\t0\t0\t0\t0\t30.72\t120.80\t80\t1\n\
    4\t0\t3\t21\t0\t0\t0\t0\t30.72\t120.80\t0\t1\n";
const DEPARTURE: &str = "2026-11-23T01:00:00Z";

fn with_a_wall(folder: &std::path::Path, requests: &[Value]) -> std::path::PathBuf {
    let zones = [
        square("WALL", "PROHIBITED", 120.75, 30.72),
        square("ASK", "REQ_AUTHORIZATION", 120.73, 30.72),
        square("TALK", "CONDITIONAL", 120.78, 30.72),
    ];
    scenario(folder, &zones, requests)
}

#[test]
fn validate_tells_each_leg_and_ends_with_1() {
    let folder = folder();
    let file = with_a_wall(folder.path(), &[]);
    let mission = write(folder.path(), "straight.waypoints", STRAIGHT);
    let (file, mission) = (file.to_str().unwrap(), mission.to_str().unwrap());
    let args = ["validate", mission, "--scenario", file, "--departure", DEPARTURE];
    let ended = tianlu(args);
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert!(
        ended.out.contains("leg 1: ZONE: inside PROHIBITED zone WALL, needs 10 m from it, at 2026-11-23T01:"),
        "{}",
        ended.out
    );
    assert!(ended.out.contains("leg 1: ZONE: inside REQ_AUTHORIZATION zone ASK"), "{}", ended.out);
    assert!(ended.out.contains("leg 1: enters CONDITIONAL zone TALK"), "{}", ended.out);
    assert!(ended.out.contains("ZONE x2"), "{}", ended.out);
    assert!(ended.err.contains("no rates of climb and descent"), "{}", ended.err);
    assert!(ended.err.contains("3 legs, 2 findings"), "{}", ended.err);

    let ended = tianlu(args.into_iter().chain(["--authorization", "ASK", "--exemption", "WALL", "--json"]));
    assert_eq!(ended.code, 0, "{} {}", ended.err, ended.out);
    let found: Validation = serde_json::from_str(&ended.out).unwrap();
    assert!(found.ok && found.findings.is_empty());
    assert_eq!((found.format.as_str(), found.aircraft.as_str(), found.legs.len()), ("wpl", "quad", 3));
    assert_eq!((found.legs[2].item, found.advisories[0].zone.as_str()), (Some(4), "TALK"));
    // 0.1 degree of longitude at 30.72 N.
    assert!((found.length_m - 9_578.2).abs() < 0.5, "{}", found.length_m);
}

#[test]
fn validate_in_the_bundled_airspace_names_the_aircraft_that_it_needs() {
    let folder = folder();
    let mission = write(folder.path(), "straight.waypoints", STRAIGHT);
    let args = ["validate", mission.to_str().unwrap(), "--departure", DEPARTURE];
    let ended = tianlu(args);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(ended.err.contains("--aircraft: found nothing, expected one of quad, vtol"), "{}", ended.err);
    // 80 m are above the obstacle limitation surfaces of the airport.
    let ended = tianlu(args.into_iter().chain(["--aircraft", "quad", "--json"]));
    assert_eq!(ended.code, 1, "{}", ended.err);
    let found: Validation = serde_json::from_str(&ended.out).unwrap();
    assert!(
        found.findings.iter().all(|finding| finding.about.as_deref() == Some("NANHU")),
        "{:?}",
        found.findings
    );
    let ended = tianlu(args.into_iter().chain(["--aircraft", "quad", "--authorization", "NANHU"]));
    assert_eq!(ended.code, 0, "{}", ended.out);
}

#[test]
fn validate_refuses_what_it_cannot_read_with_2() {
    let folder = folder();
    let file = with_a_wall(folder.path(), &[]);
    let bad = write(
        folder.path(),
        "bad.waypoints",
        STRAIGHT.replace("\t16\t0\t0\t0\t0\t30.72\t120.80", "\t177\t0\t0\t0\t0\t30.72\t120.80"),
    );
    let good = write(folder.path(), "good.waypoints", STRAIGHT);
    let scenario = ["--scenario", file.to_str().unwrap()];
    for (args, expected) in [
        (vec![bad.to_str().unwrap(), "--departure", DEPARTURE], "item 3: command: found 177"),
        (vec![good.to_str().unwrap()], "departure: found nothing"),
        (vec![good.to_str().unwrap(), "--departure", "soon"], "--departure"),
        (vec![good.to_str().unwrap(), "--mission", "PICNIC"], "expected one of"),
        (
            vec![good.to_str().unwrap(), "--departure", DEPARTURE, "--aircraft", "kite"],
            "found \"kite\", expected one of quad",
        ),
        (vec!["no-such-file"], "no-such-file"),
    ] {
        let ended = tianlu(["validate"].into_iter().chain(scenario).chain(args.iter().copied()));
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{args:?}: {}", ended.err);
        assert!(ended.err.contains(expected), "{args:?}: {}", ended.err);
    }
}

#[test]
fn plans_written_in_every_format_are_clean_where_they_were_made_and_in_conflict_with_themselves() {
    let folder = folder();
    let mut asks = request("F1");
    asks["authorizations"] = json!(["ASK"]);
    let file = with_a_wall(folder.path(), &[asks, request("F2")]);
    let plans = folder.path().join("plans.json");
    let ended = tianlu(["batch", file.to_str().unwrap(), "-o", plans.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let (plans, file) = (plans.to_str().unwrap(), file.to_str().unwrap());
    for format in ExportFormat::ALL {
        let out = folder.path().join(format!("F1.{}", format.extension()));
        let out = out.to_str().unwrap();
        let ended = tianlu(["export", plans, "--flight", "F1", "--format", format.as_str(), "-o", out]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        let bytes = std::fs::read(out).unwrap();
        let Ok(mission) = read_mission(out, &bytes) else {
            assert!([ExportFormat::Kml, ExportFormat::Gpx, ExportFormat::Czml].contains(&format));
            continue;
        };
        let mut args = vec!["validate", out, "--scenario", file, "--authorization", "ASK"];
        let timed = mission.format == MissionFormat::GeoJson;
        args.extend(if timed { vec![] } else { vec!["--departure", DEPARTURE] });
        let ended = tianlu(&args);
        assert_eq!(ended.code, 0, "{format:?}: {}{}", ended.out, ended.err);
        args.extend(["--traffic", plans, "--json"]);
        let found: Validation = serde_json::from_str(&tianlu(&args).out).unwrap();
        let about: Vec<_> =
            found.findings.iter().map(|finding| (finding.kind.as_str(), finding.about.as_deref())).collect();
        assert!(about.contains(&("TRAFFIC", Some("F1"))), "{format:?}: {about:?}");
    }
    let ended = tianlu(["export", plans, "--flight", "F9", "--format", "gpx"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("--flight: found \"F9\", expected one of the 2 flights"), "{}", ended.err);
    assert_eq!(tianlu(["export", plans, "--flight", "F1", "--format", "shp"]).code, 2);
}

fn server(folder: &std::path::Path) -> Server {
    let file = with_a_wall(folder, &[]);
    Server::start(&["--scenario", file.to_str().unwrap()])
}

#[test]
fn a_server_validates_missions_of_every_format() {
    let folder = folder();
    let server = server(folder.path());
    let path = format!("/validate?departure={DEPARTURE}");
    for (kind, body, format) in [
        ("text/plain", STRAIGHT.as_bytes(), "wpl"),
        ("application/octet-stream", STRAIGHT.as_bytes(), "wpl"),
        ("application/vnd.google-earth.kmz", KMZ, "wpml"),
        ("application/json", QGC, "qgc"),
    ] {
        let answer = server.post(&path, kind, body);
        assert_eq!(answer.status, 200, "{}", answer.body);
        let found: Validation = serde_json::from_str(&answer.body).unwrap();
        assert_eq!((found.format.as_str(), found.ok), (format, found.findings.is_empty()));
        assert_eq!(answer.header("airspace-revision"), "1");
    }
    let answer = server.post(
        &format!("{path}&authorizations=ASK,OTHER&exemptions=WALL&mission=LOGISTICS&aircraft=quad"),
        "text/plain",
        STRAIGHT,
    );
    let found: Validation = serde_json::from_str(&answer.body).unwrap();
    assert!(found.ok, "{:?}", found.findings);
    let answer = server.post(&path, "text/plain", STRAIGHT);
    let found: Validation = serde_json::from_str(&answer.body).unwrap();
    let about: Vec<_> =
        found.findings.iter().map(|finding| (finding.about.as_deref(), finding.item)).collect();
    assert_eq!(about, [(Some("ASK"), Some(3)), (Some("WALL"), Some(3))]);
}

#[test]
fn wrong_missions_are_told_what_is_wrong() {
    let folder = folder();
    let server = server(folder.path());
    let departs = format!("departure={DEPARTURE}");
    for (query, body, status, code, names) in [
        (departs.as_str(), "hello", 422, "INVALID_MISSION", "hello"),
        (&departs, "", 422, "INVALID_MISSION", "an empty file"),
        ("aircraft=quad", STRAIGHT, 422, "INVALID_MISSION", "departure"),
        ("aircraft=kite", STRAIGHT, 400, "BAD_URL", "kite"),
        ("departure=soon", STRAIGHT, 400, "BAD_URL", "soon"),
        ("mission=PICNIC", STRAIGHT, 400, "BAD_URL", "PICNIC"),
        ("craft=quad", STRAIGHT, 400, "BAD_URL", "craft"),
    ] {
        let answer = server.post(&format!("/validate?{query}"), "text/plain", body);
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{query}: {}", answer.body);
        assert!(answer.body.contains(names), "{query}: {}", answer.body);
    }
    let answer = server.post("/validate", "image/png", STRAIGHT);
    assert_eq!((answer.status, answer.problem().as_str()), (415, "UNSUPPORTED_MEDIA_TYPE"));
}

#[test]
fn a_reserved_flight_is_written_in_every_format_and_is_in_the_way_of_missions() {
    let folder = folder();
    let server = server(folder.path());
    let mut asks = request("F/1 药");
    asks["authorizations"] = json!(["ASK"]);
    // A window that is not over.
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
    asks["departure"] = json!({"earliest": format!("{soon:.0}"), "latest": format!("{:.0}", soon + jiff::SignedDuration::from_mins(30))});
    let answer = server.post_json("/flights", &asks);
    assert_eq!(answer.status, 201, "{}", answer.body);
    for format in ExportFormat::ALL {
        let answer =
            server.get_bytes(&format!("/flights/F%2F1%20%E8%8D%AF/export?format={}", format.as_str()));
        assert_eq!(answer.0, 200, "{format:?}");
        assert_eq!(answer.1, format.media_type());
        assert_eq!(answer.2, format!("attachment; filename=\"F_1__.{}\"", format.extension()));
        if let Ok(mission) = read_mission("test", &answer.3) {
            assert!(mission.points.len() >= 3);
        }
    }
    let line = server.get("/flights/F%2F1%20%E8%8D%AF/export?format=geojson");
    let answer = server.post("/validate?authorizations=ASK", "application/geo+json", &line.body);
    let found: Validation = serde_json::from_str(&answer.body).unwrap();
    assert!(!found.findings.is_empty());
    for finding in &found.findings {
        assert_eq!((finding.kind.as_str(), finding.about.as_deref()), ("TRAFFIC", Some("F/1 药")));
    }
    for (path, status, code) in [
        ("/flights/F9/export?format=gpx", 404, "NOT_FOUND"),
        ("/flights/F%2F1%20%E8%8D%AF/export", 400, "BAD_URL"),
        ("/flights/F%2F1%20%E8%8D%AF/export?format=shp", 400, "BAD_URL"),
    ] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{path}");
    }
}
