//! Scenario files: a world and the requests to plan in it.

mod aircraft;
mod document;
mod request;
#[cfg(test)]
mod tests;
mod together;
mod wind;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use tianlu_engine::airspace::{Airspace, Outline, Zone};
use tianlu_engine::flight::Request;
use tianlu_engine::frame::{Frame, LonLat};
use tianlu_engine::surface::{Ground, Obstacle};
use tianlu_engine::world::World;

pub use aircraft::{aircraft_to_json, read_aircraft};
pub use request::read_request;
pub use together::{Together, read_requests};
pub use wind::{read_wind, wind_to_json};

use crate::airspace::{ReadOptions, read_airspace};
use crate::error::{Fault, ReadError, Warning};
use crate::obstacles::read_obstacles;
use crate::terrain::read_terrain;
use document::Document;

/// The largest file that is read, bytes.
pub const LARGEST_FILE: u64 = 1 << 30;

/// Jiaxing: the middle of a world in which nothing says where it is, degrees.
const SOMEWHERE: (f64, f64) = (120.75, 30.72);

/// A scenario: a world and requests.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// Where its flights are planned.
    pub world: World,
    /// Its requests, in the order of the file.
    pub requests: Vec<Request>,
    /// What is known of outcomes: request to `PLANNED` or a reason code.
    pub expected: BTreeMap<String, String>,
    /// What was mended or passed over, each with the name of its file.
    pub warnings: Vec<(String, Warning)>,
}

/// Reads a scenario and every file that it names, relative to it.
///
/// `options` is for the airspace files; everything else is WGS-84 and read strictly. Members that nothing knows are
/// warnings. The frame's centre is the middle of the box around all origins and destinations; without requests that
/// of the airspace, and without either Jiaxing.
///
/// # Errors
/// [`ReadError`] naming the file that is wrong, with every fault of it: first the scenario's own, then those of the
/// files that it names in their order.
pub fn read_scenario(path: &Path, options: &ReadOptions) -> Result<Scenario, ReadError> {
    let file = path.display().to_string();
    let bytes = read_file(path).map_err(|found| ReadError::whole(&file, "", found, "a scenario file"))?;
    let document = Document::read(&file, &bytes)?;
    drop(bytes);
    let named = Named::read(path, &file, &document)?;

    let mut warnings: Vec<_> = document.warnings.into_iter().map(|warning| (file.clone(), warning)).collect();
    let mut zones = Vec::new();
    for (name, bytes) in named.airspace {
        let read = read_airspace(&name, &bytes, options)?;
        warnings.extend(read.warnings.into_iter().map(|warning| (name.clone(), warning)));
        zones.extend(read.zones);
    }
    let ground = match named.terrain {
        Some((name, bytes)) => Ground::Raster(read_terrain(&name, &bytes)?),
        None => Ground::Flat,
    };
    let mut obstacles: Vec<Obstacle> = Vec::new();
    for (name, bytes) in named.obstacles {
        let (read, mended) = read_obstacles(&name, &bytes)?;
        warnings.extend(mended.into_iter().map(|warning| (name.clone(), warning)));
        obstacles.extend(read);
    }

    let world = World {
        frame: frame(&document.requests, &zones),
        airspace: Arc::new(Airspace::new(zones, 0)),
        obstacles: Arc::new(obstacles),
        ground: Arc::new(ground),
        wind: document.wind,
        separation: document.separation,
        fleet: Arc::new(document.fleet),
    };
    let Document { name, requests, expected, .. } = document;
    Ok(Scenario { name, world, requests, expected, warnings })
}

/// The files that a scenario names: each with its path for messages, and its bytes.
struct Named {
    airspace: Vec<(String, Vec<u8>)>,
    terrain: Option<(String, Vec<u8>)>,
    obstacles: Vec<(String, Vec<u8>)>,
}

impl Named {
    /// Reads them all, or says which cannot be read.
    fn read(scenario: &Path, file: &str, document: &Document) -> Result<Self, ReadError> {
        let folder = scenario.parent().unwrap_or(Path::new(""));
        let mut faults = Vec::new();
        let mut read = |field: String, name: &String| {
            let path = folder.join(name);
            let bytes = read_file(&path);
            let fault = |found| Fault {
                index: None,
                place: "feature",
                identifier: None,
                field,
                found: format!("{}: {found}", path.display()),
                expected: "a file beside the scenario".to_owned(),
            };
            bytes
                .map(|bytes| (path.display().to_string(), bytes))
                .map_err(|found| faults.push(fault(found)))
                .ok()
        };
        let mut all = |member: &str, names: &[String]| -> Vec<_> {
            let numbered = names.iter().enumerate();
            numbered.filter_map(|(index, name)| read(format!("{member}[{index}]"), name)).collect()
        };
        let (airspace, obstacles) =
            (all("airspace", &document.airspace), all("obstacles", &document.obstacles));
        let terrain = document.terrain.as_ref().and_then(|name| read("terrain".to_owned(), name));
        if faults.is_empty() {
            return Ok(Self { airspace, terrain, obstacles });
        }
        let more = faults.len().saturating_sub(ReadError::MOST);
        faults.truncate(ReadError::MOST);
        Err(ReadError { file: file.to_owned(), faults, more })
    }
}

/// The bytes of a file, or what keeps it from being read.
fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let kind = file.metadata().map_err(|error| error.to_string())?;
    if kind.is_dir() {
        return Err("a directory".to_owned());
    }
    let mut bytes = Vec::new();
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(format!("more than {LARGEST_FILE} bytes"));
    }
    Ok(bytes)
}

/// The plane about the middle of the box around the ends of all requests, else around the zones, else about Jiaxing.
fn frame(requests: &[Request], zones: &[Zone]) -> Frame {
    let ends = requests.iter().flat_map(|request| [request.origin, request.destination]);
    let layers = zones.iter().flat_map(|zone| &zone.layers);
    let corners = layers.flat_map(|layer| match &layer.outline {
        Outline::Circle { centre, .. } => vec![*centre],
        Outline::Polygons(polygons) => polygons.iter().flat_map(|polygon| polygon.exterior.clone()).collect(),
    });
    Frame::around(ends).or_else(|| Frame::around(corners)).unwrap_or_else(|| {
        let (lon, lat) = SOMEWHERE;
        Frame::new(LonLat::new(lon, lat).expect("Jiaxing is a place"))
    })
}
