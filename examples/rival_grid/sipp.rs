//! Safe interval path planning on a grid, one flight after the other.
//!
//! Source: Phillips and Likhachev 2011, "SIPP: Safe interval path planning for dynamic environments".

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tianlu_engine::aircraft::Aircraft;
use tianlu_engine::airspace::Mission;
use tianlu_engine::flight::Request;
use tianlu_engine::traffic::{Fix, Track};
use tianlu_engine::world::World;

use crate::grid::{Cell, Grid, Map};

/// Cells and spans looked at before a flight is given up.
const MOST: usize = 3_000_000;

/// A state: a cell, and when the free span begins in which it is there.
type State = (Cell, u64);

/// Where a flight is from when on.
#[derive(Clone, Copy)]
struct Stop {
    time_s: f64,
    /// Before it, and when that was left.
    from: Option<(State, f64)>,
    free_until_s: f64,
    done: bool,
}

/// A flight's task in cells.
struct Task<'a> {
    request: &'a Request,
    origin: Cell,
    goal: Cell,
    levels: (i32, i32),
    speed_m_s: f64,
    aircraft: &'a Aircraft,
    earliest_s: f64,
    latest_s: f64,
    pad_s: f64,
}

/// A flight's cells with their times, from lift-off on: it is in each from the first to the second.
pub(crate) struct Ridden {
    pub(crate) cells: Vec<(Cell, f64, f64)>,
}

impl Ridden {
    pub(crate) fn arrival_s(&self) -> f64 {
        self.cells.last().map_or(f64::NAN, |last| last.1)
    }

    /// Its track, standing on its pads included.
    pub(crate) fn track(&self, grid: &Grid<'_>, pad_s: f64) -> Track {
        let fix = |cell: Cell, time_s| Fix {
            at: grid.middle(cell),
            height_m: f64::from(cell.level) * grid.step_m,
            time_s,
        };
        let last = self.cells.len() - 1;
        let fixes = self.cells.iter().enumerate().flat_map(|(i, &(cell, from_s, to_s))| {
            let first = (i > 0).then(|| fix(cell, from_s));
            let second = (i < last && (i == 0 || to_s > from_s)).then(|| fix(cell, to_s));
            first.into_iter().chain(second)
        });
        Track::new(fixes, pad_s)
    }
}

/// Plans a flight among those that have taken cells, and takes its own; times are seconds after `epoch_s`.
pub(crate) fn plan(grid: &mut Grid<'_>, world: &World, request: &Request, epoch_s: f64) -> Option<Ridden> {
    let aircraft = world.fleet.get(&request.aircraft)?;
    let fast = matches!(request.mission, Mission::Emergency | Mission::Rescue);
    let level = |height_m: f64| height_m / grid.step_m;
    let task = Task {
        request,
        origin: grid.nearest(world.frame.to_plane(request.origin)),
        goal: grid.nearest(world.frame.to_plane(request.destination)),
        levels: (
            level(request.cruise.min.metres()).ceil() as i32,
            level(request.cruise.max.metres()).floor() as i32,
        ),
        speed_m_s: if fast { aircraft.max_airspeed_m_s } else { aircraft.cruise_m_s },
        aircraft,
        earliest_s: request.departure.start.millis() as f64 / 1000.0 - epoch_s,
        latest_s: request.departure.end.millis() as f64 / 1000.0 - epoch_s,
        pad_s: world.separation.pad_s,
    };
    let ridden = task.search(grid)?;
    // Exactly `time_s` after each other is too soon.
    task.take(grid, &ridden, world.separation.time_s + 0.001);
    Some(ridden)
}

impl Task<'_> {
    fn search(&self, grid: &mut Grid<'_>) -> Option<Ridden> {
        let mut stops: Map<State, Stop> = Map::default();
        let mut queue: BinaryHeap<(Reverse<i64>, i64, State)> = BinaryHeap::new();
        let starts: Vec<(f64, f64)> = grid.free(self.origin, self.earliest_s - self.pad_s).collect();
        for (from_s, until_s) in starts {
            let time_s = self.earliest_s.max(from_s + self.pad_s);
            if time_s <= self.latest_s && time_s < until_s {
                let state = (self.origin, from_s.to_bits());
                let stop = Stop { time_s, from: None, free_until_s: until_s, done: false };
                stops.insert(state, stop);
                queue.push((Reverse(micros(time_s + self.rest_s(grid, self.origin))), micros(time_s), state));
            }
        }
        let mut looked_at = 0;
        // Of those that promise the same, the one that has come farthest.
        while let Some((.., state)) = queue.pop() {
            let Some(stop) = stops.get_mut(&state).filter(|stop| !stop.done) else { continue };
            stop.done = true;
            let stop = *stop;
            let here = state.0;
            if here == self.goal && stop.time_s + self.pad_s <= stop.free_until_s && stop.from.is_some() {
                return Some(Self::ridden(&stops, state));
            }
            looked_at += 1;
            if looked_at > MOST {
                return None;
            }
            let leaves_until_s = if stop.from.is_none() { self.latest_s } else { f64::INFINITY };
            for to in self.neighbours(here) {
                let clearances = (self.aircraft.clearance_m, self.aircraft.vertical_clearance_m);
                if !grid.is_open(here, to, self.request, clearances) {
                    continue;
                }
                let lasts_s = self.lasts_s(grid, here, to);
                for (from_s, until_s) in grid.free(to, stop.time_s) {
                    let departs_s = stop.time_s.max(from_s);
                    let arrives_s = departs_s + lasts_s;
                    if departs_s > leaves_until_s || arrives_s > stop.free_until_s {
                        break;
                    }
                    if arrives_s > until_s {
                        continue;
                    }
                    let next = (to, from_s.to_bits());
                    if stops.get(&next).is_none_or(|known| !known.done && arrives_s < known.time_s) {
                        let from = Some((state, departs_s));
                        stops.insert(
                            next,
                            Stop { time_s: arrives_s, from, free_until_s: until_s, done: false },
                        );
                        queue.push((
                            Reverse(micros(arrives_s + self.rest_s(grid, to))),
                            micros(arrives_s),
                            next,
                        ));
                    }
                }
            }
        }
        None
    }

    fn ridden(stops: &Map<State, Stop>, goal: State) -> Ridden {
        let mut cells = Vec::new();
        let (mut state, mut until_s) = (goal, f64::NAN);
        while let Some(stop) = stops.get(&state) {
            let until = if until_s.is_nan() { stop.time_s } else { until_s };
            match stop.from {
                Some((before, departed_s)) => {
                    cells.push((state.0, stop.time_s, until));
                    (state, until_s) = (before, departed_s);
                }
                None => {
                    // Waiting on the ground is no part of the flight.
                    cells.push((state.0, until, until));
                    break;
                }
            }
        }
        cells.reverse();
        Ridden { cells }
    }

    /// Up and down over origin and goal and within the band; to eight sides within the band.
    fn neighbours(&self, here: Cell) -> impl Iterator<Item = Cell> {
        let (low, high) = self.levels;
        let column = |cell: Cell, pad: Cell| (cell.column, cell.row) == (pad.column, pad.row);
        let (may_climb, may_land) = (column(here, self.origin), column(here, self.goal));
        let is_cruise = (low..=high).contains(&here.level);
        let up = here.moved(0, 0, 1);
        let down = here.moved(0, 0, -1);
        let goes_up = up.level <= high && (is_cruise || may_climb);
        let goes_down = down.level >= 0 && (down.level >= low && is_cruise || may_land);
        let sides = (-1..=1).flat_map(|i| (-1..=1).map(move |j| (i, j))).filter(|side| *side != (0, 0));
        let sides = sides.map(move |(i, j)| here.moved(i, j, 0)).filter(move |_| is_cruise);
        goes_up.then_some(up).into_iter().chain(goes_down.then_some(down)).chain(sides)
    }

    fn lasts_s(&self, grid: &Grid<'_>, from: Cell, to: Cell) -> f64 {
        match to.level - from.level {
            0 => {
                let sides = f64::from((to.column - from.column).pow(2) + (to.row - from.row).pow(2));
                sides.sqrt() * grid.edge_m / self.speed_m_s
            }
            levels if levels > 0 => grid.step_m / self.aircraft.climb_m_s,
            _ => grid.step_m / self.aircraft.descent_m_s,
        }
    }

    /// At least so long to the goal, were the sky empty.
    fn rest_s(&self, grid: &Grid<'_>, from: Cell) -> f64 {
        let (columns, rows) = ((self.goal.column - from.column).abs(), (self.goal.row - from.row).abs());
        let aslant = f64::from(columns.min(rows)) * std::f64::consts::SQRT_2;
        let straight = f64::from(columns.max(rows) - columns.min(rows));
        let rises = if columns.max(rows) > 0 { (self.levels.0 - from.level).max(0) } else { 0 };
        (aslant + straight) * grid.edge_m / self.speed_m_s
            + f64::from(rises) * grid.step_m / self.aircraft.climb_m_s
            + f64::from(from.level + rises) * grid.step_m / self.aircraft.descent_m_s
    }

    /// Takes what a flight is in or next to.
    fn take(&self, grid: &mut Grid<'_>, ridden: &Ridden, time_s: f64) {
        let arrival_s = ridden.arrival_s();
        let last = ridden.cells.len() - 1;
        for (i, &(cell, from_s, to_s)) in ridden.cells.iter().enumerate() {
            let before_s = if i == 0 { from_s - self.pad_s } else { ridden.cells[i - 1].2 };
            let after_s = if i == last { arrival_s + self.pad_s } else { ridden.cells[i + 1].1 };
            grid.take(cell, (before_s.min(from_s) - time_s, after_s.max(to_s) + time_s));
        }
    }
}

/// Whole millionths of a second, in the order of time.
fn micros(time_s: f64) -> i64 {
    (time_s * 1e6) as i64
}
