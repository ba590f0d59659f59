//! `POST /routes`: plans a request in the airspace as it is; reserves nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request as HttpRequest, State};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tianlu_airspace_data::ReadError;
use tianlu_airspace_data::plans::answer_to_json;
use tianlu_airspace_data::scenario::{read_aircraft, read_request};
use tianlu_engine::aircraft::Aircraft;
use tianlu_engine::flight::{Outcome, Request};
use tianlu_engine::route::Planner;

use super::body;
use super::features::with_revision;
use super::problem::{Code, Problem};
use super::query;
use super::schema;
use super::state::App;

/// The id of a request that brings none: nothing is kept, so nothing can clash.
const NAMELESS: &str = "R1";
/// The name in the fleet of an aircraft that the request describes itself.
const INLINE: &str = "inline";

/// Plan a route
///
/// In the airspace as it is now; reserves nothing. The aircraft is one of `GET /aircraft` by its name, or an object
/// of the same form. Without `id` the request is called `R1`. Each route is planned alone in the sky.
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
pub(super) async fn post_route(State(app): State<Arc<App>>, http: HttpRequest) -> Result<Response, Problem> {
    query::none(http.uri())?;
    let bytes = body::JSON.read(http, app.limits.body).await?;
    let worker = Arc::clone(&app);
    app.workers.run(move || plan(&worker, &bytes)).await?
}

fn plan(app: &App, bytes: &[u8]) -> Result<Response, Problem> {
    let (request, fleet) = read(app, body::json_of(bytes)?)
        .map_err(|error| Problem::of_read_error(Code::InvalidRequest, &error))?;
    let sky = app.sky();
    let (world, outlines) = app.world(&sky, (request.origin, request.destination), fleet);
    let (outcome, instead) = Planner::sharing(&world, &outlines).advise(&request);
    let mut json = answer_to_json(&outcome, &instead);
    let response = match outcome {
        Outcome::Planned(_) => Json(json).into_response(),
        Outcome::Rejected(refusal) => Problem::new(Code::RouteRefused, refusal.text)
            .with("request", refusal.request.into())
            .with("reason", json["reason"].take())
            .into_response(),
    };
    Ok(with_revision(response, sky.airspace.revision()))
}

/// The request, and the fleet with the aircraft that it brings.
fn read(app: &App, mut json: Value) -> Result<(Request, Arc<BTreeMap<String, Aircraft>>), ReadError> {
    let mut fleet = Arc::clone(&app.fleet);
    if let Some(members) = json.as_object_mut() {
        members.entry("id").or_insert_with(|| NAMELESS.into());
        if let Some(aircraft) = members.get_mut("aircraft").filter(|aircraft| aircraft.is_object()) {
            let aircraft = std::mem::replace(aircraft, INLINE.into());
            let aircraft = read_aircraft("aircraft", &aircraft)?;
            Arc::make_mut(&mut fleet).insert(INLINE.to_owned(), aircraft);
        }
    }
    Ok((read_request("body", &json)?, fleet))
}
