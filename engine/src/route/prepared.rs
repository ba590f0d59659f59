//! Sets of barriers prepared together for many flights.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::footprint::{AREA_M, border};
use super::outlines::Grown;
use crate::frame::Xy;
use crate::plane::{Contour, Path, Region, Roadmap, Shape, unite};

/// So many sets are kept; then all are forgotten.
const MOST_KEPT: usize = 64;

/// United barriers with the taut edges between their corners.
#[derive(Debug)]
pub(super) struct Prepared {
    region: Region,
    roadmap: Roadmap,
    /// Held so that no other outline takes their place in memory, by which they are known.
    _grown: Vec<Arc<Grown>>,
}

impl Prepared {
    fn new(grown: Vec<Arc<Grown>>) -> Option<Self> {
        let shapes = united(&grown);
        let roadmap = Roadmap::new(&shapes).ok()?;
        Some(Self { region: Region::new(shapes), roadmap, _grown: grown })
    }

    /// The point outside nearest to one that lies less than `reach_m` within.
    pub(super) fn nearest_outside(&self, at: Xy, reach_m: f64) -> Option<Xy> {
        self.region.nearest_outside(at, reach_m)
    }

    pub(super) fn shortest_path(&self, start: Xy, goal: Xy) -> Option<Path> {
        self.roadmap.shortest_path(start, goal)
    }

    pub(super) fn region(&self) -> &Region {
        &self.region
    }
}

/// The shapes of grown outlines; with the border of what is known where one of them reaches it.
pub(super) fn united(grown: &[Arc<Grown>]) -> Vec<Shape> {
    let far = |grown: &&Arc<Grown>| {
        grown.bounds.is_some_and(|(low, high)| {
            low.x < -AREA_M || low.y < -AREA_M || high.x > AREA_M || high.y > AREA_M
        })
    };
    let mut contours: Vec<Contour> = grown.iter().flat_map(|grown| grown.contours.iter().cloned()).collect();
    if grown.iter().any(|grown| far(&grown)) {
        contours.extend(border());
    }
    unite(&contours)
}

/// A set that is prepared once; nothing if it cannot be.
pub(super) type Cell = Arc<OnceLock<Option<Prepared>>>;

/// Sets that have been prepared, by their outlines. Shared by threads; what is kept never changes an answer.
#[derive(Debug, Default)]
pub(super) struct PreparedSets {
    sets: Mutex<HashMap<Box<[usize]>, Cell>>,
}

impl PreparedSets {
    /// A set, prepared when it is first asked for.
    pub(super) fn of(&self, mut grown: Vec<Arc<Grown>>) -> Cell {
        let known_by = |grown: &Arc<Grown>| Arc::as_ptr(grown) as usize;
        let key: Box<[usize]> = grown.iter().map(known_by).collect();
        let cell = {
            let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
            if sets.len() >= MOST_KEPT && !sets.contains_key(&key) {
                sets.clear();
            }
            Arc::clone(sets.entry(key).or_default())
        };
        cell.get_or_init(|| Prepared::new(std::mem::take(&mut grown)));
        cell
    }
}
