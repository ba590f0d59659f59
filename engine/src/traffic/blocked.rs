//! When two flights meet, in closed form.
//!
//! Let one piece of flight be at `p(u)`, `z(u)` at its own time `u`, another at `q(s)`, `y(s)` at its own time `s`. The
//! pairs `(u, s)` at which they are too close are those of a convex set: a box (the two spans of time), cut by the strip
//! `|z(u) - y(s)| < vertical_m`, cut by the inside of the ellipse `|p(u) - q(s)| < horizontal_m` (a strip if they fly
//! along parallel lines). Flown `s - u` later, the first is at `u` when the second is at `s`. A linear function of a
//! convex set takes the values of an interval, so the shifts in conflict are one interval. It ends where an edge of the
//! box or strip leaves the ellipse, or at an extreme point of the ellipse within them.
//!
//! Nothing is sampled. Rounding is below a millionth of a metre and of a second: ends are widened by [`ROUNDING_S`], and
//! conflicts less deep than 1e-8 m are beneath what [`Apart`] adds for the rounding of plans.

#[cfg(test)]
mod tests;

use super::{Apart, Piece, Track};
use crate::frame::Xy;

/// Blocked shifts are widened by this at each end, seconds; a conflict as they are by half of it, so that flights moved
/// to the end of a blocked interval are clear.
const ROUNDING_S: f64 = 2e-6;

/// Room for rounding when a point of the ellipse is held against box and strip, metres and parts of a piece.
const ROUNDING: f64 = 1e-9;

/// The sine of the angle between two lines that counts as parallel. The ends of so long an ellipse tell less than a
/// rounded place.
const PARALLEL: f64 = 1e-12;

/// A move shorter than this is a point, metres.
const POINT_M: f64 = 1e-9;

/// The open interval of shifts, seconds by which `mine` is flown later, at which it is in conflict with `other`; `None`
/// if there is no such shift. Either may be early or late by `time_s`. About 0.1 us; 10 ns where their boxes are apart.
///
/// ```
/// use tianlu_engine::frame::Xy;
/// use tianlu_engine::traffic::{Apart, Fix, Piece, blocked_shifts};
///
/// let fix = |x, y, time_s| Fix { at: Xy { x, y }, height_m: 80.0, time_s };
/// let east = Piece { from: fix(-1000.0, 0.0, 0.0), to: fix(1000.0, 0.0, 200.0) };
/// let north = Piece { from: fix(0.0, -1000.0, 300.0), to: fix(0.0, 1000.0, 500.0) };
/// let apart = Apart { horizontal_m: 60.0, vertical_m: 20.0, time_s: 2.0 };
///
/// // At 10 m/s each, across each other, they are 60 m apart when one passes 60 * sqrt(2) m after the other.
/// let (from_s, to_s) = blocked_shifts(&east, &north, &apart).unwrap();
/// let half_s = 6.0 * 2.0_f64.sqrt() + 2.0;
/// assert!((from_s - (300.0 - half_s)).abs() < 1e-5 && (to_s - (300.0 + half_s)).abs() < 1e-5);
/// ```
pub fn blocked_shifts(mine: &Piece, other: &Piece, apart: &Apart) -> Option<(f64, f64)> {
    shifts(mine, other, apart).map(|(from_s, to_s)| (from_s - ROUNDING_S, to_s + ROUNDING_S))
}

/// Are two flights in conflict as they are?
pub fn in_conflict(one: &Track, other: &Track, apart: &Apart) -> bool {
    let (start_s, end_s) = other.span_s();
    let near = |piece: &Piece| may_meet(piece, (start_s, end_s), apart.time_s);
    one.pieces().filter(near).any(|mine| other.pieces().any(|its| pieces_in_conflict(&mine, &its, apart)))
}

/// Are two pieces in conflict as they are?
pub(super) fn pieces_in_conflict(one: &Piece, other: &Piece, apart: &Apart) -> bool {
    may_meet(one, (other.from.time_s, other.to.time_s), apart.time_s)
        && shifts(one, other, apart)
            .is_some_and(|(from_s, to_s)| from_s < 0.5 * ROUNDING_S && to_s > -0.5 * ROUNDING_S)
}

/// Is a piece flown in a span of time, early or late by `time_s`? Never denied by rounding.
fn may_meet(piece: &Piece, span_s: (f64, f64), time_s: f64) -> bool {
    let room_s = time_s + ROUNDING_S;
    piece.from.time_s - room_s <= span_s.1 && piece.to.time_s + room_s >= span_s.0
}

/// The shifts in conflict, not yet widened for rounding.
fn shifts(mine: &Piece, other: &Piece, apart: &Apart) -> Option<(f64, f64)> {
    if far_apart(mine, other, apart) {
        return None;
    }
    let mut polygon = Polygon::of(mine, other);
    if polygon.leaves_strip(apart.vertical_m)? {
        polygon.cut(|corner| apart.vertical_m - corner.height_m);
        polygon.cut(|corner| apart.vertical_m + corner.height_m);
    }
    let ellipse = Ellipse::of(mine, other, apart);
    let mut reach = Reach::default();
    for (from, to) in polygon.edges() {
        reach.along(from, to, apart.horizontal_m);
    }
    // An ellipse that meets no edge lies within the polygon, and then its centre does, or outside.
    if reach.is_empty() && !ellipse.as_ref().is_some_and(Ellipse::has_its_centre_within) {
        return None;
    }
    if let Some(ellipse) = ellipse {
        ellipse.extremes_within().into_iter().flatten().for_each(|shift_s| reach.add(shift_s));
    }
    let later_s = other.from.time_s - mine.from.time_s;
    (!reach.is_empty())
        .then_some((later_s + reach.least_s - apart.time_s, later_s + reach.most_s + apart.time_s))
}

/// Are their boxes so far from each other that they never meet at any shift?
fn far_apart(mine: &Piece, other: &Piece, apart: &Apart) -> bool {
    let gap = |a: f64, b: f64, c: f64, d: f64| (a.min(b) - c.max(d)).max(c.min(d) - a.max(b));
    gap(mine.from.at.x, mine.to.at.x, other.from.at.x, other.to.at.x) >= apart.horizontal_m
        || gap(mine.from.at.y, mine.to.at.y, other.from.at.y, other.to.at.y) >= apart.horizontal_m
        || gap(mine.from.height_m, mine.to.height_m, other.from.height_m, other.to.height_m)
            >= apart.vertical_m
}

/// A pair of own times: what lies between the two then.
#[derive(Debug, Clone, Copy, Default)]
struct Corner {
    /// Mine as seen from the other, metres.
    away: (f64, f64),
    /// Mine above the other, metres.
    height_m: f64,
    /// The other's time after its start, less mine, seconds.
    shift_s: f64,
}

impl Corner {
    fn new(mine: &super::Fix, other: &super::Fix, shift_s: f64) -> Self {
        let away = (mine.at.x - other.at.x, mine.at.y - other.at.y);
        Self { away, height_m: mine.height_m - other.height_m, shift_s }
    }

    /// A part of the way to another.
    fn towards(&self, to: &Self, part: f64) -> Self {
        let between = |a: f64, b: f64| a + part * (b - a);
        Self {
            away: (between(self.away.0, to.away.0), between(self.away.1, to.away.1)),
            height_m: between(self.height_m, to.height_m),
            shift_s: between(self.shift_s, to.shift_s),
        }
    }
}

/// The box of own times, cut by the strip of heights: convex, and flat where a piece takes no time.
struct Polygon {
    corners: [Corner; Self::MOST],
    len: usize,
}

impl Polygon {
    /// Six, and some for signs that rounding turned.
    const MOST: usize = 12;

    fn of(mine: &Piece, other: &Piece) -> Self {
        let mine_s = mine.to.time_s - mine.from.time_s;
        let other_s = other.to.time_s - other.from.time_s;
        let mut corners = [Corner::default(); Self::MOST];
        corners[0] = Corner::new(&mine.from, &other.from, 0.0);
        corners[1] = Corner::new(&mine.to, &other.from, -mine_s);
        corners[2] = Corner::new(&mine.to, &other.to, other_s - mine_s);
        corners[3] = Corner::new(&mine.from, &other.to, other_s);
        Self { corners, len: 4 }
    }

    fn corners(&self) -> &[Corner] {
        &self.corners[..self.len]
    }

    fn edges(&self) -> impl Iterator<Item = (&Corner, &Corner)> {
        let corners = self.corners();
        corners.iter().zip(corners.iter().cycle().skip(1))
    }

    /// Is any of it higher or lower than the open strip of heights? `None` if all of it is.
    fn leaves_strip(&self, half_m: f64) -> Option<bool> {
        let heights = self.corners().iter().map(|corner| corner.height_m);
        let (low, high) =
            heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), h| (low.min(h), high.max(h)));
        (low < half_m && high > -half_m).then_some(low < -half_m || high > half_m)
    }

    /// Keeps the part where `depth`, a linear function, is not negative.
    fn cut(&mut self, depth: impl Fn(&Corner) -> f64) {
        let mut kept = Self { corners: [Corner::default(); Self::MOST], len: 0 };
        for (from, to) in self.edges() {
            let (near, far) = (depth(from), depth(to));
            if near >= 0.0 {
                kept.push(*from);
            }
            if (near < 0.0) != (far < 0.0) {
                kept.push(from.towards(to, near / (near - far)));
            }
        }
        *self = kept;
    }

    fn push(&mut self, corner: Corner) {
        if let Some(place) = self.corners.get_mut(self.len) {
            *place = corner;
            self.len += 1;
        }
    }
}

/// The shifts reached so far.
struct Reach {
    least_s: f64,
    most_s: f64,
}

impl Default for Reach {
    fn default() -> Self {
        Self { least_s: f64::INFINITY, most_s: f64::NEG_INFINITY }
    }
}

impl Reach {
    fn is_empty(&self) -> bool {
        self.least_s > self.most_s
    }

    fn add(&mut self, shift_s: f64) {
        self.least_s = self.least_s.min(shift_s);
        self.most_s = self.most_s.max(shift_s);
    }

    /// Adds the part of an edge on which they are closer than `near_m`.
    fn along(&mut self, from: &Corner, to: &Corner, near_m: f64) {
        let way = (to.away.0 - from.away.0, to.away.1 - from.away.1);
        let squared = way.0 * way.0 + way.1 * way.1;
        let (start, end) = if squared <= POINT_M * POINT_M {
            if length(from.away).min(length(to.away)) >= near_m {
                return;
            }
            (0.0, 1.0)
        } else {
            let aside_m = cross(from.away, way).abs() / squared.sqrt();
            if aside_m >= near_m {
                return;
            }
            let nearest = -(from.away.0 * way.0 + from.away.1 * way.1) / squared;
            let half = ((near_m - aside_m) * (near_m + aside_m) / squared).sqrt();
            (nearest - half, nearest + half)
        };
        if start < 1.0 && end > 0.0 {
            let shift_s = |part: f64| from.shift_s + part * (to.shift_s - from.shift_s);
            self.add(shift_s(start.max(0.0)));
            self.add(shift_s(end.min(1.0)));
        }
    }
}

/// Where two flights that turn from each other are as far apart as they have to be. Own times count in parts of a piece.
struct Ellipse<'a> {
    mine: &'a Piece,
    other: &'a Piece,
    apart: &'a Apart,
    /// From start to end.
    my_way: (f64, f64),
    other_way: (f64, f64),
    /// From the other's start to mine.
    start: (f64, f64),
    cross: f64,
}

impl<'a> Ellipse<'a> {
    /// `None` if they fly along parallel lines, or stand.
    fn of(mine: &'a Piece, other: &'a Piece, apart: &'a Apart) -> Option<Self> {
        let (my_way, other_way) = (way(mine.from.at, mine.to.at), way(other.from.at, other.to.at));
        let cross = cross(my_way, other_way);
        (cross.abs() > PARALLEL * length(my_way) * length(other_way)).then(|| Self {
            mine,
            other,
            apart,
            my_way,
            other_way,
            start: way(other.from.at, mine.from.at),
            cross,
        })
    }

    /// The own times, in parts of the pieces, when mine is `away` as seen from the other.
    fn parts_at(&self, away: (f64, f64)) -> (f64, f64) {
        let from_start = (away.0 - self.start.0, away.1 - self.start.1);
        (cross(from_start, self.other_way) / self.cross, cross(from_start, self.my_way) / self.cross)
    }

    fn height_m(&self, (my_part, other_part): (f64, f64)) -> f64 {
        let climb_m = |piece: &Piece| piece.to.height_m - piece.from.height_m;
        self.mine.from.height_m - self.other.from.height_m + my_part * climb_m(self.mine)
            - other_part * climb_m(self.other)
    }

    fn is_within(&self, parts: (f64, f64)) -> bool {
        let span = -ROUNDING..=1.0 + ROUNDING;
        span.contains(&parts.0)
            && span.contains(&parts.1)
            && self.height_m(parts).abs() <= self.apart.vertical_m + ROUNDING
    }

    fn has_its_centre_within(&self) -> bool {
        self.apart.horizontal_m > 0.0 && self.is_within(self.parts_at((0.0, 0.0)))
    }

    /// The least and the greatest shift on the whole ellipse, each if box and strip hold it.
    fn extremes_within(&self) -> [Option<f64>; 2] {
        let mine_s = self.mine.to.time_s - self.mine.from.time_s;
        let other_s = self.other.to.time_s - self.other.from.time_s;
        // The shift is this vector times what `away` is off `start`.
        let slope = (
            (other_s * self.my_way.1 - mine_s * self.other_way.1) / self.cross,
            (mine_s * self.other_way.0 - other_s * self.my_way.0) / self.cross,
        );
        let steep = length(slope);
        if steep <= 0.0 {
            return [None; 2];
        }
        [-1.0, 1.0].map(|sign| {
            let off = sign * self.apart.horizontal_m / steep;
            let parts = self.parts_at((off * slope.0, off * slope.1));
            let shift_s =
                sign * self.apart.horizontal_m * steep - (slope.0 * self.start.0 + slope.1 * self.start.1);
            self.is_within(parts).then_some(shift_s)
        })
    }
}

fn way(from: Xy, to: Xy) -> (f64, f64) {
    (to.x - from.x, to.y - from.y)
}

fn length(a: (f64, f64)) -> f64 {
    (a.0 * a.0 + a.1 * a.1).sqrt()
}

fn cross(a: (f64, f64), b: (f64, f64)) -> f64 {
    a.0 * b.1 - a.1 * b.0
}
