//! Strips along railways and expressways.

use std::path::Path;

use serde::Deserialize;
use tianlu_engine::airspace::{Outline, Zone};
use tianlu_engine::frame::LonLat;

use super::inputs::{self, Failure};
use super::rules::{Protected, Rules};
use super::shapes::{self, MARGIN_M};

#[derive(Deserialize)]
struct File {
    strips: Vec<Strip>,
}

#[derive(Deserialize)]
struct Strip {
    identifier: String,
    category: String,
    en: String,
    zh: String,
    line: Vec<(f64, f64)>,
    half_width_m: f64,
    accuracy_m: f64,
}

/// The zones of the strips in a file.
pub(crate) fn zones(path: &Path, rules: &Rules) -> Result<Vec<Zone>, Failure> {
    let file: File = inputs::json(path)?;
    let mut zones = Vec::new();
    for strip in &file.strips {
        let buffer_m = rules.category(&strip.category)?.buffer_m;
        zones.extend(rules.zones(&Protected {
            identifier: &strip.identifier,
            category: &strip.category,
            en: &strip.en,
            zh: &strip.zh,
            accuracy_m: Some(strip.accuracy_m),
            outlines: outlines(&strip.line, strip.half_width_m + buffer_m)?,
        })?);
    }
    Ok(zones)
}

/// All within a distance of a line, as outlines that do not touch.
pub(crate) fn outlines(line: &[(f64, f64)], distance_m: f64) -> Result<Vec<Outline>, Failure> {
    let places: Vec<LonLat> =
        line.iter().map(|(lon, lat)| inputs::place(*lon, *lat)).collect::<Result<_, _>>()?;
    if places.len() < 2 {
        return Err(Failure::plain("a line: expected two places at least"));
    }
    let frame = shapes::frame_about(&places);
    let points: Vec<_> = places.iter().map(|place| frame.to_plane(*place)).collect();
    let pieces = shapes::corridor(&points, distance_m + MARGIN_M);
    Ok(pieces
        .iter()
        .map(|piece| Outline::Polygons(vec![shapes::polygon_with_holes(&frame, piece)]))
        .collect())
}
