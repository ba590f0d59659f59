//! The earliest arrival at one cruise height.
//!
//! Barriers are taken up only when a path runs into them: the best path among a few of them is found, held against all,
//! and those that it enters are added, until it enters none. A path that is best among some of the barriers and clear of
//! all is best among all; if some of them close the way, so do all. Among barriers that open and close, best means over
//! the corners of those taken up: the quickest way may bend elsewhere.

use std::collections::BTreeSet;

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::barrier::{Barrier, When};
use super::column::{self, Way};
use super::footprint::{AREA_M, border, region_of};
use super::intervals::{Span, first_from};
use super::motion::{Motion, vertical_m_s};
use super::schedule::{Leg, Schedule};
use super::timed::{Problem, TimedRegion, TimedSearch};
use super::volumes::Volumes;
use crate::frame::Xy;
use crate::plane::{Contour, Region, shortest_path};
use crate::weather::Wind;

/// An end that is free by true distance can lie this far inside a grown outline, whose arcs lie outside the true ones.
/// The flight then begins or ends beside it.
const SNAP_M: f64 = 0.05;

/// One flight at any height: its ends, its barriers, its speeds. Times are seconds after the earliest departure.
pub(super) struct Task<'a> {
    pub(super) volumes: &'a Volumes<'a>,
    pub(super) barriers: &'a [Barrier],
    pub(super) boxes: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
    pub(super) origin: Xy,
    pub(super) destination: Xy,
    /// Barriers within the clearance of either end.
    pub(super) around_origin: Vec<&'a Barrier>,
    pub(super) around_destination: Vec<&'a Barrier>,
    pub(super) clearance_m: f64,
    /// How far arcs may lie outside the true ones.
    pub(super) arc_m: f64,
    pub(super) turn_radius_m: f64,
    /// The airspeed limit, and the limits of climb and descent.
    pub(super) airspeed_m_s: f64,
    pub(super) climb_m_s: f64,
    pub(super) descent_m_s: f64,
    pub(super) wind: &'a Wind,
    /// Lift-off lies between these.
    pub(super) departure: Span,
    /// No flight is in the air after this.
    pub(super) horizon_s: f64,
}

/// What comes of a search at one height, with the barriers that it took up.
pub(super) enum Answer {
    /// The earliest arrival.
    Found(Schedule, BTreeSet<usize>),
    /// Not before the time that was of interest.
    Later,
    /// No way.
    Blocked(BTreeSet<usize>),
}

impl<'a> Task<'a> {
    /// The boxes of grown barriers, to find those near a path.
    pub(super) fn boxes(
        volumes: &Volumes<'_>,
        barriers: &[Barrier],
        clearance_m: f64,
    ) -> RTree<GeomWithData<Rectangle<[f64; 2]>, usize>> {
        let reach = clearance_m * 1.01 + 1.0;
        let boxed = |(i, barrier): (usize, &Barrier)| {
            let (low, high) = volumes.footprint(barrier.volume).bounds()?;
            let corners = ([low.x - reach, low.y - reach], [high.x + reach, high.y + reach]);
            Some(GeomWithData::new(Rectangle::from_corners(corners.0, corners.1), i))
        };
        RTree::bulk_load(barriers.iter().enumerate().filter_map(boxed).collect())
    }

    /// Seconds up to a height and down from it; `None` if the wind is too strong on the way.
    pub(super) fn columns_s(&self, level_m: f64) -> Option<(f64, f64)> {
        let speed = |limit| vertical_m_s(limit, self.airspeed_m_s, level_m, self.wind);
        Some((level_m / speed(self.climb_m_s)?, level_m / speed(self.descent_m_s)?))
    }

    /// Lift-off times from which a height can be reached.
    pub(super) fn lift_off(&self, level_m: f64) -> Vec<Span> {
        let Some((climb_s, _)) = self.columns_s(level_m) else { return Vec::new() };
        let speed = level_m / climb_s;
        column::starts(&self.around_origin, Way::Up, level_m, speed, self.departure.0, self.departure.1)
    }

    /// Times at which a descent from a height may begin.
    pub(super) fn landing(&self, level_m: f64) -> Vec<Span> {
        let Some((_, descent_s)) = self.columns_s(level_m) else { return Vec::new() };
        let speed = level_m / descent_s;
        column::starts(&self.around_destination, Way::Down, level_m, speed, 0.0, self.horizon_s)
    }

    /// The earliest arrival at a height that comes before `latest_s`. `seed`: barriers to take up from the start.
    pub(super) fn search(
        &self,
        level_m: f64,
        motion: Motion,
        seed: &BTreeSet<usize>,
        latest_s: f64,
    ) -> Answer {
        let mut taken: BTreeSet<usize> =
            seed.iter().copied().filter(|&i| self.barriers[i].closes(level_m)).collect();
        loop {
            let schedule = match self.among(&taken, level_m, motion, latest_s) {
                Some(Ok(schedule)) => schedule,
                Some(Err(())) => return Answer::Later,
                None => return Answer::Blocked(taken),
            };
            let before = taken.len();
            self.add_entered(&schedule, &mut taken);
            if taken.len() == before {
                return Answer::Found(schedule, taken);
            }
        }
    }

    /// The best schedule among some barriers; `Err` if it comes too late, `None` if there is none.
    fn among(
        &self,
        taken: &BTreeSet<usize>,
        level_m: f64,
        motion: Motion,
        latest_s: f64,
    ) -> Option<Result<Schedule, ()>> {
        let (climb_s, descent_s) = self.columns_s(level_m)?;
        let (lift_off, landing) = (self.lift_off(level_m), self.landing(level_m));
        let region = self.region(taken.iter().copied().filter(|&i| !self.barriers[i].is_timed()));
        let timed: Vec<TimedRegion> = taken.iter().filter_map(|&i| self.timed_region(i)).collect();
        let start = self.beside(&region, &timed, self.origin)?;
        let goal = self.beside(&region, &timed, self.destination)?;
        if timed.is_empty() && self.turn_radius_m <= 0.0 && motion.is_calm() {
            let path = shortest_path(&region, start, goal, f64::INFINITY)?;
            let leg = |pair: &[Xy]| Leg {
                to: pair[1],
                travel_s: motion.seconds(self.volumes.frame(), pair[0], pair[1]),
                pause_s: 0.0,
                departs: (f64::NEG_INFINITY, f64::INFINITY),
            };
            let legs: Vec<Leg> = path.points.windows(2).map(leg).collect();
            let travel_s: f64 = legs.iter().map(|leg| leg.travel_s).sum();
            let first = *lift_off.first()?;
            let (landing_s, _) = first_from(&landing, first.0 + climb_s + travel_s)?;
            let schedule = lift_off
                .iter()
                .filter(|span| span.0 + climb_s + travel_s <= landing_s)
                .map(|&span| {
                    Schedule::latest(level_m, start, legs.clone(), (span, climb_s), (landing_s, descent_s))
                })
                .max_by(|a, b| a.lift_off_s.total_cmp(&b.lift_off_s))?;
            return Some(if schedule.arrival_s() < latest_s { Ok(schedule) } else { Err(()) });
        }
        let problem = |latest_s: f64| Problem {
            frame: self.volumes.frame(),
            region: &region,
            timed: &timed,
            start,
            goal,
            motion,
            can_hover: true,
            turn_radius_m: self.turn_radius_m,
            lift_off: &lift_off,
            climb_s,
            landing: &landing,
            horizon_s: self.horizon_s,
            latest_s,
        };
        match TimedSearch::new(&problem(latest_s - descent_s)).run() {
            Some(way) => {
                let up = (way.lift_off, climb_s);
                let schedule = Schedule::latest(level_m, start, way.legs, up, (way.landing_s, descent_s));
                Some(if schedule.arrival_s() < latest_s { Ok(schedule) } else { Err(()) })
            }
            None if latest_s.is_finite() => Some(Err(())),
            None => None,
        }
    }

    /// The united region of barriers.
    fn region(&self, barriers: impl Iterator<Item = usize>) -> Region {
        let mut contours: Vec<Contour> = Vec::new();
        let mut far = false;
        for i in barriers {
            let grown = self.volumes.grown(self.barriers[i].volume, self.clearance_m, self.arc_m);
            far |= grown.bounds.is_some_and(|(low, high)| {
                low.x < -AREA_M || low.y < -AREA_M || high.x > AREA_M || high.y > AREA_M
            });
            contours.extend(grown.contours.iter().cloned());
        }
        if far {
            contours.extend(border());
        }
        region_of(&contours)
    }

    fn timed_region(&self, number: usize) -> Option<TimedRegion> {
        let barrier = &self.barriers[number];
        match &barrier.when {
            When::Always => None,
            When::At(windows) => Some(TimedRegion {
                grown: self.volumes.grown(barrier.volume, self.clearance_m, self.arc_m),
                windows: windows.clone(),
            }),
        }
    }

    /// An end, or the point right beside it where the grown outlines stick out beyond the true ones.
    fn beside(&self, region: &Region, timed: &[TimedRegion], end: Xy) -> Option<Xy> {
        let mut at = region.nearest_outside(end, SNAP_M)?;
        for timed in timed {
            match timed.grown.region.nearest_outside(at, SNAP_M) {
                Some(beside) if !region.contains(beside) => at = beside,
                _ => {}
            }
        }
        Some(at)
    }

    /// Adds the barriers that a schedule enters while they are closed.
    fn add_entered(&self, schedule: &Schedule, taken: &mut BTreeSet<usize>) {
        let points = schedule.points();
        let (from_s, to_s) = (schedule.lift_off_s, schedule.arrival_s());
        let mut legs: Vec<(Xy, Xy)> = points.windows(2).map(|pair| (pair[0], pair[1])).collect();
        legs.push((points[0], points[0]));
        for (p, q) in legs {
            let along = AABB::from_corners([p.x, p.y], [q.x, q.y]);
            for near in self.boxes.locate_in_envelope_intersecting(along) {
                let barrier = &self.barriers[near.data];
                let closed = match &barrier.when {
                    When::Always => true,
                    When::At(windows) => windows.iter().any(|w| w.0 <= to_s && from_s <= w.1),
                };
                if closed && barrier.closes(schedule.level_m) && !taken.contains(&near.data) {
                    let grown = self.volumes.grown(barrier.volume, self.clearance_m, self.arc_m);
                    if grown.region.blocks(p, q) || grown.region.contains(p) {
                        taken.insert(near.data);
                    }
                }
            }
        }
    }

    /// A set of barriers out of some, all taken as closed for ever, that keeps the ends apart; empty if they do not.
    ///
    /// Minimal: without any one of the set the way is open. Cost: O(k log n) unions for k of n.
    ///
    /// Reference: Junker 2004, "QUICKXPLAIN: preferred explanations and relaxations for over-constrained problems".
    pub(super) fn cut(&self, taken: &BTreeSet<usize>) -> Vec<usize> {
        let all: Vec<usize> = taken.iter().copied().collect();
        if !self.closes(&all) {
            return Vec::new();
        }
        let mut cut = self.needed(&mut Vec::new(), false, &all);
        cut.sort_unstable();
        cut
    }

    /// The part of `some` that is needed beside `kept` to close the way; `grown`: has `kept` grown since it was tested?
    fn needed(&self, kept: &mut Vec<usize>, grown: bool, some: &[usize]) -> Vec<usize> {
        if grown && self.closes(kept) {
            return Vec::new();
        }
        if some.len() == 1 {
            return some.to_vec();
        }
        let (first, second) = some.split_at(some.len() / 2);
        let before = kept.len();
        kept.extend(first);
        let mut needed = self.needed(kept, !first.is_empty(), second);
        kept.truncate(before);
        kept.extend(&needed);
        let rest = self.needed(kept, !needed.is_empty(), first);
        kept.truncate(before);
        needed.extend(rest);
        needed
    }

    /// Do barriers keep the ends apart?
    fn closes(&self, some: &[usize]) -> bool {
        let region = self.region(some.iter().copied());
        let ends = [self.origin, self.destination].map(|end| region.nearest_outside(end, SNAP_M));
        match ends {
            [Some(start), Some(goal)] => !region.separators(start, goal).is_empty(),
            _ => true,
        }
    }
}
