//! Turns of aircraft that have a turn radius but can hover: a turn too tight for the radius is made standing.

use crate::frame::Xy;

/// After standing this long an aircraft may fly off in any direction.
const STANDSTILL_S: f64 = 3.0;

/// Chords of an arc may stray this much from it.
const ARC_SAG_M: f64 = 0.5;

/// Share of the turn that the radius would allow which is flown without a stop.
const USED: f64 = 0.9;

/// Seconds to stand at `at` before turning from the way that came from `from` to the way that leads to `to`.
///
/// No stop is needed where the two legs can be chords of an arc of the radius.
pub(super) fn pause_s(from: Xy, at: Xy, to: Xy, radius_m: f64) -> f64 {
    if radius_m <= 0.0 {
        return 0.0;
    }
    let (inward, outward) = ((at.x - from.x, at.y - from.y), (to.x - at.x, to.y - at.y));
    let cross = inward.0 * outward.1 - inward.1 * outward.0;
    let dot = inward.0 * outward.0 + inward.1 * outward.1;
    let turn = cross.atan2(dot).abs();
    let sag = ARC_SAG_M.min(radius_m);
    let longest = 2.0 * (2.0 * radius_m * sag - sag * sag).sqrt();
    let half = |leg: (f64, f64)| (leg.0.hypot(leg.1).min(longest) / (2.0 * radius_m)).min(1.0).asin();
    if turn <= USED * (half(inward) + half(outward)) { 0.0 } else { STANDSTILL_S }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_angle_is_turned_standing_and_a_chord_of_an_arc_is_flown() {
        let at = |x, y| Xy { x, y };
        assert_eq!(pause_s(at(-100.0, 0.0), at(0.0, 0.0), at(0.0, 100.0), 60.0), STANDSTILL_S);
        assert_eq!(pause_s(at(-100.0, 0.0), at(0.0, 0.0), at(0.0, 100.0), 0.0), 0.0);
        let (radius, step) = (100.0_f64, 0.1_f64);
        let on_arc = |k: f64| at(radius * (k * step).cos(), radius * (k * step).sin());
        assert_eq!(pause_s(on_arc(0.0), on_arc(1.0), on_arc(2.0), 60.0), 0.0);
        assert_eq!(pause_s(on_arc(0.0), on_arc(1.0), on_arc(2.0), 200.0), STANDSTILL_S);
    }
}
