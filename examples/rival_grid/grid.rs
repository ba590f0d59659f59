//! Cells of the separation's size on levels of its height: what is closed and when they are taken.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use tianlu_engine::airspace::{Entry, HeightBand};
use tianlu_engine::flight::Request;
use tianlu_engine::frame::{Interval, Xy};
use tianlu_engine::world::World;

/// Column, row and level; level 0 is the ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Cell {
    pub(crate) column: i32,
    pub(crate) row: i32,
    pub(crate) level: i32,
}

impl Cell {
    pub(crate) fn moved(self, columns: i32, rows: i32, levels: i32) -> Self {
        Self { column: self.column + columns, row: self.row + rows, level: self.level + levels }
    }
}

/// Multiplies and turns: enough for numbers of cells.
#[derive(Default)]
pub(crate) struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(byte.into()));
    }

    fn write_i32(&mut self, number: i32) {
        self.write_u64(number as u32 as u64);
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(26) ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

pub(crate) type Map<K, V> = HashMap<K, V, BuildHasherDefault<Mixed>>;

/// The grid over a world with flat ground.
pub(crate) struct Grid<'a> {
    world: &'a World,
    during: Interval,
    pub(crate) edge_m: f64,
    pub(crate) step_m: f64,
    /// Zones near the way from a cell to a neighbour, asked once.
    zones: Map<(Cell, Cell), Box<[u32]>>,
    /// Spans in which a cell is taken, apart from each other and ascending.
    taken: Map<Cell, Vec<(f64, f64)>>,
}

impl<'a> Grid<'a> {
    pub(crate) fn new(world: &'a World, during: Interval) -> Self {
        let separation = &world.separation;
        Self {
            world,
            during,
            edge_m: separation.horizontal_m,
            step_m: separation.vertical_m,
            zones: Map::default(),
            taken: Map::default(),
        }
    }

    /// Nothing is taken any more; what is known of zones stays.
    pub(crate) fn clear(&mut self) {
        self.taken.clear();
    }

    /// The ground cell nearest to a point.
    pub(crate) fn nearest(&self, at: Xy) -> Cell {
        let cell = |metres: f64| (metres / self.edge_m).round() as i32;
        Cell { column: cell(at.x), row: cell(at.y), level: 0 }
    }

    pub(crate) fn middle(&self, cell: Cell) -> Xy {
        Xy { x: f64::from(cell.column) * self.edge_m, y: f64::from(cell.row) * self.edge_m }
    }

    /// May a flight go from a cell to a neighbour, as far as zones go?
    pub(crate) fn is_open(
        &mut self,
        from: Cell,
        to: Cell,
        request: &Request,
        clearances: (f64, f64),
    ) -> bool {
        let pair = if from <= to { (from, to) } else { (to, from) };
        if !self.zones.contains_key(&pair) {
            let near = self.near(pair, clearances);
            self.zones.insert(pair, near);
        }
        let index = self.world.airspace.index();
        let rights = request.rights();
        let barred = |zone: &u32| index.zone(*zone).is_some_and(|zone| zone.entry(&rights) == Entry::Barred);
        !self.zones.get(&pair).is_some_and(|zones| zones.iter().any(barred))
    }

    fn near(&self, (from, to): (Cell, Cell), (clearance_m, vertical_m): (f64, f64)) -> Box<[u32]> {
        let frame = &self.world.frame;
        let heights = HeightBand {
            low_m: f64::from(from.level.min(to.level)) * self.step_m - vertical_m,
            high_m: f64::from(from.level.max(to.level)) * self.step_m + vertical_m,
            ground_low_m: 0.0,
            ground_high_m: 0.0,
        };
        let (from, to) = (frame.to_place(self.middle(from)), frame.to_place(self.middle(to)));
        let near = self.world.airspace.index().along_segment(from, to, clearance_m, heights, self.during);
        let mut zones: Vec<u32> = near.into_iter().map(|id| id.zone).collect();
        zones.dedup();
        zones.into()
    }

    /// The spans in which a cell is free, from `from_s` on.
    pub(crate) fn free(&self, cell: Cell, from_s: f64) -> impl Iterator<Item = (f64, f64)> {
        let taken = self.taken.get(&cell).map_or(&[][..], Vec::as_slice);
        let first = taken.partition_point(|span| span.1 < from_s);
        let start_s = first.checked_sub(1).map_or(f64::NEG_INFINITY, |before| taken[before].1);
        let starts = std::iter::once(start_s).chain(taken[first..].iter().map(|span| span.1));
        let ends = taken[first..].iter().map(|span| span.0).chain([f64::INFINITY]);
        starts.zip(ends).filter(|(start, end)| start < end)
    }

    /// Takes a cell and those beside it.
    pub(crate) fn take(&mut self, cell: Cell, span: (f64, f64)) {
        for (columns, rows) in (-1..=1).flat_map(|i| (-1..=1).map(move |j| (i, j))) {
            let taken = self.taken.entry(cell.moved(columns, rows, 0)).or_default();
            let first = taken.partition_point(|other| other.1 < span.0);
            let end = taken.partition_point(|other| other.0 <= span.1);
            let joined = taken[first..end].iter().fold(span, |a, b| (a.0.min(b.0), a.1.max(b.1)));
            taken.splice(first..end, [joined]);
        }
    }
}
