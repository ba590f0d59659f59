//! A plan: the trajectory in place, height and time, and what it costs.

use super::Refusal;
use crate::airspace::Restriction;
use crate::frame::{Amsl, Instant, LonLat};

/// A point of a trajectory. Between two of them the aircraft moves in a straight line at constant velocity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waypoint {
    /// Where.
    pub place: LonLat,
    /// How high.
    pub altitude: Amsl,
    /// When.
    pub time: Instant,
}

/// A zone that the flight enters and whose conditions it must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advisory {
    /// The zone's identifier.
    pub zone: String,
    /// `CONDITIONAL` or `USPACE`.
    pub restriction: Restriction,
    /// Its conditions or message.
    pub text: String,
}

/// A flight that may be flown.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The request's name.
    pub request: String,
    /// From standing on the ground at the origin to standing on the ground at the destination.
    pub trajectory: Vec<Waypoint>,
    /// Horizontal length, metres on the ground.
    pub length_m: f64,
    /// From lift-off to touch-down, seconds.
    pub duration_s: f64,
    /// Its arrival less the earliest one that it would have alone in the sky, seconds.
    pub delay_s: f64,
    /// Watt-hours used.
    pub energy_wh: f64,
    /// Zones entered whose conditions hold.
    pub advisories: Vec<Advisory>,
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It may be flown so.
    Planned(Plan),
    /// It may not be flown.
    Rejected(Refusal),
}
