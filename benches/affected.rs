//! The flights that a new zone touches among reserved ones, and what it costs to reserve.
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
use tianlu_engine::dispatch::touched;
use tianlu_engine::flight::{CruiseBand, Objective, Plan, Request, Waypoint};
use tianlu_engine::frame::{Agl, Amsl, Frame, Height, Instant, Interval, LonLat, Xy};
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
    let request = Request {
        id: id.clone(),
        aircraft: "quad".to_owned(),
        mission: Mission::Logistics,
        priority: 0,
        origin: world.frame.to_place(from),
        destination: world.frame.to_place(at),
        departure: Interval::new(epoch(), epoch().plus_millis(86_400_000)),
        cruise: CruiseBand { min: Agl::new(60.0).unwrap(), max: Agl::new(120.0).unwrap() },
        authorizations: Vec::new(),
        exemptions: Vec::new(),
        objective: Objective::EarliestArrival,
    };
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

fn affected(criterion: &mut Criterion) {
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
        println!("{name}: {} touched on average", found / zones.len());
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

criterion_group!(benches, affected);
criterion_main!(benches);
