#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use tianlu_engine::frame::{Instant, LonLat};

use super::*;

const VOLUME: Conformance = Conformance { horizontal_m: 15.0, vertical_m: 5.0, time_s: 2.0 };

fn frame() -> Frame {
    Frame::new(LonLat::new(120.75, 30.72).unwrap())
}

fn fix(x: f64, y: f64, height_m: f64, time_s: f64) -> Fix {
    Fix { at: Xy { x, y }, height_m, time_s }
}

/// Up, 600 m to the east at 10 m/s, and down.
fn there() -> Track {
    Track::new(
        [
            fix(0.0, 0.0, 0.0, 100.0),
            fix(0.0, 0.0, 60.0, 120.0),
            fix(600.0, 0.0, 60.0, 180.0),
            fix(600.0, 0.0, 0.0, 200.0),
        ],
        5.0,
    )
}

fn of(x: f64, y: f64, height_m: f64, time_s: f64) -> Fit {
    fit(&there(), &frame(), fix(x, y, height_m, time_s), &VOLUME).unwrap()
}

/// Places as they are written: to a centimetre.
fn about(fit: Fit, horizontal_m: f64, vertical_m: f64, time_s: f64) -> bool {
    (fit.horizontal_m - horizontal_m).abs() < 0.01
        && (fit.vertical_m - vertical_m).abs() < 0.01
        && (fit.time_s - time_s).abs() < 0.01
}

#[test]
fn beside_above_late_and_early_are_told_apart() {
    let on_time = of(300.0, 0.0, 60.0, 150.0);
    assert!(on_time.within && about(on_time, 0.0, 0.0, 0.0), "{on_time:?}");
    let beside = of(300.0, 14.9, 60.0, 150.0);
    assert!(beside.within && about(beside, 14.9, 0.0, 0.0), "{beside:?}");
    assert!(!of(300.0, 15.1, 60.0, 150.0).within);
    let below = of(300.0, 0.0, 55.1, 150.0);
    assert!(below.within && below.vertical_m < -4.89, "{below:?}");
    assert!(!of(300.0, 0.0, 65.1, 150.0).within);
    // At 285 m by the plan: 1.5 s late and 1.5 s early.
    let late = of(285.0, 0.0, 60.0, 150.0);
    assert!(late.within && about(late, 0.0, 0.0, 1.5), "{late:?}");
    assert!(about(of(315.0, 0.0, 60.0, 150.0), 0.0, 0.0, -1.5));
    // Late by 2 s it is on the plan, and 15 m more are within the volume: 35 m behind in all.
    assert!(of(265.1, 0.0, 60.0, 150.0).within);
    assert!(!of(264.9, 0.0, 60.0, 150.0).within);
}

#[test]
fn on_its_pads_it_conforms_before_and_after_and_not_between() {
    for time_s in [-1e6, 0.0, 99.0, 101.9] {
        assert!(of(0.0, 0.0, 0.0, time_s).within, "{time_s}");
    }
    for time_s in [198.1, 300.0, 1e6] {
        assert!(of(600.0, 0.0, 0.0, time_s).within, "{time_s}");
    }
    // 2 s after lift-off it climbs at 3 m/s: 5 m are reached within 1.7 s more.
    assert!(of(0.0, 0.0, 0.0, 103.6).within);
    assert!(!of(0.0, 0.0, 0.0, 103.8).within);
    assert!(!of(0.0, 0.0, 30.0, 0.0).within);
    assert!(!of(0.0, 0.0, 0.0, 300.0).within);
}

#[test]
fn a_volume_of_nothing_holds_what_is_written_of_the_plan() {
    let nothing = Conformance { horizontal_m: 0.0, vertical_m: 0.0, time_s: 0.0 };
    let fit = |y| fit(&there(), &frame(), fix(300.0, y, 60.0, 150.0), &nothing).unwrap();
    assert!(fit(0.0).within && fit(0.04).within && !fit(0.06).within);
    assert_eq!(super::fit(&Track::new([], 5.0), &frame(), fix_at_middle(), &VOLUME), None);
}

fn fix_at_middle() -> Fix {
    fix(0.0, 0.0, 0.0, 0.0)
}

/// Where a track is, by a walk along it that has nothing to do with the code above.
fn walk(fixes: &[Fix], time_s: f64) -> (f64, f64, f64) {
    let place = |fix: &Fix| (fix.at.x, fix.at.y, fix.height_m);
    let (first, last) = (fixes.first().unwrap(), fixes.last().unwrap());
    if time_s <= first.time_s {
        return place(first);
    }
    for pair in fixes.windows(2) {
        if time_s <= pair[1].time_s {
            let share = (time_s - pair[0].time_s) / (pair[1].time_s - pair[0].time_s).max(1e-9);
            let (a, b) = (place(&pair[0]), place(&pair[1]));
            return (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share, a.2 + (b.2 - a.2) * share);
        }
    }
    place(last)
}

prop_compose! {
    fn tracks()(
        points in prop::collection::vec((-60.0..60.0_f64, -60.0..60.0_f64, 0.0..30.0_f64, 0.5..12.0_f64), 2..7),
        pad_s in prop_oneof![Just(0.0), Just(3.0)],
        still in any::<bool>(),
    ) -> Track {
        let mut time_s = 0.0;
        let mut fixes: Vec<Fix> = Vec::new();
        for (x, y, height_m, lasts_s) in points {
            time_s += lasts_s;
            fixes.push(fix(x, y, height_m, time_s));
        }
        if still {
            // It stands for a while.
            let last = *fixes.last().unwrap();
            fixes.push(Fix { time_s: last.time_s + 4.0, ..last });
        }
        Track::new(fixes, pad_s)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Against the densest sampling that is still quick. Between two samples the share changes by no more than the greatest
    /// speed allows.
    #[test]
    fn the_closed_form_is_the_least_of_all_samples(
        track in tracks(),
        (x, y, height_m, time_s) in (-80.0..80.0_f64, -80.0..80.0_f64, -10.0..40.0_f64, -10.0..60.0_f64),
        (horizontal_m, vertical_m, early_s) in (1.0..40.0_f64, 1.0..20.0_f64, prop_oneof![Just(0.0), 0.1..6.0_f64]),
    ) {
        const SAMPLES: usize = 4000;
        let volume = Conformance { horizontal_m, vertical_m, time_s: early_s };
        let frame = frame();
        let scale = frame.scale(Xy { x, y });
        let found = fit(&track, &frame, fix(x, y, height_m, time_s), &volume).unwrap();
        let share_at = |moment_s: f64| {
            let (px, py, pz) = walk(track.fixes(), moment_s);
            let beside_m = ((x - px).powi(2) + (y - py).powi(2)).sqrt() / scale;
            (beside_m, height_m - pz, (beside_m / horizontal_m).max((height_m - pz).abs() / vertical_m))
        };
        // What is told is so at the moment that is told.
        let told = share_at(time_s - found.time_s);
        prop_assert!(found.time_s.abs() <= early_s + 1e-9);
        prop_assert!((told.0 - found.horizontal_m).abs() < 1e-6, "{told:?} {found:?}");
        prop_assert!((told.1 - found.vertical_m).abs() < 1e-6, "{told:?} {found:?}");

        let step_s = 2.0 * early_s / SAMPLES as f64;
        let sampled = (0..=SAMPLES).map(|i| share_at(time_s - early_s + step_s * i as f64).2);
        let least = sampled.fold(f64::INFINITY, f64::min);
        let fastest = track.pieces().fold(0.0_f64, |most, piece| {
            let lasts_s = piece.to.time_s - piece.from.time_s;
            let beside = (piece.to.at.x - piece.from.at.x).hypot(piece.to.at.y - piece.from.at.y);
            let up = (piece.to.height_m - piece.from.height_m).abs();
            most.max((beside / horizontal_m).max(up / vertical_m) / lasts_s)
        });
        prop_assert!(told.2 <= least + 1e-9, "closed form {} sampled {least}", told.2);
        prop_assert!(told.2 >= least - fastest * step_s - 1e-9, "closed form {} sampled {least}", told.2);
        prop_assert_eq!(found.within, told.2 <= 1.0);
    }

    /// Who comes into a cylinder, against samples of every track.
    #[test]
    fn all_who_come_into_a_cylinder_are_found(
        tracks in prop::collection::vec(tracks(), 1..12),
        (x, y, height_m) in (-60.0..60.0_f64, -60.0..60.0_f64, 0.0..30.0_f64),
        (horizontal_m, vertical_m) in (5.0..40.0_f64, 2.0..15.0_f64),
        (from_s, lasts_s) in (-5.0..40.0_f64, 0.0..20.0_f64),
    ) {
        let separation = crate::service::tests::SEPARATION;
        let mut traffic = Traffic::new(frame(), Instant::from_seconds(0), &separation);
        let numbers: Vec<u32> = tracks.iter().map(|track| traffic.add(track.clone().into())).collect();
        let share_of = |horizontal_m: f64, vertical_m: f64| Cylinder { at: Xy { x, y }, height_m, horizontal_m, vertical_m };
        let during = (from_s, from_s + lasts_s);
        let found = coming_into(&traffic, &share_of(horizontal_m, vertical_m), during);
        for (track, number) in tracks.iter().zip(numbers) {
            let (begins_s, ends_s) = track.span_s();
            let (from_s, to_s) = (during.0.max(begins_s), during.1.min(ends_s));
            let sampled = (0..=1000).map(|i| from_s + (to_s - from_s) * f64::from(i) / 1000.0);
            let least = sampled.filter(|_| from_s <= to_s).fold(f64::INFINITY, |least, moment_s| {
                let (px, py, pz) = walk(track.fixes(), moment_s);
                least.min(((x - px).hypot(y - py) / horizontal_m).max((height_m - pz).abs() / vertical_m))
            });
            // 1,000 samples of 20 s, and no more than 400 m/s: within 8 m. What lies between is either.
            if least <= 1.0 {
                prop_assert!(found.contains(&number));
            } else if least > 1.0 + 8.0 / horizontal_m.min(vertical_m) {
                prop_assert!(!found.contains(&number));
            }
        }
    }
}
