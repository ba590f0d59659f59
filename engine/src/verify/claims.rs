//! Promise 0, the figures that a plan claims.

use super::energy::used_wh;
use super::surroundings::Surroundings;
use super::track::Flight;
use super::{Breach, END_M, SPEED_M_S};
use crate::aircraft::Aircraft;
use crate::flight::Request;

/// Claimed figures hold within this fraction,
const FRACTION: f64 = 0.01;
/// and within this much in their unit.
const FLOOR: f64 = 0.1;

pub(super) fn check(flight: &Flight<'_>) -> Vec<Breach> {
    let plan = flight.plan;
    let length: f64 = flight.segments.iter().map(|segment| segment.length_m()).sum();
    let (lift_off, touch_down) = (&flight.fixes[flight.first], &flight.fixes[flight.last]);
    let duration = touch_down.t - lift_off.t;
    let mut breaches = Vec::new();
    let figures = [
        ("length_m", plan.length_m, (length, length)),
        ("duration_s", plan.duration_s, (duration, duration)),
        ("energy_wh", plan.energy_wh, used_wh(flight)),
    ];
    for (name, claimed, (low, high)) in figures {
        let off = (low - claimed).max(claimed - high);
        // A claim that is no number is never near enough.
        if off.is_nan() || claimed.is_nan() || off > (FRACTION * low).max(FLOOR) {
            breaches.push(Breach::of_form(&flight.request.id, format!("{name} {claimed:.1}, is {low:.1}")));
        }
    }
    let arrival = plan.trajectory[flight.last].time;
    let least = least_duration_s(flight.surroundings, flight.request, flight.craft);
    let most = (arrival.seconds_since(flight.request.departure.start) - least).max(0.0);
    if !(-FLOOR..=most + FLOOR).contains(&plan.delay_s) {
        let text = format!("delay_s {:.3}, can only lie within 0 and {most:.3}", plan.delay_s);
        breaches.push(Breach::of_form(&flight.request.id, text));
    }
    breaches
}

/// No flight takes less: the straight line at the speed limit with the strongest wind behind. What can hover climbs to
/// its band and comes down from it over one place besides.
pub(super) fn least_duration_s(surroundings: &Surroundings<'_>, request: &Request, craft: &Aircraft) -> f64 {
    let world = surroundings.world;
    let (origin, destination) =
        (world.frame.to_plane(request.origin), world.frame.to_plane(request.destination));
    let straight = (world.frame.length(origin, destination) - 2.0 * END_M).max(0.0);
    let mut duration =
        straight / (craft.speed_limit_m_s(request.mission) + world.wind.greatest_m_s() + SPEED_M_S);
    if craft.can_hover {
        let height = (request.cruise.min.metres() - 2.0 * END_M).max(0.0);
        duration += height / (craft.climb_m_s + SPEED_M_S) + height / (craft.descent_m_s + SPEED_M_S);
    }
    duration
}
