//! `POST /batch`: plans requests together, kept apart from each other and from reserved flights; reserves nothing.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request as HttpRequest, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tianlu_airspace_data::ReadError;
use tianlu_airspace_data::plans::write_batch;
use tianlu_airspace_data::scenario::read_requests;
use tianlu_engine::dispatch::{self, Options};
use tianlu_engine::flight::Outcome;
use tianlu_engine::route::Planner;
use tianlu_engine::world::World;

use super::ask::check_rights;
use super::body;
use super::caller::Caller;
use super::features::with_revision;
use super::problem::{Code, Problem};
use super::query;
use super::routes::hide_names;
use super::schema;
use super::state::App;
use crate::metrics;
use crate::service::Principal;

/// Requests in one batch, at most.
pub(super) const MOST: usize = 10_000;

/// The name of a batch that has none.
const NAMELESS: &str = "batch";

/// Plan requests together
///
/// In the airspace as it is now, flights kept apart from each other and from those that are reserved; reserves nothing. The body is a scenario's
/// `requests`, each with an `id` of its own, and may hold its `name` and its `aircraft`; the rest of a scenario is passed
/// over with a note. A request names an aircraft of the body or of `GET /aircraft`, or holds one. Higher priorities go
/// first, equals as they stand in the list; reserved flights stay as they are. Flights that begin or end more than 150 km from
/// the server's centre are refused as `BAD_REQUEST`. The answer is a plan file, its plans in the order of
/// the requests, with statistics. One batch is planned at a time.
#[utoipa::path(
    post, path = "/batch", tag = "routes",
    request_body(content = schema::BatchRequest, description = "At most 16 MiB and 10,000 requests"),
    responses(
        (status = 200, body = schema::Batch,
            headers(("airspace-revision" = u64, description = "The airspace that it was planned in"))),
        (status = 400, body = schema::Problem, content_type = "application/problem+json"),
        (status = 408, body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, body = schema::Problem, content_type = "application/problem+json"),
        (status = 415, body = schema::Problem, content_type = "application/problem+json"),
        (status = 422, body = schema::Problem, content_type = "application/problem+json",
            description = "INVALID_REQUEST: fields are wrong, `errors` says which; nothing was planned"),
        (status = 503, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn post_batch(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    http: HttpRequest,
) -> Result<Response, Problem> {
    query::none(http.uri())?;
    let bytes = body::BATCH.read(http, app.limits.body).await?;
    let worker = Arc::clone(&app);
    app.batches.run(move || plan(&worker, &who, &bytes)).await?
}

fn plan(app: &App, who: &Principal, bytes: &[u8]) -> Result<Response, Problem> {
    let invalid = |error| Problem::of_read_error(Code::InvalidRequest, &error);
    let json = body::json_of(bytes)?;
    check_count(&json).map_err(invalid)?;
    let state = app.service.state();
    let together = read_requests("body", json, &state.fleet).map_err(invalid)?;
    for request in &together.requests {
        check_rights(request, who, app.service.rules.open_priority)?;
    }
    let world = World { fleet: Arc::new(together.fleet), ..World::clone(&state.world) };
    let planner = Planner::sharing(&world, &state.outlines);
    let begun = Instant::now();
    let mut planned =
        dispatch::batch_among(&planner, &state.book, &together.requests, &Options::default(), &|_, _| {});
    metrics::planning("batch", begun.elapsed());
    planned.outcomes.iter().for_each(|outcome| metrics::planned("batch", outcome));
    for outcome in &mut planned.outcomes {
        if let Outcome::Rejected(refusal) = outcome {
            hide_names(&state, who, refusal);
        }
    }
    let name = together.name.as_deref().unwrap_or(NAMELESS);
    let text = write_batch(name, &planned, &together.notes);
    let json = HeaderValue::from_static("application/json");
    Ok(with_revision(([(header::CONTENT_TYPE, json)], text).into_response(), state.sky.airspace.revision()))
}

fn check_count(json: &Value) -> Result<(), ReadError> {
    let count = json.get("requests").and_then(Value::as_array).map_or(0, Vec::len);
    if count <= MOST {
        return Ok(());
    }
    Err(ReadError::whole(
        "body",
        "requests",
        format!("a list of {count}"),
        format!("at most {MOST} requests"),
    ))
}
