//! Promise 6, the energy used.

use super::motion::{heights, wind_shares};
use super::track::Flight;
use super::{Breach, DISTANCE_M, ROUNDING_M, SPEED_M_S, TIME_S};
use crate::aircraft::STILL_M_S;

/// Used energy is judged within this fraction.
pub(super) const FRACTION: f64 = 1e-4;

pub(super) fn check(flight: &Flight<'_>) -> Option<Breach> {
    let (used, usable) = (used_wh(flight).0, flight.craft.energy.usable_wh());
    let text = || format!("uses {used:.1} Wh of {usable:.1}");
    (used > usable * (1.0 + FRACTION)).then(|| flight.breach(6, text(), &flight.fixes[flight.last]))
}

/// The least and the most energy that the flight may be said to use, watt-hours: a speed within tolerance of
/// [`STILL_M_S`] may count for either phase, a height within tolerance of a layer's edge for either wind.
pub(super) fn used_wh(flight: &Flight<'_>) -> (f64, f64) {
    pieces_wh(flight).fold((0.0, 0.0), |(a, b), (least, most)| (a + least, b + most))
}

/// The same for each of the flight's pieces.
pub(super) fn pieces_wh(flight: &Flight<'_>) -> impl Iterator<Item = (f64, f64)> {
    flight.pieces().map(|(number, from, to)| {
        let (low, high) = cruise_w(flight, number, heights(from, to));
        let powers = [STILL_M_S - SPEED_M_S, STILL_M_S, STILL_M_S + SPEED_M_S];
        let all = powers
            .into_iter()
            .flat_map(|still| [low, high].map(|cruise| phase_w(flight, number, cruise, still)));
        let (a, b) =
            all.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), power| (a.min(power), b.max(power)));
        let hours = (to.t - from.t) / 3600.0;
        (a * hours, b * hours)
    })
}

/// The power of the phase of flight that a segment is in.
fn phase_w(flight: &Flight<'_>, number: usize, cruise_w: f64, still_m_s: f64) -> f64 {
    let energy = &flight.craft.energy;
    let velocity = flight.segments[number].velocity();
    if velocity.z > still_m_s {
        energy.climb_w
    } else if velocity.z < -still_m_s {
        energy.descent_w
    } else if velocity.xy().norm() < still_m_s {
        energy.hover_w
    } else {
        cruise_w
    }
}

/// Least and most power in cruise, each layer of wind passed through counting by its share.
fn cruise_w(flight: &Flight<'_>, number: usize, (low, high): (f64, f64)) -> (f64, f64) {
    let wind = &flight.surroundings.world.wind;
    let (segment, craft) = (&flight.segments[number], flight.craft);
    let velocity = segment.velocity();
    let mut bounds = (f64::INFINITY, f64::NEG_INFINITY);
    for off in [-DISTANCE_M, 0.0, DISTANCE_M] {
        for sign in [-1.0, 0.0, 1.0] {
            let power = |air: nalgebra::Vector3<f64>| {
                let airspeed = (velocity - air).norm();
                let unsure = SPEED_M_S + (ROUNDING_M + airspeed * TIME_S) / segment.duration_s.max(TIME_S);
                craft.energy.cruise_w * ((airspeed + sign * unsure) / craft.cruise_m_s).max(1.0).powi(3)
            };
            let watts: f64 =
                wind_shares(wind, low + off, high + off).map(|(air, share)| share * power(air)).sum();
            bounds = (bounds.0.min(watts), bounds.1.max(watts));
        }
    }
    bounds
}
