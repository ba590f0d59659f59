//! How far apart flights stay in the plane.

use crate::frame::{Frame, Xy};
use crate::world::Separation;

/// Written places may be off by half of this each, metres.
const WRITTEN_M: f64 = 0.03;

/// Heights that differ by `vertical_m` but for rounding are apart, metres.
const ROUNDING_M: f64 = 1e-6;

/// A cylinder around each flight that no other enters, early or late.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Apart {
    /// Closer than this in the plane, metres.
    pub horizontal_m: f64,
    /// And closer than this in height, metres.
    pub vertical_m: f64,
    /// At times no farther apart than this, seconds.
    pub time_s: f64,
}

impl Apart {
    /// The separation in a frame's plane, with room for the rounding of written places. The plane's greatest scale within
    /// reach counts everywhere, so that it is never less than asked for on the ground.
    pub fn new(separation: &Separation, frame: &Frame) -> Self {
        let scale = frame.scale(Xy { x: Frame::REACH_M, y: 0.0 }).max(1.0);
        Self {
            horizontal_m: if separation.horizontal_m > 0.0 {
                separation.horizontal_m * scale + WRITTEN_M
            } else {
                0.0
            },
            vertical_m: (separation.vertical_m - ROUNDING_M).max(0.0),
            time_s: separation.time_s.max(0.0),
        }
    }
}
