//! Where a point lies among the triangles.

use super::{Mesh, NONE, next, prev};
use crate::frame::Xy;
use crate::plane::predicate::turn;

/// Where a point lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plane) enum Place {
    /// Strictly within a triangle, told by its first half-edge.
    Within(u32),
    /// Between the ends of an edge, told by one of its half-edges.
    Along(u32),
    /// At a vertex.
    At(u32),
}

/// Squares over the area, each with a vertex close by from which to walk.
#[derive(Debug, Clone, Default)]
pub(in crate::plane) struct Grid {
    low: Xy,
    per_m: f64,
    columns: usize,
    rows: usize,
    near: Vec<u32>,
}

impl Grid {
    /// About one square a triangle. Cost: O(n).
    pub(in crate::plane) fn new(points: &[Xy]) -> Self {
        let used = &points[4.min(points.len())..];
        let Some(&first) = used.first() else {
            return Self { near: vec![0], columns: 1, rows: 1, ..Self::default() };
        };
        let (mut low, mut high) = (first, first);
        for p in used {
            low = Xy { x: low.x.min(p.x), y: low.y.min(p.y) };
            high = Xy { x: high.x.max(p.x), y: high.y.max(p.y) };
        }
        let (width, height) = (high.x - low.x, high.y - low.y);
        let side =
            (width * height / used.len() as f64).sqrt().max((width + height) / used.len() as f64).max(1e-9)
                * 0.7;
        let (columns, rows) = ((width / side) as usize + 1, (height / side) as usize + 1);
        let mut grid = Self { low, per_m: 1.0 / side, columns, rows, near: vec![NONE; columns * rows] };
        for (vertex, &p) in points.iter().enumerate().skip(4) {
            let cell = grid.cell(p);
            grid.near[cell] = vertex as u32;
        }
        grid.fill();
        grid
    }

    /// Gives squares without a vertex that of a neighbour.
    fn fill(&mut self) {
        let mut known = NONE;
        let columns = self.columns;
        for row in self.near.chunks_mut(columns) {
            for cell in row.iter_mut().filter(|cell| **cell != NONE) {
                known = *cell;
            }
            let mut last = NONE;
            for cell in row.iter_mut() {
                if *cell == NONE { *cell = last } else { last = *cell }
            }
            for cell in row.iter_mut().rev() {
                if *cell == NONE { *cell = last } else { last = *cell }
            }
        }
        for i in 0..self.near.len() {
            if self.near[i] == NONE {
                self.near[i] = if i >= columns { self.near[i - columns] } else { known };
            }
        }
    }

    fn cell(&self, p: Xy) -> usize {
        let place = |at: f64, low: f64, count: usize| (((at - low) * self.per_m) as usize).min(count - 1);
        place(p.y, self.low.y, self.rows) * self.columns + place(p.x, self.low.x, self.columns)
    }

    /// Walks to where vertices are begin there from now on; where walks began at a vertex that is gone, at the first.
    pub(in crate::plane) fn renew(&mut self, mesh: &Mesh, vertices: &[u32]) {
        let Some(&first) = vertices.first() else { return };
        for near in &mut self.near {
            if mesh.leaving.get(*near as usize).is_none_or(|&half| half == NONE) {
                *near = first;
            }
        }
        for &vertex in vertices.iter().filter(|&&vertex| vertex >= 4) {
            let cell = self.cell(mesh.point(vertex));
            self.near[cell] = vertex;
        }
    }

    /// A vertex close to a point; after changes perhaps one that is no more.
    pub(in crate::plane) fn near(&self, p: Xy) -> u32 {
        self.near[self.cell(p)]
    }
}

impl Mesh {
    /// Where a point lies: `None` beyond the end of the plane. The walk begins at a vertex that should be near.
    ///
    /// Cost: O(triangles between).
    pub(in crate::plane) fn locate(&self, p: Xy, near: u32) -> Option<Place> {
        let inside = |at: f64| at.abs() < super::FAR_M;
        if !(inside(p.x) && inside(p.y)) {
            return None;
        }
        let start = self.leaving.get(near as usize).copied().filter(|&half| half != NONE);
        let start = start.or_else(|| self.leaving.iter().copied().find(|&half| half != NONE))?;
        // A walk over triangles that are not all Delaunay could go round: its steps are mixed, and counted.
        let (mut half, mut mixer) = (start & !3, 1_u32);
        for _ in 0..4 * self.origins.len() {
            mixer = mixer.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let first = (half & !3) + (mixer >> 16) % 3;
            let sides = [first, next(first), prev(first)];
            let beyond = sides.into_iter().find(|&side| self.side_of(side, p) < 0.0);
            match beyond {
                Some(side) => half = self.twin(side)?,
                None => return Some(self.place_in(half & !3, p)),
            }
        }
        None
    }

    fn side_of(&self, half: u32, p: Xy) -> f64 {
        turn(self.point(self.origin(half)), self.point(self.target(half)), p)
    }

    /// The place of a point that lies in a triangle or on its border.
    fn place_in(&self, first: u32, p: Xy) -> Place {
        let sides = [first, first + 1, first + 2];
        if let Some(side) = sides.into_iter().find(|&side| self.point(self.origin(side)) == p) {
            return Place::At(self.origin(side));
        }
        sides
            .into_iter()
            .find(|&side| self.side_of(side, p) == 0.0)
            .map_or(Place::Within(first), Place::Along)
    }

    /// Does a point at that place lie outside the area, or on its border?
    pub(in crate::plane) fn is_open(&self, place: Place) -> bool {
        match place {
            Place::Within(half) => self.is_free(half),
            Place::Along(half) => self.is_open_along(half),
            Place::At(_) => true,
        }
    }
}
