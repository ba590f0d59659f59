//! Why a command was not done.

use tianlu_engine::traffic::Refused;

use crate::store::StoreError;

/// Why a command was not done; nothing of it is.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum Denied {
    /// There is no such thing, or the caller may not see it.
    #[error("{0}")]
    NotFound(String),
    /// What was asked for makes no sense.
    #[error("{field}: found {found}, expected {expected}")]
    Invalid {
        /// The field's path.
        field: String,
        found: String,
        expected: String,
    },
    /// The airspace that was sent cannot be used.
    #[error("{0}")]
    Airspace(String),
    /// The identifiers of zones are taken, or repeated.
    #[error("{} identifiers are taken or repeated: {}", .0.len(), .0.iter().take(20).cloned().collect::<Vec<_>>().join(", "))]
    TakenZones(Vec<String>),
    /// The flight's id is taken.
    #[error("a flight with the id {0:?} exists already")]
    TakenFlight(String),
    /// The idempotency key was used with another body.
    #[error("the key {0:?} was used with another body")]
    KeyMisused(String),
    /// The state of the flight does not allow it.
    #[error("{0}")]
    WrongState(String),
    /// The `ETag` is another.
    #[error("If-Match: the ETag is {0}")]
    Precondition(String),
    /// The state has changed since the plan was made: to be planned again.
    #[error("outrun: {0}")]
    Outrun(String),
    /// Too much is waiting.
    #[error("{0}")]
    Overloaded(String),
    /// The server takes no more.
    #[error("the server is stopping")]
    Stopping,
    /// The store did not take it; nothing was changed.
    #[error("the store: {0}")]
    Store(String),
    /// A fault of the server.
    #[error("{0}")]
    Fault(String),
}

impl From<Refused> for Denied {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Known(id) => Self::TakenFlight(id),
            other => Self::Outrun(other.to_string()),
        }
    }
}

impl From<StoreError> for Denied {
    fn from(error: StoreError) -> Self {
        Self::Store(error.to_string())
    }
}
