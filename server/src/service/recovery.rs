//! The state from the store, checked whole; or a first one, put into it.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Value, json};
use tianlu_airspace_data::airspace::{ReadOptions, read_airspace};
use tianlu_airspace_data::scenario::read_wind;
use tianlu_engine::aircraft::Aircraft;
use tianlu_engine::airspace::Zone;
use tianlu_engine::flight::{Plan, Request};
use tianlu_engine::frame::LonLat;
use tianlu_engine::traffic::{Change, Refused};
use tianlu_engine::weather::Wind;

use super::flight::Flight;
use super::keys::KeyUse;
use super::record::{self, BadRecord};
use super::sky::Sky;
use super::state::{Fixed, State};
use super::zone_item::ZoneItem;
use crate::store::{Backup, Batch, Log, Store, StoreError, Table};

/// No count of a state is higher, so that it can go on rising.
const COUNT_MOST: u64 = 1 << 53;

/// Why the state cannot be had from the store.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    /// The store failed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// An entry cannot be read.
    #[error("{table} {key:?}: {found}")]
    Record {
        /// The table.
        table: &'static str,
        /// The key.
        key: String,
        /// What is wrong with it.
        found: String,
    },
    /// Two flights of the state are too close to each other.
    #[error(
        "flights {0} and {1} of the stored state are closer to each other than this server's separation allows: start it \
         with the separation that they were planned with, or cancel one of them there"
    )]
    Conflict(String, String),
    /// The state contradicts itself in another way.
    #[error("the stored state contradicts itself: {0}")]
    Inconsistent(String),
}

/// The entries of the tables that make a state.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    pub(crate) zones: Vec<(String, Vec<u8>)>,
    pub(crate) flights: Vec<(String, Vec<u8>)>,
    pub(crate) positions: Vec<(String, Vec<u8>)>,
    pub(crate) keys: Vec<(String, Vec<u8>)>,
    pub(crate) meta: BTreeMap<String, Value>,
}

impl Entries {
    /// All that a store has.
    pub(crate) fn of(store: &dyn Store) -> Result<Self, RecoveryError> {
        let mut entries = Self::default();
        for table in Table::ALL {
            for (key, value) in store.load(table)? {
                entries.put(table, key, value)?;
            }
        }
        Ok(entries)
    }

    /// All that a backup has.
    pub(crate) fn of_backup(backup: &Backup) -> Result<Self, RecoveryError> {
        let mut entries = Self::default();
        for (table, key, value) in &backup.puts {
            entries.put(*table, key.clone(), value.clone())?;
        }
        Ok(entries)
    }

    fn put(&mut self, table: Table, key: String, value: Vec<u8>) -> Result<(), RecoveryError> {
        match table {
            Table::Zones => self.zones.push((key, value)),
            Table::Flights => self.flights.push((key, value)),
            Table::Positions => self.positions.push((key, value)),
            Table::Keys => self.keys.push((key, value)),
            Table::Meta => {
                let json = serde_json::from_slice(&value).map_err(|error| bad("meta", &key, error))?;
                self.meta.insert(key, json);
            }
        }
        Ok(())
    }

    /// Has nothing ever been put into the store?
    pub(crate) fn is_new(&self) -> bool {
        !self.meta.contains_key("airspace")
    }

    /// The centre of the plane in which flights were reserved.
    pub(crate) fn centre(&self) -> Option<LonLat> {
        let centre = self.meta.get("centre")?;
        LonLat::new(centre[0].as_f64()?, centre[1].as_f64()?).ok()
    }

    /// The revision of the zones.
    pub(crate) fn airspace_revision(&self) -> u64 {
        self.meta.get("airspace_revision").and_then(Value::as_u64).unwrap_or(1).min(COUNT_MOST)
    }

    /// What the airspace began with: see [`fingerprint`].
    pub(crate) fn airspace_began_with(&self) -> Option<&str> {
        self.meta.get("airspace")?["fingerprint"].as_str()
    }

    /// The state that they make, checked whole. `fleet` and `wind` are those of the start.
    ///
    /// # Errors
    /// [`RecoveryError`] naming the first entry that cannot be, or the flights in conflict.
    pub(crate) fn state(
        self,
        fixed: &Fixed,
        fleet: Arc<BTreeMap<String, Aircraft>>,
        wind: Wind,
        logs: (u64, u64),
        revision: u64,
    ) -> Result<State, RecoveryError> {
        let wind = match self.meta.get("wind") {
            Some(json) => read_wind("wind", json).map_err(|error| bad("meta", "wind", error))?,
            None => wind,
        };
        let airspace_revision = self.airspace_revision();
        let mut flights = flights(self.flights)?;
        set_positions(&mut flights, &self.positions)?;
        let mut fleet = fleet;
        for flight in &flights {
            if let Some(craft) = &flight.craft {
                Arc::make_mut(&mut fleet).insert(flight.request.aircraft.clone(), Aircraft::clone(craft));
            }
        }
        let mut state = State::new(fixed, sky(self.zones, airspace_revision)?, wind, fleet);
        state.revision = revision;
        (state.last_event, state.last_audit) = logs;
        let number = |name: &str| self.meta.get(name).and_then(Value::as_u64).map(|n| n.min(COUNT_MOST));
        state.weather_revision = number("weather_revision").unwrap_or(state.weather_revision);
        state.last_number = number("last_number").unwrap_or(0);
        reserve(&mut state, &flights)?;
        for flight in flights {
            state.last_number = state.last_number.max(flight.number);
            if flight.reserved {
                *state.priorities.entry(flight.request.priority).or_default() += 1;
            }
            if state.volumes.insert(&flight.volume(), flight.id().into()).is_some() {
                return Err(RecoveryError::Inconsistent(format!(
                    "two flights have the number {}",
                    flight.number
                )));
            }
            let id = flight.id().to_owned();
            state.flights.insert(&id, Arc::new(flight));
        }
        for (name, bytes) in self.keys {
            let used: KeyUse = serde_json::from_slice(&bytes).map_err(|error| bad("keys", &name, error))?;
            state.keys.insert(&name, Arc::new(used));
        }
        Ok(state)
    }
}

/// Ids of the last entries of the logs of events and of the audit.
pub(crate) fn last_of_logs(store: &dyn Store) -> Result<(u64, u64), StoreError> {
    let last = |log| Ok::<_, StoreError>(store.span(log)?.map_or(0, |(_, last)| last));
    Ok((last(Log::Events)?, last(Log::Audit)?))
}

/// Puts a first state into an empty store.
///
/// # Errors
/// If the store does not take it.
pub(crate) fn begin(
    store: &dyn Store,
    state: &mut State,
    fixed: &Fixed,
    fingerprint: &str,
) -> Result<(), StoreError> {
    let since = store.revision()?;
    let mut batch = Batch { since, revision: since + 1, ..Batch::default() };
    for ((_, item), order) in state.sky.entries().zip(0..) {
        batch.puts.push((Table::Zones, item.id.clone(), record::of_zone((0, order), item)));
    }
    let centre = fixed.frame.centre();
    for (name, json) in
        [("centre", json!([centre.lon(), centre.lat()])), ("airspace", json!({"fingerprint": fingerprint}))]
    {
        batch.puts.push((Table::Meta, name.to_owned(), json.to_string().into_bytes()));
    }
    state.revision = batch.revision;
    store.commit(&batch)
}

/// Tells one list of zones from another.
pub(crate) fn fingerprint(zones: &[Zone]) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for item in ZoneItem::of_all(zones) {
        hash.update(item.text.as_bytes());
        hash.update(b"\n");
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn bad(table: &'static str, key: &str, found: impl std::fmt::Display) -> RecoveryError {
    RecoveryError::Record { table, key: key.to_owned(), found: found.to_string() }
}

fn sky(records: Vec<(String, Vec<u8>)>, revision: u64) -> Result<Sky, RecoveryError> {
    let mut entries = records
        .par_iter()
        .map(|(id, bytes)| {
            let (order, feature) = record::zone(bytes).map_err(|error| bad("zones", id, error))?;
            let file = read_airspace("zone", feature.as_bytes(), &ReadOptions::default())
                .map_err(|error| bad("zones", id, error))?;
            let [zone] = <[Zone; 1]>::try_from(file.zones)
                .map_err(|zones| bad("zones", id, format!("found {} zones", zones.len())))?;
            let item = ZoneItem::new(&zone, id.clone());
            Ok(((order, id.as_str()), (Arc::new(zone), item)))
        })
        .collect::<Result<Vec<_>, RecoveryError>>()?;
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Sky::new(entries.into_iter().map(|(_, entry)| entry).collect(), revision))
}

/// The flights in the order of their numbers.
fn flights(records: Vec<(String, Vec<u8>)>) -> Result<Vec<Flight>, RecoveryError> {
    let read = |(id, bytes): &(String, Vec<u8>)| {
        let flight = record::flight(bytes).map_err(|error| bad("flights", id, error))?;
        if flight.id() != id {
            return Err(bad("flights", id, format!("found the flight {:?}", flight.id())));
        }
        if flight.number > COUNT_MOST {
            return Err(bad("flights", id, format!("found the number {}", flight.number)));
        }
        Ok(flight)
    };
    let mut flights: Vec<Flight> = records.par_iter().map(read).collect::<Result<_, RecoveryError>>()?;
    flights.sort_by_key(|flight| flight.number);
    Ok(flights)
}

fn set_positions(flights: &mut [Flight], records: &[(String, Vec<u8>)]) -> Result<(), RecoveryError> {
    let positions: BTreeMap<&str, _> = records
        .iter()
        .map(|(id, bytes)| Ok((id.as_str(), record::position(bytes)?)))
        .collect::<Result<_, BadRecord>>()
        .map_err(|error| bad("positions", "", error))?;
    for flight in flights {
        if let Some((position, alarm)) = positions.get(flight.id()) {
            (flight.position, flight.alarm) = (Some(*position), alarm.clone());
        }
    }
    Ok(())
}

/// Reserves the flights as one, each held against all others.
fn reserve(state: &mut State, flights: &[Flight]) -> Result<(), RecoveryError> {
    let reserved = flights.iter().filter(|flight| flight.reserved);
    let pair = |flight: &Flight| -> (Arc<Request>, Arc<Plan>) {
        (Arc::clone(&flight.request), Arc::clone(&flight.plan))
    };
    let change = Change { reserve: reserved.map(pair).collect(), ..Change::default() };
    match state.book.apply(change, 0) {
        Ok(_) => Ok(()),
        Err(Refused::Conflict { request, flights }) => {
            Err(RecoveryError::Conflict(request, flights.into_iter().next().unwrap_or_default()))
        }
        Err(other) => Err(RecoveryError::Inconsistent(other.to_string())),
    }
}
