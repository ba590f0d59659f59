//! `PATCH /flights/{id}`: its operator leads a flight to its end.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::flight_json;
use crate::http::body;
use crate::http::caller::Caller;
use crate::http::problem::Problem;
use crate::http::query;
use crate::http::schema;
use crate::http::state::App;
use crate::http::zones::if_match;
use crate::service::{Denied, FlightState};

/// What may be asked for. All else a flight becomes by its positions, by a change of the airspace or by time.
const ASKED_FOR: [FlightState; 3] = [FlightState::Activated, FlightState::Ended, FlightState::Cancelled];

/// Activate, end or cancel a flight
///
/// `ACTIVATED` before it lifts off, `ENDED` once it has landed, `CANCELLED` if it will not fly. What has ended or is
/// cancelled gives up its place in the sky. The state that it has already changes nothing.
#[utoipa::path(
    patch, path = "/flights/{id}", tag = "flights",
    params(
        ("id" = String, Path, description = "The request's id"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the flight must still have"),
    ),
    request_body(content(
        (schema::FlightChange = "application/merge-patch+json"), (schema::FlightChange = "application/json")
    ), description = "At most 1 MiB"),
    responses(
        (status = 200, body = schema::Flight, headers(("etag" = String, description = "For If-Match"))),
        (status = 400, body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, body = schema::Problem, content_type = "application/problem+json",
            description = "There is no such flight, or it is another operator's"),
        (status = 408, body = schema::Problem, content_type = "application/problem+json"),
        (status = 409, body = schema::Problem, content_type = "application/problem+json",
            description = "WRONG_STATE: the flight cannot become this now; `detail` says what it can"),
        (status = 412, body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, body = schema::Problem, content_type = "application/problem+json"),
        (status = 415, body = schema::Problem, content_type = "application/problem+json"),
        (status = 422, body = schema::Problem, content_type = "application/problem+json"),
        (status = 503, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn patch_flight(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    query::none(request.uri())?;
    let check = if_match(request.headers().clone());
    let bytes = body::JSON.read(request, app.limits.body).await?;
    let to = wish(&body::json_of(&bytes)?)?;
    let flight = app.service.lead(who, id, to, check).await?;
    let mut response = axum::Json(flight_json(&flight)).into_response();
    if let Ok(etag) = HeaderValue::from_str(&flight.etag()) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    Ok(response)
}

/// The state that a body asks for.
fn wish(json: &Value) -> Result<FlightState, Denied> {
    let invalid = |field: &str, found: String, expected: &str| Denied::Invalid {
        field: field.to_owned(),
        found,
        expected: expected.to_owned(),
    };
    let expected = "ACTIVATED, ENDED or CANCELLED";
    let members = json.as_object().ok_or_else(|| invalid("body", json.to_string(), "an object"))?;
    if let Some((other, value)) = members.iter().find(|(name, _)| *name != "state") {
        return Err(invalid(other, value.to_string(), "nothing: state alone can be changed"));
    }
    let state = members.get("state").ok_or_else(|| invalid("state", "nothing".to_owned(), expected))?;
    let asked = state.as_str().and_then(FlightState::parse).filter(|state| ASKED_FOR.contains(state));
    asked.ok_or_else(|| invalid("state", state.to_string(), expected))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn three_states_can_be_asked_for_and_nothing_else() {
        assert_eq!(wish(&json!({"state": "ENDED"})), Ok(FlightState::Ended));
        for wrong in [
            json!({"state": "CONTINGENT"}),
            json!({"state": "ACCEPTED"}),
            json!({"state": "NONCONFORMING"}),
            json!({"state": "ended"}),
            json!({"state": 1}),
            json!({"state": "ENDED", "priority": 5}),
            json!({}),
            json!(["ENDED"]),
            json!(null),
        ] {
            assert!(matches!(wish(&wrong), Err(Denied::Invalid { .. })), "{wrong}");
        }
    }
}
