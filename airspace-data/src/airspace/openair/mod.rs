//! OpenAir text.

use super::{AirspaceFile, ReadOptions};
use crate::error::ReadError;

/// Reads OpenAir text.
pub(crate) fn read(name: &str, _text: &str, _options: &ReadOptions) -> Result<AirspaceFile, ReadError> {
    Err(ReadError::whole(name, "", "OpenAir", "ED-318, ED-269 or GeoJSON"))
}
