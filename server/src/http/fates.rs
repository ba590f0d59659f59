//! What became of flights that a change affected, for the caller.

use serde_json::{Value, json};

use crate::service::{Principal, Told};

/// What became of flights, as somebody may know it.
pub(super) fn told(affected: &[Told], who: &Principal) -> Value {
    affected
        .iter()
        .map(|told| {
            let mut json = json!({"flight": told.flight.name_for(who), "outcome": told.outcome});
            if told.flight.is_seen_by(who) {
                if let Some(site) = &told.site {
                    json["site"] = site.as_str().into();
                }
                if let Some(refusal) = &told.refusal {
                    json["code"] = refusal.code.as_str().into();
                }
            }
            json
        })
        .collect()
}
