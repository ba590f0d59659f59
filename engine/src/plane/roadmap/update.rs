//! Shapes that come and go.

use std::collections::{HashMap, HashSet};

use super::super::mesh::{NONE, Reach};
use super::hops::Fan;
use super::reach::Islands;
use super::{Roadmap, RoadmapError, Shape, Stored, rings_of};
use crate::frame::Xy;

impl Roadmap {
    /// Takes shapes out, by their numbers, and puts others in; gives the numbers of those.
    ///
    /// The shapes of [`Roadmap::new`] are numbered in their order; numbers of shapes that are gone are not used again,
    /// and are passed over here. As there, shapes must not overlap: where a zone meets others, take those out that it
    /// touches ([`Roadmap::shapes_in`]), unite their outlines with its own ([`super::super::unite`]) and put the union in;
    /// where one goes, take its union out and put in that of the rest. Only what is kept for corners that may see
    /// the change is forgotten. The answers are those of a roadmap made anew.
    ///
    /// Cost: that of the triangles around the shapes, and a glance at each corner.
    ///
    /// # Errors
    /// [`RoadmapError`]; nothing is changed then.
    ///
    /// ```
    /// use tianlu_engine::frame::Xy;
    /// use tianlu_engine::plane::Roadmap;
    ///
    /// let square = |x: f64| vec![[(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)].map(|(dx, y)| Xy { x: x + dx, y }).to_vec()];
    /// let mut roadmap = Roadmap::new(&[square(0.0), square(20.0)]).unwrap();
    /// let (start, goal) = (Xy { x: -5.0, y: 4.5 }, Xy { x: 35.0, y: 4.5 });
    /// assert!(roadmap.shortest_path(start, goal).unwrap().length > 41.0);
    /// assert_eq!(roadmap.replace(&[0, 1], &[]).unwrap(), []);
    /// assert_eq!(roadmap.shortest_path(start, goal).unwrap().length, 40.0);
    /// assert_eq!(roadmap.replace(&[], &[square(10.0)]).unwrap(), [2]);
    /// ```
    pub fn replace(&mut self, removed: &[usize], added: &[Shape]) -> Result<Vec<usize>, RoadmapError> {
        let removed: HashSet<usize> =
            removed.iter().copied().filter(|&i| self.rings(i).next().is_some()).collect();
        let mut gone: Vec<usize> = removed.into_iter().collect();
        gone.sort_unstable();
        let new_rings = added.iter().map(rings_of).collect::<Result<Vec<_>, _>>()?;

        let old_rings: Vec<&[u32]> = gone.iter().flat_map(|&i| self.rings(i)).collect();
        let mut triangles = self.mesh.triangles_along(old_rings.iter().copied());
        let mut changes: Vec<Reach> = gone.iter().map(|&i| self.reach_of(i)).collect();
        for rings in new_rings.iter().filter(|rings| !rings.is_empty()) {
            let mut reach = Reach::default();
            rings.iter().flatten().for_each(|&p| reach.add(p));
            let first = rings[0][0];
            let place = self.mesh.locate(first, self.grid.near(first)).ok_or(RoadmapError::Coordinate)?;
            self.mesh.add_triangles_in(place, reach.low, reach.high, &mut triangles);
            changes.push(reach);
        }
        let mut leaving: HashMap<u32, u32> = HashMap::new();
        for &vertex in old_rings.iter().copied().flatten() {
            *leaving.entry(vertex).or_default() += 1;
        }
        let is_used = |vertex: u32| self.uses[vertex as usize] > leaving.get(&vertex).copied().unwrap_or(0);
        let flat: Vec<Vec<Xy>> = new_rings.iter().flatten().cloned().collect();
        let mending =
            self.mesh.prepare(&triangles, &old_rings, &flat, is_used).ok_or(RoadmapError::Crossing)?;

        for (vertex, count) in leaving {
            self.uses[vertex as usize] -= count;
        }
        for &number in &gone {
            self.remove_corners(number);
        }
        let mended = self.mesh.mend(mending);
        self.uses.resize(self.mesh.points.len(), 0);
        self.first_corner.resize(self.mesh.points.len(), NONE);
        self.grid.renew(&self.mesh, &mended.vertices);
        let mut rings = mended.rings.into_iter();
        let mut numbers = Vec::with_capacity(added.len());
        for shape in &new_rings {
            let shape: Stored = rings.by_ref().take(shape.len()).collect();
            shape.iter().flatten().for_each(|&vertex| self.uses[vertex as usize] += 1);
            self.add_corners(&shape, self.shapes.len());
            numbers.push(self.shapes.len());
            self.shapes.push(Some(shape));
        }
        self.islands = Islands::default();
        self.forget(&changes);
        Ok(numbers)
    }

    /// The numbers of the shapes whose own boxes meet a box, edges included. Cost: O(n).
    pub fn shapes_in(&self, low: Xy, high: Xy) -> Vec<usize> {
        let wanted = Reach { low, high };
        (0..self.shapes.len()).filter(|&number| self.reach_of(number).meets(&wanted)).collect()
    }

    /// A shape by its number, unless it is gone.
    pub fn shape(&self, number: usize) -> Option<Shape> {
        let rings = self.shapes.get(number)?.as_ref()?;
        Some(rings.iter().map(|ring| ring.iter().map(|&vertex| self.mesh.point(vertex)).collect()).collect())
    }

    fn rings(&self, number: usize) -> impl Iterator<Item = &[u32]> {
        self.shapes.get(number).into_iter().flatten().flatten().map(|ring| &**ring)
    }

    fn reach_of(&self, number: usize) -> Reach {
        let mut reach = Reach::default();
        self.rings(number).flatten().for_each(|&vertex| reach.add(self.mesh.point(vertex)));
        reach
    }

    /// Takes the corners of a shape out, and the shape.
    fn remove_corners(&mut self, number: usize) {
        let Some(shape) = self.shapes[number].take() else { return };
        for &vertex in shape.iter().flatten() {
            let is_leaving = |&corner: &u32| self.corners[corner as usize].shape == number as u32;
            let (leaving, staying): (Vec<u32>, Vec<u32>) = self.corners_at(vertex).partition(is_leaving);
            for corner in leaving {
                self.fans[2 * corner as usize] = Fan::default();
                self.fans[2 * corner as usize + 1] = Fan::default();
                self.spare_corners.push(corner);
            }
            self.first_corner[vertex as usize] = NONE;
            for corner in staying.into_iter().rev() {
                self.corners[corner as usize].next = self.first_corner[vertex as usize];
                self.first_corner[vertex as usize] = corner;
            }
        }
    }

    /// Forgets what is kept of corners from which a part of the changes may be in sight.
    fn forget(&mut self, changes: &[Reach]) {
        for fan in &mut self.fans {
            if fan.reach().is_some_and(|reach| changes.iter().any(|change| change.meets(reach))) {
                *fan = Fan::default();
            }
        }
    }
}
