//! MAVLink mission items to points, for every format that holds such items.
//!
//! Source: MAVLink common message set, `MAV_CMD` and `MAV_FRAME`.

use serde_json::Value;
use tianlu_engine::frame::{Agl, Amsl, LonLat};

use super::{Action, Home, MissionHeight, MissionPoint, Speed};
use crate::error::Warning;
use crate::fields::{Faults, Path, shorten};

/// `MAV_CMD` numbers that are understood.
pub(super) const NAV_WAYPOINT: u64 = 16;
pub(super) const NAV_LOITER_TIME: u64 = 19;
pub(super) const NAV_RETURN_TO_LAUNCH: u64 = 20;
pub(super) const NAV_LAND: u64 = 21;
pub(super) const NAV_TAKEOFF: u64 = 22;
pub(super) const NAV_VTOL_TAKEOFF: u64 = 84;
pub(super) const NAV_VTOL_LAND: u64 = 85;
pub(super) const NAV_DELAY: u64 = 93;
pub(super) const DO_CHANGE_SPEED: u64 = 178;

/// Commands that leave the way as it is: conditions for other commands, payload, camera, gimbal, markers.
const PASSED_OVER: [u64; 36] = [
    112, 114, 115, 181, 182, 183, 184, 189, 195, 196, 197, 200, 201, 202, 203, 204, 205, 206, 207, 211, 212,
    214, 216, 217, 218, 530, 531, 532, 1000, 1001, 2000, 2001, 2003, 2500, 2501, 3000,
];

/// Longest stay at one point, seconds.
const LONGEST_HOLD_S: f64 = 86_400.0;
/// Speeds that are believed, m/s.
const SPEEDS: std::ops::RangeInclusive<f64> = 0.1..=1000.0;
/// Heights that are believed, metres.
const HEIGHTS: std::ops::RangeInclusive<f64> = -100_000.0..=100_000.0;

/// One item as its file has it; a parameter that is absent, null or NaN is none.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    /// Its index in the file.
    pub(super) index: usize,
    pub(super) command: u64,
    pub(super) frame: u64,
    pub(super) params: [Option<f64>; 7],
}

/// Items, one after the other, to points.
pub(super) struct Items<'f> {
    pub(super) faults: &'f mut Faults,
    pub(super) warnings: Vec<Warning>,
    pub(super) points: Vec<MissionPoint>,
    home: Option<Home>,
    speed: Option<Speed>,
    climb_m_s: Option<f64>,
    descent_m_s: Option<f64>,
    /// The names of command, frame and parameter in the file.
    names: Names,
}

/// What the fields of an item are called in a file.
#[derive(Clone, Copy)]
pub(super) struct Names {
    pub(super) command: &'static str,
    pub(super) frame: &'static str,
    pub(super) params: [&'static str; 7],
}

impl<'f> Items<'f> {
    pub(super) fn new(home: Option<Home>, names: Names, faults: &'f mut Faults) -> Self {
        Self {
            faults,
            warnings: Vec::new(),
            points: Vec::new(),
            home,
            speed: None,
            climb_m_s: None,
            descent_m_s: None,
            names,
        }
    }

    /// Takes up one more item. What it asks for that cannot be understood is a fault.
    pub(super) fn take(&mut self, item: &Item) {
        self.faults.about("item", item.index, None);
        match item.command {
            NAV_TAKEOFF | NAV_VTOL_TAKEOFF => self.take_off(item),
            NAV_WAYPOINT | NAV_LOITER_TIME => self.fly(item),
            NAV_LAND | NAV_VTOL_LAND => self.land(item),
            NAV_RETURN_TO_LAUNCH => self.go_home(item),
            NAV_DELAY => self.delay(item),
            DO_CHANGE_SPEED => self.change_speed(item),
            command if PASSED_OVER.contains(&command) => {
                self.warn(item, format!("command {command} does not change the way: passed over"));
            }
            command => self.fault(
                self.names.command,
                command.to_string(),
                "a waypoint (16), timed loiter (19), return (20), landing (21, 85), take-off (22, 84), delay (93), \
                 change of speed (178), or a command of the payload",
            ),
        }
    }

    fn take_off(&mut self, item: &Item) {
        let named = self.place(item);
        let Some(place) = named.or(self.home.map(|home| home.place)) else {
            self.fault(self.names.params[4], "no place, and no home", "where it takes off");
            return;
        };
        let Some(height) = self.height(item) else { return };
        self.push(MissionPoint { action: Action::TakeOff, ..MissionPoint::at(item.index, place, height) });
    }

    fn fly(&mut self, item: &Item) {
        let Some(place) = self.place(item) else {
            self.fault(self.names.params[4], "no place", "latitude and longitude in degrees");
            return;
        };
        let (Some(height), Some(hold_s)) = (self.height(item), self.hold(item)) else { return };
        self.push(MissionPoint { hold_s, ..MissionPoint::at(item.index, place, height) });
    }

    /// Without a place of its own it lands where it is.
    fn land(&mut self, item: &Item) {
        let named = self.place(item);
        let last = self.points.last().map(|point| (point.place, point.height));
        let Some((place, height)) = named.zip(last.map(|last| last.1)).or(last) else {
            self.fault(self.names.command, item.command.to_string(), "a point to fly to before the landing");
            return;
        };
        self.push(MissionPoint { action: Action::Land, ..MissionPoint::at(item.index, place, height) });
    }

    fn go_home(&mut self, item: &Item) {
        let home = self.home.map(|home| home.place);
        let first =
            self.points.first().filter(|first| first.action == Action::TakeOff).map(|first| first.place);
        let (Some(place), Some(height)) = (home.or(first), self.points.last().map(|last| last.height)) else {
            self.fault(self.names.command, item.command.to_string(), "a home to return to");
            return;
        };
        self.warn(
            item,
            "the height of the return is set in the autopilot, not in the file: that of the point before is taken"
                .to_owned(),
        );
        self.push(MissionPoint { action: Action::Land, ..MissionPoint::at(item.index, place, height) });
    }

    fn delay(&mut self, item: &Item) {
        let clock = item.params[1..4].iter().flatten().any(|part| *part >= 0.0);
        if item.params[0].is_none_or(|seconds| seconds < 0.0) && clock {
            self.fault(self.names.params[1], "a time of day", "a delay in seconds");
            return;
        }
        let Some(hold_s) = self.hold(item) else { return };
        match self.points.last_mut() {
            Some(point) => point.hold_s += hold_s,
            None => self.warn(item, "a delay before anything else is flown: passed over".to_owned()),
        }
    }

    /// Kinds: 0 airspeed, 1 ground speed, 2 climb, 3 descent. A negative speed leaves it as it is, or resets it.
    fn change_speed(&mut self, item: &Item) {
        let Some(value) = item.params[1].filter(|value| *value != -1.0) else { return };
        let reset = value == -2.0;
        if !reset && !SPEEDS.contains(&value) {
            self.fault(self.names.params[1], value.to_string(), "a speed of 0.1 to 1000 m/s, -1 or -2");
            return;
        }
        let set = (!reset).then_some(value);
        match item.params[0] {
            Some(0.0) => self.speed = set.map(Speed::Air),
            None | Some(1.0) => self.speed = set.map(Speed::Ground),
            Some(2.0) => self.climb_m_s = set,
            Some(3.0) => self.descent_m_s = set,
            Some(other) => {
                let expected = "0 (airspeed), 1 (ground speed), 2 (climb) or 3 (descent)";
                self.fault(self.names.params[0], other.to_string(), expected);
            }
        }
    }

    fn push(&mut self, point: MissionPoint) {
        let (speed, climb_m_s, descent_m_s) = (self.speed, self.climb_m_s, self.descent_m_s);
        self.points.push(MissionPoint { speed, climb_m_s, descent_m_s, ..point });
    }

    /// None where latitude and longitude are absent or both 0: the autopilots take the present place then.
    fn place(&mut self, item: &Item) -> Option<LonLat> {
        let (lat, lon) = (item.params[4]?, item.params[5]?);
        if lat == 0.0 && lon == 0.0 {
            return None;
        }
        let place = LonLat::new(lon, lat);
        if let Err(error) = &place {
            let (at, found) = match error {
                tianlu_engine::frame::PlaceError::Longitude(lon) => (5, lon),
                tianlu_engine::frame::PlaceError::Latitude(lat) => (4, lat),
            };
            self.fault(self.names.params[at], found.to_string(), "degrees");
        }
        place.ok()
    }

    /// `MAV_FRAME`: 0 and 5 above the sea, 3 and 6 above home, 10 and 11 above the terrain.
    fn height(&mut self, item: &Item) -> Option<MissionHeight> {
        let Some(metres) = item.params[6].filter(|metres| HEIGHTS.contains(metres)) else {
            let found = item.params[6].map_or("nothing".to_owned(), |metres| metres.to_string());
            self.fault(self.names.params[6], found, "a height in metres");
            return None;
        };
        match item.frame {
            0 | 5 => Amsl::new(metres).ok().map(MissionHeight::Amsl),
            3 | 6 => Some(MissionHeight::AboveTakeOff(metres)),
            10 | 11 => Agl::new(metres).ok().map(MissionHeight::Agl),
            frame => {
                let expected = "0 or 5 (above the sea), 3 or 6 (above home), 10 or 11 (above the terrain)";
                self.fault(self.names.frame, frame.to_string(), expected);
                None
            }
        }
    }

    /// The first parameter: seconds.
    fn hold(&mut self, item: &Item) -> Option<f64> {
        let seconds = item.params[0].unwrap_or(0.0);
        let held = (0.0..=LONGEST_HOLD_S).contains(&seconds);
        if !held {
            self.fault(self.names.params[0], seconds.to_string(), "0 to 86400 seconds");
        }
        held.then_some(seconds)
    }

    fn fault(&mut self, field: &str, found: impl Into<String>, expected: &str) {
        self.faults.add(&Path::Member(&Path::Root, field), found, expected);
    }

    fn warn(&mut self, item: &Item, text: String) {
        self.warnings.push(Warning { index: Some(item.index), place: "item", identifier: None, text });
    }
}

/// A whole number that a file gives, as large as MAVLink has them.
pub(super) fn whole(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<u64> {
    let whole = value.as_u64().or_else(|| {
        let number = value.as_f64().filter(|number| number.fract() == 0.0)?;
        (0.0..=65_535.0).contains(&number).then_some(number as u64)
    });
    let whole = whole.filter(|number| *number <= 65_535);
    if whole.is_none() {
        faults.add(at, shorten(value), "a whole number from 0 to 65535");
    }
    whole
}
