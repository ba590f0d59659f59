//! Zones out: ED-318, ED-269, plain GeoJSON.

mod ed269;
mod ed318;
mod geojson;
mod parts;

use serde_json::Value;
use tianlu_engine::airspace::Zone;

use super::Format;
use crate::error::Warning;

/// Writes zones in a format. The second value says what the format could not hold.
///
/// Numbers are written so that they read back as the same doubles. ED-318 holds all that a zone has.
///
/// # Errors
/// A text that says why, if the format cannot be written ([`Format::OpenAir`]).
pub fn write_airspace(
    format: Format,
    title: Option<&str>,
    zones: &[Zone],
) -> Result<(String, Vec<Warning>), String> {
    let mut losses = Losses::default();
    let document = match format {
        Format::Ed318 => ed318::document(title, zones, &mut losses),
        Format::Ed269 => ed269::document(title, zones, &mut losses),
        Format::GeoJson => geojson::document(title, zones, &mut losses),
        Format::OpenAir => {
            return Err(
                "OpenAir is read, not written: it holds no conditions, schedules or authorities".to_owned()
            );
        }
    };
    let mut text = serde_json::to_string_pretty(&document).expect("a JSON value can be spelled");
    text.push('\n');
    Ok((text, losses.warnings))
}

/// One zone as an ED-318 feature (for the HTTP API).
pub fn zone_to_ed318(zone: &Zone) -> Value {
    ed318::feature(zone, 0, &mut Losses::default())
}

/// What a format could not hold.
#[derive(Debug, Default)]
struct Losses {
    warnings: Vec<Warning>,
}

impl Losses {
    fn note(&mut self, index: usize, zone: &Zone, text: impl Into<String>) {
        self.warnings.push(Warning {
            index: Some(index),
            place: "zone",
            identifier: Some(zone.identifier.clone()),
            text: text.into(),
        });
    }
}

#[cfg(test)]
mod tests;
