//! Aircraft of a scenario: performance and energy.

use serde_json::{Value, json};
use tianlu_engine::aircraft::{Aircraft, AircraftKind, Energy, EnergySource};

use crate::error::ReadError;
use crate::fields::{self, Faults, Fields, Path, Range};

const SPEED: Range = Range::positive(1000.0, "m/s");
const LENGTH: Range = Range::closed(0.0, 100_000.0, "metres");
const POWER: Range = Range::positive(1e8, "watts");
const CAPACITY_WH: Range = Range::positive(1e9, "watt-hours");
const CAPACITY_G: Range = Range::positive(1e9, "grams");
const BURN: Range = Range::positive(1e6, "grams per watt-hour");
const FRACTION: Range = Range::closed(0.0, 1.0, "");

/// Reads one aircraft as in a scenario file, from JSON (for the HTTP API). `name` is for messages alone.
///
/// # Errors
/// [`ReadError`] with every field that is missing or out of its range.
///
/// ```
/// use tianlu_airspace_data::scenario::read_aircraft;
/// let json = serde_json::json!({
///     "kind": "vtol", "can_hover": true, "cruise_m_s": 25.0, "max_airspeed_m_s": 32.0, "climb_m_s": 4.0,
///     "descent_m_s": 3.0, "min_turn_radius_m": 0.0, "clearance_m": 15.0, "vertical_clearance_m": 5.0,
///     "energy": {"source": "fuel_cell", "capacity_g": 400.0, "g_per_wh": 0.06, "reserve_fraction": 0.2,
///                "hover_w": 3000.0, "cruise_w": 1200.0, "climb_w": 3500.0, "descent_w": 2500.0}});
/// assert_eq!(read_aircraft("body", &json).unwrap().cruise_m_s, 25.0);
/// let error = read_aircraft("body", &serde_json::json!({"kind": "balloon"})).unwrap_err();
/// assert!(error.to_string().contains("kind: found \"balloon\", expected one of multirotor, vtol, fixed_wing"));
/// ```
pub fn read_aircraft(name: &str, json: &Value) -> Result<Aircraft, ReadError> {
    let mut faults = Faults::new(name);
    let aircraft = aircraft(json, &Path::Root, &mut faults);
    faults.done(aircraft)
}

/// An aircraft at a path of a document.
pub(super) fn aircraft(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<Aircraft> {
    let mut fields = Fields::of(value, at, faults)?;
    let kind = fields.need("kind", |value, at, faults| {
        let kinds = [AircraftKind::Multirotor, AircraftKind::Vtol, AircraftKind::FixedWing];
        fields::word(value, at, AircraftKind::parse, kinds.map(AircraftKind::as_str), faults)
    });
    let can_hover = fields.need("can_hover", yes_or_no);
    let cruise_m_s = fields.number("cruise_m_s", SPEED);
    let max_airspeed_m_s = fields.number("max_airspeed_m_s", SPEED);
    let climb_m_s = fields.number("climb_m_s", SPEED);
    let descent_m_s = fields.number("descent_m_s", SPEED);
    let min_turn_radius_m = fields.number("min_turn_radius_m", LENGTH);
    let clearance_m = fields.number("clearance_m", LENGTH);
    let vertical_clearance_m = fields.number("vertical_clearance_m", LENGTH);
    let energy = fields.need("energy", energy);
    fields.end(&[]);
    Some(Aircraft {
        kind: kind?,
        can_hover: can_hover?,
        cruise_m_s: cruise_m_s?,
        max_airspeed_m_s: max_airspeed_m_s?,
        climb_m_s: climb_m_s?,
        descent_m_s: descent_m_s?,
        min_turn_radius_m: min_turn_radius_m?,
        clearance_m: clearance_m?,
        vertical_clearance_m: vertical_clearance_m?,
        energy: energy?,
    })
}

fn energy(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<Energy> {
    let mut fields = Fields::of(value, at, faults)?;
    const SOURCES: [&str; 2] = ["battery", "fuel_cell"];
    let source = fields.need("source", |value, at, faults| {
        fields::word(value, at, |text| SOURCES.into_iter().find(|source| *source == text), SOURCES, faults)
    });
    let source = match source {
        Some("battery") => {
            fields.number("capacity_wh", CAPACITY_WH).map(|capacity_wh| EnergySource::Battery { capacity_wh })
        }
        Some(_) => {
            let (capacity_g, g_per_wh) =
                (fields.number("capacity_g", CAPACITY_G), fields.number("g_per_wh", BURN));
            capacity_g
                .zip(g_per_wh)
                .map(|(capacity_g, g_per_wh)| EnergySource::FuelCell { capacity_g, g_per_wh })
        }
        None => None,
    };
    let reserve_fraction = fields.number("reserve_fraction", FRACTION);
    let hover_w = fields.number("hover_w", POWER);
    let cruise_w = fields.number("cruise_w", POWER);
    let climb_w = fields.number("climb_w", POWER);
    let descent_w = fields.number("descent_w", POWER);
    fields.end(&["capacity_wh", "capacity_g", "g_per_wh"]);
    Some(Energy {
        source: source?,
        reserve_fraction: reserve_fraction?,
        hover_w: hover_w?,
        cruise_w: cruise_w?,
        climb_w: climb_w?,
        descent_w: descent_w?,
    })
}

fn yes_or_no(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<bool> {
    if value.as_bool().is_none() {
        faults.add(at, fields::shorten(value), "true or false");
    }
    value.as_bool()
}

/// An aircraft as [`read_aircraft`] reads it.
pub fn aircraft_to_json(aircraft: &Aircraft) -> Value {
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
