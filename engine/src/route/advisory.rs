//! The zones that a flight enters and whose conditions it must know.

use super::trajectory::Point;
use super::volumes::{Volume, Volumes, box_around};
use crate::airspace::{Entry, HeightBand, Zone};
use crate::flight::{Advisory, Request};
use crate::frame::{Interval, LonLat};
use crate::world::World;

/// The advisories of a trajectory, in the order of the zones. Entering counts anywhere between the zone's limits, at any
/// time of the flight at which the zone is active. Outlines are a few millimetres too large: telling too much does no harm.
pub(super) fn advisories(
    world: &World,
    volumes: &Volumes<'_>,
    request: &Request,
    points: &[Point],
) -> Vec<Advisory> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let at = |time_s: f64| request.departure.start.plus_millis((time_s * 1000.0).round() as i64);
    let during = Interval::new(at(first.time_s), at(last.time_s));
    let top_m = points.iter().map(|p| p.alt_m).fold(0.0, f64::max);
    let heights = HeightBand { low_m: 0.0, high_m: top_m, ground_low_m: 0.0, ground_high_m: 0.0 };
    let (middle, half_m) = circle_around(world, points);
    let mut found: Vec<Advisory> = Vec::new();
    for id in world.airspace.index().in_box(box_around(middle, half_m), heights, during) {
        let number = volumes.number_of(id.zone, id.layer);
        let Volume::Layer(zone, layer) = volumes.get(number) else { continue };
        if zone.entry(&request.rights()) != Entry::Advisory || found.iter().any(|a| a.zone == zone.identifier)
        {
            continue;
        }
        let active = zone.applicability.windows(layer.outline.place(), during);
        let (lower, upper) = layer.limits.amsl_over(0.0);
        let grown = volumes.grown(number, 0.0, 0.01);
        let enters = points.windows(2).any(|pair| {
            let (a, b) = (pair[0], pair[1]);
            let piece = Interval::new(at(a.time_s), at(b.time_s));
            active.iter().any(|window| window.meets(&piece))
                && lower <= a.alt_m.max(b.alt_m)
                && upper >= a.alt_m.min(b.alt_m)
                && (grown.region.contains(a.at)
                    || grown.region.contains(b.at)
                    || grown.region.blocks(a.at, b.at))
        });
        if enters {
            found.push(Advisory {
                zone: zone.identifier.clone(),
                restriction: zone.restriction,
                text: text(zone),
            });
        }
    }
    found
}

fn text(zone: &Zone) -> String {
    let message = zone.message.first().map(|message| message.text.clone());
    zone.restriction_conditions.clone().or(message).unwrap_or_else(|| zone.title().to_owned())
}

fn circle_around(world: &World, points: &[Point]) -> (LonLat, f64) {
    let (first, last) = (points[0].at, points[points.len() - 1].at);
    let middle = crate::frame::Xy { x: (first.x + last.x) / 2.0, y: (first.y + last.y) / 2.0 };
    let reach = points.iter().map(|p| (p.at.x - middle.x).hypot(p.at.y - middle.y)).fold(0.0, f64::max);
    (world.frame.to_place(middle), reach + 10.0)
}
