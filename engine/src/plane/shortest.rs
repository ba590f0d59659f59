//! The shortest path among the corners of a region: A* on a visibility graph of which only what is needed is made.
//!
//! The search knows the start and the goal alone at first. The edge that promises the shortest path is tested; if a
//! shape is in its way, the corners of that shape are joined to every node reached so far. Some
//! edge yet to be tested always lies on a path that is shortest among the known shapes and so no longer than the one
//! sought: the first clear edge to the goal ends a shortest path. What a straight line costs is a [`Gauge`]; by the
//! triangle inequality the straight line to the goal is a lower bound for it.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashSet};

use super::gauge::{Gauge, Length};
use super::region::Wall;
use super::run::{Run, Wedge};
use super::{Corner, Region};
use crate::frame::Xy;

/// A path of straight lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// From the start to the goal, with the corners between them.
    pub points: Vec<Xy>,
    /// Its length: metres in the plane, or what the gauge says of its straight lines together.
    pub length: f64,
}

/// The shortest path from `start` to `goal` that does not enter the region, if there is one of at most `most_m`.
///
/// Exact: a shortest path bends at convex corners alone and is taut there (Lozano-Pérez and Wesley 1979). An edge is
/// tested when the search takes it up. `None` also if an end lies within the region. The same input gives the same path.
///
/// Cost: O(c) for each of the corners taken up, c being the corners of the shapes that stood in the way.
pub fn shortest_path(region: &Region, start: Xy, goal: Xy, most_m: f64) -> Option<Path> {
    quickest_path(region, start, goal, most_m, &Length)
}

/// The path from `start` to `goal` of the least length by a gauge, if there is one of at most `most`.
///
/// Otherwise as [`shortest_path`]. It looks at the same corners and taut edges: see [`Gauge`] for why they suffice.
///
/// ```
/// use tianlu_engine::frame::Xy;
/// use tianlu_engine::plane::{Gauge, Region, quickest_path};
///
/// /// Seconds in the air at 15 m/s in a wind of 5 m/s from the west.
/// struct Windy;
///
/// impl Gauge for Windy {
///     fn length(&self, from: Xy, to: Xy) -> f64 {
///         let (east, north) = (to.x - from.x, to.y - from.y);
///         // |way - wind t| = 15 t
///         ((25.0 * east * east + 200.0 * (east * east + north * north)).sqrt() - 5.0 * east) / 200.0
///     }
/// }
///
/// let (west, east) = (Xy { x: 0.0, y: 0.0 }, Xy { x: 3000.0, y: 0.0 });
/// let seconds = |from, to| quickest_path(&Region::default(), from, to, f64::INFINITY, &Windy).unwrap().length;
/// assert!((seconds(west, east) - 150.0).abs() < 1e-9 && (seconds(east, west) - 300.0).abs() < 1e-9);
/// ```
pub fn quickest_path(region: &Region, start: Xy, goal: Xy, most: f64, gauge: &impl Gauge) -> Option<Path> {
    if region.contains(start) || region.contains(goal) {
        return None;
    }
    Search::new(region, start, goal, most, gauge).run()
}

/// Node 0 is the start, node 1 the goal, the corners follow in the order in which they become known.
const START: u32 = 0;
const GOAL: u32 = 1;
const NONE: u32 = u32::MAX;

struct Search<'a, G> {
    region: &'a Region,
    gauge: &'a G,
    goal: Xy,
    most: f64,
    nodes: Vec<Node>,
    /// The shapes whose corners are nodes.
    known: HashSet<usize>,
    /// The runs of those corners, each with the node at which it begins.
    runs: Vec<(&'a Run, u32)>,
    /// The nodes that are reached, in the order in which they were.
    reached: Vec<u32>,
    queue: BinaryHeap<Entry>,
}

struct Node {
    at: Xy,
    corner: Option<Corner>,
    /// The straight line to the goal.
    rest: f64,
    /// How far it is by the shortest path known, and the node before it there.
    length: f64,
    parent: u32,
    /// Edges that stood in its way before; they often do so again.
    walls: [Option<Wall>; WALLS],
}

const WALLS: usize = 4;

/// An edge that is yet to be tested.
struct Entry {
    estimate: f64,
    length: f64,
    node: u32,
    from: u32,
}

impl<'a, G: Gauge> Search<'a, G> {
    fn new(region: &'a Region, start: Xy, goal: Xy, most: f64, gauge: &'a G) -> Self {
        let node = |at: Xy| Node::new(at, None, gauge.length(at, goal));
        Self {
            region,
            gauge,
            goal,
            most,
            nodes: vec![node(start), node(goal)],
            known: HashSet::new(),
            runs: Vec::new(),
            reached: Vec::new(),
            queue: BinaryHeap::new(),
        }
    }

    fn run(mut self) -> Option<Path> {
        self.reach(START, START, 0.0);
        while let Some(Entry { length, node, from, .. }) = self.queue.pop() {
            if length >= self.nodes[node as usize].length || self.meets_known_wall(from, node) {
                continue;
            }
            match self.region.wall(self.nodes[from as usize].at, self.nodes[node as usize].at) {
                Some((wall, shape)) => {
                    self.nodes[from as usize].remember(wall);
                    self.nodes[node as usize].remember(wall);
                    if self.known.insert(shape) {
                        self.add_corners(shape);
                    }
                }
                None if node == GOAL => {
                    self.nodes[GOAL as usize].parent = from;
                    return Some(Path { points: self.points(), length });
                }
                None => self.reach(node, from, length),
            }
        }
        None
    }

    /// Does an edge that stood in the way of one of two nodes before stand between them?
    fn meets_known_wall(&self, from: u32, to: u32) -> bool {
        let (from, to) = (&self.nodes[from as usize], &self.nodes[to as usize]);
        let mut walls = from.walls.iter().chain(&to.walls).flatten();
        walls.any(|&wall| self.region.is_wall(wall, from.at, to.at))
    }

    /// Joins the corners of a shape to all that is reached.
    fn add_corners(&mut self, shape: usize) {
        let (corners, runs) = self.region.corners_of(shape);
        let Some(first) = runs.first().map(|run| run.first) else { return };
        let (node, added) = (self.nodes.len() as u32, self.runs.len());
        let node_at =
            |&corner: &Corner| Node::new(corner.at, Some(corner), self.gauge.length(corner.at, self.goal));
        self.nodes.extend(corners.iter().map(node_at));
        self.runs.extend(runs.iter().map(|run| (run, node + run.first - first)));
        for i in 0..self.reached.len() {
            self.join(self.reached[i], added);
        }
    }

    /// A node is reached, or reached on a shorter path: it goes on to every node that is known.
    ///
    /// Shorter paths can come later, since a taut one may need a shape that is not known yet.
    fn reach(&mut self, number: u32, from: u32, length: f64) {
        let node = &mut self.nodes[number as usize];
        if node.parent == NONE {
            self.reached.push(number);
        }
        (node.parent, node.length) = (from, length);
        if node.corner.is_none_or(|corner| corner.is_grazed_from(self.goal)) {
            let length = length + node.rest;
            self.push(Entry { estimate: length, length, node: GOAL, from: number });
        }
        self.join(number, 0);
    }

    /// Puts every edge on which a taut path can go on from a node to some of the runs into the queue.
    fn join(&mut self, from: u32, first_run: usize) {
        let Node { at, corner, length, .. } = self.nodes[from as usize];
        let wedge = corner.as_ref().map(Wedge::new);
        for number in first_run..self.runs.len() {
            let (run, first) = self.runs[number];
            if wedge.as_ref().is_some_and(|wedge| !wedge.may_hold(run)) || !run.may_be_grazed_from(at) {
                continue;
            }
            for number in first..first + run.count {
                let node = &self.nodes[number as usize];
                let taut = node.at != at
                    && corner.is_none_or(|bend| bend.is_grazed_from(node.at))
                    && node.corner.is_none_or(|to| to.is_grazed_from(at));
                if !taut {
                    continue;
                }
                let length = length + self.gauge.length(at, node.at);
                if length < node.length {
                    self.push(Entry { estimate: length + node.rest, length, node: number, from });
                }
            }
        }
    }

    fn push(&mut self, entry: Entry) {
        if entry.estimate <= self.most && entry.estimate < f64::INFINITY {
            self.queue.push(entry);
        }
    }

    fn points(&self) -> Vec<Xy> {
        let mut points = vec![self.goal];
        let mut node = self.nodes[GOAL as usize].parent;
        while node != START {
            points.push(self.nodes[node as usize].at);
            node = self.nodes[node as usize].parent;
        }
        points.push(self.nodes[START as usize].at);
        points.reverse();
        points.dedup();
        points
    }
}

impl Node {
    fn new(at: Xy, corner: Option<Corner>, rest: f64) -> Self {
        Self { at, corner, rest, length: f64::INFINITY, parent: NONE, walls: [None; WALLS] }
    }

    /// The newest wall comes first, the oldest is forgotten.
    fn remember(&mut self, wall: Wall) {
        self.walls.rotate_right(1);
        self.walls[0] = Some(wall);
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
