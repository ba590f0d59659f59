//! The kernel against exact optima that an independent implementation computed.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};

use tianlu_engine::frame::Xy;
use tianlu_engine::plane::{Region, Roadmap, Scratch, Shape, shortest_path};

/// Polygons and pairs of a plane, and the lengths of the shortest paths.
fn read(folder: &Path, name: &str, lengths: &str) -> (Vec<Shape>, Vec<(Xy, Xy)>, Vec<f64>) {
    let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
    let plane: serde_json::Value = serde_json::from_str(&text).unwrap();
    let point = |v: &serde_json::Value| Xy { x: v[0].as_f64().unwrap(), y: v[1].as_f64().unwrap() };
    let ring = |v: &serde_json::Value| -> Shape { vec![v.as_array().unwrap().iter().map(point).collect()] };
    let shapes: Vec<Shape> = plane["polygons"].as_array().unwrap().iter().map(ring).collect();
    let pairs =
        plane["pairs"].as_array().unwrap().iter().map(|pair| (point(&pair[0]), point(&pair[1]))).collect();
    let text = std::fs::read_to_string(folder.join(format!("{name}.{lengths}"))).unwrap();
    (shapes, pairs, text.split_whitespace().map(|n| n.parse().unwrap()).collect())
}

fn compare(folder: &Path, name: &str, lengths: &str) {
    let (shapes, pairs, optima) = read(folder, name, lengths);
    assert_eq!((pairs.len(), optima.len()), (100, 100));
    let (region, roadmap, mut scratch) =
        (Region::new(shapes.clone()), Roadmap::new(&shapes).unwrap(), Scratch::default());

    for ((start, goal), optimum) in pairs.into_iter().zip(optima) {
        let path = shortest_path(&region, start, goal, f64::INFINITY).unwrap();
        // The optima come from a mesh whose corners were rounded to about a millimetre: a brute-force visibility graph over the polygons
        // gives 34048.321263762 m for the first pair of synth100, the file says 34048.322246644.
        let off = (path.length - optimum) / optimum;
        assert!(off.abs() <= 2e-6, "{name}: {} against {optimum}", path.length);
        for pass in ["cold", "warm"] {
            let way = roadmap.search(&mut scratch, start, goal).unwrap();
            assert!(
                (way.length / path.length - 1.0).abs() <= 1e-12,
                "{name}, {pass}: {} against {}",
                way.length,
                path.length
            );
        }
    }
}

#[test]
fn among_a_hundred_and_a_thousand_polygons_every_path_is_as_short_as_it_can_be() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/plane");
    compare(&folder, "synth100", "len");
    compare(&folder, "synth1000", "len");
}

#[test]
fn among_ten_thousand_polygons_too() {
    match std::env::var_os("TIANLU_TEST_DATA") {
        Some(data) => compare(&Path::new(&data).join("bench/synthetic"), "synth10000", "cpp.len"),
        None => eprintln!("skipped: TIANLU_TEST_DATA does not name the folder of benchmark data"),
    }
}

#[test]
fn threads_that_share_a_roadmap_find_the_paths_that_one_finds() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/plane");
    let (shapes, pairs, _) = read(&folder, "synth1000", "len");
    let alone = Roadmap::new(&shapes).unwrap();
    let expected: Vec<_> = pairs.iter().map(|pair| alone.shortest_path(pair.0, pair.1)).collect();

    let shared = Roadmap::new(&shapes).unwrap();
    std::thread::scope(|scope| {
        for first in [0, 25, 50, 75] {
            let (shared, pairs, expected) = (&shared, &pairs, &expected);
            scope.spawn(move || {
                for i in (0..pairs.len()).map(|i| (first + i) % pairs.len()) {
                    assert_eq!(shared.shortest_path(pairs[i].0, pairs[i].1), expected[i]);
                }
            });
        }
    });
}

/// The shortest lengths from a node to all others, by the lengths of edges between every two (Dijkstra 1959).
fn lengths_from(first: usize, edges: &[Vec<f64>]) -> Vec<f64> {
    let mut lengths = vec![f64::INFINITY; edges.len()];
    lengths[first] = 0.0;
    let mut open: Vec<usize> = (0..edges.len()).collect();
    while let Some(next) = (0..open.len()).min_by(|&a, &b| lengths[open[a]].total_cmp(&lengths[open[b]])) {
        let node = open.swap_remove(next);
        for &other in &open {
            lengths[other] = lengths[other].min(lengths[node] + edges[node][other]);
        }
    }
    lengths
}

#[test]
fn among_a_hundred_polygons_every_path_is_as_short_as_in_the_whole_visibility_graph() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/plane");
    let (shapes, pairs, _) = read(&folder, "synth100", "len");
    let region = Region::new(shapes);
    let edge = |a: Xy, b: Xy| {
        if region.blocks(a, b) { f64::INFINITY } else { (a.x - b.x).hypot(a.y - b.y) }
    };
    let corners: Vec<Xy> = region.corners().iter().map(|corner| corner.at).collect();
    let mut edges: Vec<Vec<f64>> =
        corners.iter().map(|&a| corners.iter().map(|&b| edge(a, b)).collect()).collect();
    let count = corners.len();
    for row in &mut edges {
        row.extend([f64::INFINITY; 2]);
    }
    edges.extend([vec![f64::INFINITY; count + 2], vec![f64::INFINITY; count + 2]]);

    for (start, goal) in pairs {
        for (node, end) in [(count, start), (count + 1, goal)] {
            for (other, &corner) in corners.iter().enumerate() {
                edges[node][other] = edge(end, corner);
                edges[other][node] = edges[node][other];
            }
        }
        edges[count][count + 1] = edge(start, goal);
        let optimum = lengths_from(count, &edges)[count + 1];
        let path = shortest_path(&region, start, goal, f64::INFINITY).unwrap();
        // Sums of the same lengths in another order.
        assert!((path.length - optimum).abs() <= 1e-9 * optimum, "{} against {optimum}", path.length);
    }
}
