//! Places, heights and instants, and the local metric plane in which all geometry happens.

mod height;
mod instant;
mod place;
mod transverse_mercator;

pub use height::{Agl, Amsl, Ellipsoidal, Height, NotFinite};
pub use instant::{Instant, Interval};
pub use place::{LonLat, PlaceError};
pub use transverse_mercator::{Frame, OutOfFrame, Xy};
