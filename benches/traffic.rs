//! Calls of the traffic among 1,000 to 100,000 reserved flights, 10,000 an hour, against every flight one by one.
#![allow(missing_docs, reason = "criterion's macros")]

#[allow(dead_code, reason = "shared with the example")]
#[path = "../examples/traffic_scale/scene.rs"]
mod scene;

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use scene::Scene;
use tianlu_engine::traffic::{Track, blocked_shifts, in_conflict};

/// Tracks that are asked about, one after the other.
const ASKED: usize = 1_000;

fn traffic(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("traffic");
    for count in [1_000, 10_000, 100_000] {
        let mut scene = Scene::new(count, 10_000, 1);
        let mut traffic = Scene::traffic();
        (0..count).for_each(|_| {
            traffic.add(Arc::new(scene.flight()));
        });
        let asked: Vec<Arc<Track>> = (0..ASKED).map(|_| Arc::new(scene.flight())).collect();
        let mut turn = 0;
        let mut next = || {
            turn = (turn + 1) % asked.len();
            asked[turn].clone()
        };
        group.bench_function(BenchmarkId::new("conflicts", count), |b| {
            b.iter(|| traffic.conflicts(black_box(&next())));
        });
        group.bench_function(BenchmarkId::new("is_clear", count), |b| {
            b.iter(|| traffic.is_clear(black_box(&next()), |_| true));
        });
        let mut found = Vec::new();
        group.bench_function(BenchmarkId::new("blocked for 180 s", count), |b| {
            b.iter(|| {
                found.clear();
                traffic.blocked(black_box(&next()), (0.0, 180.0), &mut found);
                found.len()
            });
        });
        let all: Vec<Arc<Track>> = (0..).map_while(|flight| traffic.track(flight).cloned()).collect();
        group.bench_function(BenchmarkId::new("conflicts, one by one", count), |b| {
            b.iter(|| {
                let track = next();
                all.iter().filter(|other| in_conflict(&track, other, traffic.apart())).count()
            });
        });
        group.bench_function(BenchmarkId::new("add and remove", count), |b| {
            b.iter(|| {
                let flight = traffic.add(next());
                traffic.remove(flight)
            });
        });
        group.bench_function(BenchmarkId::new("clone", count), |b| b.iter(|| traffic.clone()));
    }
    group.finish();
}

/// One pair of pieces: across each other, with and without a climb.
fn pairs(criterion: &mut Criterion) {
    let mut scene = Scene::new(10_000, 10_000, 2);
    let traffic = Scene::traffic();
    let tracks: Vec<Track> = (0..200).map(|_| scene.flight()).collect();
    let pieces: Vec<_> = tracks.iter().flat_map(Track::pieces).collect();
    let pairs = || pieces.iter().zip(pieces.iter().cycle().skip(777));
    let meeting: Vec<_> = pieces
        .iter()
        .flat_map(|one| pieces.iter().map(move |other| (*one, *other)))
        .filter(|(one, other)| one != other && blocked_shifts(one, other, traffic.apart()).is_some())
        .take(1_000)
        .collect();
    let mut group = criterion.benchmark_group("pieces");
    group.bench_function("2,000 pairs drawn", |b| {
        b.iter(|| {
            pairs().filter(|(one, other)| blocked_shifts(one, other, traffic.apart()).is_some()).count()
        });
    });
    group.bench_function("1,000 pairs that meet", |b| {
        b.iter(|| {
            let width_s =
                |(one, other)| blocked_shifts(one, other, traffic.apart()).map_or(0.0, |(a, b)| b - a);
            meeting.iter().map(|(one, other)| width_s((one, other))).sum::<f64>()
        });
    });
    group.finish();
}

criterion_group!(benches, pairs, traffic);
criterion_main!(benches);
