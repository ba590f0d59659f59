//! Is the server alive, and does it take work?

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde_json::{Value, json};

use super::problem::{Code, Problem};
use super::query;
use super::schema;
use super::state::App;

/// Is the process alive?
#[utoipa::path(get, path = "/healthz", tag = "about", responses((status = 200, body = schema::Health)))]
pub(super) async fn get_healthz(uri: Uri) -> Result<Json<Value>, Problem> {
    query::none(&uri)?;
    Ok(Json(json!({"status": "ok"})))
}

/// Does it take work?
#[utoipa::path(
    get, path = "/readyz", tag = "about",
    responses(
        (status = 200, body = schema::Readiness),
        (status = 503, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_readyz(State(app): State<Arc<App>>, uri: Uri) -> Result<Json<Value>, Problem> {
    query::none(&uri)?;
    if app.is_stopping() {
        return Err(Problem::new(Code::NotReady, Code::NotReady.title()).retry_after_s(5));
    }
    let state = app.service.state();
    Ok(Json(json!({
        "status": "ready", "zones": state.sky.airspace.len(), "revision": state.sky.airspace.revision(),
        "flights": state.book.len(),
    })))
}
