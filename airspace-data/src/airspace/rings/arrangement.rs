//! The faces that segments divide the plane into, and how often rings wind around each.

use std::collections::HashMap;

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::noding::{Segment, orient};
use super::{Corner, area};

/// How often the outer ring and the holes wind around a face; across an edge: the left side's less the right's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Winding {
    pub(super) shell: i32,
    pub(super) holes: i32,
}

impl Winding {
    pub(super) const fn plus(self, other: Self) -> Self {
        Self { shell: self.shell + other.shell, holes: self.holes + other.holes }
    }

    pub(super) const fn negated(self) -> Self {
        Self { shell: -self.shell, holes: -self.holes }
    }
}

/// A closed walk along edges with one face on its left.
pub(super) struct Face {
    /// Its signed area: positive for a face's outer border, negative around what lies within a face.
    pub(super) area: f64,
    /// How often rings wind around the face.
    pub(super) winding: Winding,
}

/// Segments that share ends alone, as half-edges: `2 * s` runs along segment `s`, `2 * s + 1` back.
pub(super) struct Arrangement {
    corners: Vec<Corner>,
    /// Where each half-edge starts.
    origin: Vec<usize>,
    /// The next half-edge counter-clockwise around the same corner, and the one clockwise.
    clockwise: Vec<usize>,
    /// The border walk to the left of each half-edge.
    walk: Vec<usize>,
    faces: Vec<Face>,
}

impl Arrangement {
    /// The arrangement of segments that have been through [`super::noding::node`].
    pub(super) fn new(segments: &[Segment]) -> Self {
        let mut known: HashMap<(u64, u64), usize> = HashMap::with_capacity(segments.len());
        let (mut corners, mut origin) = (Vec::new(), Vec::with_capacity(2 * segments.len()));
        for corner in segments.iter().flat_map(|segment| [segment.a, segment.b]) {
            let number = *known.entry((corner[0].to_bits(), corner[1].to_bits())).or_insert(corners.len());
            if number == corners.len() {
                corners.push(corner);
            }
            origin.push(number);
        }
        let mut around: Vec<Vec<usize>> = vec![Vec::new(); corners.len()];
        for (half, from) in origin.iter().enumerate() {
            around[*from].push(half);
        }
        let mut clockwise = vec![0; origin.len()];
        for (number, spokes) in around.iter_mut().enumerate() {
            let centre = corners[number];
            let tip = |half: usize| corners[origin[half ^ 1]];
            spokes.sort_by(|p, q| by_angle(centre, tip(*p), tip(*q)));
            for (place, half) in spokes.iter().enumerate() {
                clockwise[*half] = spokes[(place + spokes.len() - 1) % spokes.len()];
            }
        }
        let mut arrangement = Self { corners, origin, clockwise, walk: Vec::new(), faces: Vec::new() };
        arrangement.trace();
        arrangement.label(segments, &around);
        arrangement
    }

    /// The border walks and their faces.
    pub(super) fn faces(&self) -> impl Iterator<Item = &Face> {
        self.faces.iter()
    }

    /// The borders of all faces of the given windings, as closed simple loops with the inside on their left.
    pub(super) fn outline(&self, inside: impl Fn(Winding) -> bool) -> Vec<Vec<Corner>> {
        let is_in: Vec<bool> = self.walk.iter().map(|walk| inside(self.faces[*walk].winding)).collect();
        let is_border = |half: usize| is_in[half] && !is_in[half ^ 1];
        let mut used = vec![false; self.origin.len()];
        let mut place_of: HashMap<usize, usize> = HashMap::new();
        let mut loops = Vec::new();
        for start in 0..self.origin.len() {
            if used[start] || !is_border(start) {
                continue;
            }
            let mut path: Vec<usize> = Vec::new();
            let mut half = start;
            loop {
                used[half] = true;
                let corner = self.origin[half];
                // A walk that comes back to a corner has closed a loop there: taken off, so that each loop is simple.
                if let Some(place) = place_of.get(&corner).copied() {
                    let closed: Vec<usize> = path.drain(place..).collect();
                    closed.iter().for_each(|corner| {
                        place_of.remove(corner);
                    });
                    loops.push(self.closed(&closed));
                }
                place_of.insert(corner, path.len());
                path.push(corner);
                half = self.clockwise[half ^ 1];
                while !is_border(half) {
                    half = self.clockwise[half];
                }
                if half == start {
                    break;
                }
            }
            place_of.clear();
            loops.push(self.closed(&path));
        }
        loops
    }

    fn closed(&self, path: &[usize]) -> Vec<Corner> {
        path.iter().chain(path.first()).map(|corner| self.corners[*corner]).collect()
    }

    /// Walks around every face.
    fn trace(&mut self) {
        const NONE: usize = usize::MAX;
        self.walk = vec![NONE; self.origin.len()];
        for start in 0..self.origin.len() {
            if self.walk[start] != NONE {
                continue;
            }
            let mut path = vec![];
            let mut half = start;
            while self.walk[half] == NONE {
                self.walk[half] = self.faces.len();
                path.push(self.origin[half]);
                half = self.clockwise[half ^ 1];
            }
            self.faces.push(Face { area: area(&self.closed(&path)), winding: Winding::default() });
        }
    }

    /// Finds the winding of every face: from outside each connected part inwards, across its edges.
    fn label(&mut self, segments: &[Segment], around: &[Vec<usize>]) {
        let parts = self.parts(around);
        let tree = (parts.len() > 1).then(|| {
            let boxes = segments
                .iter()
                .enumerate()
                .map(|(s, segment)| GeomWithData::new(Rectangle::from_corners(segment.a, segment.b), s));
            RTree::bulk_load(boxes.collect())
        });
        let mut part_of = vec![0; self.corners.len()];
        for (number, part) in parts.iter().enumerate() {
            for corner in part {
                part_of[*corner] = number;
            }
        }
        let mut done = vec![false; self.faces.len()];
        for (number, part) in parts.iter().enumerate() {
            let west = *part
                .iter()
                .min_by(|a, b| {
                    let (a, b) = (self.corners[**a], self.corners[**b]);
                    a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1]))
                })
                .expect("a part has a corner");
            let at = self.corners[west];
            let mut outside = Winding::default();
            if let Some(tree) = &tree {
                let ray = AABB::from_corners(at, [f64::MAX, at[1]]);
                for found in tree.locate_in_envelope_intersecting(ray) {
                    if part_of[self.origin[2 * found.data]] != number {
                        outside = outside.plus(turns(&segments[found.data], at));
                    }
                }
            }
            let outer = self.outermost(&around[west]);
            self.spread(outer, outside, segments, &mut done);
        }
    }

    /// Of the half-edges that leave a part's westernmost corner, the one with the outside on its left.
    fn outermost(&self, spokes: &[usize]) -> usize {
        // Sorted from east counter-clockwise: those to the north-east come first, those to the south-east last.
        let latitude = |half: usize| self.corners[self.origin[half]][1];
        let north = spokes.iter().rev().find(|half| latitude(**half ^ 1) >= latitude(**half));
        *north.or(spokes.last()).expect("a corner has an edge")
    }

    fn spread(&mut self, outer: usize, outside: Winding, segments: &[Segment], done: &mut [bool]) {
        let mut open = vec![outer];
        self.faces[self.walk[outer]].winding = outside;
        done[self.walk[outer]] = true;
        while let Some(start) = open.pop() {
            let winding = self.faces[self.walk[start]].winding;
            let mut half = start;
            loop {
                let across = self.walk[half ^ 1];
                if !done[across] {
                    done[across] = true;
                    let step = segments[half / 2].winding;
                    let step = if half % 2 == 0 { step.negated() } else { step };
                    self.faces[across].winding = winding.plus(step);
                    open.push(half ^ 1);
                }
                half = self.clockwise[half ^ 1];
                if half == start {
                    break;
                }
            }
        }
    }

    /// The corners of each connected part.
    fn parts(&self, around: &[Vec<usize>]) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.corners.len()];
        let mut parts = Vec::new();
        for first in 0..self.corners.len() {
            if seen[first] {
                continue;
            }
            seen[first] = true;
            let mut part = vec![first];
            let mut next = 0;
            while let Some(corner) = part.get(next).copied() {
                next += 1;
                for half in &around[corner] {
                    let other = self.origin[half ^ 1];
                    if !std::mem::replace(&mut seen[other], true) {
                        part.push(other);
                    }
                }
            }
            parts.push(part);
        }
        parts
    }
}

/// What one edge adds to the winding around a place to its west.
fn turns(segment: &Segment, at: Corner) -> Winding {
    let (up, down) =
        (segment.a[1] <= at[1] && segment.b[1] > at[1], segment.b[1] <= at[1] && segment.a[1] > at[1]);
    let side = orient(segment.a, segment.b, at);
    if up && side > 0.0 {
        segment.winding
    } else if down && side < 0.0 {
        segment.winding.negated()
    } else {
        Winding::default()
    }
}

/// Orders directions counter-clockwise from east.
fn by_angle(centre: Corner, p: Corner, q: Corner) -> std::cmp::Ordering {
    let lower = |tip: Corner| tip[1] < centre[1] || (tip[1] == centre[1] && tip[0] < centre[0]);
    lower(p).cmp(&lower(q)).then_with(|| 0.0_f64.total_cmp(&(orient(centre, p, q) + 0.0)))
}
