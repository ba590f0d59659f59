//! The backup format: JSON Lines, with a checksum at the end.
//!
//! ```text
//! {"format":"tianlu-backup","version":1,"schema":1,"revision":42,"last":{"events":7}}
//! {"table":"zones","key":"NANHU","value":{...}}
//! {"log":"events","id":7,"value":{...}}
//! {"end":{"entries":2,"sha256":"..."}}
//! ```
//! Tables come before logs, each in the order of [`Table::ALL`] and [`Log::ALL`], keys and ids ascending. A value stands as it
//! is if it is JSON of one line, else as `"base64"`. The checksum is that of all bytes before the last line. `last` is
//! the greatest id that each log ever held, also if the entry was dropped since.

mod read;
mod write;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Log, Table};

pub use read::read_backup;
#[cfg(test)]
pub(super) use read::read_with;
pub(super) use write::Writer;

const FORMAT: &str = "tianlu-backup";
const VERSION: u32 = 1;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupSummary {
    /// The revision that the copy is of.
    pub revision: u64,
    /// Entries of tables and logs.
    pub entries: u64,
    /// The length of the backup.
    pub bytes: u64,
}

/// A backup that was read and found whole, brought to this program's schema.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backup {
    /// The revision that it is of.
    pub revision: u64,
    /// The entries of tables.
    pub puts: Vec<(Table, String, Vec<u8>)>,
    /// The entries of logs, ascending.
    pub appends: Vec<(Log, u64, Vec<u8>)>,
    /// The greatest id that each log ever held.
    pub last: BTreeMap<Log, u64>,
}

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    version: u32,
    schema: u32,
    revision: u64,
    last: BTreeMap<String, u64>,
}

/// A line between.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    table: Option<&'a str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<std::borrow::Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    log: Option<&'a str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    value: Option<&'a RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<std::borrow::Cow<'a, str>>,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Trailer {
    end: End,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    entries: u64,
    sha256: String,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
