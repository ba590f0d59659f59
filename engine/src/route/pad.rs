//! The two ends of a flight: when they are free, and when a column over them is.

use super::barrier::Barrier;
use super::profile::Limit;
use super::volumes::Volumes;
use crate::frame::Xy;
use crate::intervals::{Span, free};

/// A place where a flight takes off or lands.
#[derive(Debug, Clone)]
pub(super) struct Pad {
    pub(super) at: Xy,
    /// The ground there, metres AMSL.
    pub(super) ground_m: f64,
    /// Where columns upwards begin: metres above the ground, 0 but for flights that are in the air already.
    pub(super) from_m: f64,
    /// The barriers within the clearance, by true distance.
    around: Vec<Standing>,
}

/// A barrier over a pad, heights in metres above it.
#[derive(Debug, Clone)]
struct Standing {
    volume: u32,
    low_m: f64,
    high_m: f64,
    windows: Vec<Span>,
}

/// Which way a column is flown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

impl Pad {
    /// The pad at a place among some barriers.
    pub(super) fn new(
        at: Xy,
        ground_m: f64,
        barriers: &[Barrier],
        volumes: &Volumes<'_>,
        clearance_m: f64,
    ) -> Self {
        let near = |barrier: &&Barrier| {
            let footprint = volumes.footprint(barrier.volume);
            let reach = clearance_m * 1.01 + 1.0;
            let close = footprint.bounds().is_some_and(|(low, high)| {
                at.x >= low.x - reach
                    && at.x <= high.x + reach
                    && at.y >= low.y - reach
                    && at.y <= high.y + reach
            });
            close && footprint.distance(at) < clearance_m.max(1e-3)
        };
        let above = |limit| match limit {
            Limit::Ground(height) => height,
            Limit::Sea(height) => height - ground_m,
        };
        let standing = |barrier: &Barrier| Standing {
            volume: barrier.volume,
            low_m: above(barrier.low),
            high_m: above(barrier.high),
            windows: barrier.windows(),
        };
        Self { at, ground_m, from_m: 0.0, around: barriers.iter().filter(near).map(standing).collect() }
    }

    /// The times of `[from, to]` at which a column may be begun, at a steady speed: up to `top_m` above the ground from
    /// where it begins, or down from there to the ground.
    ///
    /// A barrier occupies the heights of the column between `a` and `b` seconds after its start; closed from `o` to `c`,
    /// it blocks the starts in `(o - b, c - a)`.
    pub(super) fn column_starts(&self, way: Way, top_m: f64, speed_m_s: f64, (from, to): Span) -> Vec<Span> {
        let mut blocked = Vec::new();
        for barrier in self.standing_below(top_m) {
            let (low, high) = (barrier.low_m.max(self.from_m), barrier.high_m.min(top_m));
            let (a, b) = match way {
                Way::Up => ((low - self.from_m) / speed_m_s, (high - self.from_m) / speed_m_s),
                Way::Down => ((top_m - high) / speed_m_s, (top_m - low) / speed_m_s),
            };
            blocked.extend(barrier.windows.iter().map(|&(opens, closes)| (opens - b, closes - a)));
        }
        free(blocked, from, to)
    }

    /// The times of `[from, to]` at which the ground itself is free.
    pub(super) fn free_on_ground(&self, (from, to): Span) -> Vec<Span> {
        let blocked = self.on_ground().flat_map(|barrier| barrier.windows.iter().copied()).collect();
        free(blocked, from, to)
    }

    /// The volumes that close the ground at some time, ascending.
    pub(super) fn closing_ground(&self) -> Vec<u32> {
        self.on_ground().map(|barrier| barrier.volume).collect()
    }

    /// The volumes that stand in the column up to a height at some time.
    pub(super) fn closing_below(&self, top_m: f64) -> Vec<u32> {
        self.standing_below(top_m).map(|barrier| barrier.volume).collect()
    }

    fn on_ground(&self) -> impl Iterator<Item = &Standing> {
        self.around.iter().filter(|barrier| barrier.low_m <= self.from_m && barrier.high_m > self.from_m)
    }

    fn standing_below(&self, top_m: f64) -> impl Iterator<Item = &Standing> {
        self.around.iter().filter(move |barrier| barrier.low_m < top_m && barrier.high_m > self.from_m)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_above_the_pad_blocks_the_starts_that_would_meet_it() {
        let zone = Standing { volume: 0, low_m: 30.0, high_m: 60.0, windows: vec![(100.0, 200.0)] };
        let pad = Pad { at: Xy { x: 0.0, y: 0.0 }, ground_m: 7.0, from_m: 0.0, around: vec![zone] };
        let starts = |way, top_m| pad.column_starts(way, top_m, 3.0, (0.0, 500.0));
        assert_eq!(starts(Way::Up, 90.0), [(0.0, 80.0), (190.0, 500.0)]);
        assert_eq!(starts(Way::Down, 90.0), [(0.0, 80.0), (190.0, 500.0)]);
        assert_eq!(starts(Way::Up, 30.0), [(0.0, 500.0)]);
        assert_eq!(pad.free_on_ground((0.0, 500.0)), [(0.0, 500.0)]);
        assert_eq!((pad.closing_ground(), pad.closing_below(31.0)), (vec![], vec![0]));
    }
}
