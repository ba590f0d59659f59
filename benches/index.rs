//! Queries of the R-tree over zones, against a scan of all of them in the same run.
#![allow(missing_docs, reason = "criterion's macros")]
#![expect(clippy::unwrap_used, reason = "benches")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::sync::Arc;
use tianlu_engine::airspace::{
    Airspace, HeightBand, Layer, Limits, LonLatBox, Outline, Restriction, VolumeIndex, Zone,
};
use tianlu_engine::frame::{Interval, LonLat};

/// Circles of 100 to 1,000 m spread evenly over 2 x 2 degrees.
fn circles(count: u32) -> Vec<Zone> {
    let side = f64::from(count).sqrt().ceil();
    let circle = |i: u32| {
        let (column, row) = (f64::from(i) % side, (f64::from(i) / side).floor());
        let centre = LonLat::new(120.0 + 2.0 * column / side, 30.0 + 2.0 * row / side).unwrap();
        let outline = Outline::Circle { centre, radius_m: 100.0 + f64::from(i % 10) * 100.0 };
        Zone::new(
            format!("Z{i}"),
            Restriction::Prohibited,
            vec![Layer { outline, limits: Limits::UNBOUNDED }],
        )
    };
    (0..count).map(circle).collect()
}

/// Does a circle's box meet an area? What a scan would ask of every zone.
fn near(zone: &Zone, area: LonLatBox) -> bool {
    let Outline::Circle { centre, radius_m } = &zone.layers[0].outline else { return true };
    let (lon, lat) = (radius_m / 95_000.0, radius_m / 110_000.0);
    centre.lon() + lon >= area.min.lon()
        && centre.lon() - lon <= area.max.lon()
        && centre.lat() + lat >= area.min.lat()
        && centre.lat() - lat <= area.max.lat()
}

fn queries(criterion: &mut Criterion) {
    let at = |lon, lat| LonLat::new(lon, lat).unwrap();
    let heights = HeightBand { low_m: 60.0, high_m: 120.0, ground_low_m: 0.0, ground_high_m: 0.0 };
    let (from, to) = (at(120.70, 30.72), at(120.80, 30.70));
    let area = LonLatBox { min: at(120.70, 30.70), max: at(120.80, 30.72) };
    let mut group = criterion.benchmark_group("index");
    for count in [100, 1_000, 10_000] {
        let zones = circles(count);
        let index = VolumeIndex::new(zones.clone());
        group.bench_with_input(BenchmarkId::new("box", count), &index, |b, index| {
            b.iter(|| index.in_box(black_box(area), heights, Interval::ALWAYS));
        });
        group.bench_with_input(BenchmarkId::new("box by a scan", count), &zones, |b, zones| {
            b.iter(|| zones.iter().filter(|zone| near(zone, black_box(area))).count());
        });
        group.bench_with_input(BenchmarkId::new("segment", count), &index, |b, index| {
            b.iter(|| index.along_segment(black_box(from), to, 10.0, heights, Interval::ALWAYS));
        });
        group.bench_with_input(BenchmarkId::new("column", count), &index, |b, index| {
            b.iter(|| index.at_column(black_box(from), 10.0, heights, Interval::ALWAYS));
        });
        group.bench_with_input(BenchmarkId::new("build", count), &zones, |b, zones| {
            let shared: Vec<Arc<Zone>> = zones.iter().cloned().map(Arc::new).collect();
            b.iter(|| VolumeIndex::new(black_box(&shared).iter().cloned()));
        });
    }
    group.finish();
}

/// One zone replaced, and the index made anew instead.
fn updates(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("update");
    for count in [10_000, 100_000] {
        let zones: Vec<Arc<Zone>> = circles(count).into_iter().map(Arc::new).collect();
        let airspace = Airspace::new(zones.iter().cloned(), 1);
        let another = Arc::new(circles(1).remove(0));
        group.bench_with_input(BenchmarkId::new("one zone", count), &airspace, |b, airspace| {
            b.iter(|| airspace.changed(black_box(&[count / 2]), [Arc::clone(&another)]));
        });
        // Each change to the last airspace: what small trees cost when they are united is in it.
        group.bench_with_input(BenchmarkId::new("one after the other", count), &airspace, |b, airspace| {
            let (mut airspace, mut place) = (airspace.clone(), 0);
            b.iter(|| {
                place = if airspace.index().zone(place).is_some() { place } else { 0 };
                airspace = airspace.changed(black_box(&[place]), [Arc::clone(&another)]);
                place += 1;
            });
        });
        group.bench_with_input(BenchmarkId::new("made anew", count), &zones, |b, zones| {
            b.iter(|| Airspace::new(black_box(zones).iter().cloned(), 1));
        });
    }
    group.finish();
}

criterion_group!(benches, queries, updates);
criterion_main!(benches);
