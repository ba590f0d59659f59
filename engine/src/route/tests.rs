//! The planner: exact lengths where they are known, every refusal, timed zones against a search in time steps, and every
//! plan held against the promises.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::random_scene::{START_S, frame, place, quad, request};
use super::*;
use crate::aircraft::{Aircraft, AircraftKind, Energy, EnergySource};
use crate::airspace::{
    Airspace, Applicability, Layer, Limits, Mission, Outline, Period, Polygon, Restriction, Zone,
};
use crate::flight::{CruiseBand, Objective, Outcome, Plan, Refusal, RefusalCode, Remedy, Request};
use crate::frame::{Agl, Frame, Height, Instant, Interval, LonLat, Xy};
use crate::surface::{Ground, Obstacle, Raster};
use crate::verify::verify_flight;
use crate::weather::{Wind, WindLayer};
use crate::world::{Separation, World};

fn world(zones: Vec<Zone>) -> World {
    let weak = Energy { source: EnergySource::Battery { capacity_wh: 50.0 }, ..quad().energy };
    let fleet = BTreeMap::from([
        ("quad".to_owned(), quad()),
        ("weak".to_owned(), Aircraft { energy: weak, ..quad() }),
        ("wide".to_owned(), Aircraft { min_turn_radius_m: 60.0, clearance_m: 20.0, ..quad() }),
        ("wing".to_owned(), Aircraft { can_hover: false, kind: AircraftKind::FixedWing, ..quad() }),
        (
            "glider".to_owned(),
            Aircraft { can_hover: false, kind: AircraftKind::FixedWing, min_turn_radius_m: 90.0, ..quad() },
        ),
    ]);
    World {
        frame: frame(),
        airspace: Arc::new(Airspace::new(zones, 1)),
        obstacles: Arc::new(Vec::new()),
        ground: Arc::new(Ground::Flat),
        wind: Wind::CALM,
        separation: Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 2.0, pad_s: 0.0 },
        fleet: Arc::new(fleet),
    }
}

fn agl(m: f64) -> Agl {
    Agl::new(m).unwrap()
}

fn limits(lower_m: f64, upper_m: f64) -> Limits {
    Limits { lower: Some(Height::Agl(agl(lower_m))), upper: Some(Height::Agl(agl(upper_m))) }
}

fn square(name: &str, (x, y): (f64, f64), half: f64, (lower, upper): (f64, f64)) -> Zone {
    let ring = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)];
    let exterior = ring.iter().map(|(dx, dy)| place(x + dx, y + dy)).collect();
    let outline = Outline::Polygons(vec![Polygon { exterior, holes: Vec::new() }]);
    Zone::new(name, Restriction::Prohibited, vec![Layer { outline, limits: limits(lower, upper) }])
}

fn circle(name: &str, (x, y): (f64, f64), radius_m: f64) -> Zone {
    let outline = Outline::Circle { centre: place(x, y), radius_m };
    Zone::new(name, Restriction::Prohibited, vec![Layer { outline, limits: limits(0.0, 300.0) }])
}

fn active(mut zone: Zone, windows: &[(i64, i64)]) -> Zone {
    let at = |seconds| Some(Instant::from_seconds(START_S + seconds));
    let period = |&(a, b): &(i64, i64)| Period { start: at(a), end: at(b), schedule: Vec::new() };
    zone.applicability = Applicability::Periods(windows.iter().map(period).collect());
    zone
}

/// The plan, after it has been held against the promises.
fn planned(world: &World, request: &Request) -> Plan {
    let outcome = plan(world, request);
    assert_eq!(verify_flight(world, request, &outcome), []);
    match outcome {
        Outcome::Planned(plan) => plan,
        Outcome::Rejected(refusal) => panic!("{refusal:?}"),
    }
}

fn refused(world: &World, request: &Request) -> Refusal {
    match plan(world, request) {
        Outcome::Rejected(refusal) => refusal,
        Outcome::Planned(plan) => panic!("{plan:?}"),
    }
}

#[test]
fn with_nothing_in_the_way_it_goes_up_straight_across_and_down() {
    let plan = planned(&world(Vec::new()), &request((-1500.0, 0.0), (1500.0, 0.0)));
    assert!((plan.length_m - 3000.0).abs() < 0.01);
    assert!((plan.duration_s - (20.0 + 200.0 + 24.0)).abs() < 0.01);
    assert_eq!(plan.trajectory[0].time, Instant::from_seconds(START_S));
    assert!((plan.energy_wh - (20.0 * 1700.0 + 200.0 * 1100.0 + 24.0 * 1000.0) / 3600.0).abs() < 0.1);
}

#[test]
fn around_a_square_it_is_as_short_as_tangents_and_arcs() {
    let zones = vec![square("Z", (0.0, 0.0), 200.0, (0.0, 300.0))];
    let plan = planned(&world(zones), &request((-1000.0, 0.0), (1000.0, 0.0)));
    // Tangent from (-1000, 0) to the circle of 10 m about (-200, 200), along the top, and the same again.
    let to_corner = 800.0_f64.hypot(200.0);
    let tangent = (to_corner.powi(2) - 100.0).sqrt();
    let turn = 200.0_f64.atan2(800.0) + (10.0 / to_corner).asin();
    let exact = 2.0 * (tangent + 10.0 * turn) + 400.0;
    assert!(plan.length_m >= exact - 0.02 && plan.length_m < exact * 1.0001, "{} {exact}", plan.length_m);
}

#[test]
fn without_a_clearance_the_bound_still_holds_for_the_true_outline() {
    let mut bare = world(vec![square("Z", (0.0, 0.0), 200.0, (0.0, 300.0))]);
    let tight = Aircraft { clearance_m: 0.0, ..quad() };
    bare.fleet = Arc::new(BTreeMap::from([("quad".to_owned(), tight)]));
    let plan = planned(&bare, &request((-1000.0, 0.0), (1000.0, 0.0)));
    let exact_s = (2.0 * 800.0_f64.hypot(200.0) + 400.0) / 15.0 + 20.0 + 24.0;
    assert!(plan.lower_bound_s <= exact_s - 1e-6, "{} {exact_s}", plan.lower_bound_s);
}

#[test]
fn over_a_low_zone_it_climbs_where_that_is_sooner() {
    let wide = square("LOW", (0.0, 0.0), 1500.0, (0.0, 75.0));
    let plan = planned(&world(vec![wide]), &request((-1900.0, 0.0), (1900.0, 0.0)));
    let top = plan.trajectory.iter().map(|w| w.altitude.metres()).fold(0.0, f64::max);
    assert!((top - 80.0).abs() < 1e-9 && (plan.length_m - 3800.0).abs() < 0.1);
    assert!(plan.duration_s < 20.0 + 3800.0 / 15.0 + 24.0 + 0.5, "it climbs on the way: {}", plan.duration_s);
    let steps = plan.trajectory.windows(2).filter(|pair| pair[0].altitude == pair[1].altitude);
    assert!(steps.count() >= 3, "level but for the steps");
}

#[test]
fn it_hops_over_one_wall_and_ducks_under_the_next() {
    let wall = |name: &str, x: f64, band: (f64, f64)| {
        let ring =
            [(x, -90_000.0), (x + 80.0, -90_000.0), (x + 80.0, 90_000.0), (x, 90_000.0), (x, -90_000.0)];
        let exterior = ring.iter().map(|&(x, y)| place(x, y)).collect();
        let outline = Outline::Polygons(vec![Polygon { exterior, holes: Vec::new() }]);
        Zone::new(name, Restriction::Prohibited, vec![Layer { outline, limits: limits(band.0, band.1) }])
    };
    let walls = vec![wall("LOW", -500.0, (0.0, 85.0)), wall("HIGH", 500.0, (75.0, 900.0))];
    let plan = planned(&world(walls), &request((-1500.0, 0.0), (1500.0, 0.0)));
    assert!((plan.length_m - 3000.0).abs() < 0.1 && plan.gap < 0.005, "{} {}", plan.length_m, plan.gap);
    let shut = vec![wall("LOW", -500.0, (0.0, 85.0)), wall("HIGH", -500.0, (75.0, 900.0))];
    let flight = request((-1500.0, 0.0), (1500.0, 0.0));
    assert_eq!(refused(&world(shut), &flight).code, RefusalCode::Energy, "180 km around the walls");

    let ring = |name: &str, band: (f64, f64)| {
        let mut zone = square(name, (1500.0, 0.0), 500.0, band);
        let hole = square(name, (1500.0, 0.0), 300.0, band).layers.remove(0).outline;
        if let (Outline::Polygons(outer), Outline::Polygons(inner)) = (&mut zone.layers[0].outline, hole) {
            outer[0].holes.push(inner[0].exterior.clone());
        }
        zone
    };
    let rings =
        vec![circle("elsewhere", (0.0, 0.0), 300.0), ring("LOW", (0.0, 85.0)), ring("HIGH", (75.0, 900.0))];
    let refusal = refused(&world(rings), &flight);
    assert_eq!((refusal.code, refusal.zones.join(" ")), (RefusalCode::NoRoute, "LOW HIGH".to_owned()));
}

/// Rounded hills up to some 220 m, posts 180 m apart, 24 km across.
fn hills() -> Ground {
    let (columns, step) = (131, 0.002);
    let (west, north) = (120.75 - 65.0 * step, 30.72 + 65.0 * step);
    let height = |i: usize, j: usize| {
        let at = frame().to_plane(LonLat::new(west + j as f64 * step, north - i as f64 * step).unwrap());
        let hill = |x: f64, y: f64, top: f64, size: f64| {
            top * (-((at.x - x).powi(2) + (at.y - y).powi(2)) / (2.0 * size * size)).exp()
        };
        (20.0
            + hill(0.0, 0.0, 200.0, 700.0)
            + hill(2000.0, 1500.0, 120.0, 400.0)
            + hill(-2500.0, -800.0, 90.0, 1500.0)) as f32
    };
    let heights = (0..columns).flat_map(|i| (0..columns).map(move |j| height(i, j))).collect();
    Ground::Raster(Raster::new((west, north), (step, step), columns, heights).unwrap())
}

#[test]
fn over_a_hill_it_keeps_its_heights_above_the_ground() {
    let mut hilly = world(Vec::new());
    hilly.ground = Arc::new(hills());
    let flight = request((-3000.0, 0.0), (3000.0, 0.0));
    let plan = planned(&hilly, &flight);
    let top = plan.trajectory.iter().map(|w| w.altitude.metres()).fold(0.0, f64::max);
    assert!((275.0..345.0).contains(&top) && (plan.length_m - 6000.0).abs() < 0.1, "{top} {}", plan.length_m);
    let level = Request { cruise: CruiseBand { min: agl(80.0), max: agl(80.0) }, ..flight.clone() };
    assert!(planned(&hilly, &level).duration_s > plan.duration_s);

    // A shelf at sea level that leaves room over low ground alone: it is passed where the ground is low.
    let mut shelf = square("SHELF", (0.0, 0.0), 1200.0, (0.0, 0.0));
    let amsl = |m: f64| Some(Height::Amsl(crate::frame::Amsl::new(m).unwrap()));
    shelf.layers[0].limits = Limits { lower: amsl(200.0), upper: amsl(900.0) };
    hilly.airspace = Arc::new(Airspace::new(vec![shelf], 1));
    let around = planned(&hilly, &flight);
    assert!(around.length_m > 6050.0, "{}", around.length_m);
    let beside = planned(&hilly, &request((-3000.0, -1180.0), (3000.0, -1180.0)));
    assert!((beside.length_m - 6000.0).abs() < 0.5, "under the shelf: {}", beside.length_m);
    let mut wide = square("SHELF", (0.0, 0.0), 2800.0, (0.0, 0.0));
    wide.layers[0].limits = Limits { lower: amsl(200.0), upper: amsl(900.0) };
    hilly.airspace = Arc::new(Airspace::new(vec![wide], 1));
    let below = planned(&hilly, &request((-2000.0, 0.0), (2000.0, 0.0)));
    assert!(
        (4050.0..4700.0).contains(&below.length_m),
        "below the shelf, around the hill: {}",
        below.length_m
    );
}

#[test]
fn beside_the_terrain_it_is_a_bad_request() {
    let mut hilly = world(Vec::new());
    hilly.ground = Arc::new(hills());
    let refusal = refused(&hilly, &request((0.0, 0.0), (14_000.0, 0.0)));
    assert_eq!(refusal.code, RefusalCode::BadRequest);
    assert!(refusal.text.contains("destination"), "{}", refusal.text);
}

#[test]
fn what_cannot_hover_takes_off_and_lands_along_slopes() {
    let wing = Request { aircraft: "wing".to_owned(), ..request((-1500.0, 0.0), (1500.0, 0.0)) };
    let plan = planned(&world(Vec::new()), &wing);
    assert!(plan.duration_s < 3000.0 / 15.0 + 2.0, "{}", plan.duration_s);
    let pair = (plan.trajectory[0], plan.trajectory[1]);
    assert!(pair.1.altitude.metres() >= 60.0 - 1e-6 && pair.0.place != pair.1.place);
    // A mast in front of the pad asks for a steeper climb.
    let mast = circle("MAST", (-1400.0, 0.0), 20.0);
    let low = Zone { layers: vec![Layer { limits: limits(0.0, 30.0), ..mast.layers[0].clone() }], ..mast };
    let steep = planned(&world(vec![low]), &wing);
    assert!(
        steep.duration_s > plan.duration_s && steep.length_m < 3010.0,
        "{} {}",
        steep.duration_s,
        steep.length_m
    );
    let wall = active(square("W", (0.0, 0.0), 900.0, (0.0, 300.0)), &[(-100, 100)]);
    let waits = planned(&world(vec![wall]), &Request { destination: place(1400.0, 10.0), ..wing });
    assert!(waits.trajectory.windows(2).all(|pair| pair[0].place != pair[1].place), "never over one place");
}

#[test]
fn the_least_energy_is_less_and_later_than_the_earliest_arrival() {
    let mut flight = request((-1500.0, 0.0), (1500.0, 0.0));
    flight.mission = Mission::Emergency;
    let fast = planned(&world(Vec::new()), &flight);
    flight.objective = Objective::LeastEnergy;
    let thrifty = planned(&world(Vec::new()), &flight);
    assert!(thrifty.energy_wh < fast.energy_wh * 0.75 && thrifty.duration_s > fast.duration_s + 40.0);
    assert_eq!(thrifty.lower_bound_s, fast.lower_bound_s);
}

#[test]
fn an_obstacle_is_a_barrier_up_to_its_height() {
    let outline = Outline::Circle { centre: place(0.0, 0.0), radius_m: 50.0 };
    let mut tall = world(Vec::new());
    tall.obstacles = Arc::new(vec![Obstacle { identifier: "tower".to_owned(), outline, height: agl(200.0) }]);
    let plan = planned(&tall, &request((-1000.0, 0.0), (1000.0, 0.0)));
    assert!(plan.length_m > 2003.0 && plan.length_m < 2006.0, "{}", plan.length_m);
    let on_top = refused(&tall, &request((0.0, 0.0), (1000.0, 0.0)));
    assert_eq!((on_top.code, on_top.zones), (RefusalCode::OriginInZone, vec!["tower".to_owned()]));
}

#[test]
fn each_refusal_has_its_code_and_names_what_is_in_the_way() {
    let ask = |zones: Vec<Zone>, request: &Request| {
        let refusal = refused(&world(zones), request);
        assert!(!refusal.text.is_empty());
        (refusal.code, refusal.zones.join(" "))
    };
    let flight = request((-1000.0, 0.0), (1000.0, 0.0));
    let named = |code, zones: &str| (code, zones.to_owned());

    let backwards =
        Request { departure: Interval::new(flight.departure.end, flight.departure.start), ..flight.clone() };
    assert_eq!(ask(vec![], &backwards), named(RefusalCode::BadRequest, ""));
    let upside_down = Request { cruise: CruiseBand { min: agl(120.0), max: agl(60.0) }, ..flight.clone() };
    assert_eq!(ask(vec![], &upside_down), named(RefusalCode::BadRequest, ""));
    let zeppelin = Request { aircraft: "zeppelin".to_owned(), ..flight.clone() };
    assert_eq!(ask(vec![], &zeppelin), named(RefusalCode::BadRequest, ""));
    assert_eq!(ask(vec![], &request((-160_000.0, 0.0), (0.0, 0.0))), named(RefusalCode::BadRequest, ""));

    assert_eq!(ask(vec![circle("A", (-1000.0, 0.0), 300.0)], &flight), named(RefusalCode::OriginInZone, "A"));
    assert_eq!(
        ask(vec![circle("B", (1000.0, 0.0), 300.0)], &flight),
        named(RefusalCode::DestinationInZone, "B")
    );
    let lid = square("LID", (0.0, 0.0), 3000.0, (50.0, 500.0));
    assert_eq!(ask(vec![lid], &flight), named(RefusalCode::Ceiling, "LID"));

    let walls = [("N", 0.0, 500.0), ("S", 0.0, -500.0), ("E", 500.0, 0.0), ("W", -500.0, 0.0)];
    let wall = |(name, x, y): (&str, f64, f64)| {
        let (half_x, half_y) = if x == 0.0 { (510.0, 20.0) } else { (20.0, 510.0) };
        let ring = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0)];
        let exterior = ring.iter().map(|(dx, dy)| place(1000.0 + x + dx * half_x, y + dy * half_y)).collect();
        let outline = Outline::Polygons(vec![Polygon { exterior, holes: Vec::new() }]);
        Zone::new(name, Restriction::Prohibited, vec![Layer { outline, limits: limits(0.0, 300.0) }])
    };
    let mut fence: Vec<Zone> = walls.into_iter().map(wall).collect();
    fence.push(circle("elsewhere", (-300.0, 0.0), 100.0));
    assert_eq!(ask(fence, &flight), named(RefusalCode::NoRoute, "N S E W"));

    let far = Request { aircraft: "weak".to_owned(), ..request((-1500.0, 0.0), (1500.0, 0.0)) };
    assert_eq!(ask(vec![], &far), named(RefusalCode::Energy, ""));
}

#[test]
fn a_named_authorization_or_exemption_opens_a_zone() {
    let zone = square("NANHU", (0.0, 0.0), 400.0, (0.0, 300.0));
    let authorized = Zone { restriction: Restriction::ReqAuthorization, ..zone.clone() };
    let mut flight = request((-1000.0, 0.0), (1000.0, 0.0));
    assert!(planned(&world(vec![authorized.clone()]), &flight).length_m > 2100.0);
    flight.authorizations = vec!["NANHU".to_owned()];
    assert!(planned(&world(vec![authorized]), &flight).length_m < 2000.1);
    assert!(planned(&world(vec![zone.clone()]), &flight).length_m > 2100.0);
    flight.exemptions = vec!["NANHU".to_owned()];
    assert!(planned(&world(vec![zone]), &flight).length_m < 2000.1);
}

#[test]
fn a_conditional_zone_is_entered_and_listed() {
    let mut zone = square("C", (0.0, 0.0), 400.0, (0.0, 300.0));
    zone.restriction = Restriction::Conditional;
    zone.restriction_conditions = Some("keep below 100 m".to_owned());
    let plan = planned(&world(vec![zone]), &request((-1000.0, 0.0), (1000.0, 0.0)));
    assert_eq!(plan.advisories.len(), 1);
    assert_eq!(
        (plan.advisories[0].zone.as_str(), plan.advisories[0].text.as_str()),
        ("C", "keep below 100 m")
    );
}

#[test]
fn it_waits_on_the_ground_for_a_zone_that_soon_opens() {
    let wall = active(square("W", (0.0, 0.0), 900.0, (0.0, 300.0)), &[(-100, 100)]);
    let plan = planned(&world(vec![wall]), &request((-1000.0, 0.0), (1000.0, 0.0)));
    let departs = plan.trajectory[0].time.seconds_since(Instant::from_seconds(START_S));
    // 90 m to the wall less the clearance take 6 s after 20 s of climb; the wall opens at 100 s.
    assert!((departs - (100.0 - 20.0 - 6.0)).abs() < 0.1, "{departs}");
    assert!((plan.length_m - 2000.0).abs() < 0.1);
    assert!(
        (plan.duration_s - (20.0 + 2000.0 / 15.0 + 24.0)).abs() < 0.1,
        "waits on the ground, not in the air"
    );
}

#[test]
fn it_passes_a_zone_before_it_closes_and_goes_around_one_that_has() {
    let closing = active(square("W", (0.0, 0.0), 300.0, (0.0, 300.0)), &[(200, 4000)]);
    let plan = planned(&world(vec![closing]), &request((-1000.0, 0.0), (1000.0, 0.0)));
    assert!((plan.length_m - 2000.0).abs() < 0.1);
    let closed = active(square("W", (0.0, 0.0), 300.0, (0.0, 300.0)), &[(50, 4000)]);
    let plan = planned(&world(vec![closed]), &request((-1000.0, 0.0), (1000.0, 0.0)));
    assert!(plan.length_m > 2050.0);
}

#[test]
fn an_origin_that_opens_within_the_window_is_no_refusal() {
    let zone = |windows: &[(i64, i64)]| active(circle("A", (-1000.0, 0.0), 300.0), windows);
    let flight = request((-1000.0, 0.0), (1000.0, 0.0));
    let plan = planned(&world(vec![zone(&[(-100, 600)])]), &flight);
    let departs = plan.trajectory[0].time.seconds_since(Instant::from_seconds(START_S));
    assert!((600.0..600.1).contains(&departs), "{departs}");
    assert_eq!(refused(&world(vec![zone(&[(-100, 4000)])]), &flight).code, RefusalCode::OriginInZone);
}

#[test]
fn a_wide_turner_stops_to_turn_and_keeps_its_promises() {
    let zones = vec![square("Z", (0.0, 0.0), 200.0, (0.0, 300.0)), circle("C", (700.0, 150.0), 200.0)];
    let flight = Request { aircraft: "wide".to_owned(), ..request((-1000.0, 0.0), (1500.0, 0.0)) };
    let plan = planned(&world(zones), &flight);
    assert!(plan.trajectory.windows(2).any(|pair| pair[0].place == pair[1].place));
}

#[test]
fn an_urgent_flight_is_faster_and_slows_down_where_the_energy_asks_for_it() {
    let mut flight = request((-1500.0, 0.0), (1500.0, 0.0));
    flight.mission = Mission::Emergency;
    let plan = planned(&world(Vec::new()), &flight);
    assert!((plan.duration_s - (20.0 + 150.0 + 24.0)).abs() < 0.1, "{}", plan.duration_s);
    let mut world = world(Vec::new());
    // 3 km at 20 m/s take 2,607 W for 150 s: 108.6 Wh; at 15 m/s 61.1 Wh; the columns 16.1 Wh.
    let energy = Energy { source: EnergySource::Battery { capacity_wh: 125.0 }, ..quad().energy };
    world.fleet = Arc::new(BTreeMap::from([("quad".to_owned(), Aircraft { energy, ..quad() })]));
    let plan = planned(&world, &flight);
    assert!(plan.duration_s > 200.0 && plan.energy_wh <= 100.0, "{} {}", plan.duration_s, plan.energy_wh);
}

#[test]
fn a_zone_around_the_world_with_a_window_in_it_confines_the_flight() {
    let corners = [(-180.0, -90.0), (180.0, -90.0), (180.0, 90.0), (-180.0, 90.0), (-180.0, -90.0)];
    let exterior = corners.map(|(lon, lat)| LonLat::new(lon, lat).unwrap()).to_vec();
    let hole =
        [(-3000.0, -3000.0), (3000.0, -3000.0), (3000.0, 3000.0), (-3000.0, 3000.0), (-3000.0, -3000.0)];
    let holes = vec![hole.map(|(x, y)| place(x, y)).to_vec()];
    let outline = Outline::Polygons(vec![Polygon { exterior, holes }]);
    let outside =
        Zone::new("OUT", Restriction::Prohibited, vec![Layer { outline, limits: Limits::UNBOUNDED }]);
    let world = world(vec![outside, square("Z", (0.0, -700.0), 2200.0, (0.0, 300.0))]);
    let plan = planned(&world, &request((-2500.0, 0.0), (2500.0, 0.0)));
    assert!(plan.length_m > 5200.0);
    assert_eq!(refused(&world, &request((-2500.0, 0.0), (4000.0, 0.0))).code, RefusalCode::DestinationInZone);
}

/// What would work instead, after each has been done and planned.
fn instead(world: &World, request: &Request) -> Vec<Remedy> {
    let refusal = refused(world, request);
    let remedies = Planner::new(world).remedies(request, &refusal);
    for remedy in &remedies {
        planned(world, &remedy.applied(request));
    }
    remedies
}

#[test]
fn a_refusal_says_which_later_departure_works() {
    let closed = active(circle("A", (1000.0, 0.0), 300.0), &[(-100, 30_000)]);
    let flight = request((-1000.0, 0.0), (1000.0, 0.0));
    let remedies = instead(&world(vec![closed.clone()]), &flight);
    let [Remedy::Departure(window)] = &remedies[..] else { panic!("{remedies:?}") };
    // It lands when the zone opens and has hovered before it for as long as its energy lasts: 4,500 s or so.
    let leaves = window.start.seconds_since(flight.departure.start);
    assert!((25_000.0..26_000.0).contains(&leaves), "{leaves}");
    let sooner = window.start.plus_millis(-1_000);
    let earlier = Request { departure: Interval::new(flight.departure.end, sooner), ..flight };
    assert_eq!(refused(&world(vec![closed]), &earlier).code, RefusalCode::Energy);
}

#[test]
fn a_refusal_says_which_other_height_works() {
    let lid = square("LID", (0.0, 0.0), 3000.0, (50.0, 150.0));
    let remedies = instead(&world(vec![lid]), &request((-1000.0, 0.0), (1000.0, 0.0)));
    let band = |m: f64| Remedy::Cruise(CruiseBand { min: agl(m), max: agl(m) });
    assert_eq!(remedies, [band(45.0)]);

    let low = square("LOW", (0.0, 0.0), 100_000.0, (0.0, 125.0));
    let inside = Request {
        cruise: CruiseBand { min: agl(60.0), max: agl(120.0) },
        ..request((0.0, 0.0), (500.0, 0.0))
    };
    assert_eq!(instead(&world(vec![low]), &inside), []);
    let wall = |x: f64| {
        let ring =
            [(x, -90_000.0), (x + 50.0, -90_000.0), (x + 50.0, 90_000.0), (x, 90_000.0), (x, -90_000.0)];
        let exterior = ring.iter().map(|&(x, y)| place(x, y)).collect();
        let outline = Outline::Polygons(vec![Polygon { exterior, holes: Vec::new() }]);
        Zone::new("WALL", Restriction::Prohibited, vec![Layer { outline, limits: limits(0.0, 140.0) }])
    };
    let mut across = request((-1000.0, 0.0), (1000.0, 0.0));
    across.aircraft = "weak".to_owned();
    let mut strong = world(vec![wall(0.0)]);
    let energy = Energy { source: EnergySource::Battery { capacity_wh: 120.0 }, ..quad().energy };
    strong.fleet = Arc::new(BTreeMap::from([("weak".to_owned(), Aircraft { energy, ..quad() })]));
    assert_eq!(instead(&strong, &across), [band(145.0)]);
}

#[test]
fn a_refusal_says_which_authorizations_are_missing_and_no_more() {
    let needs = |zone: Zone| Zone { restriction: Restriction::ReqAuthorization, ..zone };
    let zones = vec![
        needs(circle("A", (-1000.0, 0.0), 300.0)),
        needs(circle("B", (1000.0, 0.0), 300.0)),
        needs(circle("C", (0.0, 0.0), 300.0)),
    ];
    let mut flight = request((-1000.0, 0.0), (1000.0, 0.0));
    flight.authorizations = vec!["held".to_owned()];
    let expected = ["A", "B"].map(str::to_owned).to_vec();
    assert_eq!(instead(&world(zones), &flight), [Remedy::Authorizations(expected)]);
    let closed = vec![circle("A", (-1000.0, 0.0), 300.0)];
    assert_eq!(instead(&world(closed), &flight), []);
}

fn windy(zones: Vec<Zone>, layers: &[(f64, f64, f64)]) -> World {
    let layer = |&(above_agl_m, speed_m_s, from_deg): &(f64, f64, f64)| WindLayer {
        above_agl_m,
        speed_m_s,
        from_deg,
    };
    World { wind: Wind::new(layers.iter().map(layer).collect()).unwrap(), ..world(zones) }
}

#[test]
fn a_tail_wind_shortens_the_flight_and_a_head_wind_lengthens_it() {
    let west = windy(Vec::new(), &[(f64::NEG_INFINITY, 5.0, 270.0)]);
    let there = planned(&west, &request((-1500.0, 0.0), (1500.0, 0.0)));
    assert!((there.duration_s - (20.0 + 3000.0 / 20.0 + 24.0)).abs() < 0.1, "{}", there.duration_s);
    let back = planned(&west, &request((1500.0, 0.0), (-1500.0, 0.0)));
    assert!((back.duration_s - (20.0 + 3000.0 / 10.0 + 24.0)).abs() < 0.1, "{}", back.duration_s);
}

#[test]
fn it_climbs_to_a_helping_wind_and_stays_below_a_hindering_one() {
    let top = |plan: &Plan| plan.trajectory.iter().map(|w| w.altitude.metres()).fold(0.0, f64::max);
    let layers = windy(Vec::new(), &[(0.0, 2.0, 270.0), (80.0, 10.0, 270.0)]);
    assert_eq!(top(&planned(&layers, &request((-5000.0, 0.0), (5000.0, 0.0)))), 80.0);
    assert_eq!(top(&planned(&layers, &request((5000.0, 0.0), (-5000.0, 0.0)))), 60.0);
}

#[test]
fn a_wind_too_strong_on_the_way_up_is_a_ceiling() {
    let storm = windy(Vec::new(), &[(0.0, 4.0, 0.0), (50.0, 17.0, 0.0)]);
    let refusal = refused(&storm, &request((-1000.0, 0.0), (1000.0, 0.0)));
    assert_eq!(refusal.code, RefusalCode::Ceiling);
    assert!(refusal.text.contains("17 m/s"), "{}", refusal.text);
}

#[test]
fn a_zone_beyond_the_antimeridian_is_in_the_way() {
    let frame = Frame::new(LonLat::new(179.99, -17.0).unwrap());
    let at = |x: f64, y: f64| frame.to_place(Xy { x, y });
    assert!(at(2000.0, 0.0).lon() < 0.0);
    let ring = [(1500.0, -800.0), (2500.0, -800.0), (2500.0, 800.0), (1500.0, 800.0), (1500.0, -800.0)];
    let exterior = ring.iter().map(|&(x, y)| at(x, y)).collect();
    let outline = Outline::Polygons(vec![Polygon { exterior, holes: Vec::new() }]);
    let zone =
        Zone::new("FIJI", Restriction::Prohibited, vec![Layer { outline, limits: limits(0.0, 300.0) }]);
    let world = World { frame: frame.clone(), ..world(vec![zone]) };
    let flight = |from: f64, to: f64| Request {
        origin: at(from, 0.0),
        destination: at(to, 0.0),
        ..request((0.0, 0.0), (0.0, 0.0))
    };
    let around = planned(&world, &flight(-1000.0, 4000.0));
    assert!(around.length_m > 5100.0, "{}", around.length_m);
    let inside = refused(&world, &flight(-1000.0, 2000.0));
    assert_eq!((inside.code, inside.zones), (RefusalCode::DestinationInZone, vec!["FIJI".to_owned()]));
}

/// A square's middle, half its side, and the windows in which it is closed.
type TimedSquare = ((f64, f64), f64, Vec<(i64, i64)>);

/// The earliest landing by steps of a second over the corners of squares grown by a little more than the clearance:
/// any plan that it finds can be flown, so the planner's may be no later.
fn by_time_steps(zones: &[TimedSquare], from: (f64, f64), to: (f64, f64)) -> Option<f64> {
    const SPEED: f64 = 15.0;
    const LAST: usize = 900;
    let grown: Vec<_> = zones.iter().map(|(at, half, windows)| (*at, half + 10.1, windows)).collect();
    let closed = |x: f64, y: f64, t: f64| {
        grown.iter().any(|((cx, cy), half, windows)| {
            (x - cx).abs() < *half
                && (y - cy).abs() < *half
                && windows.iter().any(|&(a, b)| t > a as f64 - 0.1 && t < b as f64 + 0.1)
        })
    };
    let mut nodes = vec![from, to];
    for ((cx, cy), half, _) in &grown {
        nodes.extend(
            [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
                .map(|(sx, sy)| (cx + sx * half, cy + sy * half)),
        );
    }
    let mut reached = vec![vec![false; LAST + 1]; nodes.len()];
    let climbs = |t: usize| (0..=20).all(|s| !closed(from.0, from.1, (t + s) as f64));
    for t in 0..=LAST.min(1800) {
        if t + 20 <= LAST && climbs(t) {
            reached[0][t + 20] = true;
        }
        for node in 0..nodes.len() {
            let (x, y) = nodes[node];
            if t > 0 && reached[node][t - 1] && !closed(x, y, t as f64) {
                reached[node][t] = true;
            }
            if !reached[node][t] {
                continue;
            }
            if node == 1 && (0..=24).all(|s| !closed(x, y, (t + s) as f64)) {
                return Some((t + 24) as f64);
            }
            for next in 0..nodes.len() {
                let (dx, dy) = (nodes[next].0 - x, nodes[next].1 - y);
                let travel = dx.hypot(dy) / SPEED;
                let arrives = t + travel.ceil() as usize;
                // Flown at full speed, then waited until the full second.
                let steps = (dx.hypot(dy) / 1.0).ceil().max(1.0) as usize;
                let clear = || {
                    (0..=steps).all(|k| {
                        let share = k as f64 / steps as f64;
                        !closed(x + share * dx, y + share * dy, t as f64 + share * travel)
                    }) && !closed(nodes[next].0, nodes[next].1, arrives as f64)
                };
                if next != node && arrives <= LAST && !reached[next][arrives] && clear() {
                    reached[next][arrives] = true;
                }
            }
        }
    }
    None
}

fn timed_square() -> impl Strategy<Value = TimedSquare> {
    let windows = prop::collection::vec((-200..500i64, 30..400i64), 1..3);
    ((-700..700i32, -300..300i32), 60..320i32, windows).prop_map(|((x, y), half, windows)| {
        let windows = windows.into_iter().map(|(a, length)| (a, a + length)).collect();
        ((f64::from(x), f64::from(y)), f64::from(half), windows)
    })
}

fn arrival_s(plan: &Plan) -> f64 {
    plan.trajectory.last().unwrap().time.seconds_since(Instant::from_seconds(START_S))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn around_a_timed_zone_it_is_no_later_than_a_search_in_time_steps(zone in timed_square()) {
        let (from, to) = ((-1100.0, 0.0), (1100.0, 0.0));
        let (at, half, windows) = &zone;
        let world = world(vec![active(square("Z", *at, *half, (0.0, 300.0)), windows)]);
        let plan = planned(&world, &request(from, to));
        if let Some(stepped) = by_time_steps(&[zone], from, to) {
            prop_assert!(arrival_s(&plan) <= stepped + 0.05, "{} after {stepped}", arrival_s(&plan));
            prop_assert!(plan.lower_bound_s <= stepped, "{} bounds {stepped}", plan.lower_bound_s);
        }
    }

    #[test]
    fn zones_that_open_at_times_never_make_it_later_than_zones_that_never_do(
        zones in prop::collection::vec(timed_square(), 1..5)
    ) {
        let flight = request((-1100.0, 0.0), (1100.0, 0.0));
        let named = |(i, (at, half, _)): (usize, &TimedSquare)| square(&format!("Z{i}"), *at, *half, (0.0, 300.0));
        let closed: Vec<Zone> = zones.iter().enumerate().map(named).collect();
        let timed = closed.iter().cloned().zip(&zones).map(|(zone, (.., windows))| active(zone, windows)).collect();
        let sooner = planned(&world(timed), &flight);
        if let Outcome::Planned(plan) = plan(&world(closed), &flight) {
            prop_assert!(arrival_s(&sooner) <= arrival_s(&plan) + 0.002);
            prop_assert!(sooner.lower_bound_s <= plan.lower_bound_s + 1e-9);
        }
    }

    #[test]
    fn random_airspace_never_breaks_a_promise_and_gives_the_same_twice(
        zones in prop::collection::vec(
            ((-2500..2500i32, -2500..2500i32), 50..900i32, 0..6usize, any::<bool>(), prop::option::of((-300..600i64, 100..900i64))),
            0..12),
        ends in prop::collection::vec((-3000..3000i32, -3000..3000i32), 2),
        craft in 0..4usize,
        hilly in any::<bool>(),
        layers in prop::collection::vec((0..130i32, 0..19i32, 0..360i32), 0..4)
    ) {
        let bands = [(0.0, 300.0), (0.0, 70.0), (0.0, 85.0), (95.0, 400.0), (75.0, 95.0), (0.0, 40.0)];
        let made = zones.iter().enumerate().map(|(i, &((x, y), size, band, round, window))| {
            let (at, size) = ((f64::from(x), f64::from(y)), f64::from(size));
            let name = format!("Z{i}");
            let mut zone = square(&name, at, size, bands[band]);
            if round {
                zone.layers[0].outline = circle(&name, at, size).layers.remove(0).outline;
            }
            match window {
                Some((a, length)) => active(zone, &[(a, a + length)]),
                None => zone,
            }
        });
        let layers: Vec<(f64, f64, f64)> =
            layers.into_iter().map(|(a, s, d)| (f64::from(a), f64::from(s), f64::from(d))).collect();
        let mut world = windy(made.collect(), &layers);
        if hilly {
            world.ground = Arc::new(hills());
        }
        let at = |(x, y): (i32, i32)| (f64::from(x), f64::from(y));
        let mut flight = request(at(ends[0]), at(ends[1]));
        flight.aircraft = ["quad", "wide", "wing", "glider"][craft].to_owned();
        let outcome = plan(&world, &flight);
        prop_assert_eq!(verify_flight(&world, &flight, &outcome), vec![]);
        prop_assert_eq!(outcome, plan(&world, &flight));
    }
}
