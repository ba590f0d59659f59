//! What was found out about a mission, as JSON.

use serde_json::{Value, json};
use tianlu_airspace_data::plans::rfc3339;
use tianlu_engine::verify::{Entered, Finding, LegFigures};

use super::Validated;

/// The whole answer. `name_of` gives the name by which the reader knows a flight.
pub(crate) fn to_json(validated: &Validated, name_of: &dyn Fn(&str) -> String) -> Value {
    let Validated { mission, aircraft, notes, report } = validated;
    let item = |leg: usize| mission.points.get(leg).map(|point| point.item);
    let ends = report.legs.first().zip(report.legs.last());
    json!({
        "ok": report.findings.is_empty(),
        "name": mission.name,
        "format": mission.format.as_str(),
        "aircraft": aircraft,
        "departure": ends.map(|(first, _)| rfc3339(first.during.start)),
        "arrival": ends.map(|(_, last)| rfc3339(last.during.end)),
        "length_m": rounded(report.length_m),
        "duration_s": rounded(report.duration_s),
        "energy_wh": rounded(report.energy_wh),
        "findings": report.findings.iter().map(|found| finding(found, item(found.leg), name_of)).collect::<Vec<_>>(),
        "advisories": report.advisories.iter().map(|entered| advisory(entered, item(entered.leg))).collect::<Vec<_>>(),
        "legs": report.legs.iter().map(|figures| leg(figures, item(figures.leg))).collect::<Vec<_>>(),
        "notes": notes,
        "warnings": mission.warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn finding(found: &Finding, item: Option<usize>, name_of: &dyn Fn(&str) -> String) -> Value {
    let mut text = found.text.clone();
    let about = found.subject.as_ref().map(|subject| {
        let name = match found.kind {
            tianlu_engine::verify::FindingKind::Traffic => name_of(subject),
            _ => subject.clone(),
        };
        if name != *subject {
            text = text.replace(subject.as_str(), &name);
        }
        name
    });
    json!({
        "kind": found.kind.as_str(),
        "leg": found.leg,
        "item": item,
        "about": about,
        "time": rfc3339(found.when),
        "lon": degrees(found.place.lon()),
        "lat": degrees(found.place.lat()),
        "alt_m": rounded(found.altitude.metres()),
        "found": found.found.map(rounded),
        "expected": found.expected.map(rounded),
        "text": text,
    })
}

fn advisory(entered: &Entered, item: Option<usize>) -> Value {
    json!({
        "zone": entered.zone,
        "type": entered.restriction.as_str(),
        "text": entered.text,
        "leg": entered.leg,
        "item": item,
        "time": rfc3339(entered.when),
        "lon": degrees(entered.place.lon()),
        "lat": degrees(entered.place.lat()),
    })
}

fn leg(figures: &LegFigures, item: Option<usize>) -> Value {
    let (low, high) = figures.agl_m;
    json!({
        "leg": figures.leg,
        "item": item,
        "begins": rfc3339(figures.during.start),
        "ends": rfc3339(figures.during.end),
        "lon": degrees(figures.to.place.lon()),
        "lat": degrees(figures.to.place.lat()),
        "alt_m": rounded(figures.to.altitude.metres()),
        "length_m": rounded(figures.length_m),
        "lowest_agl_m": rounded(low),
        "highest_agl_m": rounded(high),
        "energy_wh": rounded(figures.energy_wh),
    })
}

/// Three decimals; what is not finite becomes null.
fn rounded(number: f64) -> Value {
    json!((number * 1e3).round() / 1e3 + 0.0)
}

fn degrees(number: f64) -> Value {
    json!((number * 1e9).round() / 1e9 + 0.0)
}
