//! `POST`, `PUT` and `DELETE` of zones: all or nothing, one at a time.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tianlu_airspace_data::airspace::{AirspaceFile, ReadOptions, read_airspace};
use tianlu_engine::airspace::Zone;

use super::kept_layer::with_layer_of;
use super::{PATH, if_match};
use crate::http::body;
use crate::http::caller::Caller;
use crate::http::fates::told;
use crate::http::features::{geojson, with_revision};
use crate::http::problem::{Code, Problem};
use crate::http::query;
use crate::http::schema;
use crate::http::state::App;
use crate::service::ZonesChanged;

/// Add zones
///
/// One ED-318 feature or a whole collection; ED-269, OpenAir and plain GeoJSON are told apart by content. All or
/// nothing: a file with a zone that cannot be understood, or whose identifier exists already, changes nothing.
#[utoipa::path(
    post, path = "/collections/zones/items", tag = "zones",
    request_body(content(
        (schema::Feature = "application/geo+json"), (schema::FeatureCollection = "application/json"),
        (String = "text/plain"), (String = "application/octet-stream")
    ), description = "At most 20 MiB"),
    responses(
        (status = 201, body = schema::Created, headers(
            ("location" = String, description = "The zone, if it is one"),
            ("airspace-revision" = u64, description = "Rises with each change of the airspace"))),
        (status = 400, body = schema::Problem, content_type = "application/problem+json"),
        (status = 409, body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, body = schema::Problem, content_type = "application/problem+json"),
        (status = 415, body = schema::Problem, content_type = "application/problem+json"),
        (status = 422, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn post_zones(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    request: Request,
) -> Result<Response, Problem> {
    query::none(request.uri())?;
    let bytes = body::AIRSPACE.read(request, app.limits.body).await?;
    let file = app.workers.run(move || read(&bytes)).await??;
    let warnings: Vec<String> = file.warnings.iter().map(ToString::to_string).collect();
    let ZonesChanged { revision, items, affected } = app.service.add_zones(who.clone(), file.zones).await?;
    let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    let body = json!({
        "created": ids, "warnings": warnings, "revision": revision, "affected": told(&affected, &who),
    });
    let mut response = (StatusCode::CREATED, Json(body)).into_response();
    if let [id] = ids[..] {
        let location = format!("{PATH}/{}", query::percent_encoded(id));
        if let Ok(location) = HeaderValue::from_str(&location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
    }
    Ok(with_revision(response, revision))
}

/// Replace a zone
///
/// An ED-318 feature whose geometry has no `layer` keeps that of the zone, and a point its radius: QGIS can hold neither.
#[utoipa::path(
    put, path = "/collections/zones/items/{id}", tag = "zones",
    params(
        ("id" = String, Path, description = "The zone's id"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the zone must still have"),
    ),
    request_body(content = schema::Feature, content_type = "application/geo+json",
        description = "One zone whose identifier is the id"),
    responses(
        (status = 200, body = schema::Feature, content_type = "application/geo+json",
            headers(("etag" = String, description = "For If-Match"))),
        (status = 404, body = schema::Problem, content_type = "application/problem+json"),
        (status = 412, body = schema::Problem, content_type = "application/problem+json"),
        (status = 422, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn put_zone(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    query::none(request.uri())?;
    let headers = request.headers().clone();
    let bytes = body::AIRSPACE.read(request, app.limits.body).await?;
    let before = app.service.state().sky.find(&id).map(|(_, _, item)| Arc::clone(item));
    let work = move || {
        let kept = before.and_then(|item| with_layer_of(&item.text, &bytes));
        only_zone(read(kept.as_deref().unwrap_or(&bytes))?)
    };
    let zone = app.workers.run(work).await??;
    let done = app.service.replace_zone(who, id, zone, if_match(headers)).await?;
    let ZonesChanged { revision, items, .. } = done;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(item) = items.first() {
        response = geojson(item.text.clone());
        if let Ok(etag) = HeaderValue::from_str(&item.etag) {
            response.headers_mut().insert(header::ETAG, etag);
        }
    }
    Ok(with_revision(response, revision))
}

/// Remove a zone
#[utoipa::path(
    delete, path = "/collections/zones/items/{id}", tag = "zones",
    params(
        ("id" = String, Path, description = "The zone's id"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the zone must still have"),
    ),
    responses(
        (status = 204, description = "Removed"),
        (status = 404, body = schema::Problem, content_type = "application/problem+json"),
        (status = 412, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn delete_zone(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    query::none(&uri)?;
    let revision = app.service.remove_zone(who, id, if_match(headers)).await?.revision;
    Ok(with_revision(StatusCode::NO_CONTENT.into_response(), revision))
}

fn read(bytes: &[u8]) -> Result<AirspaceFile, Problem> {
    // Cut-off JSON and JSON that is no airspace are different faults.
    let looks_like_json = bytes.iter().find(|byte| !b"\xEF\xBB\xBF \t\r\n".contains(byte));
    if looks_like_json.is_none_or(|first| b"{[".contains(first)) {
        body::json_of(bytes)?;
    }
    read_airspace("body", bytes, &ReadOptions::default())
        .map_err(|error| Problem::of_read_error(Code::InvalidAirspace, &error))
}

fn only_zone(file: AirspaceFile) -> Result<Zone, Problem> {
    let count = file.zones.len();
    match <[Zone; 1]>::try_from(file.zones) {
        Ok([zone]) => Ok(zone),
        Err(_) => {
            Err(Problem::new(Code::InvalidAirspace, format!("the body: found {count} zones, expected one")))
        }
    }
}
