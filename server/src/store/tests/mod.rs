#![expect(clippy::unwrap_used, reason = "tests")]

mod backups;
mod crash;
mod damage;
mod power;
mod upgrades;

use super::{Batch, Log, RedbStore, Store, StoreError, Table};

/// The entries of the numbered batch that leads to this revision: some put, some deleted, some told.
fn numbered(revision: u64) -> Batch {
    // From one byte to several pages, so that commits tear in many places.
    let size = usize::try_from(revision * 7919 % 20_000 + 1).unwrap();
    let value = vec![u8::try_from(revision % 251).unwrap(); size];
    Batch {
        since: revision - 1,
        revision,
        puts: vec![
            (Table::Flights, format!("F{revision}"), value.clone()),
            (Table::Positions, "last".to_owned(), revision.to_string().into_bytes()),
        ],
        deletes: revision
            .checked_sub(KEPT)
            .map(|old| (Table::Flights, format!("F{old}")))
            .into_iter()
            .collect(),
        appends: vec![(Log::Events, 2 * revision - 1, value), (Log::Events, 2 * revision, b"{}".to_vec())],
        forget: revision.checked_sub(KEPT).map(|old| (Log::Events, 2 * old)).into_iter().collect(),
        clear: Vec::new(),
    }
}

/// So many of the numbered batches have left entries.
const KEPT: u64 = 40;

/// Checks that a store holds the numbered batches up to its revision, each whole, and nothing else. Gives the revision.
fn holds_numbered(store: &RedbStore) -> u64 {
    let revision = store.revision().unwrap();
    let mut model = (Vec::new(), Vec::new());
    for number in (revision.saturating_sub(KEPT) + 1)..=revision {
        let batch = numbered(number);
        model.0.extend(batch.puts.into_iter().filter(|(table, ..)| *table == Table::Flights));
        model.1.extend(batch.appends);
    }
    model.0.sort();
    let flights = store.load(Table::Flights).unwrap().into_iter();
    assert!(flights.map(|(key, value)| (Table::Flights, key, value)).eq(model.0), "flights at {revision}");
    let events = store.after(Log::Events, 0, usize::MAX).unwrap().into_iter();
    assert!(events.map(|(id, value)| (Log::Events, id, value)).eq(model.1), "events at {revision}");
    let last = store.load(Table::Positions).unwrap();
    assert_eq!(
        last.first().map_or(0, |(_, value)| String::from_utf8_lossy(value).parse().unwrap()),
        revision
    );
    revision
}
