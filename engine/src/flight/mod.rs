//! What goes in and what comes out: requests, plans and refusals.

mod plan;
mod refusal;
mod remedy;
mod request;

pub use plan::{Advisory, Outcome, Plan, Waypoint};
pub use refusal::{Refusal, RefusalCode};
pub use remedy::Remedy;
pub use request::{CruiseBand, Objective, Request};
