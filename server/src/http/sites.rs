//! The collection of sites: take-off and landing places.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde_json::{Value, json};
use tianlu_airspace_data::bundled::Site;

use super::features::{Item, page, tagged};
use super::problem::{Code, Problem};
use super::query::{self, ItemsQuery};
use super::schema;
use super::state::App;
use crate::service::fnv1a_128;

const PATH: &str = "/collections/sites/items";

/// The take-off and landing places as points
#[utoipa::path(
    get, path = "/collections/sites/items", tag = "sites",
    params(
        ("bbox" = Option<String>, Query, description = "west,south,east,north in degrees"),
        ("datetime" = Option<String>, Query, description = "Sites are there at all times: selects nothing"),
        ("limit" = Option<u32>, Query, description = "Features on a page, 1 to 10000; 1000 if absent"),
        ("offset" = Option<u32>, Query, description = "Features to skip"),
        ("f" = Option<String>, Query, description = "json"),
        ("If-None-Match" = Option<String>, Header, description = "An ETag; 304 if the page still has it"),
    ),
    responses(
        (status = 200, body = schema::FeatureCollection, content_type = "application/geo+json",
            headers(("etag" = String, description = "For If-None-Match"))),
        (status = 304, description = "The page has not changed"),
        (status = 400, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_sites(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let query = ItemsQuery::of(&uri)?;
    let wanted = |site: &&Site| query.bbox.is_none_or(|bbox| bbox.contains(site.place));
    let matched: Vec<Served> =
        app.sites.iter().filter(wanted).map(|site| Served(feature(site).to_string())).collect();
    Ok(page(PATH, &query, &headers, &matched))
}

/// One take-off and landing place
#[utoipa::path(
    get, path = "/collections/sites/items/{id}", tag = "sites",
    params(
        ("id" = String, Path, description = "The site's id"),
        ("If-None-Match" = Option<String>, Header, description = "An ETag; 304 if the site still has it"),
    ),
    responses(
        (status = 200, body = schema::Feature, content_type = "application/geo+json",
            headers(("etag" = String, description = "For If-None-Match"))),
        (status = 304, description = "The site has not changed"),
        (status = 404, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_site(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    query::none(&uri)?;
    let site = app.sites.iter().find(|site| site.id == id);
    let site = site.ok_or_else(|| Problem::new(Code::NotFound, format!("no site has the id {id:?}")))?;
    let text = feature(site).to_string();
    let etag = format!("\"{:032x}\"", fnv1a_128(text.as_bytes()));
    Ok(tagged(&headers, &etag, || text))
}

/// A site's feature as text.
struct Served(String);

impl Item for Served {
    fn tag(&self) -> Cow<'_, str> {
        self.text()
    }

    fn text(&self) -> Cow<'_, str> {
        self.0.as_str().into()
    }
}

fn feature(site: &Site) -> Value {
    json!({
        "type": "Feature",
        "id": site.id,
        "geometry": {"type": "Point", "coordinates": [site.place.lon(), site.place.lat()]},
        "properties": {"name": site.name, "name_zh": site.name_zh, "kind": site.kind},
    })
}
