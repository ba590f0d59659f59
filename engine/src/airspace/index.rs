//! The R-tree over the layers of zones: what may be in the way of a box, a segment or a column.

use crate::airspace::Zone;
use crate::frame::{Interval, LonLat};

/// A box in longitude and latitude, degrees; it does not cross the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LonLatBox {
    /// South-west corner.
    pub min: LonLat,
    /// North-east corner.
    pub max: LonLat,
}

/// Heights in metres above sea level, and the lowest and highest ground in the area asked about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeightBand {
    /// The lowest height asked about, metres AMSL.
    pub low_m: f64,
    /// The highest, metres AMSL.
    pub high_m: f64,
    /// The lowest ground there, metres AMSL: what AGL limits may count from.
    pub ground_low_m: f64,
    /// The highest ground there.
    pub ground_high_m: f64,
}

/// One layer of one zone of the indexed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VolumeId {
    /// The zone's place in the list.
    pub zone: u32,
    /// The layer's place in the zone.
    pub layer: u32,
}

/// The R-tree over zones, with those beside it that cover everything.
#[derive(Debug, Clone, Default)]
pub struct VolumeIndex {}

impl VolumeIndex {
    /// Indexes the layers of zones.
    pub fn new(_zones: &[Zone]) -> Self {
        todo!()
    }

    /// The layers, in ascending order, that may meet a box in a band of heights and a window of time.
    ///
    /// Never misses one; may name one that only comes near.
    pub fn in_box(&self, _area: LonLatBox, _heights: HeightBand, _during: Interval) -> Vec<VolumeId> {
        todo!()
    }

    /// Likewise within `reach_m` metres of the straight line between two places.
    pub fn along_segment(
        &self,
        _from: LonLat,
        _to: LonLat,
        _reach_m: f64,
        _heights: HeightBand,
        _during: Interval,
    ) -> Vec<VolumeId> {
        todo!()
    }

    /// Likewise within `reach_m` metres of a place: what stands in a take-off or landing column.
    pub fn at_column(
        &self,
        _at: LonLat,
        _reach_m: f64,
        _heights: HeightBand,
        _during: Interval,
    ) -> Vec<VolumeId> {
        todo!()
    }
}
