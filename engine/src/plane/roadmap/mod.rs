//! A prepared plane: shortest paths for many threads, faster the longer it is asked.

mod hops;
mod query;
mod reach;
mod scratch;
mod update;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hops::Fan;
pub use query::Way;
pub use scratch::Scratch;

use super::corner::pair_edges;
use super::mesh::{FAR_M, Grid, Mesh, NONE};
use super::{Corner, Path, Shape, signed_area};
use crate::frame::Xy;

/// A set of shapes that paths may touch but not enter, prepared for many searches.
///
/// Shared by threads: searches take `&self`, and a [`Scratch`] of their own where speed matters. From each corner the
/// taut edges to others are found when a search first comes there and are kept. What is kept never changes an answer.
///
/// Building costs O(n log n) for n edges and is for thousands of shapes; for a few use a [`super::Region`].
#[derive(Debug)]
pub struct Roadmap {
    mesh: Mesh,
    grid: Grid,
    corners: Vec<Bend>,
    /// The first of the corners at each vertex.
    first_corner: Vec<u32>,
    /// What is kept of the two sides of each corner.
    fans: Vec<Fan>,
    shapes: Vec<Option<Stored>>,
    /// How often each vertex is on a ring.
    uses: Vec<u32>,
    spare_corners: Vec<u32>,
    islands: reach::Islands,
    spare: Mutex<Vec<Scratch>>,
}

/// The copy keeps what is kept, cheaply: a change need not disturb the searches of others.
impl Clone for Roadmap {
    fn clone(&self) -> Self {
        Self {
            mesh: self.mesh.clone(),
            grid: self.grid.clone(),
            corners: self.corners.clone(),
            first_corner: self.first_corner.clone(),
            fans: self.fans.clone(),
            shapes: self.shapes.clone(),
            uses: self.uses.clone(),
            spare_corners: self.spare_corners.clone(),
            islands: self.islands.clone(),
            spare: Mutex::default(),
        }
    }
}

/// The rings of a shape, by their vertices.
type Stored = Box<[Box<[u32]>]>;

/// Why shapes make no roadmap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RoadmapError {
    /// A coordinate is NaN, infinite, beyond 100,000 km of the origin or not zero and below 1e-30 m.
    #[error("a coordinate is out of range")]
    Coordinate,
    /// Edges cross each other: shapes overlap, or a ring crosses itself.
    #[error("edges cross each other")]
    Crossing,
}

/// A corner among those that are at the same vertex.
#[derive(Debug, Clone, Copy)]
struct Bend {
    corner: Corner,
    vertex: u32,
    shape: u32,
    /// The next corner at the vertex.
    next: u32,
}

impl Roadmap {
    /// Prepares shapes that do not overlap, as [`super::unite`] makes them. Rings may have any direction; shapes may
    /// touch each other and share corners and edges.
    ///
    /// # Errors
    /// [`RoadmapError`] for a coordinate out of range and for edges that cross.
    pub fn new(shapes: &[Shape]) -> Result<Self, RoadmapError> {
        let mut points: Vec<Xy> = Mesh::far_corners().to_vec();
        let mut numbers = HashMap::with_capacity(shapes.iter().flatten().map(Vec::len).sum());
        let mut number = |p: Xy| {
            *numbers.entry(key(p)).or_insert_with(|| {
                points.push(p);
                points.len() as u32 - 1
            })
        };
        let mut stored: Vec<Option<Stored>> = vec![None; shapes.len()];
        let order = along_curve(shapes);
        for &i in &order {
            let rings = rings_of(&shapes[i])?;
            let ring = |ring: Vec<Xy>| ring.into_iter().map(&mut number).collect();
            stored[i] = Some(rings.into_iter().map(ring).collect());
        }
        let rings: Vec<&[u32]> = stored.iter().flatten().flatten().map(|ring| &**ring).collect();
        let mesh = Mesh::new(points, &rings).ok_or(RoadmapError::Crossing)?;
        let mut roadmap = Self {
            grid: Grid::new(&mesh.points),
            corners: Vec::new(),
            first_corner: vec![NONE; mesh.points.len()],
            fans: Vec::new(),
            mesh,
            shapes: Vec::new(),
            uses: Vec::new(),
            spare_corners: Vec::new(),
            islands: reach::Islands::default(),
            spare: Mutex::default(),
        };
        roadmap.uses.resize(roadmap.mesh.points.len(), 0);
        for (i, shape) in order.iter().filter_map(|&i| Some((i, stored[i].as_ref()?))) {
            shape.iter().flatten().for_each(|&vertex| roadmap.uses[vertex as usize] += 1);
            roadmap.add_corners(shape, i);
        }
        roadmap.shapes = stored;
        Ok(roadmap)
    }

    /// Adds the convex corners of a shape.
    fn add_corners(&mut self, shape: &Stored, number: usize) {
        let mut corners = Vec::with_capacity(shape.iter().map(|ring| ring.len()).sum());
        for ring in shape {
            let at = |i: usize| self.mesh.point(ring[i % ring.len()]);
            let count = ring.len();
            corners.extend((0..count).map(|i| Corner {
                at: at(i),
                before: at(i + count - 1),
                after: at(i + 1),
            }));
        }
        pair_edges(&mut corners);
        for (corner, &vertex) in
            corners.into_iter().zip(shape.iter().flatten()).filter(|(corner, _)| corner.is_convex())
        {
            let next = self.first_corner[vertex as usize];
            let bend = Bend { corner, vertex, shape: number as u32, next };
            let place = self.spare_corners.pop().unwrap_or(self.corners.len() as u32);
            if place as usize == self.corners.len() {
                self.corners.push(bend);
                self.fans.extend([Fan::default(), Fan::default()]);
            }
            self.corners[place as usize] = bend;
            self.first_corner[vertex as usize] = place;
        }
    }

    /// The shortest path from `start` to `goal` that does not enter a shape, if there is one: as
    /// [`super::shortest_path`] finds it. With a [`Scratch`] of its own a thread need not wait or allocate.
    pub fn shortest_path(&self, start: Xy, goal: Xy) -> Option<Path> {
        let spare = || self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        let mut scratch = spare().pop().unwrap_or_default();
        let path = self.search(&mut scratch, start, goal);
        let path = path.map(|way| Path { points: way.points.to_vec(), length: way.length });
        spare().push(scratch);
        path
    }

    /// The corners at a vertex.
    fn corners_at(&self, vertex: u32) -> impl Iterator<Item = u32> {
        let some = |corner: u32| (corner != NONE).then_some(corner);
        let first = some(self.first_corner[vertex as usize]);
        std::iter::successors(first, move |&corner| some(self.corners[corner as usize].next))
    }
}

/// The order of shapes along a curve that keeps together what is close together (Morton 1966), so that a search touches
/// little memory.
fn along_curve(shapes: &[Shape]) -> Vec<usize> {
    let first = |shape: &Shape| shape.iter().flatten().next().copied().unwrap_or_default();
    let (mut low, mut high) = (first(shapes.first().unwrap_or(&Shape::new())), Xy::default());
    for p in shapes.iter().map(first) {
        low = Xy { x: low.x.min(p.x), y: low.y.min(p.y) };
        high = Xy { x: high.x.max(p.x), y: high.y.max(p.y) };
    }
    let size = (high.x - low.x).max(high.y - low.y).max(f64::MIN_POSITIVE);
    let spread = |at: f64| {
        let whole = (at / size * 65_535.0) as u64;
        (0..16).fold(0, |bits, i| bits | ((whole >> i) & 1) << (2 * i))
    };
    let code = |p: Xy| spread(p.x - low.x) | spread(p.y - low.y) << 1;
    let mut order: Vec<usize> = (0..shapes.len()).collect();
    order.sort_by_cached_key(|&i| code(first(&shapes[i])));
    order
}

/// A point as a key: both zeros are the same.
pub(super) fn key(p: Xy) -> (u64, u64) {
    ((p.x + 0.0).to_bits(), (p.y + 0.0).to_bits())
}

/// The rings of a shape with the solid at the left, no point repeated next to itself, those of fewer than 3 left out.
fn rings_of(shape: &Shape) -> Result<Vec<Vec<Xy>>, RoadmapError> {
    let mut rings = Vec::with_capacity(shape.len());
    for (number, ring) in shape.iter().enumerate() {
        let in_range = |at: f64| at == 0.0 || (at.abs() >= 1e-30 && at.abs() <= FAR_M / 10.0);
        if !ring.iter().all(|p| in_range(p.x) && in_range(p.y)) {
            return Err(RoadmapError::Coordinate);
        }
        let mut ring = ring.clone();
        ring.dedup();
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        if ring.len() >= 3 {
            if (signed_area(&ring) > 0.0) != (number == 0) {
                ring.reverse();
            }
            rings.push(ring);
        }
    }
    Ok(rings)
}

#[cfg(test)]
mod tests;
