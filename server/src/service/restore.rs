//! A backup in place of all that is: checked whole first, then one change.
//!
//! Nothing that has been counted is counted again: revisions, ids and ETags go on from the higher of both. The logs stay, and
//! take up what the backup has later.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use tianlu_engine::frame::Instant;

use super::Service;
use super::denied::Denied;
use super::draft::{Draft, audit_entry};
use super::event::{Event, EventKind, members};
use super::flight::Flight;
use super::principal::Principal;
use super::record;
use super::recovery::{Entries, RecoveryError, bad, last_of_logs};
use super::state::State;
use super::writer::Lane;
use crate::store::{Backup, Batch, Log, Store, Table};

/// What has been restored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Restored {
    /// The revision after it.
    pub(crate) revision: u64,
    /// The revision that the backup was made at.
    pub(crate) from: u64,
    pub(crate) zones: usize,
    pub(crate) flights: usize,
}

/// A backup, and the state that it makes.
#[derive(Debug)]
pub(crate) struct Prepared {
    backup: Backup,
    state: State,
}

impl Service {
    /// The state that a backup makes here, each flight held against all others. Takes a processor for a while.
    ///
    /// # Errors
    /// [`RecoveryError`] naming the first entry that cannot be, or the flights in conflict.
    pub(crate) fn prepare(&self, mut backup: Backup) -> Result<Prepared, RecoveryError> {
        let now = self.state();
        let centre = self.fixed.frame.centre();
        keep_meta(&mut backup, "centre", &json!([centre.lon(), centre.lat()]));
        let here = self.store.load(Table::Meta)?;
        // The airspace that this server was started with, so that it may be started so again.
        if let Some((name, bytes)) = here.into_iter().find(|(name, _)| name == "airspace") {
            put_meta(&mut backup, &name, bytes);
        }
        let mut entries = Entries::of_backup(&backup)?;
        let airspace = now.sky.airspace.revision().max(entries.airspace_revision()) + 1;
        entries.meta.insert("airspace_revision".to_owned(), airspace.into());
        keep_meta(&mut backup, "airspace_revision", &airspace.into());
        let (fleet, wind) = (Arc::clone(&self.fleet), self.wind.clone());
        let state = entries.state(&self.fixed, fleet, wind, (0, 0), backup.revision)?;
        Ok(Prepared { backup, state })
    }

    /// Puts a backup's state in place of all that is, in one commit.
    ///
    /// # Errors
    /// [`Denied`] if the store does not take it.
    pub(crate) async fn restore(&self, prepared: Prepared, who: Principal) -> Result<Restored, Denied> {
        self.writer.write(Lane::Heavy, move |draft| Ok(replace(draft, prepared, &who))).await
    }
}

fn replace(draft: &mut Draft<'_>, prepared: Prepared, who: &Principal) -> Restored {
    let Prepared { backup, mut state } = prepared;
    let before = &draft.state;
    let last = |log| backup.last.get(&log).copied().unwrap_or(0);
    // A plan made on what was before is then one of another wind, and made again.
    state.revision = before.revision.max(backup.revision + 1);
    state.weather_revision = before.weather_revision.max(state.weather_revision) + 1;
    state.last_number = before.last_number.max(state.last_number);
    state.last_event = before.last_event.max(last(Log::Events));
    state.last_audit = before.last_audit.max(last(Log::Audit));
    let flights = renumbered(&mut state);
    let others = backup.puts.into_iter().filter(|(table, ..)| *table != Table::Flights);
    let kept = |log| if log == Log::Events { before.last_event } else { before.last_audit };
    let appends = backup.appends.into_iter().filter(|(log, id, _)| *id > kept(*log));
    draft.batch = Batch {
        since: draft.batch.since,
        revision: state.revision,
        clear: Table::ALL.to_vec(),
        puts: others.chain(flights).collect(),
        appends: appends.collect(),
        ..Batch::default()
    };
    let restored = Restored {
        revision: state.revision,
        from: backup.revision,
        zones: state.sky.airspace.len(),
        flights: state.flights.len(),
    };
    draft.state = state;
    draft.put_meta("last_number", &draft.state.last_number.into());
    draft.put_meta("weather_revision", &draft.state.weather_revision.into());
    let Restored { from, zones, flights, .. } = restored;
    draft.tell(EventKind::StateRestored, None, json!({"from": from}), Value::Null);
    draft.note(who, "state.restore", "", json!({"from": from, "zones": zones, "flights": flights}));
    restored
}

/// Gives every flight the revision of the state. Their records, by id.
fn renumbered(state: &mut State) -> Vec<(Table, String, Vec<u8>)> {
    let mut flights: Vec<Arc<Flight>> = state.flights.values().cloned().collect();
    flights.sort_by(|a, b| a.id().cmp(b.id()));
    let revision = state.revision;
    let records = flights.into_iter().map(|flight| {
        let flight = Arc::new(Flight { revision, ..Flight::clone(&flight) });
        let record = (Table::Flights, flight.id().to_owned(), record::of_flight(&flight));
        state.flights.insert(&record.1, flight);
        record
    });
    records.collect()
}

/// Puts a backup into a store that no server has open. Whether its flights keep apart, the server checks when it starts.
///
/// # Errors
/// [`RecoveryError`] if a record is none, or the store does not take it.
pub(crate) fn into_store(store: &dyn Store, backup: Backup, now: Instant) -> Result<Restored, RecoveryError> {
    let since = store.revision()?;
    let revision = since.max(backup.revision) + 1;
    let (events, audit) = last_of_logs(store)?;
    let last = |log, here: u64| here.max(backup.last.get(&log).copied().unwrap_or(0)) + 1;
    let (event, entry) = (last(Log::Events, events), last(Log::Audit, audit));
    let before = Entries::of(store)?.airspace_revision();
    let airspace = before.max(Entries::of_backup(&backup)?.airspace_revision()) + 1;

    let Backup { revision: from, puts, appends, .. } = backup;
    let count = |of| puts.iter().filter(|(table, ..)| *table == of).count();
    let (zones, flights) = (count(Table::Zones), count(Table::Flights));
    let mut batch = Batch { since, revision, clear: Table::ALL.to_vec(), ..Batch::default() };
    for (table, key, value) in puts {
        batch.puts.push((table, key.clone(), record_at(revision, table, &key, value)?));
    }
    let airspace = airspace.to_string().into_bytes();
    batch.puts.push((Table::Meta, "airspace_revision".to_owned(), airspace));
    let kept = |log| if log == Log::Events { events } else { audit };
    batch.appends.extend(appends.into_iter().filter(|(log, id, _)| *id > kept(*log)));
    let told = Event {
        id: event,
        at_ms: now.millis(),
        kind: EventKind::StateRestored,
        revision,
        flight: None,
        data: members(json!({"from": from})),
        details: Map::new(),
        near: Vec::new(),
    };
    batch.appends.push((Log::Events, event, serde_json::to_vec(&told).unwrap_or_default()));
    let details = json!({"from": from, "zones": zones, "flights": flights});
    let entry_bytes = audit_entry((entry, now, revision), "offline", ("state.restore", ""), &details);
    batch.appends.push((Log::Audit, entry, entry_bytes));
    store.commit(&batch)?;
    Ok(Restored { revision, from, zones, flights })
}

/// A flight's record as of a revision; other records as they are.
fn record_at(revision: u64, table: Table, key: &str, value: Vec<u8>) -> Result<Vec<u8>, RecoveryError> {
    if table != Table::Flights {
        return Ok(value);
    }
    let flight = record::flight(&value).map_err(|error| bad("flights", key, error))?;
    Ok(record::of_flight(&Flight { revision, ..flight }))
}

fn keep_meta(backup: &mut Backup, name: &str, json: &Value) {
    put_meta(backup, name, json.to_string().into_bytes());
}

fn put_meta(backup: &mut Backup, name: &str, bytes: Vec<u8>) {
    backup.puts.retain(|(table, key, _)| (*table, key.as_str()) != (Table::Meta, name));
    backup.puts.push((Table::Meta, name.to_owned(), bytes));
}
