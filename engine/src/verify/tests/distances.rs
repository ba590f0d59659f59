//! Distances from shapes against geodesics to places on their edges.

use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};
use proptest::prelude::*;

use super::*;
use crate::frame::Frame;
use crate::verify::shape::Shape;

fn metres(a: LonLat, b: LonLat) -> f64 {
    Geodesic::wgs84().inverse(a.lat(), a.lon(), b.lat(), b.lon())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// A track of up to 2 km against a triangle of up to 100 km whose edges are straight in degrees. Sampled on both
    /// sides the least distance comes out too long by what lies between two samples, never shorter by more than the
    /// sag allowed (2 mm) and the scale's change over the distance.
    #[test]
    fn to_polygons(
        lon in 119.5..121.5, lat in 29.8..31.6, corners in prop::collection::vec((-0.6..0.6, -0.6..0.6), 3),
        azimuth in 0.0..360.0, length in 0.0..2_000.0,
    ) {
        let frame = Frame::new(place(120.5, 30.7));
        let mut ring: Vec<LonLat> = corners.iter().map(|(x, y)| place(lon + x, lat + y)).collect();
        ring.push(ring[0]);
        let outline = Outline::Polygons(vec![Polygon { exterior: ring.clone(), holes: vec![] }]);
        let from = place(lon, lat);
        let on_track = |share: f64| {
            let (lat, lon): (f64, f64) = Geodesic::wgs84().direct(lat, lon, azimuth, length * share);
            place(lon, lat)
        };
        let to = on_track(1.0);
        let found = Shape::new(&outline, &frame).nearest(&frame, frame.to_plane(from), frame.to_plane(to), 200_000.0);
        let found = found.unwrap().distance_m;

        let on_edges: Vec<LonLat> = ring.windows(2).flat_map(|edge| (0..400).map(move |i| {
            let share = f64::from(i) / 400.0;
            let mix = |a: f64, b: f64| a + (b - a) * share;
            place(mix(edge[0].lon(), edge[1].lon()), mix(edge[0].lat(), edge[1].lat()))
        })).collect();
        let side = |e: &[LonLat]| (e[1].lon() - e[0].lon()) * (lat - e[0].lat()) - (e[1].lat() - e[0].lat()) * (lon - e[0].lon());
        let sides: Vec<f64> = ring.windows(2).map(side).collect();
        let inside = sides.iter().all(|s| *s > 0.0) || sides.iter().all(|s| *s < 0.0);
        let sampled = (0..=8).flat_map(|i| {
            let there = on_track(f64::from(i) / 8.0);
            on_edges.iter().map(move |edge| metres(there, *edge)).collect::<Vec<_>>()
        }).fold(f64::INFINITY, f64::min);
        if inside {
            prop_assert_eq!(found, 0.0);
        } else {
            prop_assert!(found <= sampled * (1.0 + 1e-4) + 0.003, "{found} {sampled}");
            // Samples lie 340 m apart on an edge and 250 m on the track.
            prop_assert!(sampled <= found * (1.0 + 1e-4) + 300.0, "{found} {sampled}");
        }
    }

    /// Circles are round on the ground wherever in the frame they lie.
    #[test]
    fn to_circles(azimuth in 0.0..360.0, away in 0.0..140_000.0, heading in 0.0..360.0, distance in 0.0..20_000.0, radius in 1.0..20_000.0) {
        let frame = Frame::new(place(120.5, 30.7));
        let (lat, lon): (f64, f64) = Geodesic::wgs84().direct(30.7, 120.5, azimuth, away);
        let (lat_2, lon_2): (f64, f64) = Geodesic::wgs84().direct(lat, lon, heading, distance);
        let shape = Shape::new(&Outline::Circle { centre: place(lon, lat), radius_m: radius }, &frame);
        let at = frame.to_plane(place(lon_2, lat_2));
        let found = shape.nearest(&frame, at, at, 1e9).unwrap().distance_m;
        prop_assert!((found - (distance - radius).max(0.0)).abs() < 1e-3, "{found}");
    }
}
