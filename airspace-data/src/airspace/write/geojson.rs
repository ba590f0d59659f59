//! Plain GeoJSON out: a feature for each layer; it holds no schedule, no authority, no language.

use serde_json::{Value, json};
use tianlu_engine::airspace::{Applicability, Layer, Outline, Period, Variant, Zone};
use tianlu_engine::frame::Instant;

use super::Losses;
use super::parts::{Object, extended, instant, number, polygons, position, put, put_limits};

/// A collection of all layers of all zones.
pub(super) fn document(title: Option<&str>, zones: &[Zone], losses: &mut Losses) -> Value {
    let mut document = Object::new();
    put(&mut document, "type", Some("FeatureCollection"));
    put(&mut document, "name", title);
    let mut features = Vec::new();
    for (index, zone) in zones.iter().enumerate() {
        let properties = properties(zone, index, losses);
        features.extend(zone.layers.iter().map(|layer| feature(layer, properties.clone())));
        note_losses(zone, index, losses);
    }
    document.insert("features".to_owned(), Value::Array(features));
    Value::Object(document)
}

fn properties(zone: &Zone, index: usize, losses: &mut Losses) -> Object {
    let mut properties = Object::new();
    put(&mut properties, "identifier", Some(zone.identifier.as_str()));
    put(&mut properties, "name", zone.name.first().map(|name| name.text.as_str()));
    put(&mut properties, "restriction", Some(zone.restriction.as_str()));
    let (start, end) = hull(&zone.applicability);
    put(&mut properties, "start", start.and_then(instant));
    put(&mut properties, "end", end.and_then(instant));
    put(&mut properties, "extendedProperties", extended(zone, index, losses));
    properties
}

fn feature(layer: &Layer, mut properties: Object) -> Value {
    put_limits(&mut properties, &layer.limits, ["lower_m", "lower_reference", "upper_m", "upper_reference"]);
    let geometry = match &layer.outline {
        Outline::Polygons(parts) => Value::Object(polygons(parts)),
        Outline::Circle { centre, radius_m } => {
            put(&mut properties, "radius_m", Some(number(*radius_m)));
            json!({"type": "Point", "coordinates": position(*centre)})
        }
    };
    json!({"type": "Feature", "properties": properties, "geometry": geometry})
}

/// From the first start to the last end: a zone is rather active too long than too short.
fn hull(applicability: &Applicability) -> (Option<Instant>, Option<Instant>) {
    let Applicability::Periods(periods) = applicability else { return (None, None) };
    let starts: Option<Vec<Instant>> = periods.iter().map(|period| period.start).collect();
    let ends: Option<Vec<Instant>> = periods.iter().map(|period| period.end).collect();
    let never = Some(Instant::from_seconds(0)).filter(|_| periods.is_empty());
    (
        starts.and_then(|starts| starts.into_iter().min()).or(never),
        ends.and_then(|ends| ends.into_iter().max()).or(never),
    )
}

fn note_losses(zone: &Zone, index: usize, losses: &mut Losses) {
    let mut note = |lost: bool, text: &str| {
        if lost {
            losses.note(index, zone, text);
        }
    };
    note(zone.layers.len() > 1, "its layers become features of their own");
    let scheduled = |period: &Period| !period.schedule.is_empty();
    if let Applicability::Periods(periods) = &zone.applicability {
        note(periods.iter().any(scheduled), "its schedule is lost: active at all times of its periods");
        note(
            periods.len() > 1,
            "the times between its periods are lost: active from the first start to the last end",
        );
    }
    note(
        zone.name.len() > 1 || zone.name.iter().any(|name| !name.lang.is_empty()),
        "names but the first, and languages, are lost",
    );
    let lost = [
        (!zone.country.is_empty(), "country"),
        (zone.variant != Variant::Common, "variant"),
        (zone.restriction_conditions.is_some(), "restrictionConditions"),
        (zone.region.is_some(), "region"),
        (!zone.reason.is_empty(), "reason"),
        (!zone.other_reason_info.is_empty(), "otherReasonInfo"),
        (zone.regulation_exemption.is_some(), "regulationExemption"),
        (!zone.message.is_empty(), "message"),
        (!zone.authorities.is_empty(), "zoneAuthority"),
    ];
    let names: Vec<&str> = lost.iter().filter(|(is_lost, _)| *is_lost).map(|(_, name)| *name).collect();
    note(!names.is_empty(), &format!("lost: {}", names.join(", ")));
}
