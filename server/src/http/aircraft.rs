//! `GET /aircraft`: the fleet.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde_json::{Map, Value, json};
use tianlu_engine::aircraft::{Aircraft, EnergySource};

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
    let fleet: Map<String, Value> =
        app.fleet.iter().map(|(name, aircraft)| (name.clone(), json_of(aircraft))).collect();
    Ok(Json(Value::Object(fleet)))
}

fn json_of(aircraft: &Aircraft) -> Value {
    let energy = &aircraft.energy;
    let mut source = match energy.source {
        EnergySource::Battery { capacity_wh } => json!({"source": "battery", "capacity_wh": capacity_wh}),
        EnergySource::FuelCell { capacity_g, g_per_wh } => {
            json!({"source": "fuel_cell", "capacity_g": capacity_g, "g_per_wh": g_per_wh})
        }
    };
    for (name, value) in [
        ("reserve_fraction", energy.reserve_fraction),
        ("hover_w", energy.hover_w),
        ("cruise_w", energy.cruise_w),
        ("climb_w", energy.climb_w),
        ("descent_w", energy.descent_w),
    ] {
        source[name] = value.into();
    }
    json!({
        "kind": aircraft.kind.as_str(),
        "can_hover": aircraft.can_hover,
        "cruise_m_s": aircraft.cruise_m_s,
        "max_airspeed_m_s": aircraft.max_airspeed_m_s,
        "climb_m_s": aircraft.climb_m_s,
        "descent_m_s": aircraft.descent_m_s,
        "min_turn_radius_m": aircraft.min_turn_radius_m,
        "clearance_m": aircraft.clearance_m,
        "vertical_clearance_m": aircraft.vertical_clearance_m,
        "energy": source,
    })
}
