//! Whatever comes in, the answer is no fault of the server.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::sync::{Arc, LazyLock};

use axum::body::Body;
use axum::http::{Request, Response};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{airspace, quad, request, square};
use tianlu::http::{App, Base, Limits, router};
use tianlu::service::Start;
use tianlu::store::RedbStore;
use tianlu_airspace_data::airspace::{ReadOptions, read_airspace};
use tianlu_airspace_data::scenario::read_aircraft;
use tianlu_engine::world::Separation;
use tower::ServiceExt;

static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| tokio::runtime::Runtime::new().unwrap());

fn app() -> Arc<App> {
    let zones = airspace(&[square("WALL", "PROHIBITED", 120.75, 30.72)]).to_string();
    let zones = read_airspace("test", zones.as_bytes(), &ReadOptions::default()).unwrap().zones;
    let mut start =
        Start::usual(zones, Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 0.0, pad_s: 0.0 });
    start.fleet = Arc::new([("quad".to_owned(), read_aircraft("test", &quad()).unwrap())].into());
    let base = Base { title: "A test".to_owned(), sites: Vec::new(), start };
    let store = Arc::new(RedbStore::in_memory().unwrap());
    Arc::new(App::new(base, store, Limits::default()).unwrap())
}

fn call(app: &Arc<App>, method: &str, path: &str, body: Vec<u8>) -> Response<Body> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .body(Body::from(body))
        .unwrap();
    RUNTIME.block_on(router(Arc::clone(app)).oneshot(request)).unwrap()
}

/// An error is a problem and none of the server's; a success has a request id like everything else.
fn assert_no_fault(response: &Response<Body>, of: &str) {
    let status = response.status();
    assert!(!status.is_server_error(), "{status}: {of}");
    assert!(response.headers().contains_key("x-request-id"), "{of}");
    if status.is_client_error() {
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{of}");
    }
}

/// A value that stands where another was.
fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!(true)),
        Just(json!([])),
        Just(json!({})),
        Just(json!("")),
        any::<f64>().prop_map(|number| json!(number)),
        any::<i64>().prop_map(|number| json!(number)),
        "\\PC{0,12}".prop_map(|text| json!(text)),
        prop::sample::select(vec![
            json!(500),
            json!(-180),
            json!(180),
            json!(90),
            json!(1e308),
            json!(1e-308),
            json!(-0.0),
            json!(u64::MAX),
            json!("2026-11-23T01:00:00Z"),
            json!("9999-12-31T23:59:59Z"),
            json!("-009999-01-01T00:00:00Z"),
            json!("PROHIBITED"),
            json!("quad"),
            json!({"lon": 180, "lat": 90}),
            json!([[0, 0], [1, 1], [0, 0]]),
            json!([[120.7, 30.7], [120.8, 30.8], [120.8, 30.7], [120.7, 30.8], [120.7, 30.7]]),
        ]),
    ]
}

/// Puts a value somewhere in a document; `at` chooses where.
fn mutate(document: &mut Value, at: usize, value: Value) {
    fn pointers(value: &Value, here: &str, all: &mut Vec<String>) {
        all.push(here.to_owned());
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    pointers(member, &format!("{here}/{}", name.replace('~', "~0").replace('/', "~1")), all);
                }
            }
            Value::Array(values) => {
                for (index, value) in values.iter().enumerate() {
                    pointers(value, &format!("{here}/{index}"), all);
                }
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    pointers(document, "", &mut all);
    if let Some(place) = document.pointer_mut(&all[at % all.len()]) {
        *place = value;
    }
}

fn route_with_inline_aircraft() -> Value {
    let mut route = request("F1");
    route["aircraft"] = quad();
    route["authorizations"] = json!(["WALL"]);
    route
}

proptest! {
    // Each case plans three flights.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn mutated_batches(changes in prop::collection::vec((any::<usize>(), odd_value()), 1..4)) {
        static APP: LazyLock<Arc<App>> = LazyLock::new(app);
        let mut body = json!({
            "name": "a test", "aircraft": {"own": quad()},
            "requests": [route_with_inline_aircraft(), request("F2"), request("F3")]
        });
        body["requests"][2]["aircraft"] = json!("own");
        for (at, value) in changes {
            mutate(&mut body, at, value);
        }
        let text = body.to_string();
        assert_no_fault(&call(&APP, "POST", "/batch", text.clone().into_bytes()), &text);
    }
}

proptest! {
    #[test]
    fn mutated_routes(changes in prop::collection::vec((any::<usize>(), odd_value()), 1..4)) {
        static APP: LazyLock<Arc<App>> = LazyLock::new(app);
        let mut body = route_with_inline_aircraft();
        for (at, value) in changes {
            mutate(&mut body, at, value);
        }
        let text = body.to_string();
        assert_no_fault(&call(&APP, "POST", "/routes", text.clone().into_bytes()), &text);
    }

    #[test]
    fn mutated_zones(changes in prop::collection::vec((any::<usize>(), odd_value()), 1..4)) {
        let app = app();
        let mut body = airspace(&[square("NEW", "PROHIBITED", 120.6, 30.7)]);
        body["features"][0]["properties"]["limitedApplicability"] = json!([{
            "startDateTime": "2026-11-23T00:00:00Z", "endDateTime": "2026-11-24T00:00:00Z",
            "schedule": [{"day": ["ANY"], "startTime": "08:00:00Z", "endEvent": "SS"}]
        }]);
        for (at, value) in changes {
            mutate(&mut body, at, value);
        }
        let text = body.to_string();
        let response = call(&app, "POST", "/collections/zones/items", text.clone().into_bytes());
        assert_no_fault(&response, &text);
        // What was taken in must not break what stands on it.
        let route = request("F1").to_string();
        assert_no_fault(&call(&app, "POST", "/routes", route.into_bytes()), &text);
        let query = "/collections/zones/items?bbox=120,30,0,122,31,400&datetime=2026-11-23T10:00:00Z/..";
        assert_no_fault(&call(&app, "GET", query, Vec::new()), &text);
        assert_no_fault(&call(&app, "GET", "/collections", Vec::new()), &text);
    }

    #[test]
    fn mutated_missions(changes in prop::collection::vec((any::<usize>(), odd_value()), 1..4)) {
        static APP: LazyLock<Arc<App>> = LazyLock::new(app);
        let item = |command: u64, lat: f64, lon: f64, up: f64| {
            json!({"type": "SimpleItem", "command": command, "frame": 3, "params": [0, 0, 0, null, lat, lon, up]})
        };
        let mut body = json!({
            "fileType": "Plan",
            "mission": {
                "plannedHomePosition": [30.72, 120.70, 0], "hoverSpeed": 12,
                "items": [item(22, 30.72, 120.70, 60.0), item(16, 30.72, 120.74, 80.0), item(21, 30.73, 120.74, 0.0)]
            }
        });
        for (at, value) in changes {
            mutate(&mut body, at, value);
        }
        let text = body.to_string();
        let path = "/validate?aircraft=quad&departure=2026-11-23T01:00:00Z";
        assert_no_fault(&call(&APP, "POST", path, text.clone().into_bytes()), &text);
    }

    #[test]
    fn bytes_that_mean_nothing(body in prop::collection::vec(any::<u8>(), 0..300)) {
        static APP: LazyLock<Arc<App>> = LazyLock::new(app);
        let missions = "/validate?aircraft=quad&departure=2026-11-23T01:00:00Z";
        for path in ["/routes", "/batch", "/collections/zones/items", missions] {
            let response = call(&APP, "POST", path, body.clone());
            assert_no_fault(&response, path);
        }
    }

    #[test]
    fn cut_off_bodies(length in 0_usize..1200) {
        static APP: LazyLock<Arc<App>> = LazyLock::new(app);
        let mut body = route_with_inline_aircraft().to_string().into_bytes();
        let whole = length >= body.len();
        body.truncate(length);
        let response = call(&APP, "POST", "/routes", body);
        assert_no_fault(&response, "a body cut off");
        prop_assert_eq!(response.status().is_success(), whole);
    }

    #[test]
    fn addresses_that_mean_nothing(path in "/[a-z/]{0,20}(\\?[a-z=&,.0-9%:-]{0,40})?", id in "[ -~]{1,20}") {
        static APP: LazyLock<Arc<App>> = LazyLock::new(app);
        let id: String = id.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for path in [path, format!("/collections/zones/items/{id}"), format!("/collections/zones/items?bbox={id}&datetime={id}")] {
            if path.parse::<axum::http::Uri>().is_ok() {
                assert_no_fault(&call(&APP, "GET", &path, Vec::new()), &path);
            }
        }
    }
}
