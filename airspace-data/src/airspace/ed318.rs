//! ED-318: GeoJSON whose geometries carry `layer` and `extent`.
//!
//! EUROCAE ED-318, "Technical Specification for Geographical Zones and U-Space Data Provision and Exchange", in the
//! JSON schema published with it. Heights are metres unless `uom` says feet; the radius of a circle is metres always.

use serde_json::Value;
use tianlu_engine::airspace::{Restriction, Variant, Zone};

use super::findings::{At, Findings, describe};
use super::json::{Object, given, identifier, list, object, one_of, optional_text, word};
use super::labels::{read_authorities, read_extended, read_reasons, read_texts, read_yes_no};
use super::limits::{End, read_limit, read_limits, read_reference, read_unit};
use super::outline::Drawing;
use super::times::{read_instant, read_periods};
use super::zone_reader::Draft;

/// The members of `properties` that the standard knows.
const PROPERTIES: [&str; 15] = [
    "identifier",
    "country",
    "name",
    "type",
    "variant",
    "restrictionConditions",
    "region",
    "reason",
    "otherReasonInfo",
    "regulationExemption",
    "message",
    "zoneAuthority",
    "limitedApplicability",
    "dataSource",
    "extendedProperties",
];

const VARIANTS: [(&str, Variant); 2] = [("COMMON", Variant::Common), ("CUSTOMIZED", Variant::Customized)];

/// Does a feature look like one of ED-318?
pub(super) fn is_feature(feature: &Object) -> bool {
    let is_layered = |geometry: &Value| geometry.get("layer").is_some() || geometry.get("extent").is_some();
    let layered = feature.get("geometry").is_some_and(|geometry| {
        is_layered(geometry)
            || geometry
                .get("geometries")
                .and_then(Value::as_array)
                .is_some_and(|parts| parts.iter().any(is_layered))
    });
    let properties = feature.get("properties").and_then(Value::as_object);
    layered
        || properties.is_some_and(|properties| {
            properties.contains_key("variant")
                || properties.get("type").and_then(Value::as_str).and_then(Restriction::parse).is_some()
        })
}

/// Checks what a collection says of itself.
pub(super) fn check_collection(document: &Object, findings: &mut Findings) {
    let at = At::Top.member("metadata");
    if let Some(metadata) = given(document, "metadata").and_then(|value| object(value, &at, findings)) {
        for name in ["validFrom", "validTo", "issued"] {
            read_instant(metadata, name, &at, findings);
        }
    }
}

/// Reads a feature.
pub(super) fn read_feature(feature: &Object, mut findings: Findings, drawing: Drawing) -> Draft {
    let at = At::Top.member("properties");
    let nothing = Object::new();
    let properties = match feature.get("properties") {
        Some(value) => object(value, &at, &mut findings).unwrap_or(&nothing),
        None => {
            findings.fault(&at, "nothing", "an object");
            &nothing
        }
    };
    findings.identifier = properties.get("identifier").and_then(Value::as_str).map(str::to_owned);
    let mut draft = Draft::new(findings);
    read_properties(properties, &at, &mut draft.zone, &mut draft.findings);

    let at = At::Top.member("geometry");
    match feature.get("geometry") {
        Some(Value::Object(geometry)) => read_geometry(geometry, None, &at, drawing, &mut draft),
        other => {
            let found = other.map_or("nothing".to_owned(), describe);
            draft.findings.fault(&at, found, "a geometry");
        }
    }
    draft
}

fn read_properties(properties: &Object, at: &At, zone: &mut Zone, findings: &mut Findings) {
    let identifier_at = at.member("identifier");
    match given(properties, "identifier") {
        Some(value) => zone.identifier = identifier(value, &identifier_at, findings).unwrap_or_default(),
        None => findings.fault(&identifier_at, "nothing", "an identifier, a text"),
    }
    zone.country = read_country(properties, at, findings);
    zone.name = read_texts(properties, "name", at, findings);
    if let Some(restriction) = read_restriction(properties, "type", at, findings) {
        zone.restriction = restriction;
    }
    if let Some(value) = given(properties, "variant") {
        zone.variant = word(value, &VARIANTS, &at.member("variant"), findings).unwrap_or_default();
    }
    zone.restriction_conditions = optional_text(properties, "restrictionConditions", at, findings);
    zone.region = read_region(properties, at, findings);
    zone.reason = read_reasons(properties, "reason", at, findings);
    zone.other_reason_info = read_texts(properties, "otherReasonInfo", at, findings);
    zone.regulation_exemption = read_yes_no(properties, "regulationExemption", at, findings);
    zone.message = read_texts(properties, "message", at, findings);
    zone.authorities = read_authorities(properties, at, findings);
    if let Some(value) = given(properties, "limitedApplicability") {
        zone.applicability = read_periods(value, &at.member("limitedApplicability"), findings);
    }
    (zone.exempt_missions, zone.extended) = read_extended(properties, at, findings);
    for name in properties.keys().filter(|name| !PROPERTIES.contains(&name.as_str())) {
        findings.pass_over(&at.member(name));
    }
}

/// Reads what a zone asks, under the name that the format gives it.
pub(super) fn read_restriction(
    properties: &Object,
    name: &str,
    at: &At,
    findings: &mut Findings,
) -> Option<Restriction> {
    let value = given(properties, name);
    let restriction = value.and_then(Value::as_str).and_then(|text| Restriction::parse(text.trim()));
    if restriction.is_none() {
        let found = value.map_or("nothing".to_owned(), describe);
        findings.fault(&at.member(name), found, one_of(&Restriction::ALL.map(Restriction::as_str)));
    }
    restriction
}

/// Reads a country; `XXX` stands for none.
pub(super) fn read_country(properties: &Object, at: &At, findings: &mut Findings) -> String {
    let country = optional_text(properties, "country", at, findings).unwrap_or_default();
    if !country.is_empty() && country.chars().count() != 3 {
        findings.warn(format!("{}: found {country:?}, expected three letters: kept", at.member("country")));
    }
    if country == NO_COUNTRY { String::new() } else { country }
}

/// Written where the standard insists on a country and none is known.
pub(super) const NO_COUNTRY: &str = "XXX";

/// Reads the number of a region.
pub(super) fn read_region(properties: &Object, at: &At, findings: &mut Findings) -> Option<i64> {
    let value = given(properties, "region").filter(|value| value.as_str() != Some(""))?;
    let region = value.as_i64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
    if region.is_none() {
        findings.fault(&at.member("region"), describe(value), "a whole number");
    }
    region
}

/// Reads a geometry, its parts if it is a collection. A part without a `layer` has that of the collection.
fn read_geometry(
    geometry: &Object,
    inherited: Option<&Object>,
    at: &At,
    drawing: Drawing,
    draft: &mut Draft,
) {
    let layer_at = at.member("layer");
    let layer = given(geometry, "layer")
        .and_then(|value| object(value, &layer_at, &mut draft.findings))
        .or(inherited);
    if given(geometry, "type").and_then(Value::as_str) == Some("GeometryCollection") {
        let at = at.member("geometries");
        let Some(value) = given(geometry, "geometries") else {
            draft.findings.fault(&at, "nothing", "a list of geometries");
            return;
        };
        let parts = list(value, &at, &mut draft.findings).unwrap_or_default();
        if parts.is_empty() {
            draft.findings.fault(&at, describe(value), "at least one geometry");
        }
        for (index, part) in parts.iter().enumerate() {
            let at = at.item(index);
            if let Some(part) = object(part, &at, &mut draft.findings) {
                read_geometry(part, layer, &at, drawing, draft);
            }
        }
        return;
    }
    let findings = &mut draft.findings;
    let extent_at = at.member("extent");
    let radius_at = extent_at.member("radius");
    let extent = given(geometry, "extent").and_then(|value| object(value, &extent_at, findings));
    if let Some(kind) = extent.and_then(|extent| given(extent, "subType"))
        && kind.as_str() != Some("Circle")
    {
        findings.fault(&extent_at.member("subType"), describe(kind), "Circle");
    }
    let radius = extent.and_then(|extent| given(extent, "radius"));
    let outline = drawing.outline(geometry, radius, &radius_at, at, findings);
    let nothing = Object::new();
    let layer = layer.unwrap_or(&nothing);
    let to_metres = read_unit(given(layer, "uom"), &layer_at.member("uom"), findings);
    let mut limit = |end, name, reference_name| {
        let reference =
            read_reference(given(layer, reference_name), &layer_at.member(reference_name), findings);
        read_limit(given(layer, name), end, to_metres, reference, &layer_at.member(name), findings)
    };
    let lower = limit(End::Lower, "lower", "lowerReference");
    let upper = limit(End::Upper, "upper", "upperReference");
    let limits = read_limits(lower, upper, outline.as_ref(), &layer_at, findings);
    draft.push(outline, limits);
}
