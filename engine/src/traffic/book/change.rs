//! What can be asked of the book, and its noes.

use std::sync::Arc;

use crate::flight::{Plan, Request};

/// Several changes of the book that are made as one: all of them or none.
///
/// Cancelled and amended flights leave first. What comes is held against all that stays, and against each other.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Requests whose flights are taken out.
    pub cancel: Vec<String>,
    /// Reserved flights with their new plans. The request has its name and may ask for something else than before: another
    /// destination, for one that is diverted.
    pub amend: Vec<(Arc<Request>, Arc<Plan>)>,
    /// New flights.
    pub reserve: Vec<(Arc<Request>, Arc<Plan>)>,
}

impl Change {
    /// Does it ask for nothing?
    pub fn is_empty(&self) -> bool {
        self.cancel.is_empty() && self.amend.is_empty() && self.reserve.is_empty()
    }
}

/// Why the book stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The plan comes too near to flights that were reserved or amended after it was made, or with it.
    #[error("{request} is in conflict with {}", flights.join(", "))]
    Conflict {
        /// The request of the plan.
        request: String,
        /// The requests of those flights, in the order of their numbers, then in the order of the change.
        flights: Vec<String>,
    },
    /// The request has a flight already.
    #[error("{0} is reserved already")]
    Known(String),
    /// The request has no flight.
    #[error("{0} is not reserved")]
    Unknown(String),
    /// The flight to be cancelled or amended is no longer what it was when that was decided.
    #[error("{0} has changed since")]
    Changed(String),
    /// The change names the request more than once.
    #[error("{0} is named twice")]
    Twice(String),
    /// The plan is for another request.
    #[error("found a plan for {found}, expected one for {expected}")]
    Another {
        /// The request.
        expected: String,
        /// The request of the plan.
        found: String,
    },
    /// The plan is no flight: fewer than two points, times that go back, or numbers without bound.
    #[error("the plan of {0} is no flight")]
    NoFlight(String),
}
