//! Weaving: a flight among others on a net of lanes along its way, where no lift-off of a fixed course will do.
//!
//! Marks are set along the way. Lanes lead from mark to mark: at several heights, from one to the next along a slope or
//! (what can hover) in place, slower, and beside the way at more than the horizontal separation. The search among the
//! flights ([`crate::traffic::sipp`]) chooses the lanes and when each is begun, so a flight waits in the air, flies slower,
//! changes its height or gives way to the side, whichever arrives first. What cannot hover has its departure, its speed
//! and its height to choose.
//!
//! Every lane keeps the promises of a plan by itself; it is closed while a barrier that it meets is.

mod net;
mod stretch;
mod way;

use super::among::first_free;
use super::pad::Pad;
use super::task::Task;
use super::trajectory::{self, Point};
use super::turn::{STANDSTILL_S, is_flyable};
use crate::frame::Xy;
use crate::intervals::Span;
use crate::traffic::sipp::{self, Ride};
use crate::traffic::{Fix, Track, Traffic};
use net::Net;

/// Nearer points of a trajectory are one, metres.
const SAME_M: f64 = 1e-3;

/// The straight line takes at least this share of what it does by the plane: rounding.
const SHARE: f64 = 0.999;

/// A flight woven through others.
#[derive(Debug, Clone)]
pub(super) struct Woven {
    /// Seconds after the earliest departure, in whole milliseconds.
    pub(super) points: Vec<Point>,
    /// Watt-hours that it takes.
    pub(super) energy_wh: f64,
}

/// The flights to keep apart from.
pub(super) struct Among<'a> {
    pub(super) traffic: &'a Traffic,
    /// Which of them count.
    pub(super) heeds: &'a dyn Fn(u32) -> bool,
    /// The earliest departure, seconds after the traffic's epoch.
    pub(super) begins_s: f64,
}

impl Task<'_> {
    /// A flight that lands by `by_s` (seconds after the earliest departure) along the way of some courses, the first of
    /// them the flight alone in the sky; all start at 0 and share one way in the plane. More traffic never makes it land
    /// sooner, and does not change it while it is clear of it.
    ///
    /// `None` too if it takes more energy than there is. Cost: milliseconds, more in dense traffic.
    pub(super) fn weave(&self, courses: &[&[Point]], by_s: f64, among: &Among<'_>) -> Option<Woven> {
        let longest_s = self.departure.1 + self.aircraft.energy.greatest_endurance_s();
        let by_s = by_s.min(longest_s);
        if self.lands_after_s(among).is_none_or(|least_s| least_s > by_s) {
            return None;
        }
        let net = Net::new(self, courses, among)?;
        let latest_s = by_s + among.traffic.pad_s() + among.begins_s;
        let rides = sipp::earliest(&net.problem(latest_s), among.traffic, among.heeds)?;
        let points = self.points_of(&net, &rides, among);
        let (frame, ground, wind) = (&self.world.frame, &self.world.ground, &self.world.wind);
        let energy_wh = trajectory::energy_wh(&points, frame, ground, self.aircraft, wind);
        (energy_wh <= self.usable_wh && self.is_turned(&points)).then_some(Woven { points, energy_wh })
    }

    /// No flight lands sooner, since its pads are taken: the first free column up, the straight line, the first free
    /// column down. `None` if there is no such time.
    fn lands_after_s(&self, among: &Among<'_>) -> Option<f64> {
        if !self.can_hover() {
            return Some(f64::NEG_INFINITY);
        }
        let pad_s = among.traffic.pad_s();
        let low_m = self.band.0;
        let (climb_s, descent_s) = self.columns_s(low_m, low_m)?;
        let column = |pad: &Pad, (from_m, to_m): Span, lasts_s: f64, (before_s, after_s): Span| {
            let fix = |height_m, time_s| Fix { at: pad.at, height_m, time_s: time_s + among.begins_s };
            let (stands_s, lands_s) = (-before_s, lasts_s + after_s);
            let fixes = [(from_m, stands_s), (from_m, 0.0), (to_m, lasts_s), (to_m, lands_s)];
            Track::new(fixes.map(|(height_m, time_s)| fix(height_m, time_s)), 0.0)
        };
        let first = |track: &Track, spans: &[Span], by_s: f64| {
            first_free(track, spans, by_s, among.traffic, among.heeds)
        };
        let top_m = |pad: &Pad| pad.ground_m + low_m;
        let (origin, destination) = (&self.origin, &self.destination);
        // What is in the air may stay there.
        let lifts_off_s = if self.airborne.is_some() {
            self.departure.0
        } else {
            let up = column(origin, (origin.ground_m, top_m(origin)), climb_s, (pad_s, 0.0));
            first(&up, &self.lift_off(low_m), f64::INFINITY)? + climb_s
        };
        let fastest_m_s = self.airspeed_m_s + self.world.wind.greatest_m_s();
        let straight_s = self.world.frame.length(origin.at, destination.at) / fastest_m_s * SHARE;
        let arrives_s = lifts_off_s + straight_s;
        let landing = self.landing(low_m);
        let landing: Vec<Span> = landing
            .iter()
            .filter(|span| span.1 >= arrives_s)
            .map(|span| (span.0.max(arrives_s), span.1))
            .collect();
        let down = column(destination, (top_m(destination), destination.ground_m), descent_s, (0.0, pad_s));
        let longest_s = arrives_s + self.aircraft.energy.greatest_endurance_s();
        Some(first(&down, &landing, longest_s)? + descent_s)
    }

    /// The trajectory of some rides, without the stands on the pads.
    fn points_of(&self, net: &Net, rides: &[Ride], among: &Among<'_>) -> Vec<Point> {
        let mut points: Vec<Point> = Vec::new();
        if self.airborne.is_some()
            && let Some(first) = rides.first().and_then(|ride| net.lane(ride).track.fixes().first())
        {
            points.push(Point { at: first.at, alt_m: first.height_m, time_s: self.departure.0 });
        }
        for (number, ride) in rides.iter().enumerate() {
            let mut fixes = net.lane(ride).track.fixes();
            if among.traffic.pad_s() > 0.0 {
                if number == 0 && self.airborne.is_none() {
                    fixes = fixes.get(1..).unwrap_or_default();
                }
                if number + 1 == rides.len() {
                    fixes = fixes.split_last().map_or(fixes, |(_, before)| before);
                }
            }
            for fix in fixes {
                let time_s = ride.departs_s - among.begins_s + fix.time_s;
                let point =
                    Point { at: fix.at, alt_m: fix.height_m, time_s: (time_s * 1000.0).round() / 1000.0 };
                if points.last().is_none_or(|last| last.time_s < point.time_s) {
                    points.push(point);
                }
            }
        }
        points
    }

    /// Can all its turns be flown?
    fn is_turned(&self, points: &[Point]) -> bool {
        let radius_m = self.aircraft.min_turn_radius_m;
        if radius_m <= 0.0 {
            return true;
        }
        let (mut way, mut stops): (Vec<Xy>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut since_s = 0.0;
        for point in points {
            match way.last() {
                Some(last) if (point.at.x - last.x).hypot(point.at.y - last.y) < SAME_M => {
                    let here = way.len() - 1;
                    if point.time_s - since_s > STANDSTILL_S - 1e-6 && stops.last() != Some(&here) {
                        stops.push(here);
                    }
                }
                _ => {
                    way.push(point.at);
                    since_s = point.time_s;
                }
            }
        }
        stops.retain(|&stop| stop > 0 && stop + 1 < way.len());
        is_flyable(&way, &stops, radius_m)
    }
}

#[cfg(test)]
mod tests;
