//! Shortest paths among many polygons: a roadmap, a region, and the crate `polyanya`, on the bundled planes.
#![allow(missing_docs, reason = "criterion's macros")]
#![expect(clippy::unwrap_used, reason = "benches")]

use std::hint::black_box;
use std::path::PathBuf;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use glam::Vec2;
use polyanya::Triangulation;
use tianlu_engine::frame::Xy;
use tianlu_engine::plane::{Region, Roadmap, Scratch, Shape, shortest_path};

fn read(name: &str) -> (Vec<Shape>, Vec<(Xy, Xy)>) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/plane/{name}.json"));
    let plane: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let point = |v: &serde_json::Value| Xy { x: v[0].as_f64().unwrap(), y: v[1].as_f64().unwrap() };
    let shape = |v: &serde_json::Value| -> Shape { vec![v.as_array().unwrap().iter().map(point).collect()] };
    let shapes = plane["polygons"].as_array().unwrap().iter().map(shape).collect();
    let pairs = plane["pairs"].as_array().unwrap().iter().map(|p| (point(&p[0]), point(&p[1]))).collect();
    (shapes, pairs)
}

fn hundred_paths(criterion: &mut Criterion) {
    for name in ["synth100", "synth1000"] {
        let (shapes, pairs) = read(name);
        let mut group = criterion.benchmark_group(format!("{name}, 100 shortest paths"));
        group.sample_size(10);
        let (roadmap, mut scratch) = (Roadmap::new(&shapes).unwrap(), Scratch::default());
        let mut all = |roadmap: &Roadmap| -> f64 {
            pairs.iter().map(|pair| roadmap.search(&mut scratch, pair.0, pair.1).unwrap().length).sum()
        };
        group.bench_function("roadmap, warm", |b| b.iter(|| all(black_box(&roadmap))));
        let fresh = || Roadmap::new(&shapes).unwrap();
        group.bench_function("roadmap, cold", |b| {
            b.iter_batched(fresh, |roadmap| all(&roadmap), BatchSize::PerIteration)
        });
        let region = Region::new(shapes.clone());
        let length = |pair: &(Xy, Xy)| shortest_path(&region, pair.0, pair.1, f64::INFINITY).unwrap().length;
        group.bench_function("region", |b| b.iter(|| pairs.iter().map(length).sum::<f64>()));

        let single = |p: &Xy| Vec2::new((p.x - 2e4) as f32, (p.y - 2e4) as f32);
        let frame =
            [(-1e3, -1e3), (4.1e4, -1e3), (4.1e4, 4.1e4), (-1e3, 4.1e4)].map(|(x, y)| single(&Xy { x, y }));
        let mut triangulation = Triangulation::from_outer_edges(frame.as_slice());
        triangulation
            .add_obstacles(shapes.iter().map(|shape| shape[0].iter().map(single).collect::<Vec<_>>()));
        let mut mesh = triangulation.as_navmesh();
        mesh.bake();
        let length = |pair: &(Xy, Xy)| f64::from(mesh.path(single(&pair.0), single(&pair.1)).unwrap().length);
        group.bench_function("polyanya", |b| b.iter(|| pairs.iter().map(length).sum::<f64>()));
        group.finish();
    }
}

fn preparing(criterion: &mut Criterion) {
    let (shapes, _) = read("synth1000");
    let mut group = criterion.benchmark_group("synth1000, preparing");
    group.bench_function("roadmap", |b| b.iter(|| Roadmap::new(black_box(&shapes)).unwrap()));
    group.bench_function("region", |b| b.iter(|| Region::new(black_box(shapes.clone()))));
    let mut roadmap = Roadmap::new(&shapes).unwrap();
    let shape = [shapes[500].clone()];
    let mut number = 500;
    group.bench_function("a polygon away and back", |b| {
        b.iter(|| {
            roadmap.replace(&[number], &[]).unwrap();
            number = roadmap.replace(&[], &shape).unwrap()[0];
        });
    });
    group.finish();
}

criterion_group!(benches, hundred_paths, preparing);
criterion_main!(benches);
