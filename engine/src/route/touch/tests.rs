#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::aircraft::Aircraft;
use crate::airspace::{Airspace, Applicability, Layer, Outline, Period, Polygon, Restriction};
use crate::flight::{Outcome, Plan, Waypoint};
use crate::frame::{Agl, Amsl};
use crate::route::random_scene::{START_S, frame, outline, place, quad, request, world};
use crate::surface::Raster;
use crate::verify::{Breach, verify_flight};
use crate::world::World;

fn start() -> Instant {
    Instant::from_seconds(START_S)
}

fn always() -> Interval {
    Interval::new(start(), start().plus_millis(7_200_000))
}

/// Rough ground around the scene, posts some 500 m apart.
fn rough(heights: &[f32]) -> Ground {
    let posts = (0..1600).map(|i| heights[i % heights.len()]).collect();
    Ground::Raster(Raster::new((120.65, 30.82), (0.005, 0.005), 40, posts).unwrap())
}

/// A plan along points of the plane: east, north, metres AMSL, seconds from the one before.
fn plan(points: &[(f64, f64, f64, f64)]) -> Plan {
    let mut time_s = 0.0;
    let waypoint = |&(x, y, z, s): &(f64, f64, f64, f64)| {
        time_s += s;
        let time = start().plus_millis((time_s * 1000.0).round() as i64);
        Waypoint { place: place(x, y), altitude: Amsl::new(z).unwrap(), time }
    };
    Plan {
        request: "F1".to_owned(),
        trajectory: points.iter().map(waypoint).collect(),
        length_m: 0.0,
        duration_s: 0.0,
        delay_s: 0.0,
        energy_wh: 0.0,
        lower_bound_s: 0.0,
        gap: 0.0,
        advisories: Vec::new(),
    }
}

fn track(plan: &Plan) -> Track {
    let frame = frame();
    let fix = |waypoint: &Waypoint| Fix {
        at: frame.to_plane(waypoint.place),
        height_m: waypoint.altitude.metres(),
        time_s: waypoint.time.seconds_since(start()),
    };
    Track::new(plan.trajectory.iter().map(fix), 5.0)
}

/// The world's one zone as the flight of a plan meets it.
fn entry(world: &World, request: &Request, plan: &Plan) -> Entry {
    let zone = world.airspace.zones().next().unwrap();
    let aircraft = &world.fleet["quad"];
    let touch = Touch::new(zone, &world.frame, &world.ground, start(), always());
    touch.entry(request, &track(plan), aircraft.clearance_m, aircraft.vertical_clearance_m)
}

/// What the checker says about the zone.
fn breaches(world: &World, request: &Request, plan: &Plan) -> Vec<Breach> {
    let mut breaches = verify_flight(world, request, &Outcome::Planned(plan.clone()));
    breaches.retain(|breach| breach.text.contains("zone Z"));
    breaches
}

/// Metres of clearance, both ways.
fn with_clearances(mut world: World, clearance_m: f64, vertical_clearance_m: f64) -> World {
    let craft = Aircraft { clearance_m, vertical_clearance_m, ..quad() };
    world.fleet = Arc::new(BTreeMap::from([("quad".to_owned(), craft)]));
    world
}

fn window(opens_s: f64, closes_s: f64) -> Applicability {
    let at = |seconds: f64| Some(start().plus_millis((seconds * 1000.0) as i64));
    Applicability::Periods(vec![Period { start: at(opens_s), end: at(closes_s), schedule: Vec::new() }])
}

fn limit() -> impl Strategy<Value = Option<Height>> {
    let agl = |metres: f64| Height::Agl(Agl::new(metres).unwrap());
    let amsl = |metres: f64| Height::Amsl(Amsl::new(metres).unwrap());
    prop_oneof![
        2 => Just(None),
        1 => (0.0..200.0_f64).prop_map(move |m| Some(agl(m))),
        1 => (0.0..200.0_f64).prop_map(move |m| Some(amsl(m)))
    ]
}

/// A square ring with a square hole.
fn ring_of_land() -> impl Strategy<Value = Outline> {
    (-1_500.0..1_500.0_f64, -1_500.0..1_500.0_f64, 100.0..900.0_f64, 0.2..0.9_f64).prop_map(
        |(x, y, half, share)| {
            let square = |half: f64| {
                let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0)];
                corners.iter().map(|(dx, dy)| place(x + dx * half, y + dy * half)).collect::<Vec<_>>()
            };
            let polygon = Polygon { exterior: square(half), holes: vec![square(half * share)] };
            Outline::Polygons(vec![polygon])
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Against the checker, which has its own geometry: what it finds too near is touched, and what is touched it finds too
    /// near once the clearances are 10 cm larger and the window a second longer.
    #[test]
    fn a_zone_touches_what_the_checker_finds_too_near(
        outline in prop_oneof![outline(), ring_of_land()],
        (lower, upper) in (limit(), limit()),
        times in prop::option::of((0.0..500.0_f64, 1.0..400.0_f64)),
        clearances in (prop_oneof![Just(0.0), 0.0..60.0_f64], 0.0..20.0_f64),
        ground in prop::option::of(prop::collection::vec(0.0..120.0_f32, 23)),
        points in prop::collection::vec((-2_500.0..2_500.0_f64, -2_500.0..2_500.0_f64, 0.0..300.0_f64, 1.0..180.0_f64), 2..8),
        restriction in prop_oneof![
            Just(Restriction::Prohibited), Just(Restriction::ReqAuthorization), Just(Restriction::Conditional)
        ],
        has_right in prop::bool::weighted(0.2),
    ) {
        let scene = |clearance_m: f64, vertical_m: f64, wider_s: f64| {
            let layer = Layer { outline: outline.clone(), limits: Limits { lower, upper } };
            let mut zone = Zone::new("Z", restriction, vec![layer]);
            if let Some((opens, lasts)) = times {
                zone.applicability = window(opens - wider_s, opens + lasts + wider_s);
            }
            let mut world = world(Airspace::new([zone], 1), &Arc::default());
            if let Some(heights) = &ground {
                world.ground = Arc::new(rough(heights));
            }
            with_clearances(world, clearance_m, vertical_m)
        };
        let mut request = request((points[0].0, points[0].1), (0.0, 0.0));
        if has_right {
            request.authorizations.push("Z".to_owned());
            request.exemptions.push("Z".to_owned());
        }
        let plan = plan(&points);
        let as_it_is = scene(clearances.0, clearances.1, 0.0);
        let found = entry(&as_it_is, &request, &plan);
        let expected = match breaches(&as_it_is, &request, &plan).first().map(|breach| breach.promise) {
            Some(3) => Entry::Barred,
            Some(_) => Entry::Advisory,
            None => Entry::Free,
        };
        prop_assert!(expected == Entry::Free || found == expected, "{found:?} {expected:?}");
        if found == Entry::Barred {
            let wider = scene(clearances.0 + 0.1, clearances.1 + 0.1, 1.0);
            prop_assert!(!breaches(&wider, &request, &plan).is_empty());
        }
        let layer = &as_it_is.airspace.zones().next().unwrap().layers[0];
        if found == Entry::Advisory {
            prop_assert!(comes_near(&as_it_is, layer, times, &plan), "touched by what it never enters");
        }
    }
}

/// Is one of many points of the plan inside a layer, but for the steps between them?
fn comes_near(world: &World, layer: &Layer, times: Option<(f64, f64)>, plan: &Plan) -> bool {
    const STEPS: u32 = 2_000;
    let footprint = Footprint::new(&layer.outline, &world.frame);
    plan.trajectory.windows(2).any(|pair| {
        let [a, b] = [pair[0].place, pair[1].place].map(|place| world.frame.to_plane(place));
        let (climb_m, way_m) = (pair[1].altitude.metres() - pair[0].altitude.metres(), b - a);
        let seconds = [pair[0].time, pair[1].time].map(|time| time.seconds_since(start()));
        let step_m = way_m.x.hypot(way_m.y) / f64::from(STEPS);
        // The ground rises by 1 m in 4 at most.
        let (step_up_m, step_s) =
            (climb_m.abs() / f64::from(STEPS) + step_m, (seconds[1] - seconds[0]) / f64::from(STEPS));
        (0..=STEPS).any(|step| {
            let share = f64::from(step) / f64::from(STEPS);
            let at = a + way_m * share;
            let height_m = pair[0].altitude.metres() + climb_m * share;
            let time_s = seconds[0] + (seconds[1] - seconds[0]) * share;
            let ground_m = world.ground.height_m(world.frame.to_place(at)).unwrap();
            let (bottom_m, top_m) = layer.limits.amsl_over(ground_m);
            footprint.distance(at) <= step_m
                && height_m >= bottom_m - step_up_m
                && height_m <= top_m + step_up_m
                && times
                    .is_none_or(|(opens, lasts)| time_s >= opens - step_s && time_s <= opens + lasts + step_s)
        })
    })
}

#[test]
fn what_stands_on_the_ground_or_has_flown_already_is_not_touched() {
    let column = Outline::Circle { centre: place(0.0, 0.0), radius_m: 100.0 };
    let layer = Layer { outline: column, limits: Limits::UNBOUNDED };
    let mut zone = Zone::new("Z", Restriction::Prohibited, vec![layer]);
    let request = request((0.0, 0.0), (1_000.0, 0.0));
    // Stands in the zone for 100 s, lifts off and leaves it within 30 s.
    let plan = plan(&[
        (0.0, 0.0, 0.0, 0.0),
        (0.0, 0.0, 0.0, 100.0),
        (0.0, 0.0, 60.0, 20.0),
        (150.0, 0.0, 60.0, 10.0),
        (1_000.0, 0.0, 60.0, 60.0),
        (1_000.0, 0.0, 0.0, 24.0),
    ]);
    let mut found = |opens_s: f64, closes_s: f64, from_s: i64| {
        zone.applicability = window(opens_s, closes_s);
        let (frame, ground) = (frame(), Ground::Flat);
        let during = Interval::new(start().plus_millis(1000 * from_s), always().end);
        let touch = Touch::new(&zone, &frame, &ground, start(), during);
        assert!(!touch.areas(10.0, 5.0).is_empty() || from_s as f64 > closes_s);
        touch.entry(&request, &track(&plan), 10.0, 5.0)
    };
    assert_eq!(found(0.0, 99.0, 0), Entry::Free);
    assert_eq!(found(0.0, 101.0, 0), Entry::Barred);
    assert_eq!(found(0.0, 500.0, 120), Entry::Barred);
    assert_eq!(found(0.0, 500.0, 128), Entry::Free);
    assert_eq!(found(0.0, 110.0, 120), Entry::Free);
}

#[test]
fn a_flight_may_come_as_near_as_its_clearances_and_no_nearer() {
    let amsl = |metres: f64| Some(Height::Amsl(Amsl::new(metres).unwrap()));
    let agl = |metres: f64| Some(Height::Agl(Agl::new(metres).unwrap()));
    let request = request((-1_000.0, 0.0), (1_000.0, 0.0));
    let corners = [(-200.0, 0.0), (200.0, 0.0), (200.0, 200.0), (-200.0, 200.0), (-200.0, 0.0)];
    let exterior = corners.iter().map(|&(x, y)| place(x, y)).collect();
    let square = Outline::Polygons(vec![Polygon { exterior, holes: Vec::new() }]);
    let disc = Outline::Circle { centre: place(0.0, 100.0), radius_m: 100.0 };
    let found = |outline: &Outline, limits: Limits, ground_m: Option<f32>, south_m: f64, height_m: f64| {
        let layer = Layer { outline: outline.clone(), limits };
        let zone = Zone::new("Z", Restriction::Prohibited, vec![layer]);
        let mut world = world(Airspace::new([zone], 1), &Arc::default());
        world.ground = Arc::new(ground_m.map_or(Ground::Flat, |metres| rough(&[metres])));
        let points = [(-1_000.0, -south_m, height_m, 0.0), (1_000.0, -south_m, height_m, 120.0)];
        entry(&world, &request, &plan(&points))
    };
    let unbounded = Limits::UNBOUNDED;
    let (above, below) =
        (Limits { lower: amsl(100.0), upper: None }, Limits { lower: None, upper: agl(100.0) });
    for outline in [&square, &disc] {
        assert_eq!(found(outline, unbounded, None, 10.0, 60.0), Entry::Free);
        assert_eq!(found(outline, unbounded, None, 9.98, 60.0), Entry::Barred);
        assert_eq!(found(outline, above, None, 0.0, 95.0), Entry::Free);
        assert_eq!(found(outline, above, None, 0.0, 95.02), Entry::Barred);
        // The limit stands 30 m higher over ground at 30 m.
        assert_eq!(found(outline, below, Some(30.0), 0.0, 135.0), Entry::Free);
        assert_eq!(found(outline, below, Some(30.0), 0.0, 134.98), Entry::Barred);
        assert_eq!(found(outline, below, None, 0.0, 105.0), Entry::Free);
    }
}
