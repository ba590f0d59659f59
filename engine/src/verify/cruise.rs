//! Promise 4, the cruise band, climb-out and descent; and of promise 3 the clearance from the ground.

use super::shape::distance;
use super::track::{Fix, Flight};
use super::{Breach, DISTANCE_M, END_M, ROUNDING_M, TIME_S};
use crate::frame::LonLat;

/// Tolerance of the least climb and descent.
const SLOPE_M_S: f64 = 0.02;

/// Climb-out lasts until the band's lower edge is first reached, descent begins when it is last left; in between the
/// height above ground stays in the band.
pub(super) fn check(flight: &Flight<'_>) -> Vec<Breach> {
    let fine = &flight.fine;
    if let Some(off) = fine.iter().find(|fix| fix.agl().is_nan()) {
        return vec![flight.breach(3, "leaves the terrain model".into(), off)];
    }
    let (min, max) = (flight.request.cruise.min.metres(), flight.request.cruise.max.metres());
    let clearance = flight.craft.vertical_clearance_m;
    let mut breaches = Vec::new();

    let en_route = above(fine, min.max(clearance));
    let floor = |i: usize| {
        if en_route.is_some_and(|(first, last)| (first..=last).contains(&i)) { clearance } else { 0.0 }
    };
    breaches.extend(worst(
        flight,
        3,
        0..fine.len(),
        "above ground, needs at least",
        |i| floor(i) - fine[i].agl(),
        floor,
    ));
    if en_route.is_none() {
        let highest = fine.iter().max_by(|a, b| a.agl().total_cmp(&b.agl())).unwrap_or(&fine[0]);
        breaches.push(flight.breach(
            4,
            format!("never reaches {} m above ground", min.max(clearance)),
            highest,
        ));
        return breaches;
    }
    let Some((first, last)) = above(fine, min) else { return breaches };
    breaches.extend(worst(
        flight,
        4,
        first..last + 1,
        "above ground in cruise, at least",
        |i| min - fine[i].agl(),
        |_| min,
    ));
    breaches.extend(worst(
        flight,
        4,
        0..fine.len(),
        "above ground, at most",
        |i| fine[i].agl() - max,
        |_| max,
    ));
    if flight.craft.can_hover {
        let climb: Vec<Fix> = fine[..=first].to_vec();
        let descent: Vec<Fix> = fine[last..].iter().rev().copied().collect();
        breaches.extend(check_column(flight, "origin", flight.request.origin, climb));
        breaches.extend(check_column(flight, "destination", flight.request.destination, descent));
    } else {
        breaches.extend(check_slope(flight, "climbs", 0..first, flight.craft.climb_m_s, 1.0));
        breaches.extend(check_slope(
            flight,
            "descends",
            last..fine.len() - 1,
            flight.craft.descent_m_s,
            -1.0,
        ));
    }
    breaches
}

/// The first and the last point at or above a height.
fn above(fine: &[Fix], height_m: f64) -> Option<(usize, usize)> {
    let reached = |fix: &Fix| fix.agl() >= height_m - DISTANCE_M;
    Some((fine.iter().position(reached)?, fine.iter().rposition(reached)?))
}

/// The point that is farthest over what is allowed, if any is.
fn worst(
    flight: &Flight<'_>,
    promise: u8,
    points: std::ops::Range<usize>,
    text: &str,
    over: impl Fn(usize) -> f64,
    limit: impl Fn(usize) -> f64,
) -> Option<Breach> {
    let i = points.max_by(|a, b| over(*a).total_cmp(&over(*b)))?;
    let text = || format!("{:.2} m {text} {} m", flight.fine[i].agl(), limit(i));
    (over(i) > DISTANCE_M).then(|| flight.breach(promise, text(), &flight.fine[i]))
}

/// What can hover stays near its place up to the cruise band. The leg begins at that place, on the ground.
fn check_column(flight: &Flight<'_>, name: &str, place: LonLat, mut leg: Vec<Fix>) -> Option<Breach> {
    let [.., below, top] = &leg[..] else { return None };
    let edge = flight.request.cruise.min.metres() - DISTANCE_M;
    let reached = below.mixed(top, (edge - below.agl()) / (top.agl() - below.agl()));
    leg.pop();
    leg.push(reached);
    let centre = flight.frame().to_plane(place);
    let away = |fix: &Fix| distance(fix.at, centre);
    let farthest = leg.iter().max_by(|a, b| away(a).total_cmp(&away(b)))?;
    let text = || {
        let agl = farthest.agl();
        format!("{:.2} m from its {name}, {agl:.2} m above ground, below its cruise band", away(farthest))
    };
    (away(farthest) > END_M + DISTANCE_M).then(|| flight.breach(4, text(), farthest))
}

/// What cannot hover climbs all the while up to the cruise band and descends from it, at half its limit or more.
fn check_slope(
    flight: &Flight<'_>,
    verb: &str,
    pieces: std::ops::Range<usize>,
    limit: f64,
    sign: f64,
) -> Option<Breach> {
    let least = limit / 2.0;
    let short = |i: usize| {
        let segment = &flight.segments[i];
        (least - SLOPE_M_S) * (segment.duration_s - TIME_S) - ROUNDING_M - sign * segment.step.z
    };
    let segments = flight.segment_of[pieces].iter().copied();
    let worst = segments.max_by(|a, b| short(*a).total_cmp(&short(*b)))?;
    let rate = sign * flight.segments[worst].velocity().z;
    let text = || format!("{verb} at {rate:.3} m/s below its cruise band, at least {least}");
    (short(worst) > 0.0).then(|| flight.breach(4, text(), &flight.fixes[worst]))
}
