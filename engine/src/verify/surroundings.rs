//! The volumes of a world, prepared once for all flights.

use std::sync::OnceLock;

use super::shape::Shape;
use crate::airspace::{
    Entry, HeightBand, Layer, Limits, Outline, Restriction, SUN_TOLERANCE_MS, VolumeId, VolumeIndex, Zone,
};
use crate::flight::Request;
use crate::frame::{Height, Instant, Interval, LonLat};
use crate::world::World;

/// A world with its shapes in the plane, each made when it is first needed.
pub(super) struct Surroundings<'a> {
    pub(super) world: &'a World,
    /// Those of the zones' layers by their numbers, then those of the obstacles.
    shapes: Vec<OnceLock<Shape>>,
    obstacles: VolumeIndex,
}

/// A zone's layer or an obstacle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Volume<'a> {
    pub(super) name: &'a str,
    /// None for an obstacle.
    pub(super) zone: Option<&'a Zone>,
    pub(super) limits: Limits,
    outline: &'a Outline,
    shape: usize,
}

/// Are windows bounded by the sun judged in the flight's favour, or against it?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SunWindows {
    Shorter,
    Longer,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(world: &'a World) -> Self {
        let standing: Vec<Zone> = world
            .obstacles
            .iter()
            .map(|obstacle| {
                let limits = Limits { lower: None, upper: Some(Height::Agl(obstacle.height)) };
                let layer = Layer { outline: obstacle.outline.clone(), limits };
                Zone::new(obstacle.identifier.clone(), Restriction::Prohibited, vec![layer])
            })
            .collect();
        let count = world.airspace.index().layers() as usize + standing.len();
        let shapes = (0..count).map(|_| OnceLock::new()).collect();
        Self { world, shapes, obstacles: VolumeIndex::new(standing) }
    }

    /// The volumes that may come within a reach of a straight track, zones first.
    pub(super) fn near(
        &self,
        from: LonLat,
        to: LonLat,
        reach_m: f64,
        heights: HeightBand,
        during: Interval,
    ) -> Vec<Volume<'a>> {
        let zones = self.world.airspace.index().along_segment(from, to, reach_m, heights, during);
        let obstacles = self.obstacles.along_segment(from, to, reach_m, heights, during);
        let zones = zones.into_iter().filter_map(|id| self.zone_volume(id));
        zones.chain(obstacles.into_iter().map(|id| self.obstacle_volume(id))).collect()
    }

    pub(super) fn shape(&self, volume: &Volume<'_>) -> &Shape {
        self.shapes[volume.shape].get_or_init(|| Shape::new(volume.outline, &self.world.frame))
    }

    fn zone_volume(&self, id: VolumeId) -> Option<Volume<'a>> {
        let index = self.world.airspace.index();
        let zone = index.zone(id.zone)?;
        let layer = zone.layers.get(id.layer as usize)?;
        let shape = index.number_of(id)? as usize;
        let (limits, outline) = (layer.limits, &layer.outline);
        Some(Volume { name: &zone.identifier, zone: Some(zone), limits, outline, shape })
    }

    fn obstacle_volume(&self, id: VolumeId) -> Volume<'a> {
        let obstacle = &self.world.obstacles[id.zone as usize];
        let shape = self.shapes.len() - self.world.obstacles.len() + id.zone as usize;
        let limits = Limits { lower: None, upper: Some(Height::Agl(obstacle.height)) };
        Volume { name: &obstacle.identifier, zone: None, limits, outline: &obstacle.outline, shape }
    }
}

impl Volume<'_> {
    /// Equal for the layer of one zone, or one obstacle.
    pub(super) fn number(&self) -> usize {
        self.shape
    }

    /// May the request not enter it?
    pub(super) fn is_barred(&self, request: &Request) -> bool {
        self.zone.is_none_or(|zone| zone.entry(&request.rights()) == Entry::Barred)
    }

    /// Does it ask for an advisory?
    pub(super) fn is_conditional(&self) -> bool {
        self.zone
            .is_some_and(|zone| matches!(zone.restriction, Restriction::Conditional | Restriction::Uspace))
    }

    /// When it is active, in seconds after an instant.
    pub(super) fn windows_s(&self, base: Instant, during: Interval, sun: SunWindows) -> Vec<(f64, f64)> {
        let Some(zone) = self.zone else {
            return vec![(f64::NEG_INFINITY, f64::INFINITY)];
        };
        let margin = if sun == SunWindows::Shorter { -SUN_TOLERANCE_MS } else { SUN_TOLERANCE_MS };
        let windows = zone.applicability.windows_with(self.outline.place(), during, margin);
        windows
            .iter()
            .map(|window| (window.start.seconds_since(base), window.end.seconds_since(base)))
            .collect()
    }
}
