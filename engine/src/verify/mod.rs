//! The promises of a plan checked anew, sharing no collision code with the search.
//!
//! Motion between two waypoints is a straight line in the world's plane; it is cut exactly at the windows of zones, at
//! their limits and at the grid lines of the terrain. Nothing is sampled in time. Distances are compared in metres on
//! the ground.

mod claims;
mod clearance;
mod cruise;
mod energy;
mod form;
mod mission;
mod motion;
mod rejection;
mod separation;
mod shape;
mod shortest;
mod surroundings;
#[cfg(test)]
mod tests;
mod track;
mod turns;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::flight::{Outcome, Plan, Request};
use crate::frame::{Instant, LonLat};
use crate::world::World;
pub use mission::{Entered, Finding, FindingKind, LegFigures, Line, Report, verify_line};
pub use shortest::NotPromised;
use surroundings::Surroundings;
use track::Flight;

/// Distances are judged within this much.
const DISTANCE_M: f64 = 0.05;
/// Times are judged within this much.
const TIME_S: f64 = 0.001;
/// Speeds are judged within this much.
const SPEED_M_S: f64 = 0.01;
/// Two places written with seven decimals can be off by this much against each other.
const ROUNDING_M: f64 = 0.02;
/// A flight begins and ends, and what can hover climbs and descends, this near to its places.
const END_M: f64 = 1.0;

/// One broken promise of a plan. Promise 0 is the form of the plan and its claims.
#[derive(Debug, Clone, PartialEq)]
pub struct Breach {
    /// The request of the flight.
    pub request: String,
    /// The number of the promise, 0 to 7.
    pub promise: u8,
    /// What is wrong, in words.
    pub text: String,
    /// When, if it happens at a time.
    pub when: Option<Instant>,
    /// Where, if it happens at a place.
    pub place: Option<LonLat>,
}

impl Breach {
    fn of_form(request: &str, text: impl Into<String>) -> Self {
        Self { request: request.to_owned(), promise: 0, text: text.into(), when: None, place: None }
    }
}

/// Checks one outcome against the promises that concern a flight alone (0 to 4 and 6).
///
/// Of a refusal, that no earlier code provably applies and that the place named lies in a zone. Empty if all are kept.
/// Zones are prepared anew for each call: for many flights use [`Verifier`] or
/// [`verify_plans`].
pub fn verify_flight(world: &World, request: &Request, outcome: &Outcome) -> Vec<Breach> {
    Verifier::new(world).flight(request, outcome)
}

/// Checks many flights of one world: zones are prepared once, each when it is first needed. Shared by threads.
pub struct Verifier<'a> {
    surroundings: Surroundings<'a>,
}

impl<'a> Verifier<'a> {
    /// A verifier for a world. Cost: n log n in the number of obstacles.
    pub fn new(world: &'a World) -> Self {
        Self { surroundings: Surroundings::new(world) }
    }

    /// Checks one outcome as [`verify_flight`] does.
    pub fn flight(&self, request: &Request, outcome: &Outcome) -> Vec<Breach> {
        verify_one(&self.surroundings, request, outcome)
    }

    /// Promise 5: the flights that come too close to each other, early or late by `time_s`, standing on their pads too.
    ///
    /// A breach for each pair, in the order of the flights: it is the earlier one's, names the later one, and is told
    /// for the moment at which they are closest over the ground. Flights that do not move, and those whose form is so
    /// broken that they cannot be placed, are not looked at.
    ///
    /// Cost: n log n in the length of all flights, and a comparison in closed form for every two pieces that come near.
    pub fn separation(&self, flights: &[(&Request, &Plan)]) -> Vec<Breach> {
        separation::check(self.surroundings.world, flights)
    }

    /// Promise 7: is the plan of a flight that is alone in the sky longer than the shortest path at its height allows?
    /// A plan whose form is broken is not looked at.
    ///
    /// Cost: a search among the corners of all outlines that a shorter way could touch.
    ///
    /// # Errors
    /// [`NotPromised`] where the shortest path is not promised.
    pub fn shortest(&self, request: &Request, plan: &Plan) -> Result<Option<Breach>, NotPromised> {
        match Flight::new(&self.surroundings, request, plan) {
            Ok(flight) if flight.is_in_order() && flight.moves => shortest::check(&flight),
            _ => Ok(None),
        }
    }
}

/// Checks one outcome for each request, as [`verify_flight`] does, that there is exactly one, and that the flights stay
/// apart from each other (promise 5, see [`Verifier::separation`]).
///
/// Breaches come in the order of the requests, whatever the number of threads; those of outcomes that nobody
/// requested come first, those of promise 5 last.
pub fn verify_plans(world: &World, requests: &[Request], outcomes: &[Outcome]) -> Vec<Breach> {
    let verifier = Verifier::new(world);
    let known: BTreeMap<&str, &Request> =
        requests.iter().map(|request| (request.id.as_str(), request)).collect();
    let mut breaches = Vec::new();
    let mut answers = BTreeMap::new();
    for outcome in outcomes {
        let name = request_of(outcome);
        if !known.contains_key(name) {
            breaches.push(Breach::of_form(name, "not requested"));
        } else if answers.insert(name, outcome).is_some() {
            breaches.push(Breach::of_form(name, "planned twice"));
        }
    }
    let checked: Vec<Vec<Breach>> = requests
        .par_iter()
        .map(|request| match answers.get(request.id.as_str()) {
            Some(outcome) => verifier.flight(request, outcome),
            None => vec![Breach::of_form(&request.id, "no plan")],
        })
        .collect();
    breaches.extend(checked.into_iter().flatten());
    let planned = |request: &'_ Request| match answers.get(request.id.as_str()) {
        Some(Outcome::Planned(plan)) => Some(plan),
        _ => None,
    };
    let flights: Vec<(&Request, &Plan)> =
        requests.iter().filter_map(|request| Some((request, planned(request)?))).collect();
    breaches.extend(verifier.separation(&flights));
    breaches
}

fn request_of(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Planned(plan) => &plan.request,
        Outcome::Rejected(refusal) => &refusal.request,
    }
}

fn verify_one(surroundings: &Surroundings<'_>, request: &Request, outcome: &Outcome) -> Vec<Breach> {
    if request_of(outcome) != request.id {
        return vec![Breach::of_form(&request.id, format!("the answer is to {:?}", request_of(outcome)))];
    }
    match outcome {
        Outcome::Rejected(refusal) => rejection::check(surroundings, request, refusal).into_iter().collect(),
        Outcome::Planned(plan) => match Flight::new(surroundings, request, plan) {
            Ok(flight) => verify_planned(&flight),
            Err(text) => vec![Breach::of_form(&request.id, text)],
        },
    }
}

fn verify_planned(flight: &Flight<'_>) -> Vec<Breach> {
    let mut breaches = form::check(flight);
    if flight.is_in_order() {
        if flight.moves {
            breaches.extend(form::check_departure(flight));
            breaches.extend(motion::check(flight));
            breaches.extend(turns::check(flight));
            breaches.extend(cruise::check(flight));
            breaches.extend(clearance::check(flight));
            breaches.extend(energy::check(flight));
        }
        breaches.extend(claims::check(flight));
    }
    breaches
}
