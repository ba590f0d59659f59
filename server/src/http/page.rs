//! `GET /`: the page for a browser, the OGC landing page for a program; and the page's assets.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};

use super::collections::landing;
use super::problem::{Code, Problem};
use super::query;
use super::schema;
use super::state::App;

const PAGE: &str = include_str!("../web/index.html");

/// Everything that the page loads: name, media type, content.
const ASSETS: [(&str, &str, &str); 10] = [
    ("style.css", "text/css; charset=utf-8", include_str!("../web/style.css")),
    ("main.js", JS, include_str!("../web/main.js")),
    ("calls.js", JS, include_str!("../web/calls.js")),
    ("flights.js", JS, include_str!("../web/flights.js")),
    ("map.js", JS, include_str!("../web/map.js")),
    ("zones.js", JS, include_str!("../web/zones.js")),
    ("profile.js", JS, include_str!("../web/profile.js")),
    ("form.js", JS, include_str!("../web/form.js")),
    ("words.js", JS, include_str!("../web/words.js")),
    ("icon.svg", "image/svg+xml", include_str!("../web/icon.svg")),
];
const JS: &str = "text/javascript; charset=utf-8";

/// The page, or the OGC landing page
///
/// HTML if `Accept` names it (as browsers do) or `f=html`; else JSON.
#[utoipa::path(
    get, path = "/", tag = "about",
    params(("f" = Option<String>, Query, description = "json or html, whatever Accept says")),
    responses((status = 200, content(
        (schema::Landing = "application/json"), (String = "text/html")
    )))
)]
pub(super) async fn get_root(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    // `plan`, `lang` and `follow` are for the page's script.
    let pairs = query::pairs(&uri, &["f", "plan", "lang", "follow"])?;
    let html = match pairs.iter().find(|(name, _)| name == "f").map(|(_, value)| value.as_str()) {
        Some("html") => true,
        Some("json") => false,
        Some(other) => {
            return Err(Problem::new(Code::BadUrl, format!("f: found {other:?}, expected json or html")));
        }
        None => prefers_html(&headers),
    };
    let mut response = if html {
        typed("text/html; charset=utf-8", PAGE)
    } else {
        Json(landing(&app, &headers)).into_response()
    };
    response.headers_mut().insert(header::VARY, header::HeaderValue::from_static("Accept"));
    Ok(response)
}

pub(super) async fn get_asset(Path(name): Path<String>) -> Result<Response, Problem> {
    let asset = ASSETS.iter().find(|(known, ..)| *known == name);
    let (_, kind, text) =
        asset.ok_or_else(|| Problem::new(Code::NotFound, format!("the page has no asset {name:?}")))?;
    Ok(typed(kind, text))
}

fn typed(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text).into_response()
}

/// Is `text/html` named, and not after JSON in worth?
fn prefers_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let worth = |kind: &str| {
        accept.split(',').find_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(kind));
            let q = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            named.then_some(q)
        })
    };
    match (worth("text/html"), worth("application/json")) {
        (Some(html), Some(json)) => html > json,
        (html, _) => html.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn browsers_get_html_and_programs_json() {
        for (accept, html) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("application/json", false),
            ("*/*", false),
            ("", false),
            ("text/html;q=0.5, application/json", false),
            ("text/html, application/json;q=0.5", true),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(prefers_html(&headers), html, "{accept}");
        }
    }
}
