//! The height of the geoid (mean sea level) above the WGS-84 ellipsoid.

use std::collections::BTreeMap;

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

/// The geoid over the area of a flight: nodes of a grid, each computed when it is first needed, bilinear between them.
///
/// Within 0.1 m of [`undulation_m`].
#[derive(Debug, Default)]
pub(crate) struct Undulations {
    first: Option<LonLat>,
    nodes: BTreeMap<(i32, i32), f64>,
}

impl Undulations {
    /// Nodes to a degree.
    const PER_DEGREE: f64 = 8.0;
    /// How far places may lie from the first one, degrees: so far no more than some hundred nodes are needed for a flight.
    const REACH_DEG: f64 = 3.0;

    /// As [`undulation_m`]; none for a place far from the first one asked for.
    pub(crate) fn at(&mut self, place: LonLat) -> Option<f64> {
        let first = *self.first.get_or_insert(place);
        let far = |a: f64, b: f64| (a - b).abs() > Self::REACH_DEG;
        if far(place.lon(), first.lon()) || far(place.lat(), first.lat()) {
            return None;
        }
        let (column, row) = (place.lon() * Self::PER_DEGREE, place.lat() * Self::PER_DEGREE);
        let (east, north) = (column - column.floor(), row - row.floor());
        let mut sum = 0.0;
        for (column, share_x) in [(column.floor(), 1.0 - east), (column.floor() + 1.0, east)] {
            for (row, share_y) in [(row.floor(), 1.0 - north), (row.floor() + 1.0, north)] {
                if share_x * share_y > 0.0 {
                    sum += share_x * share_y * self.node(column as i32, row as i32);
                }
            }
        }
        Some(sum)
    }

    fn node(&mut self, column: i32, row: i32) -> f64 {
        *self.nodes.entry((column, row)).or_insert_with(|| {
            let lon = (f64::from(column) / Self::PER_DEGREE).clamp(-180.0, 180.0);
            let lat = (f64::from(row) / Self::PER_DEGREE).clamp(-90.0, 90.0);
            LonLat::new(lon, lat).map_or(0.0, undulation_m)
        })
    }
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
    fn interpolated_within_a_decimetre() {
        for (lon, lat) in [(120.76, 30.753), (8.55, 47.4), (86.9, 27.9), (-70.1, -33.4), (179.99, -17.1)] {
            let mut near = Undulations::default();
            for step in 0..20 {
                let place =
                    LonLat::new(lon - 0.013 * f64::from(step), lat + 0.017 * f64::from(step)).unwrap();
                let (found, exact) = (near.at(place).unwrap(), undulation_m(place));
                assert!((found - exact).abs() < 0.1, "{place:?}: {found}, not {exact}");
            }
            assert_eq!(near.at(LonLat::new(lon - 4.0, lat).unwrap()), None);
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
