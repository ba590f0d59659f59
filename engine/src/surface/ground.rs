//! The height of the ground: flat, or a raster of posts with bilinear heights between them.

use crate::frame::LonLat;

/// The ground below the sky.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Ground {
    /// At 0 m above sea level everywhere.
    #[default]
    Flat,
    /// A terrain raster.
    Raster(Raster),
}

impl Ground {
    /// Metres above sea level at a place; `None` where there is no data.
    pub fn height_m(&self, place: LonLat) -> Option<f64> {
        match self {
            Self::Flat => Some(0.0),
            Self::Raster(raster) => raster.height_m(place),
        }
    }

    /// Is it flat at 0 m?
    pub const fn is_flat(&self) -> bool {
        matches!(self, Self::Flat)
    }

    /// The lowest and highest ground there is, metres AMSL.
    pub fn range_m(&self) -> (f64, f64) {
        match self {
            Self::Flat => (0.0, 0.0),
            Self::Raster(raster) => raster.range_m(),
        }
    }
}

/// Posts on a grid in longitude and latitude, metres AMSL, row 0 in the north, column 0 in the west.
#[derive(Debug, Clone, PartialEq)]
pub struct Raster {
    west_deg: f64,
    north_deg: f64,
    step_lon_deg: f64,
    step_lat_deg: f64,
    columns: usize,
    heights_m: Vec<f32>,
    range_m: (f64, f64),
}

/// Why posts are not a raster.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum RasterError {
    /// Fewer than two rows or columns, or the count of heights does not fit.
    #[error("found {heights} heights for {columns} columns, expected at least two full rows and columns")]
    Shape {
        /// How many heights.
        heights: usize,
        /// How many columns.
        columns: usize,
    },
    /// A corner or a step is not finite, or a step is not positive.
    #[error("found corner and steps {0:?}, expected finite degrees and positive steps")]
    Grid([f64; 4]),
    /// No post has a height.
    #[error("no post has a height")]
    Empty,
}

impl Raster {
    /// A raster from its north-western post, the steps between posts in degrees, and heights row by row.
    ///
    /// A height of NaN means no data.
    ///
    /// # Errors
    /// [`RasterError`] if there are not at least two rows and columns of posts, the grid is not finite, or no post
    /// has a height.
    pub fn new(
        (west_deg, north_deg): (f64, f64),
        (step_lon_deg, step_lat_deg): (f64, f64),
        columns: usize,
        heights_m: Vec<f32>,
    ) -> Result<Self, RasterError> {
        let shape = RasterError::Shape { heights: heights_m.len(), columns };
        if columns < 2 || heights_m.len() < 2 * columns || !heights_m.len().is_multiple_of(columns) {
            return Err(shape);
        }
        let grid = [west_deg, north_deg, step_lon_deg, step_lat_deg];
        if grid.iter().any(|v| !v.is_finite()) || step_lon_deg <= 0.0 || step_lat_deg <= 0.0 {
            return Err(RasterError::Grid(grid));
        }
        let finite = heights_m.iter().copied().filter(|h| h.is_finite()).map(f64::from);
        let range_m = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), h| (a.min(h), b.max(h)));
        if range_m.0 > range_m.1 {
            return Err(RasterError::Empty);
        }
        Ok(Self { west_deg, north_deg, step_lon_deg, step_lat_deg, columns, heights_m, range_m })
    }

    /// Number of rows of posts.
    pub fn rows(&self) -> usize {
        self.heights_m.len() / self.columns
    }

    /// Number of columns of posts.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The lowest and the highest post, metres AMSL.
    pub fn range_m(&self) -> (f64, f64) {
        self.range_m
    }

    /// Column and row of a place, whole numbers at the posts.
    pub fn grid_of(&self, place: LonLat) -> (f64, f64) {
        (
            (place.lon() - self.west_deg) / self.step_lon_deg,
            (self.north_deg - place.lat()) / self.step_lat_deg,
        )
    }

    /// Bilinear height at a place, metres AMSL; `None` outside or beside a post without data.
    pub fn height_m(&self, place: LonLat) -> Option<f64> {
        let (column, row) = self.grid_of(place);
        let (last_column, last_row) = ((self.columns - 1) as f64, (self.rows() - 1) as f64);
        if !(0.0..=last_column).contains(&column) || !(0.0..=last_row).contains(&row) {
            return None;
        }
        let (i, j) = ((row as usize).min(self.rows() - 2), (column as usize).min(self.columns - 2));
        let (v, u) = (row - i as f64, column - j as f64);
        let post = |i: usize, j: usize| f64::from(self.heights_m[i * self.columns + j]);
        let height = (1.0 - v) * ((1.0 - u) * post(i, j) + u * post(i, j + 1))
            + v * ((1.0 - u) * post(i + 1, j) + u * post(i + 1, j + 1));
        height.is_finite().then_some(height)
    }
}
