//! Everything solid in a world, by number.

use std::sync::Arc;

use super::footprint::Footprint;
pub(super) use super::outlines::Grown;
use super::outlines::{Outlines, Shapes};
use super::prepared::Cell;
use crate::airspace::{Layer, LonLatBox, VolumeId, Zone};
use crate::frame::LonLat;
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
}

/// The volumes of a world by number: the layers of its zones as the airspace numbers them, then the obstacles. A number
/// that no volume has any longer is in no answer of the world's index.
pub(super) struct Volumes<'w> {
    world: &'w World,
    outlines: Arc<Outlines>,
}

impl<'w> Volumes<'w> {
    /// Those of a world, with outlines that others share if they fit it. Cost: O(1) if they do.
    pub(super) fn sharing(world: &'w World, outlines: &Arc<Outlines>) -> Self {
        let outlines =
            if outlines.fit(world) { Arc::clone(outlines) } else { Arc::new(Outlines::new(world)) };
        Self { world, outlines }
    }

    pub(super) fn get(&self, number: u32) -> Volume<'w> {
        let index = self.world.airspace.index();
        let obstacle = || self.world.obstacles.get(number.checked_sub(index.layers())? as usize);
        let layer = |id: VolumeId| {
            let zone = index.zone(id.zone)?;
            Some(Volume::Layer(zone, zone.layers.get(id.layer as usize)?))
        };
        match index.layer(number) {
            Some(id) => layer(id),
            None => obstacle().map(Volume::Obstacle),
        }
        .expect("numbers are those of volumes that the world's index has named")
    }

    /// The number of a zone's layer.
    pub(super) fn number_of(&self, zone: u32, layer: u32) -> u32 {
        let number = self.world.airspace.index().number_of(VolumeId { zone, layer });
        number.expect("the zone has been named by the world's index")
    }

    /// The obstacles that may meet a box, ascending.
    pub(super) fn obstacles_in(&self, area: LonLatBox) -> Vec<u32> {
        let first = self.world.airspace.index().layers();
        let mut found = self.outlines.obstacles_in(area);
        found.iter_mut().for_each(|number| *number += first);
        found
    }

    pub(super) fn footprint(&self, number: u32) -> Arc<Footprint> {
        Arc::clone(&self.shapes(number).footprint)
    }

    /// The outline grown by a clearance, arcs within a tolerance; made once.
    pub(super) fn grown(&self, number: u32, clearance_m: f64, arc_m: f64) -> Arc<Grown> {
        self.shapes(number).grown(clearance_m, arc_m)
    }

    /// Grown outlines prepared together.
    pub(super) fn prepared(&self, grown: Vec<Arc<Grown>>) -> Cell {
        self.outlines.prepared.of(grown)
    }

    fn shapes(&self, number: u32) -> Arc<Shapes> {
        let index = self.world.airspace.index();
        let shapes = match index.layer(number) {
            Some(id) => index.zone(id.zone).and_then(|zone| self.outlines.of_layer(number, zone, id.layer)),
            None => {
                number.checked_sub(index.layers()).and_then(|obstacle| self.outlines.of_obstacle(obstacle))
            }
        };
        shapes.expect("numbers are those of volumes that the world's index has named")
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
