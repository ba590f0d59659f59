//! What the service denies, as a problem.

use serde_json::json;

use super::{Code, Problem};
use crate::service::Denied;

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let detail = denied.to_string();
        let of = |code| Self::new(code, detail.clone());
        match denied {
            Denied::NotFound(_) => of(Code::NotFound),
            Denied::Invalid { field, found, expected } => of(Code::InvalidRequest).with(
                "errors",
                json!([{"place": "body", "field": field, "found": found, "expected": expected}]),
            ),
            Denied::Airspace(_) => of(Code::InvalidAirspace),
            Denied::TakenZones(zones) => of(Code::DuplicateZone).with("zones", json!(zones)),
            Denied::TakenFlight(_) => of(Code::DuplicateFlight),
            Denied::KeyMisused(_) => of(Code::KeyMisused),
            Denied::WrongState(_) => of(Code::WrongState),
            Denied::Precondition(_) => of(Code::PreconditionFailed),
            Denied::Outrun(_) | Denied::Overloaded(_) => of(Code::Overloaded).retry_after_s(1),
            Denied::Stopping => of(Code::NotReady).retry_after_s(5),
            Denied::Store(_) => of(Code::StoreFailed).retry_after_s(5),
            Denied::Fault(_) => of(Code::Internal),
        }
    }
}
