//! Runs of corners that lie close together, to leave many out of a search at once.

use super::Corner;
use crate::frame::Xy;

/// A run bends by no more than this, but for one of sharp corners; radians.
const MOST_BEND: f64 = 1.0;
const MOST_CORNERS: u32 = 16;
const MOST_SHARP_CORNERS: u32 = 8;

/// What rounding can do to a distance, as a share of the coordinates.
const SLACK: f64 = 1e-12;

/// Neighbouring corners.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// Where its corners stand among those of the region.
    pub(super) first: u32,
    pub(super) count: u32,
    middle: Xy,
    radius: f64,
    /// The directions of all edges at its corners, unless some corner is sharp.
    headings: Option<Headings>,
}

/// The directions between two that are less than half a turn apart, and how far along their normals the corners lie.
#[derive(Debug, Clone)]
struct Headings {
    low: Xy,
    high: Xy,
    past_low: (f64, f64),
    past_high: (f64, f64),
}

impl Run {
    /// The runs of some corners that follow each other on rings; `first`: where they stand. Cost: O(n).
    pub(super) fn split(corners: &[Corner], first: usize) -> Vec<Self> {
        let mut runs = Vec::new();
        let (mut begin, mut span) = (0, None);
        for (i, corner) in corners.iter().enumerate() {
            let own = bend_of(corner);
            let joined = match (span, own) {
                _ if i == begin => Some(own),
                (None, None) => ((i - begin) < MOST_SHARP_CORNERS as usize).then_some(None),
                (Some(a), Some(b)) if (i - begin) < MOST_CORNERS as usize => join(a, b).map(Some),
                _ => None,
            };
            span = joined.unwrap_or_else(|| {
                runs.push(Self::new(&corners[begin..i], first + begin, span));
                begin = i;
                own
            });
        }
        if begin < corners.len() {
            runs.push(Self::new(&corners[begin..], first + begin, span));
        }
        runs
    }

    fn new(corners: &[Corner], first: usize, span: Option<(f64, f64)>) -> Self {
        let (mut low, mut high) = (corners[0].at, corners[0].at);
        for corner in corners {
            low = Xy { x: low.x.min(corner.at.x), y: low.y.min(corner.at.y) };
            high = Xy { x: high.x.max(corner.at.x), y: high.y.max(corner.at.y) };
        }
        let middle = Xy { x: (low.x + high.x) / 2.0, y: (low.y + high.y) / 2.0 };
        let radius = (high.x - low.x).hypot(high.y - low.y) / 2.0;
        let headings = span.map(|(low, high)| {
            let (low, high) = (Xy { x: low.cos(), y: low.sin() }, Xy { x: high.cos(), y: high.sin() });
            let past = |heading: Xy| {
                let off = corners.iter().map(|corner| cross(heading, corner.at));
                off.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), off| (a.min(off), b.max(off)))
            };
            Headings { low, high, past_low: past(low), past_high: past(high) }
        });
        Self { first: first as u32, count: corners.len() as u32, middle, radius, headings }
    }

    /// Might one of its corners be grazed by a string from `other`? True if in doubt.
    pub(super) fn may_be_grazed_from(&self, other: Xy) -> bool {
        let Some(headings) = &self.headings else { return true };
        let slack = SLACK * (size(self.middle) + self.radius + size(other));
        let (low, high) = (cross(headings.low, other), cross(headings.high, other));
        // Every corner lies left of both extreme headings as seen from there, or right of both: none heads its way.
        let left = |past: (f64, f64), own: f64| past.0 - own > slack;
        let right = |past: (f64, f64), own: f64| past.1 - own < -slack;
        !((left(headings.past_low, low) && left(headings.past_high, high))
            || (right(headings.past_low, low) && right(headings.past_high, high)))
    }
}

/// The two wedges into which a taut string can go on from a corner.
pub(super) struct Wedge {
    at: Xy,
    low: Xy,
    high: Xy,
}

impl Wedge {
    pub(super) fn new(corner: &Corner) -> Self {
        let unit = |from: Xy, to: Xy| {
            let (x, y) = (to.x - from.x, to.y - from.y);
            let length = x.hypot(y);
            Xy { x: x / length, y: y / length }
        };
        Self { at: corner.at, low: unit(corner.before, corner.at), high: unit(corner.at, corner.after) }
    }

    /// Might it hold one of the corners of a run? True if in doubt.
    pub(super) fn may_hold(&self, run: &Run) -> bool {
        let to = Xy { x: run.middle.x - self.at.x, y: run.middle.y - self.at.y };
        let reach = run.radius + SLACK * (size(run.middle) + run.radius + size(self.at));
        let (low, high) = (cross(self.low, to), cross(self.high, to));
        !((low > reach && high > reach) || (low < -reach && high < -reach))
    }
}

/// The headings of the edges at a corner, unless it is sharp.
fn bend_of(corner: &Corner) -> Option<(f64, f64)> {
    let way = |from: Xy, to: Xy| Xy { x: to.x - from.x, y: to.y - from.y };
    let (coming, leaving) = (way(corner.before, corner.at), way(corner.at, corner.after));
    // The tangent of the bend is 2 or more, the bend 1.1 or more: told without arc tangents, which are slow.
    if coming.x * leaving.x + coming.y * leaving.y <= 0.5 * cross(coming, leaving) {
        return None;
    }
    let low = coming.y.atan2(coming.x);
    let high = low + wrapped(leaving.y.atan2(leaving.x) - low);
    (low <= high && high - low <= MOST_BEND).then_some((low, high))
}

/// The least span of headings that holds two, unless it is too wide.
fn join(a: (f64, f64), b: (f64, f64)) -> Option<(f64, f64)> {
    let low = a.0 + wrapped(b.0 - a.0);
    let joined = (a.0.min(low), a.1.max(low + (b.1 - b.0)));
    (joined.1 - joined.0 <= MOST_BEND).then_some(joined)
}

/// An angle between minus and plus half a turn.
fn wrapped(angle: f64) -> f64 {
    use std::f64::consts::TAU;
    angle - TAU * (angle / TAU).round()
}

fn cross(a: Xy, b: Xy) -> f64 {
    a.x * b.y - a.y * b.x
}

fn size(at: Xy) -> f64 {
    at.x.abs() + at.y.abs()
}
