//! Tubes: the ranges of heights above ground in which a flight may cruise in one wind.

use super::barrier::Barrier;
use super::motion::{Motion, Slopes};
use super::profile::Limit;
use super::task::Task;
use crate::weather::Wind;

/// A range of heights above ground with the wind in it.
#[derive(Debug, Clone)]
pub(super) struct Tube {
    /// The lowest and the highest height, metres above ground; a single one is a level.
    pub(super) heights: (f64, f64),
    /// Level flight in it, in its lowest wind.
    pub(super) motion: Motion,
    /// Sloping flight in all of its winds.
    pub(super) slopes: Slopes,
}

/// Below a layer of wind by so much, the layer is not met.
const BELOW_LAYER_M: f64 = 0.01;

impl Tube {
    /// The tube of a range at an airspeed; `None` if a wind in it is too strong to stand against.
    pub(super) fn new(heights: (f64, f64), airspeed_m_s: f64, task: &Task<'_>) -> Option<Self> {
        let wind = &task.world.wind;
        let motion = Motion::at(heights.0, airspeed_m_s, wind)?;
        let met = wind.layers().iter().map(|layer| layer.above_agl_m);
        let floors = met.filter(|&floor| floor > heights.0 && floor <= heights.1);
        let mut winds = vec![wind.velocity_at(heights.0)];
        for floor in floors {
            Motion::at(floor, airspeed_m_s, wind)?;
            winds.push(wind.velocity_at(floor));
        }
        let slopes = Slopes {
            airspeed_m_s,
            climb_m_s: task.climb_m_s.min(airspeed_m_s),
            descent_m_s: task.descent_m_s.min(airspeed_m_s),
            winds,
        };
        Some(Self { heights, motion, slopes })
    }

    /// Sloping flight between the ground and the top of the tube: in the winds below it too.
    pub(super) fn slopes_from_ground(&self, wind: &Wind) -> Slopes {
        let below = wind.layers().iter().filter(|layer| layer.above_agl_m <= self.heights.1);
        let mut winds: Vec<(f64, f64)> = below.map(|layer| layer.velocity()).collect();
        winds.push(wind.velocity_at(0.0));
        Slopes { winds, ..self.slopes.clone() }
    }
}

/// The tubes of a band, one for each wind that can be flown in, lowest first.
pub(super) fn tubes(task: &Task<'_>, airspeed_m_s: f64) -> Vec<Tube> {
    let (lowest, highest) = task.band;
    let mut floors = vec![lowest];
    let layers = task.world.wind.layers().iter().map(|layer| to_millimetre(layer.above_agl_m));
    floors.extend(layers.filter(|&floor| floor > lowest && floor <= highest));
    floors.dedup();
    let tops = floors.iter().skip(1).map(|floor| floor - BELOW_LAYER_M).chain([highest]);
    let ranges = floors.iter().copied().zip(tops).map(|(low, top)| (low, top.max(low)));
    ranges.filter_map(|range| Tube::new(range, airspeed_m_s, task)).collect()
}

/// The levels worth a search over flat ground, ascending: the lowest height of the band, the tops of barriers and the
/// floors of wind layers within it. Between two of them nothing opens and no other wind blows, and lower is sooner.
pub(super) fn levels(task: &Task<'_>, airspeed_m_s: f64) -> Vec<Tube> {
    let (lowest, highest) = task.band;
    let ground_m = task.origin.ground_m;
    let mut heights = vec![lowest];
    let tops = task.barriers.iter().map(|barrier| to_millimetre(above(barrier.high, ground_m)));
    let floors = task.world.wind.layers().iter().map(|layer| to_millimetre(layer.above_agl_m));
    heights.extend(tops.chain(floors).filter(|&top| top > lowest && top <= highest));
    heights.sort_by(f64::total_cmp);
    heights.dedup();
    heights.into_iter().filter_map(|height| Tube::new((height, height), airspeed_m_s, task)).collect()
}

/// A limit as a height above ground of some height.
pub(super) fn above(limit: Limit, ground_m: f64) -> f64 {
    match limit {
        Limit::Ground(height) => height,
        Limit::Sea(height) => height - ground_m,
    }
}

/// Heights beside the band at which something opens: the bottoms and the tops of barriers.
pub(super) fn edges(barriers: &[Barrier], ground_m: f64) -> (Vec<f64>, Vec<f64>) {
    let bottoms = barriers.iter().map(|barrier| (above(barrier.low, ground_m) * 1000.0).floor() / 1000.0);
    let tops = barriers.iter().map(|barrier| to_millimetre(above(barrier.high, ground_m)));
    (bottoms.collect(), tops.collect())
}

/// Up to a whole millimetre: heights are written so.
pub(super) fn to_millimetre(height_m: f64) -> f64 {
    (height_m * 1000.0 - 1e-6).ceil() / 1000.0
}
