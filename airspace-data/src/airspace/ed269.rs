//! ED-269 JSON: a list of zones, each with a list of volumes as its geometry.
//!
//! EUROCAE ED-269, "Minimum Operational Performance Standard for UAS Geo-Fencing", annex on the exchange format.
//! What feeds do beyond it is read too: a `UASZoneList` around it, limits as texts, `dailyPeriod` for `schedule`.

use serde_json::Value;
use tianlu_engine::airspace::{Applicability, Variant, Zone};

use super::ed318::{read_country, read_region, read_restriction};
use super::findings::{At, Findings, describe};
use super::json::{Object, given, identifier, list, list_or_one, object, optional_text, word};
use super::labels::{read_authorities, read_extended, read_reasons, read_texts, read_yes_no};
use super::limits::{End, read_limit, read_limits, read_reference, read_unit};
use super::outline::Drawing;
use super::times::read_period;
use super::zone_reader::Draft;

/// The members of a zone that the standard knows.
const MEMBERS: [&str; 19] = [
    "identifier",
    "country",
    "name",
    "type",
    "restriction",
    "restrictionConditions",
    "region",
    "reason",
    "otherReasonInfo",
    "regulationExemption",
    "uSpaceClass",
    "message",
    "applicability",
    "zoneAuthority",
    "geometry",
    "extendedProperties",
    "additionalProperties",
    "metaData",
    "dataSource",
];

const VARIANTS: [(&str, Variant); 2] = [("COMMON", Variant::Common), ("CUSTOMIZED", Variant::Customized)];

/// Reads a zone.
pub(super) fn read_feature(feature: &Object, mut findings: Findings, drawing: Drawing) -> Draft {
    findings.identifier = feature.get("identifier").and_then(Value::as_str).map(str::to_owned);
    let mut draft = Draft::new(findings);
    read_members(feature, &At::Top, &mut draft.zone, &mut draft.findings);
    for name in feature.keys().filter(|name| !MEMBERS.contains(&name.as_str())) {
        draft.findings.pass_over(&At::Top.member(name));
    }
    let at = At::Top.member("geometry");
    let Some(value) = given(feature, "geometry") else {
        draft.findings.fault(&at, "nothing", "a list of volumes");
        return draft;
    };
    let volumes = list(value, &at, &mut draft.findings).unwrap_or_default();
    if volumes.is_empty() && value.is_array() {
        draft.findings.fault(&at, describe(value), "at least one volume");
    }
    for (index, volume) in volumes.iter().enumerate() {
        let at = at.item(index);
        if let Some(volume) = object(volume, &at, &mut draft.findings) {
            read_volume(volume, &at, drawing, &mut draft);
        }
    }
    draft
}

/// Reads what a zone says beside its geometry.
pub(super) fn read_members(members: &Object, at: &At, zone: &mut Zone, findings: &mut Findings) {
    let identifier_at = at.member("identifier");
    match given(members, "identifier") {
        Some(value) => zone.identifier = identifier(value, &identifier_at, findings).unwrap_or_default(),
        None => findings.fault(&identifier_at, "nothing", "an identifier, a text"),
    }
    zone.country = read_country(members, at, findings);
    zone.name = read_texts(members, "name", at, findings);
    if let Some(restriction) = read_restriction(members, "restriction", at, findings) {
        zone.restriction = restriction;
    }
    if let Some(value) = given(members, "type") {
        zone.variant = word(value, &VARIANTS, &at.member("type"), findings).unwrap_or_default();
    }
    zone.restriction_conditions = read_conditions(members, at, findings);
    zone.region = read_region(members, at, findings);
    zone.reason = read_reasons(members, "reason", at, findings);
    zone.other_reason_info = read_texts(members, "otherReasonInfo", at, findings);
    zone.regulation_exemption = read_yes_no(members, "regulationExemption", at, findings);
    zone.message = read_texts(members, "message", at, findings);
    zone.authorities = read_authorities(members, at, findings);
    zone.applicability = read_applicability(members, at, findings);
    (zone.exempt_missions, zone.extended) = read_extended(members, at, findings);
}

/// The conditions, one text or a list of them.
fn read_conditions(members: &Object, at: &At, findings: &mut Findings) -> Option<String> {
    match given(members, "restrictionConditions") {
        Some(Value::Array(_)) => {
            let texts = read_texts(members, "restrictionConditions", at, findings);
            let joined: Vec<String> = texts.into_iter().map(|text| text.text).collect();
            (!joined.is_empty()).then(|| joined.join("; "))
        }
        _ => optional_text(members, "restrictionConditions", at, findings),
    }
}

/// Reads when a zone applies. Any period that is permanent, or no period at all, is always.
pub(super) fn read_applicability(members: &Object, at: &At, findings: &mut Findings) -> Applicability {
    let at = at.member("applicability");
    let Some(value) = given(members, "applicability") else { return Applicability::Always };
    let entries = list_or_one(value);
    let mut periods = Vec::new();
    let mut permanent = entries.is_empty();
    for (index, entry) in entries.iter().enumerate() {
        let at = at.item(index);
        let Some(entry) = object(entry, &at, findings) else { continue };
        let forever = given(entry, "permanent").and_then(|value| match value {
            Value::Bool(yes) => Some(*yes),
            _ => word(value, &[("YES", true), ("NO", false)], &at.member("permanent"), findings),
        });
        permanent |= forever == Some(true);
        periods.push(read_period(entry, &at, findings));
    }
    if permanent { Applicability::Always } else { Applicability::Periods(periods) }
}

fn read_volume(volume: &Object, at: &At, drawing: Drawing, draft: &mut Draft) {
    let findings = &mut draft.findings;
    let to_metres = read_unit(given(volume, "uomDimensions"), &at.member("uomDimensions"), findings);
    let shape_at = at.member("horizontalProjection");
    let shape = match given(volume, "horizontalProjection") {
        Some(value) => object(value, &shape_at, findings),
        None => {
            findings.fault(&shape_at, "nothing", "a Circle or a Polygon");
            None
        }
    };
    let outline = shape.and_then(|shape| read_shape(shape, to_metres, &shape_at, drawing, findings));
    let limits = read_volume_limits(volume, to_metres, at, findings);
    let limits = read_limits(limits.0, limits.1, outline.as_ref(), at, findings);
    draft.push(outline, limits);
}

/// Reads the two limits of a volume.
pub(super) fn read_volume_limits(
    volume: &Object,
    to_metres: f64,
    at: &At,
    findings: &mut Findings,
) -> (Option<super::limits::Written>, Option<super::limits::Written>) {
    let mut limit = |end, name, reference_name| {
        let reference = read_reference(given(volume, reference_name), &at.member(reference_name), findings);
        read_limit(given(volume, name), end, to_metres, reference, &at.member(name), findings)
    };
    let lower = limit(End::Lower, "lowerLimit", "lowerVerticalReference");
    (lower, limit(End::Upper, "upperLimit", "upperVerticalReference"))
}

fn read_shape(
    shape: &Object,
    to_metres: f64,
    at: &At,
    drawing: Drawing,
    findings: &mut Findings,
) -> Option<tianlu_engine::airspace::Outline> {
    if given(shape, "type").and_then(Value::as_str) != Some("Circle") {
        return drawing.outline(shape, None, &at.member("radius"), at, findings);
    }
    let (centre_at, radius_at) = (at.member("center"), at.member("radius"));
    let Some(centre) = given(shape, "center") else {
        findings.fault(&centre_at, "nothing", "a position [longitude, latitude]");
        return None;
    };
    drawing.circle(centre, &centre_at, given(shape, "radius"), to_metres, &radius_at, findings)
}
