#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::dispatch::booked::{
    PADS, arrival, at, book_of, broken, flight, instant, lift_off, plan_of, requests, same_until, scene,
};
use crate::flight::{Plan, RefusalCode};
use crate::world::World;

fn planned(outcome: &Outcome) -> &Plan {
    match outcome {
        Outcome::Planned(plan) => plan,
        Outcome::Rejected(refusal) => panic!("{refusal:?}"),
    }
}

/// The book after an urgent flight has gone first, and what became of it.
fn preempted(world: &World, before: &Book, urgent: Request, now_s: f64) -> (Preempted, Book) {
    let planner = Planner::new(world);
    let found = preempt(&planner, before, &Arc::new(urgent), at(now_s));
    let mut after = before.clone();
    if !found.change.is_empty() {
        assert_eq!(after.apply(found.change.clone(), before.revision()), Ok(before.revision() + 1));
    }
    (found, after)
}

#[test]
fn what_is_on_the_ground_makes_room_and_is_planned_again() {
    let world = scene(Vec::new());
    let low = flight("LOW", 0, PADS[0], (2_000.0, -900.0), (100.0, 600.0));
    let high = flight("HIGH", 5, PADS[0], (-2_000.0, 900.0), (100.0, 600.0));
    for (booked, now_s, makes_room) in [(&low, 50.0, true), (&high, 50.0, false), (&low, 105.0, false)] {
        let book = book_of(&world, std::slice::from_ref(booked));
        let urgent = flight("URGENT", 5, PADS[0], (1_800.0, 1_500.0), (100.0, 600.0));
        let (found, after) = preempted(&world, &book, urgent, now_s);
        assert_eq!(broken(&world, &after, &[]), []);
        let names: Vec<&str> = found.displaced.iter().map(|fated| fated.request.as_str()).collect();
        let lifts_off = lift_off(planned(&found.outcome));
        if makes_room {
            assert_eq!((names, lifts_off), (vec!["LOW"], instant(100.0)));
            let plan = plan_of(&found.displaced[0].fate).unwrap();
            assert!(lift_off(plan) > instant(100.0) && lift_off(plan) < instant(150.0));
        } else {
            assert!(names.is_empty() && lifts_off > instant(100.0), "{lifts_off:?}");
        }
    }
}

#[test]
fn what_makes_room_is_not_delayed_by_lower_flights_in_turn() {
    // One pad, one after the other: the urgent flight takes the place of the first, and each the next one's.
    let world = scene(Vec::new());
    let middle = flight("MIDDLE", 3, PADS[0], (2_000.0, -900.0), (100.0, 600.0));
    let low = flight("LOW", 0, PADS[0], (-2_000.0, -1_900.0), (100.0, 600.0));
    let book = book_of(&world, &[low, middle]);
    let before = lift_off(&book.get("LOW").unwrap().plan);
    assert!(before > lift_off(&book.get("MIDDLE").unwrap().plan));
    let urgent = flight("URGENT", 9, PADS[0], (1_800.0, 1_500.0), (100.0, 600.0));
    let (found, after) = preempted(&world, &book, urgent, 50.0);
    assert_eq!(broken(&world, &after, &[]), []);
    let names: Vec<&str> = found.displaced.iter().map(|fated| fated.request.as_str()).collect();
    assert_eq!(names, ["MIDDLE", "LOW"]);
    let of = |id: &str| lift_off(&after.get(id).unwrap().plan);
    assert!(of("URGENT") == instant(100.0) && of("URGENT") < of("MIDDLE") && of("MIDDLE") < of("LOW"));
}

#[test]
fn what_finds_no_other_departure_is_taken_out_and_told_why() {
    let world = scene(Vec::new());
    let book = book_of(&world, &[flight("LOW", 0, PADS[0], (2_000.0, -900.0), (100.0, 0.0))]);
    let urgent = flight("URGENT", 9, PADS[0], (1_800.0, 1_500.0), (100.0, 0.0));
    let (found, after) = preempted(&world, &book, urgent, 50.0);
    assert_eq!((after.len(), after.get("LOW").is_some()), (1, false));
    let [Fated { fate: Fate::Contingent { airborne: false, refusal, .. }, .. }] = &found.displaced[..] else {
        panic!("{:?}", found.displaced)
    };
    assert_eq!((refusal.code, &refusal.flights[..]), (RefusalCode::Traffic, &["URGENT".to_owned()][..]));
}

#[test]
fn an_urgent_flight_that_cannot_fly_changes_nothing() {
    let world = scene(Vec::new());
    let book = book_of(&world, &[flight("LOW", 0, PADS[0], (2_000.0, -900.0), (100.0, 600.0))]);
    let urgent = flight("URGENT", 9, PADS[0], (1_500.0, 300.0), (100.0, 600.0));
    let (found, after) = preempted(&world, &book, urgent, 50.0);
    assert!(
        matches!(&found.outcome, Outcome::Rejected(refusal) if refusal.code == RefusalCode::DestinationInZone)
    );
    assert!(found.change.is_empty() && found.displaced.is_empty() && after.revision() == book.revision());
}

#[test]
fn what_is_in_the_air_gives_way_after_the_reaction_time_and_not_before() {
    let world = scene(Vec::new());
    let book = book_of(&world, &[flight("LOW", 0, (-2_000.0, 900.0), PADS[0], (100.0, 600.0))]);
    let before = Arc::clone(&book.get("LOW").unwrap().plan);
    let lands_s = arrival(&before).seconds_since(instant(0.0));
    let urgent = flight("URGENT", 9, PADS[0], (1_800.0, -1_500.0), (lands_s - 5.0, 600.0));

    let (found, after) = preempted(&world, &book, urgent.clone(), lands_s - 120.0);
    assert_eq!(broken(&world, &after, &[]), []);
    let [Fated { request, fate: Fate::Amended(plan) }] = &found.displaced[..] else { panic!("{found:?}") };
    assert_eq!((request.as_str(), planned(&found.outcome).delay_s), ("LOW", 0.0));
    assert!(arrival(plan) > arrival(&before));
    assert!(same_until(after.traffic(), plan, &before, instant(lands_s - 110.0)));

    // On its way down it keeps its plan, and the urgent flight waits for it.
    let (found, after) = preempted(&world, &book, urgent, lands_s - 15.0);
    assert_eq!(broken(&world, &after, &[]), []);
    assert!(found.displaced.is_empty() && planned(&found.outcome).delay_s > 5.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// In random traffic, some of it in the air: the urgent flight lands no later than it would among the flights that
    /// it has to heed; nothing is in conflict afterwards and every promise is kept; only lower flights have changed, those
    /// in the air not before the reaction time; and no flight on the ground leaves before now.
    #[test]
    fn an_urgent_flight_is_delayed_by_none_below_it(
        requests in requests(40), pad in 0..4_usize, (x, y) in (800.0..2_200.0_f64, -2_200.0..-1_300.0_f64),
        now_s in 0.0..300.0_f64, (later_s, lasts_s) in (0.0..60.0_f64, 0.0..300.0_f64), priority in 1..4_i32,
    ) {
        let world = scene(Vec::new());
        let book = book_of(&world, &requests);
        let urgent = flight("URGENT", priority, PADS[pad], (x, y), (now_s + later_s, lasts_s));
        let (found, after) = preempted(&world, &book, urgent.clone(), now_s);
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let (on_one_thread, _) = alone.install(|| preempted(&world, &book, urgent.clone(), now_s));
        prop_assert_eq!((&on_one_thread.outcome, &on_one_thread.displaced), (&found.outcome, &found.displaced));
        prop_assert_eq!(broken(&world, &after, &[]), []);

        let planner = Planner::new(&world);
        let has_left = |reserved: &Reserved| lift_off(&reserved.plan) <= instant(now_s);
        let heeds = |number: u32| {
            let other = book.of_number(number).unwrap();
            other.request.priority >= priority || has_left(other)
        };
        let among = planner.plan_among(&planner.prepare(&urgent), book.traffic(), &heeds);
        match (&found.outcome, &among.outcome) {
            (Outcome::Planned(plan), Outcome::Planned(bound)) => prop_assert!(arrival(plan) <= arrival(bound)),
            (Outcome::Rejected(_), Outcome::Planned(_)) => prop_assert!(false, "refused though there is a plan"),
            (_, Outcome::Rejected(_)) => {}
        }
        for reserved in book.iter() {
            let id = &reserved.request.id;
            let fated = found.displaced.iter().find(|fated| fated.request == *id);
            match (after.get(id), fated) {
                (Some(kept), None) => prop_assert!(Arc::ptr_eq(&kept.plan, &reserved.plan)),
                (None, Some(fated)) => prop_assert!(plan_of(&fated.fate).is_none() && !has_left(reserved)),
                (None, None) => prop_assert!(false, "{} is gone and nobody says why", id),
                (Some(now), Some(fated)) => {
                    prop_assert!(Arc::ptr_eq(&now.plan, plan_of(&fated.fate).unwrap()));
                    prop_assert!(reserved.request.priority < priority);
                    if has_left(reserved) {
                        let reacts = instant(now_s + crate::dispatch::booked::REACTION_S);
                        prop_assert!(same_until(after.traffic(), &now.plan, &reserved.plan, reacts));
                    } else {
                        prop_assert!(lift_off(&now.plan) >= instant(now_s));
                    }
                }
            }
        }
    }
}
