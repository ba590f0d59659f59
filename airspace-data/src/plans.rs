//! Plan files: outcomes as JSON, out and in.

use tianlu_engine::flight::Outcome;

use crate::error::ReadError;

/// One outcome as the JSON of a plan file (also the HTTP API's answer).
pub fn outcome_to_json(_outcome: &Outcome) -> serde_json::Value {
    todo!()
}

/// A plan file: the scenario's name and its outcomes, in their order.
pub fn write_plans(_scenario: &str, _outcomes: &[Outcome], _notes: &[String]) -> String {
    todo!()
}

/// Reads a plan file: the scenario's name and its outcomes.
///
/// # Errors
/// [`ReadError`] with every field that is missing or wrong.
pub fn read_plans(_name: &str, _bytes: &[u8]) -> Result<(String, Vec<Outcome>), ReadError> {
    todo!()
}
