//! Many flights: planned together, in the order of their priority, none delayed by a lower one.

mod affected;
mod anew;
mod batch;
mod below;
#[cfg(test)]
mod booked;
mod hold;
mod order;
mod preempt;
mod repair;
mod statistics;

#[cfg(test)]
mod tests;

pub use affected::{Affected, Site, Touched, ZoneChange, affected, renew, touched};
pub use anew::{Fate, Fated, Moment};
pub use batch::{Dispatched, Options, Phase, batch, batch_among};
pub use preempt::{Preempted, preempt};
pub use statistics::Statistics;
