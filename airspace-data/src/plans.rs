//! Plan files: outcomes as JSON, out and in.

mod json;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;
use tianlu_engine::airspace::Restriction;
use tianlu_engine::dispatch::{Dispatched, Statistics};
use tianlu_engine::flight::{Advisory, Outcome, Plan, Refusal, RefusalCode, Remedy, Waypoint};
use tianlu_engine::frame::Amsl;

pub use json::rfc3339;

use crate::error::ReadError;
use crate::fields::{self, Faults, Fields, Path, Range, Rounding};

/// One outcome as the JSON of a plan file (also the HTTP API's answer).
///
/// Times carry milliseconds, coordinates at most 9 decimals (0.1 mm), `gap` at most 6, everything else at most 3, and
/// `lower_bound_s` is rounded down. A number that is not finite becomes null.
pub fn outcome_to_json(outcome: &Outcome) -> Value {
    serde_json::to_value(json::Outcome::of(outcome)).unwrap_or_default()
}

/// An outcome as [`outcome_to_json`] gives it; the `reason` of a refusal also says what would work instead, each by
/// itself:
///
/// | member of `reason` | meaning |
/// | --- | --- |
/// | `first_departure` | the first lift-off after the window with which there is a plan, to the second; null if there is none |
/// | `other_heights` | cruise bands, each `{"min": ..., "max": ...}` in metres above ground |
/// | `missing_authorizations` | zones whose authorizations are to be held besides those that are |
pub fn answer_to_json(outcome: &Outcome, instead: &[Remedy]) -> Value {
    let mut json = outcome_to_json(outcome);
    if let Some(reason) = json.get_mut("reason").and_then(Value::as_object_mut) {
        let (mut departure, mut heights, mut missing) = (Value::Null, Vec::new(), Vec::new());
        for remedy in instead {
            match remedy {
                Remedy::Departure(window) => departure = json::rfc3339(window.start).into(),
                Remedy::Cruise(band) => {
                    heights.push(serde_json::json!({"min": band.min.metres(), "max": band.max.metres()}));
                }
                Remedy::Authorizations(zones) => missing.extend_from_slice(zones),
            }
        }
        reason.insert("first_departure".to_owned(), departure);
        reason.insert("other_heights".to_owned(), heights.into());
        reason.insert("missing_authorizations".to_owned(), missing.into());
    }
    json
}

/// A plan file: the scenario's name and its outcomes, in their order, one to a line.
///
/// `notes` says what a reader must know about all of the plans; it becomes a member of the file if there are any.
pub fn write_plans(scenario: &str, outcomes: &[Outcome], notes: &[String]) -> String {
    written(scenario, outcomes, notes, None)
}

/// A plan file as [`write_plans`] writes it, with what its plans come to as the member `statistics`:
///
/// | member of `statistics` | meaning |
/// | --- | --- |
/// | `planned` | how many flights have a plan |
/// | `rejected` | how many were refused, by the code of the reason |
/// | `flown_s` | from lift-off to touch-down, all flights together |
/// | `delay_s`, `delay_p95_s`, `delay_most_s` | delays: all together, what 95 % of the flights do not exceed, the greatest |
/// | `lower_bound_s` | the plans' lower bounds, all flights together |
/// | `gap` | by which share the times from earliest departure to arrival exceed them, all flights together |
pub fn write_batch(scenario: &str, batch: &Dispatched, notes: &[String]) -> String {
    written(scenario, &batch.outcomes, notes, Some(&batch.statistics))
}

fn written(scenario: &str, outcomes: &[Outcome], notes: &[String], figures: Option<&Statistics>) -> String {
    let mut text = format!("{{\n\"scenario\": {},\n", Value::from(scenario));
    if !notes.is_empty() {
        text += &format!("\"notes\": {},\n", Value::from(notes));
    }
    if let Some(figures) = figures {
        let figures = serde_json::to_string(&json::Figures::of(figures)).unwrap_or_default();
        text += &format!("\"statistics\": {figures},\n");
    }
    text += "\"plans\": [";
    for (index, outcome) in outcomes.iter().enumerate() {
        text += if index == 0 { "\n" } else { ",\n" };
        text += &serde_json::to_string(&json::Outcome::of(outcome)).unwrap_or_default();
    }
    text += "\n]\n}\n";
    text
}

/// Reads a plan file: the scenario's name and its outcomes.
///
/// What the plans claim is not checked here. Each plan is parsed by itself, so that a large file takes little more
/// memory than its plans.
///
/// # Errors
/// [`ReadError`] with every field that is missing or wrong.
pub fn read_plans(name: &str, bytes: &[u8]) -> Result<(String, Vec<Outcome>), ReadError> {
    let mut faults = Faults::new(name);
    let plain = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let Ok(members) = serde_json::from_slice::<BTreeMap<String, &RawValue>>(plain) else {
        let document = fields::parse_json(name, bytes)?;
        faults.add(&Path::Root, fields::shorten(&document), "an object");
        return faults.done(None);
    };
    let scenario = member(&members, "scenario", &mut faults).and_then(|(raw, at)| {
        fields::text(&parsed(raw, &at, &mut faults)?, &at, &mut faults).map(str::to_owned)
    });
    let plans = member(&members, "plans", &mut faults).and_then(|(raw, at)| outcomes(raw, &at, &mut faults));
    faults.done(scenario.zip(plans))
}

fn member<'m>(
    members: &BTreeMap<String, &'m RawValue>,
    name: &'static str,
    faults: &mut Faults,
) -> Option<(&'m RawValue, Path<'static>)> {
    let at = Path::Member(&Path::Root, name);
    let raw = members.get(name);
    if raw.is_none() {
        faults.add(&at, "nothing", "this member");
    }
    raw.map(|raw| (*raw, at))
}

fn parsed(raw: &RawValue, at: &Path<'_>, faults: &mut Faults) -> Option<Value> {
    let value = serde_json::from_str(raw.get());
    value.map_err(|error| faults.add(at, error.to_string(), "JSON with numbers that fit 64 bits")).ok()
}

fn outcomes(raw: &RawValue, at: &Path<'_>, faults: &mut Faults) -> Option<Vec<Outcome>> {
    let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) else {
        let value = parsed(raw, at, faults)?;
        faults.add(at, fields::shorten(&value), "a list");
        return None;
    };
    let mut outcomes = Vec::with_capacity(list.len());
    for (index, raw) in list.iter().enumerate() {
        let at = Path::Element(at, index);
        let Some(value) = parsed(raw, &at, faults) else { continue };
        faults.about("plan", index, value.get("request").and_then(Value::as_str).map(str::to_owned));
        outcomes.extend(outcome(&value, &at, faults));
    }
    faults.about_all();
    Some(outcomes)
}

fn outcome(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<Outcome> {
    let mut fields = Fields::of(value, at, faults)?;
    let request = fields.text("request");
    const STATUS: [(&str, bool); 2] = [("PLANNED", true), ("REJECTED", false)];
    let planned = fields.need("status", |value, at, faults| {
        let parse =
            |text: &str| STATUS.into_iter().find(|(word, _)| *word == text).map(|(_, planned)| planned);
        fields::word(value, at, parse, STATUS.map(|(word, _)| word), faults)
    })?;
    if !planned {
        let mut refusal = fields.need("reason", refusal)?;
        refusal.request = request?.to_owned();
        return Some(Outcome::Rejected(refusal));
    }
    let trajectory = fields.need("trajectory", |value, at, faults| all(value, at, faults, waypoint));
    let length_m = fields.number("length_m", AMOUNT);
    let duration_s = fields.number("duration_s", AMOUNT);
    let delay_s = fields.number("delay_s", AMOUNT);
    let energy_wh = fields.number("energy_wh", AMOUNT);
    let lower_bound_s = fields.may("lower_bound_s", 0.0, amount);
    let gap = fields.may("gap", 0.0, amount);
    let advisories =
        fields.may("advisories", Vec::new(), |value, at, faults| all(value, at, faults, advisory));
    Some(Outcome::Planned(Plan {
        request: request?.to_owned(),
        trajectory: trajectory?,
        length_m: length_m?,
        duration_s: duration_s?,
        delay_s: delay_s?,
        energy_wh: energy_wh?,
        lower_bound_s: lower_bound_s?,
        gap: gap?,
        advisories: advisories?,
    }))
}

/// Whatever a plan may claim; whether it is true is for the check to say.
const AMOUNT: Range = Range::closed(-1e12, 1e12, "");

fn amount(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<f64> {
    fields::number(value, at, AMOUNT, faults)
}

const ALTITUDE: Range = Range::closed(-100_000.0, 100_000.0, "metres");

pub(crate) fn waypoint(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<Waypoint> {
    let place = fields::place(value, at, faults);
    let mut fields = Fields::of(value, at, faults)?;
    let altitude = fields.number("alt_m", ALTITUDE);
    let time = fields.need("time", |value, at, faults| fields::instant(value, at, Rounding::Down, faults));
    Some(Waypoint { place: place?, altitude: Amsl::new(altitude?).ok()?, time: time? })
}

fn advisory(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<Advisory> {
    let mut fields = Fields::of(value, at, faults)?;
    let zone = fields.text("zone");
    let restriction = fields.need("type", |value, at, faults| {
        fields::word(value, at, Restriction::parse, Restriction::ALL.map(Restriction::as_str), faults)
    });
    let text = fields.may("text", String::new(), any_text);
    Some(Advisory { zone: zone?.to_owned(), restriction: restriction?, text: text? })
}

/// The refusal, without its request.
fn refusal(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<Refusal> {
    let mut fields = Fields::of(value, at, faults)?;
    let code = fields.need("code", |value, at, faults| {
        fields::word(value, at, RefusalCode::parse, RefusalCode::ALL.map(RefusalCode::as_str), faults)
    });
    let text = fields.may("text", String::new(), any_text);
    let zones = fields.may("zones", Vec::new(), fields::texts);
    let flights = fields.may("flights", Vec::new(), fields::texts);
    Some(Refusal { request: String::new(), code: code?, text: text?, zones: zones?, flights: flights? })
}

/// A text, empty or not.
fn any_text(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<String> {
    if !value.is_string() {
        faults.add(at, fields::shorten(value), "a text");
    }
    value.as_str().map(str::to_owned)
}

/// All elements of a list.
fn all<T>(
    value: &Value,
    at: &Path<'_>,
    faults: &mut Faults,
    read: impl Fn(&Value, &Path<'_>, &mut Faults) -> Option<T>,
) -> Option<Vec<T>> {
    let values = fields::list(value, at, faults)?;
    let read: Vec<_> = (values.iter().enumerate())
        .filter_map(|(index, value)| read(value, &Path::Element(at, index), faults))
        .collect();
    (read.len() == values.len()).then_some(read)
}
