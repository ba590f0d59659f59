//! The bends of a way, those close together taken as one, and the ways in which each may be flown.

use super::circle::{Circle, turned};
use super::rule::angle;
use crate::frame::Xy;

/// Bends in a row to the same side that leave no room for an arc of the turn radius between them.
#[derive(Debug, Clone, Copy)]
struct Cluster {
    /// Its first and last point of the way.
    first: usize,
    last: usize,
    /// How far it turns to the left; to the right if negative.
    turn: f64,
}

/// A way and its bends.
pub(super) struct Bends<'a> {
    way: &'a [Xy],
    clusters: Vec<Cluster>,
    /// The radius to fly.
    radius_m: f64,
}

/// How some clusters in a row are flown.
pub(super) struct Turn {
    /// The first and the last cluster.
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) shape: Shape,
}

pub(super) enum Shape {
    /// Along the points of the way themselves.
    Through(Vec<Xy>),
    /// Along some points, with a standstill at each.
    Standing(Vec<Xy>),
    /// Around a circle by about this angle.
    Around(Circle, f64),
}

impl<'a> Bends<'a> {
    /// The bends of a way that is to be flown around circles of one radius, no less than the aircraft's least.
    pub(super) fn new(way: &'a [Xy], least_radius_m: f64, radius_m: f64) -> Self {
        let mut clusters: Vec<Cluster> = Vec::new();
        for i in 1..way.len().saturating_sub(1) {
            let bend = Cluster { first: i, last: i, turn: angle(way[i] - way[i - 1], way[i + 1] - way[i]) };
            match clusters.last_mut() {
                Some(last) if last.is_one_with(&bend, way, least_radius_m) => {
                    last.last = i;
                    last.turn += bend.turn;
                }
                _ => clusters.push(bend),
            }
        }
        Self { way, clusters, radius_m }
    }

    pub(super) fn count(&self) -> usize {
        self.clusters.len()
    }

    pub(super) fn ends(&self) -> (Xy, Xy) {
        (self.way[0], self.way[self.way.len() - 1])
    }

    /// The ways to fly each cluster; more of them where `rich`, and clusters that are flown as one.
    pub(super) fn turns(&self, rich: &[bool]) -> Vec<Turn> {
        /// Where the circle touches the corner, as a share of the turn.
        const TOUCHES: [f64; 5] = [0.5, 0.0, 1.0, 0.25, 0.75];
        /// At most so many clusters are flown as one.
        const MOST: usize = 4;
        let mut turns = Vec::new();
        for (first, cluster) in self.clusters.iter().enumerate() {
            let points = self.way[cluster.first..=cluster.last].to_vec();
            turns.push(Turn { first, last: first, shape: Shape::Through(points.clone()) });
            turns.push(Turn { first, last: first, shape: Shape::Standing(points) });
            if let Some(apex) = self.apex(first) {
                turns.push(Turn { first, last: first, shape: Shape::Standing(vec![apex]) });
            }
            let widest = if rich[first] { MOST } else { 1 };
            for last in first..(first + widest).min(self.clusters.len()) {
                if !self.turn_alike(first, last) {
                    break;
                }
                let touches = if rich[first] { &TOUCHES[..] } else { &TOUCHES[..1] };
                let around = |&share| self.circle(first, last, share);
                let shapes = touches.iter().filter_map(around);
                turns.extend(shapes.map(|(circle, about)| Turn {
                    first,
                    last,
                    shape: Shape::Around(circle, about),
                }));
            }
        }
        turns
    }

    fn turn_alike(&self, first: usize, last: usize) -> bool {
        self.clusters[first..=last].iter().all(|c| c.turn * self.clusters[first].turn > 0.0)
    }

    /// The circle around some clusters that touches them where so large a share of the turn is flown.
    fn circle(&self, first: usize, last: usize, share: f64) -> Option<(Circle, f64)> {
        let turn: f64 = self.clusters[first..=last].iter().map(|c| c.turn).sum();
        let (from, to) = (self.clusters[first].first, self.clusters[last].last);
        let heading = unit(self.way[from] - self.way[from - 1])?;
        let touching = turned(heading, share * turn);
        let circle = Circle::around(&self.way[from..=to], touching, turn.signum(), self.radius_m)?;
        Some((circle, turn.abs()))
    }

    /// Where the lines into and out of a cluster of several bends meet beyond them.
    fn apex(&self, number: usize) -> Option<Xy> {
        /// Sharper turns have their apex far out.
        const SHARPEST: f64 = 2.0;
        let Cluster { first, last, turn } = self.clusters[number];
        if first == last || turn.abs() > SHARPEST {
            return None;
        }
        let (inward, outward) =
            (unit(self.way[first] - self.way[first - 1])?, unit(self.way[last + 1] - self.way[last])?);
        let across = inward.x * outward.y - inward.y * outward.x;
        let chord = self.way[last] - self.way[first];
        let beyond = (chord.x * outward.y - chord.y * outward.x) / across;
        (beyond.is_finite() && beyond >= 0.0).then(|| self.way[first] + inward * beyond)
    }
}

impl Cluster {
    /// Would the arcs of this cluster and the next bend overlap if both were flown within their corners?
    fn is_one_with(&self, next: &Self, way: &[Xy], radius_m: f64) -> bool {
        /// Arcs of nearly half a turn are as wide as one of this half angle.
        const WIDEST: f64 = 1.3;
        let bend = way[self.last + 1 - usize::from(self.last == next.first)] - way[self.last];
        let last_turn = angle(way[self.last] - way[self.last - 1], way[self.last + 1] - way[self.last]);
        let tangent = |turn: f64| (turn.abs() / 2.0).min(WIDEST).tan();
        let extent = way[next.last] - way[self.first];
        self.turn * next.turn > 0.0
            && extent.x.hypot(extent.y) < radius_m
            && bend.x.hypot(bend.y) < 0.99 * radius_m * (tangent(last_turn) + tangent(next.turn))
    }
}

fn unit(v: Xy) -> Option<Xy> {
    let length = v.x.hypot(v.y);
    (length > 0.0).then(|| v / length)
}
