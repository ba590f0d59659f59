//! Books of planned flights for tests, and what has to hold for every book.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use proptest::prelude::*;

use super::{Fate, Moment, Options, batch};
use crate::airspace::{Airspace, Zone};
use crate::flight::{Outcome, Plan, Request};
use crate::frame::{Instant, Interval};
use crate::route::random_scene::{START_S, circle, request, world};
use crate::traffic::{Book, Traffic};
use crate::verify::{Breach, Verifier};
use crate::world::World;

pub(super) const REACTION_S: f64 = 10.0;

/// Some flights come from these, and some go to them.
pub(super) const PADS: [(f64, f64); 4] = [(0.0, 0.0), (120.0, 0.0), (0.0, 120.0), (900.0, 400.0)];

pub(super) fn instant(seconds: f64) -> Instant {
    Instant::from_seconds(START_S).plus_millis((seconds * 1000.0).round() as i64)
}

pub(super) fn at(seconds: f64) -> Moment {
    Moment { now: instant(seconds), reaction_s: REACTION_S }
}

pub(super) fn scene(zones: Vec<Zone>) -> World {
    let mut zones = zones;
    zones.extend([circle((1500.0, 300.0), 250.0), circle((-900.0, -800.0), 400.0)]);
    world(Airspace::new(zones, 1), &Arc::default())
}

pub(super) fn flight(
    id: &str,
    priority: i32,
    from: (f64, f64),
    to: (f64, f64),
    (earliest_s, lasts_s): (f64, f64),
) -> Request {
    let departure = Interval::new(instant(earliest_s), instant(earliest_s + lasts_s));
    Request { id: id.to_owned(), priority, departure, ..request(from, to) }
}

/// Traffic between a few pads and places around them, of priorities 0 to 2.
pub(super) fn requests(most: usize) -> impl Strategy<Value = Vec<Request>> {
    let place = (-2000.0..2000.0_f64, -2000.0..2000.0_f64);
    let window = (0.0..300.0_f64, 0.0..600.0_f64);
    let one = (0..4_usize, place, window, 0..3_i32, any::<bool>()).prop_map(
        |(pad, (x, y), window, priority, out)| {
            let far = (x + 700.0_f64.copysign(x), y + 700.0_f64.copysign(y));
            let (from, to) = if out { (PADS[pad], far) } else { (far, PADS[pad]) };
            flight("", priority, from, to, window)
        },
    );
    prop::collection::vec(one, 1..most).prop_map(|mut flights| {
        flights.iter_mut().enumerate().for_each(|(i, flight)| flight.id = format!("F{i}"));
        flights
    })
}

/// What can be planned of some requests, reserved in the order in which they are planned.
pub(super) fn book_of(world: &World, requests: &[Request]) -> Book {
    let outcomes = batch(world, requests, &Options::default(), &|_, _| {}).outcomes;
    let mut book = Book::new(Traffic::new(world.frame.clone(), instant(0.0), &world.separation));
    for (request, outcome) in requests.iter().zip(outcomes) {
        if let Outcome::Planned(plan) = outcome {
            book.reserve(Arc::new(request.clone()), Arc::new(plan), 0).unwrap();
        }
    }
    book
}

/// What is broken in a book: promises of its flights alone, and flights too close to each other.
pub(super) fn broken(world: &World, book: &Book, but_for: &[String]) -> Vec<Breach> {
    let verifier = Verifier::new(world);
    let flights: Vec<(&Request, &Plan)> =
        book.iter().map(|reserved| (&*reserved.request, &*reserved.plan)).collect();
    let looked_at = flights.iter().filter(|(request, _)| !but_for.contains(&request.id));
    let mut breaches: Vec<Breach> = looked_at
        .flat_map(|(request, plan)| verifier.flight(request, &Outcome::Planned((*plan).clone())))
        .collect();
    breaches.extend(verifier.separation(&flights));
    breaches
}

pub(super) fn arrival(plan: &Plan) -> Instant {
    plan.trajectory.last().unwrap().time
}

pub(super) fn lift_off(plan: &Plan) -> Instant {
    plan.trajectory[0].time
}

/// The plan that a flight has been given.
pub(super) fn plan_of(fate: &Fate) -> Option<&Arc<Plan>> {
    match fate {
        Fate::Amended(plan) | Fate::Advised(plan) | Fate::Diverted { plan, .. } => Some(plan),
        Fate::Contingent { .. } => None,
    }
}

/// Do two plans fly the same up to a time?
pub(super) fn same_until(traffic: &Traffic, one: &Plan, other: &Plan, until: Instant) -> bool {
    let [one, other] = [one, other].map(|plan| traffic.track_of(plan));
    let until_s = until.seconds_since(traffic.epoch());
    (0..=200).all(|step| {
        let time_s = until_s * f64::from(step) / 200.0;
        let (a, b) = (one.at(time_s).unwrap(), other.at(time_s).unwrap());
        // Times in milliseconds, at 15 m/s.
        (a.at.x - b.at.x).hypot(a.at.y - b.at.y) < 0.05 && (a.height_m - b.height_m).abs() < 0.05
    })
}
