//! Traffic: the flights that others keep apart from.
//!
//! Two flights are in conflict where one at some time and the other at some time, no more than `time_s` apart, are
//! closer than `horizontal_m` over the ground and closer than `vertical_m` in height. A flight counts from `pad_s`
//! before its lift-off to `pad_s` after its touch-down, standing on its pads.
//!
//! Places are those of one plane (see [`crate::frame::Frame`]), heights metres AMSL, times seconds after an epoch.

mod apart;
mod blocked;
mod book;
mod index;
pub mod sipp;
mod track;

pub use apart::Apart;
pub use blocked::{blocked_shifts, in_conflict};
pub use book::{Book, Change, Refused, Reserved};
pub use index::{Area, Blocked, Traffic};
pub use track::{Fix, Piece, Track};
