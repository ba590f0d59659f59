//! What lies along a straight line, asked of an R-tree.

use rstar::{AABB, RTreeObject, SelectionFunction};

use crate::frame::Xy;

/// Selects what a straight line passes, or comes near; some that does not.
pub(crate) struct AlongSegment {
    middle: Xy,
    half: Xy,
    near_m: f64,
}

impl AlongSegment {
    /// Within a micrometre.
    pub(crate) fn new(a: Xy, b: Xy) -> Self {
        Self::within(a, b, 1e-6)
    }

    pub(crate) fn within(a: Xy, b: Xy, near_m: f64) -> Self {
        Self {
            near_m,
            middle: Xy { x: (a.x + b.x) / 2.0, y: (a.y + b.y) / 2.0 },
            half: Xy { x: (b.x - a.x) / 2.0, y: (b.y - a.y) / 2.0 },
        }
    }

    fn meets(&self, envelope: &AABB<[f64; 2]>) -> bool {
        let (low, high) = (envelope.lower(), envelope.upper());
        let (hx, hy) = ((high[0] - low[0]) / 2.0 + self.near_m, (high[1] - low[1]) / 2.0 + self.near_m);
        let (x, y) = (self.middle.x - (low[0] + high[0]) / 2.0, self.middle.y - (low[1] + high[1]) / 2.0);
        let (ax, ay) = (self.half.x.abs(), self.half.y.abs());
        x.abs() <= hx + ax
            && y.abs() <= hy + ay
            && (self.half.x * y - self.half.y * x).abs() <= hx * ay + hy * ax
    }
}

impl<T: RTreeObject<Envelope = AABB<[f64; 2]>>> SelectionFunction<T> for AlongSegment {
    fn should_unpack_parent(&self, envelope: &AABB<[f64; 2]>) -> bool {
        self.meets(envelope)
    }

    fn should_unpack_leaf(&self, leaf: &T) -> bool {
        self.meets(&leaf.envelope())
    }
}
