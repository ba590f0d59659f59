//! What the people who run the server use: readiness, metrics, logs, limits, keys at a URL.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Server, command, folder, request, tianlu, write};
use tianlu::http::schema;

#[test]
fn readiness_has_a_line_for_each_thing_and_health_says_them() {
    let server = Server::start(&[]);
    let ready: schema::Readiness = serde_json::from_str(&server.get("/readyz").body).unwrap();
    let names: Vec<_> = ready.checks.iter().map(|check| check.name.as_str()).collect();
    assert_eq!(names, ["store", "recovered", "keys", "queues", "running"]);
    assert!(ready.checks.iter().all(|check| check.ok));
    let ended = tianlu(["health", &server.url]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.err.contains("ok  store") && ended.err.contains("ok  queues"), "{}", ended.err);
    assert_eq!(tianlu(["health", "--live", &server.url]).code, 0);
    assert_eq!(tianlu(["health", "http://127.0.0.1:1"]).code, 1);
}

#[test]
fn metrics_count_calls_plans_and_what_there_is() {
    let server = Server::start(&[]);
    let mut route = request("F1");
    route["cruise_agl_m"] = json!({"min": 200.0, "max": 300.0});
    let status = server.post_json("/routes", &route).status;
    server.get("/nothing/here");
    server.get("/collections/zones/items/none");
    let answer = server.get("/metrics");
    assert!(answer.header("content-type").starts_with("text/plain; version=0.0.4"));
    for line in [
        &format!("tianlu_http_requests_total{{method=\"POST\",route=\"/routes\",status=\"{status}\"}} 1")[..],
        "tianlu_http_requests_total{method=\"GET\",route=\"other\",status=\"404\"} 1",
        "route=\"/collections/zones/items/{id}\",status=\"404\"} 1",
        "tianlu_http_request_seconds_bucket{method=\"POST\",route=\"/routes\",le=\"0.02\"}",
        "tianlu_plans_total{for=\"one\",outcome=",
        "tianlu_plan_seconds_count{for=\"one\"} 1",
        "tianlu_queue_length{queue=\"planner\"} 0",
        "tianlu_queue_places{queue=\"writer\"}",
        "tianlu_flights{state=\"ACCEPTED\"} 0",
        "tianlu_flights{state=\"CONTINGENT\"} 0",
        "tianlu_revision ",
        "tianlu_zones ",
        "tianlu_store_bytes ",
    ] {
        assert!(answer.body.contains(line), "{line} is not in {}", answer.body);
    }
    assert!(!answer.body.contains("nothing/here"), "paths as they came are without number");
}

#[test]
fn json_logs_have_the_request_id_and_the_subject_in_each_line() {
    let folder = folder();
    let data = folder.path().to_str().unwrap();
    let token = tianlu(["token", "--data", data, "--subject", "op-42", "--scope", "zones"]).out;
    let mut child = command()
        .args(["serve", "--listen", "127.0.0.1:0", "--log", "json", "--data", data])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut all: Vec<Value> = Vec::new();
    let mut next = |all: &mut Vec<Value>| {
        let line = lines.next().unwrap().unwrap();
        all.push(serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}")));
        all.last().unwrap()["message"].as_str().unwrap_or_default().to_owned()
    };
    let url = loop {
        if let Some(url) = next(&mut all).strip_prefix("listening on ") {
            break url.to_owned();
        }
    };
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let call = agent.delete(format!("{url}/collections/zones/items/none"));
    let call =
        call.header("x-request-id", "mine-7").header("authorization", format!("Bearer {}", token.trim()));
    assert_eq!(call.call().unwrap().status(), 404);
    while next(&mut all) != "answered" {}
    let _ = child.kill();
    let _ = child.wait();
    let line = all.last().unwrap();
    assert_eq!(line["span"]["id"], "mine-7", "{line}");
    assert_eq!(line["span"]["subject"], "op-42", "{line}");
    assert_eq!((&line["status"], &line["method"]), (&json!(404), &json!("DELETE")), "{line}");
    assert!(all.iter().all(|line| line["level"].is_string() && line["timestamp"].is_string()));
}

#[test]
fn who_calls_too_often_is_asked_to_wait_and_health_is_not_counted() {
    let server = Server::start(&["--rate", "0.5", "--burst", "3"]);
    let statuses: Vec<u16> = (0..5).map(|_| server.get("/aircraft").status).collect();
    assert_eq!(statuses, [200, 200, 200, 429, 429]);
    let answer = server.get("/aircraft");
    assert_eq!(answer.problem(), "TOO_MANY_REQUESTS");
    assert!(["1", "2"].contains(&answer.header("retry-after")), "{answer:?}");
    assert!((0..20).all(|_| server.get("/healthz").status == 200));
    assert_eq!(server.get("/readyz").status, 200);
}

#[test]
fn bad_tokens_are_not_checked_for_ever_and_hold_nobody_else_up() {
    let folder = folder();
    let data = folder.path().to_str().unwrap();
    let token = tianlu(["token", "--data", data, "--subject", "op-1", "--scope", "read"]).out;
    let server = Server::start(&["--data", data, "--rate", "0.1", "--burst", "4"]);
    let call = |token: &str| {
        let header = format!("Bearer {}", token.trim());
        server.call("GET", "/aircraft", &[("authorization", &header)], b"").status
    };
    assert_eq!(call(&token), 200);
    let statuses: Vec<u16> = (0..6).map(|_| call("a.b.c")).collect();
    assert_eq!(statuses, [401, 401, 401, 401, 429, 429]);
    assert_eq!(call(&token), 200, "a known token is another client");
}

#[test]
fn pages_of_named_origins_may_call_and_others_not() {
    let server = Server::start(&["--cors", "https://map.example"]);
    let ours = ("origin", "https://map.example");
    let asks =
        [ours, ("access-control-request-method", "PUT"), ("access-control-request-headers", "authorization")];
    let answer = server.call("OPTIONS", "/collections/zones/items/x", &asks, b"");
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("access-control-allow-origin"), "https://map.example");
    assert!(answer.header("access-control-allow-methods").contains("PUT"), "{answer:?}");
    assert!(answer.header("access-control-allow-headers").contains("authorization"), "{answer:?}");
    let answer = server.call("DELETE", "/collections/zones/items/none", &[ours], b"");
    assert_eq!(answer.problem(), "NOT_FOUND");
    assert_eq!(answer.header("access-control-allow-origin"), "https://map.example");
    assert!(answer.header("access-control-expose-headers").contains("x-request-id"), "{answer:?}");

    let other = ("origin", "https://other.example");
    let answer = server.call("DELETE", "/collections/zones/items/none", &[other], b"");
    assert_eq!(answer.problem(), "FOREIGN_ORIGIN");
    let answer = server.call("OPTIONS", "/collections/zones/items/x", &[other, asks[1]], b"");
    assert_eq!(answer.header("access-control-allow-origin"), "");

    assert!(tianlu(["serve", "--cors", "*"]).err.contains("no keys"));
    assert!(tianlu(["serve", "--cors", "map.example"]).err.contains("https://map.example"));
}

/// A server of keys that says what it is told to, and counts.
struct KeyServer {
    url: String,
    answer: Arc<Mutex<(u16, String)>>,
    asked: Arc<Mutex<usize>>,
}

impl KeyServer {
    fn start(status: u16, body: &Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/keys", listener.local_addr().unwrap());
        let (answer, asked) = (Arc::new(Mutex::new((status, body.to_string()))), Arc::new(Mutex::new(0)));
        let (answers, count) = (Arc::clone(&answer), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 4096]);
                *count.lock().unwrap() += 1;
                let (status, body) = answers.lock().unwrap().clone();
                let head = format!(
                    "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all((head + &body).as_bytes());
            }
        });
        Self { url, answer, asked }
    }
}

/// A JWK set of one key.
fn key_set(kid: &str, x: &str) -> Value {
    json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid, "x": x}]})
}

/// A token signed by a key that openssl makes, and the key's public half; `None` without openssl.
fn issuer(folder: &std::path::Path, kid: &str) -> Option<(String, String)> {
    use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
    let pem = folder.join(format!("{kid}.pem"));
    let made =
        Command::new("openssl").args(["genpkey", "-algorithm", "ed25519", "-out"]).arg(&pem).output().ok()?;
    assert!(made.status.success());
    let der = Command::new("openssl")
        .args(["pkey", "-pubout", "-outform", "DER", "-in"])
        .arg(&pem)
        .output()
        .ok()?;
    let key = EncodingKey::from_ed_pem(&std::fs::read(&pem).unwrap()).unwrap();
    let exp = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() + 600;
    let claims = json!({"sub": "op-1", "aud": "tianlu", "scope": "read", "exp": exp});
    let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::EdDSA) };
    let bytes = &der.stdout[der.stdout.len() - 32..];
    use base64::Engine;
    let x = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    Some((encode(&header, &claims, &key).unwrap(), x))
}

#[test]
fn keys_at_a_url_are_fetched_at_the_start_and_for_an_unknown_kid_but_not_at_will() {
    let folder = folder();
    let (Some((old, old_x)), Some((new, new_x))) =
        (issuer(folder.path(), "old"), issuer(folder.path(), "new"))
    else {
        eprintln!("no openssl: keys at a URL are not tested");
        return;
    };
    let keys = KeyServer::start(200, &key_set("old", &old_x));
    let server = Server::start(&["--jwks", &keys.url]);
    let call = |token: &str| {
        server.call("GET", "/aircraft", &[("authorization", &format!("Bearer {token}"))], b"").status
    };
    assert_eq!((call(&old), call(&new)), (200, 401));
    // Not again within ten seconds, whatever comes.
    for _ in 0..20 {
        call(&new);
    }
    assert_eq!(*keys.asked.lock().unwrap(), 1);
    *keys.answer.lock().unwrap() = (200, key_set("new", &new_x).to_string());
    let started = Instant::now();
    while call(&new) != 200 {
        assert!(started.elapsed() < Duration::from_secs(30), "the new key was not fetched");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(*keys.asked.lock().unwrap(), 2);
    assert_eq!(call(&old), 401, "a key that was withdrawn");
}

#[test]
fn a_key_server_that_fails_is_seen_in_readiness() {
    let keys = KeyServer::start(500, &json!({}));
    let server = Server::start(&["--jwks", &keys.url]);
    let answer = server.get("/readyz");
    assert_eq!(answer.problem(), "NOT_READY");
    assert!(answer.body.contains("0 public keys; the last fetch failed"), "{}", answer.body);
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(server.get("/aircraft").status, 401, "closed, not open");
    let ended = tianlu(["serve", "--jwks", "http://keys.example/set"]);
    assert!(ended.code == 2 && ended.err.contains("https"), "{}", ended.err);
}

#[test]
fn keys_of_a_file_and_of_nothing() {
    let folder = folder();
    let Some((token, x)) = issuer(folder.path(), "one") else { return };
    let file = write(folder.path(), "keys.json", key_set("one", &x).to_string());
    let server = Server::start(&["--keys", file.to_str().unwrap()]);
    let authorized = [("authorization", &*format!("bearer {token}"))];
    assert_eq!(server.call("GET", "/aircraft", &authorized, b"").status, 200);
    assert_eq!(server.call("POST", "/routes", &authorized, b"{}").problem(), "FORBIDDEN");
    let ended = tianlu(["serve", "--keys", folder.path().join("one.pem").to_str().unwrap()]);
    assert!(ended.code == 2 && ended.err.contains("private key"), "{}", ended.err);
}
