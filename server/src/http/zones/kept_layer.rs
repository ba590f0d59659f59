//! A zone from a program that holds GeoJSON alone.
//!
//! QGIS draws a zone anew and sends its geometry without ED-318's `layer` and `extent`, which it cannot hold. Taken as it is the
//! zone would lose its heights, and a circle its radius.

use serde_json::{Map, Value};

/// Members that make a feature plain GeoJSON with heights of its own.
const PLAIN: [&str; 4] = ["lower_m", "upper_m", "radius_m", "restriction"];

/// The feature with the layer that the zone has, if it brings none, and with the radius if both are circles or points.
///
/// A zone of several layers, and a feature that says in another way how high it is, stay as they are: then `None`.
pub(super) fn with_layer_of(zone: &str, feature: &[u8]) -> Option<Vec<u8>> {
    let mut feature: Value = serde_json::from_slice(feature).ok()?;
    let zone: Value = serde_json::from_str(zone).ok()?;
    let properties = feature.get("properties")?.as_object()?;
    let is_given =
        |members: &Map<String, Value>, name: &str| members.get(name).is_some_and(|value| !value.is_null());
    if PLAIN.iter().any(|name| is_given(properties, name)) {
        return None;
    }
    let before = zone.get("geometry")?.as_object()?;
    let geometry = feature.get_mut("geometry")?.as_object_mut()?;
    if ["layer", "extent", "geometries"].iter().any(|name| is_given(geometry, name)) {
        return None;
    }
    geometry.insert("layer".to_owned(), before.get("layer")?.clone());
    if let Some(extent) = before.get("extent").filter(|_| geometry.get("type") == before.get("type")) {
        geometry.insert("extent".to_owned(), extent.clone());
    }
    serde_json::to_vec(&feature).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;

    #[test]
    fn heights_and_radius_stay_where_nothing_is_said_of_them() {
        let layer = json!({"lower": 0, "upper": 120, "uom": "m"});
        let extent = json!({"subType": "Circle", "radius": 300});
        let point = json!({"type": "Point", "coordinates": [120.7, 30.7]});
        let mut zone = json!({"geometry": point, "properties": {"identifier": "A"}});
        zone["geometry"]["layer"] = layer.clone();
        zone["geometry"]["extent"] = extent.clone();
        let kept = |geometry: &Value, properties: Value| {
            let feature = json!({"type": "Feature", "geometry": geometry, "properties": properties});
            let bytes = with_layer_of(&zone.to_string(), feature.to_string().as_bytes())?;
            Some(serde_json::from_slice::<Value>(&bytes).unwrap()["geometry"].clone())
        };
        let drawn = kept(&point, json!({"type": "PROHIBITED"})).unwrap();
        assert_eq!((&drawn["layer"], &drawn["extent"]), (&layer, &extent));
        let polygon = json!({"type": "Polygon", "coordinates": []});
        let drawn = kept(&polygon, json!({})).unwrap();
        assert_eq!((&drawn["layer"], drawn.get("extent")), (&layer, None));
        assert_eq!(kept(&zone["geometry"], json!({})), None);
        assert_eq!(kept(&polygon, json!({"upper_m": 50})), None);
    }
}
