//! Paths widened to areas, never narrower than asked for.

use tianlu_engine::airspace::Polygon;
use tianlu_engine::frame::{Frame, LonLat, Xy};
use tianlu_engine::plane::{Contour, grow_circle, unite};

/// Room for the plane's scale (2.8e-4 at most) ...
const SCALE: f64 = 1.001;
/// ... and for coordinates with seven decimals, and for edges and legs of up to 2 km that are straight in longitude and
/// latitude, not in the plane (0.05 m).
const ROOM_M: f64 = 0.15;
/// The outline may lie so far outside of where it has to be, beyond that room.
const TOLERANCE_M: f64 = 0.5;

/// The polygons around a path, one where it is in one piece: everything nearer to it than `by_m`. Legs are at most 2 km.
pub(super) fn widened(frame: &Frame, path: impl IntoIterator<Item = LonLat>, by_m: f64) -> Vec<Polygon> {
    let by_m = by_m * SCALE + ROOM_M;
    let mut path: Vec<Xy> = path.into_iter().map(|place| frame.to_plane(place)).collect();
    path.dedup_by(|a, b| (a.x - b.x).hypot(a.y - b.y) < 0.01);
    let mut contours: Vec<Contour> = path.iter().map(|&at| grow_circle(at, by_m, TOLERANCE_M)).collect();
    for leg in path.windows(2) {
        let (a, b) = (leg[0], leg[1]);
        let length = (b.x - a.x).hypot(b.y - a.y);
        let (x, y) = (-(b.y - a.y) / length * by_m, (b.x - a.x) / length * by_m);
        let beside = |at: Xy, side: f64| Xy { x: at.x + side * x, y: at.y + side * y };
        // Counter-clockwise, as the circles are: nothing is wound away.
        contours.push(vec![beside(a, -1.0), beside(b, -1.0), beside(b, 1.0), beside(a, 1.0)]);
    }
    let place = |at: &Xy| {
        let place = frame.to_place(*at);
        let rounded = |degrees: f64| (degrees * 1e7).round() / 1e7;
        LonLat::new(rounded(place.lon()), rounded(place.lat())).unwrap_or(place)
    };
    let ring = |contour: &Contour| {
        let mut ring: Vec<LonLat> = contour.iter().map(place).collect();
        ring.extend(ring.first().copied());
        ring
    };
    let polygon = |shape: Vec<Contour>| {
        let mut rings = shape.iter().map(ring);
        Some(Polygon { exterior: rings.next()?, holes: rings.collect() })
    };
    unite(&contours).into_iter().filter_map(polygon).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;
    use tianlu_engine::airspace::{Layer, Limits, Outline};

    use super::*;
    use crate::http::zones::Bbox;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// Held against places all around points of the path, by their distances on the ground (haversine, within 0.6 %).
        #[test]
        fn what_is_near_the_path_lies_within_and_what_is_far_does_not(
            path in prop::collection::vec((-0.008..0.008_f64, -0.008..0.008_f64), 1..7), by_m in 5.0..400.0_f64,
            (away, angle) in (0.0..1.5_f64, 0.0..std::f64::consts::TAU),
        ) {
            let middle = LonLat::new(120.75, 30.72).unwrap();
            let frame = Frame::new(middle);
            let path: Vec<LonLat> = path.iter().map(|(x, y)| LonLat::new(120.75 + x, 30.72 + y).unwrap()).collect();
            let polygons = widened(&frame, path.iter().copied(), by_m);
            let layer = Layer { outline: Outline::Polygons(polygons), limits: Limits::UNBOUNDED };
            let m_per_deg = (111_320.0 * 30.72_f64.to_radians().cos(), 110_860.0);
            for at in &path {
                let to = (at.lon() + away * by_m * angle.cos() / m_per_deg.0, at.lat() + away * by_m * angle.sin() / m_per_deg.1);
                let distance_m = |a: LonLat, b: LonLat| {
                    let (dx, dy) = ((b.lon() - a.lon()) * m_per_deg.0, (b.lat() - a.lat()) * m_per_deg.1);
                    let (px, py) = ((to.0 - a.lon()) * m_per_deg.0, (to.1 - a.lat()) * m_per_deg.1);
                    let along = if dx == 0.0 && dy == 0.0 { 0.0 } else { ((px * dx + py * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0) };
                    (px - along * dx).hypot(py - along * dy)
                };
                let mut off_m = distance_m(*at, *at);
                for leg in path.windows(2) {
                    off_m = off_m.min(distance_m(leg[0], leg[1]));
                }
                let dot = Bbox { west: to.0, south: to.1, east: to.0, north: to.1, heights_m: None };
                let within = dot.meets(&layer, (0.0, 0.0));
                prop_assert!(within || off_m > by_m * 0.994);
                prop_assert!(!within || off_m < by_m * 1.007 + ROOM_M + TOLERANCE_M + 0.05);
            }
        }
    }
}
