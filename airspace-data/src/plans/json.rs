//! The shape of an outcome in a plan file.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use tianlu_engine::airspace::Restriction;
use tianlu_engine::dispatch::Statistics;
use tianlu_engine::flight::{self, Waypoint};
use tianlu_engine::frame::Instant;

/// An outcome as it is written.
#[derive(Serialize)]
#[serde(tag = "status")]
pub(super) enum Outcome<'a> {
    #[serde(rename = "PLANNED")]
    Planned {
        request: &'a str,
        trajectory: Vec<Point>,
        length_m: f64,
        duration_s: f64,
        delay_s: f64,
        energy_wh: f64,
        lower_bound_s: f64,
        gap: f64,
        advisories: Vec<Advisory<'a>>,
    },
    #[serde(rename = "REJECTED")]
    Rejected { request: &'a str, reason: Reason<'a> },
}

#[derive(Serialize)]
pub(super) struct Point {
    lon: f64,
    lat: f64,
    alt_m: f64,
    time: String,
}

#[derive(Serialize)]
pub(super) struct Advisory<'a> {
    zone: &'a str,
    r#type: &'static str,
    text: &'a str,
}

#[derive(Serialize)]
pub(super) struct Reason<'a> {
    code: &'static str,
    text: &'a str,
    zones: &'a [String],
    flights: &'a [String],
}

/// What plans come to, as it is written.
#[derive(Serialize)]
pub(super) struct Figures {
    planned: usize,
    rejected: BTreeMap<&'static str, usize>,
    flown_s: f64,
    delay_s: f64,
    delay_p95_s: f64,
    delay_most_s: f64,
    lower_bound_s: f64,
    gap: f64,
}

impl Figures {
    /// Figures, rounded as they are written.
    pub(super) fn of(figures: &Statistics) -> Self {
        Self {
            planned: figures.planned,
            rejected: figures.rejected.iter().map(|(code, &count)| (code.as_str(), count)).collect(),
            flown_s: rounded(figures.flown_s, 1e3),
            delay_s: rounded(figures.delay_s, 1e3),
            delay_p95_s: rounded(figures.delay_p95_s, 1e3),
            delay_most_s: rounded(figures.delay_most_s, 1e3),
            lower_bound_s: rounded_down(figures.lower_bound_s),
            gap: rounded(figures.gap, 1e6),
        }
    }
}

impl<'a> Outcome<'a> {
    /// An outcome, rounded as it is written.
    pub(super) fn of(outcome: &'a flight::Outcome) -> Self {
        match outcome {
            flight::Outcome::Planned(plan) => Self::Planned {
                request: &plan.request,
                trajectory: plan.trajectory.iter().map(Point::of).collect(),
                length_m: rounded(plan.length_m, 1e3),
                duration_s: rounded(plan.duration_s, 1e3),
                delay_s: rounded(plan.delay_s, 1e3),
                energy_wh: rounded(plan.energy_wh, 1e3),
                lower_bound_s: rounded_down(plan.lower_bound_s),
                gap: rounded(plan.gap, 1e6),
                advisories: plan.advisories.iter().map(Advisory::of).collect(),
            },
            flight::Outcome::Rejected(refusal) => Self::Rejected {
                request: &refusal.request,
                reason: Reason {
                    code: refusal.code.as_str(),
                    text: &refusal.text,
                    zones: &refusal.zones,
                    flights: &refusal.flights,
                },
            },
        }
    }
}

impl Point {
    fn of(waypoint: &Waypoint) -> Self {
        Self {
            lon: rounded(waypoint.place.lon(), 1e9),
            lat: rounded(waypoint.place.lat(), 1e9),
            alt_m: rounded(waypoint.altitude.metres(), 1e3),
            time: rfc3339(waypoint.time),
        }
    }
}

impl<'a> Advisory<'a> {
    fn of(advisory: &'a flight::Advisory) -> Self {
        let spelled: fn(Restriction) -> &'static str = Restriction::as_str;
        Self { zone: &advisory.zone, r#type: spelled(advisory.restriction), text: &advisory.text }
    }
}

/// To a number of decimals given as a power of ten, with no minus before a zero.
fn rounded(number: f64, power: f64) -> f64 {
    (number * power).round() / power + 0.0
}

/// To three decimals, never above the number, so that a lower bound stays one. What has three decimals already is kept.
fn rounded_down(number: f64) -> f64 {
    let near = rounded(number, 1e3);
    if near <= number { near } else { (number * 1e3).floor() / 1e3 + 0.0 }
}

/// RFC 3339 in UTC with three decimals. An instant beyond the years -9999 to 9999 is written as the last one within.
pub fn rfc3339(instant: Instant) -> String {
    let millis = instant.millis().clamp(Timestamp::MIN.as_millisecond(), Timestamp::MAX.as_millisecond());
    format!("{:.3}", Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH))
}
