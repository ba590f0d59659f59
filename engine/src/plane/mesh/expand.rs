//! The vertices that a point sees: triangular expansion.
//!
//! The eye looks through a window, an edge between two vertices that it sees, into the next triangle: the third vertex
//! is in sight or not, and each of the two other sides is a window of what is left of the view, or a wall. Nothing is
//! computed but on which side of a line a vertex lies.
//!
//! Reference: Bungiu, Hemmer, Hershberger, Huang and Kröller 2014, "Efficient computation of visibility polygons".

use super::{Mesh, Place, next, prev};
use crate::frame::Xy;
use crate::plane::predicate::turn;

/// The windows that are yet to be looked through: scratch.
#[derive(Debug, Clone, Default)]
pub(in crate::plane) struct Windows {
    open: Vec<Window>,
}

/// What lies beyond a half-edge between two limits of sight, or a vertex whose turn it is to be told.
#[derive(Debug, Clone, Copy)]
struct Window {
    half: u32,
    right: Xy,
    left: Xy,
}

/// In place of a half-edge: the vertex is seen.
const SEEN: u32 = 1 << 31;

/// What an eye at a corner looks at: the directions from one to another, counter-clockwise, less than half a turn.
#[derive(Debug, Clone, Copy)]
pub(in crate::plane) struct Cone {
    pub(in crate::plane) right: Xy,
    pub(in crate::plane) left: Xy,
}

impl Mesh {
    /// Calls `seen` with each vertex that is seen from a place in a straight line, once or more, and with the ends of
    /// all walls in sight. Seams are not looked along. Cost: O(triangles in sight).
    pub(in crate::plane) fn look_around(
        &self,
        eye: Xy,
        place: Place,
        windows: &mut Windows,
        seen: &mut impl FnMut(u32),
    ) {
        match place {
            Place::Within(half) => {
                for side in [half, half + 1, half + 2] {
                    self.look_through(eye, side, windows, seen);
                }
            }
            Place::Along(half) => {
                let sides = [Some(half), self.twin(half)];
                for inside in sides.into_iter().flatten().filter(|&half| self.is_free(half)) {
                    seen(self.origin(inside));
                    self.look_through(eye, next(inside), windows, seen);
                    self.look_through(eye, prev(inside), windows, seen);
                }
            }
            Place::At(vertex) => {
                for half in self.leaving(vertex).filter(|&half| self.is_free(half)) {
                    self.look_through(eye, next(half), windows, seen);
                }
            }
        }
    }

    /// Looks out of a free triangle through all of one side, the ends of it included.
    fn look_through(&self, eye: Xy, side: u32, windows: &mut Windows, seen: &mut impl FnMut(u32)) {
        seen(self.origin(side));
        seen(self.target(side));
        self.look(eye, side, self.point(self.origin(side)), self.point(self.target(side)), windows, seen);
    }

    /// Calls `seen` with the vertices that are seen from a vertex within a cone, from right to left.
    pub(in crate::plane) fn look_into(
        &self,
        vertex: u32,
        cone: Cone,
        windows: &mut Windows,
        seen: &mut impl FnMut(u32),
    ) {
        let eye = self.point(vertex);
        let holds_right = |&half: &u32| {
            let (a, b) = (self.point(self.target(half)), self.point(self.origin(prev(half))));
            turn(eye, a, cone.right) >= 0.0 && turn(eye, cone.right, b) > 0.0
        };
        let Some(first) = self.leaving(vertex).find(holds_right) else { return };
        let (mut half, mut was_free) = (first, false);
        loop {
            let (a, b) = (self.target(half), self.origin(prev(half)));
            let (right_end, left_end) = (self.point(a), self.point(b));
            let at_first = half == first;
            let past = turn(eye, cone.left, right_end);
            if !at_first && past > 0.0 {
                return;
            }
            let free = self.is_free(half);
            if (free || was_free) && (!at_first || turn(eye, right_end, cone.right) == 0.0) {
                seen(a);
            }
            if !at_first && past == 0.0 {
                return;
            }
            let ends = turn(eye, cone.left, left_end) > 0.0;
            if free {
                let right = if at_first { cone.right } else { right_end };
                let left = if ends { cone.left } else { left_end };
                self.look(eye, next(half), right, left, windows, seen);
            }
            if ends {
                return;
            }
            was_free = free;
            match self.around(half) {
                Some(onward) if onward != first => half = onward,
                _ => return,
            }
        }
    }

    /// Looks through a side of a triangle between two limits, less than half a turn apart.
    fn look(
        &self,
        eye: Xy,
        side: u32,
        right: Xy,
        left: Xy,
        windows: &mut Windows,
        seen: &mut impl FnMut(u32),
    ) {
        let Some(half) = self.across(side) else { return };
        windows.open.push(Window { half, right, left });
        while let Some(Window { mut half, mut right, mut left }) = windows.open.pop() {
            if half & SEEN != 0 {
                seen(half & !SEEN);
                continue;
            }
            loop {
                let apex = self.origin(prev(half));
                let at = self.point(apex);
                let (past_right, past_left) = (turn(eye, right, at), turn(eye, left, at));
                let onward = if past_right <= 0.0 {
                    if past_right == 0.0 {
                        seen(apex);
                        right = at;
                    }
                    self.across(prev(half))
                } else if past_left >= 0.0 {
                    if past_left == 0.0 {
                        windows.open.push(Window { half: SEEN | apex, right, left });
                        left = at;
                    }
                    self.across(next(half))
                } else {
                    if let Some(beyond) = self.across(prev(half)) {
                        windows.open.push(Window { half: beyond, right: at, left });
                    }
                    windows.open.push(Window { half: SEEN | apex, right, left });
                    left = at;
                    self.across(next(half))
                };
                match onward {
                    Some(onward) => half = onward,
                    None => break,
                }
            }
        }
    }
}
