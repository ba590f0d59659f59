//! The bundled sites: GeoJSON points.

use serde::Deserialize;
use tianlu_engine::frame::LonLat;

use super::Site;

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    geometry: Point,
    properties: Properties,
}

#[derive(Deserialize)]
struct Point {
    coordinates: (f64, f64),
}

#[derive(Deserialize)]
struct Properties {
    id: String,
    name: String,
    name_zh: String,
    kind: String,
    accuracy_m: f64,
    authorizations: Vec<String>,
}

/// The sites of a file's text; `None` if it is no such file.
pub(super) fn read(text: &str) -> Option<Vec<Site>> {
    let collection: Collection = serde_json::from_str(text).ok()?;
    collection.features.into_iter().map(site).collect()
}

fn site(feature: Feature) -> Option<Site> {
    let (lon, lat) = feature.geometry.coordinates;
    let Properties { id, name, name_zh, kind, accuracy_m, authorizations } = feature.properties;
    Some(Site { id, name, name_zh, kind, place: LonLat::new(lon, lat).ok()?, accuracy_m, authorizations })
}
