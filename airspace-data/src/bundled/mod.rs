//! The bundled Jiaxing airspace: a demonstration, approximate, not for navigation.

use tianlu_engine::airspace::Zone;
use tianlu_engine::frame::LonLat;

/// A take-off and landing place.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Its identifier.
    pub id: String,
    /// Its name in English.
    pub name: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// `hospital`, `blood_centre`, `logistics`, `port`, ...
    pub kind: String,
    /// Where it is.
    pub place: LonLat,
}

/// The zones of the bundled Jiaxing airspace.
pub fn jiaxing_zones() -> Vec<Zone> {
    todo!()
}

/// The sites of the bundled Jiaxing airspace.
pub fn jiaxing_sites() -> Vec<Site> {
    todo!()
}
