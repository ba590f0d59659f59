//! One flight: from a request and a world to a plan, or the reason why not.

use crate::flight::{Outcome, Request};
use crate::world::World;

/// Plans a request alone in the sky.
///
/// Deterministic: the same world and request give the same outcome on any number of threads.
pub fn plan(_world: &World, _request: &Request) -> Outcome {
    todo!()
}
