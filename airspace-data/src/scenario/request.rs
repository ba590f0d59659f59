//! Requests of a scenario.

use serde_json::Value;
use tianlu_engine::airspace::Mission;
use tianlu_engine::flight::{CruiseBand, Objective, Request};
use tianlu_engine::frame::{Agl, Interval};

use crate::error::ReadError;
use crate::fields::{self, Faults, Fields, Path, Range, Rounding};

/// Any height that a number may mean; whether a band makes sense is for the planner to say.
const HEIGHT: Range = Range::closed(-100_000.0, 100_000.0, "metres");

/// Reads one request as in a scenario file, from JSON (for the HTTP API). `name` is for messages alone.
///
/// A window or a band upside down and an aircraft that nobody knows are well-formed: the planner refuses them.
/// Times are rounded inwards to whole milliseconds.
///
/// # Errors
/// [`ReadError`] with every field that is missing or wrong.
///
/// ```
/// use tianlu_airspace_data::scenario::read_request;
/// let mut json = serde_json::json!({
///     "id": "F0001", "aircraft": "quad", "mission": "LOGISTICS", "priority": 0,
///     "origin": {"lon": 120.70, "lat": 30.72}, "destination": {"lon": 120.80, "lat": 30.70},
///     "departure": {"earliest": "2026-11-23T01:00:00Z", "latest": "2026-11-23T01:30:00Z"},
///     "cruise_agl_m": {"min": 60.0, "max": 120.0}});
/// assert_eq!(read_request("body", &json).unwrap().origin.lon(), 120.70);
/// json["origin"]["lon"] = 500.into();
/// let error = read_request("body", &json).unwrap_err();
/// assert_eq!(error.to_string(), "body: origin.lon: found 500, expected a number -180 to 180 degrees");
/// ```
pub fn read_request(name: &str, json: &Value) -> Result<Request, ReadError> {
    let mut faults = Faults::new(name);
    let request = request(json, &Path::Root, &mut faults);
    faults.done(request)
}

/// A request at a path of a document.
pub(super) fn request(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<Request> {
    let mut fields = Fields::of(value, at, faults)?;
    let id = fields.text("id");
    let aircraft = fields.text("aircraft");
    let mission = fields.need("mission", |value, at, faults| {
        fields::word(value, at, Mission::parse, Mission::ALL.map(Mission::as_str), faults)
    });
    let priority = fields.need("priority", priority);
    let origin = fields.need("origin", fields::place);
    let destination = fields.need("destination", fields::place);
    let departure = fields.need("departure", departure);
    let cruise = fields.need("cruise_agl_m", cruise);
    let authorizations = fields.may("authorizations", Vec::new(), fields::texts);
    let exemptions = fields.may("exemptions", Vec::new(), fields::texts);
    let objective = fields.may("objective", Objective::default(), |value, at, faults| {
        fields::word(value, at, Objective::parse, Objective::ALL.map(Objective::as_str), faults)
    });
    fields.end(&[]);
    Some(Request {
        id: id?.to_owned(),
        aircraft: aircraft?.to_owned(),
        mission: mission?,
        priority: priority?,
        origin: origin?,
        destination: destination?,
        departure: departure?,
        cruise: cruise?,
        authorizations: authorizations?,
        exemptions: exemptions?,
        objective: objective?,
    })
}

/// A whole number, written `1` or `1.0`.
fn priority(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<i32> {
    let whole = value.as_f64().filter(|number| number.fract() == 0.0);
    let inside = whole.filter(|number| (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(number));
    if inside.is_none() {
        faults.add(at, fields::shorten(value), "a whole number, higher first");
    }
    inside.map(|number| number as i32)
}

fn departure(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<Interval> {
    let mut fields = Fields::of(value, at, faults)?;
    let start = fields.need("earliest", |value, at, faults| fields::instant(value, at, Rounding::Up, faults));
    let end = fields.need("latest", |value, at, faults| fields::instant(value, at, Rounding::Down, faults));
    fields.end(&[]);
    Some(Interval::new(start?, end?))
}

fn cruise(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<CruiseBand> {
    let mut fields = Fields::of(value, at, faults)?;
    let (min, max) = (fields.number("min", HEIGHT), fields.number("max", HEIGHT));
    fields.end(&[]);
    Some(CruiseBand { min: Agl::new(min?).ok()?, max: Agl::new(max?).ok()? })
}
