//! Writing a backup, entry by entry.

use std::borrow::Cow;
use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::{BackupSummary, End, FORMAT, Header, Line, Trailer, VERSION, hex};
use crate::store::{Log, StoreError, Table};

/// Writes a backup; nothing of it is kept.
pub(in crate::store) struct Writer<'w> {
    to: &'w mut dyn Write,
    sum: Sha256,
    line: Vec<u8>,
    written: BackupSummary,
}

impl<'w> Writer<'w> {
    pub(in crate::store) fn new(
        to: &'w mut dyn Write,
        schema: u32,
        revision: u64,
        last: &[(Log, u64)],
    ) -> Result<Self, StoreError> {
        let written = BackupSummary { revision, entries: 0, bytes: 0 };
        let mut writer = Self { to, sum: Sha256::new(), line: Vec::new(), written };
        let last = last.iter().map(|(log, id)| (log.name().to_owned(), *id)).collect();
        writer.put(&Header { format: FORMAT.to_owned(), version: VERSION, schema, revision, last })?;
        Ok(writer)
    }

    pub(in crate::store) fn entry(
        &mut self,
        table: Table,
        key: &str,
        value: &[u8],
    ) -> Result<(), StoreError> {
        let line = Line { table: Some(table.name()), key: Some(Cow::Borrowed(key)), ..Line::default() };
        self.valued(line, value)
    }

    pub(in crate::store) fn logged(&mut self, log: Log, id: u64, value: &[u8]) -> Result<(), StoreError> {
        self.valued(Line { log: Some(log.name()), id: Some(id), ..Line::default() }, value)
    }

    fn valued(&mut self, line: Line<'_>, value: &[u8]) -> Result<(), StoreError> {
        self.written.entries += 1;
        match as_it_is(value) {
            Some(json) => self.put(&Line { value: Some(json), ..line }),
            None => self.put(&Line { base64: Some(STANDARD.encode(value).into()), ..line }),
        }
    }

    pub(in crate::store) fn finish(mut self) -> Result<BackupSummary, StoreError> {
        let end = End { entries: self.written.entries, sha256: hex(&self.sum.clone().finalize()) };
        self.put(&Trailer { end })?;
        self.to.flush().map_err(|error| failed(&error))?;
        Ok(self.written)
    }

    fn put(&mut self, line: &impl Serialize) -> Result<(), StoreError> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, line)
            .map_err(|error| StoreError::Io(format!("the backup: {error}")))?;
        self.line.push(b'\n');
        self.sum.update(&self.line);
        self.written.bytes += self.line.len() as u64;
        self.to.write_all(&self.line).map_err(|error| failed(&error))
    }
}

/// A value that comes back byte by byte if it is written into a line of JSON.
fn as_it_is(value: &[u8]) -> Option<&RawValue> {
    if value.contains(&b'\n') || value.contains(&b'\r') {
        return None;
    }
    // Spaces around it would be lost, and `null` read as no value.
    let json: &RawValue = serde_json::from_slice(value).ok()?;
    (json.get().len() == value.len() && value != b"null").then_some(json)
}

fn failed(error: &std::io::Error) -> StoreError {
    StoreError::Io(format!("the backup cannot be written: {error}"))
}
