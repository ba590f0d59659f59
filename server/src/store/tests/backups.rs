//! Backups: taken while others write, and read with suspicion.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;

use super::{Batch, Log, RedbStore, Store, StoreError, Table, holds_numbered, numbered};
use crate::store::{Backup, read_backup};

fn filled() -> RedbStore {
    let store = RedbStore::in_memory().unwrap();
    for revision in 1..=5 {
        store.commit(&numbered(revision)).unwrap();
    }
    let batch = Batch {
        since: 5,
        revision: 6,
        puts: vec![(
            Table::Zones,
            "NANHU".to_owned(),
            br#"{"name": "\u5357\u6e56", "lower": 0.10}"#.to_vec(),
        )],
        appends: vec![(Log::Audit, 1, b"{}".to_vec())],
        ..Batch::default()
    };
    store.commit(&batch).unwrap();
    store
}

fn text() -> String {
    let mut text = Vec::new();
    filled().backup(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn refusal(text: &str) -> String {
    match read_backup(&mut text.as_bytes()) {
        Err(StoreError::Damaged(why)) => why,
        other => panic!("found {other:?}, expected damage"),
    }
}

#[test]
fn it_is_plain_json() {
    let text = text();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["format"], "tianlu-backup");
    assert_eq!(lines[0]["revision"], 6);
    assert_eq!(lines[0]["last"], serde_json::json!({"events": 10, "audit": 1}));
    assert!(
        text.contains(r#"{"table":"zones","key":"NANHU","value":{"name": "\u5357\u6e56", "lower": 0.10}}"#)
    );
    assert_eq!(lines[lines.len() - 1]["end"]["entries"], lines.len() - 2);
}

#[test]
fn a_fault_is_named_with_its_line() {
    let text = text();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let changed = |line: usize, to: &str| {
        let mut lines = lines.clone();
        lines[line - 1] = to;
        refusal(&lines.concat())
    };
    let last = lines.len();
    let table = [
        (changed(1, "{}\n"), "line 1: missing field"),
        (changed(1, "GIF89a\n"), "line 1: expected value"),
        (changed(1, &lines[0].replace("tianlu-backup", "other")), "line 1: found format \"other\""),
        (changed(1, &lines[0].replace("\"version\":1", "\"version\":2")), "line 1: found format version 2"),
        (changed(1, &lines[0].replace("\"audit\":", "\"audits\":")), "line 1: found no log named \"audits\""),
        (changed(1, &lines[0].replace("\"schema\":1", "\"schema\":0")), "schema version 0"),
        (changed(1, &lines[0].replace("\"events\":10", "\"events\":9")), "id 10 is above the last"),
        (
            changed(1, &lines[0].replace("\"revision\":6", "\"revision\":18446744073709551615")),
            "found revision 184",
        ),
        (
            changed(1, &lines[0].replace("\"events\":10", "\"events\":9007199254740993")),
            "found id 9007199254740993",
        ),
        (changed(2, "{\"table\":\"zones\",\"key\":\"A\"\n"), "line 2: EOF"),
        (
            changed(2, "{\"table\":\"zone\",\"key\":\"A\",\"value\":1}\n"),
            "line 2: found no table named \"zone\"",
        ),
        (changed(2, "{\"table\":\"zones\",\"id\":1,\"value\":1}\n"), "line 2: expected a table and a key"),
        (changed(2, "{\"table\":\"zones\",\"key\":\"A\"}\n"), "line 2: expected either a value or base64"),
        (changed(2, "{\"table\":\"zones\",\"key\":\"A\",\"base64\":\"*\"}\n"), "line 2: base64"),
        (changed(2, "{\"table\":\"zones\",\"key\":\"A\",\"value\":1,\"more\":1}\n"), "line 2: unknown field"),
        (changed(2, "\n"), "line 2: EOF"),
        (changed(3, lines[1]), "line 3: is out of order, or there twice"),
        (changed(2, lines[2]), "line 3: is out of order, or there twice"),
        (changed(2, ""), "expected"),
        (changed(2, &lines[1].replace("0.10", "0.11")), "the checksum is another"),
        (
            changed(last, &lines[last - 1].replace("\"sha256\":\"", "\"sha256\":\"0")),
            "the checksum is another",
        ),
        (changed(last, &format!("{}\n", lines[last - 1])), "comes after the end"),
        (changed(last, ""), "the backup was cut short"),
    ];
    for (found, expected) in table {
        assert!(found.contains(expected), "found {found:?}, expected {expected:?}");
    }
    for length in (0..text.len()).step_by(97).chain([text.len() - 1]) {
        let cut: String = text.chars().take(length).collect();
        assert!(refusal(&cut).contains("line "));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is done to its bytes: an error, or what was written.
    #[test]
    fn a_changed_backup_is_refused(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let text = text().into_bytes();
        let mut changed = text.clone();
        for (place, byte) in changes {
            let place = place.index(changed.len());
            changed[place] = byte;
        }
        let (found, whole) = (read_backup(&mut changed.as_slice()), read_backup(&mut text.as_slice()));
        prop_assert!(found.is_err() || found == whole);
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(read_backup(&mut bytes.as_slice()).is_err());
    }
}

/// Holds the backup up at its first bytes until it is told to go on.
struct Slow<'a> {
    text: Vec<u8>,
    wait: &'a AtomicBool,
}

impl Write for Slow<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        while self.wait.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn it_is_of_one_moment_though_others_write() {
    let dir = tempfile::tempdir().unwrap();
    let store = RedbStore::open(dir.path()).unwrap();
    for revision in 1..=20 {
        store.commit(&numbered(revision)).unwrap();
    }
    let wait = AtomicBool::new(true);
    let text = std::thread::scope(|scope| {
        let backup = scope.spawn(|| {
            let mut to = Slow { text: Vec::new(), wait: &wait };
            store.backup(&mut to).map(|_| to.text)
        });
        // It may have begun or not; what it writes is of one revision all the same.
        for revision in 21..=60 {
            store.commit(&numbered(revision)).unwrap();
        }
        wait.store(false, Ordering::SeqCst);
        backup.join().unwrap().unwrap()
    });
    let Backup { revision, puts, appends, .. } = read_backup(&mut text.as_slice()).unwrap();
    let copy = RedbStore::in_memory().unwrap();
    copy.commit(&Batch { revision, puts, appends, ..Batch::default() }).unwrap();
    assert!(holds_numbered(&copy) >= 20);
    assert_eq!(holds_numbered(&store), 60);
}

#[test]
fn a_reader_that_goes_away_ends_it() {
    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    assert!(matches!(filled().backup(&mut Gone), Err(StoreError::Io(_))));
}
