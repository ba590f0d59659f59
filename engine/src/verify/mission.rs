//! A line that is to be flown, held against the world: everything that is wrong with it, leg by leg.
//!
//! The rules are those of a plan's promises that do not come from a request: clearance from zones and obstacles, height
//! above the ground, speeds, turns, hover, energy, separation. The geometry is that of [`super`]: nothing is sampled.

mod findings;
#[cfg(test)]
mod tests;
mod traffic;

use std::collections::BTreeMap;

use super::surroundings::Surroundings;
use super::track::{Fix, Flight};
use crate::aircraft::Aircraft;
use crate::airspace::{Restriction, Rights};
use crate::flight::{CruiseBand, Objective, Plan, Request, Waypoint};
use crate::frame::{Agl, Amsl, Instant, Interval, LonLat};
use crate::world::World;

/// A line that an aircraft is to fly.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// What flies it; need not be in the world's fleet.
    pub aircraft: &'a Aircraft,
    /// What it may enter.
    pub rights: Rights<'a>,
    /// Where it is when; straight lines at constant velocity between them. Times never go back.
    pub waypoints: &'a [Waypoint],
    /// For each waypoint but the first, the number of the leg that it belongs to. Ascending.
    pub legs: &'a [usize],
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// Too near to a zone that it may not enter, or in it; metres.
    Zone,
    /// Too near to an obstacle, or in it; metres.
    Obstacle,
    /// Too low over the ground; metres.
    Ground,
    /// Off the terrain: nothing is known of the ground there.
    Terrain,
    /// Climbs too fast; m/s.
    Climb,
    /// Descends too fast; m/s.
    Descent,
    /// Flies too fast through the air; m/s.
    Airspeed,
    /// Stands in the air over one place and cannot hover; seconds.
    Hover,
    /// Turns too tightly; degrees at one point.
    Turn,
    /// Needs more energy than it has; watt-hours.
    Energy,
    /// Too near to another flight; metres.
    Traffic,
}

impl FindingKind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Zone,
        Self::Obstacle,
        Self::Ground,
        Self::Terrain,
        Self::Climb,
        Self::Descent,
        Self::Airspeed,
        Self::Hover,
        Self::Turn,
        Self::Energy,
        Self::Traffic,
    ];

    /// The spelling in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Zone => "ZONE",
            Self::Obstacle => "OBSTACLE",
            Self::Ground => "GROUND",
            Self::Terrain => "TERRAIN",
            Self::Climb => "CLIMB",
            Self::Descent => "DESCENT",
            Self::Airspeed => "AIRSPEED",
            Self::Hover => "HOVER",
            Self::Turn => "TURN",
            Self::Energy => "ENERGY",
            Self::Traffic => "TRAFFIC",
        }
    }
}

/// One thing that is wrong with a leg, told for its worst moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// The leg.
    pub leg: usize,
    /// When.
    pub when: Instant,
    /// Where.
    pub place: LonLat,
    /// How high the aircraft is then.
    pub altitude: Amsl,
    /// The zone, the obstacle or the flight that it is about.
    pub subject: Option<String>,
    /// What was found, in the kind's unit; none where there is no figure.
    pub found: Option<f64>,
    /// What would be right, in the same unit.
    pub expected: Option<f64>,
    /// The finding in words.
    pub text: String,
}

/// A zone that a leg enters and whose conditions must be known: no fault.
#[derive(Debug, Clone, PartialEq)]
pub struct Entered {
    /// The zone's identifier.
    pub zone: String,
    /// `CONDITIONAL` or `USPACE`.
    pub restriction: Restriction,
    /// Its conditions or message; empty if it has neither.
    pub text: String,
    /// The first leg that enters it.
    pub leg: usize,
    /// When it is in it first, or soon after.
    pub when: Instant,
    /// Where it is then.
    pub place: LonLat,
}

/// A leg in figures.
#[derive(Debug, Clone, PartialEq)]
pub struct LegFigures {
    /// Its number.
    pub leg: usize,
    /// When it begins and ends.
    pub during: Interval,
    /// Where it ends.
    pub to: Waypoint,
    /// Metres over the ground.
    pub length_m: f64,
    /// Lowest and highest above ground, metres; NaN off the terrain.
    pub agl_m: (f64, f64),
    /// Watt-hours.
    pub energy_wh: f64,
}

/// All that was found out about a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What is wrong, by leg, then by time.
    pub findings: Vec<Finding>,
    /// Zones entered whose conditions must be known, by leg.
    pub advisories: Vec<Entered>,
    /// The legs that have a length or a duration.
    pub legs: Vec<LegFigures>,
    /// Metres over the ground.
    pub length_m: f64,
    /// From lift-off to touch-down, seconds.
    pub duration_s: f64,
    /// Watt-hours.
    pub energy_wh: f64,
}

/// Holds a line against the world and against other flights, each with its name.
///
/// `vertical_clearance_m` above the ground is asked for from where it is first reached to where it is last left; before
/// and after that the aircraft may be lower only near its ends: as near as it gets while it climbs through the clearance
/// at half its rate and full speed. A leg has one finding of a kind for each zone, obstacle and flight, at its worst.
///
/// Cost: as [`super::verify_flight`], and for each other flight that is in the air at the time and near a comparison of
/// every two pieces that come near. Zones are prepared anew for each call.
///
/// # Errors
/// In words, why it is no line that can be looked at: fewer than two waypoints, times that go back or have no bound,
/// places far beyond the plane, legs that do not fit the waypoints.
pub fn verify_line(world: &World, line: &Line<'_>, others: &[(&str, &Plan)]) -> Result<Report, String> {
    if line.legs.len() + 1 != line.waypoints.len() || !line.legs.is_sorted() {
        return Err(format!("found {} legs for {} waypoints", line.legs.len(), line.waypoints.len()));
    }
    let (request, plan) = as_request(line);
    let surroundings = Surroundings::new(world);
    let flight = Flight::of(&surroundings, &request, &plan, line.aircraft)?;
    if !flight.is_in_order() {
        return Err("found a time before the one before it, expected times that never go back".to_owned());
    }
    let checked = Checked { flight: &flight, legs: line.legs };
    let mut findings = Vec::new();
    let mut advisories = Vec::new();
    if flight.moves {
        findings.extend(checked.ground());
        findings.extend(checked.volumes(&mut advisories));
        findings.extend(checked.speeds());
        findings.extend(checked.turns());
        findings.extend(checked.energy());
        findings.extend(traffic::check(&checked, others));
    }
    findings.sort_by(|a, b| (a.leg, a.when, a.kind, &a.subject).cmp(&(b.leg, b.when, b.kind, &b.subject)));
    let legs = checked.figures();
    Ok(Report {
        findings,
        advisories,
        length_m: flight.segments.iter().map(|segment| segment.length_m()).sum(),
        duration_s: flight.fixes[flight.last].t - flight.fixes[flight.first].t,
        energy_wh: legs.iter().map(|leg| leg.energy_wh).sum(),
        legs,
    })
}

/// The line as the flight of a request: what the geometry is built on.
fn as_request(line: &Line<'_>) -> (Request, Plan) {
    let nowhere = LonLat::new(0.0, 0.0).expect("zero is a longitude and a latitude");
    let place = |waypoint: Option<&Waypoint>| waypoint.map_or(nowhere, |waypoint| waypoint.place);
    let zero = Agl::new(0.0).expect("zero is finite");
    let request = Request {
        id: String::new(),
        aircraft: String::new(),
        mission: line.rights.mission,
        priority: 0,
        origin: place(line.waypoints.first()),
        destination: place(line.waypoints.last()),
        departure: Interval::ALWAYS,
        cruise: CruiseBand { min: zero, max: zero },
        authorizations: line.rights.authorizations.to_vec(),
        exemptions: line.rights.exemptions.to_vec(),
        objective: Objective::default(),
    };
    let plan = Plan {
        request: String::new(),
        trajectory: line.waypoints.to_vec(),
        length_m: 0.0,
        duration_s: 0.0,
        delay_s: 0.0,
        energy_wh: 0.0,
        lower_bound_s: 0.0,
        gap: 0.0,
        advisories: Vec::new(),
    };
    (request, plan)
}

/// A line that can be looked at.
struct Checked<'a> {
    flight: &'a Flight<'a>,
    /// By segment.
    legs: &'a [usize],
}

impl Checked<'_> {
    fn finding(&self, kind: FindingKind, leg: usize, at: &Fix, text: String) -> Finding {
        Finding {
            kind,
            leg,
            when: self.flight.instant(at.t),
            place: self.flight.frame().to_place(at.at),
            altitude: Amsl::new(at.z).unwrap_or(self.flight.plan.trajectory[0].altitude),
            subject: None,
            found: None,
            expected: None,
            text,
        }
    }

    /// Each leg in figures; what stands on the ground before lift-off and after touch-down takes no energy.
    fn figures(&self) -> Vec<LegFigures> {
        let flight = self.flight;
        let mut legs: BTreeMap<usize, LegFigures> = BTreeMap::new();
        for (number, &leg) in self.legs.iter().enumerate() {
            let (from, to) = (&flight.plan.trajectory[number], &flight.plan.trajectory[number + 1]);
            let (low, high) = match (flight.fixes[number].agl(), flight.fixes[number + 1].agl()) {
                (a, b) if a.is_nan() || b.is_nan() => (f64::NAN, f64::NAN),
                (a, b) => (a.min(b), a.max(b)),
            };
            let figures = legs.entry(leg).or_insert(LegFigures {
                leg,
                during: Interval::new(from.time, to.time),
                to: *to,
                length_m: 0.0,
                agl_m: (low, high),
                energy_wh: 0.0,
            });
            figures.during.end = to.time;
            figures.to = *to;
            figures.length_m += flight.segments[number].length_m();
            widen(&mut figures.agl_m, low, high);
        }
        if flight.moves {
            for ((number, from, to), (least_wh, _)) in flight.pieces().zip(super::energy::pieces_wh(flight)) {
                if let Some(figures) = legs.get_mut(&self.legs[number]) {
                    figures.energy_wh += least_wh;
                    widen(&mut figures.agl_m, from.agl().min(to.agl()), from.agl().max(to.agl()));
                }
            }
        }
        legs.into_values().collect()
    }
}

fn widen(span: &mut (f64, f64), low: f64, high: f64) {
    *span = (span.0.min(low), span.1.max(high));
}
