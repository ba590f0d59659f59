//! One flight among its barriers: its ends, its speeds, and the way in the plane past some of the barriers.

use std::sync::Arc;

use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};

use super::aside::{Aside, ShutParts};
use super::barrier::{Barrier, When};
use super::footprint::region_of;
use super::intervals::{Span, first_from};
use super::motion::{Motion, vertical_m_s};
use super::pad::{self, Pad};
use super::planner::ARC_M;
use super::prepared::united;
use super::schedule::Leg;
use super::timed::{self, Problem, TimedRegion};
use super::tube::Tube;
use super::turn::{arc_tolerance_m, rounded, wide_enough_m};
use super::volumes::{Grown, Volumes};
use crate::aircraft::Aircraft;
use crate::flight::Objective;
use crate::frame::Xy;
use crate::plane::{Contour, Region, quickest_path, shortest_path};
use crate::world::World;

/// An end that is free by true distance can lie this far inside a grown outline, whose arcs lie outside the true ones.
/// The flight then begins or ends beside it.
pub(super) const SNAP_M: f64 = 0.05;

/// Longer than any way takes.
const LATE_S: f64 = 1e7;

/// So many barriers that fill a tube are worth preparing together: more would make the first flight after a change of the
/// airspace wait.
pub(super) const WORTH_PREPARING: std::ops::RangeInclusive<usize> = 32..=2000;

/// The boxes of grown barriers, by their number.
pub(super) type Boxes = RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>;

/// One flight: its ends, its barriers, its speeds. Times are seconds after the earliest departure.
#[derive(Clone)]
pub(super) struct Task<'a> {
    pub(super) world: &'a World,
    pub(super) volumes: &'a Volumes<'a>,
    pub(super) barriers: &'a [Barrier],
    pub(super) boxes: Arc<Boxes>,
    pub(super) aircraft: &'a Aircraft,
    pub(super) origin: Pad,
    pub(super) destination: Pad,
    pub(super) objective: Objective,
    /// The lowest and highest heights of cruise, metres above ground.
    pub(super) band: (f64, f64),
    /// The lowest and the highest ground there is, metres AMSL.
    pub(super) ground: (f64, f64),
    /// How far arcs may lie outside the true ones.
    pub(super) arc_m: f64,
    /// The airspeed limit, and the limits of climb and descent.
    pub(super) airspeed_m_s: f64,
    pub(super) climb_m_s: f64,
    pub(super) descent_m_s: f64,
    pub(super) shut_parts: ShutParts,
    /// Do the request's rights open no barrier?
    pub(super) is_common: bool,
    /// Lift-off lies between these.
    pub(super) departure: Span,
    /// No flight is in the air after this.
    pub(super) horizon_s: f64,
}

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

impl<'a> Task<'a> {
    /// The boxes of grown barriers, to find those near a path.
    pub(super) fn boxes(volumes: &Volumes<'_>, barriers: &[Barrier], clearance_m: f64) -> Arc<Boxes> {
        let reach = clearance_m * 1.01 + 1.0;
        let boxed = |(i, barrier): (usize, &Barrier)| {
            let (low, high) = volumes.footprint(barrier.volume).bounds()?;
            let corners = ([low.x - reach, low.y - reach], [high.x + reach, high.y + reach]);
            Some(GeomWithData::new(Rectangle::from_corners(corners.0, corners.1), i))
        };
        Arc::new(RTree::bulk_load(barriers.iter().enumerate().filter_map(boxed).collect()))
    }

    pub(super) fn can_hover(&self) -> bool {
        self.aircraft.can_hover
    }

    /// Seconds up to a height above the pads and down from it; nothing for what takes off along a slope. `None` if the
    /// wind is too strong on the way.
    pub(super) fn columns_s(&self, up_m: f64, down_m: f64) -> Option<(f64, f64)> {
        let speed = |limit, top_m| vertical_m_s(limit, self.airspeed_m_s, top_m, &self.world.wind);
        let seconds = (up_m / speed(self.climb_m_s, up_m)?, down_m / speed(self.descent_m_s, down_m)?);
        Some(if self.can_hover() { seconds } else { (0.0, 0.0) })
    }

    /// Lift-off times from which a height above the pad can be reached.
    pub(super) fn lift_off(&self, top_m: f64) -> Vec<Span> {
        if !self.can_hover() {
            return self.origin.free_on_ground(self.departure);
        }
        let Some((climb_s, _)) = self.columns_s(top_m, top_m) else { return Vec::new() };
        let speed = if climb_s > 0.0 { top_m / climb_s } else { self.climb_m_s };
        self.origin.column_starts(pad::Way::Up, top_m, speed, self.departure)
    }

    /// Times at which the descent from a height above the pad may begin; without columns, of touch-down.
    pub(super) fn landing(&self, top_m: f64) -> Vec<Span> {
        // What lands after the horizon takes more energy than there is, which is for others to tell.
        let within = (0.0, self.horizon_s + LATE_S);
        if !self.can_hover() {
            return self.destination.free_on_ground(within);
        }
        let Some((_, descent_s)) = self.columns_s(top_m, top_m) else { return Vec::new() };
        let speed = if descent_s > 0.0 { top_m / descent_s } else { self.descent_m_s };
        self.destination.column_starts(pad::Way::Down, top_m, speed, within)
    }

    /// No flight in a tube lands before this, whatever stands in the way; `None` if its ends cannot be reached.
    pub(super) fn bound_s(&self, tube: &Tube) -> Option<f64> {
        let low_m = tube.heights.0;
        let (climb_s, descent_s) = self.columns_s(low_m, low_m)?;
        let first_s = self.lift_off(low_m).first()?.0;
        let straight_s = tube.motion.least_seconds(self.origin.at, self.destination.at);
        (!self.landing(low_m).is_empty()).then_some(first_s + climb_s + straight_s + descent_s)
    }

    /// The best way in a tube that passes some barriers aside, landing before `latest_s`.
    ///
    /// `airspeed_share`: how much of the airspeed is used; the rest is for slopes.
    pub(super) fn way(&self, aside: &Aside, tube: &Tube, airspeed_share: f64, latest_s: f64) -> Sought {
        let low_m = tube.heights.0;
        let Some((climb_s, descent_s)) = self.columns_s(low_m, low_m) else { return Sought::Closed };
        let (lift_off, landing) = (self.lift_off(low_m), self.landing(low_m));
        let Some(&(first_s, _)) = lift_off.first() else { return Sought::Closed };
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
            let travel_s = self.travel_s(&motion, &path.points);
            let Some((landing_s, _)) = first_from(&landing, first_s + climb_s + travel_s) else {
                return Sought::Closed;
            };
            let bound_s = landing_s + descent_s;
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

    /// Seconds along a way in level flight.
    fn travel_s(&self, motion: &Motion, way: &[Xy]) -> f64 {
        way.windows(2).map(|pair| motion.seconds(&self.world.frame, pair[0], pair[1])).sum()
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

    /// A barrier's outline grown by the clearance.
    pub(super) fn grown(&self, barrier: usize) -> Arc<Grown> {
        self.volumes.grown(self.barriers[barrier].volume, self.aircraft.clearance_m, self.arc_m)
    }

    /// The united region of barriers.
    pub(super) fn region(&self, barriers: impl Iterator<Item = usize>) -> Region {
        let grown: Vec<Arc<Grown>> = barriers.map(|i| self.grown(i)).collect();
        Region::new(united(&grown))
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
        let low_m = tube.heights.0;
        let (climb_s, descent_s) = self.columns_s(low_m, low_m)?;
        let first_s = self.lift_off(low_m).first()?.0;
        let start = prepared.nearest_outside(self.origin.at, SNAP_M)?;
        let goal = prepared.nearest_outside(self.destination.at, SNAP_M)?;
        let path = prepared.shortest_path(start, goal)?;
        let travel_s = self.travel_s(&tube.motion, &path.points);
        let (landing_s, _) = first_from(&self.landing(low_m), first_s + climb_s + travel_s)?;
        let bound_s = landing_s + descent_s;
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
