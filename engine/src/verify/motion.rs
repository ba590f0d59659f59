//! Promise 2, the speeds: climb, descent, airspeed in every layer of wind, hover.

use nalgebra::Vector3;

use super::track::{Fix, Flight};
use super::{Breach, DISTANCE_M, ROUNDING_M, SPEED_M_S, TIME_S};
use crate::aircraft::STILL_M_S;
use crate::weather::{Wind, WindLayer};

pub(super) fn check(flight: &Flight<'_>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    breaches.extend(check_rate(flight, "climbs", flight.craft.climb_m_s, 1.0));
    breaches.extend(check_rate(flight, "descends", flight.craft.descent_m_s, -1.0));
    breaches.extend(check_airspeed(flight));
    breaches.extend(check_hover(flight));
    breaches
}

/// Metres moved beyond what a limit of speed allows in a time, rounding left out.
fn excess_m(moved_m: f64, duration_s: f64, limit_m_s: f64) -> f64 {
    moved_m - (limit_m_s + SPEED_M_S) * (duration_s + TIME_S) - ROUNDING_M
}

/// Metres that a segment climbs (or sinks, `sign` -1) beyond a limit.
pub(super) fn rate_excess_m(flight: &Flight<'_>, number: usize, limit: f64, sign: f64) -> f64 {
    let segment = &flight.segments[number];
    excess_m(sign * segment.step.z, segment.duration_s, limit)
}

fn check_rate(flight: &Flight<'_>, verb: &str, limit: f64, sign: f64) -> Option<Breach> {
    let over = |i: usize| rate_excess_m(flight, i, limit, sign);
    let worst = flight.airborne().max_by(|a, b| over(*a).total_cmp(&over(*b)))?;
    let text = || format!("{verb} at {:.3} m/s, limit {limit}", sign * flight.segments[worst].velocity().z);
    (over(worst) > 0.0).then(|| flight.breach(2, text(), &flight.fixes[worst]))
}

/// The velocity through the air, vertical part included, in every layer of wind that a piece passes through.
fn check_airspeed(flight: &Flight<'_>) -> Option<Breach> {
    let mut worst: Option<(f64, usize, Fix)> = None;
    for (number, from, to) in flight.pieces() {
        let over = airspeed_excess_m(flight, number, from, to);
        if over > worst.map_or(0.0, |(most, ..)| most) {
            worst = Some((over, number, *from));
        }
    }
    let (over, number, fix) = worst?;
    let speed = airspeed_m_s(flight, number, over);
    Some(flight.breach(2, format!("airspeed {speed:.3} m/s, limit {}", flight.limit_m_s), &fix))
}

/// Metres that a piece flies through the air beyond what the speed limit allows.
pub(super) fn airspeed_excess_m(flight: &Flight<'_>, number: usize, from: &Fix, to: &Fix) -> f64 {
    let segment = &flight.segments[number];
    let excess = |air: Vector3<f64>| {
        let through_air = segment.step - air * segment.duration_s;
        excess_m(through_air.norm(), segment.duration_s, flight.limit_m_s)
    };
    excess_among(&flight.surroundings.world.wind, from, to, excess)
}

/// The airspeed of a segment that flies so much too far.
pub(super) fn airspeed_m_s(flight: &Flight<'_>, number: usize, excess_m: f64) -> f64 {
    let duration_s = flight.segments[number].duration_s.max(TIME_S);
    flight.limit_m_s + SPEED_M_S + (excess_m + ROUNDING_M) / duration_s
}

/// A piece that crosses a layer's edge must bear both winds; one level with it may count as in either.
fn excess_among(wind: &Wind, from: &Fix, to: &Fix, excess: impl Fn(Vector3<f64>) -> f64) -> f64 {
    let (low, high) = heights(from, to);
    let is_tall = high - low > 2.0 * DISTANCE_M;
    let inward = if is_tall { DISTANCE_M } else { -DISTANCE_M };
    let (lowest, highest) = (layer_at(wind, low + inward), layer_at(wind, high - inward));
    let all = (lowest..=highest).map(|layer| excess(velocity_of(wind, layer)));
    if is_tall { all.fold(f64::NEG_INFINITY, f64::max) } else { all.fold(f64::INFINITY, f64::min) }
}

/// Lower and higher end of a piece above the ground; 0 off the terrain.
pub(super) fn heights(from: &Fix, to: &Fix) -> (f64, f64) {
    let known = |agl: f64| if agl.is_nan() { 0.0 } else { agl };
    let (a, b) = (known(from.agl()), known(to.agl()));
    (a.min(b), a.max(b))
}

/// The number of the layer at a height, 0 for the calm below the lowest.
fn layer_at(wind: &Wind, agl_m: f64) -> usize {
    wind.layers().iter().take_while(|layer| layer.above_agl_m <= agl_m).count()
}

fn velocity_of(wind: &Wind, layer: usize) -> Vector3<f64> {
    let (east, north) = layer.checked_sub(1).map_or((0.0, 0.0), |i| WindLayer::velocity(&wind.layers()[i]));
    Vector3::new(east, north, 0.0)
}

/// Each layer of wind with the share of the heights from `low` to `high` that lies in it.
pub(super) fn wind_shares(wind: &Wind, low: f64, high: f64) -> impl Iterator<Item = (Vector3<f64>, f64)> {
    let high = high.max(low + 1e-6);
    (0..=wind.layers().len()).filter_map(move |layer| {
        let floor = layer.checked_sub(1).map_or(f64::NEG_INFINITY, |i| wind.layers()[i].above_agl_m);
        let ceiling = wind.layers().get(layer).map_or(f64::INFINITY, |next| next.above_agl_m);
        let share = (high.min(ceiling) - low.max(floor)) / (high - low);
        (share > 0.0).then(|| (velocity_of(wind, layer), share))
    })
}

/// Does it stand over one place all through a segment?
pub(super) fn stands(flight: &Flight<'_>, number: usize) -> bool {
    let segment = &flight.segments[number];
    segment.length_m() < STILL_M_S * segment.duration_s && segment.duration_s > TIME_S
}

fn check_hover(flight: &Flight<'_>) -> Option<Breach> {
    if flight.craft.can_hover {
        return None;
    }
    let i = flight.airborne().find(|i| stands(flight, *i))?;
    let text =
        format!("stands over one place for {:.1} s in the air, cannot hover", flight.segments[i].duration_s);
    Some(flight.breach(2, text, &flight.fixes[i]))
}
