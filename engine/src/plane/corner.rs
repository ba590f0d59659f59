//! The corners of an area.

use super::predicate::{orientation, turn};
use crate::frame::Xy;

/// A convex corner of the area, around which a path can bend, and its neighbours on the ring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corner {
    /// The corner.
    pub at: Xy,
    /// The vertex before it: where the solid side ends.
    pub before: Xy,
    /// The vertex after it: where the solid side begins, which goes on counter-clockwise.
    pub after: Xy,
}

impl Corner {
    /// Can a taut string that comes straight from `other` bend here? It must graze the area, not run against it.
    #[inline]
    pub fn is_grazed_from(&self, other: Xy) -> bool {
        let (one, two) = (turn(other, self.at, self.before), turn(other, self.at, self.after));
        (one >= 0.0 && two >= 0.0) || (one <= 0.0 && two <= 0.0)
    }

    /// Is the solid side less than half a turn wide?
    pub(super) fn is_convex(&self) -> bool {
        orientation(self.before, self.at, self.after) > 0.0
    }

    /// Does the way from the vertex towards `to` begin strictly on the solid side?
    pub(super) fn has_inside(&self, to: Xy) -> bool {
        let (leaving, coming) = (orientation(self.at, self.after, to), orientation(self.before, self.at, to));
        if orientation(self.before, self.at, self.after) >= 0.0 {
            leaving > 0.0 && coming > 0.0
        } else {
            leaving > 0.0 || coming > 0.0
        }
    }
}

/// Joins each edge of one shape to that which bounds the same solid side at its first vertex.
///
/// Where rings of a shape touch, that is not always the edge before it on its own ring.
pub(super) fn pair_edges(vertices: &mut [Corner]) {
    let key = |at: Xy| ((at.x + 0.0).to_bits(), (at.y + 0.0).to_bits());
    let mut order: Vec<_> = vertices.iter().enumerate().map(|(i, vertex)| (key(vertex.at), i)).collect();
    order.sort_unstable();
    for group in order.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        let coming: Vec<Xy> = group.iter().map(|&(_, i)| vertices[i].before).collect();
        for &(_, i) in group {
            let Corner { at, after, .. } = vertices[i];
            let nearest =
                coming.iter().copied().reduce(|a, b| if is_sooner(at, after, b, a) { b } else { a });
            vertices[i].before = nearest.unwrap_or(vertices[i].before);
        }
    }
}

/// Is `a` met before `b` when the ray from `at` through `from` turns counter-clockwise? What lies on that ray is met last.
fn is_sooner(at: Xy, from: Xy, a: Xy, b: Xy) -> bool {
    let quarter = |to: Xy| {
        let side = turn(at, from, to);
        let behind = (from.x - at.x) * (to.x - at.x) + (from.y - at.y) * (to.y - at.y) < 0.0;
        match side {
            _ if side > 0.0 => 0,
            _ if side < 0.0 => 2,
            _ if behind => 1,
            _ => 3,
        }
    };
    let (quarter_a, quarter_b) = (quarter(a), quarter(b));
    quarter_a < quarter_b || (quarter_a == quarter_b && turn(at, a, b) > 0.0)
}
