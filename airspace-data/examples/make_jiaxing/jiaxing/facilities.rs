//! Places that the rules protect: nuclear base, power plant, chemical park, ports, stations, memorial.

use std::path::Path;

use serde::Deserialize;
use tianlu_engine::airspace::{Outline, Zone};
use tianlu_engine::frame::LonLat;

use super::inputs::{self, Failure, Places};
use super::rules::{Protected, Rules};
use super::shapes::MARGIN_M;
use super::strips;

#[derive(Deserialize)]
struct File {
    facilities: Vec<Facility>,
}

#[derive(Deserialize)]
struct Facility {
    identifier: String,
    category: String,
    en: String,
    zh: String,
    accuracy_m: Option<f64>,
    #[serde(flatten)]
    shape: Shape,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Shape {
    /// A circle about a place of the table.
    Circle { place: String, radius_m: f64 },
    /// A line with a half width.
    Line { line: Vec<(f64, f64)>, half_width_m: f64 },
}

/// The zones of the facilities in a file.
pub(crate) fn zones(path: &Path, places: &Places, rules: &Rules) -> Result<Vec<Zone>, Failure> {
    let file: File = inputs::json(path)?;
    let mut zones = Vec::new();
    for facility in &file.facilities {
        let buffer_m = rules.category(&facility.category)?.buffer_m;
        let (outlines, accuracy_m) = match &facility.shape {
            Shape::Circle { place, radius_m } => {
                let known = places.find(place)?;
                (vec![circle(known.at, radius_m + buffer_m)], Some(known.accuracy_m))
            }
            Shape::Line { line, half_width_m } => {
                (strips::outlines(line, half_width_m + buffer_m)?, facility.accuracy_m)
            }
        };
        zones.extend(rules.zones(&Protected {
            identifier: &facility.identifier,
            category: &facility.category,
            en: &facility.en,
            zh: &facility.zh,
            accuracy_m,
            outlines,
        })?);
    }
    Ok(zones)
}

/// A circle a little wider than asked, for the rounding of its centre.
pub(crate) fn circle(centre: LonLat, radius_m: f64) -> Outline {
    Outline::Circle { centre: super::shapes::rounded(centre), radius_m: radius_m + MARGIN_M }
}
