//! How close two straight motions come, in closed form.
//!
//! One at time t, the other at time s: the square of their horizontal distance is a convex quadratic in (t, s), and the
//! moments that count form a convex polygon: both in flight, no more than so many seconds and metres of height apart.
//! The least distance lies where the ways cross, if that is within the polygon, else on one of its edges.

use nalgebra::{Vector2, Vector3};

/// Seconds by which times may differ more than they should: without any a polygon may be a line, and lost to rounding.
const ROUNDING_S: f64 = 1e-7;

/// A rectangle has four corners, and each of four cuts adds at most half as many as there are.
const MOST_CORNERS: usize = 20;

/// Motion at constant velocity, or a stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::verify) struct Motion {
    /// When it begins and ends, seconds; it begins before it ends.
    pub(in crate::verify) from_s: f64,
    pub(in crate::verify) to_s: f64,
    /// East, north and up in metres, where it begins.
    pub(in crate::verify) at: Vector3<f64>,
    /// Metres a second.
    pub(in crate::verify) velocity: Vector3<f64>,
}

impl Motion {
    pub(in crate::verify) fn at(&self, time_s: f64) -> Vector3<f64> {
        self.at + self.velocity * (time_s - self.from_s)
    }

    pub(in crate::verify) fn later(&self, by_s: f64) -> Self {
        Self { from_s: self.from_s + by_s, to_s: self.to_s + by_s, ..*self }
    }
}

/// A moment of two motions: one at time t, the other at time s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moment {
    /// Between them in the plane.
    pub(super) distance_m: f64,
    pub(super) t: f64,
    pub(super) s: f64,
}

/// The moment at which two motions are closest in the plane, among those no more than `time_s` and `vertical_m` apart;
/// none if there are no such.
pub(super) fn least(one: &Motion, other: &Motion, time_s: f64, vertical_m: f64) -> Option<Moment> {
    // Times from the start of the one, so that nothing is lost far from the start of time.
    let zero = one.from_s;
    let (one, other) = (one.later(-zero), other.later(-zero));
    let gap = |t: f64, s: f64| one.at(t) - other.at(s);
    let mut corners = Corners::rectangle([one.from_s, one.to_s], [other.from_s, other.to_s]);
    for side in [1.0, -1.0] {
        corners = corners.cut(|[t, s]| time_s + ROUNDING_S - side * (t - s));
        corners = corners.cut(|[t, s]| vertical_m - side * gap(t, s).z);
    }
    let moment = |[t, s]: [f64; 2]| Moment { distance_m: gap(t, s).xy().norm(), t: t + zero, s: s + zero };
    let crossing = crossing(&one, &other).filter(|&[t, s]| {
        (one.from_s..=one.to_s).contains(&t)
            && (other.from_s..=other.to_s).contains(&s)
            && (t - s).abs() <= time_s + ROUNDING_S
            && gap(t, s).z.abs() <= vertical_m
    });
    let on_edges = corners.edges().map(|(from, to)| closest_on_edge(from, to, |[t, s]| gap(t, s).xy()));
    let nearer = |a: Moment, b: Moment| if b.distance_m < a.distance_m { b } else { a };
    on_edges.chain(crossing).map(moment).reduce(nearer)
}

/// The times at which the two are at the place where their lines cross.
fn crossing(one: &Motion, other: &Motion) -> Option<[f64; 2]> {
    let gap = (one.at(0.0) - other.at(0.0)).xy();
    let (mine, theirs) = (one.velocity.xy(), other.velocity.xy());
    let turn = theirs.perp(&mine);
    (turn != 0.0).then(|| [gap.perp(&theirs) / turn, gap.perp(&mine) / turn])
}

/// Where on an edge a value that is linear there has its least norm.
fn closest_on_edge(from: [f64; 2], to: [f64; 2], value: impl Fn([f64; 2]) -> Vector2<f64>) -> [f64; 2] {
    let start = value(from);
    let step = value(to) - start;
    let square = step.norm_squared();
    let share = if square > 0.0 { (-start.dot(&step) / square).clamp(0.0, 1.0) } else { 0.0 };
    mixed(from, to, share)
}

fn mixed(from: [f64; 2], to: [f64; 2], share: f64) -> [f64; 2] {
    [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]
}

/// A convex polygon in the plane of (t, s); none, one or two corners if nothing else is left of it.
struct Corners {
    places: [[f64; 2]; MOST_CORNERS],
    count: usize,
}

impl Corners {
    const NONE: Self = Self { places: [[0.0; 2]; MOST_CORNERS], count: 0 };

    fn rectangle([t0, t1]: [f64; 2], [s0, s1]: [f64; 2]) -> Self {
        let mut corners = Self::NONE;
        for corner in [[t0, s0], [t1, s0], [t1, s1], [t0, s1]] {
            corners.push(corner);
        }
        corners
    }

    fn push(&mut self, corner: [f64; 2]) {
        self.places[self.count] = corner;
        self.count += 1;
    }

    /// The edges, the last one back to the first corner.
    fn edges(&self) -> impl Iterator<Item = ([f64; 2], [f64; 2])> + '_ {
        (0..self.count).map(|i| (self.places[i], self.places[(i + 1) % self.count]))
    }

    /// What is left where a linear value is not negative.
    fn cut(&self, value: impl Fn([f64; 2]) -> f64) -> Self {
        let mut left = Self::NONE;
        for (from, to) in self.edges() {
            let (first, last) = (value(from), value(to));
            if first >= 0.0 {
                left.push(from);
            }
            if (first >= 0.0) != (last >= 0.0) {
                left.push(mixed(from, to, first / (first - last)));
            }
        }
        left
    }
}
