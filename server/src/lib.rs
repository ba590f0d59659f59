//! Tianlu on the command line and over HTTP.
//!
//! The binary is `tianlu`; this library is its inside, so that tests can call the router without a socket.
//! It is the only crate that reads files, opens sockets, asks the clock and starts threads.

pub mod cli;
pub mod http;
pub mod metrics;
pub mod service;
pub mod store;
mod validation;
