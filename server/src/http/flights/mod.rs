//! Flights: planned and reserved, read, led to their end.

mod json;
mod post;
mod read;

pub(super) use json::flight_json;
pub(super) use post::{__path_post_flight, post_flight};
pub(super) use read::{__path_get_flight, get_flight};
