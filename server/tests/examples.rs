//! The examples in the API's document are true: the server takes them, and answers in their shape.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use serde_json::Value;
use support::Server;
use tianlu::http::openapi;

/// The day of the examples; they are sent with that of tomorrow.
const DAY: &str = "2026-11-23";

/// Calls that change something, in an order in which they work, with the ids of their examples.
const CALLS: &[(&str, &str, &str, &str)] = &[
    ("POST", "/routes", "/routes", "200"),
    ("POST", "/batch", "/batch", "200"),
    ("POST", "/flights", "/flights", "201"),
    ("GET", "/flights/{id}", "/flights/F0001", "200"),
    ("PATCH", "/flights/{id}", "/flights/F0001", "200"),
    ("POST", "/collections/zones/items", "/collections/zones/items", "201"),
    ("PUT", "/collections/zones/items/{id}", "/collections/zones/items/SITE-12", "200"),
    ("GET", "/collections/zones/items/{id}", "/collections/zones/items/SITE-12", "200"),
    ("GET", "/collections/zones/items", "/collections/zones/items?limit=1", "200"),
    ("GET", "/collections/{collection}", "/collections/zones", "200"),
    ("GET", "/conformance", "/conformance", "200"),
    ("GET", "/aircraft", "/aircraft", "200"),
    ("GET", "/readyz", "/readyz", "200"),
];

/// The first example among the media types.
fn example(contents: &Value) -> Option<&Value> {
    contents["content"].as_object()?.values().find_map(|content| content.get("example"))
}

fn names(json: &Value) -> Vec<String> {
    let mut names: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
    names.sort();
    names
}

#[test]
fn every_example_is_taken_and_answered_as_it_says() {
    let document: Value = serde_json::from_str(&openapi().to_json().unwrap()).unwrap();
    let server = Server::start(&[]);
    let tomorrow = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
    let tomorrow = tomorrow.to_string()[..DAY.len()].to_owned();
    for (method, path, call, status) in CALLS {
        let operation = &document["paths"][path][method.to_lowercase()];
        let body = example(&operation["requestBody"]).map(|body| body.to_string().replace(DAY, &tomorrow));
        assert!(body.is_some() == operation.get("requestBody").is_some(), "{method} {path} has no example");
        let kind = [("content-type", "application/json")];
        let answer = server.call(method, call, &kind, body.unwrap_or_default().as_bytes());
        assert_eq!(answer.status.to_string(), *status, "{method} {path}: {}", answer.body);
        let expected = example(&operation["responses"][status]);
        let expected = expected.unwrap_or_else(|| panic!("{method} {path}: {status} has no example"));
        assert_eq!(names(&answer.json()), names(expected), "{method} {path}");
    }
}
