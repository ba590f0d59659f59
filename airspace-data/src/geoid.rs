//! The height of the geoid (mean sea level) above the WGS-84 ellipsoid.

use tianlu_engine::frame::LonLat;

/// How high the EGM96 geoid stands above the WGS-84 ellipsoid, in metres: -107 to 86.
///
/// Sums the model's spherical harmonics, all 360 degrees of them, and its correction terms: within 0.01 m of the
/// published test values. The model itself is within about 1 m of mean sea level. About a millisecond each: keep it
/// out of loops, over the area of a flight it changes by decimetres.
///
/// Source: Lemoine and others, *The Development of the Joint NASA GSFC and NIMA Geopotential Model EGM96*,
/// NASA/TP-1998-206861.
///
/// ```
/// use tianlu_airspace_data::geoid::undulation_m;
/// use tianlu_engine::frame::{Amsl, LonLat};
/// let nanhu_lake = LonLat::new(120.76, 30.753).unwrap();
/// let above_ellipsoid = Amsl::new(100.0).unwrap().to_ellipsoidal(undulation_m(nanhu_lake));
/// assert!((above_ellipsoid.metres() - 110.0).abs() < 2.0);
/// ```
pub fn undulation_m(place: LonLat) -> f64 {
    egm96::egm96_compute_altitude_offset(place.lat(), place.lon())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn at(lat: f64, lon: f64) -> f64 {
        undulation_m(LonLat::new(lon, lat).unwrap())
    }

    /// The output that NIMA published with its program F477 (`OUTF477.DAT`), in metres to three decimals.
    #[test]
    fn published_values() {
        for (lat, lon, published) in [
            (38.628_155, 269.779_155 - 360.0, -31.628),
            (-14.621_217, 305.021_114 - 360.0, -2.969),
            (46.874_319, 102.448_729, -43.575),
            (-23.617_446, 133.874_712, 15.871),
            (38.625_473, 359.999_5 - 360.0, 50.066),
            (-0.466_744, 0.0023, 17.329),
        ] {
            let found = at(lat, lon);
            assert!((found - published).abs() < 0.01, "{lat} {lon}: {found}, not {published}");
        }
    }

    #[test]
    fn whole_at_the_poles_and_across_the_antimeridian() {
        assert!((at(90.0, 0.0) - at(90.0, 120.0)).abs() < 0.01, "{} {}", at(90.0, 0.0), at(90.0, 120.0));
        assert!((at(-90.0, 0.0) - at(-89.999_999, 50.0)).abs() < 0.01);
        assert!((at(20.0, -180.0) - at(20.0, 180.0)).abs() < 1e-6);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn within_the_range_of_the_model(lat in -90.0..=90.0f64, lon in -180.0..=180.0f64) {
            let height = at(lat, lon);
            prop_assert!((-108.0..87.0).contains(&height), "{height}");
        }
    }
}
