//! National dialects of GeoJSON: tables of property names, built in and the user's own.
//!
//! A dialect is recognised where every feature of a file has all the properties that its table names. A file of no
//! known dialect is plain GeoJSON, whose zones are closed unless they say otherwise.

mod reader;
mod table;
mod twins;

use std::sync::{Arc, LazyLock};

use serde_json::Value;

use super::Format;
use super::detect::Features;
use super::json::Object;
use crate::error::ReadError;
use table::Tables;

pub(super) use table::Dialect;
pub(super) use twins::Twins;

static BUILTIN: LazyLock<Arc<[Dialect]>> = LazyLock::new(|| {
    let tables: Tables =
        serde_json::from_str(include_str!("builtin.json")).expect("the built-in tables are in order");
    tables.dialects.into()
});

/// Tables of property names of national GeoJSON dialects. The default are the built-in ones: Denmark, Estonia, and
/// the FAA's facility maps.
#[derive(Debug, Clone)]
pub struct Dialects {
    tables: Arc<[Dialect]>,
}

impl Default for Dialects {
    fn default() -> Self {
        Self::builtin()
    }
}

impl Dialects {
    /// The built-in tables.
    pub fn builtin() -> Self {
        Self { tables: Arc::clone(&BUILTIN) }
    }

    /// The tables of a JSON text, and after them the built-in ones.
    ///
    /// The text is an object with `dialects`, a list of tables:
    ///
    /// | member | says |
    /// | --- | --- |
    /// | `title`, `source` | what it is, and where that is written |
    /// | `recognise` | properties that every feature has; together they tell the dialect |
    /// | `identifier`, `name`, `message` | texts, with properties in braces: `"DK-{OBJECTID}"` |
    /// | `country`, `language` | of all zones |
    /// | `restriction` | `property`, `values` (from its value to a restriction), `otherwise` |
    /// | `lower`, `upper` | `property`, `unit` (`m`, `ft`), `reference` (`AGL`, `AMSL`, `WGS84`) |
    /// | `start`, `end` | `property`, `format` (`rfc3339`, `rfc2822`, `epoch_ms`) |
    /// | `radius` | of points: `property`, `unit` (`m`, `km`, `ft`, `NM`) where none is written |
    /// | `twin_points` | a point that agrees in these properties with a polygon around it is passed over |
    /// | `skip` | a list of `where` (properties and their values), `geometry` (a type), `because` |
    /// | `properties` | `"ed269"`: the properties are those of an ED-269 zone |
    ///
    /// # Errors
    /// [`ReadError`] if the text is no such table, with line and column.
    ///
    /// ```
    /// use tianlu_airspace_data::airspace::Dialects;
    /// let table = r#"{"dialects": [{"title": "Lakeland", "source": "lakes.example", "recognise": ["lake_no"],
    ///   "identifier": "L-{lake_no}", "restriction": {"otherwise": "PROHIBITED"}}]}"#;
    /// assert!(Dialects::with_json(table).is_ok());
    /// assert!(Dialects::with_json(r#"{"dialects": [{"title": "Lakeland"}]}"#).is_err());
    /// ```
    pub fn with_json(text: &str) -> Result<Self, ReadError> {
        let name = "dialects";
        let tables: Tables = serde_json::from_str(text).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            ReadError::whole(name, &place, error.to_string(), "a table of dialects")
        })?;
        for (index, dialect) in tables.dialects.iter().enumerate() {
            if dialect.recognise.is_empty() {
                let field = format!("dialects[{index}].recognise");
                return Err(ReadError::whole(
                    name,
                    &field,
                    "an empty list",
                    "properties that tell the dialect",
                ));
            }
            if dialect.identifier.is_none() && dialect.properties.is_none() {
                let field = format!("dialects[{index}].identifier");
                return Err(ReadError::whole(name, &field, "nothing", "a text with properties in braces"));
            }
        }
        Ok(Self { tables: tables.dialects.into_iter().chain(BUILTIN.iter().cloned()).collect() })
    }

    /// The dialect of a file.
    pub(super) fn of(&self, features: &Features) -> Option<&Dialect> {
        if features.format != Format::GeoJson || features.list.is_empty() {
            return None;
        }
        self.tables.iter().find(|dialect| features.list.iter().all(|feature| dialect.is_spoken_by(feature)))
    }
}

impl Dialect {
    fn is_spoken_by(&self, feature: &Value) -> bool {
        let properties = feature.get("properties").and_then(Value::as_object);
        properties.is_some_and(|properties| self.recognise.iter().all(|name| properties.contains_key(name)))
    }

    /// Why a feature is passed over, if it is.
    pub(super) fn passes_over(&self, feature: &Object, twins: &Twins) -> Option<String> {
        let kind = feature.get("geometry").and_then(|geometry| geometry.get("type")).and_then(Value::as_str);
        let properties = feature.get("properties")?;
        for rule in &self.skip {
            let of_kind = rule.geometry.as_deref().is_none_or(|wanted| kind == Some(wanted));
            let matches =
                |(name, wanted): (&String, &Value)| properties.get(name).unwrap_or(&Value::Null) == wanted;
            if of_kind && rule.conditions.iter().all(matches) {
                return Some(rule.because.clone());
            }
        }
        (kind == Some("Point") && twins.has_polygon_around(feature))
            .then(|| format!("the marker of a polygon of the same {}", self.twin_points.join(" and ")))
    }
}

#[cfg(test)]
mod tests;
