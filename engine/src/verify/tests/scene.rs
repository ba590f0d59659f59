//! A small world with one flight, 1 km to the east at 60 m.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::aircraft::{Aircraft, AircraftKind, Energy, EnergySource};
use crate::airspace::{Airspace, Layer, Mission, Zone};
use crate::flight::{CruiseBand, Objective, Waypoint};
use crate::frame::{Frame, Interval, Xy};
use crate::world::Separation;

/// Longitude and latitude of the origin.
pub(in crate::verify) const ORIGIN: (f64, f64) = (120.76, 30.753);

pub(in crate::verify) fn place(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).unwrap()
}

/// Metres east and north of the origin, which is the frame's centre.
pub(in crate::verify) fn at(x: f64, y: f64) -> LonLat {
    Frame::new(place(ORIGIN.0, ORIGIN.1)).to_place(Xy { x, y })
}

pub(in crate::verify) fn height(metres: f64) -> Option<Height> {
    Some(Height::Amsl(Amsl::new(metres).unwrap()))
}

pub(in crate::verify) fn zone(
    name: &str,
    restriction: Restriction,
    outline: Outline,
    limits: Limits,
) -> Zone {
    Zone::new(name, restriction, vec![Layer { outline, limits }])
}

pub(in crate::verify) struct Scene {
    pub(in crate::verify) world: World,
    pub(in crate::verify) request: Request,
    pub(in crate::verify) climb_m_s: f64,
    pub(in crate::verify) descent_m_s: f64,
    pub(in crate::verify) cruise_m_s: f64,
    /// What wind does to the power in cruise.
    pub(in crate::verify) power_factor: f64,
}

impl Scene {
    pub(in crate::verify) fn new() -> Self {
        Self::with_length(1_000.0)
    }

    pub(in crate::verify) fn with_length(length_m: f64) -> Self {
        let energy = Energy {
            source: EnergySource::Battery { capacity_wh: 1_200.0 },
            reserve_fraction: 0.2,
            hover_w: 1_400.0,
            cruise_w: 1_100.0,
            climb_w: 1_700.0,
            descent_w: 1_000.0,
        };
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
            energy,
        };
        let start = Instant::from_seconds(1_795_395_600);
        let request = Request {
            id: "F1".into(),
            aircraft: "quad".into(),
            mission: Mission::Logistics,
            priority: 0,
            origin: at(0.0, 0.0),
            destination: at(length_m, 0.0),
            departure: Interval::new(start, start.plus_millis(600_000)),
            cruise: CruiseBand { min: Agl::new(60.0).unwrap(), max: Agl::new(120.0).unwrap() },
            authorizations: vec![],
            exemptions: vec![],
            objective: Objective::EarliestArrival,
        };
        let world = World {
            frame: Frame::new(place(ORIGIN.0, ORIGIN.1)),
            airspace: Arc::new(Airspace::default()),
            obstacles: Arc::new(vec![]),
            ground: Arc::new(Ground::Flat),
            wind: Wind::CALM,
            separation: Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 0.0, pad_s: 0.0 },
            fleet: Arc::new(BTreeMap::from([("quad".to_owned(), quad)])),
        };
        Self { world, request, climb_m_s: 3.0, descent_m_s: 2.5, cruise_m_s: 15.0, power_factor: 1.0 }
    }

    pub(in crate::verify) fn start(&self) -> Instant {
        self.request.departure.start
    }

    pub(in crate::verify) fn zones(&mut self, zones: Vec<Zone>) {
        self.world.airspace = Arc::new(Airspace::new(zones, 1));
    }

    pub(in crate::verify) fn band(&mut self, min: f64, max: f64) {
        self.request.cruise = CruiseBand { min: Agl::new(min).unwrap(), max: Agl::new(max).unwrap() };
    }

    pub(in crate::verify) fn craft(&mut self, change: impl FnOnce(&mut Aircraft)) {
        change(Arc::make_mut(&mut self.world.fleet).get_mut("quad").unwrap());
    }

    /// Up, straight on, down.
    pub(in crate::verify) fn plan(&self) -> Plan {
        self.plan_through(&[(self.request.origin, 0.0), (self.request.destination, 0.0)])
    }

    pub(in crate::verify) fn plan_later(&self, seconds: f64) -> Plan {
        let mut plan = self.plan();
        for waypoint in &mut plan.trajectory {
            waypoint.time = waypoint.time.plus_millis((seconds * 1000.0) as i64);
        }
        plan
    }

    /// Through these places at 60 m, waiting over each for so long.
    pub(in crate::verify) fn plan_through(&self, ways: &[(LonLat, f64)]) -> Plan {
        let energy = self.world.fleet["quad"].energy;
        let (mut t, mut length_m, mut watt_seconds) =
            (60.0 / self.climb_m_s, 0.0, 60.0 / self.climb_m_s * energy.climb_w);
        let waypoint = |place, metres: f64, t: f64| Waypoint {
            place,
            altitude: Amsl::new(metres).unwrap(),
            time: self.start().plus_millis((t * 1000.0).round() as i64),
        };
        let mut trajectory = vec![waypoint(ways[0].0, 0.0, 0.0), waypoint(ways[0].0, 60.0, t)];
        for pair in ways.windows(2) {
            let [from, to] = [pair[0].0, pair[1].0].map(|place| self.world.frame.to_plane(place));
            let leg = self.world.frame.length(from, to);
            length_m += leg;
            t += leg / self.cruise_m_s;
            let faster = (self.cruise_m_s / 15.0).max(1.0).powi(3) * self.power_factor;
            watt_seconds += leg / self.cruise_m_s * energy.cruise_w * faster;
            trajectory.push(waypoint(pair[1].0, 60.0, t));
            if pair[1].1 > 0.0 {
                t += pair[1].1;
                watt_seconds += pair[1].1 * energy.hover_w;
                trajectory.push(waypoint(pair[1].0, 60.0, t));
            }
        }
        t += 60.0 / self.descent_m_s;
        watt_seconds += 60.0 / self.descent_m_s * energy.descent_w;
        trajectory.push(waypoint(ways[ways.len() - 1].0, 0.0, t));
        Plan {
            request: self.request.id.clone(),
            trajectory,
            length_m,
            duration_s: t,
            delay_s: 0.0,
            energy_wh: watt_seconds / 3600.0,
            lower_bound_s: 0.0,
            gap: 0.0,
            advisories: vec![],
        }
    }

    pub(in crate::verify) fn verify(&self, plan: &Plan) -> Vec<Breach> {
        verify_flight(&self.world, &self.request, &Outcome::Planned(plan.clone()))
    }
}
