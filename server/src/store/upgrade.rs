//! From the schema of an earlier version of the program to this one's, step by step.

use super::StoreError;
use super::content::Content;

/// The version of what the entries of a store look like. It rises with each step in `STEPS`.
pub const SCHEMA: u32 = 1 + STEPS.len() as u32;

/// The first step leads from schema 1 to 2, and so on. None is ever taken out.
const STEPS: &[Step] = &[];

/// One step: changes entries from one schema to the next, or says which of them it does not understand.
pub(super) type Step = fn(&mut Content) -> Result<(), String>;

/// The steps that a program knows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chain(&'static [Step]);

impl Chain {
    /// The steps of this program.
    pub(super) const HERE: Self = Self(STEPS);

    #[cfg(test)]
    pub(super) const fn of(steps: &'static [Step]) -> Self {
        Self(steps)
    }

    /// The schema that it leads to.
    pub(super) fn schema(self) -> u32 {
        1 + u32::try_from(self.0.len()).unwrap_or(u32::MAX - 1)
    }

    /// Brings entries of schema `from` to [`Chain::schema`]. Entries change only in what is handed out.
    ///
    /// # Errors
    /// [`StoreError::Newer`] if `from` is above what the chain leads to; [`StoreError::Damaged`] if a step refuses.
    pub(super) fn run(self, from: u32, content: &mut Content) -> Result<(), StoreError> {
        self.accepts(from)?;
        let done = usize::try_from(from - 1).unwrap_or(usize::MAX);
        for (step, number) in self.0.iter().zip(1_u32..).skip(done) {
            step(content).map_err(|why| {
                StoreError::Damaged(format!(
                    "the upgrade from schema {number} to {} failed: {why}",
                    number + 1
                ))
            })?;
        }
        Ok(())
    }

    /// Can entries of this schema be brought up to date?
    pub(super) fn accepts(self, from: u32) -> Result<(), StoreError> {
        match from {
            0 => Err(StoreError::Damaged("found schema version 0, expected 1 or above".to_owned())),
            found if found > self.schema() => Err(StoreError::Newer { found, known: self.schema() }),
            _ => Ok(()),
        }
    }
}
