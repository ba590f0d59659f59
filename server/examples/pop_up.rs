//! How long a change takes that affects many reserved flights, on a running server.
//!
//! ```text
//! tianlu serve --scenario empty.json --data DIR &
//! cargo run --release -p tianlu --example pop_up -- http://127.0.0.1:8080 1000
//! ```
//!
//! Reserves so many flights through one place, each with its own ends, closes the place with a no-fly zone, and says how
//! long the answer took and what became of the flights.
#![allow(clippy::print_stdout, reason = "it is what it is for")]

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// Calls at once while flights are reserved.
const THREADS: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let url = args.next().unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    let count: usize = args.next().map_or(Ok(1000), |text| text.parse())?;
    let begun = Instant::now();
    let accepted: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let url = &url;
                scope.spawn(move || {
                    let kept =
                        |n: &usize| post(url, "/flights", &flight(*n)).is_ok_and(|(status, _)| status == 201);
                    (thread..count).step_by(THREADS).filter(kept).count()
                })
            })
            .collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).sum()
    });
    println!("{accepted} of {count} flights reserved in {:.2} s", begun.elapsed().as_secs_f64());

    let zone = json!({
        "id": format!("POP-UP-{}", Timestamp::now().as_millisecond()), "kind": "NO_FLY",
        "centre": {"lon": 120.75, "lat": 30.72}, "radius_m": 400.0, "until_removed": true,
    });
    let begun = Instant::now();
    let (status, answer) = post(&url, "/restrictions", &zone)?;
    let took_s = begun.elapsed().as_secs_f64();
    let affected = answer["affected"].as_array().cloned().unwrap_or_default();
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for told in &affected {
        *outcomes.entry(told["outcome"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
    }
    println!("{status} after {took_s:.2} s: {} flights affected, {outcomes:?}", affected.len());
    Ok(())
}

/// Through the place, from all sides, in turn over some hours.
fn flight(n: usize) -> Value {
    let angle = (n % 180) as f64 / 180.0 * std::f64::consts::TAU;
    let (x, y) = (0.03 * angle.cos(), 0.026 * angle.sin());
    let earliest = Timestamp::now() + SignedDuration::from_secs(600 + 10 * n as i64);
    json!({
        "aircraft": "quad", "mission": "LOGISTICS", "priority": 0,
        "origin": {"lon": 120.75 - x, "lat": 30.72 - y}, "destination": {"lon": 120.75 + x, "lat": 30.72 + y},
        "departure": {"earliest": earliest.to_string(), "latest": (earliest + SignedDuration::from_secs(1800)).to_string()},
        "cruise_agl_m": {"min": 60.0, "max": 120.0},
    })
}

fn post(url: &str, path: &str, body: &Value) -> Result<(u16, Value), Box<dyn Error>> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut answer = agent.post(format!("{url}{path}")).send_json(body)?;
    Ok((answer.status().as_u16(), answer.body_mut().read_json()?))
}
