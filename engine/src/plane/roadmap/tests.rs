//! The roadmap against the plain search and the whole visibility graph, above all where things touch.

#![expect(clippy::unwrap_used, reason = "tests")]

use petgraph::algo::dijkstra;
use petgraph::graph::UnGraph;
use proptest::prelude::*;

use super::super::mesh::Reach;
use super::super::{Contour, Region, shortest_path, signed_area, unite};
use super::*;

fn xy(x: f64, y: f64) -> Xy {
    Xy { x, y }
}

/// A ring of whole-number points in any order, made simple by uniting.
fn blob() -> impl Strategy<Value = Contour> {
    prop::collection::vec((0..12i32, 0..12i32), 3..6).prop_map(|points| {
        let mut ring: Contour = points.into_iter().map(|(x, y)| xy(f64::from(x), f64::from(y))).collect();
        if signed_area(&ring) < 0.0 {
            ring.reverse();
        }
        ring
    })
}

/// Rectangles and triangles that tile a square, of which some are shapes: they share edges, parts of edges, corners.
fn tiles() -> impl Strategy<Value = Vec<Shape>> {
    prop::collection::vec((0..100u32, 0..100u32, prop::bool::weighted(0.55), 0..6u32), 40).prop_map(
        |choices| {
            let mut open = vec![(0, 0, 12, 12)];
            let mut shapes = Vec::new();
            let mut choices = choices.into_iter();
            while let (Some((x0, y0, x1, y1)), Some((cut, way, solid, form))) = (open.pop(), choices.next()) {
                let (w, h) = (x1 - x0, y1 - y0);
                if w + h > 5 && cut < 85 {
                    if (way % 2 == 0 && w > 1) || h == 1 {
                        let x = x0 + 1 + (way / 2) as i32 % (w - 1).max(1);
                        open.insert(0, (x0, y0, x, y1));
                        open.insert(0, (x, y0, x1, y1));
                    } else {
                        let y = y0 + 1 + (way / 2) as i32 % (h - 1).max(1);
                        open.insert(0, (x0, y0, x1, y));
                        open.insert(0, (x0, y, x1, y1));
                    }
                    continue;
                }
                let [a, b, c, d] =
                    [(x0, y0), (x1, y0), (x1, y1), (x0, y1)].map(|(x, y)| xy(f64::from(x), f64::from(y)));
                let middle = xy((a.x + b.x) / 2.0, a.y);
                let ring = match form {
                    0 => vec![a, b, c],
                    1 => vec![d, b, c],
                    2 => vec![a, middle, b, c, d],
                    _ => vec![a, b, c, d],
                };
                if solid {
                    shapes.push(vec![ring]);
                }
            }
            shapes
        },
    )
}

/// Half numbers within and around the square.
fn place() -> impl Strategy<Value = Xy> {
    ((-2..27i32), (-2..27i32)).prop_map(|(x, y)| xy(f64::from(x) / 2.0, f64::from(y) / 2.0))
}

/// The shortest length over all corners, taut or not.
fn whole_graph(region: &Region, start: Xy, goal: Xy) -> Option<f64> {
    let nodes: Vec<Xy> = [start, goal].into_iter().chain(region.corners().iter().map(|c| c.at)).collect();
    let mut graph = UnGraph::<(), f64>::new_undirected();
    let ids: Vec<_> = nodes.iter().map(|_| graph.add_node(())).collect();
    for i in 0..nodes.len() {
        for j in 0..i {
            if !region.blocks(nodes[i], nodes[j]) {
                graph.add_edge(ids[i], ids[j], (nodes[i].x - nodes[j].x).hypot(nodes[i].y - nodes[j].y));
            }
        }
    }
    dijkstra(&graph, ids[0], Some(ids[1]), |edge| *edge.weight()).get(&ids[1]).copied()
}

/// Asks everything of a roadmap that is asked for the first time, and again.
fn compare(shapes: &[Shape], ends: &[Xy], thorough: bool) -> Result<(), TestCaseError> {
    let region = Region::new(shapes.to_vec());
    let roadmap = Roadmap::new(shapes).unwrap();
    for pair in ends.windows(2) {
        let (start, goal) = (pair[0], pair[1]);
        let plain = shortest_path(&region, start, goal, f64::INFINITY);
        let cold = Roadmap::new(shapes).unwrap().shortest_path(start, goal);
        let warm = roadmap.shortest_path(start, goal);
        prop_assert_eq!(&cold, &warm);
        prop_assert_eq!(&warm, &roadmap.shortest_path(start, goal));
        prop_assert_eq!(plain.is_some(), warm.is_some(), "{:?} {:?} {:?} {:?}", start, goal, plain, warm);
        let (Some(plain), Some(warm)) = (plain, warm) else { continue };
        prop_assert!(
            (plain.length - warm.length).abs() <= 1e-12 * plain.length,
            "{:?} {:?}: {:?} {:?}",
            start,
            goal,
            plain,
            warm
        );
        prop_assert!(warm.points.windows(2).all(|leg| !region.blocks(leg[0], leg[1])));
        prop_assert_eq!((warm.points[0], *warm.points.last().unwrap()), (start, goal));
        if thorough {
            let whole = whole_graph(&region, start, goal).unwrap();
            prop_assert!((whole - warm.length).abs() <= 1e-12 * whole, "{} {}", whole, warm.length);
        }
    }
    Ok(())
}

/// A roadmap that was changed answers as one made anew.
fn compare_changed(roadmap: &Roadmap, shapes: &[Shape], ends: &[Xy]) -> Result<(), TestCaseError> {
    let (region, fresh) = (Region::new(shapes.to_vec()), Roadmap::new(shapes).unwrap());
    fresh.mesh.assert_sound();
    roadmap.mesh.assert_sound();
    for pair in ends.windows(2) {
        let length = |roadmap: &Roadmap| roadmap.shortest_path(pair[0], pair[1]).map(|path| path.length);
        let plain = shortest_path(&region, pair[0], pair[1], f64::INFINITY).map(|path| path.length);
        for found in [length(roadmap), length(&fresh)] {
            prop_assert_eq!(found.is_some(), plain.is_some(), "{:?} {:?} {:?}", pair, found, plain);
            if let (Some(found), Some(plain)) = (found, plain) {
                prop_assert!((found - plain).abs() <= 1e-12 * plain, "{:?}: {} {}", pair, found, plain);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn tiles_that_come_and_go_leave_a_roadmap_as_if_made_anew(
        tiles in tiles(), changes in prop::collection::vec((0..40usize, 0..40usize), 8),
        ends in prop::collection::vec(place(), 6)
    ) {
        prop_assume!(!tiles.is_empty());
        // The first half is there at first.
        let mut numbers: Vec<Option<usize>> = (0..tiles.len()).map(|i| (i < tiles.len() / 2).then_some(i)).collect();
        let mut roadmap = Roadmap::new(&tiles[..tiles.len() / 2]).unwrap();
        for (one, other) in changes {
            let mut chosen = vec![one % tiles.len(), other % tiles.len()];
            chosen.dedup();
            let (gone, come): (Vec<usize>, Vec<usize>) = chosen.into_iter().partition(|&i| numbers[i].is_some());
            let removed: Vec<usize> = gone.iter().filter_map(|&i| numbers[i].take()).collect();
            let added: Vec<Shape> = come.iter().map(|&i| tiles[i].clone()).collect();
            let made = roadmap.replace(&removed, &added).unwrap();
            come.iter().zip(made).for_each(|(&i, number)| numbers[i] = Some(number));
            let shapes: Vec<Shape> = tiles.iter().zip(&numbers).filter(|(_, n)| n.is_some()).map(|(t, _)| t.clone()).collect();
            compare_changed(&roadmap, &shapes, &ends)?;
        }
    }

    #[test]
    fn zones_that_unite_and_part_leave_a_roadmap_as_if_made_anew(
        blobs in prop::collection::vec((blob(), -20..20i32, -20..20i32), 2..9), changes in prop::collection::vec(0..9usize, 10),
        ends in prop::collection::vec((place(), -20..20i32, -20..20i32), 6)
    ) {
        let moved = |p: Xy, x: i32, y: i32| xy(p.x + f64::from(x), p.y + f64::from(y));
        let zones: Vec<Contour> = blobs.into_iter().map(|(ring, x, y)| ring.into_iter().map(|p| moved(p, x, y)).collect()).collect();
        let ends: Vec<Xy> = ends.into_iter().map(|(p, x, y)| moved(p, x, y)).collect();
        let mut roadmap = Roadmap::new(&[]).unwrap();
        let mut present = vec![false; zones.len()];
        for change in changes {
            let i = change % zones.len();
            present[i] = !present[i];
            // All shapes near this zone, the zones near those, and so on, go into one union.
            let reach_of = |rings: &[Contour]| {
                let mut reach = Reach::default();
                rings.iter().flatten().for_each(|&p| reach.add(p));
                reach
            };
            let (mut together, mut removed) = (vec![i], Vec::<usize>::new());
            loop {
                let near = |j: &usize| { let reach = reach_of(&zones[*j..*j + 1]); roadmap.shapes_in(reach.low, reach.high) };
                let shapes: Vec<usize> = together.iter().flat_map(near).filter(|shape| !removed.contains(shape)).collect();
                removed.extend(&shapes);
                let reaches: Vec<Reach> = removed.iter().map(|&shape| reach_of(&roadmap.shape(shape).unwrap())).collect();
                let joins = |j: &usize| present[*j] && reaches.iter().any(|reach| reach.meets(&reach_of(&zones[*j..*j + 1])));
                let more: Vec<usize> = (0..zones.len()).filter(|j| !together.contains(j) && joins(j)).collect();
                if more.is_empty() {
                    break;
                }
                together.extend(more);
            }
            let contours: Vec<Contour> = together.iter().filter(|&&j| present[j]).map(|&j| zones[j].clone()).collect();
            roadmap.replace(&removed, &unite(&contours)).unwrap();
            let all: Vec<Contour> = zones.iter().zip(&present).filter(|(_, p)| **p).map(|(z, _)| z.clone()).collect();
            compare_changed(&roadmap, &unite(&all), &ends)?;
        }
    }

    #[test]
    fn among_united_blobs_on_a_small_grid_paths_are_shortest(
        blobs in prop::collection::vec(blob(), 1..7), ends in prop::collection::vec(place(), 6)
    ) {
        let shapes = unite(&blobs);
        compare(&shapes, &ends, true)?;
    }

    #[test]
    fn among_tiles_that_share_edges_and_corners_paths_are_shortest(
        shapes in tiles(), ends in prop::collection::vec(place(), 6)
    ) {
        compare(&shapes, &ends, true)?;
    }

    #[test]
    fn shapes_that_overlap_are_refused_or_searched_but_never_a_panic(
        blobs in prop::collection::vec(blob(), 1..6), more in blob(), ends in prop::collection::vec(place(), 4)
    ) {
        let shapes: Vec<Shape> = blobs.into_iter().map(|ring| vec![ring]).collect();
        let Ok(mut roadmap) = Roadmap::new(&shapes) else { return Ok(()) };
        for removed in [0, 7] {
            let before = ends.windows(2).map(|pair| roadmap.shortest_path(pair[0], pair[1])).collect::<Vec<_>>();
            if roadmap.replace(&[removed], &[vec![more.clone()]]).is_err() {
                let after = ends.windows(2).map(|pair| roadmap.shortest_path(pair[0], pair[1]));
                prop_assert_eq!(before, after.collect::<Vec<_>>());
            }
        }
    }
}
