//! A closed area in the plane that paths may touch but not enter.

use rstar::{AABB, RTree, RTreeObject};

use super::along::AlongSegment;

use super::corner::{Corner, pair_edges};
use super::predicate::{nearest_on_segment, orientation, turn};
use super::run::{Run, Wedge};
use super::{Shape, signed_area};
use crate::frame::Xy;

/// A polygonal area: shapes that do not overlap, each an outer ring and its holes.
///
/// Immutable and shared by threads. Building costs O(n log n) for n edges, a query O(log n + k) for k edges near it.
#[derive(Debug, Clone, Default)]
pub struct Region {
    /// Every vertex, with the edge after it on its ring and the solid side between that and the edge before it.
    vertices: Vec<Corner>,
    rings: Vec<Ring>,
    edges: RTree<Edge>,
    corners: Vec<Corner>,
    /// The end of each shape's corners; they begin where those of the shape before end.
    corner_ends: Vec<usize>,
    runs: Vec<Run>,
    run_ends: Vec<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Ring {
    first: usize,
    count: usize,
    shape: usize,
    hole: bool,
}

/// An edge, by its first vertex.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Wall(u32);

/// The edge from a vertex to the next.
#[derive(Debug, Clone, Copy)]
struct Edge {
    vertex: u32,
    shape: u32,
    from: Xy,
    to: Xy,
}

impl RTreeObject for Edge {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners([self.from.x, self.from.y], [self.to.x, self.to.y])
    }
}

impl Region {
    /// The area of shapes that do not overlap, as [`super::unite`] makes them. Rings may have any direction.
    pub fn new(shapes: Vec<Shape>) -> Self {
        let mut region = Self::default();
        for (shape, rings) in shapes.into_iter().enumerate() {
            let first_vertex = region.vertices.len();
            for (number, mut ring) in rings.into_iter().enumerate() {
                if ring.len() >= 3 {
                    if (signed_area(&ring) > 0.0) != (number == 0) {
                        ring.reverse();
                    }
                    region.add_ring(&ring, shape, number > 0);
                }
            }
            pair_edges(&mut region.vertices[first_vertex..]);
            let convex = region.vertices[first_vertex..].iter().filter(|vertex| vertex.is_convex());
            region.corners.extend(convex);
            let first = region.corner_ends.last().copied().unwrap_or(0);
            region.runs.extend(Run::split(&region.corners[first..], first));
            region.corner_ends.push(region.corners.len());
            region.run_ends.push(region.runs.len());
        }
        let edges = region.rings.iter().flat_map(|ring| {
            let edge = |i: usize| {
                let vertex = &region.vertices[i];
                Edge { vertex: i as u32, shape: ring.shape as u32, from: vertex.at, to: vertex.after }
            };
            (ring.first..ring.first + ring.count).map(edge)
        });
        region.edges = RTree::bulk_load(edges.collect());
        region
    }

    fn add_ring(&mut self, ring: &[Xy], shape: usize, hole: bool) {
        let count = ring.len();
        self.rings.push(Ring { first: self.vertices.len(), count, shape, hole });
        for i in 0..count {
            let (before, after) = (ring[(i + count - 1) % count], ring[(i + 1) % count]);
            self.vertices.push(Corner { at: ring[i], before, after });
        }
    }

    /// Is there no area at all?
    pub fn is_empty(&self) -> bool {
        self.vertices.is_empty()
    }

    /// The convex corners, in the order of the rings.
    pub fn corners(&self) -> &[Corner] {
        &self.corners
    }

    /// Does the straight line from `p` to `q` enter the area? Touching its border is not entering.
    ///
    /// Exact for ends that do not lie strictly within the area; if both do, the answer is that of its border alone.
    pub fn blocks(&self, p: Xy, q: Xy) -> bool {
        self.wall(p, q).is_some()
    }

    /// An edge at which the straight line from `p` to `q` enters the area, if it enters it, and the shape it belongs to.
    pub(super) fn wall(&self, p: Xy, q: Xy) -> Option<(Wall, usize)> {
        if p == q {
            return None;
        }
        let mut near = self.edges.locate_with_selection_function(AlongSegment::new(p, q));
        near.find(|edge| self.edge_blocks(edge.vertex, p, q))
            .map(|edge| (Wall(edge.vertex), edge.shape as usize))
    }

    /// Does the straight line from `p` to `q` enter the area at this very edge?
    pub(super) fn is_wall(&self, wall: Wall, p: Xy, q: Xy) -> bool {
        p != q && self.edge_blocks(wall.0, p, q)
    }

    /// The corners of a shape, and their runs.
    pub(super) fn corners_of(&self, shape: usize) -> (&[Corner], &[Run]) {
        let of = |ends: &[usize]| if shape == 0 { 0..ends[0] } else { ends[shape - 1]..ends[shape] };
        (&self.corners[of(&self.corner_ends)], &self.runs[of(&self.run_ends)])
    }

    /// Finds the corners, by number, at which a taut string can bend that comes straight from `from`, and there bends around
    /// `bend` if that is a corner itself. Cost: O(r + k) for r runs of corners, k of which it cannot rule out at once.
    pub(crate) fn taut_corners(
        &self,
        from: Xy,
        bend: Option<&Corner>,
        mut found: impl FnMut(usize, &Corner),
    ) {
        let wedge = bend.map(Wedge::new);
        for run in &self.runs {
            if wedge.as_ref().is_some_and(|wedge| !wedge.may_hold(run)) || !run.may_be_grazed_from(from) {
                continue;
            }
            let first = run.first as usize;
            for (i, corner) in self.corners[first..first + run.count as usize].iter().enumerate() {
                let taut = corner.at != from
                    && bend.is_none_or(|bend| bend.is_grazed_from(corner.at))
                    && corner.is_grazed_from(from);
                if taut {
                    found(first + i, corner);
                }
            }
        }
    }

    /// Does the line enter the area across this edge or at its first vertex, or leave an end on it inwards?
    fn edge_blocks(&self, number: u32, p: Xy, q: Xy) -> bool {
        let vertex = &self.vertices[number as usize];
        let (a, b) = (vertex.at, vertex.after);
        let (side_a, side_b) = (turn(p, q, a), turn(p, q, b));
        if side_a == 0.0 && within_box(a, p, q) {
            return (a != q && vertex.has_inside(q)) || (a != p && vertex.has_inside(p));
        }
        if (side_a > 0.0 && side_b < 0.0) || (side_a < 0.0 && side_b > 0.0) {
            let (side_p, side_q) = (turn(a, b, p), turn(a, b, q));
            return if side_p == 0.0 {
                side_q > 0.0
            } else if side_q == 0.0 {
                side_p > 0.0
            } else {
                (side_p > 0.0) != (side_q > 0.0)
            };
        }
        false
    }

    /// Does the point lie strictly within the area? Its border does not count.
    pub fn contains(&self, p: Xy) -> bool {
        let ray = AABB::from_corners([p.x, p.y], [f64::MAX, p.y]);
        let mut inside = false;
        for edge in self.edges.locate_in_envelope_intersecting(ray) {
            let (a, b) = (edge.from, edge.to);
            let side = orientation(a, b, p);
            if side == 0.0 && within_box(p, a, b) {
                return false;
            }
            if (a.y > p.y) != (b.y > p.y) && (side > 0.0) == (b.y > a.y) {
                inside = !inside;
            }
        }
        inside
    }

    /// The nearest point outside the area to one that lies less than `reach_m` inside its border, if there is one.
    pub fn nearest_outside(&self, p: Xy, reach_m: f64) -> Option<Xy> {
        /// Clear of the border, whatever rounding does.
        const NUDGE_M: f64 = 2e-6;
        if !self.contains(p) {
            return Some(p);
        }
        let near = AABB::from_corners([p.x - reach_m, p.y - reach_m], [p.x + reach_m, p.y + reach_m]);
        let mut found: Vec<(f64, Xy)> = Vec::new();
        for edge in self.edges.locate_in_envelope_intersecting(near) {
            let foot = nearest_on_segment(p, edge.from, edge.to);
            let (dx, dy) = (edge.to.x - edge.from.x, edge.to.y - edge.from.y);
            let length = dx.hypot(dy);
            let outside = Xy { x: foot.x + NUDGE_M * dy / length, y: foot.y - NUDGE_M * dx / length };
            let distance = (outside.x - p.x).hypot(outside.y - p.y);
            if distance <= reach_m {
                found.push((distance, outside));
            }
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.x.total_cmp(&b.1.x)).then(a.1.y.total_cmp(&b.1.y)));
        found.into_iter().map(|(_, at)| at).find(|&at| !self.contains(at))
    }

    /// The shapes that part two free points: a hole of theirs holds one of the two and not the other.
    ///
    /// If there is none, some path joins the points; if there are some, only where holes touch. Each comes as one of its vertices. Cost: O(n).
    pub fn separators(&self, p: Xy, q: Xy) -> Vec<usize> {
        let holds = |ring: &Ring, at: Xy| {
            let vertices = &self.vertices[ring.first..ring.first + ring.count];
            let crossings = vertices.iter().filter(|v| {
                let (a, b) = (v.at, v.after);
                (a.y > at.y) != (b.y > at.y) && (orientation(a, b, at) > 0.0) == (b.y > a.y)
            });
            crossings.count() % 2 == 1
        };
        let mut shapes: Vec<usize> = self
            .rings
            .iter()
            .filter(|ring| ring.hole && holds(ring, p) != holds(ring, q))
            .map(|ring| ring.shape)
            .collect();
        shapes.dedup();
        shapes
    }

    /// The parts of the straight line from `p` to `q` that lie within the area, as shares of its length, ascending.
    ///
    /// Parts shorter than a micrometre are left out; if rounding hides where the line enters, all of it counts.
    pub fn shares_inside(&self, p: Xy, q: Xy) -> Vec<(f64, f64)> {
        if !self.blocks(p, q) {
            let middle = Xy { x: (p.x + q.x) / 2.0, y: (p.y + q.y) / 2.0 };
            return if self.contains(middle) && (self.contains(p) || self.contains(q)) {
                vec![(0.0, 1.0)]
            } else {
                Vec::new()
            };
        }
        let (dx, dy) = (q.x - p.x, q.y - p.y);
        let square = dx * dx + dy * dy;
        let share_of = |x: f64, y: f64| (((x - p.x) * dx + (y - p.y) * dy) / square).clamp(0.0, 1.0);
        let (mut cuts, mut along) = (vec![0.0, 1.0], Vec::new());
        for edge in self.edges.locate_with_selection_function(AlongSegment::new(p, q)) {
            let (side_a, side_b) = (orientation(p, q, edge.from), orientation(p, q, edge.to));
            if side_a == 0.0 && side_b == 0.0 {
                let (a, b) = (share_of(edge.from.x, edge.from.y), share_of(edge.to.x, edge.to.y));
                cuts.extend([a, b]);
                along.push((a.min(b), a.max(b)));
            } else if side_a * side_b <= 0.0 {
                let share = side_a / (side_a - side_b);
                let x = edge.from.x + share * (edge.to.x - edge.from.x);
                let y = edge.from.y + share * (edge.to.y - edge.from.y);
                cuts.push(share_of(x, y));
            }
        }
        cuts.sort_by(f64::total_cmp);
        let shortest = 1e-6 / square.sqrt();
        let mut inside: Vec<(f64, f64)> = Vec::new();
        for pair in cuts.windows(2).filter(|pair| pair[1] - pair[0] > shortest) {
            let middle = (pair[0] + pair[1]) / 2.0;
            let on_border = along.iter().any(|edge| edge.0 <= middle && middle <= edge.1);
            if !on_border && self.contains(Xy { x: p.x + middle * dx, y: p.y + middle * dy }) {
                match inside.last_mut() {
                    Some(last) if pair[0] - last.1 <= shortest => last.1 = pair[1],
                    _ => inside.push((pair[0], pair[1])),
                }
            }
        }
        if inside.is_empty() { vec![(0.0, 1.0)] } else { inside }
    }

    /// The least distance from a point to the area, 0 within it; infinite where there is none. Cost: O(n).
    pub fn distance(&self, p: Xy) -> f64 {
        if self.contains(p) {
            return 0.0;
        }
        let distances = self.vertices.iter().map(|v| super::distance_to_segment(p, v.at, v.after));
        distances.fold(f64::INFINITY, f64::min)
    }
}

/// Does a point that is known to lie on the line through `a` and `b` lie between them, ends included?
fn within_box(p: Xy, a: Xy, b: Xy) -> bool {
    p.x >= a.x.min(b.x) && p.x <= a.x.max(b.x) && p.y >= a.y.min(b.y) && p.y <= a.y.max(b.y)
}
