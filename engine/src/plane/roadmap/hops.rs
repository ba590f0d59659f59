//! Where a taut path can go on from a corner.

use std::sync::{Arc, OnceLock};

use super::super::mesh::{Cone, Lens, NONE, Reach};
use super::super::predicate::turn;
use super::scratch::Looks;
use super::{Bend, Roadmap};
use crate::frame::Xy;

/// A taut edge to a corner.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hop {
    /// The corner's place: a search need not look it up.
    pub(super) at: Xy,
    pub(super) length: f64,
    pub(super) corner: u32,
    /// The side on which the area lies at that corner: [`LEFT`] or [`RIGHT`].
    pub(super) side: u32,
}

/// The path turns left around the corner, the area being at its left.
pub(super) const LEFT: u32 = 0;
pub(super) const RIGHT: u32 = 1;

/// The taut edges that leave a corner with the area on one side, counter-clockwise.
#[derive(Debug, Clone, Default)]
pub(super) struct Fan {
    found: OnceLock<Found>,
}

#[derive(Debug, Clone)]
struct Found {
    hops: Arc<[Hop]>,
    /// A box that holds all that was in sight.
    reach: Reach,
}

impl Fan {
    /// A box that holds all on which what is kept depends.
    pub(super) fn reach(&self) -> Option<&Reach> {
        self.found.get().map(|found| &found.reach)
    }
}

impl Roadmap {
    /// The taut edges that leave a corner, found the first time and kept.
    #[inline]
    pub(super) fn hops(&self, corner: u32, side: u32, looks: &mut Looks) -> &[Hop] {
        &self.fans[(2 * corner + side) as usize]
            .found
            .get_or_init(|| self.find_hops(corner, side, looks))
            .hops
    }

    /// Looks from a corner into the cone in which a taut path goes on: between the edges there, one of them prolonged.
    #[cold]
    fn find_hops(&self, number: u32, side: u32, looks: &mut Looks) -> Found {
        let Bend { corner, vertex, .. } = self.corners[number as usize];
        let cone = if side == LEFT {
            Cone { right: prolonged(corner.before, corner.at, -1.0), left: corner.after }
        } else {
            Cone { right: corner.before, left: prolonged(corner.after, corner.at, 1.0) }
        };
        let Looks { windows, hops } = looks;
        hops.clear();
        windows.lens = Lens::WIDE;
        windows.reach = Reach::default();
        windows.reach.add(corner.at);
        let mut also = windows.reach;
        self.mesh.look_into(vertex, cone, windows, &mut |seen| {
            also.add(self.mesh.point(seen));
            self.add_hops(&corner, side, seen, hops);
        });
        let is_passed = |v: u32| self.first_corner[v as usize] == NONE;
        self.mesh.look_along_seams(vertex, is_passed, &mut |end| {
            also.add(self.mesh.point(end));
            let from = hops.len();
            self.add_hops(&corner, side, end, hops);
            for i in from..hops.len() {
                let to = hops[i].at;
                let place = hops[..i].partition_point(|hop| turn(corner.at, hop.at, to) > 0.0);
                hops[place..=i].rotate_right(1);
            }
        });
        also.add(windows.reach.low);
        also.add(windows.reach.high);
        Found { hops: hops.as_slice().into(), reach: also }
    }

    /// Adds the edges to the corners at a vertex that are taut at both ends.
    fn add_hops(&self, from: &super::Corner, side: u32, vertex: u32, hops: &mut Vec<Hop>) {
        for number in self.corners_at(vertex) {
            let to = &self.corners[number as usize].corner;
            if leaving_side(from, to.at) != Some(side) {
                return;
            }
            if let Some(side) = arriving_side(from.at, to) {
                hops.push(Hop { at: to.at, length: distance(from.at, to.at), corner: number, side });
            }
        }
    }
}

/// On which side a corner lies that a straight line grazes which ends there.
#[inline]
pub(super) fn arriving_side(from: Xy, to: &super::Corner) -> Option<u32> {
    let (before, after) = (turn(from, to.at, to.before), turn(from, to.at, to.after));
    if before >= 0.0 && after >= 0.0 {
        Some(LEFT)
    } else if before <= 0.0 && after <= 0.0 {
        Some(RIGHT)
    } else {
        None
    }
}

/// On which side a corner lies that a straight line grazes which begins there.
fn leaving_side(from: &super::Corner, to: Xy) -> Option<u32> {
    let (before, after) = (turn(from.before, from.at, to), turn(from.at, from.after, to));
    if before >= 0.0 && after <= 0.0 {
        Some(LEFT)
    } else if before <= 0.0 && after >= 0.0 {
        Some(RIGHT)
    } else {
        None
    }
}

#[inline]
pub(super) fn distance(a: Xy, b: Xy) -> f64 {
    let (dx, dy) = (a.x - b.x, a.y - b.y);
    (dx * dx + dy * dy).sqrt()
}

/// A point on the way from one point through another, turned by a hair (to the left if positive): far more than
/// rounding does. It limits what is looked at; what is taut is told exactly.
fn prolonged(from: Xy, through: Xy, hair: f64) -> Xy {
    const HAIR: f64 = 1e-11;
    let (dx, dy) = (through.x - from.x, through.y - from.y);
    let scale = (1.0 + through.x.abs() + through.y.abs()) / dx.hypot(dy);
    let hair = hair * HAIR;
    Xy { x: through.x + scale * (dx - hair * dy), y: through.y + scale * (dy + hair * dx) }
}
