//! Scenario files: a world and the requests to plan in it.

use std::collections::BTreeMap;
use std::path::Path;

use tianlu_engine::flight::Request;
use tianlu_engine::world::World;

use crate::airspace::ReadOptions;
use crate::error::{ReadError, Warning};

/// A scenario: a world and requests.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// Where its flights are planned.
    pub world: World,
    /// Its requests, in the order of the file.
    pub requests: Vec<Request>,
    /// What is known of outcomes: request to `PLANNED` or a reason code.
    pub expected: BTreeMap<String, String>,
    /// What was mended or passed over, each with the name of its file.
    pub warnings: Vec<(String, Warning)>,
}

/// Reads a scenario and every file that it names, relative to it.
///
/// # Errors
/// [`ReadError`] naming the file that is wrong.
pub fn read_scenario(_path: &Path, _options: &ReadOptions) -> Result<Scenario, ReadError> {
    todo!()
}

/// Reads one request as in a scenario file, from JSON (for the HTTP API). `name` is for messages alone.
///
/// # Errors
/// [`ReadError`] with every field that is missing or wrong.
pub fn read_request(_name: &str, _json: &serde_json::Value) -> Result<Request, ReadError> {
    todo!()
}
