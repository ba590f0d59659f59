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
        self.height_at(column, row)
    }

    /// Steps between posts in longitude and latitude, degrees.
    pub(super) fn step_deg(&self) -> (f64, f64) {
        (self.step_lon_deg, self.step_lat_deg)
    }

    /// Longitude and latitude of a post, degrees.
    pub(super) fn degrees_of(&self, column: usize, row: usize) -> (f64, f64) {
        let (lon, lat) = (column as f64 * self.step_lon_deg, row as f64 * self.step_lat_deg);
        (self.west_deg + lon, self.north_deg - lat)
    }

    /// Height of a post that there is; NaN without data.
    pub(super) fn post_m(&self, column: usize, row: usize) -> f64 {
        f64::from(self.heights_m[row * self.columns + column])
    }

    /// Bilinear height at a column and row, as [`Raster::height_m`].
    pub(super) fn height_at(&self, column: f64, row: f64) -> Option<f64> {
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn place(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    /// Two rows of three posts, 0.1 degrees apart, from 120 E 31 N.
    fn raster(heights: [f32; 6]) -> Raster {
        Raster::new((120.0, 31.0), (0.1, 0.1), 3, heights.to_vec()).unwrap()
    }

    #[test]
    fn flat_ground_is_at_sea_level_everywhere() {
        assert_eq!(Ground::Flat.height_m(place(-170.0, 89.0)), Some(0.0));
        assert_eq!((Ground::Flat.range_m(), Ground::default().is_flat()), ((0.0, 0.0), true));
    }

    #[test]
    fn posts_lines_and_edges() {
        let raster = raster([10.0, 20.0, 40.0, 0.0, -5.0, 80.0]);
        assert_eq!((raster.rows(), raster.columns(), raster.range_m()), (2, 3, (-5.0, 80.0)));
        let at = |lon, lat| raster.height_m(place(lon, lat)).map(|h| (h * 1e6).round() / 1e6);
        assert_eq!(at(120.0, 31.0), Some(10.0));
        assert_eq!(at(120.2 - 1e-13, 30.9 + 1e-13), Some(80.0));
        assert_eq!(at(120.05, 31.0), Some(15.0));
        assert_eq!(at(120.2 - 1e-13, 30.95), Some(60.0));
        assert_eq!(at(120.05, 30.95), Some(6.25));
        for (lon, lat) in [(119.999, 30.95), (120.201, 30.95), (120.1, 31.001), (120.1, 30.899)] {
            assert_eq!(at(lon, lat), None);
        }
    }

    #[test]
    fn beside_a_post_without_data_there_is_no_height() {
        let raster = raster([10.0, 20.0, f32::NAN, 0.0, 5.0, 80.0]);
        assert_eq!(raster.height_m(place(120.15, 30.95)), None);
        assert!(raster.height_m(place(120.05, 30.95)).is_some());
        assert_eq!(raster.range_m(), (0.0, 80.0));
    }

    #[test]
    fn what_is_no_raster_is_refused() {
        let make =
            |steps, columns, heights: usize| Raster::new((120.0, 31.0), steps, columns, vec![1.0; heights]);
        assert_eq!(make((0.1, 0.1), 1, 4).unwrap_err(), RasterError::Shape { heights: 4, columns: 1 });
        assert_eq!(make((0.1, 0.1), 3, 7).unwrap_err(), RasterError::Shape { heights: 7, columns: 3 });
        assert_eq!(make((0.1, 0.1), 3, 3).unwrap_err(), RasterError::Shape { heights: 3, columns: 3 });
        assert!(matches!(make((0.1, 0.0), 3, 6), Err(RasterError::Grid(_))));
        assert!(matches!(make((f64::NAN, 0.1), 3, 6), Err(RasterError::Grid(_))));
        assert_eq!(Raster::new((0.0, 0.0), (1.0, 1.0), 2, vec![f32::NAN; 4]), Err(RasterError::Empty));
    }

    proptest! {
        /// Against the formula with the four posts around as weights; 1e-9 m for rounding of degrees at 100 m.
        #[test]
        fn heights_are_bilinear(heights in prop::array::uniform6(-100.0..100.0_f32), x in 0.001..1.999_f64, y in 0.001..0.999_f64) {
            let found = raster(heights).height_m(place(120.0 + 0.1 * x, 31.0 - 0.1 * y));
            let (j, u) = if x < 1.0 { (0, x) } else { (1, x - 1.0) };
            let post = |i: usize| f64::from(heights[i]);
            let expected = post(j) * (1.0 - u) * (1.0 - y) + post(j + 1) * u * (1.0 - y)
                + post(j + 3) * (1.0 - u) * y + post(j + 4) * u * y;
            prop_assert!((found.unwrap_or(f64::NAN) - expected).abs() < 1e-9, "{found:?} {expected}");
        }
    }
}
