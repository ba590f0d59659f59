//! `POST /flights/{id}/positions`: where an aircraft is.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use serde_json::{Map, Value, json};
use tianlu_engine::frame::{Instant, LonLat};

use crate::http::body;
use crate::http::caller::Caller;
use crate::http::problem::Problem;
use crate::http::query;
use crate::http::schema;
use crate::http::state::App;
use crate::service::{Denied, Position, Reported};

/// Positions in one call.
const MOST: usize = 1000;
/// Metres AMSL.
const ALTITUDES_M: std::ops::RangeInclusive<f64> = -1_000.0..=100_000.0;
const MEMBERS: [&str; 4] = ["lon", "lat", "alt_m", "time"];

/// Report positions of a flight
///
/// One, or up to 1,000 in the order of their times; all of them or none. Those that are no later than the last known
/// one are ignored and counted. A flight that leaves its conformance volume is `NONCONFORMING`, and everybody near is
/// told; it is `ACTIVATED` again once it is back. A position activates nothing.
#[utoipa::path(
    post, path = "/flights/{id}/positions", tag = "flights",
    params(("id" = String, Path, description = "The request's id")),
    request_body(content = schema::FlightPositions, description = "At most 1 MiB", example = json!(
        {"lon": 120.754, "lat": 30.752, "alt_m": 62.5, "time": "2026-11-23T01:02:03.400Z"}
    )),
    responses(
        (status = 200, body = schema::PositionsTaken),
        (status = 400, body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, body = schema::Problem, content_type = "application/problem+json",
            description = "There is no such flight, or it is another operator's"),
        (status = 408, body = schema::Problem, content_type = "application/problem+json"),
        (status = 409, body = schema::Problem, content_type = "application/problem+json",
            description = "WRONG_STATE: the flight has ended or is cancelled"),
        (status = 413, body = schema::Problem, content_type = "application/problem+json"),
        (status = 415, body = schema::Problem, content_type = "application/problem+json"),
        (status = 422, body = schema::Problem, content_type = "application/problem+json"),
        (status = 503, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn post_positions(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<Value>, Problem> {
    query::none(request.uri())?;
    let bytes = body::JSON.read(request, app.limits.body).await?;
    let positions = positions(&body::json_of(&bytes)?)?;
    let Reported { flight, fit, ignored } = app.service.report(who, id, positions).await?;
    Ok(Json(json!({
        "flight": flight.id(), "state": flight.state.as_str(), "revision": flight.revision,
        "cause": flight.cause, "ignored": ignored,
        "conformance": fit.map(|fit| json!({
            "within": fit.within, "horizontal_m": rounded(fit.horizontal_m),
            "vertical_m": rounded(fit.vertical_m), "time_s": rounded(fit.time_s),
        })),
    })))
}

/// To the millimetre and the millisecond.
fn rounded(value: f64) -> f64 {
    // Never -0.
    (value * 1000.0).round() / 1000.0 + 0.0
}

fn positions(json: &Value) -> Result<Vec<Position>, Denied> {
    match json {
        Value::Object(one) => Ok(vec![position("", one)?]),
        Value::Array(several) if (1..=MOST).contains(&several.len()) => {
            let mut positions: Vec<Position> = Vec::with_capacity(several.len());
            for (index, one) in several.iter().enumerate() {
                let field = format!("[{index}]");
                let members = one.as_object();
                let members = members.ok_or_else(|| invalid(&field, one.to_string(), "a position"))?;
                let position = position(&format!("{field}."), members)?;
                if positions.last().is_some_and(|last| last.time >= position.time) {
                    let found = members.get("time").map_or_else(String::new, Value::to_string);
                    return Err(invalid(&format!("{field}.time"), found, "a time after the one before"));
                }
                positions.push(position);
            }
            Ok(positions)
        }
        Value::Array(several) => {
            let found = format!("{} positions", several.len());
            Err(invalid("body", found, &format!("1 to {MOST} positions")))
        }
        other => Err(invalid("body", other.to_string(), "a position, or a list of positions")),
    }
}

/// One position; `place` goes before the names of its members.
fn position(place: &str, members: &Map<String, Value>) -> Result<Position, Denied> {
    if let Some((name, value)) = members.iter().find(|(name, _)| !MEMBERS.contains(&name.as_str())) {
        let expected = format!("nothing: the members are {}", MEMBERS.join(", "));
        return Err(invalid(&format!("{place}{name}"), value.to_string(), &expected));
    }
    let refuse = |name: &str, expected: &str| {
        let found = members.get(name).map_or_else(|| "nothing".to_owned(), Value::to_string);
        invalid(&format!("{place}{name}"), found, expected)
    };
    let number = |name: &str, expected: &str, good: &dyn Fn(f64) -> bool| {
        let value = members.get(name).and_then(Value::as_f64).filter(|value| good(*value));
        value.ok_or_else(|| refuse(name, expected))
    };
    let lon = number("lon", "degrees from -180 to 180", &|lon| (-180.0..=180.0).contains(&lon))?;
    let lat = number("lat", "degrees from -90 to 90", &|lat| (-90.0..=90.0).contains(&lat))?;
    let expected = format!("metres above sea level from {} to {}", ALTITUDES_M.start(), ALTITUDES_M.end());
    let altitude_m = number("alt_m", &expected, &|metres| ALTITUDES_M.contains(&metres))?;
    let time = members.get("time").and_then(Value::as_str);
    let time = time.and_then(|text| text.parse::<jiff::Timestamp>().ok());
    let time = time.ok_or_else(|| refuse("time", "a time as RFC 3339 has it"))?;
    let place = LonLat::new(lon, lat).map_err(|_| refuse("lon", "a place"))?;
    Ok(Position { place, altitude_m, time: Instant::from_millis(time.as_millisecond()) })
}

fn invalid(field: &str, found: String, expected: &str) -> Denied {
    let found = if found.chars().count() > 100 { found.chars().take(100).collect() } else { found };
    Denied::Invalid { field: field.to_owned(), found, expected: expected.to_owned() }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn at(second: u32) -> Value {
        json!({"lon": 120.7, "lat": 30.7, "alt_m": 60, "time": format!("2026-11-23T01:00:{second:02}Z")})
    }

    fn field_of(json: &Value) -> String {
        match positions(json) {
            Err(Denied::Invalid { field, .. }) => field,
            other => panic!("{json}: {other:?}"),
        }
    }

    #[test]
    fn one_or_an_ascending_list() {
        assert_eq!(positions(&at(1)).unwrap().len(), 1);
        let list = positions(&json!([at(1), at(2), at(5)])).unwrap();
        assert_eq!(list[2].time, Instant::from_seconds(1_795_395_605));
        assert_eq!(field_of(&json!([at(1), at(2), at(2)])), "[2].time");
        assert_eq!(field_of(&json!([])), "body");
        assert_eq!(field_of(&json!(vec![at(1); MOST + 1])), "body");
        assert_eq!(field_of(&json!([at(1), 5])), "[1]");
        assert_eq!(field_of(&json!("here")), "body");
    }

    #[test]
    fn each_member_is_looked_at() {
        for (name, wrong) in [
            ("lon", json!(180.1)),
            ("lon", json!("120.7")),
            ("lat", json!(-91)),
            ("alt_m", json!(1e6)),
            ("alt_m", json!(null)),
            ("time", json!("yesterday")),
            ("time", json!(1_795_395_605)),
            ("speed", json!(12)),
        ] {
            let mut position = at(1);
            position[name] = wrong;
            assert_eq!(field_of(&position), name);
            assert_eq!(field_of(&json!([position])), format!("[0].{name}"));
        }
        for name in MEMBERS {
            let mut position = at(1);
            position.as_object_mut().unwrap().remove(name);
            assert_eq!(field_of(&position), name);
        }
    }
}
