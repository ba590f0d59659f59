//! Orientation by exact predicates, and distances.

use crate::frame::Xy;

/// Positive if `c` lies left of the line from `a` to `b`, negative if right, zero if on it: the sign is exact.
///
/// Reference: Shewchuk 1997, "Adaptive precision floating-point arithmetic and fast robust geometric predicates".
pub fn orientation(a: Xy, b: Xy, c: Xy) -> f64 {
    let coord = |p: Xy| robust::Coord { x: p.x, y: p.y };
    robust::orient2d(coord(a), coord(b), coord(c))
}

/// As [`orientation`], with its plain filter in line: in a scan of corners nearly every sign is certain at once.
///
/// The bound on the rounding error is that of stage A in Shewchuk 1997.
#[inline]
pub(super) fn turn(a: Xy, b: Xy, c: Xy) -> f64 {
    const BOUND: f64 = 3.330_669_073_875_471_6e-16;
    let (left, right) = ((a.x - b.x) * (c.y - b.y), (a.y - b.y) * (c.x - b.x));
    // Seen from the middle point the order of the two is turned round.
    let determinant = right - left;
    if determinant.abs() > BOUND * (left.abs() + right.abs()) { determinant } else { orientation(a, b, c) }
}

/// The area of a ring, positive if it runs counter-clockwise. The last point need not repeat the first.
pub fn signed_area(ring: &[Xy]) -> f64 {
    let Some(&origin) = ring.first() else { return 0.0 };
    let cross = |a: Xy, b: Xy| (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y);
    (0..ring.len()).map(|i| cross(ring[i], ring[(i + 1) % ring.len()])).sum::<f64>() / 2.0
}

/// The distance from a point to a straight line between two others.
pub fn distance_to_segment(at: Xy, a: Xy, b: Xy) -> f64 {
    let foot = nearest_on_segment(at, a, b);
    (at.x - foot.x).hypot(at.y - foot.y)
}

/// The point of the straight line from `a` to `b` that is nearest to `at`.
pub(super) fn nearest_on_segment(at: Xy, a: Xy, b: Xy) -> Xy {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let square = dx * dx + dy * dy;
    if square == 0.0 {
        return a;
    }
    let share = (((at.x - a.x) * dx + (at.y - a.y) * dy) / square).clamp(0.0, 1.0);
    Xy { x: a.x + share * dx, y: a.y + share * dy }
}
