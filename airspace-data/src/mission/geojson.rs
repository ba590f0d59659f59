//! A GeoJSON LineString as a mission: alone, as a feature, or as the one line of a collection.
//!
//! The third ordinate is the height. What it counts from stands in the property `altitude_reference`: `AMSL`, `AGL`,
//! `TAKE_OFF`, or `WGS84` (the ellipsoid, as RFC 7946 has it); without it heights count from the sea, with a warning.
//! Times stand in `times`, `coordTimes` or `coordinateProperties.times`, one for each position.

use serde_json::Value;
use tianlu_engine::frame::{Agl, Amsl, Ellipsoidal, Instant, LonLat};

use super::{Mission, MissionFormat, MissionHeight, MissionPoint, Speed, SpeedHints};
use crate::error::{ReadError, Warning};
use crate::fields::{self, Faults, Path, Range, Rounding};
use crate::geoid::Undulations;

const HEIGHT: Range = Range::closed(-100_000.0, 100_000.0, "metres");
const SPEED: Range = Range::closed(0.1, 1000.0, "m/s");

#[derive(Clone, Copy, PartialEq)]
enum Reference {
    Amsl,
    Agl,
    TakeOff,
    Wgs84,
}

const REFERENCES: [(&str, Reference); 4] = [
    ("AMSL", Reference::Amsl),
    ("AGL", Reference::Agl),
    ("TAKE_OFF", Reference::TakeOff),
    ("WGS84", Reference::Wgs84),
];

pub(super) fn read(name: &str, json: &Value) -> Result<Mission, ReadError> {
    let mut faults = Faults::new(name);
    let mut warnings = Vec::new();
    let mission = the_line(json, &mut warnings, &mut faults)
        .and_then(|(geometry, properties)| mission(geometry, properties, &mut warnings, &mut faults));
    let mission = mission.map(|mission| Mission { warnings, ..mission });
    faults.done(mission)
}

/// The line's geometry, and its feature's properties.
fn the_line<'v>(
    json: &'v Value,
    warnings: &mut Vec<Warning>,
    faults: &mut Faults,
) -> Option<(&'v Value, &'v Value)> {
    fn kind(value: &Value) -> &str {
        value.get("type").and_then(Value::as_str).unwrap_or_default()
    }
    let feature = |value: &'v Value| (&value["geometry"], &value["properties"]);
    match kind(json) {
        "LineString" => Some((json, &Value::Null)),
        "Feature" => Some(feature(json)),
        "FeatureCollection" => {
            let at = Path::Member(&Path::Root, "features");
            let features = fields::list(&json["features"], &at, faults)?;
            let is_line = |value: &&Value| kind(&value["geometry"]) == "LineString";
            let lines: Vec<&Value> = features.iter().filter(is_line).collect();
            let [line] = lines[..] else {
                faults.add(&at, format!("{} of them lines", lines.len()), "one LineString");
                return None;
            };
            if features.len() > 1 {
                warnings
                    .push(warning(format!("{} features that are no line: passed over", features.len() - 1)));
            }
            Some(feature(line))
        }
        other => {
            faults.add(
                &Path::Member(&Path::Root, "type"),
                format!("{other:?}"),
                "LineString, Feature or FeatureCollection",
            );
            None
        }
    }
}

fn mission(
    geometry: &Value,
    properties: &Value,
    warnings: &mut Vec<Warning>,
    faults: &mut Faults,
) -> Option<Mission> {
    let geometry_at = Path::Member(&Path::Root, "geometry");
    if geometry["type"].as_str() != Some("LineString") {
        faults.add(&Path::Member(&geometry_at, "type"), fields::shorten(&geometry["type"]), "LineString");
        return None;
    }
    let reference = reference(properties, warnings, faults);
    let speed_m_s = speed(properties, faults);
    let at = Path::Member(&geometry_at, "coordinates");
    let positions = fields::list(&geometry["coordinates"], &at, faults)?;
    if positions.len() > super::MOST_POINTS {
        faults.add(&at, fields::shorten(&geometry["coordinates"]), format!("at most {}", super::MOST_POINTS));
        return None;
    }
    let times = times(properties, positions.len(), faults)?;
    let (reference, speed_m_s) = (reference?, speed_m_s?);
    let mut undulations = Undulations::default();
    let mut points = Vec::with_capacity(positions.len());
    for (index, value) in positions.iter().enumerate() {
        faults.about("item", index, None);
        let Some((place, metres)) = position(value, &Path::Element(&at, index), faults) else { continue };
        let height = match reference {
            Reference::Amsl => MissionHeight::Amsl(Amsl::new(metres).ok()?),
            Reference::Agl => MissionHeight::Agl(Agl::new(metres).ok()?),
            Reference::TakeOff => MissionHeight::AboveTakeOff(metres),
            Reference::Wgs84 => {
                let Some(undulation_m) = undulations.at(place) else {
                    faults.add(&Path::Element(&at, index), "a place far from the others", "one flight");
                    return None;
                };
                MissionHeight::Amsl(Ellipsoidal::new(metres).ok()?.to_amsl(undulation_m))
            }
        };
        let time = times.as_ref().map(|times| times[index]);
        let speed = speed_m_s.map(Speed::Ground);
        points.push(MissionPoint { time, speed, ..MissionPoint::at(index, place, height) });
    }
    faults.about_all();
    let name = ["name", "id", "request"].iter().find_map(|member| properties[*member].as_str());
    Some(Mission {
        name: name.map(str::to_owned),
        format: MissionFormat::GeoJson,
        home: None,
        points,
        speeds: SpeedHints::default(),
        warnings: Vec::new(),
    })
}

fn reference(properties: &Value, warnings: &mut Vec<Warning>, faults: &mut Faults) -> Option<Reference> {
    let value = &properties["altitude_reference"];
    if value.is_null() {
        warnings.push(warning("no altitude_reference: heights count from mean sea level".to_owned()));
        return Some(Reference::Amsl);
    }
    let parse = |text: &str| REFERENCES.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
    let properties = Path::Member(&Path::Root, "properties");
    let at = Path::Member(&properties, "altitude_reference");
    fields::word(value, &at, parse, REFERENCES.map(|(word, _)| word), faults)
}

fn speed(properties: &Value, faults: &mut Faults) -> Option<Option<f64>> {
    let value = &properties["speed_m_s"];
    if value.is_null() {
        return Some(None);
    }
    let at = Path::Member(&Path::Root, "properties");
    fields::number(value, &Path::Member(&at, "speed_m_s"), SPEED, faults).map(Some)
}

/// The times, one for each position; none if there is no list of them.
fn times(properties: &Value, positions: usize, faults: &mut Faults) -> Option<Option<Vec<Instant>>> {
    let top = Path::Member(&Path::Root, "properties");
    let nested = Path::Member(&top, "coordinateProperties");
    let found = [
        (Path::Member(&top, "times"), &properties["times"]),
        (Path::Member(&top, "coordTimes"), &properties["coordTimes"]),
        (Path::Member(&nested, "times"), &properties["coordinateProperties"]["times"]),
    ];
    let Some((at, value)) = found.iter().find(|(_, value)| !value.is_null()) else { return Some(None) };
    let values = fields::list(value, at, faults)?;
    if values.len() != positions {
        faults.add(at, fields::shorten(value), format!("a time for each of the {positions} positions"));
        return None;
    }
    let read: Vec<Instant> = (values.iter().enumerate())
        .filter_map(|(index, value)| {
            fields::instant(value, &Path::Element(at, index), Rounding::Down, faults)
        })
        .collect();
    (read.len() == positions).then_some(Some(read))
}

fn position(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<(LonLat, f64)> {
    let numbers = fields::list(value, at, faults)?;
    let [lon, lat, metres, ..] = numbers else {
        faults.add(at, fields::shorten(value), "longitude, latitude and height");
        return None;
    };
    let lon = fields::number(lon, &Path::Element(at, 0), fields::LON, faults);
    let lat = fields::number(lat, &Path::Element(at, 1), fields::LAT, faults);
    let metres = fields::number(metres, &Path::Element(at, 2), HEIGHT, faults);
    Some((LonLat::new(lon?, lat?).ok()?, metres?))
}

fn warning(text: String) -> Warning {
    Warning { index: None, place: "item", identifier: None, text }
}
