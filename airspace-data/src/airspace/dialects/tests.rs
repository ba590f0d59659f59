#![allow(clippy::unwrap_used, reason = "tests")]

use tianlu_engine::airspace::{Applicability, Outline, Restriction};
use tianlu_engine::frame::{Agl, Height};

use super::Dialects;
use crate::airspace::{AirspaceFile, ReadOptions, read_airspace};
use crate::error::ReadError;

fn sample(name: &str) -> AirspaceFile {
    let path = format!("{}/tests/data/airspace/national-samples/{name}", env!("CARGO_MANIFEST_DIR"));
    read_airspace(name, &std::fs::read(path).unwrap(), &ReadOptions::default()).unwrap()
}

#[test]
fn danish_zones_have_their_colours_buffers_and_times() {
    let file = sample("dronezoner-dk.json");
    let found: Vec<_> = file.zones.iter().map(|zone| (zone.identifier.as_str(), zone.restriction)).collect();
    use Restriction::{Conditional, ReqAuthorization};
    assert_eq!(
        found,
        [
            ("DK-1", ReqAuthorization),
            ("DK-2", ReqAuthorization),
            ("DK-3", ReqAuthorization),
            ("DK-4", Conditional),
            ("DK-7", Conditional),
            ("DK-5", ReqAuthorization),
            ("DK-6", ReqAuthorization),
            ("DK-8", ReqAuthorization),
        ]
    );
    let radii: Vec<f64> = file
        .zones
        .iter()
        .filter_map(|zone| match zone.layers[0].outline {
            Outline::Circle { radius_m, .. } => Some(radius_m),
            Outline::Polygons(_) => None,
        })
        .collect();
    assert_eq!(radii, [150.0, 2000.0, 3000.0]);
    assert_eq!((file.zones[0].title(), file.zones[0].name[0].lang.as_str()), ("Testlufthavn", "da"));
    assert!(file.zones.iter().all(|zone| zone.country == "DNK" && zone.layers[0].limits.upper.is_none()));
    let Applicability::Periods(periods) = &file.zones[5].applicability else { panic!("a period") };
    assert_eq!(periods[0].start.unwrap().millis(), 1_781_067_600_000); // 2026-06-10T05:00:00Z
    let passed_over: Vec<_> = file.warnings.iter().map(|warning| warning.index).collect();
    assert_eq!(passed_over, [Some(1), Some(9), Some(10)]);
}

#[test]
fn estonian_zones_are_ed269_inside_and_the_viewers_masks_are_passed_over() {
    let file = sample("eans-ee.json");
    let found: Vec<_> = file.zones.iter().map(|zone| zone.identifier.as_str()).collect();
    assert_eq!(found, ["EE901", "EE902", "A990126"]);
    let limits = file.zones[1].layers[0].limits;
    assert_eq!(limits.upper, Some(Height::Agl(Agl::new(6000.0 * 0.3048).unwrap())));
    assert_eq!(file.zones[1].reason, ["NATURE"]);
    assert_eq!(file.zones[0].restriction, Restriction::ReqAuthorization);
    assert_eq!(file.zones[0].applicability, Applicability::Always);
    assert_eq!(file.zones[0].authorities[0].site_url.as_deref(), Some("https://example.invalid/zone"));
    let warnings: Vec<String> = file.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].starts_with("feature 3 (EEGZS9): passed over: hidden"), "{warnings:?}");
    assert!(warnings[1].starts_with("feature 4 (EERZout): passed over: the viewer's mask"), "{warnings:?}");
}

#[test]
fn a_facility_map_authorizes_nothing() {
    let file = sample("faa-uasfm.json");
    assert_eq!(file.zones.len(), 2);
    for zone in &file.zones {
        assert_eq!(zone.restriction, Restriction::ReqAuthorization);
        assert_eq!((zone.layers[0].limits.lower, zone.layers[0].limits.upper), (None, None));
    }
    assert!(file.zones[1].message[0].text.contains("up to 200 ft AGL"));
    assert_eq!(file.zones[1].identifier, "UASFM-2");
}

const LAKES: &str = r#"{"dialects": [{"title": "Lakeland", "source": "lakes.example", "recognise": ["lake", "rule"],
    "identifier": "L-{lake}", "restriction": {"property": "rule", "values": {"keep out": "PROHIBITED"}},
    "upper": {"property": "top", "unit": "ft", "reference": "AGL"}, "end": {"property": "until", "format": "epoch_ms"}}]}"#;

fn lake(rule: &str) -> Result<AirspaceFile, ReadError> {
    let text = format!(
        r#"{{"type": "Feature", "properties": {{"lake": 7, "rule": "{rule}", "top": 100, "until": 1000}},
            "geometry": {{"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1],[0,0]]]}}}}"#
    );
    let options = ReadOptions { dialects: Dialects::with_json(LAKES).unwrap(), ..ReadOptions::default() };
    read_airspace("lakes.json", text.as_bytes(), &options)
}

#[test]
fn a_user_adds_a_dialect() {
    let file = lake("keep out").unwrap();
    let zone = &file.zones[0];
    assert_eq!((zone.identifier.as_str(), zone.restriction), ("L-7", Restriction::Prohibited));
    assert_eq!(zone.layers[0].limits.upper.unwrap().metres(), 100.0 * 0.3048);
    let error = lake("swim").unwrap_err().to_string();
    assert_eq!(error, r#"lakes.json: feature 0 (L-7): properties.rule: found "swim", expected keep out"#);
}

#[test]
fn a_table_that_is_none_is_refused() {
    for (text, part) in [
        ("", "EOF"),
        (r#"{"dialects": [{"title": "x"}]}"#, "missing field"),
        (&LAKES.replace("\"lake\", \"rule\"", ""), "recognise: found an empty list"),
        (&LAKES.replace("PROHIBITED", "CLOSED"), "unknown variant `CLOSED`"),
        (&LAKES.replace("epoch_ms", "stardate"), "unknown variant `stardate`"),
    ] {
        let error = Dialects::with_json(text).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}
