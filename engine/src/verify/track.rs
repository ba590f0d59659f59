//! A planned flight in the world's plane, cut so that the ground below each piece is straight.

use nalgebra::Vector3;

use super::shape::between;
use super::surroundings::Surroundings;
use super::{Breach, DISTANCE_M, TIME_S};
use crate::aircraft::Aircraft;
use crate::flight::{Plan, Request};
use crate::frame::{Frame, Instant, LonLat, Xy};
use crate::surface::{Ground, Raster};

/// How far the ground may stray from a straight line below a piece.
const GROUND_SAG_M: f64 = 0.005;

/// Where the aircraft is at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fix {
    /// Seconds after the first waypoint.
    pub(super) t: f64,
    pub(super) at: Xy,
    /// Metres AMSL.
    pub(super) z: f64,
    /// Ground below, metres AMSL; NaN off the terrain.
    pub(super) ground: f64,
}

impl Fix {
    pub(super) fn agl(&self) -> f64 {
        self.z - self.ground
    }

    /// Between two fixes; the ground is straight between them.
    pub(super) fn mixed(&self, to: &Self, share: f64) -> Self {
        let mix = |a: f64, b: f64| a + (b - a) * share;
        Self {
            t: mix(self.t, to.t),
            at: between(self.at, to.at, share),
            z: mix(self.z, to.z),
            ground: mix(self.ground, to.ground),
        }
    }
}

/// The way from one waypoint to the next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub(super) duration_s: f64,
    /// East, north and up, metres on the ground.
    pub(super) step: Vector3<f64>,
}

impl Segment {
    pub(super) fn length_m(&self) -> f64 {
        self.step.xy().norm()
    }

    pub(super) fn velocity(&self) -> Vector3<f64> {
        self.step / self.duration_s.max(TIME_S)
    }
}

/// A planned flight.
pub(super) struct Flight<'a> {
    pub(super) surroundings: &'a Surroundings<'a>,
    pub(super) request: &'a Request,
    pub(super) plan: &'a Plan,
    pub(super) craft: &'a Aircraft,
    /// The greatest airspeed allowed.
    pub(super) limit_m_s: f64,
    /// The waypoints.
    pub(super) fixes: Vec<Fix>,
    pub(super) segments: Vec<Segment>,
    /// Does it move at all?
    pub(super) moves: bool,
    /// The waypoints of lift-off and touch-down.
    pub(super) first: usize,
    pub(super) last: usize,
    /// From lift-off to touch-down; the ground is straight between two.
    pub(super) fine: Vec<Fix>,
    /// The segment that each piece of `fine` belongs to.
    pub(super) segment_of: Vec<usize>,
}

impl<'a> Flight<'a> {
    /// # Errors
    /// In words, why the plan is none that can be looked at.
    pub(super) fn new(
        surroundings: &'a Surroundings<'a>,
        request: &'a Request,
        plan: &'a Plan,
    ) -> Result<Self, String> {
        let fleet = &surroundings.world.fleet;
        let craft = fleet.get(&request.aircraft).ok_or("planned with an unknown aircraft")?;
        Self::of(surroundings, request, plan, craft)
    }

    /// The same with an aircraft that need not be in the fleet.
    pub(super) fn of(
        surroundings: &'a Surroundings<'a>,
        request: &'a Request,
        plan: &'a Plan,
        craft: &'a Aircraft,
    ) -> Result<Self, String> {
        let world = surroundings.world;
        let [start, .., end] = &plan.trajectory[..] else {
            return Err("planned with fewer than two points".into());
        };
        if !end.time.seconds_since(start.time).is_finite() {
            return Err("found a time without bound, expected one within the calendar".into());
        }
        let fix = |waypoint: &crate::flight::Waypoint| Fix {
            t: waypoint.time.seconds_since(start.time),
            at: world.frame.to_plane(waypoint.place),
            z: waypoint.altitude.metres(),
            ground: world.ground.height_m(waypoint.place).unwrap_or(f64::NAN),
        };
        let fixes: Vec<Fix> = plan.trajectory.iter().map(fix).collect();
        let farthest_m = fixes.iter().map(|fix| fix.at.x.hypot(fix.at.y)).fold(0.0, f64::max);
        if farthest_m > 2.0 * Frame::REACH_M {
            return Err(format!("strays {farthest_m:.0} m from the centre of the area"));
        }
        let segments: Vec<Segment> =
            fixes.windows(2).map(|pair| segment(&world.frame, &pair[0], &pair[1])).collect();
        let places: Vec<Vector3<f64>> =
            fixes.iter().map(|fix| Vector3::new(fix.at.x, fix.at.y, fix.z)).collect();
        let (moves, first, last) = match lift_off_and_touch_down(&places) {
            Some((first, last)) => (true, first, last),
            None => (false, 0, 0),
        };
        let limit_m_s = craft.speed_limit_m_s(request.mission);
        let (fine, segment_of) = fine_track(&world.frame, &world.ground, &fixes, first, last);
        Ok(Self {
            surroundings,
            request,
            plan,
            craft,
            limit_m_s,
            fixes,
            segments,
            moves,
            first,
            last,
            fine,
            segment_of,
        })
    }

    /// Do times never go back?
    pub(super) fn is_in_order(&self) -> bool {
        self.segments.iter().all(|segment| segment.duration_s >= 0.0)
    }

    /// The numbers of the segments from lift-off to touch-down.
    pub(super) fn airborne(&self) -> std::ops::Range<usize> {
        self.first..self.last.max(self.first)
    }

    /// The pieces from lift-off to touch-down, each with the number of its segment.
    pub(super) fn pieces(&self) -> impl Iterator<Item = (usize, &Fix, &Fix)> {
        self.fine.windows(2).zip(&self.segment_of).map(|(pair, segment)| (*segment, &pair[0], &pair[1]))
    }

    pub(super) fn frame(&self) -> &'a Frame {
        &self.surroundings.world.frame
    }

    pub(super) fn instant(&self, t: f64) -> Instant {
        self.plan.trajectory[0].time.plus_millis((t * 1000.0).round() as i64)
    }

    pub(super) fn breach(&self, promise: u8, text: String, fix: &Fix) -> Breach {
        let (when, place) = (Some(self.instant(fix.t)), Some(self.frame().to_place(fix.at)));
        Breach { request: self.request.id.clone(), promise, text, when, place }
    }
}

/// The waypoints from which a flight leaves the first place and at which it comes to the last; none if it does not move.
pub(super) fn lift_off_and_touch_down(places: &[Vector3<f64>]) -> Option<(usize, usize)> {
    let (start, end) = (places.first()?, places.last()?);
    let leaves = places.iter().position(|place| (place - start).norm() > DISTANCE_M)?;
    let comes = places.iter().rposition(|place| (place - end).norm() > DISTANCE_M)?;
    Some((leaves - 1, comes + 1))
}

fn segment(frame: &Frame, from: &Fix, to: &Fix) -> Segment {
    let in_plane = to.at - from.at;
    let size = in_plane.x.hypot(in_plane.y);
    let shrink = if size > 0.0 { frame.length(from.at, to.at) / size } else { 1.0 };
    Segment {
        duration_s: to.t - from.t,
        step: Vector3::new(in_plane.x * shrink, in_plane.y * shrink, to.z - from.z),
    }
}

/// The track from lift-off to touch-down, cut where the ground bends; and the segment of each piece.
fn fine_track(
    frame: &Frame,
    ground: &Ground,
    fixes: &[Fix],
    first: usize,
    last: usize,
) -> (Vec<Fix>, Vec<usize>) {
    let mut fine = vec![fixes[first]];
    let mut segment_of = Vec::new();
    for number in first..last {
        let (from, to) = (&fixes[number], &fixes[number + 1]);
        if let Ground::Raster(raster) = ground {
            for share in shares(frame, raster, from, to) {
                let fix = from.mixed(to, share);
                let below = raster.height_m(frame.to_place(fix.at)).unwrap_or(f64::NAN);
                fine.push(Fix { ground: below, ..fix });
                segment_of.push(number);
            }
        }
        fine.push(*to);
        segment_of.push(number);
    }
    (fine, segment_of)
}

/// Shares of a segment, its ends apart, between which the ground is straight: at the raster's lines, and between.
fn shares(frame: &Frame, raster: &Raster, from: &Fix, to: &Fix) -> Vec<f64> {
    let place = |share: f64| frame.to_place(between(from.at, to.at, share));
    let below = |share: f64| raster.height_m(place(share)).unwrap_or(f64::NAN);
    let mut lines = crossings(raster, place);
    lines.insert(0, 0.0);
    lines.push(1.0);
    let mut shares = Vec::with_capacity(lines.len());
    for pair in lines.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        let sag = (below((start + end) / 2.0) - (below(start) + below(end)) / 2.0).abs();
        let parts = if sag.is_nan() { 1.0 } else { (sag / GROUND_SAG_M).sqrt().ceil().clamp(1.0, 10_000.0) };
        shares.extend((0..parts as u32).map(|part| start + (end - start) * f64::from(part) / parts));
    }
    shares.remove(0);
    shares
}

/// Shares strictly between 0 and 1 at which a track crosses rows and columns of posts.
fn crossings(raster: &Raster, place: impl Fn(f64) -> LonLat) -> Vec<f64> {
    let grid = |share: f64| {
        let (column, row) = raster.grid_of(place(share));
        [column, row]
    };
    let (start, end) = (grid(0.0), grid(1.0));
    let mut shares = Vec::new();
    for axis in 0..2 {
        let run = end[axis] - start[axis];
        let most = [raster.columns(), raster.rows()][axis] as f64 - 1.0;
        let low = start[axis].min(end[axis]).ceil().max(0.0);
        let high = start[axis].max(end[axis]).floor().min(most);
        if run.abs() < 1e-9 || low > high {
            continue;
        }
        for line in low as u64..=high as u64 {
            let share = (line as f64 - start[axis]) / run;
            // A straight track is not quite straight on the grid: once more from there.
            let share = share + (line as f64 - grid(share)[axis]) / run;
            if share > 0.0 && share < 1.0 {
                shares.push(share);
            }
        }
    }
    shares.sort_by(f64::total_cmp);
    shares.dedup();
    shares
}
