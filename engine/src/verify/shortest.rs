//! Promise 7: alone, in calm air, over flat ground, with zones that do not change and no turn radius a plan is no longer
//! than the shortest path at its height, times 1.001.
//!
//! The path looked for bends where a path can: around the corners of outlines, at the clearance from them. Which of its
//! legs are free is told by their true distances from the outlines. It is searched by A* among the places that a way
//! shorter than the plan could pass (visibility graph; Lozano-Pérez and Wesley 1979), edges tested when they are taken up.

use std::collections::BinaryHeap;

use super::shape::{Shape, distance};
use super::track::Flight;
use super::{Breach, DISTANCE_M, TIME_S};
use crate::airspace::{Entry, HeightBand, SUN_TOLERANCE_MS, Zone};
use crate::frame::{Frame, Interval, Xy};

/// How much longer than the shortest a plan may be.
const FACTOR: f64 = 1.001;
/// Places around a corner are this much farther from it than the clearance.
const MARGIN_M: f64 = 0.001;
/// With less clearance than this a path keeps this much away.
const LEAST_M: f64 = 0.01;
/// Places around a corner or a circle are at most this far apart, as seen from it: 8 for a right angle,
const CORNER_STEP: f64 = std::f64::consts::FRAC_PI_2 / 8.0;
/// 32 for a circle.
const CIRCLE_STEP: f64 = std::f64::consts::FRAC_PI_2 / 32.0;
/// A leg may lie this much off the tangent besides, as a sine.
const TANGENT: f64 = 1e-3;
/// A flight is level on pieces that rise or sink by no more.
const LEVEL_M: f64 = 0.05;

/// Why no shortest path is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotPromised {
    /// The ground is not flat.
    Terrain,
    /// The wind blows.
    Wind,
    /// The aircraft has a turn radius.
    Turns,
    /// A zone that it may not enter opens or closes between the earliest departure and the arrival.
    Changes,
}

impl NotPromised {
    /// In words: "the shortest path is promised only ...".
    pub fn only(self) -> &'static str {
        match self {
            Self::Terrain => "over flat ground",
            Self::Wind => "in calm air",
            Self::Turns => "without a turn radius",
            Self::Changes => "with zones that do not change during the flight",
        }
    }
}

/// Is the plan longer than promised? Cost: for n corners within reach, n for each corner taken up.
pub(super) fn check(flight: &Flight<'_>) -> Result<Option<Breach>, NotPromised> {
    let world = flight.surroundings.world;
    for (holds, why) in [
        (world.ground.is_flat(), NotPromised::Terrain),
        (world.wind.is_calm(), NotPromised::Wind),
        (flight.craft.min_turn_radius_m <= 0.0, NotPromised::Turns),
    ] {
        if !holds {
            return Err(why);
        }
    }
    let length_m: f64 = flight.segments.iter().map(|segment| segment.length_m()).sum();
    let most_m = (length_m - DISTANCE_M) / FACTOR;
    let closed = closed(flight, most_m)?;
    let found = Search::new(flight, closed, most_m).shortest();
    let lift_off = &flight.fixes[flight.first];
    Ok(found.map(|shortest_m| {
        let text = format!("{length_m:.1} m long, {:.5} times the shortest", length_m / shortest_m);
        flight.breach(7, text, lift_off)
    }))
}

/// The shapes closed at the flight's height as far as a way of a length could come near them.
fn closed<'f>(flight: &'f Flight<'_>, most_m: f64) -> Result<Vec<&'f Shape>, NotPromised> {
    let (request, world) = (flight.request, flight.surroundings.world);
    let during = Interval::new(request.departure.start, flight.plan.trajectory[flight.last].time);
    let barred = |zone: &&std::sync::Arc<Zone>| zone.entry(&request.rights()) == Entry::Barred;
    let is_constant = |zone: &Zone| {
        zone.layers.iter().all(|layer| {
            let windows = zone.applicability.windows_with(layer.outline.place(), during, -SUN_TOLERANCE_MS);
            windows.iter().filter(|w| w.start < during.end && w.end > during.start).all(|w| {
                w.start.seconds_since(during.start) <= TIME_S && during.end.seconds_since(w.end) <= TIME_S
            })
        })
    };
    if !world.airspace.zones().filter(barred).all(|zone| is_constant(zone)) {
        return Err(NotPromised::Changes);
    }
    let straight_m = flight
        .frame()
        .length(flight.frame().to_plane(request.origin), flight.frame().to_plane(request.destination));
    let reach_m =
        (most_m * most_m - straight_m * straight_m).max(0.0).sqrt() / 2.0 + flight.craft.clearance_m;
    let everywhere =
        HeightBand { low_m: f64::NEG_INFINITY, high_m: f64::INFINITY, ground_low_m: 0.0, ground_high_m: 0.0 };
    let near =
        flight.surroundings.near(request.origin, request.destination, reach_m + 1.0, everywhere, during);
    let altitude_m = altitude_m(flight);
    let margin = flight.craft.vertical_clearance_m - DISTANCE_M;
    let mut shapes = Vec::new();
    for volume in near.iter().filter(|volume| !volume.is_conditional() && volume.is_barred(request)) {
        let (lower, upper) = volume.limits.amsl_over(0.0);
        if lower - margin < altitude_m && altitude_m < upper + margin {
            shapes.push(flight.surroundings.shape(volume));
        }
    }
    Ok(shapes)
}

/// The height, to 0.1 m, at which most of the way is flown level.
fn altitude_m(flight: &Flight<'_>) -> f64 {
    let mut by_height: std::collections::BTreeMap<i64, f64> = std::collections::BTreeMap::new();
    for (segment, fix) in flight.segments.iter().zip(&flight.fixes) {
        if segment.step.z.abs() <= LEVEL_M {
            *by_height.entry((fix.z * 10.0).round() as i64).or_default() += segment.length_m();
        }
    }
    let most = by_height.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    most.map_or(0.0, |(tenths, _)| tenths as f64 / 10.0)
}

/// A place where a path may bend.
#[derive(Debug, Clone, Copy)]
struct Bend {
    at: Xy,
    /// The way out from the corner that it bends around, and the sine by which a leg may be off the tangent; none at the
    /// ends.
    around: Option<(Xy, f64)>,
    to_goal_m: f64,
}

struct Search<'f> {
    frame: &'f Frame,
    shapes: Vec<(&'f Shape, Xy, Xy)>,
    clearance_m: f64,
    most_m: f64,
    /// The origin, the destination, then all others.
    bends: Vec<Bend>,
}

/// What waits in the queue: least estimate first, then the earlier bend.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    estimate_m: f64,
    length_m: f64,
    bend: usize,
    from: usize,
}

impl Eq for Step {}

impl Ord for Step {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other
            .estimate_m
            .total_cmp(&self.estimate_m)
            .then(other.bend.cmp(&self.bend))
            .then(other.from.cmp(&self.from))
    }
}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<'f> Search<'f> {
    /// Lengths are measured in the plane: over the few kilometres of a flight its scale hardly changes, and most_m is
    /// taken in the plane's metres at its ends.
    fn new(flight: &'f Flight<'_>, shapes: Vec<&'f Shape>, most_m: f64) -> Self {
        let frame = flight.frame();
        let (origin, destination) =
            (frame.to_plane(flight.request.origin), frame.to_plane(flight.request.destination));
        let clearance_m = flight.craft.clearance_m.max(LEAST_M);
        let shapes: Vec<_> = shapes
            .into_iter()
            .filter_map(|shape| {
                let (low, high) = shape.bounds(frame)?;
                Some((shape, low, high))
            })
            .collect();
        let end = |at: Xy| Bend { at, around: None, to_goal_m: distance(at, destination) };
        let bends = vec![end(origin), end(destination)];
        let scale = f64::midpoint(frame.scale(origin), frame.scale(destination));
        let mut search = Self { frame, shapes, clearance_m, most_m: most_m * scale, bends };
        let mut found = Vec::new();
        for (shape, ..) in &search.shapes {
            search.bends_around(shape, &mut found);
        }
        found.retain(|bend| {
            distance(origin, bend.at) + bend.to_goal_m <= search.most_m && search.is_free(bend.at, bend.at)
        });
        search.bends.extend(found);
        search
    }

    fn bends_around(&self, shape: &Shape, found: &mut Vec<Bend>) {
        let goal = self.bends[1].at;
        let mut add = |centre: Xy, radius_m: f64, (first, last): (f64, f64), step: f64| {
            let count = ((last - first) / step).ceil().max(1.0);
            let step = (last - first) / count;
            let radius = (radius_m + MARGIN_M) / (step / 2.0).cos() * self.frame.scale(centre);
            for i in 0..=count as u32 {
                let angle = first + step * f64::from(i);
                let out = Xy { x: angle.cos(), y: angle.sin() };
                let at = Xy { x: centre.x + radius * out.x, y: centre.y + radius * out.y };
                let around = Some((out, step.sin().abs() + TANGENT));
                found.push(Bend { at, around, to_goal_m: distance(at, goal) });
            }
        };
        match shape {
            Shape::Circle { centre, radius_m } => {
                let turn = (0.0, std::f64::consts::TAU * (1.0 - 1.0 / 256.0));
                add(*centre, radius_m + self.clearance_m, turn, CIRCLE_STEP);
            }
            Shape::Polygons(_) => {
                for (corner, arc) in shape.outward_corners() {
                    add(corner, self.clearance_m, arc, CORNER_STEP);
                }
            }
        }
    }

    /// Does the line keep its clearance from all shapes?
    fn is_free(&self, from: Xy, to: Xy) -> bool {
        let reach = 1.01 * self.clearance_m;
        self.shapes.iter().all(|(shape, low, high)| {
            let beside = from.x.min(to.x) > high.x + reach
                || from.x.max(to.x) < low.x - reach
                || from.y.min(to.y) > high.y + reach
                || from.y.max(to.y) < low.y - reach;
            beside || shape.nearest(self.frame, from, to, self.clearance_m).is_none()
        })
    }

    /// The length of the shortest path in metres on the ground, if it is shorter than what is looked for.
    fn shortest(&self) -> Option<f64> {
        let first = Step { estimate_m: self.bends[0].to_goal_m, length_m: 0.0, bend: 0, from: 0 };
        let mut queue = BinaryHeap::from([first]);
        let mut done = vec![false; self.bends.len()];
        while let Some(step) = queue.pop() {
            let here = &self.bends[step.bend];
            let is_start = step.bend == step.from;
            if done[step.bend] || !(is_start || self.is_free(self.bends[step.from].at, here.at)) {
                continue;
            }
            done[step.bend] = true;
            if step.bend == 1 {
                return Some(step.length_m / self.frame.scale(here.at));
            }
            for (bend, there) in self.bends.iter().enumerate().filter(|(bend, _)| !done[*bend]) {
                let leg_m = distance(here.at, there.at);
                let estimate_m = step.length_m + leg_m + there.to_goal_m;
                if estimate_m <= self.most_m && is_tangent(here, there, leg_m) {
                    queue.push(Step { estimate_m, length_m: step.length_m + leg_m, bend, from: step.bend });
                }
            }
        }
        None
    }
}

/// A taut path touches the arcs that it bends around.
fn is_tangent(from: &Bend, to: &Bend, leg_m: f64) -> bool {
    let along = to.at - from.at;
    let is_off = |bend: &Bend| {
        bend.around.is_some_and(|(out, sine)| (along.x * out.x + along.y * out.y).abs() > sine * leg_m)
    };
    leg_m > 0.0 && !is_off(from) && !is_off(to)
}
