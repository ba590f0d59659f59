//! `POST /routes`: plans a request in the airspace and traffic as they are; reserves nothing.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request as HttpRequest, State};
use axum::response::{IntoResponse, Response};
use tianlu_airspace_data::plans::{answer_to_json, outcome_to_json};
use tianlu_engine::flight::{Outcome, Refusal, Remedy};

use super::ask::{ask, check_rights};
use super::body;
use super::caller::Caller;
use super::features::with_revision;
use super::problem::{Code, Problem};
use super::query;
use super::schema;
use super::state::App;
use crate::service::{Principal, State as City, instead, plan, world_for};

/// The id of a request that brings none: nothing is kept, so nothing can clash.
const NAMELESS: &str = "R1";

/// Plan a route
///
/// In the airspace and among the flights as they are now; reserves nothing. The aircraft is one of `GET /aircraft` by its
/// name, or an object of the same form. Without `id` the request is called `R1`.
#[utoipa::path(
    post, path = "/routes", tag = "routes",
    request_body(content = schema::RouteRequest, description = "At most 1 MiB"),
    responses(
        (status = 200, body = schema::Plan,
            headers(("airspace-revision" = u64, description = "The airspace that it was planned in"))),
        (status = 400, body = schema::Problem, content_type = "application/problem+json"),
        (status = 408, body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, body = schema::Problem, content_type = "application/problem+json"),
        (status = 415, body = schema::Problem, content_type = "application/problem+json"),
        (status = 422, body = schema::Problem, content_type = "application/problem+json",
            description = "INVALID_REQUEST: fields are wrong, `errors` says which. ROUTE_REFUSED: no flight is \
            possible, `reason` says why, as in a plan file, and what would work instead: \
            `first_departure`, `other_heights`, `missing_authorizations`, each by itself and each tried."),
        (status = 503, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn post_route(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    http: HttpRequest,
) -> Result<Response, Problem> {
    query::none(http.uri())?;
    let bytes = body::JSON.read(http, app.limits.body).await?;
    let worker = Arc::clone(&app);
    app.workers.run(move || answer(&worker, &who, &bytes)).await?
}

fn answer(app: &App, who: &Principal, bytes: &[u8]) -> Result<Response, Problem> {
    let ask = ask(bytes, NAMELESS)?;
    check_rights(&ask.request, who, app.service.rules.open_priority)?;
    let state = app.service.state();
    let world = world_for(&state, &ask);
    let planned = plan(&state, &world, &app.service.rules, &ask, app.service.clock.now());
    let response = match planned.outcome {
        Outcome::Planned(_) => Json(outcome_to_json(&planned.outcome)).into_response(),
        Outcome::Rejected(refusal) => {
            let instead = instead(&state, &world, &ask, &refusal);
            refused(&state, who, refusal, &instead).into_response()
        }
    };
    Ok(with_revision(response, state.sky.airspace.revision()))
}

/// A refusal as a problem, with what would work instead.
pub(super) fn refused(state: &City, who: &Principal, mut refusal: Refusal, instead: &[Remedy]) -> Problem {
    hide_names(state, who, &mut refusal);
    let (text, request) = (refusal.text.clone(), refusal.request.clone());
    let mut json = answer_to_json(&Outcome::Rejected(refusal), instead);
    Problem::new(Code::RouteRefused, text)
        .with("request", request.into())
        .with("reason", json["reason"].take())
}

/// Flights in the way are named as the caller may know them.
pub(super) fn hide_names(state: &City, who: &Principal, refusal: &mut Refusal) {
    let told: Vec<String> = refusal.flights.iter().map(|flight| state.name_for(who, flight)).collect();
    if told != refusal.flights {
        // The text names them after what it says.
        let says = refusal.text.split(": ").next().unwrap_or_default();
        refusal.text = format!("{says}: {} in the way", told.join(", "));
        refusal.flights = told;
    }
}
