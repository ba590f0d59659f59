//! Random scenes for tests: zones of all kinds within a few kilometres, one aircraft, calm air over flat ground.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use crate::aircraft::{Aircraft, AircraftKind, Energy, EnergySource};
use crate::airspace::{
    Airspace, Applicability, Layer, Limits, Mission, Outline, Period, Polygon, Restriction, Zone,
};
use crate::flight::{CruiseBand, Objective, Request};
use crate::frame::{Agl, Frame, Height, Instant, Interval, LonLat, Xy};
use crate::surface::{Ground, Obstacle};
use crate::weather::Wind;
use crate::world::{Separation, World};

pub(crate) const START_S: i64 = 1_795_395_600;

pub(crate) fn frame() -> Frame {
    Frame::new(LonLat::new(120.75, 30.72).unwrap())
}

pub(crate) fn place(x: f64, y: f64) -> LonLat {
    frame().to_place(Xy { x, y })
}

pub(crate) fn quad() -> Aircraft {
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

pub(crate) fn world(airspace: Airspace, obstacles: &Arc<Vec<Obstacle>>) -> World {
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

pub(crate) fn request(from: (f64, f64), to: (f64, f64)) -> Request {
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

pub(crate) fn outline() -> impl Strategy<Value = Outline> {
    let spot = (-2_500.0..2_500.0_f64, -2_500.0..2_500.0_f64);
    let circle = (spot.clone(), 50.0..600.0_f64)
        .prop_map(|((x, y), radius_m)| Outline::Circle { centre: place(x, y), radius_m });
    let triangle = (spot, prop::array::uniform4(-700.0..700.0_f64)).prop_map(|((x, y), [a, b, c, d])| {
        let ring = vec![place(x, y), place(x + a, y + b), place(x + c, y + d), place(x, y)];
        Outline::Polygons(vec![Polygon { exterior: ring, holes: Vec::new() }])
    });
    prop_oneof![circle, triangle]
}

pub(crate) fn zone() -> impl Strategy<Value = Zone> {
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

/// Closed to all at all heights.
pub(crate) fn circle(at: (f64, f64), radius_m: f64) -> Zone {
    let outline = Outline::Circle { centre: place(at.0, at.1), radius_m };
    Zone::new("C", Restriction::Prohibited, vec![Layer { outline, limits: Limits::UNBOUNDED }])
}
