//! `OPTIONS`: which methods an address takes. QGIS asks before it offers to edit.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::OpenApi;

const PREFLIGHT: HeaderName = HeaderName::from_static("access-control-request-method");

/// The `Allow` of each path, as the API's document has it.
pub(super) type Allowed = Arc<HashMap<String, HeaderValue>>;

pub(super) fn allowed(document: &OpenApi) -> Allowed {
    let allow = |item: &utoipa::openapi::PathItem| {
        let methods = [
            ("GET, HEAD", item.get.is_some()),
            ("POST", item.post.is_some()),
            ("PUT", item.put.is_some()),
            ("PATCH", item.patch.is_some()),
            ("DELETE", item.delete.is_some()),
            ("OPTIONS", true),
        ];
        let taken: Vec<&str> = methods.iter().filter(|(_, taken)| *taken).map(|(name, _)| *name).collect();
        HeaderValue::from_str(&taken.join(", ")).ok()
    };
    let paths = document.paths.paths.iter();
    Arc::new(paths.filter_map(|(path, item)| Some((path.clone(), allow(item)?))).collect())
}

/// Answers, but for browsers that ask whether a page may call: that is another question.
pub(super) async fn answer(State(allowed): State<Allowed>, request: Request, next: Next) -> Response {
    if request.method() != Method::OPTIONS || request.headers().contains_key(PREFLIGHT) {
        return next.run(request).await;
    }
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    match path.and_then(|path| allowed.get(path)) {
        Some(allow) => (StatusCode::NO_CONTENT, [(header::ALLOW, allow.clone())]).into_response(),
        None => next.run(request).await,
    }
}
