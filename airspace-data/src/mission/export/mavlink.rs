//! Mission items of MAVLink, as QGroundControl's `.plan` and as `QGC WPL 110`.
//!
//! Heights are in frame 3, above the home, which is the origin. Speeds are set before the legs that need another one:
//! over the ground, up (kind 2) and down (kind 3).

use std::fmt::Write as _;

use serde_json::{Value, json};
use tianlu_engine::flight::{Plan, Waypoint};

use super::super::mavlink::{DO_CHANGE_SPEED, NAV_LAND, NAV_TAKEOFF, NAV_WAYPOINT};
use super::legs::{COLUMN_M, Leg, legs};
use super::{decimals, degrees, metres};

/// `MAV_FRAME_GLOBAL`, `MAV_FRAME_MISSION` and `MAV_FRAME_GLOBAL_RELATIVE_ALT`.
const ABOVE_SEA: u64 = 0;
const NO_PLACE: u64 = 2;
const ABOVE_HOME: u64 = 3;
/// QGroundControl's altitude mode for it.
const QGC_ABOVE_HOME: u64 = 1;
/// Speeds over the ground, up and down in `DO_CHANGE_SPEED`.
const GROUND: f64 = 1.0;
const CLIMB: f64 = 2.0;
const DESCENT: f64 = 3.0;
/// A change of speed smaller than this is none, m/s.
const CHANGE_M_S: f64 = 0.005;

struct Item {
    command: u64,
    frame: u64,
    params: [f64; 4],
    /// Latitude, longitude and height above home.
    place: Option<(f64, f64, f64)>,
}

impl Item {
    fn speed(kind: f64, metres_a_second: f64) -> Self {
        // Up to the next millimetre a second, so that it is not late.
        let speed = (metres_a_second * 1e3).ceil() / 1e3;
        Self { command: DO_CHANGE_SPEED, frame: NO_PLACE, params: [kind, speed, -1.0, 0.0], place: None }
    }

    fn to(command: u64, hold_s: f64, to: &Waypoint, home: &Waypoint) -> Self {
        let above = to.altitude.metres() - home.altitude.metres();
        let place = Some((to.place.lat(), to.place.lon(), above));
        Self { command, frame: ABOVE_HOME, params: [hold_s, 0.0, 0.0, 0.0], place }
    }
}

fn items(plan: &Plan, home: &Waypoint) -> Vec<Item> {
    let legs = legs(plan);
    let mut items = Vec::new();
    let mut set = [None; 3];
    for (number, leg) in legs.iter().enumerate() {
        let (first, last) = (number == 0, number + 1 == legs.len());
        let lands = last && leg.up_m < 0.0 && number > 0;
        for (kind, speed) in
            [(GROUND, leg.speed_m_s()), (CLIMB, leg.climb_m_s()), (DESCENT, -leg.climb_m_s())]
        {
            // A climb on the way is set by the speed over the ground; in a column it needs its own.
            let needed = kind == GROUND || leg.level_m <= COLUMN_M;
            let known: &mut Option<f64> = &mut set[kind as usize - 1];
            // Ground stations want the take-off first; how fast it is flown is the autopilot's own.
            if !first && speed > 0.0 && needed && known.is_none_or(|known| (known - speed).abs() > CHANGE_M_S)
            {
                *known = Some(speed);
                items.push(Item::speed(kind, speed));
            }
        }
        if lands && leg.level_m > COLUMN_M {
            // A slope down to the ground: flown as a leg, and then it is there.
            items.push(Item::to(NAV_WAYPOINT, 0.0, &leg.to, home));
        }
        let command = match (first, lands) {
            (true, _) => NAV_TAKEOFF,
            (_, true) => NAV_LAND,
            _ => NAV_WAYPOINT,
        };
        items.push(command_of(command, leg, home));
        if first && leg.hold_s > 0.0 {
            items.push(Item::to(NAV_WAYPOINT, leg.hold_s, &leg.to, home));
        }
    }
    items
}

fn command_of(command: u64, leg: &Leg, home: &Waypoint) -> Item {
    let hold_s = if command == NAV_WAYPOINT { leg.hold_s } else { 0.0 };
    Item::to(command, hold_s, &leg.to, home)
}

/// QGroundControl's `.plan`.
pub(super) fn write_qgc(plan: &Plan) -> String {
    let Some(home) = plan.trajectory.first() else { return String::new() };
    let items: Vec<Value> = items(plan, home)
        .iter()
        .zip(1..)
        .map(|(item, number): (&Item, u64)| {
            let [a, b, c, d] = item.params;
            let yaw = if item.place.is_some() { Value::Null } else { json!(d) };
            let (lat, lon, above) = item.place.unwrap_or_default();
            let rounded = |number: f64, power: f64| (number * power).round() / power + 0.0;
            let (lat, lon, above) = (rounded(lat, 1e9), rounded(lon, 1e9), rounded(above, 1e3));
            let mut json = json!({
                "type": "SimpleItem", "autoContinue": true, "command": item.command, "doJumpId": number,
                "frame": item.frame, "params": [a, b, c, yaw, lat, lon, above],
            });
            if item.place.is_some() {
                json["AMSLAltAboveTerrain"] = Value::Null;
                json["Altitude"] = json!(above);
                json["AltitudeMode"] = json!(QGC_ABOVE_HOME);
            }
            json
        })
        .collect();
    let speed = legs(plan).iter().map(Leg::speed_m_s).fold(0.0, f64::max).max(1.0);
    let file = json!({
        "fileType": "Plan",
        "geoFence": {"circles": [], "polygons": [], "version": 2},
        "groundStation": "QGroundControl",
        "mission": {
            // MAV_AUTOPILOT_PX4 and MAV_TYPE_QUADROTOR, as a new plan of QGroundControl has them.
            "cruiseSpeed": (speed * 1e3).ceil() / 1e3, "hoverSpeed": (speed * 1e3).ceil() / 1e3,
            "firmwareType": 12, "vehicleType": 2, "globalPlanAltitudeMode": QGC_ABOVE_HOME,
            "items": items,
            "plannedHomePosition": [home.place.lat(), home.place.lon(), home.altitude.metres()],
            "version": 2,
        },
        "rallyPoints": {"points": [], "version": 2},
        "version": 1,
    });
    format!("{file:#}\n")
}

/// `QGC WPL 110`.
pub(super) fn write_wpl(plan: &Plan) -> String {
    let Some(home) = plan.trajectory.first() else { return String::new() };
    let mut text = "QGC WPL 110\n".to_owned();
    let _ = writeln!(
        text,
        "0\t1\t{ABOVE_SEA}\t{NAV_WAYPOINT}\t0\t0\t0\t0\t{}\t{}\t{}\t1",
        degrees(home.place.lat()),
        degrees(home.place.lon()),
        metres(home.altitude.metres())
    );
    for (item, number) in items(plan, home).iter().zip(1_u64..) {
        let [a, b, c, d] = item.params.map(|param| decimals(param, 3));
        let (lat, lon, above) = item.place.unwrap_or_default();
        let _ = writeln!(
            text,
            "{number}\t0\t{}\t{}\t{a}\t{b}\t{c}\t{d}\t{}\t{}\t{}\t1",
            item.frame,
            item.command,
            degrees(lat),
            degrees(lon),
            metres(above)
        );
    }
    text
}
