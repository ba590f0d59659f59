//! Does one point see another? A walk along the straight line between them.

use super::{Mesh, Place, is_ahead, next, prev};
use crate::frame::Xy;
use crate::plane::predicate::turn;

/// Where the walk stands.
enum Step {
    /// At a vertex.
    At(u32),
    /// About to enter the triangle of a half-edge across it: the line passes strictly between its ends.
    Into(u32),
}

impl Mesh {
    /// Can a straight line be drawn between two places without entering the area? Exact.
    ///
    /// Cost: O(triangles on the way).
    pub(in crate::plane) fn sees(&self, p: Xy, place: Place, q: Xy) -> bool {
        if p == q {
            return true;
        }
        let first = match place {
            Place::At(vertex) => Some(Step::At(vertex)),
            Place::Within(half) => match self.leave(p, q, half, [half, half + 1, half + 2]) {
                Ok(step) => step,
                Err(seen) => return seen,
            },
            Place::Along(half) => match self.leave_edge(p, q, half) {
                Ok(step) => step,
                Err(seen) => return seen,
            },
        };
        let Some(mut step) = first else { return false };
        loop {
            let made = match step {
                Step::At(vertex) => self.pass(p, q, vertex),
                // The corner opposite decides.
                Step::Into(half) => {
                    if !self.is_free(half) {
                        return false;
                    }
                    self.leave(p, q, half, [next(half), prev(half), prev(half)])
                }
            };
            match made {
                Ok(Some(onward)) => step = onward,
                Ok(None) => return false,
                Err(seen) => return seen,
            }
        }
    }

    /// Leaves a free triangle by one of some of its sides, unless the line ends in it: then the answer is the error.
    fn leave(&self, p: Xy, q: Xy, inside: u32, sides: [u32; 3]) -> Result<Option<Step>, bool> {
        if !self.is_free(inside) {
            return Err(false);
        }
        let mut out = None;
        for side in sides {
            let (a, b) = (self.point(self.origin(side)), self.point(self.target(side)));
            // The line crosses the line of this side outwards, or ends beyond it.
            if turn(a, b, q) >= 0.0 {
                continue;
            }
            let (from_a, from_b) = (turn(p, q, a), turn(p, q, b));
            if from_a == 0.0 && is_between(p, a, q) {
                return Ok(Some(Step::At(self.origin(side))));
            }
            if from_b == 0.0 && is_between(p, b, q) {
                return Ok(Some(Step::At(self.target(side))));
            }
            if from_a < 0.0 && from_b > 0.0 {
                out = Some(side);
            }
        }
        match out {
            Some(side) => Ok(self.across(side).map(Step::Into)),
            None => Err(true),
        }
    }

    /// Leaves a point between the ends of an edge.
    fn leave_edge(&self, p: Xy, q: Xy, half: u32) -> Result<Option<Step>, bool> {
        let (a, b) = (self.point(self.origin(half)), self.point(self.target(half)));
        let side = turn(a, b, q);
        if side == 0.0 {
            if !self.is_open_along(half) {
                return Err(false);
            }
            let (end, vertex) =
                if is_ahead(a, p, q) { (b, self.target(half)) } else { (a, self.origin(half)) };
            return if is_between(p, end, q) { Ok(Some(Step::At(vertex))) } else { Err(true) };
        }
        let half = if side > 0.0 { Some(half) } else { self.twin(half) };
        let Some(half) = half else { return Err(false) };
        self.leave(p, q, half, [next(half), prev(half), prev(half)])
    }

    /// Goes on from a vertex on the line.
    fn pass(&self, p: Xy, q: Xy, vertex: u32) -> Result<Option<Step>, bool> {
        let at = self.point(vertex);
        if at == q {
            return Err(true);
        }
        for half in self.leaving(vertex) {
            let right = self.point(self.target(half));
            let off_right = turn(p, q, right);
            if off_right == 0.0 && is_ahead_of(p, q, at, right) {
                if !self.is_open_along(half) {
                    return Err(false);
                }
                return if is_between(at, right, q) {
                    Ok(Some(Step::At(self.target(half))))
                } else {
                    Err(true)
                };
            }
            let left = self.point(self.origin(prev(half)));
            if off_right < 0.0 && turn(p, q, left) > 0.0 && turn(at, right, q) > 0.0 {
                if !self.is_free(half) {
                    return Err(false);
                }
                let opposite = next(half);
                let beyond = turn(right, left, q);
                return if beyond >= 0.0 { Err(true) } else { Ok(self.across(opposite).map(Step::Into)) };
            }
        }
        Err(false)
    }
}

/// Of three points on one line: is the second between the others, or at the third?
fn is_between(a: Xy, b: Xy, c: Xy) -> bool {
    let within = |a: f64, b: f64, c: f64| (a <= b && b <= c) || (c <= b && b <= a);
    within(a.x, b.x, c.x) && within(a.y, b.y, c.y)
}

/// Does `to`, on the line from `p` to `q`, lie ahead of `at` on it?
fn is_ahead_of(p: Xy, q: Xy, at: Xy, to: Xy) -> bool {
    if p.x != q.x {
        (to.x > at.x) == (q.x > p.x) && to.x != at.x
    } else {
        (to.y > at.y) == (q.y > p.y) && to.y != at.y
    }
}
