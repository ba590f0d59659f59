//! What a change of the airspace means for reserved flights.

mod touched;

pub use touched::{Touched, touched};
