//! The barriers that a way passes aside.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::outlines::Grown;
use super::profile::{Limit, shut};
use super::task::Task;
use super::tube::Tube;
use crate::plane::{Contour, Region};
use crate::surface::Side;

/// Barriers passed aside: whole, or where they leave no height of the tube open.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Aside {
    whole: BTreeSet<usize>,
    shut: BTreeSet<usize>,
}

impl Aside {
    pub(super) fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.shut.is_empty()
    }

    /// Is a barrier passed aside whole?
    pub(super) fn holds(&self, barrier: usize) -> bool {
        self.whole.contains(&barrier)
    }

    /// The barriers passed aside whole.
    pub(super) fn whole(&self) -> &BTreeSet<usize> {
        &self.whole
    }

    /// All barriers.
    pub(super) fn barriers(&self) -> BTreeSet<usize> {
        self.whole.union(&self.shut).copied().collect()
    }

    pub(super) fn extend(&mut self, barriers: impl IntoIterator<Item = usize>) {
        for barrier in barriers {
            self.shut.remove(&barrier);
            self.whole.insert(barrier);
        }
    }

    /// With one barrier more, or more of one; `None` if it is passed whole already.
    pub(super) fn with(&self, barrier: usize, task: &Task<'_>) -> Option<Self> {
        let mut more = self.clone();
        if task.may_be_shut_in_part(barrier) && !self.holds(barrier) && more.shut.insert(barrier) {
            return Some(more);
        }
        more.shut.remove(&barrier);
        more.whole.insert(barrier).then_some(more)
    }
}

/// The parts of barriers that shut a tube, by barrier and the tube's heights; made once for a flight.
pub(super) type ShutParts = Arc<Mutex<HashMap<(usize, u64, u64), Arc<Grown>>>>;

impl Task<'_> {
    /// Might a barrier shut the tube in a part of its outline alone? Only over terrain, by a limit at sea level. Aircraft
    /// that fly arcs pass it whole.
    fn may_be_shut_in_part(&self, barrier: usize) -> bool {
        let barrier = &self.barriers[barrier];
        let is_at_sea = |limit| matches!(limit, Limit::Sea(height) if f64::is_finite(height));
        !self.world.ground.is_flat()
            && self.aircraft.min_turn_radius_m <= 0.0
            && !barrier.is_timed()
            && (is_at_sea(barrier.low) || is_at_sea(barrier.high))
    }

    /// The outlines of barriers that are always passed aside.
    pub(super) fn outlines(&self, aside: &Aside, tube: &Tube) -> Vec<Arc<Grown>> {
        let always = aside.whole.iter().filter(|&&i| !self.barriers[i].is_timed());
        let whole = always.map(|&i| self.grown(i));
        whole.chain(aside.shut.iter().map(|&i| self.shut_part(i, tube))).collect()
    }

    fn shut_part(&self, barrier: usize, tube: &Tube) -> Arc<Grown> {
        let key = (barrier, tube.heights.0.to_bits(), tube.heights.1.to_bits());
        let parts = || self.shut_parts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(part) = parts().get(&key) {
            return Arc::clone(part);
        }
        let (grown, limits) =
            (self.grown(barrier), (self.barriers[barrier].low, self.barriers[barrier].high));
        let (ground, frame) = (&self.world.ground, &self.world.frame);
        let shapes = shut(ground, frame, &grown.contours, tube.heights, limits, Side::Outside);
        let contours: Vec<Contour> = shapes.into_iter().flatten().collect();
        let part = Arc::new(Grown { contours, region: Region::default(), bounds: grown.bounds });
        Arc::clone(parts().entry(key).or_insert(part))
    }
}
