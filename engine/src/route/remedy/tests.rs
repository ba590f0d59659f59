#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::airspace::{Airspace, Zone};
use crate::route::random_scene::{START_S, request, world, zone};
use crate::verify::verify_flight;
use crate::world::World;

fn is_planned(planner: &Planner<'_>, request: &Request) -> bool {
    matches!(planner.plan(request), Outcome::Planned(_))
}

/// Zones with names of their own.
fn world_of(zones: Vec<Zone>) -> World {
    let named = |(number, zone)| Zone { identifier: format!("Z{number}"), ..zone };
    world(Airspace::new(zones.into_iter().enumerate().map(named), 1), &Arc::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// What a refusal proposes is planned and keeps its promises; with the first departure there is none a second before
    /// it, and of the missing authorizations none can be left out.
    #[test]
    fn remedies_do_what_they_say_and_no_less_would_do(
        zones in prop::collection::vec(zone(), 1..8), ends in prop::array::uniform2(-1_500.0..1_500.0_f64),
        lasts in 0..1_000_i64, band in prop_oneof![Just((60.0, 120.0)), Just((85.0, 110.0)), Just((30.0, 40.0))],
    ) {
        let mut flight = request((ends[0], ends[1]), (ends[1] + 300.0, ends[0]));
        flight.departure.end = flight.departure.start.plus_millis(lasts);
        (flight.cruise.min, flight.cruise.max) = (Agl::new(band.0).unwrap(), Agl::new(band.1).unwrap());
        let world = world_of(zones);
        let planner = Planner::new(&world);
        let (outcome, remedies) = planner.advise(&flight);
        prop_assert!(remedies.is_empty() || matches!(outcome, Outcome::Rejected(_)));
        for remedy in remedies {
            let changed = remedy.applied(&flight);
            let planned = planner.plan(&changed);
            prop_assert!(matches!(planned, Outcome::Planned(_)), "{remedy:?}");
            prop_assert_eq!(verify_flight(&world, &changed, &planned), vec![]);
            match &remedy {
                Remedy::Departure(window) => {
                    let sooner = Interval::new(flight.departure.end, window.start.plus_millis(-1_000));
                    prop_assert!(window.start > flight.departure.end);
                    prop_assert!(!is_planned(&planner, &Remedy::Departure(sooner).applied(&flight)));
                }
                Remedy::Cruise(band) => {
                    prop_assert!(band.max < flight.cruise.min || band.min > flight.cruise.max);
                }
                Remedy::Authorizations(zones) => {
                    for left_out in zones {
                        let fewer: Vec<String> = zones.iter().filter(|zone| *zone != left_out).cloned().collect();
                        prop_assert!(!is_planned(&planner, &Remedy::Authorizations(fewer).applied(&flight)));
                    }
                }
            }
        }
    }
}

/// Tens of openings within the week: the first through which there is time to fly is found, not the first one.
#[test]
fn the_first_departure_is_the_first_among_many_openings() {
    use crate::airspace::{Applicability, Period};
    let at = |seconds| Some(Instant::from_seconds(START_S + seconds));
    let period = |start, end| Period { start: at(start), end: at(end), schedule: Vec::new() };
    // Open for 10 s every 1,000 s, then for 100 s from 20,000 s on: to climb out of it takes 30 s.
    let mut periods: Vec<Period> = (0..20).map(|n| period(1_000 * n + 10, 1_000 * (n + 1))).collect();
    periods.push(period(20_100, 90_000));
    let mut lid = crate::route::random_scene::circle((0.0, 0.0), 150.0);
    lid.applicability = Applicability::Periods(periods);
    let mut flight = request((0.0, 0.0), (1_000.0, 0.0));
    flight.departure =
        Interval::new(Instant::from_seconds(START_S + 500), Instant::from_seconds(START_S + 600));
    let world = world_of(vec![lid]);
    let (_, remedies) = Planner::new(&world).advise(&flight);
    let [Remedy::Departure(window)] = &remedies[..] else { panic!("{remedies:?}") };
    assert_eq!(window.start.seconds_since(Instant::from_seconds(START_S)), 20_001.0);
}
