//! Errors and warnings for people: which file, which feature, which field, what was found, what was expected.

use std::fmt;

/// One thing that is wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Index of the feature (or request, or line of a text format, as `place` says), if it concerns one.
    pub index: Option<usize>,
    /// What the index counts: `feature`, `request`, `line`.
    pub place: &'static str,
    /// The feature's identifier, if it could be read.
    pub identifier: Option<String>,
    /// The field, as a path in the file: `properties.limitedApplicability[0].startDateTime`.
    pub field: String,
    /// What was found there, shortened.
    pub found: String,
    /// What was expected.
    pub expected: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(index) = self.index {
            write!(f, "{} {index}", self.place)?;
            if let Some(identifier) = &self.identifier {
                write!(f, " ({identifier})")?;
            }
            write!(f, ": ")?;
        }
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        write!(f, "found {}, expected {}", self.found, self.expected)
    }
}

/// A file that was refused, with everything that is wrong in it (at most [`ReadError::MOST`] faults are kept).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// The file's name.
    pub file: String,
    /// What is wrong; never empty.
    pub faults: Vec<Fault>,
    /// How many faults were found beyond those kept.
    pub more: usize,
}

impl ReadError {
    /// How many faults are kept.
    pub const MOST: usize = 20;

    /// An error of one fault that concerns the file as a whole.
    pub fn whole(file: &str, field: &str, found: impl Into<String>, expected: impl Into<String>) -> Self {
        let fault = Fault {
            index: None,
            place: "feature",
            identifier: None,
            field: field.to_owned(),
            found: found.into(),
            expected: expected.into(),
        };
        Self { file: file.to_owned(), faults: vec![fault], more: 0 }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, fault) in self.faults.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            write!(f, "{}: {fault}", self.file)?;
        }
        if self.more > 0 {
            write!(f, "\n{}: and {} more", self.file, self.more)?;
        }
        Ok(())
    }
}

impl std::error::Error for ReadError {}

/// Something that was mended or passed over while reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Index of the feature, request or line.
    pub index: Option<usize>,
    /// What the index counts: `feature`, `request`, `line`.
    pub place: &'static str,
    /// The feature's identifier, if it could be read.
    pub identifier: Option<String>,
    /// What was done, in words.
    pub text: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(index) = self.index {
            write!(f, "{} {index}", self.place)?;
            if let Some(identifier) = &self.identifier {
                write!(f, " ({identifier})")?;
            }
            write!(f, ": ")?;
        }
        write!(f, "{}", self.text)
    }
}
