//! Take-off and landing places.

use std::path::Path;

use serde::Deserialize;
use serde_json::json;
use tianlu_engine::frame::LonLat;

use super::inputs::{self, Failure, Places};
use super::texts;
use super::writing;

#[derive(Deserialize)]
struct File {
    sites: Vec<Written>,
}

#[derive(Deserialize)]
struct Written {
    id: String,
    kind: String,
    en: String,
    zh: String,
    place: Option<String>,
    lon: Option<f64>,
    lat: Option<f64>,
    accuracy_m: Option<f64>,
    #[serde(default)]
    authorizations: Vec<String>,
    note: Option<String>,
}

/// A take-off and landing place.
pub(crate) struct Site {
    pub(crate) id: String,
    kind: String,
    en: String,
    zh: String,
    pub(crate) at: LonLat,
    accuracy_m: f64,
    /// Zones over it that must authorize a flight.
    pub(crate) authorizations: Vec<String>,
    note: Option<String>,
}

/// All sites, found by their id.
pub(crate) struct Sites(Vec<Site>);

impl Sites {
    /// The site of an id.
    pub(crate) fn find(&self, id: &str) -> Result<&Site, Failure> {
        self.0
            .iter()
            .find(|site| site.id == id)
            .ok_or_else(|| Failure::plain(format!("sites.json: no site {id:?}")))
    }
}

/// Reads `sites.json`; a place written there goes before the table's.
pub(crate) fn read(path: &Path, places: &Places) -> Result<Sites, Failure> {
    let file: File = inputs::json(path)?;
    let site = |written: Written| {
        let (at, accuracy_m) = match (written.lon, written.lat, written.accuracy_m, &written.place) {
            (Some(lon), Some(lat), Some(accuracy_m), _) => (inputs::place(lon, lat)?, accuracy_m),
            (None, None, None, Some(name)) => {
                let known = places.find(name)?;
                (known.at, known.accuracy_m)
            }
            _ => {
                let what = "expected lon, lat and accuracy_m, or a place of places.csv";
                return Err(Failure::new(path, format!("{}: {what}", written.id)));
            }
        };
        let Written { id, kind, en, zh, authorizations, note, .. } = written;
        Ok(Site { id, kind, en, zh, at, accuracy_m, authorizations, note })
    };
    file.sites.into_iter().map(site).collect::<Result<_, _>>().map(Sites)
}

/// The sites as plain GeoJSON points.
pub(crate) fn write(sites: &Sites) -> String {
    let features = sites.0.iter().map(|site| {
        let mut properties = json!({
            "id": site.id,
            "kind": site.kind,
            "name": site.en,
            "name_zh": site.zh,
            "accuracy_m": site.accuracy_m,
            "authorizations": site.authorizations,
            "message": texts::DISCLAIMER_EN,
            "message_zh": texts::DISCLAIMER_ZH,
        });
        if let Some(note) = &site.note {
            properties["note"] = json!(note);
        }
        json!({
            "type": "Feature",
            "id": site.id,
            "geometry": { "type": "Point", "coordinates": [site.at.lon(), site.at.lat()] },
            "properties": properties,
        })
    });
    writing::collection("Jiaxing demonstration sites", &json!({}), features)
}
