//! Flights planned anew in the air: what was flown stays, all promises are kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use crate::aircraft::Aircraft;
use crate::airspace::{Airspace, Zone};
use crate::flight::{Outcome, Plan, RefusalCode};
use crate::frame::Instant;
use crate::route::random_scene::{START_S, circle, quad, request, world, zone};
use crate::route::{Planner, plan};
use crate::traffic::Traffic;
use crate::verify::verify_flight;
use crate::world::World;

fn fleet() -> Arc<BTreeMap<String, Aircraft>> {
    let wide = Aircraft { min_turn_radius_m: 60.0, ..quad() };
    let wing = Aircraft { can_hover: false, ..quad() };
    Arc::new(
        [("quad", quad()), ("wide", wide), ("wing", wing)]
            .map(|(name, craft)| (name.to_owned(), craft))
            .into(),
    )
}

fn among(zones: Vec<Zone>) -> World {
    World { fleet: fleet(), ..world(Airspace::new(zones, 1), &Arc::default()) }
}

/// The plan from an instant on, seconds after the start, in a world without other flights.
fn anew(world: &World, aircraft: &str, before: &Plan, at_s: f64) -> Outcome {
    let mut asked = request((-2_000.0, 0.0), (2_000.0, 0.0));
    asked.aircraft = aircraft.to_owned();
    let at = Instant::from_seconds(START_S).plus_millis((at_s * 1000.0) as i64);
    let planner = Planner::new(world);
    let traffic = Traffic::new(world.frame.clone(), Instant::from_seconds(START_S), &world.separation);
    let placed = planner.plan_among(&planner.prepare_airborne(&asked, before, at), &traffic, &|_| true);
    if let Outcome::Planned(plan) = &placed.outcome {
        assert_eq!(verify_flight(world, &asked, &placed.outcome), []);
        let flown = before.trajectory.iter().take_while(|waypoint| waypoint.time < at);
        assert!(flown.zip(&plan.trajectory).all(|(was, is)| {
            let (was, is) = (world.frame.to_plane(was.place) - world.frame.to_plane(is.place), (was, is));
            was.x.hypot(was.y) < 1e-6 && is.0.altitude == is.1.altitude && is.0.time == is.1.time
        }));
    }
    placed.outcome
}

fn planned(world: &World, aircraft: &str) -> Plan {
    let mut asked = request((-2_000.0, 0.0), (2_000.0, 0.0));
    asked.aircraft = aircraft.to_owned();
    match plan(world, &asked) {
        Outcome::Planned(plan) => plan,
        Outcome::Rejected(refusal) => panic!("{refusal:?}"),
    }
}

#[test]
fn nothing_changes_for_a_flight_that_nothing_stands_in_the_way_of() {
    let world = among(Vec::new());
    let before = planned(&world, "quad");
    for at_s in [10.0, 20.0, 100.5, 280.0] {
        let Outcome::Planned(after) = anew(&world, "quad", &before, at_s) else { panic!("at {at_s}") };
        assert!((after.duration_s - before.duration_s).abs() < 0.01, "at {at_s}: {}", after.duration_s);
        assert!((after.energy_wh - before.energy_wh).abs() < 0.1, "at {at_s}: {}", after.energy_wh);
        assert!(after.delay_s < 0.01 && (after.gap - before.gap).abs() < 1e-4);
    }
}

#[test]
fn a_zone_that_pops_up_is_flown_around_from_where_the_aircraft_is() {
    let before = planned(&among(Vec::new()), "quad");
    let closed = among(vec![circle((500.0, 50.0), 300.0)]);
    let Outcome::Planned(after) = anew(&closed, "quad", &before, 60.0) else { panic!() };
    assert!(after.length_m > before.length_m + 30.0 && after.delay_s > 2.0, "{} m", after.length_m);
    // Within the zone, or with its destination in it, there is no way on.
    let Outcome::Rejected(refusal) = anew(&closed, "quad", &before, 185.0) else { panic!() };
    assert_ne!(refusal.code, RefusalCode::Traffic);
    let over_end = among(vec![circle((2_000.0, 0.0), 300.0)]);
    let Outcome::Rejected(refusal) = anew(&over_end, "quad", &before, 60.0) else { panic!() };
    assert_eq!(refusal.code, RefusalCode::DestinationInZone);
}

#[test]
fn what_lands_already_or_cannot_hover_keeps_its_plan() {
    let world = among(Vec::new());
    let before = planned(&world, "quad");
    assert!(matches!(anew(&world, "quad", &before, 300.0), Outcome::Rejected(_)));
    assert!(matches!(anew(&world, "quad", &before, 9_000.0), Outcome::Rejected(_)));
    let wing = planned(&world, "wing");
    assert!(matches!(anew(&world, "wing", &wing, 100.0), Outcome::Rejected(_)));
    // On the ground it is planned as any other.
    assert!(matches!(anew(&world, "wing", &wing, -5.0), Outcome::Planned(_)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The promises are held to in `anew`.
    #[test]
    fn plans_from_the_air_keep_all_promises(
        zones in prop::collection::vec(zone(), 0..6), more in prop::collection::vec(zone(), 0..4), share in 0.0..1.1_f64,
        wide in any::<bool>()
    ) {
        let aircraft = if wide { "wide" } else { "quad" };
        let mut asked = request((-2_000.0, 0.0), (2_000.0, 0.0));
        asked.aircraft = aircraft.to_owned();
        let named = |(i, zone): (usize, Zone)| Zone { identifier: format!("Z{i}"), ..zone };
        let first = among(zones.iter().cloned().enumerate().map(named).collect());
        if let Outcome::Planned(before) = plan(&first, &asked) {
            let all = among(zones.into_iter().chain(more).enumerate().map(named).collect());
            // What was flown before the zones were there may break them: only later zones count.
            let end_s = before.arrival_s(asked.departure.start);
            let at_s = (share * end_s * 1000.0).round() / 1000.0;
            let same = anew(&first, aircraft, &before, at_s);
            if let Outcome::Planned(after) = same {
                prop_assert!(after.energy_wh < before.energy_wh + 60.0);
            }
            let planner = Planner::new(&all);
            let at = asked.departure.start.plus_millis((at_s * 1000.0) as i64);
            let traffic = Traffic::new(all.frame.clone(), asked.departure.start, &all.separation);
            let placed = planner.plan_among(&planner.prepare_airborne(&asked, &before, at), &traffic, &|_| true);
            if placed.track.is_some() {
                let breaches = verify_flight(&all, &asked, &placed.outcome);
                let later = breaches.iter().filter(|breach| breach.when.is_none_or(|when| when > at));
                prop_assert_eq!(later.filter(|breach| breach.promise != 0).count(), 0);
            }
        }
    }
}
