//! One flight: from a request and a world to a plan, or the reason why not.
//!
//! 1. **Tubes**: ranges of heights above ground within the cruise band in which one wind blows (`tube`).
//! 2. **The way in the plane** past a set of barriers aside (`plane_way`); timed where some of them open and close
//!    (`timed`), rounded where the aircraft has a turn radius (`turn`).
//! 3. **The profile** of heights along it, over the terrain and above or below all other barriers (`profile`), and the
//!    times of both together (`flown`).
//! 4. **The search**: barriers that close the heights together are passed aside in turn, the most promising first
//!    (`search`).
//! 5. **The certificate**: no plan arrives earlier than a bound (`bound`).
//! 6. **Among others**: the way at several heights (`course`), round its ends, or woven through the others (`weave`), each
//!    at the lift-offs that they leave free; whichever lands first (`among`). From the air on as well (`onward`).
//!
//! What can hover climbs and descends in columns over its ends up to the lowest height of the tube; everything above is
//! climbed on the way. What cannot takes off and lands along slopes.

mod advisory;
mod among;
mod aside;
mod barrier;
mod bend_room;
mod bound;
mod closing;
mod course;
mod crossing;
mod flown;
mod footprint;
mod motion;
mod onward;
mod outlines;
mod pad;
mod plane_way;
mod planner;
mod prepared;
mod profile;
#[cfg(test)]
pub(crate) mod random_scene;
mod refuse;
mod remedy;
mod schedule;
mod search;
mod sensible;
mod task;
mod timed;
mod touch;
mod trajectory;
mod tube;
mod turn;
mod volumes;
mod weave;

#[cfg(test)]
mod tests;

pub use among::{Placed, Prepared};
pub use outlines::Outlines;
pub use planner::Planner;
pub use touch::Touch;

use crate::flight::{Outcome, Request};
use crate::world::World;

/// Plans a request alone in the sky. To plan many in one world, keep a [`Planner`]: it shares what it has prepared.
///
/// Deterministic: the same world and request give the same outcome on any number of threads.
pub fn plan(world: &World, request: &Request) -> Outcome {
    Planner::new(world).plan(request)
}
