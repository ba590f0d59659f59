//! `QGC WPL 110`: a line of text for each mission item.
//!
//! Columns: index, current, frame, command, four parameters, latitude, longitude, altitude, autocontinue. Item 0 is the
//! home. Source: MAVLink developer guide, "Mission Plain-Text File Format".

use tianlu_engine::frame::{Amsl, LonLat};

use super::mavlink::{Item, Items, NAV_WAYPOINT, Names};
use super::{Home, Mission, MissionFormat, SpeedHints};
use crate::error::ReadError;
use crate::fields::{Faults, Path};

const HEAD: &str = "QGC WPL 110";
const COLUMNS: usize = 12;
const NAMES: Names = Names {
    command: "command",
    frame: "frame",
    params: ["param1", "param2", "param3", "param4", "latitude", "longitude", "altitude"],
};

pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Mission, ReadError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| ReadError::whole(name, "", "bytes that are no UTF-8", "text in UTF-8"))?;
    let mut lines = text.lines().enumerate().map(|(number, line)| (number, line.trim()));
    let head = lines.find(|(_, line)| !line.is_empty()).map_or("", |(_, line)| line);
    if head.split_whitespace().ne(HEAD.split(' ')) {
        let found: String = head.chars().take(40).collect();
        return Err(ReadError::whole(name, "line 1", format!("{found:?}"), HEAD));
    }
    let mut faults = Faults::new(name);
    let mut items: Vec<Item> = Vec::new();
    for (number, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        faults.about("line", number + 1, None);
        items.extend(item(line, &mut faults));
        if items.len() > super::MOST_POINTS {
            faults.add(&Path::Root, "more lines", format!("at most {} items", super::MOST_POINTS));
            break;
        }
    }
    let home = home(&items);
    let rest = if home.is_some() { &items[1..] } else { &items[..] };
    let mut taken = Items::new(home, NAMES, &mut faults);
    rest.iter().for_each(|item| taken.take(item));
    let (points, warnings) = (taken.points, taken.warnings);
    faults.done(Some(Mission {
        name: None,
        format: MissionFormat::Wpl,
        home,
        points,
        speeds: SpeedHints::default(),
        warnings,
    }))
}

/// The first line is the home, always above the sea.
fn home(items: &[Item]) -> Option<Home> {
    let first = items.first().filter(|item| item.index == 0 && item.command == NAV_WAYPOINT)?;
    let place = LonLat::new(first.params[5]?, first.params[4]?).ok()?;
    // Ground stations write zeros where there is no home yet.
    let is_set = place.lon() != 0.0 || place.lat() != 0.0;
    is_set.then(|| Home { place, altitude: first.params[6].and_then(|metres| Amsl::new(metres).ok()) })
}

fn item(line: &str, faults: &mut Faults) -> Option<Item> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    if columns.len() != COLUMNS {
        faults.add(&Path::Root, format!("{} columns", columns.len()), "12 columns");
        return None;
    }
    let mut number = |column: usize, field: &str, expected: &str, most: f64| {
        let value: Option<f64> = columns[column].parse().ok();
        let fits = value.filter(|value| value.is_nan() || value.abs() <= most);
        if fits.is_none() {
            let found: String = columns[column].chars().take(40).collect();
            faults.add(&Path::Member(&Path::Root, field), format!("{found:?}"), expected);
        }
        fits
    };
    let mut whole = |column: usize, field: &str| {
        let value = number(column, field, "a whole number from 0 to 65535", 65_535.0)?;
        (value.fract() == 0.0 && value >= 0.0).then_some(value as u64)
    };
    let (index, frame, command) = (whole(0, "index"), whole(2, "frame"), whole(3, "command"));
    let mut params = [None; 7];
    for (place, param) in params.iter_mut().enumerate() {
        // NaN leaves a parameter to the autopilot.
        *param = number(place + 4, NAMES.params[place], "a number", 1e12)?.into();
    }
    let params = params.map(|param: Option<f64>| param.filter(|value| !value.is_nan()));
    match (index, frame, command) {
        (Some(index), Some(frame), Some(command)) => {
            Some(Item { index: index as usize, command, frame, params })
        }
        _ => {
            faults.add(&Path::Root, "an index, frame or command of another kind", "whole numbers from 0");
            None
        }
    }
}
