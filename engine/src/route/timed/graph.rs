//! The corners around which a path can bend, and the straight lines between them, each made when it is first needed.

use std::sync::Arc;

use super::super::intervals::{Span, free};
use super::slower::Gate;
use super::{Problem, TimedRegion};
use crate::frame::Xy;
use crate::plane::{Corner, Region};

pub(super) const START: u32 = 0;
pub(super) const GOAL: u32 = 1;

/// A line on which a taut path can go on from a node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) to: u32,
    /// At least so many seconds to the goal this way.
    pub(super) least_s: f64,
}

/// The edges of a node in the order of the least time to the goal: only as many are sorted as are asked for.
struct Edges {
    edges: Vec<Edge>,
    sorted: usize,
    /// How the first of them are flown, as far as that is known.
    flown: Vec<Flown>,
}

#[derive(Clone)]
enum Flown {
    Untested,
    Never,
    At(Arc<Flight>),
}

/// How an edge is flown at full speed: the seconds it takes, and the windows of barriers that it meets.
pub(super) struct Flight {
    pub(super) travel_s: f64,
    pub(super) gates: Vec<Gate>,
}

struct Node {
    at: Xy,
    corner: Option<Corner>,
    /// At least so many seconds to the goal; NaN until it is asked for.
    rest_s: f64,
    spans: Option<Arc<Vec<Span>>>,
    edges: Option<Edges>,
}

/// A timed region with the box around it.
struct Boxed<'a> {
    timed: &'a TimedRegion,
    low: Xy,
    high: Xy,
}

pub(super) struct Graph<'a> {
    problem: &'a Problem<'a>,
    /// Start, goal, the corners of the region and of the timed regions.
    nodes: Vec<Node>,
    /// Each region and its first node.
    regions: Vec<(&'a Region, u32)>,
    timed: Vec<Boxed<'a>>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(problem: &'a Problem<'a>) -> Self {
        let node =
            |at: Xy, corner: Option<Corner>| Node { at, corner, rest_s: f64::NAN, spans: None, edges: None };
        let mut nodes = vec![node(problem.start, None), node(problem.goal, None)];
        let timed = problem.timed.iter().map(|timed: &TimedRegion| &timed.grown.region);
        let mut regions = Vec::new();
        for region in std::iter::once(problem.region).chain(timed) {
            regions.push((region, nodes.len() as u32));
            nodes.extend(region.corners().iter().map(|corner| node(corner.at, Some(*corner))));
        }
        Self { problem, nodes, regions, timed: problem.timed.iter().map(Boxed::new).collect() }
    }

    pub(super) fn at(&self, node: u32) -> Xy {
        self.nodes[node as usize].at
    }

    /// At least so many seconds from a node to the goal.
    pub(super) fn rest_s(&mut self, number: u32) -> f64 {
        let node = &mut self.nodes[number as usize];
        if node.rest_s.is_nan() {
            node.rest_s = self.problem.motion.least_seconds(node.at, self.problem.goal);
        }
        node.rest_s
    }

    /// The spans in which no closed barrier holds a node.
    pub(super) fn free_spans(&mut self, number: u32) -> Arc<Vec<Span>> {
        let node = &mut self.nodes[number as usize];
        let (at, timed, horizon_s) = (node.at, &self.timed, self.problem.horizon_s);
        let made = || {
            let holding = timed.iter().filter(|boxed| boxed.contains(at));
            let blocked = holding.flat_map(|boxed| boxed.timed.windows.iter().copied()).collect();
            Arc::new(free(blocked, 0.0, horizon_s))
        };
        Arc::clone(node.spans.get_or_insert_with(made))
    }

    /// An edge of a node, in the order of the least time to the goal.
    pub(super) fn edge(&mut self, node: u32, position: u32) -> Option<Edge> {
        if self.nodes[node as usize].edges.is_none() {
            self.nodes[node as usize].edges = Some(Edges::new(self.edges_of(node)));
        }
        self.nodes[node as usize].edges.as_mut()?.get(position as usize)
    }

    /// How an edge is flown; `None` if the region is in its way.
    pub(super) fn flight(&mut self, node: u32, position: u32) -> Option<Arc<Flight>> {
        let to = self.edge(node, position)?.to;
        let position = position as usize;
        let known = self.nodes[node as usize].edges.as_ref()?.flown.get(position).cloned();
        let flown = match known {
            None | Some(Flown::Untested) => {
                let (here, there) = (self.at(node), self.at(to));
                let flown = match self.problem.region.blocks(here, there) {
                    true => Flown::Never,
                    false => Flown::At(Arc::new(self.flown(here, there))),
                };
                let all = &mut self.nodes[node as usize].edges.as_mut()?.flown;
                all.resize(all.len().max(position + 1), Flown::Untested);
                all[position] = flown.clone();
                flown
            }
            Some(flown) => flown,
        };
        match flown {
            Flown::At(flight) => Some(flight),
            Flown::Untested | Flown::Never => None,
        }
    }

    fn flown(&self, here: Xy, there: Xy) -> Flight {
        let travel_s = self.problem.motion.seconds(self.problem.frame, here, there);
        let mut gates = Vec::new();
        for boxed in self.timed.iter().filter(|boxed| boxed.may_meet(here, there)) {
            for (enters, leaves) in boxed.timed.grown.region.shares_inside(here, there) {
                gates.extend(boxed.timed.windows.iter().map(|&closed| Gate { enters, leaves, closed }));
            }
        }
        Flight { travel_s, gates }
    }

    fn edges_of(&mut self, number: u32) -> Vec<Edge> {
        let Problem { motion, goal, latest_s, .. } = self.problem;
        let Node { at: here, corner, .. } = self.nodes[number as usize];
        let mut edges: Vec<Edge> = Vec::new();
        if corner.is_none_or(|corner| corner.is_grazed_from(*goal)) {
            edges.push(Edge { to: GOAL, least_s: self.rest_s(number) });
        }
        for &(region, first) in &self.regions {
            region.taut_corners(here, corner.as_ref(), |i, there| {
                let to = first + i as u32;
                let node = &mut self.nodes[to as usize];
                if node.rest_s.is_nan() {
                    node.rest_s = motion.least_seconds(there.at, *goal);
                }
                edges.push(Edge { to, least_s: motion.least_seconds(here, there.at) + node.rest_s });
            });
        }
        edges.retain(|edge| edge.least_s <= *latest_s);
        edges
    }
}

impl Edges {
    fn new(edges: Vec<Edge>) -> Self {
        Self { edges, sorted: 0, flown: Vec::new() }
    }

    fn get(&mut self, position: usize) -> Option<Edge> {
        /// So many are sorted at first, then as many again.
        const FIRST: usize = 8;
        let order = |a: &Edge, b: &Edge| a.least_s.total_cmp(&b.least_s).then(a.to.cmp(&b.to));
        while position >= self.sorted && self.sorted < self.edges.len() {
            let rest = &mut self.edges[self.sorted..];
            let more = self.sorted.max(FIRST).min(rest.len());
            if more < rest.len() {
                rest.select_nth_unstable_by(more - 1, order);
            }
            rest[..more].sort_unstable_by(order);
            self.sorted += more;
        }
        self.edges.get(position).copied()
    }
}

impl<'a> Boxed<'a> {
    fn new(timed: &'a TimedRegion) -> Self {
        let corners = timed.grown.region.corners().iter().map(|corner| corner.at);
        let none = Xy { x: f64::INFINITY, y: f64::INFINITY };
        let (low, high) = corners.fold((none, none * -1.0), |(low, high), at| {
            (Xy { x: low.x.min(at.x), y: low.y.min(at.y) }, Xy { x: high.x.max(at.x), y: high.y.max(at.y) })
        });
        Self { timed, low, high }
    }

    fn contains(&self, at: Xy) -> bool {
        let boxed = self.low.x <= at.x && at.x <= self.high.x && self.low.y <= at.y && at.y <= self.high.y;
        boxed && self.timed.grown.region.contains(at)
    }

    /// Does a straight line come near the box?
    fn may_meet(&self, a: Xy, b: Xy) -> bool {
        const SLACK_M: f64 = 1e-6;
        let (half, middle) = ((self.high - self.low) / 2.0, (self.low + self.high) / 2.0);
        let (along, off) = ((b - a) / 2.0, (a + b) / 2.0 - middle);
        let reach = Xy { x: half.x + SLACK_M, y: half.y + SLACK_M };
        off.x.abs() <= reach.x + along.x.abs()
            && off.y.abs() <= reach.y + along.y.abs()
            && (along.x * off.y - along.y * off.x).abs() <= reach.x * along.y.abs() + reach.y * along.x.abs()
    }
}

impl Flight {
    /// Starts that run into a closed barrier at full speed, as open intervals.
    pub(super) fn blocked(&self) -> Vec<Span> {
        let window = |gate: &Gate| {
            (gate.closed.0 - gate.leaves * self.travel_s, gate.closed.1 - gate.enters * self.travel_s)
        };
        self.gates.iter().map(window).collect()
    }
}
