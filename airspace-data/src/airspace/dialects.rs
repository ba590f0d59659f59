//! National dialects of GeoJSON.

use std::collections::HashSet;

use serde_json::Value;

use super::detect::Features;
use super::findings::Findings;
use super::json::Object;
use super::outline::Drawing;
use super::zone_reader::Draft;
use crate::error::Warning;

/// Tables of property names of national GeoJSON dialects.
#[derive(Debug, Clone, Default)]
pub struct Dialects {}

#[derive(Debug)]
pub(super) struct Dialect {}

impl Dialects {
    pub(super) fn of(&self, _features: &Features) -> Option<&Dialect> {
        None
    }
}

impl Dialect {
    pub(super) fn twins(&self, _features: &[Value]) -> HashSet<String> {
        HashSet::new()
    }

    pub(super) fn skips(
        &self,
        _feature: &Object,
        _twins: Option<&mut HashSet<String>>,
        _findings: &Findings,
    ) -> Option<Warning> {
        None
    }

    pub(super) fn read_feature(&self, feature: &Object, findings: Findings, drawing: Drawing) -> Draft {
        super::geojson::read_feature(feature, findings, drawing)
    }
}
