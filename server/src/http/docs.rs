//! `/openapi.json` and `/docs`.

use utoipa::OpenApi;
use utoipa_swagger_ui::SwaggerUi;

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
        (name = "sites", description = "Take-off and landing places"),
        (name = "operation", description = "To run it"),
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
    super::calls().into_openapi()
}

/// The API browser at `/docs`, which reads `/openapi.json`. All of it is in the binary.
pub(super) fn browser(document: utoipa::openapi::OpenApi) -> SwaggerUi {
    SwaggerUi::new("/docs").url("/openapi.json", document)
}
