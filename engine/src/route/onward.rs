//! A flight that is in the air already: it keeps its plan up to an instant and flies on from there.

use super::among::Prepared;
use super::planner::Planner;
use super::refuse;
use super::task::Airborne;
use super::trajectory::{self, Point};
use super::turn::STANDSTILL_S;
use crate::flight::{Plan, Refusal, Request, Waypoint};
use crate::frame::{Amsl, Instant, Interval, LonLat};

/// A way begins at most this far beside the place where the aircraft is, metres.
const BESIDE_M: f64 = 0.1;

/// Room above the standstill before a turn, seconds.
const SPARE_S: f64 = 0.1;

/// What has been flown.
#[derive(Debug, Clone)]
pub(super) struct Onward {
    /// Seconds before the instant from which it flies on; the last point is that instant's.
    points: Vec<Point>,
    pub(super) used_wh: f64,
}

/// What delay and bound count from: the request as it was made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claims {
    earliest: Instant,
    /// Its arrival if it had been alone in the sky.
    alone: Instant,
    lower_bound_s: f64,
}

impl Claims {
    fn of(request: &Request, plan: &Plan) -> Self {
        let landed = plan.trajectory.last().map_or(request.departure.start, |last| last.time);
        Self {
            earliest: request.departure.start,
            alone: landed.plus_millis(-(plan.delay_s * 1000.0).round() as i64),
            lower_bound_s: plan.lower_bound_s,
        }
    }

    pub(super) fn restate(&self, plan: &mut Plan) {
        let Some(last) = plan.trajectory.last() else { return };
        let arrival_s = last.time.seconds_since(self.earliest);
        plan.delay_s = last.time.seconds_since(self.alone).max(0.0);
        plan.lower_bound_s = self.lower_bound_s.min(arrival_s);
        plan.gap = Plan::gap_of(arrival_s, plan.lower_bound_s);
    }
}

impl Onward {
    pub(super) fn airborne(&self) -> Airborne {
        let height_m = self.points.last().map_or(0.0, |point| point.alt_m);
        Airborne { height_m, used_wh: self.used_wh }
    }

    /// What has been flown with what follows.
    pub(super) fn joined(&self, later: impl Iterator<Item = Point>) -> Vec<Point> {
        let mut points = self.points.clone();
        for point in later {
            let is_there = points.last().is_some_and(|last| {
                let beside_m = (point.at.x - last.at.x).hypot(point.at.y - last.at.y);
                beside_m < BESIDE_M && point.alt_m == last.alt_m && point.time_s <= last.time_s
            });
            if !is_there {
                points.push(point);
            }
        }
        points
    }
}

impl Planner<'_> {
    /// Prepares a flight that keeps its plan until `at` and flies on from there, to the request's destination. Before its
    /// lift-off it is a flight on the ground that leaves no earlier than `at`. Waiting where it is counts as delay.
    ///
    /// What cannot hover and what is on its way down to its destination keeps its plan: it is refused.
    pub fn prepare_airborne(&self, request: &Request, plan: &Plan, at: Instant) -> Prepared {
        let (Some(first), Some(last)) = (plan.trajectory.first(), plan.trajectory.last()) else {
            return self.prepare(request);
        };
        if at <= first.time {
            let start = request.departure.start.max(at);
            let departure = Interval::new(start, request.departure.end.max(start));
            let later = Request { departure, ..request.clone() };
            return self.prepare(&later).claiming(Claims::of(request, plan));
        }
        let refused = |refusal: Box<Refusal>| Prepared::new(request.clone(), Err(refusal), None);
        let can_hover = self.world().fleet.get(&request.aircraft).is_some_and(|craft| craft.can_hover);
        if !can_hover {
            return refused(refuse::in_the_air(request, "what cannot hover keeps its plan in the air"));
        }
        let Some(here) = where_at(&plan.trajectory, at).filter(|_| at < last.time) else {
            return refused(refuse::in_the_air(request, "it has landed by then"));
        };
        let end = self.frame().to_plane(last.place);
        let (down, now) = (self.frame().to_plane(here.place), here.altitude.metres());
        let band_m = self.world().ground.height_m(here.place).unwrap_or(0.0) + request.cruise.min.metres();
        if (down.x - end.x).hypot(down.y - end.y) < 1.0 && now < band_m {
            return refused(refuse::in_the_air(request, "it is landing already"));
        }
        let (onward, from) = self.onward(request, plan, here);
        let departure = Interval::new(from, from);
        let rest = Request { origin: here.place, departure, ..request.clone() };
        let alone = self.prepare_from(&rest, Some(onward.airborne()));
        Prepared::new(rest, alone, Some(onward)).claiming(Claims::of(request, plan))
    }

    /// What is flown up to a place, and from when it flies on: what has a turn radius stands for a while, then it may turn.
    fn onward(&self, request: &Request, plan: &Plan, here: Waypoint) -> (Onward, Instant) {
        let craft = &self.world().fleet[&request.aircraft];
        let stands_s = if craft.min_turn_radius_m > 0.0 { STANDSTILL_S + SPARE_S } else { 0.0 };
        let from = here.time.plus_millis((stands_s * 1000.0) as i64);
        let before = plan.trajectory.iter().take_while(|waypoint| waypoint.time < here.time).copied();
        let stand = (from > here.time).then_some(Waypoint { time: from, ..here });
        let point = |waypoint: Waypoint| Point {
            at: self.frame().to_plane(waypoint.place),
            alt_m: waypoint.altitude.metres(),
            time_s: waypoint.time.seconds_since(from),
        };
        let points: Vec<Point> = before.chain([here]).chain(stand).map(point).collect();
        let (ground, wind) = (&self.world().ground, &self.world().wind);
        let used_wh = trajectory::energy_wh(&points, self.frame(), ground, craft, wind);
        (Onward { points, used_wh }, from)
    }
}

/// Where a trajectory is at an instant.
fn where_at(trajectory: &[Waypoint], at: Instant) -> Option<Waypoint> {
    let next = trajectory.partition_point(|waypoint| waypoint.time <= at);
    let from = trajectory.get(next.checked_sub(1)?)?;
    let Some(to) = trajectory.get(next) else { return Some(Waypoint { time: at, ..*from }) };
    let share = at.seconds_since(from.time) / to.time.seconds_since(from.time);
    let mix = |a: f64, b: f64| a + share * (b - a);
    let place =
        LonLat::new(mix(from.place.lon(), to.place.lon()), mix(from.place.lat(), to.place.lat())).ok()?;
    let altitude = Amsl::new(mix(from.altitude.metres(), to.altitude.metres())).ok()?;
    Some(Waypoint { place, altitude, time: at })
}

#[cfg(test)]
mod tests;
