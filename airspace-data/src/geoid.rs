//! The height of the geoid (mean sea level) above the WGS-84 ellipsoid.

use tianlu_engine::frame::LonLat;

/// How high the EGM96 geoid stands above the ellipsoid, in metres; within about 1 m of the truth.
///
/// Sums the model's spherical harmonics of degree 360: some tenths of a millisecond.
/// Source: NASA/TP-1998-206861.
pub fn undulation_m(place: LonLat) -> f64 {
    egm96::egm96_compute_altitude_offset(place.lat(), place.lon())
}
