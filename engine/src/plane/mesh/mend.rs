//! Changes of a part of the mesh: its triangles are taken out, and the hole that they leave is triangulated anew.

use std::collections::{HashMap, HashSet};

use super::build::{Raw, sides_of, triangulate};
use super::{FREE, INDEX, Mesh, NONE, OUTSIDE, Place};
use crate::frame::Xy;
use crate::plane::predicate::turn;
use crate::plane::roadmap::key;

/// The fourth place of a triangle that is no more.
const GONE: u32 = 2;

/// A part of the mesh that is to be made anew, prepared so that nothing is changed if it cannot be.
pub(in crate::plane) struct Mending {
    triangles: Vec<u32>,
    /// The local points, and the vertices that they are; `NONE` for new ones.
    points: Vec<Xy>,
    vertices: Vec<u32>,
    /// Those that the mesh has no more use for.
    dropped: Vec<u32>,
    /// Edges of rings that stay, by their ends.
    kept: Vec<[u32; 2]>,
    raw: Raw,
    /// The local triangles within the hole.
    inside: Vec<u32>,
    /// From the sides of the hole, by local points, to the half-edges around it; [`INDEX`] at the end of the plane.
    border: HashMap<[u32; 2], u32>,
    /// New rings by their local points.
    rings: Vec<Vec<u32>>,
}

/// What a change has made.
pub(in crate::plane) struct Mended {
    /// The vertices of the part.
    pub(in crate::plane) vertices: Vec<u32>,
    /// The new rings, by their vertices.
    pub(in crate::plane) rings: Vec<Box<[u32]>>,
}

impl Mesh {
    /// The triangles that have a vertex on one of some rings.
    pub(in crate::plane) fn triangles_along<'a>(
        &self,
        rings: impl Iterator<Item = &'a [u32]>,
    ) -> HashSet<u32> {
        let mut found = HashSet::new();
        for half in self.halves_along(rings) {
            found.extend(self.leaving(self.origin(half)).map(|half| half / 4));
        }
        found
    }

    /// The half-edges along rings.
    fn halves_along<'a>(&self, rings: impl Iterator<Item = &'a [u32]>) -> Vec<u32> {
        let mut found = Vec::new();
        for [from, to] in rings.flat_map(sides_of) {
            let (mut at, to) = (from as u32, to as u32);
            while at != to {
                let Some(half) = self.towards(at, to) else { break };
                found.push(half);
                at = self.target(half);
            }
        }
        found
    }

    /// Adds the triangles that a box meets, of which one holds a place in it.
    pub(in crate::plane) fn add_triangles_in(
        &self,
        place: Place,
        low: Xy,
        high: Xy,
        found: &mut HashSet<u32>,
    ) {
        let first = match place {
            Place::Within(half) | Place::Along(half) => half / 4,
            Place::At(vertex) => self.leaving[vertex as usize] / 4,
        };
        let (mut open, mut seen) = (vec![first], HashSet::from([first]));
        while let Some(triangle) = open.pop() {
            found.insert(triangle);
            for half in 4 * triangle..4 * triangle + 3 {
                let Some(beyond) = self.twin(half).map(|twin| twin / 4) else { continue };
                if self.meets_box(beyond, low, high) && seen.insert(beyond) {
                    open.push(beyond);
                }
            }
        }
    }

    /// False only if a side of the triangle or of the box parts them.
    fn meets_box(&self, triangle: u32, low: Xy, high: Xy) -> bool {
        let points = [0, 1, 2].map(|k| self.point(self.origin(4 * triangle + k)));
        let beside = points.iter().all(|p| p.x < low.x)
            || points.iter().all(|p| p.x > high.x)
            || points.iter().all(|p| p.y < low.y)
            || points.iter().all(|p| p.y > high.y);
        let corners = [low, Xy { x: high.x, y: low.y }, high, Xy { x: low.x, y: high.y }];
        let parts =
            |k: usize| corners.iter().all(|&corner| turn(points[k], points[(k + 1) % 3], corner) < 0.0);
        !beside && !(0..3).any(parts)
    }

    /// Prepares to take triangles out and the rings of shapes with them, and to put new rings in their place.
    ///
    /// `is_used`: does a ring that stays have the vertex? `None` if edges cross.
    pub(in crate::plane) fn prepare(
        &self,
        triangles: &HashSet<u32>,
        removed: &[&[u32]],
        rings: &[Vec<Xy>],
        is_used: impl Fn(u32) -> bool,
    ) -> Option<Mending> {
        let mut sorted: Vec<u32> = triangles.iter().copied().collect();
        sorted.sort_unstable();
        let gone: HashSet<u32> = self.halves_along(removed.iter().copied()).into_iter().collect();
        let halves: Vec<u32> = sorted.iter().flat_map(|&t| 4 * t..4 * t + 3).collect();
        let is_border = |half: u32| self.twin(half).is_none_or(|twin| !triangles.contains(&(twin / 4)));
        let at_border = halves.iter().filter(|&&half| is_border(half)).map(|&half| self.origin(half));
        let at_border: HashSet<u32> = at_border.collect();
        let mut mending = Mending {
            triangles: sorted,
            points: Vec::new(),
            vertices: Vec::new(),
            dropped: Vec::new(),
            kept: Vec::new(),
            raw: Raw { triangles: Vec::new(), twins: Vec::new() },
            inside: Vec::new(),
            border: HashMap::new(),
            rings: Vec::new(),
        };
        // A vertex that no ring has any more can still part an edge that stays.
        let stay = |&half: &u32| self.is_ring(half) && !gone.contains(&half);
        let along: HashSet<u32> = halves
            .iter()
            .copied()
            .filter(stay)
            .flat_map(|half| [self.origin(half), self.target(half)])
            .collect();
        let (mut local, mut numbers) = (HashMap::new(), HashMap::new());
        for vertex in halves.iter().map(|&half| self.origin(half)) {
            if local.contains_key(&vertex) {
                continue;
            }
            let stays = at_border.contains(&vertex) || along.contains(&vertex) || is_used(vertex);
            local.insert(vertex, if stays { mending.points.len() as u32 } else { NONE });
            if stays {
                numbers.insert(key(self.point(vertex)), mending.points.len() as u32);
                mending.points.push(self.point(vertex));
                mending.vertices.push(vertex);
            } else {
                mending.dropped.push(vertex);
            }
        }
        let mut edges = Vec::new();
        for &half in &halves {
            let (stays, border) = (stay(&half), is_border(half));
            if stays {
                mending.kept.push([self.origin(half), self.target(half)]);
            }
            if stays || border {
                let ends = [local[&self.origin(half)], local[&self.target(half)]];
                edges.push(ends.map(|end| end as usize));
                if border {
                    mending.border.insert(ends, self.twins[half as usize] & INDEX);
                }
            }
        }
        for ring in rings {
            let number = |&p: &Xy| {
                *numbers.entry(key(p)).or_insert_with(|| {
                    mending.points.push(p);
                    mending.vertices.push(NONE);
                    mending.points.len() as u32 - 1
                })
            };
            mending.rings.push(ring.iter().map(number).collect());
        }
        edges.extend(mending.rings.iter().flat_map(|ring| sides_of(ring)));
        mending.raw = triangulate(&mending.points, edges).ok()?;
        mending.inside = mending.raw.within(&mending.border)?;
        Some(mending)
    }

    /// Makes the change.
    pub(in crate::plane) fn mend(&mut self, mending: Mending) -> Mended {
        let Mending { triangles, points, mut vertices, dropped, kept, raw, inside, border, rings } = mending;
        for &vertex in &dropped {
            self.leaving[vertex as usize] = NONE;
        }
        for (&at, vertex) in points.iter().zip(&mut vertices).filter(|(_, vertex)| **vertex == NONE) {
            *vertex = self.spare_vertices.pop().unwrap_or(self.points.len() as u32);
            if *vertex as usize == self.points.len() {
                self.points.push(at);
                self.leaving.push(NONE);
            }
            self.points[*vertex as usize] = at;
        }
        self.spare_vertices.extend(dropped);
        let slots = self.take_slots(&triangles, inside.len());
        let slot_of: HashMap<u32, u32> = inside.iter().copied().zip(slots.iter().copied()).collect();
        for &triangle in &inside {
            let first = 4 * slot_of[&triangle];
            let corners = raw.triangles[triangle as usize];
            for k in 0..3 {
                let half = first + k as u32;
                let ends = [corners[k], corners[(k + 1) % 3]];
                let from = vertices[ends[0] as usize];
                self.origins[half as usize] = from;
                self.leaving[from as usize] = half;
                self.twins[half as usize] = match border.get(&ends) {
                    Some(&INDEX) => OUTSIDE,
                    Some(&outer) => {
                        let flags = &mut self.twins[outer as usize];
                        *flags = (*flags & !INDEX) | half;
                        outer
                    }
                    None => {
                        let side = raw.twins[triangle as usize][k];
                        slot_of.get(&(side / 3)).map_or(OUTSIDE, |slot| 4 * slot + side % 3)
                    }
                };
            }
            self.origins[first as usize + 3] = FREE;
        }
        let global = |ring: &Vec<u32>| ring.iter().map(|&at| vertices[at as usize]).collect();
        let rings: Vec<Box<[u32]>> = rings.iter().map(global).collect();
        // The edges are there, in parts where a new vertex lies on them: else there were no triangulation.
        for [from, to] in kept {
            let _ = self.mark(from, to);
        }
        for ring in &rings {
            let _ = self.mark_ring(ring);
        }
        self.tell_solid(&slots);
        self.raise_walls(&slots);
        Mended { vertices, rings }
    }

    /// Frees the places of triangles and gives so many places for new ones.
    fn take_slots(&mut self, triangles: &[u32], count: usize) -> Vec<u32> {
        for &triangle in triangles {
            let place = 4 * triangle as usize;
            self.origins[place + 3] = GONE;
            self.twins[place..place + 4].fill(OUTSIDE);
        }
        self.spare_triangles.extend(triangles.iter().rev());
        let take = |_| {
            self.spare_triangles.pop().unwrap_or_else(|| {
                let place = self.origins.len();
                self.origins.resize(place + 4, NONE);
                self.twins.resize(place + 4, OUTSIDE);
                place as u32 / 4
            })
        };
        (0..count).map(take).collect()
    }
}

impl Raw {
    /// The triangles within a border that is at their left; `None` if some of it is no edge of theirs.
    fn within(&self, border: &HashMap<[u32; 2], u32>) -> Option<Vec<u32>> {
        let ends = |triangle: u32, k: usize| {
            let corners = self.triangles[triangle as usize];
            [corners[k], corners[(k + 1) % 3]]
        };
        let (mut found, mut open, mut met) = (vec![false; self.triangles.len()], Vec::new(), 0);
        for triangle in 0..self.triangles.len() as u32 {
            let sides = (0..3).filter(|&k| border.contains_key(&ends(triangle, k))).count();
            met += sides;
            if sides > 0 {
                open.push(triangle);
            }
        }
        while let Some(triangle) = open.pop() {
            if std::mem::replace(&mut found[triangle as usize], true) {
                continue;
            }
            for k in 0..3 {
                let side = self.twins[triangle as usize][k];
                if side != NONE && !border.contains_key(&ends(triangle, k)) {
                    open.push(side / 3);
                }
            }
        }
        let inside = (0..self.triangles.len() as u32).filter(|&triangle| found[triangle as usize]);
        (met == border.len()).then(|| inside.collect())
    }
}
