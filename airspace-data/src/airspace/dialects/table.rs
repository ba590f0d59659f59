//! The table of one dialect, as it stands in JSON.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tables {
    pub(super) dialects: Vec<Dialect>,
}

/// One dialect. What its members mean stands at [`super::Dialects::with_json`].
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Dialect {
    #[expect(dead_code, reason = "for whoever reads the table")]
    title: String,
    #[expect(dead_code, reason = "for whoever reads the table; a table must name its source")]
    source: String,
    pub(super) recognise: Vec<String>,
    pub(super) properties: Option<Profile>,
    #[serde(default)]
    pub(super) country: String,
    #[serde(default)]
    pub(super) language: String,
    pub(super) identifier: Option<String>,
    pub(super) name: Option<String>,
    pub(super) message: Option<String>,
    pub(super) restriction: Option<Choice>,
    pub(super) lower: Option<Limit>,
    pub(super) upper: Option<Limit>,
    pub(super) start: Option<Moment>,
    pub(super) end: Option<Moment>,
    pub(super) radius: Option<Radius>,
    #[serde(default)]
    pub(super) twin_points: Vec<String>,
    #[serde(default)]
    pub(super) skip: Vec<Skip>,
}

/// A standard that the properties of a dialect follow.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Profile {
    Ed269,
}

/// From the value of a property to a restriction.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    pub(super) property: Option<String>,
    #[serde(default)]
    pub(super) values: BTreeMap<String, Asked>,
    pub(super) otherwise: Option<Asked>,
}

/// A restriction by its word.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Asked {
    Uspace,
    Prohibited,
    ReqAuthorization,
    Conditional,
    NoRestriction,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limit {
    pub(super) property: String,
    pub(super) unit: LengthUnit,
    pub(super) reference: Counted,
}

/// What a limit counts from.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Counted {
    Agl,
    Amsl,
    Wgs84,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum LengthUnit {
    #[serde(rename = "m")]
    Metre,
    #[serde(rename = "km")]
    Kilometre,
    #[serde(rename = "ft")]
    Foot,
    #[serde(rename = "NM")]
    NauticalMile,
}

impl LengthUnit {
    pub(super) const fn metres(self) -> f64 {
        match self {
            Self::Metre => 1.0,
            Self::Kilometre => 1000.0,
            Self::Foot => 0.3048,
            Self::NauticalMile => 1852.0,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Moment {
    pub(super) property: String,
    #[serde(default)]
    pub(super) format: MomentFormat,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum MomentFormat {
    #[default]
    Rfc3339,
    Rfc2822,
    EpochMs,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Radius {
    pub(super) property: String,
    pub(super) unit: LengthUnit,
}

/// Features that are no zones.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Skip {
    pub(super) geometry: Option<String>,
    #[serde(rename = "where")]
    pub(super) conditions: BTreeMap<String, Value>,
    pub(super) because: String,
}
