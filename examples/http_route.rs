//! Plans a route over HTTP.
//!
//! Start a server in one terminal, then run the example in another:
//!
//! ```text
//! cargo run --release -- serve
//! cargo run -p tianlu-suite --example http_route
//! cargo run -p tianlu-suite --example http_route -- http://127.0.0.1:9000
//! ```

use std::error::Error;
use std::io::{Write, stdout};

use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let server = std::env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    // Refusals are answers, not faults of the call.
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let sites = agent.get(format!("{server}/collections/sites/items")).call();
    let sites: Value = match sites {
        Ok(mut answer) => answer.body_mut().read_json()?,
        Err(error) => {
            return Err(
                format!("{server}: {error}; start a server first: cargo run --release -- serve").into()
            );
        }
    };
    let sites = sites["features"].as_array().ok_or("no features among the sites")?;
    let [from, .., to] = &sites[..] else { return Err("fewer than two sites".into()) };

    let request = json!({
        "aircraft": "vtol", "mission": "LOGISTICS", "priority": 0,
        "origin": place(from), "destination": place(to),
        "departure": {"earliest": "2026-11-23T01:00:00Z", "latest": "2026-11-23T01:30:00Z"},
        "cruise_agl_m": {"min": 60.0, "max": 120.0},
    });
    let mut answer = agent.post(format!("{server}/routes")).send_json(&request)?;
    let plan: Value = answer.body_mut().read_json()?;

    let mut out = stdout().lock();
    writeln!(out, "{} to {}", from["properties"]["name"], to["properties"]["name"])?;
    match plan["trajectory"].as_array() {
        Some(trajectory) => {
            writeln!(out, "{} m in {} s", plan["length_m"], plan["duration_s"])?;
            for point in trajectory {
                writeln!(out, "{} {} {} {} m", point["time"], point["lon"], point["lat"], point["alt_m"])?;
            }
        }
        None => writeln!(
            out,
            "refused: {}: {}; in the way: {}",
            plan["code"], plan["detail"], plan["reason"]["zones"]
        )?,
    }
    Ok(())
}

fn place(site: &Value) -> Value {
    let coordinates = &site["geometry"]["coordinates"];
    json!({"lon": coordinates[0], "lat": coordinates[1]})
}
