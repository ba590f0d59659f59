//! `POST /validate`: an existing mission held against airspace, terrain and traffic as they are.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request as HttpRequest, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use tianlu_engine::airspace::Mission;
use tianlu_engine::flight::Plan;
use tianlu_engine::frame::Instant;

use super::ask::check_mission;
use super::body;
use super::caller::Caller;
use super::features::with_revision;
use super::problem::{Code, Problem};
use super::query;
use super::schema;
use super::state::App;
use crate::service::Principal;
use crate::validation::{Invalid, Terms, to_json, validate};

/// Check a mission
///
/// The body is the file itself: a QGroundControl .plan, QGC WPL 110, a DJI KMZ, a GeoJSON LineString, or a plan of this
/// server; told apart by its content. It is held leg by leg against the airspace, the ground and the reserved flights as
/// they are now; nothing is reserved. Each finding has its leg, the item of the file, its time, its place, what was found
/// and what was expected; flights of other operators are the volumes by which the caller knows them.
#[utoipa::path(
    post, path = "/validate", tag = "routes",
    params(
        ("aircraft" = Option<String>, Query, description = "One of `GET /aircraft`; may be left away where there is one alone"),
        ("departure" = Option<String>, Query, description = "RFC 3339; needed where the mission has no times, and moves one that has"),
        ("mission" = Option<String>, Query, description = "`LOGISTICS`, `RESCUE`, `EMERGENCY`, `STATE`, `INSPECTION` or `OTHER` (if absent)"),
        ("authorizations" = Option<String>, Query, description = "Zones that have authorized it, separated by commas"),
        ("exemptions" = Option<String>, Query, description = "Prohibited zones that do not hold for it, separated by commas"),
    ),
    request_body(
        content(
            (serde_json::Value = "application/json"),
            (serde_json::Value = "application/geo+json"),
            (String = "text/plain"),
            (Vec<u8> = "application/vnd.google-earth.kmz"),
            (Vec<u8> = "application/octet-stream"),
        ),
        description = "A mission, at most 20 MiB and 20,000 points",
    ),
    responses(
        (status = 200, body = schema::Validation,
            headers(("airspace-revision" = u64, description = "The airspace that it was held against"))),
        (status = 400, body = schema::Problem, content_type = "application/problem+json"),
        (status = 408, body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, body = schema::Problem, content_type = "application/problem+json"),
        (status = 415, body = schema::Problem, content_type = "application/problem+json"),
        (status = 422, body = schema::Problem, content_type = "application/problem+json",
            description = "INVALID_MISSION: it cannot be understood or not be timed, `errors` says where"),
        (status = 503, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn post_validate(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    http: HttpRequest,
) -> Result<Response, Problem> {
    let terms = terms_of(http.uri())?;
    check_mission(terms.mission, &terms.authorizations, &terms.exemptions, &who)?;
    let bytes = body::MISSION.read(http, app.limits.body).await?;
    let worker = Arc::clone(&app);
    app.workers.run(move || answer(&worker, &who, &terms, &bytes)).await?
}

fn answer(app: &App, who: &Principal, terms: &Terms, bytes: &[u8]) -> Result<Response, Problem> {
    let state = app.service.state();
    let others: Vec<(&str, &Plan)> =
        state.book.iter().map(|reserved| (reserved.request.id.as_str(), &*reserved.plan)).collect();
    let validated =
        validate("body", bytes, &state.world, terms, &others).map_err(|invalid| match invalid {
            Invalid::Aircraft(found, expected) => {
                Problem::new(Code::BadUrl, format!("aircraft: found {found}, expected {expected}"))
            }
            Invalid::Mission(error) => Problem::of_read_error(Code::InvalidMission, &error),
        })?;
    let json = to_json(&validated, &|flight| state.name_for(who, flight));
    Ok(with_revision(Json(json).into_response(), state.sky.airspace.revision()))
}

fn terms_of(uri: &Uri) -> Result<Terms, Problem> {
    let mut terms = Terms {
        aircraft: None,
        departure: None,
        mission: Mission::Other,
        authorizations: Vec::new(),
        exemptions: Vec::new(),
    };
    let names = |value: String| {
        value.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
    };
    for (name, value) in
        query::pairs(uri, &["aircraft", "departure", "mission", "authorizations", "exemptions"])?
    {
        match name.as_str() {
            "aircraft" => terms.aircraft = Some(value),
            "departure" => {
                let expected = "an RFC 3339 time such as 2026-11-23T01:00:00Z";
                let time: Result<jiff::Timestamp, _> = value.parse();
                let time = time.map_err(|_| query::wrong(&name, &value, expected))?;
                terms.departure = Some(Instant::from_millis(time.as_millisecond()));
            }
            "mission" => {
                let words: Vec<_> = Mission::ALL.iter().map(|mission| mission.as_str()).collect();
                let expected = format!("one of {}", words.join(", "));
                terms.mission =
                    Mission::parse(&value).ok_or_else(|| query::wrong(&name, &value, &expected))?;
            }
            "authorizations" => terms.authorizations = names(value),
            _ => terms.exemptions = names(value),
        }
    }
    Ok(terms)
}
