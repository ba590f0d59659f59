//! What a search in time has yet to do, and in which order.

use std::cmp::Ordering;

/// What the queue holds: a label yet to be followed up, its next edge, or a landing.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Step {
    Settle { label: u32 },
    Edge { label: u32, edge: u32 },
    Land { label: u32, at_s: f64 },
}

pub(super) struct Entry {
    /// It lands no earlier than this, and would come to the goal no earlier than `bound_s` if nothing stood in the way.
    pub(super) estimate_s: f64,
    pub(super) bound_s: f64,
    pub(super) order: u32,
    pub(super) step: Step,
}

/// The least estimate is the greatest entry; ties go to landings, to what could be at the goal first, to what was pushed
/// first.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        let lands = |entry: &Self| matches!(entry.step, Step::Land { .. });
        other
            .estimate_s
            .total_cmp(&self.estimate_s)
            .then(lands(self).cmp(&lands(other)))
            .then(other.bound_s.total_cmp(&self.bound_s))
            .then(other.order.cmp(&self.order))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}
