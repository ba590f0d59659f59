//! The latest departures that keep the arrival: backwards from the goal over what the search has reached.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeSet, BinaryHeap};

use super::Ride;
use super::rest::travel_ms;
use super::search::Search;
use crate::intervals::{Span, intersection};

/// It has to leave a node at `at`, to be at the goal in time: by a lane of its own, after which it leaves another (a
/// number in the list of those settled); none at the goal.
#[derive(Clone, Copy, PartialEq)]
struct Leaves {
    at: f64,
    node: u32,
    by: Option<(u32, u32)>,
}

impl Search<'_> {
    /// The rides that leave the start last and arrive at the time found.
    pub(super) fn latest_rides(&self) -> Option<Vec<Ride>> {
        let nodes = self.problem.nodes;
        let mut arriving: Vec<Vec<(u32, u32)>> = vec![Vec::new(); nodes.len()];
        for (from, node) in nodes.iter().enumerate() {
            for (lane, flown) in node.lanes.iter().enumerate() {
                if let Some(arriving) = arriving.get_mut(flown.to as usize) {
                    arriving.push((from as u32, lane as u32));
                }
            }
        }
        let mut there: Vec<Option<Vec<Span>>> = vec![None; nodes.len()];
        let mut settled: Vec<Leaves> = Vec::new();
        // A node and when it is free around the time; where it cannot wait, that time.
        let mut known: BTreeSet<(u32, u64)> = BTreeSet::new();
        let mut queue = BinaryHeap::from([Leaves { at: self.latest, node: self.problem.goal, by: None }]);
        while let Some(next) = queue.pop() {
            let waits = (next.by.is_some()).then(|| self.waits_around(next.node, next.at)).flatten();
            let from = waits.map_or(next.at, |span| span.0);
            if next.node == self.problem.start {
                settled.push(next);
                return Some(self.followed(&settled));
            }
            if !known.insert((next.node, from.to_bits())) {
                continue;
            }
            let number = settled.len() as u32;
            settled.push(next);
            for &(before, lane) in &arriving[next.node as usize] {
                let travel = travel_ms(self.lane(before, lane));
                let window = [(from - travel, next.at - travel)];
                let there = there[before as usize].get_or_insert_with(|| self.there(before));
                let starts = intersection(&intersection(self.known_starts(before, lane), &window), there);
                if let Some(last) = starts.last() {
                    queue.push(Leaves { at: last.1, node: before, by: Some((lane, number)) });
                }
            }
        }
        None
    }

    /// From the start, settled last, to the goal.
    fn followed(&self, settled: &[Leaves]) -> Vec<Ride> {
        let mut rides = Vec::new();
        let mut next = settled.last();
        while let Some(&Leaves { at, node, by: Some((lane, after)) }) = next {
            rides.push(Ride { from: node, lane, departs_s: at / 1000.0 });
            next = settled.get(after as usize);
        }
        rides
    }
}

/// The latest comes first; of equals the lowest node, of these the lowest lane.
impl Ord for Leaves {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |leaves: &Self| Reverse((leaves.node, leaves.by));
        self.at.total_cmp(&other.at).then(rank(self).cmp(&rank(other)))
    }
}

impl PartialOrd for Leaves {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Leaves {}
