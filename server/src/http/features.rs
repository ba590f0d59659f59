//! GeoJSON feature collections with OGC links and counts.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::query::ItemsQuery;

pub(super) const GEOJSON: &str = "application/geo+json";
/// The revision of the airspace that an answer stands on.
pub(super) const REVISION: HeaderName = HeaderName::from_static("airspace-revision");

/// A page of features, of which `matched` match in all.
pub(super) fn page(path: &str, query: &ItemsQuery, matched: &[&str]) -> Response {
    let shown: Vec<&str> = matched.iter().skip(query.offset).take(query.limit).copied().collect();
    let link = |rel: &str, offset: usize| json!({"rel": rel, "type": GEOJSON, "href": format!("{path}?{}", query.at_offset(offset))});
    let mut links = vec![link("self", query.offset)];
    if query.offset.saturating_add(query.limit) < matched.len() {
        links.push(link("next", query.offset + query.limit));
    }
    if query.offset > 0 {
        links.push(link("prev", query.offset.saturating_sub(query.limit)));
    }
    // The features are text already: put together, not parsed again.
    let body = format!(
        "{{\"type\":\"FeatureCollection\",\"numberMatched\":{},\"numberReturned\":{},\"timeStamp\":\"{:.3}\",\"links\":{},\"features\":[{}]}}",
        matched.len(),
        shown.len(),
        jiff::Timestamp::now(),
        Value::Array(links),
        shown.join(",")
    );
    geojson(body)
}

/// A GeoJSON answer.
pub(super) fn geojson(body: String) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(GEOJSON));
    (headers, body).into_response()
}

/// The answer with the revision of the airspace.
pub(super) fn with_revision(mut response: Response, revision: u64) -> Response {
    response.headers_mut().insert(REVISION, revision.into());
    response
}
