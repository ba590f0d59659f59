//! The ground, and the obstacles that stand on it.

mod ground;
mod line;
mod obstacle;

pub use ground::{Ground, Raster, RasterError};
pub use line::GroundLine;
pub use obstacle::Obstacle;
