//! Holds a mission against the bundled airspace of Jiaxing, and writes what would be flown for a map.
//!
//! ```text
//! cargo run -p tianlu-suite --example check_a_mission
//! cargo run -p tianlu-suite --example check_a_mission -- my.plan vtol
//! ```

use std::error::Error;
use std::io::{Write, stdout};
use std::sync::Arc;

use tianlu_airspace_data::bundled::{jiaxing_fleet, jiaxing_separation, jiaxing_zones};
use tianlu_airspace_data::mission::{ExportFormat, read_mission, write_export};
use tianlu_engine::airspace::{Airspace, Mission, Rights};
use tianlu_engine::flight::Plan;
use tianlu_engine::frame::Instant;
use tianlu_engine::surface::Ground;
use tianlu_engine::verify::{Line, verify_line};
use tianlu_engine::weather::Wind;
use tianlu_engine::world::World;

/// From Nanhu Lake towards the airport, 90 m above take-off.
const TOWARDS_THE_AIRPORT: &str = "QGC WPL 110\n\
    0 1 0 16 0 0 0 0 30.753 120.760 0 1\n\
    1 0 3 22 0 0 0 0 30.753 120.760 90 1\n\
    2 0 3 16 0 0 0 0 30.720 120.700 90 1\n\
    3 0 3 21 0 0 0 0 0 0 0 1\n";

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (name, bytes) = match args.next() {
        Some(path) => (path.clone(), std::fs::read(path)?),
        None => ("the example".to_owned(), TOWARDS_THE_AIRPORT.into()),
    };
    let mission = read_mission(&name, &bytes)?;
    let fleet = jiaxing_fleet();
    let craft = args.next().unwrap_or_else(|| "quad".to_owned());
    let craft = fleet.get(&craft).ok_or("an aircraft that nobody knows: quad or vtol")?.clone();
    let world = World {
        frame: mission.frame().ok_or("a mission without places")?,
        airspace: Arc::new(Airspace::new(jiaxing_zones(), 1)),
        obstacles: Arc::default(),
        ground: Arc::new(Ground::Flat),
        wind: Wind::CALM,
        separation: jiaxing_separation(),
        fleet: Arc::new(fleet),
    };
    // 2026-11-23T01:00:00Z
    let departure = Instant::from_seconds(1_795_395_600);
    let timed = mission.timed(&name, &world, &craft, craft.cruise_m_s, Some(departure))?;
    let rights = Rights { mission: Mission::Logistics, authorizations: &[], exemptions: &[] };
    let line = Line { aircraft: &craft, rights, waypoints: &timed.waypoints, legs: &timed.legs };
    let report = verify_line(&world, &line, &[])?;

    let mut out = stdout().lock();
    for note in &timed.notes {
        writeln!(out, "note: {note}")?;
    }
    for leg in &report.legs {
        let (low, high) = leg.agl_m;
        writeln!(
            out,
            "leg {}: {:.0} m, {low:.0} to {high:.0} m above ground, {:.1} Wh",
            leg.leg, leg.length_m, leg.energy_wh
        )?;
    }
    for finding in &report.findings {
        let (lon, lat) = (finding.place.lon(), finding.place.lat());
        writeln!(
            out,
            "leg {}: {}: {}, at {lon:.6} {lat:.6}",
            finding.leg,
            finding.kind.as_str(),
            finding.text
        )?;
    }
    let plan = Plan {
        request: mission.name.clone().unwrap_or_else(|| "mission".to_owned()),
        trajectory: timed.waypoints,
        length_m: report.length_m,
        duration_s: report.duration_s,
        delay_s: 0.0,
        energy_wh: report.energy_wh,
        lower_bound_s: 0.0,
        gap: 0.0,
        advisories: Vec::new(),
    };
    writeln!(out, "as KML: {} bytes", write_export(ExportFormat::Kml, &plan).len())?;
    Ok(())
}
