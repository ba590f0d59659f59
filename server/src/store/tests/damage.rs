//! Files that are no store, or no longer one.

use std::fs;
use std::path::Path;

use super::{RedbStore, Store, StoreError, holds_numbered, numbered};

const NUMBER: u64 = 30;

/// The bytes of a store's file with numbered batches, closed.
fn whole() -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let store = RedbStore::open(dir.path()).unwrap();
    for revision in 1..=NUMBER {
        store.commit(&numbered(revision)).unwrap();
    }
    drop(store);
    fs::read(dir.path().join("tianlu.redb")).unwrap()
}

/// Opens these bytes as a store: its revision if all that it holds is right, or the error.
fn opened(bytes: &[u8]) -> Result<u64, StoreError> {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("tianlu.redb"), bytes).unwrap();
    let store = RedbStore::open(dir.path())?;
    Ok(holds_numbered(&store))
}

fn says_damaged(outcome: Result<u64, StoreError>) {
    let Err(StoreError::Damaged(why)) = outcome else { panic!("found {outcome:?}, expected damage") };
    assert!(why.contains("tianlu.redb"), "does not name the file: {why}");
}

#[test]
fn cut_short_anywhere_it_is_damaged() {
    let whole = whole();
    for part in 1..16 {
        says_damaged(opened(&whole[..whole.len() * part / 16]));
    }
    for length in [1, 100, 511, 4096] {
        says_damaged(opened(&whole[..length]));
    }
}

#[test]
fn what_is_no_store_is_damaged() {
    says_damaged(opened(b"SQLite format 3\\0"));
    says_damaged(opened(&[0; 8192]));
    says_damaged(opened("{}\n".repeat(5000).as_bytes()));
}

#[test]
fn another_programs_redb_file_is_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("tianlu.redb");
    drop(redb::Database::create(&path).unwrap());
    says_damaged(RedbStore::open(dir.path()).map(|_| 0));

    let table = redb::TableDefinition::<&str, &str>::new("store");
    let database = redb::Database::create(&path).unwrap();
    let writing = database.begin_write().unwrap();
    writing.open_table(table).unwrap().insert("schema", "one").unwrap();
    writing.commit().unwrap();
    drop(database);
    says_damaged(RedbStore::open(dir.path()).map(|_| 0));
}

#[test]
fn with_any_bit_turned_it_is_damaged_or_all_there() {
    let whole = whole();
    let mut refused = 0;
    // In the first bytes, where the roots are noted, and all over the file.
    let first = (0..2560).step_by(17);
    let all_over = (1..150).map(|part| (whole.len() * 8 / 150) * part + part % 8);
    for bit in first.chain(all_over) {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        match opened(&bytes) {
            Ok(revision) => assert_eq!(revision, NUMBER, "bit {bit}"),
            Err(StoreError::Damaged(_)) => refused += 1,
            Err(other) => panic!("bit {bit}: {other}"),
        }
    }
    assert!(refused > 50, "only {refused} were found");
}

#[test]
fn a_place_that_cannot_hold_a_store_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let Err(StoreError::Io(why)) = RedbStore::open(&file) else { panic!("opened a file as a directory") };
    assert!(why.contains("file"), "{why}");
    assert!(RedbStore::open(Path::new("/proc/tianlu")).is_err());
}

#[test]
fn one_at_a_time_has_it_open() {
    let dir = tempfile::tempdir().unwrap();
    let first = RedbStore::open(dir.path()).unwrap();
    let Err(StoreError::Busy(why)) = RedbStore::open(dir.path()) else { panic!("opened twice") };
    assert!(why.contains(&dir.path().display().to_string()), "{why}");
    drop(first);
    assert_eq!(RedbStore::open(dir.path()).unwrap().revision(), Ok(0));
}

#[test]
fn a_store_that_was_half_made_is_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("tianlu.redb.new"), "half").unwrap();
    assert_eq!(RedbStore::open(dir.path()).unwrap().revision(), Ok(0));
    assert!(!dir.path().join("tianlu.redb.new").exists());
}
