//! What OGC API - Features asks of a server about itself: landing page, conformance, collections.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use serde_json::{Value, json};

use super::address::base;
use super::caller::Caller;
use super::extent::{activity, corners, extent};
use super::features::GEOJSON;
use super::flight_items;
use super::problem::{Code, Problem};
use super::query;
use super::schema;
use super::state::App;
use crate::service::{Principal, Scope};

const CONFORMS_TO: [&str; 4] = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
];

/// What a reader must know before all else.
pub(super) const NOTICE: &str = "Demonstration airspace, approximate, not for navigation.";

const COLLECTIONS: [&str; 3] = ["zones", "flights", "sites"];

/// The landing page of OGC API - Features.
pub(super) fn landing(app: &App, headers: &HeaderMap) -> Value {
    let base = base(headers);
    let link = |rel: &str, kind: &str, path: &str, title: &str| json!({"rel": rel, "type": kind, "href": format!("{base}{path}"), "title": title});
    json!({
        "title": "Tianlu",
        "description": format!("{}. {NOTICE}", app.title),
        "links": [
            link("self", "application/json", "/?f=json", "This page"),
            link("alternate", "text/html", "/?f=html", "The map"),
            link("service-desc", "application/vnd.oai.openapi+json;version=3.1", "/openapi.json", "The API, for machines"),
            link("service-doc", "text/html", "/docs/", "The API, for people"),
            link("conformance", "application/json", "/conformance", "What this server conforms to"),
            link("data", "application/json", "/collections", "Zones, flights and sites"),
        ],
    })
}

/// What the server conforms to
#[utoipa::path(get, path = "/conformance", tag = "about", responses((status = 200, body = schema::Conformance)))]
pub(super) async fn get_conformance(uri: Uri) -> Result<Json<Value>, Problem> {
    query::none(&uri)?;
    Ok(Json(json!({"conformsTo": CONFORMS_TO})))
}

/// The collections
#[utoipa::path(get, path = "/collections", tag = "about", responses((status = 200, body = schema::Collections)))]
pub(super) async fn get_collections(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Json<Value>, Problem> {
    query::none(&uri)?;
    let base = base(&headers);
    let collections: Vec<Value> =
        COLLECTIONS.iter().filter_map(|name| collection(&app, &who, &base, name)).collect();
    Ok(Json(json!({
        "links": [{"rel": "self", "type": "application/json", "href": format!("{base}/collections")}],
        "collections": collections,
    })))
}

/// One collection
#[utoipa::path(
    get, path = "/collections/{collection}", tag = "about",
    params(("collection" = String, Path, description = "zones, flights or sites")),
    responses(
        (status = 200, body = schema::Collection),
        (status = 404, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_collection(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    Path(name): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Json<Value>, Problem> {
    query::none(&uri)?;
    let expected = COLLECTIONS.join(", ");
    let unknown = || Problem::new(Code::NotFound, format!("found {name:?}, expected one of {expected}"));
    collection(&app, &who, &base(&headers), &name).map(Json).ok_or_else(unknown)
}

fn collection(app: &App, who: &Principal, base: &str, name: &str) -> Option<Value> {
    let (title, description, extent) = match name {
        "zones" => {
            let state = app.service.state();
            let zones = || state.sky.airspace.zones().map(|zone| &**zone);
            let extent = extent(zones().flat_map(corners), activity(zones()));
            ("UAS geographical zones", "Where drones may not fly, or only so", extent)
        }
        "flights" => {
            // Where somebody flies is nothing for those who may not read.
            let (places, during) = match who.scopes.has(Scope::Read) {
                true => flight_items::spans(app, who),
                false => (Vec::new(), None),
            };
            let description =
                "Reserved flights: one's own as lines with heights and times, those of others as volumes";
            ("Flights", description, extent(places.into_iter(), during))
        }
        "sites" => {
            let places = app.sites.iter().map(|site| (site.place.lon(), site.place.lat()));
            ("Sites", "Take-off and landing places", extent(places, None))
        }
        _ => return None,
    };
    let href = format!("{base}/collections/{name}");
    Some(json!({
        "id": name,
        "title": title,
        "description": format!("{description}. {NOTICE}"),
        "itemType": "feature",
        "crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
        "extent": extent,
        "links": [
            {"rel": "self", "type": "application/json", "href": href},
            {"rel": "items", "type": GEOJSON, "href": format!("{href}/items")},
        ],
    }))
}
