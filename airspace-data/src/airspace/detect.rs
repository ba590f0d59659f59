//! Which format a file is of, told by its content.

use serde_json::Value;

use super::json::{Object, given};
use super::unique::Unique;
use super::{Format, ed318};
use crate::error::ReadError;

const EXPECTED: &str = "an airspace file: ED-318, ED-269, GeoJSON or OpenAir";

/// A file's content, as far as it can be told at first sight.
pub(super) enum Content {
    /// A JSON document.
    Json(Value),
    /// OpenAir text.
    OpenAir(String),
}

/// Decodes a file and tells JSON from OpenAir.
pub(super) fn content(name: &str, bytes: &[u8]) -> Result<Content, ReadError> {
    let refused = |found: &str| Err(ReadError::whole(name, "", found, EXPECTED));
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(ReadError::whole(name, "", "text in UTF-16", "text in UTF-8"));
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    let Some(first) = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) else {
        return refused("an empty file");
    };
    if bytes.iter().take(4096).filter(|byte| **byte == 0).count() * 4 > bytes.len().min(4096) {
        return Err(ReadError::whole(name, "", "text in UTF-16 or binary data", "text in UTF-8"));
    }
    match first {
        b'<' => return refused(xml(bytes)),
        b'{' | b'[' => return json(name, bytes).map(Content::Json),
        _ if bytes.contains(&0) => return refused("binary data"),
        _ => {}
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        // OpenAir files of the old days are in Latin-1; windows-1252 is a superset of what they print.
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    };
    if is_openair(&text) {
        return Ok(Content::OpenAir(text));
    }
    let controls = text.chars().take(1000).filter(|c| c.is_control() && !c.is_whitespace()).count();
    if controls > 0 {
        return refused("binary data");
    }
    let start: String = text.trim_start().chars().take(30).filter(|c| *c != '\n' && *c != '\r').collect();
    refused(&format!("text that starts with {start:?}"))
}

fn json(name: &str, bytes: &[u8]) -> Result<Value, ReadError> {
    serde_json::from_slice(bytes).map(|Unique(document)| document).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        let mut found = error.to_string();
        if let Some(end) = found.rfind(" at line ") {
            found.truncate(end);
        }
        if found == "expected value" {
            found = "something that is no JSON value (NaN is none)".to_owned();
        }
        ReadError::whole(name, &place, found, "a JSON document")
    })
}

fn xml(bytes: &[u8]) -> &'static str {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    if start.contains("aixm") {
        "AIXM (AIXM is not read yet)"
    } else if start.contains("<kml") {
        "KML"
    } else if start.contains("<html") {
        "a web page"
    } else {
        "XML"
    }
}

/// Does a line start with a comment, or with one of OpenAir's records?
fn is_openair(text: &str) -> bool {
    const RECORDS: [&str; 14] =
        ["AC", "AN", "AH", "AL", "AY", "AI", "AF", "AG", "AT", "DP", "DC", "DA", "DB", "V"];
    let is_record = |line: &str| {
        let word = line.split_whitespace().next().unwrap_or_default();
        line.starts_with('*') || RECORDS.contains(&word.to_ascii_uppercase().as_str())
    };
    text.lines().map(str::trim).filter(|line| !line.is_empty()).take(200).any(is_record)
}

/// The features of a JSON document and the format that they are in.
pub(super) struct Features<'v> {
    pub(super) format: Format,
    pub(super) list: &'v [Value],
    pub(super) document: &'v Object,
    /// A geometry by itself stands for a feature without properties.
    pub(super) is_bare_geometry: bool,
    /// The document is one feature by itself.
    pub(super) is_single: bool,
}

/// Finds the features of a JSON document.
pub(super) fn features<'v>(name: &str, document: &'v Value) -> Result<Features<'v>, ReadError> {
    let refused =
        |field: &str, found: &str, expected: &str| Err(ReadError::whole(name, field, found, expected));
    let Value::Object(members) = document else {
        let found = super::findings::describe(document);
        return refused("", &found, "an object with `features`");
    };
    for wrapper in ["UASZoneList", "features"] {
        let Some(value) = members.get(wrapper) else { continue };
        let Value::Array(list) = value else {
            return refused(wrapper, &super::findings::describe(value), "a list of features");
        };
        let format = if wrapper == "UASZoneList" { Format::Ed269 } else { format_of(members, list) };
        return Ok(Features { format, list, document: members, is_bare_geometry: false, is_single: false });
    }
    let alone = std::slice::from_ref(document);
    let kind = members.get("type").and_then(Value::as_str).unwrap_or_default();
    match kind {
        "Feature" => {
            return Ok(Features {
                format: format_of(members, alone),
                list: alone,
                document: members,
                is_bare_geometry: false,
                is_single: true,
            });
        }
        "Polygon" | "MultiPolygon" if members.contains_key("coordinates") => {
            return Ok(Features {
                format: Format::GeoJson,
                list: alone,
                document: members,
                is_bare_geometry: true,
                is_single: true,
            });
        }
        "FeatureCollection" => return refused("features", "nothing", "a list of features"),
        _ => {}
    }
    if members.get("geometry").is_some_and(Value::is_array) {
        return Ok(Features {
            format: Format::Ed269,
            list: alone,
            document: members,
            is_bare_geometry: false,
            is_single: true,
        });
    }
    refused("", &fragment(members), "an object with `features`, or a GeoJSON Feature")
}

fn format_of(document: &Object, features: &[Value]) -> Format {
    let objects = || features.iter().filter_map(Value::as_object);
    let is_geojson = document.get("type").and_then(Value::as_str).is_some();
    if objects().any(|feature| feature.get("geometry").is_some_and(Value::is_array)) {
        Format::Ed269
    } else if objects().any(ed318::is_feature) {
        Format::Ed318
    } else if !is_geojson
        && objects().all(|feature| !feature.contains_key("type") || feature.contains_key("applicability"))
    {
        Format::Ed269
    } else {
        Format::GeoJson
    }
}

/// What an object is that holds no features.
fn fragment(members: &Object) -> String {
    let has = |name| given(members, name).is_some();
    if has("identifier") && (has("variant") || has("type") || has("restriction")) {
        "the properties of a zone alone, without a geometry"
    } else if has("startDateTime") || has("endDateTime") || has("schedule") {
        "a time period alone (ED-318 limitedApplicability)"
    } else if has("purpose") || has("contactName") {
        "an authority alone (ED-318 zoneAuthority)"
    } else if has("requests") && has("aircraft") {
        "a scenario"
    } else if has("plans") {
        "a plan file"
    } else if members.get("type").and_then(Value::as_str) == Some("Topology") {
        "TopoJSON"
    } else if has("coordinates") || has("geometries") {
        "a geometry by itself that is no polygon"
    } else if members.is_empty() {
        "an empty object"
    } else {
        let names: Vec<&str> = members.keys().take(5).map(String::as_str).collect();
        return format!("an object of {}", names.join(", "));
    }
    .to_owned()
}
