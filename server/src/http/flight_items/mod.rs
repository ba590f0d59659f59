//! The collection of flights: lines in space and time to those who may see them, volumes to all others.

mod line;
mod read;
mod volume;

pub(super) use read::{__path_get_flight_item, __path_get_flights, get_flight_item, get_flights, spans};
