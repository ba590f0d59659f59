//! Refusals in words, with what is in the way.

use super::volumes::Volumes;
use crate::flight::{Refusal, RefusalCode, Request};

fn refusal(request: &Request, code: RefusalCode, text: String, zones: Vec<String>) -> Box<Refusal> {
    Box::new(Refusal { request: request.id.clone(), code, text, zones, flights: Vec::new() })
}

pub(super) fn bad_request(request: &Request, text: String) -> Box<Refusal> {
    refusal(request, RefusalCode::BadRequest, text, Vec::new())
}

pub(super) fn end_in_zone(
    volumes: &Volumes<'_>,
    request: &Request,
    code: RefusalCode,
    by: &[u32],
) -> Box<Refusal> {
    let zones = names(volumes, by.iter().copied());
    let (end, time) = match code {
        RefusalCode::OriginInZone => ("origin", "throughout the departure window"),
        _ => ("destination", "whenever the flight could arrive"),
    };
    let text = format!("the {end} lies in {}, which it may not enter, {time}", listed(&zones));
    refusal(request, code, text, zones)
}

pub(super) fn band_below_clearance(request: &Request, vertical_clearance_m: f64) -> Box<Refusal> {
    let max = request.cruise.max.metres();
    let text = format!(
        "the cruise band ends at {max} m above ground, below the {vertical_clearance_m} m to keep from the ground"
    );
    refusal(request, RefusalCode::Ceiling, text, Vec::new())
}

pub(super) fn wind(request: &Request, lowest_m: f64, strongest_m_s: f64) -> Box<Refusal> {
    let text = format!(
        "the cruise band begins at {lowest_m} m above ground and cannot be reached: the wind of up to {strongest_m_s} m/s is \
         too strong for the aircraft"
    );
    refusal(request, RefusalCode::Ceiling, text, Vec::new())
}

pub(super) fn ceiling(
    volumes: &Volumes<'_>,
    request: &Request,
    end: &str,
    lowest_m: f64,
    by: &[u32],
) -> Box<Refusal> {
    let zones = names(volumes, by.iter().copied());
    let text = format!(
        "the cruise band begins at {lowest_m} m above ground and cannot be reached above the {end}: {} in the way",
        listed(&zones)
    );
    refusal(request, RefusalCode::Ceiling, text, zones)
}

pub(super) fn no_route(volumes: &Volumes<'_>, request: &Request, lowest_m: f64, by: &[u32]) -> Box<Refusal> {
    let zones = names(volumes, by.iter().copied());
    let highest = request.cruise.max.metres();
    let text = if zones.is_empty() {
        format!(
            "no way from origin to destination at any height from {lowest_m} m to {highest} m above ground"
        )
    } else {
        format!(
            "no way from origin to destination at any height from {lowest_m} m to {highest} m above ground: {} in the way",
            listed(&zones)
        )
    };
    refusal(request, RefusalCode::NoRoute, text, zones)
}

pub(super) fn energy(request: &Request, needed_wh: Option<f64>, usable_wh: f64) -> Box<Refusal> {
    let text = match needed_wh {
        Some(needed) => format!("the flight takes {needed:.1} Wh, usable are {usable_wh:.1} Wh"),
        None => format!("the way is too far for the usable {usable_wh:.1} Wh"),
    };
    refusal(request, RefusalCode::Energy, text, Vec::new())
}

/// A flight that cannot be planned anew in the air.
pub(super) fn in_the_air(request: &Request, why: &str) -> Box<Refusal> {
    refusal(request, RefusalCode::NoRoute, format!("it cannot be planned anew: {why}"), Vec::new())
}

/// The flights in the way are yet to be named.
pub(super) fn traffic(request: &Request) -> Box<Refusal> {
    let text = "no departure in the window keeps it apart from other flights".to_owned();
    refusal(request, RefusalCode::Traffic, text, Vec::new())
}

/// Names the flights in the way of a flight refused for the traffic.
pub(super) fn name_flights(refusal: &mut Refusal, flights: Vec<String>) {
    if !flights.is_empty() {
        refusal.text = format!("{}: {} in the way", refusal.text, listed(&flights));
    }
    refusal.flights = flights;
}

fn names(volumes: &Volumes<'_>, numbers: impl Iterator<Item = u32>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for number in numbers {
        let name = volumes.get(number).identifier();
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// `A`, `A and B`, or `A, B and 3 more`.
fn listed(names: &[String]) -> String {
    const TOLD: usize = 3;
    match names {
        [] => "something".to_owned(),
        [one] => one.clone(),
        [rest @ .., last] if names.len() <= TOLD => format!("{} and {last}", rest.join(", ")),
        _ => format!("{} and {} more", names[..TOLD].join(", "), names.len() - TOLD),
    }
}
