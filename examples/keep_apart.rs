//! Plans flights together with the library alone: deliveries from one hub of the bundled Jiaxing sites to its hospitals, all
//! wanted at once, and an emergency flight that stands last in the list and goes first.
//!
//! `cargo run --example keep_apart -p tianlu-suite`

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{Write, stdout};
use std::sync::Arc;

use tianlu_airspace_data::bundled::{Site, jiaxing_sites, jiaxing_zones};
use tianlu_engine::aircraft::{Aircraft, AircraftKind, Energy, EnergySource};
use tianlu_engine::airspace::{Airspace, Mission};
use tianlu_engine::dispatch::{Options, batch};
use tianlu_engine::flight::{CruiseBand, Objective, Outcome, Plan, Request};
use tianlu_engine::frame::{Agl, Frame, Instant, Interval};
use tianlu_engine::route::Planner;
use tianlu_engine::surface::Ground;
use tianlu_engine::verify::Verifier;
use tianlu_engine::weather::Wind;
use tianlu_engine::world::{Separation, World};

fn main() -> Result<(), Box<dyn Error>> {
    let sites = jiaxing_sites();
    let hub = sites.iter().find(|site| site.kind == "logistics").ok_or("no logistics hub")?;
    let hospitals: Vec<&Site> = sites.iter().filter(|site| site.kind == "hospital").collect();
    let mut requests: Vec<Request> = hospitals
        .iter()
        .enumerate()
        .map(|(number, hospital)| request(format!("supplies-{number}"), Mission::Logistics, 0, hub, hospital))
        .collect::<Result<_, _>>()?;
    let first = hospitals.first().ok_or("no hospital")?;
    requests.push(request("emergency".to_owned(), Mission::Emergency, 10, hub, first)?);

    let world = World {
        frame: Frame::around(requests.iter().flat_map(|request| [request.origin, request.destination]))
            .ok_or("no requests")?,
        airspace: Arc::new(Airspace::new(jiaxing_zones(), 1)),
        obstacles: Arc::default(),
        ground: Arc::new(Ground::Flat),
        wind: Wind::CALM,
        separation: Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 2.0, pad_s: 5.0 },
        fleet: Arc::new(BTreeMap::from([("quad".to_owned(), quad())])),
    };
    let planner = Planner::new(&world);
    let alone: Vec<Outcome> = requests.iter().map(|request| planner.plan(request)).collect();
    let together = batch(&world, &requests, &Options::default(), &|_, _| {});

    let mut out = stdout().lock();
    for outcome in &together.outcomes {
        match outcome {
            Outcome::Planned(plan) => writeln!(
                out,
                "{:12} lands {:.1} s later than alone in the sky, after {:.1} s in the air",
                plan.request, plan.delay_s, plan.duration_s
            )?,
            Outcome::Rejected(refusal) => {
                writeln!(out, "{:12} {}: {}", refusal.request, refusal.code.as_str(), refusal.text)?;
            }
        }
    }
    let verifier = Verifier::new(&world);
    let too_close = |outcomes: &[Outcome]| verifier.separation(&planned(&requests, outcomes)).len();
    writeln!(
        out,
        "pairs of flights that come too close: {} if each is planned alone, {} if they are planned together",
        too_close(&alone),
        too_close(&together.outcomes)
    )?;
    Ok(())
}

fn planned<'a>(requests: &'a [Request], outcomes: &'a [Outcome]) -> Vec<(&'a Request, &'a Plan)> {
    let pairs = requests.iter().zip(outcomes);
    pairs
        .filter_map(|(request, outcome)| match outcome {
            Outcome::Planned(plan) => Some((request, plan)),
            Outcome::Rejected(_) => None,
        })
        .collect()
}

fn request(
    id: String,
    mission: Mission,
    priority: i32,
    from: &Site,
    to: &Site,
) -> Result<Request, Box<dyn Error>> {
    let earliest = Instant::from_seconds(1_795_395_600); // 2026-11-23T01:00:00Z
    Ok(Request {
        id,
        aircraft: "quad".to_owned(),
        mission,
        priority,
        origin: from.place,
        destination: to.place,
        departure: Interval::new(earliest, earliest.plus_millis(1_800_000)),
        cruise: CruiseBand { min: Agl::new(60.0)?, max: Agl::new(120.0)? },
        authorizations: from.authorizations.iter().chain(&to.authorizations).cloned().collect(),
        exemptions: Vec::new(),
        objective: Objective::EarliestArrival,
    })
}

fn quad() -> Aircraft {
    Aircraft {
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
    }
}
