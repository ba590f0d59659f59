#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::super::Fix;
use super::*;

const APART: Apart = Apart { horizontal_m: 60.0, vertical_m: 20.0, time_s: 2.0 };

fn fix(x: f64, y: f64, height_m: f64, time_s: f64) -> Fix {
    Fix { at: Xy { x, y }, height_m, time_s }
}

fn piece(from: Fix, to: Fix) -> Piece {
    Piece { from, to }
}

fn at(piece: &Piece, time_s: f64) -> [f64; 3] {
    let lasts_s = piece.to.time_s - piece.from.time_s;
    let part = if lasts_s > 0.0 { (time_s - piece.from.time_s) / lasts_s } else { 0.0 };
    let between = |a: f64, b: f64| a + part * (b - a);
    [
        between(piece.from.at.x, piece.to.at.x),
        between(piece.from.at.y, piece.to.at.y),
        between(piece.from.height_m, piece.to.height_m),
    ]
}

/// The part of `span` on which `a + b t + c t^2 < 0`, for a convex parabola or a line.
fn below_zero(a: f64, b: f64, c: f64, span: (f64, f64)) -> Option<(f64, f64)> {
    let cut = if c.abs() > 1e-12 {
        let root = b * b - 4.0 * a * c;
        (root > 0.0).then(|| ((-b - root.sqrt()) / (2.0 * c), (-b + root.sqrt()) / (2.0 * c)))
    } else if b.abs() > 1e-12 {
        Some(if b > 0.0 { (f64::NEG_INFINITY, -a / b) } else { (-a / b, f64::INFINITY) })
    } else {
        (a < 0.0).then_some((f64::NEG_INFINITY, f64::INFINITY))
    }?;
    let both = (cut.0.max(span.0), cut.1.min(span.1));
    (both.0 <= both.1).then_some(both)
}

/// Are they ever too close when mine is flown exactly so much later? By parabolas in one time, with no box or ellipse.
fn meet_at(mine: &Piece, other: &Piece, shift_s: f64, horizontal_m: f64, vertical_m: f64) -> bool {
    let span =
        (mine.from.time_s.max(other.from.time_s - shift_s), mine.to.time_s.min(other.to.time_s - shift_s));
    if span.0 > span.1 {
        return false;
    }
    // Away and climbing, per second from the middle of the span.
    let middle_s = 0.5 * (span.0 + span.1);
    let half_s = 0.5 * (span.1 - span.0);
    let away = |t: f64| {
        let (a, b) = (at(mine, t), at(other, t + shift_s));
        [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
    };
    let (start, end) = (away(middle_s - half_s), away(middle_s + half_s));
    let middle = [0, 1, 2].map(|i| 0.5 * (start[i] + end[i]));
    let rate = [0, 1, 2].map(|i| 0.5 * (end[i] - start[i]));
    let near = below_zero(
        middle[0] * middle[0] + middle[1] * middle[1] - horizontal_m * horizontal_m,
        2.0 * (middle[0] * rate[0] + middle[1] * rate[1]),
        rate[0] * rate[0] + rate[1] * rate[1],
        (-1.0, 1.0),
    );
    near.and_then(|near| below_zero(middle[2] - vertical_m, rate[2], 0.0, near))
        .and_then(|near| below_zero(-middle[2] - vertical_m, -rate[2], 0.0, near))
        .is_some()
}

/// Pieces near the origin: across each other, behind each other, standing, climbing, of no duration.
fn pieces() -> impl Strategy<Value = (Piece, Piece)> {
    let coordinate = || prop_oneof![(-300.0..300.0), (-30..30_i32).prop_map(|i| f64::from(i) * 10.0)];
    let height = || prop_oneof![Just(80.0), Just(100.0), (60.0..120.0)];
    let one = move || {
        (
            coordinate(),
            coordinate(),
            coordinate(),
            coordinate(),
            height(),
            height(),
            0.0..500.0,
            0.0..60.0,
            0..5_i32,
        )
            .prop_map(|(x, y, to_x, to_y, low, high, starts_s, lasts_s, kind)| {
                let from = fix(x, y, low, starts_s);
                match kind {
                    0 => piece(from, fix(x, y, low, starts_s + lasts_s)),
                    1 => piece(from, fix(x, y, high, starts_s + lasts_s)),
                    2 => piece(from, from),
                    _ => piece(from, fix(to_x, to_y, high, starts_s + lasts_s + 0.5)),
                }
            })
    };
    let behind = (
        one(),
        -70.0..70.0,
        -70.0..70.0,
        -200.0..200.0,
        0.5..2.0,
        prop_oneof![Just(0.0), (-0.1..0.1), (-1e-9..1e-9)],
    )
        .prop_map(|(mine, x, y, later_s, slower, turned)| {
            let (from, to) = (mine.from, mine.to);
            let way = (to.at.x - from.at.x, to.at.y - from.at.y);
            let start = fix(from.at.x + x, from.at.y + y, from.height_m, from.time_s + later_s);
            let end = fix(
                start.at.x + way.0 - turned * way.1,
                start.at.y + way.1 + turned * way.0,
                to.height_m,
                start.time_s + slower * (to.time_s - from.time_s),
            );
            (mine, piece(start, end))
        });
    prop_oneof![(one(), one()), behind]
}

fn aparts() -> impl Strategy<Value = Apart> {
    (1.0..90.0, 1.0..30.0, prop_oneof![Just(0.0), (0.0..5.0)])
        .prop_map(|(horizontal_m, vertical_m, time_s)| Apart { horizontal_m, vertical_m, time_s })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    /// A shift is blocked where the two meet at it, or at one no farther off than `time_s`, and nowhere else. Depths of
    /// 1e-6 m on either side are left to rounding.
    #[test]
    fn blocks_the_shifts_at_which_they_meet(
        (mine, other) in pieces(), apart in aparts(), tries in prop::collection::vec(0.0..1.0, 40)
    ) {
        let exact = shifts(&mine, &other, &apart).map(|(from, to)| (from + apart.time_s, to - apart.time_s));
        let all = (other.from.time_s - mine.to.time_s, other.to.time_s - mine.from.time_s);
        let mut tried: Vec<f64> = tries.iter().map(|part| all.0 + part * (all.1 - all.0)).collect();
        if let Some((from, to)) = exact {
            prop_assert!(from <= to + 1e-9, "{from} to {to}");
            prop_assert!(from >= all.0 - 1e-6 && to <= all.1 + 1e-6);
            tried.extend(tries.iter().map(|part| from + part * (to - from)));
            tried.extend(tries.iter().flat_map(|part| [from - part * 1e-2, to + part * 1e-2]));
        }
        for shift_s in tried {
            let within = exact.is_some_and(|(from, to)| from - 1e-6 < shift_s && shift_s < to + 1e-6);
            if meet_at(&mine, &other, shift_s, apart.horizontal_m - 1e-6, apart.vertical_m - 1e-6) {
                prop_assert!(within, "missed at {shift_s}: {exact:?}");
            }
            let deep = exact.is_some_and(|(from, to)| from + 1e-5 < shift_s && shift_s < to - 1e-5);
            if deep {
                prop_assert!(
                    meet_at(&mine, &other, shift_s, apart.horizontal_m + 1e-6, apart.vertical_m + 1e-6),
                    "blocked for nothing at {shift_s}: {exact:?}"
                );
            }
        }
    }

    /// No pair of times on a grid, at which they are too close, is missed.
    #[test]
    fn misses_no_sampled_conflict((mine, other) in pieces(), apart in aparts(), early_s in -1.0..1.0) {
        let found = blocked_shifts(&mine, &other, &apart);
        let times = |piece: &Piece| {
            let (from, to) = (piece.from.time_s, piece.to.time_s);
            (0..=12).map(move |i| from + f64::from(i) / 12.0 * (to - from))
        };
        for u in times(&mine) {
            for s in times(&other) {
                let (a, b) = (at(&mine, u), at(&other, s));
                if (a[0] - b[0]).hypot(a[1] - b[1]) < apart.horizontal_m - 1e-7
                    && (a[2] - b[2]).abs() < apart.vertical_m - 1e-7
                {
                    let shift_s = s - u + early_s * apart.time_s;
                    prop_assert!(found.is_some_and(|(from, to)| from < shift_s && shift_s < to));
                }
            }
        }
    }

    /// Turned about, the same interval: who is whose other does not matter.
    #[test]
    fn is_the_same_from_the_other_side((mine, other) in pieces(), apart in aparts()) {
        let (one, two) = (shifts(&mine, &other, &apart), shifts(&other, &mine, &apart));
        match (one, two) {
            (Some(one), Some(two)) => prop_assert!((one.0 + two.1).abs() < 1e-4 && (one.1 + two.0).abs() < 1e-4),
            (None, None) => {}
            (Some((from, to)), None) | (None, Some((from, to))) => {
                prop_assert!(to - from < 2.0 * apart.time_s + 1e-3, "only one side: {from} to {to}");
            }
        }
    }
}

#[test]
fn exactly_apart_is_no_conflict() {
    let east = |y: f64, height: f64| piece(fix(0.0, y, height, 0.0), fix(1000.0, y, height, 100.0));
    assert_eq!(blocked_shifts(&east(0.0, 80.0), &east(60.0, 80.0), &APART), None);
    assert_eq!(blocked_shifts(&east(0.0, 80.0), &east(0.0, 100.0), &APART), None);
    assert_eq!(blocked_shifts(&east(0.0, 80.0), &east(-60.0, 60.0), &APART), None);
    assert!(blocked_shifts(&east(0.0, 80.0), &east(59.999, 80.0), &APART).is_some());
    assert!(blocked_shifts(&east(0.0, 80.0), &east(0.0, 99.999), &APART).is_some());
    let climbing = piece(fix(0.0, 0.0, 0.0, 0.0), fix(0.0, 0.0, 60.0, 20.0));
    assert_eq!(blocked_shifts(&climbing, &east(0.0, 80.0), &APART), None, "it ends just below");
}

#[test]
fn a_stand_is_blocked_while_another_passes() {
    let stand = piece(fix(500.0, 0.0, 80.0, 0.0), fix(500.0, 0.0, 80.0, 30.0));
    let passing = piece(fix(0.0, 0.0, 80.0, 1000.0), fix(1000.0, 0.0, 80.0, 1100.0));
    let (from_s, to_s) = blocked_shifts(&stand, &passing, &APART).unwrap();
    assert!((from_s - (1044.0 - 30.0 - 2.0)).abs() < 1e-5, "{from_s}");
    assert!((to_s - (1056.0 + 2.0)).abs() < 1e-5, "{to_s}");
    // A stand of no duration is blocked for as long as the other is near.
    let instant = piece(stand.from, stand.from);
    let (from_s, to_s) = blocked_shifts(&instant, &passing, &APART).unwrap();
    assert!((from_s - 1042.0).abs() < 1e-5 && (to_s - 1058.0).abs() < 1e-5, "{from_s} to {to_s}");
}

#[test]
fn no_separation_blocks_nothing() {
    let stand = piece(fix(0.0, 0.0, 0.0, 0.0), fix(0.0, 0.0, 0.0, 10.0));
    for (horizontal_m, vertical_m) in [(0.0, 20.0), (60.0, 0.0), (0.0, 0.0)] {
        assert_eq!(blocked_shifts(&stand, &stand, &Apart { horizontal_m, vertical_m, time_s: 2.0 }), None);
    }
}

#[test]
fn far_from_the_origin_it_is_the_same() {
    let moved = |piece: &Piece| {
        let far = |f: &Fix| fix(f.at.x + 120_000.0, f.at.y - 90_000.0, f.height_m, f.time_s + 2_000_000.0);
        self::piece(far(&piece.from), far(&piece.to))
    };
    let one = piece(fix(-800.0, 3.0, 80.0, 0.0), fix(900.0, 15.0, 95.0, 113.0));
    let two = piece(fix(-700.0, -310.0, 100.0, 40.0), fix(600.0, 430.0, 70.0, 161.5));
    let here = blocked_shifts(&one, &two, &APART).unwrap();
    let there = blocked_shifts(&moved(&one), &moved(&two), &APART).unwrap();
    assert!((here.0 - there.0).abs() < 1e-7 && (here.1 - there.1).abs() < 1e-7, "{here:?} {there:?}");
}

#[test]
fn a_flight_moved_to_the_end_of_what_is_blocked_is_clear() {
    let one = Track::new([fix(-800.0, 3.0, 80.0, 0.0), fix(900.0, 15.0, 95.0, 113.0)], 0.0);
    let two = Track::new([fix(-700.0, -310.0, 100.0, 40.0), fix(600.0, 430.0, 70.0, 161.5)], 0.0);
    let (from_s, to_s) =
        blocked_shifts(&one.pieces().next().unwrap(), &two.pieces().next().unwrap(), &APART).unwrap();
    assert!(in_conflict(&one.shifted(0.5 * (from_s + to_s)), &two, &APART));
    for shift_s in [from_s, to_s] {
        assert!(!in_conflict(&one.shifted(shift_s), &two, &APART));
    }
    for shift_s in [from_s + 0.001, to_s - 0.001] {
        assert!(in_conflict(&one.shifted(shift_s), &two, &APART));
    }
}

#[test]
fn numbers_that_are_none_end_quietly() {
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -f64::MAX, 0.0, 1.0];
    for a in odd {
        for b in odd {
            let one = piece(fix(a, b, a, 0.0), fix(b, a, b, 1.0));
            let two = piece(fix(0.0, a, b, b), fix(1.0, b, a, a));
            let _ = (blocked_shifts(&one, &two, &APART), blocked_shifts(&two, &one, &APART));
        }
    }
}
