//! Woven flights keep all promises, apart from each other too, and land no later than the same course flown later.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::super::advisory::advisories;
use super::super::planner::Planner;
use super::super::random_scene::{self, START_S, quad, request, zone};
use super::*;
use crate::aircraft::{Aircraft, AircraftKind};
use crate::airspace::{Airspace, Zone};
use crate::flight::{Outcome, Plan, Request};
use crate::frame::{Instant, Interval};
use crate::surface::{Ground, Raster};
use crate::traffic::{Apart, Blocked, Piece, in_conflict};
use crate::verify::Verifier;
use crate::world::World;

fn world(zones: Vec<Zone>, ground: Ground) -> World {
    let hovers = AircraftKind::Vtol;
    let wing = Aircraft { can_hover: false, kind: AircraftKind::FixedWing, ..quad() };
    let fleet = BTreeMap::from([
        ("quad".to_owned(), quad()),
        ("vtol".to_owned(), Aircraft { min_turn_radius_m: 60.0, kind: hovers, ..quad() }),
        ("wing".to_owned(), wing.clone()),
        ("glider".to_owned(), Aircraft { min_turn_radius_m: 90.0, ..wing }),
    ]);
    World {
        ground: Arc::new(ground),
        fleet: Arc::new(fleet),
        ..random_scene::world(Airspace::new(zones, 1), &Arc::new(Vec::new()))
    }
}

/// A flight that leaves within a window of so many seconds.
fn flight(number: usize, aircraft: &str, ends: [(f64, f64); 2], (from_s, lasts_s): (i64, i64)) -> Request {
    let at = |seconds| Instant::from_seconds(START_S + seconds);
    Request {
        id: format!("F{number}"),
        aircraft: aircraft.to_owned(),
        departure: Interval::new(at(from_s), at(from_s + lasts_s)),
        ..request(ends[0], ends[1])
    }
}

/// Plans flights one after another, each alone in the sky or else woven through those before it.
struct Sky<'w> {
    planner: Planner<'w>,
    traffic: Traffic,
    planned: Vec<(Request, Plan)>,
}

impl<'w> Sky<'w> {
    fn new(world: &'w World) -> Self {
        let epoch = Instant::from_seconds(START_S - 100);
        let traffic = Traffic::new(world.frame.clone(), epoch, &world.separation);
        Self { planner: Planner::new(world), traffic, planned: Vec::new() }
    }

    fn points(&self, request: &Request, plan: &Plan) -> Vec<Point> {
        let point = |waypoint: &crate::flight::Waypoint| Point {
            at: self.planner.frame().to_plane(waypoint.place),
            alt_m: waypoint.altitude.metres(),
            time_s: waypoint.time.seconds_since(request.departure.start),
        };
        plan.trajectory.iter().map(point).collect()
    }

    /// The flight woven, whether the sky is free for it or not.
    fn weave(&self, request: &Request, alone: &Plan, by_s: f64) -> Option<Woven> {
        let points = self.points(request, alone);
        let lift_off_s = points[0].time_s;
        let course: Vec<Point> =
            points.iter().map(|p| Point { time_s: p.time_s - lift_off_s, ..*p }).collect();
        let begins_s = request.departure.start.seconds_since(self.traffic.epoch());
        let among = Among { traffic: &self.traffic, heeds: &|_| true, begins_s };
        let flight = self.planner.sensible(request).unwrap();
        self.planner.with_task(&flight, None, |task| task.weave(&[&course], by_s, &among))
    }

    fn track(&self, request: &Request, woven: &Woven) -> Track {
        let begins_s = request.departure.start.seconds_since(self.traffic.epoch());
        let fix = |p: &Point| Fix { at: p.at, height_m: p.alt_m, time_s: p.time_s + begins_s };
        Track::new(woven.points.iter().map(fix), self.traffic.pad_s())
    }

    /// The first arrival of the course alone in the sky flown so much later that it is free.
    fn rigid_s(&self, request: &Request, alone: &Plan) -> Option<f64> {
        let track = self.traffic.track_of(alone);
        let window_s = request.departure.end.seconds_since(request.departure.start);
        let mut found: Vec<Blocked> = Vec::new();
        self.traffic.blocked(&track, (0.0, window_s), &mut found);
        let blocked = found.iter().map(|by| (by.from_s, by.to_s)).collect();
        let first = crate::intervals::free(blocked, 0.0, window_s).first()?.0;
        let arrives = alone.trajectory.last().unwrap().time.seconds_since(request.departure.start);
        Some(arrives + (first * 1000.0 - 1e-6).ceil() / 1000.0)
    }

    /// Adds a flight if there is room for it; tells whether it is woven.
    fn add(&mut self, request: &Request) -> Option<bool> {
        let Outcome::Planned(alone) = self.planner.plan(request) else { return None };
        let clear = self.traffic.is_clear(&self.traffic.track_of(&alone), |_| true);
        let plan = if clear { alone } else { self.woven(request, &alone)? };
        let breaches = Verifier::new(self.planner.world()).flight(request, &Outcome::Planned(plan.clone()));
        assert_eq!(breaches, []);
        self.traffic.add(Arc::new(self.traffic.track_of(&plan)));
        self.planned.push((request.clone(), plan));
        Some(!clear)
    }

    fn woven(&self, request: &Request, alone: &Plan) -> Option<Plan> {
        let Woven { points, energy_wh } = self.weave(request, alone, f64::INFINITY)?;
        let lists = advisories(self.planner.world(), self.planner.volumes(), request, &points);
        let (start, frame) = (request.departure.start, self.planner.frame());
        let bound_s = alone.lower_bound_s;
        let plan = trajectory::plan(&request.id, &points, start, frame, energy_wh, bound_s, lists)?;
        let arrives = |plan: &Plan| plan.trajectory.last().unwrap().time;
        let delay_s = arrives(&plan).seconds_since(arrives(alone));
        Some(Plan { delay_s: delay_s.max(0.0), ..plan })
    }

    fn check_separation(&self) {
        let flights: Vec<(&Request, &Plan)> = self.planned.iter().map(|(r, p)| (r, p)).collect();
        assert_eq!(Verifier::new(self.planner.world()).separation(&flights), []);
    }
}

#[test]
fn flights_that_all_meet_at_once_with_no_window_all_fly() {
    let world = world(Vec::new(), Ground::Flat);
    let mut sky = Sky::new(&world);
    let mut woven = 0;
    for number in 0..16 {
        let (y, x) = (number as f64 / 16.0 * std::f64::consts::TAU).sin_cos();
        let ends = [(1500.0 * x, 1500.0 * y), (-1500.0 * x, -1500.0 * y)];
        let request = flight(number, "quad", ends, (0, 0));
        // Half of them land where the other half took off.
        woven += usize::from(sky.add(&request).unwrap());
    }
    assert!(woven > 8);
    sky.check_separation();
    let delays: f64 = sky.planned.iter().map(|(_, plan)| plan.delay_s).sum();
    assert!(delays < 16.0 * 20.0, "{delays}");
}

#[test]
fn what_cannot_hover_flies_slower_or_higher() {
    let world = world(Vec::new(), Ground::Flat);
    let mut sky = Sky::new(&world);
    for number in 0..6 {
        let y = 400.0 * number as f64;
        let ends = [(-3000.0, y - 1000.0), (3000.0, 1000.0 - y)];
        assert!(sky.add(&flight(number, "wing", ends, (0, 0))).is_some());
    }
    sky.check_separation();
}

/// Hills up to 60 m high.
fn hills() -> Ground {
    let height = |i: usize| 30.0 + 30.0 * ((i % 61) as f32 / 4.0).sin() * ((i / 61) as f32 / 3.0).cos();
    let posts = (0..61 * 61).map(height).collect();
    Ground::Raster(Raster::new((120.6, 30.87), (0.005, 0.005), 61, posts).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn woven_flights_keep_all_promises_and_land_no_later_than_rigid_ones(
        zones in prop::collection::vec(zone(), 0..6),
        has_hills in any::<bool>(),
        flights in prop::collection::vec(
            (0..4_usize, (-3_000.0..3_000.0_f64, 0.0..400.0_f64), (0..60_i64, prop_oneof![Just(0_i64), 0..200_i64])), 4..12
        ),
    ) {
        let world = world(zones, if has_hills { hills() } else { Ground::Flat });
        let mut sky = Sky::new(&world);
        for (number, (kind, (x, y), window)) in flights.into_iter().enumerate() {
            let aircraft = ["quad", "quad", "vtol", ["wing", "glider"][number % 2]][kind];
            let side = if number % 2 == 0 { 1.0 } else { -1.0 };
            let ends = [(x, side * 3000.0 + y), (y - x / 4.0, -side * 2800.0 + x / 20.0)];
            let request = flight(number, aircraft, ends, window);
            if let Outcome::Planned(alone) = sky.planner.plan(&request) {
                let woven = sky.weave(&request, &alone, f64::INFINITY);
                // Over hills posts of the ground near a bend may make it too tight a turn for its lanes.
                let has_lanes = kind < 2 || !has_hills;
                if let Some(rigid_s) = sky.rigid_s(&request, &alone).filter(|_| has_lanes)
                    && alone.trajectory.len() < 100
                {
                    let lands_s = woven.as_ref().map(|woven| woven.points.last().unwrap().time_s);
                    // Each lane takes up to a millisecond more.
                    prop_assert!(lands_s.is_some_and(|at| at <= rigid_s + 0.04), "{lands_s:?} {rigid_s}");
                }
                // A flight that is clear of it changes nothing.
                let other = flight(100, "quad", [ends[1], (ends[0].0 + 300.0, ends[0].1)], window);
                if let (Some(woven), Outcome::Planned(other)) = (woven, sky.planner.plan(&other)) {
                    let other = Arc::new(sky.traffic.track_of(&other));
                    if !in_conflict(&sky.track(&request, &woven), &other, sky.traffic.apart()) {
                        let number = sky.traffic.add(other);
                        let again = sky.weave(&request, &alone, f64::INFINITY);
                        sky.traffic.remove(number);
                        prop_assert_eq!(again.map(|again| again.points), Some(woven.points));
                    }
                }
            }
            sky.add(&request);
        }
        sky.check_separation();
    }

    #[test]
    fn what_is_in_the_air_is_woven_on_from_where_it_is(
        at_s in 3.0..250.0_f64,
        aircraft in prop_oneof![Just("quad"), Just("vtol")],
        others in prop::collection::vec(((-2_000.0..2_000.0_f64, -2_000.0..2_000.0_f64), 0..150_i64), 30..80),
    ) {
        let world = world(Vec::new(), Ground::Flat);
        let mut sky = Sky::new(&world);
        let mut request = flight(0, aircraft, [(-2_000.0, 0.0), (2_000.0, 0.0)], (0, 0));
        request.cruise.max = request.cruise.min;
        let Outcome::Planned(plan) = sky.planner.plan(&request) else { return Ok(()) };
        let at = request.departure.start.plus_millis((at_s * 1000.0) as i64);
        let kept_until_s = at.seconds_since(sky.traffic.epoch()) + 4.0;
        let kept = until(&sky.traffic.track_of(&plan), kept_until_s);
        let wide = Apart { horizontal_m: 150.0, ..*sky.traffic.apart() };
        for (number, ((y, to_y), from_s)) in others.into_iter().enumerate() {
            let ends = [(2_000.0 - (number % 16) as f64 * 100.0, y), (-1_900.0, to_y)];
            let Outcome::Planned(other) = sky.planner.plan(&flight(number + 1, "quad", ends, (from_s, 0))) else {
                continue;
            };
            let other = Arc::new(sky.traffic.track_of(&other));
            // What comes too close to what is flown already cannot be helped.
            if !in_conflict(&kept, &other, &wide) {
                sky.traffic.add(other);
            }
        }
        let prepared = sky.planner.prepare_airborne(&request, &plan, at);
        let placed = sky.planner.plan_among(&prepared, &sky.traffic, &|_| true);
        if let (Outcome::Planned(_), Some(track)) = (&placed.outcome, &placed.track) {
            let breaches = Verifier::new(&world).flight(&request, &placed.outcome);
            prop_assert_eq!(breaches, []);
            prop_assert_eq!(sky.traffic.conflicts(track), Vec::<u32>::new());
        }
    }
}

/// A track up to a time.
fn until(track: &Track, until_s: f64) -> Track {
    let mut fixes: Vec<Fix> = track.fixes().iter().filter(|fix| fix.time_s <= until_s).copied().collect();
    if let Some(Piece { from, to }) =
        track.pieces().find(|p| p.from.time_s <= until_s && until_s < p.to.time_s)
    {
        let share = (until_s - from.time_s) / (to.time_s - from.time_s);
        let height_m = from.height_m + share * (to.height_m - from.height_m);
        fixes.push(Fix { at: from.at + (to.at - from.at) * share, height_m, time_s: until_s });
    }
    Track::new(fixes, 0.0)
}
