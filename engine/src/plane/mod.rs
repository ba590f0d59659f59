//! Exact shortest paths among polygons in the plane: the geometric kernel, useful alone.
//!
//! Polygons are first grown by a clearance ([`grow_polygon`], [`grow_circle`]) and united ([`unite`]) into [`Shape`]s that
//! a path may touch but not enter. Then there are two ways to search:
//!
//! | | [`Region`] and [`shortest_path`] | [`Roadmap`] |
//! | --- | --- | --- |
//! | for | a few shapes, made and thrown away | thousands, asked again and again by many threads |
//! | ready after | microseconds | about 10 us a shape |
//! | keeps | nothing | what each corner sees, found when first needed |
//! | changes | make another | [`Roadmap::replace`] |
//!
//! Both find the same lengths. [`quickest_path`] searches a region with a cost of straight lines of your own ([`Gauge`]),
//! as seconds in a wind: `quickest_path(&region, start, goal, most, &gauge) -> Option<Path>`.
//!
//! # Rules of touching
//! - A path may run along an edge, around a corner, between two shapes that touch at a point, and along an edge that two
//!   shapes share. It may begin and end there.
//! - No point of it lies strictly within a shape. Where rings of one shape touch, the free sides meet as well.
//! - Which side of a line a point is on is told exactly, so nothing depends on a tolerance. Lengths are sums in f64.
//!
//! # Why corners, and why few edges
//! A shortest path is a taut string: it bends at convex corners alone, towards the shape (Lozano-Pérez and Wesley 1979).
//! So of all lines between corners that see each other only those matter that graze the shape at both ends (bitangents),
//! and after a bend to the left only those that go on to the left. A corner has about twenty such edges however many
//! shapes there are, as only so many are in sight. They are found by triangular expansion over a constrained Delaunay
//! triangulation (Bungiu et al. 2014): from the corner through one triangle after the other, narrowing the view at each
//! vertex. The search is A* with the straight line to the goal as its bound. Most paths are hardly longer than the
//! straight line, so it first looks no farther aside than a path 0.5 % longer could go, then 2 %, then everywhere; it
//! stops only with a path that nothing beyond could beat.
//!
//! Bounds by landmarks (Goldberg and Harrelson 2005) are not used: among scattered shapes they are worse than the straight
//! line unless there are dozens, and a change of one shape would spoil them all.
//!
//! # Cost
//! Figures, and the rival Polyanya (Cui, Harabor and Grastien 2017), are in `benches/README.md`. A query among known
//! corners allocates nothing. In long, winding corridors of many small steps a roadmap has little to gain: there every
//! corner sees hundreds of others.
//!
//! # Example
//! ```
//! use tianlu_engine::frame::Xy;
//! use tianlu_engine::plane::{Region, Roadmap, shortest_path};
//!
//! let square = vec![Xy { x: -10.0, y: -10.0 }, Xy { x: 10.0, y: -10.0 }, Xy { x: 10.0, y: 10.0 }, Xy { x: -10.0, y: 10.0 }];
//! let region = Region::new(vec![vec![square]]);
//! let (start, goal) = (Xy { x: -30.0, y: 0.0 }, Xy { x: 30.0, y: 0.0 });
//! let path = shortest_path(&region, start, goal, f64::INFINITY).unwrap();
//! assert_eq!(path.points.len(), 4);
//! assert!((path.length - (2.0 * 500.0_f64.sqrt() + 20.0)).abs() < 1e-9);
//!
//! // The same, prepared: worth it among thousands.
//! let square = region.corners().iter().map(|corner| corner.at).collect();
//! let roadmap = Roadmap::new(&[vec![square]]).unwrap();
//! assert_eq!(roadmap.shortest_path(start, goal).unwrap(), path);
//!
//! // Nothing leads into the square.
//! assert!(shortest_path(&region, start, Xy { x: 0.0, y: 0.0 }, f64::INFINITY).is_none());
//! ```
//!
//! # Sources
//! - Lozano-Pérez and Wesley 1979, "An algorithm for planning collision-free paths among polyhedral obstacles".
//! - Bungiu, Hemmer, Hershberger, Huang and Kröller 2014, "Efficient computation of visibility polygons".
//! - Shewchuk 1997, "Adaptive precision floating-point arithmetic and fast robust geometric predicates".
//! - Goldberg and Harrelson 2005, "Computing the shortest path: A* search meets graph theory".
//! - Cui, Harabor and Grastien 2017, "Compromise-free pathfinding on a navigation mesh".

mod along;
mod corner;
mod gauge;
mod grow;
mod mesh;
mod predicate;
mod region;
mod roadmap;
mod run;
mod shortest;
mod unite;

pub(crate) use along::AlongSegment;
pub use corner::Corner;
pub use gauge::{Gauge, Length};
pub use grow::{Contour, grow_circle, grow_polygon};
pub use predicate::{distance_to_segment, orientation, signed_area};
pub use region::Region;
pub use roadmap::{Roadmap, RoadmapError, Scratch, Way};
pub use shortest::{Path, quickest_path, shortest_path};
pub use unite::{GRID_M, Shape, intersect, unite};

#[cfg(test)]
mod tests;
