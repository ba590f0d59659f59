//! A flight among others: of its courses, the one that lands first without coming too close to any of them.
//!
//! For a course and another flight the conflicting lift-offs are open intervals in closed form ([`Traffic::blocked`]); what
//! they leave of the airspace's own is free.

use std::sync::Arc;

use super::advisory::advisories;
use super::course::{Course, Way};
use super::onward::{Claims, Onward};
use super::planner::Planner;
use super::refuse;
use super::task::Airborne;
use super::trajectory::{self, Point};
use super::weave::{Among, Woven};
use crate::flight::{Outcome, Plan, Refusal, Request};
use crate::intervals::{Span, free};
use crate::traffic::{Blocked, Fix, Piece, Track, Traffic};

/// Lift-offs are looked for in so many seconds at first, then in ever more.
const FIRST_LOOK_S: f64 = 60.0;

/// A delay that is worth looking for ways round, seconds.
const WORTH_A_DETOUR_S: f64 = 0.5;

/// A flight that yields leaves the lowest height of its band to others, if it lands no more than this later, seconds.
const YIELDS_S: f64 = 1.0;

/// Likewise for a way through, among lanes along its own, and by so much it has to land sooner than others to be taken.
const WORTH_WEAVING_S: f64 = 5.0;
const GAIN_S: f64 = 5.0;

/// A request planned alone in the sky, with what is needed to plan it among others.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub(super) request: Request,
    pub(super) alone: Result<Alone, Box<Refusal>>,
    /// What has been flown, if it is in the air.
    pub(super) onward: Option<Onward>,
    /// What delay and bound count from, if not from this request.
    claims: Option<Claims>,
    yields: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Alone {
    plan: Plan,
    /// Seconds after the earliest departure.
    arrival_s: f64,
    /// Along its way, at the heights of traffic.
    courses: Vec<Course>,
    way: Way,
}

/// The course that lands first of those that have been tried, and when it lifts off.
struct Best {
    arrival_s: f64,
    /// The arrival, and what it costs not to yield.
    cost_s: f64,
    course: Course,
    lift_off_s: f64,
}

/// What becomes of a request among others.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The plan or the refusal.
    pub outcome: Outcome,
    /// Where the flight is when, if it is planned.
    pub track: Option<Arc<Track>>,
    /// The flights in the way of the last departure, ascending, if it is refused for the traffic.
    pub in_the_way: Vec<u32>,
}

impl Prepared {
    pub(super) fn new(request: Request, alone: Result<Alone, Box<Refusal>>, onward: Option<Onward>) -> Self {
        Self { request, alone, onward, claims: None, yields: false }
    }

    /// The same with delay and bound counted from another request.
    pub(super) fn claiming(self, claims: Claims) -> Self {
        Self { claims: Some(claims), ..self }
    }

    /// The same for a flight over the pads of others: it leaves the lowest height of its band to them, if it lands no more
    /// than a second later.
    pub fn yielding(self, yields: bool) -> Self {
        Self { yields, ..self }
    }

    /// Where a course is when, if it lifts off at the earliest departure.
    fn track(&self, course: &Course, traffic: &Traffic) -> Track {
        let begins_s = self.request.departure.start.seconds_since(traffic.epoch());
        let fix =
            |point: &Point| Fix { at: point.at, height_m: point.alt_m, time_s: point.time_s + begins_s };
        let fixes = course.points.iter().map(fix);
        if self.onward.is_some() {
            Track::onward(fixes, traffic.pad_s())
        } else {
            Track::new(fixes, traffic.pad_s())
        }
    }

    /// The request.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The outcome alone in the sky.
    pub fn alone(&self) -> Outcome {
        match &self.alone {
            Ok(alone) => Outcome::Planned(alone.plan.clone()),
            Err(refusal) => Outcome::Rejected((**refusal).clone()),
        }
    }
}

impl Placed {
    #[expect(clippy::boxed_local, reason = "refusals come in boxes")]
    fn refused(refusal: Box<Refusal>, in_the_way: Vec<u32>) -> Self {
        Self { outcome: Outcome::Rejected(*refusal), track: None, in_the_way }
    }

    /// Names the flights in the way in the refusal.
    pub fn name_flights(&mut self, name: impl Fn(u32) -> String) {
        if let Outcome::Rejected(refusal) = &mut self.outcome
            && !self.in_the_way.is_empty()
        {
            refuse::name_flights(refusal, self.in_the_way.iter().map(|&flight| name(flight)).collect());
        }
    }
}

impl Planner<'_> {
    /// Plans a request alone in the sky and keeps what is needed to plan it among others.
    ///
    /// Cost: that of a plan, and of its heights at a handful of levels.
    pub fn prepare(&self, request: &Request) -> Prepared {
        Prepared::new(request.clone(), self.prepare_from(request, None), None)
    }

    pub(super) fn prepare_from(
        &self,
        request: &Request,
        airborne: Option<Airborne>,
    ) -> Result<Alone, Box<Refusal>> {
        let flight = self.sensible(request)?;
        self.alone(&flight, airborne, |task, found, plan| {
            let way = Way::of(found);
            let courses = task.courses(&found.flown, &way);
            let arrival_s = plan.arrival_s(request.departure.start);
            Alone { plan, arrival_s, courses, way }
        })
    }

    /// Plans a prepared request among the flights that it heeds, so that it lands first.
    ///
    /// The same traffic gives the same plan. Traffic added elsewhere does not change it: with more flights of which none is
    /// in conflict with the plan it stays the same.
    pub fn plan_among(&self, prepared: &Prepared, traffic: &Traffic, heeds: &dyn Fn(u32) -> bool) -> Placed {
        let alone = match &prepared.alone {
            Ok(alone) => alone,
            Err(refusal) => return Placed::refused(refusal.clone(), Vec::new()),
        };
        let request = &prepared.request;
        let mut best: Option<Best> = None;
        let mut offer = |course: &Course| {
            let extra_s = if prepared.yields && course.is_lowest { YIELDS_S } else { 0.0 };
            let cost_s = best.as_ref().map_or(f64::INFINITY, |best| best.cost_s);
            let by_s = cost_s - extra_s - course.duration_s();
            let track = prepared.track(course, traffic);
            if let Some(lift_off_s) = first_free(&track, &course.lift_off, by_s, traffic, heeds) {
                let arrival_s = lift_off_s + course.duration_s();
                if arrival_s + extra_s < cost_s {
                    let (cost_s, course) = (arrival_s + extra_s, course.clone());
                    best = Some(Best { arrival_s, cost_s, course, lift_off_s });
                }
            }
            best.as_ref().map_or(f64::INFINITY, |best| best.cost_s)
        };
        let mut cost_s = f64::INFINITY;
        for course in &alone.courses {
            cost_s = offer(course);
        }
        if cost_s > alone.arrival_s + WORTH_A_DETOUR_S {
            let spare_s = cost_s - alone.arrival_s;
            self.detours(prepared, &alone.way, spare_s, &mut |course| offer(course) - alone.arrival_s);
        }
        let cost_s = best.as_ref().map_or(f64::INFINITY, |best| best.cost_s);
        if cost_s > alone.arrival_s + WORTH_WEAVING_S {
            let begins_s = request.departure.start.seconds_since(traffic.epoch());
            let among = Among { traffic, heeds, begins_s };
            best = self.woven(prepared, alone, cost_s - GAIN_S, &among).or(best);
        }
        match best {
            Some(best) => self.placed(prepared, alone, &best, traffic),
            None => Placed::refused(refuse::traffic(request), in_the_way(prepared, alone, traffic, heeds)),
        }
    }

    /// A flight woven through the others that lands by a time.
    fn woven(&self, prepared: &Prepared, alone: &Alone, by_s: f64, among: &Among<'_>) -> Option<Best> {
        let flight = self.sensible(&prepared.request).ok()?;
        let airborne = prepared.onward.as_ref().map(Onward::airborne);
        let courses: Vec<&[Point]> = alone.courses.iter().map(|course| &course.points[..]).collect();
        let Woven { mut points, energy_wh } =
            self.with_task(&flight, airborne, |task| task.weave(&courses, by_s, among))?;
        let (lift_off_s, arrival_s) = (points.first()?.time_s, points.last()?.time_s);
        points.iter_mut().for_each(|point| point.time_s -= lift_off_s);
        let course = Course { points, energy_wh, lift_off: vec![(lift_off_s, lift_off_s)], is_lowest: false };
        Some(Best { arrival_s, cost_s: arrival_s, course, lift_off_s })
    }

    /// Offers the courses round others that may take less than `spare_s` longer.
    fn detours(&self, prepared: &Prepared, way: &Way, spare_s: f64, offer: &mut dyn FnMut(&Course) -> f64) {
        let Ok(flight) = self.sensible(&prepared.request) else { return };
        let airborne = prepared.onward.as_ref().map(Onward::airborne);
        self.with_task(&flight, airborne, |task| task.detours(way, spare_s, offer));
    }

    /// The flights without which a prepared request might land sooner than so many seconds later than alone in the sky,
    /// ascending.
    pub(crate) fn rivals(&self, prepared: &Prepared, traffic: &Traffic, delay_s: f64) -> Vec<u32> {
        let Ok(alone) = &prepared.alone else { return Vec::new() };
        let by_s = alone.arrival_s + delay_s;
        let mut blocked = Vec::new();
        for course in &alone.courses {
            let (Some(first), Some(last)) = (course.lift_off.first(), course.lift_off.last()) else {
                continue;
            };
            let until_s = last.1.min(by_s - course.duration_s());
            if until_s >= first.0 {
                let track = prepared.track(course, traffic);
                traffic.blocked(&track, (first.0, until_s), &mut blocked);
            }
        }
        let mut flights: Vec<u32> = blocked.iter().map(|by| by.flight).collect();
        flights.sort_unstable();
        flights.dedup();
        flights
    }

    fn placed(&self, prepared: &Prepared, alone: &Alone, best: &Best, traffic: &Traffic) -> Placed {
        let request = &prepared.request;
        let Best { arrival_s, course, lift_off_s, .. } = best;
        let at = |point: &Point| Point { time_s: point.time_s + lift_off_s, ..*point };
        let later = course.points.iter().map(at);
        let (points, energy_wh) = match &prepared.onward {
            None => (later.collect(), course.energy_wh),
            Some(onward) => (onward.joined(later), onward.used_wh + course.energy_wh),
        };
        let planned = trajectory::plan(
            &request.id,
            &points,
            request.departure.start,
            self.frame(),
            energy_wh,
            alone.plan.lower_bound_s,
            advisories(self.world(), self.volumes(), request, &points),
        );
        let Some(mut plan) = planned else {
            let text = "its numbers are beyond what can be computed".into();
            return Placed::refused(refuse::bad_request(request, text), Vec::new());
        };
        plan.delay_s = (arrival_s - alone.arrival_s).max(0.0);
        if let Some(claims) = &prepared.claims {
            claims.restate(&mut plan);
        }
        let track = traffic.track_of(&plan);
        Placed { outcome: Outcome::Planned(plan), track: Some(Arc::new(track)), in_the_way: Vec::new() }
    }
}

/// The first of some lift-offs, no later than `by_s`, at which a track meets nobody; in whole milliseconds.
pub(super) fn first_free(
    track: &Track,
    lift_off: &[Span],
    by_s: f64,
    traffic: &Traffic,
    heeds: &dyn Fn(u32) -> bool,
) -> Option<f64> {
    let (first, last) = (lift_off.first()?.0, lift_off.last()?.1.min(by_s));
    let mut blocked: Vec<Blocked> = Vec::new();
    let (mut from_s, mut look_s) = (first, FIRST_LOOK_S);
    while from_s <= last {
        let to_s = (from_s + look_s).min(last);
        let within =
            |span: &Span| Some((span.0.max(from_s), span.1.min(to_s))).filter(|span| span.0 <= span.1);
        let mut open: Vec<Span> = lift_off.iter().filter_map(within).collect();
        for piece in ends_first(track) {
            let (Some(earliest), Some(latest)) = (open.first(), open.last()) else { break };
            blocked.clear();
            traffic.blocked_piece(&piece, (earliest.0, latest.1), &mut blocked);
            blocked.retain(|by| heeds(by.flight));
            if !blocked.is_empty() {
                let closed: Vec<Span> = blocked.iter().map(|by| (by.from_s, by.to_s)).collect();
                open = open.iter().flat_map(|span| free(closed.clone(), span.0, span.1)).collect();
            }
        }
        for span in open {
            let whole_s = (span.0 * 1000.0 - 1e-4).ceil() / 1000.0;
            if whole_s <= span.1 {
                return Some(whole_s);
            }
        }
        if to_s >= last {
            return None;
        }
        (from_s, look_s) = (to_s, 2.0 * look_s);
    }
    None
}

/// The pieces of a track from both ends to its middle: about the pads most others are, in few cells of the index.
fn ends_first(track: &Track) -> impl Iterator<Item = Piece> + '_ {
    let fixes = track.fixes();
    let count = fixes.len().saturating_sub(1);
    (0..count).map(move |turn| {
        let number = if turn % 2 == 0 { turn / 2 } else { count - 1 - turn / 2 };
        Piece { from: fixes[number], to: fixes[number + 1] }
    })
}

/// The flights that take the last lift-off of each course, ascending.
fn in_the_way(
    prepared: &Prepared,
    alone: &Alone,
    traffic: &Traffic,
    heeds: &dyn Fn(u32) -> bool,
) -> Vec<u32> {
    let mut flights = Vec::new();
    let mut blocked = Vec::new();
    for course in &alone.courses {
        let Some(&(_, last_s)) = course.lift_off.last() else { continue };
        let track = prepared.track(course, traffic);
        blocked.clear();
        traffic.blocked(&track, (last_s, last_s), &mut blocked);
        let takes = |by: &&Blocked| by.from_s < last_s && last_s < by.to_s && heeds(by.flight);
        flights.extend(blocked.iter().filter(takes).map(|by| by.flight));
    }
    flights.sort_unstable();
    flights.dedup();
    flights
}
