//! Points that stand for a polygon which the file holds too.

use std::collections::HashMap;

use serde_json::Value;

use super::super::json::Object;
use super::Dialect;

/// The boxes of a file's polygons, by the properties that twins share.
pub(in super::super) struct Twins {
    names: Vec<String>,
    boxes: HashMap<String, Vec<[f64; 4]>>,
}

impl Twins {
    pub(in super::super) fn new(dialect: &Dialect, features: &[Value]) -> Self {
        let mut twins = Self { names: dialect.twin_points.clone(), boxes: HashMap::new() };
        if twins.names.is_empty() {
            return twins;
        }
        for feature in features.iter().filter_map(Value::as_object) {
            let Some(geometry) = feature.get("geometry") else { continue };
            let is_area =
                matches!(geometry.get("type").and_then(Value::as_str), Some("Polygon" | "MultiPolygon"));
            if let (true, Some(coordinates)) = (is_area, geometry.get("coordinates")) {
                let mut reach = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
                extend(&mut reach, coordinates);
                twins.boxes.entry(twins.key(feature)).or_default().push(reach);
            }
        }
        twins
    }

    pub(super) fn has_polygon_around(&self, feature: &Object) -> bool {
        if self.names.is_empty() {
            return false;
        }
        let coordinates = feature.get("geometry").and_then(|geometry| geometry.get("coordinates"));
        let Some((lon, lat)) = coordinates.and_then(pair) else { return false };
        let around =
            |reach: &[f64; 4]| reach[0] <= lon && lon <= reach[2] && reach[1] <= lat && lat <= reach[3];
        self.boxes.get(&self.key(feature)).is_some_and(|boxes| boxes.iter().any(around))
    }

    fn key(&self, feature: &Object) -> String {
        let properties = feature.get("properties");
        let values =
            self.names.iter().map(|name| properties.and_then(|held| held.get(name)).unwrap_or(&Value::Null));
        values.map(Value::to_string).collect::<Vec<_>>().join("\n")
    }
}

fn pair(position: &Value) -> Option<(f64, f64)> {
    position.get(0)?.as_f64().zip(position.get(1)?.as_f64())
}

fn extend(reach: &mut [f64; 4], coordinates: &Value) {
    if let Some((lon, lat)) = pair(coordinates) {
        *reach = [reach[0].min(lon), reach[1].min(lat), reach[2].max(lon), reach[3].max(lat)];
    } else if let Some(parts) = coordinates.as_array() {
        parts.iter().for_each(|part| extend(reach, part));
    }
}
