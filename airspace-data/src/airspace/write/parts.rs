//! What the formats share: rings, times, periods, members that may be absent.

use jiff::Timestamp;
use serde_json::{Map, Number, Value, json};
use tianlu_engine::airspace::{Applicability, Daily, DayEdge, Limits, Period, Polygon, TimeOfDay, Zone};
use tianlu_engine::frame::{Height, Instant, LonLat};

use super::super::labels::EXEMPTIBLE;
use super::super::times::{day_word, event_word};
use super::Losses;

pub(super) type Object = Map<String, Value>;

/// Puts a member where there is something to say.
pub(super) fn put(object: &mut Object, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), value.into());
    }
}

/// A finite number. Heights, coordinates and radii are.
pub(super) fn number(value: f64) -> Value {
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

pub(super) fn position(place: LonLat) -> Value {
    Value::Array(vec![number(place.lon()), number(place.lat())])
}

/// The coordinates of a polygon.
pub(super) fn rings(polygon: &Polygon) -> Value {
    std::iter::once(&polygon.exterior)
        .chain(&polygon.holes)
        .map(|ring| ring.iter().copied().map(position).collect::<Value>())
        .collect()
}

/// The geometry of polygons, one or several.
pub(super) fn polygons(polygons: &[Polygon]) -> Object {
    let geometry = match polygons {
        [polygon] => json!({"type": "Polygon", "coordinates": rings(polygon)}),
        _ => json!({"type": "MultiPolygon", "coordinates": polygons.iter().map(rings).collect::<Value>()}),
    };
    match geometry {
        Value::Object(geometry) => geometry,
        _ => Object::new(),
    }
}

/// The limits under the given names: lower, its reference, upper, its reference.
pub(super) fn put_limits(object: &mut Object, limits: &Limits, names: [&str; 4]) {
    for (height, name, reference) in [(limits.lower, names[0], names[1]), (limits.upper, names[2], names[3])]
    {
        put(object, name, height.map(|height| number(height.metres())));
        put(
            object,
            reference,
            height.map(|height| match height {
                Height::Agl(_) => "AGL",
                Height::Amsl(_) => "AMSL",
            }),
        );
    }
}

/// A date and time in UTC; nothing for the ends of time and what lies beyond the years that can be written.
pub(super) fn instant(instant: Instant) -> Option<String> {
    let time = Timestamp::from_millisecond(instant.millis()).ok()?;
    let text = time.to_string();
    (text.len() >= 20 && text.as_bytes()[0].is_ascii_digit()).then_some(text)
}

fn time_of_day(time: TimeOfDay) -> String {
    let (seconds, fraction) = (time.millis / 1000, time.millis % 1000);
    let mut text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction > 0 {
        text += &format!(".{fraction:03}");
    }
    let (sign, offset) =
        (if time.offset_minutes < 0 { '-' } else { '+' }, time.offset_minutes.unsigned_abs());
    if offset == 0 { text + "Z" } else { text + &format!("{sign}{:02}:{:02}", offset / 60, offset % 60) }
}

fn daily(daily: &Daily) -> Value {
    let mut entry = Object::new();
    entry.insert("day".to_owned(), daily.days.iter().map(|day| day_word(*day)).collect());
    for (edge, time, event) in [(daily.start, "startTime", "startEvent"), (daily.end, "endTime", "endEvent")]
    {
        match edge {
            Some(DayEdge::Clock(clock)) => put(&mut entry, time, Some(time_of_day(clock))),
            Some(DayEdge::Sun(sun)) => put(&mut entry, event, Some(event_word(sun))),
            None => {}
        }
    }
    Value::Object(entry)
}

/// A period as ED-318 and ED-269 both write it.
pub(super) fn period(period: &Period) -> Object {
    let mut entry = Object::new();
    put(&mut entry, "startDateTime", period.start.and_then(instant));
    put(&mut entry, "endDateTime", period.end.and_then(instant));
    if !period.schedule.is_empty() {
        entry.insert("schedule".to_owned(), period.schedule.iter().map(daily).collect());
    }
    entry
}

/// The periods of a zone that is not always active. One that never is gets a period that is long over.
pub(super) fn periods(applicability: &Applicability) -> Option<Vec<Object>> {
    match applicability {
        Applicability::Always => None,
        Applicability::Periods(periods) if periods.is_empty() => {
            let never = Instant::from_seconds(0);
            Some(vec![period(&Period { start: Some(never), end: Some(never), schedule: Vec::new() })])
        }
        Applicability::Periods(periods) => Some(periods.iter().map(period).collect()),
    }
}

/// `extendedProperties`: what the source said there, and the exempt missions.
pub(super) fn extended(zone: &Zone, index: usize, losses: &mut Losses) -> Option<Value> {
    let mut object = match zone.extended.as_deref().map(serde_json::from_str::<Value>) {
        None => Object::new(),
        Some(Ok(Value::Object(object))) => object,
        Some(_) => {
            losses.note(index, zone, "extendedProperties are no JSON object: left out");
            Object::new()
        }
    };
    let (written, others): (Vec<_>, Vec<_>) =
        zone.exempt_missions.iter().partition(|mission| EXEMPTIBLE.contains(mission));
    for mission in others {
        losses.note(index, zone, format!("the exemption of {} cannot be written", mission.as_str()));
    }
    if !written.is_empty() {
        object.insert("exempt_missions".to_owned(), written.iter().map(|mission| mission.as_str()).collect());
    }
    (!object.is_empty()).then_some(Value::Object(object))
}
