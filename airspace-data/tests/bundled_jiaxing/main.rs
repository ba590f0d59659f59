//! The bundled Jiaxing airspace: made again byte for byte, and true to what its README says.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../../examples/make_jiaxing/jiaxing/mod.rs"]
mod jiaxing;

mod airport;
mod places;
mod scenarios;
mod times;

use std::path::{Path, PathBuf};

use tianlu_airspace_data::bundled;
use tianlu_engine::airspace::{Outline, Polygon, Zone};
use tianlu_engine::frame::{Frame, Xy};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/jiaxing")
}

fn made() -> jiaxing::Made {
    jiaxing::make(&folder().join("inputs")).unwrap()
}

/// A zone of the bundle.
fn zone(identifier: &str) -> Zone {
    bundled::jiaxing_zones().into_iter().find(|zone| zone.identifier == identifier).unwrap()
}

/// A polygon in a plane.
fn in_plane(frame: &Frame, polygon: &Polygon) -> geo_types::Polygon<f64> {
    let ring = |ring: &[tianlu_engine::frame::LonLat]| {
        ring.iter().map(|place| frame.to_plane(*place)).collect::<Vec<Xy>>().into()
    };
    geo_types::Polygon::new(ring(&polygon.exterior), polygon.holes.iter().map(|hole| ring(hole)).collect())
}

/// The polygons of an outline; none for a circle.
fn polygons(outline: &Outline) -> &[Polygon] {
    match outline {
        Outline::Polygons(polygons) => polygons,
        Outline::Circle { .. } => &[],
    }
}

#[test]
fn the_inputs_give_the_committed_files_byte_for_byte() {
    for (name, text) in made().files {
        let committed = std::fs::read_to_string(folder().join(name)).unwrap();
        assert!(committed == text, "{name} differs: run the example make_jiaxing again");
    }
}

#[test]
fn reading_the_file_gives_the_zones_that_were_made() {
    let (read, made) = (bundled::jiaxing_zones(), made().zones);
    assert_eq!(read.len(), made.len());
    for (read, made) in read.iter().zip(&made) {
        assert_eq!(read.layers, made.layers, "{}", made.identifier);
        assert_eq!(read.applicability, made.applicability, "{}", made.identifier);
        assert_eq!(read.restriction, made.restriction, "{}", made.identifier);
        assert_eq!(read.exempt_missions, made.exempt_missions, "{}", made.identifier);
        assert_eq!((&read.name, &read.message), (&made.name, &made.message));
    }
}

#[test]
fn every_feature_says_that_it_is_not_for_navigation() {
    let (english, chinese) = ("Demonstration data: approximate, not for navigation.", "不得用于导航");
    for (name, text) in made().files {
        let features: Vec<&str> = text.lines().filter(|line| line.contains("\"type\":\"Feature\"")).collect();
        assert_eq!(features.is_empty(), !(name.contains("zones") || name.contains("sites")), "{name}");
        for feature in features {
            assert!(feature.contains(english) && feature.contains(chinese), "{name}: {feature:.200}");
        }
    }
}

#[test]
fn names_are_in_both_languages_and_texts_short_enough_for_the_standard() {
    for zone in bundled::jiaxing_zones() {
        let languages: Vec<&str> = zone.name.iter().map(|name| name.lang.as_str()).collect();
        assert_eq!(languages, ["en-GB", "zh-CN"], "{}", zone.identifier);
        assert!(zone.name.iter().chain(&zone.message).all(|text| text.text.chars().count() <= 200));
        assert!(!zone.authorities.is_empty() && zone.country == "CHN", "{}", zone.identifier);
        assert!(zone.authorities.iter().all(|authority| authority.phone.is_none()), "{}", zone.identifier);
    }
}

#[test]
fn no_military_place_is_among_the_inputs_or_the_outputs() {
    let inputs = std::fs::read_dir(folder().join("inputs")).unwrap();
    let inputs = inputs.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    let outputs = made().files.into_iter().map(|(_, text)| text);
    for text in inputs.chain(outputs) {
        let text = text.to_lowercase();
        for word in ["air base", "airbase", "(军)", "军用机场"] {
            assert!(!text.contains(word), "{word}");
        }
    }
}
