//! Typed reading of JSON members that collects every fault, each with its path in the file.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};
use tianlu_engine::frame::{Instant, LonLat};

use crate::error::{Fault, ReadError};

/// The way from the root of a document to a value: `requests[3].origin.lon`.
#[derive(Clone, Copy)]
pub(crate) enum Path<'a> {
    /// The document itself.
    Root,
    /// A member of an object.
    Member(&'a Path<'a>, &'a str),
    /// An element of a list.
    Element(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(Self::Root, name) => write!(f, "{name}"),
            Self::Member(parent, name) => write!(f, "{parent}.{name}"),
            Self::Element(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

impl Path<'_> {
    /// The same path with its indices left out, so that a remark is made once and not for every element.
    fn kind(&self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Member(Self::Root, name) => (*name).to_owned(),
            Self::Member(parent, name) => format!("{}.{name}", parent.kind()),
            Self::Element(parent, _) => format!("{}[]", parent.kind()),
        }
    }
}

/// What is wrong in a file so far.
pub(crate) struct Faults {
    file: String,
    faults: Vec<Fault>,
    more: usize,
    about: Option<(&'static str, usize, Option<String>)>,
    unknown: BTreeSet<String>,
}

impl Faults {
    /// No fault yet, in the file of this name.
    pub(crate) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), faults: Vec::new(), more: 0, about: None, unknown: BTreeSet::new() }
    }

    /// What comes next concerns the element of this index: a `request`, a `feature`.
    pub(crate) fn about(&mut self, place: &'static str, index: usize, identifier: Option<String>) {
        self.about = Some((place, index, identifier));
    }

    /// What comes next concerns the document as a whole.
    pub(crate) fn about_all(&mut self) {
        self.about = None;
    }

    /// One more fault.
    pub(crate) fn add(&mut self, at: &Path<'_>, found: impl Into<String>, expected: impl Into<String>) {
        if self.faults.len() == ReadError::MOST {
            self.more += 1;
            return;
        }
        let (place, index, identifier) = match &self.about {
            Some((place, index, identifier)) => (*place, Some(*index), identifier.clone()),
            None => ("feature", None, None),
        };
        let (field, found, expected) = (at.to_string(), found.into(), expected.into());
        self.faults.push(Fault { index, place, identifier, field, found, expected });
    }

    /// The members that nothing knows, each kind once, in alphabetical order: `requests[].altitude`.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = &str> {
        self.unknown.iter().map(String::as_str)
    }

    /// The value, if nothing is wrong.
    pub(crate) fn done<T>(self, value: Option<T>) -> Result<T, ReadError> {
        match value {
            Some(value) if self.faults.is_empty() => Ok(value),
            _ if self.faults.is_empty() => Err(ReadError::whole(&self.file, "", "nothing usable", "a value")),
            _ => Err(ReadError { file: self.file, faults: self.faults, more: self.more }),
        }
    }
}

/// A span of numbers, with its unit for messages.
#[derive(Clone, Copy)]
pub(crate) struct Range {
    low: f64,
    low_is_out: bool,
    high: f64,
    unit: &'static str,
}

impl Range {
    /// Above 0, at most `high`.
    pub(crate) const fn positive(high: f64, unit: &'static str) -> Self {
        Self { low: 0.0, low_is_out: true, high, unit }
    }

    /// From `low` to `high`, both included.
    pub(crate) const fn closed(low: f64, high: f64, unit: &'static str) -> Self {
        Self { low, low_is_out: false, high, unit }
    }

    fn contains(&self, number: f64) -> bool {
        number <= self.high && if self.low_is_out { number > self.low } else { number >= self.low }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let above = if self.low_is_out { "above " } else { "" };
        write!(f, "a number {above}{} to {}", self.low, self.high)?;
        if self.unit.is_empty() { Ok(()) } else { write!(f, " {}", self.unit) }
    }
}

/// A number in its range.
pub(crate) fn number(value: &Value, at: &Path<'_>, range: Range, faults: &mut Faults) -> Option<f64> {
    let number = value.as_f64().filter(|number| range.contains(*number));
    if number.is_none() {
        faults.add(at, shorten(value), range.to_string());
    }
    number
}

/// A text that is not empty.
pub(crate) fn text<'v>(value: &'v Value, at: &Path<'_>, faults: &mut Faults) -> Option<&'v str> {
    let text = value.as_str().filter(|text| !text.is_empty());
    if text.is_none() {
        faults.add(at, shorten(value), "a text that is not empty");
    }
    text
}

/// A list.
pub(crate) fn list<'v>(value: &'v Value, at: &Path<'_>, faults: &mut Faults) -> Option<&'v [Value]> {
    if value.as_array().is_none() {
        faults.add(at, shorten(value), "a list");
    }
    value.as_array().map(Vec::as_slice)
}

/// A list of texts.
pub(crate) fn texts(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<Vec<String>> {
    let values = list(value, at, faults)?;
    let texts: Vec<_> = (values.iter().enumerate())
        .filter_map(|(index, value)| text(value, &Path::Element(at, index), faults).map(str::to_owned))
        .collect();
    (texts.len() == values.len()).then_some(texts)
}

/// One of a few words.
pub(crate) fn word<T>(
    value: &Value,
    at: &Path<'_>,
    parse: impl Fn(&str) -> Option<T>,
    words: impl IntoIterator<Item = &'static str>,
    faults: &mut Faults,
) -> Option<T> {
    let parsed = value.as_str().and_then(parse);
    if parsed.is_none() {
        let words: Vec<_> = words.into_iter().collect();
        faults.add(at, shorten(value), format!("one of {}", words.join(", ")));
    }
    parsed
}

/// Which whole millisecond stands for an instant between two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// The one before.
    Down,
    /// The one after.
    Up,
}

/// An instant as in RFC 3339. A leap second `23:59:60` counts as the second before it.
pub(crate) fn instant(
    value: &Value,
    at: &Path<'_>,
    rounding: Rounding,
    faults: &mut Faults,
) -> Option<Instant> {
    let parsed = value.as_str().and_then(|text| parse_instant(text, rounding));
    if parsed.is_none() {
        faults.add(at, shorten(value), "an RFC 3339 time such as 2026-11-23T01:00:00Z");
    }
    parsed
}

fn parse_instant(text: &str, rounding: Rounding) -> Option<Instant> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() >= 20
        && "dddd-dd-ddTdd:dd:dd".bytes().zip(bytes).all(|(shape, byte)| match shape {
            b'd' => byte.is_ascii_digit(),
            b'T' => matches!(byte, b'T' | b't' | b' '),
            _ => shape == *byte,
        });
    if !shaped {
        return None;
    }
    let nanoseconds = text.parse::<Timestamp>().ok()?.as_nanosecond();
    let millis = match rounding {
        Rounding::Down => nanoseconds.div_euclid(1_000_000),
        Rounding::Up => -(-nanoseconds).div_euclid(1_000_000),
    };
    i64::try_from(millis).ok().map(Instant::from_millis)
}

/// A place: an object with `lon` and `lat` in degrees.
pub(crate) fn place(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<LonLat> {
    let mut fields = Fields::of(value, at, faults)?;
    let (lon, lat) = (fields.number("lon", LON), fields.number("lat", LAT));
    fields.end(&[]);
    LonLat::new(lon?, lat?).ok()
}

pub(crate) const LON: Range = Range::closed(-180.0, 180.0, "degrees");
pub(crate) const LAT: Range = Range::closed(-90.0, 90.0, "degrees");

/// The members of an object.
pub(crate) struct Fields<'a, 'v> {
    map: &'v Map<String, Value>,
    at: &'a Path<'a>,
    faults: &'a mut Faults,
    known: Vec<&'static str>,
}

impl<'a, 'v> Fields<'a, 'v> {
    /// The members of a value, which must be an object.
    pub(crate) fn of(value: &'v Value, at: &'a Path<'a>, faults: &'a mut Faults) -> Option<Self> {
        match value {
            Value::Object(map) => Some(Self { map, at, faults, known: Vec::new() }),
            _ => {
                faults.add(at, shorten(value), "an object");
                None
            }
        }
    }

    /// Reads a member that must be there.
    pub(crate) fn need<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&'v Value, &Path<'_>, &mut Faults) -> Option<T>,
    ) -> Option<T> {
        self.known.push(name);
        let at = Path::Member(self.at, name);
        match self.map.get(name) {
            Some(value) => read(value, &at, self.faults),
            None => {
                self.faults.add(&at, "nothing", "this member");
                None
            }
        }
    }

    /// Reads a member that may be absent or null, and is `absent` then.
    pub(crate) fn may<T>(
        &mut self,
        name: &'static str,
        absent: T,
        read: impl FnOnce(&'v Value, &Path<'_>, &mut Faults) -> Option<T>,
    ) -> Option<T> {
        self.known.push(name);
        match self.map.get(name) {
            None | Some(Value::Null) => Some(absent),
            Some(value) => read(value, &Path::Member(self.at, name), self.faults),
        }
    }

    /// A number that must be there.
    pub(crate) fn number(&mut self, name: &'static str, range: Range) -> Option<f64> {
        self.need(name, |value, at, faults| number(value, at, range, faults))
    }

    /// A text that must be there.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<&'v str> {
        self.need(name, text)
    }

    /// Remembers the members that were not read and are not among `passed` either.
    pub(crate) fn end(self, passed: &[&str]) {
        for name in self.map.keys() {
            if !self.known.contains(&name.as_str()) && !passed.contains(&name.as_str()) {
                self.faults.unknown.insert(Path::Member(self.at, name).kind());
            }
        }
    }
}

/// A value as a message quotes it.
pub(crate) fn shorten(value: &Value) -> String {
    const MOST: usize = 60;
    let text = match value {
        Value::Array(list) => return format!("a list of {}", list.len()),
        Value::Object(map) => return format!("an object of {} members", map.len()),
        scalar => scalar.to_string(),
    };
    if text.chars().count() <= MOST {
        return text;
    }
    let mut short: String = text.chars().take(MOST).collect();
    short.push('…');
    short
}

/// The JSON of a file: UTF-8, with or without a byte order mark.
pub(crate) fn parse_json(file: &str, bytes: &[u8]) -> Result<Value, ReadError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| {
        let found =
            if bytes.trim_ascii().is_empty() { "an empty file".to_owned() } else { error.to_string() };
        ReadError::whole(file, "", found, "JSON")
    })
}
