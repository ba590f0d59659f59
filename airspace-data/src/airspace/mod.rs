//! Airspace files: ED-318, ED-269, OpenAir and GeoJSON in; ED-318, ED-269 and GeoJSON out.

use tianlu_engine::airspace::Zone;

use crate::crs::Crs;
use crate::error::{ReadError, Warning};

/// The format of an airspace file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// ED-318: GeoJSON with `layer` and `extent` in each geometry.
    Ed318,
    /// ED-269 JSON.
    Ed269,
    /// OpenAir text.
    OpenAir,
    /// Plain GeoJSON, or a national dialect of it.
    GeoJson,
}

/// How to read an airspace file.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Keep zones that cannot be understood closed at all heights and times, rather than refuse the file.
    pub lenient: bool,
    /// What the coordinates of the file mean.
    pub crs: Crs,
    /// The national GeoJSON dialects known beside the built-in ones.
    pub dialects: Dialects,
}

/// Tables of property names of national GeoJSON dialects.
#[derive(Debug, Clone, Default)]
pub struct Dialects {}

/// What an airspace file says.
#[derive(Debug, Clone)]
pub struct AirspaceFile {
    /// Its format, told by its content.
    pub format: Format,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// Its zones, in the order of the file.
    pub zones: Vec<Zone>,
    /// What was mended or passed over.
    pub warnings: Vec<Warning>,
    /// How many features were left out because they have no outline (`lenient` alone).
    pub left_out: usize,
}

/// Reads an airspace file. `name` is for messages alone: the format is told by the content.
///
/// # Errors
/// [`ReadError`] with every fault of the file; nothing is half-loaded.
pub fn read_airspace(_name: &str, _bytes: &[u8], _options: &ReadOptions) -> Result<AirspaceFile, ReadError> {
    todo!()
}

/// Writes zones in a format. The second value says what the format could not hold.
///
/// # Errors
/// A text that says why, if the format cannot be written ([`Format::OpenAir`]).
pub fn write_airspace(
    _format: Format,
    _title: Option<&str>,
    _zones: &[Zone],
) -> Result<(String, Vec<Warning>), String> {
    todo!()
}

/// One zone as an ED-318 feature (for the HTTP API).
pub fn zone_to_ed318(_zone: &Zone) -> serde_json::Value {
    todo!()
}
