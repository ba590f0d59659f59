//! Mission files in, told apart by their content; and plans out in the formats of others.
//!
//! | format | read | written | heights | times |
//! | --- | --- | --- | --- | --- |
//! | QGroundControl `.plan` | yes | [`ExportFormat::Qgc`] | AMSL, above take-off, above ground | no |
//! | `QGC WPL 110` | yes | [`ExportFormat::Wpl`] | likewise | no |
//! | DJI WPML KMZ | yes | [`ExportFormat::Wpml`] | above take-off, ellipsoid, above ground | no |
//! | GeoJSON line | yes | [`ExportFormat::GeoJson`] | AMSL, ellipsoid, above ground, above take-off | yes |
//! | plan file, answer to a request | yes | see [`crate::plans`] | AMSL | yes |
//! | KML, CZML, GPX | no | [`ExportFormat`] | AMSL, ellipsoid, AMSL | yes |

mod export;
mod geojson;
mod mavlink;
mod plan;
mod qgc;
#[cfg(test)]
mod tests;
mod timed;
mod wpl;
mod wpml;
mod xml;

use serde_json::Value;
use tianlu_engine::frame::{Agl, Amsl, Instant, LonLat};

pub use export::{ExportFormat, write_export};
pub use timed::Timed;

use crate::error::{ReadError, Warning};
use crate::fields;

/// Points of a mission, at most.
pub const MOST_POINTS: usize = 20_000;

const EXPECTED: &str =
    "a mission: QGroundControl .plan, QGC WPL 110, DJI WPML KMZ, a GeoJSON LineString, or a plan";

/// The format that a mission was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MissionFormat {
    /// QGroundControl's JSON.
    Qgc,
    /// The text format of MAVLink ground stations.
    Wpl,
    /// DJI's KMZ.
    Wpml,
    /// A GeoJSON LineString.
    GeoJson,
    /// A plan of this program.
    Plan,
}

impl MissionFormat {
    /// A short name, as `tianlu export --format` spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Qgc => "qgc",
            Self::Wpl => "wpl",
            Self::Wpml => "wpml",
            Self::GeoJson => "geojson",
            Self::Plan => "plan",
        }
    }
}

/// A height as a mission file gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MissionHeight {
    /// Above mean sea level.
    Amsl(Amsl),
    /// Above the ground right below, on the whole way there if the point before is so too.
    Agl(Agl),
    /// Metres above the ground of the take-off place.
    AboveTakeOff(f64),
}

/// What the aircraft does to get to a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Takes off from the ground at [`Mission::home`], or right below the point if there is none. The first point alone.
    TakeOff,
    /// Flies straight there.
    Fly,
    /// Flies over the place at the height that it has, and lands; what cannot hover glides there. The last point alone.
    Land,
}

/// A speed that a file asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// Metres a second over the ground.
    Ground(f64),
    /// Metres a second through the air.
    Air(f64),
}

/// A point of a mission.
#[derive(Debug, Clone, PartialEq)]
pub struct MissionPoint {
    /// Its index in the file: item, line, placemark or position.
    pub item: usize,
    /// What is done to get there.
    pub action: Action,
    /// Where.
    pub place: LonLat,
    /// How high; of no meaning where it lands.
    pub height: MissionHeight,
    /// When, if the file says so. All points have a time, or none.
    pub time: Option<Instant>,
    /// How fast it is flown to.
    pub speed: Option<Speed>,
    /// Greatest rate of climb on the way there, m/s.
    pub climb_m_s: Option<f64>,
    /// Greatest rate of descent on the way there, m/s.
    pub descent_m_s: Option<f64>,
    /// How long the aircraft stays there, seconds.
    pub hold_s: f64,
}

impl MissionPoint {
    /// A point that is flown to; what the file does not say is left open.
    const fn at(item: usize, place: LonLat, height: MissionHeight) -> Self {
        Self {
            item,
            action: Action::Fly,
            place,
            height,
            time: None,
            speed: None,
            climb_m_s: None,
            descent_m_s: None,
            hold_s: 0.0,
        }
    }
}

/// Where a mission takes off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Home {
    /// Where.
    pub place: LonLat,
    /// The ground there as the file has it.
    pub altitude: Option<Amsl>,
}

/// Speeds that a file gives for its aircraft as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SpeedHints {
    /// Of wings, m/s.
    pub cruise_m_s: Option<f64>,
    /// Of rotors, m/s.
    pub hover_m_s: Option<f64>,
}

/// A mission as its file has it: nothing filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Mission {
    /// Its name, if the file has one.
    pub name: Option<String>,
    /// The format of the file.
    pub format: MissionFormat,
    /// Where it takes off, if the file says so.
    pub home: Option<Home>,
    /// Its points, two at least.
    pub points: Vec<MissionPoint>,
    /// Speeds that hold where a point has none.
    pub speeds: SpeedHints,
    /// What was passed over.
    pub warnings: Vec<Warning>,
}

/// Reads a mission; its format is told by its content. `name` is for messages alone.
///
/// Cost: linear in the bytes, of a KMZ in those unpacked, of which there may be 16 MiB a file.
///
/// # Errors
/// [`ReadError`] with the index of each item that cannot be understood, its field, what was found and what was expected.
///
/// ```
/// use tianlu_airspace_data::mission::{MissionHeight, read_mission};
/// let text = "QGC WPL 110\n\
///     0\t1\t0\t16\t0\t0\t0\t0\t30.737\t120.776\t4\t1\n\
///     1\t0\t3\t22\t0\t0\t0\t0\t30.737\t120.776\t100\t1\n\
///     2\t0\t3\t16\t0\t0\t0\t0\t30.710\t120.830\t100\t1\n";
/// let mission = read_mission("patrol.waypoints", text.as_bytes()).unwrap();
/// assert_eq!(mission.points[1].height, MissionHeight::AboveTakeOff(100.0));
/// let error = read_mission("patrol.waypoints", b"QGC WPL 120\n").unwrap_err();
/// assert!(error.to_string().contains("found \"QGC WPL 120\", expected QGC WPL 110"));
/// ```
pub fn read_mission(name: &str, bytes: &[u8]) -> Result<Mission, ReadError> {
    let refused = |found: &str| Err(ReadError::whole(name, "", found, EXPECTED));
    let plain = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mission = match plain.trim_ascii_start() {
        [] => return refused("an empty file"),
        _ if plain.starts_with(b"PK") => wpml::read(name, plain)?,
        [b'{' | b'[', ..] => of_json(name, plain)?,
        text if text.starts_with(b"QGC") => wpl::read(name, plain)?,
        [b'<', ..] => return refused("XML by itself (a DJI mission is a KMZ, zipped)"),
        _ if plain.starts_with(&[0xFF, 0xFE]) || plain.starts_with(&[0xFE, 0xFF]) => {
            return refused("text in UTF-16");
        }
        _ if plain.contains(&0) => return refused("binary data"),
        text => {
            let start: String = String::from_utf8_lossy(text).chars().take(20).collect();
            return refused(&format!("text that starts with {start:?}"));
        }
    };
    sound(name, mission)
}

fn of_json(name: &str, bytes: &[u8]) -> Result<Mission, ReadError> {
    let json = fields::parse_json(name, bytes)?;
    let has = |member: &str| json.get(member).is_some();
    if json.get("fileType").and_then(Value::as_str) == Some("Plan") || has("mission") && has("groundStation")
    {
        qgc::read(name, &json)
    } else if has("plans") || has("trajectory") || has("plan") {
        plan::read(name, &json)
    } else if has("type") {
        geojson::read(name, &json)
    } else {
        let found = match &json {
            Value::Object(members) => {
                let members: Vec<&str> = members.keys().take(5).map(String::as_str).collect();
                format!("an object of {}", members.join(", "))
            }
            other => fields::shorten(other),
        };
        Err(ReadError::whole(name, "", found, EXPECTED))
    }
}

/// What holds for missions of all formats: enough points and not too many, one take-off first, one landing last.
fn sound(name: &str, mission: Mission) -> Result<Mission, ReadError> {
    let points = &mission.points;
    let least = if points.first().is_some_and(|first| first.action == Action::TakeOff) { 1 } else { 2 };
    if points.len() < least || points.len() > MOST_POINTS {
        let found = format!("{} points", points.len());
        return Err(ReadError::whole(name, "", found, format!("2 to {MOST_POINTS} points to fly to")));
    }
    let last = points.len() - 1;
    for (number, point) in points.iter().enumerate() {
        let (found, expected) = match point.action {
            Action::TakeOff if number > 0 => ("a take-off on the way", "one flight from take-off to landing"),
            Action::Land if number < last => ("a landing on the way", "one flight from take-off to landing"),
            Action::Land if number == 0 => ("a landing before anything else", "a point to fly to first"),
            _ => continue,
        };
        let mut error = ReadError::whole(name, "", found, expected);
        error.faults[0].index = Some(point.item);
        error.faults[0].place = "item";
        return Err(error);
    }
    let goes_back = points.windows(2).find(|pair| match (pair[0].time, pair[1].time) {
        (Some(before), Some(after)) => after < before || (after == before && pair[0].place != pair[1].place),
        _ => false,
    });
    if let Some(pair) = goes_back {
        let mut error =
            ReadError::whole(name, "time", "a time not after the one before", "times that ascend");
        error.faults[0].index = Some(pair[1].item);
        error.faults[0].place = "item";
        return Err(error);
    }
    Ok(mission)
}
