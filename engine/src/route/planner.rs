//! The order of things for one request: does it make sense, are its ends free, at which height does it land first?

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use super::advisory::advisories;
use super::aside::{Aside, ShutParts};
use super::barrier::{Barrier, Reach, barriers};
use super::bound::lower_bound_s;
use super::flown::Flown;
use super::outlines::Outlines;
use super::pad::Pad;
use super::refuse;
use super::search::Found;
use super::sensible::Sensible;
use super::task::{Airborne, Boxes, Task};
use super::trajectory::{self, Point};
use super::tube::{Tube, edges, levels, tubes};
use super::volumes::Volumes;
use crate::aircraft::Aircraft;
use crate::flight::{CruiseBand, Objective, Outcome, Plan, Refusal, Request};
use crate::frame::{Agl, Frame, Instant, Interval, Xy};
use crate::world::World;

/// How far arcs may lie outside the true ones.
pub(super) const ARC_M: f64 = 0.015;

/// Likewise where a refusal hangs on it.
const FINE_ARC_M: f64 = 0.0005;

/// Speeds tried between the limit and cruise when the energy does not suffice for the limit.
const SPEED_STEPS: u32 = 8;

/// So much longer than the shortest way at its height may a flight be.
const LONGER: f64 = 1.0005;

/// Barriers are looked for in squares with middles and sides on this grid.
const REACH_GRID_M: f64 = 20_000.0;

/// Later departures tried when waiting in the air takes too much energy.
const MOST_DEPARTURES: usize = 24;

/// Plans requests in one world, alone in the sky or among others; shared by threads.
///
/// Outlines are projected and grown when a request first needs them, then kept.
pub struct Planner<'w> {
    world: &'w World,
    volumes: Volumes<'w>,
    last_boxes: Mutex<Option<LastBoxes>>,
}

/// The volumes of the last flight's barriers, its clearance, and the boxes made of them.
type LastBoxes = (Vec<u32>, f64, Arc<Boxes>);

/// A flight that keeps its promises.
pub(super) struct Candidate {
    pub(super) flown: Flown,
    points: Vec<Point>,
    energy_wh: f64,
    /// Might a search level by level find an earlier one?
    late: bool,
    /// The barriers that it passes aside.
    pub(super) aside: Aside,
    /// The tube in which it flies.
    pub(super) tube: Tube,
    /// Where its tube stands in the order: ties go to the first.
    rank: usize,
}

/// The best of all tubes, and what was met on the way to it.
#[derive(Default)]
struct Search {
    objective: Objective,
    best: Option<Candidate>,
    /// Watt-hours of the way that takes least among those that take too much.
    too_much_wh: Option<f64>,
    /// Barriers that closed tubes, by tube.
    blocked: Vec<(usize, Vec<BTreeSet<usize>>)>,
}

impl<'w> Planner<'w> {
    /// A planner for a world. Cost: O(n) for n obstacles.
    pub fn new(world: &'w World) -> Self {
        Self::sharing(world, &Arc::new(Outlines::new(world)))
    }

    /// A planner that shares outlines with others, before it and beside it, if they fit its world. It plans as one does
    /// that shares none. Cost: O(1).
    pub fn sharing(world: &'w World, outlines: &Arc<Outlines>) -> Self {
        Self { world, volumes: Volumes::sharing(world, outlines), last_boxes: Mutex::default() }
    }

    /// Plans a request.
    pub fn plan(&self, request: &Request) -> Outcome {
        match self.try_plan(request) {
            Ok(plan) => Outcome::Planned(plan),
            Err(refusal) => Outcome::Rejected(*refusal),
        }
    }

    fn try_plan(&self, request: &Request) -> Result<Plan, Box<Refusal>> {
        let flight = self.sensible(request)?;
        self.alone(&flight, None, |_, _, plan| plan)
    }

    /// The task of a flight among all that lies within its reach.
    pub(super) fn with_task<R>(
        &self,
        flight: &Sensible<'_>,
        airborne: Option<Airborne>,
        then: impl FnOnce(&Task<'_>) -> R,
    ) -> R {
        let barriers = self.barriers_within(flight, self.range_m(flight.aircraft));
        then(&self.task(flight, &barriers, ARC_M).begun(airborne))
    }

    /// Plans a flight alone in the sky and hands its task, what was found and the plan to `then`. An airborne flight begins
    /// where it is.
    pub(super) fn alone<R>(
        &self,
        flight: &Sensible<'_>,
        airborne: Option<Airborne>,
        then: impl FnOnce(&Task<'_>, &Candidate, Plan) -> R,
    ) -> Result<R, Box<Refusal>> {
        let request = flight.request;
        let barriers = self.barriers_within(flight, self.range_m(flight.aircraft));
        let begin = |arc_m: f64| self.task(flight, &barriers, arc_m).begun(airborne);
        let mut task = begin(ARC_M);
        self.check_ends(flight, &task)?;
        let mut search = self.search(&task);
        if search.best.is_none() && search.too_much_wh.is_none() {
            let fine = begin(FINE_ARC_M);
            search = self.search(&fine);
            if search.best.is_some() {
                task = fine;
            }
        }
        let Some(found) = &search.best else { return Err(self.refuse(flight, &search, &task)) };
        let plan = trajectory::plan(
            &request.id,
            &found.points,
            request.departure.start,
            self.frame(),
            found.energy_wh,
            lower_bound_s(&task, found.aside.whole(), found.flown.arrival_s()),
            advisories(self.world, &self.volumes, request, &found.points),
        );
        match plan {
            Some(plan) => Ok(then(&task, found, plan)),
            None => Err(refuse::bad_request(request, "its numbers are beyond what can be computed".into())),
        }
    }

    /// The world that it plans in.
    pub fn world(&self) -> &'w World {
        self.world
    }

    /// Heights beside the band at which something opens, in metres above ground, the nearest first: below the bottoms
    /// of barriers down to the least clearance of the ground, and on the tops of barriers up to `higher_m` above.
    pub(super) fn heights_beside(&self, request: &Request, higher_m: f64) -> (Vec<f64>, Vec<f64>) {
        let top_m = request.cruise.max.metres() + higher_m;
        let Ok(top) = Agl::new(top_m) else { return (Vec::new(), Vec::new()) };
        let tall = Request { cruise: CruiseBand { min: request.cruise.min, max: top }, ..request.clone() };
        let Ok(flight) = self.sensible(&tall) else { return (Vec::new(), Vec::new()) };
        let barriers = self.barriers_within(&flight, self.range_m(flight.aircraft));
        let least_m = flight.aircraft.vertical_clearance_m;
        let (mut below, mut above) = edges(&barriers, flight.origin.1);
        below.retain(|&height| height >= least_m && height < request.cruise.min.metres());
        above.retain(|&height| height > request.cruise.max.metres() && height <= top_m);
        below.sort_by(|a, b| b.total_cmp(a));
        above.sort_by(f64::total_cmp);
        below.dedup();
        above.dedup();
        (below, above)
    }

    /// No flight gets farther: all its energy at cruise, with the strongest wind behind.
    fn range_m(&self, aircraft: &Aircraft) -> f64 {
        let energy = &aircraft.energy;
        let speed = aircraft.cruise_m_s + self.world.wind.greatest_m_s();
        energy.usable_wh().max(0.0) * 3600.0 / energy.cruise_w * speed
    }

    pub(super) fn volumes(&self) -> &Volumes<'w> {
        &self.volumes
    }

    pub(super) fn frame(&self) -> &Frame {
        &self.world.frame
    }

    fn barriers_within(&self, flight: &Sensible<'_>, range_m: f64) -> Vec<Barrier> {
        let (a, b) = (flight.origin.0, flight.destination.0);
        let straight = (a.x - b.x).hypot(a.y - b.y);
        // On a coarse grid, so that neighbouring flights have the same barriers.
        let snapped = |x: f64| (x / REACH_GRID_M).round() * REACH_GRID_M;
        let middle = Xy { x: snapped((a.x + b.x) / 2.0), y: snapped((a.y + b.y) / 2.0) };
        let middle = self.frame().to_place(middle);
        let half_m = (range_m.max(straight) / 2.0).min(2.0 * super::footprint::AREA_M);
        let half_m = (half_m / REACH_GRID_M).ceil() * REACH_GRID_M + REACH_GRID_M;
        let start = flight.request.departure.start;
        let horizon = Interval::new(start, later(start, flight.horizon_s));
        barriers(
            self.world,
            &self.volumes,
            flight.request,
            flight.aircraft,
            Reach { middle, half_m },
            horizon,
        )
    }

    fn task<'a>(&'a self, flight: &Sensible<'a>, barriers: &'a [Barrier], arc_m: f64) -> Task<'a> {
        let aircraft = flight.aircraft;
        let limit = aircraft.speed_limit_m_s(flight.request.mission);
        let pad =
            |(at, ground_m): (Xy, f64)| Pad::new(at, ground_m, barriers, &self.volumes, aircraft.clearance_m);
        Task {
            world: self.world,
            volumes: &self.volumes,
            barriers,
            boxes: self.boxes(barriers, aircraft.clearance_m),
            aircraft,
            origin: pad(flight.origin),
            airborne: None,
            destination: pad(flight.destination),
            objective: flight.request.objective,
            band: (flight.lowest_m, flight.highest_m),
            ground: self.world.ground.range_m(),
            arc_m,
            airspeed_m_s: limit,
            climb_m_s: aircraft.climb_m_s.min(limit),
            descent_m_s: aircraft.descent_m_s.min(limit),
            usable_wh: aircraft.energy.usable_wh(),
            is_common: flight.request.authorizations.is_empty() && flight.request.exemptions.is_empty(),
            shut_parts: ShutParts::default(),
            departure: (0.0, flight.window_s),
            horizon_s: flight.horizon_s,
        }
    }

    /// The boxes of barriers: those of the last flight, if it had the same.
    fn boxes(&self, barriers: &[Barrier], clearance_m: f64) -> Arc<Boxes> {
        let volumes: Vec<u32> = barriers.iter().map(|barrier| barrier.volume).collect();
        let last = || self.last_boxes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, clearance, boxes)) = &*last()
            && *clearance == clearance_m
            && *of == volumes
        {
            return Arc::clone(boxes);
        }
        let boxes = Task::boxes(&self.volumes, barriers, clearance_m);
        *last() = Some((volumes, clearance_m, Arc::clone(&boxes)));
        boxes
    }

    /// The earliest arrival, fast first, slower where the energy asks for it.
    fn search(&self, task: &Task<'_>) -> Search {
        let limit = task.airspeed_m_s;
        let cruise = task.aircraft.cruise_m_s.min(limit);
        let steps = if limit > cruise { SPEED_STEPS } else { 0 };
        let mut search = Search { objective: task.objective, ..Search::default() };
        for step in 0..=steps {
            let speed_m_s = limit + (cruise - limit) * f64::from(step) / f64::from(steps.max(1));
            search.blocked.clear();
            self.search_tubes(task, &tubes(task, speed_m_s), 0, &mut search);
            let thrifty = task.objective == Objective::LeastEnergy;
            let late = search.best.as_ref().is_none_or(|best| best.late);
            if (late || thrifty) && self.world.ground.is_flat() {
                self.search_tubes(task, &levels(task, speed_m_s), 1000, &mut search);
            }
            self.keep_shortest(task, speed_m_s, &mut search);
            if !thrifty && (search.best.is_some() || search.too_much_wh.is_none()) {
                break;
            }
        }
        search
    }

    /// A flight that changes its height must not be longer than the shortest way at the height at which it flies most: if
    /// it passes aside what is open there, the search at that height decides.
    fn keep_shortest(&self, task: &Task<'_>, speed_m_s: f64, search: &mut Search) {
        let Some(best) = &search.best else { return };
        let promised = self.world.ground.is_flat()
            && self.world.wind.is_calm()
            && task.aircraft.min_turn_radius_m <= 0.0
            && task.objective == Objective::EarliestArrival;
        if !promised {
            return;
        }
        let height_m = trajectory::most_flown_m(&best.points, self.frame());
        let open = |&i: &usize| !task.barriers[i].closes_all((height_m, height_m), task.ground);
        if !best.aside.whole().iter().any(open) {
            return;
        }
        let Some(level) = Tube::new((height_m, height_m), speed_m_s, task) else { return };
        let mut there = Search::default();
        self.search_tubes(task, &[level], 0, &mut there);
        let length_m = |candidate: &Candidate| trajectory::length_m(&candidate.points, self.frame());
        if let Some(level) = there.best
            && length_m(best) > LONGER * length_m(&level)
        {
            search.best = Some(level);
        }
    }

    /// Searches tubes in the order of their bounds, in parallel; each stops where it cannot beat the best of all.
    ///
    /// The best is the earliest, of equals the one of the lowest tube, so it does not depend on who was first.
    fn search_tubes(&self, task: &Task<'_>, tubes: &[Tube], first_rank: usize, search: &mut Search) {
        let bounded = |(i, tube): (usize, &Tube)| Some((task.bound_s(tube)?, first_rank + i, tube.clone()));
        let mut order: Vec<(f64, usize, Tube)> = tubes.iter().enumerate().filter_map(bounded).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let shared = Mutex::new(std::mem::take(search));
        let locked = || shared.lock().unwrap_or_else(PoisonError::into_inner);
        let search_one = |(bound_s, rank, tube): &(f64, usize, Tube)| {
            let latest_s = locked().latest_s(*rank);
            if *bound_s >= latest_s {
                return;
            }
            let mut offer = |flown: Flown, found: Found<'_>| {
                self.offer(task, tube, self.costed(task, tube, *rank, flown, found), &shared)
            };
            let blocked = task.search(tube, latest_s, &mut offer);
            if !blocked.is_empty() {
                locked().blocked.push((*rank, blocked));
            }
        };
        match &order[..] {
            [only] => search_one(only),
            _ => order.par_iter().with_max_len(1).for_each(search_one),
        }
        *search = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
        search.blocked.sort_by_key(|(rank, _)| *rank);
    }

    /// Keeps a flight if there is energy for it, or for a later departure with less waiting. Answers before which
    /// landing others are of interest.
    fn offer(&self, task: &Task<'_>, tube: &Tube, candidate: Candidate, shared: &Mutex<Search>) -> f64 {
        let locked = || shared.lock().unwrap_or_else(PoisonError::into_inner);
        let usable_wh = task.usable_wh;
        let rank = candidate.rank;
        if candidate.energy_wh <= usable_wh {
            let mut search = locked();
            search.keep(candidate);
            return search.latest_s(rank);
        }
        locked().takes_too_much(candidate.energy_wh);
        for from_s in later_departures(task) {
            let later = Task { departure: (from_s, task.departure.1), ..task.clone() };
            let mut enough = None;
            let mut offer = |flown: Flown, found: Found<'_>| {
                let candidate = self.costed(&later, tube, rank, flown, found);
                if candidate.energy_wh > usable_wh {
                    locked().takes_too_much(candidate.energy_wh);
                } else if enough
                    .as_ref()
                    .is_none_or(|best: &Candidate| candidate.arrival_s() < best.arrival_s())
                {
                    enough = Some(candidate);
                }
                enough.as_ref().map_or(f64::INFINITY, Candidate::arrival_s)
            };
            later.search(tube, f64::INFINITY, &mut offer);
            if let Some(candidate) = enough {
                let mut search = locked();
                search.keep(candidate);
                break;
            }
        }
        locked().latest_s(rank)
    }

    fn costed(&self, task: &Task<'_>, tube: &Tube, rank: usize, flown: Flown, found: Found<'_>) -> Candidate {
        let points = trajectory::points(&flown, task);
        let (ground, wind) = (&self.world.ground, &self.world.wind);
        let energy_wh = trajectory::energy_wh(&points, self.frame(), ground, task.aircraft, wind);
        let (late, aside) = (found.late, found.aside.clone());
        Candidate { flown, points, energy_wh, late, aside, tube: tube.clone(), rank }
    }

    /// Every level has been searched in vain: is it the energy, or is there no way at all?
    fn refuse<'a>(&'a self, flight: &Sensible<'a>, search: &Search, task: &Task<'a>) -> Box<Refusal> {
        if search.too_much_wh.is_none() {
            return self.refuse_no_route(flight, search, task);
        }
        // A way too long for the energy may lead beyond what has been looked at.
        let wide = self.barriers_within(flight, f64::INFINITY);
        if wide.len() > task.barriers.len() {
            let task = self.task(flight, &wide, task.arc_m);
            let search = self.search(&task);
            if search.best.is_none() && search.too_much_wh.is_none() {
                return self.refuse_no_route(flight, &search, &task);
            }
        }
        refuse::energy(flight.request, search.too_much_wh, task.usable_wh)
    }

    fn refuse_no_route(&self, flight: &Sensible<'_>, search: &Search, task: &Task<'_>) -> Box<Refusal> {
        let met: BTreeSet<usize> =
            search.blocked.iter().flat_map(|(_, sets)| sets).flatten().copied().collect();
        let mut cut = task.cut(&met);
        if cut.is_empty() {
            cut = met.into_iter().filter(|&i| task.barriers[i].is_timed()).collect();
        }
        let mut volumes: Vec<u32> = cut.into_iter().map(|i| task.barriers[i].volume).collect();
        volumes.sort_unstable();
        volumes.dedup();
        refuse::no_route(&self.volumes, flight.request, flight.lowest_m, &volumes)
    }
}

impl Candidate {
    fn arrival_s(&self) -> f64 {
        self.flown.arrival_s()
    }
}

impl Search {
    /// Nothing that lands later than this in the tube of a rank is of interest.
    fn latest_s(&self, rank: usize) -> f64 {
        match &self.best {
            _ if self.objective == Objective::LeastEnergy => f64::INFINITY,
            // Of equal arrivals the lower rank wins, so it still looks at them.
            Some(best) if rank < best.rank => best.arrival_s().next_up(),
            Some(best) => best.arrival_s(),
            None => f64::INFINITY,
        }
    }

    fn keep(&mut self, candidate: Candidate) {
        let better = self.best.as_ref().is_none_or(|best| {
            let by_arrival = candidate.arrival_s().total_cmp(&best.arrival_s());
            let by_energy = candidate.energy_wh.total_cmp(&best.energy_wh);
            let order = match self.objective {
                Objective::EarliestArrival => by_arrival,
                Objective::LeastEnergy => by_energy.then(by_arrival),
            };
            order.then(candidate.rank.cmp(&best.rank)).is_lt()
        });
        if better {
            self.best = Some(candidate);
        }
    }

    fn takes_too_much(&mut self, wh: f64) {
        self.too_much_wh = Some(self.too_much_wh.map_or(wh, |least| least.min(wh)));
    }
}

/// Departures worth trying when waiting in the air takes too much: when something opens.
fn later_departures(task: &Task<'_>) -> Vec<f64> {
    let mut times: Vec<f64> =
        task.barriers.iter().filter(|b| b.is_timed()).flat_map(Barrier::windows).map(|w| w.1).collect();
    times.push(task.departure.1);
    times.retain(|&t| t > task.departure.0 && t <= task.departure.1);
    times.sort_by(f64::total_cmp);
    times.dedup();
    times.truncate(MOST_DEPARTURES);
    times
}

fn later(instant: Instant, seconds: f64) -> Instant {
    instant.plus_millis((seconds * 1000.0).ceil() as i64)
}
