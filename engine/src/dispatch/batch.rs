//! All requests of a scenario, planned together.
//!
//! Flights are planned in order, each among those before it. A block of them is planned at once on the traffic as it was,
//! then taken up in order; what an earlier flight of the block is in conflict with is planned again. As more traffic never
//! makes a plan better, the result is that of one flight after the other, on any number of threads.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::below::over_others;
use super::order::order;
use super::repair::repair;
use super::statistics::Statistics;
use crate::flight::{Outcome, RefusalCode, Request};
use crate::frame::Instant;
use crate::route::{Placed, Planner, Prepared};
use crate::traffic::{Book, Traffic};
use crate::world::World;

/// Flights planned at once on the same traffic.
const BLOCK: usize = 128;

/// How a batch is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Steps of repair after all flights have been planned: each takes some flights out and plans them again in another
    /// order, if that delays them less or makes room for a refused one.
    pub improve_steps: u64,
    /// Which steps: the same seed gives the same plans.
    pub seed: u64,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Flights are planned.
    Planning,
    /// Plans are repaired.
    Improving,
}

/// The plans of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Dispatched {
    /// In the order of the requests.
    pub outcomes: Vec<Outcome>,
    /// What they come to.
    pub statistics: Statistics,
}

/// The flights planned so far.
pub(super) struct Sky<'a> {
    pub(super) planner: &'a Planner<'a>,
    /// Flights that stay as they are.
    book: Option<&'a Book>,
    pub(super) requests: &'a [Request],
    /// Those that leave the lowest height to others.
    yields: Vec<bool>,
    pub(super) traffic: Traffic,
    /// By request.
    pub(super) flights: Vec<Option<Flight>>,
    /// The request of each number in the traffic.
    pub(super) of_number: BTreeMap<u32, usize>,
}

/// What has become of a request.
#[derive(Debug, Clone)]
pub(super) struct Flight {
    pub(super) outcome: Outcome,
    /// Its number in the traffic.
    pub(super) number: Option<u32>,
}

/// Plans requests together: by priority, then as they stand in the list; no flight delays one of higher priority.
///
/// `watch` hears how many more flights or steps are done, from any thread. The outcomes are the same on any number of
/// threads.
pub fn batch(
    world: &World,
    requests: &[Request],
    options: &Options,
    watch: &(dyn Fn(Phase, usize) + Sync),
) -> Dispatched {
    in_blocks(BLOCK, &Planner::new(world), None, requests, options, watch)
}

/// As [`batch`], among the flights of a book, which all stay as they are, whatever their priority. The world's frame is
/// that of the book's traffic; outlines that the planner shares are used.
pub fn batch_among(
    planner: &Planner<'_>,
    book: &Book,
    requests: &[Request],
    options: &Options,
    watch: &(dyn Fn(Phase, usize) + Sync),
) -> Dispatched {
    in_blocks(BLOCK, planner, Some(book), requests, options, watch)
}

pub(super) fn in_blocks(
    block: usize,
    planner: &Planner<'_>,
    book: Option<&Book>,
    requests: &[Request],
    options: &Options,
    watch: &(dyn Fn(Phase, usize) + Sync),
) -> Dispatched {
    let world = planner.world();
    let epoch = requests.iter().map(|request| request.departure.start).filter(|&start| start != Instant::MIN);
    let epoch = epoch.min().unwrap_or(Instant::from_millis(0));
    let mut sky = Sky {
        planner,
        book,
        requests,
        yields: over_others(world, requests),
        traffic: book.map_or_else(
            || Traffic::new(world.frame.clone(), epoch, &world.separation),
            |book| book.traffic().clone(),
        ),
        flights: vec![None; requests.len()],
        of_number: BTreeMap::new(),
    };
    for block in order(requests).chunks(block) {
        sky.plan_block(block, watch);
    }
    repair(&mut sky, options, watch);
    let outcomes: Vec<Outcome> = sky.flights.into_iter().flatten().map(|flight| flight.outcome).collect();
    let statistics = Statistics::new(&outcomes);
    Dispatched { outcomes, statistics }
}

impl Sky<'_> {
    fn plan_block(&mut self, block: &[usize], watch: &(dyn Fn(Phase, usize) + Sync)) {
        let plan = |&number: &usize| {
            let prepared = self.prepare(number);
            let placed = self.planner.plan_among(&prepared, &self.traffic, &|_| true);
            watch(Phase::Planning, 1);
            (prepared, placed)
        };
        let placed: Vec<(Prepared, Placed)> = block.par_iter().map(plan).collect();
        for (&number, (prepared, mut placed)) in block.iter().zip(placed) {
            let stands = match (&placed.outcome, &placed.track) {
                // It names those in the way, and there may be more of them now.
                (Outcome::Rejected(refusal), _) => refusal.code != RefusalCode::Traffic,
                (_, track) => track.as_ref().is_none_or(|track| self.traffic.is_clear(track, |_| true)),
            };
            if !stands {
                placed = self.planner.plan_among(&prepared, &self.traffic, &|_| true);
            }
            self.take_up(number, placed);
        }
    }

    pub(super) fn prepare(&self, request: usize) -> Prepared {
        self.planner.prepare(&self.requests[request]).yielding(self.yields[request])
    }

    /// Takes up what has become of a request.
    pub(super) fn take_up(&mut self, request: usize, mut placed: Placed) {
        placed.name_flights(|flight| self.name_of(flight));
        let number = placed.track.map(|track| self.traffic.add(track));
        if let Some(number) = number {
            self.of_number.insert(number, request);
        }
        self.flights[request] = Some(Flight { outcome: placed.outcome, number });
    }

    fn name_of(&self, flight: u32) -> String {
        let reserved = || Some(self.book?.of_number(flight)?.request.id.clone());
        let own = self.of_number.get(&flight).map(|&request| self.requests[request].id.clone());
        own.or_else(reserved).unwrap_or_default()
    }
}
