//! The rules file: what is controlled over the ground, how far around a place and how high.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::json;
use tianlu_engine::airspace::{Layer, Limits, Mission, Missions, Outline, Restriction, Zone};

use super::inputs::{self, Failure};
use super::texts;

/// The rules by category.
#[derive(Deserialize)]
pub(crate) struct Rules {
    categories: BTreeMap<String, Category>,
    conditions: BTreeMap<String, Said>,
}

/// What holds for one category of article 19.
#[derive(Deserialize)]
pub(crate) struct Category {
    article_19: String,
    /// Metres around the place itself.
    pub(crate) buffer_m: f64,
    buffer_source: String,
    reason: String,
    #[serde(default)]
    exempt_missions: Vec<String>,
    layers: Vec<RuleLayer>,
}

/// One restriction between two heights.
#[derive(Deserialize)]
struct RuleLayer {
    #[serde(rename = "type")]
    restriction: String,
    lower_agl_m: f64,
    upper_agl_m: Option<f64>,
}

/// A text in English. ED-318 has one language for conditions; the Chinese stays in the rules file.
#[derive(Deserialize)]
struct Said {
    en: String,
}

/// A place that a category protects.
pub(crate) struct Protected<'a> {
    pub(crate) identifier: &'a str,
    pub(crate) category: &'a str,
    pub(crate) en: &'a str,
    pub(crate) zh: &'a str,
    /// How well its position is known.
    pub(crate) accuracy_m: Option<f64>,
    /// Its outlines, the category's buffer included.
    pub(crate) outlines: Vec<Outline>,
}

/// Reads `rules.json`.
pub(crate) fn read(path: &Path) -> Result<Rules, Failure> {
    inputs::json(path)
}

impl Rules {
    /// The rule of a category.
    pub(crate) fn category(&self, name: &str) -> Result<&Category, Failure> {
        self.categories.get(name).ok_or_else(|| Failure::plain(format!("rules.json: no category {name:?}")))
    }

    /// The zones that protect a place: one for each layer of its category. The first has the place's identifier, a
    /// further one, which lies over it, `-OVER` behind.
    pub(crate) fn zones(&self, place: &Protected<'_>) -> Result<Vec<Zone>, Failure> {
        let category = self.category(place.category)?;
        let zone = |(number, layer): (usize, &RuleLayer)| self.zone(place, category, number, layer);
        category.layers.iter().enumerate().map(zone).collect()
    }

    fn zone(
        &self,
        place: &Protected<'_>,
        category: &Category,
        number: usize,
        rule: &RuleLayer,
    ) -> Result<Zone, Failure> {
        let restriction = Restriction::parse(&rule.restriction)
            .ok_or_else(|| Failure::plain(format!("rules.json: unknown type {:?}", rule.restriction)))?;
        let limits = Limits {
            lower: Some(texts::agl(rule.lower_agl_m)?),
            upper: rule.upper_agl_m.map(texts::agl).transpose()?,
        };
        let layers =
            place.outlines.iter().map(|outline| Layer { outline: outline.clone(), limits }).collect();
        let suffix = if number == 0 { "" } else { "-OVER" };
        let mut zone = Zone::new(format!("{}{suffix}", place.identifier), restriction, layers);
        texts::dress(&mut zone, place.en, place.zh);
        zone.reason = vec![category.reason.clone()];
        zone.restriction_conditions = self.conditions.get(restriction.as_str()).map(|said| said.en.clone());
        zone.authorities = vec![texts::air_traffic_management(restriction)];
        zone.exempt_missions = missions(&category.exempt_missions)?;
        let mut extended = json!({
            "category": place.category,
            "article_19": category.article_19,
            "buffer_m": category.buffer_m,
            "buffer_source": category.buffer_source,
        });
        if let Some(accuracy_m) = place.accuracy_m {
            extended["accuracy_m"] = json!(accuracy_m);
        }
        zone.extended = Some(extended.to_string());
        Ok(zone)
    }
}

/// A set of missions from their spelling.
pub(crate) fn missions(names: &[String]) -> Result<Missions, Failure> {
    names.iter().try_fold(Missions::NONE, |set, name| {
        let mission =
            Mission::parse(name).ok_or_else(|| Failure::plain(format!("unknown mission {name:?}")))?;
        Ok(set.with(mission))
    })
}
