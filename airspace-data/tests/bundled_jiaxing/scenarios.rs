//! The two ready scenarios.

use std::collections::BTreeSet;

use tianlu_airspace_data::airspace::ReadOptions;
use tianlu_airspace_data::scenario::{Scenario, read_scenario};
use tianlu_engine::airspace::Mission;
use tianlu_engine::dispatch::{Options, batch};
use tianlu_engine::flight::Outcome;
use tianlu_engine::verify::verify_plans;

use super::folder;

fn read(name: &str) -> Scenario {
    read_scenario(&folder().join("scenarios").join(name), &ReadOptions::default()).unwrap()
}

#[test]
fn both_are_read_whole() {
    for (name, least) in [("morning.json", 60), ("rescue-day.json", 50)] {
        let scenario = read(name);
        assert!(scenario.requests.len() >= least, "{name}: {}", scenario.requests.len());
        assert_eq!(scenario.expected.len(), scenario.requests.len(), "{name}");
        let ids: BTreeSet<&str> = scenario.requests.iter().map(|request| request.id.as_str()).collect();
        assert_eq!(ids.len(), scenario.requests.len(), "{name}");
        for request in &scenario.requests {
            assert!(request.departure.start < request.departure.end, "{}", request.id);
        }
    }
}

#[test]
fn the_morning_is_of_hospital_and_port_logistics_and_each_refusal_has_its_own_request() {
    let morning = read("morning.json");
    let refusals: Vec<&str> =
        morning.expected.values().map(String::as_str).filter(|code| *code != "PLANNED").collect();
    assert_eq!(refusals.len(), 5);
    for code in ["ORIGIN_IN_ZONE", "DESTINATION_IN_ZONE", "CEILING", "ENERGY"] {
        assert!(refusals.contains(&code), "{code}");
    }
    assert!(morning.requests.iter().any(|request| request.priority >= 10));
    assert!(morning.requests.iter().any(|request| !request.authorizations.is_empty()));
}

#[test]
fn on_the_rescue_day_rescue_goes_before_emergency_supplies_and_goods() {
    let day = read("rescue-day.json");
    let highest = |mission| {
        day.requests.iter().filter(|request| request.mission == mission).map(|request| request.priority).max()
    };
    assert!(highest(Mission::Emergency) > highest(Mission::Rescue));
    assert!(highest(Mission::Rescue) > highest(Mission::Logistics));
}

#[test]
fn every_request_ends_as_expected_and_every_plan_keeps_its_promises() {
    for name in ["morning.json", "rescue-day.json"] {
        let scenario = read(name);
        let outcomes = batch(&scenario.world, &scenario.requests, &Options::default(), &|_, _| {}).outcomes;
        for (request, outcome) in scenario.requests.iter().zip(&outcomes) {
            let code = match outcome {
                Outcome::Planned(_) => "PLANNED",
                Outcome::Rejected(refusal) => refusal.code.as_str(),
            };
            assert_eq!(code, scenario.expected[&request.id], "{name}: {}", request.id);
        }
        assert_eq!(verify_plans(&scenario.world, &scenario.requests, &outcomes), [], "{name}");
    }
}
