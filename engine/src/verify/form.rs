//! Promise 0, the form of a trajectory; and promise 1, its departure.

use super::shape::distance;
use super::track::{Fix, Flight};
use super::{Breach, DISTANCE_M, END_M, TIME_S};
use crate::frame::LonLat;

/// Waypoints are at most this far apart.
const MAX_SPACING_M: f64 = 2000.0;

pub(super) fn check(flight: &Flight<'_>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let last = flight.fixes.len() - 1;
    breaches.extend(check_end(flight, "origin", flight.request.origin, &flight.fixes[0]));
    breaches.extend(check_end(flight, "destination", flight.request.destination, &flight.fixes[last]));
    let stuck = flight.segments.iter().position(|segment| {
        segment.duration_s < 0.0 || (segment.duration_s == 0.0 && segment.step.amax() > DISTANCE_M)
    });
    if let Some(i) = stuck {
        breaches.push(flight.breach(0, format!("time does not ascend at point {}", i + 1), &flight.fixes[i]));
    }
    if let Some(i) = flight.segments.iter().position(|segment| segment.length_m() > MAX_SPACING_M + END_M) {
        let apart = flight.segments[i].length_m();
        let text = format!("points {i} and {} are {apart:.1} m apart, at most {MAX_SPACING_M} m", i + 1);
        breaches.push(flight.breach(0, text, &flight.fixes[i]));
    }
    breaches
}

fn check_end(flight: &Flight<'_>, name: &str, place: LonLat, fix: &Fix) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let miss = distance(fix.at, flight.frame().to_plane(place));
    if miss > END_M + DISTANCE_M {
        breaches.push(flight.breach(0, format!("{miss:.2} m from its {name}"), fix));
    }
    let height = fix.agl().abs();
    if height.is_nan() || height > END_M + DISTANCE_M {
        breaches.push(flight.breach(0, format!("{height:.2} m off the ground at its {name}"), fix));
    }
    breaches
}

/// Lift-off, the first motion, lies in the window.
pub(super) fn check_departure(flight: &Flight<'_>) -> Option<Breach> {
    let (window, lift_off) = (&flight.request.departure, flight.plan.trajectory[flight.first].time);
    let (early, late) = (window.start.seconds_since(lift_off), lift_off.seconds_since(window.end));
    let (outside, side) = if early > late { (early, "before") } else { (late, "after") };
    let text = || format!("departs {outside:.3} s {side} its window");
    (outside > TIME_S).then(|| flight.breach(1, text(), &flight.fixes[flight.first]))
}
