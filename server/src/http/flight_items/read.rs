//! `GET` of flights as features.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use tianlu_engine::frame::Interval;

use super::line;
use super::volume::{Volume, during, hull, is_during};
use crate::http::caller::Caller;
use crate::http::features::{Item, page, tagged};
use crate::http::problem::{Code, Problem};
use crate::http::query::{self, ItemsQuery};
use crate::http::schema;
use crate::http::state::App;
use crate::http::zones::Bbox;
use crate::service::{Fixed, Flight, FlightState, Principal, State as City};

const PATH: &str = "/collections/flights/items";

/// The flights as features
///
/// The caller's own flights, and all for those who manage the airspace, are lines with heights in metres above sea level and
/// the time of each position in `times`. Those of others are volumes `V{number}`, polygons that hold everything nearer to
/// them than the separation, with `lower_m`, `upper_m` (above sea level), `start`, `end` and `state` alone. In the order
/// in which they were accepted; flights that have ended or were cancelled only if `state` asks for them. A flight
/// is selected if it is in the box at some time of the interval; one of others, if its volume is.
#[utoipa::path(
    get, path = "/collections/flights/items", tag = "flights",
    params(
        ("bbox" = Option<String>, Query, description = "west,south,east,north in degrees; or with heights in metres \
            above sea level west,south,low,east,north,high. West may be east of east: across the antimeridian."),
        ("datetime" = Option<String>, Query, description = "An RFC 3339 time or an interval: \
            2026-11-23T01:00:00Z/2026-11-23T02:00:00Z, with .. for an open end"),
        ("state" = Option<String>, Query, description = "States with commas between them, of ACCEPTED, ACTIVATED, \
            NONCONFORMING, CONTINGENT, ENDED, CANCELLED; all but the last two if absent", example = "ACCEPTED,ACTIVATED"),
        ("limit" = Option<u32>, Query, description = "Features on a page, 1 to 10000 (more is read as 10000); 1000 if absent"),
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
pub(in crate::http) async fn get_flights(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let (query, more) = ItemsQuery::with(&uri, &["state"])?;
    let states = more.iter().map(|(_, value)| states_of(value)).next().transpose()?;
    // Thousands of volumes take a while: off the async threads.
    let work = move || {
        let (state, fixed) = (app.service.state(), &app.service.fixed);
        let wanted = |shown: &Shown<'_>| match &states {
            Some(states) => states.contains(&shown.flight.state),
            None => !shown.flight.state.is_final(),
        };
        let mut matched = shown(&state, fixed, &who);
        matched.retain(|shown| wanted(shown) && shown.is_met(query.bbox.as_ref(), query.datetime));
        page(PATH, &query, &headers, &matched)
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::new(Code::Internal, error.to_string()))
}

/// One flight as a feature
///
/// By its id for those who may see it, by the name of its volume for others.
#[utoipa::path(
    get, path = "/collections/flights/items/{id}", tag = "flights",
    params(
        ("id" = String, Path, description = "The request's id, or V and the number of a volume"),
        ("If-None-Match" = Option<String>, Header, description = "An ETag; 304 if the flight still has it"),
    ),
    responses(
        (status = 200, body = schema::Feature, content_type = "application/geo+json",
            headers(("etag" = String, description = "For If-None-Match"))),
        (status = 304, description = "The flight has not changed"),
        (status = 404, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn get_flight_item(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    query::none(&uri)?;
    let (state, fixed) = (app.service.state(), &app.service.fixed);
    let own = state.flight(&id).filter(|flight| who.sees(flight));
    let of_others = || state.flight_of_volume(&id).filter(|flight| !who.sees(flight) && flight.reserved);
    let flight = own.or_else(of_others);
    let flight =
        flight.ok_or_else(|| Problem::new(Code::NotFound, format!("no flight has the id {id:?}")))?;
    let shown = Shown { flight, whole: own.is_some(), fixed };
    Ok(tagged(&headers, &format!("\"{}\"", shown.tag()), || shown.text().into_owned()))
}

/// The box and the interval that hold what somebody may see of the flights: west, south, east, north.
pub(in crate::http) fn spans(app: &App, who: &Principal) -> (Vec<(f64, f64)>, Option<Interval>) {
    let (state, fixed) = (app.service.state(), &app.service.fixed);
    let mut shown = shown(&state, fixed, who);
    shown.retain(|shown| !shown.flight.state.is_final());
    // Wide enough for a volume at every latitude where somebody flies.
    let by = fixed.separation.horizontal_m * 1.01 / 110_000.0;
    let corners = shown.iter().flat_map(|shown| {
        shown.flight.plan.trajectory.iter().flat_map(move |at| {
            let (dlat, dlon) = (by, by / at.place.lat().to_radians().cos().max(0.01));
            [(at.place.lon() - dlon, at.place.lat() - dlat), (at.place.lon() + dlon, at.place.lat() + dlat)]
        })
    });
    (corners.collect(), hull(shown.iter().map(|shown| during(shown.flight, fixed))))
}

fn states_of(value: &str) -> Result<Vec<FlightState>, Problem> {
    let state = |name: &str| {
        FlightState::parse(name).ok_or_else(|| {
            let known = FlightState::ALL.map(FlightState::as_str).join(", ");
            Problem::new(Code::BadUrl, format!("state: found {name:?}, expected one of {known}"))
        })
    };
    value.split(',').map(state).collect()
}

/// What somebody may see of the flights, in the order of their numbers. Of others, those that take room.
fn shown<'s>(state: &'s City, fixed: &'s Fixed, who: &Principal) -> Vec<Shown<'s>> {
    let mut shown: Vec<Shown<'s>> = state
        .flights
        .values()
        .map(|flight| Shown { flight, whole: who.sees(flight), fixed })
        .filter(|shown| shown.whole || shown.flight.reserved)
        .collect();
    shown.sort_unstable_by_key(|shown| shown.flight.number);
    shown
}

/// A flight as somebody may see it.
struct Shown<'s> {
    flight: &'s Arc<Flight>,
    whole: bool,
    fixed: &'s Fixed,
}

impl Shown<'_> {
    fn is_met(&self, area: Option<&Bbox>, when: Option<Interval>) -> bool {
        if area.is_none() && when.is_none() {
            return true;
        }
        if self.whole {
            return line::is_met(&self.flight.plan.trajectory, area, when);
        }
        // Its outline takes a while: only where there is a chance.
        is_during(during(self.flight, self.fixed), when)
            && (area.is_none() || Volume::of(self.flight, self.fixed).is_met(area, when))
    }
}

impl Item for Shown<'_> {
    fn tag(&self) -> Cow<'_, str> {
        let Flight { number, revision, position, .. } = &**self.flight;
        match position {
            Some(position) if self.whole => format!("{number}-{revision}-{}", position.time.millis()),
            _ if self.whole => format!("{number}-{revision}"),
            _ => format!("V{number}-{revision}"),
        }
        .into()
    }

    fn text(&self) -> Cow<'_, str> {
        let feature = if self.whole {
            line::feature(self.flight)
        } else {
            Volume::of(self.flight, self.fixed).feature(self.flight)
        };
        feature.to_string().into()
    }
}
