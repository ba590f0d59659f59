#![expect(clippy::unwrap_used, reason = "tests")]

mod damage;
mod exports;
mod faults;
mod readers;
mod times;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;

use tianlu_engine::aircraft::{Aircraft, AircraftKind, Energy, EnergySource};
use tianlu_engine::airspace::Airspace;
use tianlu_engine::frame::{Amsl, Frame, Instant, LonLat};
use tianlu_engine::surface::Ground;
use tianlu_engine::weather::Wind;
use tianlu_engine::world::{Separation, World};

use super::*;

const QGC: &[u8] = include_bytes!("../../tests/data/missions/jiaxing_demo.plan");
const WPL: &[u8] = include_bytes!("../../tests/data/missions/jiaxing_demo.waypoints");
const KMZ: &[u8] = include_bytes!("../../tests/data/missions/jiaxing_demo.kmz");
const LINE: &str = r#"{"type": "Feature", "properties": {"name": "a line", "altitude_reference": "AMSL",
    "times": ["2026-11-23T01:00:00Z", "2026-11-23T01:00:30Z", "2026-11-23T01:03:00Z"]},
    "geometry": {"type": "LineString",
                 "coordinates": [[120.7, 30.72, 0], [120.7, 30.72, 60], [120.71, 30.72, 60]]}}"#;
const PLAN: &str = r#"{"scenario": "a test", "plans": [{"request": "F1", "status": "PLANNED", "trajectory": [
    {"lon": 120.7, "lat": 30.72, "alt_m": 0.0, "time": "2026-11-23T01:00:00.000Z"},
    {"lon": 120.7, "lat": 30.72, "alt_m": 60.0, "time": "2026-11-23T01:00:20.000Z"},
    {"lon": 120.72, "lat": 30.72, "alt_m": 60.0, "time": "2026-11-23T01:02:40.000Z"},
    {"lon": 120.72, "lat": 30.72, "alt_m": 0.0, "time": "2026-11-23T01:03:10.000Z"}],
    "length_m": 1915.0, "duration_s": 190.0, "delay_s": 0.0, "energy_wh": 60.0, "advisories": []}]}"#;

fn read(bytes: impl AsRef<[u8]>) -> Mission {
    read_mission("test", bytes.as_ref()).unwrap_or_else(|error| panic!("{error}"))
}

fn error(bytes: impl AsRef<[u8]>) -> String {
    read_mission("test", bytes.as_ref()).unwrap_err().to_string()
}

fn place(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).unwrap()
}

fn amsl(metres: f64) -> MissionHeight {
    MissionHeight::Amsl(Amsl::new(metres).unwrap())
}

/// 2026-11-23T01:00:00Z.
const START: Instant = Instant::from_seconds(1_795_395_600);

fn quad() -> Aircraft {
    Aircraft {
        kind: AircraftKind::Multirotor,
        can_hover: true,
        cruise_m_s: 15.0,
        max_airspeed_m_s: 20.0,
        climb_m_s: 3.0,
        descent_m_s: 2.5,
        min_turn_radius_m: 0.0,
        clearance_m: 10.0,
        vertical_clearance_m: 5.0,
        energy: Energy {
            source: EnergySource::Battery { capacity_wh: 2_400.0 },
            reserve_fraction: 0.2,
            hover_w: 1_400.0,
            cruise_w: 1_100.0,
            climb_w: 1_700.0,
            descent_w: 1_000.0,
        },
    }
}

/// Calm air over ground, nothing else.
fn world(ground: Ground) -> World {
    World {
        frame: Frame::new(place(120.8, 30.7)),
        airspace: Arc::new(Airspace::default()),
        obstacles: Arc::default(),
        ground: Arc::new(ground),
        wind: Wind::CALM,
        separation: Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 0.0, pad_s: 0.0 },
        fleet: Arc::new(BTreeMap::new()),
    }
}

/// A zip of files.
fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The text of the sample's waylines with some of it replaced.
fn kmz_with(from: &str, to: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(KMZ)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("wpmz/waylines.wpml").unwrap(), &mut text).unwrap();
    assert!(text.contains(from), "{text}");
    zipped(&[("wpmz/waylines.wpml", text.replace(from, to).as_bytes())])
}
