//! Where a barrier leaves no height of a tube open, over terrain.

use super::Limit;
use crate::frame::{Frame, Xy};
use crate::plane::{Contour, Shape, intersect, unite};
use crate::surface::{Ground, GroundLine, Side};

/// A profile keeps away from limits by what the ground strays from its line: at both ends of a gap, and something over.
const KEPT_OFF_M: f64 = 3.0 * GroundLine::SAG_M;

/// The part of a footprint (contours, non-zero rule) in which a barrier closes every height of a tube, as disjoint shapes.
///
/// Limits at sea level close a tube only over ground between two heights. Of what is doubtful, [`Side::Inside`] leaves
/// all out: wherever a way meets the shapes it is shut. [`Side::Outside`] takes all in, also where what is open is too
/// little for a [`profile`](super::profile): a way that keeps out of the shapes finds a height past this barrier. Where
/// there is no terrain, only a barrier that closes the tube over any ground does so. Cost: that of
/// [`Ground::between`], and O(n log n) for n edges.
pub(in crate::route) fn shut(
    ground: &Ground,
    frame: &Frame,
    footprint: &[Contour],
    tube: (f64, f64),
    limits: (Limit, Limit),
    side: Side,
) -> Vec<Shape> {
    let (mut low_m, mut high_m) = grounds(tube, limits);
    if low_m == f64::NEG_INFINITY && high_m == f64::INFINITY {
        return unite(footprint);
    }
    let Some(area) = bounds(footprint) else { return Vec::new() };
    if side == Side::Outside && !ground.is_flat() {
        (low_m, high_m) = (low_m - KEPT_OFF_M, high_m + KEPT_OFF_M);
    }
    if low_m >= high_m {
        return Vec::new();
    }
    intersect(footprint, &ground.between(frame, area, (low_m, high_m), side))
}

/// The heights of the ground strictly between which every height of a tube lies strictly between two limits.
fn grounds((lowest_m, highest_m): (f64, f64), (low, high): (Limit, Limit)) -> (f64, f64) {
    let above_m = match low {
        Limit::Ground(m) if m < lowest_m => f64::NEG_INFINITY,
        Limit::Ground(_) => f64::INFINITY,
        Limit::Sea(m) => m - lowest_m,
    };
    let below_m = match high {
        Limit::Ground(m) if m > highest_m => f64::INFINITY,
        Limit::Ground(_) => f64::NEG_INFINITY,
        Limit::Sea(m) => m - highest_m,
    };
    (above_m, below_m)
}

fn bounds(contours: &[Contour]) -> Option<(Xy, Xy)> {
    let corners = contours.iter().flatten().map(|p| (*p, *p));
    corners.reduce(|(low, high), (p, _)| {
        (Xy { x: low.x.min(p.x), y: low.y.min(p.y) }, Xy { x: high.x.max(p.x), y: high.y.max(p.y) })
    })
}
