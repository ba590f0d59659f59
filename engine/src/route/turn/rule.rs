//! The rule of turns: an arc is given by chords that stay near it, and no point turns more than the chords around it do.

use crate::frame::Xy;

/// Chords of an arc may stray this much from it.
const ARC_SAG_M: f64 = 0.5;

/// Nearer points are passed over: rounded coordinates are no turn.
const TURN_CHORD_M: f64 = 4.0;

/// Share of the turn allowed that is used: coordinates are rounded to a centimetre, which turns a chord of ten metres by
/// less than 2 mrad.
const USED: f64 = 0.98;

/// Rounding may carry a chord over the least length that counts, by this much.
const ROUNDING_M: f64 = 0.02;

/// The longest chord of an arc of the radius.
pub(in crate::route) fn longest_chord_m(radius_m: f64) -> f64 {
    let sag = ARC_SAG_M.min(radius_m);
    2.0 * (2.0 * radius_m * sag - sag * sag).sqrt()
}

/// Half of what an arc of the radius turns along a chord.
pub(super) fn half_turn(chord_m: f64, radius_m: f64) -> f64 {
    (chord_m.min(longest_chord_m(radius_m)) / (2.0 * radius_m)).min(1.0).asin()
}

/// May a way turn by an angle between two legs? With a margin for rounding.
pub(super) fn allows(turn: f64, before_m: f64, after_m: f64, radius_m: f64) -> bool {
    turn <= USED * (half_turn(before_m, radius_m) + half_turn(after_m, radius_m))
}

/// The angle by which a way turns from one direction to another, to the left; in (-pi, pi].
pub(super) fn angle(inward: Xy, outward: Xy) -> f64 {
    let cross = inward.x * outward.y - inward.y * outward.x;
    cross.atan2(inward.x * outward.x + inward.y * outward.y)
}

/// A point at which a way without a stop turns too much, if there is one.
pub(super) fn too_tight(points: &[Xy], radius_m: f64) -> Option<usize> {
    if radius_m <= 0.0 {
        return None;
    }
    let spacing_m = TURN_CHORD_M.min(longest_chord_m(radius_m) / 2.0);
    let spacings = [spacing_m, spacing_m - ROUNDING_M.min(spacing_m / 4.0), spacing_m + ROUNDING_M];
    spacings.iter().find_map(|&spacing_m| too_tight_among(points, &spaced(points, spacing_m), radius_m))
}

fn too_tight_among(points: &[Xy], kept: &[usize], radius_m: f64) -> Option<usize> {
    let tight = |three: &&[usize]| {
        let (inward, outward) = (points[three[1]] - points[three[0]], points[three[2]] - points[three[1]]);
        let (before_m, after_m) = (inward.x.hypot(inward.y), outward.x.hypot(outward.y));
        !allows(angle(inward, outward).abs(), before_m, after_m, radius_m)
    };
    kept.windows(3).find(tight).map(|three| three[1])
}

/// The points that are at least so far from the one kept before.
fn spaced(points: &[Xy], spacing_m: f64) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::with_capacity(points.len());
    for (i, &at) in points.iter().enumerate() {
        let far = |&last: &usize| {
            let step = at - points[last];
            step.x.hypot(step.y) >= spacing_m
        };
        if kept.last().is_none_or(far) {
            kept.push(i);
        }
    }
    kept
}
