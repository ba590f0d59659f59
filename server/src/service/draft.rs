//! A state on its way to be changed, with what the change puts into the store, tells and notes.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use tianlu_engine::aircraft::Aircraft;
use tianlu_engine::frame::Instant;
use tianlu_engine::weather::Wind;

use super::event::{Event, EventKind, FlightRef, members};
use super::flight::{Alarm, Flight, Position};
use super::keys::KeyUse;
use super::principal::Principal;
use super::record;
use super::rules::Rules;
use super::sky;
use super::state::{Fixed, State};
use crate::store::{Batch, Log, Table};

/// A copy of the state that one command changes. It becomes the state if the command ends well.
pub(crate) struct Draft<'s> {
    pub(crate) state: State,
    /// The moment of the command.
    pub(crate) now: Instant,
    pub(crate) fixed: &'s Fixed,
    pub(crate) rules: &'s Rules,
    /// What goes into the store.
    pub(super) batch: Batch,
    /// What is told once it is true.
    pub(super) events: Vec<Arc<Event>>,
}

impl<'s> Draft<'s> {
    pub(super) fn new(state: State, now: Instant, fixed: &'s Fixed, rules: &'s Rules) -> Self {
        let mut draft = Self { state, now, fixed, rules, batch: Batch::default(), events: Vec::new() };
        draft.batch.since = draft.state.revision;
        draft.state.revision += 1;
        draft.batch.revision = draft.state.revision;
        draft
    }

    /// Does it change nothing?
    pub(super) fn is_empty(&self) -> bool {
        let Batch { puts, deletes, appends, forget, clear, .. } = &self.batch;
        puts.is_empty() && deletes.is_empty() && appends.is_empty() && forget.is_empty() && clear.is_empty()
    }

    /// A number for a new flight.
    pub(crate) fn next_number(&mut self) -> u64 {
        self.state.last_number += 1;
        self.state.last_number
    }

    /// Keeps a flight as it is now. Its revision and the time of its change are set here.
    pub(crate) fn put_flight(&mut self, mut flight: Flight) -> Arc<Flight> {
        flight.revision = self.state.revision;
        flight.changed = self.now;
        let flight = Arc::new(flight);
        self.batch.puts.push((Table::Flights, flight.id().to_owned(), record::of_flight(&flight)));
        self.state.volumes.insert(&flight.volume(), flight.id().into());
        let before = self.state.flights.insert(flight.id(), Arc::clone(&flight));
        self.count_priority(before.as_deref(), false);
        self.count_priority(Some(&flight), true);
        flight
    }

    /// Adds an aircraft that a request describes to the fleet.
    pub(crate) fn know_craft(&mut self, name: &str, craft: &Arc<Aircraft>) {
        if !self.state.fleet.contains_key(name) {
            Arc::make_mut(&mut self.state.fleet).insert(name.to_owned(), Aircraft::clone(craft));
            self.state.renew_world(self.fixed);
        }
    }

    /// Forgets the aircraft that requests had described, of those that are no flight's any more.
    pub(crate) fn forget_crafts(&mut self, described: &BTreeSet<String>) {
        let used = self.state.flights.values().filter(|flight| flight.craft.is_some());
        let used: BTreeSet<&str> = used.map(|flight| flight.request.aircraft.as_str()).collect();
        let loose = described.iter().filter(|name| !used.contains(name.as_str())).collect::<Vec<_>>();
        if !loose.is_empty() {
            let fleet = Arc::make_mut(&mut self.state.fleet);
            for name in loose {
                fleet.remove(name);
            }
            self.state.renew_world(self.fixed);
        }
    }

    /// Forgets a flight that has ended long ago.
    pub(crate) fn forget_flight(&mut self, id: &str) {
        if let Some(flight) = self.state.flights.remove(id) {
            // The number of the last flight is used once, even if no flight has it any more.
            self.put_meta("last_number", &self.state.last_number.into());
            self.state.volumes.remove(&flight.volume());
            self.count_priority(Some(&flight), false);
            self.batch.deletes.push((Table::Flights, id.to_owned()));
            self.batch.deletes.push((Table::Positions, id.to_owned()));
        }
    }

    /// Keeps where a flight was last, and what was told of it. Its revision stays as it is.
    pub(crate) fn put_position(&mut self, id: &str, position: Position, alarm: Option<Alarm>) {
        let Some(flight) = self.state.flights.get(id) else { return };
        let bytes = record::of_position(&position, alarm.as_ref());
        let flight = Flight { position: Some(position), alarm, ..(**flight).clone() };
        self.batch.puts.push((Table::Positions, id.to_owned(), bytes));
        self.state.flights.insert(id, Arc::new(flight));
    }

    fn count_priority(&mut self, flight: Option<&Flight>, comes: bool) {
        let Some(flight) = flight.filter(|flight| flight.reserved) else { return };
        let priorities = &mut self.state.priorities;
        let count = priorities.entry(flight.request.priority).or_default();
        *count = if comes { *count + 1 } else { count.saturating_sub(1) };
        if *count == 0 {
            priorities.remove(&flight.request.priority);
        }
    }

    /// Remembers what a key was used for.
    pub(crate) fn put_key(&mut self, name: &str, used: KeyUse) {
        let bytes = serde_json::to_vec(&used).unwrap_or_default();
        self.batch.puts.push((Table::Keys, name.to_owned(), bytes));
        self.state.keys.insert(name, Arc::new(used));
    }

    /// Forgets a key.
    pub(crate) fn forget_key(&mut self, name: &str) {
        if self.state.keys.remove(name).is_some() {
            self.batch.deletes.push((Table::Keys, name.to_owned()));
        }
    }

    /// Changes the zones, and nothing else: what it means for flights is for [`super::zones`].
    pub(super) fn change_sky(&mut self, change: sky::Change) {
        for place in &change.removed {
            if let Some(item) = self.state.sky.item(*place) {
                self.batch.deletes.push((Table::Zones, item.id.clone()));
            }
        }
        self.state.sky = Arc::new(self.state.sky.changed(change.clone()));
        let revision = self.state.sky.airspace.revision();
        for ((_, item), index) in change.added.iter().zip(0..) {
            self.batch.deletes.retain(|(table, id)| *table != Table::Zones || *id != item.id);
            // After all that were there before, in the order in which they came.
            let order = (revision, index);
            self.batch.puts.push((Table::Zones, item.id.clone(), record::of_zone(order, item)));
        }
        self.put_meta("airspace_revision", &self.state.sky.airspace.revision().into());
        self.state.renew_world(self.fixed);
    }

    /// Changes the wind, and nothing else.
    pub(super) fn change_wind(&mut self, wind: Wind, json: &Value) {
        self.state.wind = Arc::new(wind);
        self.state.weather_revision += 1;
        self.put_meta("wind", json);
        self.put_meta("weather_revision", &self.state.weather_revision.into());
        self.state.renew_world(self.fixed);
    }

    pub(crate) fn put_meta(&mut self, name: &str, json: &Value) {
        self.batch.puts.push((Table::Meta, name.to_owned(), json.to_string().into_bytes()));
    }

    /// Tells everybody; `details` to those alone who may see the flight.
    pub(crate) fn tell(&mut self, kind: EventKind, flight: Option<&Flight>, data: Value, details: Value) {
        self.tell_of(kind, flight.map(FlightRef::of), data, details, Vec::new());
    }

    /// As [`Draft::tell`], naming other flights.
    pub(crate) fn tell_of(
        &mut self,
        kind: EventKind,
        flight: Option<FlightRef>,
        data: Value,
        details: Value,
        near: Vec<FlightRef>,
    ) {
        self.state.last_event += 1;
        self.forget_events();
        let event = Event {
            id: self.state.last_event,
            at_ms: self.now.millis(),
            kind,
            revision: self.state.revision,
            flight,
            data: members(data),
            details: if details.is_null() { Map::new() } else { members(details) },
            near,
        };
        let bytes = serde_json::to_vec(&event).unwrap_or_default();
        self.batch.appends.push((Log::Events, event.id, bytes));
        self.events.push(Arc::new(event));
    }

    /// Now and then drops events that are older than those that are kept.
    fn forget_events(&mut self) {
        let (last, kept) = (self.state.last_event, self.rules.kept_events.max(1));
        if last > kept && last.is_multiple_of((kept / 8).clamp(1, 1000)) {
            // Those of this command are appended after it.
            let before = self.events.first().map_or(last, |event| event.id) - 1;
            self.batch.forget.push((Log::Events, (last - kept).min(before)));
        }
    }

    /// Notes who did what, for the audit log.
    pub(crate) fn note(&mut self, who: &Principal, what: &str, target: &str, details: Value) {
        self.state.last_audit += 1;
        let (id, revision) = (self.state.last_audit, self.state.revision);
        let entry = audit_entry((id, self.now, revision), &who.subject, (what, target), &details);
        tracing::info!(target: "audit", who = &*who.subject, what, on = target, revision);
        self.batch.appends.push((Log::Audit, id, entry));
    }
}

/// An entry of the audit log: its id, when, at which revision, who did what to what.
pub(super) fn audit_entry(
    (id, at, revision): (u64, Instant, u64),
    who: &str,
    (what, target): (&str, &str),
    details: &Value,
) -> Vec<u8> {
    let time = jiff::Timestamp::from_millisecond(at.millis()).unwrap_or_default();
    let entry = json!({
        "id": id, "time": format!("{time:.3}"), "who": who,
        "what": what, "target": target, "revision": revision, "details": details,
    });
    entry.to_string().into_bytes()
}
