#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::frame::LonLat;

fn frame(lat: f64) -> Frame {
    Frame::new(LonLat::new(120.76, lat).unwrap())
}

/// Rounded hills up to 300 m, posts every `step_deg`, 13 km to all sides of the frame's centre.
fn hills(lat: f64, step_deg: f64, seed: &[(f64, f64, f64, f64)]) -> Ground {
    let half = 0.14;
    let (columns, rows) = ((2.0 * half / step_deg) as usize + 2, (2.0 * half / step_deg) as usize + 2);
    let height = |row: usize, column: usize| {
        let (east, north) = (-half + step_deg * column as f64, half - step_deg * row as f64);
        let hill = |&(x, y, size, top): &(f64, f64, f64, f64)| {
            top * (-((east - x).powi(2) + (north - y).powi(2)) / (2.0 * size * size)).exp()
        };
        seed.iter().map(hill).sum::<f64>() as f32
    };
    let heights = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    let heights = heights.map(|(row, column)| height(row, column)).collect();
    Ground::Raster(Raster::new((120.76 - half, lat + half), (step_deg, step_deg), columns, heights).unwrap())
}

fn seeds() -> impl Strategy<Value = Vec<(f64, f64, f64, f64)>> {
    let seed = (-0.12..0.12_f64, -0.12..0.12_f64, 0.003..0.03_f64, 20.0..300.0_f64);
    prop::collection::vec(seed, 1..8)
}

fn ways() -> impl Strategy<Value = Vec<Xy>> {
    let point = (-6_000.0..6_000.0_f64, -6_000.0..6_000.0_f64).prop_map(|(x, y)| Xy { x, y });
    // Points on one another's parallels and meridians graze rows and columns of posts.
    prop::collection::vec((point, 0..4), 1..5).prop_map(|points| {
        let mut way: Vec<Xy> = Vec::new();
        for (at, kind) in points {
            let last = way.last().copied().unwrap_or(at);
            way.push(match kind {
                0 => Xy { x: last.x, y: at.y },
                1 => Xy { x: at.x, y: last.y },
                _ => at,
            });
        }
        way
    })
}

/// The point of a way at a distance along it.
fn point_at(way: &[Xy], along_m: f64) -> Xy {
    let mut left = along_m;
    for leg in way.windows(2) {
        let step = leg[1] - leg[0];
        let length = step.x.hypot(step.y);
        if left <= length && length > 0.0 {
            return leg[0] + step * (left / length);
        }
        left -= length;
    }
    way[way.len() - 1]
}

#[test]
fn over_flat_ground_only_bends_are_stations() {
    let way = [(0.0, 0.0), (3.0, 4.0), (3.0, 4.0), (3.0, 10_004.0)].map(|(x, y)| Xy { x, y });
    let line = GroundLine::under(&Ground::Flat, &frame(30.75), &way).unwrap();
    assert_eq!(line.stations(), [(0.0, 0.0), (5.0, 0.0), (10_005.0, 0.0)]);
    assert_eq!((line.sag_m(), line.length_m(), line.height_m(7.0)), (0.0, 10_005.0, 0.0));
    let point = GroundLine::under(&Ground::Flat, &frame(30.75), &way[1..3]).unwrap();
    assert_eq!((point.stations().len(), point.length_m(), point.height_m(1.0)), (1, 0.0, 0.0));
}

#[test]
fn there_is_no_ground_beyond_the_terrain_nor_beside_missing_posts() {
    let frame = frame(30.75);
    let way = |x: f64| [Xy { x: -x, y: 100.0 }, Xy { x, y: 100.0 }];
    let ground = hills(30.75, 0.01, &[(0.0, 0.0, 0.02, 200.0)]);
    assert!(GroundLine::under(&ground, &frame, &way(12_000.0)).is_some());
    assert!(GroundLine::under(&ground, &frame, &way(14_000.0)).is_none());
    assert!(GroundLine::under(&ground, &frame, &[]).is_none());
    assert!(GroundLine::under(&ground, &frame, &[Xy { x: f64::NAN, y: 0.0 }]).is_none());
    let mut posts = vec![1.0; 25];
    posts[12] = f32::NAN;
    let holed = Ground::Raster(Raster::new((120.66, 30.85), (0.05, 0.05), 5, posts).unwrap());
    assert!(GroundLine::under(&holed, &frame, &way(7_000.0)).is_none());
    let beside = [Xy { x: -7_000.0, y: 7_000.0 }, Xy { x: 7_000.0, y: 7_000.0 }];
    assert!(GroundLine::under(&holed, &frame, &beside).is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Against the bilinear height at the true place, every few metres; at stations to 1 mm for the parabola.
    #[test]
    fn the_ground_strays_no_further_than_said(
        lat in prop::sample::select(vec![0.0, 30.75, -45.0, 62.0]),
        step_deg in prop::sample::select(vec![1.0 / 3600.0, 3.0 / 3600.0, 0.004]),
        seeds in seeds(),
        way in ways(),
    ) {
        let (frame, ground) = (frame(lat), hills(lat, step_deg, &seeds));
        // Degrees of longitude are short in the north: draw the way in.
        let way: Vec<Xy> = way.iter().map(|p| Xy { x: p.x * lat.to_radians().cos(), y: p.y }).collect();
        let line = GroundLine::under(&ground, &frame, &way).unwrap();
        let stations = line.stations();
        prop_assert!(stations.windows(2).all(|s| s[0].0 < s[1].0));
        for along_m in bends(&way) {
            prop_assert!(stations.iter().any(|s| s.0 == along_m), "no station at {along_m}");
        }
        let truth = |along_m: f64| ground.height_m(frame.to_place(point_at(&way, along_m))).unwrap();
        for station in stations {
            prop_assert!((truth(station.0) - station.1).abs() < 1e-3, "{station:?} {}", truth(station.0));
        }
        let samples = 4_000;
        for i in 0..=samples {
            let along_m = line.length_m() * f64::from(i) / f64::from(samples);
            let (found, expected) = (line.height_m(along_m), truth(along_m));
            prop_assert!((found - expected).abs() <= GroundLine::SAG_M, "at {along_m}: {found} for {expected}");
        }
    }
}
