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
#[derive(Debug, Clone)]
pub(in crate::plane) struct Windows {
    open: Vec<Window>,
    /// A box that holds all walls in sight, since it was last emptied.
    pub(in crate::plane) reach: Reach,
    /// Vertices outside need not be told.
    pub(in crate::plane) lens: Lens,
}

impl Default for Windows {
    fn default() -> Self {
        Self { open: Vec::new(), reach: Reach::default(), lens: Lens::WIDE }
    }
}

/// A box.
#[derive(Debug, Clone, Copy)]
pub(in crate::plane) struct Reach {
    pub(in crate::plane) low: Xy,
    pub(in crate::plane) high: Xy,
}

impl Default for Reach {
    fn default() -> Self {
        let (low, high) = (f64::INFINITY, f64::NEG_INFINITY);
        Self { low: Xy { x: low, y: low }, high: Xy { x: high, y: high } }
    }
}

impl Reach {
    /// Widens the box as far as a point.
    #[inline]
    pub(in crate::plane) fn add(&mut self, p: Xy) {
        self.low = Xy { x: self.low.x.min(p.x), y: self.low.y.min(p.y) };
        self.high = Xy { x: self.high.x.max(p.x), y: self.high.y.max(p.y) };
    }

    /// Do two boxes have a point in common?
    pub(in crate::plane) fn meets(&self, other: &Self) -> bool {
        self.low.x <= other.high.x
            && other.low.x <= self.high.x
            && self.low.y <= other.high.y
            && other.low.y <= self.high.y
    }
}

/// What lies beyond a half-edge between two limits of sight, or a vertex whose turn it is to be told.
#[derive(Debug, Clone, Copy)]
struct Window {
    half: u32,
    /// On which sides of the lens the right and the left end of the edge lie.
    beside: [u8; 2],
    right: Xy,
    left: Xy,
}

/// A box along the straight line between two points. Told from one of them, what lies behind the border of the box is
/// outside it too.
#[derive(Debug, Clone, Copy)]
pub(in crate::plane) struct Lens {
    from: Xy,
    along: Xy,
    low: f64,
    high: f64,
    half: f64,
}

impl Lens {
    /// Nothing is outside.
    pub(in crate::plane) const WIDE: Self = Self {
        from: Xy { x: 0.0, y: 0.0 },
        along: Xy { x: 1.0, y: 0.0 },
        low: f64::NEG_INFINITY,
        high: f64::INFINITY,
        half: f64::INFINITY,
    };

    /// Holds every point over which the way from `a` to `b` is no longer than `most`, and a hair more.
    pub(in crate::plane) fn new(a: Xy, b: Xy, most: f64) -> Self {
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let length = dx.hypot(dy);
        let over = (most - length) / 2.0 + 1e-6 * most;
        let half = (most * most - length * length).max(0.0).sqrt() / 2.0 + 1e-6 * most;
        if !(length > 0.0 && half < f64::INFINITY) {
            return Self::WIDE;
        }
        Self { from: a, along: Xy { x: dx / length, y: dy / length }, low: -over, high: length + over, half }
    }

    /// The sides on which a point is outside; two points with a side in common have all between them outside.
    #[inline]
    fn beside(&self, p: Xy) -> u8 {
        let (dx, dy) = (p.x - self.from.x, p.y - self.from.y);
        let (along, across) = (dx * self.along.x + dy * self.along.y, dy * self.along.x - dx * self.along.y);
        u8::from(along < self.low)
            | u8::from(along > self.high) << 1
            | u8::from(across < -self.half) << 2
            | u8::from(across > self.half) << 3
    }
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
        let Some(half) = self.beyond(side, windows) else { return };
        let lens = windows.lens;
        let ends = [self.origin(side), self.target(side)].map(|end| lens.beside(self.point(end)));
        if ends[0] & ends[1] != 0 {
            return;
        }
        windows.open.push(Window { half, beside: ends, right, left });
        while let Some(Window {
            mut half,
            beside: [mut beside_right, mut beside_left],
            mut right,
            mut left,
        }) = windows.open.pop()
        {
            if half & SEEN != 0 {
                seen(half & !SEEN);
                continue;
            }
            loop {
                let apex = self.origin(prev(half));
                let at = self.point(apex);
                let beside = lens.beside(at);
                let (past_right, past_left) = (turn(eye, right, at), turn(eye, left, at));
                let goes_left = beside & beside_left == 0;
                let goes_right = beside & beside_right == 0;
                let onward = if past_right <= 0.0 {
                    if past_right == 0.0 {
                        seen(apex);
                        right = at;
                    }
                    beside_right = beside;
                    if goes_left { self.beyond(prev(half), windows) } else { None }
                } else {
                    let goes_left = past_left < 0.0 && goes_left;
                    if let Some(beyond) = goes_left.then(|| self.beyond(prev(half), windows)).flatten() {
                        let beside = [beside, beside_left];
                        windows.open.push(Window { half: beyond, beside, right: at, left });
                    }
                    if past_left <= 0.0 {
                        windows.open.push(Window { half: SEEN | apex, beside: [0; 2], right, left });
                        left = at;
                    }
                    beside_left = beside;
                    if goes_right { self.beyond(next(half), windows) } else { None }
                };
                match onward {
                    Some(onward) => half = onward,
                    None => break,
                }
            }
        }
    }

    /// The half-edge on the other side; a wall is added to what is in reach.
    #[inline]
    fn beyond(&self, half: u32, windows: &mut Windows) -> Option<u32> {
        let beyond = self.across(half);
        if beyond.is_none() {
            windows.reach.add(self.point(self.origin(half)));
            windows.reach.add(self.point(self.target(half)));
        }
        beyond
    }
}
