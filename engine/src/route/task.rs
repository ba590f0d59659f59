//! One flight among its barriers: its ends, its columns, its speeds.

use std::sync::Arc;

use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};

use super::aside::ShutParts;
use super::barrier::Barrier;
use super::motion::vertical_m_s;
use super::pad::{self, Pad};
use super::prepared::united;
use super::tube::Tube;
use super::volumes::{Grown, Volumes};
use crate::aircraft::Aircraft;
use crate::flight::Objective;
use crate::intervals::Span;
use crate::plane::Region;
use crate::world::World;

/// An end that is free by true distance can lie this far inside a grown outline, whose arcs lie outside the true ones.
/// The flight then begins or ends beside it.
pub(super) const SNAP_M: f64 = 0.05;

/// Longer than any way takes.
const LATE_S: f64 = 1e7;

/// So many barriers that fill a tube are worth preparing together: more would make the first flight after a change of the
/// airspace wait.
pub(super) const WORTH_PREPARING: std::ops::RangeInclusive<usize> = 32..=2000;

/// The boxes of grown barriers, by their number.
pub(super) type Boxes = RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>;

/// A flight that is in the air already.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Airborne {
    /// Metres AMSL.
    pub(super) height_m: f64,
    /// Watt-hours used up to there.
    pub(super) used_wh: f64,
}

/// One flight: its ends, its barriers, its speeds. Times are seconds after the earliest departure.
#[derive(Clone)]
pub(super) struct Task<'a> {
    pub(super) world: &'a World,
    pub(super) volumes: &'a Volumes<'a>,
    pub(super) barriers: &'a [Barrier],
    pub(super) boxes: Arc<Boxes>,
    pub(super) aircraft: &'a Aircraft,
    pub(super) origin: Pad,
    /// In the air over the origin, if it is not on the ground there.
    pub(super) airborne: Option<Airborne>,
    pub(super) destination: Pad,
    pub(super) objective: Objective,
    /// The lowest and highest heights of cruise, metres above ground.
    pub(super) band: (f64, f64),
    /// The lowest and the highest ground there is, metres AMSL.
    pub(super) ground: (f64, f64),
    /// How far arcs may lie outside the true ones.
    pub(super) arc_m: f64,
    /// The airspeed limit, and the limits of climb and descent.
    pub(super) airspeed_m_s: f64,
    pub(super) climb_m_s: f64,
    pub(super) descent_m_s: f64,
    /// Watt-hours that it may use.
    pub(super) usable_wh: f64,
    pub(super) shut_parts: ShutParts,
    /// Do the request's rights open no barrier?
    pub(super) is_common: bool,
    /// Lift-off lies between these.
    pub(super) departure: Span,
    /// No flight is in the air after this.
    pub(super) horizon_s: f64,
}

impl<'a> Task<'a> {
    /// The boxes of grown barriers, to find those near a path.
    pub(super) fn boxes(volumes: &Volumes<'_>, barriers: &[Barrier], clearance_m: f64) -> Arc<Boxes> {
        let reach = clearance_m * 1.01 + 1.0;
        let boxed = |(i, barrier): (usize, &Barrier)| {
            let (low, high) = volumes.footprint(barrier.volume).bounds()?;
            let corners = ([low.x - reach, low.y - reach], [high.x + reach, high.y + reach]);
            Some(GeomWithData::new(Rectangle::from_corners(corners.0, corners.1), i))
        };
        Arc::new(RTree::bulk_load(barriers.iter().enumerate().filter_map(boxed).collect()))
    }

    /// The same for a flight that begins in the air.
    pub(super) fn begun(mut self, airborne: Option<Airborne>) -> Self {
        if let Some(airborne) = airborne {
            self.usable_wh -= airborne.used_wh;
            self.origin.from_m = airborne.height_m - self.origin.ground_m;
            self.airborne = Some(airborne);
        }
        self
    }

    /// Where it begins, metres AMSL.
    pub(super) fn start_m(&self) -> f64 {
        self.airborne.map_or(self.origin.ground_m, |airborne| airborne.height_m)
    }

    pub(super) fn can_hover(&self) -> bool {
        self.aircraft.can_hover
    }

    /// Seconds up to a height above the pads and down from it; nothing for what takes off along a slope. `None` if the
    /// wind is too strong on the way.
    pub(super) fn columns_s(&self, up_m: f64, down_m: f64) -> Option<(f64, f64)> {
        let speed = |limit, top_m| vertical_m_s(limit, self.airspeed_m_s, top_m, &self.world.wind);
        let up_m = (up_m - self.origin.from_m).max(0.0);
        let seconds = (up_m / speed(self.climb_m_s, up_m)?, down_m / speed(self.descent_m_s, down_m)?);
        Some(if self.can_hover() { seconds } else { (0.0, 0.0) })
    }

    /// Lift-off times from which a height above the pad can be reached.
    pub(super) fn lift_off(&self, top_m: f64) -> Vec<Span> {
        if !self.can_hover() {
            return self.origin.free_on_ground(self.departure);
        }
        let Some((climb_s, _)) = self.columns_s(top_m, top_m) else { return Vec::new() };
        let up_m = top_m - self.origin.from_m;
        let speed = if climb_s > 0.0 { up_m / climb_s } else { self.climb_m_s };
        self.origin.column_starts(pad::Way::Up, top_m, speed, self.departure)
    }

    /// Times at which the descent from a height above the pad may begin; without columns, of touch-down.
    pub(super) fn landing(&self, top_m: f64) -> Vec<Span> {
        // What lands after the horizon takes more energy than there is, which is for others to tell.
        let within = (0.0, self.horizon_s + LATE_S);
        if !self.can_hover() {
            return self.destination.free_on_ground(within);
        }
        let Some((_, descent_s)) = self.columns_s(top_m, top_m) else { return Vec::new() };
        let speed = if descent_s > 0.0 { top_m / descent_s } else { self.descent_m_s };
        self.destination.column_starts(pad::Way::Down, top_m, speed, within)
    }

    /// No flight in a tube lands before this, whatever stands in the way; `None` if its ends cannot be reached.
    pub(super) fn bound_s(&self, tube: &Tube) -> Option<f64> {
        let low_m = tube.heights.0;
        let (climb_s, descent_s) = self.columns_s(low_m, low_m)?;
        let first_s = self.lift_off(low_m).first()?.0;
        let straight_s = tube.motion.least_seconds(self.origin.at, self.destination.at);
        (!self.landing(low_m).is_empty()).then_some(first_s + climb_s + straight_s + descent_s)
    }

    /// A barrier's outline grown by the clearance.
    pub(super) fn grown(&self, barrier: usize) -> Arc<Grown> {
        self.volumes.grown(self.barriers[barrier].volume, self.aircraft.clearance_m, self.arc_m)
    }

    /// The united region of barriers.
    pub(super) fn region(&self, barriers: impl Iterator<Item = usize>) -> Region {
        let grown: Vec<Arc<Grown>> = barriers.map(|i| self.grown(i)).collect();
        Region::new(united(&grown))
    }
}
