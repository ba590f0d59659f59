//! What the service keeps: bytes by table and key, and logs that only grow at their end.
//!
//! The store knows nothing of flights or zones. Whoever holds it keeps the state in memory and commits each change
//! as one [`Batch`]. [`RedbStore`] keeps it in one file. A store that several instances share fits the same trait: a
//! commit names the revision that it was made on, and is refused if another instance has committed since.

mod backup;
mod content;
#[cfg(test)]
mod contract;
mod redb_store;
mod upgrade;

use std::collections::HashSet;
use std::fmt;
use std::io::Write;

pub use backup::{Backup, BackupSummary, read_backup};
pub use redb_store::RedbStore;
pub use upgrade::SCHEMA;

/// Entries by key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Zones by identifier.
    Zones,
    /// Flights by request id.
    Flights,
    /// The last position of flights.
    Positions,
    /// Idempotency keys.
    Keys,
    /// What there is one of.
    Meta,
}

impl Table {
    /// All tables, ascending.
    pub const ALL: [Self; 5] = [Self::Zones, Self::Flights, Self::Positions, Self::Keys, Self::Meta];

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zones => "zones",
            Self::Flights => "flights",
            Self::Positions => "positions",
            Self::Keys => "keys",
            Self::Meta => "meta",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }
}

/// Entries by ascending number, from 1. No number is used twice, not even when its entry was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Log {
    /// What happened, for those who listen.
    Events,
    /// Who did what.
    Audit,
}

impl Log {
    /// All logs, ascending.
    pub const ALL: [Self; 2] = [Self::Events, Self::Audit];

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Audit => "audit",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|log| log.name() == name)
    }
}

/// One change of the store: whole or not at all.
///
/// Its parts take effect in this order: `clear`, `deletes`, `puts`, `forget`, `appends`. Of two puts to one key the later counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// The revision that the batch was made on: refused if the store is elsewhere (another instance wrote).
    pub since: u64,
    /// The revision after it; above `since`.
    pub revision: u64,
    /// Entries that are put into tables, in place of what their keys held.
    pub puts: Vec<(Table, String, Vec<u8>)>,
    /// Keys that are taken out of tables; those that are not there are passed over.
    pub deletes: Vec<(Table, String)>,
    /// Entries at the end of logs. Within a log their ids ascend, above all that it ever held.
    pub appends: Vec<(Log, u64, Vec<u8>)>,
    /// Entries of a log up to and with this id are dropped.
    pub forget: Vec<(Log, u64)>,
    /// Tables that are emptied before anything is put (a restore).
    pub clear: Vec<Table>,
}

impl Batch {
    /// Both changes as one: this one, then `later`, which was made on this one's revision.
    pub fn then(&mut self, later: Self) {
        if !later.clear.is_empty() {
            self.puts.retain(|(table, ..)| !later.clear.contains(table));
            self.clear.extend(later.clear);
        }
        if !later.deletes.is_empty() {
            let gone: HashSet<(Table, &str)> =
                later.deletes.iter().map(|(table, key)| (*table, key.as_str())).collect();
            self.puts.retain(|(table, key, _)| !gone.contains(&(*table, key.as_str())));
        }
        self.deletes.extend(later.deletes);
        self.puts.extend(later.puts);
        for (log, up_to) in later.forget {
            self.appends.retain(|(of, id, _)| *of != log || *id > up_to);
            self.forget.push((log, up_to));
        }
        self.appends.extend(later.appends);
        self.revision = later.revision;
    }
}

/// Why the store did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another instance has committed since the revision that the batch was made on.
    #[error("the store is at revision {found}: another instance has written to it")]
    Outrun {
        /// The revision that the store is at.
        found: u64,
    },
    /// A later version of the program has written it.
    #[error(
        "found schema version {found}, this program knows {known}: use the program that wrote it, or a later one"
    )]
    Newer {
        /// The schema version found.
        found: u32,
        /// The one that this program writes.
        known: u32,
    },
    /// What is there cannot be read, or contradicts itself.
    #[error("{0}")]
    Damaged(String),
    /// Another process has it.
    #[error("{0}")]
    Busy(String),
    /// The batch contradicts itself or the store; nothing was changed.
    #[error("{0}")]
    Misused(String),
    /// The disk, or whatever else keeps it, failed.
    #[error("{0}")]
    Io(String),
}

/// Keeps bytes by table and key, and logs. All of it may be called from several threads.
pub trait Store: Send + Sync + fmt::Debug {
    /// The revision of the last commit; 0 if there was none.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn revision(&self) -> Result<u64, StoreError>;

    /// All entries of a table, ascending by key (by bytes of UTF-8).
    ///
    /// # Errors
    /// If the store cannot be read.
    fn load(&self, table: Table) -> Result<Vec<(String, Vec<u8>)>, StoreError>;

    /// Atomic, and durable when it returns.
    ///
    /// # Errors
    /// [`StoreError::Outrun`] if the store is not at `batch.since`; [`StoreError::Misused`] if the revision or the ids of a
    /// log would not rise. Nothing was changed then. After [`StoreError::Io`] the batch may be there or not: open the
    /// store anew to see.
    fn commit(&self, batch: &Batch) -> Result<(), StoreError>;

    /// Entries of a log with an id above `after`, ascending, at most `most`.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn after(&self, log: Log, after: u64, most: usize) -> Result<Vec<(u64, Vec<u8>)>, StoreError>;

    /// First and last id of a log; none if it never held an entry. If all of its entries were dropped, the first is
    /// one above the last: the next id to be given.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn span(&self, log: Log) -> Result<Option<(u64, u64)>, StoreError>;

    /// A consistent copy while others write, in the backup format (JSON Lines).
    ///
    /// # Errors
    /// If the store cannot be read or `to` not be written.
    fn backup(&self, to: &mut dyn Write) -> Result<BackupSummary, StoreError>;

    /// Bytes on disk, for metrics; 0 for a store in memory.
    fn size_bytes(&self) -> u64;
}

#[cfg(test)]
mod tests;
