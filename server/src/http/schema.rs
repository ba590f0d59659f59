//! The shapes of bodies, for `/openapi.json`. Tests read true answers into them, so that they stay true.

#![allow(missing_docs, reason = "field docs become descriptions only where they say more than the name")]

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::problem::Code;

/// A place in degrees, WGS-84.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    #[schema(example = 120.754, minimum = -180, maximum = 180)]
    pub lon: f64,
    #[schema(example = 30.752, minimum = -90, maximum = 90)]
    pub lat: f64,
}

/// When the flight may lift off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Departure {
    #[schema(example = "2026-11-23T01:00:00Z", format = DateTime)]
    pub earliest: String,
    #[schema(example = "2026-11-23T01:30:00Z", format = DateTime)]
    pub latest: String,
}

/// Heights above ground between which the flight cruises.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CruiseBand {
    #[schema(example = 60.0)]
    pub min: f64,
    #[schema(example = 120.0)]
    pub max: f64,
}

/// Where the energy comes from, and the power that each phase of flight takes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Energy {
    /// `battery` with `capacity_wh`, or `fuel_cell` with `capacity_g` and `g_per_wh`
    pub source: String,
    pub capacity_wh: Option<f64>,
    /// Grams of hydrogen
    pub capacity_g: Option<f64>,
    pub g_per_wh: Option<f64>,
    /// The share that must be left on landing, 0 to 1
    pub reserve_fraction: f64,
    pub hover_w: f64,
    pub cruise_w: f64,
    pub climb_w: f64,
    pub descent_w: f64,
}

/// What an aircraft can do.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Aircraft {
    /// `multirotor`, `vtol` or `fixed_wing`
    pub kind: String,
    pub can_hover: bool,
    /// The greatest airspeed, but for the missions `EMERGENCY` and `RESCUE`
    pub cruise_m_s: f64,
    /// The greatest airspeed for `EMERGENCY` and `RESCUE`
    pub max_airspeed_m_s: f64,
    pub climb_m_s: f64,
    pub descent_m_s: f64,
    pub min_turn_radius_m: f64,
    /// Horizontal distance from zones and obstacles
    pub clearance_m: f64,
    /// Vertical distance from zones, obstacles and the ground
    pub vertical_clearance_m: f64,
    pub energy: Energy,
}

/// The name of an aircraft of `GET /aircraft`, or an aircraft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum AircraftChoice {
    Name(String),
    Inline(Box<Aircraft>),
}

/// A request for a flight.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RouteRequest {
    /// `R1` if absent
    pub id: Option<String>,
    pub aircraft: AircraftChoice,
    /// `LOGISTICS`, `RESCUE`, `EMERGENCY`, `STATE`, `INSPECTION` or `OTHER`
    #[schema(example = "LOGISTICS")]
    pub mission: String,
    /// Higher goes first
    #[schema(example = 0)]
    pub priority: i32,
    pub origin: Place,
    pub destination: Place,
    pub departure: Departure,
    pub cruise_agl_m: CruiseBand,
    /// Zones that have authorized the flight
    pub authorizations: Option<Vec<String>>,
    /// Prohibited zones that do not hold for it
    pub exemptions: Option<Vec<String>>,
    /// `EARLIEST_ARRIVAL` (if absent) or `LEAST_ENERGY`
    pub objective: Option<String>,
}

/// A point of a trajectory; between two the aircraft moves in a straight line at constant velocity.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Waypoint {
    pub lon: f64,
    pub lat: f64,
    /// Metres above mean sea level
    pub alt_m: f64,
    #[schema(format = DateTime)]
    pub time: String,
}

/// A zone that the flight enters and whose conditions it must know.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Advisory {
    pub zone: String,
    /// `CONDITIONAL` or `USPACE`
    pub r#type: String,
    pub text: String,
}

/// A flight that may be flown.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Plan {
    pub request: String,
    /// `PLANNED`
    pub status: String,
    pub trajectory: Vec<Waypoint>,
    /// Horizontal length
    pub length_m: f64,
    /// From lift-off to touch-down
    pub duration_s: f64,
    /// Arrival less the earliest possible one alone in the sky
    pub delay_s: f64,
    pub energy_wh: f64,
    /// No plan arrives earlier than this many seconds after the earliest departure
    pub lower_bound_s: f64,
    /// Seconds from the earliest departure to the arrival over `lower_bound_s`, less 1
    pub gap: f64,
    pub advisories: Vec<Advisory>,
}

/// A reserved flight: its plan as in a plan file, and how far it has come.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Flight {
    #[serde(flatten)]
    pub plan: Plan,
    /// `ACCEPTED`, `ACTIVATED`, `NONCONFORMING`, `CONTINGENT`, `ENDED` or `CANCELLED` (ASTM F3548)
    pub state: String,
    /// Whose it is
    pub operator: String,
    pub mission: String,
    pub priority: i32,
    /// Its name in the fleet; `inline-...` for one that the request described
    pub aircraft: String,
    /// The service's revision at its last change
    pub revision: u64,
    #[schema(format = DateTime)]
    pub accepted: String,
    #[schema(format = DateTime)]
    pub changed: String,
    /// Why it is as it is, if not by its operator's wish
    pub cause: Option<String>,
    /// Where it lands instead, or could land next
    pub site: Option<String>,
    /// Where it was last
    pub position: Option<FlightPosition>,
    /// What became of the flights that made room for it; only in the answer to `POST /flights`
    #[serde(default)]
    pub displaced: Vec<Affected>,
}

/// Where an aircraft is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct FlightPosition {
    pub lon: f64,
    pub lat: f64,
    /// Metres above sea level
    pub alt_m: f64,
    #[schema(format = DateTime)]
    pub time: String,
}

/// What a flight is to become.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlightChange {
    /// `ACTIVATED`, `ENDED` or `CANCELLED`
    #[schema(example = "ACTIVATED")]
    pub state: String,
}

/// One position, or up to 1,000 in the order of their times.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum FlightPositions {
    One(FlightPosition),
    Several(Vec<FlightPosition>),
}

/// What positions have come to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PositionsTaken {
    /// The flight's id
    pub flight: String,
    pub state: String,
    /// Of the flight: it changes with its state, not with each position
    pub revision: u64,
    /// Why it is `NONCONFORMING`
    pub cause: Option<String>,
    /// The last known position against the plan; null if there is none
    pub conformance: Option<ConformanceOfPosition>,
    /// So many positions were no later than the last known one
    pub ignored: usize,
}

/// How far a position is from the plan: from the moment of the plan at which it takes up least of the conformance volume.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConformanceOfPosition {
    /// Is it in the conformance volume?
    pub within: bool,
    /// Over the ground
    pub horizontal_m: f64,
    /// Above the plan; negative below it
    pub vertical_m: f64,
    /// Late; negative if early. Never more than the volume's
    pub time_s: f64,
}

/// What a change means for a flight.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Affected {
    /// Its id, or the volume that it is to those who may not see it
    pub flight: String,
    /// `REPLANNED`, `ADVISED` (its plan lists other zones), `DIVERTED` or `CONTINGENT`
    pub outcome: String,
    /// Where it lands instead, or could land next
    pub site: Option<String>,
    /// Why it has no plan
    pub code: Option<String>,
}

/// Why no flight is possible.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Reason {
    /// `BAD_REQUEST`, `ORIGIN_IN_ZONE`, `DESTINATION_IN_ZONE`, `CEILING`, `NO_ROUTE`, `ENERGY` or `TRAFFIC`
    pub code: String,
    pub text: String,
    /// Zones and obstacles in the way
    pub zones: Vec<String>,
    /// Flights in the way
    pub flights: Vec<String>,
    /// The first lift-off after the window, to the second, with which there is a plan; null if there is none within a week
    #[schema(format = DateTime)]
    pub first_departure: Option<String>,
    /// Cruise bands below and above the request's, with each of which there is a plan
    pub other_heights: Vec<CruiseBand>,
    /// Zones whose authorizations, beside those that the request holds, open the way; none of them can be left out
    pub missing_authorizations: Vec<String>,
}

/// Requests to be planned together: of a scenario its `requests`, and its `name` and `aircraft` if they are there.
#[derive(Debug, Deserialize, ToSchema)]
pub struct BatchRequest {
    /// `batch` if absent
    #[schema(example = "jiaxing-morning")]
    pub name: Option<String>,
    /// Each with an `id` of its own
    pub requests: Vec<RouteRequest>,
    /// Aircraft by name, beside those of `GET /aircraft`
    pub aircraft: Option<BTreeMap<String, Aircraft>>,
}

/// Plans as in a plan file, and what they come to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The name of the request's body
    pub scenario: String,
    /// What was passed over in the body
    pub notes: Option<Vec<String>>,
    pub statistics: Statistics,
    /// In the order of the requests
    pub plans: Vec<BatchOutcome>,
}

/// What a batch comes to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    /// Flights with a plan
    pub planned: u64,
    /// Flights refused, by the code of the reason
    pub rejected: BTreeMap<String, u64>,
    /// From lift-off to touch-down, all flights together
    pub flown_s: f64,
    /// All delays together
    pub delay_s: f64,
    /// The delay that 95 % of the flights do not exceed
    pub delay_p95_s: f64,
    /// The greatest delay
    pub delay_most_s: f64,
    /// The lower bounds of all plans together
    pub lower_bound_s: f64,
    /// By which share the times from earliest departure to arrival exceed their lower bounds, all flights together
    pub gap: f64,
}

/// A plan, or why there is none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum BatchOutcome {
    Planned(Plan),
    Rejected(Rejected),
}

/// A request without a plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rejected {
    pub request: String,
    /// `REJECTED`
    pub status: String,
    pub reason: RejectedReason,
}

/// Why a request of a batch has no plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectedReason {
    /// As in `Reason`; `TRAFFIC`: alone in the sky it would have a plan
    pub code: String,
    pub text: String,
    /// Zones and obstacles in the way
    pub zones: Vec<String>,
    /// Flights in the way
    pub flights: Vec<String>,
}

/// One thing that is wrong in a body.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What `index` counts: `feature`, `request`, `line`
    pub place: String,
    pub index: Option<u64>,
    pub identifier: Option<String>,
    /// As a path in the body
    pub field: String,
    pub found: String,
    pub expected: String,
}

/// An error (RFC 9457).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// `urn:tianlu:problem:` and the code
    pub r#type: String,
    pub title: String,
    pub status: u16,
    pub code: Code,
    pub detail: String,
    /// As in the header `x-request-id`
    pub request_id: String,
    /// With `INVALID_REQUEST`, `INVALID_AIRSPACE` and `INVALID_MISSION`: every fault, at most 20
    pub errors: Option<Vec<Fault>>,
    /// How many faults there are beyond those in `errors`
    pub more_errors: Option<u64>,
    /// With `FORBIDDEN`: the scope that the token lacks
    pub scope: Option<String>,
    /// With `NOT_READY`, of `/readyz`
    pub checks: Option<Vec<Check>>,
    /// With `DUPLICATE_ZONE`: the identifiers
    pub zones: Option<Vec<String>>,
    /// With `ROUTE_REFUSED`: the request's id
    pub request: Option<String>,
    /// With `ROUTE_REFUSED`
    pub reason: Option<Reason>,
    /// With `EVENTS_GONE`: the id of the first event that there is
    pub first: Option<u64>,
    /// With `EVENTS_GONE`: the id of the last event
    pub last: Option<u64>,
}

/// The wind: one layer, or layers; an empty list is calm.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Wind {
    One(WindLayer),
    Layers(Vec<WindLayer>),
}

/// Wind from a height up to the next layer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WindLayer {
    #[schema(example = 4.0, minimum = 0, maximum = 200)]
    pub speed_m_s: f64,
    /// Where it blows from, clockwise from north
    #[schema(example = 120.0, minimum = -36000, maximum = 36000)]
    pub from_deg: f64,
    /// Above ground; at all heights if absent
    pub above_agl_m: Option<f64>,
}

/// What a new wind comes to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeatherChanged {
    pub wind: Wind,
    /// Rises with each change of the wind
    pub revision: u64,
    /// Flights that the change affects, and what becomes of them
    pub affected: Vec<Affected>,
}

/// A piece of sky to be closed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Restriction {
    /// The identifier of the zone that it becomes
    #[schema(example = "FIRE-1", min_length = 1, max_length = 100)]
    pub id: String,
    /// `NO_FLY` or `CORRIDOR`
    #[schema(example = "NO_FLY")]
    pub kind: String,
    pub centre: Option<Place>,
    #[schema(example = 300.0)]
    pub radius_m: Option<f64>,
    /// [longitude, latitude] of the corners
    pub polygon: Option<Vec<[f64; 2]>>,
    /// [longitude, latitude] of a corridor's middle
    pub line: Option<Vec<[f64; 2]>>,
    pub width_m: Option<f64>,
    pub lower_m: Option<f64>,
    pub upper_m: Option<f64>,
    /// `AGL` (if absent), `AMSL` or `WGS84`
    pub lower_reference: Option<String>,
    /// `AGL` (if absent), `AMSL` or `WGS84`
    pub upper_reference: Option<String>,
    /// Now, if absent
    #[schema(format = DateTime)]
    pub start: Option<String>,
    #[schema(format = DateTime)]
    pub end: Option<String>,
    /// It has no end until it is removed
    pub until_removed: Option<bool>,
    /// Missions that may enter: `EMERGENCY`, `RESCUE`, `STATE`
    pub missions: Option<Vec<String>>,
    /// Why, for people
    pub reason: Option<String>,
}

/// Entries of the audit log.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    pub entries: Vec<AuditEntry>,
    /// The `after` of the call for those that follow
    pub next: u64,
}

/// A change that somebody made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditEntry {
    pub id: u64,
    #[schema(format = DateTime)]
    pub time: String,
    /// The operator of the caller's token
    pub who: String,
    #[schema(example = "zones.add")]
    pub what: String,
    /// The zones or the flight
    pub target: String,
    /// The service's revision with which it became true
    pub revision: u64,
    pub details: Value,
}

/// A GeoJSON feature; a zone is one as ED-318 has it, with `layer` and `extent` in its geometry.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Feature {
    /// `Feature`
    pub r#type: String,
    pub id: Option<String>,
    pub geometry: Value,
    pub properties: Value,
}

/// A link (RFC 8288).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub rel: String,
    pub r#type: String,
    pub href: String,
    pub title: Option<String>,
}

/// A page of features.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(non_snake_case, reason = "spelled by OGC API - Features")]
pub struct FeatureCollection {
    /// `FeatureCollection`
    pub r#type: String,
    pub features: Vec<Feature>,
    pub numberMatched: Option<u64>,
    pub numberReturned: Option<u64>,
    pub timeStamp: Option<String>,
    pub links: Option<Vec<Link>>,
}

/// What was added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Created {
    /// The zones' ids
    pub created: Vec<String>,
    /// What was mended in reading
    pub warnings: Vec<String>,
    pub revision: u64,
    /// Flights that the change affects, and what becomes of them
    pub affected: Vec<Affected>,
}

/// What was restored from a backup.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Restored {
    /// The server's revision after it
    pub revision: u64,
    /// The revision that the backup was taken at
    pub from: u64,
    pub zones: u64,
    pub flights: u64,
}

/// The landing page of OGC API - Features.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Landing {
    pub title: String,
    pub description: String,
    pub links: Vec<Link>,
}

/// Conformance classes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(non_snake_case, reason = "spelled by OGC API - Features")]
pub struct Conformance {
    pub conformsTo: Vec<String>,
}

/// A collection of features.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(non_snake_case, reason = "spelled by OGC API - Features")]
pub struct Collection {
    pub id: String,
    pub title: String,
    pub description: String,
    pub itemType: String,
    pub crs: Vec<String>,
    pub extent: BTreeMap<String, Value>,
    pub links: Vec<Link>,
}

/// All collections.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Collections {
    pub links: Vec<Link>,
    pub collections: Vec<Collection>,
}

/// The process is alive.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Health {
    /// `ok`
    pub status: String,
}

/// The server takes work.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Readiness {
    /// `ready`
    pub status: String,
    pub zones: u64,
    pub revision: u64,
    /// Flights in the book
    pub flights: u64,
    /// Each of them holds
    pub checks: Vec<Check>,
}

/// One thing that the server needs to take work.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// `store`, `recovered`, `keys`, `queues` or `running`
    pub name: String,
    pub ok: bool,
    pub detail: String,
}

/// A mission, held against airspace, ground and traffic.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Validation {
    /// Nothing was found
    pub ok: bool,
    /// The mission's name, if its file has one
    pub name: Option<String>,
    /// `qgc`, `wpl`, `wpml`, `geojson` or `plan`
    pub format: String,
    pub aircraft: String,
    #[schema(format = DateTime)]
    pub departure: Option<String>,
    #[schema(format = DateTime)]
    pub arrival: Option<String>,
    pub length_m: f64,
    /// From lift-off to touch-down
    pub duration_s: f64,
    pub energy_wh: f64,
    /// By leg, then by time
    pub findings: Vec<Finding>,
    /// Zones entered whose conditions must be known: no faults
    pub advisories: Vec<EnteredZone>,
    pub legs: Vec<MissionLeg>,
    /// What the file did not say, and what was taken for it
    pub notes: Vec<String>,
    /// What was passed over in reading
    pub warnings: Vec<String>,
}

/// One thing that is wrong with a leg, told for its worst moment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// `ZONE`, `OBSTACLE`, `GROUND`, `TERRAIN`, `CLIMB`, `DESCENT`, `AIRSPEED`, `HOVER`, `TURN`, `ENERGY` or `TRAFFIC`
    pub kind: String,
    pub leg: u64,
    /// The item of the file that the leg leads to
    pub item: Option<u64>,
    /// The zone, the obstacle or the flight
    pub about: Option<String>,
    #[schema(format = DateTime)]
    pub time: String,
    pub lon: f64,
    pub lat: f64,
    /// Metres above mean sea level
    pub alt_m: f64,
    /// Metres, m/s, seconds, degrees or watt-hours, by the kind
    pub found: Option<f64>,
    pub expected: Option<f64>,
    pub text: String,
}

/// A zone that a leg enters and whose conditions must be known.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnteredZone {
    pub zone: String,
    /// `CONDITIONAL` or `USPACE`
    pub r#type: String,
    pub text: String,
    pub leg: u64,
    pub item: Option<u64>,
    #[schema(format = DateTime)]
    pub time: String,
    pub lon: f64,
    pub lat: f64,
}

/// A leg of a mission in figures.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MissionLeg {
    pub leg: u64,
    pub item: Option<u64>,
    #[schema(format = DateTime)]
    pub begins: String,
    #[schema(format = DateTime)]
    pub ends: String,
    /// Where it ends
    pub lon: f64,
    pub lat: f64,
    pub alt_m: f64,
    pub length_m: f64,
    /// Above ground; null off the terrain
    pub lowest_agl_m: Option<f64>,
    pub highest_agl_m: Option<f64>,
    pub energy_wh: f64,
}
