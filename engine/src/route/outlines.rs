//! Outlines projected and grown when they are first needed, shared by planners whatever the airspace of the moment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::footprint::{Footprint, region_of};
use super::prepared::PreparedSets;
use super::volumes::box_around;
use crate::airspace::{LonLatBox, Outline, Zone};
use crate::frame::{Frame, Xy};
use crate::plane::{Contour, Region, unite};
use crate::surface::Obstacle;
use crate::world::World;

/// So many outlines of zones are kept before those that no airspace holds any longer are looked for.
const SWEPT_AT: usize = 1024;

/// What the planners of worlds with one frame and the same obstacles share, whatever zones these worlds hold.
///
/// A zone is known by its `Arc`: snapshots of an airspace that share a zone share what has been made of it, and a zone
/// that has been replaced is made anew. Shared by threads.
#[derive(Debug)]
pub struct Outlines {
    frame: Frame,
    obstacles: Arc<Vec<Obstacle>>,
    boxes: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
    of_obstacles: Vec<OnceLock<Arc<Shapes>>>,
    of_layers: RwLock<OfLayers>,
    pub(super) prepared: PreparedSets,
}

#[derive(Debug, Default)]
struct OfLayers {
    /// By the number of the layer in the airspace.
    kept: HashMap<u32, Kept>,
    swept_at: usize,
}

#[derive(Debug)]
struct Kept {
    zone: Arc<Zone>,
    layer: u32,
    shapes: Arc<Shapes>,
}

/// What has been made of one outline.
#[derive(Debug)]
pub(super) struct Shapes {
    pub(super) footprint: Arc<Footprint>,
    grown: Mutex<Vec<(GrownBy, Arc<Grown>)>>,
}

/// Clearance and arc tolerance in metres, by their bits.
type GrownBy = (u64, u64);

/// An outline grown by a clearance.
#[derive(Debug)]
pub(super) struct Grown {
    /// Its contours, united.
    pub(super) contours: Vec<Contour>,
    /// The same as a region.
    pub(super) region: Region,
    /// South-west and north-east corner.
    pub(super) bounds: Option<(Xy, Xy)>,
}

impl Outlines {
    /// For worlds with the frame and the obstacles of this one. Cost: O(n) for n obstacles.
    pub fn new(world: &World) -> Self {
        let boxed =
            |(obstacle, number): (&Obstacle, u32)| GeomWithData::new(degrees_box(&obstacle.outline), number);
        Self {
            frame: world.frame.clone(),
            obstacles: Arc::clone(&world.obstacles),
            boxes: RTree::bulk_load(world.obstacles.iter().zip(0..).map(boxed).collect()),
            of_obstacles: world.obstacles.iter().map(|_| OnceLock::new()).collect(),
            of_layers: RwLock::default(),
            prepared: PreparedSets::default(),
        }
    }

    /// Do they serve a world?
    pub fn fit(&self, world: &World) -> bool {
        self.frame == world.frame && Arc::ptr_eq(&self.obstacles, &world.obstacles)
    }

    /// The obstacles that may meet a box, ascending.
    pub(super) fn obstacles_in(&self, area: LonLatBox) -> Vec<u32> {
        let area = AABB::from_corners([area.min.lon(), area.min.lat()], [area.max.lon(), area.max.lat()]);
        let mut found: Vec<u32> = self.boxes.locate_in_envelope_intersecting(area).map(|o| o.data).collect();
        found.sort_unstable();
        found
    }

    pub(super) fn of_obstacle(&self, obstacle: u32) -> Option<Arc<Shapes>> {
        let place = self.of_obstacles.get(obstacle as usize)?;
        let outline = &self.obstacles.get(obstacle as usize)?.outline;
        Some(Arc::clone(place.get_or_init(|| Arc::new(Shapes::new(outline, &self.frame)))))
    }

    /// Those of a zone's layer, which has a number in its airspace.
    pub(super) fn of_layer(&self, number: u32, zone: &Arc<Zone>, layer: u32) -> Option<Arc<Shapes>> {
        let is_it = |kept: &&Kept| kept.layer == layer && Arc::ptr_eq(&kept.zone, zone);
        {
            let layers = self.of_layers.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(kept) = layers.kept.get(&number).filter(is_it) {
                return Some(Arc::clone(&kept.shapes));
            }
        }
        let shapes = Arc::new(Shapes::new(&zone.layers.get(layer as usize)?.outline, &self.frame));
        let mut layers = self.of_layers.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = layers.kept.get(&number).filter(is_it) {
            return Some(Arc::clone(&kept.shapes));
        }
        layers.kept.insert(number, Kept { zone: Arc::clone(zone), layer, shapes: Arc::clone(&shapes) });
        layers.sweep();
        Some(shapes)
    }
}

impl OfLayers {
    /// Now and then forgets zones that nobody else holds.
    fn sweep(&mut self) {
        if self.kept.len() > self.swept_at.max(SWEPT_AT) {
            self.kept.retain(|_, kept| Arc::strong_count(&kept.zone) > 1);
            self.swept_at = 2 * self.kept.len();
        }
    }
}

impl Shapes {
    fn new(outline: &Outline, frame: &Frame) -> Self {
        Self { footprint: Arc::new(Footprint::new(outline, frame)), grown: Mutex::default() }
    }

    /// Grown by a clearance, arcs within a tolerance; made once.
    pub(super) fn grown(&self, clearance_m: f64, arc_m: f64) -> Arc<Grown> {
        let by = (clearance_m.to_bits(), arc_m.to_bits());
        let find = |all: &[(GrownBy, Arc<Grown>)]| {
            all.iter().find(|made| made.0 == by).map(|made| Arc::clone(&made.1))
        };
        if let Some(grown) = find(&self.all()) {
            return grown;
        }
        let contours: Vec<Contour> =
            unite(&self.footprint.grown(clearance_m, arc_m)).into_iter().flatten().collect();
        let region = region_of(&contours);
        let grown = Arc::new(Grown { bounds: bounds(&contours), contours, region });
        let mut all = self.all();
        find(&all).unwrap_or_else(|| {
            all.push((by, Arc::clone(&grown)));
            grown
        })
    }

    fn all(&self) -> MutexGuard<'_, Vec<(GrownBy, Arc<Grown>)>> {
        self.grown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn bounds(contours: &[Contour]) -> Option<(Xy, Xy)> {
    let mut points = contours.iter().flatten();
    let first = *points.next()?;
    Some(points.fold((first, first), |(low, high), p| {
        (Xy { x: low.x.min(p.x), y: low.y.min(p.y) }, Xy { x: high.x.max(p.x), y: high.y.max(p.y) })
    }))
}

/// The box of an outline in degrees, a little too large.
fn degrees_box(outline: &Outline) -> Rectangle<[f64; 2]> {
    match outline {
        Outline::Circle { centre, radius_m } => {
            let around = box_around(*centre, *radius_m);
            Rectangle::from_corners(
                [around.min.lon(), around.min.lat()],
                [around.max.lon(), around.max.lat()],
            )
        }
        Outline::Polygons(polygons) => {
            let corners: Vec<[f64; 2]> =
                polygons.iter().flat_map(|polygon| &polygon.exterior).map(|p| [p.lon(), p.lat()]).collect();
            Rectangle::from_aabb(AABB::from_points(&corners))
        }
    }
}

#[cfg(test)]
mod tests;
