//! A mission held against a world and its flights: what `tianlu validate` and `POST /validate` have in common.

mod json;

use tianlu_airspace_data::ReadError;
use tianlu_airspace_data::mission::{Mission, read_mission};
use tianlu_engine::airspace::{self, Rights};
use tianlu_engine::flight::Plan;
use tianlu_engine::frame::Instant;
use tianlu_engine::verify::{Line, Report, verify_line};
use tianlu_engine::world::World;

pub(crate) use json::to_json;

/// Who flies a mission, when, and what it may enter.
#[derive(Debug)]
pub(crate) struct Terms {
    /// The name of an aircraft; the only one of the fleet, if absent.
    pub(crate) aircraft: Option<String>,
    pub(crate) departure: Option<Instant>,
    pub(crate) mission: airspace::Mission,
    pub(crate) authorizations: Vec<String>,
    pub(crate) exemptions: Vec<String>,
}

/// A mission that was held against the world.
#[derive(Debug)]
pub(crate) struct Validated {
    pub(crate) mission: Mission,
    /// The aircraft's name.
    pub(crate) aircraft: String,
    /// What the file did not say, and what was taken for it.
    pub(crate) notes: Vec<String>,
    pub(crate) report: Report,
}

/// Why a mission was not held against anything.
#[derive(Debug)]
pub(crate) enum Invalid {
    /// The aircraft is missing or nobody knows it: what was found, what was expected.
    Aircraft(String, String),
    /// The mission cannot be understood, or not be timed.
    Mission(ReadError),
}

/// Reads a mission and holds it against a world and its flights. `file` is for messages alone.
pub(crate) fn validate(
    file: &str,
    bytes: &[u8],
    world: &World,
    terms: &Terms,
    others: &[(&str, &Plan)],
) -> Result<Validated, Invalid> {
    let name = aircraft_of(world, terms)?;
    let craft = &world.fleet[&name];
    let mission = read_mission(file, bytes).map_err(Invalid::Mission)?;
    let mut world = world.clone();
    if let Some(frame) = mission.frame() {
        world.frame = frame;
    }
    let limit_m_s = craft.speed_limit_m_s(terms.mission);
    let timed = mission.timed(file, &world, craft, limit_m_s, terms.departure).map_err(Invalid::Mission)?;
    let rights = Rights {
        mission: terms.mission,
        authorizations: &terms.authorizations,
        exemptions: &terms.exemptions,
    };
    let line = Line { aircraft: craft, rights, waypoints: &timed.waypoints, legs: &timed.legs };
    let report = verify_line(&world, &line, others)
        .map_err(|found| Invalid::Mission(ReadError::whole(file, "", found, "a way that can be flown")))?;
    Ok(Validated { mission, aircraft: name, notes: timed.notes, report })
}

fn aircraft_of(world: &World, terms: &Terms) -> Result<String, Invalid> {
    let fleet = &world.fleet;
    let names = || fleet.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    match &terms.aircraft {
        Some(name) if fleet.contains_key(name) => Ok(name.clone()),
        Some(name) => Err(Invalid::Aircraft(format!("{name:?}"), format!("one of {}", names()))),
        None if fleet.len() == 1 => Ok(fleet.keys().next().cloned().unwrap_or_default()),
        None => Err(Invalid::Aircraft("nothing".to_owned(), format!("one of {}", names()))),
    }
}
