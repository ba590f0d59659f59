//! The crates `polyanya` (a navigation mesh) and `pathfinding` (A* on a grid) on the same pairs.

use std::time::Instant;

use glam::Vec2;
use pathfinding::prelude::astar;
use polyanya::{Mesh, Triangulation};
use tianlu_engine::frame::Xy;
use tianlu_engine::plane::Roadmap;

use crate::task::Task;
use crate::timing::{Timed, timed};

/// The side of a square of the grid, metres.
const SQUARE_M: f64 = 40.0;

pub(crate) fn run(task: &Task, roadmap: &Roadmap, exact: &Timed) {
    let points = || {
        task.shapes.iter().flatten().flatten().chain(task.pairs.iter().flat_map(|pair| [&pair.0, &pair.1]))
    };
    let low = points().fold((f64::INFINITY, f64::INFINITY), |low, p| (low.0.min(p.x), low.1.min(p.y)));
    let high =
        points().fold((f64::NEG_INFINITY, f64::NEG_INFINITY), |high, p| (high.0.max(p.x), high.1.max(p.y)));

    let clock = Instant::now();
    // Among larger numbers its f32 coordinates are too coarse: the middle is moved to the origin.
    let middle = ((low.0 + high.0) / 2.0, (low.1 + high.1) / 2.0);
    let single = |p: &Xy| Vec2::new((p.x - middle.0) as f32, (p.y - middle.1) as f32);
    let frame = [
        (low.0 - 1e3, low.1 - 1e3),
        (high.0 + 1e3, low.1 - 1e3),
        (high.0 + 1e3, high.1 + 1e3),
        (low.0 - 1e3, high.1 + 1e3),
    ];
    let frame = frame.map(|(x, y)| single(&Xy { x, y }));
    let mut triangulation = Triangulation::from_outer_edges(&frame);
    triangulation
        .add_obstacles(task.shapes.iter().map(|shape| shape[0].iter().map(single).collect::<Vec<_>>()));
    let mut mesh = triangulation.as_navmesh();
    mesh.bake();
    let ready = clock.elapsed();
    let ask = |mesh: &Mesh| {
        timed(task, 1, &mut |start, goal| Some(f64::from(mesh.path(single(&start), single(&goal))?.length)))
    };
    let found = ask(&mesh);
    found.print("polyanya, triangles", ready);
    println!("{:28} {}", "", told(&found, exact));
    // Fewer and larger polygons: quicker to search, slow to make.
    while mesh.merge_polygons() {}
    mesh.bake();
    let ready = clock.elapsed() - found.elapsed();
    let found = ask(&mesh);
    found.print("polyanya, merged", ready);
    println!("{:28} {}", "", told(&found, exact));

    let clock = Instant::now();
    let grid = Grid::new(roadmap, low, high);
    let ready = clock.elapsed();
    let found = timed(task, 1, &mut |start, goal| grid.path(start, goal));
    found.print("pathfinding, grid of 40 m", ready);
    println!("{:28} {}", "", told(&found, exact));
}

/// How much longer a rival's paths are.
fn told(found: &Timed, exact: &Timed) -> String {
    let both =
        found.lengths.iter().zip(&exact.lengths).filter_map(|(found, exact)| Some((((*found)?), (*exact)?)));
    let (one, other) = both.fold((0.0, 0.0), |sums, pair| (sums.0 + pair.0, sums.1 + pair.1));
    let missing = found.lengths.iter().filter(|length| length.is_none()).count();
    format!("paths longer by {:.1e} together, {missing} not found", one / other - 1.0)
}

/// Squares of which the middle is free, each joined to eight others where the straight line is free.
struct Grid {
    low: (f64, f64),
    columns: usize,
    rows: usize,
    free: Vec<bool>,
}

impl Grid {
    fn new(roadmap: &Roadmap, low: (f64, f64), high: (f64, f64)) -> Self {
        let (columns, rows) =
            (((high.0 - low.0) / SQUARE_M) as usize + 1, ((high.1 - low.1) / SQUARE_M) as usize + 1);
        let mut grid = Self { low, columns, rows, free: Vec::new() };
        grid.free = (0..columns * rows).map(|square| roadmap.is_open(grid.middle(square))).collect();
        grid
    }

    fn middle(&self, square: usize) -> Xy {
        let at = |low: f64, i: usize| low + (i as f64 + 0.5) * SQUARE_M;
        Xy { x: at(self.low.0, square % self.columns), y: at(self.low.1, square / self.columns) }
    }

    /// The free square next to a point.
    fn square(&self, p: Xy) -> Option<usize> {
        let at = |p: f64, low: f64, count: usize| (((p - low) / SQUARE_M) as usize).min(count - 1);
        let (column, row) = (at(p.x, self.low.0, self.columns), at(p.y, self.low.1, self.rows));
        let near = |at: usize, count: usize| at.saturating_sub(1)..=(at + 1).min(count - 1);
        let around = near(row, self.rows).flat_map(|r| near(column, self.columns).map(move |c| (r, c)));
        let free = around.map(|(r, c)| r * self.columns + c).filter(|&square| self.free[square]);
        let away = |square: usize| (self.middle(square).x - p.x).hypot(self.middle(square).y - p.y);
        free.min_by(|&a, &b| away(a).total_cmp(&away(b)))
    }

    fn path(&self, start: Xy, goal: Xy) -> Option<f64> {
        let (from, to) = (self.square(start)?, self.square(goal)?);
        let (to_column, to_row) = (to % self.columns, to / self.columns);
        // Whole numbers in which the square root of two is exact enough.
        let (straight, diagonal) = (100_000_u64, 141_421_u64);
        let around = |&square: &usize| {
            let (column, row) = ((square % self.columns) as i64, (square / self.columns) as i64);
            let mut next = Vec::with_capacity(8);
            for (dx, dy) in [(1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1)] {
                let (c, r) = (column + dx, row + dy);
                if c < 0 || r < 0 || c >= self.columns as i64 || r >= self.rows as i64 {
                    continue;
                }
                let to = r as usize * self.columns + c as usize;
                if self.free[to] {
                    next.push((to, if dx == 0 || dy == 0 { straight } else { diagonal }));
                }
            }
            next
        };
        let rest = |&square: &usize| {
            let (dx, dy) =
                ((square % self.columns).abs_diff(to_column), (square / self.columns).abs_diff(to_row));
            straight * (dx.max(dy) - dx.min(dy)) as u64 + diagonal * dx.min(dy) as u64
        };
        let (_, length) = astar(&from, around, rest, |&square| square == to)?;
        Some(length as f64 / straight as f64 * SQUARE_M)
    }
}
