//! A triangulation of the plane in which every edge of the area is an edge of triangles.

mod build;
mod expand;
mod locate;
mod mend;
mod sight;

pub(super) use expand::{Cone, Lens, Reach, Windows};
pub(super) use locate::{Grid, Place};

use super::predicate::turn;
use crate::frame::Xy;

/// The plane is triangulated as far as this from the origin, metres.
pub(super) const FAR_M: f64 = 1e9;

/// Half-edges in flat arrays: four numbers a triangle, of which the first three are its half-edges, counter-clockwise.
///
/// Triangle `t` has the half-edges `4 t`, `4 t + 1`, `4 t + 2`; a half-edge has its triangle at the left.
#[derive(Debug, Clone, Default)]
pub(super) struct Mesh {
    /// The vertices; the first four are the far corners of the plane.
    pub(super) points: Vec<Xy>,
    /// The vertex at which a half-edge begins; in the fourth place of a triangle its [`Kind`].
    origins: Vec<u32>,
    /// The half-edge on the other side and flags.
    twins: Vec<u32>,
    /// A half-edge that leaves each vertex.
    leaving: Vec<u32>,
    spare_vertices: Vec<u32>,
    spare_triangles: Vec<u32>,
}

pub(super) const NONE: u32 = u32::MAX;
/// The edge lies between the free and the solid side, or within the solid, or at the end of the plane.
const WALL: u32 = 1 << 31;
/// A ring runs along this half-edge: the solid is at its left.
const RING: u32 = 1 << 30;
const INDEX: u32 = RING - 1;
/// No triangle on the other side.
const OUTSIDE: u32 = WALL | INDEX;

/// What a triangle is: in the fourth place of its origins.
const FREE: u32 = 0;
const SOLID: u32 = 1;

#[inline]
pub(super) fn next(half: u32) -> u32 {
    if half & 3 == 2 { half - 2 } else { half + 1 }
}

#[inline]
pub(super) fn prev(half: u32) -> u32 {
    if half & 3 == 0 { half + 2 } else { half - 1 }
}

impl Mesh {
    /// The vertex at which a half-edge begins.
    #[inline]
    pub(super) fn origin(&self, half: u32) -> u32 {
        self.origins[half as usize]
    }

    #[inline]
    pub(super) fn target(&self, half: u32) -> u32 {
        self.origin(next(half))
    }

    #[inline]
    pub(super) fn point(&self, vertex: u32) -> Xy {
        self.points[vertex as usize]
    }

    /// The half-edge on the other side, unless a wall is between.
    #[inline]
    fn across(&self, half: u32) -> Option<u32> {
        let twin = self.twins[half as usize];
        (twin & WALL == 0).then_some(twin & INDEX)
    }

    /// The half-edge on the other side, wall or not.
    #[inline]
    fn twin(&self, half: u32) -> Option<u32> {
        let twin = self.twins[half as usize] & INDEX;
        (twin != INDEX).then_some(twin)
    }

    /// Is the triangle of a half-edge outside the area?
    #[inline]
    fn is_free(&self, half: u32) -> bool {
        self.origins[(half | 3) as usize] == FREE
    }

    fn is_ring(&self, half: u32) -> bool {
        self.twins[half as usize] & RING != 0
    }

    /// Can a path run along the edge? Not if it lies within the solid.
    fn is_open_along(&self, half: u32) -> bool {
        self.is_free(half)
            || self.is_ring(half)
            || self.twin(half).is_some_and(|twin| self.is_free(twin) || self.is_ring(twin))
    }

    /// Does the edge lie between two solid sides of which each ends there?
    fn is_seam(&self, half: u32) -> bool {
        let Some(twin) = self.twin(half) else { return false };
        !self.is_free(half) && !self.is_free(twin) && (self.is_ring(half) || self.is_ring(twin))
    }

    /// The next half-edge that leaves the same vertex, counter-clockwise.
    #[inline]
    fn around(&self, half: u32) -> Option<u32> {
        self.twin(prev(half))
    }

    /// The half-edges that leave a vertex which is no far corner, counter-clockwise.
    fn leaving(&self, vertex: u32) -> impl Iterator<Item = u32> {
        let first = self.leaving[vertex as usize];
        let after = move |&half: &u32| self.around(half).filter(|&next| next != first);
        std::iter::successors((first != NONE).then_some(first), after)
    }

    /// Calls `seen` with where the seams at a vertex lead to, straight past vertices that are `passed` over.
    pub(super) fn look_along_seams(
        &self,
        vertex: u32,
        is_passed: impl Fn(u32) -> bool,
        seen: &mut impl FnMut(u32),
    ) {
        for half in self.leaving(vertex).filter(|&half| self.is_seam(half)) {
            seen(self.seam_end(half, &is_passed));
        }
    }

    /// Calls `seen` with where an edge leads to on both sides, if it is a seam.
    pub(super) fn look_along_seam(
        &self,
        half: u32,
        is_passed: impl Fn(u32) -> bool,
        seen: &mut impl FnMut(u32),
    ) {
        for half in [Some(half), self.twin(half)].into_iter().flatten().filter(|&half| self.is_seam(half)) {
            seen(self.seam_end(half, &is_passed));
        }
    }

    /// Follows a seam straight on.
    fn seam_end(&self, half: u32, is_passed: &impl Fn(u32) -> bool) -> u32 {
        let (mut at, mut end) = (self.origin(half), self.target(half));
        while is_passed(end) {
            let (from, through) = (self.point(at), self.point(end));
            let onward = self.leaving(end).find(|&half| {
                let to = self.point(self.target(half));
                self.is_seam(half) && turn(from, through, to) == 0.0 && is_ahead(from, through, to)
            });
            let Some(onward) = onward else { break };
            (at, end) = (end, self.target(onward));
        }
        end
    }

    /// The edges along which a path can run.
    pub(super) fn open_edges(&self) -> impl Iterator<Item = (u32, u32)> {
        let halves = (0..self.origins.len() as u32).filter(|half| half & 3 != 3);
        halves.filter(|&half| self.is_open_along(half)).map(|half| (self.origin(half), self.target(half)))
    }
}

/// Of three points on one line: does the way from `a` to `b` go on to `c` in the same direction?
fn is_ahead(a: Xy, b: Xy, c: Xy) -> bool {
    if a.x != b.x {
        (c.x > b.x) == (b.x > a.x) && c.x != b.x
    } else {
        (c.y > b.y) == (b.y > a.y) && c.y != b.y
    }
}

#[cfg(test)]
impl Mesh {
    /// What must hold of every mesh.
    pub(super) fn assert_sound(&self) {
        for half in (0..self.origins.len() as u32)
            .filter(|half| half & 3 != 3 && self.origins[(half | 3) as usize] <= SOLID)
        {
            let [a, b, c] = [half, next(half), prev(half)].map(|h| self.point(self.origin(h)));
            assert!(turn(a, b, c) > 0.0, "a triangle runs clockwise");
            assert_eq!(
                self.leaving(self.origin(half)).next().map(|h| self.origin(h)),
                Some(self.origin(half))
            );
            let Some(twin) = self.twin(half) else { continue };
            assert!(self.origins[(twin | 3) as usize] <= SOLID, "a neighbour is gone");
            assert_eq!(
                (self.twin(twin), self.origin(twin), self.target(twin)),
                (Some(half), self.target(half), self.origin(half))
            );
            assert_eq!(self.across(half).is_some(), self.across(twin).is_some());
            assert!(!self.is_ring(half) || !self.is_free(half), "a ring has its solid at the left");
            let parted = self.is_ring(half) || self.is_ring(twin);
            assert!(
                parted || self.is_free(half) == self.is_free(twin),
                "solid and free with no ring between"
            );
        }
    }
}
