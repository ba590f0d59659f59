//! Where the ground lies between two heights, as polygons in the plane.

#[cfg(test)]
mod tests;

use super::{Ground, Raster};
use crate::frame::{Frame, LonLat, Xy};

/// On which side of the truth an approximate area errs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// It lies within the true area: what is doubtful is left out.
    Inside,
    /// It contains the true area: what is doubtful is taken in.
    Outside,
}

/// A closed ring without its last point repeated, counter-clockwise.
type Ring = Vec<Xy>;

/// A point of the plane and the ground there.
type Post = (Xy, f64);

/// Samples on each side of a box, to find the part of the raster below it.
const BOX_SAMPLES: u32 = 32;

/// What the sides of a box may bulge between two samples, degrees: at most 400 km between 32 of them.
const BULGE_DEG: f64 = 1e-4;

/// Where edges of cells, straight in degrees, bend in the plane by `b`, the ground is off by `b` times its slope; for a
/// cell of some size, up to 70 degrees of latitude, `b` is below the size squared over this.
const BEND_RADIUS_M: f64 = 3e6;

/// Points are rounded when areas are united, by less than 1 mm; so is the ground there.
const ROUNDING_M: f64 = 1e-3;

impl Ground {
    /// Disjoint rings that cover where the ground within a box lies strictly between two heights (metres AMSL, either
    /// may be infinite), up to doubt: erring on one side by little more than the bilinear ground in a cell strays from
    /// four planes, a 16th of the twist of the cells; where the ground is as steep as 1 in 10 that is within metres.
    ///
    /// The box is given by its south-western and north-eastern corner in the frame's plane. The rings may reach beyond
    /// it by a cell. Without data there is no ground, so no ring. Rings of neighbouring cells share their corners
    /// exactly, so that their union has no cracks. Cost: linear in the cells of the raster below the box.
    pub fn between(
        &self,
        frame: &Frame,
        (south_west, north_east): (Xy, Xy),
        (low_m, high_m): (f64, f64),
        side: Side,
    ) -> Vec<Ring> {
        let corner = |x: f64, y: f64| Xy { x, y };
        match self {
            Self::Flat if low_m < 0.0 && 0.0 < high_m => vec![vec![
                south_west,
                corner(north_east.x, south_west.y),
                north_east,
                corner(south_west.x, north_east.y),
            ]],
            Self::Flat => Vec::new(),
            Self::Raster(raster) => match Grid::below(raster, frame, (south_west, north_east)) {
                Some(grid) => grid.between((low_m, high_m), side),
                None => Vec::new(),
            },
        }
    }
}

/// The posts of a part of a raster, in the plane.
struct Grid {
    columns: usize,
    posts: Vec<Post>,
}

impl Grid {
    fn below(raster: &Raster, frame: &Frame, (low, high): (Xy, Xy)) -> Option<Self> {
        let (step_lon_deg, step_lat_deg) = raster.step_deg();
        let mut found = [f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY];
        for i in 0..=BOX_SAMPLES {
            let share = f64::from(i) / f64::from(BOX_SAMPLES);
            let (x, y) = (low.x + (high.x - low.x) * share, low.y + (high.y - low.y) * share);
            for (x, y) in [(x, low.y), (x, high.y), (low.x, y), (high.x, y)] {
                let (column, row) = raster.grid_of(frame.to_place(Xy { x, y }));
                found = [found[0].min(column), found[1].max(column), found[2].min(row), found[3].max(row)];
            }
        }
        let range = |low: f64, high: f64, step_deg: f64, count: usize| {
            let (low, high) = (low - BULGE_DEG / step_deg, high + BULGE_DEG / step_deg);
            let last = (count - 1) as f64;
            let is_off = low.is_nan() || high.is_nan() || high < 0.0 || low > last;
            (!is_off).then(|| low.floor().clamp(0.0, last) as usize..=high.ceil().clamp(0.0, last) as usize)
        };
        let columns = range(found[0], found[1], step_lon_deg, raster.columns())?;
        let rows = range(found[2], found[3], step_lat_deg, raster.rows())?;
        let posts = rows.flat_map(|row| columns.clone().map(move |column| (row, column)));
        let posts = posts.map(|(row, column)| {
            let (lon, lat) = raster.degrees_of(column, row);
            let at =
                LonLat::new(lon, lat).map_or(Xy { x: f64::NAN, y: f64::NAN }, |place| frame.to_plane(place));
            (at, raster.post_m(column, row))
        });
        Some(Self { columns: columns.clone().count(), posts: posts.collect() })
    }

    /// The corners of all cells with data: north-west, south-west, south-east, north-east.
    fn cells(&self) -> impl Iterator<Item = [Post; 4]> {
        let rows = self.posts.len() / self.columns;
        let cells = (1..rows).flat_map(move |row| (1..self.columns).map(move |column| (row, column)));
        let corners = cells.map(|(row, column)| {
            let at = |up: usize, left: usize| self.posts[(row - up) * self.columns + column - left];
            [at(1, 1), at(0, 1), at(0, 0), at(1, 0)]
        });
        corners.filter(|cell| cell.iter().all(|(at, height_m)| (at.x + at.y + height_m).is_finite()))
    }

    /// How far the ground may be off the planes, metres.
    fn doubt_m(&self) -> f64 {
        let doubt = |[a, b, c, d]: [Post; 4]| {
            let twist_m = (a.1 - b.1 + c.1 - d.1).abs();
            let size_m = distance(a.0, c.0).max(distance(b.0, d.0));
            twist_m / 16.0 + range(&[a, b, c, d]).0 * size_m / BEND_RADIUS_M
        };
        self.cells().map(doubt).fold(0.0, f64::max) + ROUNDING_M
    }

    fn between(&self, (low_m, high_m): (f64, f64), side: Side) -> Vec<Ring> {
        let doubt_m = if side == Side::Inside { self.doubt_m() } else { -self.doubt_m() };
        let (low_m, high_m) = (low_m + doubt_m, high_m - doubt_m);
        let mut rings = Vec::new();
        if low_m.is_nan() || high_m.is_nan() || low_m >= high_m {
            return rings;
        }
        for cell in self.cells() {
            let (_, least_m, most_m) = range(&cell);
            if most_m <= low_m || least_m >= high_m {
                continue;
            }
            if low_m <= least_m && most_m <= high_m {
                rings.push(cell.iter().map(|post| post.0).collect());
                continue;
            }
            let middle = middle(&cell);
            for i in 0..4 {
                let above = kept(&[middle, cell[i], cell[(i + 1) % 4]], |h| h - low_m);
                let between = kept(&above, |h| high_m - h);
                if between.len() >= 3 {
                    rings.push(between.iter().map(|post| post.0).collect());
                }
            }
        }
        rings
    }
}

/// The part of a convex ring where a measure of the height is not negative. Cuts of one edge are the same from both
/// its sides.
fn kept(ring: &[Post], measure: impl Fn(f64) -> f64) -> Vec<Post> {
    let mut left = Vec::with_capacity(ring.len() + 1);
    for (i, &a) in ring.iter().enumerate() {
        let b = ring[(i + 1) % ring.len()];
        let (from, to) = (measure(a.1), measure(b.1));
        if from >= 0.0 {
            left.push(a);
        }
        if (from > 0.0 && to < 0.0) || (from < 0.0 && to > 0.0) {
            let (a, b) = if (a.0.x, a.0.y) <= (b.0.x, b.0.y) { (a, b) } else { (b, a) };
            let share = measure(a.1) / (measure(a.1) - measure(b.1));
            left.push((a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share));
        }
    }
    left
}

/// How much heights differ, the least and the greatest.
fn range(posts: &[Post]) -> (f64, f64, f64) {
    let least = posts.iter().map(|p| p.1).fold(f64::INFINITY, f64::min);
    let most = posts.iter().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
    (most - least, least, most)
}

fn middle(cell: &[Post; 4]) -> Post {
    let sum = cell.iter().fold((Xy { x: 0.0, y: 0.0 }, 0.0), |sum, post| (sum.0 + post.0, sum.1 + post.1));
    (sum.0 / 4.0, sum.1 / 4.0)
}

fn distance(a: Xy, b: Xy) -> f64 {
    (b - a).x.hypot((b - a).y)
}
