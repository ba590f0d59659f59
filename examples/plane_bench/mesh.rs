//! Navigation meshes, version 2 and 3: the obstacles are what is left of the free faces.
//!
//! In a mesh a path passes from face to face through edges, never between two obstacles that touch at a point. The
//! kernel lets a path touch both. So where free faces meet at a point alone, the obstacles are joined by a neck: the
//! tips of the free faces there are cut off at a share of their edges that leaves the edges where they are. No path
//! bends at such a tip.

use std::collections::HashMap;

use tianlu_engine::frame::Xy;
use tianlu_engine::plane::{Contour, Shape, signed_area};

use crate::task::{Task, read_numbers};

/// The part of an edge that is cut off: a power of two, so that whole numbers stay exact.
const CUT: f64 = 1.0 / (1_u64 << 32) as f64;

struct Face {
    vertices: Vec<usize>,
    /// Is there a free face beyond the edge from each vertex to the next?
    open: Vec<bool>,
}

pub(crate) fn read(mesh: &str, scenario: &str, optima: Option<&String>) -> Task {
    let text = std::fs::read_to_string(mesh).unwrap();
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    assert_eq!(lines.next().map(str::trim), Some("mesh"));
    let version: u32 = lines.next().unwrap().trim().parse().unwrap();
    let numbers = |line: &str| -> Vec<f64> { line.split_whitespace().map(|n| n.parse().unwrap()).collect() };
    let counts = numbers(lines.next().unwrap());
    let (vertices, faces) = (counts[0] as usize, counts[1] as usize);
    let points: Vec<Xy> =
        lines.by_ref().take(vertices).map(numbers).map(|row| Xy { x: row[0], y: row[1] }).collect();
    let rows: Vec<Vec<i64>> =
        lines.take(faces).map(|line| numbers(line).into_iter().map(|n| n as i64).collect()).collect();
    assert_eq!((points.len(), rows.len()), (vertices, faces));
    let faces: Vec<Face> = match version {
        2 => rows.iter().map(|row| face(&row[0..], |vertex| vertex, |beyond| beyond >= 0)).collect(),
        3 => {
            let is_free = |number: i64| number > 0 && rows[number as usize - 1][0] == 1;
            rows.iter()
                .filter(|row| row[0] == 1)
                .map(|row| face(&row[1..], |vertex| vertex - 1, is_free))
                .collect()
        }
        _ => panic!("a mesh of version {version}"),
    };
    let scenario = std::fs::read_to_string(scenario).unwrap();
    let rows: Vec<Vec<&str>> =
        scenario.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    let rows: Vec<Vec<f64>> = rows
        .into_iter()
        .filter(|row| row.len() >= 8)
        .map(|row| row[row.len() - 5..].iter().map(|n| n.parse().unwrap()).collect())
        .collect();
    let given = || (version == 3).then(|| rows.iter().map(|row| row[4]).collect());
    let optima = optima.map(|path| read_numbers(path)).or_else(given);
    Task {
        shapes: obstacles(&points, &faces),
        pairs: rows.iter().map(|row| (Xy { x: row[0], y: row[1] }, Xy { x: row[2], y: row[3] })).collect(),
        optima,
        half_ulp: if version == 3 { 5e-14 } else { 5e-10 },
    }
}

/// The number of sides, the vertices, and what is beyond each edge: the list of those begins at the edge between the last vertex and the first.
fn face(row: &[i64], vertex: impl Fn(i64) -> i64, is_open: impl Fn(i64) -> bool) -> Face {
    let count = row[0] as usize;
    let vertices = row[1..=count].iter().map(|&v| vertex(v) as usize).collect();
    let beyond = &row[count + 1..];
    Face { vertices, open: (0..count).map(|i| is_open(beyond[(i + 1) % count])).collect() }
}

/// The area outside the faces: a frame with holes, and islands.
fn obstacles(points: &[Xy], faces: &[Face]) -> Vec<Shape> {
    let rings = borders(points, faces);
    let (mut low, mut high) = (points[0], points[0]);
    for p in points {
        low = Xy { x: low.x.min(p.x), y: low.y.min(p.y) };
        high = Xy { x: high.x.max(p.x), y: high.y.max(p.y) };
    }
    let frame = [
        (low.x - 9.0, low.y - 9.0),
        (high.x + 9.0, low.y - 9.0),
        (high.x + 9.0, high.y + 9.0),
        (low.x - 9.0, high.y + 9.0),
    ];
    let (islands, holes): (Vec<Contour>, Vec<Contour>) =
        rings.into_iter().partition(|ring| signed_area(ring) < 0.0);
    let frame: Shape = std::iter::once(frame.map(|(x, y)| Xy { x, y }).to_vec()).chain(holes).collect();
    std::iter::once(frame).chain(islands.into_iter().map(|ring| vec![ring])).collect()
}

/// The borders of the free faces, which lie at their left.
fn borders(points: &[Xy], faces: &[Face]) -> Vec<Contour> {
    // From the vertex at which an edge begins, in a face: the edge before it there. Around a vertex one face follows another.
    let mut coming: HashMap<(usize, usize), (usize, usize)> = HashMap::new();
    let mut face_of: HashMap<(usize, usize), (usize, usize)> = HashMap::new();
    for (number, face) in faces.iter().enumerate() {
        let count = face.vertices.len();
        for i in 0..count {
            let (a, b) = (face.vertices[i], face.vertices[(i + 1) % count]);
            face_of.insert((a, b), (number, i));
            coming.insert((a, b), (face.vertices[(i + count - 1) % count], a));
        }
    }
    let is_border = |edge: &(usize, usize)| {
        let (face, i) = face_of[edge];
        !faces[face].open[i]
    };
    // After a border edge into a vertex comes the one that leaves it, found by turning through the free faces there.
    let onward = |edge: (usize, usize)| {
        let (face, i) = face_of[&edge];
        let count = faces[face].vertices.len();
        let vertex = edge.1;
        let mut leaving = (vertex, faces[face].vertices[(i + 2) % count]);
        while !is_border(&leaving) {
            let beyond = (leaving.1, vertex);
            let (face, i) = face_of[&beyond];
            let count = faces[face].vertices.len();
            leaving = (vertex, faces[face].vertices[(i + 2) % count]);
        }
        leaving
    };
    let mut starts: Vec<(usize, usize)> = face_of.keys().copied().filter(is_border).collect();
    starts.sort_unstable();
    let mut visits = vec![0; points.len()];
    for edge in &starts {
        visits[edge.0] += 1;
    }
    let mut done = std::collections::HashSet::new();
    let mut rings = Vec::new();
    for first in starts {
        let (mut edge, mut ring) = (first, Vec::new());
        while done.insert(edge) {
            let next = onward(edge);
            let (before, at, after) = (points[edge.0], points[edge.1], points[next.1]);
            if visits[edge.1] > 1 && signed_area(&[before, at, after]) > 0.0 {
                ring.extend([towards(at, before), towards(at, after)]);
            } else {
                ring.push(at);
            }
            edge = next;
        }
        if ring.len() >= 3 {
            rings.push(ring);
        }
    }
    rings
}

/// A point a little way from one to another, exactly on the line between them if both are whole numbers.
fn towards(at: Xy, to: Xy) -> Xy {
    Xy { x: at.x + CUT * (to.x - at.x), y: at.y + CUT * (to.y - at.y) }
}
