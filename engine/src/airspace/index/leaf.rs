//! What a tree keeps of a layer: what is tested while it is walked.

use rstar::{AABB, RTreeObject};

use super::reach::Box2;
use super::{HeightBand, VolumeId};
use crate::airspace::Limits;
use crate::frame::{Height, Interval};

/// A layer's box, limits and time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Leaf {
    pub(super) area: Box2,
    pub(super) limits: Limits,
    /// From the first start to the last end.
    pub(super) span: Interval,
    pub(super) id: VolumeId,
}

impl RTreeObject for Leaf {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(self.area.low, self.area.high)
    }
}

impl Leaf {
    /// May its limits meet the band, over some ground of the area? Touching counts.
    pub(super) fn is_between(&self, heights: &HeightBand) -> bool {
        let over = |limit: Height, ground_m: f64| limit.amsl_over(ground_m);
        let too_high =
            self.limits.lower.is_some_and(|lower| over(lower, heights.ground_low_m) > heights.high_m);
        let too_low =
            self.limits.upper.is_some_and(|upper| over(upper, heights.ground_high_m) < heights.low_m);
        !too_high && !too_low
    }
}
