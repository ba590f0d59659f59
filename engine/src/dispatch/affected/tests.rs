#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::airspace::{Applicability, Period, Restriction};
use crate::dispatch::booked::{
    PADS, REACTION_S, at, book_of, broken, flight, instant, lift_off, plan_of, requests, same_until, scene,
};
use crate::flight::Outcome;
use crate::route::random_scene::{circle, place};
use crate::verify::verify_flight;
use crate::weather::{Wind, WindLayer};
use crate::world::World;

/// A disc that closes at a time.
fn pop_up(middle: (f64, f64), radius_m: f64, from_s: f64, restriction: Restriction) -> Zone {
    let mut zone = circle(middle, radius_m);
    zone.identifier = "POP-UP".to_owned();
    zone.restriction = restriction;
    let period = Period { start: Some(instant(from_s)), end: None, schedule: Vec::new() };
    zone.applicability = Applicability::Periods(vec![period]);
    zone
}

fn with(world: &World, zone: &Arc<Zone>) -> World {
    World { airspace: Arc::new(world.airspace.changed(&[], [Arc::clone(zone)])), ..world.clone() }
}

/// The world and the book after a zone has come, and what it means.
fn after(world: &World, before: &Book, zone: Zone, now_s: f64, sites: &[Site]) -> (Affected, World, Book) {
    let zone = Arc::new(zone);
    let world = with(world, &zone);
    let change = ZoneChange { removed: &[], added: &[zone] };
    let found = affected(&Planner::new(&world), before, change, at(now_s), sites);
    let mut after = before.clone();
    let revision = before.revision() + u64::from(!found.change.is_empty());
    assert_eq!(after.apply(found.change.clone(), before.revision()), Ok(revision));
    (found, world, after)
}

fn names(found: &Affected) -> Vec<&str> {
    found.fated.iter().map(|fated| fated.request.as_str()).collect()
}

#[test]
fn flights_on_the_ground_go_round_a_zone_that_comes_up() {
    let world = scene(Vec::new());
    let across = flight("ACROSS", 0, (-2_000.0, 1_500.0), (2_000.0, 1_500.0), (100.0, 600.0));
    let beside = flight("BESIDE", 0, (-2_000.0, -1_900.0), (2_000.0, -1_900.0), (100.0, 600.0));
    let book = book_of(&world, &[across, beside]);
    let zone = pop_up((0.0, 1_500.0), 300.0, 60.0, Restriction::Prohibited);
    let (found, world, after) = after(&world, &book, zone, 50.0, &[]);
    assert_eq!(names(&found), ["ACROSS"]);
    assert_eq!(broken(&world, &after, &[]), []);
    assert!(
        plan_of(&found.fated[0].fate).unwrap().length_m > book.get("ACROSS").unwrap().plan.length_m + 20.0
    );
}

#[test]
fn a_flight_to_a_place_that_is_closed_is_taken_out() {
    let world = scene(Vec::new());
    let book = book_of(&world, &[flight("INTO", 0, PADS[0], (0.0, 1_500.0), (100.0, 600.0))]);
    let zone = pop_up((0.0, 1_500.0), 300.0, 60.0, Restriction::Prohibited);
    let (found, _, after) = after(&world, &book, zone, 50.0, &[]);
    let Fate::Contingent { airborne: false, site: None, refusal } = &found.fated[0].fate else {
        panic!("{found:?}")
    };
    assert_eq!((refusal.zones.as_slice(), after.len()), (&["POP-UP".to_owned()][..], 0));
}

#[test]
fn plans_list_a_zone_with_conditions_that_comes_up_and_no_longer_when_it_goes() {
    let world = scene(Vec::new());
    let book =
        book_of(&world, &[flight("ACROSS", 0, (-2_000.0, 1_500.0), (2_000.0, 1_500.0), (100.0, 600.0))]);
    let zone = pop_up((0.0, 1_500.0), 300.0, 60.0, Restriction::Conditional);
    let (found, with_zone, mut book) = after(&world, &book, zone, 50.0, &[]);
    let Fate::Advised(plan) = &found.fated[0].fate else { panic!("{found:?}") };
    assert_eq!((plan.advisories.len(), plan.advisories[0].zone.as_str()), (1, "POP-UP"));
    assert_eq!(broken(&with_zone, &book, &[]), []);

    let gone = with_zone.airspace.zones().find(|zone| zone.identifier == "POP-UP").cloned().unwrap();
    let change = ZoneChange { removed: &[gone], added: &[] };
    let found = affected(&Planner::new(&world), &book, change, at(70.0), &[]);
    assert!(
        matches!(&found.fated[..], [Fated { fate: Fate::Advised(plan), .. }] if plan.advisories.is_empty())
    );
    let since = book.revision();
    book.apply(found.change, since).unwrap();
    assert_eq!(broken(&world, &book, &[]), []);
}

#[test]
fn a_flight_in_the_air_flies_round_a_zone_that_comes_up_or_lands_at_a_site() {
    let world = scene(Vec::new());
    let book =
        book_of(&world, &[flight("ACROSS", 0, (-2_000.0, 1_500.0), (2_000.0, 1_500.0), (100.0, 600.0))]);
    let before = Arc::clone(&book.get("ACROSS").unwrap().plan);
    let site = |id: &str, x: f64, y: f64| Site { id: id.to_owned(), place: place(x, y) };
    let sites =
        [site("FAR", -1_900.0, 800.0), site("SHUT", 1_500.0, 1_400.0), site("NEAR", -1_000.0, 1_000.0)];
    // 50 s into the flight it is some 450 m on its way.
    let round = pop_up((500.0, 1_500.0), 300.0, 160.0, Restriction::Prohibited);
    let (found, world_after, booked) = after(&world, &book, round, 150.0, &sites);
    let Fate::Amended(plan) = &found.fated[0].fate else { panic!("{found:?}") };
    assert!(same_until(book.traffic(), &before, plan, instant(150.0 + REACTION_S)) && **plan != *before);
    assert_eq!(broken(&world_after, &booked, &[]), []);

    let over_the_goal = pop_up((1_800.0, 1_500.0), 700.0, 160.0, Restriction::Prohibited);
    let (found, world_after, booked) = after(&world, &book, over_the_goal.clone(), 150.0, &sites);
    let Fate::Diverted { site, plan } = &found.fated[0].fate else { panic!("{found:?}") };
    assert!(site == "NEAR" && same_until(book.traffic(), &before, plan, instant(150.0 + REACTION_S)));
    assert_eq!(booked.get("ACROSS").unwrap().request.destination, place(-1_000.0, 1_000.0));
    assert_eq!(broken(&world_after, &booked, &[]), []);

    // With no site that is open it stays as it is, and the nearest is named.
    let (found, _, booked) = after(&world, &book, over_the_goal, 150.0, &sites[1..2]);
    let Fate::Contingent { airborne: true, site, .. } = &found.fated[0].fate else { panic!("{found:?}") };
    assert_eq!(site.as_deref(), Some("SHUT"));
    assert!(Arc::ptr_eq(&booked.get("ACROSS").unwrap().plan, &before) && found.change.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// The wind turns over random traffic: with all flights planned anew that break a promise in it, every promise is kept,
    /// but for flights that cannot be helped; all others keep their plans, or made room.
    #[test]
    fn in_a_new_wind_every_plan_is_legal_again(
        requests in requests(30), (speed_m_s, from_deg) in (0.0..6.0_f64, 0.0..360.0_f64), now_s in 0.0..400.0_f64,
    ) {
        let before = scene(Vec::new());
        let book = book_of(&before, &requests);
        let layer = WindLayer { above_agl_m: f64::NEG_INFINITY, speed_m_s, from_deg };
        let world = World { wind: Wind::new(vec![layer]).unwrap(), ..before };
        let breaks = |reserved: &&Arc<Reserved>| {
            !verify_flight(&world, &reserved.request, &Outcome::Planned((*reserved.plan).clone())).is_empty()
        };
        let flights: Vec<u32> = book.iter().filter(breaks).map(|reserved| reserved.flight).collect();
        let sites = [Site { id: "S".to_owned(), place: place(-1_000.0, 1_200.0) }];
        let planner = Planner::new(&world);
        let found = renew(&planner, &book, &flights, at(now_s), &sites);
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        prop_assert_eq!(&alone.install(|| renew(&planner, &book, &flights, at(now_s), &sites)).fated, &found.fated);
        let mut after = book.clone();
        after.apply(found.change.clone(), book.revision()).unwrap();
        // What has been flown in the old wind cannot be helped.
        let has_left = |reserved: &Arc<Reserved>| lift_off(&reserved.plan) <= instant(now_s);
        let left: Vec<String> = book.iter().filter(|reserved| has_left(reserved)).map(|reserved| reserved.request.id.clone()).collect();
        prop_assert_eq!(broken(&world, &after, &left), []);
        for reserved in book.iter() {
            let fated = found.fated.iter().any(|fated| fated.request == reserved.request.id);
            prop_assert!(fated || Arc::ptr_eq(&after.get(&reserved.request.id).unwrap().plan, &reserved.plan));
            prop_assert!(fated == flights.contains(&reserved.flight) || (fated && reserved.request.priority < 2));
        }
    }

    /// A zone comes up in random traffic: all plans that are left keep their promises in the new world, but for those of
    /// flights in the air that have no other; nothing has changed for flights that it does not touch, unless they
    /// made room for a higher one; and what was refused has no plan alone in the sky, or others are in the way.
    #[test]
    fn after_a_change_every_plan_is_legal_again(
        requests in requests(40), (x, y) in (-1_800.0..1_800.0_f64, -1_800.0..1_800.0_f64), radius_m in 50.0..500.0_f64,
        now_s in 0.0..400.0_f64, is_closed in prop::bool::weighted(0.8),
    ) {
        let before = scene(Vec::new());
        let book = book_of(&before, &requests);
        let restriction = if is_closed { Restriction::Prohibited } else { Restriction::Uspace };
        let zone = pop_up((x, y), radius_m, now_s + REACTION_S + 0.1, restriction);
        let sites = [Site { id: "S".to_owned(), place: place(-1_000.0, 1_200.0) }];
        let touching: Vec<String> = touched(&with(&before, &Arc::new(zone.clone())), &book, &zone, instant(now_s))
            .iter().map(|touched| book.of_number(touched.flight).unwrap().request.id.clone()).collect();
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let on_one_thread = alone.install(|| after(&before, &book, zone.clone(), now_s, &sites).0.fated);
        let (found, world, after) = after(&before, &book, zone, now_s, &sites);
        prop_assert_eq!(&on_one_thread, &found.fated);
        for reserved in book.iter() {
            let outcome = Outcome::Planned((*reserved.plan).clone());
            let is_broken = !verify_flight(&world, &reserved.request, &outcome).is_empty();
            prop_assert!(!is_broken || touching.contains(&reserved.request.id));
        }
        let stays = |fated: &&Fated| matches!(fated.fate, Fate::Contingent { airborne: true, .. });
        let left: Vec<String> = found.fated.iter().filter(stays).map(|fated| fated.request.clone()).collect();
        prop_assert_eq!(broken(&world, &after, &left), []);
        for reserved in book.iter() {
            let id = &reserved.request.id;
            let has_left = lift_off(&reserved.plan) <= instant(now_s);
            let fated = found.fated.iter().find(|fated| fated.request == *id);
            match (after.get(id), fated.map(|fated| &fated.fate)) {
                (Some(kept), None | Some(Fate::Contingent { airborne: true, .. })) => {
                    prop_assert!(Arc::ptr_eq(&kept.plan, &reserved.plan));
                }
                (Some(now), Some(fate)) => {
                    prop_assert!(Arc::ptr_eq(&now.plan, plan_of(fate).unwrap()));
                    prop_assert!(touching.contains(id) || reserved.request.priority < 2);
                    let reacts = instant(now_s + REACTION_S);
                    prop_assert!(!has_left || same_until(after.traffic(), &now.plan, &reserved.plan, reacts));
                    prop_assert!(has_left || lift_off(&now.plan) >= instant(now_s).max(reserved.request.departure.start));
                }
                (None, Some(Fate::Contingent { airborne: false, refusal, .. })) => {
                    let mut later = (*reserved.request).clone();
                    later.departure.start = later.departure.start.max(instant(now_s));
                    let refused = Outcome::Rejected(refusal.clone());
                    prop_assert_eq!(verify_flight(&world, &later, &refused), []);
                    prop_assert!(!has_left && (!refusal.flights.is_empty() || !refusal.zones.is_empty()));
                }
                (None, fate) => prop_assert!(false, "{} is gone: {:?}", id, fate),
            }
        }
    }
}
