//! The corners around which a path can bend, and the straight lines between them, each made when it is first needed.

use std::ops::Range;
use std::sync::Arc;

use super::slower::Gate;
use super::{Problem, TimedRegion};
use crate::frame::Xy;
use crate::intervals::{Span, free};
use crate::plane::{Corner, Region};

pub(super) const START: u32 = 0;
pub(super) const GOAL: u32 = 1;

/// A line on which a taut path can go on from a node.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) to: u32,
    flown: Flown,
    /// At least so many seconds to the goal this way.
    pub(super) least_s: f64,
}

#[derive(Debug, Clone, Copy)]
enum Flown {
    Untested,
    Never,
    As(u32),
}

/// How an edge is flown at full speed: the seconds it takes, and the windows of barriers that it meets.
#[derive(Debug, Clone)]
pub(super) struct Flight {
    pub(super) travel_s: f64,
    gates: Range<usize>,
}

/// What is known of a node that is or may be reached. Its edges come in the order of the least time to the goal: only as
/// many are sorted as are asked for.
#[derive(Default)]
struct Known {
    spans: Option<Arc<Vec<Span>>>,
    edges: Option<Range<usize>>,
    sorted: usize,
}

/// A timed region with the box around it.
struct Boxed<'a> {
    timed: &'a TimedRegion,
    low: Xy,
    high: Xy,
}

/// The nodes are the start, the goal, the corners of the region and those of the timed regions; or the points of a way.
pub(super) struct Graph<'a> {
    problem: &'a Problem<'a>,
    /// The one way there is, if only that is to be flown.
    way: Option<&'a [Xy]>,
    /// Each region with its first node.
    regions: Vec<(u32, &'a Region)>,
    timed: Vec<Boxed<'a>>,
    /// At least so many seconds to the goal, by node; NaN until it is asked for.
    rest_s: Vec<f64>,
    /// Where a node stands in `known`, if it does.
    numbers: Vec<u32>,
    known: Vec<Known>,
    edges: Vec<Edge>,
    flights: Vec<Flight>,
    gates: Vec<Gate>,
    /// The spans of all nodes that no timed barrier holds.
    always: Arc<Vec<Span>>,
}

const NONE: u32 = u32::MAX;

impl<'a> Graph<'a> {
    pub(super) fn new(problem: &'a Problem<'a>) -> Self {
        let timed = problem.timed.iter().map(|timed: &TimedRegion| &timed.grown.region);
        let mut regions = Vec::new();
        let mut count = 2;
        for region in std::iter::once(problem.region).chain(timed) {
            regions.push((count as u32, region));
            count += region.corners().len();
        }
        Self {
            problem,
            way: None,
            regions,
            timed: problem.timed.iter().map(Boxed::new).collect(),
            rest_s: vec![f64::NAN; count],
            numbers: vec![NONE; count],
            known: Vec::new(),
            edges: Vec::new(),
            flights: Vec::new(),
            gates: Vec::new(),
            always: Arc::new(free(Vec::new(), 0.0, problem.horizon_s)),
        }
    }

    /// Only the lines of a way from the start to the goal.
    pub(super) fn along(problem: &'a Problem<'a>, way: &'a [Xy]) -> Self {
        let count = way.len().max(2);
        let (rest_s, numbers) = (vec![f64::NAN; count], vec![NONE; count]);
        Self { way: Some(way), regions: Vec::new(), rest_s, numbers, ..Self::new(problem) }
    }

    pub(super) fn at(&self, node: u32) -> Xy {
        match (node, self.way) {
            (START, _) => self.problem.start,
            (GOAL, _) => self.problem.goal,
            (_, Some(way)) => way[node as usize - 1],
            (_, None) => self.corner(node).at,
        }
    }

    /// Which point of the way a node is.
    pub(super) fn place_on_way(&self, node: u32) -> Option<usize> {
        let way = self.way?;
        Some(match node {
            START => 0,
            GOAL => way.len() - 1,
            _ => node as usize - 1,
        })
    }

    fn corner(&self, node: u32) -> &'a Corner {
        let (first, region) = self.regions[self.regions.partition_point(|region| region.0 <= node) - 1];
        &region.corners()[(node - first) as usize]
    }

    fn known(&mut self, node: u32) -> &mut Known {
        let number = &mut self.numbers[node as usize];
        if *number == NONE {
            *number = self.known.len() as u32;
            self.known.push(Known::default());
        }
        &mut self.known[*number as usize]
    }

    /// At least so many seconds from a node to the goal.
    pub(super) fn rest_s(&mut self, node: u32) -> f64 {
        if self.rest_s[node as usize].is_nan() {
            self.rest_s[node as usize] = self.problem.motion.least_seconds(self.at(node), self.problem.goal);
        }
        self.rest_s[node as usize]
    }

    /// The spans in which no closed barrier holds a node.
    pub(super) fn free_spans(&mut self, node: u32) -> Arc<Vec<Span>> {
        if let Some(spans) = &self.known(node).spans {
            return Arc::clone(spans);
        }
        let at = self.at(node);
        let holding = self.timed.iter().filter(|boxed| boxed.contains(at));
        let blocked: Vec<Span> = holding.flat_map(|boxed| boxed.timed.windows.iter().copied()).collect();
        let spans = match blocked.is_empty() {
            true => Arc::clone(&self.always),
            false => Arc::new(free(blocked, 0.0, self.problem.horizon_s)),
        };
        self.known(node).spans = Some(Arc::clone(&spans));
        spans
    }

    /// An edge of a node, in the order of the least time to the goal.
    pub(super) fn edge(&mut self, node: u32, position: u32) -> Option<Edge> {
        /// So many are sorted at first, then as many again.
        const FIRST: usize = 8;
        if self.known(node).edges.is_none() {
            let edges = self.add_edges(node);
            self.known(node).edges = Some(edges);
        }
        let known = self.known(node);
        let (edges, mut sorted) = (known.edges.clone()?, known.sorted);
        let edges = &mut self.edges[edges];
        let order = |a: &Edge, b: &Edge| a.least_s.total_cmp(&b.least_s).then(a.to.cmp(&b.to));
        while position as usize >= sorted && sorted < edges.len() {
            let rest = &mut edges[sorted..];
            let more = sorted.max(FIRST).min(rest.len());
            if more < rest.len() {
                rest.select_nth_unstable_by(more - 1, order);
            }
            rest[..more].sort_unstable_by(order);
            sorted += more;
        }
        let edge = edges.get(position as usize).copied();
        self.known(node).sorted = sorted;
        edge
    }

    /// How an edge is flown; `None` if the region is in its way.
    pub(super) fn flight(&mut self, node: u32, position: u32) -> Option<Flight> {
        let Edge { to, flown, .. } = self.edge(node, position)?;
        match flown {
            Flown::As(flight) => Some(self.flights[flight as usize].clone()),
            Flown::Never => None,
            Flown::Untested => {
                let (here, there) = (self.at(node), self.at(to));
                let flight = (!self.problem.region.blocks(here, there)).then(|| self.flown(here, there));
                let place = self.known(node).edges.as_ref()?.start + position as usize;
                self.edges[place].flown = match &flight {
                    Some(flight) => {
                        self.flights.push(flight.clone());
                        Flown::As(self.flights.len() as u32 - 1)
                    }
                    None => Flown::Never,
                };
                flight
            }
        }
    }

    fn flown(&mut self, here: Xy, there: Xy) -> Flight {
        let travel_s = self.problem.motion.seconds(self.problem.frame, here, there);
        let first = self.gates.len();
        for boxed in self.timed.iter().filter(|boxed| boxed.may_meet(here, there)) {
            for (enters, leaves) in boxed.timed.grown.region.shares_inside(here, there) {
                self.gates.extend(boxed.timed.windows.iter().map(|&closed| Gate { enters, leaves, closed }));
            }
        }
        Flight { travel_s, gates: first..self.gates.len() }
    }

    pub(super) fn gates(&self, flight: &Flight) -> &[Gate] {
        &self.gates[flight.gates.clone()]
    }

    fn add_edges(&mut self, node: u32) -> Range<usize> {
        let Problem { motion, goal, latest_s, .. } = self.problem;
        let here = self.at(node);
        if let (Some(way), Some(place)) = (self.way, self.place_on_way(node)) {
            let first = self.edges.len();
            let to = if place + 2 < way.len() { place as u32 + 2 } else { GOAL };
            let least_s = motion.least_seconds(here, self.at(to)) + self.rest_s(to);
            self.edges.push(Edge { to, flown: Flown::Untested, least_s });
            return first..first + 1;
        }
        let corner = (node != START && node != GOAL).then(|| self.corner(node));
        let first = self.edges.len();
        let mut add = |to: u32, least_s: f64| {
            if least_s <= *latest_s {
                self.edges.push(Edge { to, flown: Flown::Untested, least_s });
            }
        };
        if corner.is_none_or(|corner| corner.is_grazed_from(*goal)) {
            add(GOAL, motion.least_seconds(here, *goal));
        }
        for &(first, region) in &self.regions {
            region.taut_corners(here, corner, |i, there| {
                let rest_s = &mut self.rest_s[first as usize + i];
                if rest_s.is_nan() {
                    *rest_s = motion.least_seconds(there.at, *goal);
                }
                add(first + i as u32, motion.least_seconds(here, there.at) + *rest_s);
            });
        }
        first..self.edges.len()
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
    pub(super) fn blocked(&self, gates: &[Gate]) -> Vec<Span> {
        let window = |gate: &Gate| {
            (gate.closed.0 - gate.leaves * self.travel_s, gate.closed.1 - gate.enters * self.travel_s)
        };
        gates.iter().map(window).collect()
    }
}
