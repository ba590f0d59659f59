//! The built binary as its users meet it: commands that end, and a server that runs.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses a part; a test may fail"
)]

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

/// A call of `tianlu` that ended.
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The program, with no options from the environment that the tests run in.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tianlu"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TIANLU_")) {
        command.env_remove(name);
    }
    command
}

/// Runs `tianlu` with arguments to its end.
pub fn tianlu<I: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = I>) -> Ended {
    let output = command().args(args).output().unwrap();
    let Output { status, stdout, stderr } = output;
    Ended {
        code: status.code().unwrap(),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}

/// A running server; it ends with the test.
pub struct Server {
    child: Child,
    pub url: String,
}

impl Server {
    /// On a free port of this machine.
    pub fn start(args: &[&str]) -> Self {
        let mut child = command()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(args)
            .env("RUST_LOG", "warn")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let url = loop {
            let line = lines.next().expect("the server ended before it listened").unwrap();
            if let Some(url) = line.strip_prefix("listening on ") {
                break url.to_owned();
            }
        };
        // Standard error is read on, or the server would stand still once the pipe is full.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &[], b"")
    }

    /// Status, media type, disposition and the bytes of a file.
    pub fn get_bytes(&self, path: &str) -> (u16, String, String, Vec<u8>) {
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        let agent: ureq::Agent = config.build().into();
        let (parts, mut body) = agent.get(format!("{}{path}", self.url)).call().unwrap().into_parts();
        let header =
            |name: &str| parts.headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        let (kind, disposition) = (header("content-type"), header("content-disposition"));
        let mut bytes = Vec::new();
        body.as_reader().read_to_end(&mut bytes).unwrap();
        (parts.status.as_u16(), kind, disposition, bytes)
    }

    pub fn post(&self, path: &str, kind: &str, body: impl AsRef<[u8]>) -> Answer {
        self.call("POST", path, &[("content-type", kind)], body.as_ref())
    }

    pub fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.post(path, "application/json", body.to_string())
    }

    pub fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        // Links are whole.
        let path = path.strip_prefix(&self.url).unwrap_or(path);
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .build()
            .into();
        let response = if body.is_empty() {
            agent.run(request.body(()).unwrap())
        } else {
            agent.run(request.body(body).unwrap())
        };
        Answer::of(response.unwrap())
    }

    /// Asks the server to stop, and waits for it.
    #[cfg(unix)]
    pub fn stop(mut self) -> i32 {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer of the server.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: String,
}

impl Answer {
    fn of(response: ureq::http::Response<ureq::Body>) -> Self {
        let (parts, mut body) = response.into_parts();
        let mut text = String::new();
        body.as_reader().read_to_string(&mut text).unwrap();
        Self { status: parts.status.as_u16(), headers: parts.headers, body: text }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The code of a problem, which is well formed in every other way too.
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let problem: tianlu::http::schema::Problem = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem.status, self.status);
        assert_eq!(problem.code.status().as_u16(), self.status);
        assert_eq!(problem.request_id, self.header("x-request-id"));
        assert!(!problem.detail.is_empty());
        problem.code.as_str().to_owned()
    }
}

/// A folder for a test's files.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Writes a file into a folder and gives its path.
pub fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path
}

/// A square zone of 2 km a side, about a place near Jiaxing.
pub fn square(identifier: &str, restriction: &str, lon: f64, lat: f64) -> Value {
    let (x, y) = (0.0105, 0.009);
    let corners =
        [(-x, -y), (x, -y), (x, y), (-x, y), (-x, -y)].map(|(dx, dy)| json!([lon + dx, lat + dy])).to_vec();
    json!({
        "type": "Feature",
        "geometry": {
            "type": "Polygon", "coordinates": [corners],
            "layer": {"lower": 0, "lowerReference": "AGL", "upper": 300, "upperReference": "AGL", "uom": "m"}
        },
        "properties": {
            "identifier": identifier, "country": "CHN", "name": [{"text": identifier, "lang": "en-GB"}],
            "type": restriction, "variant": "COMMON",
            "zoneAuthority": [{"name": [{"text": "Nobody", "lang": "en-GB"}], "purpose": "INFORMATION"}]
        }
    })
}

/// An ED-318 file of zones.
pub fn airspace(zones: &[Value]) -> Value {
    json!({"type": "FeatureCollection", "name": "a test", "features": zones})
}

/// A request from 120.70 to 120.80 along 30.72 north, past nothing of its own accord.
pub fn request(id: &str) -> Value {
    json!({
        "id": id, "aircraft": "quad", "mission": "LOGISTICS", "priority": 0,
        "origin": {"lon": 120.70, "lat": 30.72}, "destination": {"lon": 120.80, "lat": 30.72},
        "departure": {"earliest": "2026-11-23T01:00:00Z", "latest": "2026-11-23T01:30:00Z"},
        "cruise_agl_m": {"min": 60.0, "max": 120.0}
    })
}

/// A scenario file beside `zones.json` with these zones and requests.
pub fn scenario(folder: &Path, zones: &[Value], requests: &[Value]) -> PathBuf {
    write(folder, "zones.json", airspace(zones).to_string());
    let scenario = json!({
        "name": "a test", "airspace": ["zones.json"],
        "separation": {"horizontal_m": 60.0, "vertical_m": 20.0},
        "aircraft": {"quad": quad()},
        "requests": requests
    });
    write(folder, "scenario.json", scenario.to_string())
}

pub fn quad() -> Value {
    json!({
        "kind": "multirotor", "can_hover": true, "cruise_m_s": 15.0, "max_airspeed_m_s": 20.0, "climb_m_s": 3.0,
        "descent_m_s": 2.5, "min_turn_radius_m": 0.0, "clearance_m": 10.0, "vertical_clearance_m": 5.0,
        "energy": {"source": "battery", "capacity_wh": 2400.0, "reserve_fraction": 0.2, "hover_w": 1400.0,
                   "cruise_w": 1100.0, "climb_w": 1700.0, "descent_w": 1000.0}
    })
}
