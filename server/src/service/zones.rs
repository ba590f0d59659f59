//! The zones changed under the flights: what they touch is planned anew in the same step.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;
use tianlu_engine::airspace::Zone;
use tianlu_engine::dispatch::{self, Affected, Moment, ZoneChange};
use tianlu_engine::route::Planner;

use super::Service;
use super::denied::Denied;
use super::draft::Draft;
use super::event::EventKind;
use super::fates::{Cause, Told, apply};
use super::principal::Principal;
use super::sky::{self, Sky};
use super::writer::Lane;
use super::zone_item::ZoneItem;

/// What a change of zones comes to.
#[derive(Debug)]
pub(crate) struct ZonesChanged {
    /// The airspace's revision.
    pub(crate) revision: u64,
    /// The zones that are new, as they are served.
    pub(crate) items: Vec<Arc<ZoneItem>>,
    /// What became of flights.
    pub(crate) affected: Vec<Told>,
}

impl Service {
    /// Adds zones, all or none.
    ///
    /// # Errors
    /// [`Denied::TakenZones`]; what the writer denies.
    pub(crate) async fn add_zones(&self, who: Principal, zones: Vec<Zone>) -> Result<ZonesChanged, Denied> {
        let sites = Arc::clone(&self.sites);
        self.writer
            .write(Lane::Heavy, move |draft| {
                let change = added(&draft.state.sky, zones)?;
                change_zones(draft, change, &who, "zones.add", &sites)
            })
            .await
    }

    /// Replaces a zone, if its tag passes a check.
    ///
    /// # Errors
    /// [`Denied::NotFound`]; [`Denied::Airspace`] if the identifier is another; what the check or the writer denies.
    pub(crate) async fn replace_zone(
        &self,
        who: Principal,
        id: String,
        zone: Zone,
        check: impl FnOnce(&str) -> Result<(), Denied> + Send + 'static,
    ) -> Result<ZonesChanged, Denied> {
        let sites = Arc::clone(&self.sites);
        self.writer
            .write(Lane::Heavy, move |draft| {
                let change = replaced(&draft.state.sky, &id, zone, check)?;
                change_zones(draft, change, &who, "zones.replace", &sites)
            })
            .await
    }

    /// Removes a zone, if its tag passes a check.
    ///
    /// # Errors
    /// [`Denied::NotFound`]; what the check or the writer denies.
    pub(crate) async fn remove_zone(
        &self,
        who: Principal,
        id: String,
        check: impl FnOnce(&str) -> Result<(), Denied> + Send + 'static,
    ) -> Result<ZonesChanged, Denied> {
        let sites = Arc::clone(&self.sites);
        self.writer
            .write(Lane::Heavy, move |draft| {
                let (place, _, item) = draft.state.sky.find(&id).ok_or_else(|| no_zone(&id))?;
                check(&item.etag)?;
                let change = sky::Change { removed: vec![place], added: Vec::new() };
                change_zones(draft, change, &who, "zones.remove", &sites)
            })
            .await
    }
}

/// Makes a change of zones, and plans anew the flights that it touches.
pub(super) fn change_zones(
    draft: &mut Draft<'_>,
    change: sky::Change,
    who: &Principal,
    what: &str,
    sites: &[dispatch::Site],
) -> Result<ZonesChanged, Denied> {
    let removed: Vec<(String, Arc<Zone>)> = change
        .removed
        .iter()
        .filter_map(|&place| {
            let zone = draft.state.sky.airspace.index().zone(place)?;
            Some((draft.state.sky.item(place)?.id.clone(), Arc::clone(zone)))
        })
        .collect();
    let (removed_ids, removed): (Vec<String>, Vec<Arc<Zone>>) = removed.into_iter().unzip();
    let added: Vec<Arc<Zone>> = change.added.iter().map(|(zone, _)| Arc::clone(zone)).collect();
    let items: Vec<Arc<ZoneItem>> = change.added.iter().map(|(_, item)| Arc::clone(item)).collect();
    draft.change_sky(change);

    let world = Arc::clone(&draft.state.world);
    let outlines = Arc::clone(&draft.state.outlines);
    let planner = Planner::sharing(&world, &outlines);
    let moment = Moment { now: draft.now, reaction_s: draft.rules.reaction_s };
    let zones = ZoneChange { removed: &removed, added: &added };
    let Affected { fated, change } = dispatch::affected(&planner, &draft.state.book, zones, moment, sites);
    let since = draft.state.book.revision();
    draft.state.book.apply(change, since)?;

    let added_ids: Vec<String> = items.iter().map(|item| item.id.clone()).collect();
    let revision = draft.state.sky.airspace.revision();
    let data = json!({"added": added_ids, "removed": removed_ids, "airspace_revision": revision, "affected": fated.len()});
    draft.tell(EventKind::ZonesChanged, None, data.clone(), json!(null));
    let ids: Vec<String> = added_ids.iter().chain(&removed_ids).cloned().collect();
    let affected = apply(draft, fated, &Cause::Zones(&ids));
    draft.note(who, what, &ids.join(" "), data);
    Ok(ZonesChanged { revision, items, affected })
}

pub(super) fn added(sky: &Sky, zones: Vec<Zone>) -> Result<sky::Change, Denied> {
    let mut given = HashSet::new();
    let taken: Vec<String> = zones
        .iter()
        .map(|zone| zone.identifier.as_str())
        .filter(|id| sky.find(id).is_some() || !given.insert(*id))
        .map(str::to_owned)
        .collect();
    if !taken.is_empty() {
        return Err(Denied::TakenZones(taken));
    }
    let entry = |zone: Zone| {
        let item = ZoneItem::new(&zone, zone.identifier.clone());
        (Arc::new(zone), item)
    };
    Ok(sky::Change { removed: Vec::new(), added: zones.into_iter().map(entry).collect() })
}

/// All zones go, these come.
pub(super) fn instead_of_all(sky: &Sky, zones: Vec<Zone>) -> sky::Change {
    let removed = sky.entries().filter_map(|(_, item)| Some(sky.find(&item.id)?.0)).collect();
    let items = ZoneItem::of_all(&zones);
    sky::Change { removed, added: zones.into_iter().map(Arc::new).zip(items).collect() }
}

/// The zone that takes the place of another comes to the end of the list.
fn replaced(
    sky: &Sky,
    id: &str,
    zone: Zone,
    check: impl FnOnce(&str) -> Result<(), Denied>,
) -> Result<sky::Change, Denied> {
    let (place, old, item) = sky.find(id).ok_or_else(|| no_zone(id))?;
    check(&item.etag)?;
    let expected = &old.identifier;
    if zone.identifier != *expected {
        return Err(Denied::Airspace(format!(
            "properties.identifier: found {:?}, expected {expected:?}",
            zone.identifier
        )));
    }
    let item = ZoneItem::new(&zone, id.to_owned());
    Ok(sky::Change { removed: vec![place], added: vec![(Arc::new(zone), item)] })
}

fn no_zone(id: &str) -> Denied {
    Denied::NotFound(format!("no zone has the id {id:?}"))
}
