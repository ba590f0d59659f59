//! `GET /flights/{id}`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::flight_json;
use crate::http::caller::Caller;
use crate::http::problem::{Code, Problem};
use crate::http::query;
use crate::http::schema;
use crate::http::state::App;
use crate::http::zones::names_tag;

/// One flight
///
/// The plan as in a plan file, with the flight's state. Those of other operators are not found.
#[utoipa::path(
    get, path = "/flights/{id}", tag = "flights",
    params(
        ("id" = String, Path, description = "The request's id"),
        ("If-None-Match" = Option<String>, Header, description = "An ETag; 304 if the flight still has it"),
    ),
    responses(
        (status = 200, body = schema::Flight, headers(("etag" = String, description = "For If-Match"))),
        (status = 304, description = "The flight has not changed"),
        (status = 404, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn get_flight(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    query::none(&uri)?;
    let state = app.service.state();
    let flight = state.flight(&id).filter(|flight| who.sees(flight));
    let flight =
        flight.ok_or_else(|| Problem::new(Code::NotFound, format!("no flight has the id {id:?}")))?;
    let etag = flight.etag();
    let mut response = match names_tag(&headers, header::IF_NONE_MATCH, &etag) {
        Some(true) => StatusCode::NOT_MODIFIED.into_response(),
        _ => axum::Json(flight_json(flight)).into_response(),
    };
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    Ok(response)
}
