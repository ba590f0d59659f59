//! Where a way crosses barriers that it does not pass aside.

use std::collections::BTreeSet;

use super::aside::Aside;
use super::barrier::When;
use super::flown::Flown;
use super::profile::Crossing;
use super::task::Task;
use super::tube::Tube;
use crate::frame::Xy;
use crate::plane::AlongSegment;

/// A crossing and the leg on which it lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Met {
    pub(super) leg: usize,
    pub(super) crossing: Crossing,
}

impl Task<'_> {
    /// The crossings of a way with all barriers but those passed aside whole, that might close some height of the tube (or of
    /// the way up to it, for what climbs along a slope).
    pub(super) fn crossings(&self, way: &[Xy], aside: &Aside, tube: &Tube) -> Vec<Met> {
        let from_m = if self.can_hover() { tube.heights.0 } else { 0.0 };
        let heights = (from_m, tube.heights.1);
        let mut met = Vec::new();
        let mut begins_m = 0.0;
        for (leg, pair) in way.windows(2).enumerate() {
            let (p, q) = (pair[0], pair[1]);
            let length = (q.x - p.x).hypot(q.y - p.y);
            for barrier in self.near(p, q) {
                if aside.holds(barrier) || !self.barriers[barrier].may_close(heights, self.ground) {
                    continue;
                }
                let region = &self.grown(barrier).region;
                let shares = if length > 0.0 {
                    region.shares_inside(p, q)
                } else if region.contains(p) {
                    vec![(0.0, 0.0)]
                } else {
                    Vec::new()
                };
                let (low, high) = (self.barriers[barrier].low, self.barriers[barrier].high);
                met.extend(shares.into_iter().map(|(enters, leaves)| {
                    let (from_m, to_m) = (begins_m + enters * length, begins_m + leaves * length);
                    Met { leg, crossing: Crossing { barrier, from_m, to_m, low, high } }
                }));
            }
            begins_m += length;
        }
        met
    }

    /// The barriers that a way enters, at any height and time, ascending.
    pub(super) fn entered(&self, way: &[Xy]) -> BTreeSet<usize> {
        let mut entered = BTreeSet::new();
        for pair in way.windows(2) {
            let (p, q) = (pair[0], pair[1]);
            for barrier in self.near(p, q) {
                if !entered.contains(&barrier) && self.holds(barrier, p, q) {
                    entered.insert(barrier);
                }
            }
        }
        entered
    }

    /// Does a straight line enter a barrier that counts, at any height and time?
    pub(super) fn enters(&self, p: Xy, q: Xy, counts: impl Fn(usize) -> bool) -> bool {
        let mut near = self.boxes.locate_with_selection_function(AlongSegment::new(p, q));
        near.any(|near| counts(near.data) && self.holds(near.data, p, q))
    }

    /// Does a barrier hold a part of a straight line?
    fn holds(&self, barrier: usize, p: Xy, q: Xy) -> bool {
        let region = &self.grown(barrier).region;
        region.blocks(p, q) || region.contains(p)
    }

    /// The barriers whose boxes a straight line meets, ascending.
    pub(super) fn near(&self, p: Xy, q: Xy) -> Vec<usize> {
        let found = self.boxes.locate_with_selection_function(AlongSegment::new(p, q));
        let mut near: Vec<usize> = found.map(|near| near.data).collect();
        near.sort_unstable();
        near
    }

    /// The barriers of crossings that are closed at some time while the flight is on them.
    pub(super) fn closed_when_met(&self, met: &[Met], flown: &Flown) -> BTreeSet<usize> {
        let closed = |met: &&Met| match &self.barriers[met.crossing.barrier].when {
            When::Always => true,
            When::At(windows) => {
                let (from_s, to_s) = flown.times_on(met.leg, (met.crossing.from_m, met.crossing.to_m));
                windows.iter().any(|&(opens, closes)| opens < to_s && from_s < closes)
            }
        };
        met.iter().filter(closed).map(|met| met.crossing.barrier).collect()
    }
}
