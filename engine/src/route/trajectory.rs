//! From a flight with its times to the plan: waypoints, length, energy.

use super::flown::Flown;
use super::task::Task;
use crate::aircraft::Aircraft;
use crate::flight::{Advisory, Plan, Waypoint};
use crate::frame::{Amsl, Frame, Instant, Xy};
use crate::surface::Ground;
use crate::weather::Wind;

/// Points are at most 2 km apart.
const SPACING_M: f64 = 1900.0;

/// Nearer points are one: less than the rounding of coordinates and times makes of it.
const SAME_M: f64 = 0.01;

/// A point of the trajectory in the plane, seconds after the earliest departure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) at: Xy,
    pub(super) alt_m: f64,
    pub(super) time_s: f64,
}

/// The trajectory of a flight; times in whole milliseconds that ascend strictly.
pub(super) fn points(flown: &Flown, task: &Task<'_>) -> Vec<Point> {
    let frame = &task.world.frame;
    let schedule = &flown.schedule;
    let mut track = Track { points: Vec::new() };
    track.add(flown.start, task.start_m(), schedule.lift_off_s);
    track.add(flown.start, flown.ends_m.0, schedule.lift_off_s + schedule.climb_s);
    let mut here = flown.start;
    for (pieces, &departs_s) in flown.pieces.iter().zip(&schedule.departures_s) {
        track.wait(departs_s);
        let mut time_s = departs_s;
        for piece in pieces {
            let parts = (frame.length(piece.from, piece.to) / SPACING_M).ceil().max(1.0) as usize;
            for part in 1..=parts {
                let share = part as f64 / parts as f64;
                let between = |a: f64, b: f64| a + share * (b - a);
                let at = Xy { x: between(piece.from.x, piece.to.x), y: between(piece.from.y, piece.to.y) };
                track.add(at, between(piece.heights.0, piece.heights.1), time_s + share * piece.seconds);
            }
            time_s += piece.seconds;
            here = piece.to;
        }
    }
    track.wait(schedule.landing_s);
    track.end(here, task.destination.ground_m, schedule.arrival_s());
    track.points
}

struct Track {
    points: Vec<Point>,
}

impl Track {
    fn add(&mut self, at: Xy, alt_m: f64, time_s: f64) {
        let millis = (time_s * 1000.0).round();
        let Some(last) = self.points.last() else {
            self.points.push(Point { at, alt_m, time_s: millis / 1000.0 });
            return;
        };
        let moved = (at.x - last.at.x).hypot(at.y - last.at.y);
        if moved >= SAME_M || (alt_m - last.alt_m).abs() >= SAME_M {
            let time_s = millis.max((last.time_s * 1000.0).round() + 1.0) / 1000.0;
            self.points.push(Point { at, alt_m, time_s });
        }
    }

    /// The last point of all: it stands on the ground, however near the point before it is.
    fn end(&mut self, at: Xy, alt_m: f64, time_s: f64) {
        self.add(at, alt_m, time_s);
        if let [.., last] = &mut self.points[..] {
            last.alt_m = alt_m;
        }
    }

    /// Stands where it is until a time.
    fn wait(&mut self, until_s: f64) {
        let millis = (until_s * 1000.0).round();
        if let Some(&last) = self.points.last()
            && millis > (last.time_s * 1000.0).round() + 1.0
        {
            self.points.push(Point { time_s: millis / 1000.0, ..last });
        }
    }
}

/// Watt-hours of a trajectory.
pub(super) fn energy_wh(
    points: &[Point],
    frame: &Frame,
    ground: &Ground,
    aircraft: &Aircraft,
    wind: &Wind,
) -> f64 {
    let joules = points.windows(2).map(|pair| {
        let duration = pair[1].time_s - pair[0].time_s;
        let (a, b) = (pair[0], pair[1]);
        let speed = frame.length(a.at, b.at) / duration;
        let climb = (b.alt_m - a.alt_m) / duration;
        let straight = (b.at.x - a.at.x).hypot(b.at.y - a.at.y);
        let part = if straight > 0.0 { speed / straight } else { 0.0 };
        let middle = Xy { x: (a.at.x + b.at.x) / 2.0, y: (a.at.y + b.at.y) / 2.0 };
        let ground_m = match ground {
            Ground::Flat => 0.0,
            Ground::Raster(raster) => raster.height_m(frame.to_place(middle)).unwrap_or(0.0),
        };
        let (east, north) = wind.velocity_at((a.alt_m + b.alt_m) / 2.0 - ground_m);
        let air = (part * (b.at.x - a.at.x) - east).hypot(part * (b.at.y - a.at.y) - north);
        duration * aircraft.energy.power_w(climb, speed, air.hypot(climb), aircraft.cruise_m_s)
    });
    joules.sum::<f64>() / 3600.0
}

/// The height at which most of a trajectory is flown level, metres AMSL.
pub(super) fn most_flown_m(points: &[Point], frame: &Frame) -> f64 {
    let mut flown: Vec<(f64, f64)> = Vec::new();
    for pair in points.windows(2).filter(|pair| pair[0].alt_m == pair[1].alt_m) {
        let length_m = frame.length(pair[0].at, pair[1].at);
        match flown.iter_mut().find(|level| level.0 == pair[0].alt_m) {
            Some(level) => level.1 += length_m,
            None => flown.push((pair[0].alt_m, length_m)),
        }
    }
    flown.into_iter().reduce(|a, b| if b.1 > a.1 { b } else { a }).map_or(0.0, |level| level.0)
}

/// Metres over the ground.
pub(super) fn length_m(points: &[Point], frame: &Frame) -> f64 {
    points.windows(2).map(|pair| frame.length(pair[0].at, pair[1].at)).sum()
}

/// The plan of a trajectory.
pub(super) fn plan(
    request: &str,
    points: &[Point],
    earliest: Instant,
    frame: &Frame,
    energy_wh: f64,
    lower_bound_s: f64,
    advisories: Vec<Advisory>,
) -> Option<Plan> {
    let waypoint = |point: &Point| {
        let altitude = Amsl::new(point.alt_m).ok()?;
        let time = earliest.plus_millis((point.time_s * 1000.0).round() as i64);
        Some(Waypoint { place: frame.to_place(point.at), altitude, time })
    };
    let trajectory: Vec<Waypoint> = points.iter().map(waypoint).collect::<Option<_>>()?;
    let length_m = length_m(points, frame);
    let arrival_s = points.last()?.time_s;
    let duration_s = arrival_s - points.first()?.time_s;
    Some(Plan {
        request: request.to_owned(),
        trajectory,
        length_m,
        duration_s,
        delay_s: 0.0,
        energy_wh,
        lower_bound_s,
        gap: Plan::gap_of(arrival_s, lower_bound_s),
        advisories,
    })
}
