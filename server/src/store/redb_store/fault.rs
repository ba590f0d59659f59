//! What redb refuses, as errors of the store that name the path.

use std::io::ErrorKind;
use std::path::Path;

use crate::store::StoreError;

/// An error on its way to where the path is known.
#[derive(Debug)]
pub(super) enum Fault {
    Redb(redb::Error),
    Ours(StoreError),
}

macro_rules! from_redb {
    ($($error:ty),*) => {$(
        impl From<$error> for Fault {
            fn from(error: $error) -> Self {
                Self::Redb(error.into())
            }
        }
    )*};
}

from_redb!(
    redb::DatabaseError,
    redb::TransactionError,
    redb::SetDurabilityError,
    redb::TableError,
    redb::StorageError,
    redb::CommitError
);

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Ours(error)
    }
}

impl Fault {
    pub(super) fn at(self, path: &Path) -> StoreError {
        match self {
            Self::Redb(error) => of_redb(error, path),
            Self::Ours(StoreError::Damaged(why)) => StoreError::Damaged(format!("{}: {why}", path.display())),
            Self::Ours(StoreError::Misused(why)) => StoreError::Misused(format!("{}: {why}", path.display())),
            Self::Ours(StoreError::Io(why)) => StoreError::Io(format!("{}: {why}", path.display())),
            Self::Ours(other) => other,
        }
    }
}

fn of_redb(error: redb::Error, path: &Path) -> StoreError {
    use redb::Error::{
        Corrupted, DatabaseAlreadyOpen, Io, LockProtocolMismatch, PreviousIo, TableDoesNotExist,
        TableIsMultimap, TableTypeMismatch, TypeDefinitionChanged, UpgradeRequired,
    };
    let at = path.display();
    match error {
        DatabaseAlreadyOpen | LockProtocolMismatch => busy(path),
        Corrupted(why) => StoreError::Damaged(format!("{at}: damaged: {why}")),
        UpgradeRequired(version) => {
            StoreError::Damaged(format!("{at}: is a redb file of version {version}, which no Tianlu wrote"))
        }
        TableDoesNotExist(_)
        | TableIsMultimap(_)
        | TableTypeMismatch { .. }
        | TypeDefinitionChanged { .. } => {
            StoreError::Damaged(format!("{at}: is a redb file, but no store of Tianlu: {error}"))
        }
        Io(why) if matches!(why.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof) => {
            StoreError::Damaged(format!("{at}: is no store of Tianlu, or cut short: {why}"))
        }
        Io(why) => StoreError::Io(format!("{at}: {why}")),
        PreviousIo => {
            StoreError::Io(format!("{at}: a write failed before; start again once the disk is well"))
        }
        other => StoreError::Io(format!("{at}: {other}")),
    }
}

pub(super) fn busy(path: &Path) -> StoreError {
    StoreError::Busy(format!("{}: another process has it open; one at a time may", path.display()))
}
