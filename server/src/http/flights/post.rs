//! `POST /flights`: plans and reserves in one step.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request as HttpRequest, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::flight_json;
use crate::http::ask::{ask, check_rights};
use crate::http::body;
use crate::http::caller::Caller;
use crate::http::envelope;
use crate::http::fates::told;
use crate::http::problem::{Code, Problem};
use crate::http::query;
use crate::http::routes::refused;
use crate::http::schema;
use crate::http::state::App;
use crate::service::{Accepted, Call, Denied, Flight, Key, Offered, Principal, Told};

/// A plan that others outran is made again so often on a snapshot; then once more where nobody can outrun it.
const ATTEMPTS: usize = 3;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Plan and reserve a flight
///
/// In one step: if it is answered with 201, the flight is on disk and no other is planned into its way. A request of
/// higher priority makes those of lower priority make room; `displaced` says what becomes of them. Without `id` the flight
/// gets one.
#[utoipa::path(
    post, path = "/flights", tag = "flights",
    params(("Idempotency-Key" = Option<String>, Header,
        description = "Up to 255 characters. A repeat within 24 hours with the same body is answered as the first call \
            was, and reserves nothing more")),
    request_body(content = schema::RouteRequest, description = "At most 1 MiB"),
    responses(
        (status = 201, body = schema::Flight, headers(
            ("location" = String, description = "The flight"), ("etag" = String, description = "For If-Match"))),
        (status = 400, body = schema::Problem, content_type = "application/problem+json"),
        (status = 403, body = schema::Problem, content_type = "application/problem+json"),
        (status = 408, body = schema::Problem, content_type = "application/problem+json"),
        (status = 409, body = schema::Problem, content_type = "application/problem+json",
            description = "DUPLICATE_FLIGHT: the id is taken"),
        (status = 413, body = schema::Problem, content_type = "application/problem+json"),
        (status = 415, body = schema::Problem, content_type = "application/problem+json"),
        (status = 422, body = schema::Problem, content_type = "application/problem+json",
            description = "INVALID_REQUEST; KEY_MISUSED; ROUTE_REFUSED with `reason` and what would work instead, as from \
            `POST /routes`"),
        (status = 503, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn post_flight(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    http: HttpRequest,
) -> Result<Response, Problem> {
    query::none(http.uri())?;
    let key = key_of(http.headers())?;
    let bytes = body::JSON.read(http, app.limits.body).await?;
    let call = call(&app, &who, &bytes, key)?;
    let urgent = call.ask.request.priority > app.service.rules.open_priority;
    let accepted = accept(&app, call, urgent).await?;
    answer(&app, &who, accepted)
}

/// Plans on a snapshot and reserves; again if others were faster.
async fn accept(app: &Arc<App>, call: Call, urgent: bool) -> Result<Accepted, Problem> {
    let workers = if urgent { &app.urgent } else { &app.workers };
    for _ in 0..ATTEMPTS {
        let (service, again) = (Arc::clone(&app.service), call.clone());
        let offer = match workers.run(move || service.offer(again)).await?? {
            Offered::Offer(offer) => offer,
            Offered::Done(accepted) => return Ok(accepted),
        };
        match app.service.take(*offer, written).await {
            Err(Denied::Outrun(_)) => {}
            done => return Ok(done?),
        }
    }
    Ok(app.service.offer_and_take(call, written).await?)
}

fn call(app: &App, who: &Principal, bytes: &[u8], key: Option<String>) -> Result<Call, Problem> {
    let ask = ask(bytes, &format!("F-{}", envelope::new_id()))?;
    check_rights(&ask.request, who, app.service.rules.open_priority)?;
    let key = key.map(|text| {
        let fingerprint = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Key { name: format!("{}\n{text}", who.subject), text, fingerprint }
    });
    Ok(Call { ask, who: who.clone(), key })
}

fn key_of(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let text = value.to_str().ok().filter(|text| (1..=255).contains(&text.len()));
    let refuse = || Problem::new(Code::BadUrl, "Idempotency-Key: expected 1 to 255 characters of ASCII");
    text.map(|text| Some(text.to_owned())).ok_or_else(refuse)
}

/// The body of the answer: the flight as its operator sees it.
fn written(flight: &Flight, displaced: &[Told]) -> String {
    let mut json = flight_json(flight);
    let operator = Principal { subject: Arc::clone(&flight.operator), ..Principal::nobody() };
    json["displaced"] = told(displaced, &operator);
    json.to_string()
}

fn answer(app: &App, who: &Principal, accepted: Accepted) -> Result<Response, Problem> {
    let (id, body, etag) = match accepted {
        Accepted::Flight { flight, displaced } => {
            (flight.id().to_owned(), written(&flight, &displaced), Some(flight.etag()))
        }
        Accepted::Repeated { flight, answer } => (flight, answer, None),
        Accepted::Refused { refusal, instead } => {
            return Err(refused(&app.service.state(), who, refusal, &instead));
        }
    };
    let mut response = (StatusCode::CREATED, Body::from(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let location = format!("/flights/{}", query::percent_encoded(&id));
    for (name, value) in [(header::LOCATION, Some(location)), (header::ETAG, etag)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            headers.insert(name, value);
        }
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_plain() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(IDEMPOTENCY_KEY, HeaderValue::from_str(text).expect("a header"));
            key_of(&headers).ok().flatten()
        };
        assert_eq!(of("5c1e"), Some("5c1e".to_owned()));
        assert_eq!(of(""), None);
        assert_eq!(of(&"x".repeat(256)), None);
        assert!(key_of(&HeaderMap::new()).is_ok_and(|key| key.is_none()));
    }
}
