//! What a request may not enter: where, between which heights, in which windows of time.

use super::profile::Limit;
use super::volumes::{Volume, Volumes, box_around};
use crate::aircraft::Aircraft;
use crate::airspace::{Entry, HeightBand, Layer};
use crate::flight::Request;
use crate::frame::{Height, Interval, LonLat};
use crate::intervals::Span;
use crate::world::World;

/// Windows are taken this much wider at both ends: times are written in milliseconds.
const WINDOW_PAD_S: f64 = 0.02;

/// Something that a request may not enter. Limits are already widened by the vertical clearance; times are seconds after
/// the earliest departure.
#[derive(Debug, Clone)]
pub(super) struct Barrier {
    /// The number of its volume.
    pub(super) volume: u32,
    /// Closed above this height.
    pub(super) low: Limit,
    /// Closed below this height.
    pub(super) high: Limit,
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
    /// Does it close every height of a range above ground, wherever the ground lies within its own range?
    pub(super) fn closes_all(&self, heights: (f64, f64), ground: (f64, f64)) -> bool {
        let low = match self.low {
            Limit::Ground(low) => low < heights.0,
            Limit::Sea(low) => low < ground.0 + heights.0,
        };
        let high = match self.high {
            Limit::Ground(high) => high > heights.1,
            Limit::Sea(high) => high > ground.1 + heights.1,
        };
        low && high
    }

    /// Might it close some height of a range above ground? The limits themselves are open.
    pub(super) fn may_close(&self, heights: (f64, f64), ground: (f64, f64)) -> bool {
        let low = match self.low {
            Limit::Ground(low) => low < heights.1,
            Limit::Sea(low) => low < ground.1 + heights.1,
        };
        let high = match self.high {
            Limit::Ground(high) => high > heights.0,
            Limit::Sea(high) => high > ground.0 + heights.0,
        };
        // A single height lies within it or not.
        low && high && (heights.0 < heights.1 || ground.0 < ground.1 || self.closes_all(heights, ground))
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
    let (ground_low_m, ground_high_m) = world.ground.range_m();
    let vertical = aircraft.vertical_clearance_m;
    let top_m = request.cruise.max.metres();
    let heights = HeightBand {
        low_m: ground_low_m - vertical,
        high_m: ground_high_m + top_m + vertical,
        ground_low_m,
        ground_high_m,
    };
    let mut found = Vec::new();
    for id in world.airspace.index().in_box(area, heights, horizon) {
        let number = volumes.number_of(id.zone, id.layer);
        let Volume::Layer(zone, layer) = volumes.get(number) else { continue };
        if zone.entry(&request.rights()) != Entry::Barred {
            continue;
        }
        if let Some(when) = when_active(zone, layer, horizon) {
            let low =
                layer.limits.lower.map_or(Limit::Sea(f64::NEG_INFINITY), |limit| moved(limit, -vertical));
            let high = layer.limits.upper.map_or(Limit::Sea(f64::INFINITY), |limit| moved(limit, vertical));
            found.push(Barrier { volume: number, low, high, when });
        }
    }
    for number in volumes.obstacles_in(area) {
        let Volume::Obstacle(obstacle) = volumes.get(number) else { continue };
        let high = Limit::Ground(obstacle.height.metres() + vertical);
        found.push(Barrier {
            volume: number,
            low: Limit::Ground(f64::NEG_INFINITY),
            high,
            when: When::Always,
        });
    }
    found.retain(|barrier| {
        barrier.may_close((0.0, top_m), (ground_low_m, ground_high_m))
            && volumes.footprint(barrier.volume).bounds().is_some()
    });
    found
}

fn moved(limit: Height, by_m: f64) -> Limit {
    match limit {
        Height::Amsl(height) => Limit::Sea(height.metres() + by_m),
        Height::Agl(height) => Limit::Ground(height.metres() + by_m),
    }
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
