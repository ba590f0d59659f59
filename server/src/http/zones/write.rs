//! `POST`, `PUT` and `DELETE` of zones: all or nothing, one at a time.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tianlu_airspace_data::airspace::{AirspaceFile, ReadOptions, read_airspace};
use tianlu_engine::airspace::Zone;

use super::{PATH, ZoneItem, check_if_match, no_zone};
use crate::http::body;
use crate::http::features::{geojson, with_revision};
use crate::http::problem::{Code, Problem};
use crate::http::query;
use crate::http::schema;
use crate::http::sky::{Change, Sky};
use crate::http::state::App;

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
    request: Request,
) -> Result<Response, Problem> {
    query::none(request.uri())?;
    let bytes = body::AIRSPACE.read(request, app.limits.body).await?;
    let worker = Arc::clone(&app);
    let (file, sky) = app
        .workers
        .run(move || {
            let file = read(&bytes)?;
            let sky = worker.change_sky(|sky| with_added(sky, &file.zones))?;
            Ok::<_, Problem>((file, sky))
        })
        .await??;

    let ids: Vec<&str> = file.zones.iter().map(|zone| zone.identifier.as_str()).collect();
    let warnings: Vec<String> = file.warnings.iter().map(ToString::to_string).collect();
    let revision = sky.airspace.revision();
    tracing::info!(zones = ids.len(), revision, "zones added");
    let mut response =
        (StatusCode::CREATED, Json(json!({"created": ids, "warnings": warnings, "revision": revision})))
            .into_response();
    if let [id] = ids[..] {
        let location = format!("{PATH}/{}", query::percent_encoded(id));
        if let Ok(location) = HeaderValue::from_str(&location) {
            response.headers_mut().insert(header::LOCATION, location);
        }
    }
    Ok(with_revision(response, revision))
}

/// Replace a zone
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
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    query::none(request.uri())?;
    let headers = request.headers().clone();
    let bytes = body::AIRSPACE.read(request, app.limits.body).await?;
    let worker = Arc::clone(&app);
    let replaced = move || {
        let zone = only_zone(read(&bytes)?)?;
        let mut item = None;
        let sky = worker.change_sky(|sky| {
            let (change, new) = with_replaced(sky, &id, zone, &headers)?;
            item = Some(new);
            Ok(change)
        })?;
        Ok::<_, Problem>((item, sky.airspace.revision()))
    };
    let (item, revision) = app.workers.run(replaced).await??;
    tracing::info!(revision, "zone replaced");
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(item) = item {
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
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let worker = Arc::clone(&app);
    let removed = move || worker.change_sky(|sky| without(sky, &id, &headers));
    let revision = app.workers.run(removed).await??.airspace.revision();
    tracing::info!(revision, "zone removed");
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

fn with_added(sky: &Sky, zones: &[Zone]) -> Result<Change, Problem> {
    let mut given = HashSet::new();
    let taken: Vec<&str> = zones
        .iter()
        .map(|zone| zone.identifier.as_str())
        .filter(|id| sky.find(id).is_some() || !given.insert(*id))
        .collect();
    if !taken.is_empty() {
        let some = taken.iter().take(20).copied().collect::<Vec<_>>().join(", ");
        let detail = format!("{} identifiers are taken or repeated: {some}", taken.len());
        return Err(Problem::new(Code::DuplicateZone, detail).with("zones", json!(taken)));
    }
    let entry = |zone: &Zone| (Arc::new(zone.clone()), ZoneItem::new(zone, zone.identifier.clone()));
    Ok(Change { removed: Vec::new(), added: zones.iter().map(entry).collect() })
}

/// The zone that takes the place of another comes to the end of the list.
fn with_replaced(
    sky: &Sky,
    id: &str,
    zone: Zone,
    headers: &HeaderMap,
) -> Result<(Change, Arc<ZoneItem>), Problem> {
    let (place, old, item) = sky.find(id).ok_or_else(|| no_zone(id))?;
    check_if_match(headers, &item.etag)?;
    let expected = &old.identifier;
    if zone.identifier != *expected {
        let detail = format!("properties.identifier: found {:?}, expected {expected:?}", zone.identifier);
        return Err(Problem::new(Code::InvalidAirspace, detail));
    }
    let item = ZoneItem::new(&zone, id.to_owned());
    Ok((Change { removed: vec![place], added: vec![(Arc::new(zone), Arc::clone(&item))] }, item))
}

fn without(sky: &Sky, id: &str, headers: &HeaderMap) -> Result<Change, Problem> {
    let (place, _, item) = sky.find(id).ok_or_else(|| no_zone(id))?;
    check_if_match(headers, &item.etag)?;
    Ok(Change { removed: vec![place], added: Vec::new() })
}
