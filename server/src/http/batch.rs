//! `POST /batch`: plans requests together, kept apart from each other; reserves nothing.

use std::sync::Arc;

use axum::extract::{Request as HttpRequest, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tianlu_airspace_data::ReadError;
use tianlu_airspace_data::plans::write_batch;
use tianlu_airspace_data::scenario::read_requests;
use tianlu_engine::dispatch::{self, Dispatched, Options, Statistics};
use tianlu_engine::frame::Frame;
use tianlu_engine::world::World;

use super::body;
use super::features::with_revision;
use super::problem::{Code, Problem};
use super::query;
use super::schema;
use super::state::App;

/// Requests in one batch, at most.
pub(super) const MOST: usize = 10_000;

/// The name of a batch that has none.
const NAMELESS: &str = "batch";

/// Plan requests together
///
/// In the airspace as it is now, flights kept apart from each other; reserves nothing. The body is a scenario's
/// `requests`, each with an `id` of its own, and may hold its `name` and its `aircraft`; the rest of a scenario is passed
/// over with a note. A request names an aircraft of the body or of `GET /aircraft`, or holds one. Higher priorities go
/// first, equals as they stand in the list. All flights share one plane: those that begin or end more than 150 km from
/// the middle of the box about all ends are refused as `BAD_REQUEST`. The answer is a plan file, its plans in the order of
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
pub(super) async fn post_batch(State(app): State<Arc<App>>, http: HttpRequest) -> Result<Response, Problem> {
    query::none(http.uri())?;
    let bytes = body::BATCH.read(http, app.limits.body).await?;
    let worker = Arc::clone(&app);
    app.batches.run(move || plan(&worker, &bytes)).await?
}

fn plan(app: &App, bytes: &[u8]) -> Result<Response, Problem> {
    let invalid = |error| Problem::of_read_error(Code::InvalidRequest, &error);
    let json = body::json_of(bytes)?;
    check_count(&json).map_err(invalid)?;
    let state = app.service.state();
    let together = read_requests("body", json, &state.fleet).map_err(invalid)?;
    let ends = together.requests.iter().flat_map(|request| [request.origin, request.destination]);
    let planned = match Frame::around(ends) {
        Some(frame) => {
            let fleet = Arc::new(together.fleet);
            let world = World { frame, fleet, ..World::clone(&state.world) };
            dispatch::batch(&world, &together.requests, &Options::default(), &|_, _| {})
        }
        None => Dispatched { outcomes: Vec::new(), statistics: Statistics::default() },
    };
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
