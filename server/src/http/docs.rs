//! `/openapi.json` and `/docs`.

mod examples;

use axum::http::Method;
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};
use utoipa_swagger_ui::SwaggerUi;

use super::auth::{Need, need};
use super::problem::Code;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tianlu",
        description = "Plans drone routes through complex low-altitude airspace. The map half is OGC API - Features: \
            QGIS and GDAL open it as it is. Times are RFC 3339, places WGS-84 longitude and latitude. Every answer \
            carries x-request-id; every error is application/problem+json (RFC 9457) with one of these codes:\n\n",
        license(name = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "routes", description = "Planning"),
        (name = "zones", description = "UAS geographical zones"),
        (name = "flights", description = "Flights from their reservation to their end"),
        (name = "weather", description = "The wind"),
        (name = "sites", description = "Take-off and landing places"),
        (name = "operation", description = "To run it"),
        (name = "events", description = "What happens"),
        (name = "about", description = "The server about itself")
    )
)]
struct About;

/// The document without its calls, with the table of error codes.
pub(super) fn about() -> utoipa::openapi::OpenApi {
    let mut document = About::openapi();
    let mut table = "| status | code | meaning |\n| --- | --- | --- |\n".to_owned();
    for code in Code::ALL {
        table += &format!("| {} | `{}` | {} |\n", code.status().as_u16(), code.as_str(), code.title());
    }
    let text = document.info.description.get_or_insert_default();
    *text += &table;
    document
}

/// The whole document.
pub fn openapi() -> utoipa::openapi::OpenApi {
    finished(super::calls().into_openapi())
}

/// With what the front of the router does to every call: whom it lets in, and how it turns others away.
pub(super) fn finished(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some(
            "A JSON Web Token; a server without keys, which listens on loopback alone, takes none",
        ))
        .build();
    document.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(scheme));
    let examples = examples::read();
    for (path, item) in &mut document.paths.paths {
        let operations = [
            (Method::GET, &mut item.get),
            (Method::PUT, &mut item.put),
            (Method::POST, &mut item.post),
            (Method::DELETE, &mut item.delete),
            (Method::PATCH, &mut item.patch),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                guarded(operation, need(&method, path));
                misused(operation, &method);
                examples::add(operation, &method, path, &examples);
                if !["/healthz", "/readyz"].contains(&path.as_str()) {
                    refused(operation, "429", "TOO_MANY_REQUESTS, with Retry-After");
                }
            }
        }
    }
    document
}

fn guarded(operation: &mut Operation, need: Need) {
    let Need::One(scope) = need else { return };
    // A scheme that is no OAuth flow names its scopes as roles (OpenAPI 3.1, 4.8.30).
    let required = SecurityRequirement::new("bearer", [scope.as_str()]);
    operation.security = Some(vec![required]);
    refused(operation, "401", "UNAUTHENTICATED, with WWW-Authenticate");
    refused(operation, "403", &format!("FORBIDDEN: the token lacks the scope `{}`", scope.as_str()));
}

/// What every call answers to addresses and bodies that it does not take, and where something is to be done, to too
/// much of it.
fn misused(operation: &mut Operation, method: &Method) {
    refused(operation, "400", "BAD_URL: the address; BAD_SYNTAX: the body");
    if operation.request_body.is_some() {
        refused(operation, "408", "BODY_TIMEOUT");
        refused(operation, "413", "BODY_TOO_LARGE");
        refused(operation, "415", "UNSUPPORTED_MEDIA_TYPE");
    }
    if *method != Method::GET {
        refused(operation, "503", "OVERLOADED, PLANNING_TIMEOUT, STORE_FAILED or NOT_READY");
    }
}

/// Adds an answer that is a problem, unless the call has one of its own with this status.
fn refused(operation: &mut Operation, status: &str, description: &str) {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response =
        ResponseBuilder::new().description(description).content("application/problem+json", problem).build();
    operation.responses.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
}

/// The API browser at `/docs`, which reads `/openapi.json`. All of it is in the binary.
pub(super) fn browser(document: utoipa::openapi::OpenApi) -> SwaggerUi {
    SwaggerUi::new("/docs").url("/openapi.json", document)
}
