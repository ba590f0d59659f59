//! Idempotency keys: a call that is repeated with its key is answered as it was the first time.

use serde::{Deserialize, Serialize};

/// How long a key is remembered, milliseconds.
pub(crate) const KEPT_MS: i64 = 24 * 3_600_000;

/// What a key was used for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeyUse {
    /// SHA-256 of the body that came with it.
    pub(crate) fingerprint: String,
    /// The flight that was reserved.
    pub(crate) flight: String,
    /// When, milliseconds since 1970.
    pub(crate) at_ms: i64,
    /// The answer's body.
    pub(crate) answer: String,
}

/// A key as it came with a call.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    /// As it came.
    pub(crate) text: String,
    /// With whose it is: keys of two operators never clash.
    pub(crate) name: String,
    /// SHA-256 of the body.
    pub(crate) fingerprint: String,
}
