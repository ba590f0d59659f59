//! The certificate: how early a flight could arrive at all.
//!
//! Only those barriers count that close every height of the band at every time up to the arrival found, drawn inside their
//! true outlines; every plan passes them aside. The quickest way past them, in the best mixture of the band's winds, bounds
//! every flight that does not enter a wind too strong to stand against: those are not planned.

use std::collections::BTreeSet;

use super::barrier::{Barrier, When};
use super::footprint::region_of;
use super::motion::Motion;
use super::planner::ARC_M;
use super::task::{SNAP_M, Task, WORTH_PREPARING};
use crate::frame::Xy;
use crate::plane::{Contour, Gauge, Path, Region, quickest_path};

/// Outlines are drawn this much nearer: by what the grown ones lie outside the true ones, arcs and margin together.
const NEARER_M: f64 = 0.03;

/// Rounding of times and places in a written plan.
const SHARE: f64 = 1.0 - 2e-7;

/// What an end may be off its place, metres, and a time, seconds.
const WRITTEN_M: f64 = 0.1;
const WRITTEN_S: f64 = 0.002;

/// No plan for the request arrives earlier than this many seconds after its earliest departure, `arrival_s` being that of
/// a plan, and `seed` barriers that are worth a look.
///
/// Cost: a few ways in the plane.
pub(super) fn lower_bound_s(task: &Task<'_>, seed: &BTreeSet<usize>, arrival_s: f64) -> f64 {
    let low_m = task.band.0;
    let Some((climb_s, descent_s)) = task.columns_s(low_m, low_m) else { return 0.0 };
    let first_s = task.lift_off(low_m).first().map_or(0.0, |span| span.0);
    let across_s = (across_s(task, seed, arrival_s) - WRITTEN_M / task.airspeed_m_s).max(0.0);
    let landing_s = first_s + climb_s + across_s;
    let landing_s = task
        .landing(low_m)
        .iter()
        .find(|span| span.1 >= landing_s)
        .map_or(landing_s, |span| span.0.max(landing_s));
    ((landing_s + descent_s) * SHARE - WRITTEN_S).max(0.0)
}

/// The least seconds from end to end at the heights of the band.
fn across_s(task: &Task<'_>, seed: &BTreeSet<usize>, arrival_s: f64) -> f64 {
    let (a, b) = (task.origin.at, task.destination.at);
    let closes = |barrier: &Barrier| {
        let throughout = match &barrier.when {
            When::Always => true,
            When::At(windows) => windows.iter().any(|w| w.0 <= 0.0 && w.1 >= arrival_s),
        };
        // Closer than this no outline can be drawn that surely lies inside the true one.
        let inside = task.aircraft.clearance_m >= NEARER_M;
        inside && throughout && barrier.closes_all(task.band, task.ground)
    };
    let winds = Winds::of(task);
    let straight_s = |from: Xy, to: Xy| winds.length(from, to);
    if task.is_common
        && task.arc_m >= ARC_M
        && let Some(bound_s) = prepared_s(task, &winds, closes)
    {
        return bound_s;
    }
    let mut taken: Vec<usize> = seed.iter().copied().filter(|&i| closes(&task.barriers[i])).collect();
    loop {
        let mut contours: Vec<Contour> = Vec::new();
        for &i in &taken {
            let reach_m = task.aircraft.clearance_m - NEARER_M;
            let grown = task.volumes.grown(task.barriers[i].volume, reach_m, task.arc_m);
            contours.extend(grown.contours.iter().cloned());
        }
        let region = region_of(&contours);
        let ends = [a, b].map(|end| region.nearest_outside(end, SNAP_M));
        let [Some(start), Some(goal)] = ends else { break };
        let Some(path) = winds.quickest(&region, start, goal) else { break };
        let before = taken.len();
        for barrier in task.entered(&path.points) {
            if !taken.contains(&barrier) && closes(&task.barriers[barrier]) {
                taken.push(barrier);
            }
        }
        if taken.len() == before {
            return path.length / scale(task, path.length * winds.greatest_m_s());
        }
    }
    let length_m = (a.x - b.x).hypot(a.y - b.y);
    straight_s(a, b) / scale(task, length_m)
}

/// The least seconds past all that counts, prepared together, where that has been worth while for the flight itself.
fn prepared_s(task: &Task<'_>, winds: &Winds, closes: impl Fn(&Barrier) -> bool) -> Option<f64> {
    let [(0.0, 0.0)] = winds.winds[..] else { return None };
    let counting: Vec<&Barrier> =
        task.barriers.iter().filter(|barrier| !barrier.is_timed() && closes(barrier)).collect();
    if !WORTH_PREPARING.contains(&counting.len()) {
        return None;
    }
    let nearer_m = task.aircraft.clearance_m - NEARER_M;
    let grown = counting.iter().map(|barrier| task.volumes.grown(barrier.volume, nearer_m, task.arc_m));
    let cell = task.volumes.prepared(grown.collect());
    let prepared = cell.get()?.as_ref()?;
    let start = prepared.nearest_outside(task.origin.at, SNAP_M)?;
    let goal = prepared.nearest_outside(task.destination.at, SNAP_M)?;
    let length_m = prepared.shortest_path(start, goal)?.length;
    Some(length_m / scale(task, length_m) / task.airspeed_m_s)
}

/// The winds in which a flight may be, but for those too strong to stand against, which it does not enter.
struct Winds {
    airspeed_m_s: f64,
    winds: Vec<(f64, f64)>,
}

impl Winds {
    fn of(task: &Task<'_>) -> Self {
        let wind = &task.world.wind;
        // What climbs along a slope meets those below the band too.
        let low_m = if task.can_hover() { task.band.0 } else { 0.0 };
        let layers = wind.layers().iter().filter(|l| l.above_agl_m > low_m && l.above_agl_m <= task.band.1);
        let mut winds: Vec<(f64, f64)> = vec![wind.velocity_at(low_m)];
        winds.extend(layers.map(|layer| layer.velocity()));
        winds.retain(|&wind| Motion::of(task.airspeed_m_s, wind).is_some());
        winds.dedup();
        Self { airspeed_m_s: task.airspeed_m_s, winds }
    }

    fn quickest(&self, region: &Region, start: Xy, goal: Xy) -> Option<Path> {
        match self.winds[..] {
            [wind] => {
                quickest_path(region, start, goal, f64::INFINITY, &Motion::of(self.airspeed_m_s, wind)?)
            }
            _ => quickest_path(region, start, goal, f64::INFINITY, self),
        }
    }

    fn greatest_m_s(&self) -> f64 {
        self.airspeed_m_s + self.winds.iter().map(|wind| wind.0.hypot(wind.1)).fold(0.0, f64::max)
    }

    /// The greatest speed along a line that winds between two of them, mixed in any shares, allow: a concave function of
    /// the share.
    fn mixed_m_s(&self, (a, b): ((f64, f64), (f64, f64)), (dx, dy): (f64, f64)) -> f64 {
        let speed = |share: f64| {
            let (east, north) = (a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1));
            let (along, across) = (east * dx + north * dy, east * dy - north * dx);
            along + (self.airspeed_m_s * self.airspeed_m_s - across * across).max(0.0).sqrt()
        };
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..40 {
            let (one, two) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            if speed(one) < speed(two) {
                low = one;
            } else {
                high = two;
            }
        }
        speed(0.0).max(speed(1.0)).max(speed((low + high) / 2.0)) * (1.0 + 1e-9)
    }
}

/// Seconds along a straight line by the best mixture of the winds: the mean of the velocities over the ground lies within
/// the airspeed of the winds' convex hull, which makes the time a gauge. The farthest such velocity along a line comes of a
/// wind between two of them.
impl Gauge for Winds {
    fn length(&self, from: Xy, to: Xy) -> f64 {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let length = dx.hypot(dy);
        if length == 0.0 {
            return 0.0;
        }
        let along = (dx / length, dy / length);
        let mut fastest: f64 = 0.0;
        for (i, &a) in self.winds.iter().enumerate() {
            for &b in &self.winds[..=i] {
                fastest = fastest.max(self.mixed_m_s((a, b), along));
            }
        }
        if fastest > 0.0 { length / fastest } else { 0.0 }
    }
}

/// The greatest scale of the plane on any way of a length between the ends: it grows with the distance from the middle
/// meridian.
fn scale(task: &Task<'_>, length_m: f64) -> f64 {
    let (a, b) = (task.origin.at, task.destination.at);
    let east = a.x.abs().max(b.x.abs()) + length_m / 2.0;
    let scales = [a.y, b.y].map(|y| task.world.frame.scale(Xy { x: east, y }));
    scales[0].max(scales[1]) + 1e-9
}
