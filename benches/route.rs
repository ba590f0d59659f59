//! A single route in the bundled Jiaxing airspace: from nothing, and with what a planner keeps.
#![allow(missing_docs, reason = "criterion's macros")]
#![expect(clippy::unwrap_used, reason = "benches")]

use std::hint::black_box;
use std::path::PathBuf;

use criterion::{Criterion, criterion_group, criterion_main};
use tianlu_airspace_data::airspace::ReadOptions;
use tianlu_airspace_data::scenario::read_scenario;
use tianlu_engine::route::{Planner, plan};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn jiaxing(criterion: &mut Criterion) {
    let path = root().join("airspace-data/data/jiaxing/scenarios/morning.json");
    let scenario = read_scenario(&path, &ReadOptions::default()).unwrap();
    let mut group = criterion.benchmark_group("jiaxing morning");
    let request = &scenario.requests[0];
    group.bench_function("one route, all prepared anew", |b| {
        b.iter(|| plan(&scenario.world, black_box(request)))
    });
    let planner = Planner::new(&scenario.world);
    group.bench_function("one route, outlines kept", |b| b.iter(|| planner.plan(black_box(request))));
    group.bench_function("every request, outlines kept", |b| {
        b.iter(|| scenario.requests.iter().map(|request| planner.plan(request)).collect::<Vec<_>>());
    });
    group.finish();
}

criterion_group!(benches, jiaxing);
criterion_main!(benches);
