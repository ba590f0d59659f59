//! Turns: the bends of a way are rounded by arcs of the turn radius, or flown from a standstill.
//!
//! The inside of a bend is where a barrier is, so an arc swings around its outside: the way becomes a string around circles
//! that hold the corners, joined by their common tangents. Which circles, is found by dynamic programming over a few
//! for each bend or cluster of bends.

mod bends;
mod circle;
mod rule;
mod string;

use bends::Bends;
pub(super) use circle::{arc_tolerance_m, wide_enough_m};
pub(super) use rule::longest_chord_m;
use rule::too_tight;
use string::Search;

use crate::frame::Xy;

/// After standing this long an aircraft may fly off in any direction.
pub(super) const STANDSTILL_S: f64 = 3.0;

/// Radii tried, as multiples of the turn radius: the least leaves a margin for rounding.
const WIDER: [f64; 3] = [1.02, 1.15, 1.4];

/// A way whose turns an aircraft can fly.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rounded {
    /// The points of the way.
    pub(super) points: Vec<Xy>,
    /// The points at which it stands for [`STANDSTILL_S`] before it goes on, ascending.
    pub(super) stops: Vec<usize>,
}

/// Rounds the bends of a way by arcs of the turn radius, given as chords that the rule of turns allows.
///
/// Start and goal stay, the rest may move. A bend that has no room is turned standing if `can_hover`, else the answer is
/// `None`. `is_free(a, b)`: may the straight line from a to b be flown? The lines of the way itself are. Each bend adds
/// at most two full circles to the length, usually a fraction of the radius. Points put into the answer's lines later
/// must not lie within the longest chord of a bend: test with [`is_flyable`].
pub(super) fn rounded(
    way: &[Xy],
    radius_m: f64,
    can_hover: bool,
    is_free: &dyn Fn(Xy, Xy) -> bool,
) -> Option<Rounded> {
    let mut way = way.to_vec();
    way.dedup();
    if too_tight(&way, radius_m).is_none() {
        return Some(Rounded { points: way, stops: Vec::new() });
    }
    let tries = if can_hover { &WIDER[..1] } else { &WIDER[..] };
    let in_the_air = tries.iter().find_map(|wider| {
        let bends = Bends::new(&way, radius_m, wider * radius_m);
        let search = |rich: &[bool]| Search::new(&bends, rich, radius_m, is_free).shortest();
        let plain = search(&vec![false; bends.count()])?;
        if plain.stops.is_empty() && too_tight(&plain.points, radius_m).is_none() {
            return Some(Rounded { points: plain.points, stops: Vec::new() });
        }
        let hard = |i: usize| plain.standing.iter().any(|&s| s.abs_diff(i) <= 1);
        let full = search(&(0..bends.count()).map(hard).collect::<Vec<bool>>())?;
        Some(with_stops(full.points, full.stops, radius_m))
            .filter(|found| can_hover || found.stops.is_empty())
    });
    match in_the_air {
        None if can_hover => Some(with_stops(way, Vec::new(), radius_m)),
        found => found,
    }
}

/// A way with as many stops more as its turns need, and without those that they do not need.
fn with_stops(points: Vec<Xy>, mut stops: Vec<usize>, radius_m: f64) -> Rounded {
    let tight = |stops: &[usize]| {
        let mut from = 0;
        for &to in stops.iter().chain([&(points.len() - 1)]) {
            if let Some(at) = too_tight(&points[from..=to], radius_m) {
                return Some(from + at);
            }
            from = to;
        }
        None
    };
    while let Some(at) = tight(&stops) {
        stops.push(at);
        stops.sort_unstable();
    }
    for i in (0..stops.len()).rev() {
        let mut fewer = stops.clone();
        fewer.remove(i);
        if tight(&fewer).is_none() {
            stops = fewer;
        }
    }
    Rounded { points, stops }
}

/// May a way with these stops be flown with a turn radius?
pub(super) fn is_flyable(points: &[Xy], stops: &[usize], radius_m: f64) -> bool {
    let last = points.len().saturating_sub(1);
    let mut from = 0;
    stops.iter().chain([&last]).all(|&to| {
        let run = points.get(from..=to).unwrap_or_default();
        from = to;
        too_tight(run, radius_m).is_none()
    })
}

/// May an aircraft that came straight from `from` fly on to `to` without a stop?
pub(super) fn can_turn(from: Xy, at: Xy, to: Xy, radius_m: f64) -> bool {
    let (inward, outward) = (at - from, to - at);
    radius_m <= 0.0
        || rule::allows(
            rule::angle(inward, outward).abs(),
            inward.x.hypot(inward.y),
            outward.x.hypot(outward.y),
            radius_m,
        )
}

#[cfg(test)]
mod tests;
