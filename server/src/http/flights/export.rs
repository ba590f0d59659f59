//! `GET /flights/{id}/export`: a flight in the format of a map, a globe or an autopilot.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use tianlu_airspace_data::mission::{ExportFormat, write_export};

use crate::http::caller::Caller;
use crate::http::problem::{Code, Problem};
use crate::http::query;
use crate::http::schema;
use crate::http::state::App;

/// One flight in another format
///
/// `geojson`, `kml`, `czml` and `gpx` carry the times. `qgc` (QGroundControl .plan), `wpl` (QGC WPL 110) and `wpml` (DJI
/// KMZ) have none: speeds are set leg by leg, so that the aircraft keeps them as near as it can from its own take-off on.
/// Those of other operators are not found.
#[utoipa::path(
    get, path = "/flights/{id}/export", tag = "flights",
    params(
        ("id" = String, Path, description = "The request's id"),
        ("format" = String, Query, description = "`geojson`, `kml`, `czml`, `gpx`, `qgc`, `wpl` or `wpml`"),
    ),
    responses(
        (status = 200, description = "The file, with the name that it should have",
            headers(("content-disposition" = String), ("etag" = String)),
            content(
                (serde_json::Value = "application/geo+json"),
                (serde_json::Value = "application/json"),
                (String = "application/vnd.google-earth.kml+xml"),
                (String = "application/gpx+xml"),
                (String = "text/plain"),
                (Vec<u8> = "application/vnd.google-earth.kmz"),
            )),
        (status = 400, body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn get_export(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    let format = format_of(&uri)?;
    let state = app.service.state();
    let flight = state.flight(&id).filter(|flight| who.sees(flight));
    let flight =
        flight.ok_or_else(|| Problem::new(Code::NotFound, format!("no flight has the id {id:?}")))?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    let name = format!("attachment; filename=\"{}.{}\"", safe_name(&id), format.extension());
    for (header, value) in [(header::CONTENT_DISPOSITION, name), (header::ETAG, flight.etag())] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(header, value);
        }
    }
    Ok((headers, write_export(format, &flight.plan)).into_response())
}

fn format_of(uri: &Uri) -> Result<ExportFormat, Problem> {
    let expected = || {
        let words: Vec<_> = ExportFormat::ALL.iter().map(|format| format.as_str()).collect();
        format!("one of {}", words.join(", "))
    };
    let pairs = query::pairs(uri, &["format"])?;
    let Some((name, value)) = pairs.first() else {
        return Err(Problem::new(Code::BadUrl, format!("format: found nothing, expected {}", expected())));
    };
    ExportFormat::parse(value).ok_or_else(|| query::wrong(name, value, &expected()))
}

/// What every file system and every header takes: letters, digits, `-`, `_`; all else is `_`.
fn safe_name(id: &str) -> String {
    const MOST: usize = 64;
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let name: String = id.chars().take(MOST).map(plain).collect();
    if name.is_empty() { "flight".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_plain() {
        assert_eq!(safe_name("F0001"), "F0001");
        assert_eq!(safe_name("../e\"t\r\nc/药品 1"), "___e_t__c____1");
        assert_eq!((safe_name(""), safe_name(&"x".repeat(200)).len()), ("flight".to_owned(), 64));
    }
}
