//! Examples for `/openapi.json`: bodies as they are sent and as the server answered them, its bundled airspace loaded.
//! Lists of more than six items have their middle left out.

use axum::http::Method;
use serde_json::{Map, Value};
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Content, RefOr};

/// `METHOD /path` to `request` and statuses, and those to bodies.
const EXAMPLES: &str = include_str!("examples.json");

/// The examples by call.
pub(super) fn read() -> Map<String, Value> {
    serde_json::from_str(EXAMPLES).unwrap_or_default()
}

/// Adds the examples of a call, where it has none of its own.
pub(super) fn add(operation: &mut Operation, method: &Method, path: &str, examples: &Map<String, Value>) {
    let Some(of_call) = examples.get(&format!("{method} {path}")) else { return };
    if let (Some(example), Some(RefOr::T(body))) = (of_call.get("request"), &mut operation.request_body) {
        illustrate(body.content.iter_mut(), example);
    }
    for (status, response) in &mut operation.responses.responses {
        if let (Some(example), RefOr::T(response)) = (of_call.get(status), response) {
            illustrate(response.content.iter_mut(), example);
        }
    }
}

/// The first JSON among the media types has it: others may be of another form.
fn illustrate<'c>(contents: impl Iterator<Item = (&'c String, &'c mut RefOr<Content>)>, example: &Value) {
    let json = contents.filter(|(kind, _)| kind.ends_with("json")).map(|(_, content)| content).next();
    if let Some(RefOr::T(content)) = json
        && content.example.is_none()
        && content.examples.is_empty()
    {
        content.example = Some(example.clone());
    }
}
