#![expect(clippy::unwrap_used, reason = "tests")]

use std::f64::consts::{PI, TAU};

use proptest::prelude::*;

use super::*;
use crate::plane::{Region, grow_polygon, shortest_path, unite};

fn at(x: f64, y: f64) -> Xy {
    Xy { x, y }
}

fn length_m(way: &[Xy]) -> f64 {
    way.windows(2).map(|pair| (pair[1].x - pair[0].x).hypot(pair[1].y - pair[0].y)).sum()
}

/// The rule of turns as it is checked, written anew: the first breach of a run of moving points.
fn breach(points: &[Xy], radius: f64) -> Option<String> {
    let sag = radius.min(0.5);
    let longest = 2.0 * (2.0 * radius * sag - sag.powi(2)).sqrt();
    let mut kept = vec![points[0]];
    for p in points {
        let last = kept[kept.len() - 1];
        if (p.x - last.x).hypot(p.y - last.y) >= (longest / 2.0).min(4.0) {
            kept.push(*p);
        }
    }
    let legs: Vec<(f64, f64)> = kept
        .windows(2)
        .map(|k| ((k[1].y - k[0].y).atan2(k[1].x - k[0].x), (k[1].x - k[0].x).hypot(k[1].y - k[0].y)))
        .collect();
    for pair in legs.windows(2) {
        let ((h0, l0), (h1, l1)) = (pair[0], pair[1]);
        let turn = ((h1 - h0 + PI).rem_euclid(TAU) - PI).abs();
        let half = |l: f64| (l.min(longest) / (2.0 * radius)).min(1.0).asin();
        let allowed = half(l0) + half(l1) + 0.02 / l0.min(l1);
        if turn > allowed {
            return Some(format!("turns {turn} where {allowed} is allowed, legs {l0} and {l1}"));
        }
    }
    None
}

/// Coordinates as they are written: to about a centimetre.
fn written(points: &[Xy]) -> Vec<Xy> {
    let round = |v: f64| (v * 90.0).round() / 90.0;
    points.iter().map(|p| at(round(p.x), round(p.y))).collect()
}

/// Asserts what is promised of every answer.
fn check(way: &[Xy], answer: &Rounded, radius: f64, is_free: &dyn Fn(Xy, Xy) -> bool) {
    assert_eq!((answer.points[0], answer.points.last()), (way[0], way.last()));
    for pair in answer.points.windows(2) {
        assert!(is_free(pair[0], pair[1]), "{pair:?} is not free");
    }
    assert!(answer.stops.windows(2).all(|pair| pair[0] < pair[1]));
    for points in [answer.points.clone(), written(&answer.points)] {
        let mut from = 0;
        for &to in answer.stops.iter().chain([&(points.len() - 1)]) {
            assert_eq!(breach(&points[from..=to], radius), None);
            from = to;
        }
    }
    assert!(is_flyable(&answer.points, &answer.stops, radius));
    let most = length_m(way) + 2.0 * TAU * 1.5 * radius * (way.len() - 2) as f64;
    assert!(length_m(&answer.points) <= most, "{} m of {}", length_m(&answer.points), length_m(way));
}

#[test]
fn a_right_angle_is_too_tight_and_chords_of_an_arc_are_not() {
    assert!(!can_turn(at(-100.0, 0.0), at(0.0, 0.0), at(0.0, 100.0), 60.0));
    assert!(can_turn(at(-100.0, 0.0), at(0.0, 0.0), at(0.0, 100.0), 0.0));
    let (radius, step) = (100.0_f64, 0.1_f64);
    let on_arc = |k: f64| at(radius * (k * step).cos(), radius * (k * step).sin());
    assert!(can_turn(on_arc(0.0), on_arc(1.0), on_arc(2.0), 60.0));
    assert!(!can_turn(on_arc(0.0), on_arc(1.0), on_arc(2.0), 200.0));
}

#[test]
fn a_bend_swings_around_the_outside_of_its_corner() {
    let way = [at(-500.0, 0.0), at(0.0, 0.0), at(0.0, -500.0)];
    let corner =
        Region::new(vec![vec![vec![at(-400.0, -400.0), at(0.0, -400.0), at(0.0, 0.0), at(-400.0, 0.0)]]]);
    let is_free = |a, b| !corner.blocks(a, b);
    let answer = rounded(&way, 60.0, false, &is_free).unwrap();
    check(&way, &answer, 60.0, &is_free);
    // The circle touches the corner: about 2 R (1 - cos 45) / sin 45 - R (2 tan 45 - pi / 2) longer than the corner.
    assert!((0.0..20.0).contains(&(length_m(&answer.points) - 1000.0)), "{}", length_m(&answer.points));
}

#[test]
fn where_there_is_no_room_it_stands_or_gives_up() {
    let way = [at(-500.0, 0.0), at(0.0, 0.0), at(0.0, -500.0)];
    let lines = [(way[0], way[1]), (way[1], way[2])];
    let is_free = |a, b| lines.contains(&(a, b));
    assert_eq!(rounded(&way, 60.0, true, &is_free), Some(Rounded { points: way.to_vec(), stops: vec![1] }));
    assert_eq!(rounded(&way, 60.0, false, &is_free), None);
    assert_eq!(rounded(&way, 0.0, false, &is_free).unwrap().points, way);
}

#[test]
fn a_corner_of_many_small_bends_is_one_turn() {
    let square = vec![at(-100.0, -100.0), at(100.0, -100.0), at(100.0, 100.0), at(-100.0, 100.0)];
    let region = Region::new(unite(&grow_polygon(&[square], 10.0, 0.01)));
    let is_free = |a, b| !region.blocks(a, b);
    let way = shortest_path(&region, at(-130.0, -300.0), at(300.0, 130.0), f64::INFINITY).unwrap().points;
    assert!(way.len() > 5);
    let answer = rounded(&way, 80.0, false, &is_free).unwrap();
    check(&way, &answer, 80.0, &is_free);
    assert!(length_m(&answer.points) < length_m(&way) + 5.0);
}

#[test]
fn corners_drawn_with_the_tolerance_need_no_rounding() {
    for radius in [3.0, 8.0, 25.0, 60.0, 100.0, 300.0] {
        let grown = wide_enough_m(radius);
        let block =
            |x: f64, y: f64| vec![at(x, y), at(x + 200.0, y), at(x + 200.0, y + 300.0), at(x, y + 300.0)];
        let contours: Vec<_> = [block(0.0, -150.0), block(1500.0, 30.0)]
            .iter()
            .flat_map(|ring| grow_polygon(std::slice::from_ref(ring), grown, arc_tolerance_m(grown)))
            .collect();
        let region = Region::new(unite(&contours));
        let is_free = |a, b| !region.blocks(a, b);
        let way = shortest_path(&region, at(-1000.0, 0.0), at(3000.0, 0.0), f64::INFINITY).unwrap().points;
        assert!(way.len() > 3);
        let answer = rounded(&way, radius, false, &is_free).unwrap();
        assert_eq!(answer.points, way, "radius {radius}");
        check(&way, &answer, radius, &is_free);
    }
}

/// Blocks at random places, and how far they are grown.
fn city() -> impl Strategy<Value = (Vec<(f64, f64, f64, f64)>, f64)> {
    (prop::collection::vec((-1400.0..1200.0, -300.0..250.0, 20.0..200.0, 20.0..200.0), 1..60), 0.0..30.0_f64)
}

fn region_of(blocks: &[(f64, f64, f64, f64)], grown: f64, tolerance: f64) -> Region {
    let ring = |&(x, y, w, h): &(f64, f64, f64, f64)| {
        vec![at(x, y), at(x + w, y), at(x + w * 0.7, y + h), at(x, y + h * 0.8)]
    };
    let contours: Vec<_> = blocks.iter().flat_map(|b| grow_polygon(&[ring(b)], grown, tolerance)).collect();
    Region::new(unite(&contours))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_rounded_way_is_free_and_flyable((blocks, grown) in city(), radius in 2.0..120.0_f64, coarse in any::<bool>()) {
        let region = region_of(&blocks, grown, if coarse { 1.5 } else { 0.015 });
        let is_free = |a, b| !region.blocks(a, b);
        let (start, goal) = (at(-1500.0, 3.0), at(1500.0, -7.0));
        if let Some(path) = shortest_path(&region, start, goal, f64::INFINITY) {
            let standing = rounded(&path.points, radius, true, &is_free).unwrap();
            check(&path.points, &standing, radius, &is_free);
            if let Some(flying) = rounded(&path.points, radius, false, &is_free) {
                prop_assert!(flying.stops.is_empty());
                check(&path.points, &flying, radius, &is_free);
            } else {
                prop_assert!(!standing.stops.is_empty());
            }
        }
    }

    #[test]
    fn ways_without_barriers_need_no_stop(
        steps in prop::collection::vec((-2.6..2.6_f64, 1.0..3.0_f64), 1..12), radius in 1.0..300.0_f64
    ) {
        let mut way = vec![at(0.0, 0.0)];
        let mut heading = 0.0_f64;
        for (turn, share) in steps {
            heading += turn;
            let last = way[way.len() - 1];
            let leg = 5.0 * share * radius;
            way.push(at(last.x + leg * heading.cos(), last.y + leg * heading.sin()));
        }
        let answer = rounded(&way, radius, false, &|_, _| true).unwrap();
        check(&way, &answer, radius, &|_, _| true);
    }
}
