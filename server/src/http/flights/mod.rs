//! Flights: planned and reserved, read, led to their end.

mod export;
mod json;
mod patch;
mod positions;
mod post;
mod read;

pub(super) use export::{__path_get_export, get_export};
pub(super) use json::{flight_json, time};
pub(super) use patch::{__path_patch_flight, patch_flight};
pub(super) use positions::{__path_post_positions, post_positions};
pub(super) use post::{__path_post_flight, post_flight};
pub(super) use read::{__path_get_flight, get_flight};
