//! Circles around which a way turns, the straight lines between them, and arcs as chords.

use std::f64::consts::TAU;

use super::rule::{angle, longest_chord_m};
use crate::frame::Xy;

/// Share of the longest chord that is used.
const CHORD: f64 = 0.8;

/// A circle that a way touches on its outside; a point if the radius is 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circle {
    pub(super) centre: Xy,
    pub(super) radius_m: f64,
    /// 1 for a turn to the left, -1 to the right.
    pub(super) side: f64,
}

/// The straight line from one circle to the next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) from: Xy,
    pub(super) to: Xy,
    pub(super) heading: Xy,
    pub(super) length_m: f64,
}

impl Circle {
    pub(super) fn point(at: Xy) -> Self {
        Self { centre: at, radius_m: 0.0, side: 1.0 }
    }

    /// The circle of a radius that holds all the points and touches the outermost of them, as a way with this heading that
    /// turns to this side sees it. As far inwards as that allows; `None` if the points lie too wide apart.
    pub(super) fn around(points: &[Xy], heading: Xy, side: f64, radius_m: f64) -> Option<Self> {
        /// The points lie this far inside, whatever rounding does.
        const INSIDE_M: f64 = 0.005;
        let inwards = left(heading) * side;
        let depth = |p: &Xy| p.x * inwards.x + p.y * inwards.y;
        let outermost = points.iter().copied().min_by(|a, b| depth(a).total_cmp(&depth(b)))?;
        let reach = radius_m - INSIDE_M.min(radius_m / 2.0);
        let (mut nearest, mut farthest) = (f64::NEG_INFINITY, f64::INFINITY);
        for &p in points {
            let off = p - outermost;
            let along = off.x * inwards.x + off.y * inwards.y;
            let square = reach * reach - off.x * off.x - off.y * off.y + along * along;
            if square < 0.0 {
                return None;
            }
            nearest = nearest.max(along - square.sqrt());
            farthest = farthest.min(along + square.sqrt());
        }
        (nearest <= farthest).then(|| Self { centre: outermost + inwards * farthest, radius_m, side })
    }

    /// The line that leaves this circle and joins the next without a bend; `None` if they lie too close.
    pub(super) fn line_to(&self, next: &Self) -> Option<Line> {
        let between = next.centre - self.centre;
        let square = between.x * between.x + between.y * between.y;
        let shift = next.side * next.radius_m - self.side * self.radius_m;
        let length_m = (square - shift * shift).max(0.0).sqrt();
        if square <= shift * shift || length_m <= 0.0 {
            return None;
        }
        let heading = (between * length_m - left(between) * shift) / square;
        let out = left(heading);
        Some(Line {
            from: self.centre - out * (self.side * self.radius_m),
            to: next.centre - out * (next.side * next.radius_m),
            heading,
            length_m,
        })
    }

    /// How far a way turns around the circle between two headings; near `about`, since it can be more than half a turn.
    pub(super) fn turn(&self, inward: Xy, outward: Xy, about: f64) -> f64 {
        let turn = self.side * angle(inward, outward);
        turn + TAU * ((about - turn) / TAU).round()
    }

    /// The corners of a polyline around the circle, each of which turns as much, and the length of its chords.
    pub(super) fn corners(&self, heading: Xy, turn: f64, least_radius_m: f64) -> (Vec<Xy>, f64) {
        let longest = CHORD * longest_chord_m(least_radius_m);
        let widest = 2.0 * (longest / (2.0 * self.radius_m)).atan();
        let count = (turn / widest).ceil().max(1.0);
        let step = turn / count;
        let reach = self.radius_m / (step / 2.0).cos();
        let corner = |k: usize| {
            let (sin, cos) = (self.side * (k as f64 + 0.5) * step).sin_cos();
            let there = Xy { x: cos * heading.x - sin * heading.y, y: sin * heading.x + cos * heading.y };
            self.centre - left(there) * (self.side * reach)
        };
        ((0..count as usize).map(corner).collect(), 2.0 * self.radius_m * (step / 2.0).tan())
    }
}

/// A quarter turn to the left.
pub(super) fn left(v: Xy) -> Xy {
    Xy { x: -v.y, y: v.x }
}

/// A direction turned to the left by an angle.
pub(super) fn turned(v: Xy, by: f64) -> Xy {
    let (sin, cos) = by.sin_cos();
    Xy { x: cos * v.x - sin * v.y, y: sin * v.x + cos * v.y }
}

/// The radius of circles around whose chords an aircraft can fly: a little wider than it turns, for rounding.
pub(in crate::route) fn wide_enough_m(radius_m: f64) -> f64 {
    const WIDER: f64 = 1.03;
    WIDER * radius_m
}

/// The tolerance with which circles of at least the radius are to be drawn so that a way around their corners turns no
/// tighter: chords of 0.8 of the longest.
pub(in crate::route) fn arc_tolerance_m(radius_m: f64) -> f64 {
    let half = CHORD * longest_chord_m(radius_m) / 2.0;
    radius_m.hypot(half) - radius_m
}
