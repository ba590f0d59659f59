//! The union and the intersection of contours on a fixed grid.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;

use super::Contour;
use crate::frame::Xy;

/// One connected piece: the outer ring counter-clockwise, then the holes clockwise.
pub type Shape = Vec<Contour>;

/// Points per metre of the grid; a power of two, so that grid points are exact numbers.
const POINTS_PER_M: f64 = 4096.0;

/// The mesh of the grid on which unions are made: no point moves by more than this.
pub const GRID_M: f64 = 1.0 / POINTS_PER_M;

/// What the grid can hold, in metres from the origin.
const REACH_M: f64 = 262_143.0;

/// The area that the contours wind around (non-zero rule), as disjoint shapes.
///
/// Points are rounded to a grid of [`GRID_M`]; the arithmetic on it is in integers, so the result is simple and exact
/// on that grid. Points beyond 262 km of the origin are drawn in to there. Cost: O(n log n) for n edges and crossings.
pub fn unite(contours: &[Contour]) -> Vec<Shape> {
    overlay(contours, &[], OverlayRule::Subject)
}

/// The area that both the contours of `a` and those of `b` wind around (non-zero rule), as disjoint shapes.
///
/// Rounding and cost as for [`unite`].
pub fn intersect(a: &[Contour], b: &[Contour]) -> Vec<Shape> {
    overlay(a, b, OverlayRule::Intersect)
}

fn overlay(subject: &[Contour], clip: &[Contour], rule: OverlayRule) -> Vec<Shape> {
    let mut overlay = Overlay::<i32>::new(subject.iter().chain(clip).map(Vec::len).sum());
    let mut points = Vec::new();
    for (contours, kind) in [(subject, ShapeType::Subject), (clip, ShapeType::Clip)] {
        for contour in contours {
            points.clear();
            points.extend(contour.iter().map(|p| IntPoint::new(to_grid(p.x), to_grid(p.y))));
            overlay.add_contour(&points, kind);
        }
    }
    let shapes = overlay.overlay(rule, FillRule::NonZero);
    let point = |p: &IntPoint<i32>| Xy { x: f64::from(p.x) * GRID_M, y: f64::from(p.y) * GRID_M };
    let contour = |c: &Vec<IntPoint<i32>>| c.iter().map(point).collect();
    shapes.iter().map(|shape| shape.iter().map(contour).collect()).collect()
}

fn to_grid(metres: f64) -> i32 {
    (metres.clamp(-REACH_M, REACH_M) * POINTS_PER_M).round() as i32
}
