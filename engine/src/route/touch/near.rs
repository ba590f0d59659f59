//! Is a straight line near an outline in the plane?

use rstar::{AABB, RTree, RTreeObject};

use crate::frame::Xy;
use crate::plane::distance_to_segment;
use crate::route::footprint::Footprint;

/// An outline, its edges found by place.
pub(super) enum Outlined {
    Circle { centre: Xy, radius: f64 },
    Polygons(RTree<Edge>),
}

pub(super) struct Edge {
    from: Xy,
    to: Xy,
    /// Which of the polygons it belongs to.
    polygon: u32,
}

impl RTreeObject for Edge {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners([self.from.x, self.from.y], [self.to.x, self.to.y])
    }
}

impl Outlined {
    pub(super) fn new(footprint: &Footprint) -> Self {
        if let Some((centre, radius)) = footprint.circle() {
            return Self::Circle { centre, radius };
        }
        let polygons = footprint.polygons().iter().zip(0_u32..);
        let rings = polygons.flat_map(|(rings, polygon)| rings.iter().map(move |ring| (ring, polygon)));
        let edges = rings.flat_map(|(ring, polygon)| {
            (0..ring.len()).map(move |i| Edge { from: ring[i], to: ring[(i + 1) % ring.len()], polygon })
        });
        Self::Polygons(RTree::bulk_load(edges.collect()))
    }

    /// Does some point of a straight line lie inside, or nearer than `reach` to it, which is positive?
    pub(super) fn is_near(&self, a: Xy, b: Xy, reach: f64) -> bool {
        match self {
            Self::Circle { centre, radius } => distance_to_segment(*centre, a, b) < radius + reach,
            Self::Polygons(edges) => is_near_edge(edges, a, b, reach) || contains(edges, a),
        }
    }
}

fn is_near_edge(edges: &RTree<Edge>, a: Xy, b: Xy, reach: f64) -> bool {
    let around = AABB::from_corners(
        [a.x.min(b.x) - reach, a.y.min(b.y) - reach],
        [a.x.max(b.x) + reach, a.y.max(b.y) + reach],
    );
    edges.locate_in_envelope_intersecting(around).any(|edge| {
        let (p, q) = (edge.from, edge.to);
        crosses(a, b, p, q)
            || distance_to_segment(a, p, q) < reach
            || distance_to_segment(b, p, q) < reach
            || distance_to_segment(p, a, b) < reach
            || distance_to_segment(q, a, b) < reach
    })
}

/// Does a line cross an edge from one side to the other? Where it only touches it, an end of theirs is near.
fn crosses(a: Xy, b: Xy, p: Xy, q: Xy) -> bool {
    let side = |o: Xy, d: Xy, at: Xy| (d.x - o.x) * (at.y - o.y) - (d.y - o.y) * (at.x - o.x);
    side(a, b, p) * side(a, b, q) < 0.0 && side(p, q, a) * side(p, q, b) < 0.0
}

/// Does a point lie inside one of the polygons? By the crossings of a ray to the east.
fn contains(edges: &RTree<Edge>, at: Xy) -> bool {
    let ray = AABB::from_corners([at.x, at.y], [f64::MAX, at.y]);
    let crossed = edges.locate_in_envelope_intersecting(ray).filter(|edge| {
        let (p, q) = (edge.from, edge.to);
        (p.y > at.y) != (q.y > at.y) && at.x < p.x + (at.y - p.y) / (q.y - p.y) * (q.x - p.x)
    });
    let mut odd: Vec<u32> = Vec::new();
    for edge in crossed {
        match odd.iter().position(|&polygon| polygon == edge.polygon) {
            Some(known) => drop(odd.swap_remove(known)),
            None => odd.push(edge.polygon),
        }
    }
    !odd.is_empty()
}
