//! Data out: to a file, or to standard output.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::Failure;

/// Writes to a file, or to standard output if there is none or it is `-`.
///
/// A file appears whole or not at all: it is written beside its place and then renamed. A reader of standard output
/// that stops reading is no error.
pub(super) fn write(to: Option<&Path>, text: &str) -> Result<(), Failure> {
    write_bytes(to, text.as_bytes())
}

/// The same for what is no text.
pub(super) fn write_bytes(to: Option<&Path>, bytes: &[u8]) -> Result<(), Failure> {
    match to {
        Some(path) if path != Path::new("-") => whole_file(path, bytes),
        _ => {
            let mut out = std::io::stdout().lock();
            match out.write_all(bytes).and_then(|()| out.flush()) {
                Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                    Err(Failure(format!("standard output: {error}")))
                }
                _ => Ok(()),
            }
        }
    }
}

fn whole_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure(format!("{}: {error}", path.display()));
    // A device or a pipe cannot be replaced by a renamed file.
    if path.exists() && !path.is_file() {
        return fs::write(path, bytes).map_err(failed);
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path)).map_err(|error| {
        let _ = fs::remove_file(&beside);
        failed(error)
    })
}
