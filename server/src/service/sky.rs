//! The zones at one moment with what is served of each; snapshots share what has not changed.

use std::sync::Arc;

use tianlu_engine::airspace::{Airspace, Zone};
use tianlu_engine::table::Table;

use super::shards::Shards;
use super::zone_item::ZoneItem;

/// A zone and what is served of it.
pub(crate) type Entry = (Arc<Zone>, Arc<ZoneItem>);

/// A change of the airspace: places of the list that become empty, and what comes to its end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Change {
    pub(crate) removed: Vec<u32>,
    pub(crate) added: Vec<Entry>,
}

/// The zones at one moment, with what is served of each.
#[derive(Debug)]
pub(crate) struct Sky {
    pub(crate) airspace: Arc<Airspace>,
    /// By the zone's place in the list.
    items: Table<Option<Arc<ZoneItem>>>,
    places: Shards<u32>,
}

impl Sky {
    pub(crate) fn new(entries: Vec<Entry>, revision: u64) -> Self {
        let airspace = Airspace::new(entries.iter().map(|entry| Arc::clone(&entry.0)), revision);
        Self::listing(airspace, entries.into_iter().map(|entry| entry.1))
    }

    /// A sky whose list has no empty places.
    fn listing(airspace: Airspace, items: impl Iterator<Item = Arc<ZoneItem>>) -> Self {
        let items: Table<_> = items.map(Some).collect();
        let mut places = Shards::default();
        for (item, place) in items.iter().zip(0..) {
            if let Some(item) = item {
                places.insert(&item.id, place);
            }
        }
        Self { airspace: Arc::new(airspace), items, places }
    }

    /// The sky after a change, one revision later.
    pub(crate) fn changed(&self, change: Change) -> Self {
        let zones = change.added.iter().map(|entry| Arc::clone(&entry.0));
        let airspace = self.airspace.changed(&change.removed, zones);
        let mut items = self.items.clone();
        change.removed.iter().for_each(|&place| items.set(place as usize, None));
        let first = items.len();
        items.extend(change.added.iter().map(|entry| Some(Arc::clone(&entry.1))));
        if airspace.index().places() != items.len() {
            // The list has been made anew without its empty places.
            return Self::listing(airspace, items.iter().flatten().cloned());
        }
        let mut places = self.places.clone();
        let gone = change.removed.iter().filter_map(|&place| self.items.get(place as usize)?.as_ref());
        for item in gone {
            places.remove(&item.id);
        }
        for (entry, place) in change.added.iter().zip(first as u32..) {
            places.insert(&entry.1.id, place);
        }
        Self { airspace: Arc::new(airspace), items, places }
    }

    /// What is served of the zone at a place in the list.
    pub(crate) fn item(&self, place: u32) -> Option<&Arc<ZoneItem>> {
        self.items.get(place as usize)?.as_ref()
    }

    /// The place in the list of the zone with an id, and the zone.
    pub(crate) fn find(&self, id: &str) -> Option<(u32, &Arc<Zone>, &Arc<ZoneItem>)> {
        let place = *self.places.get(id)?;
        Some((place, self.airspace.index().zone(place)?, self.items.get(place as usize)?.as_ref()?))
    }

    /// All zones with what is served of them.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&Arc<Zone>, &Arc<ZoneItem>)> {
        self.airspace.zones().zip(self.items.iter().flatten())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use tianlu_engine::airspace::{Layer, Limits, Outline, Restriction};
    use tianlu_engine::frame::LonLat;

    use super::*;

    fn entry(id: &str) -> Entry {
        let outline = Outline::Circle { centre: LonLat::new(120.0, 30.0).unwrap(), radius_m: 100.0 };
        let layer = Layer { outline, limits: Limits::UNBOUNDED };
        let zone = Arc::new(Zone::new(id, Restriction::Prohibited, vec![layer]));
        let item = ZoneItem::new(&zone, id.to_owned());
        (zone, item)
    }

    /// Through replacements and removals enough for the list to be made anew several times.
    #[test]
    fn ids_lead_to_their_zones_through_any_changes() {
        let mut ids: Vec<String> = (0..100).map(|n| format!("Z{n}")).collect();
        let mut sky = Sky::new(ids.iter().map(|id| entry(id)).collect(), 1);
        for step in 0..400_usize {
            let id = ids.remove(step * 7 % ids.len());
            let place = sky.find(&id).unwrap().0;
            let replaced = step % 4 > 0 || ids.len() < 20;
            let added: Vec<Entry> = replaced.then(|| entry(&id)).into_iter().collect();
            let new = added.first().map(|new| Arc::clone(&new.0));
            sky = sky.changed(Change { removed: vec![place], added });
            ids.extend(replaced.then(|| id.clone()));
            assert_eq!(sky.find(&id).map(|found| Arc::as_ptr(found.1)), new.as_ref().map(Arc::as_ptr));
            let listed: Vec<&str> = sky.entries().map(|(_, item)| item.id.as_str()).collect();
            assert_eq!(listed, ids);
            assert!(sky.entries().all(|(zone, item)| zone.identifier == item.id));
            assert!(ids.iter().all(|id| sky.find(id).unwrap().2.id == *id));
            assert_eq!((sky.airspace.len(), sky.airspace.revision()), (ids.len(), step as u64 + 2));
        }
    }
}
