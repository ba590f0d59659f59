//! A process that commits is killed at random moments.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::{RedbStore, Store, holds_numbered, numbered};

const DIR: &str = "TIANLU_TEST_STORE";
const ROUNDS: u64 = 20;

/// Not a test of its own: the process that is killed. It commits numbered batches and names each that was acknowledged.
#[test]
#[ignore = "is started by the test below"]
fn commits_until_it_is_killed() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let store = RedbStore::open(Path::new(&dir)).unwrap();
    let mut out = std::io::stdout().lock();
    for revision in store.revision().unwrap() + 1.. {
        store.commit(&numbered(revision)).unwrap();
        writeln!(out, "acknowledged {revision}").unwrap();
        out.flush().unwrap();
    }
}

fn child(dir: &Path) -> Child {
    let name = concat!(module_path!(), "::commits_until_it_is_killed");
    let name = name.split_once("::").unwrap().1;
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--ignored", "--nocapture", "--test-threads=1"])
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn what_was_acknowledged_outlives_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let (mut known, mut grown) = (0, 0);
    for round in 0..ROUNDS {
        let mut child = child(dir.path());
        // Some die while they open the store, most in the middle of a commit.
        let last = if round + 1 == ROUNDS { 1_000_000 } else { 1_000 };
        std::thread::sleep(Duration::from_micros(round * round * 7_919 % 131_071 + last));
        child.kill().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        // The first stands behind the name of the test.
        let told = out.lines().map_while(Result::ok);
        let acknowledged = told.filter_map(|line| line.rsplit_once("acknowledged ")?.1.parse().ok()).last();
        child.wait().unwrap();
        let acknowledged: u64 = acknowledged.unwrap_or(known);

        let store = RedbStore::open(dir.path()).unwrap();
        let found = holds_numbered(&store);
        assert!(found == acknowledged || found == acknowledged + 1, "found {found}, told {acknowledged}");
        grown += u64::from(found > known);
        known = found;
    }
    // How many depends on how busy the machine is.
    assert!(grown > 0, "none of {ROUNDS} children committed");
}
