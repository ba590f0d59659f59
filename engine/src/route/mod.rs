//! One flight: from a request and a world to a plan, or the reason why not.
//!
//! A flight goes straight up from its origin, cruises at one height among the barriers grown by its clearance, and
//! comes straight down on its destination. Of the cruise heights that matter (the lowest of the band, the tops of
//! barriers, the floors of wind layers) the one that lands first is taken, lower before higher.

mod advisory;
mod barrier;
mod bound;
mod column;
mod footprint;
mod intervals;
mod level;
mod motion;
mod outlines;
mod planner;
#[cfg_attr(not(test), expect(dead_code, reason = "no flight is planned over terrain yet"))]
mod profile;
mod refuse;
mod remedy;
mod schedule;
mod sensible;
mod timed;
mod trajectory;
mod turn;
mod volumes;

#[cfg(test)]
mod tests;

pub use outlines::Outlines;
pub use planner::Planner;

use crate::flight::{Outcome, Request};
use crate::world::World;

/// Plans a request alone in the sky. To plan many in one world, keep a [`Planner`]: it shares what it has prepared.
///
/// Deterministic: the same world and request give the same outcome on any number of threads.
pub fn plan(world: &World, request: &Request) -> Outcome {
    Planner::new(world).plan(request)
}
