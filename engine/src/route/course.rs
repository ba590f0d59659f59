//! Courses: ways of flying a request whose shape and speeds are fixed and whose lift-off is not.
//!
//! The flight alone in the sky is one; others fly its way at heights that lie the vertical separation apart, so that a
//! flight in traffic finds one above or below the others.

use super::aside::Aside;
use super::crossing::Met;
use super::flown::{Flown, Piece};
use super::plane_way::PlaneWay;
use super::planner::Candidate;
use super::profile::{Crossing, Limit};
use super::schedule::Schedule;
use super::search::{Lifted, NO_BARRIER};
use super::task::Task;
use super::trajectory::{self, Point};
use super::tube::{Tube, tubes};
use super::turn::rounded;
use crate::frame::Xy;
use crate::intervals::{Span, free, intersection};
use crate::surface::GroundLine;

/// Heights tried, at most.
const MOST_LEVELS: usize = 8;

/// Above a limit by so much less still counts as above it, metres.
const GRAZE_M: f64 = 0.005;

/// Detours bend so many separations from the ends.
const REACH: f64 = 4.0;

/// By these angles.
const ANGLES_DEG: [f64; 6] = [-90.0, -45.0, -20.0, 20.0, 45.0, 90.0];

/// Slopes to a level begin and end with so much room to spare.
const SPARE: f64 = 1.02;

/// A way of flying a request that may lift off at any of some times.
#[derive(Debug, Clone)]
pub(super) struct Course {
    /// Seconds after lift-off.
    pub(super) points: Vec<Point>,
    /// Watt-hours it takes.
    pub(super) energy_wh: f64,
    /// When it may lift off, seconds after the earliest departure: sorted, disjoint.
    pub(super) lift_off: Vec<Span>,
    /// Does it keep to the lowest height, where it could fly higher?
    pub(super) is_lowest: bool,
}

/// The way of a flight in the plane, and what it passes aside.
#[derive(Debug, Clone)]
pub(super) struct Way {
    points: Vec<Xy>,
    stops: Vec<usize>,
    aside: Aside,
    tube: Tube,
}

impl Way {
    pub(super) fn of(found: &Candidate) -> Self {
        let legs = &found.flown.schedule.legs;
        Self {
            points: std::iter::once(found.flown.start).chain(legs.iter().map(|leg| leg.to)).collect(),
            stops: (1..legs.len()).filter(|&i| legs[i].pause_s > 0.0).collect(),
            aside: found.aside.clone(),
            tube: found.tube.clone(),
        }
    }

    fn plane_way(&self) -> PlaneWay {
        let (points, stops) = (self.points.clone(), self.stops.clone());
        PlaneWay { points, stops, times: None, bound_s: 0.0 }
    }
}

impl Course {
    /// From lift-off to touch-down, seconds.
    pub(super) fn duration_s(&self) -> f64 {
        self.points.last().map_or(0.0, |point| point.time_s)
    }
}

impl Task<'_> {
    /// The courses along the way of a flight: first the flight itself, then its way at other heights, the lowest first.
    /// None takes more energy than there is.
    pub(super) fn courses(&self, flown: &Flown, way: &Way) -> Vec<Course> {
        let plane_way = way.plane_way();
        let met = self.met_on(&plane_way, &way.aside, &way.tube);
        let itself = self.course(flown, &met, Some(flown.schedule.lift_off_s));
        let mut courses = Vec::new();
        self.at_levels(&plane_way, way, &mut |course| courses.push(course));
        match itself {
            Some(itself) if courses.first().is_none_or(|lowest: &Course| lowest.points != itself.points) => {
                courses.insert(0, itself);
            }
            _ => {}
        }
        courses
    }

    /// Courses that leave or come to the ends from another side; the shortest ways first.
    /// Ways that take `spare_s` longer are of no interest; `offer` is handed each course and says how much that is then.
    pub(super) fn detours(&self, way: &Way, mut spare_s: f64, offer: &mut dyn FnMut(&Course) -> f64) {
        let fastest_m_s = way.tube.slopes.airspeed_m_s + self.world.wind.greatest_m_s();
        let reach_m = self.world.separation.horizontal_m * REACH;
        let mut ways: Vec<(f64, Vec<Xy>)> = bent(&way.points, reach_m);
        ways.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (longer_m, points) in ways {
            if longer_m / fastest_m_s >= spare_s {
                return;
            }
            let passed = |barrier: usize| way.aside.holds(barrier) && !self.barriers[barrier].is_timed();
            let is_open = |a: Xy, b: Xy| !self.enters(a, b, passed);
            // Rounding asks of its arcs alone.
            if !points.windows(2).all(|pair| is_open(pair[0], pair[1])) {
                continue;
            }
            let radius_m = self.aircraft.min_turn_radius_m;
            let plane_way = if radius_m > 0.0 {
                let Some(round) = rounded(&points, radius_m, self.can_hover(), &is_open) else { continue };
                PlaneWay { points: round.points, stops: round.stops, times: None, bound_s: 0.0 }
            } else {
                PlaneWay { points, stops: Vec::new(), times: None, bound_s: 0.0 }
            };
            self.at_levels(&plane_way, way, &mut |course| spare_s = offer(&course));
        }
    }

    /// A way at all heights of traffic, the lowest first.
    fn at_levels(&self, plane_way: &PlaneWay, way: &Way, offer: &mut dyn FnMut(Course)) {
        for tube in tubes(self, way.tube.slopes.airspeed_m_s) {
            let met = self.met_on(plane_way, &way.aside, &tube);
            let levels = self.levels_of(&tube);
            for &height_m in &levels {
                let lifted = self.level(&tube, plane_way, &met, height_m).map(Flown::without_waits);
                let course = lifted.and_then(|flown| self.course(&flown, &met, None));
                if let Some(course) = course.filter(|course| course.energy_wh <= self.usable_wh) {
                    offer(Course { is_lowest: levels.len() > 1 && height_m <= self.band.0, ..course });
                }
            }
        }
    }

    /// The heights above ground at which a tube is flown, lowest first.
    fn levels_of(&self, tube: &Tube) -> Vec<f64> {
        let (low_m, high_m) = self.band;
        let apart_m = self.world.separation.vertical_m.max((high_m - low_m) / (MOST_LEVELS - 1) as f64);
        let levels = (0..MOST_LEVELS).map(|level| low_m + level as f64 * apart_m);
        let within =
            |height: &f64| *height >= tube.heights.0 - GRAZE_M && *height <= tube.heights.1 + GRAZE_M;
        let mut heights: Vec<f64> =
            levels.filter(within).map(|height| height.clamp(tube.heights.0, tube.heights.1)).collect();
        heights.dedup();
        heights
    }

    /// What a way crosses but for what it passes aside at all times.
    fn met_on(&self, way: &PlaneWay, aside: &Aside, tube: &Tube) -> Vec<Met> {
        let mut met = self.crossings(&way.points, &Aside::default(), tube);
        met.retain(|met| {
            !aside.holds(met.crossing.barrier) || self.barriers[met.crossing.barrier].is_timed()
        });
        met
    }

    /// The way at a height above ground between slopes from and to the tube's lowest height.
    fn level(&self, tube: &Tube, way: &PlaneWay, met: &[Met], height_m: f64) -> Option<Flown> {
        let ground = GroundLine::under(&self.world.ground, &self.world.frame, &way.points)?;
        let (up, down) = self.end_slopes(tube, way);
        let rise_m = if self.can_hover() { height_m - tube.heights.0 } else { height_m };
        let (from_m, to_m) = (SPARE * rise_m / up[0], ground.length_m() - SPARE * rise_m / down[0]);
        if from_m > to_m {
            return None;
        }
        let (low, high) = (Limit::Sea(f64::NEG_INFINITY), Limit::Ground(height_m));
        let below = Crossing { barrier: NO_BARRIER, from_m, to_m, low, high };
        // What opens and closes is for the lift-off times.
        let always: Vec<Met> =
            met.iter().filter(|met| !self.barriers[met.crossing.barrier].is_timed()).copied().collect();
        match self.fly(tube, way, &always, (height_m > tube.heights.0).then_some(below)) {
            Lifted::Flown(flown) => Some(*flown),
            _ => None,
        }
    }

    /// The course of a flight that meets some crossings, `own_s` being a lift-off at which it is known to be free.
    fn course(&self, flown: &Flown, met: &[Met], own_s: Option<f64>) -> Option<Course> {
        let schedule = &flown.schedule;
        let up_m = (flown.ends_m.0 - self.origin.ground_m).max(0.0);
        let down_m = (flown.ends_m.1 - self.destination.ground_m).max(0.0);
        let landing_s = schedule.landing_s - schedule.lift_off_s;
        let landing: Vec<Span> =
            self.landing(down_m).iter().map(|span| (span.0 - landing_s, span.1 - landing_s)).collect();
        let ends = intersection(&self.lift_off(up_m), &landing);
        let mut closed: Vec<Span> = Vec::new();
        let timed = |met: &&Met| self.barriers[met.crossing.barrier].is_timed();
        for met in met.iter().filter(timed).filter(|met| self.is_in_height(met, flown)) {
            let (from_s, to_s) = flown.times_on(met.leg, (met.crossing.from_m, met.crossing.to_m));
            let (from_s, to_s) = (from_s - schedule.lift_off_s, to_s - schedule.lift_off_s);
            let windows = self.barriers[met.crossing.barrier].windows();
            closed.extend(windows.into_iter().map(|(opens, closes)| (opens - to_s, closes - from_s)));
        }
        let mut lift_off: Vec<Span> =
            ends.iter().flat_map(|span| free(closed.clone(), span.0, span.1)).collect();
        if let Some(own_s) = own_s.filter(|&own| !lift_off.iter().any(|span| span.0 <= own && own <= span.1))
        {
            lift_off.push((own_s, own_s));
            lift_off.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        if lift_off.is_empty() {
            return None;
        }
        let points = trajectory::points(&flown.lifted_at_zero(), self);
        let (ground, wind) = (&self.world.ground, &self.world.wind);
        let energy_wh = trajectory::energy_wh(&points, &self.world.frame, ground, self.aircraft, wind);
        Some(Course { points, energy_wh, lift_off, is_lowest: false })
    }

    /// Is a flight between the limits of what it crosses, somewhere on the crossing?
    fn is_in_height(&self, met: &Met, flown: &Flown) -> bool {
        let Crossing { from_m, to_m, low, high, .. } = met.crossing;
        let (ground_low_m, ground_high_m) = self.ground;
        flown.pieces[met.leg].iter().filter(|piece| piece.along.0 <= to_m && piece.along.1 >= from_m).any(
            |piece| {
                let (bottom_m, top_m) = heights_between(piece, (from_m, to_m));
                // Over terrain the limits above ground are where the ground is lowest and highest: rather too often than too
                // seldom, but for flat ground.
                bottom_m < high.over(ground_high_m) - GRAZE_M && top_m > low.over(ground_low_m) + GRAZE_M
            },
        )
    }
}

/// The lowest and the highest height of a piece on a part of the way.
fn heights_between(piece: &Piece, (from_m, to_m): Span) -> Span {
    let ((a, b), (low, high)) = (piece.along, piece.heights);
    let at = |along: f64| {
        let share = if b > a { ((along - a) / (b - a)).clamp(0.0, 1.0) } else { 0.0 };
        low + share * (high - low)
    };
    let (one, other) = (at(from_m), at(to_m));
    (one.min(other), one.max(other))
}

/// The ways with one point more that leave or come to their ends at other angles, each with the metres that it is longer.
fn bent(way: &[Xy], reach_m: f64) -> Vec<(f64, Vec<Xy>)> {
    let length = |points: &[Xy]| -> f64 {
        points.windows(2).map(|pair| (pair[1].x - pair[0].x).hypot(pair[1].y - pair[0].y)).sum()
    };
    let [first, second, ..] = *way else { return Vec::new() };
    let (last, before) = (way[way.len() - 1], way[way.len() - 2]);
    let whole_m = length(way);
    let mut ways = Vec::new();
    let mut add = |at: usize, point: Xy| {
        let mut points = way.to_vec();
        points.insert(at, point);
        ways.push((length(&points) - whole_m, points));
    };
    // From an end towards its neighbour, turned by an angle.
    let beside = |end: Xy, next: Xy, degrees: f64| {
        let (dx, dy) = (next.x - end.x, next.y - end.y);
        let far = dx.hypot(dy);
        let (sine, cosine) = degrees.to_radians().sin_cos();
        let by = reach_m.min(far / 2.0) / far.max(1e-9);
        Xy { x: end.x + by * (dx * cosine - dy * sine), y: end.y + by * (dx * sine + dy * cosine) }
    };
    for degrees in ANGLES_DEG {
        add(1, beside(first, second, degrees));
        add(way.len() - 1, beside(last, before, degrees));
    }
    ways
}

impl Flown {
    /// The same without waiting anywhere but to turn.
    fn without_waits(mut self) -> Self {
        let Schedule { legs, lift_off_s, climb_s, departures_s, landing_s, .. } = &mut self.schedule;
        let mut time_s = *lift_off_s + *climb_s;
        for (leg, departure_s) in legs.iter().zip(departures_s) {
            time_s += leg.pause_s;
            *departure_s = time_s;
            time_s += leg.travel_s;
        }
        *landing_s = time_s;
        self
    }

    /// The same with its lift-off at 0.
    fn lifted_at_zero(&self) -> Self {
        let mut flown = self.clone();
        let schedule = &mut flown.schedule;
        let lift_off_s = std::mem::take(&mut schedule.lift_off_s);
        schedule.departures_s.iter_mut().for_each(|departs_s| *departs_s -= lift_off_s);
        schedule.landing_s -= lift_off_s;
        flown
    }
}
