//! `tianlu backup`: the whole state into a file.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::remote::{Found, Place, existing};
use super::{Answer, Done, Failure};
use crate::store::{Backup, Store, read_backup};

/// Copy the whole state into a file: of a running server, or from the directory of one that does not run
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,
    /// The file to write; it appears once it is whole and checked
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

pub(super) fn run(args: &Args) -> Done {
    let found = args.place.found()?;
    let beside = beside(&args.output);
    let done = copy(&found, &beside).and_then(|backup| {
        fs::rename(&beside, &args.output).map_err(|error| failed(&args.output, &error))?;
        Ok(backup)
    });
    let backup = done.inspect_err(|_| drop(fs::remove_file(&beside)))?;
    let entries = backup.puts.len() + backup.appends.len();
    eprintln!("{}: {entries} entries as of revision {}", args.output.display(), backup.revision);
    Ok(Answer::Yes)
}

fn beside(path: &Path) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    beside.into()
}

/// Writes a backup and reads it again: what is given back is on disk and whole.
fn copy(found: &Found<'_>, to: &Path) -> Result<Backup, Failure> {
    let file = File::create_new(to).map_err(|error| failed(to, &error))?;
    let mut out = BufWriter::new(&file);
    match found {
        Found::Server(server) => {
            let mut answer = server.get("/backup")?;
            io::copy(&mut answer.body_mut().as_reader(), &mut out)
                .map_err(|error| Failure(format!("GET /backup: {error}")))?;
        }
        Found::Directory(dir) => {
            existing(dir)?.backup(&mut out).map_err(Failure::new)?;
        }
    }
    out.flush().and_then(|()| file.sync_all()).map_err(|error| failed(to, &error))?;
    let written = File::open(to).map_err(|error| failed(to, &error))?;
    let read = read_backup(&mut BufReader::new(written));
    read.map_err(|error| Failure(format!("the backup did not arrive whole: {error}")))
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure(format!("{}: {error}", path.display()))
}
