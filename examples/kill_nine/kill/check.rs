//! Has the server kept its word?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;
use tianlu_airspace_data::scenario::read_request;
use tianlu_engine::airspace::Airspace;
use tianlu_engine::flight::{Plan, Request, Waypoint};
use tianlu_engine::frame::{Amsl, Frame, Instant, LonLat};
use tianlu_engine::verify::Verifier;
use tianlu_engine::weather::Wind;
use tianlu_engine::world::{Separation, World};

use super::Outcome;
use super::ledger::{Entry, Ledger};
use super::server::Server;

/// The separation of a server without a scenario.
const SEPARATION: Separation = Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 2.0, pad_s: 5.0 };

/// The flights of the last round, one by one, as their clients ask for them.
///
/// # Errors
/// The first that is not as it was answered.
pub(super) fn last_round(server: &Server, ledger: &Ledger) -> Outcome<()> {
    let flights = ledger.last.iter().filter_map(|id| Some((id, ledger.entries.get(id)?)));
    for (id, entry) in flights.filter(|(_, entry)| entry.is_accepted()) {
        let answer = server.get(&format!("/flights/{id}"))?;
        if answer.status != 200 {
            return Err(format!("{id} was accepted and is lost: {}", answer.text).into());
        }
        let flight = answer.json()?;
        if Some(&flight["trajectory"]) != entry.trajectory.as_ref() {
            return Err(format!("{id} has another plan than was answered").into());
        }
        check_state(id, entry, flight["state"].as_str().unwrap_or_default())?;
    }
    Ok(())
}

fn check_state(id: &str, entry: &Entry, found: &str) -> Outcome<()> {
    // What was asked for last and not answered may have become true.
    let right = entry.asked.is_some_and(|asked| asked == found)
        || match entry.state {
            None => found == "ACCEPTED",
            Some("CANCELLED") => found == "CANCELLED",
            Some(_) => ["ACTIVATED", "NONCONFORMING"].contains(&found),
        };
    if right {
        return Ok(());
    }
    let (told, asked) = (entry.state.unwrap_or("ACCEPTED"), entry.asked.unwrap_or("nothing"));
    Err(format!("{id} is {found}; it was answered {told}, and asked without an answer {asked}").into())
}

/// What a backup holds, as far as it is looked at.
#[derive(Default)]
struct Stored {
    revision: u64,
    /// Flights by id: state, whether reserved, the plan's record.
    flights: BTreeMap<String, Value>,
    /// Milliseconds since 1970 of the last position, by flight.
    positions: BTreeMap<String, i64>,
    /// Ids and what they tell.
    events: Vec<(u64, Value)>,
}

/// All that the server has: every flight that was ever accepted, its state and position, the events, and that no two
/// flights in the book come too close.
///
/// # Errors
/// The first thing that is not as it was answered.
pub(super) fn whole_state(server: &Server, ledger: &mut Ledger) -> Outcome<()> {
    let stored = stored(&server.get("/backup")?.text)?;
    if stored.revision < ledger.revision {
        return Err(format!("the revision went back from {} to {}", ledger.revision, stored.revision).into());
    }
    ledger.revision = stored.revision;
    for (id, entry) in &mut ledger.entries {
        match stored.flights.get(id) {
            Some(_) if entry.refused => return Err(format!("{id} was refused and is there").into()),
            Some(record) => check_record(id, entry, record, stored.positions.get(id).copied())?,
            None if entry.is_accepted() => return Err(format!("{id} was accepted and is lost").into()),
            None => {}
        }
    }
    if let Some(unknown) = stored.flights.keys().find(|id| !ledger.entries.contains_key(*id)) {
        return Err(format!("{unknown} is there, and nobody has asked for it").into());
    }
    check_events(&stored)?;
    check_apart(&stored, ledger)
}

fn stored(backup: &str) -> Outcome<Stored> {
    let mut stored = Stored::default();
    let mut ended = false;
    for line in backup.lines() {
        let mut line: Value = serde_json::from_str(line)?;
        let value = line["value"].take();
        if let Some(revision) = line["revision"].as_u64() {
            stored.revision = revision;
        }
        let key = || line["key"].as_str().unwrap_or_default().to_owned();
        match (line["table"].as_str(), line["log"].as_str()) {
            (Some("flights"), _) => drop(stored.flights.insert(key(), value)),
            (Some("positions"), _) => {
                stored.positions.insert(key(), value["at"][3].as_i64().unwrap_or_default());
            }
            (_, Some("events")) => stored.events.push((line["id"].as_u64().unwrap_or_default(), value)),
            _ => ended |= line["end"].is_object(),
        }
    }
    if ended { Ok(stored) } else { Err("the backup was cut short".into()) }
}

fn check_record(id: &str, entry: &mut Entry, record: &Value, position_ms: Option<i64>) -> Outcome<()> {
    let plan = record["plan"].to_string();
    if entry.stored.as_ref().is_some_and(|before| *before != plan) {
        return Err(format!("{id} has another plan than before").into());
    }
    entry.stored = Some(plan);
    if !entry.is_accepted() {
        // Nobody knows yet that it was.
        return Ok(());
    }
    let state = record["state"].as_str().unwrap_or_default();
    check_state(id, entry, state)?;
    if record["reserved"].as_bool() != Some(state != "CANCELLED") {
        return Err(format!("{id} is {state}, and reserved is {}", record["reserved"]).into());
    }
    match (entry.position_ms, position_ms) {
        (Some(told), found) if found.is_none_or(|found| found < told) => {
            Err(format!("the position of {id} at {told} was answered, found {found:?}").into())
        }
        _ => Ok(()),
    }
}

/// Ids have no gaps, and each flight was accepted once.
fn check_events(stored: &Stored) -> Outcome<()> {
    if let Some(pair) = stored.events.windows(2).find(|pair| pair[0].0 + 1 != pair[1].0) {
        return Err(format!("event {} comes after {}", pair[1].0, pair[0].0).into());
    }
    let mut accepted = BTreeSet::new();
    for (id, event) in stored.events.iter().filter(|(_, event)| event["kind"] == "flight.accepted") {
        let flight = event["flight"]["id"].as_str().unwrap_or_default();
        if !accepted.insert(flight) {
            return Err(format!("event {id} tells again that {flight} was accepted").into());
        }
    }
    match stored.flights.keys().find(|id| !accepted.contains(id.as_str())) {
        Some(flight) => Err(format!("no event tells that {flight} was accepted").into()),
        None => Ok(()),
    }
}

/// Every two flights in the book keep the separation, by the code that checks plans and not by that which made them.
fn check_apart(stored: &Stored, ledger: &Ledger) -> Outcome<()> {
    let reserved = stored.flights.iter().filter(|(_, record)| record["reserved"] == true);
    let flights = reserved.map(|(id, record)| {
        let entry = ledger.entries.get(id).ok_or("nobody has asked for it")?;
        Ok((read_request(id, &entry.body)?, plan(id, &record["plan"]["trajectory"])?))
    });
    let flights: Vec<(Request, Plan)> = flights.collect::<Outcome<_>>()?;
    let places = flights.iter().map(|(request, _)| request.origin);
    let Some(frame) = Frame::around(places) else { return Ok(()) };
    let world = World {
        frame,
        airspace: Arc::new(Airspace::new(Vec::<Arc<_>>::new(), 1)),
        obstacles: Arc::default(),
        ground: Arc::default(),
        wind: Wind::CALM,
        separation: SEPARATION,
        fleet: Arc::default(),
    };
    let pairs: Vec<(&Request, &Plan)> = flights.iter().map(|(request, plan)| (request, plan)).collect();
    match Verifier::new(&world).separation(&pairs).first() {
        Some(breach) => Err(format!("{}: {}", breach.request, breach.text).into()),
        None => Ok(()),
    }
}

fn plan(id: &str, trajectory: &Value) -> Outcome<Plan> {
    let waypoint = |point: &Value| {
        let number = |index: usize| point[index].as_f64().ok_or("no number");
        Ok(Waypoint {
            place: LonLat::new(number(0)?, number(1)?)?,
            altitude: Amsl::new(number(2)?)?,
            time: Instant::from_millis(point[3].as_i64().ok_or("no time")?),
        })
    };
    let points = trajectory.as_array().ok_or("no trajectory")?;
    Ok(Plan {
        request: id.to_owned(),
        trajectory: points.iter().map(waypoint).collect::<Outcome<_>>()?,
        length_m: 0.0,
        duration_s: 0.0,
        delay_s: 0.0,
        energy_wh: 0.0,
        lower_bound_s: 0.0,
        gap: 0.0,
        advisories: Vec::new(),
    })
}
