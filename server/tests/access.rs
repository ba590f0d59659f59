//! Who may make which call: every role against every documented call.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::path::Path;

use support::{Server, folder, tianlu};
use tianlu::http::openapi;

/// Every documented call and the scope that it takes; "" is none. Written by hand, so that a new call is thought about.
const CALLS: &[(&str, &str, &str)] = &[
    ("GET", "/", ""),
    ("GET", "/conformance", ""),
    ("GET", "/collections", ""),
    ("GET", "/collections/{collection}", ""),
    ("GET", "/healthz", ""),
    ("GET", "/readyz", ""),
    ("GET", "/collections/zones/items", "read"),
    ("GET", "/collections/zones/items/{id}", "read"),
    ("POST", "/collections/zones/items", "zones"),
    ("PUT", "/collections/zones/items/{id}", "zones"),
    ("DELETE", "/collections/zones/items/{id}", "zones"),
    ("GET", "/collections/sites/items", "read"),
    ("GET", "/collections/sites/items/{id}", "read"),
    ("GET", "/collections/flights/items", "read"),
    ("GET", "/collections/flights/items/{id}", "read"),
    ("GET", "/aircraft", "read"),
    ("GET", "/weather", "read"),
    ("PUT", "/weather", "zones"),
    ("GET", "/events", "read"),
    ("GET", "/metrics", "read"),
    ("POST", "/routes", "plan"),
    ("POST", "/batch", "plan"),
    ("POST", "/validate", "plan"),
    ("POST", "/flights", "flights"),
    ("GET", "/flights/{id}", "read"),
    ("GET", "/flights/{id}/export", "read"),
    ("PATCH", "/flights/{id}", "flights"),
    ("POST", "/flights/{id}/positions", "flights"),
    ("POST", "/restrictions", "zones"),
    ("GET", "/audit", "admin"),
    ("GET", "/backup", "admin"),
    ("POST", "/restore", "admin"),
];

/// Those that are served but no part of the API's document.
const BESIDE: [(&str, &str); 3] = [("GET", "/openapi.json"), ("GET", "/docs/"), ("GET", "/assets/style.css")];

/// Calls of the document: method and path.
fn documented() -> Vec<(String, String)> {
    let document: serde_json::Value = serde_json::from_str(&openapi().to_json().unwrap()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let calls = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys().filter(|name| name.as_str() != "parameters");
        methods.map(move |method| (method.to_uppercase(), path.clone()))
    });
    calls.collect()
}

fn scope_of(method: &str, path: &str) -> Option<&'static str> {
    let same = |listed: &str| {
        let (mut a, mut b) = (listed.split('/'), path.split('/'));
        loop {
            match (a.next(), b.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) if a == b || (a.starts_with('{') && b.starts_with('{')) => {}
                _ => return false,
            }
        }
    };
    CALLS.iter().find(|(verb, listed, _)| *verb == method && same(listed)).map(|(.., scope)| *scope)
}

#[test]
fn every_documented_call_has_a_row_here() {
    for (method, path) in documented() {
        assert!(scope_of(&method, &path).is_some(), "{method} {path} has no row: who may make this call?");
    }
}

fn token(data: &Path, args: &[&str]) -> String {
    let all = ["token", "--data", data.to_str().unwrap(), "--subject", "op-1"];
    let ended = tianlu(all.iter().chain(args));
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(ended.out.lines().count(), 1, "the token alone");
    ended.out.trim_end().to_owned()
}

/// Status, and of a problem its code and the scope that it names. Streams are not read.
fn answer(server: &Server, method: &str, path: &str, token: Option<&str>) -> (u16, String, String, String) {
    let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", server.url));
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let agent = ureq::Agent::config_builder().http_status_as_error(false).allow_non_standard_methods(true);
    let agent: ureq::Agent = agent.build().into();
    let response = agent.run(request.body(()).unwrap()).unwrap();
    let status = response.status().as_u16();
    let challenge =
        response.headers().get("www-authenticate").map_or("", |value| value.to_str().unwrap()).to_owned();
    let (mut code, mut scope) = (String::new(), String::new());
    if status >= 400 {
        let text = response.into_body().read_to_string().unwrap();
        let problem: tianlu::http::schema::Problem = serde_json::from_str(&text).unwrap();
        code = problem.code.as_str().to_owned();
        scope = problem.scope.unwrap_or_default();
    }
    (status, code, scope, challenge)
}

#[test]
fn no_token_does_what_it_may_not_and_each_does_what_it_may() {
    let (folder, elsewhere) = (folder(), folder());
    let (data, other) = (folder.path().join("data"), elsewhere.path().join("data"));
    let scopes = ["read", "plan", "flights", "emergency", "zones", "admin"];
    let good: Vec<(&str, String)> =
        scopes.iter().map(|scope| (*scope, token(&data, &["--scope", scope]))).collect();
    let bad = [
        None,
        Some("no.token.atall".to_owned()),
        Some(token(&data, &["--scope", "admin", "--audience", "another"])),
        Some(token(&other, &["--scope", "admin"])),
        Some(format!("{}x", good[5].1)),
    ];
    let server = Server::start(&["--data", data.to_str().unwrap()]);

    for (method, path) in documented() {
        let scope = scope_of(&method, &path).unwrap();
        let parts: Vec<_> =
            path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
        let call = parts.join("/");
        for (role, token) in &good {
            let (status, code, named, challenge) = answer(&server, &method, &call, Some(token));
            let may = scope.is_empty() || *role == scope || *role == "admin";
            if may {
                assert!(![401, 403, 429].contains(&status), "{method} {call} as {role}: {status} {code}");
                assert!(status != 405, "{method} {call}: {status} {code}");
            } else {
                assert_eq!(
                    (status, code.as_str(), named.as_str()),
                    (403, "FORBIDDEN", scope),
                    "{method} {call} {role}"
                );
                assert!(challenge.contains("insufficient_scope"), "{challenge}");
            }
        }
        for token in &bad {
            let (status, code, _, challenge) = answer(&server, &method, &call, token.as_deref());
            if scope.is_empty() {
                assert!(status != 401 && status != 403, "{method} {call}: {status}");
            } else {
                assert_eq!((status, code.as_str()), (401, "UNAUTHENTICATED"), "{method} {call} {token:?}");
                assert_eq!(challenge.contains("invalid_token"), token.is_some(), "{challenge}");
            }
        }
    }
    for (method, path) in BESIDE {
        assert_eq!(answer(&server, method, path, None).0, 200, "{method} {path}");
    }
    // What is not in the table is the administrator's: here methods that no path has.
    for (method, path) in [("DELETE", "/routes"), ("POST", "/openapi.json"), ("PUT", "/flights/x")] {
        assert_eq!(answer(&server, method, path, Some(&good[4].1)).0, 403, "{method} {path}");
        assert_eq!(answer(&server, method, path, Some(&good[5].1)).0, 405, "{method} {path}");
    }
    assert_eq!(answer(&server, "HEAD", "/aircraft", Some(&good[0].1)).0, 200);
}

#[test]
fn a_server_without_keys_is_open_and_says_so_and_with_keys_it_is_not() {
    let folder = folder();
    let data = folder.path().join("data");
    let open = Server::start(&[]);
    assert_eq!(open.get("/aircraft").status, 200);
    token(&data, &[]);
    let closed = Server::start(&["--data", data.to_str().unwrap()]);
    assert_eq!(closed.get("/aircraft").problem(), "UNAUTHENTICATED");
}

#[test]
fn token_refuses_what_makes_no_sense() {
    let folder = folder();
    let data = folder.path().to_str().unwrap();
    for (args, says) in [
        (&["--scope", "root"][..], "\"root\""),
        (&["--scope", " "], "--scope"),
        (&["--hours", "0"], "--hours"),
        (&["--hours", "NaN"], "--hours"),
        (&["--subject", ""], "--subject"),
    ] {
        let mut all = vec!["token", "--data", data];
        if !args.contains(&"--subject") {
            all.extend(["--subject", "op-1"]);
        }
        let ended = tianlu(all.iter().chain(args));
        assert_eq!(ended.code, 2, "{args:?}");
        assert!(ended.err.contains(says) && ended.out.is_empty(), "{}", ended.err);
    }
}
