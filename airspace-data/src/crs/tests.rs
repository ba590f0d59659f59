#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use serde_json::Value;
use tianlu_engine::airspace::Outline;
use tianlu_engine::frame::LonLat;

use super::Crs;
use crate::airspace::{ReadOptions, read_airspace};

fn place(value: &Value) -> LonLat {
    LonLat::new(value[0].as_f64().unwrap(), value[1].as_f64().unwrap()).unwrap()
}

fn apart(a: LonLat, b: LonLat) -> f64 {
    (a.lon() - b.lon()).abs().max((a.lat() - b.lat()).abs())
}

#[test]
fn gcj02_agrees_with_published_pairs() {
    let vectors: Value = serde_json::from_str(include_str!("../../tests/data/crs/gcj02.json")).unwrap();
    let pairs = vectors["gcj02"].as_array().unwrap();
    assert_eq!(pairs.len(), 4);
    for pair in pairs {
        // The pairs are given to seven decimals.
        assert!(apart(Crs::Gcj02.from_wgs84(place(&pair["wgs"])), place(&pair["gcj"])) < 1e-7, "{pair}");
        assert!(apart(Crs::Gcj02.to_wgs84(place(&pair["gcj"])), place(&pair["wgs"])) < 2e-7, "{pair}");
    }
}

#[test]
fn bd09_agrees_with_a_known_pair() {
    // Tiananmen: WGS-84 116.3912, 39.9075; GCJ-02 is 0.0062, 0.0014 off, BD-09 a further 0.0065, 0.0060.
    let gate = LonLat::new(116.3912, 39.9075).unwrap();
    let drawn = Crs::Bd09.from_wgs84(gate);
    assert!((drawn.lon() - 116.4038).abs() < 5e-4, "{drawn:?}");
    assert!((drawn.lat() - 39.9151).abs() < 5e-4, "{drawn:?}");
}

#[test]
fn nothing_is_shifted_outside_china() {
    let paris = LonLat::new(2.35, 48.85).unwrap();
    for crs in [Crs::Wgs84, Crs::Gcj02, Crs::Bd09] {
        assert_eq!(crs.from_wgs84(paris), paris);
        assert_eq!(crs.to_wgs84(paris), paris);
    }
}

proptest! {
    #[test]
    fn there_and_back_is_the_same_place(lon in 73.0..137.0_f64, lat in 2.0..55.0_f64) {
        let place = LonLat::new(lon, lat).unwrap();
        for crs in [Crs::Gcj02, Crs::Bd09] {
            prop_assert!(apart(crs.to_wgs84(crs.from_wgs84(place)), place) < 1e-9);
        }
    }
}

/// Do the rings of a district hold a place?
fn holds(outline: &Outline, at: (f64, f64)) -> bool {
    let Outline::Polygons(polygons) = outline else { return false };
    let mut inside = false;
    for ring in polygons.iter().flat_map(|polygon| std::iter::once(&polygon.exterior).chain(&polygon.holes)) {
        for edge in ring.windows(2) {
            let (a, b) = (edge[0], edge[1]);
            let crosses = (a.lat() > at.1) != (b.lat() > at.1);
            inside ^=
                crosses && at.0 < a.lon() + (at.1 - a.lat()) / (b.lat() - a.lat()) * (b.lon() - a.lon());
        }
    }
    inside
}

#[test]
fn a_district_of_a_web_map_covers_the_same_in_wgs84() {
    let read = |bytes: &[u8], crs| {
        let options = ReadOptions { crs, ..ReadOptions::default() };
        read_airspace("district", bytes, &options).unwrap().zones.remove(0).layers.remove(0).outline
    };
    let drawn = include_bytes!("../../tests/data/crs/district_330402_gcj02.geojson");
    let truth = read(include_bytes!("../../tests/data/crs/district_330402_wgs84.geojson"), Crs::Wgs84);
    let agreement = |crs| {
        let found = read(drawn, crs);
        let places = (0..300).flat_map(|x| {
            (0..300).map(move |y| (120.6 + f64::from(x) * 0.0013, 30.6 + f64::from(y) * 0.001))
        });
        let (mut both, mut either) = (0.0, 0.0);
        for at in places {
            let (one, other) = (holds(&found, at), holds(&truth, at));
            both += f64::from(u8::from(one && other));
            either += f64::from(u8::from(one || other));
        }
        both / either
    };
    // The two sources differ by themselves in some corners.
    assert!(agreement(Crs::Gcj02) > 0.99, "{}", agreement(Crs::Gcj02));
    assert!(agreement(Crs::Wgs84) < 0.95);
}
