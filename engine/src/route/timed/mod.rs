//! The earliest arrival among barriers that open and close, over the taut lines between their corners.
//!
//! An edge flown at a known speed crosses a barrier between `a` and `b` seconds after its start, so a barrier closed from
//! `o` to `c` blocks the starts in `(o - b, c - a)`: nothing is sampled. A label is a node and a span of times at which the
//! aircraft is there.
//!
//! - What can hover flies at full speed and waits at nodes: the first arrival in a span in which a node is free holds
//!   all later ones. This is safe-interval path planning, and exact on the graph.
//! - What cannot hover never waits; it chooses its departure and flies each leg at a constant speed of its own. How a
//!   place was reached does not matter there, only when: each time at which a node can be reached is followed up once,
//!   whole spans of them together. Exact on the graph among all such flights; a leg flown at changing speeds could do more.
//!
//! Reference: Phillips and Likhachev 2011, "SIPP: safe interval path planning for dynamic environments".

mod graph;
mod queue;
mod slower;
mod turning;

use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use graph::{Flight, GOAL, Graph, START};
use queue::{Entry, Step};
use slower::Slow;
pub(super) use turning::quickest;

use super::motion::Motion;
use super::schedule::Leg;
use super::turn::{STANDSTILL_S, can_turn};
use super::volumes::Grown;
use crate::frame::{Frame, Xy};
use crate::intervals::{Span, beyond, cover, first_from, free, holding, intersection};
use crate::plane::Region;

/// No leg is flown slower than this over the ground.
const SLOWEST_M_S: f64 = 0.5;

/// A search that comes to so many labels is given up: what never waits can slow down among many windows in too many ways.
const MOST_LABELS: usize = 1 << 16;

/// A grown barrier and the windows in which it is closed.
pub(super) struct TimedRegion {
    pub(super) grown: Arc<Grown>,
    pub(super) windows: Vec<Span>,
}

/// What to search.
#[derive(Clone, Copy)]
pub(super) struct Problem<'a> {
    pub(super) frame: &'a Frame,
    /// Closed all the time.
    pub(super) region: &'a Region,
    /// Closed at times.
    pub(super) timed: &'a [TimedRegion],
    pub(super) start: Xy,
    pub(super) goal: Xy,
    /// How fast it moves over the ground.
    pub(super) motion: Motion,
    /// Can it wait in the air?
    pub(super) can_hover: bool,
    /// Turns tighter than this are made standing, or not at all by what cannot hover; 0 for none.
    pub(super) turn_radius_m: f64,
    /// Lift-off times, and seconds from lift-off to the level.
    pub(super) lift_off: &'a [Span],
    pub(super) climb_s: f64,
    /// Times at which the descent may begin.
    pub(super) landing: &'a [Span],
    /// The end of all times.
    pub(super) horizon_s: f64,
    /// Nothing later than this is of interest.
    pub(super) latest_s: f64,
}

/// A way through: the span of lift-off times, the legs, and when the descent begins.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) lift_off: Span,
    pub(super) legs: Vec<Leg>,
    pub(super) landing_s: f64,
}

/// The aircraft is at a node.
struct Label {
    node: u32,
    /// At any of these times.
    times: Span,
    /// How it came; `None` at the start.
    before: Option<Before>,
    /// The span of lift-off times.
    lift_off: Span,
}

/// The label before, the edge from its node, and the leg as it is flown at full speed.
#[derive(Clone, Copy)]
struct Before {
    label: u32,
    edge: u32,
    leg: Leg,
}

struct TimedSearch<'a> {
    problem: &'a Problem<'a>,
    graph: Graph<'a>,
    labels: Vec<Label>,
    queue: BinaryHeap<Entry>,
    pushed: u32,
    /// When it may land at the goal.
    landing: Vec<Span>,
    /// Where it stands to turn, if only one way is to be flown.
    stops: Option<&'a [usize]>,
    /// The times at which a node is known to be reached; where turns count, coming from another.
    reached: HashMap<(u32, u32), Vec<Span>>,
}

impl<'a> TimedSearch<'a> {
    pub(super) fn new(problem: &'a Problem<'a>) -> Self {
        Self::over(problem, Graph::new(problem), None)
    }

    /// A search for the times of a way from the start to the goal whose turns can be flown; it stands at some of its points.
    ///
    /// Exact for the way, as the search for a way is on its graph.
    pub(super) fn along(problem: &'a Problem<'a>, way: &'a [Xy], stops: &'a [usize]) -> Self {
        Self::over(problem, Graph::along(problem, way), Some(stops))
    }

    fn over(problem: &'a Problem<'a>, mut graph: Graph<'a>, stops: Option<&'a [usize]>) -> Self {
        let landing = intersection(problem.landing, &graph.free_spans(GOAL));
        Self {
            problem,
            graph,
            labels: Vec::new(),
            queue: BinaryHeap::new(),
            pushed: 0,
            landing,
            stops,
            reached: HashMap::new(),
        }
    }

    /// The way that begins its descent first, if there is one.
    pub(super) fn run(mut self) -> Option<Way> {
        self.add_starts();
        while let Some(Entry { step, .. }) = self.queue.pop() {
            if self.labels.len() > MOST_LABELS {
                return None;
            }
            match step {
                Step::Settle { label } => self.settle(label),
                Step::Edge { label, edge } if !self.is_outdated(label) => {
                    self.fly(label, edge);
                    self.push_edge(label, edge + 1);
                }
                Step::Edge { .. } => {}
                Step::Land { label, at_s } => return Some(self.way(label, at_s)),
            }
        }
        None
    }

    fn add_starts(&mut self) {
        let Problem { lift_off, climb_s, can_hover, .. } = *self.problem;
        let above = self.graph.free_spans(START);
        for &lift_off in lift_off {
            let top = (lift_off.0 + climb_s, lift_off.1 + climb_s);
            for &span in above.iter() {
                let times = (top.0.max(span.0), top.1.min(span.1));
                if times.0 <= times.1 {
                    let lift_off = (times.0 - climb_s, times.1 - climb_s);
                    let times = if can_hover { (times.0, span.1) } else { times };
                    self.add_label(Label { node: START, times, before: None, lift_off });
                }
            }
        }
    }

    /// Keeps a label if it reaches its node when that was not yet known to be reached.
    fn add_label(&mut self, label: Label) {
        let key = self.key(&label);
        let reached = self.reached.entry(key).or_default();
        if self.problem.can_hover {
            if holding(reached, label.times.0).is_none() {
                cover(reached, label.times);
                self.push_label(label);
            }
            return;
        }
        let parts = beyond(label.times, reached);
        for &part in &parts {
            cover(reached, part);
        }
        for times in parts {
            self.push_label(Label { times, ..label });
        }
    }

    fn push_label(&mut self, label: Label) {
        let bound_s = label.times.0 + self.graph.rest_s(label.node);
        self.labels.push(label);
        self.push(bound_s, Step::Settle { label: (self.labels.len() - 1) as u32 });
    }

    /// Labels with the same key replace each other.
    fn key(&self, label: &Label) -> (u32, u32) {
        let matters = !self.problem.can_hover && self.problem.turn_radius_m > 0.0 && label.node != GOAL;
        let before = label.before.as_ref().filter(|_| matters);
        (label.node, before.map_or(label.node, |before| self.labels[before.label as usize].node))
    }

    /// Has an earlier arrival been found since?
    fn is_outdated(&self, number: u32) -> bool {
        let label = &self.labels[number as usize];
        self.problem.can_hover
            && self
                .reached
                .get(&self.key(label))
                .and_then(|reached| holding(reached, label.times.0))
                .is_some_and(|known| known.0 < label.times.0)
    }

    /// Takes up what could come to the goal no earlier than at `bound_s`.
    fn push(&mut self, bound_s: f64, step: Step) {
        if let Some((estimate_s, _)) = first_from(&self.landing, bound_s)
            && estimate_s <= self.problem.latest_s
        {
            self.queue.push(Entry { estimate_s, bound_s, order: self.pushed, step });
            self.pushed += 1;
        }
    }

    /// A label is followed up: it lands, or goes on along its edges, the most promising first.
    fn settle(&mut self, number: u32) {
        if self.is_outdated(number) {
            return;
        }
        let Label { node, times, .. } = self.labels[number as usize];
        if node == GOAL {
            if let Some((at_s, _)) = first_from(&self.landing, times.0)
                && at_s <= times.1
            {
                self.push(at_s, Step::Land { label: number, at_s });
            }
        } else {
            self.push_edge(number, 0);
        }
    }

    fn push_edge(&mut self, label: u32, edge: u32) {
        let Label { node, times, .. } = self.labels[label as usize];
        if let Some(next) = self.graph.edge(node, edge) {
            self.push(times.0 + next.least_s, Step::Edge { label, edge });
        }
    }

    fn fly(&mut self, number: u32, edge: u32) {
        let label = &self.labels[number as usize];
        let node = label.node;
        let Some(to) = self.graph.edge(node, edge).map(|edge| edge.to) else { return };
        let Some(pause_s) = self.pause_s(number, to) else { return };
        if self.is_in_vain(number, to) {
            return;
        }
        let Some(flight) = self.graph.flight(node, edge) else { return };
        if self.problem.can_hover {
            self.fly_waiting(number, edge, to, pause_s, &flight);
        } else {
            self.fly_on(number, edge, to, &flight);
        }
    }

    /// Seconds to stand before a label's node is left for another; `None` if it cannot turn there.
    fn pause_s(&self, number: u32, to: u32) -> Option<f64> {
        let Label { node, before, .. } = &self.labels[number as usize];
        if let Some(stops) = self.stops {
            let stands = self.graph.place_on_way(*node).is_some_and(|place| stops.contains(&place));
            return Some(if stands { STANDSTILL_S } else { 0.0 });
        }
        let Some(before) = before else { return Some(0.0) };
        let from = self.graph.at(self.labels[before.label as usize].node);
        let can_turn = can_turn(from, self.graph.at(*node), self.graph.at(to), self.problem.turn_radius_m);
        match can_turn {
            true => Some(0.0),
            false => self.problem.can_hover.then_some(STANDSTILL_S),
        }
    }

    /// Is a node known to be reached whenever it could be from a label?
    fn is_in_vain(&mut self, number: u32, to: u32) -> bool {
        let label = &self.labels[number as usize];
        let matters = !self.problem.can_hover && self.problem.turn_radius_m > 0.0 && to != GOAL;
        let key = (to, if matters { label.node } else { to });
        let least_s = self.problem.motion.least_seconds(self.graph.at(label.node), self.graph.at(to));
        let known = self.reached.get(&key).and_then(|reached| holding(reached, label.times.0 + least_s));
        let last = self.graph.free_spans(to).last().copied();
        known.zip(last).is_some_and(|(known, last)| known.1 >= last.1)
    }

    /// Flies an edge at full speed in every free span of its starts; there it may wait.
    fn fly_waiting(&mut self, number: u32, edge: u32, to: u32, pause_s: f64, flight: &Flight) {
        let Label { times, lift_off, .. } = self.labels[number as usize];
        let travel_s = flight.travel_s;
        let spans = self.graph.free_spans(to);
        for starts in free(flight.blocked(self.graph.gates(flight)), times.0 + pause_s, times.1) {
            for &span in spans.iter() {
                let arrival_s = (starts.0 + travel_s).max(span.0);
                if arrival_s <= (starts.1 + travel_s).min(span.1) {
                    let departs = (arrival_s - travel_s, starts.1.min(span.1 - travel_s));
                    let leg = Leg { to: self.graph.at(to), travel_s, pause_s, departs };
                    let before = Some(Before { label: number, edge, leg });
                    self.add_label(Label { node: to, times: (arrival_s, span.1), before, lift_off });
                }
            }
        }
    }

    /// Flies an edge at every speed, from every time of the label.
    fn fly_on(&mut self, number: u32, edge: u32, to: u32, flight: &Flight) {
        let Label { times, lift_off, node, .. } = self.labels[number as usize];
        let arrivals = self.slow(node, to, times, flight).arrivals();
        let leg = Leg { to: self.graph.at(to), travel_s: flight.travel_s, pause_s: 0.0, departs: times };
        let before = Some(Before { label: number, edge, leg });
        let spans = self.graph.free_spans(to);
        for arrivals in arrivals {
            for &span in spans.iter() {
                let times = (arrivals.0.max(span.0), arrivals.1.min(span.1));
                if times.0 <= times.1 {
                    self.add_label(Label { node: to, times, before, lift_off });
                }
            }
        }
    }

    fn slow(&self, node: u32, to: u32, starts: Span, flight: &Flight) -> Slow<'_> {
        let length_m = self.problem.frame.length(self.graph.at(node), self.graph.at(to));
        let takes = (flight.travel_s, flight.travel_s.max(length_m / SLOWEST_M_S));
        Slow { starts, takes, gates: self.graph.gates(flight) }
    }

    fn way(&mut self, label: u32, landing_s: f64) -> Way {
        let mut legs = Vec::new();
        let (mut label, mut at_s) = (label, landing_s);
        let lift_off = self.labels[label as usize].lift_off;
        while let Some(Before { label: before, edge, mut leg }) = self.labels[label as usize].before {
            if !self.problem.can_hover {
                let Label { node, times, .. } = self.labels[before as usize];
                let to = self.labels[label as usize].node;
                if let Some(flight) = self.graph.flight(node, edge) {
                    let start = self.slow(node, to, times, &flight).latest_start(at_s);
                    let start_s = start.unwrap_or(at_s - leg.travel_s);
                    (leg.travel_s, leg.departs) = (at_s - start_s, (start_s, start_s));
                    at_s = start_s;
                }
            }
            legs.push(leg);
            label = before;
        }
        legs.reverse();
        Way { lift_off, legs, landing_s }
    }
}

#[cfg(test)]
mod tests;
