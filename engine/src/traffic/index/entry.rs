//! A part of a piece within one cell and slab of time, in few bytes.

use std::ops::RangeInclusive;

use super::super::Piece;
use super::walk::{CELL_M, Cell, ROOM, cells};

/// How long a slab of time lasts, seconds.
pub(super) const SLAB_S: f64 = 256.0;

/// Ends of a box within one cell and slab, a byte each: time, height, x, y, x + y, x - y, and two of no meaning, as
/// eight bytes are compared at once.
type Ends = [u8; 8];

/// A box within one cell and slab, its four corners cut off aslant. Ends are rounded down: boxes that meet still do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    low: Ends,
    high: Ends,
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

    /// Is any of it in a slab of time?
    pub(super) fn is_in(&self, slab: i64) -> bool {
        let start_s = slab as f64 * SLAB_S;
        self.times_s.0 <= start_s + SLAB_S && self.times_s.1 >= start_s
    }

    /// The slabs of time that it touches.
    pub(super) fn slabs(&self) -> (i64, i64) {
        ((self.times_s.0 / SLAB_S).floor() as i64, (self.times_s.1 / SLAB_S).floor() as i64)
    }
}

/// The least height that is told from others, metres AMSL,
const LOWEST_M: f64 = -128.0;
/// and how finely.
const HEIGHT_STEP_M: f64 = 4.0;

impl Window {
    /// What lies of a box in a cell and slab that it meets.
    pub(super) fn of(extent: &Extent, cell: Cell, slab: i64) -> Self {
        let (west, south) = (f64::from(cell.0) * CELL_M, f64::from(cell.1) * CELL_M);
        let start_s = slab as f64 * SLAB_S;
        let fine = 256.0 / CELL_M;
        // Casts round towards zero and stay within their type.
        let ends = |time_s: f64, height_m: f64, x: f64, y: f64, sum: f64, difference: f64| {
            [
                ((time_s - start_s) * (256.0 / SLAB_S)) as u8,
                ((height_m - LOWEST_M) * (1.0 / HEIGHT_STEP_M)) as u8,
                ((x - west) * fine) as u8,
                ((y - south) * fine) as u8,
                ((sum - (west + south)) * (0.5 * fine)) as u8,
                ((difference - (west - south - CELL_M)) * (0.5 * fine)) as u8,
                0,
                0,
            ]
        };
        let Extent { x, y, sum, difference, heights_m, times_s } = extent;
        Self {
            low: ends(times_s.0, heights_m.0, x.0, y.0, sum.0, difference.0),
            high: ends(times_s.1, heights_m.1, x.1, y.1, sum.1, difference.1),
        }
    }

    /// Do two boxes of the same cell and slab meet? Never denied by rounding.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let below = |low: &Ends, high: &Ends| low.iter().zip(high).fold(true, |all, (a, b)| all & (a <= b));
        below(&self.low, &other.high) & below(&other.low, &self.high)
    }
}
