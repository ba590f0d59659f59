//! The shortest path among the corners of a region: A* on a visibility graph whose edges are found when needed.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::Region;
use crate::frame::Xy;

/// A path of straight lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// From the start to the goal, with the corners between them.
    pub points: Vec<Xy>,
    /// Its length, metres in the plane.
    pub length: f64,
}

/// The shortest path from `start` to `goal` that does not enter the region, if there is one of at most `most_m`.
///
/// Exact: a shortest path bends at convex corners alone and is taut there (Lozano-Pérez and Wesley 1979). An edge is
/// tested when the search takes it up. `None` also if an end lies within the region. The same input gives the same path.
///
/// Cost: O(c) for each of the corners taken up, c being the corners within the ellipse of `most_m`.
pub fn shortest_path(region: &Region, start: Xy, goal: Xy, most_m: f64) -> Option<Path> {
    if region.contains(start) || region.contains(goal) {
        return None;
    }
    if !region.blocks(start, goal) {
        let length = distance(start, goal);
        return (length <= most_m).then(|| Path { points: vec![start, goal], length });
    }
    Search::new(region, start, goal, most_m).run()
}

fn distance(a: Xy, b: Xy) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}

/// Node 0 is the start, node 1 the goal, the corners follow.
const START: u32 = 0;
const GOAL: u32 = 1;

struct Search<'a> {
    region: &'a Region,
    /// The corners that a path short enough can reach.
    corners: Vec<super::Corner>,
    start: Xy,
    goal: Xy,
    most_m: f64,
    queue: BinaryHeap<Entry>,
    /// The node before each one that is settled.
    parent: Vec<u32>,
}

/// An edge that is yet to be tested.
struct Entry {
    estimate: f64,
    length: f64,
    node: u32,
    from: u32,
}

const NONE: u32 = u32::MAX;

impl<'a> Search<'a> {
    fn new(region: &'a Region, start: Xy, goal: Xy, most_m: f64) -> Self {
        let reachable = |c: &&super::Corner| distance(c.at, start) + distance(c.at, goal) <= most_m;
        let corners: Vec<_> = region.corners().iter().filter(reachable).copied().collect();
        let parent = vec![NONE; corners.len() + 2];
        Self { region, corners, start, goal, most_m, queue: BinaryHeap::new(), parent }
    }

    fn at(&self, node: u32) -> Xy {
        match node {
            START => self.start,
            GOAL => self.goal,
            corner => self.corners[corner as usize - 2].at,
        }
    }

    fn run(mut self) -> Option<Path> {
        self.parent[START as usize] = START;
        self.expand(START, 0.0);
        while let Some(Entry { length, node, from, .. }) = self.queue.pop() {
            if self.parent[node as usize] != NONE || self.region.blocks(self.at(from), self.at(node)) {
                continue;
            }
            self.parent[node as usize] = from;
            if node == GOAL {
                return Some(Path { points: self.points(), length });
            }
            self.expand(node, length);
        }
        None
    }

    /// Puts every edge on which a taut path can go on from a node into the queue.
    fn expand(&mut self, node: u32, length: f64) {
        let here = self.at(node);
        let bend = (node >= 2).then(|| self.corners[node as usize - 2]);
        let leaves = |to: Xy| bend.is_none_or(|corner| corner.is_grazed_from(to));
        if leaves(self.goal) {
            self.push(GOAL, node, length + distance(here, self.goal), 0.0);
        }
        for next in 0..self.corners.len() {
            let corner = self.corners[next];
            let number = next as u32 + 2;
            if self.parent[number as usize] == NONE
                && corner.at != here
                && leaves(corner.at)
                && corner.is_grazed_from(here)
            {
                self.push(number, node, length + distance(here, corner.at), distance(corner.at, self.goal));
            }
        }
    }

    fn push(&mut self, node: u32, from: u32, length: f64, rest: f64) {
        let estimate = length + rest;
        if estimate <= self.most_m {
            self.queue.push(Entry { estimate, length, node, from });
        }
    }

    fn points(&self) -> Vec<Xy> {
        let mut points = vec![self.goal];
        let mut node = self.parent[GOAL as usize];
        while node != START {
            points.push(self.at(node));
            node = self.parent[node as usize];
        }
        points.push(self.start);
        points.reverse();
        points.dedup();
        points
    }
}

impl Entry {
    fn key(&self) -> (f64, u32, u32) {
        (self.estimate, self.node, self.from)
    }
}

/// The least estimate is the greatest entry; ties go to the lower node, so that the path does not depend on chance.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (self.key(), other.key());
        b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(b.2.cmp(&a.2))
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
