//! Positions and rings out of JSON into outlines.

use serde_json::Value;
use tianlu_engine::airspace::{Outline, Polygon};
use tianlu_engine::frame::{LonLat, PlaceError};

use super::findings::{At, Findings, describe};
use super::json::{Object, given, list, number};
use super::rings::mend;
use crate::crs::Crs;

/// How outlines are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drawing {
    /// Read a ring that crosses itself as all that it encloses.
    pub(super) lenient: bool,
    /// What the coordinates mean.
    pub(super) crs: Crs,
}

impl Drawing {
    /// Reads a position `[lon, lat, ...]`; what follows the two is passed over.
    pub(super) fn position(self, value: &Value, at: &At, findings: &mut Findings) -> Option<LonLat> {
        let pair = match value.as_array().map(Vec::as_slice) {
            Some([lon, lat, ..]) => lon.as_f64().zip(lat.as_f64()),
            _ => None,
        };
        let Some((lon, lat)) = pair else {
            findings.fault(at, describe(value), "a position [longitude, latitude]");
            return None;
        };
        match LonLat::new(lon, lat) {
            Ok(place) => Some(self.crs.to_wgs84(place)),
            Err(PlaceError::Longitude(lon)) => {
                findings.fault(&at.item(0), lon.to_string(), "a longitude from -180 to 180 degrees");
                None
            }
            Err(PlaceError::Latitude(lat)) => {
                findings.fault(&at.item(1), lat.to_string(), "a latitude from -90 to 90 degrees");
                None
            }
        }
    }

    /// Reads the coordinates of a `Polygon`.
    pub(super) fn polygon(self, value: &Value, at: &At, findings: &mut Findings) -> Option<Vec<Polygon>> {
        let rings = list(value, at, findings)?;
        if rings.is_empty() {
            findings.fault(at, "an empty list", "an outer ring, then its holes");
            return None;
        }
        let mut read = Vec::with_capacity(rings.len());
        for (number, ring) in rings.iter().enumerate() {
            let at = at.item(number);
            let positions = list(ring, &at, findings)?;
            let mut places = Vec::with_capacity(positions.len());
            for (index, position) in positions.iter().enumerate() {
                places.extend(self.position(position, &at.item(index), findings));
            }
            if places.len() < positions.len() {
                return None;
            }
            read.push(places);
        }
        match mend(read, self.lenient) {
            Ok(mended) => {
                mended.notes.into_iter().for_each(|note| findings.warn(format!("{at}: {note}")));
                Some(mended.polygons)
            }
            Err(fault) => {
                findings.fault(&at.item(fault.ring), fault.found, fault.expected);
                None
            }
        }
    }

    /// Reads a `Polygon`, a `MultiPolygon`, or a `Point` around which a radius in metres is given.
    ///
    /// `radius` is where the radius stands in the file and what stands there.
    pub(super) fn outline(
        self,
        geometry: &Object,
        radius: Option<&Value>,
        radius_at: &At,
        at: &At,
        findings: &mut Findings,
    ) -> Option<Outline> {
        let kind = given(geometry, "type").and_then(Value::as_str).unwrap_or_default();
        let coordinates_at = at.member("coordinates");
        if !matches!(kind, "Polygon" | "MultiPolygon" | "Point") {
            let found = geometry.get("type").map_or("nothing".to_owned(), describe);
            findings.fault(&at.member("type"), found, "Polygon, MultiPolygon or Point");
            return None;
        }
        let Some(coordinates) = given(geometry, "coordinates") else {
            findings.fault(&coordinates_at, "nothing", "coordinates");
            return None;
        };
        match kind {
            "Point" => self.circle(coordinates, &coordinates_at, radius, 1.0, radius_at, findings),
            "Polygon" => self.polygon(coordinates, &coordinates_at, findings).map(Outline::Polygons),
            _ => {
                let parts = list(coordinates, &coordinates_at, findings)?;
                if parts.is_empty() {
                    findings.fault(&coordinates_at, "an empty list", "at least one polygon");
                    return None;
                }
                let mut polygons = Vec::with_capacity(parts.len());
                let mut whole = true;
                for (number, part) in parts.iter().enumerate() {
                    match self.polygon(part, &coordinates_at.item(number), findings) {
                        Some(read) => polygons.extend(read),
                        None => whole = false,
                    }
                }
                // What is readable of it is still a place to keep closed; the fault has been noted.
                (whole || !polygons.is_empty()).then_some(Outline::Polygons(polygons))
            }
        }
    }

    /// Reads a circle from its middle and its radius.
    pub(super) fn circle(
        self,
        centre: &Value,
        centre_at: &At,
        radius: Option<&Value>,
        to_metres: f64,
        radius_at: &At,
        findings: &mut Findings,
    ) -> Option<Outline> {
        let centre = self.position(centre, centre_at, findings);
        let Some(radius) = radius else {
            findings.fault(radius_at, "nothing", "a radius, as a point by itself has no extent");
            return None;
        };
        let radius_m = number(radius, radius_at, findings)? * to_metres;
        if radius_m.is_finite() && radius_m > 0.0 {
            Some(Outline::Circle { centre: centre?, radius_m })
        } else {
            findings.fault(radius_at, describe(radius), "a radius above 0");
            None
        }
    }
}
