//! Flights from their acceptance to their end, as their operators lead them over HTTP.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Answer, Server, folder, request};
use tianlu::http::schema;

/// So many seconds from now, as RFC 3339 has it.
fn at(seconds: i64) -> String {
    (jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds)).to_string()
}

/// A flight of a kilometre that lifts off in a while, away from all zones.
fn flight(id: &str, (from, until): (i64, i64)) -> Value {
    let mut flight = request(id);
    flight["origin"] = json!({"lon": 121.9, "lat": 30.6});
    flight["destination"] = json!({"lon": 121.91, "lat": 30.6});
    let now = jiff::Timestamp::now().as_second();
    let whole = |seconds: i64| jiff::Timestamp::from_second(now + seconds).unwrap().to_string();
    flight["departure"] = json!({"earliest": whole(from), "latest": whole(until)});
    flight
}

fn patch(server: &Server, id: &str, headers: &[(&str, &str)], state: &str) -> Answer {
    let headers = [&[("content-type", "application/merge-patch+json")], headers].concat();
    server.call("PATCH", &format!("/flights/{id}"), &headers, json!({"state": state}).to_string().as_bytes())
}

fn positions(server: &Server, id: &str, body: &Value) -> Answer {
    server.post_json(&format!("/flights/{id}/positions"), body)
}

#[test]
fn a_flight_is_led_to_its_end_and_its_sky_is_free() {
    let server = Server::start(&[]);
    assert_eq!(server.post_json("/flights", &flight("F", (3600, 3600))).status, 201);
    let before = server.get("/flights/F").header("etag").to_owned();

    let stale = patch(&server, "F", &[("if-match", "\"0-0\"")], "ACTIVATED");
    assert_eq!((stale.status, stale.problem().as_str()), (412, "PRECONDITION_FAILED"));
    let answer = patch(&server, "F", &[("if-match", &before)], "ACTIVATED");
    assert_eq!(answer.status, 200, "{}", answer.body);
    let active: schema::Flight = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(active.state, "ACTIVATED");
    assert_ne!(answer.header("etag"), before);
    assert_eq!(server.get("/flights/F").header("etag"), answer.header("etag"));
    assert_eq!(patch(&server, "F", &[], "ACTIVATED").header("etag"), answer.header("etag"));

    // While it is there nobody else gets its sky; as JSON of the plain kind it is cancelled.
    assert_eq!(server.post_json("/flights", &flight("G", (3600, 3600))).status, 422);
    let cancel = json!({"state": "CANCELLED"}).to_string();
    let answer =
        server.call("PATCH", "/flights/F", &[("content-type", "application/json")], cancel.as_bytes());
    assert_eq!((answer.status, &answer.json()["state"]), (200, &json!("CANCELLED")));
    assert_eq!(server.post_json("/flights", &flight("G", (3600, 3600))).status, 201);

    let answer = patch(&server, "F", &[], "ENDED");
    assert_eq!((answer.status, answer.problem().as_str()), (409, "WRONG_STATE"));
    assert_eq!(answer.json()["detail"], "the flight is CANCELLED: it can become nothing else, not ENDED");
    let answer = positions(&server, "F", &json!({"lon": 121.9, "lat": 30.6, "alt_m": 0, "time": at(0)}));
    assert_eq!((answer.status, answer.problem().as_str()), (409, "WRONG_STATE"));
}

#[test]
fn what_makes_no_sense_is_refused_with_its_place() {
    let server = Server::start(&[]);
    assert_eq!(server.post_json("/flights", &flight("F", (3600, 3600))).status, 201);
    let refused = |answer: Answer| {
        let problem = answer.json();
        (answer.status, answer.problem(), problem["errors"][0]["field"].as_str().unwrap_or("").to_owned())
    };
    let invalid = |field: &str| (422, "INVALID_REQUEST".to_owned(), field.to_owned());
    assert_eq!(refused(patch(&server, "F", &[], "CONTINGENT")), invalid("state"));
    assert_eq!(refused(patch(&server, "G", &[], "ENDED")), (404, "NOT_FOUND".to_owned(), String::new()));
    let kind = [("content-type", "text/plain")];
    assert_eq!(server.call("PATCH", "/flights/F", &kind, b"{}").problem(), "UNSUPPORTED_MEDIA_TYPE");
    let kind = [("content-type", "application/json")];
    assert_eq!(server.call("PATCH", "/flights/F", &kind, b"{").problem(), "BAD_SYNTAX");

    let here = |time: String| json!({"lon": 121.9, "lat": 30.6, "alt_m": 0.0, "time": time});
    assert_eq!(refused(positions(&server, "F", &here(at(60)))), invalid("time"));
    assert_eq!(refused(positions(&server, "F", &here(at(-60)))), invalid("time"));
    assert_eq!(refused(positions(&server, "F", &json!([here(at(0)), here(at(-1))]))), invalid("[1].time"));
    let mut high = here(at(0));
    high["alt_m"] = json!(1e300);
    assert_eq!(refused(positions(&server, "F", &high)), invalid("alt_m"));
    let mut far = here(at(0));
    far["lon"] = json!(-70.0);
    assert_eq!(refused(positions(&server, "F", &far)), invalid("lon"));
    assert_eq!(refused(positions(&server, "F", &json!(vec![here(at(0)); 1001]))), invalid("body"));
    assert_eq!(positions(&server, "G", &here(at(0))).status, 404);
    assert_eq!(server.get("/flights/F").json()["position"], Value::Null);
}

#[test]
fn positions_say_how_far_it_is_from_its_plan_and_are_there_after_a_restart() {
    let folder = folder();
    let data = ["--data", folder.path().to_str().unwrap()];
    let server = Server::start(&data);
    assert_eq!(server.post_json("/flights", &flight("F", (3600, 3600))).status, 201);
    let here = |north: f64, up: f64| {
        // On its pad, by the clock of this machine, which is the server's.
        json!({"lon": 121.9, "lat": 30.6 + north / 110_900.0, "alt_m": up, "time": at(0)})
    };
    let answer = positions(&server, "F", &here(3.0, 1.0));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let taken: schema::PositionsTaken = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((taken.state.as_str(), taken.ignored, taken.cause), ("ACCEPTED", 0, None));
    let fit = taken.conformance.unwrap();
    assert!(fit.within && (fit.horizontal_m - 3.0).abs() < 0.05, "{fit:?}");
    assert_eq!((fit.vertical_m, fit.time_s), (1.0, 0.0));

    assert_eq!(patch(&server, "F", &[], "ACTIVATED").status, 200);
    let answer = positions(&server, "F", &json!([here(0.0, 40.0)]));
    let taken: schema::PositionsTaken = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(taken.state, "NONCONFORMING");
    assert_eq!(taken.cause.as_deref(), Some("POSITION: 0 m beside its plan, +40 m in height, +0.0 s late"));
    assert!(!taken.conformance.unwrap().within);
    let flight = server.get("/flights/F").json();
    assert_eq!((&flight["state"], &flight["position"]["alt_m"]), (&json!("NONCONFORMING"), &json!(40.0)));
    // It is in the air: it can land, and is not cancelled.
    assert_eq!(patch(&server, "F", &[], "CANCELLED").problem(), "WRONG_STATE");

    #[cfg(unix)]
    {
        assert_eq!(server.stop(), 0);
        let server = Server::start(&data);
        assert_eq!(server.get("/flights/F").json(), flight);
        assert_eq!(patch(&server, "F", &[], "ENDED").json()["state"], "ENDED");
    }
}

/// What time makes due is done by the running server itself.
#[test]
fn a_flight_that_nobody_activates_is_cancelled_by_the_server() {
    let server = Server::start(&["--expiry-s", "0"]);
    assert_eq!(server.post_json("/flights", &flight("SOON", (1, 60))).status, 201);
    let begun = Instant::now();
    let flight = loop {
        let flight = server.get("/flights/SOON").json();
        if flight["state"] == "CANCELLED" {
            break flight;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{flight}");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(flight["cause"], "EXPIRED: never activated");
    // Its thread does not keep the server.
    #[cfg(unix)]
    assert_eq!(server.stop(), 0);
}

#[test]
fn a_volume_that_does_not_keep_flights_apart_does_not_start() {
    for (option, value, expected) in [
        ("--conformance-horizontal-m", "30", "found 30, expected less than half of the separation's 60"),
        ("--conformance-vertical-m", "12.5", "found 12.5, expected less than half of the separation's 20"),
        ("--conformance-time-s", "3", "found 3, expected 0 to the separation's 2"),
    ] {
        let ended = support::tianlu(["serve", "--listen", "127.0.0.1:0", option, value]);
        assert_eq!(ended.code, 2, "{}", ended.err);
        assert!(ended.err.contains(&format!("{option}: {expected}")), "{}", ended.err);
    }
}
