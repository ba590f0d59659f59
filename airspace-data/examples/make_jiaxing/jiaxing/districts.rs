//! District borders, and the zone above all of them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use tianlu_engine::airspace::{Outline, Polygon, Ring, Zone};

use super::inputs::{self, Failure};
use super::rules::{Protected, Rules};
use super::shapes::{self, MARGIN_M};

/// The administrative code of the whole city.
const CITY: &str = "330400";

const CATEGORY: &str = "above_120_m";

/// The outer ring of each district, and of the city, by administrative code.
pub(crate) struct Districts(BTreeMap<String, Ring>);

#[derive(Deserialize)]
struct File {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Properties {
    city_adcode: String,
    district_adcode: Option<String>,
}

#[derive(Deserialize)]
struct Geometry {
    coordinates: Vec<Vec<(f64, f64)>>,
}

/// Reads `districts.geojson`.
pub(crate) fn read(path: &Path) -> Result<Districts, Failure> {
    let file: File = inputs::json(path)?;
    let mut districts = BTreeMap::new();
    for feature in file.features {
        let code = feature.properties.district_adcode.unwrap_or(feature.properties.city_adcode);
        let [ring] = &feature.geometry.coordinates[..] else {
            return Err(Failure::new(path, format!("{code}: expected a polygon with no holes")));
        };
        let ring = ring.iter().map(|(lon, lat)| inputs::place(*lon, *lat)).collect::<Result<_, _>>()?;
        districts.insert(code, ring);
    }
    Ok(Districts(districts))
}

impl Districts {
    /// The border of a district.
    pub(crate) fn ring(&self, code: &str) -> Result<&Ring, Failure> {
        self.0.get(code).ok_or_else(|| Failure::plain(format!("districts.geojson: no district {code}")))
    }

    /// The outline of a district.
    pub(crate) fn outline(&self, code: &str) -> Result<Outline, Failure> {
        Ok(Outline::Polygons(vec![Polygon { exterior: self.ring(code)?.clone(), holes: Vec::new() }]))
    }
}

/// `JIAXING-120`: the whole city above 120 m over the ground, and beyond its border as far as the rules say, because
/// the border is simplified and leaves out the sea.
pub(crate) fn above_120_m(districts: &Districts, rules: &Rules) -> Result<Zone, Failure> {
    let border = districts.ring(CITY)?;
    let frame = shapes::frame_about(border);
    let ring: Vec<_> = border.iter().map(|place| frame.to_plane(*place)).collect();
    let beyond_m = rules.category(CATEGORY)?.buffer_m + MARGIN_M;
    let outlines = shapes::grown(&ring, beyond_m)
        .iter()
        .map(|piece| Outline::Polygons(vec![shapes::polygon_with_holes(&frame, piece)]))
        .collect();
    let zones = rules.zones(&Protected {
        identifier: "JIAXING-120",
        category: CATEGORY,
        en: "Jiaxing above 120 m over the ground",
        zh: "嘉兴市真高120米以上空域",
        accuracy_m: None,
        outlines,
    })?;
    let [zone] = <[Zone; 1]>::try_from(zones)
        .map_err(|_| Failure::plain("rules.json: above_120_m: expected one layer"))?;
    Ok(zone)
}
