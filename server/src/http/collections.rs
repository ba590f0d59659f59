//! What OGC API - Features asks of a server about itself: landing page, conformance, collections.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Uri;
use serde_json::{Value, json};
use tianlu_engine::airspace::Outline;

use super::features::GEOJSON;
use super::problem::{Code, Problem};
use super::query;
use super::schema;
use super::state::App;

const CONFORMS_TO: [&str; 4] = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
];

/// What a reader must know before all else.
pub(super) const NOTICE: &str = "Demonstration airspace, approximate, not for navigation.";

/// The landing page of OGC API - Features.
pub(super) fn landing(app: &App) -> Value {
    let link = |rel: &str, kind: &str, href: &str, title: &str| json!({"rel": rel, "type": kind, "href": href, "title": title});
    json!({
        "title": "Tianlu",
        "description": format!("{}. {NOTICE}", app.title),
        "links": [
            link("self", "application/json", "/?f=json", "This page"),
            link("alternate", "text/html", "/?f=html", "The map"),
            link("service-desc", "application/vnd.oai.openapi+json;version=3.1", "/openapi.json", "The API, for machines"),
            link("service-doc", "text/html", "/docs/", "The API, for people"),
            link("conformance", "application/json", "/conformance", "What this server conforms to"),
            link("data", "application/json", "/collections", "Zones and sites"),
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
pub(super) async fn get_collections(State(app): State<Arc<App>>, uri: Uri) -> Result<Json<Value>, Problem> {
    query::none(&uri)?;
    Ok(Json(json!({
        "links": [{"rel": "self", "type": "application/json", "href": "/collections"}],
        "collections": [zones(&app), sites(&app)],
    })))
}

/// One collection
#[utoipa::path(
    get, path = "/collections/{collection}", tag = "about",
    params(("collection" = String, Path, description = "zones or sites")),
    responses(
        (status = 200, body = schema::Collection),
        (status = 404, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_collection(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Json<Value>, Problem> {
    query::none(&uri)?;
    match name.as_str() {
        "zones" => Ok(Json(zones(&app))),
        "sites" => Ok(Json(sites(&app))),
        _ => Err(Problem::new(Code::NotFound, format!("found {name:?}, expected zones or sites"))),
    }
}

fn zones(app: &App) -> Value {
    let state = app.service.state();
    let outlines = state.sky.airspace.zones().flat_map(|zone| &zone.layers).map(|layer| &layer.outline);
    let places = outlines.flat_map(|outline| match outline {
        // Far enough beyond the circle for every latitude where somebody flies.
        Outline::Circle { centre, radius_m } => {
            let (dlat, dlon) =
                (radius_m / 110_000.0, radius_m / 110_000.0 / centre.lat().to_radians().cos().max(0.01));
            vec![(centre.lon() - dlon, centre.lat() - dlat), (centre.lon() + dlon, centre.lat() + dlat)]
        }
        Outline::Polygons(polygons) => polygons
            .iter()
            .flat_map(|polygon| polygon.exterior.iter().map(|place| (place.lon(), place.lat())))
            .collect(),
    });
    collection("zones", "UAS geographical zones", "Where drones may not fly, or only so", extent(places))
}

fn sites(app: &App) -> Value {
    let places = app.sites.iter().map(|site| (site.place.lon(), site.place.lat()));
    collection("sites", "Sites", "Take-off and landing places", extent(places))
}

/// West, south, east, north of places; all the earth if there are none.
fn extent(places: impl Iterator<Item = (f64, f64)>) -> [f64; 4] {
    let none = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    let [west, south, east, north] =
        places.fold(none, |[w, s, e, n], (lon, lat)| [w.min(lon), s.min(lat), e.max(lon), n.max(lat)]);
    if west > east {
        return [-180.0, -90.0, 180.0, 90.0];
    }
    [west.max(-180.0), south.max(-90.0), east.min(180.0), north.min(90.0)]
}

fn collection(id: &str, title: &str, description: &str, bbox: [f64; 4]) -> Value {
    let href = format!("/collections/{id}");
    json!({
        "id": id,
        "title": title,
        "description": format!("{description}. {NOTICE}"),
        "itemType": "feature",
        "crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
        "extent": {"spatial": {"bbox": [bbox], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
        "links": [
            {"rel": "self", "type": "application/json", "href": href},
            {"rel": "items", "type": GEOJSON, "href": format!("{href}/items")},
        ],
    })
}
