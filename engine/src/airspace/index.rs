//! The R-tree over the layers of zones: what may be in the way of a box, a segment or a column.
//!
//! The tree holds boxes in longitude and latitude. Heights and times are tested where a box is found; the outline and
//! the schedule only for what is left. Zones that cover a good part of the earth, and those that lie across the
//! antimeridian, stay in a list beside the tree: in it they would make every box overlap.

mod reach;
#[cfg(test)]
mod tests;
mod volume;

use std::sync::Arc;

use rstar::{AABB, RTree};

use crate::airspace::Zone;
use crate::frame::{Interval, LonLat};
use reach::{Box2, Track};
use volume::{Leaf, Volume};

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

/// The R-tree over the layers of zones, with those beside it that cover nearly everything.
///
/// Zones that are never active are left out; what they restrict is not looked at.
///
/// Cost: n log n to build, some 0.15 s for 100,000 layers. A query costs the logarithm of their number (3 us for 2 km
/// among them) and, for each box that it meets, the corners of the outline and the days of the schedule. Where all boxes overlap, and for each zone
/// beside the tree, it is a walk through a list.
#[derive(Debug, Clone, Default)]
pub struct VolumeIndex {
    volumes: Vec<Volume>,
    tree: RTree<Leaf>,
    beside: Vec<Leaf>,
}

impl VolumeIndex {
    /// Indexes the layers of zones.
    pub fn new(zones: &[Zone]) -> Self {
        let mut volumes = Vec::new();
        let (mut leaves, mut beside) = (Vec::new(), Vec::new());
        for (zone, number) in zones.iter().zip(0..) {
            let Some(span) = zone.applicability.span() else { continue };
            let applicability = Arc::new(zone.applicability.clone());
            for (layer, place) in zone.layers.iter().zip(0..) {
                let volume = Volume::new(VolumeId { zone: number, layer: place }, &applicability, layer);
                let leaf = Leaf {
                    area: Box2::of(&layer.outline),
                    limits: layer.limits,
                    span,
                    volume: volumes.len(),
                };
                if leaf.area.is_wide() {
                    beside.push(leaf)
                } else {
                    leaves.push(leaf)
                }
                volumes.push(volume);
            }
        }
        Self { volumes, tree: RTree::bulk_load(leaves), beside }
    }

    /// How many layers it holds.
    pub fn len(&self) -> usize {
        self.volumes.len()
    }

    /// Does it hold none?
    pub fn is_empty(&self) -> bool {
        self.volumes.is_empty()
    }

    /// The layers, in ascending order, that may meet a box in a band of heights and a window of time.
    ///
    /// Never misses one; may name one that only comes near. Touching counts as meeting.
    ///
    /// ```
    /// use tianlu_engine::airspace::{HeightBand, Layer, Limits, LonLatBox, Outline, Restriction, VolumeId, VolumeIndex, Zone};
    /// use tianlu_engine::frame::{Agl, Height, Interval, LonLat};
    ///
    /// let nanhu_lake = LonLat::new(120.76, 30.753).unwrap();
    /// let limits = Limits { lower: None, upper: Some(Height::Agl(Agl::new(120.0).unwrap())) };
    /// let layer = Layer { outline: Outline::Circle { centre: nanhu_lake, radius_m: 800.0 }, limits };
    /// let index = VolumeIndex::new(&[Zone::new("NANHU", Restriction::Prohibited, vec![layer])]);
    ///
    /// let area = LonLatBox { min: LonLat::new(120.7, 30.7).unwrap(), max: LonLat::new(120.8, 30.8).unwrap() };
    /// let between = |low_m, high_m| HeightBand { low_m, high_m, ground_low_m: 0.0, ground_high_m: 5.0 };
    /// assert_eq!(index.in_box(area, between(60.0, 125.0), Interval::ALWAYS), [VolumeId { zone: 0, layer: 0 }]);
    /// assert!(index.in_box(area, between(126.0, 200.0), Interval::ALWAYS).is_empty());
    /// ```
    pub fn in_box(&self, area: LonLatBox, heights: HeightBand, during: Interval) -> Vec<VolumeId> {
        self.found(Box2::from(area), &heights, during, |_| true)
    }

    /// Likewise within `reach_m` metres of the straight line between two places.
    ///
    /// Straight may be the geodesic, or in a plane whose centre is less than 300 km away.
    pub fn along_segment(
        &self,
        from: LonLat,
        to: LonLat,
        reach_m: f64,
        heights: HeightBand,
        during: Interval,
    ) -> Vec<VolumeId> {
        let track = Track::new(from, to, reach_m);
        self.found(track.area(), &heights, during, |volume| track.may_reach(&volume.outline))
    }

    /// Likewise within `reach_m` metres of a place: what stands in a take-off or landing column.
    pub fn at_column(
        &self,
        at: LonLat,
        reach_m: f64,
        heights: HeightBand,
        during: Interval,
    ) -> Vec<VolumeId> {
        self.along_segment(at, at, reach_m, heights, during)
    }

    fn found(
        &self,
        area: Box2,
        heights: &HeightBand,
        during: Interval,
        meets: impl Fn(&Volume) -> bool,
    ) -> Vec<VolumeId> {
        let mut found = Vec::new();
        let mut consider = |leaf: &Leaf| {
            if leaf.is_between(heights) && leaf.span.meets(&during) {
                let volume = &self.volumes[leaf.volume];
                if meets(volume) && volume.is_active(during) {
                    found.push(volume.id);
                }
            }
        };
        for image in area.images() {
            let envelope = AABB::from_corners(image.low, image.high);
            self.tree.locate_in_envelope_intersecting(envelope).for_each(&mut consider);
            self.beside.iter().filter(|leaf| leaf.area.meets(&image)).for_each(&mut consider);
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}
