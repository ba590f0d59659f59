//! Segments cut where they meet, so that they have nothing but ends in common.

use std::collections::HashMap;
use std::ops::ControlFlow;

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::Corner;
use super::arrangement::Winding;

/// A straight edge from `a` to `b`, and how much more the rings wind around what is left of it than right of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    pub(super) a: Corner,
    pub(super) b: Corner,
    pub(super) winding: Winding,
}

impl Segment {
    /// A zero below zero is made plain, so that equal corners have equal bits.
    pub(super) fn new(a: Corner, b: Corner, winding: Winding) -> Self {
        Self { a: [a[0] + 0.0, a[1] + 0.0], b: [b[0] + 0.0, b[1] + 0.0], winding }
    }
}

/// Segments that meet too often to be taken apart.
#[derive(Debug)]
pub(super) struct Tangled;

/// How two segments meet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Contact {
    None,
    /// An end of one lies on the other.
    Touch,
    /// Each has its ends on both sides of the other.
    Cross,
}

/// Fewer segments are compared each with each.
const SMALL: usize = 48;
/// Pairs of boxes that are looked at beyond this (and 200 for each segment) are too many.
const MOST_PAIRS: usize = 20_000_000;
/// Cuts beyond this are too many.
const MOST_CUTS: usize = 2_000_000;
/// A rounded crossing bends its segments, which may then cross others: so often is this looked at again.
const ROUNDS: usize = 40;
/// Rounds in which corners stay where they are. Segments that all but lie on each other need the grid.
const FREE_ROUNDS: usize = 4;
/// The grid, in degrees: 2^-33, or 13 micrometres.
const GRID_DEG: f64 = 1.0 / 8_589_934_592.0;

/// Twice the signed area of a triangle; its sign is exact.
pub(super) fn orient(a: Corner, b: Corner, c: Corner) -> f64 {
    let coord = |[x, y]: Corner| robust::Coord { x, y };
    robust::orient2d(coord(a), coord(b), coord(c))
}

/// Is a corner that is in line with a segment within its box?
pub(super) fn spans(a: Corner, b: Corner, c: Corner) -> bool {
    (0..2).all(|axis| a[axis].min(b[axis]) <= c[axis] && c[axis] <= a[axis].max(b[axis]))
}

/// How two segments meet, exactly.
pub(super) fn contact(first: (Corner, Corner), second: (Corner, Corner)) -> Contact {
    let ((a, b), (c, d)) = (first, second);
    let apart = (0..2).any(|axis| {
        a[axis].max(b[axis]) < c[axis].min(d[axis]) || c[axis].max(d[axis]) < a[axis].min(b[axis])
    });
    if apart {
        return Contact::None;
    }
    let (of_c, of_d) = (orient(a, b, c), orient(a, b, d));
    if of_c * of_d > 0.0 && of_c != 0.0 {
        return Contact::None;
    }
    let (of_a, of_b) = (orient(c, d, a), orient(c, d, b));
    let opposite = |p: f64, q: f64| (p > 0.0 && q < 0.0) || (p < 0.0 && q > 0.0);
    if opposite(of_c, of_d) && opposite(of_a, of_b) {
        return Contact::Cross;
    }
    let on = |side: f64, a: Corner, b: Corner, c: Corner| side == 0.0 && spans(a, b, c);
    if on(of_c, a, b, c) || on(of_d, a, b, d) || on(of_a, c, d, a) || on(of_b, c, d, b) {
        Contact::Touch
    } else {
        Contact::None
    }
}

/// Visits all pairs of segments whose boxes come within `margin`, the first index the smaller, in a fixed order.
pub(super) fn for_pairs(
    segments: &[(Corner, Corner)],
    margin: f64,
    mut visit: impl FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<(), Tangled> {
    if segments.len() <= SMALL {
        for i in 0..segments.len() {
            for j in i + 1..segments.len() {
                if visit(i, j).is_break() {
                    return Ok(());
                }
            }
        }
        return Ok(());
    }
    let boxes = segments
        .iter()
        .enumerate()
        .map(|(index, (a, b))| GeomWithData::new(Rectangle::from_corners(*a, *b), index));
    let tree = RTree::bulk_load(boxes.collect());
    let mut left = MOST_PAIRS + segments.len().saturating_mul(200);
    let mut near = Vec::new();
    for (i, (a, b)) in segments.iter().enumerate() {
        near.clear();
        let low = [a[0].min(b[0]) - margin, a[1].min(b[1]) - margin];
        let high = [a[0].max(b[0]) + margin, a[1].max(b[1]) + margin];
        for other in tree.locate_in_envelope_intersecting(AABB::from_corners(low, high)) {
            left = left.checked_sub(1).ok_or(Tangled)?;
            if other.data > i {
                near.push(other.data);
            }
        }
        near.sort_unstable();
        for j in &near {
            if visit(i, *j).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Cuts segments at each other until they share ends alone; those that lie on each other become one.
///
/// Where rounded crossings make segments cross anew and this does not end, corners go to a grid and segments to the
/// corners that they pass (snap rounding: Hobby 1999). Also says where the first of them cross.
pub(super) fn node(segments: Vec<Segment>) -> Result<(Vec<Segment>, Option<Corner>), Tangled> {
    let mut segments = merged(segments);
    let mut first_crossing = None;
    for round in 0..ROUNDS {
        let on_grid = round >= FREE_ROUNDS;
        if round == FREE_ROUNDS {
            let snapped = segments.iter().map(|s| Segment::new(snap(s.a), snap(s.b), s.winding));
            segments = merged(snapped.filter(|segment| segment.a != segment.b).collect());
        }
        let cuts = cuts(&segments, on_grid, &mut first_crossing)?;
        if cuts.is_empty() {
            return Ok((segments, first_crossing));
        }
        segments = merged(apply(&segments, cuts));
    }
    Err(Tangled)
}

fn snap(corner: Corner) -> Corner {
    corner.map(|at| (at / GRID_DEG).round() * GRID_DEG)
}

fn cuts(
    segments: &[Segment],
    on_grid: bool,
    first_crossing: &mut Option<Corner>,
) -> Result<Vec<(usize, Corner)>, Tangled> {
    let ends: Vec<_> = segments.iter().map(|segment| (segment.a, segment.b)).collect();
    let mut cuts = Vec::new();
    let mut overflow = false;
    let margin = if on_grid { GRID_DEG } else { 0.0 };
    for_pairs(&ends, margin, |i, j| {
        let pair = [(i, ends[i]), (j, ends[j])];
        let contact = contact(ends[i], ends[j]);
        if contact == Contact::Cross {
            let exact = crossing(ends[i], ends[j]);
            first_crossing.get_or_insert(exact);
            let at = if on_grid { snap(exact) } else { exact };
            cuts.extend(pair.into_iter().filter(|(_, (a, b))| at != *a && at != *b).map(|(k, _)| (k, at)));
        }
        if contact == Contact::Touch || on_grid {
            for ((k, segment), (_, other)) in [(pair[0], pair[1]), (pair[1], pair[0])] {
                let passes =
                    |end: &Corner| if on_grid { passes_by(segment, *end) } else { is_on(segment, *end) };
                cuts.extend([other.0, other.1].into_iter().filter(passes).map(|end| (k, end)));
            }
        }
        overflow = cuts.len() > MOST_CUTS;
        if overflow { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if overflow { Err(Tangled) } else { Ok(cuts) }
}

/// Does a corner lie on a segment, between its ends?
fn is_on((a, b): (Corner, Corner), c: Corner) -> bool {
    c != a && c != b && spans(a, b, c) && orient(a, b, c) == 0.0
}

/// Does a segment pass within half a grid step of a corner that is not its end?
fn passes_by((a, b): (Corner, Corner), c: Corner) -> bool {
    if c == a || c == b {
        return false;
    }
    let (along, to) = ([b[0] - a[0], b[1] - a[1]], [c[0] - a[0], c[1] - a[1]]);
    let length = along[0].hypot(along[1]);
    let part = (to[0] * along[0] + to[1] * along[1]) / (length * length);
    (0.0..=1.0).contains(&part) && (orient(a, b, c) / length).abs() <= 0.5 * GRID_DEG
}

fn apply(segments: &[Segment], mut cuts: Vec<(usize, Corner)>) -> Vec<Segment> {
    let along = |segment: &Segment, corner: Corner| {
        let direction = [segment.b[0] - segment.a[0], segment.b[1] - segment.a[1]];
        (corner[0] - segment.a[0]) * direction[0] + (corner[1] - segment.a[1]) * direction[1]
    };
    cuts.sort_by(|(i, p), (j, q)| {
        i.cmp(j).then_with(|| along(&segments[*i], *p).total_cmp(&along(&segments[*i], *q)))
    });
    let mut pieces = Vec::with_capacity(segments.len() + cuts.len());
    let mut next = 0;
    for (index, segment) in segments.iter().enumerate() {
        let mut from = segment.a;
        while let Some((_, at)) = cuts.get(next).filter(|(i, _)| *i == index) {
            if *at != from {
                pieces.push(Segment::new(from, *at, segment.winding));
                from = *at;
            }
            next += 1;
        }
        if from != segment.b {
            pieces.push(Segment::new(from, segment.b, segment.winding));
        }
    }
    pieces
}

/// Adds up segments with the same ends; what goes there and back is gone.
fn merged(segments: Vec<Segment>) -> Vec<Segment> {
    let key = |corner: Corner| (corner[0].to_bits(), corner[1].to_bits());
    let mut known: HashMap<_, usize> = HashMap::with_capacity(segments.len());
    let mut kept: Vec<Segment> = Vec::with_capacity(segments.len());
    for segment in segments {
        let (from, to) = (key(segment.a), key(segment.b));
        let ends = if from < to { (from, to) } else { (to, from) };
        let slot = *known.entry(ends).or_insert(kept.len());
        match kept.get_mut(slot) {
            Some(same) if key(same.a) == from => same.winding = same.winding.plus(segment.winding),
            Some(same) => same.winding = same.winding.plus(segment.winding.negated()),
            None => kept.push(segment),
        }
    }
    kept.retain(|segment| segment.winding != Winding::default());
    kept
}

/// Where two segments that cross do so, rounded.
fn crossing((a, b): (Corner, Corner), (c, d): (Corner, Corner)) -> Corner {
    let (of_a, of_b) = (orient(c, d, a), orient(c, d, b));
    let part = of_a / (of_a - of_b);
    std::array::from_fn(|axis| {
        let at = a[axis] + part * (b[axis] - a[axis]);
        let low = a[axis].min(b[axis]).max(c[axis].min(d[axis]));
        let high = a[axis].max(b[axis]).min(c[axis].max(d[axis]));
        at.max(low).min(high) + 0.0
    })
}
