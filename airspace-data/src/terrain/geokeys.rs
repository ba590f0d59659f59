//! What a GeoTIFF's keys say about where it lies and what its heights mean.
//!
//! Reference: OGC GeoTIFF 1.1 (19-008r4).

/// Geographic systems that agree with WGS-84 to 2 m: WGS 84 and its realizations that follow the plates.
const LIKE_WGS84: [(u16, &str); 12] = [
    (4326, "WGS 84"),
    (4490, "CGCS2000"),
    (4258, "ETRS89"),
    (4269, "NAD83"),
    (4617, "NAD83(CSRS)"),
    (6318, "NAD83(2011)"),
    (4283, "GDA94"),
    (7844, "GDA2020"),
    (4612, "JGD2000"),
    (6668, "JGD2011"),
    (4674, "SIRGAS 2000"),
    (4167, "NZGD2000"),
];

const MODEL_TYPE: u16 = 1024;
const RASTER_TYPE: u16 = 1025;
const GEODETIC_CRS: u16 = 2048;
const PROJECTED_CRS: u16 = 3072;
const VERTICAL_CRS: u16 = 4096;
const VERTICAL_UNITS: u16 = 4099;

const GEOGRAPHIC: u16 = 2;
const PIXEL_IS_POINT: u16 = 2;
const METRE: u16 = 9001;

/// A key that says what cannot be read: its name, what was found, what was expected.
pub(super) type KeyFault = (&'static str, String, &'static str);

/// What is fit for use in a key directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GeoKeys {
    /// Are the posts the pixels' own corners, rather than their centres?
    pub(super) pixel_is_point: bool,
}

/// Reads a key directory.
pub(super) fn read(directory: &[u16]) -> Result<GeoKeys, KeyFault> {
    // After a header of four, each key: its number, where its value is (0: right here), how many, and the value.
    let key = |wanted: u16| {
        let entries = directory.get(4..).unwrap_or_default().chunks_exact(4);
        entries.filter(|entry| entry[1] == 0).find(|entry| entry[0] == wanted).map(|entry| entry[3])
    };
    const EXPECTED: &str = "longitude and latitude of WGS 84 (EPSG:4326) or a datum like it";
    if let Some(code) = key(PROJECTED_CRS) {
        return Err(("ProjectedCRS", format!("the projection EPSG:{code}"), EXPECTED));
    }
    let model = key(MODEL_TYPE);
    if model != Some(GEOGRAPHIC) {
        let found = model.map_or("nothing".to_owned(), |model| format!("model type {model}"));
        return Err(("GTModelType", found, EXPECTED));
    }
    match key(GEODETIC_CRS) {
        Some(code) if !LIKE_WGS84.iter().any(|(known, _)| *known == code) => {
            return Err(("GeodeticCRS", format!("EPSG:{code}"), EXPECTED));
        }
        _ => {}
    }
    // 5001 to 5099: heights above an ellipsoid.
    if let Some(code @ 5001..=5099) = key(VERTICAL_CRS) {
        return Err((
            "VerticalCRS",
            format!("heights above an ellipsoid (code {code})"),
            "heights above sea level",
        ));
    }
    if let Some(unit) = key(VERTICAL_UNITS).filter(|unit| *unit != METRE) {
        return Err(("VerticalUnits", format!("unit {unit}"), "metres (9001)"));
    }
    Ok(GeoKeys { pixel_is_point: key(RASTER_TYPE) == Some(PIXEL_IS_POINT) })
}
