//! Everything solid in a world, projected and grown when it is first needed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::footprint::{Footprint, region_of};
use crate::airspace::{Layer, LonLatBox, Outline, Zone};
use crate::frame::{Frame, LonLat, Xy};
use crate::plane::{Contour, Region};
use crate::surface::Obstacle;
use crate::world::World;

/// A layer of a zone, or an obstacle.
#[derive(Debug, Clone, Copy)]
pub(super) enum Volume<'w> {
    Layer(&'w Zone, &'w Layer),
    Obstacle(&'w Obstacle),
}

impl<'w> Volume<'w> {
    pub(super) fn identifier(self) -> &'w str {
        match self {
            Self::Layer(zone, _) => &zone.identifier,
            Self::Obstacle(obstacle) => &obstacle.identifier,
        }
    }

    fn outline(self) -> &'w Outline {
        match self {
            Self::Layer(_, layer) => &layer.outline,
            Self::Obstacle(obstacle) => &obstacle.outline,
        }
    }
}

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

/// Clearance and arc tolerance in metres, by their bits, and the volume.
type GrownKey = (u32, u64, u64);

/// The volumes of a world by number: the zones' layers in order, then the obstacles.
pub(super) struct Volumes<'w> {
    world: &'w World,
    volumes: Vec<Volume<'w>>,
    first_of_zone: Vec<u32>,
    obstacles: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
    footprints: Vec<OnceLock<Footprint>>,
    grown: Mutex<HashMap<GrownKey, Arc<Grown>>>,
}

impl<'w> Volumes<'w> {
    pub(super) fn new(world: &'w World) -> Self {
        let mut volumes = Vec::new();
        let mut first_of_zone = Vec::new();
        for zone in world.airspace.zones() {
            first_of_zone.push(volumes.len() as u32);
            volumes.extend(zone.layers.iter().map(|layer| Volume::Layer(zone, layer)));
        }
        let boxed = |(i, obstacle): (usize, &Obstacle)| {
            GeomWithData::new(degrees_box(&obstacle.outline), (volumes.len() + i) as u32)
        };
        let obstacles = RTree::bulk_load(world.obstacles.iter().enumerate().map(boxed).collect());
        volumes.extend(world.obstacles.iter().map(Volume::Obstacle));
        let footprints = volumes.iter().map(|_| OnceLock::new()).collect();
        Self { world, volumes, first_of_zone, obstacles, footprints, grown: Mutex::default() }
    }

    pub(super) fn frame(&self) -> &'w Frame {
        &self.world.frame
    }

    pub(super) fn get(&self, number: u32) -> Volume<'w> {
        self.volumes[number as usize]
    }

    /// The number of a zone's layer.
    pub(super) fn number_of(&self, zone: u32, layer: u32) -> u32 {
        self.first_of_zone[zone as usize] + layer
    }

    /// The obstacles that may meet a box, ascending.
    pub(super) fn obstacles_in(&self, area: LonLatBox) -> Vec<u32> {
        let area = AABB::from_corners([area.min.lon(), area.min.lat()], [area.max.lon(), area.max.lat()]);
        let mut found: Vec<u32> =
            self.obstacles.locate_in_envelope_intersecting(area).map(|o| o.data).collect();
        found.sort_unstable();
        found
    }

    pub(super) fn footprint(&self, number: u32) -> &Footprint {
        self.footprints[number as usize]
            .get_or_init(|| Footprint::new(self.get(number).outline(), &self.world.frame))
    }

    /// The outline grown by a clearance, arcs within a tolerance; made once.
    pub(super) fn grown(&self, number: u32, clearance_m: f64, arc_m: f64) -> Arc<Grown> {
        let key = (number, clearance_m.to_bits(), arc_m.to_bits());
        if let Some(grown) = self.cache().get(&key) {
            return Arc::clone(grown);
        }
        let contours: Vec<Contour> = crate::plane::unite(&self.footprint(number).grown(clearance_m, arc_m))
            .into_iter()
            .flatten()
            .collect();
        let region = region_of(&contours);
        let grown = Arc::new(Grown { bounds: bounds(&contours), contours, region });
        Arc::clone(self.cache().entry(key).or_insert(grown))
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, HashMap<GrownKey, Arc<Grown>>> {
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

/// A box in degrees that holds everything within so many metres of a place: all longitudes where it would cross the
/// antimeridian or come near a pole.
pub(super) fn box_around(centre: LonLat, reach_m: f64) -> LonLatBox {
    let lat = reach_m / 110_500.0;
    let cosine = (centre.lat().abs() + lat).min(89.9).to_radians().cos();
    let lon = reach_m / 110_500.0 / cosine;
    let (west, east) = (centre.lon() - lon, centre.lon() + lon);
    let (west, east) = if west < -180.0 || east > 180.0 { (-180.0, 180.0) } else { (west, east) };
    let corner = |lon: f64, lat: f64| LonLat::new(lon, lat.clamp(-90.0, 90.0)).unwrap_or(centre);
    LonLatBox { min: corner(west, centre.lat() - lat), max: corner(east, centre.lat() + lat) }
}
