//! The bundled Jiaxing airspace: a demonstration, approximate, not for navigation.
//!
//! The data and how it is made: `airspace-data/data/jiaxing/README.md`.

mod fleet;
mod sites;
#[cfg(test)]
mod tests;

use tianlu_engine::airspace::Zone;
use tianlu_engine::frame::LonLat;

pub use fleet::{jiaxing_fleet, jiaxing_separation};

use crate::airspace::{ReadOptions, read_airspace};

const ZONES: &str = include_str!("../../data/jiaxing/zones.json");
const SITES: &str = include_str!("../../data/jiaxing/sites.geojson");

/// A take-off and landing place.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Its identifier.
    pub id: String,
    /// Its name in English.
    pub name: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// `hospital`, `blood_centre`, `logistics`, `port`, `rescue`.
    pub kind: String,
    /// Where it is.
    pub place: LonLat,
    /// How well that is known, metres.
    pub accuracy_m: f64,
    /// The zones over it that must authorize a flight to or from it.
    pub authorizations: Vec<String>,
}

/// The zones of the bundled Jiaxing airspace, in the order of their file.
///
/// Read anew at each call, some milliseconds.
///
/// ```
/// let zones = tianlu_airspace_data::bundled::jiaxing_zones();
/// assert!(zones.iter().any(|zone| zone.identifier == "NANHU-RWY"));
/// ```
pub fn jiaxing_zones() -> Vec<Zone> {
    read_airspace("zones.json", ZONES.as_bytes(), &ReadOptions::default())
        .expect("the bundled zones are read by a test")
        .zones
}

/// The sites of the bundled Jiaxing airspace, in the order of their file.
///
/// ```
/// let sites = tianlu_airspace_data::bundled::jiaxing_sites();
/// let first_hospital = sites.iter().find(|site| site.id == "H-1ST").unwrap();
/// assert_eq!(first_hospital.kind, "hospital");
/// ```
pub fn jiaxing_sites() -> Vec<Site> {
    sites::read(SITES).expect("the bundled sites are read by a test")
}

/// The bundled zones as the text of an ED-318 file.
pub const fn jiaxing_zones_file() -> &'static str {
    ZONES
}

/// What must be said wherever the bundled airspace is shown, in English and in Chinese.
pub const fn jiaxing_disclaimer() -> &'static str {
    "Demonstration data: approximate, not for navigation. 演示数据:位置为近似值,不得用于导航或实际飞行。"
}
