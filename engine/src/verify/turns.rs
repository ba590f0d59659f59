//! Promise 2, the turns: none tighter than the aircraft's radius.

use std::f64::consts::{PI, TAU};

use super::shape::distance;
use super::track::Flight;
use super::{Breach, ROUNDING_M, TIME_S};
use crate::aircraft::STILL_M_S;

/// The chords of an arc stay within this much of it.
const ARC_SAG_M: f64 = 0.5;
/// Nearer points are passed over: rounded coordinates are no turn.
const TURN_CHORD_M: f64 = 4.0;
/// After so long over one place any turn: 3 s, less a tolerance.
const STANDSTILL_S: f64 = 2.95;

/// A turn at a waypoint that is tighter than the aircraft's radius.
pub(super) struct Tight {
    /// The waypoint.
    pub(super) at: usize,
    /// Radians.
    pub(super) turn: f64,
    /// What an arc of the radius turns between the chords there, radians.
    pub(super) allowed: f64,
}

impl Tight {
    pub(super) fn text(&self, radius_m: f64) -> String {
        let (turn, allowed) = (self.turn.to_degrees(), self.allowed.to_degrees());
        format!("turns {turn:.2} deg at one point, {allowed:.2} allowed by a radius of {radius_m} m")
    }
}

/// Of each run between standstills the turn that exceeds most what is allowed.
pub(super) fn check(flight: &Flight<'_>) -> Vec<Breach> {
    let over = |tight: &Tight| tight.turn - tight.allowed;
    let worst = tight_turns(flight).into_iter().filter_map(|run| {
        let worst = run.into_iter().reduce(|a, b| if over(&b) > over(&a) { b } else { a })?;
        Some(flight.breach(2, worst.text(flight.craft.min_turn_radius_m), &flight.fixes[worst.at]))
    });
    worst.collect()
}

/// The turns that are too tight, of each run between standstills.
pub(super) fn tight_turns(flight: &Flight<'_>) -> Vec<Vec<Tight>> {
    if flight.craft.min_turn_radius_m <= 0.0 {
        return Vec::new();
    }
    moving_runs(flight).into_iter().map(|(from, to)| check_run(flight, from, to)).collect()
}

/// From and to which waypoint the aircraft keeps moving; a stop shorter than a standstill is part of its run.
fn moving_runs(flight: &Flight<'_>) -> Vec<(usize, usize)> {
    let still = |i: usize| {
        let segment = &flight.segments[i];
        segment.length_m() <= STILL_M_S * segment.duration_s.max(TIME_S)
    };
    let mut runs = Vec::new();
    let (mut start, mut i) = (0, 0);
    while i < flight.segments.len() {
        let stop = i;
        while i < flight.segments.len() && still(i) {
            i += 1;
        }
        if i > stop && flight.fixes[i].t - flight.fixes[stop].t >= STANDSTILL_S {
            runs.push((start, stop));
            start = i;
        }
        i += usize::from(i == stop);
    }
    runs.push((start, flight.segments.len()));
    runs.retain(|(from, to)| to > from);
    runs
}

/// The turns that exceed what an arc of the radius turns at a point between two chords.
fn check_run(flight: &Flight<'_>, from: usize, to: usize) -> Vec<Tight> {
    let radius = flight.craft.min_turn_radius_m;
    let sag = ARC_SAG_M.min(radius);
    let longest_chord = 2.0 * (2.0 * radius * sag - sag * sag).sqrt();
    let kept = spaced(flight, from, to, TURN_CHORD_M.min(longest_chord / 2.0));
    let half = |chord: f64| (chord.min(longest_chord) / (2.0 * radius)).min(1.0).asin();
    let mut tight = Vec::new();
    for three in kept.windows(3) {
        let [a, b, c] = [three[0], three[1], three[2]].map(|i| flight.fixes[i].at);
        let (before, after) = (distance(a, b), distance(b, c));
        let heading = |step: crate::frame::Xy| step.y.atan2(step.x);
        let turn = ((heading(c - b) - heading(b - a) + PI).rem_euclid(TAU) - PI).abs();
        let allowed = half(before) + half(after) + ROUNDING_M / before.min(after);
        if turn > allowed {
            tight.push(Tight { at: three[1], turn, allowed });
        }
    }
    tight
}

/// The waypoints of a run that are at least so far from the one kept before.
fn spaced(flight: &Flight<'_>, from: usize, to: usize, spacing_m: f64) -> Vec<usize> {
    let mut kept = vec![from];
    for i in from + 1..=to {
        if distance(flight.fixes[i].at, flight.fixes[kept[kept.len() - 1]].at) >= spacing_m {
            kept.push(i);
        }
    }
    kept
}
