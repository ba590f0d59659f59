//! The triangulation, from the rings of an area.

use spade::{ConstrainedDelaunayTriangulation, Point2, Triangulation};

use super::{FAR_M, FREE, Mesh, NONE, OUTSIDE, RING, SOLID, WALL, is_ahead};
use crate::frame::Xy;
use crate::plane::predicate::turn;

/// Two edges that cross, or a number that no triangulation holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Crossing;

/// Triangles by their vertices, and the neighbour beyond each half-edge.
pub(super) struct Raw {
    /// Three vertices a triangle, counter-clockwise.
    pub(super) triangles: Vec<[u32; 3]>,
    /// For each side of each triangle the side of another: three times its number and 0 to 2. `NONE` outside.
    pub(super) twins: Vec<[u32; 3]>,
}

/// The constrained Delaunay triangulation of points that are all different.
pub(super) fn triangulate(points: &[Xy], edges: Vec<[usize; 2]>) -> Result<Raw, Crossing> {
    let vertices = points.iter().map(|p| Point2::new(p.x, p.y)).collect();
    let mut conflicts = 0;
    let made = ConstrainedDelaunayTriangulation::<Point2<f64>>::try_bulk_load_cdt(vertices, edges, |_| {
        conflicts += 1
    })
    .map_err(|_| Crossing)?;
    if conflicts > 0 || made.num_vertices() != points.len() {
        return Err(Crossing);
    }
    // Triangles follow their vertices, so that those close together stand close together.
    let mut faces: Vec<_> = made.inner_faces().collect();
    faces.sort_by_cached_key(|face| face.vertices().map(|vertex| vertex.fix().index()).into_iter().min());
    let mut side_of = vec![NONE; made.num_directed_edges()];
    let mut triangles = Vec::with_capacity(faces.len());
    for (number, face) in faces.iter().enumerate() {
        let sides = face.adjacent_edges();
        for (k, side) in sides.iter().enumerate() {
            side_of[side.fix().index()] = (3 * number + k) as u32;
        }
        triangles.push(sides.map(|side| side.from().fix().index() as u32));
    }
    let beyond = |side: spade::handles::DirectedEdgeHandle<'_, _, _, _, _>| side_of[side.rev().fix().index()];
    let twins = faces.iter().map(|face| face.adjacent_edges().map(beyond)).collect();
    Ok(Raw { triangles, twins })
}

/// The sides of a ring.
pub(super) fn sides_of(ring: &[u32]) -> impl Iterator<Item = [usize; 2]> {
    (0..ring.len()).map(|i| [ring[i] as usize, ring[(i + 1) % ring.len()] as usize])
}

/// From the side of a raw triangle to a half-edge.
pub(super) fn half_of(side: u32) -> u32 {
    4 * (side / 3) + side % 3
}

impl Mesh {
    /// The far corners of the plane, the first vertices of every mesh.
    pub(in crate::plane) fn far_corners() -> [Xy; 4] {
        [(-FAR_M, -FAR_M), (FAR_M, -FAR_M), (FAR_M, FAR_M), (-FAR_M, FAR_M)].map(|(x, y)| Xy { x, y })
    }

    /// A mesh of points that are all different, the far corners first, and of rings of them with the solid at the left of
    /// each; `None` if rings cross.
    pub(in crate::plane) fn new(points: Vec<Xy>, rings: &[&[u32]]) -> Option<Self> {
        let raw = triangulate(&points, rings.iter().flat_map(|ring| sides_of(ring)).collect()).ok()?;
        let mut mesh = Self { leaving: vec![NONE; points.len()], points, ..Self::default() };
        mesh.origins.reserve(4 * raw.triangles.len());
        mesh.twins.reserve(4 * raw.triangles.len());
        for (number, (corners, twins)) in raw.triangles.iter().zip(&raw.twins).enumerate() {
            for (k, (&corner, &twin)) in corners.iter().zip(twins).enumerate() {
                mesh.leaving[corner as usize] = (4 * number + k) as u32;
                mesh.origins.push(corner);
                mesh.twins.push(if twin == NONE { OUTSIDE } else { half_of(twin) });
            }
            mesh.origins.push(FREE);
            mesh.twins.push(OUTSIDE);
        }
        for ring in rings {
            mesh.mark_ring(ring)?;
        }
        let all = (0..raw.triangles.len() as u32).collect::<Vec<_>>();
        mesh.tell_solid(&all);
        mesh.raise_walls(&all);
        Some(mesh)
    }

    /// Marks the half-edges along a ring.
    pub(super) fn mark_ring(&mut self, ring: &[u32]) -> Option<()> {
        (0..ring.len()).try_for_each(|i| self.mark(ring[i], ring[(i + 1) % ring.len()]))
    }

    /// Marks the half-edges between two vertices of a ring.
    pub(super) fn mark(&mut self, from: u32, to: u32) -> Option<()> {
        let mut at = from;
        while at != to {
            let half = self.towards(at, to)?;
            self.twins[half as usize] |= RING;
            at = self.target(half);
        }
        Some(())
    }

    /// The half-edge along which the straight line from one vertex to another begins.
    pub(super) fn towards(&self, from: u32, to: u32) -> Option<u32> {
        if let Some(half) = self.leaving(from).find(|&half| self.target(half) == to) {
            return Some(half);
        }
        let (a, b) = (self.point(from), self.point(to));
        self.leaving(from).find(|&half| {
            let through = self.point(self.target(half));
            turn(a, b, through) == 0.0 && is_ahead(a, through, b)
        })
    }

    /// Is the triangle beyond solid, and no ring between?
    fn goes_on_solid(&self, half: u32) -> bool {
        self.twin(half).is_some_and(|twin| !self.is_free(twin) && !self.is_ring(half) && !self.is_ring(twin))
    }

    /// Tells of triangles whether they are solid: those that are joined to the left side of a ring.
    pub(super) fn tell_solid(&mut self, triangles: &[u32]) {
        for &triangle in triangles {
            self.origins[4 * triangle as usize + 3] = FREE;
        }
        let mut open: Vec<u32> = Vec::new();
        for &triangle in triangles {
            if (4 * triangle..4 * triangle + 3).any(|half| self.is_ring(half) || self.goes_on_solid(half)) {
                open.push(triangle);
            }
        }
        while let Some(triangle) = open.pop() {
            if std::mem::replace(&mut self.origins[4 * triangle as usize + 3], SOLID) == SOLID {
                continue;
            }
            for half in 4 * triangle..4 * triangle + 3 {
                let Some(twin) = self.twin(half) else { continue };
                if !self.is_ring(half) && !self.is_ring(twin) && self.is_free(twin) {
                    open.push(twin / 4);
                }
            }
        }
    }

    /// Sets the walls of triangles on both sides of their edges.
    pub(super) fn raise_walls(&mut self, triangles: &[u32]) {
        for &triangle in triangles {
            for half in 4 * triangle..4 * triangle + 3 {
                let Some(twin) = self.twin(half) else { continue };
                let open =
                    self.is_free(half) && self.is_free(twin) && !self.is_ring(half) && !self.is_ring(twin);
                for side in [half, twin] {
                    let flags = &mut self.twins[side as usize];
                    *flags = if open { *flags & !WALL } else { *flags | WALL };
                }
            }
        }
    }
}
