//! Stores that another version of the program wrote.

use super::{RedbStore, Store, StoreError, Table, holds_numbered, numbered};
use crate::store::backup::read_with;
use crate::store::content::Content;
use crate::store::upgrade::{Chain, SCHEMA};

/// Names in capitals, and a key less.
fn louder(content: &mut Content) -> Result<(), String> {
    for value in content.table(Table::Zones).values_mut() {
        value.make_ascii_uppercase();
    }
    content.table(Table::Meta).remove("old");
    Ok(())
}

/// Moves entries to another table.
fn moved(content: &mut Content) -> Result<(), String> {
    let zones = std::mem::take(content.table(Table::Zones));
    content.table(Table::Keys).extend(zones);
    Ok(())
}

fn refuses(content: &mut Content) -> Result<(), String> {
    content.table(Table::Zones).clear();
    Err("zone PORT-7 has no outline".to_owned())
}

const LATER: Chain = Chain::of(&[louder, moved]);
const FAILING: Chain = Chain::of(&[louder, refuses]);

fn written(dir: &std::path::Path) -> super::Batch {
    let mut batch = numbered(1);
    batch.puts.push((Table::Zones, "PORT-7".to_owned(), b"port".to_vec()));
    batch.puts.push((Table::Meta, "old".to_owned(), b"1".to_vec()));
    RedbStore::open(dir).unwrap().commit(&batch).unwrap();
    batch
}

#[test]
fn an_earlier_schema_is_brought_up_to_date_once() {
    assert_eq!(SCHEMA, Chain::HERE.schema());
    let dir = tempfile::tempdir().unwrap();
    written(dir.path());
    for _ in 0..2 {
        let store = RedbStore::open_with(dir.path(), LATER).unwrap();
        assert_eq!(store.load(Table::Keys).unwrap(), [("PORT-7".to_owned(), b"PORT".to_vec())]);
        assert_eq!(store.load(Table::Zones).unwrap(), []);
        assert_eq!(store.load(Table::Meta).unwrap(), []);
        assert_eq!(holds_numbered(&store), 1);
    }
    // And what the later program wrote, this one does not touch.
    let refused = RedbStore::open(dir.path()).unwrap_err();
    assert_eq!(refused, StoreError::Newer { found: LATER.schema(), known: SCHEMA });
    assert_eq!(holds_numbered(&RedbStore::open_with(dir.path(), LATER).unwrap()), 1);
}

#[test]
fn an_upgrade_that_fails_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let batch = written(dir.path());
    let Err(StoreError::Damaged(why)) = RedbStore::open_with(dir.path(), FAILING) else { panic!("upgraded") };
    assert!(why.contains("tianlu.redb") && why.contains("schema 2 to 3") && why.contains("PORT-7"), "{why}");
    let store = RedbStore::open(dir.path()).unwrap();
    assert_eq!(store.load(Table::Zones).unwrap(), [("PORT-7".to_owned(), b"port".to_vec())]);
    assert_eq!(holds_numbered(&store), batch.revision);
}

#[test]
fn a_new_store_has_the_schema_of_its_program() {
    let dir = tempfile::tempdir().unwrap();
    drop(RedbStore::open_with(dir.path(), FAILING).unwrap());
    // Its steps would refuse.
    drop(RedbStore::open_with(dir.path(), FAILING).unwrap());
}

#[test]
fn a_backup_of_an_earlier_schema_is_brought_up_to_date() {
    let dir = tempfile::tempdir().unwrap();
    written(dir.path());
    let mut text = Vec::new();
    RedbStore::open(dir.path()).unwrap().backup(&mut text).unwrap();
    let backup = read_with(&mut text.as_slice(), LATER).unwrap();
    assert!(backup.puts.contains(&(Table::Keys, "PORT-7".to_owned(), b"PORT".to_vec())));

    let mut text = Vec::new();
    RedbStore::open_with(dir.path(), LATER).unwrap().backup(&mut text).unwrap();
    let refused = super::super::read_backup(&mut text.as_slice()).unwrap_err();
    assert_eq!(refused, StoreError::Newer { found: LATER.schema(), known: SCHEMA });
}
