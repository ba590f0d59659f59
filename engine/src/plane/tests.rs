//! The kernel against brute force: geo's DE-9IM relations for visibility, petgraph's Dijkstra for the search.

#![expect(clippy::unwrap_used, reason = "tests")]

use geo::Relate;
use geo::coordinate_position::CoordPos;
use geo::dimensions::Dimensions;
use geo_types::{LineString, Polygon};
use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, UnGraph};
use proptest::prelude::*;

use super::*;
use crate::frame::Xy;

fn xy(x: f64, y: f64) -> Xy {
    Xy { x, y }
}

/// A star around a centre: simple, often concave.
fn star() -> impl Strategy<Value = Contour> {
    let spokes = prop::collection::vec(5.0..60.0_f64, 3..9);
    ((-150..150i32), (-150..150i32), spokes).prop_map(|(cx, cy, spokes)| {
        let count = spokes.len() as f64;
        let point = |(k, r): (usize, f64)| {
            let angle = std::f64::consts::TAU * k as f64 / count;
            xy((f64::from(cx) + r * angle.cos()).round(), (f64::from(cy) + r * angle.sin()).round())
        };
        let mut ring: Contour = spokes.into_iter().enumerate().map(point).collect();
        ring.dedup();
        ring
    })
}

/// Whole-number coordinates, so that shared corners, touching edges and collinear points are common.
fn place() -> impl Strategy<Value = Xy> {
    ((-220..220i32), (-220..220i32)).prop_map(|(x, y)| xy(f64::from(x), f64::from(y)))
}

fn region_and_polygons(contours: &[Contour]) -> (Region, Vec<Polygon>) {
    let counter_clockwise = |ring: &Contour| {
        let mut ring = ring.clone();
        if signed_area(&ring) < 0.0 {
            ring.reverse();
        }
        ring
    };
    let contours: Vec<Contour> = contours.iter().filter(|c| c.len() >= 3).map(counter_clockwise).collect();
    let shapes = unite(&contours);
    let polygon = |shape: &Shape| {
        let ring = |r: &Contour| LineString::from(r.iter().chain(r.first()).copied().collect::<Vec<_>>());
        Polygon::new(ring(&shape[0]), shape[1..].iter().map(ring).collect())
    };
    let polygons = shapes.iter().map(polygon).collect();
    (Region::new(shapes), polygons)
}

fn enters(polygons: &[Polygon], p: Xy, q: Xy) -> bool {
    let line = LineString::from(vec![p, q]);
    polygons
        .iter()
        .any(|polygon| line.relate(polygon).get(CoordPos::Inside, CoordPos::Inside) != Dimensions::Empty)
}

fn inside(polygons: &[Polygon], p: Xy) -> bool {
    use geo::coordinate_position::CoordinatePosition;
    polygons.iter().any(|polygon| polygon.coordinate_position(&p) == CoordPos::Inside)
}

/// The shortest length over all vertices, corners or not.
fn brute_force(polygons: &[Polygon], start: Xy, goal: Xy) -> Option<f64> {
    let rings = polygons.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let mut nodes = vec![start, goal];
    nodes.extend(rings.flat_map(|ring| ring.0.iter().skip(1).copied()));
    nodes.retain(|&node| !inside(polygons, node));
    let mut graph = UnGraph::<(), f64>::new_undirected();
    let ids: Vec<_> = nodes.iter().map(|_| graph.add_node(())).collect();
    for i in 0..nodes.len() {
        for j in 0..i {
            if nodes[i] == nodes[j] || !enters(polygons, nodes[i], nodes[j]) {
                let length = (nodes[i].x - nodes[j].x).hypot(nodes[i].y - nodes[j].y);
                graph.add_edge(ids[i], ids[j], length);
            }
        }
    }
    dijkstra(&graph, ids[0], Some(ids[1]), |edge| *edge.weight()).get(&ids[1]).copied()
}

/// The shortest length over all corners, taut or not; lines are tested by the region.
fn whole_graph(region: &Region, start: Xy, goal: Xy, gauge: &impl Gauge) -> Option<f64> {
    let nodes: Vec<Xy> = [start, goal].into_iter().chain(region.corners().iter().map(|c| c.at)).collect();
    let mut graph = DiGraph::<(), f64>::new();
    let ids: Vec<_> = nodes.iter().map(|_| graph.add_node(())).collect();
    for i in 0..nodes.len() {
        for j in 0..i {
            if !region.blocks(nodes[i], nodes[j]) {
                graph.add_edge(ids[i], ids[j], gauge.length(nodes[i], nodes[j]));
                graph.add_edge(ids[j], ids[i], gauge.length(nodes[j], nodes[i]));
            }
        }
    }
    dijkstra(&graph, ids[0], Some(ids[1]), |edge| *edge.weight()).get(&ids[1]).copied()
}

/// The time of a straight line at unit airspeed in a wind, or a gauge with corners in the wind's place.
struct Windy {
    wind: Xy,
    kites: bool,
}

impl Gauge for Windy {
    fn length(&self, from: Xy, to: Xy) -> f64 {
        let (x, y) = (to.x - from.x, to.y - from.y);
        if self.kites {
            return x.abs() + y.abs() + self.wind.x * x + self.wind.y * y;
        }
        let along = x * self.wind.x + y * self.wind.y;
        let spare = 1.0 - self.wind.x * self.wind.x - self.wind.y * self.wind.y;
        ((along * along + spare * (x * x + y * y)).sqrt() - along) / spare
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_line_is_blocked_if_it_has_a_point_inside(
        contours in prop::collection::vec(star(), 1..6), ends in prop::collection::vec(place(), 8)
    ) {
        let (region, polygons) = region_and_polygons(&contours);
        let corners: Vec<Xy> = region.corners().iter().map(|c| c.at).collect();
        let ends: Vec<Xy> = ends.into_iter().chain(corners.into_iter().take(6)).filter(|&p| !inside(&polygons, p)).collect();
        for &p in &ends {
            prop_assert!(!region.contains(p));
            for &q in &ends {
                if p != q {
                    prop_assert_eq!(region.blocks(p, q), enters(&polygons, p, q), "{:?} {:?}", p, q);
                    let shares: f64 = region.shares_inside(p, q).iter().map(|s| s.1 - s.0).sum();
                    if !region.blocks(p, q) {
                        prop_assert_eq!(shares, 0.0);
                        continue;
                    }
                    let sampled = (0..400).filter(|k| {
                        let share = (f64::from(*k) + 0.5) / 400.0;
                        let at = xy(p.x + share * (q.x - p.x), p.y + share * (q.y - p.y));
                        let rounded = |line: geo_types::Line| distance_to_segment(at, line.start, line.end) < 1e-9;
                        let mut lines = polygons.iter().flat_map(|p| p.exterior().lines().chain(p.interiors().iter().flat_map(|r| r.lines())));
                        inside(&polygons, at) && !lines.any(rounded)
                    });
                    let sampled = sampled.count() as f64 / 400.0;
                    let cuts = 2.0 * polygons.len() as f64 * 9.0;
                    prop_assert!((shares - sampled).abs() <= cuts / 400.0);
                }
            }
        }
    }

    #[test]
    fn the_shortest_path_is_as_long_as_brute_force_finds(
        contours in prop::collection::vec(star(), 1..7), start in place(), goal in place()
    ) {
        let (region, polygons) = region_and_polygons(&contours);
        prop_assume!(!inside(&polygons, start) && !inside(&polygons, goal) && start != goal);
        let found = shortest_path(&region, start, goal, f64::INFINITY);
        let expected = brute_force(&polygons, start, goal);
        match (&found, expected) {
            (Some(path), Some(length)) => {
                // Sums of the same lengths in another order.
                prop_assert!((path.length - length).abs() <= 1e-9 * length, "{} {}", path.length, length);
                prop_assert!(path.points.windows(2).all(|pair| !enters(&polygons, pair[0], pair[1])));
            }
            (None, None) => prop_assert!(!region.separators(start, goal).is_empty()),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn among_many_shapes_the_shortest_path_is_as_long_as_in_the_whole_visibility_graph(
        spokes in prop::collection::vec((star(), 0.1..0.5_f64, -200..200i32, -200..200i32), 15..40),
        start in place(), goal in place()
    ) {
        let small = |(ring, scale, x, y): (Contour, f64, i32, i32)| {
            let place = |p: Xy| xy((p.x * scale).round() + f64::from(x), (p.y * scale).round() + f64::from(y));
            ring.into_iter().map(place).collect::<Contour>()
        };
        let (region, _) = region_and_polygons(&spokes.into_iter().map(small).collect::<Vec<_>>());
        prop_assume!(!region.contains(start) && !region.contains(goal) && start != goal);
        let found = shortest_path(&region, start, goal, f64::INFINITY).map(|path| path.length);
        let expected = whole_graph(&region, start, goal, &Length);
        prop_assert_eq!(found.is_some(), expected.is_some());
        if let (Some(found), Some(expected)) = (found, expected) {
            prop_assert!((found - expected).abs() <= 1e-9 * expected, "{} {}", found, expected);
            prop_assert!(shortest_path(&region, start, goal, expected * (1.0 + 1e-9)).is_some());
            prop_assert!(shortest_path(&region, start, goal, expected * (1.0 - 1e-9)).is_none());
        }
    }

    #[test]
    fn in_a_wind_the_quickest_path_is_as_quick_as_in_the_whole_visibility_graph(
        contours in prop::collection::vec(star(), 1..10), start in place(), goal in place(),
        east in -0.6..0.6_f64, north in -0.6..0.6_f64, kites in prop::bool::ANY
    ) {
        let (region, _) = region_and_polygons(&contours);
        prop_assume!(!region.contains(start) && !region.contains(goal) && start != goal);
        let gauge = Windy { wind: xy(east, north), kites };
        let found = quickest_path(&region, start, goal, f64::INFINITY, &gauge);
        let expected = whole_graph(&region, start, goal, &gauge);
        prop_assert_eq!(found.is_some(), expected.is_some());
        if let (Some(found), Some(expected)) = (found, expected) {
            prop_assert!((found.length - expected).abs() <= 1e-9 * expected, "{} {}", found.length, expected);
            prop_assert!(found.points.windows(2).all(|pair| !region.blocks(pair[0], pair[1])));
        }
    }

    #[test]
    fn growing_holds_every_point_within_the_distance_and_none_much_farther(
        ring in star(), distance in 1.0..40.0_f64, tolerance in 0.001..0.5_f64, points in prop::collection::vec(place(), 60)
    ) {
        prop_assume!(ring.len() >= 3 && signed_area(&ring).abs() > 1.0);
        let grown = Region::new(unite(&grow_polygon(std::slice::from_ref(&ring), distance, tolerance)));
        let polygon = Polygon::new(LineString::from(ring.clone()), Vec::new());
        for p in points {
            let away = if inside(std::slice::from_ref(&polygon), p) {
                0.0
            } else {
                (0..ring.len()).map(|i| distance_to_segment(p, ring[i], ring[(i + 1) % ring.len()])).fold(f64::INFINITY, f64::min)
            };
            // Two roundings to the grid of unions.
            if away < distance - 2.0 * GRID_M {
                prop_assert!(grown.contains(p), "{away} from the ring, grown by {distance}");
            }
            if away > distance + tolerance + 2.0 * GRID_M {
                prop_assert!(!grown.contains(p), "{away} from the ring, grown by {distance}");
            }
        }
    }

    #[test]
    fn a_grown_circle_lies_around_the_circle(radius in 1.0..5000.0_f64, tolerance in 0.001..1.0_f64) {
        let ring = grow_circle(xy(0.0, 0.0), radius, tolerance);
        for i in 0..ring.len() {
            let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
            prop_assert!(distance_to_segment(xy(0.0, 0.0), a, b) >= radius * (1.0 - 1e-12));
            prop_assert!(a.x.hypot(a.y) <= radius + tolerance + 1e-9);
        }
    }
}

#[test]
fn squares_that_touch_at_a_corner_let_a_path_through_between_them() {
    let square = |x: f64, y: f64| vec![xy(x, y), xy(x + 10.0, y), xy(x + 10.0, y + 10.0), xy(x, y + 10.0)];
    let region = Region::new(vec![vec![square(0.0, 0.0)], vec![square(10.0, 10.0)]]);
    let path = shortest_path(&region, xy(0.0, 20.0), xy(20.0, 0.0), f64::INFINITY).unwrap();
    assert_eq!(path.points, [xy(0.0, 20.0), xy(20.0, 0.0)]);
    assert!(region.blocks(xy(0.0, 0.0), xy(20.0, 20.0)));
}

#[test]
fn a_start_on_a_corner_or_an_edge_is_free() {
    let region = Region::new(vec![vec![vec![xy(0.0, 0.0), xy(10.0, 0.0), xy(10.0, 10.0), xy(0.0, 10.0)]]]);
    let length = |start| shortest_path(&region, start, xy(20.0, 5.0), f64::INFINITY).unwrap().length;
    assert!((length(xy(0.0, 0.0)) - (10.0 + 125.0_f64.sqrt())).abs() < 1e-12);
    assert!((length(xy(5.0, 0.0)) - (5.0 + 125.0_f64.sqrt())).abs() < 1e-12);
}

#[test]
fn a_point_just_inside_is_moved_just_outside() {
    let region = Region::new(vec![vec![vec![xy(0.0, 0.0), xy(10.0, 0.0), xy(10.0, 10.0), xy(0.0, 10.0)]]]);
    let beside = region.nearest_outside(xy(5.0, 0.03), 0.05).unwrap();
    assert!(!region.contains(beside) && (beside.y).abs() < 1e-5);
    assert_eq!(region.nearest_outside(xy(5.0, 3.0), 0.05), None);
    assert_eq!(region.nearest_outside(xy(50.0, 3.0), 0.05), Some(xy(50.0, 3.0)));
}
