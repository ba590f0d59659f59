//! Flights, positions and zones as the store keeps them: JSON with every number exact.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use tianlu_airspace_data::scenario::{aircraft_to_json, read_aircraft};
use tianlu_engine::airspace::{Mission, Restriction};
use tianlu_engine::flight::{Advisory, CruiseBand, Objective, Plan, Request, Waypoint};
use tianlu_engine::frame::{Agl, Amsl, Instant, Interval, LonLat};

use super::flight::{Alarm, Flight, FlightState, Position};
use super::zone_item::ZoneItem;

/// A record that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct BadRecord(String);

impl BadRecord {
    fn new(text: impl std::fmt::Display) -> Self {
        Self(text.to_string())
    }
}

#[derive(Serialize, Deserialize)]
struct FlightRecord {
    number: u64,
    operator: String,
    state: String,
    activated: bool,
    reserved: bool,
    revision: u64,
    accepted_ms: i64,
    changed_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    site: Option<String>,
    request: RequestRecord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    craft: Option<Value>,
    plan: PlanRecord,
}

#[derive(Serialize, Deserialize)]
struct RequestRecord {
    id: String,
    aircraft: String,
    mission: String,
    priority: i32,
    origin: [f64; 2],
    destination: [f64; 2],
    departure_ms: [i64; 2],
    cruise_agl_m: [f64; 2],
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    authorizations: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    exemptions: Vec<String>,
    objective: String,
}

#[derive(Serialize, Deserialize)]
struct PlanRecord {
    /// Longitude, latitude, metres AMSL, milliseconds since 1970.
    trajectory: Vec<(f64, f64, f64, i64)>,
    length_m: f64,
    duration_s: f64,
    delay_s: f64,
    energy_wh: f64,
    lower_bound_s: f64,
    gap: f64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    advisories: Vec<(String, String, String)>,
}

#[derive(Serialize, Deserialize)]
struct PositionRecord {
    at: (f64, f64, f64, i64),
    /// When it was last told of as away from its plan, and who was near.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told: Option<(i64, Vec<u64>)>,
}

#[derive(Serialize, Deserialize)]
struct ZoneRecord<'a> {
    /// Zones are listed by this: the airspace's revision with which they came, and their place among those that did.
    order: (u64, u64),
    #[serde(borrow)]
    feature: &'a RawValue,
}

/// A flight's record, without its position.
pub(crate) fn of_flight(flight: &Flight) -> Vec<u8> {
    let record = FlightRecord {
        number: flight.number,
        operator: flight.operator.to_string(),
        state: flight.state.as_str().to_owned(),
        activated: flight.activated,
        reserved: flight.reserved,
        revision: flight.revision,
        accepted_ms: flight.accepted.millis(),
        changed_ms: flight.changed.millis(),
        cause: flight.cause.clone(),
        site: flight.site.clone(),
        request: of_request(&flight.request),
        craft: flight.craft.as_deref().map(aircraft_to_json),
        plan: of_plan(&flight.plan),
    };
    serde_json::to_vec(&record).unwrap_or_default()
}

/// A flight from its record; it has no position yet.
///
/// # Errors
/// If it is no record of a flight.
pub(crate) fn flight(bytes: &[u8]) -> Result<Flight, BadRecord> {
    let record: FlightRecord = serde_json::from_slice(bytes).map_err(BadRecord::new)?;
    let state = FlightState::parse(&record.state);
    let craft = record.craft.as_ref().map(|json| read_aircraft("craft", json).map(Arc::new));
    let request = request(record.request)?;
    Ok(Flight {
        number: record.number,
        operator: record.operator.into(),
        plan: Arc::new(plan(&request.id, record.plan)?),
        request: Arc::new(request),
        craft: craft.transpose().map_err(BadRecord::new)?,
        state: state.ok_or_else(|| BadRecord(format!("state: found {:?}", record.state)))?,
        activated: record.activated,
        reserved: record.reserved,
        revision: record.revision,
        accepted: Instant::from_millis(record.accepted_ms),
        changed: Instant::from_millis(record.changed_ms),
        cause: record.cause,
        site: record.site,
        position: None,
        alarm: None,
    })
}

/// A position's record.
pub(crate) fn of_position(position: &Position, alarm: Option<&Alarm>) -> Vec<u8> {
    let Position { place, altitude_m, time } = *position;
    let at = (place.lon(), place.lat(), altitude_m, time.millis());
    let told = alarm.map(|alarm| (alarm.at.millis(), alarm.near.clone()));
    serde_json::to_vec(&PositionRecord { at, told }).unwrap_or_default()
}

/// A position from its record, with what was told of it.
///
/// # Errors
/// If it is none.
pub(crate) fn position(bytes: &[u8]) -> Result<(Position, Option<Alarm>), BadRecord> {
    let PositionRecord { at, told } = serde_json::from_slice(bytes).map_err(BadRecord::new)?;
    let place = LonLat::new(at.0, at.1).map_err(BadRecord::new)?;
    let alarm = told.map(|(at_ms, near)| Alarm { at: Instant::from_millis(at_ms), near });
    Ok((Position { place, altitude_m: at.2, time: Instant::from_millis(at.3) }, alarm))
}

/// A zone's record.
pub(crate) fn of_zone(order: (u64, u64), item: &ZoneItem) -> Vec<u8> {
    // The text was made from a JSON value.
    let Ok(feature) = serde_json::from_str::<&RawValue>(&item.text) else { return Vec::new() };
    serde_json::to_vec(&ZoneRecord { order, feature }).unwrap_or_default()
}

/// The order and the ED-318 feature of a zone's record.
///
/// # Errors
/// If it is none.
pub(crate) fn zone(bytes: &[u8]) -> Result<((u64, u64), &str), BadRecord> {
    let ZoneRecord { order, feature } = serde_json::from_slice(bytes).map_err(BadRecord::new)?;
    Ok((order, feature.get()))
}

fn of_request(request: &Request) -> RequestRecord {
    let place = |place: LonLat| [place.lon(), place.lat()];
    RequestRecord {
        id: request.id.clone(),
        aircraft: request.aircraft.clone(),
        mission: request.mission.as_str().to_owned(),
        priority: request.priority,
        origin: place(request.origin),
        destination: place(request.destination),
        departure_ms: [request.departure.start.millis(), request.departure.end.millis()],
        cruise_agl_m: [request.cruise.min.metres(), request.cruise.max.metres()],
        authorizations: request.authorizations.clone(),
        exemptions: request.exemptions.clone(),
        objective: request.objective.as_str().to_owned(),
    }
}

fn request(record: RequestRecord) -> Result<Request, BadRecord> {
    let place = |at: [f64; 2]| LonLat::new(at[0], at[1]).map_err(BadRecord::new);
    let height = |metres: f64| Agl::new(metres).map_err(BadRecord::new);
    let [start, end] = record.departure_ms.map(Instant::from_millis);
    let mission = Mission::parse(&record.mission);
    let objective = Objective::parse(&record.objective);
    Ok(Request {
        id: record.id,
        aircraft: record.aircraft,
        mission: mission.ok_or_else(|| BadRecord(format!("mission: found {:?}", record.mission)))?,
        priority: record.priority,
        origin: place(record.origin)?,
        destination: place(record.destination)?,
        departure: Interval::new(start, end),
        cruise: CruiseBand { min: height(record.cruise_agl_m[0])?, max: height(record.cruise_agl_m[1])? },
        authorizations: record.authorizations,
        exemptions: record.exemptions,
        objective: objective.ok_or_else(|| BadRecord(format!("objective: found {:?}", record.objective)))?,
    })
}

fn of_plan(plan: &Plan) -> PlanRecord {
    let waypoint = |waypoint: &Waypoint| {
        let Waypoint { place, altitude, time } = *waypoint;
        (place.lon(), place.lat(), altitude.metres(), time.millis())
    };
    let advisory = |advisory: &Advisory| {
        (advisory.zone.clone(), advisory.restriction.as_str().to_owned(), advisory.text.clone())
    };
    PlanRecord {
        trajectory: plan.trajectory.iter().map(waypoint).collect(),
        length_m: plan.length_m,
        duration_s: plan.duration_s,
        delay_s: plan.delay_s,
        energy_wh: plan.energy_wh,
        lower_bound_s: plan.lower_bound_s,
        gap: plan.gap,
        advisories: plan.advisories.iter().map(advisory).collect(),
    }
}

fn plan(request: &str, record: PlanRecord) -> Result<Plan, BadRecord> {
    let waypoint = |(lon, lat, metres, millis): (f64, f64, f64, i64)| {
        let place = LonLat::new(lon, lat).map_err(BadRecord::new)?;
        let altitude = Amsl::new(metres).map_err(BadRecord::new)?;
        Ok(Waypoint { place, altitude, time: Instant::from_millis(millis) })
    };
    let advisory = |(zone, restriction, text): (String, String, String)| {
        let restriction = Restriction::parse(&restriction)
            .ok_or_else(|| BadRecord(format!("advisories: found {restriction:?}")))?;
        Ok(Advisory { zone, restriction, text })
    };
    Ok(Plan {
        request: request.to_owned(),
        trajectory: record.trajectory.into_iter().map(waypoint).collect::<Result<_, BadRecord>>()?,
        length_m: record.length_m,
        duration_s: record.duration_s,
        delay_s: record.delay_s,
        energy_wh: record.energy_wh,
        lower_bound_s: record.lower_bound_s,
        gap: record.gap,
        advisories: record.advisories.into_iter().map(advisory).collect::<Result<_, BadRecord>>()?,
    })
}
