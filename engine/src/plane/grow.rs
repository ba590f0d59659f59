//! Growing polygons and circles by a clearance, always to the outside.
//!
//! The Minkowski sum of a polygon and a disc is the union of the polygon, a rectangle on the outside of each edge and a
//! wedge at each convex corner. Wedges have circumscribed arcs: they contain the true arc and overshoot it by no more
//! than the tolerance. (geo's and most other buffers inscribe their arcs, which would cut the clearance.)

use std::f64::consts::{FRAC_PI_2, TAU};

use super::predicate::{orientation, signed_area};
use crate::frame::Xy;

/// A closed ring without its last point repeated.
pub type Contour = Vec<Xy>;

/// Contours, all counter-clockwise but holes, whose non-zero union is the polygon grown by `distance_m`.
///
/// `rings`: the outer ring and the holes, in any direction, the last point not repeated. Nowhere is the result smaller
/// than the true offset; nowhere larger by more than `tolerance_m`. Cost: a rectangle an edge and a wedge a convex
/// corner, of about `angle / (2 acos(distance / (distance + tolerance)))` points.
pub fn grow_polygon(rings: &[Contour], distance_m: f64, tolerance_m: f64) -> Vec<Contour> {
    let mut contours = Vec::new();
    for (number, ring) in rings.iter().enumerate() {
        let mut ring = ring.clone();
        ring.dedup();
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        if ring.len() < 3 {
            continue;
        }
        if (signed_area(&ring) > 0.0) != (number == 0) {
            ring.reverse();
        }
        if distance_m > 0.0 {
            add_border(&mut contours, &ring, distance_m, tolerance_m);
        }
        contours.push(ring);
    }
    contours
}

/// The border that growing adds outside a ring which has its solid side at the left.
fn add_border(contours: &mut Vec<Contour>, ring: &[Xy], distance_m: f64, tolerance_m: f64) {
    let count = ring.len();
    for i in 0..count {
        let (before, at, after) = (ring[(i + count - 1) % count], ring[i], ring[(i + 1) % count]);
        let (inward, outward) = (normal(before, at), normal(at, after));
        contours.push(vec![at, shifted(at, outward, distance_m), shifted(after, outward, distance_m), after]);
        if orientation(before, at, after) >= 0.0 {
            let from = inward.y.atan2(inward.x);
            let turn = (outward.y.atan2(outward.x) - from).rem_euclid(TAU);
            if turn > 0.0 {
                let mut wedge = vec![at, shifted(at, inward, distance_m)];
                wedge.extend(arc(at, distance_m, from, turn, tolerance_m));
                wedge.push(shifted(at, outward, distance_m));
                contours.push(wedge);
            }
        }
    }
}

/// A counter-clockwise polygon around a circle that overshoots it by no more than the tolerance.
pub fn grow_circle(centre: Xy, radius_m: f64, tolerance_m: f64) -> Contour {
    arc(centre, radius_m, 0.0, TAU, tolerance_m).collect()
}

/// The corners of a circumscribed polyline along an arc, without its two ends on the circle itself.
fn arc(centre: Xy, radius_m: f64, from: f64, turn: f64, tolerance_m: f64) -> impl Iterator<Item = Xy> {
    let widest = (2.0 * (radius_m / (radius_m + tolerance_m)).acos()).clamp(1e-4, FRAC_PI_2);
    let steps = (turn / widest).ceil().max(1.0);
    let step = turn / steps;
    let reach = radius_m / (step / 2.0).cos();
    (0..steps as usize).map(move |k| {
        let angle = from + (k as f64 + 0.5) * step;
        Xy { x: centre.x + reach * angle.cos(), y: centre.y + reach * angle.sin() }
    })
}

/// The unit normal at the right of the way from `a` to `b`.
fn normal(a: Xy, b: Xy) -> Xy {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length = dx.hypot(dy);
    Xy { x: dy / length, y: -dx / length }
}

fn shifted(at: Xy, direction: Xy, by: f64) -> Xy {
    Xy { x: at.x + by * direction.x, y: at.y + by * direction.y }
}
