//! What is shut, against samples of the true ground and against profiles.

use proptest::prelude::*;

use super::*;
use crate::plane::{Contour, distance_to_segment, unite};
use crate::route::profile::shut::shut;
use crate::surface::Side;

fn frame() -> Frame {
    Frame::new(LonLat::new(120.76, 30.75).unwrap())
}

fn hills(hills: &[(f64, f64, f64, f64)]) -> Ground {
    let (step_deg, count) = (3.0 / 3600.0, 121);
    let post = |i: usize| {
        let (east, north) = (-0.05 + step_deg * (i % count) as f64, 0.05 - step_deg * (i / count) as f64);
        let hill = |&(x, y, size, top): &(f64, f64, f64, f64)| {
            top * (-((east - x).powi(2) + (north - y).powi(2)) / (2.0 * size * size)).exp()
        };
        hills.iter().map(hill).sum::<f64>() as f32
    };
    let heights = (0..count * count).map(post).collect();
    Ground::Raster(Raster::new((120.71, 30.8), (step_deg, step_deg), count, heights).unwrap())
}

/// Does an odd number of edges lie to the right of a point? Right for one ring, and for disjoint shapes with holes.
fn contains(contours: &[Contour], at: Xy) -> bool {
    let edges =
        contours.iter().flat_map(|ring| (0..ring.len()).map(|i| (ring[i], ring[(i + 1) % ring.len()])));
    let crosses = |(a, b): &(Xy, Xy)| {
        (a.y > at.y) != (b.y > at.y) && at.x < a.x + (b.x - a.x) * (at.y - a.y) / (b.y - a.y)
    };
    edges.filter(crosses).count() % 2 == 1
}

/// Is a height open at a point, by a profile that stays there?
fn height_past(
    ground: &Ground,
    at: Xy,
    tube: (f64, f64),
    (low, high): (Limit, Limit),
) -> Result<Profile, Blocked> {
    let line = GroundLine::under(ground, &frame(), &[at]).unwrap();
    let crossings = [Crossing { barrier: 5, from_m: 0.0, to_m: 0.0, low, high }];
    profile(&Problem { tube, ..columns(&line, &crossings) })
}

fn limit() -> impl Strategy<Value = Limit> {
    prop_oneof![
        1 => Just(Limit::Ground(f64::NEG_INFINITY)),
        1 => Just(Limit::Sea(f64::INFINITY)),
        2 => (0.0..150.0_f64).prop_map(Limit::Ground),
        6 => (30.0..300.0_f64).prop_map(Limit::Sea),
    ]
}

#[test]
fn over_flat_ground_it_is_all_of_the_footprint_or_nothing() {
    let square = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)];
    let square: Vec<Contour> = vec![square.iter().map(|&(x, y)| Xy { x, y }).collect()];
    let shut = |low, high| {
        shut(
            &Ground::Flat,
            &frame(),
            &square,
            (60.0, 120.0),
            (Limit::Sea(low), Limit::Sea(high)),
            Side::Outside,
        )
    };
    assert_eq!(shut(59.0, 121.0), unite(&square));
    assert!(shut(60.0, 121.0).is_empty() && shut(59.0, 120.0).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// At points all over the footprint, by the true ground; and profiles of short ways there find the same.
    #[test]
    fn it_is_shut_where_no_height_is_open(
        seeds in prop::collection::vec((-0.04..0.04_f64, -0.04..0.04_f64, 0.008..0.03_f64, 20.0..150.0_f64), 1..5),
        corners in prop::collection::vec((-1_500.0..1_500.0_f64, -1_500.0..1_500.0_f64), 3),
        (low, high) in (limit(), limit()),
        (lowest_m, width_m) in (30.0..80.0_f64, 0.5..60.0_f64),
    ) {
        let (frame, ground, tube) = (frame(), hills(&seeds), (lowest_m, lowest_m + width_m));
        let mut footprint: Contour = corners.iter().map(|&(x, y)| Xy { x, y }).collect();
        if crate::plane::signed_area(&footprint) < 0.0 {
            footprint.reverse();
        }
        let footprint = [footprint];
        let of = |side| -> Vec<Contour> {
            shut(&ground, &frame, &footprint, tube, (low, high), side).into_iter().flatten().collect()
        };
        let (inside, outside) = (of(Side::Inside), of(Side::Outside));
        // Along the shapes a way is open already, the edges of the footprint aside.
        let edges = |p: Xy| (0..3).map(|i| distance_to_segment(p, footprint[0][i], footprint[0][(i + 1) % 3])).fold(f64::INFINITY, f64::min);
        for &p in outside.iter().flatten().filter(|p| edges(**p) > 0.1).take(50) {
            prop_assert!(height_past(&ground, p, tube, (low, high)).is_ok());
        }
        for i in 0..400 {
            let p = Xy { x: f64::from(i % 20) * 151.0 - 1_430.0, y: f64::from(i / 20) * 149.0 - 1_410.0 };
            let h = ground.height_m(frame.to_place(p)).unwrap();
            let is_shut = low.over(h) < h + tube.0 && h + tube.1 < high.over(h);
            let is_shut = is_shut && contains(&footprint, p);
            prop_assert!(!contains(&inside, p) || is_shut, "open at {p:?}, {h}");
            prop_assert!(!is_shut || contains(&outside, p), "left out at {p:?}, {h}");
            if !contains(&footprint, p) {
                continue;
            }
            let found = height_past(&ground, p, tube, (low, high));
            prop_assert!(!contains(&inside, p) || found == Err(Blocked::Barriers(vec![5])), "{found:?}");
            prop_assert!(contains(&outside, p) || found.is_ok(), "{found:?}");
        }
    }
}
