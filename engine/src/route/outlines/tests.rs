#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::aircraft::{Aircraft, AircraftKind, Energy, EnergySource};
use crate::airspace::{Airspace, Applicability, Layer, Limits, Mission, Period, Polygon, Restriction};
use crate::flight::{CruiseBand, Objective, Outcome, Request};
use crate::frame::{Agl, Height, Instant, Interval, LonLat};
use crate::route::Planner;
use crate::surface::Ground;
use crate::weather::Wind;
use crate::world::Separation;

const START_S: i64 = 1_795_395_600;

fn frame() -> Frame {
    Frame::new(LonLat::new(120.75, 30.72).unwrap())
}

fn place(x: f64, y: f64) -> LonLat {
    frame().to_place(Xy { x, y })
}

fn quad() -> Aircraft {
    let energy = Energy {
        source: EnergySource::Battery { capacity_wh: 2_400.0 },
        reserve_fraction: 0.2,
        hover_w: 1_400.0,
        cruise_w: 1_100.0,
        climb_w: 1_700.0,
        descent_w: 1_000.0,
    };
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
        energy,
    }
}

fn world(airspace: Airspace, obstacles: &Arc<Vec<Obstacle>>) -> World {
    World {
        frame: frame(),
        airspace: Arc::new(airspace),
        obstacles: Arc::clone(obstacles),
        ground: Arc::new(Ground::Flat),
        wind: Wind::CALM,
        separation: Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 2.0, pad_s: 5.0 },
        fleet: Arc::new(BTreeMap::from([("quad".to_owned(), quad())])),
    }
}

fn request(from: (f64, f64), to: (f64, f64)) -> Request {
    let start = Instant::from_seconds(START_S);
    Request {
        id: "F1".to_owned(),
        aircraft: "quad".to_owned(),
        mission: Mission::Logistics,
        priority: 0,
        origin: place(from.0, from.1),
        destination: place(to.0, to.1),
        departure: Interval::new(start, start.plus_millis(1_800_000)),
        cruise: CruiseBand { min: Agl::new(60.0).unwrap(), max: Agl::new(120.0).unwrap() },
        authorizations: Vec::new(),
        exemptions: Vec::new(),
        objective: Objective::EarliestArrival,
    }
}

fn outline() -> impl Strategy<Value = Outline> {
    let spot = (-2_500.0..2_500.0_f64, -2_500.0..2_500.0_f64);
    let circle = (spot.clone(), 50.0..600.0_f64)
        .prop_map(|((x, y), radius_m)| Outline::Circle { centre: place(x, y), radius_m });
    let triangle = (spot, prop::array::uniform4(-700.0..700.0_f64)).prop_map(|((x, y), [a, b, c, d])| {
        let ring = vec![place(x, y), place(x + a, y + b), place(x + c, y + d), place(x, y)];
        Outline::Polygons(vec![Polygon { exterior: ring, holes: Vec::new() }])
    });
    prop_oneof![circle, triangle]
}

fn zone() -> impl Strategy<Value = Zone> {
    let limits = prop_oneof![Just((0.0, 300.0)), Just((0.0, 80.0)), Just((90.0, 300.0)), Just((0.0, 40.0))];
    (outline(), limits, 0..4_usize, prop::option::of((0..900_i64, 60..900_i64))).prop_map(
        |(outline, (low, high), kind, window)| {
            let height = |metres: f64| Some(Height::Agl(Agl::new(metres).unwrap()));
            let layer = Layer { outline, limits: Limits { lower: height(low), upper: height(high) } };
            let kinds = [
                Restriction::Prohibited,
                Restriction::Prohibited,
                Restriction::ReqAuthorization,
                Restriction::Conditional,
            ];
            let mut zone = Zone::new("", kinds[kind], vec![layer]);
            if let Some((opens, lasts)) = window {
                let at = |seconds| Some(Instant::from_seconds(START_S + seconds));
                let period = Period { start: at(opens), end: at(opens + lasts), schedule: Vec::new() };
                zone.applicability = Applicability::Periods(vec![period]);
            }
            zone
        },
    )
}

/// The zones with names that nobody has had before.
fn named(zones: Vec<Zone>, count: &mut usize) -> Vec<Arc<Zone>> {
    let name = |mut zone: Zone| {
        *count += 1;
        zone.identifier = format!("Z{count}");
        Arc::new(zone)
    };
    zones.into_iter().map(name).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Through any changes, planners that share outlines plan as one made from nothing.
    #[test]
    fn planners_that_share_outlines_plan_as_new_ones_do(
        start in prop::collection::vec(zone(), 0..12),
        masts in prop::collection::vec(outline(), 0..3),
        changes in prop::collection::vec((prop::collection::vec(0..20_usize, 0..4), prop::collection::vec(zone(), 0..4)), 1..5),
        ends in prop::array::uniform4(-3_000.0..3_000.0_f64),
    ) {
        let mast = |outline| Obstacle { identifier: "MAST".to_owned(), outline, height: Agl::new(70.0).unwrap() };
        let obstacles = Arc::new(masts.into_iter().map(mast).collect());
        let flights = [request((ends[0], ends[1]), (ends[2], ends[3])), request((ends[2], ends[1]), (ends[0], ends[3]))];
        let mut count = 0;
        let mut list = named(start, &mut count);
        let mut here = world(Airspace::new(list.iter().cloned(), 1), &obstacles);
        let outlines = Arc::new(Outlines::new(&here));
        for (removed, added) in changes {
            let added = named(added, &mut count);
            let numbered: Vec<(u32, Arc<Zone>)> =
                here.airspace.index().numbered().map(|(place, zone)| (place, Arc::clone(zone))).collect();
            let gone: BTreeMap<u32, Arc<Zone>> = removed.iter().filter_map(|&n| numbered.get(n).cloned()).collect();
            list.retain(|zone| gone.values().all(|other| !Arc::ptr_eq(zone, other)));
            list.extend(added.iter().cloned());
            let places: Vec<u32> = gone.into_keys().collect();
            here = world(here.airspace.changed(&places, added), &obstacles);
            prop_assert!(outlines.fit(&here));
            let anew = world(Airspace::new(list.iter().map(|zone| Zone::clone(zone)), 1), &obstacles);
            for flight in &flights {
                let (shared, alone) = (Planner::sharing(&here, &outlines), Planner::new(&anew));
                prop_assert_eq!(shared.plan(flight), alone.plan(flight));
            }
        }
    }
}

/// What has been removed is forgotten in time.
#[test]
fn outlines_of_zones_that_are_gone_are_forgotten() {
    let obstacles = Arc::default();
    let circle = |number: usize| {
        let (column, row) = ((number % 25) as f64, (number / 25 % 24) as f64);
        let at = place(column * 300.0 - 3_700.0, row * 300.0 - 3_600.0);
        let layer =
            Layer { outline: Outline::Circle { centre: at, radius_m: 20.0 }, limits: Limits::UNBOUNDED };
        Zone::new(format!("Z{number}"), Restriction::Prohibited, vec![layer])
    };
    let mut here = world(Airspace::new((0..600).map(circle), 1), &obstacles);
    let outlines = Arc::new(Outlines::new(&here));
    let flight = request((-2_050.0, -100.0), (2_050.0, -80.0));
    for round in 1..8 {
        let places: Vec<u32> = here.airspace.index().numbered().map(|(place, _)| place).collect();
        let added = (600 * round..600 * (round + 1)).map(circle);
        here = world(here.airspace.changed(&places, added), &obstacles);
        let outcome = Planner::sharing(&here, &outlines).plan(&flight);
        assert!(matches!(outcome, Outcome::Planned(_)), "{outcome:?}");
    }
    let kept = outlines.of_layers.read().unwrap().kept.len();
    assert!(kept <= 2 * SWEPT_AT, "{kept}");
    let other = world(Airspace::default(), &Arc::default());
    assert!(!outlines.fit(&other), "its obstacles are others");
}
