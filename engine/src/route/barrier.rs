//! What a request may not enter: where, between which heights, in which windows of time.

use super::intervals::Span;
use super::volumes::{Volume, Volumes, box_around};
use crate::aircraft::Aircraft;
use crate::airspace::{Entry, HeightBand, Layer};
use crate::flight::Request;
use crate::frame::{Interval, LonLat, Xy};
use crate::world::World;

/// Windows are taken this much wider at both ends: times are written in milliseconds.
const WINDOW_PAD_S: f64 = 0.02;

/// Something that a request may not enter. Heights are metres above sea level over flat ground at 0 m, already widened
/// by the vertical clearance; times are seconds after the earliest departure.
#[derive(Debug, Clone)]
pub(super) struct Barrier {
    /// The number of its volume.
    pub(super) volume: u32,
    /// Closed above this height.
    pub(super) low_m: f64,
    /// Closed below this height.
    pub(super) high_m: f64,
    /// When it is closed.
    pub(super) when: When,
}

/// When a barrier is closed.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum When {
    /// All the time in which the flight could be there.
    Always,
    /// In these windows, sorted and disjoint.
    At(Vec<Span>),
}

impl Barrier {
    /// Is a height closed? The limits themselves are open.
    pub(super) fn closes(&self, height_m: f64) -> bool {
        self.low_m < height_m && height_m < self.high_m
    }

    /// Does it stand in the column from the ground up to a height?
    pub(super) fn stands_below(&self, height_m: f64) -> bool {
        self.low_m < height_m && self.high_m > 0.0
    }

    /// Does it close the ground itself?
    pub(super) fn closes_ground(&self) -> bool {
        self.low_m <= 0.0 && self.high_m > 0.0
    }

    /// The windows in which it is closed.
    pub(super) fn windows(&self) -> Vec<Span> {
        match &self.when {
            When::Always => vec![(f64::NEG_INFINITY, f64::INFINITY)],
            When::At(windows) => windows.clone(),
        }
    }

    pub(super) fn is_timed(&self) -> bool {
        self.when != When::Always
    }
}

/// How far around the two ends a flight could matter: every place with `|from| + |to|` at most `reach_m`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    pub(super) middle: LonLat,
    pub(super) half_m: f64,
}

/// Everything that bars the request within its reach, up to the top of its band, until `horizon`; in the volumes' order.
pub(super) fn barriers(
    world: &World,
    volumes: &Volumes<'_>,
    request: &Request,
    aircraft: &Aircraft,
    reach: Reach,
    horizon: Interval,
) -> Vec<Barrier> {
    let area = box_around(reach.middle, reach.half_m + aircraft.clearance_m + 100.0);
    let top_m = request.cruise.max.metres();
    let vertical = aircraft.vertical_clearance_m;
    let heights =
        HeightBand { low_m: -vertical, high_m: top_m + vertical, ground_low_m: 0.0, ground_high_m: 0.0 };
    let mut found = Vec::new();
    for id in world.airspace.index().in_box(area, heights, horizon) {
        let number = volumes.number_of(id.zone, id.layer);
        let Volume::Layer(zone, layer) = volumes.get(number) else { continue };
        if zone.entry(&request.rights()) != Entry::Barred {
            continue;
        }
        let (lower, upper) = layer.limits.amsl_over(0.0);
        if let Some(when) = when_active(zone, layer, horizon) {
            found.push(Barrier { volume: number, low_m: lower - vertical, high_m: upper + vertical, when });
        }
    }
    for number in volumes.obstacles_in(area) {
        let Volume::Obstacle(obstacle) = volumes.get(number) else { continue };
        let high_m = obstacle.height.metres() + vertical;
        found.push(Barrier { volume: number, low_m: f64::NEG_INFINITY, high_m, when: When::Always });
    }
    found.retain(|barrier| {
        barrier.stands_below(top_m) && volumes.footprint(barrier.volume).bounds().is_some()
    });
    found
}

fn when_active(zone: &crate::airspace::Zone, layer: &Layer, horizon: Interval) -> Option<When> {
    let windows = zone.applicability.windows(layer.outline.place(), horizon);
    if windows.iter().any(|w| w.start <= horizon.start && w.end >= horizon.end) {
        return Some(When::Always);
    }
    let seconds = |w: &Interval| {
        (
            w.start.seconds_since(horizon.start) - WINDOW_PAD_S,
            w.end.seconds_since(horizon.start) + WINDOW_PAD_S,
        )
    };
    let spans: Vec<Span> = windows.iter().filter(|w| w.meets(&horizon)).map(seconds).collect();
    (!spans.is_empty()).then_some(When::At(spans))
}

/// The barriers within the clearance of a place, by true distance.
pub(super) fn around<'b>(
    barriers: &'b [Barrier],
    volumes: &Volumes<'_>,
    at: Xy,
    clearance_m: f64,
) -> Vec<&'b Barrier> {
    let near = |barrier: &&Barrier| {
        let footprint = volumes.footprint(barrier.volume);
        let reach = clearance_m * 1.01 + 1.0;
        let close = footprint.bounds().is_some_and(|(low, high)| {
            at.x >= low.x - reach && at.x <= high.x + reach && at.y >= low.y - reach && at.y <= high.y + reach
        });
        close && footprint.distance(at) < clearance_m.max(1e-3)
    };
    barriers.iter().filter(near).collect()
}
