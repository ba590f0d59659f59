//! Airspace files: ED-318, ED-269, OpenAir and GeoJSON in; ED-318, ED-269 and GeoJSON out.

mod detect;
mod dialects;
mod ed269;
mod ed318;
mod findings;
mod geojson;
mod json;
mod labels;
mod limits;
mod openair;
mod outline;
pub(crate) mod rings;
mod times;
mod unique;
mod write;
mod zone_reader;

use std::collections::HashMap;

use serde_json::Value;
use tianlu_engine::airspace::Zone;

use crate::crs::Crs;
use crate::error::{ReadError, Warning};
use detect::Content;
use dialects::Twins;
use findings::{At, Findings, Log, describe};
use outline::Drawing;
use zone_reader::{Draft, Intake};

pub use dialects::Dialects;
pub use write::{write_airspace, zone_to_ed318};

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
    /// The national GeoJSON dialects that are known; by default the built-in ones.
    pub dialects: Dialects,
}

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
/// A leading byte order mark is accepted. JSON is UTF-8; OpenAir may be Latin-1.
///
/// # Errors
/// [`ReadError`] with every fault of the file; nothing is half-loaded.
///
/// ```
/// use tianlu_airspace_data::airspace::{ReadOptions, read_airspace};
/// let park = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "LAKE"},
///   "geometry": {"type": "Point", "coordinates": [500.0, 30.753]}}]}"#;
/// let error = read_airspace("park.json", park.as_bytes(), &ReadOptions::default()).unwrap_err();
/// assert_eq!(error.faults[0].field, "geometry.coordinates[0]");
/// assert_eq!(error.faults[0].expected, "a longitude from -180 to 180 degrees");
/// ```
pub fn read_airspace(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<AirspaceFile, ReadError> {
    match detect::content(name, bytes)? {
        Content::OpenAir(text) => openair::read(name, &text, options),
        Content::Json(document) => read_json(name, &document, options),
    }
}

fn read_json(name: &str, document: &Value, options: &ReadOptions) -> Result<AirspaceFile, ReadError> {
    let features = detect::features(name, document)?;
    let drawing = Drawing { lenient: options.lenient, crs: options.crs };
    let mut log = Log::new(name);
    check_file(&features, options, &mut log);
    let dialect = options.dialects.of(&features);
    let mut intake = Intake::new(&mut log, options.lenient);
    let dialect = dialect.map(|dialect| (dialect, Twins::new(dialect, features.list)));
    for (index, value) in features.list.iter().enumerate() {
        let mut findings = Findings::of_feature(index);
        let Value::Object(feature) = value else {
            findings.fault(&At::Top, describe(value), "an object");
            intake.take(Draft::new(findings));
            continue;
        };
        intake.take(match (features.format, &dialect) {
            (Format::Ed318, _) => ed318::read_feature(feature, findings, drawing),
            (Format::Ed269, _) => ed269::read_feature(feature, findings, drawing),
            (_, Some((dialect, twins))) => {
                if let Some(why) = dialect.passes_over(feature, twins) {
                    findings.identifier = identifier_of(feature);
                    findings.warn(format!("passed over: {why}"));
                    intake.log.take(findings);
                    continue;
                }
                dialect.read_feature(feature, findings, drawing)
            }
            (_, None) if features.is_bare_geometry => {
                let wrapped = json::Object::from_iter([("geometry".to_owned(), value.clone())]);
                geojson::read_feature(&wrapped, findings, drawing)
            }
            (_, None) => geojson::read_feature(feature, findings, drawing),
        });
    }
    let (zones, left_out) = (intake.zones, intake.left_out);
    warn_of_namesakes(&zones, &mut log);
    let title = ["title", "name"].into_iter().find_map(|name| features.document.get(name)?.as_str());
    Ok(AirspaceFile {
        format: features.format,
        title: title.filter(|_| !features.is_single).map(str::to_owned),
        zones,
        warnings: log.close()?,
        left_out,
    })
}

fn identifier_of(feature: &json::Object) -> Option<String> {
    feature.get("properties")?.get("identifier")?.as_str().map(str::to_owned)
}

/// Notes what concerns the file as a whole.
fn check_file(features: &detect::Features, options: &ReadOptions, log: &mut Log) {
    let mut findings = Findings::default();
    if features.format == Format::Ed318 {
        ed318::check_collection(features.document, &mut findings);
    }
    if features.list.is_empty() {
        findings.warn("the file holds no zone");
    }
    if features.is_bare_geometry {
        findings.warn("a geometry by itself: read as one zone, PROHIBITED at all heights and times");
    }
    if options.lenient {
        // What a collection says of itself closes no zone.
        for fault in std::mem::take(&mut findings.faults) {
            findings.warn(format!("passed over: {fault}"));
        }
    }
    log.take(findings);
}

/// Features may share an identifier (versions of a zone, parts of one); whoever names it should know.
fn warn_of_namesakes(zones: &[Zone], log: &mut Log) {
    let mut count: HashMap<&str, usize> = HashMap::new();
    for zone in zones {
        *count.entry(&zone.identifier).or_default() += 1;
    }
    let mut shared: Vec<_> = count.into_iter().filter(|(_, count)| *count > 1).collect();
    shared.sort_unstable();
    let mut findings = Findings::default();
    for (identifier, count) in shared {
        findings.warn(format!("{count} zones have the identifier {identifier}: naming it means all of them"));
    }
    log.take(findings);
}

#[cfg(test)]
mod tests;
