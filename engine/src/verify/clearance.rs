//! Promise 3, the distance from zones and obstacles; and of promise 0 the advisories.

use std::collections::BTreeMap;

use super::shape::Nearest;
use super::surroundings::{SunWindows, Volume};
use super::track::{Fix, Flight};
use super::{Breach, DISTANCE_M, TIME_S};
use crate::airspace::HeightBand;
use crate::frame::Interval;

/// A zone counts as entered when it is entered by more than this: twice the tolerance.
const ENTERED_M: f64 = 2.0 * DISTANCE_M;

/// The worst encounter with a volume.
pub(super) struct Encounter<'a> {
    pub(super) volume: Volume<'a>,
    pub(super) distance_m: f64,
    pub(super) at: Fix,
}

/// The pieces of each segment from lift-off to touch-down, with the segment's number.
pub(super) fn by_segment(flight: &Flight<'_>) -> Vec<(usize, Vec<(Fix, Fix)>)> {
    let mut segments = Vec::new();
    let mut pieces = flight.pieces().peekable();
    while let Some((number, from, to)) = pieces.next() {
        let mut of_segment = vec![(*from, *to)];
        while let Some((_, from, to)) = pieces.next_if(|(next, ..)| *next == number) {
            of_segment.push((*from, *to));
        }
        segments.push((number, of_segment));
    }
    segments
}

pub(super) fn check(flight: &Flight<'_>) -> Vec<Breach> {
    let mut encounters: BTreeMap<usize, Encounter<'_>> = BTreeMap::new();
    let mut entered: BTreeMap<usize, Encounter<'_>> = BTreeMap::new();
    for (_, of_segment) in by_segment(flight) {
        for volume in candidates(flight, &of_segment) {
            if volume.is_conditional() {
                if !entered.contains_key(&volume.number())
                    && let Some(entry) = find_entry(flight, volume, &of_segment)
                {
                    entered.insert(volume.number(), entry);
                }
            } else if volume.is_barred(flight.request)
                && let Some(found) = find_nearest(flight, volume, &of_segment)
                && encounters.get(&volume.number()).is_none_or(|known| found.distance_m < known.distance_m)
            {
                encounters.insert(volume.number(), found);
            }
        }
    }
    let too_near = encounters.values().map(|encounter| {
        let kind = if encounter.volume.zone.is_some() { "zone" } else { "obstacle" };
        let (name, distance, need) = (encounter.volume.name, encounter.distance_m, flight.craft.clearance_m);
        flight.breach(3, format!("{kind} {name}: {distance:.2} m, needs {need:.2} m"), &encounter.at)
    });
    let unadvised = entered
        .values()
        .filter(|entry| flight.plan.advisories.iter().all(|advisory| advisory.zone != entry.volume.name));
    let unadvised = unadvised
        .map(|entry| flight.breach(0, format!("no advisory for zone {}", entry.volume.name), &entry.at));
    too_near.chain(unadvised).collect()
}

/// What may come near some piece of a segment.
pub(super) fn candidates<'a>(flight: &Flight<'a>, pieces: &[(Fix, Fix)]) -> Vec<Volume<'a>> {
    let ends = || pieces.iter().flat_map(|(from, to)| [from, to]);
    let range = |values: &mut dyn Iterator<Item = f64>| {
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)))
    };
    let (low_m, high_m) = range(&mut ends().map(|fix| fix.z));
    let (ground_low_m, ground_high_m) = range(&mut ends().map(|fix| fix.ground));
    let vertical = flight.craft.vertical_clearance_m;
    let heights =
        HeightBand { low_m: low_m - vertical, high_m: high_m + vertical, ground_low_m, ground_high_m };
    let (first, last) = (&pieces[0].0, &pieces[pieces.len() - 1].1);
    let during = Interval::new(flight.instant(first.t), flight.instant(last.t));
    let place = |fix: &Fix| flight.frame().to_place(fix.at);
    flight.surroundings.near(place(first), place(last), flight.craft.clearance_m, heights, during)
}

/// The nearest that the flight comes to a volume on a segment, while that is active and at its height.
pub(super) fn find_nearest<'a>(
    flight: &Flight<'_>,
    volume: Volume<'a>,
    pieces: &[(Fix, Fix)],
) -> Option<Encounter<'a>> {
    let shape = flight.surroundings.shape(&volume);
    let reach = flight.craft.clearance_m - DISTANCE_M;
    let margin = flight.craft.vertical_clearance_m - DISTANCE_M;
    let found = parts(flight, &volume, pieces, margin).into_iter().filter_map(|(from, to)| {
        let near = if reach > 0.0 {
            shape.nearest(flight.frame(), from.at, to.at, reach)
        } else {
            // With no clearance to keep, only being inside is too near.
            let share = shape.deeper_than(flight.frame(), from.at, to.at, -reach);
            share.map(|share| Nearest { distance_m: 0.0, share })
        };
        let Nearest { distance_m, share } = near?;
        Some(Encounter { volume, distance_m, at: from.mixed(&to, share) })
    });
    found.min_by(|a, b| a.distance_m.total_cmp(&b.distance_m))
}

pub(super) fn find_entry<'a>(
    flight: &Flight<'_>,
    volume: Volume<'a>,
    pieces: &[(Fix, Fix)],
) -> Option<Encounter<'a>> {
    let shape = flight.surroundings.shape(&volume);
    parts(flight, &volume, pieces, -DISTANCE_M).into_iter().find_map(|(from, to)| {
        let share = shape.deeper_than(flight.frame(), from.at, to.at, ENTERED_M)?;
        Some(Encounter { volume, distance_m: 0.0, at: from.mixed(&to, share) })
    })
}

/// The parts of a segment's pieces in which a volume is active and the aircraft between its limits, widened by a margin.
fn parts(flight: &Flight<'_>, volume: &Volume<'_>, pieces: &[(Fix, Fix)], margin: f64) -> Vec<(Fix, Fix)> {
    let base = flight.plan.trajectory[0].time;
    let (first, last) = (pieces[0].0.t, pieces[pieces.len() - 1].1.t);
    let during = Interval::new(flight.instant(first), flight.instant(last));
    let windows = volume.windows_s(base, during, SunWindows::Shorter);
    let mut parts = Vec::new();
    for (opens, closes) in windows {
        for (from, to) in pieces {
            let mut shares = Shares::ALL;
            shares.narrow(from.t, to.t, opens + TIME_S, closes - TIME_S);
            if let Some(lower) = volume.limits.lower {
                let above = |fix: &Fix| fix.z - lower.amsl_over(fix.ground);
                shares.narrow(above(from), above(to), -margin, f64::INFINITY);
            }
            if let Some(upper) = volume.limits.upper {
                let below = |fix: &Fix| upper.amsl_over(fix.ground) - fix.z;
                shares.narrow(below(from), below(to), -margin, f64::INFINITY);
            }
            if shares.start <= shares.end {
                parts.push((from.mixed(to, shares.start), from.mixed(to, shares.end)));
            }
        }
    }
    parts
}

/// From and to which share of a piece.
#[derive(Debug, Clone, Copy)]
struct Shares {
    start: f64,
    end: f64,
}

impl Shares {
    const ALL: Self = Self { start: 0.0, end: 1.0 };
    const NONE: Self = Self { start: 1.0, end: 0.0 };

    /// Keeps where a value that goes straight from `first` to `last` lies between `low` and `high`.
    ///
    /// A value that is not known (NaN: off the terrain) keeps all.
    fn narrow(&mut self, first: f64, last: f64, low: f64, high: f64) {
        let slope = last - first;
        if slope == 0.0 {
            if first < low || first > high {
                *self = Self::NONE;
            }
            return;
        }
        let (a, b) = ((low - first) / slope, (high - first) / slope);
        if a.is_nan() || b.is_nan() {
            return;
        }
        self.start = self.start.max(a.min(b));
        self.end = self.end.min(a.max(b));
    }
}
