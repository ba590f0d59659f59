//! Which flights a zone touches: those whose track comes nearer than it may, or enters what they must know of.

mod near;
#[cfg(test)]
mod tests;

use super::footprint::Footprint;
use crate::airspace::{Entry, Limits, Zone};
use crate::flight::Request;
use crate::frame::{Frame, Height, Instant, Interval, Xy};
use crate::surface::{Ground, GroundLine};
use crate::traffic::{Area, Fix, Track};
use near::Outlined;

/// A track that comes a centimetre nearer than it may is left alone: times and places of plans are rounded.
const ROUNDING_M: f64 = 0.01;

/// Nearer than this is on the outline.
const LEAST_M: f64 = 1e-6;

/// The plane's greatest scale within reach of flights.
const MOST_SCALE: f64 = 1.0006;

/// A zone as tracks in the plane meet it: asked for many flights.
///
/// Distances, heights over the ground below, windows and rights are told for each straight piece of a track in closed
/// form; nothing is sampled.
pub struct Touch<'w> {
    zone: &'w Zone,
    frame: &'w Frame,
    ground: &'w Ground,
    layers: Vec<Layer>,
}

/// One layer of the zone in the plane.
struct Layer {
    outline: Outlined,
    limits: Limits,
    /// South-west and north-east corner.
    bounds: (Xy, Xy),
    scale: f64,
    /// When it is active, in seconds after the epoch: closed at both ends, sorted and disjoint.
    windows_s: Vec<(f64, f64)>,
}

/// How near a flight may come.
#[derive(Clone, Copy)]
struct Margin {
    /// Metres in the plane at a scale of 1.
    reach_m: f64,
    vertical_m: f64,
}

impl<'w> Touch<'w> {
    /// A zone in a frame's plane over some ground, for tracks whose times count from `epoch`. What happens outside of
    /// `during` does not count.
    ///
    /// Cost: n log n in the corners of the zone.
    pub fn new(
        zone: &'w Zone,
        frame: &'w Frame,
        ground: &'w Ground,
        epoch: Instant,
        during: Interval,
    ) -> Self {
        let layer = |layer: &crate::airspace::Layer| {
            let footprint = Footprint::new(&layer.outline, frame);
            let windows = zone.applicability.windows(layer.outline.place(), during);
            let span = |window: &Interval| {
                let (start, end) = (window.start.max(during.start), window.end.min(during.end));
                (start.seconds_since(epoch), end.seconds_since(epoch))
            };
            let windows_s: Vec<(f64, f64)> = windows.iter().map(span).collect();
            Some(Layer {
                bounds: footprint.bounds().filter(|_| !windows_s.is_empty())?,
                scale: footprint.scale(),
                outline: Outlined::new(&footprint),
                limits: layer.limits,
                windows_s,
            })
        };
        let layers = zone.layers.iter().filter_map(layer).collect();
        Self { zone, frame, ground, layers }
    }

    /// Boxes that hold every piece of a track by which it can be touched, for aircraft with these clearances or less.
    pub fn areas(&self, clearance_m: f64, vertical_m: f64) -> Vec<Area> {
        let (ground_low_m, ground_high_m) = self.ground.range_m();
        let area = |layer: &Layer| {
            let reach = clearance_m * MOST_SCALE + ROUNDING_M;
            let (low, high) = layer.bounds;
            let height = |limit: Option<Height>, ground_m: f64, none: f64| {
                limit.map_or(none, |limit| limit.amsl_over(ground_m))
            };
            let bottom_m = height(layer.limits.lower, ground_low_m, f64::NEG_INFINITY);
            let top_m = height(layer.limits.upper, ground_high_m, f64::INFINITY);
            Some(Area {
                low: Xy { x: low.x - reach, y: low.y - reach },
                high: Xy { x: high.x + reach, y: high.y + reach },
                heights_m: (bottom_m - vertical_m, top_m + vertical_m),
                times_s: (layer.windows_s.first()?.0, layer.windows_s.last()?.1),
            })
        };
        self.layers.iter().filter_map(area).collect()
    }

    /// How the zone answers to a flight whose track it touches: [`Entry::Barred`] where the flight comes nearer to the
    /// zone than these clearances, while the zone is active; [`Entry::Advisory`] where it enters a zone that
    /// its plan has to list. [`Entry::Free`] if it is not touched. On the ground before lift-off and after touch-down
    /// nothing counts.
    pub fn entry(&self, request: &Request, track: &Track, clearance_m: f64, vertical_m: f64) -> Entry {
        let entry = self.zone.entry(&request.rights());
        let margin = match entry {
            Entry::Free => return Entry::Free,
            Entry::Advisory => Margin { reach_m: LEAST_M, vertical_m: 0.0 },
            Entry::Barred => Margin {
                reach_m: (clearance_m - ROUNDING_M).max(LEAST_M),
                vertical_m: vertical_m - ROUNDING_M,
            },
        };
        if self.layers.iter().any(|layer| self.comes_near(layer, track.airborne(), margin)) {
            entry
        } else {
            Entry::Free
        }
    }

    fn comes_near(&self, layer: &Layer, fixes: &[Fix], margin: Margin) -> bool {
        let reach = margin.reach_m * layer.scale;
        let (low, high) = layer.bounds;
        let beside = |a: f64, b: f64, low: f64, high: f64| {
            (a < low - reach && b < low - reach) || (a > high + reach && b > high + reach)
        };
        fixes.windows(2).any(|pair| {
            let (from, to) = (&pair[0], &pair[1]);
            !beside(from.at.x, to.at.x, low.x, high.x)
                && !beside(from.at.y, to.at.y, low.y, high.y)
                && layer.windows_s.iter().any(|&(opens, closes)| {
                    Part::WHOLE.where_within(from.time_s, to.time_s, opens, closes).is_some_and(|part| {
                        self.is_touched(layer, (from, to), part, reach, margin.vertical_m)
                    })
                })
        })
    }

    /// Is some of a part of a piece near the outline and between the limits?
    fn is_touched(
        &self,
        layer: &Layer,
        (from, to): (&Fix, &Fix),
        part: Part,
        reach: f64,
        vertical_m: f64,
    ) -> bool {
        let at = |share: f64| from.at + (to.at - from.at) * share;
        let height_m = |share: f64| from.height_m + (to.height_m - from.height_m) * share;
        let near = |part: Part| layer.outline.is_near(at(part.from), at(part.to), reach);
        let Limits { lower, upper } = layer.limits;
        let between = |part: Part, grounds: (f64, f64)| {
            let (a, b) = (height_m(part.from), height_m(part.to));
            let limit = |limit: Height| (limit.amsl_over(grounds.0), limit.amsl_over(grounds.1));
            let bottoms = lower.map_or((f64::NEG_INFINITY, f64::NEG_INFINITY), limit);
            let tops = upper.map_or((f64::INFINITY, f64::INFINITY), limit);
            let above = match lower {
                Some(_) => part.where_within(a - bottoms.0, b - bottoms.1, -vertical_m, f64::INFINITY),
                None => Some(part),
            }?;
            match upper {
                Some(_) => {
                    part.where_within(tops.0 - a, tops.1 - b, -vertical_m, f64::INFINITY)?.in_common(above)
                }
                None => Some(above),
            }
        };
        let over_ground = [lower, upper].iter().flatten().any(|limit| matches!(limit, Height::Agl(_)));
        if !over_ground || self.ground.is_flat() {
            return between(part, (0.0, 0.0)).is_some_and(near);
        }
        if !near(part) {
            return false;
        }
        let Some(line) = GroundLine::under(self.ground, self.frame, &[at(part.from), at(part.to)]) else {
            // The ground is not known: the zone may begin and end at any height.
            return true;
        };
        let share = |along_m: f64| {
            let whole_m = line.length_m();
            if whole_m > 0.0 { part.from + (part.to - part.from) * (along_m / whole_m) } else { part.from }
        };
        match line.stations() {
            [(_, ground_m)] => between(part, (*ground_m, *ground_m)).is_some_and(near),
            stations => stations.windows(2).any(|pair| {
                let part = Part { from: share(pair[0].0), to: share(pair[1].0) };
                between(part, (pair[0].1, pair[1].1)).is_some_and(near)
            }),
        }
    }
}

/// From which share of a piece to which.
#[derive(Debug, Clone, Copy)]
struct Part {
    from: f64,
    to: f64,
}

impl Part {
    const WHOLE: Self = Self { from: 0.0, to: 1.0 };

    /// Where a value that goes straight from `first` to `last` over this part lies between two others, ends included.
    fn where_within(self, first: f64, last: f64, low: f64, high: f64) -> Option<Self> {
        let slope = last - first;
        if slope == 0.0 {
            return (low <= first && first <= high).then_some(self);
        }
        let share = |value: f64| self.from + (self.to - self.from) * ((value - first) / slope);
        let (a, b) = (share(low), share(high));
        let (a, b) = if slope > 0.0 { (a, b) } else { (b, a) };
        let kept = Self { from: self.from.max(a), to: self.to.min(b) };
        (kept.from <= kept.to).then_some(kept)
    }

    fn in_common(self, other: Self) -> Option<Self> {
        let kept = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (kept.from <= kept.to).then_some(kept)
    }
}
