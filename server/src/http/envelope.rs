//! What every answer has: a request id, safe headers, a log line, and problem+json if it is an error.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use super::problem::Problem;
use crate::metrics;

/// The request id, in and out.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Everything from the server itself, nothing from elsewhere.
const CSP: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// The API browser styles inline and has its icons in data URLs.
const CSP_OF_DOCS: &str =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

pub(super) async fn wrap(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(&request);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    // Paths as they came would be without number.
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "other".to_owned(), |route| route.as_str().to_owned());
    // All that is logged on the way carries the id, and who calls once that is known.
    let span = tracing::info_span!("call", id, subject = tracing::field::Empty);
    let response = as_problem(next.run(request).instrument(span.clone()).await, &id);
    let response = with_headers(response, &id, &path);
    let (status, took) = (response.status().as_u16(), started.elapsed());
    metrics::answered(known(&method), route, status, took);
    let ms = took.as_secs_f64() * 1000.0;
    span.in_scope(|| tracing::info!(%method, path, status, ms = format_args!("{ms:.2}"), "answered"));
    response
}

/// Methods out of a closed list: a caller may invent others.
fn known(method: &Method) -> &'static str {
    let all = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    all.into_iter().find(|known| method == known).unwrap_or("other")
}

/// The caller's id if it is short and plain, else a new one.
fn request_id(request: &Request) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let plain = |id: &&str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
    };
    given.filter(plain).map_or_else(new_id, str::to_owned)
}

/// Unique within the process by a count, between processes by the time of the first call.
pub(super) fn new_id() -> String {
    static STARTED: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as u64);
    format!("{:x}-{:x}", STARTED.get_or_init(now), COUNT.fetch_add(1, Ordering::Relaxed))
}

fn as_problem(mut response: Response, id: &str) -> Response {
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if status.is_client_error() || status.is_server_error() => Problem::of_status(status, ""),
        None => return response,
    };
    let mut rendered = problem.render(id);
    // Allow, of a 405.
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            rendered.headers_mut().insert(name, value.clone());
        }
    }
    rendered
}

fn with_headers(mut response: Response, id: &str, path: &str) -> Response {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
    let csp = if path.starts_with("/docs") { CSP_OF_DOCS } else { CSP };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(csp));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
