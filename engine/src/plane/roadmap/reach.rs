//! Is there a path at all?

use std::sync::OnceLock;

use super::super::mesh::{Mesh, Place};
use super::Roadmap;

/// The parts of the plane between which there is no path: a number for each vertex. Found when first asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Islands {
    of_vertex: OnceLock<Vec<u32>>,
}

impl Roadmap {
    /// Is there a path between two open places? Cost: O(n) the first time after a change.
    pub(super) fn are_joined(&self, one: Place, other: Place) -> bool {
        let islands = self.islands.of_vertex.get_or_init(|| self.mesh.islands());
        let island = |place: Place| match place {
            Place::Within(half) | Place::Along(half) => islands[self.mesh.origin(half) as usize],
            Place::At(vertex) => islands[vertex as usize],
        };
        island(one) == island(other)
    }
}

impl Mesh {
    /// Joins the vertices of free triangles and the ends of seams.
    fn islands(&self) -> Vec<u32> {
        let mut parents: Vec<u32> = (0..self.points.len() as u32).collect();
        for (a, b) in self.open_edges() {
            let (a, b) = (root(&mut parents, a), root(&mut parents, b));
            parents[a.max(b) as usize] = a.min(b);
        }
        (0..self.points.len() as u32).map(|vertex| root(&mut parents, vertex)).collect()
    }
}

fn root(parents: &mut [u32], mut vertex: u32) -> u32 {
    while parents[vertex as usize] != vertex {
        parents[vertex as usize] = parents[parents[vertex as usize] as usize];
        vertex = parents[vertex as usize];
    }
    vertex
}
