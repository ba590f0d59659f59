//! The bundled sites: GeoJSON points.

use geojson::de::{deserialize_feature_collection_str_to_vec, deserialize_geometry};
use serde::Deserialize;
use tianlu_engine::frame::LonLat;

use super::Site;

/// A feature: its point and its properties.
#[derive(Deserialize)]
struct Feature {
    #[serde(deserialize_with = "deserialize_geometry")]
    geometry: geo_types::Point<f64>,
    id: String,
    name: String,
    name_zh: String,
    kind: String,
    accuracy_m: f64,
    authorizations: Vec<String>,
}

/// The sites of a file's text; `None` if it is no such file.
pub(super) fn read(text: &str) -> Option<Vec<Site>> {
    let features: Vec<Feature> = deserialize_feature_collection_str_to_vec(text).ok()?;
    features.into_iter().map(site).collect()
}

fn site(feature: Feature) -> Option<Site> {
    let place = LonLat::new(feature.geometry.x(), feature.geometry.y()).ok()?;
    let Feature { id, name, name_zh, kind, accuracy_m, authorizations, .. } = feature;
    Some(Site { id, name, name_zh, kind, place, accuracy_m, authorizations })
}
