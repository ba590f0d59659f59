//! How traffic grows: memory and times of its calls among so many reserved flights.
//!
//! `cargo run --release -p tianlu-suite --example traffic_scale -- [FLIGHTS [FLIGHTS AN HOUR]]`
#![expect(clippy::print_stdout, reason = "it prints what it measured")]

mod scene;

use std::sync::Arc;
use std::time::Instant;

use scene::{Scene, plan_of};
use tianlu_engine::frame::Xy;
use tianlu_engine::traffic::{Area, Track, Traffic, in_conflict};

const ASKED: usize = 2_000;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse());
    let Ok(count) = arguments.next().unwrap_or(Ok(100_000)) else { return println!("FLIGHTS is no number") };
    let Ok(an_hour) = arguments.next().unwrap_or(Ok(10_000)) else {
        return println!("FLIGHTS AN HOUR is no number");
    };
    println!("{count} flights, {an_hour} an hour, 40 x 40 km, 10 hubs, 10 pieces each");
    let mut scene = Scene::new(count, an_hour, 1);
    let traffic = memory(&mut scene, count);
    times(&mut scene, traffic);
}

/// Reserves them all and tells what that takes.
fn memory(scene: &mut Scene, count: usize) -> Traffic {
    let empty = resident_mb();
    let tracks: Vec<Arc<Track>> = (0..count).map(|_| Arc::new(scene.flight())).collect();
    let with_tracks = resident_mb();
    let mut traffic = Scene::traffic();
    let start = Instant::now();
    for track in tracks {
        traffic.add(track);
    }
    let took = start.elapsed();
    let with_index = resident_mb();
    let plan = |number: usize| {
        let track = traffic.track(number as u32)?;
        Some(plan_of(track, number, traffic.frame()))
    };
    let plans: Vec<_> = (0..count).map(plan).collect();
    let with_plans = resident_mb();
    println!(
        "memory: tracks {:.1} MB, index {:.1} MB, plans {:.1} MB, together {:.1} MB",
        with_tracks - empty,
        with_index - with_tracks,
        with_plans - with_index,
        with_plans - empty
    );
    println!(
        "all added in {:.0} ms, {:.2} us each",
        took.as_secs_f64() * 1e3,
        took.as_secs_f64() * 1e6 / count as f64
    );
    drop(plans);
    traffic
}

fn times(scene: &mut Scene, mut traffic: Traffic) {
    let asked: Vec<Arc<Track>> = (0..ASKED).map(|_| Arc::new(scene.flight())).collect();
    let mut met = 0;
    report("conflicts", asked.iter().map(|track| timed(|| met += traffic.conflicts(track).len())));
    println!("{:>24} {:.1} of them a flight", "", met as f64 / ASKED as f64);
    let mut clear = 0;
    report(
        "is_clear",
        asked.iter().map(|track| timed(|| clear += usize::from(traffic.is_clear(track, |_| true)))),
    );
    for window_s in [60.0, 180.0, 600.0] {
        let mut found = Vec::new();
        let mut intervals = 0;
        report(
            &format!("blocked, {window_s} s"),
            asked.iter().map(|track| {
                found.clear();
                let took = timed(|| traffic.blocked(track, (0.0, window_s), &mut found));
                intervals += found.len();
                took
            }),
        );
        println!("{:>24} {:.1} intervals a flight", "", intervals as f64 / ASKED as f64);
    }
    let lasts_s = scene.lasts_s;
    let mut touched = 0;
    report(
        "near, 2 x 2 km, 1 h",
        (0..ASKED).map(|_| {
            let low = Xy {
                x: scene.numbers().between(-20_000.0, 18_000.0),
                y: scene.numbers().between(-20_000.0, 18_000.0),
            };
            let from_s = scene.numbers().between(0.0, lasts_s);
            let area = Area {
                low,
                high: Xy { x: low.x + 2000.0, y: low.y + 2000.0 },
                heights_m: (0.0, 120.0),
                times_s: (from_s, from_s + 3600.0),
            };
            timed(|| touched += traffic.near(&area).len())
        }),
    );
    println!("{:>24} {:.1} flights an area", "", touched as f64 / ASKED as f64);
    let mut copy = traffic.clone();
    report("clone", (0..ASKED).map(|_| timed(|| copy = traffic.clone())));
    report(
        "add, a copy held",
        asked.iter().map(|track| {
            copy = traffic.clone();
            timed(|| traffic.add(track.clone()))
        }),
    );
    drop(copy);
    let numbers: Vec<u32> = asked.iter().map(|track| traffic.add(track.clone())).collect();
    report("remove", numbers.iter().map(|&number| timed(|| traffic.remove(number))));
    report("add", asked.iter().map(|track| timed(|| traffic.add(track.clone()))));
    let all: Vec<Arc<Track>> = (0..).map_while(|number| traffic.track(number).cloned()).collect();
    report(
        "pair by pair",
        asked.iter().take(30).map(|track| {
            timed(|| all.iter().filter(|other| in_conflict(track, other, traffic.apart())).count())
        }),
    );
}

/// Microseconds that a call takes.
fn timed<T>(call: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    std::hint::black_box(call());
    start.elapsed().as_secs_f64() * 1e6
}

fn report(name: &str, micros: impl Iterator<Item = f64>) {
    let mut micros: Vec<f64> = micros.collect();
    micros.sort_by(f64::total_cmp);
    let at = |part: f64| micros.get((part * micros.len() as f64) as usize).copied().unwrap_or(f64::NAN);
    let mean = micros.iter().sum::<f64>() / micros.len() as f64;
    println!("{name:>24}: median {:9.2} us, 95th hundredth {:9.2} us, mean {mean:9.2} us", at(0.5), at(0.95));
}

/// Megabytes that the process holds; 0 where the system does not tell.
fn resident_mb() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1)?.parse::<f64>().ok());
    pages.unwrap_or(0.0) * 4096.0 / 1e6
}
