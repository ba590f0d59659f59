//! What would open the way to a refused request.

use super::{CruiseBand, Request};
use crate::frame::Interval;

/// A change of a request with which it is planned.
#[derive(Debug, Clone, PartialEq)]
pub enum Remedy {
    /// Leave within this window instead.
    Departure(Interval),
    /// Cruise within this band instead.
    Cruise(CruiseBand),
    /// Hold the authorizations of these zones too.
    Authorizations(Vec<String>),
}

impl Remedy {
    /// The request with the change made.
    pub fn applied(&self, request: &Request) -> Request {
        let mut changed = request.clone();
        match self {
            Self::Departure(window) => changed.departure = *window,
            Self::Cruise(band) => changed.cruise = *band,
            Self::Authorizations(zones) => changed.authorizations.extend_from_slice(zones),
        }
        changed
    }
}
