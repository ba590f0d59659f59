//! Exact shortest paths among the polygons of a file: `cargo run --release --example plane_bench -- PLANE.json [LENGTHS]`.
//!
//! The file holds `polygons` (rings of points) and `pairs` (start and goal); LENGTHS the shortest length of each pair.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use std::time::Instant;

use tianlu_engine::frame::Xy;
use tianlu_engine::plane::{Region, Shape, shortest_path};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let text = std::fs::read_to_string(arguments.next().unwrap()).unwrap();
    let plane: serde_json::Value = serde_json::from_str(&text).unwrap();
    let lengths = arguments.next().map(|path| std::fs::read_to_string(path).unwrap());
    let point = |v: &serde_json::Value| Xy { x: v[0].as_f64().unwrap(), y: v[1].as_f64().unwrap() };
    let shape = |v: &serde_json::Value| -> Shape { vec![v.as_array().unwrap().iter().map(point).collect()] };
    let shapes: Vec<Shape> = plane["polygons"].as_array().unwrap().iter().map(shape).collect();
    let pairs = plane["pairs"].as_array().unwrap().iter().map(|pair| (point(&pair[0]), point(&pair[1])));

    let clock = Instant::now();
    let region = Region::new(shapes);
    println!("ready after {:.1} ms", clock.elapsed().as_secs_f64() * 1e3);

    let query = |(start, goal)| {
        let clock = Instant::now();
        let path = shortest_path(&region, start, goal, f64::INFINITY);
        (clock.elapsed().as_secs_f64() * 1e6, path.unwrap().length)
    };
    let (mut times, found): (Vec<f64>, Vec<f64>) = pairs.map(query).unzip();
    times.sort_by(f64::total_cmp);
    let mean = times.iter().sum::<f64>() / times.len() as f64;
    let (median, late) = (times[times.len() / 2], times[times.len() * 95 / 100]);
    println!(
        "{} queries: median {median:.0} us, 95th hundredth {late:.0} us, mean {mean:.0} us",
        times.len()
    );
    println!("total length {:.4} m", found.iter().sum::<f64>());
    if let Some(text) = lengths {
        let optima = text.split_whitespace().map(|n| n.parse::<f64>().unwrap());
        let off = found.iter().zip(optima).map(|(found, optimum)| (found / optimum - 1.0).abs());
        println!("greatest relative difference {:.1e}", off.fold(0.0, f64::max));
    }
}
