//! A trajectory as an autopilot flies it: places to go to, how fast, and how long to stay.

use tianlu_engine::flight::{Plan, Waypoint};
use tianlu_engine::frame::Frame;

/// Nearer places are one place, and smaller steps no climb.
const SAME_M: f64 = 0.05;
/// A way that strays less than this sideways is a column.
pub(super) const COLUMN_M: f64 = 1.0;

/// A straight way to a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leg {
    pub(super) to: Waypoint,
    pub(super) level_m: f64,
    pub(super) up_m: f64,
    pub(super) seconds: f64,
    /// How long the aircraft stays there afterwards.
    pub(super) hold_s: f64,
}

impl Leg {
    /// Metres a second over the ground; 0 in a column.
    pub(super) fn speed_m_s(&self) -> f64 {
        if self.level_m > COLUMN_M && self.seconds > 0.0 { self.level_m / self.seconds } else { 0.0 }
    }

    /// Metres a second up, negative down.
    pub(super) fn climb_m_s(&self) -> f64 {
        if self.seconds > 0.0 { self.up_m / self.seconds } else { 0.0 }
    }
}

/// The legs of a plan from lift-off on: waits on the ground before it are left out, those on the way belong to the leg
/// before them.
pub(super) fn legs(plan: &Plan) -> Vec<Leg> {
    let Some(frame) = Frame::around(plan.trajectory.iter().map(|waypoint| waypoint.place)) else {
        return Vec::new();
    };
    let mut legs: Vec<Leg> = Vec::new();
    for pair in plan.trajectory.windows(2) {
        let level_m = frame.length(frame.to_plane(pair[0].place), frame.to_plane(pair[1].place));
        let up_m = pair[1].altitude.metres() - pair[0].altitude.metres();
        let seconds = pair[1].time.seconds_since(pair[0].time).max(0.0);
        if level_m.hypot(up_m) > SAME_M {
            legs.push(Leg { to: pair[1], level_m, up_m, seconds, hold_s: 0.0 });
        } else if let Some(leg) = legs.last_mut() {
            leg.hold_s += seconds;
        }
    }
    legs
}
