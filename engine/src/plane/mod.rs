//! Exact shortest paths among polygons in the plane: the geometric kernel, useful alone.
//!
//! Polygons are first grown by a clearance ([`grow_polygon`], [`grow_circle`]) and united ([`unite`]) into a
//! [`Region`] that a path may touch but not enter. [`Region::blocks`] decides with exact predicates whether a straight
//! line enters it; [`shortest_path`] searches the corners around which a path can bend. [`quickest_path`] does so with a
//! cost of straight lines of your own ([`Gauge`]), as seconds in a wind:
//! `quickest_path(&region, start, goal, most, &gauge) -> Option<Path>`.
//!
//! ```
//! use tianlu_engine::frame::Xy;
//! use tianlu_engine::plane::{Region, shortest_path};
//!
//! let square = vec![Xy { x: -10.0, y: -10.0 }, Xy { x: 10.0, y: -10.0 }, Xy { x: 10.0, y: 10.0 }, Xy { x: -10.0, y: 10.0 }];
//! let region = Region::new(vec![vec![square]]);
//! let (start, goal) = (Xy { x: -30.0, y: 0.0 }, Xy { x: 30.0, y: 0.0 });
//! let path = shortest_path(&region, start, goal, f64::INFINITY).unwrap();
//! assert_eq!(path.points.len(), 4);
//! assert!((path.length - (2.0 * 500.0_f64.sqrt() + 20.0)).abs() < 1e-9);
//!
//! // Nothing leads into the square.
//! assert!(shortest_path(&region, start, Xy { x: 0.0, y: 0.0 }, f64::INFINITY).is_none());
//! ```

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
