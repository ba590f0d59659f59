//! Two clients race for the same sky.
#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test may fail")]

#[path = "../../examples/race/pairs.rs"]
mod pairs;
mod support;

use support::{Server, folder};

#[test]
fn of_two_requests_for_the_same_sky_one_is_accepted_and_never_both() {
    const PAIRS: usize = 200;
    let folder = folder();
    let server = Server::start(&["--data", folder.path().to_str().unwrap()]);
    let race = pairs::race(&server.url, PAIRS).unwrap();
    assert_eq!((race.both, race.neither), (0, 0), "{race:?}");
    assert!(race.odd.is_empty() && race.conflicts.is_empty(), "{race:?}");
    assert_eq!((race.kept, race.took_ms.len()), (PAIRS, 2 * PAIRS));
    assert!(race.first_won <= PAIRS);
}
