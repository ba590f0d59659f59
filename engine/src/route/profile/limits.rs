//! The limits of height that hold together along a part of a way.

use super::{Crossing, Limit};

/// Heights beyond this are no heights, metres.
const GREATEST_M: f64 = 1e7;

/// The limits along a part of a way, with the room that the ground may stray taken from what is open.
pub(super) struct Limits {
    /// Lowest and highest height of the tube above the ground.
    pub(super) tube: (f64, f64),
    /// What the crossings close: strictly between the two.
    pub(super) closed: Vec<(Limit, Limit)>,
    /// The heights of the ground at which a limit above it meets one at sea level within the tube; ascending.
    pub(super) meets: Vec<f64>,
}

impl Limit {
    /// Metres AMSL over ground at a height.
    pub(in crate::route) fn over(self, ground_m: f64) -> f64 {
        match self {
            Self::Ground(above_m) => ground_m + above_m,
            Self::Sea(height_m) => height_m,
        }
    }

    fn above_ground(self) -> Option<f64> {
        match self {
            Self::Ground(above_m) => Some(above_m),
            Self::Sea(_) => None,
        }
    }

    /// Moved by some metres if it goes with the ground.
    fn moved(self, by_m: f64) -> Self {
        match self {
            Self::Ground(above_m) => Self::Ground(above_m + by_m),
            Self::Sea(_) => self,
        }
    }

    /// The same, with what is no number closed.
    fn or(self, otherwise: f64) -> Self {
        match self {
            Self::Ground(v) | Self::Sea(v) if v.is_nan() => Self::Sea(otherwise),
            _ => self,
        }
    }
}

impl Limits {
    /// The tube drawn in at both ends by what the ground strays, but never shut by it; `None` if it is inverted.
    pub(super) fn tube((low_m, high_m): (f64, f64), sag_m: f64) -> Option<(f64, f64)> {
        let (low_m, high_m) = (low_m.max(-GREATEST_M), high_m.min(GREATEST_M));
        if low_m.is_nan() || high_m.is_nan() || low_m > high_m {
            return None;
        }
        let by_m = sag_m.min((high_m - low_m) / 2.0);
        // Halves of a narrow tube meet, whatever the rounding.
        Some((low_m + by_m, (high_m - by_m).max(low_m + by_m)))
    }

    /// The limits of a tube drawn in already, and of the crossings that hold together.
    ///
    /// A limit above the ground is moved into what is open by `sag_m`, or by what leaves a gap between two of them open.
    pub(super) fn new<'c>(
        tube: (f64, f64),
        sag_m: f64,
        crossings: impl Iterator<Item = &'c Crossing>,
    ) -> Self {
        let sound = crossings.map(|c| (c.low.or(f64::NEG_INFINITY), c.high.or(f64::INFINITY)));
        let sound: Vec<(Limit, Limit)> = sound.filter(|c| !is_empty(c)).collect();
        let room = |below: f64, above: f64| if below <= above { above - below } else { f64::INFINITY };
        let lowered = |low: Limit| {
            let low_m = low.above_ground()?;
            let highs = sound.iter().filter_map(|c| c.1.above_ground());
            let least = highs.map(|high_m| room(high_m, low_m) / 2.0).fold(f64::INFINITY, f64::min);
            Some(low.moved(-sag_m.min(least).min(room(tube.0, low_m))))
        };
        let raised = |high: Limit| {
            let high_m = high.above_ground()?;
            let lows = sound.iter().filter_map(|c| c.0.above_ground());
            let least = lows.map(|low_m| room(high_m, low_m) / 2.0).fold(f64::INFINITY, f64::min);
            Some(high.moved(sag_m.min(least).min(room(high_m, tube.1))))
        };
        let closed: Vec<(Limit, Limit)> = sound
            .iter()
            .map(|&(low, high)| (lowered(low).unwrap_or(low), raised(high).unwrap_or(high)))
            .collect();
        let meets = meets(tube, &closed);
        Self { tube, closed, meets }
    }
}

/// Does it close nothing, whatever the ground?
fn is_empty(closed: &(Limit, Limit)) -> bool {
    match *closed {
        (Limit::Ground(low), Limit::Ground(high)) | (Limit::Sea(low), Limit::Sea(high)) => low >= high,
        _ => false,
    }
}

fn meets(tube: (f64, f64), closed: &[(Limit, Limit)]) -> Vec<f64> {
    let limits = || closed.iter().flat_map(|c| [c.0, c.1]);
    let above = limits().filter_map(Limit::above_ground).filter(|above| tube.0 < *above && *above < tube.1);
    let above: Vec<f64> = above.chain([tube.0, tube.1]).collect();
    let sea = limits().filter(|limit| limit.above_ground().is_none()).map(|limit| limit.over(0.0));
    let mut meets: Vec<f64> =
        sea.flat_map(|sea_m| above.iter().map(move |above_m| sea_m - above_m)).collect();
    meets.retain(|m| m.is_finite());
    meets.sort_by(f64::total_cmp);
    meets.dedup();
    meets
}
