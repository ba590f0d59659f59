//! A request for a flight as a body brings it: with an aircraft of the fleet, or one that it describes.

use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256};
use tianlu_airspace_data::ReadError;
use tianlu_airspace_data::scenario::{aircraft_to_json, read_aircraft, read_request};
use tianlu_engine::airspace::Mission;
use tianlu_engine::flight::Request;

use super::body;
use super::problem::{Code, Problem};
use crate::service::{Ask, Principal, Scope};

/// A request from the bytes of a body. Without an `id` it gets `nameless`.
///
/// # Errors
/// A problem that names each field that is wrong.
pub(super) fn ask(bytes: &[u8], nameless: &str) -> Result<Ask, Problem> {
    read(body::json_of(bytes)?, nameless)
        .map_err(|error| Problem::of_read_error(Code::InvalidRequest, &error))
}

fn read(mut json: Value, nameless: &str) -> Result<Ask, ReadError> {
    let mut craft = None;
    if let Some(members) = json.as_object_mut() {
        members.entry("id").or_insert_with(|| nameless.into());
        if let Some(aircraft) = members.get_mut("aircraft").filter(|aircraft| aircraft.is_object()) {
            let read = read_aircraft("aircraft", aircraft)?;
            // The same aircraft has the same name, whoever describes it.
            *aircraft = format!("inline-{}", short_hash(&aircraft_to_json(&read).to_string())).into();
            craft = Some(Arc::new(read));
        }
    }
    Ok(Ask { request: Arc::new(read_request("body", &json)?), craft })
}

fn short_hash(text: &str) -> String {
    Sha256::digest(text.as_bytes())[..12].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// May somebody ask for it? What goes before others takes the scope `emergency`; a token may say which zones'
/// authorizations and exemptions its requests name.
///
/// # Errors
/// A problem with the code `FORBIDDEN`.
pub(super) fn check_rights(request: &Request, who: &Principal, open_priority: i32) -> Result<(), Problem> {
    check_mission(request.mission, &request.authorizations, &request.exemptions, who)?;
    if !who.scopes.has(Scope::Emergency) && request.priority > open_priority {
        let detail = format!(
            "priority: found {}, above {open_priority} it takes the scope emergency",
            request.priority
        );
        return Err(Problem::new(Code::Forbidden, detail));
    }
    Ok(())
}

/// The same for what may enter zones: the mission, authorizations and exemptions.
///
/// # Errors
/// A problem with the code `FORBIDDEN`.
pub(super) fn check_mission(
    mission: Mission,
    authorizations: &[String],
    exemptions: &[String],
    who: &Principal,
) -> Result<(), Problem> {
    let refuse = |detail: String| Err(Problem::new(Code::Forbidden, detail));
    let first = matches!(mission, Mission::Emergency | Mission::Rescue | Mission::State);
    if first && !who.scopes.has(Scope::Emergency) {
        return refuse(format!("mission {} takes the scope emergency", mission.as_str()));
    }
    for (field, named, held) in
        [("authorizations", authorizations, &who.authorizations), ("exemptions", exemptions, &who.exemptions)]
    {
        let Some(held) = held else { continue };
        if let Some(zone) = named.iter().find(|zone| !held.contains(zone)) {
            return refuse(format!("{field}: found {zone:?}, which the token does not hold"));
        }
    }
    Ok(())
}
