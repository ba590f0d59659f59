//! What stands before all calls: keys, rates, origins.

use super::super::Failure;
use super::{Args, log};
use crate::http::{Access, Expected, Front, FrontOptions, Sources};

/// The front of the server.
///
/// # Errors
/// If a key cannot be read; and without any key, unless only this machine can call.
pub(super) fn front(args: &Args) -> Result<Front, Failure> {
    let sources =
        Sources { file: args.access.keys.clone(), url: args.access.jwks.clone(), data: args.data.clone() };
    let expected = Expected { audience: args.access.audience.clone(), issuer: args.access.issuer.clone() };
    let access = Access::of(&sources, expected).map_err(Failure)?;
    if access.is_none() {
        check_open(args)?;
    }
    let options = FrontOptions {
        access,
        rate: args.pressure.rate,
        burst: args.pressure.burst,
        cors: args.access.cors.clone(),
    };
    Front::new(options).map_err(Failure)
}

fn check_open(args: &Args) -> Result<(), Failure> {
    if args.listen.ip().is_loopback() {
        log::warn(args.log, "there are no keys: everybody on this machine may do everything");
        return Ok(());
    }
    Err(Failure(format!(
        "--listen: found {}, expected a loopback address, for there are no keys, and everybody who reaches the server \
         could change the city's airspace; keys come from --keys, --jwks, or `tianlu token --data DIR` and --data DIR",
        args.listen
    )))
}
