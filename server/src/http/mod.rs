//! The HTTP API and the page. One file for each concern; [`router`] puts them together.

mod address;
mod aircraft;
mod ask;
mod audit;
mod auth;
mod backup;
mod batch;
mod body;
mod caller;
mod collections;
mod docs;
mod envelope;
mod events;
mod extent;
mod fates;
mod features;
mod flight_items;
mod flights;
mod front;
mod health;
mod listen;
mod options;
mod origin;
mod page;
mod problem;
mod query;
mod rate;
mod restrictions;
mod routes;
pub mod schema;
mod scrape;
mod sites;
mod state;
mod validate;
mod weather;
mod widened;
mod workers;
mod zones;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use auth::{Access, Expected, Grant, OwnKey, Sources};
pub use docs::openapi;
pub use front::{Front, FrontOptions};
pub use listen::{Connections, Tls, bind, serve};
pub use problem::Code;
pub use state::{App, AppError, Base, Limits};

/// Every call, open to everybody.
pub fn router(app: Arc<App>) -> Router {
    router_behind(app, Arc::new(Front::open()))
}

/// Every call, with what wraps all of them: request ids, problems for errors, no panic that gets out, no calls from
/// other sites' pages, and none that the caller may not make.
pub fn router_behind(app: Arc<App>, front: Arc<Front>) -> Router {
    let (calls, openapi) = calls().split_for_parts();
    let allowed = options::allowed(&openapi);
    let router = calls
        .route("/assets/{name}", get(page::get_asset))
        .merge(docs::browser(docs::finished(openapi)))
        .layer(axum::Extension(Arc::clone(&front)))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(Arc::clone(&front), front::guard));
    // Before the guard: a browser asks without the token whether it may send it.
    let router = match front.origins.layer() {
        Some(cors) => router.layer(cors),
        None => router,
    };
    router
        .layer(middleware::from_fn_with_state(allowed, options::answer))
        .layer(middleware::from_fn_with_state(front, origin::guard))
        .layer(middleware::from_fn(envelope::wrap))
        .with_state(app)
}

/// The calls that are documented.
fn calls() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(docs::about())
        .routes(routes!(page::get_root))
        .routes(routes!(collections::get_conformance))
        .routes(routes!(collections::get_collections))
        .routes(routes!(collections::get_collection))
        .routes(routes!(zones::get_zones, zones::post_zones))
        .routes(routes!(zones::get_zone, zones::put_zone, zones::delete_zone))
        .routes(routes!(restrictions::post_restriction))
        .routes(routes!(weather::get_weather, weather::put_weather))
        .routes(routes!(flight_items::get_flights))
        .routes(routes!(flight_items::get_flight_item))
        .routes(routes!(sites::get_sites))
        .routes(routes!(sites::get_site))
        .routes(routes!(aircraft::get_aircraft))
        .routes(routes!(routes::post_route))
        .routes(routes!(batch::post_batch))
        .routes(routes!(validate::post_validate))
        .routes(routes!(flights::post_flight))
        .routes(routes!(flights::get_flight, flights::patch_flight))
        .routes(routes!(flights::get_export))
        .routes(routes!(flights::post_positions))
        .routes(routes!(backup::get_backup))
        .routes(routes!(backup::post_restore))
        .routes(routes!(events::get_events))
        .routes(routes!(audit::get_audit))
        .routes(routes!(health::get_healthz))
        .routes(routes!(health::get_readyz))
        .routes(routes!(scrape::get_metrics))
}
