//! `GET /aircraft`: the fleet.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde_json::{Map, Value};
use tianlu_airspace_data::scenario::aircraft_to_json;

use super::problem::Problem;
use super::query;
use super::schema;
use super::state::App;

/// The aircraft that a request may name, as in a scenario file
#[utoipa::path(
    get, path = "/aircraft", tag = "routes",
    responses((status = 200, body = std::collections::BTreeMap<String, schema::Aircraft>))
)]
pub(super) async fn get_aircraft(State(app): State<Arc<App>>, uri: Uri) -> Result<Json<Value>, Problem> {
    query::none(&uri)?;
    // Those that requests have described are their operators' alone.
    let fleet: Map<String, Value> =
        app.service.fleet.iter().map(|(name, aircraft)| (name.clone(), aircraft_to_json(aircraft))).collect();
    Ok(Json(Value::Object(fleet)))
}
