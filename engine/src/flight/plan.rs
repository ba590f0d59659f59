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
    /// No plan for the request, alone in the sky, arrives earlier than this many seconds after its earliest departure.
    pub lower_bound_s: f64,
    /// By which share the arrival may at most be improved: seconds from the earliest departure to the arrival over
    /// `lower_bound_s`, less 1; see [`Plan::gap_of`].
    pub gap: f64,
    /// Zones entered whose conditions hold.
    pub advisories: Vec<Advisory>,
}

impl Plan {
    /// When it has landed, seconds after `start`.
    pub fn arrival_s(&self, start: Instant) -> f64 {
        self.trajectory.last().map_or(0.0, |waypoint| waypoint.time.seconds_since(start))
    }

    /// The gap between an arrival and a bound, both in seconds after the earliest departure; 0 where both are 0. A
    /// bound below a millisecond counts as a millisecond, so that the gap is finite.
    ///
    /// ```
    /// use tianlu_engine::flight::Plan;
    /// assert_eq!(Plan::gap_of(150.0, 100.0), 0.5);
    /// assert_eq!(Plan::gap_of(0.0, 0.0), 0.0);
    /// ```
    pub fn gap_of(arrival_s: f64, lower_bound_s: f64) -> f64 {
        const LEAST_S: f64 = 1e-3;
        (arrival_s.max(LEAST_S) / lower_bound_s.max(LEAST_S) - 1.0).max(0.0)
    }
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It may be flown so.
    Planned(Plan),
    /// It may not be flown.
    Rejected(Refusal),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_finite_and_never_negative() {
        for (arrival_s, bound_s, gap) in [
            (100.0, 100.0, 0.0),
            (100.0, 100.0000001, 0.0),
            (0.0, 0.0, 0.0),
            (1.0, 0.0, 999.0),
            (110.0, 100.0, 0.1),
        ] {
            assert!((Plan::gap_of(arrival_s, bound_s) - gap).abs() < 1e-9, "{arrival_s} over {bound_s}");
        }
    }
}
