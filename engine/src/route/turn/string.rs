//! The shortest string around circles and corners, by dynamic programming along the way.

use super::bends::{Bends, Shape, Turn};
use super::circle::{Circle, Line};
use super::rule::{allows, angle};
use crate::frame::Xy;

/// A standstill counts as so many metres: it is the last resort.
const STOP_M: f64 = 1e7;

/// A turn reached by a line: the best way to there that ends with this line.
struct State {
    line: Line,
    length_m: f64,
    /// The turn before and its state; `None` at the start.
    before: Option<(usize, usize)>,
}

/// A search for the shortest string.
pub(super) struct Search<'a> {
    bends: &'a Bends<'a>,
    turns: Vec<Turn>,
    /// The turns that end with each cluster.
    ending: Vec<Vec<usize>>,
    states: Vec<Vec<State>>,
    least_radius_m: f64,
    is_free: &'a dyn Fn(Xy, Xy) -> bool,
}

/// The points of a string, those where it stands, and the clusters to which they belong.
pub(super) struct Found {
    pub(super) points: Vec<Xy>,
    pub(super) stops: Vec<usize>,
    pub(super) standing: Vec<usize>,
}

impl<'a> Search<'a> {
    /// A search among the turns of `bends`, more of them at the clusters that are `rich`.
    pub(super) fn new(
        bends: &'a Bends<'a>,
        rich: &[bool],
        least_radius_m: f64,
        is_free: &'a dyn Fn(Xy, Xy) -> bool,
    ) -> Self {
        let turns = bends.turns(rich);
        let mut ending = vec![Vec::new(); bends.count()];
        for (number, turn) in turns.iter().enumerate() {
            ending[turn.last].push(number);
        }
        let states = turns.iter().map(|_| Vec::new()).collect();
        Self { bends, turns, ending, states, least_radius_m, is_free }
    }

    /// The string with the fewest stops, the shortest of those; `None` if none is free.
    pub(super) fn shortest(mut self) -> Option<Found> {
        let (start, goal) = self.bends.ends();
        for number in 0..self.turns.len() {
            let (first, entry) = (self.turns[number].first, self.turns[number].shape.entry());
            self.states[number] = self.states_of(first, &entry, start);
        }
        let last = self.states_of(self.bends.count(), &Circle::point(goal), start);
        let best = last.into_iter().min_by(|a, b| a.length_m.total_cmp(&b.length_m))?;
        self.found(best, start, goal)
    }

    /// The best ways to a circle at which the cluster `first` begins, one for each turn before.
    fn states_of(&self, first: usize, entry: &Circle, start: Xy) -> Vec<State> {
        if first == 0 {
            let line = Circle::point(start).line_to(entry).filter(|line| (self.is_free)(line.from, line.to));
            return line
                .map(|line| State { line, length_m: line.length_m, before: None })
                .into_iter()
                .collect();
        }
        let reached = |&number: &usize| self.reached(number, entry);
        self.ending[first - 1].iter().filter_map(reached).collect()
    }

    /// The best way to a circle by way of a turn.
    fn reached(&self, number: usize, entry: &Circle) -> Option<State> {
        if self.states[number].is_empty() {
            return None;
        }
        let turn = &self.turns[number];
        let line = turn.shape.exit().line_to(entry)?;
        let mut by_length: Vec<(f64, usize)> = Vec::new();
        for (i, state) in self.states[number].iter().enumerate() {
            if let Some(extra_m) = turn.shape.extra_m(&state.line, &line, self.least_radius_m) {
                by_length.push((state.length_m + extra_m + line.length_m, i));
            }
        }
        by_length.sort_by(|a, b| a.0.total_cmp(&b.0));
        if by_length.is_empty() || !(self.is_free)(line.from, line.to) {
            return None;
        }
        let (length_m, state) = by_length
            .into_iter()
            .find(|&(_, i)| self.is_turn_free(turn, &self.states[number][i].line, &line))?;
        Some(State { line, length_m, before: Some((number, state)) })
    }

    fn is_turn_free(&self, turn: &Turn, inward: &Line, outward: &Line) -> bool {
        let mut here = inward.to;
        let corners = turn.shape.corners(inward, outward, self.least_radius_m);
        corners.into_iter().chain([outward.from]).all(|next| {
            let free = here == next || (self.is_free)(here, next);
            here = next;
            free
        })
    }

    fn found(&self, best: State, start: Xy, goal: Xy) -> Option<Found> {
        let mut flown: Vec<(usize, Line, Line)> = Vec::new();
        let mut state = &best;
        while let Some((number, before)) = state.before {
            let inward = &self.states[number][before];
            flown.push((number, inward.line, state.line));
            state = inward;
        }
        let mut found = Found { points: vec![start], stops: Vec::new(), standing: Vec::new() };
        for (number, inward, outward) in flown.into_iter().rev() {
            let turn = &self.turns[number];
            let corners = turn.shape.corners(&inward, &outward, self.least_radius_m);
            if let Shape::Standing(_) = turn.shape {
                found.stops.extend(found.points.len()..found.points.len() + corners.len());
                found.standing.extend(turn.first..=turn.last);
            }
            found.points.extend(corners);
        }
        found.points.push(goal);
        let free = found.points.windows(2).all(|pair| (self.is_free)(pair[0], pair[1]));
        free.then_some(found)
    }
}

impl Shape {
    fn entry(&self) -> Circle {
        match self {
            Self::Through(points) | Self::Standing(points) => Circle::point(points[0]),
            Self::Around(circle, _) => *circle,
        }
    }

    fn exit(&self) -> Circle {
        match self {
            Self::Through(points) | Self::Standing(points) => Circle::point(points[points.len() - 1]),
            Self::Around(circle, _) => *circle,
        }
    }

    /// Metres between two lines that join here, stops included; `None` if they may not join.
    fn extra_m(&self, inward: &Line, outward: &Line, least_radius_m: f64) -> Option<f64> {
        /// Rounding may turn the way back by so little.
        const BACK: f64 = 1e-9;
        match self {
            Self::Through(points) => {
                let legs: Vec<Xy> = points.windows(2).map(|pair| pair[1] - pair[0]).collect();
                let inner_m: f64 = legs.iter().map(|leg| leg.x.hypot(leg.y)).sum();
                let all = std::iter::once(inward.heading * inward.length_m)
                    .chain(legs)
                    .chain([outward.heading * outward.length_m]);
                let all: Vec<Xy> = all.collect();
                let bears = |pair: &[Xy]| {
                    let lengths = (pair[0].x.hypot(pair[0].y), pair[1].x.hypot(pair[1].y));
                    allows(angle(pair[0], pair[1]).abs(), lengths.0, lengths.1, least_radius_m)
                };
                all.windows(2).all(bears).then_some(inner_m)
            }
            Self::Standing(points) => {
                let inner_m: f64 =
                    points.windows(2).map(|pair| (pair[1].x - pair[0].x).hypot(pair[1].y - pair[0].y)).sum();
                Some(inner_m + STOP_M * points.len() as f64)
            }
            Self::Around(circle, about) => {
                let turn = circle.turn(inward.heading, outward.heading, *about);
                if turn < -BACK {
                    return None;
                }
                // The first and the last leg have to be as long as the chords between them.
                let (_, chord_m) = circle.corners(inward.heading, turn.max(0.0), least_radius_m);
                let room_m = chord_m / 2.0;
                let bears = |line: &Line| line.length_m >= room_m;
                (bears(inward) && bears(outward)).then_some(turn.max(0.0) * circle.radius_m)
            }
        }
    }

    /// The points of the way between two lines that join here.
    fn corners(&self, inward: &Line, outward: &Line, least_radius_m: f64) -> Vec<Xy> {
        match self {
            Self::Through(points) | Self::Standing(points) => points.clone(),
            Self::Around(circle, about) => {
                let turn = circle.turn(inward.heading, outward.heading, *about).max(0.0);
                circle.corners(inward.heading, turn, least_radius_m).0
            }
        }
    }
}
