//! The cells of the plane that a piece passes through.

use super::super::Piece;

/// The edge of a cell, metres.
pub(super) const CELL_M: f64 = 1024.0;

/// Room for rounding on all sides of a cell, metres; and in time, seconds.
pub(super) const ROOM: f64 = 1e-3;

/// A cell: its column and row.
pub(super) type Cell = (i32, i32);

/// Pieces beyond this, in metres from the origin or seconds from the epoch, are in no cell.
const FARTHEST: f64 = 1e9;
/// Pieces longer than this are in no cell, metres,
const LONGEST_M: f64 = 500_000.0;
/// nor are those that last longer, seconds.
const SLOWEST_S: f64 = 86_400.0;

/// Is a piece small enough to be kept by cells? False for what is not finite.
pub(super) fn fits(piece: &Piece) -> bool {
    let (from, to) = (&piece.from, &piece.to);
    let near =
        |fix: &super::Fix| [fix.at.x, fix.at.y, fix.time_s].iter().all(|value| value.abs() <= FARTHEST);
    near(from)
        && near(to)
        && (to.at.x - from.at.x).abs().max((to.at.y - from.at.y).abs()) <= LONGEST_M
        && to.time_s - from.time_s <= SLOWEST_S
}

/// Calls `visit` with each cell that a piece comes within `margin_m` of (in x and in y), and the part of the piece that
/// does, 0 to 1. Stops when `visit` says so.
pub(super) fn over_cells(
    piece: &Piece,
    margin_m: f64,
    mut visit: impl FnMut(Cell, (f64, f64)) -> bool,
) -> bool {
    let margin_m = margin_m + ROOM;
    let (start, end) = (piece.from.at, piece.to.at);
    let (dx, dy) = (end.x - start.x, end.y - start.y);
    for row in cells(start.y.min(end.y) - margin_m, start.y.max(end.y) + margin_m) {
        let Some(in_row) = within(start.y, dy, row, margin_m, (0.0, 1.0)) else { continue };
        let (a, b) = (start.x + in_row.0 * dx, start.x + in_row.1 * dx);
        for column in cells(a.min(b) - margin_m, a.max(b) + margin_m) {
            if let Some(part) = within(start.x, dx, column, margin_m, in_row)
                && !visit((column, row), part)
            {
                return false;
            }
        }
    }
    true
}

/// The cells that a span touches, along one axis.
pub(super) fn cells(from_m: f64, to_m: f64) -> std::ops::RangeInclusive<i32> {
    // Casts round towards zero and stay within their type; `floor` is a call.
    const FAR: i32 = 1 << 22;
    let cell = |metres: f64| ((metres / CELL_M + f64::from(FAR)) as i32).saturating_sub(FAR);
    cell(from_m)..=cell(to_m)
}

/// The part of `part` in which `start + t * way` is within a row (or column) of cells grown by a margin.
fn within(start: f64, way: f64, cell: i32, margin_m: f64, part: (f64, f64)) -> Option<(f64, f64)> {
    let low = f64::from(cell) * CELL_M - margin_m - start;
    let high = f64::from(cell) * CELL_M + CELL_M + margin_m - start;
    if way == 0.0 {
        return (low <= 0.0 && high >= 0.0).then_some(part);
    }
    let (a, b) = (low / way, high / way);
    let both = (a.min(b).max(part.0), a.max(b).min(part.1));
    (both.0 <= both.1).then_some(both)
}
