//! Repair: some flights are taken out and planned again in another order, step by step.
//!
//! A step begins with a refused or a delayed flight. It is taken out together with flights of its priority that stand in its
//! way, goes first, and the others follow. The step is kept if fewer flights are refused, or as many and their delays
//! come to less. No flight is delayed by one of lower priority: what would land sooner without them is not kept.
//!
//! Reference: Li, Chen, Harabor, Stuckey and Koenig 2022, "MAPF-LNS2: fast repairing for multi-agent path finding via large
//! neighborhood search".

use std::sync::Arc;

use super::batch::{Flight, Options, Phase, Sky};
use crate::flight::{Outcome, RefusalCode};
use crate::route::{Placed, Prepared};
use crate::traffic::Track;

/// Flights planned again in a step, at most.
const MOST_FLIGHTS: usize = 8;

/// Delays that are compared for the flight that a step begins with.
const DRAWS: usize = 4;

/// Delays that differ by less are the same, seconds.
const SAME_S: f64 = 1e-6;

/// Makes the steps asked for, as long as there is something to repair.
pub(super) fn repair(sky: &mut Sky<'_>, options: &Options, watch: &(dyn Fn(Phase, usize) + Sync)) {
    let mut dice = Dice(options.seed);
    for _ in 0..options.improve_steps {
        let Some(first) = worst(sky, &mut dice) else { return };
        step(sky, first, &mut dice);
        watch(Phase::Improving, 1);
    }
}

/// A flight worth a step: one refused for the traffic, or the one delayed most of a few.
fn worst(sky: &Sky<'_>, dice: &mut Dice) -> Option<usize> {
    let refused: Vec<usize> = (0..sky.flights.len()).filter(|&i| is_refused_for_traffic(sky, i)).collect();
    let delayed: Vec<usize> = (0..sky.flights.len()).filter(|&i| delay_s(sky, i) > SAME_S).collect();
    if !refused.is_empty() && (delayed.is_empty() || dice.below(2) == 0) {
        return Some(refused[dice.below(refused.len())]);
    }
    if delayed.is_empty() {
        return None;
    }
    let drawn: Vec<usize> = (0..DRAWS).map(|_| delayed[dice.below(delayed.len())]).collect();
    drawn.into_iter().reduce(|a, b| if delay_s(sky, b) > delay_s(sky, a) { b } else { a })
}

fn step(sky: &mut Sky<'_>, first: usize, dice: &mut Dice) {
    let prepared = sky.prepare(first);
    let priority = sky.requests[first].priority;
    let mut others: Vec<usize> = sky
        .planner
        .rivals(&prepared, &sky.traffic, lands_after_s(sky, first))
        .into_iter()
        .filter_map(|number| sky.of_number.get(&number).copied())
        .filter(|&other| other != first && sky.requests[other].priority == priority)
        .collect();
    dice.shuffle(&mut others);
    others.truncate(MOST_FLIGHTS - 1);
    let flights: Vec<usize> = std::iter::once(first).chain(others).collect();
    let before: Vec<(Flight, Option<Arc<Track>>)> = flights.iter().map(|&i| sky.take_out(i)).collect();
    let cost = |flights: &mut dyn Iterator<Item = &Outcome>| {
        flights.fold((0, 0.0), |(refused, delay_s), outcome| match outcome {
            Outcome::Planned(plan) => (refused, delay_s + plan.delay_s),
            Outcome::Rejected(_) => (refused + 1, delay_s),
        })
    };
    let cost_before = cost(&mut before.iter().map(|(flight, _)| &flight.outcome));
    let mut kept = true;
    for &flight in &flights {
        let again;
        let prepared = if flight == first {
            &prepared
        } else {
            again = sky.prepare(flight);
            &again
        };
        let placed = sky.planner.plan_among(prepared, &sky.traffic, &|_| true);
        kept &= !is_hindered(sky, prepared, &placed, priority);
        sky.take_up(flight, placed);
    }
    let after = flights.iter().filter_map(|&i| sky.flights[i].as_ref()).map(|flight| &flight.outcome);
    let cost_after = cost(&mut after.into_iter());
    kept &= cost_after.0 < cost_before.0
        || (cost_after.0 == cost_before.0 && cost_after.1 < cost_before.1 - SAME_S);
    if !kept {
        flights.iter().for_each(|&i| drop(sky.take_out(i)));
        for (&i, (flight, track)) in flights.iter().zip(before) {
            sky.put_back(i, flight, track);
        }
    }
}

/// Would a flight land sooner if those of lower priority were not there?
fn is_hindered(sky: &Sky<'_>, prepared: &Prepared, placed: &Placed, priority: i32) -> bool {
    let is_lower = |request: &usize| sky.requests[*request].priority < priority;
    if !sky.of_number.values().any(is_lower) {
        return false;
    }
    let heeds = |number: u32| sky.of_number.get(&number).is_none_or(|request| !is_lower(request));
    let alone = sky.planner.plan_among(prepared, &sky.traffic, &heeds);
    match (&alone.outcome, &placed.outcome) {
        (Outcome::Planned(without), Outcome::Planned(with)) => without.delay_s < with.delay_s - SAME_S,
        (Outcome::Planned(_), Outcome::Rejected(_)) => true,
        (Outcome::Rejected(_), _) => false,
    }
}

fn delay_s(sky: &Sky<'_>, flight: usize) -> f64 {
    match sky.flights[flight].as_ref().map(|flight| &flight.outcome) {
        Some(Outcome::Planned(plan)) => plan.delay_s,
        _ => 0.0,
    }
}

/// How late a flight is, without bound if it is refused.
fn lands_after_s(sky: &Sky<'_>, flight: usize) -> f64 {
    if is_refused_for_traffic(sky, flight) { f64::INFINITY } else { delay_s(sky, flight) }
}

fn is_refused_for_traffic(sky: &Sky<'_>, flight: usize) -> bool {
    matches!(
        sky.flights[flight].as_ref().map(|flight| &flight.outcome),
        Some(Outcome::Rejected(refusal)) if refusal.code == RefusalCode::Traffic
    )
}

impl Sky<'_> {
    fn take_out(&mut self, request: usize) -> (Flight, Option<Arc<Track>>) {
        let flight = self.flights[request].take().expect("every request has been planned");
        let track = flight.number.and_then(|number| {
            self.of_number.remove(&number);
            self.traffic.remove(number)
        });
        (flight, track)
    }

    fn put_back(&mut self, request: usize, flight: Flight, track: Option<Arc<Track>>) {
        let number = track.map(|track| self.traffic.add(track));
        if let Some(number) = number {
            self.of_number.insert(number, request);
        }
        self.flights[request] = Some(Flight { number, ..flight });
    }
}

/// Numbers that look random: SplitMix64.
///
/// Reference: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators".
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Below a bound of at least 1.
    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let other = self.below(last + 1);
            list.swap(last, other);
        }
    }
}
