//! GeoJSON feature collections with OGC links, counts and ETags.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::address::base;
use super::query::ItemsQuery;
use super::zones::names_tag;
use crate::service::{ZoneItem, fnv1a_128};

pub(super) const GEOJSON: &str = "application/geo+json";
/// The revision of the airspace that an answer stands on.
pub(super) const REVISION: HeaderName = HeaderName::from_static("airspace-revision");

/// A feature of a page.
pub(super) trait Item {
    /// It is another if the text is.
    fn tag(&self) -> Cow<'_, str>;
    /// The feature's JSON.
    fn text(&self) -> Cow<'_, str>;
}

impl Item for &ZoneItem {
    fn tag(&self) -> Cow<'_, str> {
        self.etag.as_str().into()
    }

    fn text(&self) -> Cow<'_, str> {
        self.text.as_str().into()
    }
}

/// A page of the features that match; 304 if the caller has it already.
pub(super) fn page(path: &str, query: &ItemsQuery, headers: &HeaderMap, matched: &[impl Item]) -> Response {
    let end = query.offset.saturating_add(query.limit).min(matched.len());
    let shown = matched.get(query.offset..end).unwrap_or_default();
    let path = format!("{}{path}", base(headers));
    let link = |rel: &str, offset: usize| json!({"rel": rel, "type": GEOJSON, "href": format!("{path}?{}", query.at_offset(offset))});
    let mut links = vec![link("self", query.offset)];
    if query.offset.saturating_add(query.limit) < matched.len() {
        links.push(link("next", query.offset + query.limit));
    }
    if query.offset > 0 {
        links.push(link("prev", query.offset.saturating_sub(query.limit)));
    }
    links.push(
        json!({"rel": "collection", "type": "application/json", "href": path.trim_end_matches("/items")}),
    );
    let links = Value::Array(links);

    // Weak: the time stamp is another each time.
    let mut content = format!("{links}\n{}", matched.len());
    shown.iter().for_each(|item| {
        content.push('\n');
        content += &item.tag();
    });
    let etag = format!("W/\"{:032x}\"", fnv1a_128(content.as_bytes()));
    tagged(headers, &etag, || {
        let texts: Vec<_> = shown.iter().map(Item::text).collect();
        // The features are text already: put together, not parsed again.
        format!(
            "{{\"type\":\"FeatureCollection\",\"numberMatched\":{},\"numberReturned\":{},\"timeStamp\":\"{:.3}\",\"links\":{links},\"features\":[{}]}}",
            matched.len(),
            shown.len(),
            jiff::Timestamp::now(),
            texts.join(",")
        )
    })
}

/// GeoJSON with its ETag; 304 if the caller has it already.
pub(super) fn tagged(headers: &HeaderMap, etag: &str, body: impl FnOnce() -> String) -> Response {
    let mut response = match names_tag(headers, header::IF_NONE_MATCH, etag) {
        Some(true) => StatusCode::NOT_MODIFIED.into_response(),
        _ => geojson(body()),
    };
    if let Ok(etag) = HeaderValue::from_str(etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    // Another caller may see something else.
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Authorization"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
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
