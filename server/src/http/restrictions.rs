//! `POST /restrictions`: a no-fly zone or an emergency corridor at once, in one call.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tianlu_airspace_data::airspace::{ReadOptions, read_airspace};
use tianlu_engine::airspace::{Text, Zone};
use tianlu_engine::frame::{Frame, Instant, LonLat};

use super::body;
use super::caller::Caller;
use super::fates::told;
use super::features::with_revision;
use super::flights::time;
use super::problem::{Code, Problem};
use super::query;
use super::schema;
use super::schema::{Place, Restriction};
use super::state::App;
use super::widened::widened;
use super::zones;

/// Corners of a polygon or a line, at most.
const MOST_CORNERS: usize = 1000;
/// A line is this long at most.
const LONGEST_M: f64 = 200_000.0;
/// Everything lies this near to the middle of the server's plane.
const REACH_M: f64 = 200_000.0;
/// Radii and widths, at most.
const WIDEST_M: f64 = 50_000.0;
/// A line is followed in steps of at most this: straight in longitude and latitude.
const STEP_M: f64 = 500.0;

/// Close a piece of sky at once
///
/// A no-fly zone (`NO_FLY`), or a corridor for emergency flights (`CORRIDOR`), from now on if it has no `start`. It becomes a
/// `PROHIBITED` zone of the collection, with the `id` as its identifier: `DELETE /collections/zones/items/{id}` ends it.
/// Reserved flights that it touches are planned anew in the same step; `affected` says what becomes of them.
///
/// Its place is one of: `centre` and `radius_m`; `polygon`; `line` and `width_m`, the outline lying nowhere nearer to the line than
/// half the width. Heights count from the ground unless `lower_reference` or `upper_reference` say `AMSL`; what is absent is
/// unbounded. `missions` may enter; `EMERGENCY` and `RESCUE` may enter a corridor if they are absent. Either `end` or
/// `until_removed` is needed.
#[utoipa::path(
    post, path = "/restrictions", tag = "zones",
    request_body(content = schema::Restriction, description = "At most 1 MiB",
        example = json!({
            "id": "FIRE-1", "kind": "NO_FLY", "centre": {"lon": 120.755, "lat": 30.748}, "radius_m": 300.0,
            "upper_m": 150.0, "end": "2026-11-23T03:00:00Z", "missions": ["RESCUE"], "reason": "Fire in a warehouse",
        })),
    responses(
        (status = 201, body = schema::Created, headers(
            ("location" = String, description = "The zone"),
            ("airspace-revision" = u64, description = "Rises with each change of the airspace"))),
        (status = 400, body = schema::Problem, content_type = "application/problem+json"),
        (status = 408, body = schema::Problem, content_type = "application/problem+json"),
        (status = 409, body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, body = schema::Problem, content_type = "application/problem+json"),
        (status = 415, body = schema::Problem, content_type = "application/problem+json"),
        (status = 422, body = schema::Problem, content_type = "application/problem+json"),
        (status = 503, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn post_restriction(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    request: Request,
) -> Result<Response, Problem> {
    query::none(request.uri())?;
    let bytes = body::JSON.read(request, app.limits.body).await?;
    let worker = Arc::clone(&app);
    let zone = app.urgent.run(move || zone(&worker, &bytes)).await??;
    let id = zone.identifier.clone();
    let changed = app.service.add_zones(who.clone(), vec![zone]).await?;
    let body = json!({
        "created": [id], "warnings": [], "revision": changed.revision, "affected": told(&changed.affected, &who),
    });
    let mut response = (StatusCode::CREATED, Json(body)).into_response();
    let location = format!("{}/{}", zones::PATH, query::percent_encoded(&id));
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(with_revision(response, changed.revision))
}

fn zone(app: &App, bytes: &[u8]) -> Result<Zone, Problem> {
    let json = body::json_of(bytes)?;
    let restriction: Restriction = serde_json::from_value(json)
        .map_err(|error| invalid("", error.to_string(), "a restriction as the API's document has it"))?;
    let feature = feature(&restriction, &app.service.fixed.frame, app.service.clock.now())?;
    let text = feature.to_string();
    // The one reader of zones checks what is in it.
    let file = read_airspace("body", text.as_bytes(), &ReadOptions::default())
        .map_err(|error| Problem::of_read_error(Code::InvalidRequest, &error))?;
    let one = <[Zone; 1]>::try_from(file.zones);
    let [mut zone] = one.map_err(|zones| invalid("", format!("{} zones", zones.len()), "one"))?;
    if let Some(reason) = restriction.reason {
        zone.message = vec![Text { text: reason, lang: String::new() }];
    }
    Ok(zone)
}

/// The restriction as a plain GeoJSON zone.
fn feature(restriction: &Restriction, frame: &Frame, now: Instant) -> Result<Value, Problem> {
    let Restriction { id, kind, missions, start, end, until_removed, .. } = restriction;
    let corridor = match kind.as_str() {
        "NO_FLY" => false,
        "CORRIDOR" => true,
        other => return Err(invalid("kind", format!("{other:?}"), "NO_FLY or CORRIDOR")),
    };
    if id.is_empty() || id.len() > 100 {
        return Err(invalid("id", format!("{id:?}"), "1 to 100 characters"));
    }
    if end.is_none() && until_removed != &Some(true) {
        return Err(invalid("end", "nothing".to_owned(), "a time, or until_removed: true"));
    }
    let usual: &[&str] = if corridor { &["EMERGENCY", "RESCUE"] } else { &[] };
    let missions =
        missions.clone().unwrap_or_else(|| usual.iter().map(|mission| (*mission).to_owned()).collect());
    let (geometry, radius_m) = geometry(restriction, frame)?;
    let mut properties = json!({
        "identifier": id,
        "name": if corridor { "Emergency corridor" } else { "No-fly zone" },
        "restriction": "PROHIBITED",
        "lower_reference": restriction.lower_reference.as_deref().unwrap_or("AGL"),
        "upper_reference": restriction.upper_reference.as_deref().unwrap_or("AGL"),
        "start": start.clone().unwrap_or_else(|| time(now)),
        "extendedProperties": {"exempt_missions": missions},
    });
    let more = [
        ("radius_m", json!(radius_m)),
        ("lower_m", json!(restriction.lower_m)),
        ("upper_m", json!(restriction.upper_m)),
        ("end", json!(end)),
    ];
    for (name, value) in more.into_iter().filter(|(_, value)| !value.is_null()) {
        properties[name] = value;
    }
    Ok(json!({"type": "Feature", "geometry": geometry, "properties": properties}))
}

/// Where it is, with the radius of a circle.
fn geometry(restriction: &Restriction, frame: &Frame) -> Result<(Value, Option<f64>), Problem> {
    let Restriction { centre, radius_m, polygon, line, width_m, .. } = restriction;
    match (centre, radius_m, polygon, line, width_m) {
        (Some(Place { lon, lat }), Some(radius_m), None, None, None) => {
            let centre = place("centre", *lon, *lat, frame)?;
            let radius_m = size("radius_m", *radius_m)?;
            Ok((json!({"type": "Point", "coordinates": [centre.lon(), centre.lat()]}), Some(radius_m)))
        }
        (None, None, Some(corners), None, None) => {
            let places = places("polygon", corners, 3, frame)?;
            let mut ring: Vec<Value> = places.iter().map(|at| json!([at.lon(), at.lat()])).collect();
            if ring.first() != ring.last() {
                ring.extend(ring.first().cloned());
            }
            Ok((json!({"type": "Polygon", "coordinates": [ring]}), None))
        }
        (None, None, None, Some(corners), Some(width_m)) => {
            let width_m = size("width_m", *width_m)?;
            let path = stepped(&places("line", corners, 2, frame)?, frame)?;
            let polygons = widened(frame, path, width_m / 2.0);
            let rings = |at: &tianlu_engine::airspace::Polygon| -> Vec<Vec<[f64; 2]>> {
                let ring = |ring: &Vec<LonLat>| ring.iter().map(|at| [at.lon(), at.lat()]).collect();
                std::iter::once(&at.exterior).chain(&at.holes).map(ring).collect()
            };
            let geometry = match polygons.as_slice() {
                [one] => json!({"type": "Polygon", "coordinates": rings(one)}),
                many => {
                    json!({"type": "MultiPolygon", "coordinates": many.iter().map(rings).collect::<Vec<_>>()})
                }
            };
            Ok((geometry, None))
        }
        _ => Err(invalid(
            "",
            "another choice of members".to_owned(),
            "centre and radius_m, or polygon, or line and width_m, and none of the others",
        )),
    }
}

fn places(field: &str, corners: &[[f64; 2]], least: usize, frame: &Frame) -> Result<Vec<LonLat>, Problem> {
    if !(least..=MOST_CORNERS).contains(&corners.len()) {
        let expected = format!("{least} to {MOST_CORNERS} places");
        return Err(invalid(field, corners.len().to_string(), &expected));
    }
    let one =
        |(index, [lon, lat]): (usize, &[f64; 2])| place(&format!("{field}[{index}]"), *lon, *lat, frame);
    corners.iter().enumerate().map(one).collect()
}

fn place(field: &str, lon: f64, lat: f64, frame: &Frame) -> Result<LonLat, Problem> {
    let place = LonLat::new(lon, lat)
        .map_err(|error| invalid(field, error.to_string(), "longitude and latitude in degrees"))?;
    let at = frame.to_plane(place);
    if at.x.hypot(at.y) <= REACH_M {
        Ok(place)
    } else {
        Err(invalid(field, format!("[{lon}, {lat}]"), "a place within 200 km of the middle of the airspace"))
    }
}

fn size(field: &str, metres: f64) -> Result<f64, Problem> {
    if metres > 0.0 && metres <= WIDEST_M {
        Ok(metres)
    } else {
        Err(invalid(field, metres.to_string(), "more than 0, at most 50,000 metres"))
    }
}

/// The line in small steps.
fn stepped(line: &[LonLat], frame: &Frame) -> Result<Vec<LonLat>, Problem> {
    let mut path = vec![line[0]];
    let mut length_m = 0.0;
    for leg in line.windows(2) {
        let (a, b) = (frame.to_plane(leg[0]), frame.to_plane(leg[1]));
        let leg_m = (b.x - a.x).hypot(b.y - a.y);
        length_m += leg_m;
        if length_m > LONGEST_M {
            return Err(invalid("line", format!("more than {LONGEST_M} m"), "at most 200,000 m"));
        }
        let steps = (leg_m / STEP_M).ceil().max(1.0) as u32;
        path.extend((1..=steps).filter_map(|step| {
            let share = f64::from(step) / f64::from(steps);
            let between = |from: f64, to: f64| from + share * (to - from);
            LonLat::new(between(leg[0].lon(), leg[1].lon()), between(leg[0].lat(), leg[1].lat())).ok()
        }));
    }
    Ok(path)
}

fn invalid(field: &str, found: String, expected: &str) -> Problem {
    let detail = format!("{field}: found {found}, expected {expected}");
    let fault = json!({"place": "body", "index": null, "identifier": null, "field": field, "found": found, "expected": expected});
    Problem::new(Code::InvalidRequest, detail).with("errors", json!([fault]))
}
