//! `GET /audit`: who changed what, and when.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::value::RawValue;

use super::problem::{Code, Problem};
use super::query;
use super::schema;
use super::state::App;
use crate::service::Denied;
use crate::store::Log;

/// Entries of an answer if no number is asked for, and the most of them.
const LIMIT: usize = 100;
const MOST: usize = 1000;

/// Read the audit log
///
/// Every change, who made it and when, in the order in which they were made. `next` is the `after` of the call for those
/// that follow.
#[utoipa::path(
    get, path = "/audit", tag = "about",
    params(
        ("after" = Option<u64>, Query, description = "Entries with greater ids; 0 if absent", example = 0),
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 1000 (more is read as 1000); 100 if absent",
            example = 100),
    ),
    responses(
        (status = 200, body = schema::Audit),
        (status = 400, body = schema::Problem, content_type = "application/problem+json"),
        (status = 503, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_audit(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    let (mut after, mut limit) = (0, LIMIT);
    for (name, value) in query::pairs(&uri, &["after", "limit"])? {
        match name.as_str() {
            "after" => after = query::whole(&name, &value, 0)? as u64,
            _ => limit = query::whole(&name, &value, 1)?.min(MOST),
        }
    }
    let store = Arc::clone(&app.service.store);
    // The store reads from a disk: off the async threads.
    let read = tokio::task::spawn_blocking(move || store.after(Log::Audit, after, limit));
    let read = read.await.map_err(|error| Problem::new(Code::Internal, error.to_string()))?;
    let entries = read.map_err(Denied::from)?;
    let next = entries.last().map_or(after, |(id, _)| *id);
    // Each entry is JSON already.
    let texts = entries.iter().map(|(id, bytes)| {
        serde_json::from_slice::<&RawValue>(bytes)
            .map_err(|error| Denied::Store(format!("audit entry {id}: {error}")))
    });
    let texts = texts.collect::<Result<Vec<_>, _>>()?;
    let entries = texts.iter().map(|text| text.get()).collect::<Vec<_>>().join(",");
    let mut response = Body::from(format!("{{\"entries\":[{entries}],\"next\":{next}}}")).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}
