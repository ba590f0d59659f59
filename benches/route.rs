//! A single route: in the bundled Jiaxing airspace from nothing, with what a planner keeps, and in the bare plane.
#![allow(missing_docs, reason = "criterion's macros")]
#![expect(clippy::unwrap_used, reason = "benches")]

use std::hint::black_box;
use std::path::PathBuf;

use criterion::{Criterion, criterion_group, criterion_main};
use tianlu_airspace_data::airspace::ReadOptions;
use tianlu_airspace_data::scenario::read_scenario;
use tianlu_engine::frame::Xy;
use tianlu_engine::plane::{Region, Shape, shortest_path};
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

fn bare_plane(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plane");
    group.sample_size(10);
    for name in ["synth100", "synth1000"] {
        let text = std::fs::read_to_string(root().join(format!("tests/data/plane/{name}.json"))).unwrap();
        let plane: serde_json::Value = serde_json::from_str(&text).unwrap();
        let point = |v: &serde_json::Value| Xy { x: v[0].as_f64().unwrap(), y: v[1].as_f64().unwrap() };
        let shape =
            |v: &serde_json::Value| -> Shape { vec![v.as_array().unwrap().iter().map(point).collect()] };
        let region = Region::new(plane["polygons"].as_array().unwrap().iter().map(shape).collect());
        let pairs: Vec<(Xy, Xy)> =
            plane["pairs"].as_array().unwrap().iter().map(|p| (point(&p[0]), point(&p[1]))).collect();
        group.bench_function(format!("{name}, 100 shortest paths"), |b| {
            b.iter(|| {
                pairs
                    .iter()
                    .map(|p| shortest_path(&region, p.0, p.1, f64::INFINITY).unwrap().length)
                    .sum::<f64>()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, jiaxing, bare_plane);
criterion_main!(benches);
