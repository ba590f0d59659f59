//! Promise 5: flights stay apart from each other, early or late, on their pads too.
//!
//! Every two pieces of two flights whose boxes come near are compared in closed form. Nothing is shared with the search
//! among other flights.

pub(super) mod least;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use nalgebra::Vector3;
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::track::lift_off_and_touch_down;
use super::{Breach, DISTANCE_M, TIME_S};
use crate::flight::{Plan, Request};
use crate::frame::{Frame, Instant, Xy};
use crate::world::World;
use least::{Motion, least};

/// Pieces are cut to this length, so that their boxes hold little else.
const PART_M: f64 = 400.0;
/// In the plane what is this much farther apart may be near on the ground.
pub(super) const PLANE: f64 = 1.01;
/// Boxes of time are wider by this much, and by this share of the time since the first flight, for rounding.
const BOX_S: f64 = 1e-3;
const BOX_SHARE: f64 = 1e-14;
/// No more than this counts of any figure of the separation, metres or seconds.
const MOST: f64 = 1e9;

/// The pairs of flights that come closer than they may, in the order of the flights; each pair is told once, with the
/// moment at which it is closest in the plane.
pub(super) fn check(world: &World, flights: &[(&Request, &Plan)]) -> Vec<Breach> {
    let limits = Limits::of(world);
    if limits.horizontal_m <= 0.0 || limits.vertical_m < 0.0 {
        return Vec::new();
    }
    let sky = Sky::new(&world.frame, flights, limits);
    let pairs: Vec<Vec<Breach>> = (0..flights.len())
        .into_par_iter()
        .map(|one| {
            let close = sky.close_to(one);
            close.into_iter().map(|(other, close)| sky.breach(flights, one, other, &close)).collect()
        })
        .collect();
    pairs.into_iter().flatten().collect()
}

/// The separation less what is tolerated.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) horizontal_m: f64,
    pub(super) vertical_m: f64,
    pub(super) time_s: f64,
    pub(super) pad_s: f64,
    /// As asked for.
    pub(super) needs_m: (f64, f64),
}

impl Limits {
    pub(super) fn of(world: &World) -> Self {
        let asked = &world.separation;
        let less = |figure: f64, tolerated: f64| {
            if figure.is_nan() { -tolerated } else { figure.min(MOST) - tolerated }
        };
        Self {
            horizontal_m: less(asked.horizontal_m, DISTANCE_M),
            vertical_m: less(asked.vertical_m, DISTANCE_M),
            time_s: less(asked.time_s, TIME_S).max(0.0),
            pad_s: less(asked.pad_s, TIME_S).max(0.0),
            needs_m: (asked.horizontal_m, asked.vertical_m),
        }
    }
}

/// Two flights at their closest.
pub(super) struct Close {
    /// On the ground.
    pub(super) distance_m: f64,
    pub(super) height_m: f64,
    /// Seconds after the first waypoint of the one.
    pub(super) t: f64,
    pub(super) at: Xy,
    /// By so many seconds the other is there later.
    pub(super) later_s: f64,
}

impl Close {
    /// `41.23 m from flight F2 with 3.10 m between their heights, F2 1.500 s later; needs 60 m or 20 m`.
    pub(super) fn text(&self, name: &str, limits: &Limits) -> String {
        let when = match (self.later_s * 1000.0).round() as i64 {
            0 => "at the same time".to_owned(),
            millis if millis > 0 => format!("{name} {:.3} s later", millis as f64 / 1000.0),
            millis => format!("{name} {:.3} s earlier", -millis as f64 / 1000.0),
        };
        let (horizontal_m, vertical_m) = limits.needs_m;
        format!(
            "{:.2} m from flight {name} with {:.2} m between their heights, {when}; \
             needs {horizontal_m} m or {vertical_m} m",
            self.distance_m, self.height_m
        )
    }
}

/// Do two motions come near enough in height, whatever the time?
fn heights_meet(mine: &Motion, theirs: &Motion, limits: &Limits) -> bool {
    let span = |motion: &Motion| {
        let (from, to) = (motion.at.z, motion.at(motion.to_s).z);
        (from.min(to), from.max(to))
    };
    let ((low, high), (bottom, top)) = (span(mine), span(theirs));
    low - top <= limits.vertical_m && bottom - high <= limits.vertical_m
}

/// The moment at which two motions, their times from the same start, are closest, if that is too close.
pub(super) fn too_close(frame: &Frame, limits: &Limits, mine: &Motion, theirs: &Motion) -> Option<Close> {
    let moment = least(mine, theirs, limits.time_s, limits.vertical_m)?;
    if moment.distance_m >= PLANE * limits.horizontal_m {
        return None;
    }
    let (here, there) = (mine.at(moment.t), theirs.at(moment.s));
    let at = |place: Vector3<f64>| Xy { x: place.x, y: place.y };
    let distance_m = frame.length(at(here), at(there));
    (distance_m < limits.horizontal_m).then(|| Close {
        distance_m,
        height_m: (here.z - there.z).abs(),
        t: moment.t,
        at: at(here),
        later_s: moment.s - moment.t,
    })
}

/// All flights, in parts.
struct Sky<'a> {
    frame: &'a Frame,
    limits: Limits,
    epoch: Instant,
    /// The first waypoint's time of each, and its parts; those that cannot be looked at have none.
    flights: Vec<(Instant, Range<usize>)>,
    /// Times count from the flight's first waypoint.
    parts: Vec<(Motion, u32)>,
    /// East, north and time of each part.
    tree: RTree<GeomWithData<Rectangle<[f64; 3]>, u32>>,
}

impl<'a> Sky<'a> {
    fn new(frame: &'a Frame, flights: &[(&Request, &Plan)], limits: Limits) -> Self {
        let tracks: Vec<Vec<Motion>> =
            flights.par_iter().map(|(_, plan)| motions(frame, plan, limits.pad_s)).collect();
        let starts = flights.iter().map(|(_, plan)| plan.trajectory.first().map(|first| first.time));
        let epoch = starts.clone().zip(&tracks).filter(|(_, track)| !track.is_empty());
        let epoch = epoch.filter_map(|(start, _)| start).min().unwrap_or(Instant::MIN);
        let mut sky =
            Self { frame, limits, epoch, flights: Vec::new(), parts: Vec::new(), tree: RTree::new() };
        for (number, (track, start)) in tracks.iter().zip(starts).enumerate() {
            let first = sky.parts.len();
            sky.parts.extend(track.iter().flat_map(cut).map(|part| (part, number as u32)));
            sky.flights.push((start.unwrap_or(epoch), first..sky.parts.len()));
        }
        let boxes = (0..sky.parts.len()).map(|part| GeomWithData::new(sky.bounds(part), part as u32));
        sky.tree = RTree::bulk_load(boxes.collect());
        sky
    }

    fn bounds(&self, part: usize) -> Rectangle<[f64; 3]> {
        let (motion, flight) = &self.parts[part];
        let since_s = self.flights[*flight as usize].0.seconds_since(self.epoch);
        let corner = |at: Vector3<f64>, time_s: f64| [at.x, at.y, since_s + time_s];
        Rectangle::from_corners(corner(motion.at, motion.from_s), corner(motion.at(motion.to_s), motion.to_s))
    }

    /// Those of the later flights that come too close to this one.
    fn close_to(&self, one: usize) -> BTreeMap<usize, Close> {
        let mut found: BTreeMap<usize, Close> = BTreeMap::new();
        let (start, parts) = &self.flights[one];
        for part in parts.clone() {
            let mine = &self.parts[part].0;
            for candidate in self.tree.locate_in_envelope_intersecting(self.around(part)) {
                let (theirs, other) = &self.parts[candidate.data as usize];
                let other = *other as usize;
                if other <= one || !heights_meet(mine, theirs, &self.limits) {
                    continue;
                }
                let theirs = theirs.later(self.flights[other].0.seconds_since(*start));
                if let Some(close) = too_close(self.frame, &self.limits, mine, &theirs)
                    && found.get(&other).is_none_or(|known| close.distance_m < known.distance_m)
                {
                    found.insert(other, close);
                }
            }
        }
        found
    }

    /// What may be too close to a part.
    fn around(&self, part: usize) -> AABB<[f64; 3]> {
        let bounds = self.bounds(part);
        let (low, high) = (bounds.lower(), bounds.upper());
        let aside_m = PLANE * self.limits.horizontal_m;
        let rounding_s = BOX_S + BOX_SHARE * low[2].abs().max(high[2].abs());
        let room = [aside_m, aside_m, self.limits.time_s + rounding_s];
        let moved =
            |corner: [f64; 3], side: f64| std::array::from_fn(|axis| corner[axis] + side * room[axis]);
        AABB::from_corners(moved(low, -1.0), moved(high, 1.0))
    }

    fn breach(&self, flights: &[(&Request, &Plan)], one: usize, other: usize, close: &Close) -> Breach {
        Breach {
            request: flights[one].0.id.clone(),
            promise: 5,
            text: close.text(&flights[other].0.id, &self.limits),
            when: Some(self.flights[one].0.plus_millis((close.t * 1000.0).round() as i64)),
            place: Some(self.frame.to_place(close.at)),
        }
    }
}

/// The pieces of a flight from standing on its pad to standing on its pad, times from its first waypoint; none of one
/// that does not move, or whose times go back or have no bound, or that strays beyond the plane.
pub(super) fn motions(frame: &Frame, plan: &Plan, pad_s: f64) -> Vec<Motion> {
    let Some(start) = plan.trajectory.first().map(|first| first.time) else { return Vec::new() };
    let fixes: Vec<(f64, Vector3<f64>)> = plan
        .trajectory
        .iter()
        .map(|waypoint| {
            let at = frame.to_plane(waypoint.place);
            (waypoint.time.seconds_since(start), Vector3::new(at.x, at.y, waypoint.altitude.metres()))
        })
        .collect();
    let is_sound =
        fixes.iter().all(|(time_s, at)| time_s.is_finite() && at.xy().norm() <= 2.0 * Frame::REACH_M)
            && fixes.is_sorted_by(|(before, _), (after, _)| before <= after);
    let places: Vec<Vector3<f64>> = fixes.iter().map(|(_, at)| *at).collect();
    let (true, Some((first, last))) = (is_sound, lift_off_and_touch_down(&places)) else {
        return Vec::new();
    };
    let mut airborne = fixes[first..=last].to_vec();
    airborne.insert(0, (airborne[0].0 - pad_s, airborne[0].1));
    airborne.push((fixes[last].0 + pad_s, fixes[last].1));
    let lasting = airborne.windows(2).filter(|pair| pair[1].0 > pair[0].0);
    let motion = |pair: &[(f64, Vector3<f64>)]| Motion {
        from_s: pair[0].0,
        to_s: pair[1].0,
        at: pair[0].1,
        velocity: (pair[1].1 - pair[0].1) / (pair[1].0 - pair[0].0),
    };
    lasting.map(motion).collect()
}

/// In parts of no more than [`PART_M`].
pub(super) fn cut(motion: &Motion) -> impl Iterator<Item = Motion> + use<> {
    let motion = *motion;
    let length_m = (motion.at(motion.to_s) - motion.at).xy().norm();
    let parts = (length_m / PART_M).ceil().clamp(1.0, 10_000.0) as u32;
    let time_s = move |part: u32| {
        let share = f64::from(part) / f64::from(parts);
        if part == parts { motion.to_s } else { motion.from_s + (motion.to_s - motion.from_s) * share }
    };
    (0..parts).map(move |part| {
        let from_s = time_s(part);
        Motion { from_s, to_s: time_s(part + 1), at: motion.at(from_s), velocity: motion.velocity }
    })
}
