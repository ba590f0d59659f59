#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(document: &Value) -> Result<(Vec<Obstacle>, Vec<Warning>), ReadError> {
    read_obstacles("o.geojson", document.to_string().as_bytes())
}

fn feature(geometry: Value, properties: Value) -> Value {
    json!({"type": "Feature", "geometry": geometry, "properties": properties})
}

fn collection_of(features: Vec<Value>) -> Value {
    json!({"type": "FeatureCollection", "features": features})
}

fn square() -> Value {
    json!([[[120.0, 30.0], [120.001, 30.0], [120.001, 30.001], [120.0, 30.001], [120.0, 30.0]]])
}

#[test]
fn reads_polygons_multipolygons_and_points_and_names_them() {
    let mut named = feature(json!({"type": "Polygon", "coordinates": square()}), json!({"height_m": 40}));
    named["id"] = json!("TOWER");
    let mut numbered = feature(
        json!({"type": "MultiPolygon", "coordinates": [square(), square()]}),
        json!({"height_m": 12.5}),
    );
    numbered["id"] = json!(7);
    let bare = feature(
        json!({"type": "Point", "coordinates": [120.5, 30.5, 3.0]}),
        json!({"height_m": 9, "radius_m": 4}),
    );
    let (obstacles, warnings) = read(&collection_of(vec![named, numbered, bare])).unwrap();
    let names: Vec<_> = obstacles.iter().map(|obstacle| obstacle.identifier.as_str()).collect();
    assert_eq!(names, ["TOWER", "7", "obstacle 2"]);
    assert!(warnings.is_empty());
    assert!(matches!(&obstacles[1].outline, Outline::Polygons(polygons) if polygons.len() == 2));
    let centre = LonLat::new(120.5, 30.5).unwrap();
    assert_eq!(obstacles[2].outline, Outline::Circle { centre, radius_m: 4.0 });
    assert_eq!(obstacles[1].height.metres(), 12.5);
}

#[test]
fn closes_a_ring_with_a_warning() {
    let open = json!([[[120.0, 30.0], [120.001, 30.0], [120.001, 30.001]]]);

    let open = feature(json!({"type": "Polygon", "coordinates": open}), json!({"height_m": 1}));
    let (obstacles, warnings) = read(&collection_of(vec![open])).unwrap();
    assert_eq!(warnings.len(), 1);
    let Outline::Polygons(polygons) = &obstacles[0].outline else { panic!("not polygons") };
    assert_eq!(polygons[0].exterior.len(), 4);
    assert_eq!(polygons[0].exterior[0], polygons[0].exterior[3]);
}

#[test]
fn names_feature_field_found_and_expected() {
    let cases = [
        (
            json!({"type": "Polygon", "coordinates": square()}),
            json!({}),
            "properties.height_m: found nothing",
        ),
        (
            json!({"type": "Polygon", "coordinates": square()}),
            json!({"height_m": "9"}),
            "found \"9\", expected a number",
        ),
        (
            json!({"type": "Polygon", "coordinates": square()}),
            json!({"height_m": -1}),
            "found -1, expected a number 0 to",
        ),
        (
            json!({"type": "Point", "coordinates": [1, 2]}),
            json!({"height_m": 1}),
            "properties.radius_m: found nothing",
        ),
        (
            json!({"type": "Point", "coordinates": [500, 2]}),
            json!({"height_m": 1, "radius_m": 1}),
            "coordinates[0]: found 500",
        ),
        (
            json!({"type": "Polygon", "coordinates": []}),
            json!({"height_m": 1}),
            "geometry.coordinates: found a list of 0",
        ),
        (
            json!({"type": "Polygon", "coordinates": [[[1, 2], [1, 2], [3, 4], [1, 2]]]}),
            json!({"height_m": 1}),
            "found a ring of 2",
        ),
        (
            json!({"type": "LineString", "coordinates": []}),
            json!({"height_m": 1}),
            "geometry.type: found \"LineString\"",
        ),
        (Value::Null, json!({"height_m": 1}), "geometry: found null, expected an object"),
    ];
    for (geometry, properties, part) in cases {
        let error = read(&collection_of(vec![feature(geometry, properties)])).unwrap_err().to_string();
        assert!(
            error.starts_with("o.geojson: feature 0: ") && error.contains(part),
            "{error}\nwithout {part}"
        );
    }
    assert!(read(&json!({"type": "Feature"})).unwrap_err().to_string().contains("type: found \"Feature\""));
    assert!(read_obstacles("o", b"{").unwrap_err().to_string().contains("line 1 column 1"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in 0usize..400) {
        let _ = read_obstacles("o", &bytes);
        let whole = collection_of(vec![feature(json!({"type": "Polygon", "coordinates": square()}), json!({"height_m": 1}))]);
        let text = whole.to_string();
        let cut = cut.min(text.len());
        prop_assert_eq!(read_obstacles("o", &text.as_bytes()[..cut]).is_ok(), cut == text.len());
    }
}
