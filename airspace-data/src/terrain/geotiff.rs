//! GeoTIFF: a picture of heights, and where it lies.

use std::io::Cursor;

use tianlu_engine::surface::Raster;
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;

use super::{MOST_POSTS, geokeys, post, unusable};
use crate::error::ReadError;

type Tiff<'b> = Decoder<Cursor<&'b [u8]>>;

/// Do bytes begin as a TIFF or BigTIFF does?
pub(super) fn is_tiff(bytes: &[u8]) -> bool {
    [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|magic| bytes.starts_with(*magic))
}

/// Reads the first picture of a GeoTIFF.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Raster, ReadError> {
    let error = |field: &str, found: String, expected: &str| ReadError::whole(name, field, found, expected);
    let broken = |cause: tiff::TiffError| error("", cause.to_string(), "a GeoTIFF");
    let mut limits = Limits::default();
    limits.decoding_buffer_size = MOST_POSTS as usize * 8;
    limits.intermediate_buffer_size = MOST_POSTS as usize * 8;
    let mut tiff = Decoder::new(Cursor::new(bytes)).map_err(broken)?.with_limits(limits);

    let (columns, rows) = tiff.dimensions().map_err(broken)?;
    if columns < 2 || rows < 2 || u64::from(columns) * u64::from(rows) > MOST_POSTS {
        let expected = format!("2 x 2 to {MOST_POSTS} posts");
        return Err(error("size", format!("{columns} x {rows} posts"), &expected));
    }
    let colour = tiff.colortype().map_err(broken)?;
    if !matches!(colour, ColorType::Gray(_)) {
        return Err(error("bands", format!("{colour:?}"), "one band of heights"));
    }
    let corner = corner(&mut tiff).map_err(|(field, found, expected)| error(field, found, expected))?;
    let mark = tiff
        .get_tag_ascii_string(Tag::GdalNodata)
        .ok()
        .and_then(|text| text.trim_matches(['\0', ' ']).parse::<f64>().ok());
    let heights = heights(tiff.read_image().map_err(broken)?, mark)
        .ok_or_else(|| error("type", format!("{colour:?}"), "integers of at most 32 bits, or floats"))?;
    Raster::new(corner.north_west, corner.steps, columns as usize, heights)
        .map_err(|cause| unusable(name, cause))
}

/// Heights out of samples of any type, NaN where there are none.
fn heights(samples: DecodingResult, mark: Option<f64>) -> Option<Vec<f32>> {
    let of = |height: f64| if Some(height) == mark { f32::NAN } else { post(height) };
    // The mark is written in decimals: as a 32-bit number it may be another.
    let narrow = mark.map(|mark| mark as f32);
    let of_narrow = |height: f32| if Some(height) == narrow { f32::NAN } else { post(f64::from(height)) };
    Some(match samples {
        DecodingResult::F32(list) => list.into_iter().map(of_narrow).collect(),
        DecodingResult::F64(list) => list.into_iter().map(of).collect(),
        DecodingResult::U8(list) => list.into_iter().map(|height| of(height.into())).collect(),
        DecodingResult::I8(list) => list.into_iter().map(|height| of(height.into())).collect(),
        DecodingResult::U16(list) => list.into_iter().map(|height| of(height.into())).collect(),
        DecodingResult::I16(list) => list.into_iter().map(|height| of(height.into())).collect(),
        DecodingResult::U32(list) => list.into_iter().map(|height| of(height.into())).collect(),
        DecodingResult::I32(list) => list.into_iter().map(|height| of(height.into())).collect(),
        _ => return None,
    })
}

/// Where the posts are, degrees.
struct Corner {
    north_west: (f64, f64),
    steps: (f64, f64),
}

fn corner(tiff: &mut Tiff<'_>) -> Result<Corner, geokeys::KeyFault> {
    let directory = tiff.get_tag_u16_vec(Tag::GeoKeyDirectoryTag);
    let directory = directory
        .map_err(|_| ("GeoKeyDirectory", "nothing".to_owned(), "a GeoTIFF, which says where it lies"))?;
    let keys = geokeys::read(&directory)?;
    let ([west, north], (step_lon, step_lat)) = grid(tiff)?;
    let post = if keys.pixel_is_point { 0.0 } else { 0.5 };
    let north_west = (west + post * step_lon, north - post * step_lat);
    let at = |number: f64, low: f64, high: f64| (low..=high).contains(&number);
    let is_corner = at(north_west.0, -360.0, 540.0) && at(north_west.1, -91.0, 91.0);
    if !(is_corner && at(step_lon, f64::MIN_POSITIVE, 10.0) && at(step_lat, f64::MIN_POSITIVE, 10.0)) {
        let found = format!("a corner at {west}, {north} and pixels of {step_lon} x {step_lat}");
        return Err(("ModelPixelScale", found, "degrees of longitude and latitude, north up"));
    }
    Ok(Corner { north_west, steps: (step_lon, step_lat) })
}

/// The corner of the first pixel, and the size of a pixel.
fn grid(tiff: &mut Tiff<'_>) -> Result<([f64; 2], (f64, f64)), geokeys::KeyFault> {
    let mut numbers = |tag| tiff.get_tag_f64_vec(tag).unwrap_or_default();
    let (scale, tie) = (numbers(Tag::ModelPixelScaleTag), numbers(Tag::ModelTiepointTag));
    let matrix = numbers(Tag::ModelTransformationTag);
    match (&scale[..], &tie[..], &matrix[..]) {
        ([x, y, ..], [column, row, _, west, north, ..], _) => {
            Ok(([west - column * x, north + row * y], (*x, *y)))
        }
        (_, _, [x, skew, _, west, turn, y, _, north, ..]) if *skew == 0.0 && *turn == 0.0 => {
            Ok(([*west, *north], (*x, -*y)))
        }
        (_, _, [_, _, _, _, _, _, _, _, ..]) => Err((
            "ModelTransformation",
            "a turned or skewed grid".to_owned(),
            "rows along parallels, north up",
        )),
        _ => Err(("ModelPixelScale", "nothing".to_owned(), "a scale and a tiepoint")),
    }
}
