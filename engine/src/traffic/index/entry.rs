//! A part of a piece within one cell and slab of time, in few bytes.

use super::super::Piece;
use super::walk::{CELL_M, Cell, ROOM};

/// How long a slab of time lasts, seconds.
pub(super) const SLAB_S: f64 = 256.0;

/// A box within one cell and slab, its ends rounded down: boxes that meet still do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// In 1/256 of the slab's seconds.
    times: [u16; 2],
    /// Metres AMSL.
    heights: [i16; 2],
    /// In 1/256 of the cell's edge.
    xs: [u8; 2],
    ys: [u8; 2],
}

/// The part of a flight's piece in a cell and slab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) flight: u32,
    pub(super) piece: u32,
    pub(super) window: Window,
}

/// A box in place, height and time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) x: (f64, f64),
    pub(super) y: (f64, f64),
    pub(super) heights_m: (f64, f64),
    pub(super) times_s: (f64, f64),
}

impl Extent {
    /// The box of a part of a piece, with room for rounding.
    pub(super) fn of(piece: &Piece, part: (f64, f64)) -> Self {
        let (from, to) = (&piece.from, &piece.to);
        let span = |a: f64, b: f64| {
            let (start, end) = (a + part.0 * (b - a), a + part.1 * (b - a));
            (start.min(end) - ROOM, start.max(end) + ROOM)
        };
        Self {
            x: span(from.at.x, to.at.x),
            y: span(from.at.y, to.at.y),
            heights_m: span(from.height_m, to.height_m),
            times_s: span(from.time_s, to.time_s),
        }
    }

    /// Grown on all sides.
    pub(super) fn grown(self, horizontal_m: f64, vertical_m: f64, times_s: (f64, f64)) -> Self {
        Self {
            x: (self.x.0 - horizontal_m, self.x.1 + horizontal_m),
            y: (self.y.0 - horizontal_m, self.y.1 + horizontal_m),
            heights_m: (self.heights_m.0 - vertical_m, self.heights_m.1 + vertical_m),
            times_s: (self.times_s.0 + times_s.0, self.times_s.1 + times_s.1),
        }
    }

    /// The slabs of time that it touches.
    pub(super) fn slabs(&self) -> (i64, i64) {
        ((self.times_s.0 / SLAB_S).floor() as i64, (self.times_s.1 / SLAB_S).floor() as i64)
    }
}

impl Window {
    /// What lies of a box in a cell and slab that it meets.
    pub(super) fn of(extent: &Extent, cell: Cell, slab: i64) -> Self {
        // Casts round towards zero and stay within their type.
        let in_slab = |time_s: f64| ((time_s - slab as f64 * SLAB_S) * (65_536.0 / SLAB_S)) as u16;
        let in_cell = |at: f64, cell: i32| ((at - f64::from(cell) * CELL_M) * (256.0 / CELL_M)) as u8;
        let height = |height_m: f64| height_m.floor() as i16;
        Self {
            times: [in_slab(extent.times_s.0), in_slab(extent.times_s.1)],
            heights: [height(extent.heights_m.0), height(extent.heights_m.1)],
            xs: [in_cell(extent.x.0, cell.0), in_cell(extent.x.1, cell.0)],
            ys: [in_cell(extent.y.0, cell.1), in_cell(extent.y.1, cell.1)],
        }
    }

    /// Do two boxes of the same cell and slab meet? Never denied by rounding.
    pub(super) fn meets(&self, other: &Self) -> bool {
        fn meet<T: PartialOrd>(a: &[T; 2], b: &[T; 2]) -> bool {
            (a[0] <= b[1]) & (b[0] <= a[1])
        }
        meet(&self.times, &other.times)
            && meet(&self.heights, &other.heights) & meet(&self.xs, &other.xs) & meet(&self.ys, &other.ys)
    }
}
