//! DJI's WPML: a KMZ, zipped, with `wpmz/waylines.wpml` (what is flown) and `wpmz/template.kml` (what it was made from).
//!
//! Source: DJI Cloud API, "DJI WPML": template.kml, waylines.wpml, common elements.

use std::io::{Cursor, Read};

use tianlu_engine::frame::{Agl, Amsl, Ellipsoidal, LonLat};
use zip::ZipArchive;

use super::xml::{self, Element};
use super::{Action, Home, Mission, MissionFormat, MissionHeight, MissionPoint, Speed, SpeedHints};
use crate::error::{ReadError, Warning};
use crate::fields::{Faults, Path};
use crate::geoid::Undulations;

/// Bytes of a file once unpacked, at most.
const MOST_BYTES: u64 = 16 << 20;
/// Files in the archive, at most.
const MOST_FILES: usize = 10_000;
const HEIGHTS: std::ops::RangeInclusive<f64> = -100_000.0..=100_000.0;
const SPEEDS: std::ops::RangeInclusive<f64> = 0.1..=1000.0;
const LONGEST_HOLD_S: f64 = 86_400.0;

/// What the heights of the file count from.
#[derive(Clone, Copy, PartialEq)]
enum HeightMode {
    Ellipsoid,
    Sea,
    TakeOff,
    Ground,
}

pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Mission, ReadError> {
    let refused = |found: String, expected: &str| ReadError::whole(name, "", found, expected);
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| refused(format!("an archive that cannot be read: {error}"), "a KMZ"))?;
    if archive.len() > MOST_FILES {
        return Err(refused(format!("{} files", archive.len()), "a KMZ of few files"));
    }
    let template = entry(name, &mut archive, "template.kml")?;
    let mut faults = Faults::new(name);
    let mission = match entry(name, &mut archive, "waylines.wpml")? {
        Some(waylines) => from_waylines(&waylines, template.as_ref(), &mut faults),
        None => match &template {
            Some(template) => from_template(template, &mut faults),
            None => return Err(refused("a KMZ without waylines".to_owned(), "wpmz/waylines.wpml in it")),
        },
    };
    faults.done(mission)
}

/// A file of the archive as XML; none if it is not there.
fn entry(
    name: &str,
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    file: &str,
) -> Result<Option<Element>, ReadError> {
    let refused = |found: String, expected: &str| ReadError::whole(name, file, found, expected);
    let place = [format!("wpmz/{file}"), file.to_owned()];
    let Some(path) = place.into_iter().find(|path| archive.index_for_name(path).is_some()) else {
        return Ok(None);
    };
    let packed =
        archive.by_name(&path).map_err(|error| refused(error.to_string(), "a file in the archive"))?;
    let mut bytes = Vec::new();
    packed
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| refused(error.to_string(), "a file that can be unpacked"))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(refused("more than 16 MiB unpacked".to_owned(), "at most 16 MiB"));
    }
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes));
    let text = text.map_err(|_| refused("bytes that are no UTF-8".to_owned(), "XML in UTF-8"))?;
    xml::parse(text).map(Some).map_err(|found| refused(found, "XML"))
}

/// The one wayline of the file that is flown.
fn from_waylines(kml: &Element, template: Option<&Element>, faults: &mut Faults) -> Option<Mission> {
    let folder = the_folder(kml, faults)?;
    let config = config_of(kml);
    let modes = [
        ("WGS84", HeightMode::Ellipsoid),
        ("relativeToStartPoint", HeightMode::TakeOff),
        ("realTimeFollowSurface", HeightMode::Ground),
    ];
    let mode = mode(folder.text_of("executeHeightMode"), "executeHeightMode", &modes, faults)?;
    let mut reading = Reading::new(faults);
    let home = reading.home(config, template.and_then(config_of))?;
    let mut points = Vec::new();
    for (index, placemark) in folder.all("Placemark").enumerate() {
        reading.faults.about("placemark", index, None);
        points.extend(reading.point(index, placemark, folder, mode, "executeHeight"));
    }
    reading.mission(points, home, config, folder)
}

/// The waypoints of a template, where the file that is flown has not been made yet.
fn from_template(kml: &Element, faults: &mut Faults) -> Option<Mission> {
    let folder = the_folder(kml, faults)?;
    let kind = folder.text_of("templateType").unwrap_or("waypoint");
    if kind != "waypoint" {
        let expected = "waypoint, or wpmz/waylines.wpml in the archive";
        faults.add(&Path::Member(&Path::Root, "templateType"), format!("{kind:?}"), expected);
        return None;
    }
    let config = config_of(kml);
    let system = folder.child("waylineCoordinateSysParam");
    let modes = [
        ("WGS84", HeightMode::Ellipsoid),
        ("EGM96", HeightMode::Sea),
        ("relativeToStartPoint", HeightMode::TakeOff),
        ("aboveGroundLevel", HeightMode::Ground),
        ("realTimeFollowSurface", HeightMode::Ground),
    ];
    let mode = mode(system.and_then(|system| system.text_of("heightMode")), "heightMode", &modes, faults)?;
    let field = if mode == HeightMode::Ellipsoid { "ellipsoidHeight" } else { "height" };
    let mut reading = Reading::new(faults);
    reading.warn("no waylines.wpml: the template's waypoints are taken".to_owned());
    let home = reading.home(config, None)?;
    let mut points = Vec::new();
    for (index, placemark) in folder.all("Placemark").enumerate() {
        reading.faults.about("placemark", index, None);
        let global = placemark.text_of("useGlobalHeight") == Some("1");
        let heights = if global { folder } else { placemark };
        let field = if global { "globalHeight" } else { field };
        points.extend(reading.point_with(index, placemark, folder, mode, (heights, field)));
    }
    reading.mission(points, home, config, folder)
}

fn config_of(kml: &Element) -> Option<&Element> {
    kml.child("Document").and_then(|document| document.child("missionConfig"))
}

fn the_folder<'e>(kml: &'e Element, faults: &mut Faults) -> Option<&'e Element> {
    let folders: Vec<&Element> =
        kml.child("Document").into_iter().flat_map(|document| document.all("Folder")).collect();
    match folders[..] {
        [folder] => Some(folder),
        _ => {
            faults.add(
                &Path::Member(&Path::Root, "Folder"),
                format!("{} of them", folders.len()),
                "one wayline",
            );
            None
        }
    }
}

fn mode(
    text: Option<&str>,
    field: &str,
    modes: &[(&str, HeightMode)],
    faults: &mut Faults,
) -> Option<HeightMode> {
    let found = modes.iter().find(|(word, _)| Some(*word) == text).map(|(_, mode)| *mode);
    if found.is_none() {
        let words: Vec<_> = modes.iter().map(|(word, _)| *word).collect();
        faults.add(&Path::Member(&Path::Root, field), quoted(text), format!("one of {}", words.join(", ")));
    }
    found
}

fn quoted(text: Option<&str>) -> String {
    text.map_or("nothing".to_owned(), |text| format!("{:?}", text.chars().take(40).collect::<String>()))
}

struct Reading<'f> {
    faults: &'f mut Faults,
    warnings: Vec<Warning>,
    undulations: Undulations,
    /// That of the point before: `waypointSpeed` is for the way from its point to the next.
    speed: Option<Speed>,
}

impl<'f> Reading<'f> {
    fn new(faults: &'f mut Faults) -> Self {
        Self { faults, warnings: Vec::new(), undulations: Undulations::default(), speed: None }
    }

    /// `takeOffRefPoint`: latitude, longitude and ellipsoidal height; only templates have it.
    fn home(&mut self, config: Option<&Element>, template: Option<&Element>) -> Option<Option<Home>> {
        let given = |config: Option<&'_ Element>| {
            config.and_then(|config| config.text_of("takeOffRefPoint")).map(str::to_owned)
        };
        let Some(text) = given(config).or(given(template)) else { return Some(None) };
        let numbers: Vec<f64> = text.split(',').filter_map(|part| part.trim().parse().ok()).collect();
        let place = match numbers[..] {
            [lat, lon] | [lat, lon, _] => LonLat::new(lon, lat).ok(),
            _ => None,
        };
        let Some(place) = place else {
            let at = Path::Member(&Path::Root, "takeOffRefPoint");
            self.faults.add(&at, quoted(Some(&text)), "latitude,longitude,height");
            return None;
        };
        let altitude = numbers.get(2).copied().filter(|metres| HEIGHTS.contains(metres));
        let altitude = altitude
            .and_then(|metres| Some(Ellipsoidal::new(metres).ok()?.to_amsl(self.undulations.at(place)?)));
        Some(Some(Home { place, altitude }))
    }

    fn point(
        &mut self,
        index: usize,
        placemark: &Element,
        folder: &Element,
        mode: HeightMode,
        field: &'static str,
    ) -> Option<MissionPoint> {
        self.point_with(index, placemark, folder, mode, (placemark, field))
    }

    fn point_with(
        &mut self,
        index: usize,
        placemark: &Element,
        folder: &Element,
        mode: HeightMode,
        (heights, field): (&Element, &'static str),
    ) -> Option<MissionPoint> {
        let place = self.place(placemark);
        let metres = self.number(heights.text_of(field), field, HEIGHTS, "a height in metres");
        let speed = self.speed_from(placemark, folder);
        let hold_s = self.hold(placemark);
        let (place, metres) = (place?, metres?);
        let height = match mode {
            HeightMode::Ellipsoid => {
                let Some(undulation_m) = self.undulations.at(place) else {
                    let at = Path::Member(&Path::Root, "Point");
                    self.faults.add(&at, "a place far from the others", "one flight");
                    return None;
                };
                MissionHeight::Amsl(Ellipsoidal::new(metres).ok()?.to_amsl(undulation_m))
            }
            HeightMode::Sea => MissionHeight::Amsl(Amsl::new(metres).ok()?),
            HeightMode::TakeOff => MissionHeight::AboveTakeOff(metres),
            HeightMode::Ground => MissionHeight::Agl(Agl::new(metres).ok()?),
        };
        self.turn(placemark, index);
        let speed = std::mem::replace(&mut self.speed, speed?);
        Some(MissionPoint { speed, hold_s: hold_s?, ..MissionPoint::at(index, place, height) })
    }

    fn place(&mut self, placemark: &Element) -> Option<LonLat> {
        let text = placemark.child("Point").and_then(|point| point.text_of("coordinates"));
        let numbers: Vec<Option<f64>> =
            text.unwrap_or_default().split(',').map(|part| part.trim().parse().ok()).collect();
        let place = match numbers[..] {
            [Some(lon), Some(lat)] | [Some(lon), Some(lat), _] => LonLat::new(lon, lat).ok(),
            _ => None,
        };
        if place.is_none() {
            let point = Path::Member(&Path::Root, "Point");
            let at = Path::Member(&point, "coordinates");
            self.faults.add(&at, quoted(text), "longitude,latitude in degrees");
        }
        place
    }

    /// The speed from this point on.
    fn speed_from(&mut self, placemark: &Element, folder: &Element) -> Option<Option<Speed>> {
        let own = if placemark.text_of("useGlobalSpeed") == Some("1") {
            None
        } else {
            placemark.text_of("waypointSpeed")
        };
        let (text, field) = match own {
            Some(text) => (Some(text), "waypointSpeed"),
            None => (folder.text_of("autoFlightSpeed"), "autoFlightSpeed"),
        };
        let Some(text) = text else { return Some(None) };
        let speed = self.number(Some(text), field, SPEEDS, "a speed of 0.1 to 1000 m/s")?;
        Some(Some(Speed::Ground(speed)))
    }

    /// Seconds that the actions at the point hover.
    fn hold(&mut self, placemark: &Element) -> Option<f64> {
        let actions = placemark.all("actionGroup").flat_map(|group| group.all("action"));
        let mut hold_s = 0.0;
        for action in actions.filter(|action| action.text_of("actionActuatorFunc") == Some("hover")) {
            let text = action.child("actionActuatorFuncParam").and_then(|param| param.text_of("hoverTime"));
            hold_s += self.number(text, "hoverTime", 0.0..=LONGEST_HOLD_S, "0 to 86400 seconds")?;
        }
        (hold_s <= LONGEST_HOLD_S).then_some(hold_s)
    }

    /// Turns that leave the straight line between the points are told once.
    fn turn(&mut self, placemark: &Element, index: usize) {
        let param = placemark.child("waypointTurnParam");
        let kind = param.and_then(|param| param.text_of("waypointTurnMode")).unwrap_or_default();
        let leaves = match kind {
            "coordinateTurn" => true,
            _ if kind.ends_with("WithContinuityCurvature") => {
                placemark.text_of("useStraightLine") != Some("1")
            }
            _ => false,
        };
        const TEXT: &str = "turns that leave the straight lines between the waypoints are not followed";
        if leaves && self.warnings.iter().all(|warning| warning.text != TEXT) {
            let text = TEXT.to_owned();
            self.warnings.push(Warning { index: Some(index), place: "placemark", identifier: None, text });
        }
    }

    fn number(
        &mut self,
        text: Option<&str>,
        field: &str,
        range: std::ops::RangeInclusive<f64>,
        expected: &str,
    ) -> Option<f64> {
        let number = text.and_then(|text| text.parse().ok()).filter(|number| range.contains(number));
        if number.is_none() {
            self.faults.add(&Path::Member(&Path::Root, field), quoted(text), expected);
        }
        number
    }

    fn warn(&mut self, text: String) {
        self.warnings.push(Warning { index: None, place: "placemark", identifier: None, text });
    }

    /// The points with what goes before the first and comes after the last.
    fn mission(
        mut self,
        mut points: Vec<MissionPoint>,
        home: Option<Home>,
        config: Option<&Element>,
        folder: &Element,
    ) -> Option<Mission> {
        self.faults.about_all();
        let first = points.first()?.clone();
        if home.is_none() {
            self.warn("no take-off place in the file: right below the first waypoint".to_owned());
        }
        let slow = config.and_then(|config| config.text_of("globalTransitionalSpeed"));
        let slow = slow.and_then(|text| text.parse().ok()).filter(|speed| SPEEDS.contains(speed));
        if config.and_then(|config| config.text_of("flyToWaylineMode")) == Some("pointToPoint") {
            self.warn("flies slanting to the first waypoint: taken as straight up and level".to_owned());
        }
        points[0] = MissionPoint { action: Action::TakeOff, speed: slow.map(Speed::Ground), ..first.clone() };
        let last = points.last()?.clone();
        let item = last.item;
        let finish = config.and_then(|config| config.text_of("finishAction"));
        match finish {
            Some("autoLand") => {
                points.push(MissionPoint { action: Action::Land, hold_s: 0.0, speed: None, ..last });
            }
            Some("goHome") => {
                let place = home.map_or(first.place, |home| home.place);
                let rise = config.and_then(|config| config.text_of("globalRTHHeight"));
                if let Some(metres) = self.number_if(rise, "globalRTHHeight")? {
                    let over = MissionHeight::AboveTakeOff(metres);
                    let higher = match last.height {
                        MissionHeight::AboveTakeOff(now) => metres > now,
                        // Other references cannot be compared here: the rise is flown as it stands.
                        _ => true,
                    };
                    if higher {
                        points.push(MissionPoint::at(item, last.place, over));
                    }
                } else {
                    self.warn(
                        "no height of the return in the file: that of the last waypoint is taken".to_owned(),
                    );
                }
                let height = points.last()?.height;
                points.push(MissionPoint { action: Action::Land, ..MissionPoint::at(item, place, height) });
            }
            Some("gotoFirstWaypoint") => points.push(MissionPoint::at(item, first.place, first.height)),
            Some("noAction") | None => {}
            Some(other) => {
                let expected = "goHome, autoLand, gotoFirstWaypoint or noAction";
                self.faults.add(&Path::Member(&Path::Root, "finishAction"), quoted(Some(other)), expected);
            }
        }
        let global = folder.text_of("autoFlightSpeed").and_then(|text| text.parse().ok());
        let global = global.filter(|speed| SPEEDS.contains(speed));
        Some(Mission {
            name: folder.text_of("name").map(str::to_owned),
            format: MissionFormat::Wpml,
            home,
            points,
            speeds: SpeedHints { cruise_m_s: global, hover_m_s: global },
            warnings: self.warnings,
        })
    }

    fn number_if(&mut self, text: Option<&str>, field: &str) -> Option<Option<f64>> {
        match text {
            None => Some(None),
            Some(text) => self.number(Some(text), field, HEIGHTS, "a height in metres").map(Some),
        }
    }
}
