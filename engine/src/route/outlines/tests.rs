#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::airspace::{Airspace, Layer, Limits, Restriction};
use crate::flight::Outcome;
use crate::frame::Agl;
use crate::route::Planner;
use crate::route::random_scene::{outline, place, request, world, zone};

/// The zones with names that nobody has had before.
fn named(zones: Vec<Zone>, count: &mut usize) -> Vec<Arc<Zone>> {
    let name = |mut zone: Zone| {
        *count += 1;
        zone.identifier = format!("Z{count}");
        Arc::new(zone)
    };
    zones.into_iter().map(name).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Through any changes, planners that share outlines plan as one made from nothing.
    #[test]
    fn planners_that_share_outlines_plan_as_new_ones_do(
        start in prop::collection::vec(zone(), 0..12),
        masts in prop::collection::vec(outline(), 0..3),
        changes in prop::collection::vec((prop::collection::vec(0..20_usize, 0..4), prop::collection::vec(zone(), 0..4)), 1..5),
        ends in prop::array::uniform4(-3_000.0..3_000.0_f64),
    ) {
        let mast = |outline| Obstacle { identifier: "MAST".to_owned(), outline, height: Agl::new(70.0).unwrap() };
        let obstacles = Arc::new(masts.into_iter().map(mast).collect());
        let flights = [request((ends[0], ends[1]), (ends[2], ends[3])), request((ends[2], ends[1]), (ends[0], ends[3]))];
        let mut count = 0;
        let mut list = named(start, &mut count);
        let mut here = world(Airspace::new(list.iter().cloned(), 1), &obstacles);
        let outlines = Arc::new(Outlines::new(&here));
        for (removed, added) in changes {
            let added = named(added, &mut count);
            let numbered: Vec<(u32, Arc<Zone>)> =
                here.airspace.index().numbered().map(|(place, zone)| (place, Arc::clone(zone))).collect();
            let gone: BTreeMap<u32, Arc<Zone>> = removed.iter().filter_map(|&n| numbered.get(n).cloned()).collect();
            list.retain(|zone| gone.values().all(|other| !Arc::ptr_eq(zone, other)));
            list.extend(added.iter().cloned());
            let places: Vec<u32> = gone.into_keys().collect();
            here = world(here.airspace.changed(&places, added), &obstacles);
            prop_assert!(outlines.fit(&here));
            let anew = world(Airspace::new(list.iter().map(|zone| Zone::clone(zone)), 1), &obstacles);
            for flight in &flights {
                let (shared, alone) = (Planner::sharing(&here, &outlines), Planner::new(&anew));
                prop_assert_eq!(shared.plan(flight), alone.plan(flight));
            }
        }
    }
}

/// What has been removed is forgotten in time.
#[test]
fn outlines_of_zones_that_are_gone_are_forgotten() {
    let obstacles = Arc::default();
    let circle = |number: usize| {
        let (column, row) = ((number % 25) as f64, (number / 25 % 24) as f64);
        let at = place(column * 300.0 - 3_700.0, row * 300.0 - 3_600.0);
        let layer =
            Layer { outline: Outline::Circle { centre: at, radius_m: 20.0 }, limits: Limits::UNBOUNDED };
        Zone::new(format!("Z{number}"), Restriction::Prohibited, vec![layer])
    };
    let mut here = world(Airspace::new((0..600).map(circle), 1), &obstacles);
    let outlines = Arc::new(Outlines::new(&here));
    let flight = request((-2_050.0, -100.0), (2_050.0, -80.0));
    for round in 1..8 {
        let places: Vec<u32> = here.airspace.index().numbered().map(|(place, _)| place).collect();
        let added = (600 * round..600 * (round + 1)).map(circle);
        here = world(here.airspace.changed(&places, added), &obstacles);
        let outcome = Planner::sharing(&here, &outlines).plan(&flight);
        assert!(matches!(outcome, Outcome::Planned(_)), "{outcome:?}");
    }
    let kept = outlines.of_layers.read().unwrap().kept.len();
    assert!(kept <= 2 * SWEPT_AT, "{kept}");
    let other = world(Airspace::default(), &Arc::default());
    assert!(!outlines.fit(&other), "its obstacles are others");
}
