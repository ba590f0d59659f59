//! Errors as RFC 9457 problems.

mod code;
mod denied;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use tianlu_airspace_data::{Fault, ReadError};

pub use code::Code;

/// An error on its way out. [`super::envelope`] writes it, so that it carries the request id.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    code: Code,
    detail: String,
    members: Map<String, Value>,
    retry_after_s: Option<u32>,
}

impl Problem {
    pub(super) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), members: Map::new(), retry_after_s: None }
    }

    /// With one more member, as RFC 9457 allows.
    pub(super) fn with(mut self, member: &str, value: Value) -> Self {
        self.members.insert(member.to_owned(), value);
        self
    }

    pub(super) fn retry_after_s(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// A body that was read and found wrong.
    pub(super) fn of_read_error(code: Code, error: &ReadError) -> Self {
        let faults: Vec<Value> = error.faults.iter().map(fault_json).collect();
        Self::new(code, error.to_string())
            .with("errors", Value::Array(faults))
            .with("more_errors", error.more.into())
    }

    /// The problem of an error that some layer answered with a bare status.
    pub(super) fn of_status(status: StatusCode, detail: &str) -> Self {
        let code = Code::of_status(status);
        Self::new(code, if detail.is_empty() { code.title() } else { detail })
    }

    /// The answer, for a request with this id.
    pub(super) fn render(self, request_id: &str) -> Response {
        let status = self.code.status();
        let mut body = json!({
            "type": format!("urn:tianlu:problem:{}", self.code.as_str()),
            "title": self.code.title(),
            "status": status.as_u16(),
            "code": self.code.as_str(),
            "detail": self.detail,
            "request_id": request_id,
        });
        if let Some(object) = body.as_object_mut() {
            object.extend(self.members);
        }
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

fn fault_json(fault: &Fault) -> Value {
    json!({
        "place": fault.place,
        "index": fault.index,
        "identifier": fault.identifier,
        "field": fault.field,
        "found": fault.found,
        "expected": fault.expected,
    })
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
