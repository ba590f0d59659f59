//! Promise 7 where the shortest path is known.

use super::*;
use crate::airspace::Zone;

fn circle(x: f64, y: f64, radius_m: f64) -> Zone {
    zone("C", Restriction::Prohibited, Outline::Circle { centre: at(x, y), radius_m }, Limits::UNBOUNDED)
}

fn ring(corners: &[(f64, f64)]) -> Zone {
    let mut exterior: Vec<LonLat> = corners.iter().map(|&(x, y)| at(x, y)).collect();
    exterior.push(exterior[0]);
    let outline = Outline::Polygons(vec![Polygon { exterior, holes: vec![] }]);
    zone("P", Restriction::Prohibited, outline, Limits::UNBOUNDED)
}

fn length_of(scene: &Scene, ways: &[(f64, f64)]) -> Option<String> {
    let mut through: Vec<(LonLat, f64)> = ways.iter().map(|&(x, y)| (at(x, y), 0.0)).collect();
    through.insert(0, (at(0.0, 0.0), 0.0));
    through.push((scene.request.destination, 0.0));
    let plan = scene.plan_through(&through);
    Verifier::new(&scene.world).shortest(&scene.request, &plan).unwrap().map(|breach| breach.text)
}

/// Points on an arc about a place, turning from one angle to another, radians.
fn arc(centre: (f64, f64), radius: f64, from: f64, to: f64) -> Vec<(f64, f64)> {
    let point = |i: i32| {
        let angle = from + (to - from) * f64::from(i) / 40.0;
        (centre.0 + radius * angle.cos(), centre.1 + radius * angle.sin())
    };
    (0..=40).map(point).collect()
}

#[test]
fn around_a_circle() {
    let mut scene = Scene::new();
    scene.zones(vec![circle(500.0, 0.0, 200.0)]);
    // The tangents from 500 m away to a circle of 210 m touch it at this angle from the line.
    let touch = (210.0_f64 / 500.0).acos();
    let pi = std::f64::consts::PI;
    assert_eq!(length_of(&scene, &arc((500.0, 0.0), 210.1, pi - touch, touch)), None);
    assert_eq!(length_of(&scene, &arc((500.0, 0.0), 210.1, touch - pi, -touch)), None, "either side");
    let wide = length_of(&scene, &arc((500.0, 0.0), 216.0, pi - touch, touch)).unwrap();
    assert!(wide.contains("times the shortest"), "{wide}");
    // Farther over one side the other is shorter.
    scene.zones(vec![circle(500.0, 100.0, 200.0)]);
    assert!(length_of(&scene, &arc((500.0, 100.0), 210.1, pi - touch, touch)).is_some());
}

#[test]
fn around_corners_that_stand_in_and_out_and_through_the_gap_between_two_zones() {
    let mut scene = Scene::new();
    // A pocket open to the west; the way round its northern arm bends twice.
    let pocket = [
        (300.0, -200.0),
        (600.0, -200.0),
        (600.0, 100.0),
        (300.0, 100.0),
        (300.0, 80.0),
        (580.0, 80.0),
        (580.0, -180.0),
        (300.0, -180.0),
    ];
    scene.zones(vec![ring(&pocket)]);
    let around = |off: f64| {
        let (from, to) = (110.0_f64.atan2(300.0) + std::f64::consts::FRAC_PI_2, std::f64::consts::FRAC_PI_2);
        let mut ways = arc((300.0, 100.0), 10.0 + off, from, to);
        ways.extend(arc((600.0, 100.0), 10.0 + off, to, to - 110.0_f64.atan2(400.0)));
        ways
    };
    assert_eq!(length_of(&scene, &around(0.01)), None);
    assert!(length_of(&scene, &around(12.0)).is_some());

    // A wall with a gap of 30 m on the line: straight on, or round the wall's end.
    let wall =
        |south: f64, north: f64| ring(&[(490.0, south), (510.0, south), (510.0, north), (490.0, north)]);
    scene.zones(vec![wall(-900.0, -15.0), wall(15.0, 900.0)]);
    assert_eq!(length_of(&scene, &[]), None);
    assert!(length_of(&scene, &[(500.0, 925.0)]).is_some());
    // Too narrow a gap is no way.
    scene.zones(vec![wall(-900.0, -9.9), wall(9.9, 900.0)]);
    let (from, to) = (920.0_f64.atan2(490.0) + std::f64::consts::FRAC_PI_2, std::f64::consts::FRAC_PI_2);
    let mut over = arc((490.0, 900.0), 10.01, from - 0.02, to);
    over.extend(arc((510.0, 900.0), 10.01, to, std::f64::consts::PI - from + 0.02));
    assert_eq!(length_of(&scene, &over), None);
}

#[test]
fn only_where_it_is_promised() {
    let promised = |change: &dyn Fn(&mut Scene)| {
        let mut scene = Scene::new();
        scene.zones(vec![circle(500.0, 300.0, 200.0)]);
        change(&mut scene);
        Verifier::new(&scene.world).shortest(&scene.request, &scene.plan())
    };
    assert_eq!(promised(&|_| {}), Ok(None));
    assert_eq!(
        promised(&|scene| scene.world.ground = std::sync::Arc::new(ridge())),
        Err(NotPromised::Terrain)
    );
    let layer = WindLayer { above_agl_m: 0.0, speed_m_s: 2.0, from_deg: 90.0 };
    assert_eq!(promised(&|scene| scene.world.wind = Wind::new(vec![layer]).unwrap()), Err(NotPromised::Wind));
    assert_eq!(
        promised(&|scene| scene.craft(|craft| craft.min_turn_radius_m = 5.0)),
        Err(NotPromised::Turns)
    );
    let changing = |from: i64, to: i64| {
        move |scene: &mut Scene| {
            let at = |seconds: i64| Some(scene.start().plus_millis(1000 * seconds));
            let period = Period { start: at(from), end: at(to), schedule: vec![] };
            let mut zone = circle(500.0, 20.0, 5.0);
            zone.applicability = Applicability::Periods(vec![period]);
            scene.zones(vec![zone]);
        }
    };
    assert_eq!(promised(&changing(10, 5_000)), Err(NotPromised::Changes));
    assert_eq!(promised(&changing(-10, 5_000)), Ok(None));
    assert_eq!(promised(&changing(-10, -5)), Ok(None));
}

#[test]
fn at_its_height_alone() {
    // Closed up to 50 m: 60 m is above it by more than the vertical clearance of 5 m, 54 m is not.
    let mut scene = Scene::new();
    let mut low = circle(500.0, 0.0, 200.0);
    low.layers[0].limits = Limits { lower: None, upper: height(54.9) };
    scene.zones(vec![low.clone()]);
    let detour = [(500.0, 215.0)];
    assert!(length_of(&scene, &detour).is_some());
    low.layers[0].limits = Limits { lower: None, upper: height(56.0) };
    scene.zones(vec![low]);
    assert_eq!(length_of(&scene, &arc((500.0, 0.0), 210.1, 2.0, 1.14)), None);
}
