#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::Cursor;

use proptest::prelude::*;
use rstest::rstest;
use tianlu_engine::frame::LonLat;
use tiff::encoder::colortype::{
    ColorType, Gray8, Gray16, Gray32, Gray32Float, Gray64Float, GrayI16, GrayI32, RGB8,
};
use tiff::encoder::{Compression, TiffEncoder, TiffValue};
use tiff::tags::Tag;

use super::*;

const COLUMNS: usize = 5;
const ROWS: usize = 4;
/// North-western corner, and the size of a pixel.
const CORNER: (f64, f64) = (120.0, 31.0);
const STEP: (f64, f64) = (0.25, 0.125);

/// Keys that say: geographic, this raster type, this system.
fn keys(raster_type: u16, system: u16) -> Vec<u16> {
    vec![1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, raster_type, 2048, 0, 1, system]
}

fn height(row: usize, column: usize) -> u8 {
    (10 * row + column * column) as u8
}

struct Written<'t> {
    keys: Option<Vec<u16>>,
    scale: Option<Vec<f64>>,
    tie: Option<Vec<f64>>,
    matrix: Option<Vec<f64>>,
    mark: Option<&'t str>,
    compression: Compression,
}

impl Default for Written<'_> {
    fn default() -> Self {
        Self {
            keys: Some(keys(1, 4326)),
            scale: Some(vec![STEP.0, STEP.1, 0.0]),
            tie: Some(vec![0.0, 0.0, 0.0, CORNER.0, CORNER.1, 0.0]),
            matrix: None,
            mark: None,
            compression: Compression::Uncompressed,
        }
    }
}

impl Written<'_> {
    /// The bytes of a GeoTIFF of these samples, in strips of two rows.
    fn bytes<C: ColorType>(&self, samples: &[C::Inner]) -> Vec<u8>
    where
        [C::Inner]: TiffValue,
    {
        let mut bytes = Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut bytes).unwrap().with_compression(self.compression);
        let mut image = encoder.new_image::<C>(COLUMNS as u32, ROWS as u32).unwrap();
        image.rows_per_strip(2).unwrap();
        let directory = image.encoder();
        for (tag, numbers) in [
            (Tag::ModelPixelScaleTag, &self.scale),
            (Tag::ModelTiepointTag, &self.tie),
            (Tag::ModelTransformationTag, &self.matrix),
        ] {
            numbers.iter().for_each(|numbers| directory.write_tag(tag, &numbers[..]).unwrap());
        }
        self.keys.iter().for_each(|keys| directory.write_tag(Tag::GeoKeyDirectoryTag, &keys[..]).unwrap());
        self.mark.iter().for_each(|mark| directory.write_tag(Tag::GdalNodata, *mark).unwrap());
        image.write_data(samples).unwrap();
        bytes.into_inner()
    }

    fn error(&self) -> String {
        read_terrain("dem.tif", &self.bytes::<Gray8>(&posts(|height| height))).unwrap_err().to_string()
    }
}

fn posts<T>(of: impl Fn(u8) -> T) -> Vec<T> {
    (0..ROWS * COLUMNS).map(|index| of(height(index / COLUMNS, index % COLUMNS))).collect()
}

/// Bilinear height at a column and row, from the definition.
fn bilinear(column: f64, row: f64) -> f64 {
    let (j, i) = (column.floor() as usize, row.floor() as usize);
    let (u, v) = (column.fract(), row.fract());
    let at = |i: usize, j: usize| f64::from(height(i.min(ROWS - 1), j.min(COLUMNS - 1)));
    let (north, south) =
        (at(i, j) * (1.0 - u) + at(i, j + 1) * u, at(i + 1, j) * (1.0 - u) + at(i + 1, j + 1) * u);
    north * (1.0 - v) + south * v
}

/// Looks everywhere; the first post is at `first` pixels from the corner.
fn check(bytes: &[u8], first: f64) {
    let raster = read_terrain("dem.tif", bytes).unwrap();
    assert_eq!((raster.rows(), raster.columns()), (ROWS, COLUMNS));
    for step in 0..=300 {
        let (column, row) =
            ((step % 17) as f64 / 16.0 * (COLUMNS - 1) as f64, (step / 17) as f64 / 17.0 * (ROWS - 1) as f64);
        let place =
            LonLat::new(CORNER.0 + (column + first) * STEP.0, CORNER.1 - (row + first) * STEP.1).unwrap();
        let found = raster.height_m(place).unwrap();
        assert!((found - bilinear(column, row)).abs() < 1e-9, "{column} {row}: {found}");
    }
    let beyond = LonLat::new(CORNER.0 + (first - 0.01) * STEP.0, CORNER.1 - first * STEP.1).unwrap();
    assert_eq!(raster.height_m(beyond), None);
}

#[rstest]
#[case::plain(Compression::Uncompressed)]
#[case::lzw(Compression::Lzw)]
#[case::deflate(Compression::Deflate(tiff::encoder::DeflateLevel::Fast))]
#[case::packbits(Compression::Packbits)]
fn all_types_of_samples(#[case] compression: Compression) {
    let written = Written { compression, ..Written::default() };
    check(&written.bytes::<Gray8>(&posts(|height| height)), 0.5);
    check(&written.bytes::<Gray16>(&posts(u16::from)), 0.5);
    check(&written.bytes::<GrayI16>(&posts(i16::from)), 0.5);
    check(&written.bytes::<Gray32>(&posts(u32::from)), 0.5);
    check(&written.bytes::<GrayI32>(&posts(i32::from)), 0.5);
    check(&written.bytes::<Gray32Float>(&posts(f32::from)), 0.5);
    check(&written.bytes::<Gray64Float>(&posts(f64::from)), 0.5);
}

#[test]
fn posts_are_pixels_or_their_centres() {
    let point = Written { keys: Some(keys(2, 4326)), ..Written::default() };
    check(&point.bytes::<Gray8>(&posts(|height| height)), 0.0);
    let tie = Some(vec![2.0, 1.0, 0.0, CORNER.0 + 2.0 * STEP.0, CORNER.1 - STEP.1, 0.0]);
    check(&Written { tie, ..Written::default() }.bytes::<Gray8>(&posts(|height| height)), 0.5);
    let matrix =
        [STEP.0, 0.0, 0.0, CORNER.0, 0.0, -STEP.1, 0.0, CORNER.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0];
    let transformed = Written { scale: None, tie: None, matrix: Some(matrix.to_vec()), ..Written::default() };
    check(&transformed.bytes::<Gray8>(&posts(|height| height)), 0.5);
    check(
        &Written { keys: Some(keys(1, 4490)), ..Written::default() }.bytes::<Gray8>(&posts(|height| height)),
        0.5,
    );
}

#[test]
fn no_data_by_mark_or_by_depth() {
    let gap = |mark: Option<&'static str>, gap: f64| {
        let mut samples = posts(f64::from);
        samples[0] = gap;
        let raster =
            read_terrain("d", &Written { mark, ..Written::default() }.bytes::<Gray64Float>(&samples))
                .unwrap();
        let at = |column: f64, row: f64| {
            raster.height_m(
                LonLat::new(CORNER.0 + (column + 0.5) * STEP.0, CORNER.1 - (row + 0.5) * STEP.1).unwrap(),
            )
        };
        (at(0.5, 0.5), at(1.5, 0.5))
    };
    let beside = Some(bilinear(1.5, 0.5));
    assert_eq!(gap(None, -9999.0), (None, beside));
    assert_eq!(gap(None, -32768.0), (None, beside));
    assert_eq!(gap(None, f64::NAN), (None, beside));
    assert_eq!(gap(Some("255"), 255.0), (None, beside));
    assert_eq!(gap(Some("nan"), f64::NAN), (None, beside));
    assert!(gap(Some("255"), 254.0).0.is_some());
    let lowest = Written { mark: Some("-3.4028234663852886e+38"), ..Written::default() };
    let error = read_terrain("d", &lowest.bytes::<Gray32Float>(&[f32::MIN; ROWS * COLUMNS])).unwrap_err();
    assert!(error.to_string().contains("no post has a height"));
}

#[test]
fn what_lies_elsewhere_or_nowhere_is_refused_by_name() {
    let with = |keys: &[u16]| Written { keys: Some(keys.to_vec()), ..Written::default() }.error();
    let projected = with(&[1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32651]);
    assert!(
        projected.starts_with("dem.tif: ProjectedCRS: found the projection EPSG:32651, expected longitude"),
        "{projected}"
    );
    assert!(with(&keys(1, 4214)).contains("GeodeticCRS: found EPSG:4214"));
    assert!(with(&[1, 1, 0, 0]).contains("GTModelType: found nothing"));
    assert!(
        with(&[1, 1, 0, 1, 1024, 0, 1, 2, 4099, 0, 1, 9002])
            .contains("VerticalUnits: found unit 9002, expected metres")
    );
    assert!(with(&[1, 1, 0, 1, 1024, 0, 1, 2, 4096, 0, 1, 5030]).contains("heights above an ellipsoid"));
    assert!(Written { keys: None, ..Written::default() }.error().contains("GeoKeyDirectory: found nothing"));
    assert!(Written { tie: None, ..Written::default() }.error().contains("ModelPixelScale: found nothing"));
    let metres = Written { scale: Some(vec![30.0, 30.0, 0.0]), ..Written::default() };
    assert!(metres.error().contains("pixels of 30 x 30, expected degrees"));
    let turned = [0.2, 0.1, 0.0, 120.0, 0.1, -0.2, 0.0, 31.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0];
    let turned = Written { scale: None, matrix: Some(turned.to_vec()), ..Written::default() };
    assert!(turned.error().contains("a turned or skewed grid"));
    let nan = Written { scale: Some(vec![f64::NAN, 0.1, 0.0]), ..Written::default() };
    assert!(nan.error().contains("ModelPixelScale"));
}

#[test]
fn pictures_in_colour_and_other_files_are_refused() {
    let colours = Written::default().bytes::<RGB8>(&[7; ROWS * COLUMNS * 3]);
    assert!(read_terrain("c.tif", &colours).unwrap_err().to_string().contains("bands: found RGB(8)"));
    let told = |name: &str, bytes: &[u8]| read_terrain(name, bytes).unwrap_err().to_string();
    assert!(told("dem.tif", b"").contains("found an empty file"));
    assert!(told("dem.tif", b"hello world").contains("begins with \"hello wo\", expected a GeoTIFF"));
    assert!(told("dem.tif", b"II*\0").contains("expected a GeoTIFF"));
}

#[test]
fn srtm_tiles_by_name_and_size() {
    let bytes: Vec<u8> = posts(i16::from)[..16].iter().flat_map(|height| height.to_be_bytes()).collect();
    let raster = read_terrain("tiles/s05w069.HGT", &bytes).unwrap();
    assert_eq!(raster.height_m(LonLat::new(-69.0, -4.0).unwrap()), Some(f64::from(height(0, 0))));
    assert_eq!(raster.height_m(LonLat::new(-68.0, -5.0).unwrap()), Some(f64::from(height(3, 0))));
    let void: Vec<u8> = [-32768i16, 5, 5, 5].iter().flat_map(|height| height.to_be_bytes()).collect();
    let raster = read_terrain("N30E120.SRTMGL1.hgt", &void).unwrap();
    assert_eq!(raster.range_m(), (5.0, 5.0));
    assert_eq!(raster.height_m(LonLat::new(120.5, 30.5).unwrap()), None);
    let told = |name: &str, bytes: &[u8]| read_terrain(name, bytes).unwrap_err().to_string();
    assert!(told("dem.hgt", &void).contains("name: found \"dem.hgt\", expected a name that begins"));
    assert!(told("N99E120.hgt", &void).contains("name: found"));
    assert!(told("N30E120.hgt", &void[..6]).contains("size: found 6 bytes, expected a square"));
    assert!(told("N30E120.hgt", &[0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0]).contains("no post has a height"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Any bytes of a good file changed, or the file cut: read or refused.
    #[test]
    fn never_panics(changes in proptest::collection::vec((0usize..2000, any::<u8>()), 0..6), cut in 0usize..2000, packed: bool) {
        let compression = if packed { Compression::Lzw } else { Compression::Uncompressed };
        let mut bytes = Written { compression, ..Written::default() }.bytes::<GrayI16>(&posts(i16::from));
        for (at, value) in changes {
            let length = bytes.len();
            bytes[at % length] = value;
        }
        let _ = read_terrain("d.tif", &bytes);
        bytes.truncate(cut);
        let _ = read_terrain("d.tif", &bytes);
        let _ = read_terrain("N30E120.hgt", &bytes);
    }
}
