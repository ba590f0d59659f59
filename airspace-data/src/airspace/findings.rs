//! What is found wrong while reading one feature, and where; the whole file's list of it.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::error::{Fault, ReadError, Warning};

/// A path in a feature, such as `geometry.coordinates[0][3]`: a chain on the stack, spelled only when needed.
#[derive(Clone, Copy)]
pub(crate) enum At<'a> {
    /// The feature itself.
    Top,
    /// A member of an object.
    Member(&'a At<'a>, &'a str),
    /// An item of a list.
    Item(&'a At<'a>, usize),
}

impl At<'_> {
    pub(crate) const fn member<'b>(&'b self, name: &'b str) -> At<'b> {
        At::Member(self, name)
    }

    pub(crate) const fn item(&self, index: usize) -> At<'_> {
        At::Item(self, index)
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Top => Ok(()),
            Self::Member(Self::Top, name) => write!(f, "{name}"),
            Self::Member(parent, name) => write!(f, "{parent}.{name}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// What was found in one feature.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) index: Option<usize>,
    pub(crate) identifier: Option<String>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<Warning>,
    /// Members that no standard knows; the file sums them up.
    passed_over: Vec<String>,
}

impl Findings {
    pub(crate) fn of_feature(index: usize) -> Self {
        Self { index: Some(index), ..Self::default() }
    }

    pub(crate) fn fault(&mut self, at: &At, found: impl Into<String>, expected: impl Into<String>) {
        self.faults.push(Fault {
            index: self.index,
            place: "feature",
            identifier: self.identifier.clone(),
            field: at.to_string(),
            found: found.into(),
            expected: expected.into(),
        });
    }

    pub(crate) fn warn(&mut self, text: impl Into<String>) {
        self.warnings.push(Warning {
            index: self.index,
            place: "feature",
            identifier: self.identifier.clone(),
            text: text.into(),
        });
    }

    pub(crate) fn pass_over(&mut self, at: &At) {
        self.passed_over.push(at.to_string());
    }
}

/// What was found in a whole file.
#[derive(Debug)]
pub(crate) struct Log {
    file: String,
    faults: Vec<Fault>,
    more: usize,
    pub(crate) warnings: Vec<Warning>,
    passed_over: BTreeMap<String, (usize, usize)>,
}

impl Log {
    pub(crate) fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            faults: Vec::new(),
            more: 0,
            warnings: Vec::new(),
            passed_over: BTreeMap::new(),
        }
    }

    /// Takes over what was found in a feature.
    pub(crate) fn take(&mut self, findings: Findings) {
        for fault in findings.faults {
            if self.faults.len() < ReadError::MOST {
                self.faults.push(fault);
            } else {
                self.more += 1;
            }
        }
        self.warnings.extend(findings.warnings);
        for path in findings.passed_over {
            let seen = self.passed_over.entry(path).or_insert((findings.index.unwrap_or(0), 0));
            seen.1 += 1;
        }
    }

    /// The warnings, if there was no fault.
    pub(crate) fn close(mut self) -> Result<Vec<Warning>, ReadError> {
        if !self.faults.is_empty() {
            return Err(ReadError { file: self.file, faults: self.faults, more: self.more });
        }
        for (path, (index, count)) in self.passed_over {
            let others = if count > 1 { format!(" (and in {} more)", count - 1) } else { String::new() };
            self.warnings.push(Warning {
                index: Some(index),
                place: "feature",
                identifier: None,
                text: format!("`{path}` is not known here: passed over{others}"),
            });
        }
        Ok(self.warnings)
    }
}

/// A JSON value in few words.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) if items.is_empty() => "an empty list".to_owned(),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// A text in quotes, cut after 40 characters.
pub(crate) fn quoted(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() <= MOST {
        format!("{text:?}")
    } else {
        format!("{:?}...", text.chars().take(MOST).collect::<String>())
    }
}
