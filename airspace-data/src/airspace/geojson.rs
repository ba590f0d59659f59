//! Plain GeoJSON: polygons, multipolygons, and points with `radius_m`, with a few properties.

use serde_json::Value;
use tianlu_engine::airspace::{Applicability, Period};

use super::ed318::read_restriction;
use super::findings::{At, Findings, describe};
use super::json::{Object, given, identifier, object};
use super::labels::{read_extended, read_texts};
use super::limits::{End, read_limit, read_limits, read_reference};
use super::outline::Drawing;
use super::times::read_instant;
use super::zone_reader::Draft;

/// The properties that have a meaning.
const PROPERTIES: [&str; 12] = [
    "identifier",
    "id",
    "name",
    "restriction",
    "lower_m",
    "upper_m",
    "lower_reference",
    "upper_reference",
    "start",
    "end",
    "radius_m",
    "extendedProperties",
];

/// Reads a feature. `PROHIBITED` at all heights and times unless its properties say otherwise.
pub(super) fn read_feature(feature: &Object, mut findings: Findings, drawing: Drawing) -> Draft {
    let at = At::Top.member("properties");
    let nothing = Object::new();
    let properties =
        given(feature, "properties").and_then(|value| object(value, &at, &mut findings)).unwrap_or(&nothing);
    let identifier = read_identifier(feature, properties, &mut findings);
    findings.identifier = given(properties, "identifier").or(given(feature, "id")).and(identifier.clone());
    let mut draft = Draft::new(findings);
    let (zone, findings) = (&mut draft.zone, &mut draft.findings);
    zone.identifier = identifier.unwrap_or_default();
    zone.name = read_texts(properties, "name", &at, findings);
    if given(properties, "restriction").is_some()
        && let Some(restriction) = read_restriction(properties, "restriction", &at, findings)
    {
        zone.restriction = restriction;
    }
    zone.applicability = read_validity(properties, &at, findings);
    (zone.exempt_missions, zone.extended) = read_extended(properties, &at, findings);
    for name in properties.keys().filter(|name| !PROPERTIES.contains(&name.as_str())) {
        findings.pass_over(&at.member(name));
    }

    let radius_at = at.member("radius_m");
    let geometry_at = At::Top.member("geometry");
    let outline = match feature.get("geometry") {
        Some(Value::Object(geometry)) => {
            drawing.outline(geometry, given(properties, "radius_m"), &radius_at, &geometry_at, findings)
        }
        other => {
            let found = other.map_or("nothing".to_owned(), describe);
            findings.fault(&geometry_at, found, "a geometry");
            None
        }
    };
    let mut limit = |end, name, reference_name| {
        let reference =
            read_reference(given(properties, reference_name), &at.member(reference_name), findings);
        read_limit(given(properties, name), end, 1.0, reference, &at.member(name), findings)
    };
    let lower = limit(End::Lower, "lower_m", "lower_reference");
    let upper = limit(End::Upper, "upper_m", "upper_reference");
    let limits = read_limits(lower, upper, outline.as_ref(), &at, findings);
    draft.push(outline, limits);
    draft
}

/// The identifier: a property, else the feature's own, else the place in the file.
fn read_identifier(feature: &Object, properties: &Object, findings: &mut Findings) -> Option<String> {
    let at = At::Top.member("properties");
    if let Some(value) = given(properties, "identifier") {
        identifier(value, &at.member("identifier"), findings)
    } else if let Some(value) = given(feature, "id") {
        identifier(value, &At::Top.member("id"), findings)
    } else if let Some(value) = given(properties, "id") {
        identifier(value, &at.member("id"), findings)
    } else {
        Some(format!("#{}", findings.index.unwrap_or(0)))
    }
}

/// `start` and `end` as one period.
fn read_validity(properties: &Object, at: &At, findings: &mut Findings) -> Applicability {
    let start = read_instant(properties, "start", at, findings);
    let end = read_instant(properties, "end", at, findings);
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        let found = properties.get("end").map(describe).unwrap_or_default();
        findings.fault(&at.member("end"), found, "an end that is not before start");
    }
    if start.is_none() && end.is_none() {
        Applicability::Always
    } else {
        Applicability::Periods(vec![Period { start, end, schedule: Vec::new() }])
    }
}
