//! The same requests planned by the engine and by a grid: cells of the separation's size, eight sides, levels of its
//! height, safe intervals, one flight after the other.
//!
//! `cargo run --release -p tianlu-suite --example rival_grid -- SCENARIO [FLIGHTS]`
//!
//! The grid's flights begin and end in the middle of a cell, turn on the spot and use no battery. Only for flat ground
//! and calm air.
#![expect(clippy::print_stdout, reason = "it prints what it measured")]

mod grid;
mod sipp;

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant as Clock;

use grid::Grid;
use tianlu_airspace_data::airspace::ReadOptions;
use tianlu_airspace_data::scenario::read_scenario;
use tianlu_engine::dispatch::{Options, batch};
use tianlu_engine::flight::{Outcome, Request};
use tianlu_engine::frame::{Instant, Interval};
use tianlu_engine::traffic::Traffic;
use tianlu_engine::world::World;

/// Arrivals after the earliest departures, seconds; `None` where there is no plan.
type Arrivals = Vec<Option<f64>>;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = PathBuf::from(arguments.next().ok_or("rival_grid SCENARIO [FLIGHTS]")?);
    let scenario = read_scenario(&path, &ReadOptions::default())?;
    let count = arguments.next().map_or(Ok(usize::MAX), |count| count.parse())?;
    let requests = &scenario.requests[..scenario.requests.len().min(count)];
    println!("{}: {} flights", path.display(), requests.len());
    let start = Clock::now();
    let ours = by_engine(&scenario.world, requests);
    let our_s = start.elapsed().as_secs_f64();
    let first = requests.iter().map(|request| request.departure.start).min().ok_or("no requests")?;
    let last = requests.iter().map(|request| request.departure.end).max().ok_or("no requests")?;
    let during = Interval { start: first, end: Instant::from_millis(last.millis() + 3 * 3_600_000) };
    let mut grid = Grid::new(&scenario.world, during);
    let start = Clock::now();
    by_grid(&mut grid, &scenario.world, requests);
    let first_s = start.elapsed().as_secs_f64();
    grid.clear();
    let start = Clock::now();
    let theirs = by_grid(&mut grid, &scenario.world, requests);
    let their_s = start.elapsed().as_secs_f64();
    let both: Vec<(f64, f64)> = ours.iter().zip(&theirs).filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect();
    let sums = both.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    for (name, arrivals, took_s, sum_s) in
        [("engine", &ours, our_s, sums.0), ("grid", &theirs, their_s, sums.1)]
    {
        let planned = arrivals.iter().flatten().count();
        println!(
            "{name:>8}: {planned} planned in {took_s:.2} s; {} of both arrive after {sum_s:.0} s in all",
            both.len()
        );
    }
    println!("{:>8}: {first_s:.2} s the first time, with the zones still to be looked up", "grid");
    println!("{:>8}: arrivals {:+.2} %", "grid", 100.0 * (sums.1 / sums.0 - 1.0));
    Ok(())
}

fn by_engine(world: &World, requests: &[Request]) -> Arrivals {
    let dispatched = batch(world, requests, &Options::default(), &|_, _| {});
    let arrival = |(outcome, request): (&Outcome, &Request)| match outcome {
        Outcome::Planned(plan) => Some(plan.trajectory.last()?.time.seconds_since(request.departure.start)),
        Outcome::Rejected(_) => None,
    };
    dispatched.outcomes.iter().zip(requests).map(arrival).collect()
}

/// By priority, then in their order; its flights are held against each other in the end.
fn by_grid(grid: &mut Grid<'_>, world: &World, requests: &[Request]) -> Arrivals {
    let epoch =
        requests.iter().map(|request| request.departure.start).min().unwrap_or(Instant::from_millis(0));
    let epoch_s = epoch.millis() as f64 / 1000.0;
    let mut order: Vec<usize> = (0..requests.len()).collect();
    order.sort_by_key(|&number| std::cmp::Reverse(requests[number].priority));
    let mut arrivals = vec![None; requests.len()];
    let mut traffic = Traffic::new(world.frame.clone(), epoch, &world.separation);
    for number in order {
        let request = &requests[number];
        if let Some(ridden) = sipp::plan(grid, world, request, epoch_s) {
            let track = ridden.track(grid, world.separation.pad_s);
            if !traffic.is_clear(&track, |_| true) {
                println!("{} is not apart from others", request.id);
            }
            traffic.add(Arc::new(track));
            let earliest_s = request.departure.start.millis() as f64 / 1000.0 - epoch_s;
            arrivals[number] = Some(ridden.arrival_s() - earliest_s);
        }
    }
    arrivals
}
