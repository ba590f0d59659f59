//! `OPTIONS`: which methods an address takes. QGIS asks before it offers to edit.

use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Answers from what the router says that the address takes.
pub(super) async fn answer(request: Request, next: Next) -> Response {
    let asks = request.method() == Method::OPTIONS;
    let response = next.run(request).await;
    if !asks || response.status() != StatusCode::METHOD_NOT_ALLOWED {
        return response;
    }
    let allow =
        response.headers().get(header::ALLOW).and_then(|allow| allow.to_str().ok()).unwrap_or_default();
    let allow = format!("{allow}{}OPTIONS", if allow.is_empty() { "" } else { "," });
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Ok(allow) = HeaderValue::from_str(&allow) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}
