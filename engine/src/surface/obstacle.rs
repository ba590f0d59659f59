//! Buildings, masts, cranes: from the ground up to a height.

use crate::airspace::Outline;
use crate::frame::Agl;

/// An obstacle that stands on the ground.
#[derive(Debug, Clone, PartialEq)]
pub struct Obstacle {
    /// Its `id`, or `obstacle N` by its place in the file: what a refusal names.
    pub identifier: String,
    /// Where it stands.
    pub outline: Outline,
    /// How high it reaches above the ground below the aircraft.
    pub height: Agl,
}
