//! Whatever was answered with success is there after a kill; `examples/kill_nine` does the same any number of times.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../../examples/kill_nine/kill/mod.rs"]
mod kill;

use std::time::Duration;

use kill::{Options, Report};

#[test]
fn what_was_answered_outlives_kills() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options {
        binary: env!("CARGO_BIN_EXE_tianlu").into(),
        data: dir.path().join("data"),
        rounds: 8,
        clients: 4,
        flights: 60,
        longest: Duration::from_millis(500),
        seed: 20,
    };
    let Report { kills, accepted, cancelled, activated, positions, .. } =
        kill::run(&options, &mut |_| {}).unwrap();
    assert!(kills > 8 && accepted > 100, "{kills} kills, {accepted} flights");
    assert!(cancelled > 10 && activated > 5 && positions > 5, "{cancelled}, {activated}, {positions}");
}
