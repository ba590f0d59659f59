//! Terrain rasters: GeoTIFF and SRTM `.hgt`.

use tianlu_engine::surface::Raster;

use crate::error::ReadError;

/// Reads a terrain raster: a GeoTIFF by its content, else an SRTM `.hgt` by its name (`N30E120.hgt`) and size.
///
/// # Errors
/// [`ReadError`] if the bytes are neither, or hold no usable heights.
pub fn read_terrain(_name: &str, _bytes: &[u8]) -> Result<Raster, ReadError> {
    todo!()
}
