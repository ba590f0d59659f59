//! The order of things for one request: does it make sense, are its ends free, at which height does it land first?

use std::collections::BTreeSet;
use std::sync::Arc;

use super::advisory::advisories;
use super::barrier::{Barrier, Reach, around, barriers};
use super::bound::lower_bound_s;
use super::level::{Answer, Task};
use super::motion::Motion;
use super::outlines::Outlines;
use super::refuse;
use super::schedule::Schedule;
use super::sensible::Sensible;
use super::trajectory::{self, Point};
use super::volumes::Volumes;
use crate::aircraft::Aircraft;
use crate::flight::{CruiseBand, Outcome, Plan, Refusal, Request};
use crate::frame::{Agl, Frame, Instant, Interval, Xy};
use crate::weather::Wind;
use crate::world::World;

/// How far arcs may lie outside the true ones.
const ARC_M: f64 = 0.015;

/// Likewise where a refusal hangs on it.
const FINE_ARC_M: f64 = 0.0005;

/// Share of the clearance by which arcs may lie outside for what must stop to turn at each of their corners.
const TURNING_ARC: f64 = 0.15;

/// Speeds tried between the limit and cruise when the energy does not suffice for the limit.
const SPEED_STEPS: u32 = 8;

/// Later departures tried when waiting in the air takes too much energy.
const MOST_DEPARTURES: usize = 24;

/// Plans requests alone in the sky, in one world; shared by threads.
///
/// Outlines are projected and grown when a request first needs them, then kept.
pub struct Planner<'w> {
    world: &'w World,
    volumes: Volumes<'w>,
}

/// The best of all levels, and what was found on the way to it.
#[derive(Default)]
struct Search {
    best: Option<(Schedule, Vec<Point>, f64)>,
    /// Watt-hours of the way that takes least among those that take too much.
    too_much_wh: Option<f64>,
    /// Barriers that closed levels, by level.
    blocked: Vec<BTreeSet<usize>>,
}

impl<'w> Planner<'w> {
    /// A planner for a world. Cost: O(n) for n obstacles.
    pub fn new(world: &'w World) -> Self {
        Self::sharing(world, &Arc::new(Outlines::new(world)))
    }

    /// A planner that shares outlines with others, before it and beside it, if they fit its world. It plans as one does
    /// that shares none. Cost: O(1).
    pub fn sharing(world: &'w World, outlines: &Arc<Outlines>) -> Self {
        Self { world, volumes: Volumes::sharing(world, outlines) }
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
        let barriers = self.barriers_within(&flight, self.range_m(flight.aircraft));
        let arc_m = arc_m(flight.aircraft);
        let task = self.task(&flight, &barriers, arc_m);
        self.check_ends(&flight, &task)?;
        let mut search = self.search(&flight, &task);
        if search.best.is_none() && search.too_much_wh.is_none() {
            search = self.search(
                &flight,
                &Task { arc_m: FINE_ARC_M.min(arc_m), ..self.task(&flight, &barriers, arc_m) },
            );
        }
        if let Some((_, points, energy_wh)) = &search.best {
            let advisories = advisories(self.world, &self.volumes, request, points);
            let plan = trajectory::plan(
                &request.id,
                points,
                request.departure.start,
                self.frame(),
                *energy_wh,
                lower_bound_s(self.world, request, flight.aircraft),
                advisories,
            );
            return plan.ok_or_else(|| {
                refuse::bad_request(request, "its numbers are beyond what can be computed".into())
            });
        }
        Err(self.refuse(&flight, &search, &task))
    }

    pub(super) fn world(&self) -> &World {
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
        let mut below: Vec<f64> =
            barriers.iter().map(|barrier| (barrier.low_m * 1000.0).floor() / 1000.0).collect();
        below.retain(|&height| height >= least_m && height < request.cruise.min.metres());
        let mut above: Vec<f64> = barriers.iter().map(|barrier| to_millimetre(barrier.high_m)).collect();
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
        let (a, b) = (flight.origin, flight.destination);
        let straight = (a.x - b.x).hypot(a.y - b.y);
        let middle = self.frame().to_place(Xy { x: (a.x + b.x) / 2.0, y: (a.y + b.y) / 2.0 });
        let half_m = (range_m.max(straight) / 2.0).min(2.0 * super::footprint::AREA_M);
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

    fn task<'a>(&'a self, flight: &Sensible<'_>, barriers: &'a [Barrier], arc_m: f64) -> Task<'a> {
        let aircraft = flight.aircraft;
        let limit = aircraft.speed_limit_m_s(flight.request.mission);
        Task {
            volumes: &self.volumes,
            barriers,
            boxes: Task::boxes(&self.volumes, barriers, aircraft.clearance_m),
            origin: flight.origin,
            destination: flight.destination,
            around_origin: around(barriers, &self.volumes, flight.origin, aircraft.clearance_m),
            around_destination: around(barriers, &self.volumes, flight.destination, aircraft.clearance_m),
            clearance_m: aircraft.clearance_m,
            arc_m,
            turn_radius_m: aircraft.min_turn_radius_m,
            airspeed_m_s: limit,
            climb_m_s: aircraft.climb_m_s.min(limit),
            descent_m_s: aircraft.descent_m_s.min(limit),
            wind: &self.world.wind,
            departure: (0.0, flight.window_s),
            horizon_s: flight.horizon_s,
        }
    }

    /// The earliest arrival over all levels, fast first, slower where the energy asks for it.
    fn search(&self, flight: &Sensible<'_>, task: &Task<'_>) -> Search {
        let aircraft = flight.aircraft;
        let limit = aircraft.speed_limit_m_s(flight.request.mission);
        let cruise = aircraft.cruise_m_s.min(limit);
        let steps = if limit > cruise { SPEED_STEPS } else { 0 };
        let mut search = Search::default();
        for step in 0..=steps {
            let speed_m_s = limit + (cruise - limit) * f64::from(step) / f64::from(steps.max(1));
            self.search_levels(flight, task, speed_m_s, &mut search);
            if search.best.is_some() || search.too_much_wh.is_none() {
                break;
            }
        }
        search
    }

    /// Levels in the order of their bounds: the columns and the straight line. In one wind the lower comes first.
    fn search_levels(&self, flight: &Sensible<'_>, task: &Task<'_>, speed_m_s: f64, search: &mut Search) {
        let bounded = |level_m: f64| {
            let motion = Motion::at(level_m, speed_m_s, task.wind)?;
            let (climb_s, descent_s) = task.columns_s(level_m)?;
            let first_s = task.lift_off(level_m).first()?.0;
            let straight_s = motion.least_seconds(flight.origin, flight.destination);
            (!task.landing(level_m).is_empty()).then_some((
                first_s + climb_s + straight_s + descent_s,
                level_m,
                motion,
            ))
        };
        let mut order: Vec<(f64, f64, Motion)> =
            levels(flight, task.barriers, task.wind).into_iter().filter_map(bounded).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut taken: Vec<(Motion, f64, BTreeSet<usize>)> = Vec::new();
        search.blocked.clear();
        for (bound_s, level_m, motion) in order {
            let latest_s = search.best.as_ref().map_or(f64::INFINITY, |(schedule, ..)| schedule.arrival_s());
            if bound_s >= latest_s {
                break;
            }
            // What the best way at a lower level had to go around stands here too: this level is no better.
            let no_better = |(wind, lower_m, set): &(Motion, f64, BTreeSet<usize>)| {
                *lower_m < level_m
                    && wind.has_wind_of(&motion)
                    && set.iter().all(|&i| task.barriers[i].closes(level_m))
            };
            if taken.iter().any(no_better) {
                continue;
            }
            let seed = taken.last().map(|(.., set)| set.clone()).unwrap_or_default();
            match task.search(level_m, motion, &seed, latest_s) {
                Answer::Found(schedule, set) => {
                    if self.keep(flight, task, schedule, motion, search) {
                        taken.push((motion, level_m, set));
                    }
                }
                Answer::Later => {}
                Answer::Blocked(set) => {
                    search.blocked.push(set.clone());
                    taken.push((motion, level_m, set));
                }
            }
        }
    }

    /// Keeps a schedule if there is energy for it, or for the same level with a later departure and less waiting.
    fn keep(
        &self,
        flight: &Sensible<'_>,
        task: &Task<'_>,
        schedule: Schedule,
        motion: Motion,
        search: &mut Search,
    ) -> bool {
        let usable_wh = flight.aircraft.energy.usable_wh();
        let costed = |schedule: Schedule| {
            let points = trajectory::points(&schedule, self.frame());
            let energy_wh = trajectory::energy_wh(&points, self.frame(), flight.aircraft, &self.world.wind);
            (schedule, points, energy_wh)
        };
        let first = costed(schedule);
        if first.2 <= usable_wh {
            search.best = Some(first);
            return true;
        }
        search.too_much_wh = Some(search.too_much_wh.map_or(first.2, |wh| wh.min(first.2)));
        let departures = later_departures(task);
        if departures.is_empty() {
            return false;
        }
        let level_m = first.0.level_m;
        let mut later = self.task(flight, task.barriers, task.arc_m);
        for from_s in departures {
            later.departure.0 = from_s;
            if let Answer::Found(schedule, _) = later.search(level_m, motion, &BTreeSet::new(), f64::INFINITY)
            {
                let found = costed(schedule);
                let better = search.best.as_ref().is_none_or(|best| found.0.arrival_s() < best.0.arrival_s());
                if found.2 <= usable_wh {
                    if better {
                        search.best = Some(found);
                    }
                    break;
                }
                search.too_much_wh = search.too_much_wh.map(|wh| wh.min(found.2));
            }
        }
        false
    }

    /// Every level has been searched in vain: is it the energy, or is there no way at all?
    fn refuse(&self, flight: &Sensible<'_>, search: &Search, task: &Task<'_>) -> Box<Refusal> {
        if search.too_much_wh.is_none() {
            return self.refuse_no_route(flight, search, task);
        }
        // A way too long for the energy may lead beyond what has been looked at.
        let wide = self.barriers_within(flight, f64::INFINITY);
        if wide.len() > task.barriers.len() {
            let task = self.task(flight, &wide, task.arc_m);
            let search = self.search(flight, &task);
            if search.best.is_none() && search.too_much_wh.is_none() {
                return self.refuse_no_route(flight, &search, &task);
            }
        }
        refuse::energy(flight.request, search.too_much_wh, flight.aircraft.energy.usable_wh())
    }

    fn refuse_no_route(&self, flight: &Sensible<'_>, search: &Search, task: &Task<'_>) -> Box<Refusal> {
        let mut volumes: Vec<u32> = Vec::new();
        for set in &search.blocked {
            let mut cut = task.cut(set);
            if cut.is_empty() {
                cut = set.iter().copied().filter(|&i| task.barriers[i].is_timed()).collect();
            }
            volumes.extend(cut.into_iter().map(|i| task.barriers[i].volume));
        }
        volumes.sort_unstable();
        volumes.dedup();
        refuse::no_route(&self.volumes, flight.request, flight.lowest_m, &volumes)
    }
}

/// The cruise heights worth a search, ascending: the lowest of the band, the tops of barriers and the floors of wind layers
/// within it. Between two of them nothing opens and no other wind blows, and lower is sooner.
fn levels(flight: &Sensible<'_>, barriers: &[Barrier], wind: &Wind) -> Vec<f64> {
    let mut levels = vec![flight.lowest_m];
    let tops = barriers.iter().map(|barrier| to_millimetre(barrier.high_m));
    let floors = wind.layers().iter().map(|layer| to_millimetre(layer.above_agl_m));
    levels.extend(tops.chain(floors).filter(|&top| top > flight.lowest_m && top <= flight.highest_m));
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    levels
}

/// Up to a whole millimetre: heights are written so.
pub(super) fn to_millimetre(height_m: f64) -> f64 {
    (height_m * 1000.0 - 1e-6).ceil() / 1000.0
}

fn arc_m(aircraft: &Aircraft) -> f64 {
    if aircraft.min_turn_radius_m > 0.0 { (TURNING_ARC * aircraft.clearance_m).max(ARC_M) } else { ARC_M }
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
