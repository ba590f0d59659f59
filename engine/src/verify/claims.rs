//! Promise 0, the figures that a plan claims.

use super::energy::used_wh;
use super::surroundings::Surroundings;
use super::track::Flight;
use super::{Breach, END_M, SPEED_M_S, TIME_S};
use crate::aircraft::Aircraft;
use crate::flight::{Plan, Request};

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
    breaches.extend(check_certificate(flight, arrival.seconds_since(flight.request.departure.start)));
    breaches
}

/// The bound on the arrival lies below it, and the gap is the one between them. A plan without both is left alone.
fn check_certificate(flight: &Flight<'_>, arrival_s: f64) -> Option<Breach> {
    let Plan { lower_bound_s, gap, .. } = *flight.plan;
    if lower_bound_s == 0.0 && gap == 0.0 {
        return None;
    }
    let text = if !(0.0..=arrival_s + TIME_S).contains(&lower_bound_s) {
        format!("lower_bound_s {lower_bound_s:.3}, arrives {arrival_s:.3} s after its earliest departure")
    } else {
        let is = Plan::gap_of(arrival_s, lower_bound_s);
        // Arrival and bound are written to a millisecond, the gap to a millionth.
        let unsure = 1e-6 + (2.0 + is) * TIME_S / (lower_bound_s - TIME_S).max(TIME_S);
        if (gap - is).abs() <= unsure {
            return None;
        }
        format!("gap {gap:.6}, is {is:.6}")
    };
    Some(Breach::of_form(&flight.request.id, text))
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
