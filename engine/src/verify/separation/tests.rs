#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use rstest::rstest;

use super::super::tests::scene::{Scene, at};
use super::super::{Outcome, Verifier, verify_plans};
use super::*;
use crate::flight::Waypoint;
use crate::frame::Amsl;

/// A plan under another name, moved in place, height and time.
fn moved(plan: &Plan, name: &str, by: [f64; 3], later_s: f64) -> (Request, Plan) {
    let frame = Scene::new().world.frame;
    let trajectory = plan.trajectory.iter().map(|waypoint| {
        let from = frame.to_plane(waypoint.place);
        Waypoint {
            place: at(from.x + by[0], from.y + by[1]),
            altitude: Amsl::new(waypoint.altitude.metres() + by[2]).unwrap(),
            time: waypoint.time.plus_millis((later_s * 1000.0).round() as i64),
        }
    });
    let plan = Plan { request: name.into(), trajectory: trajectory.collect(), ..plan.clone() };
    (Request { id: name.into(), ..Scene::new().request }, plan)
}

fn breaches(scene: &Scene, flights: &[(Request, Plan)]) -> Vec<Breach> {
    let flights: Vec<_> = flights.iter().map(|(request, plan)| (request, plan)).collect();
    Verifier::new(&scene.world).separation(&flights)
}

/// What is wrong between a flight of 1 km to the east, and another.
fn text_of(scene: &Scene, other: (Request, Plan)) -> Option<String> {
    let found = breaches(scene, &[moved(&scene.plan(), "F1", [0.0; 3], 0.0), other]);
    assert!(found.len() <= 1 && found.iter().all(|b| b.promise == 5 && b.request == "F1"), "{found:?}");
    found.first().map(|breach| breach.text.clone())
}

#[rstest]
#[case::beside([0.0, 60.0, 0.0], 0.0, None)]
#[case::too_near([0.0, 59.8, 0.0], 0.0, Some("59.80 m from flight F2 with 0.00 m between their heights, at the same time"))]
#[case::above([0.0, 0.0, 20.0], 0.0, None)]
#[case::too_low([0.0, 0.0, 19.9], 0.0, Some("0.00 m from flight F2 with 19.90 m between their heights, at the same time"))]
#[case::below([30.0, 40.0, -19.0], 0.0, Some("50.00 m from flight F2 with 19.00 m between their heights, at the same time"))]
#[case::aside_and_above([0.0, 59.0, 21.0], 0.0, None)]
fn apart_at_the_same_time(#[case] by: [f64; 3], #[case] later_s: f64, #[case] expected: Option<&str>) {
    let scene = Scene::new();
    let expected = expected.map(|text| format!("{text}; needs 60 m or 20 m"));
    assert_eq!(text_of(&scene, moved(&scene.plan(), "F2", by, later_s)), expected);
}

/// Two ways that cross at right angles, the other one passing so many seconds later: 15 m/s times that over the root of
/// two is the least distance.
#[rstest]
#[case(5.5, 0.0, Some("58.34 m from flight F2 with 0.00 m between their heights, at the same time"))]
#[case(5.7, 0.0, None)]
#[case(7.5, 2.0, Some("58.35 m from flight F2 with 0.00 m between their heights, F2 1.999 s later"))]
#[case(7.7, 2.0, None)]
#[case(-7.5, 2.0, Some("58.35 m from flight F2 with 0.00 m between their heights, F2 1.999 s earlier"))]
#[case(-7.7, 2.0, None)]
fn early_or_late_where_ways_cross(#[case] later_s: f64, #[case] time_s: f64, #[case] expected: Option<&str>) {
    let mut scene = Scene::new();
    scene.world.separation.time_s = time_s;
    let across = scene.plan_through(&[(at(500.0, -500.0), 0.0), (at(500.0, 500.0), 0.0)]);
    let found = text_of(&scene, moved(&across, "F2", [0.0; 3], later_s));
    let expected = expected.map(|text| format!("{text}; needs 60 m or 20 m"));
    assert_eq!(found, expected);
}

/// One behind the other to the same pad: the first is 20 m down after 8 s at 2.5 m/s, when the second may come within
/// 60 m of the column, 4 s before it goes down itself; and it may be off by `time_s`.
#[rstest]
#[case(0.0, 11.9, true)]
#[case(0.0, 12.0, false)]
#[case(2.0, 13.9, true)]
#[case(2.0, 14.0, false)]
fn down_the_same_column(#[case] time_s: f64, #[case] later_s: f64, #[case] broken: bool) {
    let mut scene = Scene::new();
    scene.world.separation.time_s = time_s;
    assert_eq!(text_of(&scene, moved(&scene.plan(), "F2", [0.0; 3], later_s)).is_some(), broken);
}

/// One lands, and another takes off beside it to the other side: each stands `pad_s` on its pad.
#[rstest]
#[case(59.0, 0.0, 9.9, true)]
#[case(59.0, 0.0, 10.1, false)]
#[case(59.0, 2.0, 11.9, true)]
#[case(59.0, 2.0, 12.1, false)]
#[case(60.1, 2.0, 0.0, false)]
fn pads_are_held(#[case] beside_m: f64, #[case] time_s: f64, #[case] after_s: f64, #[case] broken: bool) {
    let mut scene = Scene::new();
    scene.world.separation.time_s = time_s;
    scene.world.separation.pad_s = 5.0;
    let first = scene.plan();
    let landed = first.trajectory.last().unwrap().time.seconds_since(scene.start());
    let away = scene.plan_through(&[(at(1_000.0 + beside_m, 0.0), 0.0), (at(2_500.0, 0.0), 0.0)]);
    // Waiting on the ground before is free.
    let (request, mut plan) = moved(&away, "F2", [0.0; 3], landed + after_s);
    let mut waiting = plan.trajectory[0];
    waiting.time = scene.start();
    plan.trajectory.insert(0, waiting);
    let text = text_of(&scene, (request, plan));
    assert_eq!(text.is_some(), broken, "{text:?}");
    if let Some(text) = text {
        assert!(text.starts_with("59.00 m from flight F2 with 0.00 m between their heights"), "{text}");
    }
}

#[test]
fn many_plans_are_held_to_it_after_the_promises_of_each() {
    let scene = Scene::new();
    let [first, second] = ["F1", "F2"].map(|name| moved(&scene.plan(), name, [0.0; 3], 0.0));
    let late = moved(&scene.plan(), "F3", [0.0; 3], 700.0);
    let requests = [first.0, second.0, late.0];
    let outcomes = [first.1, second.1, late.1].map(Outcome::Planned);
    let found = verify_plans(&scene.world, &requests, &outcomes);
    let told: Vec<_> = found.iter().map(|breach| (breach.request.as_str(), breach.promise)).collect();
    assert_eq!(told, [("F3", 1), ("F1", 5)], "{found:?}");
}

#[test]
fn the_worst_moment_is_told() {
    let scene = Scene::new();
    // Towards each other, 30 m aside: they pass in the middle, 20 + 500 / 15 s after their start.
    let back = scene.plan_through(&[(at(1_000.0, 30.0), 0.0), (at(0.0, 30.0), 0.0)]);
    let found =
        breaches(&scene, &[moved(&scene.plan(), "F1", [0.0; 3], 0.0), moved(&back, "F2", [0.0; 3], 0.0)]);
    let [breach] = &found[..] else { panic!("{found:?}") };
    assert!(breach.text.starts_with("30.00 m"), "{breach:?}");
    assert!((breach.when.unwrap().seconds_since(scene.start()) - 53.333).abs() < 2e-3);
    let off = scene.world.frame.to_plane(breach.place.unwrap()) - scene.world.frame.to_plane(at(500.0, 0.0));
    assert!(off.x.hypot(off.y) < 0.05);
}

#[test]
fn metres_are_those_of_the_ground() {
    // 140 km east of the centre the plane is larger than the ground by 2.4e-4.
    let scene = Scene::new();
    let far = |name, y_m| moved(&scene.plan(), name, [140_000.0, y_m, 0.0], 0.0);
    let found = |y_m| breaches(&scene, &[far("F1", 0.0), far("F2", y_m)]).len();
    let scale = scene.world.frame.scale(Xy { x: 140_000.0, y: 0.0 });
    assert!(scale > 1.000_2);
    // 59.96 m of the plane are 59.946 m.
    assert_eq!([found(59.96), found(59.97)], [1, 0]);
    assert_eq!([found((60.0 - 0.06) * scale), found((60.0 - 0.04) * scale)], [1, 0]);
}

#[test]
fn no_separation_asked_for_is_none_broken() {
    for (horizontal_m, vertical_m) in [(0.0, 20.0), (60.0, 0.0), (f64::NAN, 20.0), (60.0, f64::NAN)] {
        let mut scene = Scene::new();
        scene.world.separation.horizontal_m = horizontal_m;
        scene.world.separation.vertical_m = vertical_m;
        assert_eq!(text_of(&scene, moved(&scene.plan(), "F2", [0.0; 3], 0.0)), None);
    }
}

#[test]
fn what_cannot_be_placed_is_left_out() {
    let scene = Scene::new();
    let spoiled = |spoil: &dyn Fn(&mut Plan)| {
        let (request, mut plan) = moved(&scene.plan(), "F2", [0.0; 3], 0.0);
        spoil(&mut plan);
        text_of(&scene, (request, plan))
    };
    assert!(spoiled(&|_| {}).is_some());
    assert_eq!(spoiled(&|plan| plan.trajectory.clear()), None);
    assert_eq!(spoiled(&|plan| plan.trajectory.truncate(1)), None);
    assert_eq!(spoiled(&|plan| plan.trajectory[1].time = Instant::from_millis(i64::MIN + 1)), None);
    assert_eq!(spoiled(&|plan| plan.trajectory[3].time = Instant::MAX), None);
    assert_eq!(spoiled(&|plan| plan.trajectory[2].place = at(400_000.0, 0.0)), None);
    assert_eq!(spoiled(&|plan| plan.trajectory = vec![plan.trajectory[0]; 3]), None);
}

fn motion() -> impl Strategy<Value = Motion> {
    let here = (-100.0..100.0, -100.0..100.0, 0.0..60.0);
    // Some stand, some are level, some go straight up.
    let speed = || prop_oneof![1 => Just(0.0), 3 => -20.0..20.0];
    (0.0..20.0, 0.5..20.0, here, (speed(), speed(), prop_oneof![Just(0.0), -3.0..3.0])).prop_map(
        |(from_s, lasts_s, (x, y, z), (east, north, up))| Motion {
            from_s,
            to_s: from_s + lasts_s,
            at: Vector3::new(x, y, z),
            velocity: Vector3::new(east, north, up),
        },
    )
}

const STEP_S: f64 = 0.05;

/// The least distance over a grid of moments.
fn sampled(one: &Motion, other: &Motion, time_s: f64, vertical_m: f64) -> f64 {
    let moments = |motion: &Motion| {
        let (from, to) = (motion.from_s, motion.to_s);
        let steps = ((to - from) / STEP_S).ceil() as u32;
        (0..=steps).map(move |i| from + (to - from) * f64::from(i) / f64::from(steps))
    };
    let mut least_m = f64::INFINITY;
    for t in moments(one) {
        let here = one.at(t);
        for s in moments(other).filter(|s| (s - t).abs() <= time_s) {
            let gap = here - other.at(s);
            if gap.z.abs() <= vertical_m {
                least_m = least_m.min(gap.xy().norm());
            }
        }
    }
    least_m
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// No sample is closer; and samples within limits wider by the step come as close, but for the way flown in it.
    #[test]
    fn closed_form_against_dense_samples(
        one in motion(), other in motion(), time_s in prop_oneof![Just(0.0), 0.0..8.0], vertical_m in 0.5..30.0,
    ) {
        let found = least(&one, &other, time_s, vertical_m);
        let exact = found.map_or(f64::INFINITY, |moment| moment.distance_m);
        prop_assert!(exact <= sampled(&one, &other, time_s, vertical_m) + 1e-6);
        if let Some(moment) = found {
            // Each is off by half a step at most, at 28.3 m/s at most and 3 m/s of height.
            let near = sampled(&one, &other, time_s + 1.1 * STEP_S, vertical_m + 3.3 * STEP_S);
            prop_assert!(near <= exact + 28.3 * STEP_S + 1e-6, "{near} {exact}");
            // And the moment is what it says.
            let gap = one.at(moment.t) - other.at(moment.s);
            prop_assert!((gap.xy().norm() - exact).abs() < 1e-9);
            prop_assert!(gap.z.abs() <= vertical_m + 1e-6 && (moment.t - moment.s).abs() <= time_s + 1e-6);
            let within = |motion: &Motion, t: f64| motion.from_s - 1e-9 <= t && t <= motion.to_s + 1e-9;
            prop_assert!(within(&one, moment.t) && within(&other, moment.s));
        }
    }

    /// The same either way round, and however long after the start of time.
    #[test]
    fn neither_order_nor_epoch_matters(one in motion(), other in motion(), time_s in 0.0..8.0, later_s in 0.0..1e6) {
        let distance = |one: &Motion, other: &Motion| least(one, other, time_s, 10.0).map(|moment| moment.distance_m);
        let found = distance(&one, &other);
        for again in [distance(&other, &one), distance(&one.later(later_s), &other.later(later_s))] {
            prop_assert_eq!(found.is_some(), again.is_some());
            prop_assert!((found.unwrap_or(0.0) - again.unwrap_or(0.0)).abs() < 1e-5);
        }
    }
}

type Way = (Vec<(f64, f64, f64, i64)>, i64);

/// Flights of up to four legs of up to 3 km, some of them standing, within half an hour.
fn ways() -> impl Strategy<Value = Vec<Way>> {
    let leg = (-1_500.0..1_500.0, -1_500.0..1_500.0, 0.0..120.0, 0..200_000_i64);
    prop::collection::vec((prop::collection::vec(leg, 2..5), 0..900_000_i64), 2..14)
}

fn flight_of(number: usize, (legs, start): &Way) -> (Request, Plan) {
    let scene = Scene::new();
    let mut time = scene.start().plus_millis(*start);
    let trajectory = legs.iter().map(|&(x, y, z, lasts)| {
        let waypoint = Waypoint { place: at(x, y), altitude: Amsl::new(z).unwrap(), time };
        time = time.plus_millis(lasts);
        waypoint
    });
    let plan = Plan { trajectory: trajectory.collect(), ..scene.plan() };
    (Request { id: format!("F{number}"), ..scene.request }, plan)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Cut in parts and looked up in the tree, the same pairs are found as by comparing all pieces with all.
    #[test]
    fn the_tree_against_all_pairs(ways in ways(), time_s in 0.0..10.0, pad_s in 0.0..20.0) {
        let mut scene = Scene::new();
        (scene.world.separation.time_s, scene.world.separation.pad_s) = (time_s, pad_s);
        let flights: Vec<_> = ways.iter().enumerate().map(|(number, way)| flight_of(number, way)).collect();
        let limits = Limits::of(&scene.world);
        let frame = &scene.world.frame;
        let tracks: Vec<Vec<Motion>> = flights.iter().map(|(_, plan)| {
            let start_s = plan.trajectory[0].time.seconds_since(scene.start());
            motions(frame, plan, limits.pad_s).iter().map(|motion| motion.later(start_s)).collect()
        }).collect();
        let mut expected = Vec::new();
        for (one, mine) in tracks.iter().enumerate() {
            for (other, theirs) in tracks.iter().enumerate().skip(one + 1) {
                let closest = mine.iter().flat_map(|mine| theirs.iter().filter_map(move |theirs| {
                    least(mine, theirs, limits.time_s, limits.vertical_m).map(|moment| moment.distance_m)
                })).fold(f64::INFINITY, f64::min);
                if closest < limits.horizontal_m {
                    expected.push((format!("F{one}"), format!("{closest:.1} m from flight F{other} ")));
                }
            }
        }
        let found = breaches(&scene, &flights);
        prop_assert_eq!(found.len(), expected.len());
        for (breach, (request, text)) in found.iter().zip(&expected) {
            prop_assert_eq!(&breach.request, request);
            let metres = |text: &str| text.split(' ').next().unwrap().parse::<f64>().unwrap();
            prop_assert!((metres(&breach.text) - metres(text)).abs() < 0.06, "{} {}", breach.text, text);
            prop_assert!(breach.text.contains(text.split_once(' ').unwrap().1), "{} {}", breach.text, text);
        }
    }

    /// Any times and heights there are: no panic, and nothing said of flights that are not too close.
    #[test]
    fn hostile_times(
        times in prop::collection::vec(prop_oneof![any::<i64>(), 0..100_000_i64, Just(i64::MAX - 1), Just(i64::MIN + 1)], 6),
        heights in prop::collection::vec(prop_oneof![-1e300..1e300, 0.0..100.0], 6),
        figures in prop::array::uniform4(prop_oneof![Just(f64::INFINITY), Just(f64::NAN), Just(-1.0), 0.0..1e12]),
    ) {
        let mut scene = Scene::new();
        let [horizontal_m, vertical_m, time_s, pad_s] = figures;
        scene.world.separation = crate::world::Separation { horizontal_m, vertical_m, time_s, pad_s };
        let flights: Vec<_> = times.chunks(2).zip(heights.chunks(2)).enumerate().map(|(number, (times, heights))| {
            let (request, mut plan) = flight_of(number, &(vec![(0.0, 0.0, 0.0, 0), (900.0, 0.0, 0.0, 0)], 0));
            for (waypoint, (time, height)) in plan.trajectory.iter_mut().zip(times.iter().zip(heights)) {
                waypoint.time = Instant::from_millis(*time);
                waypoint.altitude = Amsl::new(*height).unwrap_or(waypoint.altitude);
            }
            (request, plan)
        }).collect();
        for breach in breaches(&scene, &flights) {
            let metres: f64 = breach.text.split(' ').next().unwrap().parse().unwrap();
            prop_assert!(metres < horizontal_m.min(1e9), "{}", breach.text);
        }
    }
}
