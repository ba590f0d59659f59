#![expect(clippy::unwrap_used, reason = "tests")]

use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};
use proptest::prelude::*;

use super::*;

fn place(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).unwrap()
}

/// A place so far from another in a direction, on the ellipsoid.
fn away(from: LonLat, azimuth_deg: f64, distance_m: f64) -> LonLat {
    let (lat, lon): (f64, f64) = Geodesic::wgs84().direct(from.lat(), from.lon(), azimuth_deg, distance_m);
    place(wrapped(lon), lat)
}

fn geodesic_m(a: LonLat, b: LonLat) -> f64 {
    Geodesic::wgs84().inverse(a.lat(), a.lon(), b.lat(), b.lon())
}

/// `proj=tmerc ellps=WGS84 k=1` of PROJ 9 (its default is the exact algorithm to 1e-9 m): lon_0, lat_0, lon, lat, x, y, scale.
const PROJ: [[f64; 7]; 7] = [
    [120.76, 30.753, 121.09, 30.59, 31650.525648774477, -18024.421105115693, 1.0000123525275242],
    [120.76, 30.753, 122.3, 31.9, 145684.95982839155, 128208.51617967327, 1.0002616508232154],
    [120.76, 30.753, 119.2, 29.6, -151128.19551006035, -126799.93132946169, 1.0002817024640451],
    [120.76, 30.753, 120.76, 30.753, 0.0, 0.0, 1.0],
    [179.5, -17.0, -179.4, -17.9, 116566.81516499301, -99950.74464753336, 1.0001679237740244],
    [15.0, 78.2, 20.0, 79.0, 106422.63822614303, 93881.244776926, 1.0001383421924364],
    [0.0, 0.0, 1.3, -0.2, 144726.96386720487, -22120.58803006683, 1.0002591896214328],
];

#[test]
fn agrees_with_proj() {
    for [lon_0, lat_0, lon, lat, x, y, scale] in PROJ {
        let frame = Frame::new(place(lon_0, lat_0));
        let at = frame.to_plane(place(lon, lat));
        // Both are good to nanometres; rounding of 1e7 m costs a few more.
        assert!((at.x - x).abs() < 1e-7 && (at.y - y).abs() < 1e-7, "{at:?}, PROJ {x} {y}");
        // PROJ differentiates its factors numerically: 3e-11 at the centre, where the truth is 1.
        assert!((frame.scale(at) - scale).abs() < 1e-9, "{}, PROJ {scale}", frame.scale(at));
    }
}

#[test]
fn around_takes_the_middle_of_the_box_and_the_narrower_way() {
    let centre = |places: &[(f64, f64)]| {
        Frame::around(places.iter().map(|&(lon, lat)| place(lon, lat))).map(|frame| frame.centre())
    };
    assert_eq!(centre(&[]), None);
    assert_eq!(centre(&[(120.0, 30.0), (121.0, 31.0), (120.2, 30.1)]), Some(place(120.5, 30.5)));
    assert_eq!(centre(&[(179.0, 10.0), (-178.0, 12.0)]), Some(place(-179.5, 11.0)));
}

#[test]
fn check_refuses_what_is_beyond_reach() {
    let frame = Frame::new(place(120.76, 30.753));
    assert_eq!(frame.check(frame.centre()), Ok(Xy { x: 0.0, y: 0.0 }));
    assert!(frame.check(away(frame.centre(), 90.0, 149_900.0)).is_ok());
    let refused = frame.check(away(frame.centre(), 0.0, 150_100.0)).unwrap_err();
    assert!((refused.distance_m - 150_100.0).abs() < 1.0 && refused.most_m == 150_000.0);
}

#[test]
fn poles_and_antipodes_are_finite() {
    for centre in [(0.0, 0.0), (120.0, 30.0), (180.0, -89.9), (-180.0, 90.0), (5.0, -90.0)] {
        let frame = Frame::new(place(centre.0, centre.1));
        for lon in [-180.0, -90.0, -60.0, 0.0, 30.0, 90.0, 120.0, 180.0] {
            for lat in [-90.0, -45.0, -1e-300, 0.0, 30.0, 89.999_999, 90.0] {
                let at = frame.to_plane(place(lon, lat));
                assert!(at.x.is_finite() && at.y.is_finite(), "{centre:?} {lon} {lat}: {at:?}");
            }
        }
        for x in [f64::NAN, f64::INFINITY, 1e300, -1e9, 0.0] {
            for y in [f64::NAN, f64::NEG_INFINITY, 1e300, 1e8, 0.0] {
                let back = frame.to_place(Xy { x, y });
                assert!(LonLat::new(back.lon(), back.lat()).is_ok(), "{x} {y}: {back:?}");
                assert!(frame.scale(Xy { x, y }).is_finite());
            }
        }
    }
}

prop_compose! {
    fn centre()(lon in -180.0..=180.0, lat in -80.0..=80.0) -> LonLat { place(lon, lat) }
}

proptest! {
    #[test]
    fn the_quick_scale_is_the_exact_one(centre in centre(), x in -3e5..3e5_f64, y in -3e5..3e5_f64) {
        let frame = Frame::new(centre);
        let exact = frame.inverse(Xy { x, y }).scale;
        prop_assert!((frame.scale(Xy { x, y }) - exact).abs() < 2e-12, "{} {}", frame.scale(Xy { x, y }), exact);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// The series is good to nanometres, a degree is 111 km or, of longitude at 82 degrees, 15 km: 1e-10 degrees are 1.5 um.
    #[test]
    fn comes_back(centre in centre(), azimuth in 0.0..360.0, distance in 0.0..200_000.0) {
        let frame = Frame::new(centre);
        let there = away(centre, azimuth, distance);
        let back = frame.to_place(frame.to_plane(there));
        prop_assert!(wrapped(back.lon() - there.lon()).abs() < 1e-10, "{back:?} {there:?}");
        prop_assert!((back.lat() - there.lat()).abs() < 1e-10, "{back:?} {there:?}");
    }

    /// Over 100 m the scale changes by 4e-7 across 150 km, cancelled by taking it in the middle; the straight line and
    /// the geodesic differ by nanometres; metres rounded at 1e-9 leave 1e-10.
    #[test]
    fn scale_is_that_of_the_geodesic(centre in centre(), azimuth in 0.0..360.0, distance in 0.0..150_000.0, heading in 0.0..360.0) {
        let frame = Frame::new(centre);
        let a = away(centre, azimuth, distance);
        let b = away(a, heading, 100.0);
        let (p, q) = (frame.to_plane(a), frame.to_plane(b));
        let step = q - p;
        let measured = step.x.hypot(step.y) / geodesic_m(a, b);
        let middle = frame.scale((p + q) * 0.5);
        prop_assert!((middle - measured).abs() < 1e-9, "{middle} {measured}");
    }

    /// The straight line strays from the geodesic by less than `length * turn^2 / 24`, where the turn is at most
    /// length * x / R^2: 8e-12 of 2 km at 150 km. Never shorter than the geodesic.
    #[test]
    fn length_is_the_geodesic_for_a_leg(centre in centre(), azimuth in 0.0..360.0, distance in 0.0..148_000.0, heading in 0.0..360.0, leg in 1.0..2000.0) {
        let frame = Frame::new(centre);
        let a = away(centre, azimuth, distance);
        let b = away(a, heading, leg);
        let length = frame.length(frame.to_plane(a), frame.to_plane(b));
        prop_assert!((length - leg).abs() < 1e-9 * leg + 1e-8, "{length} {leg}");
    }

    /// The rule against itself on pieces of 100 m, across the whole frame.
    #[test]
    fn length_is_the_sum_of_its_parts(centre in centre(), x0 in -106e3..106e3, y0 in -106e3..106e3, x1 in -106e3..106e3, y1 in -106e3..106e3) {
        let frame = Frame::new(centre);
        let (a, b) = (Xy { x: x0, y: y0 }, Xy { x: x1, y: y1 });
        let at = |i: u32| a + (b - a) * (f64::from(i) / 500.0);
        let parts: f64 = (0..500).map(|i| frame.length(at(i), at(i + 1))).sum();
        let whole = frame.length(a, b);
        prop_assert!((whole - parts).abs() < 1e-10 * whole.max(1.0), "{whole} {parts}");
    }
}
