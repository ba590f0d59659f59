//! The earliest arrival among barriers that open and close: safe-interval path planning on the visibility graph.
//!
//! A state is a corner and one of the spans of time in which it is free; the first arrival in a state is the best, since
//! the aircraft can wait there. An edge flown at a known speed crosses a barrier between `a` and `b` seconds after its
//! start, so a barrier closed from `o` to `c` blocks the starts in `(o - b, c - a)`: nothing is sampled.
//!
//! Reference: Phillips and Likhachev 2011, "SIPP: safe interval path planning for dynamic environments".

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::sync::Arc;

use super::intervals::{Span, first_from, free};
use super::motion::Motion;
use super::schedule::Leg;
use super::turn::pause_s;
use super::volumes::Grown;
use crate::frame::{Frame, Xy};
use crate::plane::{Corner, Region};

/// A grown barrier and the windows in which it is closed.
pub(super) struct TimedRegion {
    pub(super) grown: Arc<Grown>,
    pub(super) windows: Vec<Span>,
}

/// What to search.
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
    /// Turns tighter than this are made standing; 0 for none.
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
pub(super) struct Way {
    pub(super) lift_off: Span,
    pub(super) legs: Vec<Leg>,
    pub(super) landing_s: f64,
}

const START: u32 = 0;
const GOAL: u32 = 1;

/// The arrival at a node in one of its free spans.
struct Label {
    node: u32,
    span: Span,
    arrival_s: f64,
    /// The label before, and the leg from it; for the first, the span of lift-off times.
    before: Option<(u32, Leg)>,
    lift_off: Span,
}

/// What the queue holds: an edge yet to be tested, an arrival, or a landing.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    Edge { label: u32, to: u32, pause_s: f64 },
    Arrive { label: u32 },
    Land { label: u32, at_s: f64 },
}

struct Entry {
    estimate_s: f64,
    order: u32,
    step: Step,
}

/// How an edge crosses the timed barriers: `None` if it is blocked for good, else barrier and seconds in and out.
type Crossings = Option<Arc<Vec<(usize, f64, f64)>>>;

pub(super) struct TimedSearch<'a> {
    problem: Problem<'a>,
    nodes: Vec<(Xy, Option<Corner>)>,
    labels: Vec<Label>,
    queue: BinaryHeap<Entry>,
    pushed: u32,
    spans: HashMap<u32, Arc<Vec<Span>>>,
    crossings: HashMap<(u32, u32), Crossings>,
    settled: HashSet<(u32, u64)>,
}

impl<'a> TimedSearch<'a> {
    pub(super) fn new(problem: Problem<'a>) -> Self {
        let mut nodes = vec![(problem.start, None), (problem.goal, None)];
        nodes.extend(problem.region.corners().iter().map(|c| (c.at, Some(*c))));
        let timed = problem.timed.iter().flat_map(|timed| timed.grown.region.corners());
        nodes.extend(timed.filter(|c| !problem.region.contains(c.at)).map(|c| (c.at, Some(*c))));
        Self {
            problem,
            nodes,
            labels: Vec::new(),
            queue: BinaryHeap::new(),
            pushed: 0,
            spans: HashMap::new(),
            crossings: HashMap::new(),
            settled: HashSet::new(),
        }
    }

    /// The way that begins its descent first, if there is one.
    pub(super) fn run(mut self) -> Option<Way> {
        self.add_starts();
        while let Some(Entry { step, .. }) = self.queue.pop() {
            match step {
                Step::Edge { label, to, pause_s } => self.fly(label, to, pause_s),
                Step::Arrive { label } => self.settle(label),
                Step::Land { label, at_s } => return Some(self.way(label, at_s)),
            }
        }
        None
    }

    fn add_starts(&mut self) {
        let above = self.free_spans(START);
        for &lift_off in self.problem.lift_off {
            let top = (lift_off.0 + self.problem.climb_s, lift_off.1 + self.problem.climb_s);
            for &span in above.iter() {
                let arrival_s = top.0.max(span.0);
                if arrival_s <= top.1.min(span.1) {
                    let departs =
                        (arrival_s - self.problem.climb_s, top.1.min(span.1) - self.problem.climb_s);
                    self.add_label(Label { node: START, span, arrival_s, before: None, lift_off: departs });
                }
            }
        }
    }

    fn add_label(&mut self, label: Label) {
        let rest = self.problem.motion.least_seconds(self.nodes[label.node as usize].0, self.problem.goal);
        let estimate_s = label.arrival_s + rest;
        self.labels.push(label);
        self.push(estimate_s, Step::Arrive { label: (self.labels.len() - 1) as u32 });
    }

    fn push(&mut self, estimate_s: f64, step: Step) {
        if estimate_s <= self.problem.latest_s {
            self.queue.push(Entry { estimate_s, order: self.pushed, step });
            self.pushed += 1;
        }
    }

    /// The first arrival in a state goes on to every corner around which a taut path can bend.
    fn settle(&mut self, number: u32) {
        let Label { node, span, arrival_s, .. } = self.labels[number as usize];
        if !self.settled.insert((node, span.0.to_bits())) {
            return;
        }
        if node == GOAL {
            if let Some((at_s, _)) = first_from(self.problem.landing, arrival_s)
                && at_s <= span.1
            {
                self.push(at_s, Step::Land { label: number, at_s });
            }
            return;
        }
        let (here, bend) = self.nodes[node as usize];
        for to in 1..self.nodes.len() as u32 {
            let (there, corner) = self.nodes[to as usize];
            let taut =
                bend.is_none_or(|c| c.is_grazed_from(there)) && corner.is_none_or(|c| c.is_grazed_from(here));
            if taut && (there != here || to == GOAL) {
                let pause = self.pause(number, here, there);
                let motion = &self.problem.motion;
                let least =
                    motion.least_seconds(here, there) + motion.least_seconds(there, self.problem.goal);
                let estimate_s = arrival_s + pause + least;
                self.push(estimate_s, Step::Edge { label: number, to, pause_s: pause });
            }
        }
    }

    /// Seconds to stand at a label's node before it goes on to `there`.
    fn pause(&self, label: u32, here: Xy, there: Xy) -> f64 {
        match self.labels[label as usize].before {
            Some((before, _)) => {
                let from = self.nodes[self.labels[before as usize].node as usize].0;
                pause_s(from, here, there, self.problem.turn_radius_m)
            }
            None => 0.0,
        }
    }

    /// Flies an edge in every free span of its starts: the first of each is an arrival.
    fn fly(&mut self, label: u32, to: u32, pause_s: f64) {
        let Label { node, span, arrival_s, lift_off, .. } = self.labels[label as usize];
        let Some(crossings) = self.crossings_of(node, to) else { return };
        let (here, there) = (self.nodes[node as usize].0, self.nodes[to as usize].0);
        let travel_s = self.problem.motion.seconds(self.problem.frame, here, there);
        let blocked = crossings.iter().flat_map(|&(timed, enters, leaves)| {
            self.problem.timed[timed]
                .windows
                .iter()
                .map(move |&(opens, closes)| (opens - leaves, closes - enters))
        });
        let starts = free(blocked.collect(), arrival_s + pause_s, span.1);
        let there_spans = self.free_spans(to);
        for departs in starts {
            for &span in there_spans.iter() {
                let arrival_s = (departs.0 + travel_s).max(span.0);
                if arrival_s <= (departs.1 + travel_s).min(span.1) {
                    let departs = (arrival_s - travel_s, departs.1.min(span.1 - travel_s));
                    let leg = Leg { to: there, travel_s, pause_s, departs };
                    if !self.settled.contains(&(to, span.0.to_bits())) {
                        self.add_label(Label {
                            node: to,
                            span,
                            arrival_s,
                            before: Some((label, leg)),
                            lift_off,
                        });
                    }
                }
            }
        }
    }

    fn crossings_of(&mut self, from: u32, to: u32) -> Crossings {
        let key = (from, to);
        if let Some(known) = self.crossings.get(&key) {
            return known.clone();
        }
        let (here, there) = (self.nodes[from as usize].0, self.nodes[to as usize].0);
        let found = (!self.problem.region.blocks(here, there)).then(|| {
            let seconds = self.problem.motion.seconds(self.problem.frame, here, there);
            let mut crossings = Vec::new();
            for (number, timed) in self.problem.timed.iter().enumerate() {
                for (enters, leaves) in timed.grown.region.shares_inside(here, there) {
                    crossings.push((number, enters * seconds, leaves * seconds));
                }
            }
            Arc::new(crossings)
        });
        self.crossings.insert(key, found.clone());
        found
    }

    /// The spans in which no closed barrier holds a node.
    fn free_spans(&mut self, node: u32) -> Arc<Vec<Span>> {
        if let Some(known) = self.spans.get(&node) {
            return Arc::clone(known);
        }
        let at = self.nodes[node as usize].0;
        let holding = self.problem.timed.iter().filter(|timed| timed.grown.region.contains(at));
        let blocked = holding.flat_map(|timed| timed.windows.iter().copied()).collect();
        let spans = Arc::new(free(blocked, 0.0, self.problem.horizon_s));
        self.spans.insert(node, Arc::clone(&spans));
        spans
    }

    fn way(&self, label: u32, landing_s: f64) -> Way {
        let last = &self.labels[label as usize];
        let mut legs = Vec::new();
        let mut before = last.before;
        while let Some((label, leg)) = before {
            legs.push(leg);
            before = self.labels[label as usize].before;
        }
        legs.reverse();
        Way { lift_off: last.lift_off, legs, landing_s }
    }
}

/// The least estimate is the greatest entry; ties go to what was pushed first.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        other.estimate_s.total_cmp(&self.estimate_s).then(other.order.cmp(&self.order))
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
