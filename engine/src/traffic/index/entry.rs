//! A part of a piece within one cell and slab of time, in few bytes.

use std::ops::RangeInclusive;

use super::super::Piece;
use super::walk::{CELL_M, Cell, ROOM, cells};

/// How long a slab of time lasts, seconds.
pub(super) const SLAB_S: f64 = 256.0;

/// A box within one cell and slab, its four corners cut off aslant. Ends are rounded down: boxes that meet still do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// In 1/256 of the slab's seconds.
    times: [u16; 2],
    /// Metres AMSL.
    heights: [i16; 2],
    /// In 1/256 of the cell's edge.
    xs: [u8; 2],
    ys: [u8; 2],
    /// Of x + y, in 1/128 of the cell's edge.
    sums: [u8; 2],
    /// Of x - y, from where it is least in the cell.
    differences: [u8; 2],
}

/// The part of a flight's piece in a cell and slab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) flight: u32,
    pub(super) piece: u32,
    pub(super) window: Window,
}

/// A box in place, height and time, its corners in the plane cut off aslant: two lines that cross a cell in different
/// places meet in their boxes more often than not, so cut off seldom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    x: (f64, f64),
    y: (f64, f64),
    /// Of x + y.
    sum: (f64, f64),
    /// Of x - y.
    difference: (f64, f64),
    heights_m: (f64, f64),
    times_s: (f64, f64),
}

impl Extent {
    /// A box with all its corners.
    pub(super) fn whole(x: (f64, f64), y: (f64, f64), heights_m: (f64, f64), times_s: (f64, f64)) -> Self {
        Self { x, y, sum: (x.0 + y.0, x.1 + y.1), difference: (x.0 - y.1, x.1 - y.0), heights_m, times_s }
    }

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
            sum: span(from.at.x + from.at.y, to.at.x + to.at.y),
            difference: span(from.at.x - from.at.y, to.at.x - to.at.y),
            heights_m: span(from.height_m, to.height_m),
            times_s: span(from.time_s, to.time_s),
        }
    }

    /// Grown on all sides; in the plane by what is within `horizontal_m` of it.
    pub(super) fn grown(self, horizontal_m: f64, vertical_m: f64, times_s: (f64, f64)) -> Self {
        let wider = |span: (f64, f64), by: f64| (span.0 - by, span.1 + by);
        Self {
            x: wider(self.x, horizontal_m),
            y: wider(self.y, horizontal_m),
            sum: wider(self.sum, horizontal_m * std::f64::consts::SQRT_2),
            difference: wider(self.difference, horizontal_m * std::f64::consts::SQRT_2),
            heights_m: wider(self.heights_m, vertical_m),
            times_s: (self.times_s.0 + times_s.0, self.times_s.1 + times_s.1),
        }
    }

    /// The columns and rows of cells that it touches.
    pub(super) fn cells(&self) -> (RangeInclusive<i32>, RangeInclusive<i32>) {
        (cells(self.x.0, self.x.1), cells(self.y.0, self.y.1))
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
        let height = |height_m: f64| height_m.floor() as i16;
        let (west, south) = (f64::from(cell.0) * CELL_M, f64::from(cell.1) * CELL_M);
        let ends = |span: (f64, f64), low_m: f64, parts: f64| {
            [span.0, span.1].map(|end| ((end - low_m) * (parts / CELL_M)) as u8)
        };
        Self {
            times: [in_slab(extent.times_s.0), in_slab(extent.times_s.1)],
            heights: [height(extent.heights_m.0), height(extent.heights_m.1)],
            xs: ends(extent.x, west, 256.0),
            ys: ends(extent.y, south, 256.0),
            sums: ends(extent.sum, west + south, 128.0),
            differences: ends(extent.difference, west - south - CELL_M, 128.0),
        }
    }

    /// Do two boxes of the same cell and slab meet? Never denied by rounding.
    pub(super) fn meets(&self, other: &Self) -> bool {
        fn meet<T: PartialOrd>(a: &[T; 2], b: &[T; 2]) -> bool {
            (a[0] <= b[1]) & (b[0] <= a[1])
        }
        meet(&self.times, &other.times)
            && (meet(&self.heights, &other.heights)
                & meet(&self.xs, &other.xs)
                & meet(&self.ys, &other.ys)
                & meet(&self.sums, &other.sums)
                & meet(&self.differences, &other.differences))
    }
}
