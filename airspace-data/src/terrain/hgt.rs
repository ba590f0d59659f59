//! SRTM tiles: one degree square, big-endian 16-bit metres row by row from the north-west, posts on both borders.

use tianlu_engine::surface::Raster;

use super::{post, unusable};
use crate::error::ReadError;

/// Reads a tile; its south-western corner is in its name.
///
/// Source: NASA, *SRTM Topography* (SRTM documentation), section 2.1.
pub(super) fn read(name: &str, file_name: &str, bytes: &[u8]) -> Result<Raster, ReadError> {
    const NAME: &str = "a name that begins with the south-western corner, such as N30E120";
    let (south, west) =
        corner(file_name).ok_or_else(|| ReadError::whole(name, "name", format!("{file_name:?}"), NAME))?;
    let side = (bytes.len() / 2).isqrt();
    if side < 2 || side * side * 2 != bytes.len() {
        let found = format!("{} bytes", bytes.len());
        return Err(ReadError::whole(
            name,
            "size",
            found,
            "a square of two-byte heights, such as 1201 x 1201 or 3601 x 3601",
        ));
    }
    let heights =
        bytes.chunks_exact(2).map(|pair| post(f64::from(i16::from_be_bytes([pair[0], pair[1]])))).collect();
    let step = 1.0 / (side - 1) as f64;
    Raster::new((west, south + 1.0), (step, step), side, heights).map_err(|error| unusable(name, error))
}

/// Latitude and longitude of the corner in a name: `N30E120`, `s05w069`.
fn corner(file_name: &str) -> Option<(f64, f64)> {
    let number = |text: Option<&str>, most: f64| -> Option<f64> {
        let digits = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
        digits.parse().ok().filter(|degrees| *degrees <= most)
    };
    let letter = |at: usize, plus: &str, minus: &str| {
        let letter = file_name.get(at..=at)?;
        if letter.eq_ignore_ascii_case(plus) {
            Some(1.0)
        } else {
            letter.eq_ignore_ascii_case(minus).then_some(-1.0)
        }
    };
    let south = letter(0, "N", "S")? * number(file_name.get(1..3), 90.0)?;
    let west = letter(3, "E", "W")? * number(file_name.get(4..7), 180.0)?;
    Some((south, west))
}
