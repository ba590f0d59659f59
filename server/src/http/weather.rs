//! `GET`, `PUT /weather`: the wind.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tianlu_airspace_data::scenario::{read_wind, wind_to_json};

use super::body;
use super::caller::Caller;
use super::fates::told;
use super::problem::{Code, Problem};
use super::query;
use super::schema;
use super::state::App;
use super::zones::{if_match, names_tag};
use crate::service::{WeatherChanged, weather_tag};

/// The wind
///
/// As in a scenario file: one layer at all heights, or a list of layers, each good from its `above_agl_m` up to the next;
/// an empty list is calm.
#[utoipa::path(
    get, path = "/weather", tag = "weather",
    params(("If-None-Match" = Option<String>, Header, description = "An ETag; 304 if the wind still has it")),
    responses(
        (status = 200, body = schema::Wind, headers(("etag" = String, description = "For If-Match")),
            example = json!({"speed_m_s": 4.0, "from_deg": 120.0})),
        (status = 304, description = "The wind has not changed"),
    )
)]
pub(super) async fn get_weather(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    query::none(&uri)?;
    let wind = wind_to_json(&app.service.state().wind);
    let etag = weather_tag(&wind);
    let response = match names_tag(&headers, header::IF_NONE_MATCH, &etag) {
        Some(true) => StatusCode::NOT_MODIFIED.into_response(),
        _ => Json(wind).into_response(),
    };
    Ok(with_tag(response, &etag))
}

/// Set the wind
///
/// Reserved flights that cannot be flown in it as planned, too fast through the air or with too little energy, are planned
/// anew in the same step: those in the air first, from where they will be after the reaction time. `affected` says
/// what becomes of them; each is an event too.
#[utoipa::path(
    put, path = "/weather", tag = "weather",
    params(("If-Match" = Option<String>, Header, description = "The ETag that the wind must still have")),
    request_body(content = schema::Wind, description = "At most 1 MiB",
        example = json!([
            {"speed_m_s": 3.0, "from_deg": 120.0, "above_agl_m": 0.0}, {"speed_m_s": 6.5, "from_deg": 135.0, "above_agl_m": 80.0},
        ])),
    responses(
        (status = 200, body = schema::WeatherChanged, headers(("etag" = String, description = "For If-Match"))),
        (status = 400, body = schema::Problem, content_type = "application/problem+json"),
        (status = 408, body = schema::Problem, content_type = "application/problem+json"),
        (status = 412, body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, body = schema::Problem, content_type = "application/problem+json"),
        (status = 415, body = schema::Problem, content_type = "application/problem+json"),
        (status = 422, body = schema::Problem, content_type = "application/problem+json"),
        (status = 503, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn put_weather(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    request: Request,
) -> Result<Response, Problem> {
    query::none(request.uri())?;
    let headers = request.headers().clone();
    let bytes = body::JSON.read(request, app.limits.body).await?;
    let wind = read_wind("body", &body::json_of(&bytes)?)
        .map_err(|error| Problem::of_read_error(Code::InvalidRequest, &error))?;
    let changed = app.service.change_weather(who.clone(), wind, if_match(headers)).await?;
    let WeatherChanged { wind, revision, affected } = changed;
    let etag = weather_tag(&wind);
    let body = json!({"wind": wind, "revision": revision, "affected": told(&affected, &who)});
    Ok(with_tag(Json(body).into_response(), &etag))
}

fn with_tag(mut response: Response, etag: &str) -> Response {
    if let Ok(etag) = HeaderValue::from_str(etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}
