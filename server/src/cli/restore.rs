//! `tianlu restore`: the whole state from a file.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::remote::{Found, Place};
use super::{Answer, Done, Failure};
use crate::service::{Clock, into_store};
use crate::store::{RedbStore, Store, read_backup};

/// Replace the whole state by a backup: of a running server, or in the directory of one that does not run
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A file that `tianlu backup` wrote
    file: PathBuf,
    #[command(flatten)]
    place: Place,
    /// Also if the directory has a state already
    #[arg(long, conflicts_with = "url")]
    replace: bool,
}

pub(super) fn run(args: &Args) -> Done {
    let failed = |error: &dyn std::fmt::Display| Failure(format!("{}: {error}", args.file.display()));
    let open = || File::open(&args.file).map_err(|error| failed(&error));
    // Checked here too, so that a damaged file costs no server anything.
    let backup = read_backup(&mut BufReader::new(open()?)).map_err(|error| failed(&error))?;
    let (revision, zones, flights) = match args.place.found()? {
        Found::Server(server) => {
            let mut answer = server.post("/restore", "application/x-ndjson", &open()?)?;
            let told: Value = answer.body_mut().read_json().map_err(Failure::new)?;
            let count = |name: &str| told[name].as_u64().unwrap_or_default();
            (count("revision"), count("zones"), count("flights"))
        }
        Found::Directory(dir) => {
            let store = store(dir, args.replace)?;
            let restored =
                into_store(&store, backup, Clock::system().now()).map_err(|error| failed(&error))?;
            (restored.revision, restored.zones as u64, restored.flights as u64)
        }
    };
    eprintln!("{}: restored {zones} zones and {flights} flights as revision {revision}", args.file.display());
    Ok(Answer::Yes)
}

fn store(dir: &Path, replace: bool) -> Result<RedbStore, Failure> {
    let store = RedbStore::open(dir).map_err(Failure::new)?;
    if !replace && store.revision().map_err(Failure::new)? > 0 {
        return Err(Failure(format!(
            "--data: {}: there is a state here already; --replace puts the backup in its place",
            dir.display()
        )));
    }
    Ok(store)
}
