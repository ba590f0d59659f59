//! The ground, and the obstacles that stand on it.

mod ground;
mod obstacle;

pub use ground::{Ground, Raster, RasterError};
pub use obstacle::Obstacle;
