#![allow(clippy::unwrap_used, reason = "tests")]

//! Rings by hand and by chance; chance is judged by the winding number at sample places.

use proptest::prelude::*;
use tianlu_engine::airspace::Polygon;
use tianlu_engine::frame::LonLat;

use super::validity::{Validity, check};
use super::{Corner, Mended, RingFault, area, mend};

fn places(ring: &[[f64; 2]]) -> Vec<LonLat> {
    ring.iter().map(|[x, y]| LonLat::new(*x, *y).unwrap()).collect()
}

fn mended(rings: &[&[[f64; 2]]]) -> Result<Mended, RingFault> {
    mend(rings.iter().map(|ring| places(ring)).collect(), false)
}

fn corners(ring: &[LonLat]) -> Vec<Corner> {
    ring.iter().map(|place| [place.lon(), place.lat()]).collect()
}

fn area_of(polygons: &[Polygon]) -> f64 {
    polygons
        .iter()
        .map(|polygon| {
            area(&corners(&polygon.exterior)).abs()
                - polygon.holes.iter().map(|hole| area(&corners(hole)).abs()).sum::<f64>()
        })
        .sum()
}

const SQUARE: [[f64; 2]; 5] = [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0]];
const WINDOW: [[f64; 2]; 5] = [[1.0, 1.0], [1.0, 2.0], [2.0, 2.0], [2.0, 1.0], [1.0, 1.0]];

#[test]
fn a_polygon_in_order_comes_back_as_written() {
    let clockwise: Vec<[f64; 2]> = SQUARE.iter().rev().copied().collect();
    for shell in [&SQUARE[..], &clockwise] {
        let result = mended(&[shell, &WINDOW]).unwrap();
        assert_eq!(result.notes, Vec::<String>::new());
        assert_eq!(result.polygons.len(), 1);
        assert_eq!(result.polygons[0].exterior, places(shell));
        assert_eq!(result.polygons[0].holes, [places(&WINDOW)]);
    }
}

#[test]
fn a_hole_may_touch_the_shell_at_one_corner() {
    let hole = [[0.0, 0.0], [1.0, 2.0], [2.0, 1.0], [0.0, 0.0]];
    let result = mended(&[&SQUARE, &hole]).unwrap();
    assert_eq!(result.notes, Vec::<String>::new());
    assert_eq!(result.polygons[0].holes, [places(&hole)]);
}

#[test]
fn a_hole_that_touches_the_shell_twice_splits_it() {
    let hole = [[0.0, 2.0], [2.0, 1.0], [4.0, 2.0], [2.0, 3.0], [0.0, 2.0]];
    let result = mended(&[&SQUARE, &hole]).unwrap();
    assert_eq!(result.polygons.len(), 2);
    assert_eq!(area_of(&result.polygons), 12.0);
    assert_eq!(result.notes.len(), 1);
}

#[test]
fn an_unclosed_ring_is_closed() {
    let result = mended(&[&SQUARE[..4]]).unwrap();
    assert_eq!(result.polygons[0].exterior, places(&SQUARE));
    assert_eq!(result.notes, ["ring 0 was not closed: closed at 0, 0"]);
}

#[test]
fn corners_given_twice_are_dropped() {
    let doubled: Vec<[f64; 2]> = SQUARE.iter().flat_map(|corner| [*corner, *corner]).collect();
    assert_eq!(mended(&[&doubled]).unwrap().polygons[0].exterior, places(&SQUARE));
}

#[test]
fn a_spike_is_taken_off() {
    let spiked = [[0.0, 0.0], [4.0, 0.0], [6.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0]];
    let result = mended(&[&spiked]).unwrap();
    assert_eq!(area_of(&result.polygons), 16.0);
    assert_eq!(result.notes, ["ring 0 touches itself: taken apart"]);
    assert!(result.polygons[0].exterior.iter().all(|place| place.lon() <= 4.0));
}

#[test]
fn a_pinch_is_taken_apart() {
    let bow = [[0.0, 0.0], [2.0, 0.0], [1.0, 1.0], [2.0, 2.0], [0.0, 2.0], [1.0, 1.0], [0.0, 0.0]];
    let result = mended(&[&bow]).unwrap();
    assert_eq!(result.polygons.len(), 2);
    assert_eq!(area_of(&result.polygons), 2.0);
}

#[test]
fn a_hole_drawn_into_the_ring_becomes_a_hole() {
    // In by a cut from (0,0) to (1,1), around the window, out by the same cut.
    let keyhole = [
        [0.0, 0.0],
        [4.0, 0.0],
        [4.0, 4.0],
        [0.0, 4.0],
        [0.0, 0.0],
        [1.0, 1.0],
        [1.0, 2.0],
        [2.0, 2.0],
        [2.0, 1.0],
        [1.0, 1.0],
        [0.0, 0.0],
    ];
    let result = mended(&[&keyhole]).unwrap();
    assert_eq!(result.polygons.len(), 1);
    assert_eq!(result.polygons[0].holes.len(), 1);
    assert_eq!(area_of(&result.polygons), 15.0);
}

#[test]
fn a_hole_that_shares_an_edge_with_the_shell_is_cut() {
    let bay = [[0.0, 1.0], [0.0, 3.0], [2.0, 3.0], [2.0, 1.0], [0.0, 1.0]];
    let result = mended(&[&SQUARE, &bay]).unwrap();
    assert_eq!((result.polygons.len(), result.polygons[0].holes.len()), (1, 0));
    assert_eq!(area_of(&result.polygons), 12.0);
}

#[test]
fn holes_that_overlap_or_stick_out_are_cut_and_those_outside_do_nothing() {
    let other = [[1.5, 1.5], [3.0, 1.5], [3.0, 3.0], [1.5, 3.0], [1.5, 1.5]];
    let sticking_out = [[3.5, 3.5], [5.0, 3.5], [5.0, 5.0], [3.5, 5.0], [3.5, 3.5]];
    let outside = [[8.0, 8.0], [9.0, 8.0], [9.0, 9.0], [8.0, 8.0]];
    let result = mended(&[&SQUARE, &WINDOW, &other, &sticking_out, &outside]).unwrap();
    assert_eq!(area_of(&result.polygons), 16.0 - 1.0 - 2.25 + 0.25 - 0.25);
    assert_eq!(result.notes.len(), 1);
}

#[test]
fn a_hole_within_a_hole_does_not_fill_it() {
    let inner = [[1.2, 1.2], [1.8, 1.2], [1.8, 1.8], [1.2, 1.2]];
    let result = mended(&[&SQUARE, &WINDOW, &inner]).unwrap();
    assert_eq!(area_of(&result.polygons), 15.0);
    assert_eq!(result.polygons[0].holes.len(), 1);
}

#[test]
fn a_hole_over_all_of_the_shell_leaves_nothing() {
    let error = mended(&[&SQUARE, &SQUARE]).unwrap_err();
    assert_eq!(error.found, "a polygon of which its holes leave nothing");
}

const FIGURE_EIGHT: [[f64; 2]; 5] = [[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0], [0.0, 0.0]];
/// Winds twice around its middle.
const PENTAGRAM: [[f64; 2]; 6] = [[0.0, 3.0], [1.8, -2.4], [-2.9, 0.9], [2.9, 0.9], [-1.8, -2.4], [0.0, 3.0]];

#[test]
fn a_ring_that_crosses_itself_is_refused_and_says_where() {
    let error = mended(&[&SQUARE, &FIGURE_EIGHT]).unwrap_err();
    assert_eq!((error.ring, error.found.as_str()), (1, "a ring that crosses itself near 1, 1"));
    assert!(mended(&[&PENTAGRAM]).is_err());
    let twice: Vec<[f64; 2]> = SQUARE.iter().chain(&SQUARE[1..]).copied().collect();
    assert!(mended(&[&twice]).is_err());
}

#[test]
fn leniently_it_is_all_that_it_encloses() {
    let eight = mend(vec![places(&FIGURE_EIGHT)], true).unwrap();
    assert_eq!((eight.polygons.len(), area_of(&eight.polygons)), (2, 2.0));
    let star = mend(vec![places(&PENTAGRAM)], true).unwrap();
    assert_eq!((star.polygons.len(), star.polygons[0].holes.len()), (1, 0));
    assert_eq!(star.polygons[0].exterior.len(), 11);
}

#[test]
fn a_crossing_smaller_than_rounding_is_mended() {
    // The way back misses the way out by 1e-9 degrees over 1e-4 degrees.
    let sliver = [[0.0, 0.0], [1.0, 0.0], [1.0001, 1e-9], [1.0, 1e-9], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]];
    let crossed = [
        [0.0, 0.0],
        [1.0, 0.0],
        [1.0001, -1e-9],
        [1.00005, 1e-9],
        [1.0, 0.0],
        [1.0, 1.0],
        [0.0, 1.0],
        [0.0, 0.0],
    ];
    assert!((area_of(&mended(&[&sliver]).unwrap().polygons) - 1.0).abs() < 1e-12);
    assert!((area_of(&mended(&[&crossed]).unwrap().polygons) - 1.0).abs() < 1e-12);
}

#[test]
fn what_encloses_nothing_is_refused() {
    let line = [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [0.0, 0.0]];
    assert_eq!(mended(&[&line]).unwrap_err().found, "a ring that encloses nothing");
    let two = [[0.0, 0.0], [1.0, 1.0], [0.0, 0.0]];
    assert_eq!(mended(&[&two]).unwrap_err().found, "a ring of 2 distinct corners");
    assert_eq!(mended(&[&[]]).unwrap_err().found, "a ring of 0 distinct corners");
    assert!(mended(&[]).is_err());
}

#[test]
fn a_hundred_thousand_corners_are_no_trouble() {
    let count = 100_000;
    let ring = |reach: f64| -> Vec<[f64; 2]> {
        (0..=count)
            .map(|n| f64::from(n % count) / f64::from(count) * std::f64::consts::TAU)
            .map(|turn| {
                [120.0 + (reach + 0.01 * (turn * 5000.0).sin()) * turn.cos(), 30.0 + reach * turn.sin()]
            })
            .collect()
    };
    let result = mended(&[&ring(1.0), &ring(0.5)]).unwrap();
    assert_eq!(result.polygons[0].exterior, places(&ring(1.0)));
    // Pinched in one place, the ring is taken apart.
    let mut pinched = ring(1.0);
    pinched[50_000] = pinched[0];
    assert_eq!(mended(&[&pinched]).unwrap().polygons.len(), 2);
}

#[test]
fn a_scribble_is_refused_without_looking_at_every_crossing() {
    let mut state = 1_u64;
    let mut chance = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / (1_u64 << 24) as f64
    };
    let scribble: Vec<[f64; 2]> = (0..20_000).map(|_| [chance(), chance()]).collect();
    assert!(mended(&[&scribble]).unwrap_err().found.starts_with("a ring that crosses itself"));
    let hull = mend(vec![places(&scribble)], true).unwrap();
    assert!(area_of(&hull.polygons) > 0.99);
}

/// The winding number of a ring around a place on none of its edges.
fn turns(ring: &[Corner], at: Corner) -> i32 {
    let mut turns = 0;
    for edge in ring.windows(2).chain([&[ring[ring.len() - 1], ring[0]][..]]) {
        let (a, b) = (edge[0], edge[1]);
        let side = (b[0] - a[0]) * (at[1] - a[1]) - (at[0] - a[0]) * (b[1] - a[1]);
        if a[1] <= at[1] && b[1] > at[1] && side > 0.0 {
            turns += 1;
        } else if b[1] <= at[1] && a[1] > at[1] && side < 0.0 {
            turns -= 1;
        }
    }
    turns
}

/// How many polygons hold a place.
fn holders(polygons: &[Polygon], at: Corner) -> usize {
    let holds = |polygon: &&Polygon| {
        turns(&corners(&polygon.exterior), at) != 0
            && polygon.holes.iter().all(|hole| turns(&corners(hole), at) == 0)
    };
    polygons.iter().filter(holds).count()
}

fn samples(reach: f64) -> Vec<Corner> {
    (0..40)
        .flat_map(|x| (0..40).map(move |y| [f64::from(x), f64::from(y)]))
        .map(|[x, y]| [(x + 0.4137) / 40.0 * reach, (y + 0.6121) / 40.0 * reach])
        .collect()
}

fn in_order(polygons: &[Polygon]) -> bool {
    polygons.iter().all(|polygon| {
        let rings: Vec<Vec<Corner>> =
            std::iter::once(&polygon.exterior).chain(&polygon.holes).map(|ring| corners(ring)).collect();
        check(&rings) == Validity::InOrder
    })
}

/// A ring on a coarse grid, so that its corners often meet, or anywhere.
fn any_ring() -> impl Strategy<Value = Vec<Corner>> {
    let grid = (0..6_i32, 0..6_i32).prop_map(|(x, y)| [f64::from(x), f64::from(y)]);
    let anywhere = (0.0..6.0_f64, 0.0..6.0_f64).prop_map(|(x, y)| [x, y]);
    prop_oneof![
        3 => prop::collection::vec(grid, 3..12),
        1 => prop::collection::vec(anywhere, 3..9),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn one_ring_is_what_it_encloses(ring in any_ring()) {
        let strict = mended(&[&ring]);
        let windings: Vec<(Corner, i32)> = samples(6.0).into_iter().map(|at| (at, turns(&ring, at))).collect();
        if let Ok(result) = &strict {
            prop_assert!(in_order(&result.polygons), "{:?}", result.polygons);
            let sign = windings.iter().map(|(_, turns)| *turns).find(|turns| *turns != 0).unwrap_or(1);
            for (at, turns) in &windings {
                prop_assert!(*turns == 0 || *turns == sign.signum(), "{turns} around {at:?}");
                prop_assert_eq!(holders(&result.polygons, *at), usize::from(*turns != 0));
            }
        }
        let clearly_simple = windings.iter().all(|(_, turns)| (0..=1).contains(turns));
        match mend(vec![places(&ring)], true) {
            Ok(result) => {
                prop_assert!(in_order(&result.polygons), "{:?}", result.polygons);
                for (at, turns) in &windings {
                    prop_assert_eq!(holders(&result.polygons, *at), usize::from(*turns != 0), "at {:?}", at);
                }
                // The areas tell whether any face is wound around more than once or the other way.
                let signed = area(&[&ring[..], &ring[..1]].concat());
                let same = (signed.abs() - area_of(&result.polygons)).abs() < 1e-9;
                prop_assert!(strict.is_err() || same);
                prop_assert!(strict.is_ok() || !same || !clearly_simple);
            }
            Err(_) => prop_assert!(windings.iter().all(|(_, turns)| *turns == 0)),
        }
    }

    #[test]
    fn holes_are_cut_from_the_shell(shell in any_ring(), holes in prop::collection::vec(any_ring(), 1..4)) {
        let rings: Vec<Vec<LonLat>> = std::iter::once(&shell).chain(&holes).map(|ring| places(ring)).collect();
        if let Ok(result) = mend(rings, true) {
            prop_assert!(in_order(&result.polygons), "{:?}", result.polygons);
            for at in samples(6.0) {
                let inside = turns(&shell, at) != 0 && holes.iter().all(|hole| turns(hole, at) == 0);
                prop_assert_eq!(holders(&result.polygons, at), usize::from(inside), "at {:?}", at);
            }
        }
    }
}

#[test]
fn edges_that_all_but_lie_on_each_other_are_told_apart_on_a_grid() {
    let shell = [[3.0, 0.0], [4.0, 4.0], [0.0, 0.0]];
    let one = [[0.0, 1.0], [0.0, 0.0], [3.0, 1.0], [5.0, 4.0], [4.0, 2.0]];
    let other = [[4.0, 2.0], [3.0, 2.0], [3.0, 0.0], [4.0, 4.0]];
    let result = mend(vec![places(&shell), places(&one), places(&other)], true).unwrap();
    assert!(result.notes.iter().all(|note| !note.contains("tangled")), "{:?}", result.notes);
    assert!(in_order(&result.polygons));
}
