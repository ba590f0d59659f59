//! Is a polygon in order? Decided exactly, in O(n log n) for rings as they occur.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::Corner;
use super::noding::{Contact, contact, for_pairs, orient, spans};

/// Whether rings make one polygon in order (OGC 06-103r4, 6.1.11).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Validity {
    /// They do.
    InOrder,
    /// They cross or touch as they must not, or are nested wrongly, or too tangled to be looked at.
    Broken,
}

/// Is the ring, closed and with no corner twice in a row, free of any contact with itself?
pub(super) fn is_simple(ring: &[Corner]) -> bool {
    touches(std::slice::from_ref(&ring)).is_some()
}

/// Checks an outer ring and its holes.
pub(super) fn check(rings: &[Vec<Corner>]) -> Validity {
    let slices: Vec<&[Corner]> = rings.iter().map(Vec::as_slice).collect();
    let Some(touches) = touches(&slices) else { return Validity::Broken };
    if !inside_is_connected(rings.len(), &touches) {
        return Validity::Broken;
    }
    let boxes: Vec<_> = slices.iter().map(|ring| bounds(ring)).collect();
    for (hole, ring) in slices.iter().enumerate().skip(1) {
        if !lies_within(ring, slices[0]) {
            return Validity::Broken;
        }
        for other in (1..slices.len()).filter(|other| *other != hole) {
            if within(boxes[hole], boxes[other]) && lies_within(ring, slices[other]) {
                return Validity::Broken;
            }
        }
    }
    Validity::InOrder
}

/// Does a ring that does not cross another lie inside of it?
pub(super) fn lies_within(ring: &[Corner], other: &[Corner]) -> bool {
    if !within(bounds(ring), bounds(other)) {
        return false;
    }
    let middles =
        ring.windows(2).map(|edge| [(edge[0][0] + edge[1][0]) / 2.0, (edge[0][1] + edge[1][1]) / 2.0]);
    ring.iter().copied().chain(middles).find_map(|corner| encloses(other, corner)).unwrap_or(true)
}

type Touch = (usize, usize, Corner);

/// Where rings touch each other; `None` if one touches itself or any cross.
fn touches(rings: &[&[Corner]]) -> Option<Vec<Touch>> {
    let edges: Vec<(Corner, Corner)> =
        rings.iter().flat_map(|ring| ring.windows(2).map(|edge| (edge[0], edge[1]))).collect();
    let mut owner = Vec::with_capacity(edges.len());
    for (number, ring) in rings.iter().enumerate() {
        let (first, count) = (owner.len(), ring.len().saturating_sub(1));
        owner.extend(std::iter::repeat_n((number, first, count), count));
    }
    let mut touches = Vec::new();
    let mut broken = false;
    let visited = for_pairs(&edges, 0.0, |i, j| {
        broken = !match contact(edges[i], edges[j]) {
            Contact::None => true,
            Contact::Cross => false,
            Contact::Touch if owner[i].0 != owner[j].0 => {
                for (corner, (a, b)) in [
                    (edges[i].0, edges[j]),
                    (edges[i].1, edges[j]),
                    (edges[j].0, edges[i]),
                    (edges[j].1, edges[i]),
                ] {
                    if orient(a, b, corner) == 0.0 && spans(a, b, corner) {
                        touches.push((owner[i].0, owner[j].0, corner));
                    }
                }
                true
            }
            Contact::Touch => {
                let (_, first, count) = owner[i];
                if j == i + 1 {
                    only_meet_at_end(edges[i], edges[j])
                } else {
                    i == first && j == first + count - 1 && only_meet_at_end(edges[j], edges[i])
                }
            }
        };
        if broken { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    (visited.is_ok() && !broken).then_some(touches)
}

/// Do two edges, the second of which starts where the first ends, go on rather than back?
fn only_meet_at_end((a, b): (Corner, Corner), (_, d): (Corner, Corner)) -> bool {
    if orient(a, b, d) != 0.0 {
        return true;
    }
    let axis = usize::from(a[0] == b[0]);
    (a[axis] < b[axis]) == (b[axis] < d[axis])
}

/// Touches cut the inside in two where they chain rings into a circle.
fn inside_is_connected(rings: usize, touches: &[Touch]) -> bool {
    let mut numbers: HashMap<(u64, u64), usize> = HashMap::new();
    let mut links = Vec::new();
    for (one, other, corner) in touches {
        let next = rings + numbers.len();
        let corner =
            *numbers.entry(((corner[0] + 0.0).to_bits(), (corner[1] + 0.0).to_bits())).or_insert(next);
        links.extend([(*one, corner), (*other, corner)]);
    }
    links.sort_unstable();
    links.dedup();
    let mut parent: Vec<usize> = (0..rings + numbers.len()).collect();
    for (ring, corner) in links {
        let (a, b) = (root(&mut parent, ring), root(&mut parent, corner));
        if a == b {
            return false;
        }
        parent[a] = b;
    }
    true
}

fn root(parent: &mut [usize], mut node: usize) -> usize {
    while parent[node] != node {
        parent[node] = parent[parent[node]];
        node = parent[node];
    }
    node
}

/// Does a ring enclose a corner? `None` if the corner lies on it.
fn encloses(ring: &[Corner], corner: Corner) -> Option<bool> {
    let mut inside = false;
    for edge in ring.windows(2) {
        let (a, b) = (edge[0], edge[1]);
        if (a[1] < corner[1] && b[1] < corner[1]) || (a[1] > corner[1] && b[1] > corner[1]) {
            continue;
        }
        let side = orient(a, b, corner);
        if side == 0.0 && spans(a, b, corner) {
            return None;
        }
        let upward = a[1] <= corner[1] && b[1] > corner[1];
        let downward = b[1] <= corner[1] && a[1] > corner[1];
        if (upward && side > 0.0) || (downward && side < 0.0) {
            inside = !inside;
        }
    }
    Some(inside)
}

type Box = (Corner, Corner);

fn bounds(ring: &[Corner]) -> Box {
    ring.iter().fold(([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]), |(low, high), corner| {
        ([low[0].min(corner[0]), low[1].min(corner[1])], [high[0].max(corner[0]), high[1].max(corner[1])])
    })
}

fn within(inner: Box, outer: Box) -> bool {
    (0..2).all(|axis| outer.0[axis] <= inner.0[axis] && inner.1[axis] <= outer.1[axis])
}
