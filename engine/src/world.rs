//! Everything that a flight is planned in.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::aircraft::Aircraft;
use crate::airspace::Airspace;
use crate::frame::Frame;
use crate::surface::{Ground, Obstacle};
use crate::weather::Wind;

/// How far apart flights stay: closer than `horizontal_m` and closer than `vertical_m` at once is a conflict.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Separation {
    /// Metres over the ground.
    pub horizontal_m: f64,
    /// Metres between heights.
    pub vertical_m: f64,
    /// How early or late a flight may be against another, seconds.
    pub time_s: f64,
    /// How long a flight counts as standing on its pad before lift-off and after touch-down, seconds.
    pub pad_s: f64,
}

/// The surroundings of a flight, immutable and shared by threads.
#[derive(Debug, Clone)]
pub struct World {
    /// The local metric plane.
    pub frame: Frame,
    /// The zones.
    pub airspace: Arc<Airspace>,
    /// What stands on the ground.
    pub obstacles: Arc<Vec<Obstacle>>,
    /// The ground.
    pub ground: Arc<Ground>,
    /// The wind.
    pub wind: Wind,
    /// How far apart flights stay.
    pub separation: Separation,
    /// Aircraft by name.
    pub fleet: Arc<BTreeMap<String, Aircraft>>,
}
