#![allow(clippy::unwrap_used, reason = "tests")]

//! Files as they are published, files that are wrong in one place, and files with bytes flipped.

use proptest::prelude::*;
use tianlu_engine::airspace::{Applicability, DayEdge, Limits, Missions, Outline, Restriction};
use tianlu_engine::frame::{Height, LonLat};

use super::*;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/airspace");

fn bytes_of(path: &str) -> Vec<u8> {
    std::fs::read(format!("{DATA}/{path}")).unwrap()
}

fn read(path: &str) -> Result<AirspaceFile, ReadError> {
    read_airspace(path.rsplit('/').next().unwrap(), &bytes_of(path), &ReadOptions::default())
}

fn read_text(text: &str) -> Result<AirspaceFile, ReadError> {
    read_airspace("zones.json", text.as_bytes(), &ReadOptions::default())
}

fn lenient(text: &str) -> AirspaceFile {
    let options = ReadOptions { lenient: true, ..ReadOptions::default() };
    read_airspace("zones.json", text.as_bytes(), &options).unwrap()
}

/// Good files: path, format, zones, warnings.
const GOOD: [(&str, Format, usize, usize); 15] = [
    ("ed318/examples/Example_Collection.json", Format::Ed318, 2, 0),
    ("ed318/examples/Example_GeoZone_2_Layers.json", Format::Ed318, 1, 0),
    ("ed318/examples/Example_GeoZone_Circle.json", Format::Ed318, 1, 0),
    ("ed318/examples/Example_GeoZone_with_extension.json", Format::Ed318, 1, 0),
    ("ed318/examples/PartialExample_featureGeoJSON.json", Format::Ed318, 1, 0),
    ("national-samples/ed318-ie.json", Format::Ed318, 4, 0),
    ("national-samples/ed318-se.json", Format::Ed318, 3, 0),
    ("national-samples/ed269-ch.json", Format::Ed269, 4, 0),
    ("national-samples/ed269-fi.json", Format::Ed269, 2, 0),
    ("national-samples/ed269-lu.json", Format::Ed269, 2, 0),
    ("interuss-ed269/cis_source_sample_ed269.json", Format::Ed269, 1, 0),
    // Two zones of it have one identifier.
    ("interuss-ed269/geo-awareness-che-1.json", Format::Ed269, 6, 1),
    // Markers and masks are passed over.
    ("national-samples/dronezoner-dk.json", Format::GeoJson, 8, 3),
    ("national-samples/eans-ee.json", Format::GeoJson, 3, 2),
    ("national-samples/faa-uasfm.json", Format::GeoJson, 2, 0),
];

#[test]
fn published_files_are_read() {
    for (path, format, zones, warnings) in GOOD {
        let file = read(path).unwrap();
        assert_eq!((file.format, file.zones.len(), file.left_out), (format, zones, 0), "{path}");
        assert_eq!(file.warnings.len(), warnings, "{path}: {:?}", file.warnings);
    }
}

#[test]
fn fragments_and_other_things_are_refused_for_what_they_are() {
    for (path, found) in [
        ("ed318/examples/InvalidExample_GeoZone_2_Layers.json", "metadata.validFrom: found an object"),
        ("ed318/examples/PartialExample_GeoZoneProperties.json", "the properties of a zone alone"),
        ("ed318/examples/PartialExample_TimePeriod.json", "a time period alone"),
        ("ed318/examples/PartialExample_ZoneAuthority.json", "an authority alone"),
        ("ed318/schema/Schema_GeoZones.json", "an object of $schema"),
        ("national-samples/aixm51-gb.xml", "AIXM is not read yet"),
        ("national-samples/README.md", "text that starts with"),
    ] {
        let error = read(path).unwrap_err().to_string();
        assert!(error.contains(found), "{error}");
    }
}

#[test]
fn the_example_of_two_layers_is_all_there() {
    let file = read("ed318/examples/Example_GeoZone_2_Layers.json").unwrap();
    let zone = &file.zones[0];
    assert_eq!(file.title.as_deref(), Some("SampleUAS GeoZones"));
    assert_eq!((zone.identifier.as_str(), zone.country.as_str(), zone.title()), ("NFZ6547", "FRA", "LFPG-2"));
    assert_eq!(zone.restriction, Restriction::ReqAuthorization);
    assert_eq!(zone.reason, ["AIR_TRAFFIC", "OTHER"]);
    assert_eq!(zone.other_reason_info[1].lang, "fr-BE");
    assert_eq!(zone.authorities[0].email.as_deref(), Some("UASZoneManager@lfpg.fr"));
    let heights: Vec<_> = zone.layers.iter().map(|layer| layer.limits.amsl_over(0.0)).collect();
    assert_eq!(heights, [(50.0, 150.0), (0.0, 50.0)]);
    let Applicability::Periods(periods) = &zone.applicability else { panic!("periods") };
    assert_eq!(periods[0].start.unwrap().millis(), 1_546_271_999_000);
    let Some(DayEdge::Clock(start)) = periods[0].schedule[0].start else { panic!("a clock") };
    assert_eq!((start.millis, start.offset_minutes), (16 * 3_600_000, 0));
}

#[test]
fn feet_are_metres_times_0_3048_and_radii_of_ed318_are_metres() {
    let file = read("national-samples/ed318-se.json").unwrap();
    let layer = &file.zones[2].layers[0];
    assert_eq!(layer.limits.upper.unwrap().metres(), 1500.0 * 0.3048);
    let Outline::Circle { radius_m, .. } = layer.outline else { panic!("a circle") };
    assert_eq!(radius_m, 1852.0);
}

#[test]
fn no_ceiling_is_unbounded_whatever_it_counts_from() {
    let file = read("national-samples/ed269-ch.json").unwrap();
    assert_eq!(file.zones[0].layers[0].limits.upper, None);
    assert_eq!(file.zones[1].layers[0].limits.upper, None);
    assert!(file.zones[2].layers[0].limits.upper.is_some());
}

#[test]
fn limits_written_as_texts_and_empty_day_lists_are_read() {
    let file = read("interuss-ed269/cis_source_sample_ed269.json").unwrap();
    let zone = &file.zones[0];
    assert_eq!(zone.layers[0].limits.lower.map(Height::metres), Some(0.0));
    assert_eq!((zone.layers[0].limits.upper, &zone.applicability), (None, &Applicability::Always));
}

#[test]
fn a_radius_of_ed269_is_in_the_unit_of_its_volume() {
    let text = r#"{"features": [{"identifier": "A", "restriction": "PROHIBITED", "geometry": [{"uomDimensions": "FT",
        "upperLimit": "400", "upperVerticalReference": "AGL",
        "horizontalProjection": {"type": "Circle", "center": [1, 2], "radius": "1000"}}]}]}"#;
    let file = read_text(text).unwrap();
    let layer = &file.zones[0].layers[0];
    assert!(matches!(layer.outline, Outline::Circle { radius_m, .. } if radius_m == 1000.0 * 0.3048));
    assert_eq!((file.format, layer.limits.upper.unwrap().metres()), (Format::Ed269, 400.0 * 0.3048));
}

/// An ED-318 feature with one member replaced or (`null`) taken away, as a collection of it.
fn ed318_with(path: &str, value: Value) -> String {
    let mut feature: Value = serde_json::json!({
        "type": "Feature",
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[120.0, 30.0], [120.1, 30.0], [120.1, 30.1], [120.0, 30.1], [120.0, 30.0]]],
            "layer": {"lower": 0, "lowerReference": "AGL", "upper": 120, "upperReference": "AGL", "uom": "m"}
        },
        "properties": {
            "identifier": "LAKE", "country": "CHN", "type": "CONDITIONAL", "variant": "COMMON",
            "name": [{"text": "Nanhu Lake", "lang": "en-GB"}],
            "limitedApplicability": [{
                "startDateTime": "2026-01-01T00:00Z", "endDateTime": "2027-01-01T00:00Z",
                "schedule": [{"day": ["MON"], "startTime": "06:00Z", "endTime": "24:00"}]
            }],
            "zoneAuthority": [{"name": "Parks", "purpose": "AUTHORIZATION"}],
            "extendedProperties": {"exempt_missions": ["RESCUE"]}
        }
    });
    if !path.is_empty() {
        *feature.pointer_mut(path).unwrap() = value;
    }
    serde_json::json!({"type": "FeatureCollection", "features": [feature]}).to_string()
}

#[test]
fn each_fault_is_named_with_its_feature_field_and_value() {
    use serde_json::json;
    let ring = "/geometry/coordinates/0";
    let layer = "/geometry/layer";
    let period = "/properties/limitedApplicability/0";
    let eight = json!([[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]);
    for (path, value, field, found) in [
        ("/geometry/coordinates/0/3", json!([500, 30]), "geometry.coordinates[0][3][0]", "500"),
        ("/geometry/coordinates/0/1", json!([120, -91]), "geometry.coordinates[0][1][1]", "-91"),
        ("/geometry/coordinates/0/2", json!(["120", 30]), "geometry.coordinates[0][2]", "a list of 2"),
        ("/geometry/coordinates/0/2", json!([120]), "geometry.coordinates[0][2]", "a list of 1"),
        ("/geometry/coordinates/0/2", json!([null, null]), "geometry.coordinates[0][2]", "a list of 2"),
        ("/geometry/coordinates/0/2", json!("NaN"), "geometry.coordinates[0][2]", "\"NaN\""),
        (ring, json!([]), "geometry.coordinates[0]", "a ring of 0 distinct corners"),
        (ring, json!([[0, 0], [1, 1], [0, 0]]), "geometry.coordinates[0]", "a ring of 2 distinct corners"),
        (
            ring,
            json!([[0, 0], [1, 1], [2, 2], [0, 0]]),
            "geometry.coordinates[0]",
            "a ring that encloses nothing",
        ),
        (ring, eight, "geometry.coordinates[0]", "a ring that crosses itself near 1, 1"),
        (ring, json!({}), "geometry.coordinates[0]", "an object"),
        ("/geometry/coordinates", json!([]), "geometry.coordinates", "an empty list"),
        ("/geometry/coordinates", json!(null), "geometry.coordinates", "nothing"),
        ("/geometry/type", json!("LineString"), "geometry.type", "\"LineString\""),
        ("/geometry", json!(null), "geometry", "null"),
        (
            "/geometry",
            json!({"type": "GeometryCollection", "geometries": []}),
            "geometry.geometries",
            "an empty list",
        ),
        (layer, json!("120 m"), "geometry.layer", "\"120 m\""),
        ("/geometry/layer/upper", json!("high"), "geometry.layer.upper", "\"high\""),
        ("/geometry/layer/upper", json!("inf"), "geometry.layer.upper", "\"inf\""),
        ("/geometry/layer/upper", json!([120]), "geometry.layer.upper", "a list of 1"),
        (
            "/geometry/layer/lower",
            json!(121),
            "geometry.layer",
            "a lower limit of 121 m above an upper limit of 120 m",
        ),
        ("/geometry/layer/uom", json!("furlong"), "geometry.layer.uom", "\"furlong\""),
        ("/geometry/layer/upperReference", json!("FL"), "geometry.layer.upperReference", "\"FL\""),
        ("/properties/identifier", json!(""), "properties.identifier", "\"\""),
        ("/properties/identifier", json!(null), "properties.identifier", "nothing"),
        ("/properties/identifier", json!([1]), "properties.identifier", "a list of 1"),
        ("/properties/type", json!("CLOSED"), "properties.type", "\"CLOSED\""),
        ("/properties/type", json!(7), "properties.type", "7"),
        ("/properties/variant", json!("RARE"), "properties.variant", "\"RARE\""),
        ("/properties/country", json!(86), "properties.country", "86"),
        ("/properties/name", json!([7]), "properties.name[0]", "7"),
        ("/properties/zoneAuthority", json!([7]), "properties.zoneAuthority[0]", "7"),
        (
            "/properties/zoneAuthority/0/purpose",
            json!("TEA"),
            "properties.zoneAuthority[0].purpose",
            "\"TEA\"",
        ),
        ("/properties/extendedProperties", json!("x"), "properties.extendedProperties", "\"x\""),
        (
            "/properties/extendedProperties/exempt_missions",
            json!(["LOGISTICS"]),
            "properties.extendedProperties.exempt_missions[0]",
            "\"LOGISTICS\"",
        ),
        (period, json!(7), "properties.limitedApplicability[0]", "7"),
        (
            "/properties/limitedApplicability/0/startDateTime",
            json!("tomorrow"),
            "properties.limitedApplicability[0].startDateTime",
            "\"tomorrow\"",
        ),
        (
            "/properties/limitedApplicability/0/startDateTime",
            json!("2026-02-30T00:00:00Z"),
            "properties.limitedApplicability[0].startDateTime",
            "\"2026-02-30T00:00:00Z\"",
        ),
        (
            "/properties/limitedApplicability/0/endDateTime",
            json!("2025-01-01T00:00:00Z"),
            "properties.limitedApplicability[0].endDateTime",
            "\"2025-01-01T00:00:00Z\"",
        ),
        (
            "/properties/limitedApplicability/0/schedule/0/day/0",
            json!("FUNDAY"),
            "properties.limitedApplicability[0].schedule[0].day[0]",
            "\"FUNDAY\"",
        ),
        (
            "/properties/limitedApplicability/0/schedule/0/startTime",
            json!("25:00"),
            "properties.limitedApplicability[0].schedule[0].startTime",
            "\"25:00\"",
        ),
    ] {
        let error = read_text(&ed318_with(path, value.clone())).unwrap_err();
        assert_eq!(error.faults.len(), 1, "{error}");
        let fault = &error.faults[0];
        assert_eq!((fault.field.as_str(), fault.found.as_str()), (field, found), "{error}");
        assert_eq!(fault.index, Some(0));
        if path != "/properties/identifier" {
            assert_eq!(fault.identifier.as_deref(), Some("LAKE"), "{error}");
        }

        // Leniently the zone is closed, or left out where it has no outline; nothing else is lost.
        let file = lenient(&ed318_with(path, value));
        assert_eq!(file.zones.len() + file.left_out, 1, "{path}");
        assert!(!file.warnings.is_empty());
        if let Some(zone) = file.zones.first()
            && !file.warnings[0].text.contains("crosses itself")
        {
            assert_eq!(zone.restriction, Restriction::Prohibited, "{path}");
            assert_eq!((&zone.applicability, zone.exempt_missions), (&Applicability::Always, Missions::NONE));
            assert_eq!(zone.layers[0].limits, Limits::UNBOUNDED);
            assert!(!zone.identifier.is_empty());
        }
        let outlineless = path.starts_with("/geometry") && !path.starts_with(layer);
        let crossing = file.warnings.iter().any(|warning| warning.text.contains("crosses itself"));
        assert_eq!(file.left_out, usize::from(outlineless && !crossing), "{path}");
    }
}

#[test]
fn an_unchanged_feature_is_read() {
    let zone = &read_text(&ed318_with("", Value::Null)).unwrap().zones[0];
    assert_eq!(zone.restriction, Restriction::Conditional);
    let Applicability::Periods(periods) = &zone.applicability else { panic!("periods") };
    let Some(DayEdge::Clock(end)) = periods[0].schedule[0].end else { panic!("a clock") };
    assert_eq!(end.millis, 86_400_000);
}

#[test]
fn documents_that_hold_no_airspace_are_refused() {
    for (text, found) in [
        ("", "an empty file"),
        (" \n\t", "an empty file"),
        ("\u{feff}", "an empty file"),
        ("[]", "an empty list"),
        ("[1, 2]", "a list of 2"),
        ("{}", "an empty object"),
        ("42", "text that starts with \"42\""),
        ("null", "text that starts with \"null\""),
        (r#"{"features": {}}"#, "features: found an object"),
        (r#"{"type": "FeatureCollection"}"#, "features: found nothing"),
        (r#"{"UASZoneList": 7}"#, "UASZoneList: found 7"),
        (r#"{"type": "FeatureCollection", "features": [7, null]}"#, "feature 1: found null"),
        (r#"{"type": "FeatureCollection", "features": [{}]}"#, "feature 0: geometry: found nothing"),
        (r#"{"type": "Topology", "objects": {}}"#, "TopoJSON"),
        (r#"{"type": "LineString", "coordinates": []}"#, "a geometry by itself that is no polygon"),
        ("{\"features\": [\n{\"a\": NaN}]}", "line 2, column 7: found something that is no JSON value"),
        ("{\"features\": [1e400]}", "line 1, column 19: found number out of range"),
        (r#"{"features": [], "features": [7]}"#, "column 27: found the member \"features\" a second time"),
        ("{\"features\": [", "line 1, column 14: found EOF"),
        ("<?xml version=\"1.0\"?><kml>", "KML"),
        ("<html><body>404</body></html>", "a web page"),
        ("\u{0}\u{1}\u{2}\u{3}", "binary data"),
        ("PK\u{3}\u{4}archive\u{0}", "binary data"),
    ] {
        let error = read_text(text).unwrap_err().to_string();
        assert!(error.starts_with("zones.json: ") && error.contains(found), "{text:?}: {error}");
    }
    let deep = "[".repeat(100_000);
    assert!(
        read_text(&format!("{{\"features\": {deep}")).unwrap_err().to_string().contains("recursion limit")
    );
    for utf16 in [&[0xFF, 0xFE, b'{', 0][..], &[b'{', 0, b'}', 0], &[0xFE, 0xFF, 0, b'{']] {
        let error = read_airspace("x", utf16, &ReadOptions::default()).unwrap_err().to_string();
        assert!(error.contains("UTF-16"), "{error}");
    }
    assert!(read_airspace("x", b"{\"a\": \"\xff\"}", &ReadOptions::default()).is_err());
}

#[test]
fn every_truncation_is_refused() {
    let whole = ed318_with("", Value::Null);
    for end in 0..whole.len() {
        assert!(read_text(&whole[..end]).is_err(), "{end}");
    }
}

#[test]
fn all_faults_are_collected_and_the_first_twenty_kept() {
    let feature = r#"{"type": "Feature", "properties": {"restriction": "NO"}, "geometry": null}"#;
    let text = format!(r#"{{"type": "FeatureCollection", "features": [{}]}}"#, vec![feature; 30].join(","));
    let error = read_text(&text).unwrap_err();
    assert_eq!((error.faults.len(), error.more), (20, 40));
    assert!(error.to_string().ends_with("and 40 more"));
}

#[test]
fn plain_geojson_is_closed_unless_it_says_otherwise() {
    let file = read_text(
        r#"{"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": null, "geometry":
                {"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1]]]}},
            {"type": "Feature", "id": 7, "properties": {"restriction": "CONDITIONAL", "radius_m": 50, "upper_m": 100,
                "upper_reference": "AMSL", "lower_m": 10, "start": "2026-01-01T00:00:00+08:00", "name": "Pier"},
                "geometry": {"type": "Point", "coordinates": [1, 2, 99]}}]}"#,
    )
    .unwrap();
    assert_eq!(file.warnings.len(), 1);
    let (first, second) = (&file.zones[0], &file.zones[1]);
    assert_eq!((first.identifier.as_str(), first.restriction), ("#0", Restriction::Prohibited));
    assert_eq!(first.layers[0].limits, Limits::UNBOUNDED);
    assert_eq!((second.identifier.as_str(), second.title()), ("7", "Pier"));
    assert!(matches!(second.layers[0].limits.upper, Some(Height::Amsl(_))));
    assert!(matches!(second.layers[0].limits.lower, Some(Height::Agl(_))));
    let Applicability::Periods(periods) = &second.applicability else { panic!("a period") };
    assert_eq!(periods[0].start.unwrap().millis(), 1_767_196_800_000);
}

#[test]
fn a_text_without_its_language_is_read_with_a_warning() {
    let file =
        read_text(&ed318_with("/properties/name", serde_json::json!([{"text": "Lake"}, "See"]))).unwrap();
    assert_eq!((file.zones[0].title(), file.zones[0].name[1].text.as_str()), ("Lake", "See"));
    assert_eq!(file.warnings.len(), 1);
    assert_eq!(
        file.warnings[0].to_string(),
        "feature 0 (LAKE): properties.name[0]: has no lang: read as of no language"
    );
}

#[test]
fn a_polygon_by_itself_is_a_closed_zone() {
    let file = read_text(r#"{"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1],[0,0]]]}"#).unwrap();
    assert_eq!((file.zones[0].restriction, file.warnings.len()), (Restriction::Prohibited, 1));
}

#[test]
fn a_layer_on_the_collection_is_inherited() {
    let part =
        |layer: &str| format!(r#"{{"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1],[0,0]]]{layer}}}"#);
    let text = format!(
        r#"{{"type": "Feature", "properties": {{"identifier": "A", "type": "PROHIBITED"}}, "geometry":
            {{"type": "GeometryCollection", "layer": {{"upper": 100, "uom": "ft"}}, "geometries": [{}, {}]}}}}"#,
        part(""),
        part(r#", "layer": {"upper": 50}"#)
    );
    let layers = &read_text(&text).unwrap().zones[0].layers;
    assert_eq!(layers[0].limits.upper.unwrap().metres(), 100.0 * 0.3048);
    assert_eq!(layers[1].limits.upper.unwrap().metres(), 50.0);
}

#[test]
fn heights_above_the_ellipsoid_become_heights_above_the_sea() {
    // The geoid lies about 10 m above the ellipsoid at Jiaxing.
    let geoid = crate::geoid::undulation_m(LonLat::new(120.05, 30.05).unwrap());
    let text = ed318_with(
        "/geometry/layer",
        serde_json::json!({"lower": 100, "lowerReference": "WGS84", "upper": 200, "upperReference": "WGS84"}),
    );
    let limits = read_text(&text).unwrap().zones[0].layers[0].limits;
    let (lower, upper) = limits.amsl_over(0.0);
    // To the safe side, by the slope of the geoid over the outline.
    assert!(lower <= 100.0 - geoid && lower > 98.0 - geoid, "{lower} {geoid}");
    assert!(upper >= 200.0 - geoid && upper < 202.0 - geoid, "{upper} {geoid}");
    assert!(matches!(limits.lower, Some(Height::Amsl(_))));
}

#[test]
fn coordinates_of_web_maps_are_turned_into_wgs84() {
    let drawn = serde_json::json!([
        [120.7643184, 30.7507023],
        [120.8, 30.75],
        [120.8, 30.8],
        [120.7643184, 30.7507023]
    ]);
    let text = ed318_with("/geometry/coordinates/0", drawn);
    let options = ReadOptions { crs: Crs::Gcj02, ..ReadOptions::default() };
    let file = read_airspace("amap.json", text.as_bytes(), &options).unwrap();
    let place = file.zones[0].layers[0].outline.place();
    assert!((place.lon() - 120.76).abs() < 1e-6 && (place.lat() - 30.753).abs() < 1e-6, "{place:?}");
}

#[test]
fn a_readable_part_of_a_broken_zone_stays_closed() {
    let text = r#"{"type": "Feature", "properties": {"identifier": "A", "type": "NO_RESTRICTION"}, "geometry":
        {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1],[0,0]]], "layer": {"upper": 9}},
            {"type": "Polygon", "coordinates": [[[0,0],[1,900],[1,1],[0,0]]], "layer": {"upper": 9}}]}}"#;
    assert_eq!(read_text(text).unwrap_err().faults[0].field, "geometry.geometries[1].coordinates[0][1][1]");
    let file = lenient(text);
    assert_eq!((file.zones[0].layers.len(), file.zones[0].restriction), (1, Restriction::Prohibited));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever happens to a file, it is read whole or refused with a reason, and what is read is fit for the engine.
    #[test]
    fn damaged_files_are_read_whole_or_refused(
        file in 0..GOOD.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
        lenient: bool,
    ) {
        let mut bytes = bytes_of(GOOD[file].0);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        fit_or_refused(&bytes, lenient)?;
    }

    /// The same with values of another kind in place of those that are there.
    #[test]
    fn replaced_values_are_read_whole_or_refused(
        file in 0..GOOD.len(),
        seeds in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        kinds in prop::collection::vec(0..VALUES.len(), 4),
        lenient: bool,
    ) {
        let bytes = bytes_of(GOOD[file].0);
        let text = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(&bytes);
        let mut document: Value = serde_json::from_slice(text).unwrap();
        for (seed, kind) in seeds.iter().zip(kinds) {
            let mut places = Vec::new();
            paths(&document, String::new(), &mut places);
            let place = &places[seed.index(places.len())];
            *document.pointer_mut(place).unwrap() = serde_json::from_str(VALUES[kind]).unwrap();
        }
        fit_or_refused(document.to_string().as_bytes(), lenient)?;
    }
}

const VALUES: [&str; 12] = [
    "null",
    "{}",
    "[]",
    "-1",
    "1e300",
    "\"\"",
    "\"中\"",
    "true",
    "[[[0,0]]]",
    "99999",
    "\"2026-13-01T00:00Z\"",
    "18446744073709551615",
];

fn paths(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| {
                paths(value, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found)
            });
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, value)| paths(value, format!("{at}/{n}"), found))
        }
        _ => {}
    }
    found.push(at);
}

fn fit_or_refused(bytes: &[u8], lenient: bool) -> Result<(), TestCaseError> {
    let options = ReadOptions { lenient, ..ReadOptions::default() };
    match read_airspace("damaged", bytes, &options) {
        Err(error) => {
            prop_assert!(!error.faults.is_empty() && error.faults.len() <= ReadError::MOST);
            prop_assert!(error.to_string().starts_with("damaged: "));
        }
        Ok(file) => {
            for zone in &file.zones {
                prop_assert!(!zone.identifier.is_empty() && !zone.layers.is_empty());
                for layer in &zone.layers {
                    match &layer.outline {
                        Outline::Circle { radius_m, .. } => {
                            prop_assert!(*radius_m > 0.0 && radius_m.is_finite())
                        }
                        Outline::Polygons(polygons) => {
                            prop_assert!(!polygons.is_empty());
                            for ring in polygons
                                .iter()
                                .flat_map(|polygon| std::iter::once(&polygon.exterior).chain(&polygon.holes))
                            {
                                prop_assert!(ring.len() >= 4 && ring.first() == ring.last());
                            }
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

mod by_hand;
