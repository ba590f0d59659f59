//! ED-318 out. It holds all that a zone has.

use serde_json::{Value, json};
use tianlu_engine::airspace::{Authority, Layer, Outline, Text, Variant, YesNo, Zone};

use super::super::ed318::NO_COUNTRY;
use super::super::labels::{NO_LANGUAGE, NO_WORDS, purpose_word};
use super::Losses;
use super::parts::{Object, extended, number, periods, polygons, position, put, put_limits};

/// A collection of all zones.
pub(super) fn document(title: Option<&str>, zones: &[Zone], losses: &mut Losses) -> Value {
    let mut document = Object::new();
    put(&mut document, "type", Some("FeatureCollection"));
    put(&mut document, "name", title);
    let features = zones.iter().enumerate().map(|(index, zone)| feature(zone, index, losses));
    document.insert("features".to_owned(), features.collect());
    Value::Object(document)
}

/// One zone as a feature.
pub(super) fn feature(zone: &Zone, index: usize, losses: &mut Losses) -> Value {
    let geometry = match zone.layers.as_slice() {
        [layer] => geometry(layer),
        layers => {
            json!({"type": "GeometryCollection", "geometries": layers.iter().map(geometry).collect::<Value>()})
        }
    };
    json!({"type": "Feature", "geometry": geometry, "properties": properties(zone, index, losses)})
}

fn properties(zone: &Zone, index: usize, losses: &mut Losses) -> Object {
    let mut properties = Object::new();
    put(&mut properties, "identifier", Some(zone.identifier.as_str()));
    let country = if zone.country.is_empty() { NO_COUNTRY } else { &zone.country };
    put(&mut properties, "country", Some(country));
    put(&mut properties, "name", texts(&zone.name));
    put(&mut properties, "type", Some(zone.restriction.as_str()));
    put(&mut properties, "variant", Some(variant_word(zone.variant)));
    put(&mut properties, "restrictionConditions", zone.restriction_conditions.as_deref());
    put(&mut properties, "region", zone.region);
    put(&mut properties, "reason", (!zone.reason.is_empty()).then(|| json!(zone.reason)));
    put(&mut properties, "otherReasonInfo", texts(&zone.other_reason_info));
    put(&mut properties, "regulationExemption", zone.regulation_exemption.map(yes_no_word));
    put(&mut properties, "message", texts(&zone.message));
    let authorities: Vec<Value> = if zone.authorities.is_empty() {
        vec![authority(&Authority::default())]
    } else {
        zone.authorities.iter().map(authority).collect()
    };
    put(&mut properties, "zoneAuthority", Some(authorities));
    let applicability = periods(&zone.applicability);
    put(&mut properties, "limitedApplicability", applicability.map(|periods| json!(periods)));
    put(&mut properties, "extendedProperties", extended(zone, index, losses));
    properties
}

/// The spelling of a variant.
pub(super) const fn variant_word(variant: Variant) -> &'static str {
    match variant {
        Variant::Common => "COMMON",
        Variant::Customized => "CUSTOMIZED",
    }
}

/// `YES` or `NO`.
pub(super) const fn yes_no_word(answer: YesNo) -> &'static str {
    match answer {
        YesNo::Yes => "YES",
        YesNo::No => "NO",
    }
}

fn texts(texts: &[Text]) -> Option<Value> {
    (!texts.is_empty()).then(|| texts.iter().map(text).collect())
}

fn text(text: &Text) -> Value {
    let lang = if text.lang.is_empty() { NO_LANGUAGE } else { &text.lang };
    json!({"text": text.text, "lang": lang})
}

/// An authority. Where no purpose is known, which the standard insists on, a name without words marks it as filled in.
fn authority(authority: &Authority) -> Value {
    let mut entry = Object::new();
    let mut names: Vec<Value> = authority.name.iter().map(text).collect();
    if authority.purpose.is_none() {
        names.push(json!({"lang": NO_WORDS}));
    }
    put(&mut entry, "name", (!names.is_empty()).then_some(names));
    put(&mut entry, "service", texts(&authority.service));
    put(&mut entry, "contactName", texts(&authority.contact_name));
    put(&mut entry, "siteURL", authority.site_url.as_deref());
    put(&mut entry, "email", authority.email.as_deref());
    put(&mut entry, "phone", authority.phone.as_deref());
    put(&mut entry, "purpose", Some(authority.purpose.map_or("INFORMATION", purpose_word)));
    put(&mut entry, "intervalBefore", authority.interval_before.as_deref());
    Value::Object(entry)
}

fn geometry(layer: &Layer) -> Value {
    let mut geometry = match &layer.outline {
        Outline::Polygons(parts) => polygons(parts),
        Outline::Circle { centre, radius_m } => {
            let mut point = Object::new();
            put(&mut point, "type", Some("Point"));
            put(&mut point, "coordinates", Some(position(*centre)));
            put(&mut point, "extent", Some(json!({"subType": "Circle", "radius": number(*radius_m)})));
            point
        }
    };
    let mut limits = Object::new();
    put_limits(&mut limits, &layer.limits, ["lower", "lowerReference", "upper", "upperReference"]);
    put(&mut limits, "uom", Some("m"));
    geometry.insert("layer".to_owned(), Value::Object(limits));
    Value::Object(geometry)
}
