use super::*;
use crate::airspace::{Applicability, Period, Zone};
use crate::flight::{Refusal, RefusalCode};

fn refused(scene: &Scene, code: RefusalCode) -> Vec<String> {
    let refusal = Refusal { request: "F1".into(), code, text: String::new(), zones: vec![], flights: vec![] };
    let breaches = verify_flight(&scene.world, &scene.request, &Outcome::Rejected(refusal));
    assert!(breaches.iter().all(|breach| breach.promise == 0));
    breaches.into_iter().map(|breach| breach.text).collect()
}

/// A circle of 100 m so far north of one end.
fn circle_at(x: f64, north_m: f64) -> Zone {
    let outline = Outline::Circle { centre: at(x, north_m), radius_m: 100.0 };
    zone("NFZ", Restriction::Prohibited, outline, Limits::UNBOUNDED)
}

#[test]
fn a_bad_request_comes_first() {
    let mut scene = Scene::new();
    assert!(refused(&scene, RefusalCode::NoRoute).is_empty());
    assert!(refused(&scene, RefusalCode::BadRequest).is_empty());
    scene.request.aircraft = "balloon".into();
    assert_eq!(
        refused(&scene, RefusalCode::NoRoute),
        ["rejected as NO_ROUTE, but BAD_REQUEST comes before it"]
    );
    let mut scene = Scene::new();
    scene.band(120.0, 60.0);
    assert_eq!(refused(&scene, RefusalCode::OriginInZone).len(), 1);
    let mut scene = Scene::new();
    scene.request.departure.end = scene.start().plus_millis(-1);
    assert_eq!(refused(&scene, RefusalCode::Traffic).len(), 1);
    let mut scene = Scene::new();
    scene.request.destination = place(123.0, 30.0);
    assert_eq!(refused(&scene, RefusalCode::NoRoute).len(), 1);
}

#[test]
fn an_end_in_a_zone_is_grown_by_the_clearance() {
    let mut scene = Scene::new();
    for (north_m, is_in) in [(105.0, true), (109.9, true), (110.1, false)] {
        scene.zones(vec![circle_at(0.0, north_m)]);
        assert_eq!(refused(&scene, RefusalCode::OriginInZone).is_empty(), is_in, "{north_m}");
        assert_eq!(refused(&scene, RefusalCode::NoRoute).is_empty(), !is_in, "{north_m}");
        assert_eq!(refused(&scene, RefusalCode::DestinationInZone).len(), 1);
        scene.zones(vec![circle_at(1_000.0, north_m)]);
        assert_eq!(refused(&scene, RefusalCode::DestinationInZone).is_empty(), is_in, "{north_m}");
        assert_eq!(refused(&scene, RefusalCode::Ceiling).is_empty(), !is_in, "{north_m}");
    }
    scene.request.exemptions = vec!["NFZ".into()];
    assert!(refused(&scene, RefusalCode::Ceiling).is_empty());
}

#[test]
fn a_zone_well_above_the_ground_bars_no_end() {
    let mut scene = Scene::new();
    for (lower_m, is_in) in [(4.9, true), (5.1, false)] {
        let mut above = circle_at(0.0, 0.0);
        above.layers[0].limits.lower = height(lower_m);
        scene.zones(vec![above]);
        assert_eq!(refused(&scene, RefusalCode::OriginInZone).is_empty(), is_in, "{lower_m}");
    }
}

#[test]
fn an_end_must_be_barred_all_the_time() {
    let mut scene = Scene::new();
    let until = |scene: &Scene, seconds: i64| {
        let mut timed = circle_at(0.0, 0.0);
        let end = Some(scene.start().plus_millis(seconds * 1000));
        timed.applicability = Applicability::Periods(vec![Period { start: None, end, schedule: vec![] }]);
        timed
    };
    scene.zones(vec![until(&scene, 599)]);
    assert_eq!(
        refused(&scene, RefusalCode::OriginInZone),
        ["rejected as ORIGIN_IN_ZONE, but its origin is free at a time when it could be there"]
    );
    assert!(refused(&scene, RefusalCode::NoRoute).is_empty());
    scene.zones(vec![until(&scene, 601)]);
    assert!(refused(&scene, RefusalCode::OriginInZone).is_empty());
    assert_eq!(refused(&scene, RefusalCode::NoRoute).len(), 1);
    // Two windows that leave no gap bar it as well.
    let mut second = until(&scene, 601);
    second.applicability = Applicability::Periods(vec![Period {
        start: Some(scene.start().plus_millis(300_000)),
        end: None,
        schedule: vec![],
    }]);
    scene.zones(vec![until(&scene, 300), second]);
    assert!(refused(&scene, RefusalCode::OriginInZone).is_empty());
}

mod hostile {
    use proptest::prelude::*;

    use super::*;
    use crate::flight::Waypoint;
    use crate::frame::{Interval, LonLat};

    fn anywhere() -> impl Strategy<Value = LonLat> {
        prop_oneof![
            (-180.0..=180.0, -90.0..=90.0).prop_map(|(lon, lat)| place(lon, lat)),
            (-2_000.0..2_000.0, -2_000.0..2_000.0).prop_map(|(x, y)| at(x, y)),
        ]
    }

    fn any_time() -> impl Strategy<Value = Instant> {
        let extremes = [i64::MIN, i64::MIN + 1, i64::MAX - 1, i64::MAX];
        prop_oneof![
            (0..600_000_i64).prop_map(|ms| Scene::new().start().plus_millis(ms)),
            (0..4_usize).prop_map(move |i| Instant::from_millis(extremes[i])),
        ]
    }

    fn any_waypoint() -> impl Strategy<Value = Waypoint> {
        (anywhere(), prop_oneof![-100.0..300.0, Just(f64::MAX)], any_time())
            .prop_map(|(place, metres, time)| Waypoint { place, altitude: Amsl::new(metres).unwrap(), time })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// Whatever the plan and the request, there is an answer, the same twice; and no such plan is a good one.
        #[test]
        fn every_plan_is_answered(
            trajectory in prop::collection::vec(any_waypoint(), 0..8), start in any_time(), end in any_time(),
            destination in anywhere(), over_terrain: bool, code in 0..7_usize,
        ) {
            let mut scene = Scene::new();
            let outline = Outline::Polygons(vec![Polygon { exterior: box_of(-500.0, -700.0, 900.0, 300.0), holes: vec![] }]);
            scene.zones(vec![circle_at(300.0, 0.0), zone("BOX", Restriction::Conditional, outline, Limits::UNBOUNDED)]);
            if over_terrain {
                scene.world.ground = std::sync::Arc::new(ridge());
            }
            scene.request.departure = Interval::new(start, end);
            scene.request.destination = destination;
            let plan = Plan { trajectory, length_m: f64::INFINITY, ..scene.plan() };
            let breaches = scene.verify(&plan);
            prop_assert!(!breaches.is_empty());
            prop_assert_eq!(breaches, scene.verify(&plan));
            prop_assert!(refused(&scene, RefusalCode::ALL[code]).len() <= 1);
        }
    }
}
