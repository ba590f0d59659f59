#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::frame::LonLat;
use crate::traffic::in_conflict;

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

/// The same by a look at every piece of every flight.
#[derive(Clone)]
struct Plain(Vec<Option<Arc<Track>>>);

impl Plain {
    fn add(&mut self, track: Arc<Track>) -> u32 {
        let free = self.0.iter().position(Option::is_none).unwrap_or(self.0.len());
        self.0.resize(self.0.len().max(free + 1), None);
        self.0[free] = Some(track);
        free as u32
    }

    fn all(&self) -> impl Iterator<Item = (u32, &Track)> {
        (0..).zip(&self.0).filter_map(|(number, track)| Some((number, track.as_deref()?)))
    }

    fn conflicts(&self, track: &Track, apart: &Apart) -> Vec<u32> {
        self.all().filter(|(_, other)| in_conflict(track, other, apart)).map(|(number, _)| number).collect()
    }

    fn blocked(&self, track: &Track, shifts: (f64, f64), apart: &Apart) -> Vec<Blocked> {
        let mut found = Vec::new();
        for (flight, other) in self.all() {
            for (mine, its) in track.pieces().flat_map(|mine| other.pieces().map(move |its| (mine, its))) {
                let blocked = blocked_shifts(&mine, &its, apart);
                let near = blocked.filter(|(from_s, to_s)| *from_s < shifts.1 && *to_s > shifts.0);
                found.extend(near.map(|(from_s, to_s)| Blocked { from_s, to_s, flight }));
            }
        }
        found
    }
}

fn sorted(mut blocked: Vec<Blocked>) -> Vec<Blocked> {
    blocked.sort_by(|a, b| {
        a.flight.cmp(&b.flight).then(a.from_s.total_cmp(&b.from_s)).then(a.to_s.total_cmp(&b.to_s))
    });
    blocked
}

/// Flights of a few pieces on a few levels, some along the edges of cells and slabs, some beyond all cells.
fn tracks() -> impl Strategy<Value = Arc<Track>> {
    let coordinate = || {
        prop_oneof![
            8 => -2000.0..2000.0,
            4 => (-4..4_i32).prop_map(|i| f64::from(i) * 512.0),
            4 => (-4..4_i32, -70.0..70.0).prop_map(|(i, off)| f64::from(i) * 512.0 + off),
            1 => prop_oneof![Just(3e6), Just(-2e9), (-9e3..9e3)],
        ]
    };
    let height = prop_oneof![Just(0.0), Just(80.0), Just(100.0), -50.0..150.0];
    let lasts =
        prop_oneof![6 => 0.0..120.0, 1 => Just(0.0), 1 => Just(256.0), 1 => 0.0..1000.0, 1 => Just(2e5)];
    let fixes = prop::collection::vec((coordinate(), coordinate(), height, lasts, any::<bool>()), 0..6);
    (fixes, prop_oneof![-600.0..600.0, Just(0.0), Just(256.0), Just(251.0)]).prop_map(|(fixes, starts_s)| {
        let mut time_s = starts_s;
        let mut last: Option<Xy> = None;
        let fixes: Vec<Fix> = fixes
            .into_iter()
            .map(|(x, y, height_m, lasts_s, stays)| {
                let at = last.filter(|_| stays).unwrap_or(Xy { x, y });
                last = Some(at);
                time_s += lasts_s;
                Fix { at, height_m, time_s }
            })
            .collect();
        Arc::new(Track::new(fixes, SEPARATION.pad_s))
    })
}

fn areas() -> impl Strategy<Value = Area> {
    let span = |reach: f64| (-reach..reach, 0.0..reach).prop_map(|(from, wide)| (from, from + wide)).boxed();
    let all = || Just((f64::NEG_INFINITY, f64::INFINITY));
    (
        prop_oneof![8 => span(2000.0), 1 => all()],
        prop_oneof![8 => span(2000.0), 1 => all()],
        prop_oneof![4 => span(100.0), 1 => all()],
        prop_oneof![8 => span(600.0), 1 => all()],
    )
        .prop_map(|(x, y, heights_m, times_s)| Area {
            low: Xy { x: x.0, y: y.0 },
            high: Xy { x: x.1, y: y.1 },
            heights_m,
            times_s,
        })
}

#[derive(Debug, Clone)]
enum Step {
    Add(Arc<Track>),
    Remove(usize),
    Copy,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => tracks().prop_map(Step::Add),
        2 => (0..40_usize).prop_map(Step::Remove),
        1 => Just(Step::Copy),
    ];
    prop::collection::vec(step, 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is added and removed, it and the copies made on the way answer like a list.
    #[test]
    fn answers_like_a_list(
        steps in steps(), asked in prop::collection::vec(tracks(), 3), areas in prop::collection::vec(areas(), 4),
        shifts in (-900.0..900.0, 0.0..600.0), all_shifts in any::<bool>()
    ) {
        let mut plain = Plain(Vec::new());
        let mut traffic = no_traffic();
        let mut copies = Vec::new();
        for step in steps {
            match step {
                Step::Add(track) => prop_assert_eq!(traffic.add(track.clone()), plain.add(track)),
                Step::Remove(number) => {
                    let removed = plain.0.get_mut(number).and_then(Option::take);
                    prop_assert_eq!(traffic.remove(number as u32), removed);
                }
                Step::Copy => copies.push((traffic.clone(), Plain(plain.0.clone()))),
            }
        }
        copies.push((traffic, plain));
        let shifts = if all_shifts {
            (f64::NEG_INFINITY, f64::INFINITY)
        } else {
            (shifts.0, shifts.0 + shifts.1)
        };
        for (traffic, plain) in copies.clone() {
            prop_assert_eq!(traffic.len(), plain.all().count());
            prop_assert!((0..).zip(&plain.0).all(|(number, track)| traffic.track(number) == track.as_ref()));
            let reserved = plain.0.iter().flatten().take(3).cloned();
            for track in asked.iter().cloned().chain(reserved) {
                let conflicts = plain.conflicts(&track, traffic.apart());
                prop_assert_eq!(traffic.conflicts(&track), conflicts.clone());
                prop_assert_eq!(traffic.is_clear(&track, |_| true), conflicts.is_empty());
                let odd = |flight: u32| flight % 2 == 1;
                prop_assert_eq!(traffic.is_clear(&track, odd), !conflicts.into_iter().any(odd));
                let mut found = Vec::new();
                traffic.blocked(&track, shifts, &mut found);
                prop_assert_eq!(sorted(found), sorted(plain.blocked(&track, shifts, traffic.apart())));
            }
            for area in &areas {
                let within = |track: &Track| track.pieces().any(|piece| area.holds_some_of(&piece));
                let expected: Vec<u32> = plain.all().filter(|(_, track)| within(track)).map(|(number, _)| number).collect();
                prop_assert_eq!(traffic.near(area), expected);
            }
        }
        for (mut traffic, plain) in copies {
            for (number, _) in plain.all() {
                traffic.remove(number);
            }
            prop_assert!(traffic.grid.is_empty() && traffic.large.is_empty(), "nothing is left behind");
        }
    }

    /// A flight sampled within an area is found in it; one that is found comes within a hair of it.
    #[test]
    fn what_is_near_is_in_the_area(track in tracks(), area in areas()) {
        let holds = |x: f64, y: f64, height_m: f64, time_s: f64, room: f64| {
            let within = |value: f64, low: f64, high: f64| value >= low - room && value <= high + room;
            within(x, area.low.x, area.high.x)
                && within(y, area.low.y, area.high.y)
                && within(height_m, area.heights_m.0, area.heights_m.1)
                && within(time_s, area.times_s.0, area.times_s.1)
        };
        for piece in track.pieces() {
            let sampled = (0..=300).any(|i| {
                let part = f64::from(i) / 300.0;
                let between = |a: f64, b: f64| a + part * (b - a);
                let (from, to) = (&piece.from, &piece.to);
                holds(
                    between(from.at.x, to.at.x), between(from.at.y, to.at.y),
                    between(from.height_m, to.height_m), between(from.time_s, to.time_s), -1e-6,
                )
            });
            if sampled {
                prop_assert!(area.holds_some_of(&piece));
            }
        }
    }

    /// Flights that two of them are in conflict, sampled, are told so; `blocked` says the same of every shift.
    #[test]
    fn free_shifts_are_clear_and_blocked_ones_are_not(one in tracks(), two in tracks(), tries in prop::collection::vec(-600.0..600.0, 8)) {
        let mut traffic = no_traffic();
        traffic.add(two.clone());
        let mut found = Vec::new();
        traffic.blocked(&one, (-600.0, 600.0), &mut found);
        let ends: Vec<f64> = found.iter().flat_map(|blocked| [blocked.from_s, blocked.to_s]).collect();
        for shift_s in tries.into_iter().chain(ends).filter(|shift_s| shift_s.abs() < 600.0) {
            let blocked = found.iter().any(|blocked| blocked.from_s < shift_s && shift_s < blocked.to_s);
            let deep = found.iter().any(|blocked| blocked.from_s + 1e-4 < shift_s && shift_s < blocked.to_s - 1e-4);
            let clear = traffic.is_clear(&one.shifted(shift_s), |_| true);
            prop_assert!(clear || blocked, "{shift_s}");
            prop_assert!(!clear || !deep, "{shift_s}");
        }
    }
}

#[test]
fn odd_tracks_are_kept_and_given_back() {
    let fix = |x: f64, time_s: f64| Fix { at: Xy { x, y: 0.0 }, height_m: f64::INFINITY, time_s };
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300];
    let mut traffic = no_traffic();
    let tracks: Vec<Arc<Track>> = odd
        .iter()
        .flat_map(|&value| [[fix(0.0, value), fix(1.0, 5.0)], [fix(value, 0.0), fix(1.0, 5.0)]])
        .map(|fixes| Arc::new(Track::new(fixes, 5.0)))
        .chain([Arc::new(Track::new([], 5.0)), Arc::new(Track::new([fix(0.0, 0.0)], 0.0))])
        .collect();
    let numbers: Vec<u32> = tracks.iter().map(|track| traffic.add(track.clone())).collect();
    let plain = flight((0.0, 0.0), (1000.0, 0.0), 0.0);
    assert!(traffic.is_clear(&plain, |_| true), "none of them is anywhere");
    for (number, track) in numbers.iter().zip(&tracks) {
        let _ = traffic.conflicts(track);
        assert!(Arc::ptr_eq(&traffic.remove(*number).unwrap(), track));
    }
    assert!(traffic.is_empty());
}
