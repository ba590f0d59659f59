//! The flights that a new zone touches among reserved ones, what it costs to reserve, and to plan anew what an urgent
//! flight or a zone is in the way of.
#![allow(missing_docs, reason = "criterion's macros")]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "benches")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use tianlu_engine::aircraft::{Aircraft, AircraftKind, Energy, EnergySource};
use tianlu_engine::airspace::{
    Airspace, Applicability, Layer, Limits, Mission, Outline, Period, Restriction, Zone,
};
use tianlu_engine::dispatch::{Moment, Options, ZoneChange, affected, batch, preempt, touched};
use tianlu_engine::flight::{CruiseBand, Objective, Outcome, Plan, Request, Waypoint};
use tianlu_engine::frame::{Agl, Amsl, Frame, Height, Instant, Interval, LonLat, Xy};
use tianlu_engine::route::Planner;
use tianlu_engine::surface::Ground;
use tianlu_engine::traffic::{Book, Traffic};
use tianlu_engine::weather::Wind;
use tianlu_engine::world::{Separation, World};

/// Flights are in a square of so many metres.
const SIDE_M: f64 = 40_000.0;

/// Numbers between 0 and 1 (SplitMix64, Steele et al. 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn place(&mut self) -> Xy {
        Xy { x: (self.next() - 0.5) * SIDE_M, y: (self.next() - 0.5) * SIDE_M }
    }
}

fn epoch() -> Instant {
    Instant::from_seconds(1_795_395_600)
}

/// Nobody keeps apart from anybody: all of a random demand is reserved.
fn world() -> World {
    let energy = Energy {
        source: EnergySource::Battery { capacity_wh: 2_400.0 },
        reserve_fraction: 0.2,
        hover_w: 1_400.0,
        cruise_w: 1_100.0,
        climb_w: 1_700.0,
        descent_w: 1_000.0,
    };
    let quad = Aircraft {
        kind: AircraftKind::Multirotor,
        can_hover: true,
        cruise_m_s: 15.0,
        max_airspeed_m_s: 20.0,
        climb_m_s: 3.0,
        descent_m_s: 2.5,
        min_turn_radius_m: 0.0,
        clearance_m: 10.0,
        vertical_clearance_m: 5.0,
        energy,
    };
    World {
        frame: Frame::new(LonLat::new(120.75, 30.72).unwrap()),
        airspace: Arc::new(Airspace::default()),
        obstacles: Arc::default(),
        ground: Arc::new(Ground::Flat),
        wind: Wind::CALM,
        separation: Separation { horizontal_m: 0.0, vertical_m: 0.0, time_s: 0.0, pad_s: 5.0 },
        fleet: Arc::new(BTreeMap::from([("quad".to_owned(), quad)])),
    }
}

/// Up, some 5 km with a bend or two, down.
fn flight(number: usize, span_s: f64, world: &World, random: &mut Random) -> (Arc<Request>, Arc<Plan>) {
    let id = format!("F{number}");
    let (from, mut time_s, height_m) = (random.place(), random.next() * span_s, 60.0 + 60.0 * random.next());
    let mut trajectory = Vec::new();
    let mut add = |at: Xy, height_m: f64, time_s: f64| {
        let time = epoch().plus_millis((time_s * 1000.0) as i64);
        let place = world.frame.to_place(at);
        trajectory.push(Waypoint { place, altitude: Amsl::new(height_m).unwrap(), time });
    };
    add(from, 0.0, time_s);
    time_s += height_m / 3.0;
    add(from, height_m, time_s);
    let (mut at, mut heading) = (from, random.next() * std::f64::consts::TAU);
    for _ in 0..5 {
        let leg_m = 500.0 + 1_000.0 * random.next();
        heading += random.next() - 0.5;
        at = Xy { x: at.x + leg_m * heading.cos(), y: at.y + leg_m * heading.sin() };
        time_s += leg_m / 15.0;
        add(at, height_m, time_s);
    }
    add(at, 0.0, time_s + height_m / 2.5);
    let request = request(&id, world, (from, at), trajectory[0].time);
    let plan = Plan {
        request: id,
        trajectory,
        length_m: 0.0,
        duration_s: 0.0,
        delay_s: 0.0,
        energy_wh: 0.0,
        lower_bound_s: 0.0,
        gap: 0.0,
        advisories: Vec::new(),
    };
    (Arc::new(request), Arc::new(plan))
}

fn request(id: &str, world: &World, (from, to): (Xy, Xy), earliest: Instant) -> Request {
    Request {
        id: id.to_owned(),
        aircraft: "quad".to_owned(),
        mission: Mission::Logistics,
        priority: 0,
        origin: world.frame.to_place(from),
        destination: world.frame.to_place(to),
        departure: Interval::new(earliest, earliest.plus_millis(1_800_000)),
        cruise: CruiseBand { min: Agl::new(60.0).unwrap(), max: Agl::new(120.0).unwrap() },
        authorizations: Vec::new(),
        exemptions: Vec::new(),
        objective: Objective::EarliestArrival,
    }
}

fn book_of(count: usize, span_s: f64, world: &World) -> Book {
    let mut random = Random(1);
    let mut book = Book::new(Traffic::new(world.frame.clone(), epoch(), &world.separation));
    for number in 0..count {
        let (request, plan) = flight(number, span_s, world, &mut random);
        let since = book.revision();
        book.reserve(request, plan, since).unwrap();
    }
    book
}

/// Closed up to 150 m for half an hour: a disc of some hundred metres, or a polygon of many corners.
fn pop_up(span_s: f64, world: &World, random: &mut Random) -> Zone {
    let (centre, radius_m) = (random.place(), 200.0 + 600.0 * random.next());
    let outline = if random.next() < 0.5 {
        Outline::Circle { centre: world.frame.to_place(centre), radius_m }
    } else {
        let corner = |k: u32| {
            let (angle, r) =
                (f64::from(k % 40) * std::f64::consts::TAU / 40.0, radius_m * (0.6 + 0.4 * f64::from(k % 2)));
            world.frame.to_place(Xy { x: centre.x + r * angle.cos(), y: centre.y + r * angle.sin() })
        };
        let exterior = (0..=40).map(corner).collect();
        Outline::Polygons(vec![tianlu_engine::airspace::Polygon { exterior, holes: Vec::new() }])
    };
    let upper = Some(Height::Agl(Agl::new(150.0).unwrap()));
    let layer = Layer { outline, limits: Limits { lower: None, upper } };
    let mut zone = Zone::new("POP-UP", Restriction::Prohibited, vec![layer]);
    let opens = epoch().plus_millis((random.next() * span_s * 1000.0) as i64);
    let period = Period { start: Some(opens), end: Some(opens.plus_millis(1_800_000)), schedule: Vec::new() };
    zone.applicability = Applicability::Periods(vec![period]);
    zone
}

fn time_us<T>(does: impl FnOnce() -> T) -> f64 {
    let start = std::time::Instant::now();
    black_box(does());
    start.elapsed().as_secs_f64() * 1e6
}

fn touched_by_a_zone(criterion: &mut Criterion) {
    let world = world();
    let mut group = criterion.benchmark_group("affected");
    for (count, hours) in [(1_000, 10), (10_000, 10), (100_000, 10), (100_000, 1)] {
        let span_s = 3_600.0 * f64::from(hours);
        let book = book_of(count, span_s, &world);
        let mut random = Random(2);
        let zones: Vec<Zone> = (0..200).map(|_| pop_up(span_s, &world, &mut random)).collect();
        let found: usize = zones.iter().map(|zone| touched(&world, &book, zone, epoch()).len()).sum();
        let mut next = zones.iter().cycle();
        let name = format!("{count} flights in {hours} h");
        let mut times_us: Vec<f64> =
            zones.iter().map(|zone| time_us(|| touched(&world, &book, zone, epoch()))).collect();
        times_us.sort_by(f64::total_cmp);
        let median_us = times_us[zones.len() / 2];
        println!("{name}: {} touched on average, median {median_us:.0} us", found / zones.len());
        group.bench_function(BenchmarkId::new("touched by a new zone", &name), |b| {
            b.iter(|| touched(&world, &book, black_box(next.next().unwrap()), epoch()));
        });
        let mut random = Random(3);
        let (request, plan) = flight(count, span_s, &world, &mut random);
        let since = book.revision();
        group.bench_function(BenchmarkId::new("reserve beside a snapshot", &name), |b| {
            let reserve = |mut copy: Book| {
                copy.reserve(Arc::clone(&request), Arc::clone(&plan), since).unwrap();
                copy
            };
            b.iter_batched(|| book.clone(), reserve, BatchSize::SmallInput);
        });
        group.bench_function(BenchmarkId::new("snapshot", &name), |b| b.iter(|| book.clone()));
    }
    group.finish();
}

/// An hour of 2,000 flights out of 40 hubs, kept apart; in the middle of it an urgent flight, or a zone.
fn planned_anew(criterion: &mut Criterion) {
    let separation = Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 2.0, pad_s: 5.0 };
    let world = World { separation, ..world() };
    let mut random = Random(4);
    let hubs: Vec<Xy> = (0..40).map(|_| random.place()).collect();
    let mut from_hub = |number: usize, id: &str, from_s: f64, span_s: f64| {
        let (hub, heading) = (hubs[number % hubs.len()], random.next() * std::f64::consts::TAU);
        let away_m = 1_000.0 + 5_000.0 * random.next();
        let to = Xy { x: hub.x + away_m * heading.cos(), y: hub.y + away_m * heading.sin() };
        let earliest = epoch().plus_millis(((from_s + random.next() * span_s) * 1000.0) as i64);
        request(id, &world, (hub, to), earliest)
    };
    let requests: Vec<Request> = (0..2_000).map(|i| from_hub(i, &format!("F{i}"), 0.0, 3_600.0)).collect();
    let urgent: Vec<Arc<Request>> =
        (0..100).map(|i| Arc::new(Request { priority: 9, ..from_hub(i, "URGENT", 1_800.0, 60.0) })).collect();
    let mut book = Book::new(Traffic::new(world.frame.clone(), epoch(), &world.separation));
    let outcomes = batch(&world, &requests, &Options::default(), &|_, _| {}).outcomes;
    for (request, outcome) in requests.into_iter().zip(outcomes) {
        if let Outcome::Planned(plan) = outcome {
            let since = book.revision();
            book.reserve(Arc::new(request), Arc::new(plan), since).unwrap();
        }
    }
    let moment = Moment { now: epoch().plus_millis(1_800_000), reaction_s: 10.0 };
    let planner = Planner::new(&world);
    let mut group = criterion.benchmark_group(format!("anew among {} flights", book.len()));
    let displaced: usize =
        urgent.iter().map(|urgent| preempt(&planner, &book, urgent, moment).displaced.len()).sum();
    println!("{displaced} displaced by {} urgent flights", urgent.len());
    let mut next = urgent.iter().cycle();
    group.bench_function("an urgent flight", |b| {
        b.iter(|| preempt(&planner, &book, black_box(next.next().unwrap()), moment));
    });
    let mut random = Random(5);
    let changed: Vec<(World, Arc<Zone>)> = (0..20)
        .map(|_| {
            let zone = Arc::new(Zone {
                applicability: Applicability::Always,
                ..pop_up(3_600.0, &world, &mut random)
            });
            (World { airspace: Arc::new(Airspace::new([Arc::clone(&zone)], 1)), ..world.clone() }, zone)
        })
        .collect();
    let anew = |(world, zone): &(World, Arc<Zone>)| {
        let zones = ZoneChange { removed: &[], added: std::slice::from_ref(zone) };
        affected(&Planner::new(world), &book, zones, moment, &[])
    };
    let fated: usize = changed.iter().map(|changed| anew(changed).fated.len()).sum();
    println!("{fated} affected by {} zones", changed.len());
    let mut next = changed.iter().cycle();
    group.bench_function("a new zone", |b| b.iter(|| anew(black_box(next.next().unwrap()))));
    group.finish();
}

criterion_group!(benches, touched_by_a_zone, planned_anew);
criterion_main!(benches);
