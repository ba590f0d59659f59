//! Files in and out of Tianlu: airspace, terrain, obstacles, scenarios, plans; and the bundled Jiaxing airspace.
//!
//! Turns bytes into the engine's types and back. Nothing is guessed silently: what cannot be understood refuses the
//! whole file with an error that says where, what was found and what was expected; what was mended is a warning.

pub mod airspace;
pub mod bundled;
pub mod crs;
pub mod error;
mod fields;
pub mod geoid;
pub mod mission;
pub mod obstacles;
pub mod plans;
pub mod scenario;
pub mod terrain;

pub use error::{Fault, ReadError, Warning};
