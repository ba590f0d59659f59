//! Plans one flight with the library alone: the bundled Jiaxing airspace, an aircraft, a request.
//!
//! `cargo run --example plan_a_route -p tianlu-suite`

use std::collections::BTreeMap;
use std::sync::Arc;

use tianlu_airspace_data::bundled::{jiaxing_sites, jiaxing_zones};
use tianlu_airspace_data::plans::outcome_to_json;
use tianlu_engine::aircraft::{Aircraft, AircraftKind, Energy, EnergySource};
use tianlu_engine::airspace::{Airspace, Mission};
use tianlu_engine::flight::{CruiseBand, Objective, Request};
use tianlu_engine::frame::{Agl, Frame, Instant, Interval};
use tianlu_engine::route;
use tianlu_engine::surface::Ground;
use tianlu_engine::weather::Wind;
use tianlu_engine::world::{Separation, World};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sites = jiaxing_sites();
    let hospital = sites.iter().find(|site| site.kind == "hospital").ok_or("no hospital")?;
    let hub = sites.iter().find(|site| site.kind == "logistics").ok_or("no logistics hub")?;
    let quad = Aircraft {
        kind: AircraftKind::Multirotor,
        can_hover: true,
        cruise_m_s: 15.0,
        max_airspeed_m_s: 20.0,
        climb_m_s: 3.0,
        descent_m_s: 2.5,
        min_turn_radius_m: 0.0,
        clearance_m: 10.0,
        vertical_clearance_m: 5.0,
        energy: Energy {
            source: EnergySource::Battery { capacity_wh: 2400.0 },
            reserve_fraction: 0.2,
            hover_w: 1400.0,
            cruise_w: 1100.0,
            climb_w: 1700.0,
            descent_w: 1000.0,
        },
    };
    let world = World {
        frame: Frame::new(hub.place),
        airspace: Arc::new(Airspace::new(jiaxing_zones(), 1)),
        obstacles: Arc::default(),
        ground: Arc::new(Ground::Flat),
        wind: Wind::CALM,
        separation: Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 2.0, pad_s: 5.0 },
        fleet: Arc::new(BTreeMap::from([("quad".to_owned(), quad)])),
    };
    let earliest = Instant::from_seconds(1_795_395_600); // 2026-11-23T01:00:00Z
    let request = Request {
        id: "blood-to-hospital".to_owned(),
        aircraft: "quad".to_owned(),
        mission: Mission::Logistics,
        priority: 0,
        origin: hub.place,
        destination: hospital.place,
        departure: Interval::new(earliest, earliest.plus_millis(1_800_000)),
        cruise: CruiseBand { min: Agl::new(60.0)?, max: Agl::new(120.0)? },
        authorizations: vec!["NANHU".to_owned()],
        exemptions: Vec::new(),
        objective: Objective::EarliestArrival,
    };
    let outcome = route::plan(&world, &request);
    #[expect(clippy::print_stdout, reason = "an example prints")]
    {
        println!("from {} to {}", hub.name, hospital.name);
        println!("{}", serde_json::to_string_pretty(&outcome_to_json(&outcome))?);
    }
    Ok(())
}
