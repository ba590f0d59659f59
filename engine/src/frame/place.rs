//! A place on the WGS-84 ellipsoid.

/// Longitude and latitude in degrees, WGS-84; both finite, longitude within ±180, latitude within ±90.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LonLat {
    lon: f64,
    lat: f64,
}

/// Why two numbers are not a place.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PlaceError {
    /// The longitude is NaN, infinite or beyond ±180 degrees.
    #[error("longitude: found {0}, expected -180 to 180 degrees")]
    Longitude(f64),
    /// The latitude is NaN, infinite or beyond ±90 degrees.
    #[error("latitude: found {0}, expected -90 to 90 degrees")]
    Latitude(f64),
}

impl LonLat {
    /// A place from longitude and latitude in degrees.
    ///
    /// # Errors
    /// [`PlaceError`] if either is not finite or out of its range.
    ///
    /// ```
    /// use tianlu_engine::frame::{LonLat, PlaceError};
    /// let nanhu_lake = LonLat::new(120.76, 30.753).unwrap();
    /// assert_eq!(nanhu_lake.lon(), 120.76);
    /// assert_eq!(LonLat::new(500.0, 30.0), Err(PlaceError::Longitude(500.0)));
    /// ```
    pub fn new(lon: f64, lat: f64) -> Result<Self, PlaceError> {
        if !(-180.0..=180.0).contains(&lon) {
            Err(PlaceError::Longitude(lon))
        } else if !(-90.0..=90.0).contains(&lat) {
            Err(PlaceError::Latitude(lat))
        } else {
            Ok(Self { lon, lat })
        }
    }

    /// Degrees east of Greenwich.
    pub const fn lon(self) -> f64 {
        self.lon
    }

    /// Degrees north of the equator.
    pub const fn lat(self) -> f64 {
        self.lat
    }
}
