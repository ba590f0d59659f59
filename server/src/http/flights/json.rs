//! A flight as JSON: its plan as in a plan file, with its state.

use serde_json::{Value, json};
use tianlu_airspace_data::plans::outcome_to_json;
use tianlu_engine::flight::{Outcome, Plan};
use tianlu_engine::frame::Instant;

use crate::service::Flight;

/// A flight, for those who may see it.
pub(in crate::http) fn flight_json(flight: &Flight) -> Value {
    let mut json = outcome_to_json(&Outcome::Planned(Plan::clone(&flight.plan)));
    json["state"] = flight.state.as_str().into();
    json["operator"] = (*flight.operator).into();
    json["mission"] = flight.request.mission.as_str().into();
    json["priority"] = flight.request.priority.into();
    json["aircraft"] = flight.request.aircraft.as_str().into();
    json["revision"] = flight.revision.into();
    json["accepted"] = time(flight.accepted).into();
    json["changed"] = time(flight.changed).into();
    json["cause"] = json!(flight.cause);
    json["site"] = json!(flight.site);
    json["position"] = match &flight.position {
        Some(at) => json!({
            "lon": at.place.lon(), "lat": at.place.lat(), "alt_m": at.altitude_m, "time": time(at.time),
        }),
        None => Value::Null,
    };
    json
}

/// RFC 3339 with milliseconds.
pub(in crate::http) fn time(instant: Instant) -> String {
    format!("{:.3}", jiff::Timestamp::from_millisecond(instant.millis()).unwrap_or_default())
}
