//! Obstacle files: GeoJSON polygons with `height_m`, or points with `radius_m` and `height_m`.

#[cfg(test)]
mod tests;

use serde_json::Value;
use tianlu_engine::airspace::{Outline, Polygon};
use tianlu_engine::frame::{Agl, LonLat};
use tianlu_engine::surface::Obstacle;

use crate::airspace::rings;
use crate::error::{ReadError, Warning};
use crate::fields::{self, Faults, Fields, Path, Range};

/// Taller than anything that stands.
const HEIGHT_M: Range = Range::closed(0.0, 10_000.0, "metres");
const RADIUS_M: Range = Range::positive(100_000.0, "metres");

/// Reads the obstacles of a GeoJSON file. `name` is for messages alone.
///
/// `height_m` counts from the ground below the aircraft, metres. The identifier is the feature's `id` (a text or a
/// number), else `obstacle N` with its place in the file, counted from 0. Unclosed and self-touching rings are mended,
/// with a warning.
///
/// # Errors
/// [`ReadError`] with every fault of the file; nothing is half-loaded.
///
/// ```
/// let mast = br#"{"type": "FeatureCollection", "features": [{"type": "Feature", "id": "MAST-1",
///     "geometry": {"type": "Point", "coordinates": [120.75, 30.72]},
///     "properties": {"radius_m": 12.0, "height_m": 65.0}}]}"#;
/// let (obstacles, _) = tianlu_airspace_data::obstacles::read_obstacles("masts.geojson", mast).unwrap();
/// assert_eq!(obstacles[0].identifier, "MAST-1");
/// assert_eq!(obstacles[0].height.metres(), 65.0);
/// ```
pub fn read_obstacles(name: &str, bytes: &[u8]) -> Result<(Vec<Obstacle>, Vec<Warning>), ReadError> {
    let document = fields::parse_json(name, bytes)?;
    let mut faults = Faults::new(name);
    let mut warnings = Vec::new();
    let obstacles = collection(&document, &mut faults, &mut warnings);
    Ok((faults.done(obstacles)?, warnings))
}

fn collection(document: &Value, faults: &mut Faults, warnings: &mut Vec<Warning>) -> Option<Vec<Obstacle>> {
    let mut top = Fields::of(document, &Path::Root, faults)?;
    top.need("type", |value, at, faults| exactly("FeatureCollection", value, at, faults))?;
    let features = top.need("features", fields::list)?;
    let mut obstacles = Vec::with_capacity(features.len());
    for (index, value) in features.iter().enumerate() {
        let id = match value.get("id") {
            Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        faults.about("feature", index, id.clone());
        let identifier = id.unwrap_or_else(|| format!("obstacle {index}"));
        obstacles.extend(obstacle(value, index, identifier, faults, warnings));
    }
    faults.about_all();
    Some(obstacles)
}

fn obstacle(
    value: &Value,
    index: usize,
    identifier: String,
    faults: &mut Faults,
    warnings: &mut Vec<Warning>,
) -> Option<Obstacle> {
    let mut feature = Fields::of(value, &Path::Root, faults)?;
    feature.need("type", |value, at, faults| exactly("Feature", value, at, faults))?;
    let round = value.pointer("/geometry/type").and_then(Value::as_str) == Some("Point");
    let sizes = feature.need("properties", |value, at, faults| {
        let mut properties = Fields::of(value, at, faults)?;
        let height = properties.number("height_m", HEIGHT_M);
        let radius = if round { properties.number("radius_m", RADIUS_M) } else { Some(0.0) };
        Some((Agl::new(height?).ok()?, radius?))
    });
    let mut notes = Vec::new();
    let shape = feature.need("geometry", |value, at, faults| geometry(value, at, faults, &mut notes));
    let warning =
        |text| Warning { index: Some(index), place: "feature", identifier: Some(identifier.clone()), text };
    warnings.extend(notes.into_iter().map(warning));
    let (height, radius_m) = sizes?;
    let outline = match shape? {
        Shape::Point(centre) => Outline::Circle { centre, radius_m },
        Shape::Polygons(polygons) => Outline::Polygons(polygons),
    };
    Some(Obstacle { identifier, outline, height })
}

enum Shape {
    Point(LonLat),
    Polygons(Vec<Polygon>),
}

fn geometry(value: &Value, at: &Path<'_>, faults: &mut Faults, notes: &mut Vec<String>) -> Option<Shape> {
    let mut geometry = Fields::of(value, at, faults)?;
    const KINDS: [&str; 3] = ["Polygon", "MultiPolygon", "Point"];
    let kind = geometry.need("type", |value, at, faults| {
        fields::word(value, at, |text| KINDS.into_iter().find(|kind| *kind == text), KINDS, faults)
    })?;
    geometry.need("coordinates", |value, at, faults| match kind {
        "Point" => position(value, at, faults).map(Shape::Point),
        "Polygon" => polygon(value, at, faults, notes).map(Shape::Polygons),
        _ => elements(value, at, 1, faults, |value, at, faults| polygon(value, at, faults, notes))
            .map(|polygons| Shape::Polygons(polygons.concat())),
    })
}

/// One polygon; where its rings touch themselves it may become several.
fn polygon(
    value: &Value,
    at: &Path<'_>,
    faults: &mut Faults,
    notes: &mut Vec<String>,
) -> Option<Vec<Polygon>> {
    let ring = |value: &Value, at: &Path<'_>, faults: &mut Faults| elements(value, at, 1, faults, position);
    let rings = elements(value, at, 1, faults, ring)?;
    match rings::mend(rings, false) {
        Ok(mended) => {
            notes.extend(mended.notes);
            Some(mended.polygons)
        }
        Err(fault) => {
            faults.add(&Path::Element(at, fault.ring), fault.found, fault.expected);
            None
        }
    }
}

fn position(value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<LonLat> {
    let numbers = fields::list(value, at, faults)?;
    let [lon, lat, ..] = numbers else {
        faults.add(at, format!("a list of {}", numbers.len()), "longitude and latitude");
        return None;
    };
    let lon = fields::number(lon, &Path::Element(at, 0), fields::LON, faults);
    let lat = fields::number(lat, &Path::Element(at, 1), fields::LAT, faults);
    LonLat::new(lon?, lat?).ok()
}

/// All elements of a list that has at least so many.
fn elements<T>(
    value: &Value,
    at: &Path<'_>,
    least: usize,
    faults: &mut Faults,
    mut read: impl FnMut(&Value, &Path<'_>, &mut Faults) -> Option<T>,
) -> Option<Vec<T>> {
    let values = fields::list(value, at, faults)?;
    if values.len() < least {
        faults.add(at, format!("a list of {}", values.len()), format!("at least {least}"));
        return None;
    }
    let read: Vec<_> = (values.iter().enumerate())
        .filter_map(|(index, value)| read(value, &Path::Element(at, index), faults))
        .collect();
    (read.len() == values.len()).then_some(read)
}

fn exactly(expected: &'static str, value: &Value, at: &Path<'_>, faults: &mut Faults) -> Option<()> {
    if value.as_str() == Some(expected) {
        return Some(());
    }
    faults.add(at, fields::shorten(value), format!("\"{expected}\""));
    None
}
