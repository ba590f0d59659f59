//! Many flights: planned together, in the order of their priority, none delayed by a lower one.

mod affected;
mod batch;
mod below;
mod order;
mod repair;
mod statistics;

#[cfg(test)]
mod tests;

pub use affected::{Touched, touched};
pub use batch::{Dispatched, Options, Phase, batch};
pub use statistics::Statistics;
