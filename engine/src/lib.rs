//! The engine of Tianlu: plans drone routes through low-altitude airspace.
//!
//! A pure library: it does no I/O, reads no clock, starts no async runtime, knows no file format and no HTTP,
//! and gives the same answer on one thread or sixteen.
//!
//! | room | what it holds |
//! | --- | --- |
//! | [`frame`] | places, heights, instants; the local metric plane |
//! | [`airspace`] | UAS geographical zones, who may enter, when; the R-tree; snapshots |
//! | [`surface`] | the ground and the obstacles on it |
//! | [`weather`] | wind by height |
//! | [`aircraft`] | performance and energy |
//! | [`flight`] | requests, plans, refusals: what goes in and what comes out |
//! | [`plane`] | exact shortest paths among polygons in the plane, useful alone |
//! | [`route`] | one flight: from a request and a world to a plan or the reason why not |
//! | [`verify`] | the promises of a plan checked anew, sharing no collision code with the search |
//! | [`traffic`] | reserved flights and keeping apart from them |
//! | [`dispatch`] | many flights: in the order of their priority, none in conflict |
//! | [`table`] | a list whose copies share what has not changed |

pub mod aircraft;
pub mod airspace;
pub mod dispatch;
pub mod flight;
pub mod frame;
mod intervals;
pub mod plane;
pub mod route;
pub mod surface;
pub mod table;
pub mod traffic;
pub mod verify;
pub mod weather;
pub mod world;
