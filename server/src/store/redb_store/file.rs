//! The directory of a store: its lock, and a file that appears whole.

use std::fs::{self, File, TryLockError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::fault::{Fault, busy};
use crate::store::StoreError;

pub(super) fn path(dir: &Path) -> PathBuf {
    dir.join("tianlu.redb")
}

/// Makes the directory if there is none, and keeps other processes out as long as the lock lives.
pub(super) fn lock(dir: &Path) -> Result<File, StoreError> {
    fs::create_dir_all(dir).map_err(|error| failed(dir, &error))?;
    let path = dir.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|error| failed(&path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(busy(dir)),
        Err(TryLockError::Error(error)) => Err(failed(&path, &error)),
    }
}

/// Makes the file beside its place, and puts it there when it is whole: a crash leaves no half store.
pub(super) fn make(dir: &Path, fill: impl FnOnce(&Path) -> Result<(), StoreError>) -> Result<(), StoreError> {
    let new = dir.join("tianlu.redb.new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(&new, &error)),
        _ => {}
    }
    fill(&new)?;
    fs::rename(&new, path(dir)).map_err(|error| failed(&new, &error))?;
    // The name is on disk only once the directory is.
    #[cfg(unix)]
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(|error| failed(dir, &error))?;
    Ok(())
}

/// Opens a file that may be anything.
///
/// redb answers most damage with an error, but asserts that what it reads is what it wrote.
pub(super) fn checked<T>(path: &Path, open: impl FnOnce() -> Result<T, Fault>) -> Result<T, StoreError> {
    match catch_unwind(AssertUnwindSafe(open)) {
        Ok(opened) => opened.map_err(|fault| fault.at(path)),
        Err(_) => Err(StoreError::Damaged(format!("{}: damaged beyond reading", path.display()))),
    }
}

fn failed(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Io(format!("{}: {error}", path.display()))
}
