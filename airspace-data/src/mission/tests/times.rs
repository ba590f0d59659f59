//! Speeds into times, heights into heights above the sea.

use tianlu_engine::surface::Raster;
use tianlu_engine::weather::WindLayer;

use super::*;

fn timed(mission: &Mission, world: &World) -> Timed {
    mission.timed("test", world, &quad(), 15.0, Some(START)).unwrap_or_else(|error| panic!("{error}"))
}

/// Seconds after the start, metres above the sea.
fn marks(timed: &Timed) -> Vec<(f64, f64)> {
    timed.waypoints.iter().map(|point| (point.time.seconds_since(START), point.altitude.metres())).collect()
}

/// 1 km is this many degrees of longitude at 30.7 north.
fn wpl(items: &str) -> Mission {
    read(format!("QGC WPL 110\n0 1 0 16 0 0 0 0 30.7 120.8 0 1\n{items}"))
}

#[test]
fn up_along_and_down() {
    // 0.01 degree of latitude at 30.7 is 1108.6 m.
    let mission = wpl("1 0 3 22 0 0 0 0 0 0 60 1\n2 0 3 178 1 10 0 0 0 0 0 1\n\
         3 0 3 16 5 0 0 0 30.71 120.8 60 1\n4 0 3 21 0 0 0 0 0 0 0 1\n");
    let timed = timed(&mission, &world(Ground::Flat));
    let found = marks(&timed);
    let expected = [(0.0, 0.0), (20.0, 60.0), (130.86, 60.0), (135.86, 60.0), (159.86, 0.0)];
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((t, z), (expected_t, expected_z)) in found.iter().zip(expected) {
        assert!((t - expected_t).abs() < 0.05 && (z - expected_z).abs() < 1e-9, "{found:?}");
    }
    assert_eq!(timed.legs, [0, 1, 1, 2]);
    assert!(
        timed.notes.iter().any(|note| note.contains("the aircraft's, 3 and 2.5 m/s")),
        "{:?}",
        timed.notes
    );
}

#[test]
fn what_the_file_leaves_open_is_the_aircraft_s_and_told() {
    let mission = wpl("1 0 3 22 0 0 0 0 0 0 60 1\n2 0 3 16 0 0 0 0 30.71 120.8 60 1\n");
    let mut world = world(Ground::Flat);
    let calm = timed(&mission, &world);
    assert!((marks(&calm)[2].0 - 20.0 - 1108.6 / 15.0).abs() < 0.01);
    assert!(
        calm.notes.iter().any(|note| note.contains("2 legs without a speed: the aircraft's, 15 m/s")),
        "{:?}",
        calm.notes
    );
    assert!(calm.notes.iter().any(|note| note.contains("ends in the air")));
    // Wind from the north against it, so that its airspeed stays.
    world.wind = Wind::new(vec![WindLayer { above_agl_m: 0.0, speed_m_s: 5.0, from_deg: 0.0 }]).unwrap();
    assert!((marks(&timed(&mission, &world))[2].0 - 20.0 - 1108.6 / 10.0).abs() < 0.01);
    // The file's own hint goes before the aircraft's speed.
    let mut hinted = mission;
    hinted.speeds.hover_m_s = Some(8.0);
    let timed = timed(&hinted, &world);
    assert!((marks(&timed)[2].0 - 20.0 - 1108.6 / 8.0).abs() < 0.01);
    assert!(timed.notes.iter().any(|note| note.contains("the file's 8 m/s")), "{:?}", timed.notes);
}

#[test]
fn without_times_a_departure_is_needed_and_with_them_it_moves_the_flight() {
    let world = world(Ground::Flat);
    let found = read(WPL).timed("test", &world, &quad(), 15.0, None).unwrap_err().to_string();
    assert!(found.contains("departure: found nothing, expected a departure"), "{found}");
    let plan = read(PLAN);
    let own = plan.timed("test", &world, &quad(), 15.0, None).unwrap();
    assert_eq!(own.waypoints[2].time, START.plus_millis(160_000));
    assert!(own.notes.is_empty(), "{:?}", own.notes);
    let later = plan.timed("test", &world, &quad(), 15.0, Some(START.plus_millis(5_000))).unwrap();
    assert_eq!(later.waypoints[2].time, START.plus_millis(165_000));
    assert!(later.notes[0].contains("moved by 5.000 s"));
}

#[test]
fn long_legs_are_cut_and_stay_on_their_line() {
    let timed = timed(&read(WPL), &world(Ground::Flat));
    let frame = Frame::new(place(120.9, 30.68));
    let apart = |a: &tianlu_engine::flight::Waypoint, b: &tianlu_engine::flight::Waypoint| {
        frame.length(frame.to_plane(a.place), frame.to_plane(b.place))
    };
    assert!(timed.waypoints.windows(2).all(|pair| apart(&pair[0], &pair[1]) <= 2_000.5));
    // Every waypoint of the middle leg lies on the geodesic between its ends to a decimetre.
    let (from, to) = (frame.to_plane(place(120.83, 30.71)), frame.to_plane(place(120.98, 30.65)));
    for (waypoint, _) in timed.waypoints[1..].iter().zip(&timed.legs).filter(|(_, leg)| **leg == 2) {
        let at = frame.to_plane(waypoint.place);
        let (run, arm) = (to - from, at - from);
        let aside = (run.x * arm.y - run.y * arm.x) / run.x.hypot(run.y);
        assert!(aside.abs() < 0.1, "{aside}");
    }
}

/// A hill of 100 m in the middle, posts 0.01 degree apart.
fn hill() -> Ground {
    let heights = (0..11 * 11).map(|i| if i == 5 * 11 + 5 { 100.0 } else { 0.0 }).collect();
    Ground::Raster(Raster::new((120.75, 30.75), (0.01, 0.01), 11, heights).unwrap())
}

#[test]
fn heights_above_ground_follow_it_and_those_above_take_off_do_not() {
    let mission = |frame: u8| {
        wpl(&format!("1 0 {frame} 16 0 0 0 0 30.7 120.77 50 1\n2 0 {frame} 16 0 0 0 0 30.7 120.83 50 1\n"))
    };
    let world = world(hill());
    let follows = timed(&mission(10), &world);
    let highest = follows.waypoints.iter().map(|point| point.altitude.metres()).fold(0.0, f64::max);
    assert!((highest - 150.0).abs() < 0.1, "{highest}");
    for pair in follows.waypoints.windows(2) {
        for share in [0.0, 0.25, 0.5, 0.75] {
            let mix = |a: f64, b: f64| a + (b - a) * share;
            let (a, b) = (pair[0], pair[1]);
            let at = place(mix(a.place.lon(), b.place.lon()), mix(a.place.lat(), b.place.lat()));
            let agl = mix(a.altitude.metres(), b.altitude.metres()) - world.ground.height_m(at).unwrap();
            assert!((agl - 50.0).abs() < 0.05, "{agl}");
        }
    }
    // The home stands on the hill: 50 m above that all the way.
    let level = timed(&mission(3), &world);
    assert!(level.waypoints.iter().all(|point| (point.altitude.metres() - 150.0).abs() < 1e-9));
    assert!(
        level.notes.iter().any(|note| note.contains("the ground there is at 100.0 m")),
        "{:?}",
        level.notes
    );
}

#[test]
fn what_cannot_hover_takes_off_and_lands_along_slopes() {
    let mission = wpl("1 0 3 22 0 0 0 0 30.703 120.8 60 1\n2 0 3 21 0 0 0 0 30.72 120.8 0 1\n");
    let mut glider = quad();
    (glider.can_hover, glider.kind) = (false, AircraftKind::FixedWing);
    let timed_glider = mission.timed("test", &world(Ground::Flat), &glider, 15.0, Some(START)).unwrap();
    let heights: Vec<f64> = timed_glider.waypoints.iter().map(|point| point.altitude.metres()).collect();
    assert_eq!(heights, [0.0, 60.0, 0.0]);
    let timed_quad = timed(&mission, &world(Ground::Flat));
    let heights: Vec<f64> = timed_quad.waypoints.iter().map(|point| point.altitude.metres()).collect();
    assert_eq!(heights, [0.0, 60.0, 60.0, 60.0, 0.0]);
}

#[test]
fn places_beyond_the_plane_and_flights_without_end_are_refused() {
    let world = world(Ground::Flat);
    let far = wpl("1 0 3 22 0 0 0 0 0 0 60 1\n2 0 3 16 0 0 0 0 33.7 120.8 60 1\n");
    let found = far.timed("test", &world, &quad(), 15.0, Some(START)).unwrap_err().to_string();
    assert!(found.contains("item 2: found a place 333 km from the middle"), "{found}");
    let mut slow = wpl("1 0 3 22 0 0 0 0 0 0 60 1\n");
    slow.points.extend(
        (0..8).map(|_| MissionPoint {
            hold_s: 86_400.0,
            ..MissionPoint::at(1, place(120.8, 30.7), amsl(60.0))
        }),
    );
    let found = slow.timed("test", &world, &quad(), 15.0, Some(START)).unwrap_err().to_string();
    assert!(found.contains("more than a week"), "{found}");
    let there_and_back: Vec<MissionPoint> = (0..40)
        .map(|n| MissionPoint::at(n, place(120.8, if n % 2 == 0 { 30.0 } else { 31.0 }), amsl(60.0)))
        .collect();
    slow.points.truncate(1);
    slow.points.extend(there_and_back);
    let found = slow.timed("test", &world, &quad(), 15.0, Some(START)).unwrap_err().to_string();
    assert!(found.contains("more than 3000 km"), "{found}");
}
