#![expect(clippy::unwrap_used, reason = "tests")]

mod distances;
mod refusals;
pub(super) mod scene;
mod shortest;

use rstest::rstest;

use super::*;
use crate::airspace::{Applicability, Limits, Outline, Period, Polygon, Restriction};
use crate::flight::{Advisory, Plan};
use crate::frame::{Agl, Amsl, Height};
use crate::surface::{Ground, Obstacle, Raster};
use crate::weather::{Wind, WindLayer};
use scene::{Scene, at, height, place, zone};

/// The promises broken, each once.
fn broken(scene: &Scene, plan: &Plan) -> Vec<u8> {
    let breaches = scene.verify(plan);
    let mut promises: Vec<u8> = breaches.iter().map(|breach| breach.promise).collect();
    promises.dedup();
    promises
}

/// The one breach that a plan has.
fn only_breach(scene: &Scene, plan: &Plan) -> Breach {
    let mut breaches = scene.verify(plan);
    assert_eq!(breaches.len(), 1, "{breaches:#?}");
    breaches.remove(0)
}

#[test]
fn a_good_plan_keeps_all_promises() {
    let scene = Scene::new();
    assert_eq!(scene.verify(&scene.plan()), []);
}

#[rstest]
#[case::one_point(|plan: &mut Plan| plan.trajectory.truncate(1))]
#[case::time_goes_back(|plan: &mut Plan| plan.trajectory[2].time = plan.trajectory[0].time)]
#[case::time_without_end(|plan: &mut Plan| plan.trajectory[3].time = Instant::MAX)]
#[case::another_request(|plan: &mut Plan| plan.request = "F2".into())]
#[case::length_2_percent_short(|plan: &mut Plan| plan.length_m *= 0.98)]
#[case::duration_2_percent_long(|plan: &mut Plan| plan.duration_s *= 1.02)]
#[case::energy_2_percent_low(|plan: &mut Plan| plan.energy_wh *= 0.98)]
#[case::energy_no_number(|plan: &mut Plan| plan.energy_wh = f64::NAN)]
#[case::delay_negative(|plan: &mut Plan| plan.delay_s = -1.0)]
#[case::delay_too_long(|plan: &mut Plan| plan.delay_s = 1_000.0)]
#[case::bound_above_arrival(|plan: &mut Plan| { plan.lower_bound_s = plan.duration_s + 0.01; plan.gap = 0.0 })]
#[case::bound_negative(|plan: &mut Plan| plan.lower_bound_s = -1.0)]
#[case::bound_no_number(|plan: &mut Plan| plan.lower_bound_s = f64::NAN)]
#[case::gap_too_small(|plan: &mut Plan| plan.lower_bound_s = plan.duration_s / 1.01)]
#[case::gap_too_great(|plan: &mut Plan| { plan.lower_bound_s = plan.duration_s / 1.01; plan.gap = 0.011 })]
#[case::gap_no_number(|plan: &mut Plan| plan.gap = f64::NAN)]
fn form_and_claims(#[case] spoil: fn(&mut Plan)) {
    let scene = Scene::new();
    let mut plan = scene.plan();
    spoil(&mut plan);
    assert_eq!(broken(&scene, &plan), [0]);
}

#[test]
fn a_certificate_that_fits_is_kept() {
    let scene = Scene::new();
    for (share, gap) in [(1.0, 0.0), (1.01, 0.01), (1.25, 0.250_000_4)] {
        let mut plan = scene.plan();
        plan.lower_bound_s = (plan.duration_s / share * 1000.0).floor() / 1000.0;
        plan.gap = gap;
        assert_eq!(broken(&scene, &plan), [0; 0], "{share}");
    }
}

#[test]
fn ends_are_held_to_a_metre() {
    let scene = Scene::new();
    let moved = |metres: f64, up: f64| {
        let mut plan = scene.plan();
        plan.trajectory[0].altitude = Amsl::new(up).unwrap();
        for waypoint in &mut plan.trajectory[..2] {
            waypoint.place = at(0.0, metres);
        }
        broken(&scene, &plan)
    };
    assert_eq!(moved(1.0, 0.0), [] as [u8; 0]);
    assert_eq!(moved(1.1, 0.0), [0, 4]); // off its origin, and off it while climbing
    assert_eq!(moved(0.0, 0.9), [] as [u8; 0]);
    assert_eq!(moved(0.0, 1.1), [0]);
}

#[test]
fn points_are_at_most_2_km_apart() {
    let scene = Scene::with_length(2_500.0);
    let breach = only_breach(&scene, &scene.plan());
    assert_eq!(
        (breach.promise, breach.text.as_str()),
        (0, "points 1 and 2 are 2500.0 m apart, at most 2000 m")
    );
}

#[test]
fn departure_lies_in_its_window() {
    let scene = Scene::new();
    for (shift_s, expected) in [(0.0, None), (600.0, None), (600.1, Some(1)), (-0.1, Some(1))] {
        let plan = scene.plan_later(shift_s);
        assert_eq!(scene.verify(&plan).first().map(|breach| breach.promise), expected, "{shift_s}");
    }
    // Waiting on the ground before is free.
    let mut plan = scene.plan();
    let mut waiting = plan.trajectory[0];
    waiting.time = waiting.time.plus_millis(-3_600_000);
    plan.trajectory.insert(0, waiting);
    assert_eq!(scene.verify(&plan), []);
}

#[rstest]
#[case::faster_than_cruise(|scene: &mut Scene| scene.cruise_m_s = 15.1, "airspeed 15.1")]
#[case::climbs(|scene: &mut Scene| scene.climb_m_s = 3.05, "climbs at 3.05")]
#[case::descends(|scene: &mut Scene| scene.descent_m_s = 2.55, "descends at 2.55")]
fn speeds_are_held(#[case] speed_up: fn(&mut Scene), #[case] text: &str) {
    let mut scene = Scene::new();
    speed_up(&mut scene);
    let breach = only_breach(&scene, &scene.plan());
    assert_eq!(breach.promise, 2);
    assert!(breach.text.starts_with(text), "{}", breach.text);
}

#[test]
fn airspeed_counts_the_wind_of_each_layer() {
    let mut scene = Scene::new();
    // The flight goes east at 60 m; wind from the east against it above 50 m.
    let layer = |above_agl_m, from_deg| WindLayer { above_agl_m, speed_m_s: 2.0, from_deg };
    scene.world.wind = Wind::new(vec![layer(50.0, 90.0)]).unwrap();
    let breaches = scene.verify(&scene.plan());
    assert!(breaches[0].text.starts_with("airspeed 17.0"), "{breaches:?}");
    // From behind, or too high to matter, it does no harm.
    scene.world.wind = Wind::new(vec![layer(50.0, 270.0)]).unwrap();
    assert_eq!(scene.verify(&scene.plan()), []);
    scene.world.wind = Wind::new(vec![layer(70.0, 90.0)]).unwrap();
    assert_eq!(scene.verify(&scene.plan()), []);
    // Urgent missions may fly at the greatest airspeed.
    scene.world.wind = Wind::new(vec![layer(50.0, 90.0)]).unwrap();
    scene.request.mission = crate::airspace::Mission::Rescue;
    scene.power_factor = (17.0f64 / 15.0).powi(3);
    assert_eq!(scene.verify(&scene.plan()), []);
}

#[test]
fn what_cannot_hover_stands_nowhere_in_the_air() {
    let mut scene = Scene::new();
    scene.craft(|craft| craft.can_hover = false);
    let breaches = scene.verify(&scene.plan());
    assert!(
        breaches.iter().any(|breach| breach.promise == 2 && breach.text.contains("stands over one place")),
        "{breaches:?}"
    );
}

#[test]
fn turns_are_no_tighter_than_the_radius() {
    let mut scene = Scene::with_length(1_000.0);
    scene.craft(|craft| craft.min_turn_radius_m = 60.0);
    let corner = |stop_s: f64| {
        let (up, there) = (at(0.0, 0.0), at(1_000.0, 0.0));
        scene.plan_through(&[(up, 0.0), (at(500.0, 200.0), stop_s), (there, 0.0)])
    };
    let breach = only_breach(&scene, &corner(0.0));
    assert!(breach.promise == 2 && breach.text.starts_with("turns 43.6"), "{breach:?}");
    assert_eq!(scene.verify(&corner(3.0)), []);
    assert_eq!(scene.verify(&corner(2.9)).len(), 1);

    // An arc of 60 m given by points whose chords stay within 0.5 m: 15 degrees of it between two points.
    let arc = |radius: f64| {
        let turn = (0..=6).map(|i| {
            let angle = (f64::from(i) * 14.0).to_radians();
            (at(400.0 + radius * angle.sin(), radius * (1.0 - angle.cos())), 0.0)
        });
        let mut ways = vec![(at(0.0, 0.0), 0.0)];
        ways.extend(turn);
        let angle = 84f64.to_radians();
        ways.push((
            at(
                400.0 + radius * angle.sin() + 200.0 * angle.cos(),
                radius * (1.0 - angle.cos()) + 200.0 * angle.sin(),
            ),
            5.0,
        ));
        ways.push((at(1_000.0, 0.0), 0.0));
        scene.verify(&scene.plan_through(&ways)).len()
    };
    assert_eq!((arc(60.0), arc(55.0)), (0, 1));
}

#[rstest]
#[case(9.9, 0.0, 1)]
#[case(10.0, 0.0, 0)]
#[case(9.9, 54.0, 1)] // the zone begins 4.9 m above the flight at 50 m
#[case(9.9, 55.1, 0)]
fn a_circle_is_kept_clear(#[case] distance_m: f64, #[case] lower_m: f64, #[case] expected: usize) {
    let mut scene = Scene::new();
    let circle = Outline::Circle { centre: at(500.0, 300.0 + distance_m), radius_m: 300.0 };
    let lower = if lower_m > 0.0 { height(lower_m + 10.0) } else { None };
    scene.zones(vec![zone("NFZ", Restriction::Prohibited, circle, Limits { lower, upper: None })]);
    let breaches = scene.verify(&scene.plan());
    assert_eq!(breaches.len(), expected, "{breaches:?}");
    if let Some(breach) = breaches.first() {
        assert_eq!((breach.promise, breach.text.as_str()), (3, "zone NFZ: 9.90 m, needs 10.00 m"));
        let off =
            scene.world.frame.to_plane(breach.place.unwrap()) - scene.world.frame.to_plane(at(500.0, 0.0));
        assert!(off.x.hypot(off.y) < 0.01);
    }
}

/// A box of metres east and north of the origin.
fn box_of(west: f64, south: f64, east: f64, north: f64) -> Vec<LonLat> {
    [(west, south), (east, south), (east, north), (west, north), (west, south)]
        .map(|(x, y)| at(x, y))
        .to_vec()
}

#[test]
fn polygons_holes_and_rights() {
    let mut scene = Scene::new();
    let polygon = |exterior, holes| Outline::Polygons(vec![Polygon { exterior, holes }]);
    let block = polygon(box_of(400.0, -50.0, 600.0, 50.0), vec![]);
    scene.zones(vec![zone("NFZ", Restriction::Prohibited, block.clone(), Limits::UNBOUNDED)]);
    let breach = only_breach(&scene, &scene.plan());
    assert_eq!(breach.text, "zone NFZ: 0.00 m, needs 10.00 m");
    scene.request.exemptions = vec!["NFZ".into()];
    assert_eq!(scene.verify(&scene.plan()), []);

    scene.zones(vec![zone("CTR", Restriction::ReqAuthorization, block.clone(), Limits::UNBOUNDED)]);
    assert_eq!(broken(&scene, &scene.plan()), [3]);
    scene.request.authorizations = vec!["CTR".into()];
    assert_eq!(scene.verify(&scene.plan()), []);

    // A flight in a hole stays clear of its edge.
    let hole = |margin: f64| vec![box_of(-margin, -margin, 1_000.0 + margin, margin)];
    for (margin, expected) in [(10.1, 0), (9.9, 1)] {
        let ring = polygon(box_of(-5_000.0, -5_000.0, 6_000.0, 5_000.0), hole(margin));
        scene.zones(vec![zone("RING", Restriction::Prohibited, ring, Limits::UNBOUNDED)]);
        assert_eq!(scene.verify(&scene.plan()).len(), expected, "{margin}");
    }

    // What all the world is in is no place to fly; nor is it far too large to be looked at.
    let corner = |lon, lat| place(lon, lat);
    let world = vec![
        corner(-180.0, -90.0),
        corner(180.0, -90.0),
        corner(180.0, 90.0),
        corner(-180.0, 90.0),
        corner(-180.0, -90.0),
    ];
    scene.zones(vec![zone("WORLD", Restriction::Prohibited, polygon(world, vec![]), Limits::UNBOUNDED)]);
    assert_eq!(broken(&scene, &scene.plan()), [3]);
}

#[test]
fn edges_are_straight_in_longitude_and_latitude() {
    // Over 0.8 degrees of longitude at 30.7 degrees north an edge strays some 68 m north of the line in the plane's
    // middle: half of the flight lies south of the chord, none within the zone.
    let mut scene = Scene::new();
    let (west, east) = (scene::ORIGIN.0 - 0.395, scene::ORIGIN.0 + 0.405);
    let latitude = |metres: f64| at(0.0, metres).lat();
    for (north_of_flight, expected) in [(-10.5, 0), (-9.5, 1)] {
        let top = latitude(north_of_flight);
        let ring = vec![
            place(west, top - 0.1),
            place(east, top - 0.1),
            place(east, top),
            place(west, top),
            place(west, top - 0.1),
        ];
        let outline = Outline::Polygons(vec![Polygon { exterior: ring, holes: vec![] }]);
        scene.zones(vec![zone("NFZ", Restriction::Prohibited, outline, Limits::UNBOUNDED)]);
        assert_eq!(scene.verify(&scene.plan()).len(), expected, "{north_of_flight}");
    }
}

#[test]
fn windows_cut_a_segment_exactly() {
    let mut scene = Scene::new();
    let block =
        Outline::Polygons(vec![Polygon { exterior: box_of(500.0, -50.0, 600.0, 50.0), holes: vec![] }]);
    // At 15 m/s after a climb of 20 s it comes within 10 m of the block at 20 + 490 / 15 = 52.667 s.
    for (closes_s, expected) in [(52.6, 0), (52.7, 1)] {
        let mut timed = zone("NFZ", Restriction::Prohibited, block.clone(), Limits::UNBOUNDED);
        let end = Some(scene.start().plus_millis((closes_s * 1000.0) as i64));
        timed.applicability = Applicability::Periods(vec![Period { start: None, end, schedule: vec![] }]);
        scene.zones(vec![timed]);
        let breaches = scene.verify(&scene.plan());
        assert_eq!(breaches.len(), expected, "{closes_s}: {breaches:?}");
    }
}

#[test]
fn obstacles_are_kept_clear_too() {
    let mut scene = Scene::new();
    for (height_m, expected) in [(54.9, 0), (55.1, 1)] {
        let outline = Outline::Circle { centre: at(500.0, 0.0), radius_m: 5.0 };
        let mast = Obstacle { identifier: "obstacle 1".into(), outline, height: Agl::new(height_m).unwrap() };
        scene.world.obstacles = std::sync::Arc::new(vec![mast]);
        let breaches = scene.verify(&scene.plan());
        assert_eq!(breaches.len(), expected, "{height_m}: {breaches:?}");
        assert!(breaches.iter().all(|breach| breach.text == "obstacle obstacle 1: 0.00 m, needs 10.00 m"));
    }
}

#[test]
fn conditional_zones_are_advised() {
    let mut scene = Scene::new();
    let circle = |north| Outline::Circle { centre: at(500.0, north), radius_m: 300.0 };
    for restriction in [Restriction::Conditional, Restriction::Uspace] {
        scene.zones(vec![zone("PORT", restriction, circle(299.0), Limits::UNBOUNDED)]);
        let mut plan = scene.plan();
        assert_eq!(only_breach(&scene, &plan).text, "no advisory for zone PORT");
        plan.advisories = vec![Advisory { zone: "PORT".into(), restriction, text: String::new() }];
        assert_eq!(scene.verify(&plan), []);
        // Coming near is not entering.
        scene.zones(vec![zone("PORT", restriction, circle(299.95), Limits::UNBOUNDED)]);
        assert_eq!(scene.verify(&scene.plan()), []);
    }
}

#[test]
fn cruise_stays_in_its_band() {
    let mut scene = Scene::new();
    for (min, max, expected) in
        [(60.0, 120.0, None), (60.2, 120.0, Some(4)), (40.0, 59.8, Some(4)), (59.0, 60.0, None)]
    {
        scene.band(min, max);
        assert_eq!(scene.verify(&scene.plan()).first().map(|breach| breach.promise), expected, "{min} {max}");
    }
    // Leaving the band on the way.
    scene.band(60.0, 120.0);
    let mut plan = scene.plan();
    let dip = crate::flight::Waypoint {
        place: at(500.0, 0.0),
        altitude: Amsl::new(58.0).unwrap(),
        time: plan.trajectory[1]
            .time
            .plus_millis((plan.trajectory[2].time.millis() - plan.trajectory[1].time.millis()) / 2),
    };
    plan.trajectory.insert(2, dip);
    assert_eq!(only_breach(&scene, &plan).text, "58.00 m above ground in cruise, at least 60 m");
}

#[test]
fn what_can_hover_climbs_over_its_origin() {
    let scene = Scene::new();
    let mut plan = scene.plan();
    plan.trajectory[1].place = at(3.0, 0.0);
    let breach = only_breach(&scene, &plan);
    assert!(breach.promise == 4 && breach.text.starts_with("3.00 m from its origin"), "{breach:?}");
}

#[test]
fn energy_stays_within_what_there_is() {
    let mut scene = Scene::new();
    let used = scene.plan().energy_wh;
    for (capacity_wh, expected) in [(used * 1.2501, None), (used * 1.24, Some(6))] {
        scene.craft(|craft| craft.energy.source = crate::aircraft::EnergySource::Battery { capacity_wh });
        assert_eq!(
            scene.verify(&scene.plan()).first().map(|breach| breach.promise),
            expected,
            "{capacity_wh}"
        );
    }
}

/// A ridge 40 m high across the way, its top between two posts' lines, and flat beside it.
fn ridge() -> Ground {
    let columns = 41;
    let heights = (0..columns * 9).map(|i| if i % columns == 20 { 40.0 } else { 0.0 });
    let (lon, lat) = scene::ORIGIN;
    Ground::Raster(
        Raster::new((lon - 0.005, lat + 0.004), (0.0005, 0.001), columns, heights.collect()).unwrap(),
    )
}

#[test]
fn ground_below_counts() {
    let mut scene = Scene::new();
    scene.world.ground = std::sync::Arc::new(ridge());
    scene.band(10.0, 120.0);
    assert_eq!(scene.verify(&scene.plan()), []);
    // Over the top it is 20 m above ground, on no waypoint and at no multiple of anything.
    scene.band(25.0, 120.0);
    let breach = only_breach(&scene, &scene.plan());
    assert_eq!(breach.text, "20.00 m above ground in cruise, at least 25 m");
    let ridge_lon = scene::ORIGIN.0 + 0.005;
    assert!((breach.place.unwrap().lon() - ridge_lon).abs() < 1e-7);
    // A zone up to 14.9 m above ground is 5.1 m below it there, one up to 15.1 m only 4.9 m.
    scene.band(10.0, 120.0);
    for (upper_m, expected) in [(14.9, 0), (15.1, 1)] {
        let outline = Outline::Circle { centre: at(480.0, 0.0), radius_m: 100.0 };
        let limits = Limits { lower: None, upper: Some(Height::Agl(Agl::new(upper_m).unwrap())) };
        scene.zones(vec![zone("NFZ", Restriction::Prohibited, outline, limits)]);
        let breaches = scene.verify(&scene.plan());
        assert_eq!(breaches.len(), expected, "{upper_m}: {breaches:?}");
    }
    // Beyond the terrain nothing is known.
    let scene_beyond = Scene { request: scene.request.clone(), ..Scene::with_length(1_990.0) };
    let mut beyond = Scene::with_length(1_990.0);
    beyond.world.ground = scene.world.ground.clone();
    assert!(scene_beyond.verify(&scene_beyond.plan()).iter().all(|breach| breach.promise != 3));
    assert!(beyond.verify(&beyond.plan()).iter().any(|breach| breach.text == "leaves the terrain model"));
}

#[test]
fn one_plan_for_each_request() {
    let scene = Scene::new();
    let mut second = scene.request.clone();
    second.id = "F2".into();
    let requests = [scene.request.clone(), second];
    let stray = Plan { request: "F9".into(), ..scene.plan() };
    let outcomes = [scene.plan(), scene.plan(), stray].map(Outcome::Planned);
    let found = verify_plans(&scene.world, &requests, &outcomes);
    let told: Vec<_> = found.iter().map(|breach| (breach.request.as_str(), breach.text.as_str())).collect();
    assert_eq!(told, [("F1", "planned twice"), ("F9", "not requested"), ("F2", "no plan")]);
}
