//! Stretches of flight between marks: where they are when, and when barriers close them.

use super::super::barrier::When;
use super::super::motion::{Slopes, vertical_m_s};
use super::super::profile::Limit;
use super::super::task::Task;
use super::super::trajectory::Point;
use super::super::turn::STANDSTILL_S;
use super::SAME_M;
use crate::frame::Xy;
use crate::intervals::Span;
use crate::surface::GroundLine;
use crate::traffic::Fix;

/// Slower than this over the ground is no flight.
const LEAST_M_S: f64 = 0.3;

/// Layers of wind that are so near are met, metres.
const LAYER_M: f64 = 0.05;

/// So much within a barrier counts as beside it: rounded coordinates, metres.
const GRAZE_M: f64 = 1e-4;

/// A stretch of flight, seconds after its start in whole milliseconds.
pub(super) struct Stretch {
    pub(super) fixes: Vec<Fix>,
    /// Open spans of starts, seconds after the earliest departure, at which it would meet a closed barrier.
    pub(super) closed: Vec<Span>,
}

/// Straight lines in the plane.
pub(super) struct Line {
    points: Vec<Xy>,
    /// At which points it stands to turn.
    stops: Vec<bool>,
    /// Metres over the ground for a metre in the plane, at most.
    scale: f64,
}

impl Line {
    pub(super) fn new(points: Vec<Xy>, stops: Vec<bool>, task: &Task<'_>) -> Self {
        let scale = |pair: &[Xy]| {
            let step = pair[1] - pair[0];
            task.world.frame.length(pair[0], pair[1]) / step.x.hypot(step.y)
        };
        let scale = points.windows(2).map(scale).filter(|scale| scale.is_finite()).fold(0.0, f64::max);
        Self { points, stops, scale }
    }
}

/// A point of a stretch with the ground below.
#[derive(Clone, Copy)]
struct Station {
    at: Xy,
    height_m: f64,
    ground_m: f64,
}

impl Station {
    fn above_ground_m(&self) -> f64 {
        self.height_m - self.ground_m
    }
}

/// What a stretch is made of while it grows.
struct Growing {
    stations: Vec<Station>,
    /// Milliseconds after the start, whole.
    times: Vec<f64>,
    /// The same, not yet rounded.
    exact_ms: f64,
    sag_m: f64,
}

impl Growing {
    fn new(station: Station, sag_m: f64) -> Self {
        Self { stations: vec![station], times: vec![0.0], exact_ms: 0.0, sag_m }
    }

    fn add(&mut self, station: Station, seconds: f64) {
        self.exact_ms += seconds * 1000.0;
        let before = self.times.last().unwrap_or(&0.0);
        self.times.push((self.exact_ms - 1e-6).ceil().max(before + 1.0));
        self.stations.push(station);
    }

    fn stand(&mut self) {
        if let Some(&last) = self.stations.last() {
            self.exact_ms = self.times.last().unwrap_or(&0.0).max(self.exact_ms);
            self.add(last, STANDSTILL_S);
        }
    }
}

impl Task<'_> {
    /// A stretch along a line whose height above ground changes evenly, at a share of the greatest speed; it
    /// stands at its stops. `None` if it cannot be flown at any time.
    pub(super) fn stretch(
        &self,
        Line { points, stops, scale }: &Line,
        (from_m, to_m): Span,
        pace: f64,
    ) -> Option<Stretch> {
        let ground = GroundLine::under(&self.world.ground, &self.world.frame, points)?;
        let length_m = ground.length_m();
        if length_m < SAME_M {
            return None;
        }
        let station = |at: Xy, along_m: f64, ground_m: f64| Station {
            at,
            height_m: ground_m + from_m + (to_m - from_m) * (along_m / length_m),
            ground_m,
        };
        let mut stations = ground.stations().iter().skip(1).peekable();
        let mut grown = Growing::new(station(points[0], 0.0, ground.height_m(0.0)), ground.sag_m());
        let mut begins_m = 0.0;
        for (leg, pair) in points.windows(2).enumerate() {
            let leg_m = (pair[1] - pair[0]).x.hypot((pair[1] - pair[0]).y);
            let ends_m = begins_m + leg_m;
            while let Some(&&(along_m, ground_m)) = stations.peek().filter(|s| s.0 <= ends_m) {
                let share = if along_m == ends_m { 1.0 } else { (along_m - begins_m) / leg_m };
                let at = if share == 1.0 { pair[1] } else { pair[0] + (pair[1] - pair[0]) * share };
                let next = station(at, along_m, ground_m);
                let seconds = self.seconds_to(grown.stations.last()?, &next)?;
                grown.add(next, scale * seconds / pace);
                stations.next();
            }
            if stops.get(leg + 1) == Some(&true) {
                grown.stand();
            }
            begins_m = ends_m;
        }
        self.finished(&grown)
    }

    /// A stretch of a trajectory between two distances along its way, without its waits but for those that turn.
    pub(super) fn part_of(&self, course: &[Point], (from_m, to_m): Span, pace: f64) -> Option<Stretch> {
        let mut along_m = Vec::with_capacity(course.len());
        for (number, point) in course.iter().enumerate() {
            let moved_m = match number.checked_sub(1).map(|before| course[before].at) {
                Some(before) => (point.at.x - before.x).hypot(point.at.y - before.y),
                None => 0.0,
            };
            along_m.push(along_m.last().unwrap_or(&0.0) + moved_m);
        }
        let first = along_m.partition_point(|&m| m <= from_m + SAME_M).checked_sub(1)?;
        let last = along_m.partition_point(|&m| m < to_m - SAME_M).min(course.len() - 1);
        let between = |number: usize, at_m: f64| {
            let (a, b) = (&course[number], &course[(number + 1).min(last)]);
            let step_m = along_m[(number + 1).min(last)] - along_m[number];
            let share =
                if step_m > SAME_M { ((at_m - along_m[number]) / step_m).clamp(0.0, 1.0) } else { 0.0 };
            let mix = |from: f64, to: f64| from + share * (to - from);
            Point {
                at: a.at + (b.at - a.at) * share,
                alt_m: mix(a.alt_m, b.alt_m),
                time_s: mix(a.time_s, b.time_s),
            }
        };
        let mut points = vec![between(first, from_m)];
        points.extend_from_slice(course.get(first + 1..last)?);
        points.push(between(last.checked_sub(1)?, to_m));
        self.flown_as(&points, pace)
    }

    /// A trajectory as a stretch.
    fn flown_as(&self, points: &[Point], pace: f64) -> Option<Stretch> {
        let way: Vec<Xy> = points.iter().map(|point| point.at).collect();
        let ground = GroundLine::under(&self.world.ground, &self.world.frame, &way)?;
        let first = points.first()?;
        let start = Station { at: first.at, height_m: first.alt_m, ground_m: ground.height_m(0.0) };
        // A course keeps clear of limits by what the ground strays from a line, maybe from another than this.
        let mut grown = Growing::new(start, -ground.sag_m());
        let mut begins_m = 0.0;
        for pair in points.windows(2) {
            let (a, b) = (&pair[0], &pair[1]);
            let leg_m = (b.at - a.at).x.hypot((b.at - a.at).y);
            let seconds = (b.time_s - a.time_s) / pace;
            if leg_m < SAME_M {
                let ground_m = ground.height_m(begins_m);
                if (b.alt_m - a.alt_m).abs() > SAME_M {
                    grown.add(Station { at: b.at, height_m: b.alt_m, ground_m }, seconds);
                } else if self.aircraft.min_turn_radius_m > 0.0 && b.time_s - a.time_s > STANDSTILL_S - 0.01 {
                    grown.stand();
                }
                continue;
            }
            let ends_m = begins_m + leg_m;
            let within = ground.stations().iter().map(|s| s.0);
            let within = within.filter(|&m| m > begins_m + SAME_M && m < ends_m - SAME_M);
            let mut before = 0.0;
            for along_m in within.chain([ends_m]) {
                let share = ((along_m - begins_m) / leg_m).min(1.0);
                let at = if along_m == ends_m { b.at } else { a.at + (b.at - a.at) * share };
                let height_m = a.alt_m + share * (b.alt_m - a.alt_m);
                let ground_m = ground.height_m(along_m);
                grown.add(Station { at, height_m, ground_m }, seconds * (share - before));
                before = share;
            }
            begins_m = ends_m;
        }
        self.finished(&grown)
    }

    /// Straight up or down over one place, heights in metres AMSL.
    pub(super) fn rise(&self, at: Xy, (from_m, to_m): Span) -> Option<Stretch> {
        let ground = GroundLine::under(&self.world.ground, &self.world.frame, &[at])?;
        let ground_m = ground.height_m(0.0);
        let limit = if to_m > from_m { self.climb_m_s } else { self.descent_m_s };
        let top_m = from_m.max(to_m) - ground_m;
        let speed_m_s = vertical_m_s(limit, self.airspeed_m_s, top_m, &self.world.wind)?;
        let mut grown = Growing::new(Station { at, height_m: from_m, ground_m }, ground.sag_m());
        grown.add(Station { at, height_m: to_m, ground_m }, (to_m - from_m).abs() / speed_m_s);
        self.finished(&grown)
    }

    /// When barriers close a place at a height; `None` if at all times.
    pub(super) fn closed_at(&self, at: Xy, height_m: f64) -> Option<Vec<Span>> {
        let ground = GroundLine::under(&self.world.ground, &self.world.frame, &[at])?;
        let here = Station { at, height_m, ground_m: ground.height_m(0.0) };
        let mut closed = Vec::new();
        self.close((&here, &here), (0.0, 0.0), ground.sag_m(), &mut closed).then_some(closed)
    }

    /// Seconds between two stations at the greatest speed, by metres in the plane; `None` if that is none.
    fn seconds_to(&self, a: &Station, b: &Station) -> Option<f64> {
        let wind = &self.world.wind;
        let (one, other) = (a.above_ground_m(), b.above_ground_m());
        let (low_m, high_m) = (one.min(other) - LAYER_M, one.max(other) + LAYER_M);
        let met = wind.layers().iter().filter(|l| l.above_agl_m > low_m && l.above_agl_m <= high_m);
        let winds: Vec<(f64, f64)> =
            met.map(|layer| layer.velocity()).chain([wind.velocity_at(low_m)]).collect();
        if winds.iter().any(|wind| wind.0.hypot(wind.1) > self.airspeed_m_s - 0.1) {
            return None;
        }
        let slopes = Slopes {
            airspeed_m_s: self.airspeed_m_s,
            climb_m_s: self.climb_m_s,
            descent_m_s: self.descent_m_s,
            winds,
        };
        let step = b.at - a.at;
        let length_m = step.x.hypot(step.y);
        let slope = if length_m > 0.0 { (b.height_m - a.height_m) / length_m } else { 0.0 };
        let speed_m_s = slopes.ground_speed_m_s((step.x, step.y), slope);
        (speed_m_s >= LEAST_M_S).then(|| length_m / speed_m_s)
    }

    fn finished(&self, grown: &Growing) -> Option<Stretch> {
        let mut closed = Vec::new();
        for (pair, times) in grown.stations.windows(2).zip(grown.times.windows(2)) {
            let times = (times[0] / 1000.0, times[1] / 1000.0);
            if !self.close((&pair[0], &pair[1]), times, grown.sag_m, &mut closed) {
                return None;
            }
        }
        let fix = |(station, millis): (&Station, &f64)| Fix {
            at: station.at,
            height_m: station.height_m,
            time_s: millis / 1000.0,
        };
        Some(Stretch { fixes: grown.stations.iter().zip(&grown.times).map(fix).collect(), closed })
    }

    /// Adds the starts at which a piece meets a closed barrier; no, if it meets one that always is.
    fn close(&self, (a, b): (&Station, &Station), times: Span, sag_m: f64, closed: &mut Vec<Span>) -> bool {
        for number in self.near(a.at, b.at) {
            let barrier = &self.barriers[number];
            let region = &self.grown(number).region;
            let shares = if a.at == b.at {
                if region.contains(a.at) { vec![(0.0, 1.0)] } else { Vec::new() }
            } else {
                region.shares_inside(a.at, b.at)
            };
            for (enters, leaves) in shares {
                let middle = a.at + (b.at - a.at) * ((enters + leaves) / 2.0);
                let Some((from, to)) =
                    between_limits((a, b), (enters, leaves), (barrier.low, barrier.high), sag_m)
                else {
                    continue;
                };
                if region.nearest_outside(middle, GRAZE_M).is_some() {
                    continue;
                }
                let time = |share: f64| times.0 + share * (times.1 - times.0);
                match &barrier.when {
                    When::Always => return false,
                    When::At(windows) => {
                        closed.extend(windows.iter().map(|w| (w.0 - time(to), w.1 - time(from))));
                    }
                }
            }
        }
        true
    }
}

/// The shares of a piece, within some, between two limits of height.
fn between_limits(
    (a, b): (&Station, &Station),
    (mut from, mut to): Span,
    (low, high): (Limit, Limit),
    sag_m: f64,
) -> Option<Span> {
    /// Heights that differ by less are the same, metres.
    const SAME_HEIGHT_M: f64 = 1e-3;
    let mut clip = |limit: Limit, sign: f64| {
        let slack_m = if matches!(limit, Limit::Ground(_)) { sag_m } else { 0.0 } - SAME_HEIGHT_M;
        let within = |s: &Station| (sign * (s.height_m - limit.over(s.ground_m)) + slack_m).clamp(-1e7, 1e7);
        let (one, other) = (within(a), within(b));
        let cut = one / (one - other);
        match (one > 0.0, other > 0.0) {
            (true, true) => {}
            (true, false) => to = to.min(cut),
            (false, true) => from = from.max(cut),
            (false, false) => to = f64::NEG_INFINITY,
        }
    };
    clip(low, 1.0);
    clip(high, -1.0);
    (from <= to).then_some((from, to))
}
