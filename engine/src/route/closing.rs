//! Why the way is closed: a minimal set of barriers that keeps the ends apart.

use std::collections::BTreeSet;

use super::aside::ShutParts;
use super::barrier::{Barrier, When};
use super::pad::Pad;
use super::task::{SNAP_M, Task};
use super::tube::tubes;

impl Task<'_> {
    /// A set of barriers out of some, all taken as closed for ever, that keeps the ends apart; empty if they do not.
    ///
    /// Minimal: without any one of the set the way is open. Cost: O(k log n) unions for k of n, or searches in the tubes
    /// where some of them leave heights open.
    ///
    /// Reference: Junker 2004, "QUICKXPLAIN: preferred explanations and relaxations for over-constrained problems".
    pub(super) fn cut(&self, taken: &BTreeSet<usize>) -> Vec<usize> {
        let all: Vec<usize> = taken.iter().copied().collect();
        if !self.closes(&all) {
            return Vec::new();
        }
        let mut cut = self.needed(&mut Vec::new(), false, &all);
        cut.sort_unstable();
        cut
    }

    /// The part of `some` that is needed beside `kept` to close the way; `grown`: has `kept` grown since it was tested?
    fn needed(&self, kept: &mut Vec<usize>, grown: bool, some: &[usize]) -> Vec<usize> {
        if grown && self.closes(kept) {
            return Vec::new();
        }
        if some.len() == 1 {
            return some.to_vec();
        }
        let (first, second) = some.split_at(some.len() / 2);
        let before = kept.len();
        kept.extend(first);
        let mut needed = self.needed(kept, !first.is_empty(), second);
        kept.truncate(before);
        kept.extend(&needed);
        let rest = self.needed(kept, !needed.is_empty(), first);
        kept.truncate(before);
        needed.extend(rest);
        needed
    }

    /// Do barriers, closed for ever, keep the ends apart at all heights?
    fn closes(&self, some: &[usize]) -> bool {
        if some.iter().all(|&i| self.barriers[i].closes_all(self.band, self.ground)) {
            let region = self.region(some.iter().copied());
            let ends = [self.origin.at, self.destination.at].map(|end| region.nearest_outside(end, SNAP_M));
            return match ends {
                [Some(start), Some(goal)] => !region.separators(start, goal).is_empty(),
                _ => true,
            };
        }
        let for_ever = |&i: &usize| Barrier { when: When::Always, ..self.barriers[i].clone() };
        let barriers: Vec<Barrier> = some.iter().map(for_ever).collect();
        !self.among(&barriers).is_open()
    }

    /// The same flight among other barriers.
    fn among<'b>(&'b self, barriers: &'b [Barrier]) -> Task<'b> {
        let clearance_m = self.aircraft.clearance_m;
        let pad = |pad: &Pad| Pad::new(pad.at, pad.ground_m, barriers, self.volumes, clearance_m);
        Task {
            barriers,
            boxes: Task::boxes(self.volumes, barriers, clearance_m),
            shut_parts: ShutParts::default(),
            origin: pad(&self.origin),
            destination: pad(&self.destination),
            ..self.clone()
        }
    }

    /// Is there a flight, whatever energy it takes?
    fn is_open(&self) -> bool {
        let mut open = false;
        for tube in tubes(self, self.airspeed_m_s) {
            self.search(&tube, f64::INFINITY, &mut |_, _| {
                open = true;
                f64::NEG_INFINITY
            });
            if open {
                break;
            }
        }
        open
    }
}
