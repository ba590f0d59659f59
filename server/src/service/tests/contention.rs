//! Many at once for the same sky.

use std::sync::Barrier;

use tianlu_engine::flight::{Plan, Request};
use tianlu_engine::verify::Verifier;

use super::recovered::assert_same;
use super::*;

/// The flights of the book, held against each other by code that shares nothing with it.
pub(super) fn assert_apart(state: &State) {
    let flights: Vec<(&Request, &Plan)> =
        state.book.iter().map(|reserved| (&*reserved.request, &*reserved.plan)).collect();
    let breaches = Verifier::new(&state.world).separation(&flights);
    assert!(breaches.is_empty(), "{breaches:?}");
}

/// From a few pads, all within minutes, so that many plans are outrun and many refused; some go before others.
#[test]
fn who_was_answered_with_yes_is_in_the_book_and_no_one_else() {
    const THREADS: usize = 8;
    const EACH: usize = 12;
    let city = City::new(vec![closed("WALL", (600.0, 0.0), 150.0)]);
    let barrier = Barrier::new(THREADS);
    let by_thread = |thread: usize| {
        let who = operator(&format!("O{thread}"));
        barrier.wait();
        let mut accepted = Vec::new();
        for n in 0..EACH {
            let pad = |k: usize| (600.0 * (k % 3) as f64, 400.0 - 800.0 * (k % 2) as f64);
            let from = 60.0 + 20.0 * ((n * 7 + thread) % 10) as f64;
            let id = format!("F{thread}-{n}");
            let request = request(&id, pad(n), pad(n + 1 + thread % 2), (from, from + 60.0));
            let priority = i32::from((n + thread).is_multiple_of(5));
            match city.accept(&who, ask(Request { priority, ..request })) {
                Ok(Accepted::Flight { flight, .. }) => accepted.push(flight.id().to_owned()),
                Ok(Accepted::Refused { .. }) => {}
                Ok(Accepted::Repeated { .. }) => panic!("repeated"),
                Err(denied) => panic!("{denied}"),
            }
        }
        accepted
    };
    let accepted: Vec<String> = std::thread::scope(|scope| {
        let by_thread = &by_thread;
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || by_thread(thread))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let state = city.state();
    assert!(accepted.len() >= 20 && accepted.len() < THREADS * EACH, "{}", accepted.len());
    assert_eq!(state.flights.len(), accepted.len());
    // Those that made room and had no other way are on the ground without a plan.
    let (reserved, others): (Vec<&String>, Vec<&String>) =
        accepted.iter().partition(|id| state.flight(id).unwrap().reserved);
    assert_eq!(state.book.len(), reserved.len());
    assert!(reserved.iter().all(|id| state.book.get(id).is_some()));
    assert!(others.iter().all(|id| state.flight(id).unwrap().state == FlightState::Contingent));
    assert_apart(&state);
    let numbers: std::collections::BTreeSet<u64> =
        state.flights.values().map(|flight| flight.number).collect();
    assert_eq!((numbers.len(), state.last_number), (accepted.len(), accepted.len() as u64));
    let events = city.events();
    assert!(events.iter().map(|event| event.id).eq(1..=state.last_event));
    assert_same(&state, &city.again().state());
}
