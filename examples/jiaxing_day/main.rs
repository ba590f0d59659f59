//! Writes a scenario: a day of made flights, 06:00 to 22:00, between real sites of Jiaxing and the country around them,
//! in the bundled airspace. The same seed gives the same bytes.
//!
//! ```text
//! cargo run --release -p tianlu-suite --example jiaxing_day -- 10000 DIR [SEED]
//! tianlu batch DIR/scenario.json -o plans.json
//! ```

mod demand;

use std::error::Error;
use std::fmt::Write;
use std::path::PathBuf;

use demand::{Day, Flight};
use serde_json::{Value, json};
use tianlu_airspace_data::bundled::jiaxing_zones_file;

/// 2026-11-23, 06:00 in Jiaxing.
pub(crate) const START_S: i64 = 1_795_384_800;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (count, folder, seed) = match &arguments[..] {
        [count, folder] => (count, folder, 1),
        [count, folder, seed] => (count, folder, seed.parse()?),
        _ => return Err("jiaxing_day FLIGHTS DIR [SEED]".into()),
    };
    let count: usize = count.parse()?;
    let folder = PathBuf::from(folder);
    let flights = Day::new(count, seed).ok_or("no sites")?.flights(count);
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("zones.json"), jiaxing_zones_file())?;
    std::fs::write(folder.join("scenario.json"), scenario(&flights, seed)?)?;
    Ok(())
}

/// One request a line.
fn scenario(flights: &[Flight], seed: u64) -> Result<String, Box<dyn Error>> {
    let quad = aircraft(
        "multirotor",
        [15.0, 20.0, 3.0, 2.5, 0.0, 10.0, 5.0],
        json!({
            "source": "battery", "capacity_wh": 2400.0, "reserve_fraction": 0.2,
            "hover_w": 1400.0, "cruise_w": 1100.0, "climb_w": 1700.0, "descent_w": 1000.0,
        }),
    );
    let vtol = aircraft(
        "vtol",
        [25.0, 32.0, 4.0, 3.0, 60.0, 20.0, 8.0],
        json!({
            "source": "fuel_cell", "capacity_g": 180.0, "g_per_wh": 0.06, "reserve_fraction": 0.2,
            "hover_w": 3200.0, "cruise_w": 900.0, "climb_w": 3400.0, "descent_w": 2400.0,
        }),
    );
    let mut text = format!(
        "{{\n\"name\": \"jiaxing-day-{}-{seed}\",\n\"airspace\": [\"zones.json\"],\n\"separation\": {},\n\"aircraft\": {},\n\"requests\": [\n",
        flights.len(),
        json!({"horizontal_m": 60.0, "vertical_m": 20.0, "time_s": 2.0, "pad_s": 5.0}),
        json!({"quad": quad, "vtol": vtol}),
    );
    for (number, flight) in flights.iter().enumerate() {
        let end = if number + 1 < flights.len() { "," } else { "" };
        writeln!(text, "{}{end}", request(number, flight)?)?;
    }
    text.push_str("]\n}\n");
    Ok(text)
}

fn aircraft(kind: &str, figures: [f64; 7], energy: Value) -> Value {
    let [cruise, most, climb, descent, radius, clearance, vertical] = figures;
    json!({
        "kind": kind, "can_hover": true, "cruise_m_s": cruise, "max_airspeed_m_s": most, "climb_m_s": climb,
        "descent_m_s": descent, "min_turn_radius_m": radius, "clearance_m": clearance,
        "vertical_clearance_m": vertical, "energy": energy,
    })
}

fn request(number: usize, flight: &Flight) -> Result<Value, Box<dyn Error>> {
    let purpose = flight.purpose;
    let place = |place: tianlu_engine::frame::LonLat| json!({"lon": place.lon(), "lat": place.lat()});
    Ok(json!({
        "id": format!("J{:06}", number + 1),
        "aircraft": purpose.aircraft,
        "mission": purpose.mission.as_str(),
        "priority": purpose.priority,
        "origin": place(flight.from),
        "destination": place(flight.to),
        "departure": {
            "earliest": clock(flight.earliest_s),
            "latest": clock(flight.earliest_s + 60 * purpose.patience_min),
        },
        "cruise_agl_m": {"min": 60.0, "max": 120.0},
        "authorizations": flight.authorizations,
        "exemptions": [],
    }))
}

/// A time of the day as it is written; it begins at 22:00Z of the day before.
fn clock(after_s: u32) -> String {
    let s = 22 * 3600 + after_s;
    let (day, s) = (22 + s / 86_400, s % 86_400);
    format!("2026-11-{day}T{:02}:{:02}:{:02}Z", s / 3600, s / 60 % 60, s % 60)
}
