//! An immutable airspace with its index and revision.

use super::{VolumeIndex, Zone};

/// All zones at one moment, indexed. Immutable: a change makes a new one with a higher revision.
#[derive(Debug, Clone, Default)]
pub struct Airspace {
    zones: Vec<Zone>,
    index: VolumeIndex,
    revision: u64,
}

impl Airspace {
    /// An airspace of these zones, as the given revision.
    pub fn new(zones: Vec<Zone>, revision: u64) -> Self {
        let index = VolumeIndex::new(&zones);
        Self { zones, index, revision }
    }

    /// The zones.
    pub fn zones(&self) -> &[Zone] {
        &self.zones
    }

    /// The R-tree over their layers.
    pub fn index(&self) -> &VolumeIndex {
        &self.index
    }

    /// Orders snapshots: higher is later.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The zone with an identifier: the first one if several share it.
    pub fn zone(&self, identifier: &str) -> Option<&Zone> {
        self.zones.iter().find(|zone| zone.identifier == identifier)
    }
}
