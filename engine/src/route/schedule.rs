//! A path with its times: when each point is reached and left.

use crate::frame::Xy;
use crate::intervals::Span;

/// One straight leg of a path in the plane.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leg {
    /// Where it leads.
    pub(super) to: Xy,
    /// Seconds it takes.
    pub(super) travel_s: f64,
    /// Seconds to stand before it, to turn on the spot.
    pub(super) pause_s: f64,
    /// The times between which it may be begun without a break.
    pub(super) departs: Span,
}

/// A flight: up, along the legs, down. Seconds after the earliest departure.
#[derive(Debug, Clone)]
pub(super) struct Schedule {
    /// The legs.
    pub(super) legs: Vec<Leg>,
    /// When it lifts off.
    pub(super) lift_off_s: f64,
    /// Seconds up.
    pub(super) climb_s: f64,
    /// When each leg begins.
    pub(super) departures_s: Vec<f64>,
    /// When the descent begins.
    pub(super) landing_s: f64,
    /// Seconds down.
    pub(super) descent_s: f64,
}

impl Schedule {
    /// The latest times that still begin the descent at `landing_s`: waiting is moved to the ground as far as the free
    /// times allow, since it costs nothing there.
    pub(super) fn latest(
        legs: Vec<Leg>,
        (lift_off, climb_s): (Span, f64),
        (landing_s, descent_s): (f64, f64),
    ) -> Self {
        let mut by = landing_s;
        let mut departures_s = vec![0.0; legs.len()];
        for (leg, departure) in legs.iter().zip(&mut departures_s).rev() {
            *departure = (by - leg.travel_s).min(leg.departs.1);
            by = *departure - leg.pause_s;
        }
        let lift_off_s = (by - climb_s).min(lift_off.1);
        Self { legs, lift_off_s, climb_s, departures_s, landing_s, descent_s }
    }

    /// When it has landed.
    pub(super) fn arrival_s(&self) -> f64 {
        self.landing_s + self.descent_s
    }

    /// When a leg's first point is reached.
    pub(super) fn reaches_s(&self, leg: usize) -> f64 {
        match leg.checked_sub(1) {
            Some(before) => self.departures_s[before] + self.legs[before].travel_s,
            None => self.lift_off_s + self.climb_s,
        }
    }
}
