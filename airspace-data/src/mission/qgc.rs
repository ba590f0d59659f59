//! QGroundControl's `.plan`: JSON with MAVLink items, some of them in groups (surveys, corridors).
//!
//! Source: QGroundControl developer guide, "Plan File Format".

use serde_json::Value;
use tianlu_engine::frame::{Amsl, LonLat};

use super::mavlink::{Item, Items, Names, whole};
use super::{Home, Mission, MissionFormat, SpeedHints};
use crate::error::{ReadError, Warning};
use crate::fields::{self, Faults, Fields, Path, Range};

const NAMES: Names = Names {
    command: "command",
    frame: "frame",
    params: ["params[0]", "params[1]", "params[2]", "params[3]", "params[4]", "params[5]", "params[6]"],
};
const SPEED: Range = Range::closed(0.0, 1000.0, "m/s");
const ALTITUDE: Range = Range::closed(-100_000.0, 100_000.0, "metres");

pub(super) fn read(name: &str, json: &Value) -> Result<Mission, ReadError> {
    let mut faults = Faults::new(name);
    let mission = mission(json, &mut faults);
    faults.done(mission)
}

fn mission(json: &Value, faults: &mut Faults) -> Option<Mission> {
    let at = Path::Member(&Path::Root, "mission");
    let Some(value) = json.get("mission") else {
        faults.add(&at, "nothing", "this member");
        return None;
    };
    let mut fields = Fields::of(value, &at, faults)?;
    let home = fields.may("plannedHomePosition", None, home);
    let speed = |value: &Value, at: &Path<'_>, faults: &mut Faults| {
        fields::number(value, at, SPEED, faults).map(|speed| (speed >= 0.1).then_some(speed))
    };
    let (cruise_m_s, hover_m_s) =
        (fields.may("cruiseSpeed", None, speed), fields.may("hoverSpeed", None, speed));
    let items = fields.need("items", |value, at, faults| {
        let values = fields::list(value, at, faults)?;
        let mut items = Vec::new();
        for (index, value) in values.iter().enumerate() {
            faults.about("item", index, None);
            all_of(value, index, &mut items, faults);
        }
        faults.about_all();
        Some(items)
    });
    let home = home?;
    let mut taken = Items::new(home, NAMES, faults);
    items?.iter().for_each(|item| taken.take(item));
    let (points, mut warnings) = (taken.points, taken.warnings);
    warnings.extend(fences(json));
    Some(Mission {
        name: None,
        format: MissionFormat::Qgc,
        home,
        points,
        speeds: SpeedHints { cruise_m_s: cruise_m_s?, hover_m_s: hover_m_s? },
        warnings,
    })
}

/// `[latitude, longitude, altitude]`, altitude above the sea and perhaps absent.
fn home(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<Option<Home>> {
    let numbers = fields::list(value, at, faults)?;
    if !(2..=3).contains(&numbers.len()) {
        faults.add(at, fields::shorten(value), "latitude, longitude and altitude");
        return None;
    }
    let lat = fields::number(&numbers[0], &Path::Element(at, 0), fields::LAT, faults);
    let lon = fields::number(&numbers[1], &Path::Element(at, 1), fields::LON, faults);
    let altitude = match numbers.get(2) {
        None | Some(Value::Null) => None,
        Some(value) => Some(Amsl::new(fields::number(value, &Path::Element(at, 2), ALTITUDE, faults)?).ok()?),
    };
    let place = LonLat::new(lon?, lat?).ok()?;
    Some((place.lon() != 0.0 || place.lat() != 0.0).then_some(Home { place, altitude }))
}

/// A simple item, or the simple items that a complex one holds.
fn all_of(value: &Value, index: usize, items: &mut Vec<Item>, faults: &mut Faults) {
    if items.len() > super::MOST_POINTS {
        faults.add(&Path::Root, "more items", format!("at most {}", super::MOST_POINTS));
        return;
    }
    let kind = value.get("type").and_then(Value::as_str);
    if kind != Some("ComplexItem") {
        // Old files have no type.
        match kind {
            None | Some("SimpleItem") => items.extend(simple(value, index, &Path::Root, faults)),
            Some(kind) => faults.add(
                &Path::Member(&Path::Root, "type"),
                format!("{kind:?}"),
                "SimpleItem or ComplexItem",
            ),
        }
        return;
    }
    let transects = Path::Member(&Path::Root, "TransectStyleComplexItem");
    let at = Path::Member(&transects, "Items");
    let list = value.get("TransectStyleComplexItem").and_then(|transects| transects.get("Items"));
    match list.and_then(Value::as_array) {
        Some(list) => {
            for (place, value) in list.iter().enumerate().take(super::MOST_POINTS + 1) {
                items.extend(simple(value, index, &Path::Element(&at, place), faults));
            }
        }
        None => {
            let name = value.get("complexItemType").and_then(Value::as_str).unwrap_or("a complex item");
            let found = format!("{name:?} without a list of its items");
            faults.add(&at, found, "the items of a survey or a corridor, as QGroundControl saves them");
        }
    }
}

fn simple(value: &Value, index: usize, at: &Path<'_>, faults: &mut Faults) -> Option<Item> {
    let mut fields = Fields::of(value, at, faults)?;
    let command = fields.need("command", whole);
    let frame = fields.need("frame", whole);
    let params = fields.need("params", |value, at, faults| {
        let list = fields::list(value, at, faults)?;
        if list.len() != 7 {
            faults.add(at, fields::shorten(value), "a list of 7");
            return None;
        }
        let mut params = [None; 7];
        for (place, value) in list.iter().enumerate().filter(|(_, value)| !value.is_null()) {
            params[place] = Some(fields::number(
                value,
                &Path::Element(at, place),
                Range::closed(-1e12, 1e12, ""),
                faults,
            )?);
        }
        Some(params)
    });
    Some(Item { index, command: command?, frame: frame?, params: params? })
}

/// Fences and rally points are no part of the way.
fn fences(json: &Value) -> Option<Warning> {
    let some = |member: &str, list: &str| {
        json.get(member)
            .and_then(|member| member.get(list))
            .and_then(Value::as_array)
            .is_some_and(|list| !list.is_empty())
    };
    let has = some("geoFence", "circles") || some("geoFence", "polygons") || some("rallyPoints", "points");
    has.then(|| Warning {
        index: None,
        place: "item",
        identifier: None,
        text: "the file's own fences and rally points are passed over".to_owned(),
    })
}
