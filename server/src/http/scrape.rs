//! `GET /metrics`: for Prometheus.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use super::query;
use super::state::App;
use crate::metrics;
use crate::service::FlightState;

/// Metrics for Prometheus
///
/// Calls by route and status, latencies, plans, queues, the revision, flights by state, events, the store.
#[utoipa::path(
    get, path = "/metrics", tag = "operation",
    responses((status = 200, body = String, content_type = "text/plain; version=0.0.4; charset=utf-8"))
)]
pub(super) async fn get_metrics(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    query::none(&uri)?;
    observe(&app);
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], metrics::render()).into_response())
}

/// What is counted when it is asked for.
fn observe(app: &App) {
    let state = app.service.state();
    metrics::state(state.revision, state.sky.airspace.len());
    let mut flights: BTreeMap<FlightState, usize> = FlightState::ALL.map(|state| (state, 0)).into();
    for flight in state.flights.values() {
        *flights.entry(flight.state).or_default() += 1;
    }
    for (state, count) in flights {
        metrics::flights(state.as_str(), count);
    }
    for (name, workers) in app.queues() {
        let (taken, places) = workers.load();
        metrics::queue(name, taken, places);
    }
    let (waiting, places) = app.service.writer.load();
    metrics::queue("writer", waiting, places);
    metrics::store_bytes(app.service.store.size_bytes());
}
