//! The promises of a plan checked anew, sharing no collision code with the search.

use crate::flight::{Outcome, Request};
use crate::world::World;

/// One broken promise of a plan. Promise 0 is the form of the plan and its claims.
#[derive(Debug, Clone, PartialEq)]
pub struct Breach {
    /// The request of the flight.
    pub request: String,
    /// The number of the promise, 0 to 7.
    pub promise: u8,
    /// What is wrong, in words.
    pub text: String,
    /// When, if it happens at a time.
    pub when: Option<crate::frame::Instant>,
    /// Where, if it happens at a place.
    pub place: Option<crate::frame::LonLat>,
}

/// Checks one outcome against the promises that concern a flight alone (0 to 4 and 6).
///
/// Empty if it keeps them all.
pub fn verify_flight(_world: &World, _request: &Request, _outcome: &Outcome) -> Vec<Breach> {
    todo!()
}
