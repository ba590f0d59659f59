//! `GET` of zones.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use tianlu_engine::airspace::Zone;

use super::activity::is_active;
use super::{PATH, no_zone};
use crate::http::features::{page, tagged, with_revision};
use crate::http::problem::Problem;
use crate::http::query::{self, ItemsQuery};
use crate::http::schema;
use crate::http::state::App;
use crate::service::ZoneItem;

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
        ("If-None-Match" = Option<String>, Header, description = "An ETag; 304 if the page still has it"),
    ),
    responses(
        (status = 200, body = schema::FeatureCollection, content_type = "application/geo+json",
            headers(("airspace-revision" = u64, description = "Rises with each change of the airspace"),
                ("etag" = String, description = "For If-None-Match"))),
        (status = 304, description = "The page has not changed"),
        (status = 400, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn get_zones(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let query = ItemsQuery::of(&uri)?;
    let sky = Arc::clone(&app.service.state().sky);
    let ground_m = app.service.fixed.ground.range_m();
    let wanted = |zone: &Zone| {
        query.bbox.is_none_or(|bbox| zone.layers.iter().any(|layer| bbox.meets(layer, ground_m)))
            && query.datetime.is_none_or(|during| is_active(zone, during))
    };
    let matched: Vec<&ZoneItem> =
        sky.entries().filter(|(zone, _)| wanted(zone)).map(|(_, item)| &**item).collect();
    Ok(with_revision(page(PATH, &query, &headers, &matched), sky.airspace.revision()))
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
    let response = tagged(&headers, &item.etag, || item.text.clone());
    Ok(with_revision(response, sky.airspace.revision()))
}
