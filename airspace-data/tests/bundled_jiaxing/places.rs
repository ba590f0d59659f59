//! Where sites and zones lie.

use geo::{Contains, Distance, Euclidean, Validation};
use tianlu_airspace_data::bundled;
use tianlu_engine::airspace::{Applicability, Outline, Restriction, Zone};
use tianlu_engine::frame::{Frame, LonLat};

use super::{folder, in_plane, polygons, zone};

/// The widest clearance of the aircraft in the scenarios, doubled.
const AWAY_M: f64 = 40.0;

/// Metres from a place to a zone, whatever its heights; 0 within.
fn distance(zone: &Zone, place: LonLat) -> f64 {
    let frame = Frame::new(place);
    let to_outline = |outline: &Outline| match outline {
        Outline::Circle { centre, radius_m } => {
            let at = frame.to_plane(*centre);
            (at.x.hypot(at.y) - radius_m).max(0.0)
        }
        Outline::Polygons(polygons) => {
            let here = geo_types::Point::new(0.0, 0.0);
            polygons.iter().map(|p| Euclidean.distance(&here, &in_plane(&frame, p))).fold(f64::MAX, f64::min)
        }
    };
    zone.layers.iter().map(|layer| to_outline(&layer.outline)).fold(f64::MAX, f64::min)
}

#[test]
fn no_site_lies_in_a_zone_that_is_closed_to_all() {
    let zones = bundled::jiaxing_zones();
    let closed = |zone: &&Zone| {
        zone.restriction == Restriction::Prohibited && zone.applicability == Applicability::Always
    };
    for site in bundled::jiaxing_sites() {
        for zone in zones.iter().filter(closed) {
            assert!(distance(zone, site.place) > AWAY_M, "{} in {}", site.id, zone.identifier);
        }
    }
}

#[test]
fn a_site_names_the_zones_on_its_ground_that_must_authorize_it() {
    let zones = bundled::jiaxing_zones();
    for site in bundled::jiaxing_sites() {
        let mut asked: Vec<String> = Vec::new();
        for zone in zones.iter().filter(|zone| zone.restriction == Restriction::ReqAuthorization) {
            let from_the_ground =
                zone.layers.iter().any(|layer| layer.limits.lower.is_none_or(|lower| lower.metres() <= 0.0));
            if from_the_ground && distance(zone, site.place) <= AWAY_M {
                asked.push(zone.identifier.clone());
            }
            // Where the surfaces of the airport leave less than 60 m of room, a usual flight asks there.
            let low = zone.identifier == "NANHU" && low_surface(zone, site.place);
            if low {
                asked.push(zone.identifier.clone());
            }
        }
        assert_eq!(site.authorizations, asked, "{}", site.id);
    }
}

/// Is there a surface below 70 m over the place?
fn low_surface(zone: &Zone, place: LonLat) -> bool {
    let frame = Frame::new(place);
    let here = geo_types::Point::new(0.0, 0.0);
    zone.layers.iter().any(|layer| {
        layer.limits.lower.is_some_and(|lower| lower.metres() < 70.0)
            && polygons(&layer.outline).iter().any(|polygon| in_plane(&frame, polygon).contains(&here))
    })
}

#[test]
fn all_polygons_are_closed_and_valid() {
    for zone in bundled::jiaxing_zones() {
        for polygon in zone.layers.iter().flat_map(|layer| polygons(&layer.outline)) {
            let frame = Frame::new(polygon.exterior[0]);
            for ring in std::iter::once(&polygon.exterior).chain(&polygon.holes) {
                assert_eq!(ring.first(), ring.last(), "{}", zone.identifier);
            }
            let plane = in_plane(&frame, polygon);
            assert!(plane.is_valid(), "{}: {:?}", zone.identifier, plane.validation_errors());
        }
    }
}

#[test]
fn the_city_is_served_below_120_m_and_closed_above_without_authorization() {
    let above = zone("JIAXING-120");
    for site in bundled::jiaxing_sites() {
        assert!(distance(&above, site.place) == 0.0, "{}", site.id);
    }
    assert!(above.layers.iter().all(|layer| layer.limits.lower.unwrap().metres() == 120.0));
}

#[test]
fn the_zone_over_the_city_reaches_5_km_beyond_its_border() {
    let districts = std::fs::read_to_string(folder().join("inputs/districts.geojson")).unwrap();
    let districts: serde_json::Value = serde_json::from_str(&districts).unwrap();
    let above = zone("JIAXING-120");
    let mut corners = 0;
    for district in districts["features"].as_array().unwrap() {
        for corner in district["geometry"]["coordinates"][0].as_array().unwrap() {
            let place = LonLat::new(corner[0].as_f64().unwrap(), corner[1].as_f64().unwrap()).unwrap();
            let shape = in_plane(&Frame::new(place), &polygons(&above.layers[0].outline)[0]);
            let here = geo_types::Point::new(0.0, 0.0);
            assert!(
                shape.contains(&here) && Euclidean.distance(&here, shape.exterior()) >= 5_000.0,
                "{place:?}"
            );
            corners += 1;
        }
    }
    assert!(corners > 600, "{corners}");
}

#[test]
fn a_strip_holds_all_within_its_buffer() {
    let inputs = folder().join("inputs/strips.json");
    let strips: serde_json::Value = serde_json::from_slice(&std::fs::read(inputs).unwrap()).unwrap();
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
    for strip in strips["strips"].as_array().unwrap() {
        let buffer = match strip["category"].as_str().unwrap() {
            "high_speed_rail" => 200.0,
            "railway" => 100.0,
            _ => 50.0,
        };
        let half_width = buffer + number(&strip["half_width_m"]);
        let zone = zone(strip["identifier"].as_str().unwrap());
        let line: Vec<LonLat> = strip["line"]
            .as_array()
            .unwrap()
            .iter()
            .map(|corner| LonLat::new(number(&corner[0]), number(&corner[1])).unwrap())
            .collect();
        for ends in line.windows(2) {
            let frame = Frame::new(ends[0]);
            let shapes: Vec<_> = zone
                .layers
                .iter()
                .flat_map(|layer| polygons(&layer.outline))
                .map(|p| in_plane(&frame, p))
                .collect();
            let to = frame.to_plane(ends[1]);
            let (length, steps) = (to.x.hypot(to.y), 7);
            for step in 0..=steps {
                let share = f64::from(step) / f64::from(steps);
                for side in [-half_width, half_width] {
                    let point = geo_types::Point::new(
                        share * to.x - side * to.y / length,
                        share * to.y + side * to.x / length,
                    );
                    assert!(shapes.iter().any(|shape| shape.contains(&point)), "{}", zone.identifier);
                }
            }
        }
    }
}

#[test]
fn a_railway_may_be_crossed_above_50_m() {
    for identifier in ["HSR-HUHANG", "RAIL-HUKUN"] {
        let below = zone(identifier);
        let over = zone(&format!("{identifier}-OVER"));
        assert_eq!(below.restriction, Restriction::Prohibited);
        assert!(below.layers.iter().all(|layer| layer.limits.upper.unwrap().metres() == 50.0));
        assert_eq!(over.restriction, Restriction::Conditional);
        assert!(over.restriction_conditions.is_some());
    }
}
