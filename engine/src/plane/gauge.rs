//! What a straight line costs.

use crate::frame::Xy;

/// A convex gauge: the cost of a straight line as a convex function of its vector, in proportion to its length.
///
/// It need not be the same in both directions: seconds in a steady wind are a gauge. A line that cannot be flown costs
/// infinity. Whatever the gauge, some best path among polygons is taut: the cost of a vector is the measure of the
/// directed lines that it crosses (Crofton's formula, with a measure of the gauge's own) and a linear term, which is the same for every path
/// between two points; a taut string crosses no line more often than it must, so no path of its kind beats it.
pub trait Gauge {
    /// The cost of the straight line: never negative, and no more than that of any way round.
    fn length(&self, from: Xy, to: Xy) -> f64;
}

/// Metres in the plane.
#[derive(Debug, Clone, Copy)]
pub struct Length;

impl Gauge for Length {
    #[inline]
    fn length(&self, from: Xy, to: Xy) -> f64 {
        let (dx, dy) = (from.x - to.x, from.y - to.y);
        (dx * dx + dy * dy).sqrt()
    }
}
