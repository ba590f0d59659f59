//! What the index keeps of a layer: a small leaf for the tree, and the rest beside it.

use std::sync::Arc;

use rstar::{AABB, RTreeObject};

use super::reach::Box2;
use super::{HeightBand, VolumeId};
use crate::airspace::{Applicability, Layer, Limits, Outline};
use crate::frame::{Height, Interval, LonLat};

/// What is tested while the tree is walked.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Leaf {
    pub(super) area: Box2,
    pub(super) limits: Limits,
    /// From the first start to the last end.
    pub(super) span: Interval,
    /// Its place in the list of volumes.
    pub(super) volume: usize,
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

/// What is tested last: the outline and the schedule.
#[derive(Debug, Clone)]
pub(super) struct Volume {
    pub(super) id: VolumeId,
    pub(super) outline: Outline,
    applicability: Arc<Applicability>,
    place: LonLat,
}

impl Volume {
    pub(super) fn new(id: VolumeId, applicability: &Arc<Applicability>, layer: &Layer) -> Self {
        Self {
            id,
            outline: layer.outline.clone(),
            applicability: Arc::clone(applicability),
            place: layer.outline.place(),
        }
    }

    /// Is it active at some instant of that time?
    pub(super) fn is_active(&self, during: Interval) -> bool {
        !self.applicability.windows(self.place, during).is_empty()
    }
}
