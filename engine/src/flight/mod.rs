//! What goes in and what comes out: requests, plans and refusals.

mod plan;
mod refusal;
mod request;

pub use plan::{Advisory, Outcome, Plan, Waypoint};
pub use refusal::{Refusal, RefusalCode};
pub use request::{CruiseBand, Request};
