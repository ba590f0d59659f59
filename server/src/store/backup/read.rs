//! Reading a backup: all of it is checked before anything is handed out.

use std::collections::BTreeMap;
use std::io::{BufRead, Read};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{Backup, End, FORMAT, Header, Line, Trailer, VERSION, hex};
use crate::store::content::Content;
use crate::store::upgrade::Chain;
use crate::store::{Log, StoreError, Table};

/// No line is longer: memory has an end.
const LINE_MOST: u64 = 64 << 20;

/// No count is higher, so that it can go on rising: what JSON's readers keep exact.
const COUNT_MOST: u64 = 1 << 53;

/// Reads a backup whole, in memory, and brings it to this program's schema.
///
/// # Errors
/// [`StoreError::Damaged`] names the line that is wrong; [`StoreError::Newer`] if a later program wrote it;
/// [`StoreError::Io`] if `from` cannot be read.
pub fn read_backup(from: &mut dyn BufRead) -> Result<Backup, StoreError> {
    read_with(from, Chain::HERE)
}

pub(in crate::store) fn read_with(from: &mut dyn BufRead, chain: Chain) -> Result<Backup, StoreError> {
    let mut lines = Lines { from, number: 0, line: Vec::new() };
    let mut sum = Sha256::new();
    lines.next()?;
    let (header, last) = header(&lines, chain)?;
    sum.update(&lines.line);

    let mut content = Content::default();
    let (mut entries, mut before) = (0, None);
    while !lines.next()?.starts_with(END) {
        let entry = entry(lines.text()).map_err(|why| lines.wrong(&why))?;
        if before.as_ref().is_some_and(|before| entry.place <= *before) {
            return Err(lines.wrong("is out of order, or there twice"));
        }
        if let Place::Log(log, id) = entry.place
            && last.get(&log).is_none_or(|last| id > *last)
        {
            return Err(lines.wrong(&format!("id {id} is above the last of the log, as line 1 has it")));
        }
        sum.update(&lines.line);
        entries += 1;
        before = Some(entry.place.clone());
        keep(&mut content, entry);
    }
    check_end(&lines, &End { entries, sha256: hex(&sum.finalize()) })?;
    if !lines.more()?.is_empty() {
        return Err(lines.wrong("comes after the end"));
    }

    chain.run(header.schema, &mut content)?;
    Ok(whole(header.revision, last, content))
}

/// How the last line begins.
const END: &[u8] = b"{\"end\":";

/// The lines of a backup, one at a time, with their line feeds.
struct Lines<'r> {
    from: &'r mut dyn BufRead,
    number: u64,
    line: Vec<u8>,
}

impl Lines<'_> {
    /// The next line, which must be there.
    fn next(&mut self) -> Result<&[u8], StoreError> {
        if self.more()?.is_empty() {
            return Err(self.wrong("is not there: the backup was cut short"));
        }
        if !self.line.ends_with(b"\n") {
            let why = if self.line.len() as u64 == LINE_MOST { "is too long" } else { "was cut short" };
            return Err(self.wrong(why));
        }
        Ok(&self.line)
    }

    /// The next line, or nothing at the end.
    fn more(&mut self) -> Result<&[u8], StoreError> {
        self.number += 1;
        self.line.clear();
        let read = (&mut *self.from).take(LINE_MOST).read_until(b'\n', &mut self.line);
        read.map_err(|error| StoreError::Io(format!("line {}: cannot be read: {error}", self.number)))?;
        Ok(&self.line)
    }

    fn text(&self) -> &[u8] {
        self.line.strip_suffix(b"\n").unwrap_or(&self.line)
    }

    fn parsed<'l, T: Deserialize<'l>>(&'l self) -> Result<T, StoreError> {
        serde_json::from_slice(self.text()).map_err(|error| self.wrong(&error.to_string()))
    }

    fn wrong(&self, why: &str) -> StoreError {
        StoreError::Damaged(format!("line {}: {why}", self.number))
    }
}

/// The first line, and the last id of each log.
fn header(lines: &Lines<'_>, chain: Chain) -> Result<(Header, BTreeMap<Log, u64>), StoreError> {
    /// Read first: the rest may be another in another version.
    #[derive(Deserialize)]
    struct Kind {
        format: String,
        version: u32,
    }
    let kind: Kind =
        lines.parsed().map_err(|error| StoreError::Damaged(format!("is no backup of Tianlu: {error}")))?;
    if kind.format != FORMAT {
        return Err(lines.wrong(&format!("found format {:?}, expected {FORMAT:?}", kind.format)));
    }
    if kind.version != VERSION {
        return Err(lines.wrong(&format!("found format version {}, expected {VERSION}", kind.version)));
    }
    let header: Header = lines.parsed()?;
    chain.accepts(header.schema)?;
    if header.revision > COUNT_MOST {
        return Err(
            lines.wrong(&format!("found revision {}, expected at most {COUNT_MOST}", header.revision))
        );
    }
    let mut last = BTreeMap::new();
    for (name, id) in &header.last {
        if *id > COUNT_MOST {
            return Err(lines.wrong(&format!("found id {id}, expected at most {COUNT_MOST}")));
        }
        let log = Log::named(name).ok_or_else(|| lines.wrong(&format!("found no log named {name:?}")))?;
        last.insert(log, *id);
    }
    Ok((header, last))
}

/// Where an entry stands in a backup: ascending from line to line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Table(Table, String),
    Log(Log, u64),
}

struct Entry {
    place: Place,
    value: Vec<u8>,
}

fn entry(line: &[u8]) -> Result<Entry, String> {
    let Line { table, key, log, id, value, base64 } =
        serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let place = match (table, key, log, id) {
        (Some(name), Some(key), None, None) => {
            let table = Table::named(name).ok_or_else(|| format!("found no table named {name:?}"))?;
            Place::Table(table, key.into_owned())
        }
        (None, None, Some(name), Some(id)) => {
            Place::Log(Log::named(name).ok_or_else(|| format!("found no log named {name:?}"))?, id)
        }
        _ => return Err("expected a table and a key, or a log and an id".to_owned()),
    };
    let value = match (value, base64) {
        (Some(json), None) => json.get().as_bytes().to_owned(),
        (None, Some(text)) => STANDARD.decode(&*text).map_err(|error| format!("base64: {error}"))?,
        _ => return Err("expected either a value or base64".to_owned()),
    };
    Ok(Entry { place, value })
}

fn keep(content: &mut Content, entry: Entry) {
    match entry.place {
        Place::Table(table, key) => content.table(table).insert(key, entry.value),
        Place::Log(log, id) => content.log(log).insert(id, entry.value),
    };
}

fn check_end(lines: &Lines<'_>, expected: &End) -> Result<(), StoreError> {
    let Trailer { end } = lines.parsed()?;
    if end.entries != expected.entries {
        return Err(lines.wrong(&format!("found {} entries, expected {}", expected.entries, end.entries)));
    }
    if end.sha256 != expected.sha256 {
        return Err(lines.wrong("the checksum is another: the backup was changed or damaged"));
    }
    Ok(())
}

fn whole(revision: u64, last: BTreeMap<Log, u64>, content: Content) -> Backup {
    let puts = content
        .tables
        .into_iter()
        .flat_map(|(table, entries)| entries.into_iter().map(move |(key, value)| (table, key, value)));
    let appends = content
        .logs
        .into_iter()
        .flat_map(|(log, entries)| entries.into_iter().map(move |(id, value)| (log, id, value)));
    Backup { revision, puts: puts.collect(), appends: appends.collect(), last }
}
