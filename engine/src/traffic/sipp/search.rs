//! The search on pairs of nodes and free spans of time. All times in it are whole milliseconds.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::rest::{rest_ms, travel_ms};
use super::starts::{Sky, Starts, ceil_ms, floor_ms};
use super::{Lane, Problem, Ride, Stand};
use crate::intervals::{Span, beyond, cover};
use crate::traffic::{Fix, Track};

/// Starts are first looked for in so much time, then in twice as much, milliseconds.
const FIRST_MS: f64 = 20_000.0;

/// Nothing takes longer.
const LONGEST_MS: f64 = 1e9;

/// So much work is done for one flight.
const MOST_STEPS: usize = 200_000;

/// The aircraft is at a node.
#[derive(Clone, Copy)]
struct Label {
    node: u32,
    /// From when on, and until when it has to leave: what a stand allows beside that is looked up. Where it cannot wait:
    /// at any of these times.
    times: Span,
    /// The label before, and the lane from its node.
    before: Option<(u32, u32)>,
}

#[derive(Clone, Copy)]
enum Step {
    Settle {
        label: u32,
    },
    /// A lane begun at `from` or up to `width` later.
    Fly {
        label: u32,
        lane: u32,
        from: f64,
        width: f64,
    },
}

struct Entry {
    /// It arrives no earlier than this.
    estimate: f64,
    order: u32,
    step: Step,
}

pub(super) struct Search<'a> {
    pub(super) problem: &'a Problem<'a>,
    sky: &'a mut Sky<'a>,
    /// Nothing that arrives later is of interest; the arrival, once it is known.
    pub(super) latest: f64,
    rest: Vec<f64>,
    /// The track of a stand, and when it may be taken, by node.
    stands: Vec<(Track, Starts)>,
    /// The first lane of each node in `lanes`.
    first_lane: Vec<u32>,
    lanes: Vec<Starts>,
    labels: Vec<Label>,
    queue: BinaryHeap<Entry>,
    pushed: u32,
    /// By node: the arrivals where it can wait (as spans of no length), else the times at which it can be there.
    reached: Vec<Vec<Span>>,
}

impl<'a> Search<'a> {
    /// `None` if there is nothing to search.
    pub(super) fn new(problem: &'a Problem<'a>, sky: &'a mut Sky<'a>) -> Option<Self> {
        let nodes = problem.nodes;
        if problem.start.max(problem.goal) as usize >= nodes.len() || problem.start == problem.goal {
            return None;
        }
        let first = problem.lift_off.iter().map(|span| ceil_ms(span.0)).fold(f64::INFINITY, f64::min);
        let latest = floor_ms(problem.latest_s).min(first + LONGEST_MS);
        let stand = |node: &super::Node| match node.stand {
            Stand::At(fix, _) => {
                let fix = Fix { time_s: 0.0, ..fix };
                (Track::new([fix, fix], 0.0), Starts::default())
            }
            Stand::Free | Stand::Never => (Track::new([], 0.0), Starts::default()),
        };
        let mut count = 0;
        let first_lane = nodes.iter().map(|node| {
            count += node.lanes.len() as u32;
            count - node.lanes.len() as u32
        });
        let first_lane: Vec<u32> = first_lane.collect();
        (first.is_finite() && latest.is_finite()).then(|| Self {
            problem,
            sky,
            latest,
            rest: rest_ms(problem),
            stands: nodes.iter().map(stand).collect(),
            first_lane,
            lanes: (0..count).map(|_| Starts::default()).collect(),
            labels: Vec::new(),
            queue: BinaryHeap::new(),
            pushed: 0,
            reached: vec![Vec::new(); nodes.len()],
        })
    }

    /// The rides of the earliest arrival.
    ///
    /// All that might lead to the goal by then is searched, so that the choice between equals hangs on nothing but what
    /// is free.
    pub(super) fn run(mut self) -> Option<Vec<Ride>> {
        for &(from, to) in self.problem.lift_off {
            let times = (ceil_ms(from), floor_ms(to).min(self.latest));
            if times.0 <= times.1 {
                self.add(Label { node: self.problem.start, times, before: None });
            }
        }
        let mut arrived = None;
        for _ in 0..MOST_STEPS {
            let Some(entry) = self.queue.pop().filter(|entry| entry.estimate <= self.latest) else { break };
            match entry.step {
                Step::Settle { label } if self.is_outdated(label) => {}
                Step::Settle { label } => {
                    let Label { node, times, .. } = self.labels[label as usize];
                    if node == self.problem.goal {
                        arrived.get_or_insert(label);
                        self.latest = times.0;
                        continue;
                    }
                    for lane in 0..self.problem.nodes[node as usize].lanes.len() {
                        self.push_flight(label, lane as u32, times.0, FIRST_MS);
                    }
                }
                Step::Fly { label, .. } if self.is_outdated(label) => {}
                Step::Fly { label, lane, from, width } => self.fly(label, lane, from, width),
            }
        }
        let arrived = arrived?;
        self.latest_rides().or_else(|| self.rides(arrived))
    }

    pub(super) fn lane(&self, node: u32, lane: u32) -> &'a Lane {
        &self.problem.nodes[node as usize].lanes[lane as usize]
    }

    fn stand(&self, node: u32) -> &'a Stand {
        &self.problem.nodes[node as usize].stand
    }

    fn add(&mut self, label: Label) {
        let estimate = label.times.0 + self.rest[label.node as usize];
        self.labels.push(label);
        self.push(estimate, Step::Settle { label: self.labels.len() as u32 - 1 });
    }

    fn push_flight(&mut self, label: u32, lane: u32, from: f64, width: f64) {
        let flown = self.lane(self.labels[label as usize].node, lane);
        if flown.to != self.problem.start
            && let Some(rest) = self.rest.get(flown.to as usize)
        {
            let estimate = from + travel_ms(flown) + rest;
            self.push(estimate, Step::Fly { label, lane, from, width });
        }
    }

    fn push(&mut self, estimate: f64, step: Step) {
        if estimate <= self.latest {
            self.queue.push(Entry { estimate, order: self.pushed, step });
            self.pushed += 1;
        }
    }

    /// Flies a lane from every free start in a window.
    fn fly(&mut self, number: u32, lane: u32, from: f64, width: f64) {
        let Label { node, times, .. } = self.labels[number as usize];
        let flown = self.lane(node, lane);
        let travel = travel_ms(flown);
        let last = (self.latest - travel - self.rest[flown.to as usize]).min(times.1);
        let to = (from + width).min(last);
        let Some(until) = self.stays(node, times.0, to) else { return };
        for starts in self.free_starts(node, lane, (from, until)) {
            self.arrive(number, lane, (starts.0 + travel, starts.1 + travel));
        }
        if until >= to && to < last {
            self.push_flight(number, lane, to, width * 2.0);
        }
    }

    /// Until when it can stay where it is from a time on, looked at up to another; `None` if it cannot be there.
    fn stays(&mut self, node: u32, from: f64, to: f64) -> Option<f64> {
        if let Stand::At(_, closed) = self.stand(node) {
            let (track, starts) = &mut self.stands[node as usize];
            starts.within((from, to.max(from)), track, closed, self.sky);
            return starts.around(from).map(|span| span.1.min(to));
        }
        Some(to)
    }

    /// The free starts of a lane within a span.
    fn free_starts(&mut self, node: u32, lane: u32, (from, to): Span) -> Vec<Span> {
        if from > to {
            return Vec::new();
        }
        let flown = self.lane(node, lane);
        let starts = &mut self.lanes[(self.first_lane[node as usize] + lane) as usize];
        let free = starts.within((from, to), &flown.track, &flown.closed, self.sky);
        free.iter().map(|span| (span.0.max(from), span.1.min(to))).collect()
    }

    /// A lane brings it to its end at these times.
    fn arrive(&mut self, number: u32, lane: u32, arrivals: Span) {
        let node = self.lane(self.labels[number as usize].node, lane).to;
        let before = Some((number, lane));
        match self.stand(node) {
            Stand::Never => {
                let reached = &mut self.reached[node as usize];
                let parts = beyond(arrivals, reached);
                parts.iter().for_each(|&part| cover(reached, part));
                parts.into_iter().for_each(|times| self.add(Label { node, times, before }));
            }
            Stand::Free => self.arrive_to_wait(Label { node, times: (arrivals.0, f64::INFINITY), before }),
            Stand::At(_, closed) => {
                let (track, starts) = &mut self.stands[node as usize];
                let free = starts.within(arrivals, track, closed, self.sky);
                let firsts: Vec<f64> = free.iter().map(|span| span.0.max(arrivals.0)).collect();
                for at in firsts {
                    self.arrive_to_wait(Label { node, times: (at, f64::INFINITY), before });
                }
            }
        }
    }

    /// Keeps a label unless an earlier one can wait for it.
    fn arrive_to_wait(&mut self, label: Label) {
        let at = label.times.0;
        if self.since(label.node, at).is_none_or(|first| first > at) {
            let reached = &mut self.reached[label.node as usize];
            let place = reached.partition_point(|span| span.0 < at);
            reached.insert(place, (at, at));
            self.add(label);
        }
    }

    /// The first arrival at a node in the free span that holds an instant.
    fn since(&self, node: u32, at: f64) -> Option<f64> {
        let from = match self.stand(node) {
            Stand::At(..) => self.stands[node as usize].1.around(at)?.0,
            Stand::Free | Stand::Never => f64::NEG_INFINITY,
        };
        let reached = &self.reached[node as usize];
        reached.get(reached.partition_point(|span| span.0 < from)).map(|span| span.0)
    }

    /// Has an earlier arrival been found that can wait for this one?
    fn is_outdated(&self, number: u32) -> bool {
        let Label { node, times, before } = self.labels[number as usize];
        before.is_some()
            && !matches!(self.stand(node), Stand::Never)
            && self.since(node, times.0).is_some_and(|first| first < times.0)
    }

    /// The times at which it can be at a node, as far as they are known; ascending and disjoint.
    pub(super) fn there(&self, node: u32) -> Vec<Span> {
        let stand = self.stand(node);
        let stays = |from: f64, to: f64| match stand {
            Stand::At(..) => self.stands[node as usize].1.around(from).map(|span| (from, span.1.min(to))),
            Stand::Free | Stand::Never => Some((from, to)),
        };
        let mut there: Vec<Span> = Vec::new();
        if node == self.problem.start {
            let starts = self.labels.iter().filter(|label| label.before.is_none());
            starts.filter_map(|label| stays(label.times.0, label.times.1)).for_each(|s| cover(&mut there, s));
            return there;
        }
        let reached = &self.reached[node as usize];
        if matches!(stand, Stand::Never) {
            return reached.clone();
        }
        for &(at, _) in reached {
            if there.last().is_none_or(|last| last.1 < at) {
                there.extend(stays(at, f64::INFINITY));
            }
        }
        there
    }

    /// The known free starts of a lane.
    pub(super) fn known_starts(&self, node: u32, lane: u32) -> &[Span] {
        self.lanes[(self.first_lane[node as usize] + lane) as usize].known()
    }

    /// The known time around an instant at which it may be at a node it can wait at; `None` where it cannot.
    pub(super) fn waits_around(&self, node: u32, at: f64) -> Option<Span> {
        match self.stand(node) {
            Stand::At(..) => self.stands[node as usize].1.around(at),
            Stand::Free => Some((f64::NEG_INFINITY, f64::INFINITY)),
            Stand::Never => None,
        }
    }

    /// The rides to a label, each as late as it can be.
    fn rides(&mut self, mut number: u32) -> Option<Vec<Ride>> {
        let mut rides = Vec::new();
        let mut by = self.labels[number as usize].times.0;
        while let Label { node: to, times, before: Some((before, lane)) } = self.labels[number as usize] {
            let Label { node, times: there, .. } = self.labels[before as usize];
            let travel = travel_ms(self.lane(node, lane));
            let mut departs = by - travel;
            if !matches!(self.stand(to), Stand::Never) {
                let until = self.stays(node, there.0, departs.min(there.1))?;
                departs = self.free_starts(node, lane, (times.0 - travel, until)).last()?.1;
            }
            rides.push(Ride { from: node, lane, departs_s: departs / 1000.0 });
            (number, by) = (before, departs);
        }
        rides.reverse();
        Some(rides)
    }
}

/// The least estimate is the greatest entry; of equals, what was pushed last: it is the nearest to the goal.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        other.estimate.total_cmp(&self.estimate).then(self.order.cmp(&other.order))
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
