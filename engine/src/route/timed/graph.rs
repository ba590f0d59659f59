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
pub(super) struct Edge {
    pub(super) to: u32,
    /// At least so many seconds to the goal this way.
    pub(super) least_s: f64,
    flown: Flown,
}

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
    spans: Option<Arc<Vec<Span>>>,
    edges: Option<Vec<Edge>>,
}

pub(super) struct Graph<'a> {
    problem: &'a Problem<'a>,
    /// Start, goal, the corners of the region and of the timed regions.
    nodes: Vec<Node>,
    /// Each region and its first node.
    regions: Vec<(&'a Region, u32)>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(problem: &'a Problem<'a>) -> Self {
        let node = |at: Xy, corner: Option<Corner>| Node { at, corner, spans: None, edges: None };
        let mut nodes = vec![node(problem.start, None), node(problem.goal, None)];
        let timed = problem.timed.iter().map(|timed: &TimedRegion| &timed.grown.region);
        let mut regions = Vec::new();
        for region in std::iter::once(problem.region).chain(timed) {
            regions.push((region, nodes.len() as u32));
            nodes.extend(region.corners().iter().map(|corner| node(corner.at, Some(*corner))));
        }
        Self { problem, nodes, regions }
    }

    pub(super) fn at(&self, node: u32) -> Xy {
        self.nodes[node as usize].at
    }

    /// At least so many seconds from a node to the goal.
    pub(super) fn rest_s(&self, node: u32) -> f64 {
        self.problem.motion.least_seconds(self.at(node), self.problem.goal)
    }

    /// The spans in which no closed barrier holds a node.
    pub(super) fn free_spans(&mut self, number: u32) -> Arc<Vec<Span>> {
        let node = &mut self.nodes[number as usize];
        let problem = self.problem;
        let made = || {
            let holding = problem.timed.iter().filter(|timed| timed.grown.region.contains(node.at));
            let blocked = holding.flat_map(|timed| timed.windows.iter().copied()).collect();
            Arc::new(free(blocked, 0.0, problem.horizon_s))
        };
        Arc::clone(node.spans.get_or_insert_with(made))
    }

    /// An edge of a node, in the order of the least time to the goal.
    pub(super) fn edge(&mut self, node: u32, position: u32) -> Option<&mut Edge> {
        if self.nodes[node as usize].edges.is_none() {
            self.nodes[node as usize].edges = Some(self.edges_of(node));
        }
        self.nodes[node as usize].edges.as_mut()?.get_mut(position as usize)
    }

    /// How an edge is flown; `None` if the region is in its way.
    pub(super) fn flight(&mut self, node: u32, position: u32) -> Option<Arc<Flight>> {
        let problem = self.problem;
        let here = self.at(node);
        let to = self.edge(node, position)?.to;
        let there = self.at(to);
        let edge = self.edge(node, position)?;
        if let Flown::Untested = edge.flown {
            edge.flown = match problem.region.blocks(here, there) {
                true => Flown::Never,
                false => Flown::At(Arc::new(Flight::new(problem, here, there))),
            };
        }
        match &edge.flown {
            Flown::At(flight) => Some(Arc::clone(flight)),
            Flown::Untested | Flown::Never => None,
        }
    }

    fn edges_of(&self, number: u32) -> Vec<Edge> {
        let Problem { motion, goal, latest_s, .. } = self.problem;
        let Node { at: here, corner, .. } = self.nodes[number as usize];
        let mut edges: Vec<Edge> = Vec::new();
        let mut add = |to: u32, there: Xy| {
            let least_s = motion.least_seconds(here, there) + motion.least_seconds(there, *goal);
            if least_s <= *latest_s {
                edges.push(Edge { to, least_s, flown: Flown::Untested });
            }
        };
        if corner.is_none_or(|corner| corner.is_grazed_from(*goal)) {
            add(GOAL, *goal);
        }
        for &(region, first) in &self.regions {
            region.taut_corners(here, corner.as_ref(), |i, there| add(first + i as u32, there.at));
        }
        edges.sort_unstable_by(|a, b| a.least_s.total_cmp(&b.least_s).then(a.to.cmp(&b.to)));
        edges
    }
}

impl Flight {
    fn new(problem: &Problem<'_>, here: Xy, there: Xy) -> Self {
        let travel_s = problem.motion.seconds(problem.frame, here, there);
        let mut gates = Vec::new();
        for timed in problem.timed {
            for (enters, leaves) in timed.grown.region.shares_inside(here, there) {
                gates.extend(timed.windows.iter().map(|&closed| Gate { enters, leaves, closed }));
            }
        }
        Self { travel_s, gates }
    }

    /// Starts that run into a closed barrier at full speed, as open intervals.
    pub(super) fn blocked(&self) -> Vec<Span> {
        let window = |gate: &Gate| {
            (gate.closed.0 - gate.leaves * self.travel_s, gate.closed.1 - gate.enters * self.travel_s)
        };
        self.gates.iter().map(window).collect()
    }
}
