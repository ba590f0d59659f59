//! `GET` of zones.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tianlu_engine::airspace::Zone;

use super::activity::is_active;
use super::{PATH, names_tag, no_zone};
use crate::http::features::{geojson, page, with_revision};
use crate::http::problem::Problem;
use crate::http::query::{self, ItemsQuery};
use crate::http::schema;
use crate::http::state::App;

/// The zones as ED-318 features
///
/// Those that meet the box and are active at some time of the interval, in the order of the airspace.
#[utoipa::path(
    get, path = "/collections/zones/items", tag = "zones",
    params(
        ("bbox" = Option<String>, Query, description = "west,south,east,north in degrees; or with heights in metres \
            above sea level west,south,low,east,north,high. West may be east of east: across the antimeridian."),
        ("datetime" = Option<String>, Query, description = "An RFC 3339 time or an interval: \
            2026-11-23T01:00:00Z/2026-11-23T02:00:00Z, with .. for an open end"),
        ("limit" = Option<u32>, Query, description = "Features on a page, 1 to 10000 (more is read as 10000); 1000 if absent"),
        ("offset" = Option<u32>, Query, description = "Features to skip"),
        ("f" = Option<String>, Query, description = "json"),
    ),
    responses(
        (status = 200, body = schema::FeatureCollection, content_type = "application/geo+json",
            headers(("airspace-revision" = u64, description = "Rises with each change of the airspace"))),
        (status = 400, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn get_zones(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    let query = ItemsQuery::of(&uri)?;
    let sky = Arc::clone(&app.service.state().sky);
    let ground_m = app.service.fixed.ground.range_m();
    let wanted = |zone: &Zone| {
        query.bbox.is_none_or(|bbox| zone.layers.iter().any(|layer| bbox.meets(layer, ground_m)))
            && query.datetime.is_none_or(|during| is_active(zone, during))
    };
    let matched: Vec<&str> =
        sky.entries().filter(|(zone, _)| wanted(zone)).map(|(_, item)| item.text.as_str()).collect();
    Ok(with_revision(page(PATH, &query, &matched), sky.airspace.revision()))
}

/// One zone as an ED-318 feature
#[utoipa::path(
    get, path = "/collections/zones/items/{id}", tag = "zones",
    params(
        ("id" = String, Path, description = "The zone's id"),
        ("If-None-Match" = Option<String>, Header, description = "An ETag; 304 if the zone still has it"),
    ),
    responses(
        (status = 200, body = schema::Feature, content_type = "application/geo+json",
            headers(("etag" = String, description = "For If-Match"))),
        (status = 304, description = "The zone has not changed"),
        (status = 404, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn get_zone(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    query::none(&uri)?;
    let sky = Arc::clone(&app.service.state().sky);
    let (_, _, item) = sky.find(&id).ok_or_else(|| no_zone(&id))?;
    let mut response = match names_tag(&headers, header::IF_NONE_MATCH, &item.etag) {
        Some(true) => StatusCode::NOT_MODIFIED.into_response(),
        _ => geojson(item.text.clone()),
    };
    if let Ok(etag) = HeaderValue::from_str(&item.etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    Ok(with_revision(response, sky.airspace.revision()))
}
