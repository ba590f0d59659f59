//! What every store keeps to, checked on each against plain maps.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};

use super::{Backup, Batch, Log, RedbStore, Store, StoreError, Table, read_backup};

/// What a store should hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Model {
    revision: u64,
    tables: BTreeMap<Table, BTreeMap<String, Vec<u8>>>,
    logs: BTreeMap<Log, BTreeMap<u64, Vec<u8>>>,
    last: BTreeMap<Log, u64>,
}

impl Model {
    /// What a batch makes of it, or why it is refused.
    fn after(&self, batch: &Batch) -> Result<Self, &'static str> {
        if batch.since != self.revision {
            return Err("outrun");
        }
        if batch.revision <= self.revision {
            return Err("misused");
        }
        let mut next = self.clone();
        next.revision = batch.revision;
        for table in &batch.clear {
            next.tables.remove(table);
        }
        for (table, key) in &batch.deletes {
            next.tables.entry(*table).or_default().remove(key);
        }
        for (table, key, value) in &batch.puts {
            next.tables.entry(*table).or_default().insert(key.clone(), value.clone());
        }
        for (log, up_to) in &batch.forget {
            next.logs.entry(*log).or_default().retain(|id, _| id > up_to);
        }
        for (log, id, value) in &batch.appends {
            if *id <= next.last.get(log).copied().unwrap_or(0) {
                return Err("misused");
            }
            next.logs.entry(*log).or_default().insert(*id, value.clone());
            next.last.insert(*log, *id);
        }
        Ok(next)
    }

    fn table(&self, table: Table) -> Vec<(String, Vec<u8>)> {
        self.tables
            .get(&table)
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }

    fn log(&self, log: Log) -> Vec<(u64, Vec<u8>)> {
        self.logs.get(&log).into_iter().flatten().map(|(id, value)| (*id, value.clone())).collect()
    }

    fn is_in(&self, store: &dyn Store) -> TestCaseResult {
        prop_assert_eq!(store.revision().unwrap(), self.revision);
        for table in Table::ALL {
            prop_assert_eq!(store.load(table).unwrap(), self.table(table));
        }
        for log in Log::ALL {
            let entries = self.log(log);
            prop_assert_eq!(store.after(log, 0, usize::MAX).unwrap(), entries.clone());
            let last = self.last.get(&log).copied();
            let first = entries.first().map(|(id, _)| *id);
            let span = last.map(|last| (first.unwrap_or(last + 1), last));
            prop_assert_eq!(store.span(log).unwrap(), span);
            for after in [1, 3, 8, 20] {
                for most in [0, 1, 2, 5] {
                    let page: Vec<_> =
                        entries.iter().filter(|(id, _)| *id > after).take(most).cloned().collect();
                    prop_assert_eq!(store.after(log, after, most).unwrap(), page);
                }
            }
        }
        Ok(())
    }
}

/// A batch as a test makes it: revision and ids as steps from where the store is, so that most are accepted.
#[derive(Debug, Clone)]
struct Step {
    behind: u64,
    rise: u64,
    puts: Vec<(Table, String, Vec<u8>)>,
    deletes: Vec<(Table, String)>,
    appends: Vec<(Log, u64, Vec<u8>)>,
    forget: Vec<(Log, u64)>,
    clear: Vec<Table>,
    reopen: bool,
}

impl Step {
    fn on(&self, model: &Model) -> Batch {
        let mut last = model.last.clone();
        let appends = self.appends.iter().map(|(log, rise, value)| {
            let last = last.entry(*log).or_default();
            *last += rise;
            (*log, *last, value.clone())
        });
        Batch {
            appends: appends.collect(),
            since: model.revision.saturating_sub(self.behind),
            revision: model.revision + self.rise,
            puts: self.puts.clone(),
            deletes: self.deletes.clone(),
            forget: self.forget.clone(),
            clear: self.clear.clone(),
        }
    }
}

fn table() -> impl Strategy<Value = Table> {
    prop::sample::select(&Table::ALL[..])
}

fn log() -> impl Strategy<Value = Log> {
    prop::sample::select(&Log::ALL[..])
}

/// Few keys, so that they meet again.
fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec!["", "a", "b", "Jiaxing", "嘉兴", "a\"\\\n\u{0}", "V7"]).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(b"null".to_vec()),
        Just(b"{\"name\": \"\xe5\x98\x89\", \"height_m\": 1.50}".to_vec()),
        Just(b" [1]".to_vec()),
        Just(b"[1,\n2]".to_vec()),
        any::<u32>().prop_map(|number| number.to_string().into_bytes()),
        prop::collection::vec(any::<u8>(), 0..40),
        prop::collection::vec(any::<u8>(), 5000..9000),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let rare = |of: u32| prop::bool::weighted(1.0 / f64::from(of));
    let several = 0..4_usize;
    (
        (rare(15), rare(15), rare(10)),
        prop::collection::vec((table(), key(), value()), several.clone()),
        prop::collection::vec((table(), key()), several.clone()),
        prop::collection::vec((log(), prop_oneof![20 => 1..4_u64, 1 => Just(0)], value()), several),
        prop::collection::vec((log(), 0..30_u64), 0..2),
        prop::collection::vec(table(), 0..2),
    )
        .prop_map(|((outrun, stuck, reopen), puts, deletes, appends, forget, clear)| Step {
            behind: u64::from(outrun),
            rise: u64::from(!stuck),
            puts,
            deletes,
            appends,
            forget,
            clear,
            reopen,
        })
}

/// Runs random batches on stores that `fresh` makes empty; `reopened` closes one and opens it again.
fn keeps_to_it<S: Store>(cases: u32, fresh: impl Fn() -> S, reopened: impl Fn(S) -> S) {
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let run = |steps: Vec<Step>| {
        let mut store = fresh();
        let mut model = Model::default();
        model.is_in(&store)?;
        for step in steps {
            let batch = step.on(&model);
            match (store.commit(&batch), model.after(&batch)) {
                (Ok(()), Ok(next)) => model = next,
                (Err(StoreError::Outrun { found }), Err("outrun")) => prop_assert_eq!(found, model.revision),
                (Err(StoreError::Misused(_)), Err("misused")) => {}
                (found, expected) => prop_assert!(false, "found {:?}, expected {:?}", found, expected),
            }
            if step.reopen {
                store = reopened(store);
            }
            model.is_in(&store)?;
        }
        survives_a_backup(&store, &model, &fresh())
    };
    runner.run(&prop::collection::vec(step(), 0..12), run).unwrap();
}

fn survives_a_backup(store: &dyn Store, model: &Model, empty: &dyn Store) -> TestCaseResult {
    let mut text = Vec::new();
    let summary = store.backup(&mut text).unwrap();
    prop_assert_eq!(summary.revision, model.revision);
    prop_assert_eq!(summary.bytes, text.len() as u64);
    let Backup { revision, puts, appends, last } = read_backup(&mut text.as_slice()).unwrap();
    prop_assert_eq!(summary.entries, (puts.len() + appends.len()) as u64);
    prop_assert_eq!(revision, model.revision);
    prop_assert_eq!(&last, &model.last);
    let revision = revision.max(1);
    let restored = Model { revision, ..model.clone() };
    empty.commit(&Batch { revision, puts, appends, ..Batch::default() }).unwrap();
    // A log whose entries were all dropped has none in a backup: its last id is known from the first line alone.
    for log in Log::ALL {
        prop_assert_eq!(empty.after(log, 0, usize::MAX).unwrap(), restored.log(log));
    }
    for table in Table::ALL {
        prop_assert_eq!(empty.load(table).unwrap(), restored.table(table));
    }
    Ok(())
}

#[test]
fn redb_in_memory() {
    keeps_to_it(200, || RedbStore::in_memory().unwrap(), |store| store);
}

/// A store in a directory that goes with it.
#[derive(Debug)]
struct InFile {
    store: RedbStore,
    dir: tempfile::TempDir,
}

impl Store for InFile {
    fn revision(&self) -> Result<u64, StoreError> {
        self.store.revision()
    }
    fn load(&self, table: Table) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.store.load(table)
    }
    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.store.commit(batch)
    }
    fn after(&self, log: Log, after: u64, most: usize) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        self.store.after(log, after, most)
    }
    fn span(&self, log: Log) -> Result<Option<(u64, u64)>, StoreError> {
        self.store.span(log)
    }
    fn backup(&self, to: &mut dyn std::io::Write) -> Result<super::BackupSummary, StoreError> {
        self.store.backup(to)
    }
    fn size_bytes(&self) -> u64 {
        self.store.size_bytes()
    }
}

#[test]
fn redb_in_a_file() {
    let fresh = || {
        let dir = tempfile::tempdir().unwrap();
        InFile { store: RedbStore::open(dir.path()).unwrap(), dir }
    };
    let reopened = |InFile { store, dir }: InFile| {
        drop(store);
        InFile { store: RedbStore::open(dir.path()).unwrap(), dir }
    };
    keeps_to_it(40, fresh, reopened);
}

#[test]
fn batches_joined_are_one_after_the_other() {
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let steps = prop::collection::vec(step(), 1..5);
    let run = |steps: Vec<Step>| {
        let mut one_by_one = Model::default();
        let mut joined: Option<Batch> = None;
        for step in steps {
            let step = Step { behind: 0, rise: 1, ..step };
            let mut batch = step.on(&one_by_one);
            batch.appends.dedup_by_key(|(log, id, _)| (*log, *id));
            let Ok(next) = one_by_one.after(&batch) else { continue };
            one_by_one = next;
            match &mut joined {
                Some(joined) => joined.then(batch),
                None => joined = Some(batch),
            }
        }
        let at_once = Model::default().after(&joined.unwrap_or_default());
        if one_by_one.revision > 0 {
            let mut at_once = at_once.unwrap();
            // A log whose entries were dropped within the same commit has had none.
            at_once.last.clone_from(&one_by_one.last);
            for model in [&mut at_once, &mut one_by_one] {
                model.tables.retain(|_, entries| !entries.is_empty());
                model.logs.retain(|_, entries| !entries.is_empty());
            }
            prop_assert_eq!(at_once, one_by_one);
        }
        Ok(())
    };
    runner.run(&steps, run).unwrap();
}
