//! The R-trees over the layers of zones: what may be in the way of a box, a segment or a column.
//!
//! The trees hold boxes in longitude and latitude. Heights and times are tested where a box is found; the outline and
//! the schedule only for what is left. Zones that cover a good part of the earth, and those that lie across the
//! antimeridian, stay in a list beside them: in a tree they would make every box overlap.

mod leaf;
mod reach;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use rstar::{AABB, RTree};

use crate::airspace::{Outline, Zone};
use crate::frame::{Interval, LonLat};
use crate::table::Table;
use leaf::Leaf;
use reach::{Box2, Track};

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

/// The R-trees over the layers of zones, with those beside them that cover nearly everything.
///
/// Zones that are never active are left out of the trees; what they restrict is not looked at. A copy shares nearly
/// everything with what it was copied from: zones added to it go into small trees of their own, each less than half as
/// large as the one before it (Bentley and Saxe, "Decomposable searching problems", 1980).
///
/// Cost: n log n to build, some 0.15 s for 100,000 layers; to add or remove a zone some tens of microseconds on
/// average. A query costs the logarithm of their number (3 us for 2 km among 100,000) and, for each box that
/// it meets, the corners of the outline and the days of the schedule. Where all boxes overlap, and for each zone beside
/// the trees, it is a walk through a list.
#[derive(Debug, Clone, Default)]
pub struct VolumeIndex {
    slots: Table<Slot>,
    /// The layers of all slots, one after the other.
    layers: Table<VolumeId>,
    zones: usize,
    /// Each more than twice as large as the next.
    trees: Vec<Arc<RTree<Leaf>>>,
    beside: Vec<Leaf>,
}

/// The place of a zone in the list; it keeps it when the zone is removed.
#[derive(Debug, Clone)]
struct Slot {
    zone: Option<Arc<Zone>>,
    /// The number of its first layer.
    first: u32,
}

impl VolumeIndex {
    /// Indexes the layers of zones.
    pub fn new(zones: impl IntoIterator<Item = impl Into<Arc<Zone>>>) -> Self {
        let mut index = Self::default();
        index.extend(zones);
        index
    }

    /// Adds zones at the end of the list.
    pub fn extend(&mut self, zones: impl IntoIterator<Item = impl Into<Arc<Zone>>>) {
        let mut leaves = Vec::new();
        for zone in zones {
            let zone: Arc<Zone> = zone.into();
            let (slot, first) = (self.slots.len() as u32, self.layers.len() as u32);
            let ids = (0..zone.layers.len() as u32).map(|layer| VolumeId { zone: slot, layer });
            self.layers.extend(ids.clone());
            if let Some(span) = zone.applicability.span() {
                for (layer, id) in zone.layers.iter().zip(ids) {
                    let leaf = Leaf { area: Box2::of(&layer.outline), limits: layer.limits, span, id };
                    if leaf.area.is_wide() { self.beside.push(leaf) } else { leaves.push(leaf) }
                }
            }
            self.slots.push(Slot { zone: Some(zone), first });
            self.zones += 1;
        }
        self.plant(leaves);
    }

    /// Takes a zone out of the list; the others keep their places. Nothing if there is none there.
    pub fn remove(&mut self, zone: u32) {
        let Some(slot) = self.slots.get(zone as usize).filter(|slot| slot.zone.is_some()) else { return };
        let without = Slot { zone: None, first: slot.first };
        self.slots.set(zone as usize, without);
        self.beside.retain(|leaf| leaf.id.zone != zone);
        self.zones -= 1;
    }

    /// Adds a tree, united with those before it that are not more than twice as large.
    fn plant(&mut self, mut leaves: Vec<Leaf>) {
        if leaves.is_empty() {
            return;
        }
        while self.trees.last().is_some_and(|tree| tree.size() <= 2 * leaves.len()) {
            let tree = self.trees.pop().unwrap_or_default();
            leaves.extend(tree.iter().filter(|leaf| self.zone(leaf.id.zone).is_some()).cloned());
        }
        self.trees.push(Arc::new(RTree::bulk_load(leaves)));
    }

    /// The zones, in the order in which they were added.
    pub fn zones(&self) -> impl Iterator<Item = &Arc<Zone>> + Clone {
        self.slots.iter().filter_map(|slot| slot.zone.as_ref())
    }

    /// The zones with their places in the list, ascending.
    pub fn numbered(&self) -> impl Iterator<Item = (u32, &Arc<Zone>)> + Clone {
        let slots = self.slots.iter().zip(0_u32..);
        slots.filter_map(|(slot, place)| Some((place, slot.zone.as_ref()?)))
    }

    /// How many zones there are.
    pub fn len(&self) -> usize {
        self.zones
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.zones == 0
    }

    /// How many places the list has; some may be empty.
    pub fn places(&self) -> usize {
        self.slots.len()
    }

    /// The zone at a place in the list.
    pub fn zone(&self, zone: u32) -> Option<&Arc<Zone>> {
        self.slots.get(zone as usize)?.zone.as_ref()
    }

    /// How many layers were ever added: their numbers are below it.
    pub fn layers(&self) -> u32 {
        self.layers.len() as u32
    }

    /// The number of a layer; layers are numbered in the order in which they were added.
    pub fn number_of(&self, id: VolumeId) -> Option<u32> {
        Some(self.slots.get(id.zone as usize)?.first + id.layer)
    }

    /// The layer with a number.
    pub fn layer(&self, number: u32) -> Option<VolumeId> {
        self.layers.get(number as usize).copied()
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
    /// let index = VolumeIndex::new([Zone::new("NANHU", Restriction::Prohibited, vec![layer])]);
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
        self.found(track.area(), &heights, during, |outline| track.may_reach(outline))
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
        meets: impl Fn(&Outline) -> bool,
    ) -> Vec<VolumeId> {
        let mut found = Vec::new();
        let mut consider = |leaf: &Leaf| {
            if leaf.is_between(heights)
                && leaf.span.meets(&during)
                && let Some(zone) = self.zone(leaf.id.zone)
            {
                let outline = &zone.layers[leaf.id.layer as usize].outline;
                if meets(outline) && !zone.applicability.windows(outline.place(), during).is_empty() {
                    found.push(leaf.id);
                }
            }
        };
        for image in area.images() {
            let envelope = AABB::from_corners(image.low, image.high);
            for tree in &self.trees {
                tree.locate_in_envelope_intersecting(envelope).for_each(&mut consider);
            }
            self.beside.iter().filter(|leaf| leaf.area.meets(&image)).for_each(&mut consider);
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}
