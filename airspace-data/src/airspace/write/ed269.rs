//! ED-269 out. It holds one language, single polygons, and no `USPACE`.

use serde_json::{Value, json};
use tianlu_engine::airspace::{Authority, Limits, Outline, Restriction, Text, Zone};

use super::super::labels::purpose_word;
use super::Losses;
use super::ed318::{variant_word, yes_no_word};
use super::parts::{Object, extended, number, periods, position, put, put_limits, rings};

/// All zones.
pub(super) fn document(title: Option<&str>, zones: &[Zone], losses: &mut Losses) -> Value {
    let mut document = Object::new();
    put(&mut document, "title", title);
    let features = zones.iter().enumerate().map(|(index, zone)| feature(zone, index, losses));
    document.insert("features".to_owned(), features.collect());
    Value::Object(document)
}

fn feature(zone: &Zone, index: usize, losses: &mut Losses) -> Value {
    let mut feature = Object::new();
    let mut one = |texts: &[Text], what: &str| one_text(texts, what, index, zone, losses);
    put(&mut feature, "identifier", Some(zone.identifier.as_str()));
    put(&mut feature, "country", (!zone.country.is_empty()).then_some(zone.country.as_str()));
    put(&mut feature, "name", one(&zone.name, "name"));
    put(&mut feature, "type", Some(variant_word(zone.variant)));
    let restriction = match zone.restriction {
        Restriction::ReqAuthorization => "REQ_AUTHORISATION",
        other => other.as_str(),
    };
    put(&mut feature, "restriction", Some(restriction));
    put(&mut feature, "restrictionConditions", zone.restriction_conditions.as_deref());
    put(&mut feature, "region", zone.region);
    put(&mut feature, "reason", (!zone.reason.is_empty()).then(|| json!(zone.reason)));
    put(&mut feature, "otherReasonInfo", one(&zone.other_reason_info, "otherReasonInfo"));
    put(&mut feature, "regulationExemption", zone.regulation_exemption.map(yes_no_word));
    put(&mut feature, "message", one(&zone.message, "message"));
    let authorities: Vec<Value> = zone.authorities.iter().map(|held| authority(held, &mut one)).collect();
    put(&mut feature, "zoneAuthority", (!authorities.is_empty()).then_some(authorities));
    feature.insert("applicability".to_owned(), applicability(zone));
    put(&mut feature, "extendedProperties", extended(zone, index, losses));
    feature.insert("geometry".to_owned(), geometry(zone, index, losses));
    if zone.restriction == Restriction::Uspace {
        losses.note(
            index,
            zone,
            "ED-269 knows no restriction USPACE: written all the same, other readers may refuse it",
        );
    }
    Value::Object(feature)
}

/// ED-269 has one text where a zone may have several, each in its language.
fn one_text(texts: &[Text], what: &str, index: usize, zone: &Zone, losses: &mut Losses) -> Option<String> {
    let first = texts.first()?;
    if !first.lang.is_empty() {
        losses.note(index, zone, format!("{what}: the language {} is lost", first.lang));
    }
    if texts.len() > 1 {
        losses.note(index, zone, format!("{what}: all but the first of {} texts are lost", texts.len()));
    }
    Some(first.text.clone())
}

fn authority(authority: &Authority, one: &mut impl FnMut(&[Text], &str) -> Option<String>) -> Value {
    let mut entry = Object::new();
    put(&mut entry, "name", one(&authority.name, "zoneAuthority.name"));
    put(&mut entry, "service", one(&authority.service, "zoneAuthority.service"));
    put(&mut entry, "contactName", one(&authority.contact_name, "zoneAuthority.contactName"));
    put(&mut entry, "siteURL", authority.site_url.as_deref());
    put(&mut entry, "email", authority.email.as_deref());
    put(&mut entry, "phone", authority.phone.as_deref());
    put(&mut entry, "purpose", authority.purpose.map(purpose_word));
    put(&mut entry, "intervalBefore", authority.interval_before.as_deref());
    Value::Object(entry)
}

fn applicability(zone: &Zone) -> Value {
    match periods(&zone.applicability) {
        None => json!([{"permanent": "YES"}]),
        Some(periods) => periods
            .into_iter()
            .map(|period| {
                let mut entry = Object::new();
                put(&mut entry, "permanent", Some("NO"));
                entry.extend(period);
                Value::Object(entry)
            })
            .collect(),
    }
}

fn geometry(zone: &Zone, index: usize, losses: &mut Losses) -> Value {
    let mut volumes = Vec::new();
    for (number_of, layer) in zone.layers.iter().enumerate() {
        match &layer.outline {
            Outline::Polygons(polygons) => {
                if polygons.len() > 1 {
                    let text = format!(
                        "layer {number_of}: its {} polygons become layers of their own",
                        polygons.len()
                    );
                    losses.note(index, zone, text);
                }
                for polygon in polygons {
                    volumes.push(volume(
                        &layer.limits,
                        json!({"type": "Polygon", "coordinates": rings(polygon)}),
                    ));
                }
            }
            Outline::Circle { centre, radius_m } => volumes.push(volume(
                &layer.limits,
                json!({"type": "Circle", "center": position(*centre), "radius": number(*radius_m)}),
            )),
        }
    }
    Value::Array(volumes)
}

fn volume(limits: &Limits, shape: Value) -> Value {
    let mut volume = Object::new();
    put(&mut volume, "uomDimensions", Some("M"));
    put_limits(
        &mut volume,
        limits,
        ["lowerLimit", "lowerVerticalReference", "upperLimit", "upperVerticalReference"],
    );
    volume.insert("horizontalProjection".to_owned(), shape);
    Value::Object(volume)
}
