//! The store in one file, by redb.

mod fault;
mod file;

use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::time::Duration;

use redb::backends::InMemoryBackend;
use redb::{
    Builder, Database, Durability, ReadTransaction, ReadableDatabase, ReadableTable, StorageBackend,
    TableDefinition, WriteTransaction,
};

use super::backup::{self, BackupSummary};
use super::content::Content;
use super::upgrade::Chain;
use super::{Batch, Log, Store, StoreError, Table};
use fault::Fault;

/// What the store notes about itself.
const NOTES: TableDefinition<'_, &str, u64> = TableDefinition::new("store");
const REVISION: &str = "revision";
const SCHEMA: &str = "schema";

/// Memory for pages. Reads are rare while the service runs; commits touch few pages.
const CACHE_BYTES: usize = 128 << 20;

const fn table_of(table: Table) -> TableDefinition<'static, &'static str, &'static [u8]> {
    TableDefinition::new(table.name())
}

const fn log_of(log: Log) -> TableDefinition<'static, u64, &'static [u8]> {
    TableDefinition::new(log.name())
}

/// Under which name the greatest id that a log ever held is noted.
const fn last_of(log: Log) -> &'static str {
    match log {
        Log::Events => "last event",
        Log::Audit => "last audit",
    }
}

/// A process that ends holds its locks a little longer, and one that begins those of its parent until it runs: a store that is
/// taken is asked for again so often,
const TRIES: u32 = 20;
/// with so long in between.
const BETWEEN: Duration = Duration::from_millis(25);

/// A store in a file `tianlu.redb`, or in memory.
///
/// Each commit is one redb transaction and waits for the disk. One process at a time has a file open. Opening reads all
/// of it and checks every page; it takes about a second for a gigabyte.
#[derive(Debug)]
pub struct RedbStore {
    database: Database,
    /// Names the store in errors.
    path: PathBuf,
    /// Keeps other processes out. In memory there is none.
    _lock: Option<std::fs::File>,
}

impl RedbStore {
    /// Opens the store in a directory, or makes both.
    ///
    /// # Errors
    /// [`StoreError::Busy`] if another process has it open, [`StoreError::Newer`] if a later program wrote it,
    /// [`StoreError::Damaged`] if it is no store of Tianlu or a page of it is damaged, [`StoreError::Io`] else.
    /// Each names the path.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        for _ in 0..TRIES {
            match Self::open_with(dir, Chain::HERE) {
                Err(StoreError::Busy(_)) => std::thread::sleep(BETWEEN),
                done => return done,
            }
        }
        Self::open_with(dir, Chain::HERE)
    }

    /// Is there a store in a directory?
    pub fn is_in(dir: &Path) -> bool {
        file::path(dir).exists()
    }

    pub(super) fn open_with(dir: &Path, chain: Chain) -> Result<Self, StoreError> {
        let lock = file::lock(dir)?;
        let path = file::path(dir);
        if !path.exists() {
            file::make(dir, |new| {
                let store = Self::of_file(new, None)?;
                store.initialize(chain)
            })?;
        }
        let store = Self::of_file(&path, Some(lock))?;
        store.upgrade(chain)?;
        Ok(store)
    }

    /// A store that is gone when it is dropped.
    ///
    /// # Errors
    /// None in practice: what a file could refuse.
    pub fn in_memory() -> Result<Self, StoreError> {
        let store = Self::over(InMemoryBackend::new())?;
        store.initialize(Chain::HERE)?;
        Ok(store)
    }

    /// A store on what redb takes for a disk.
    pub(super) fn over(backend: impl StorageBackend) -> Result<Self, StoreError> {
        Self::checked(Path::new("memory"), None, |builder| builder.create_with_backend(backend))
    }

    fn of_file(path: &Path, lock: Option<std::fs::File>) -> Result<Self, StoreError> {
        Self::checked(path, lock, |builder| builder.create(path))
    }

    fn checked(
        path: &Path,
        lock: Option<std::fs::File>,
        open: impl FnOnce(&Builder) -> Result<Database, redb::DatabaseError>,
    ) -> Result<Self, StoreError> {
        let database = file::checked(path, || {
            let mut builder = Builder::new();
            builder.set_cache_size(CACHE_BYTES).set_check_integrity_on_open(true);
            open(&builder).map_err(Fault::from)
        })?;
        Ok(Self { database, path: path.to_owned(), _lock: lock })
    }

    /// An empty store.
    pub(super) fn initialize(&self, chain: Chain) -> Result<(), StoreError> {
        self.write(|transaction| {
            for table in Table::ALL {
                transaction.open_table(table_of(table))?;
            }
            for log in Log::ALL {
                transaction.open_table(log_of(log))?;
            }
            let mut notes = transaction.open_table(NOTES)?;
            notes.insert(SCHEMA, u64::from(chain.schema()))?;
            notes.insert(REVISION, 0)?;
            Ok(())
        })
    }

    /// Brings what an earlier version wrote up to date, in one transaction.
    fn upgrade(&self, chain: Chain) -> Result<(), StoreError> {
        let found = self.read(schema)?;
        chain.accepts(found).map_err(|error| self.named(error))?;
        if found == chain.schema() {
            return Ok(());
        }
        let before = self.read(content)?;
        let mut after = before.clone();
        chain.run(found, &mut after).map_err(|error| self.named(error))?;
        self.write(|transaction| {
            for table in Table::ALL {
                transaction.delete_table(table_of(table))?;
                let mut to = transaction.open_table(table_of(table))?;
                for (key, value) in after.table(table).iter() {
                    to.insert(key.as_str(), value.as_slice())?;
                }
            }
            for log in Log::ALL {
                transaction.delete_table(log_of(log))?;
                let mut to = transaction.open_table(log_of(log))?;
                for (id, value) in after.log(log).iter() {
                    to.insert(id, value.as_slice())?;
                }
            }
            transaction.open_table(NOTES)?.insert(SCHEMA, u64::from(chain.schema()))?;
            Ok(())
        })
    }

    fn read<T>(&self, what: impl FnOnce(&ReadTransaction) -> Result<T, Fault>) -> Result<T, StoreError> {
        let done = self.database.begin_read().map_err(Fault::from).and_then(|reading| what(&reading));
        done.map_err(|fault| fault.at(&self.path))
    }

    /// Does `what` and commits it; nothing of it if it fails.
    fn write(&self, what: impl FnOnce(&WriteTransaction) -> Result<(), Fault>) -> Result<(), StoreError> {
        let done = (|| {
            let mut transaction = self.database.begin_write()?;
            transaction.set_durability(Durability::Immediate)?;
            what(&transaction)?;
            transaction.commit()?;
            Ok(())
        })();
        done.map_err(|fault: Fault| fault.at(&self.path))
    }

    fn named(&self, error: StoreError) -> StoreError {
        Fault::Ours(error).at(&self.path)
    }
}

impl Store for RedbStore {
    fn revision(&self) -> Result<u64, StoreError> {
        self.read(revision)
    }

    fn load(&self, table: Table) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.read(|reading| {
            let mut entries = Vec::new();
            for entry in reading.open_table(table_of(table))?.range::<&str>(..)? {
                let (key, value) = entry?;
                entries.push((key.value().to_owned(), value.value().to_owned()));
            }
            Ok(entries)
        })
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.write(|transaction| {
            let mut notes = transaction.open_table(NOTES)?;
            let found = note(&notes, REVISION)?;
            if found != batch.since {
                return Err(Fault::Ours(StoreError::Outrun { found }));
            }
            if batch.revision <= found {
                return Err(misused(format!("revision {} does not rise above {found}", batch.revision)));
            }
            notes.insert(REVISION, batch.revision)?;
            change_tables(transaction, batch)?;
            for log in Log::ALL {
                change_log(transaction, &mut notes, log, batch)?;
            }
            Ok(())
        })
    }

    fn after(&self, log: Log, after: u64, most: usize) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        self.read(|reading| {
            let table = reading.open_table(log_of(log))?;
            let mut entries = Vec::new();
            for entry in table.range::<u64>((Bound::Excluded(after), Bound::Unbounded))?.take(most) {
                let (id, value) = entry?;
                entries.push((id.value(), value.value().to_owned()));
            }
            Ok(entries)
        })
    }

    fn span(&self, log: Log) -> Result<Option<(u64, u64)>, StoreError> {
        self.read(|reading| {
            let Some(last) = reading.open_table(NOTES)?.get(last_of(log))?.map(|last| last.value()) else {
                return Ok(None);
            };
            let first = reading.open_table(log_of(log))?.first()?.map(|(id, _)| id.value());
            Ok(Some((first.unwrap_or(last.saturating_add(1)), last)))
        })
    }

    fn backup(&self, to: &mut dyn std::io::Write) -> Result<BackupSummary, StoreError> {
        self.read(|reading| {
            let notes = reading.open_table(NOTES)?;
            let mut last = Vec::new();
            for log in Log::ALL {
                if let Some(id) = notes.get(last_of(log))? {
                    last.push((log, id.value()));
                }
            }
            let mut writer = backup::Writer::new(to, schema(reading)?, revision(reading)?, &last)?;
            for table in Table::ALL {
                for entry in reading.open_table(table_of(table))?.range::<&str>(..)? {
                    let (key, value) = entry?;
                    writer.entry(table, key.value(), value.value())?;
                }
            }
            for log in Log::ALL {
                for entry in reading.open_table(log_of(log))?.range::<u64>(..)? {
                    let (id, value) = entry?;
                    writer.logged(log, id.value(), value.value())?;
                }
            }
            Ok(writer.finish()?)
        })
    }

    fn size_bytes(&self) -> u64 {
        std::fs::metadata(&self.path).map_or(0, |file| file.len())
    }
}

fn misused(why: String) -> Fault {
    Fault::Ours(StoreError::Misused(why))
}

fn note(notes: &impl ReadableTable<&'static str, u64>, name: &str) -> Result<u64, Fault> {
    let found = notes.get(name)?.map(|found| found.value());
    found.ok_or_else(|| Fault::Ours(StoreError::Damaged(format!("is no store of Tianlu: has no {name}"))))
}

fn revision(reading: &ReadTransaction) -> Result<u64, Fault> {
    note(&reading.open_table(NOTES)?, REVISION)
}

fn schema(reading: &ReadTransaction) -> Result<u32, Fault> {
    let found = note(&reading.open_table(NOTES)?, SCHEMA)?;
    // A number that is no schema is above all that are known.
    Ok(u32::try_from(found).unwrap_or(u32::MAX))
}

fn content(reading: &ReadTransaction) -> Result<Content, Fault> {
    let mut content = Content::default();
    for table in Table::ALL {
        for entry in reading.open_table(table_of(table))?.range::<&str>(..)? {
            let (key, value) = entry?;
            content.table(table).insert(key.value().to_owned(), value.value().to_owned());
        }
    }
    for log in Log::ALL {
        for entry in reading.open_table(log_of(log))?.range::<u64>(..)? {
            let (id, value) = entry?;
            content.log(log).insert(id.value(), value.value().to_owned());
        }
    }
    Ok(content)
}

fn change_tables(transaction: &WriteTransaction, batch: &Batch) -> Result<(), Fault> {
    for table in Table::ALL {
        if batch.clear.contains(&table) {
            transaction.delete_table(table_of(table))?;
        }
        let deletes = batch.deletes.iter().filter(|(of, _)| *of == table);
        let puts = batch.puts.iter().filter(|(of, ..)| *of == table);
        // Opening also makes a table anew that was cleared.
        let mut table = transaction.open_table(table_of(table))?;
        for (_, key) in deletes {
            table.remove(key.as_str())?;
        }
        for (_, key, value) in puts {
            table.insert(key.as_str(), value.as_slice())?;
        }
    }
    Ok(())
}

fn change_log(
    transaction: &WriteTransaction,
    notes: &mut redb::Table<'_, &'static str, u64>,
    log: Log,
    batch: &Batch,
) -> Result<(), Fault> {
    let mut table = transaction.open_table(log_of(log))?;
    if let Some(up_to) = batch.forget.iter().filter(|(of, _)| *of == log).map(|(_, up_to)| *up_to).max() {
        table.retain_in(..=up_to, |_, _| false)?;
    }
    let before = notes.get(last_of(log))?.map_or(0, |last| last.value());
    let mut last = before;
    for (_, id, value) in batch.appends.iter().filter(|(of, ..)| *of == log) {
        if *id <= last {
            return Err(misused(format!("log {}: id {id} does not rise above {last}", log.name())));
        }
        table.insert(id, value.as_slice())?;
        last = *id;
    }
    if last > before {
        notes.insert(last_of(log), last)?;
    }
    Ok(())
}
