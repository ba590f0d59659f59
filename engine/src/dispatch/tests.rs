//! Batches: no two flights in conflict, every plan held against the promises, the order of priorities, the same on any
//! number of threads and in blocks of any size.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use proptest::prelude::*;

use super::batch::in_blocks;
use super::*;
use crate::airspace::{Airspace, Zone};
use crate::flight::{Outcome, Plan, Refusal, RefusalCode, Request};
use crate::frame::{Instant, Interval, Xy};
use crate::route::Planner;
use crate::route::random_scene::{START_S, circle, place, request, world};
use crate::traffic::{Book, Traffic, in_conflict};
use crate::verify::verify_plans;
use crate::world::World;

const PADS: [(f64, f64); 4] = [(0.0, 0.0), (120.0, 0.0), (0.0, 120.0), (900.0, 400.0)];

/// Two-way traffic between a few pads and places around them, some of it urgent.
fn requests() -> impl Strategy<Value = Vec<Request>> {
    let flight = (
        0..4_usize,
        (-2000.0..2000.0_f64, -2000.0..2000.0_f64),
        0..300_i64,
        0..600_i64,
        0..5_i32,
        any::<bool>(),
    );
    prop::collection::vec(flight, 1..40).prop_map(|flights| {
        let made =
            flights.into_iter().enumerate().map(|(i, (pad, (x, y), earliest, window, priority, out))| {
                let far = (x + 700.0_f64.copysign(x), y + 700.0_f64.copysign(y));
                let mut made = if out { request(PADS[pad], far) } else { request(far, PADS[pad]) };
                made.id = format!("F{i}");
                made.priority = (priority - 3).max(0);
                made.departure = window_of(earliest, window);
                made
            });
        made.collect()
    })
}

fn window_of(earliest_s: i64, lasts_s: i64) -> Interval {
    let at = |seconds| Instant::from_seconds(START_S + seconds);
    Interval::new(at(earliest_s), at(earliest_s + lasts_s))
}

fn scene() -> World {
    let zones = vec![circle((1500.0, 300.0), 250.0), circle((-900.0, -800.0), 400.0)];
    world(Airspace::new(zones, 1), &Arc::default())
}

fn planned(world: &World, requests: &[Request], improve_steps: u64) -> Dispatched {
    batch(world, requests, &Options { improve_steps, seed: 1 }, &|_, _| {})
}

fn plan_of(outcome: &Outcome) -> Option<&Plan> {
    match outcome {
        Outcome::Planned(plan) => Some(plan),
        Outcome::Rejected(_) => None,
    }
}

/// Every plan keeps its promises, and no two are in conflict as traffic tells it either, which tolerates less.
fn assert_kept_apart(world: &World, requests: &[Request], outcomes: &[Outcome]) {
    assert_eq!(verify_plans(world, requests, outcomes), []);
    let traffic = Traffic::new(world.frame.clone(), Instant::from_seconds(START_S), &world.separation);
    let tracks: Vec<_> =
        outcomes.iter().filter_map(plan_of).map(|plan| (plan, traffic.track_of(plan))).collect();
    for (i, (one, a)) in tracks.iter().enumerate() {
        for (other, b) in &tracks[..i] {
            assert!(!in_conflict(a, b, traffic.apart()), "{} and {}", one.request, other.request);
        }
    }
}

fn cost(outcomes: &[Outcome]) -> (usize, f64) {
    let plans = outcomes.iter().filter_map(plan_of);
    (outcomes.len() - plans.clone().count(), plans.map(|plan| plan.delay_s).sum())
}

#[test]
fn of_two_that_must_leave_one_pad_at_once_the_second_is_refused_and_the_first_is_named() {
    let mut one = request(PADS[0], (1500.0, -900.0));
    one.departure = window_of(0, 0);
    let mut other = request(PADS[0], (-1500.0, 900.0));
    (other.id, other.departure) = ("F2".into(), window_of(0, 0));
    let world = scene();
    let outcomes = planned(&world, &[one.clone(), other.clone()], 0).outcomes;
    assert!(plan_of(&outcomes[0]).is_some());
    let Outcome::Rejected(Refusal { code, flights, text, .. }) = &outcomes[1] else { panic!("{outcomes:?}") };
    assert_eq!((*code, &flights[..]), (RefusalCode::Traffic, &["F1".to_owned()][..]));
    assert!(text.contains("F1 in the way"), "{text}");
    // The higher priority goes first, wherever it stands in the list.
    other.priority = 1;
    let outcomes = planned(&world, &[one, other], 0).outcomes;
    assert!(plan_of(&outcomes[0]).is_none() && plan_of(&outcomes[1]).is_some());
}

#[test]
fn ways_that_cross_are_flown_one_above_the_other_without_delay() {
    let one = request((-2000.0, 0.0), (2000.0, 0.0));
    let mut other = request((0.0, -2000.0), (0.0, 2000.0));
    other.id = "F2".into();
    let world = world(Airspace::new(Vec::<Zone>::new(), 1), &Arc::default());
    let outcomes = planned(&world, &[one.clone(), other.clone()], 0).outcomes;
    assert_kept_apart(&world, &[one, other], &outcomes);
    let (first, second) = (plan_of(&outcomes[0]).unwrap(), plan_of(&outcomes[1]).unwrap());
    assert_eq!(first.delay_s, 0.0);
    assert!(second.delay_s < 0.5, "{}", second.delay_s);
    // The second leaves the lowest height to the first, which was there before.
    let top = |plan: &Plan| plan.trajectory.iter().map(|w| w.altitude.metres()).fold(0.0, f64::max);
    assert_eq!((top(first), top(second)), (60.0, 80.0));
}

#[test]
fn a_flight_that_meets_nobody_is_planned_as_it_is_alone() {
    let lone = request((-2000.0, 1900.0), (2000.0, 1900.0));
    let world = scene();
    let outcome = &planned(&world, std::slice::from_ref(&lone), 0).outcomes[0];
    assert_eq!(*outcome, crate::route::plan(&world, &lone));
}

#[test]
fn repair_makes_room_for_a_refused_flight() {
    // The first takes the only departure of the second, though it could as well leave later.
    let mut first = request(PADS[0], (1500.0, -900.0));
    first.departure = window_of(0, 600);
    let mut second = request(PADS[0], (-1500.0, 900.0));
    (second.id, second.departure) = ("F2".into(), window_of(0, 0));
    let world = scene();
    let requests = [first, second];
    assert_eq!(cost(&planned(&world, &requests, 0).outcomes).0, 1);
    let repaired = planned(&world, &requests, 5);
    assert_kept_apart(&world, &requests, &repaired.outcomes);
    assert_eq!(repaired.statistics.refused(), 0);
    assert!((10.0..30.0).contains(&repaired.statistics.delay_s), "{:?}", repaired.statistics);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn flights_are_apart_and_planned_as_one_after_the_other(requests in requests()) {
        let world = scene();
        let whole = planned(&world, &requests, 0);
        assert_kept_apart(&world, &requests, &whole.outcomes);
        let options = Options::default();
        for block in [1, 7] {
            let other = in_blocks(block, &Planner::new(&world), None, &requests, &options, &|_, _| {});
            prop_assert!(other == whole, "in blocks of {}", block);
        }
        for threads in [1, 2, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            prop_assert!(pool.install(|| planned(&world, &requests, 0)) == whole, "on {} threads", threads);
        }
    }

    #[test]
    fn a_batch_among_reserved_flights_leaves_them_as_they_are(requests in requests(), steps in 0..4_u64) {
        let world = scene();
        let planner = Planner::new(&world);
        let options = Options { improve_steps: steps, seed: 1 };
        let mut book = Book::new(Traffic::new(world.frame.clone(), requests[0].departure.start, &world.separation));
        let beside = |book: &Book, requests: &[Request]| {
            batch_among(&planner, book, requests, &options, &|_, _| {}).outcomes
        };
        prop_assert!(beside(&book, &requests) == planned(&world, &requests, steps).outcomes);

        let (early, late) = requests.split_at(requests.len() / 2);
        let mut outcomes = planned(&world, early, 0).outcomes;
        for (request, outcome) in early.iter().zip(&outcomes) {
            if let Outcome::Planned(plan) = outcome {
                book.reserve(Arc::new(request.clone()), Arc::new(plan.clone()), 0).unwrap();
            }
        }
        outcomes.extend(beside(&book, late));
        assert_kept_apart(&world, &requests, &outcomes);
    }

    #[test]
    fn no_flight_is_delayed_by_one_of_lower_priority(requests in requests(), steps in 0..10_u64) {
        let world = scene();
        let outcomes = planned(&world, &requests, steps).outcomes;
        for priority in [1, 0] {
            let higher: Vec<Request> = requests.iter().filter(|r| r.priority > priority).cloned().collect();
            let without = planned(&world, &higher, 0).outcomes;
            let with: Vec<&Outcome> =
                requests.iter().zip(&outcomes).filter(|(r, _)| r.priority > priority).map(|(_, o)| o).collect();
            let sum = |outcomes: &[&Outcome]| cost(&outcomes.iter().copied().cloned().collect::<Vec<_>>());
            let (alone, among) = (sum(&without.iter().collect::<Vec<_>>()), sum(&with));
            prop_assert!(among.0 <= alone.0, "{} refused, {} without those below", among.0, alone.0);
            prop_assert!(among.0 < alone.0 || among.1 <= alone.1 + 1e-6, "{:?} {:?}", among, alone);
        }
    }

    #[test]
    fn repair_never_makes_it_worse_and_is_the_same_for_the_same_seed(requests in requests()) {
        let world = scene();
        let before = planned(&world, &requests, 0);
        let after = planned(&world, &requests, 12);
        assert_kept_apart(&world, &requests, &after.outcomes);
        let (was, is) = (cost(&before.outcomes), cost(&after.outcomes));
        prop_assert!(is.0 < was.0 || (is.0 == was.0 && is.1 <= was.1 + 1e-6), "{:?} {:?}", was, is);
        prop_assert!(after == planned(&world, &requests, 12));
    }
}

#[test]
fn the_places_of_the_scene_are_as_far_apart_as_it_says() {
    let world = scene();
    let at = |(x, y)| world.frame.to_plane(place(x, y));
    let (a, b): (Xy, Xy) = (at(PADS[0]), at(PADS[1]));
    assert!(((a.x - b.x).hypot(a.y - b.y) - 120.0).abs() < 1e-6);
}
