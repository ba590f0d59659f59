#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::plane::unite;

fn frame() -> Frame {
    Frame::new(LonLat::new(120.76, 30.75).unwrap())
}

fn hills(step_deg: f64, hills: &[(f64, f64, f64, f64)]) -> Ground {
    let count = (0.1 / step_deg) as usize + 2;
    let post = |i: usize| {
        let (row, column) = (i / count, i % count);
        let (east, north) = (-0.05 + step_deg * column as f64, 0.05 - step_deg * row as f64);
        let hill = |&(x, y, size, top): &(f64, f64, f64, f64)| {
            top * (-((east - x).powi(2) + (north - y).powi(2)) / (2.0 * size * size)).exp()
        };
        hills.iter().map(hill).sum::<f64>() as f32
    };
    let heights = (0..count * count).map(post).collect();
    Ground::Raster(Raster::new((120.71, 30.8), (step_deg, step_deg), count, heights).unwrap())
}

/// Does a ring wind around a point?
fn contains(ring: &[Xy], at: Xy) -> bool {
    let crosses = |i: usize| {
        let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
        (a.y > at.y) != (b.y > at.y) && at.x < a.x + (b.x - a.x) * (at.y - a.y) / (b.y - a.y)
    };
    (0..ring.len()).filter(|i| crosses(*i)).count() % 2 == 1
}

fn at(x: f64, y: f64) -> Xy {
    Xy { x, y }
}

#[test]
fn flat_ground_is_all_between_or_not_at_all() {
    let area = (at(-10.0, -20.0), at(30.0, 40.0));
    let ring = [at(-10.0, -20.0), at(30.0, -20.0), at(30.0, 40.0), at(-10.0, 40.0)];
    assert_eq!(Ground::Flat.between(&frame(), area, (-1.0, f64::INFINITY), Side::Inside), [ring]);
    assert!(Ground::Flat.between(&frame(), area, (0.0, 1.0), Side::Outside).is_empty());
}

#[test]
fn there_is_no_ring_off_the_terrain_nor_beside_missing_posts() {
    let ground = hills(0.01, &[(0.0, 0.0, 0.02, 200.0)]);
    let all = (f64::NEG_INFINITY, f64::INFINITY);
    let rings = |area| ground.between(&frame(), area, all, Side::Outside);
    assert!(rings((at(20_000.0, 0.0), at(30_000.0, 1_000.0))).is_empty());
    assert!(!rings((at(-30_000.0, 0.0), at(30_000.0, 1_000.0))).is_empty());
    let mut posts = vec![1.0; 9];
    posts[4] = f32::NAN;
    let holed = Ground::Raster(Raster::new((120.71, 30.8), (0.05, 0.05), 3, posts).unwrap());
    assert!(holed.between(&frame(), (at(-1e3, -1e3), at(1e3, 1e3)), all, Side::Outside).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// At points all over the box: nothing inside that is not between, nothing between that is not taken in outside; and
    /// neither is off by more than 2 m of height, for the hills are smooth.
    #[test]
    fn it_errs_on_the_side_chosen_and_by_little(
        step_deg in prop::sample::select(vec![1.0 / 1200.0, 1.0 / 700.0]),
        seeds in prop::collection::vec((-0.04..0.04_f64, -0.04..0.04_f64, 0.008..0.03_f64, 20.0..150.0_f64), 1..6),
        (low_m, width_m) in (-20.0..120.0_f64, 0.5..100.0_f64),
        endless in prop::sample::select(vec![(false, false), (true, false), (false, true)]),
        (x, y) in (-3_000.0..2_000.0_f64, -3_000.0..2_000.0_f64),
    ) {
        let (frame, ground) = (frame(), hills(step_deg, &seeds));
        let heights = (
            if endless.0 { f64::NEG_INFINITY } else { low_m },
            if endless.1 { f64::INFINITY } else { low_m + width_m },
        );
        let area = (at(x, y), at(x + 1_500.0, y + 1_100.0));
        let [inside, outside] = [Side::Inside, Side::Outside].map(|side| ground.between(&frame, area, heights, side));
        let is_in = |rings: &[Vec<Xy>], p: Xy| rings.iter().any(|ring| contains(ring, p));
        for i in 0..900 {
            let p = at(x + 1_500.0 * (f64::from(i % 30) + 0.37) / 30.0, y + 1_100.0 * (f64::from(i / 30) + 0.41) / 30.0);
            let h = ground.height_m(frame.to_place(p)).unwrap();
            let between = |by: f64| heights.0 - by < h && h < heights.1 + by;
            prop_assert!(!is_in(&inside, p) || between(0.0), "{h} is inside {heights:?}");
            prop_assert!(!between(0.0) || is_in(&outside, p), "{h} is not outside {heights:?}");
            prop_assert!(is_in(&inside, p) || !between(-2.0), "{h} is left out of {heights:?}");
            prop_assert!(!is_in(&outside, p) || between(2.0), "{h} is taken in {heights:?}");
        }
    }

    /// Over rough ground, where cells are far from planes, it still errs on the side chosen only.
    #[test]
    fn it_errs_on_the_side_chosen_over_rough_ground(
        posts in prop::collection::vec(0.0..60.0_f32, 64),
        (low_m, width_m) in (0.0..40.0_f64, 10.0..40.0_f64),
        seed in prop::collection::vec((0.0..1.0_f64, 0.0..1.0_f64), 200),
    ) {
        let raster = Raster::new((120.75, 30.76), (0.001, 0.001), 8, posts).unwrap();
        let (frame, ground) = (frame(), Ground::Raster(raster));
        let area = (at(-1_000.0, 200.0), at(-200.0, 1_100.0));
        let of = |side| ground.between(&frame, area, (low_m, low_m + width_m), side);
        let (inside, outside) = (of(Side::Inside), of(Side::Outside));
        for (x, y) in seed {
            let p = at(area.0.x + x * (area.1.x - area.0.x), area.0.y + y * (area.1.y - area.0.y));
            let Some(h) = ground.height_m(frame.to_place(p)) else { continue };
            let is_between = low_m < h && h < low_m + width_m;
            let is_in = |rings: &[Vec<Xy>]| rings.iter().any(|ring| contains(ring, p));
            prop_assert!(!is_in(&inside) || is_between, "{h} is inside");
            prop_assert!(!is_between || is_in(&outside), "{h} is not outside");
        }
    }

    /// The union has no cracks: its area is that of the rings, and no hole of it is a sliver between rings.
    #[test]
    fn rings_fit_together(
        seeds in prop::collection::vec((-0.04..0.04_f64, -0.04..0.04_f64, 0.008..0.03_f64, 20.0..150.0_f64), 1..6),
        (low_m, width_m) in (0.0..120.0_f64, 0.5..100.0_f64),
    ) {
        let ground = hills(1.0 / 700.0, &seeds);
        let area = (at(-2_000.0, -2_000.0), at(2_000.0, 2_000.0));
        let rings = ground.between(&frame(), area, (low_m, low_m + width_m), Side::Outside);
        prop_assert!(rings.iter().all(|ring| crate::plane::signed_area(ring) >= 0.0));
        for shape in unite(&rings) {
            for hole in &shape[1..] {
                let size = crate::plane::signed_area(hole).abs();
                let around: f64 = (0..hole.len()).map(|i| distance(hole[i], hole[(i + 1) % hole.len()])).sum();
                prop_assert!(size > 0.001 * around, "a crack of {size} m2 around {around} m");
            }
        }
    }
}
