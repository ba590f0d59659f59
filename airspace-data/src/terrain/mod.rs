//! Terrain rasters: GeoTIFF and SRTM `.hgt`.

mod geokeys;
mod geotiff;
mod hgt;
#[cfg(test)]
mod tests;

use tianlu_engine::surface::{Raster, RasterError};

use crate::error::ReadError;

/// The largest number of posts that is read.
pub const MOST_POSTS: u64 = 1 << 27;

/// Heights at or below this mean no data, metres.
const NO_DATA_M: f64 = -9999.0;

/// Reads a terrain raster: a GeoTIFF by its content, else an SRTM `.hgt` by its name (`N30E120.hgt`) and size.
///
/// Heights are metres above sea level; at or below -9999, or the file's own mark, there is no data. A GeoTIFF has one
/// band of integers or floats, plain or packed with LZW or deflate, in strips or tiles, and lies in longitude and
/// latitude of WGS-84 or a datum within 2 m of it (CGCS2000, ETRS89, NAD83, ...). Posts are the centres of its
/// pixels, or the pixels themselves where it says `RasterPixelIsPoint`.
///
/// # Errors
/// [`ReadError`] if the bytes are neither, or hold no usable heights; a projected GeoTIFF is refused with its EPSG
/// code.
///
/// ```
/// use tianlu_airspace_data::terrain::read_terrain;
/// use tianlu_engine::frame::LonLat;
/// // Two by two posts: 10 and 20 m in the north, 30 and 40 m in the south.
/// let raster = read_terrain("N30E120.hgt", &[0, 10, 0, 20, 0, 30, 0, 40]).unwrap();
/// assert_eq!(raster.height_m(LonLat::new(120.5, 30.5).unwrap()), Some(25.0));
/// assert!(read_terrain("N30E120.hgt", &[0, 10, 0]).is_err());
/// ```
pub fn read_terrain(name: &str, bytes: &[u8]) -> Result<Raster, ReadError> {
    let file_name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    if geotiff::is_tiff(bytes) {
        geotiff::read(name, bytes)
    } else if file_name.to_ascii_lowercase().ends_with(".hgt") {
        hgt::read(name, file_name, bytes)
    } else {
        Err(ReadError::whole(
            name,
            "",
            found(bytes),
            "a GeoTIFF, or an SRTM tile with a name such as N30E120.hgt",
        ))
    }
}

/// What bytes begin with, for messages.
fn found(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "an empty file".to_owned();
    }
    format!("a file that begins with {:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(8)]))
}

/// A height as the raster keeps it: NaN where there is no data.
fn post(height_m: f64) -> f32 {
    if height_m > NO_DATA_M { height_m as f32 } else { f32::NAN }
}

/// Why posts are no raster, as an error of the file.
fn unusable(name: &str, error: RasterError) -> ReadError {
    ReadError::whole(name, "", error.to_string(), "a grid of heights")
}
