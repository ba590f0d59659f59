//! Entries by slab of time, tile of the plane and cell, copied on write.

use std::sync::Arc;

use super::Piece;
use super::entry::{Entry, Extent, Window};
use super::walk::{Cell, over_cells};

/// Cells along the edge of a tile: as many cells in all as a word has bits.
const TILE: i32 = 8;

/// Entries in slabs, by number. A copy shares all slabs, and a change copies the way down to the entries of one cell.
#[derive(Debug, Clone, Default)]
pub(super) struct Grid {
    slabs: Vec<(i64, Arc<Slab>)>,
}

/// Tiles, by row and column.
#[derive(Debug, Clone, Default)]
struct Slab {
    tiles: Vec<((i32, i32), Arc<Tile>)>,
}

/// The cells of a tile that are not empty.
#[derive(Debug, Clone, Default)]
struct Tile {
    /// A bit for each.
    filled: u64,
    /// In the order of the bits.
    cells: Vec<Arc<[Entry]>>,
}

impl Grid {
    /// Adds a piece of a flight. It must fit (see [`super::walk::fits`]).
    pub(super) fn add(&mut self, flight: u32, number: u32, piece: &Piece) {
        self.change(piece, |entries, window| {
            let entry = Entry { flight, piece: number, window };
            entries.iter().copied().chain([entry]).collect()
        });
    }

    /// Removes a piece of a flight that was added just so.
    pub(super) fn remove(&mut self, flight: u32, number: u32, piece: &Piece) {
        self.change(piece, |entries, _| {
            let others = entries.iter().filter(|entry| (entry.flight, entry.piece) != (flight, number));
            others.copied().collect::<Vec<_>>().into()
        });
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.slabs.is_empty()
    }

    /// Calls `visit` with the entries that a box along a piece may meet: grown by so much in place and height, and from
    /// so much earlier to so much later. Some come more than once. Stops when `visit` says so; tells whether it did not.
    pub(super) fn along(
        &self,
        piece: &Piece,
        (horizontal_m, vertical_m): (f64, f64),
        later_s: (f64, f64),
        mut visit: impl FnMut(&Entry) -> bool,
    ) -> bool {
        let whole = Extent::of(piece, (0.0, 1.0)).grown(horizontal_m, vertical_m, later_s);
        self.between(whole.slabs()).iter().all(|(number, slab)| {
            let mut last: Option<((i32, i32), Option<&Tile>)> = None;
            over_cells(piece, horizontal_m, |cell, part| {
                let place = place_of(cell);
                let tile = match last {
                    Some((at, tile)) if at == place => tile,
                    _ => slab.tile(place),
                };
                last = Some((place, tile));
                let entries = tile.map_or(&[][..], |tile| tile.entries(cell));
                if entries.is_empty() {
                    return true;
                }
                let extent = Extent::of(piece, part).grown(horizontal_m, vertical_m, later_s);
                if !extent.is_in(*number) {
                    return true;
                }
                let window = Window::of(&extent, cell, *number);
                entries.iter().filter(|entry| window.meets(&entry.window)).all(&mut visit)
            })
        })
    }

    /// Calls `visit` with the entries that a box may meet; some come more than once.
    pub(super) fn within(&self, extent: &Extent, mut visit: impl FnMut(&Entry)) {
        let (columns, rows) = extent.cells();
        for (number, slab) in self.between(extent.slabs()) {
            for (cell, entries) in slab.tiles_within(&columns, &rows) {
                let window = Window::of(extent, cell, *number);
                entries.iter().filter(|entry| window.meets(&entry.window)).for_each(&mut visit);
            }
        }
    }

    fn between(&self, (first, last): (i64, i64)) -> &[(i64, Arc<Slab>)] {
        let start = self.slabs.partition_point(|(number, _)| *number < first);
        let end = self.slabs.partition_point(|(number, _)| *number <= last);
        self.slabs.get(start..end).unwrap_or(&[])
    }

    /// Puts what `change` makes of them in the place of the entries of every cell and slab that a piece is in.
    fn change(&mut self, piece: &Piece, change: impl Fn(&[Entry], Window) -> Arc<[Entry]>) {
        over_cells(piece, 0.0, |cell, part| {
            let extent = Extent::of(piece, part);
            let (first, last) = extent.slabs();
            for number in first..=last {
                let window = Window::of(&extent, cell, number);
                self.change_cell(number, cell, |entries| change(entries, window));
            }
            true
        });
    }

    fn change_cell(&mut self, number: i64, cell: Cell, change: impl FnOnce(&[Entry]) -> Arc<[Entry]>) {
        let slab_at = self.slabs.binary_search_by_key(&number, |slab| slab.0).unwrap_or_else(|at| {
            self.slabs.insert(at, (number, Arc::default()));
            at
        });
        let slab = Arc::make_mut(&mut self.slabs[slab_at].1);
        let place = place_of(cell);
        let tile_at = slab.tiles.binary_search_by_key(&place, |tile| tile.0).unwrap_or_else(|at| {
            slab.tiles.insert(at, (place, Arc::default()));
            at
        });
        let tile = Arc::make_mut(&mut slab.tiles[tile_at].1);
        let entries = change(tile.entries(cell));
        tile.set(cell, entries);
        // Nothing is left where nothing flies.
        if tile.filled == 0 {
            slab.tiles.remove(tile_at);
        }
        if slab.tiles.is_empty() {
            self.slabs.remove(slab_at);
        }
    }
}

impl Slab {
    fn tile(&self, place: (i32, i32)) -> Option<&Tile> {
        let at = self.tiles.binary_search_by_key(&place, |tile| tile.0).ok()?;
        Some(&self.tiles[at].1)
    }

    /// The cells of some columns and rows that are not empty.
    fn tiles_within<'a>(
        &'a self,
        columns: &'a std::ops::RangeInclusive<i32>,
        rows: &'a std::ops::RangeInclusive<i32>,
    ) -> impl Iterator<Item = (Cell, &'a [Entry])> {
        let tile_rows = rows.start().div_euclid(TILE)..=rows.end().div_euclid(TILE);
        let start = self.tiles.partition_point(|((row, _), _)| row < tile_rows.start());
        let tile_columns = columns.start().div_euclid(TILE)..=columns.end().div_euclid(TILE);
        let tiles = self.tiles[start..].iter().take_while(move |((row, _), _)| row <= tile_rows.end());
        tiles.filter(move |((_, column), _)| tile_columns.contains(column)).flat_map(
            move |((row, column), tile)| {
                let cells =
                    (0..TILE * TILE).map(move |bit| (column * TILE + bit % TILE, row * TILE + bit / TILE));
                cells
                    .filter(move |cell| columns.contains(&cell.0) && rows.contains(&cell.1))
                    .map(move |cell| (cell, tile.entries(cell)))
            },
        )
    }
}

impl Tile {
    fn entries(&self, cell: Cell) -> &[Entry] {
        let bit = bit_of(cell);
        if self.filled & bit == 0 { &[] } else { &self.cells[self.before(bit)] }
    }

    fn set(&mut self, cell: Cell, entries: Arc<[Entry]>) {
        let bit = bit_of(cell);
        let at = self.before(bit);
        match (self.filled & bit != 0, entries.is_empty()) {
            (true, false) => self.cells[at] = entries,
            (true, true) => {
                self.cells.remove(at);
                self.filled &= !bit;
            }
            (false, false) => {
                self.cells.insert(at, entries);
                self.filled |= bit;
            }
            (false, true) => {}
        }
    }

    /// How many cells come before that of a bit.
    fn before(&self, bit: u64) -> usize {
        (self.filled & (bit - 1)).count_ones() as usize
    }
}

/// The row and column of a cell's tile.
fn place_of(cell: Cell) -> (i32, i32) {
    (cell.1.div_euclid(TILE), cell.0.div_euclid(TILE))
}

fn bit_of(cell: Cell) -> u64 {
    1 << (cell.1.rem_euclid(TILE) * TILE + cell.0.rem_euclid(TILE))
}
