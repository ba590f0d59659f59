#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::frame::LonLat;

const SEPARATION: Separation = Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 2.0, pad_s: 5.0 };

fn no_traffic() -> Traffic {
    Traffic::new(
        Frame::new(LonLat::new(120.76, 30.75).unwrap()),
        Instant::from_seconds(1_000_000),
        &SEPARATION,
    )
}

/// Straight at 10 m/s and 80 m.
fn flight(from: (f64, f64), to: (f64, f64), starts_s: f64) -> Arc<Track> {
    let lasts_s = (to.0 - from.0).hypot(to.1 - from.1) / 10.0;
    let fix = |(x, y): (f64, f64), time_s| Fix { at: Xy { x, y }, height_m: 80.0, time_s };
    Arc::new(Track::new([fix(from, starts_s), fix(to, starts_s + lasts_s)], SEPARATION.pad_s))
}

#[test]
fn numbers_of_removed_flights_are_given_again() {
    let mut traffic = no_traffic();
    let track = flight((0.0, 0.0), (1000.0, 0.0), 0.0);
    assert_eq!([0; 4].map(|_| traffic.add(track.clone())), [0, 1, 2, 3]);
    assert!(traffic.remove(2).is_some() && traffic.remove(0).is_some());
    assert!(traffic.remove(2).is_none() && traffic.remove(9).is_none());
    let before = traffic.clone();
    assert_eq!([0; 3].map(|_| traffic.add(track.clone())), [0, 2, 4]);
    assert_eq!((before.len(), traffic.len()), (2, 5));
    assert!(before.track(0).is_none() && traffic.track(0).is_some());
}

#[test]
fn flights_across_each_other_are_blocked_while_they_meet() {
    let mut traffic = no_traffic();
    let north = traffic.add(flight((0.0, -1000.0), (0.0, 1000.0), 300.0));
    let east = flight((-1000.0, 0.0), (1000.0, 0.0), 0.0);
    assert!(traffic.is_clear(&east, |_| true) && traffic.conflicts(&east).is_empty());
    assert_eq!(traffic.conflicts(&east.shifted(300.0)), [north]);
    assert!(!traffic.is_clear(&east.shifted(300.0), |_| true));
    assert!(traffic.is_clear(&east.shifted(300.0), |flight| flight != north));

    let mut found = Vec::new();
    traffic.blocked(&east, (0.0, 200.0), &mut found);
    assert_eq!(found, []);
    traffic.blocked(&east, (250.0, 350.0), &mut found);
    let [blocked] = found[..] else { panic!("{found:?}") };
    assert_eq!(blocked.flight, north);
    assert!(blocked.from_s < 292.0 && blocked.to_s > 308.0);
}

#[test]
fn finds_what_is_near() {
    let mut traffic = no_traffic();
    traffic.add(flight((0.0, 0.0), (1000.0, 0.0), 0.0));
    traffic.add(flight((500.0, -500.0), (500.0, 500.0), 0.0));
    let area = |x: f64, times_s| Area {
        low: Xy { x, y: -10.0 },
        high: Xy { x: x + 20.0, y: 10.0 },
        heights_m: (0.0, 120.0),
        times_s,
    };
    assert_eq!(traffic.near(&area(490.0, (0.0, 100.0))), [0, 1]);
    assert_eq!(traffic.near(&area(600.0, (0.0, 100.0))), [0]);
    assert_eq!(traffic.near(&area(490.0, (106.0, 200.0))), []);
    assert_eq!(traffic.near(&area(990.0, (105.0, 200.0))), [0], "standing on its pad until 105 s");
    assert_eq!(traffic.near(&Area { heights_m: (80.1, 120.0), ..area(490.0, (0.0, 100.0)) }), []);
}
