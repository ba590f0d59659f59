//! The way in the plane past some barriers aside: by the plane alone, or in time, with its turns.

use super::aside::Aside;
use super::barrier::When;
use super::footprint::region_of;
use super::motion::Motion;
use super::planner::ARC_M;
use super::prepared::united;
use super::schedule::Leg;
use super::task::{SNAP_M, Task, WORTH_PREPARING};
use super::timed::{self, Problem, TimedRegion};
use super::tube::Tube;
use super::turn::{arc_tolerance_m, rounded, wide_enough_m};
use crate::frame::Xy;
use crate::intervals::first_from;
use crate::plane::{Contour, Region, quickest_path, shortest_path};

/// A way in the plane.
pub(super) struct PlaneWay {
    /// From beside the origin to beside the destination.
    pub(super) points: Vec<Xy>,
    /// Where it stands to turn, by the number of the point.
    pub(super) stops: Vec<usize>,
    /// Its times, if barriers that open and close are passed.
    pub(super) times: Option<timed::Way>,
    /// Nothing that passes the same barriers aside lands earlier; but for the turns.
    pub(super) bound_s: f64,
}

/// What comes of a search for a way.
pub(super) enum Sought {
    Found(PlaneWay),
    /// Not before the time that was of interest.
    Later,
    /// There is none.
    Closed,
}

impl Task<'_> {
    /// The best way in a tube that passes some barriers aside, landing before `latest_s`.
    ///
    /// `airspeed_share`: how much of the airspeed is used; the rest is for slopes.
    pub(super) fn way(&self, aside: &Aside, tube: &Tube, airspeed_share: f64, latest_s: f64) -> Sought {
        let low_m = tube.heights.0;
        let Some((climb_s, descent_s)) = self.columns_s(low_m, low_m) else { return Sought::Closed };
        let (lift_off, landing) = (self.lift_off(low_m), self.landing(low_m));
        if lift_off.is_empty() {
            return Sought::Closed;
        }
        let region = Region::new(united(&self.outlines(aside, tube)));
        let timed: Vec<TimedRegion> = aside.whole().iter().filter_map(|&i| self.timed_region(i)).collect();
        let ends =
            (self.beside(&region, &timed, self.origin.at), self.beside(&region, &timed, self.destination.at));
        let (Some(start), Some(goal)) = ends else { return Sought::Closed };
        let motion = tube.motion.slowed(airspeed_share);
        if timed.is_empty() {
            let path = if motion.is_calm() {
                shortest_path(&region, start, goal, f64::INFINITY)
            } else {
                quickest_path(&region, start, goal, f64::INFINITY, &motion)
            };
            let Some(path) = path else { return Sought::Closed };
            let Some(bound_s) = self.lands_s(tube, &motion, &path.points) else { return Sought::Closed };
            if bound_s >= latest_s {
                return Sought::Later;
            }
            return self.turned(path.points, &region, bound_s).unwrap_or_else(|| {
                self.wide_way(aside, &motion, (start, goal), &region).map_or(Sought::Closed, |points| {
                    self.turned(points, &region, bound_s).unwrap_or(Sought::Closed)
                })
            });
        }
        let problem = Problem {
            frame: &self.world.frame,
            region: &region,
            timed: &timed,
            start,
            goal,
            motion,
            can_hover: self.can_hover(),
            turn_radius_m: self.aircraft.min_turn_radius_m,
            lift_off: &lift_off,
            climb_s,
            landing: &landing,
            horizon_s: self.horizon_s,
            latest_s: latest_s - descent_s,
        };
        let wide = self.wide_enough_to_turn(aside, (start, goal));
        let wide = wide.as_ref().map(|(region, timed)| Problem { region, timed, ..problem });
        match timed::quickest(&problem, wide.as_ref()) {
            Some(way) => {
                let bound_s = way.landing_s + descent_s;
                let points: Vec<Xy> =
                    std::iter::once(start).chain(way.legs.iter().map(|leg: &Leg| leg.to)).collect();
                Sought::Found(PlaneWay { points, stops: Vec::new(), times: Some(way), bound_s })
            }
            None if latest_s.is_finite() => Sought::Later,
            None => Sought::Closed,
        }
    }

    /// When a flight level along a way has landed, without a wait on the way; `None` if it cannot be flown at any time.
    fn lands_s(&self, tube: &Tube, motion: &Motion, way: &[Xy]) -> Option<f64> {
        let low_m = tube.heights.0;
        let (climb_s, descent_s) = self.columns_s(low_m, low_m)?;
        let first_s = self.lift_off(low_m).first()?.0;
        let seconds = |pair: &[Xy]| motion.seconds(&self.world.frame, pair[0], pair[1]);
        let travel_s: f64 = way.windows(2).map(seconds).sum();
        let (landing_s, _) = first_from(&self.landing(low_m), first_s + climb_s + travel_s)?;
        Some(landing_s + descent_s)
    }

    /// The way with its turns rounded; `None` if they have no room.
    fn turned(&self, points: Vec<Xy>, region: &Region, bound_s: f64) -> Option<Sought> {
        let radius_m = self.aircraft.min_turn_radius_m;
        if radius_m <= 0.0 {
            return Some(Sought::Found(PlaneWay { points, stops: Vec::new(), times: None, bound_s }));
        }
        let way = rounded(&points, radius_m, self.can_hover(), &|a, b| !region.blocks(a, b))?;
        Some(Sought::Found(PlaneWay { points: way.points, stops: way.stops, times: None, bound_s }))
    }

    /// The best way past outlines so wide that it bends no tighter than the turn radius; but for those around the ends.
    fn wide_way(&self, aside: &Aside, motion: &Motion, ends: (Xy, Xy), region: &Region) -> Option<Vec<Xy>> {
        let (wide, _) = self.wide_enough_to_turn(aside, ends)?;
        let path = quickest_path(&wide, ends.0, ends.1, f64::INFINITY, motion)?;
        path.points.windows(2).all(|pair| !region.blocks(pair[0], pair[1])).then_some(path.points)
    }

    /// The barriers passed aside with outlines so wide that a way around them bends no tighter than the turn radius,
    /// for what cannot stop to turn. Those that would hold an end stay as they are.
    fn wide_enough_to_turn(
        &self,
        aside: &Aside,
        (start, goal): (Xy, Xy),
    ) -> Option<(Region, Vec<TimedRegion>)> {
        let radius_m = self.aircraft.min_turn_radius_m;
        if self.can_hover() || radius_m <= 0.0 {
            return None;
        }
        let wide_m = wide_enough_m(radius_m).max(self.aircraft.clearance_m);
        let mut contours: Vec<Contour> = Vec::new();
        let mut timed = Vec::new();
        for &i in aside.whole() {
            let wide = self.volumes.grown(self.barriers[i].volume, wide_m, arc_tolerance_m(wide_m));
            let holds_end = wide.region.contains(start) || wide.region.contains(goal);
            let grown = if holds_end { self.grown(i) } else { wide };
            match &self.barriers[i].when {
                When::Always => contours.extend(grown.contours.iter().cloned()),
                When::At(windows) => timed.push(TimedRegion { grown, windows: windows.clone() }),
            }
        }
        Some((region_of(&contours), timed))
    }

    /// The shortest way in calm air past all barriers that always fill a tube, where it is worth while to prepare them
    /// together: for the whole band and requests whose rights open nothing, which have these barriers in common.
    pub(super) fn prepared_way(&self, tube: &Tube, latest_s: f64) -> Option<Sought> {
        if !self.is_common || self.arc_m < ARC_M || tube.heights != self.band || !tube.motion.is_calm() {
            return None;
        }
        let filling = |i: &usize| {
            !self.barriers[*i].is_timed() && self.barriers[*i].closes_all(tube.heights, self.ground)
        };
        let filling: Vec<usize> = (0..self.barriers.len()).filter(filling).collect();
        if !WORTH_PREPARING.contains(&filling.len()) {
            return None;
        }
        let cell = self.volumes.prepared(filling.into_iter().map(|i| self.grown(i)).collect());
        let prepared = cell.get()?.as_ref()?;
        let start = prepared.nearest_outside(self.origin.at, SNAP_M)?;
        let goal = prepared.nearest_outside(self.destination.at, SNAP_M)?;
        let path = prepared.shortest_path(start, goal)?;
        let bound_s = self.lands_s(tube, &tube.motion, &path.points)?;
        if bound_s >= latest_s {
            return Some(Sought::Later);
        }
        self.turned(path.points, prepared.region(), bound_s)
    }

    fn timed_region(&self, number: usize) -> Option<TimedRegion> {
        let barrier = &self.barriers[number];
        match &barrier.when {
            When::Always => None,
            When::At(windows) => Some(TimedRegion { grown: self.grown(number), windows: windows.clone() }),
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
}
