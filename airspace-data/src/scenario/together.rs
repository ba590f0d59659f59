//! Requests to be planned together, without a world: the body of a batch.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tianlu_engine::aircraft::Aircraft;
use tianlu_engine::flight::Request;

use super::{aircraft, document};
use crate::error::ReadError;
use crate::fields::{self, Faults, Fields, Path};

/// Members of a scenario that say where its flights are planned, or what they are held against.
const OF_A_SCENARIO: [&str; 6] = ["airspace", "terrain", "obstacles", "wind", "separation", "expected"];

/// Requests and the aircraft that they may name.
#[derive(Debug, Clone)]
pub struct Together {
    /// The name of the scenario, if it has one.
    pub name: Option<String>,
    /// The requests, in the order of the list.
    pub requests: Vec<Request>,
    /// The aircraft of the fleet given, and those that came with the requests.
    pub fleet: BTreeMap<String, Aircraft>,
    /// What was passed over.
    pub notes: Vec<String>,
}

/// Reads requests as in a scenario file, from JSON (for the HTTP API). `file` is for messages alone.
///
/// `requests` is a list in which each has an `id` of its own; its `aircraft` is a name or an aircraft. `aircraft`, if it
/// is there, adds to the fleet given and goes before it. The rest of a scenario, and members that nothing knows, are
/// passed over with a note each.
///
/// # Errors
/// [`ReadError`] with every field that is missing or wrong.
pub fn read_requests(
    file: &str,
    mut json: Value,
    fleet: &BTreeMap<String, Aircraft>,
) -> Result<Together, ReadError> {
    let mut faults = Faults::new(file);
    let inline = take_aircraft(&mut json, fleet, &mut faults);
    let mut together = together(&json, &mut faults);
    if let Some(together) = &mut together {
        let own = std::mem::take(&mut together.fleet);
        together.fleet = fleet.clone();
        together.fleet.extend(own);
        together.fleet.extend(inline);
        together.notes.extend(faults.unknown().map(note));
    }
    faults.done(together)
}

fn together(json: &Value, faults: &mut Faults) -> Option<Together> {
    let mut top = Fields::of(json, &Path::Root, faults)?;
    let name =
        top.may("name", None, |value, at, faults| Some(Some(fields::text(value, at, faults)?.to_owned())));
    let fleet = top.may("aircraft", BTreeMap::new(), document::fleet);
    let requests = top.need("requests", document::requests);
    top.end(&[]);
    Some(Together { name: name?, requests: requests?, fleet: fleet?, notes: Vec::new() })
}

fn note(member: &str) -> String {
    if OF_A_SCENARIO.contains(&member) {
        format!("{member}: passed over, flights are planned in the world as it is here")
    } else {
        format!("{member}: nothing known by this name, passed over")
    }
}

/// Takes out the aircraft that requests hold themselves, and leaves names that nothing else has in their places.
fn take_aircraft(
    json: &mut Value,
    fleet: &BTreeMap<String, Aircraft>,
    faults: &mut Faults,
) -> BTreeMap<String, Aircraft> {
    let own: BTreeSet<String> = json
        .get("aircraft")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|own| own.keys().cloned())
        .collect();
    let Some(requests) = json.get_mut("requests").and_then(Value::as_array_mut) else {
        return BTreeMap::new();
    };
    let asked = requests.iter().filter_map(|request| request.get("aircraft")?.as_str().map(str::to_owned));
    let taken: BTreeSet<String> = asked.chain(own).chain(fleet.keys().cloned()).collect();
    let mut free = (0_u64..).map(|number| format!("inline {number}")).filter(|name| !taken.contains(name));
    let mut found = BTreeMap::new();
    for (index, request) in requests.iter_mut().enumerate() {
        let id = request.get("id").and_then(Value::as_str).map(str::to_owned);
        let held = request.get_mut("aircraft").filter(|aircraft| aircraft.is_object());
        if let Some((held, name)) = held.and_then(|held| Some((held, free.next()?))) {
            let value = std::mem::replace(held, name.clone().into());
            faults.about("request", index, id);
            let list = Path::Member(&Path::Root, "requests");
            let at = Path::Element(&list, index);
            found.extend(
                aircraft::aircraft(&value, &Path::Member(&at, "aircraft"), faults).map(|craft| (name, craft)),
            );
        }
    }
    faults.about_all();
    found
}
