//! Is the server alive, and does it take work?

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::{Extension, Json};
use serde_json::{Value, json};

use super::front::Front;
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
///
/// One line for each thing that it takes: the store, the state in memory, keys, queues, and that it is not stopping.
#[utoipa::path(
    get, path = "/readyz", tag = "about",
    responses(
        (status = 200, body = schema::Readiness),
        (status = 503, body = schema::Problem, content_type = "application/problem+json",
            description = "NOT_READY: `checks` says why"),
    )
)]
pub(super) async fn get_readyz(
    State(app): State<Arc<App>>,
    Extension(front): Extension<Arc<Front>>,
    uri: Uri,
) -> Result<Json<Value>, Problem> {
    query::none(&uri)?;
    let checks = [store(&app), recovered(&app), keys(&front), queues(&app), running(&app)];
    let json = Value::Array(checks.iter().map(Check::to_json).collect());
    if let Some(failed) = checks.iter().find(|check| !check.ok) {
        let detail = format!("{}: {}", failed.name, failed.detail);
        return Err(Problem::new(Code::NotReady, detail).with("checks", json).retry_after_s(5));
    }
    let state = app.service.state();
    Ok(Json(json!({
        "status": "ready",
        "zones": state.sky.airspace.len(),
        "revision": state.sky.airspace.revision(),
        "flights": state.book.len(),
        "checks": json,
    })))
}

/// One thing that the server needs.
struct Check {
    name: &'static str,
    ok: bool,
    detail: String,
}

impl Check {
    fn new(name: &'static str, ok: bool, detail: impl Into<String>) -> Self {
        Self { name, ok, detail: detail.into() }
    }

    fn to_json(&self) -> Value {
        json!({"name": self.name, "ok": self.ok, "detail": self.detail})
    }
}

fn store(app: &App) -> Check {
    if app.service.is_broken() {
        return Check::new(
            "store",
            false,
            "a commit has failed: nothing is taken until the server is started anew",
        );
    }
    Check::new("store", true, "every commit so far is on disk")
}

/// The server answers once its state is there: this says which.
fn recovered(app: &App) -> Check {
    Check::new("recovered", true, format!("the state is at revision {}", app.service.state().revision))
}

fn keys(front: &Front) -> Check {
    let Some(access) = &front.access else {
        return Check::new("keys", true, "none: everybody on this machine may do everything");
    };
    let count = access.count();
    let failure =
        access.failure().map(|error| format!("; the last fetch failed: {error}")).unwrap_or_default();
    Check::new("keys", count > 0, format!("{count} public keys{failure}"))
}

fn queues(app: &App) -> Check {
    let workers = app.queues().map(|(name, workers)| (name, workers.load()));
    let all = workers.into_iter().chain([("writer", app.service.writer.load())]);
    let full = |(_, (taken, places)): &(&str, (usize, usize))| taken >= places;
    match all.clone().find(full) {
        Some((name, (_, places))) => {
            Check::new("queues", false, format!("all {places} places of the queue {name} are taken"))
        }
        None => {
            let each: Vec<_> =
                all.map(|(name, (taken, places))| format!("{name} {taken} of {places}")).collect();
            Check::new("queues", true, each.join(", "))
        }
    }
}

fn running(app: &App) -> Check {
    let stopping = app.is_stopping();
    let detail =
        if stopping { "the server is stopping, and takes no more work" } else { "the server takes work" };
    Check::new("running", !stopping, detail)
}
