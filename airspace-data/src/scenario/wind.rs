//! The wind of a scenario.

use serde_json::{Value, json};
use tianlu_engine::weather::{Wind, WindLayer};

use crate::error::ReadError;
use crate::fields::{self, Faults, Fields, Path, Range};

const SPEED: Range = Range::closed(0.0, 200.0, "m/s");
const DIRECTION: Range = Range::closed(-36_000.0, 36_000.0, "degrees clockwise from north");
const HEIGHT: Range = Range::closed(-100_000.0, 100_000.0, "metres above ground");

/// Reads wind as in a scenario file, from JSON (for the HTTP API). `name` is for messages alone.
///
/// An object is wind at all heights, or above its `above_agl_m`. In a list each entry is good from its height up to
/// the next, and the first one found without a height from the ground up. Null is calm.
///
/// # Errors
/// [`ReadError`] with every field that is missing or out of its range.
///
/// ```
/// use tianlu_airspace_data::scenario::read_wind;
/// let wind = read_wind("body", &serde_json::json!({"speed_m_s": 4.0, "from_deg": 270.0})).unwrap();
/// assert!((wind.velocity_at(100.0).0 - 4.0).abs() < 1e-9); // from the west: blows east
/// assert!(read_wind("body", &serde_json::json!({"speed_m_s": -4.0, "from_deg": 270.0})).is_err());
/// ```
pub fn read_wind(name: &str, json: &Value) -> Result<Wind, ReadError> {
    let mut faults = Faults::new(name);
    let wind = if json.is_null() { Some(Wind::CALM) } else { wind(json, &Path::Root, &mut faults) };
    faults.done(wind)
}

/// Wind as [`read_wind`] reads it, with every number exact: an object for a single layer,
/// else a list, empty in calm air.
///
/// ```
/// use tianlu_airspace_data::scenario::{read_wind, wind_to_json};
/// let json = serde_json::json!([
///     {"speed_m_s": 3.5, "from_deg": 120.0, "above_agl_m": 0.0}, {"speed_m_s": 8.0, "from_deg": 135.0, "above_agl_m": 80.0},
/// ]);
/// assert_eq!(wind_to_json(&read_wind("body", &json).unwrap()), json);
/// ```
pub fn wind_to_json(wind: &Wind) -> Value {
    let layer = |layer: &WindLayer| {
        let mut json = json!({"speed_m_s": layer.speed_m_s, "from_deg": layer.from_deg});
        if layer.above_agl_m.is_finite() {
            json["above_agl_m"] = layer.above_agl_m.into();
        }
        json
    };
    match wind.layers() {
        [one] => layer(one),
        layers => layers.iter().map(layer).collect(),
    }
}

/// The wind at a path of a document.
pub(super) fn wind(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<Wind> {
    let layers = match value {
        Value::Array(entries) => {
            let layers: Vec<_> = (entries.iter().enumerate())
                .filter_map(|(index, entry)| layer(entry, &Path::Element(at, index), faults))
                .collect();
            (layers.len() == entries.len()).then_some(layers)?
        }
        Value::Object(_) => vec![layer(value, at, faults)?],
        _ => {
            faults.add(
                at,
                fields::shorten(value),
                "an object with speed_m_s and from_deg, or a list of them",
            );
            return None;
        }
    };
    Wind::new(layers).map_err(|error| faults.add(at, error.0.to_string(), "finite numbers")).ok()
}

fn layer(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<WindLayer> {
    let mut fields = Fields::of(value, at, faults)?;
    let above_agl_m = fields
        .may("above_agl_m", f64::NEG_INFINITY, |value, at, faults| fields::number(value, at, HEIGHT, faults));
    let (speed_m_s, from_deg) = (fields.number("speed_m_s", SPEED), fields.number("from_deg", DIRECTION));
    fields.end(&[]);
    Some(WindLayer { above_agl_m: above_agl_m?, speed_m_s: speed_m_s?, from_deg: from_deg? })
}
