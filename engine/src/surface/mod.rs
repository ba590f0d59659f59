//! The ground, and the obstacles that stand on it.

mod band;
mod ground;
mod line;
mod obstacle;

pub use band::Side;
pub use ground::{Ground, Raster, RasterError};
pub use line::GroundLine;
pub use obstacle::Obstacle;
