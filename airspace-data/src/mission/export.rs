//! Plans out in the formats of maps, globes and autopilots.

mod czml;
mod geojson;
mod gpx;
mod kml;
mod legs;
mod mavlink;
mod wpml;

use tianlu_engine::flight::Plan;

/// A format that a plan can be written in, and what it loses.
///
/// Formats for autopilots carry no times: speeds are set leg by leg so that the aircraft keeps the times as near as it
/// can, from its own moment of take-off on. How fast it takes off and lands, and where it slows down for a bend, is the
/// autopilot's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportFormat {
    /// A GeoJSON feature, a LineString with heights above the sea (`altitude_reference` says so) and `times`. Loses nothing.
    GeoJson,
    /// KML with a `gx:Track`: heights above the sea, times. Loses nothing but the plan's figures.
    Kml,
    /// CZML for Cesium: heights above the WGS-84 ellipsoid (by EGM96, within a metre), seconds from the start.
    Czml,
    /// A GPX track: heights above the sea, times.
    Gpx,
    /// QGroundControl's `.plan`: heights above take-off (frame 3), whose height above the sea stands as the home's; waits,
    /// speeds. Loses the times.
    Qgc,
    /// `QGC WPL 110`: as [`Self::Qgc`].
    Wpl,
    /// DJI's KMZ: heights above take-off (`relativeToStartPoint`), speeds, waits as hovering. Take-off and landing in their
    /// columns are the aircraft's own: what it rises to first and lands from last is a waypoint. It stops at each waypoint.
    /// Loses the times; the rates of climb; models other than the M30 want their own number in `droneInfo`.
    Wpml,
}

impl ExportFormat {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::GeoJson, Self::Kml, Self::Czml, Self::Gpx, Self::Qgc, Self::Wpl, Self::Wpml];

    /// The spelling of `tianlu export --format`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::Kml => "kml",
            Self::Czml => "czml",
            Self::Gpx => "gpx",
            Self::Qgc => "qgc",
            Self::Wpl => "wpl",
            Self::Wpml => "wpml",
        }
    }

    /// From the spelling of `tianlu export --format`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == text)
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::Kml => "application/vnd.google-earth.kml+xml",
            Self::Czml | Self::Qgc => "application/json",
            Self::Gpx => "application/gpx+xml",
            Self::Wpl => "text/plain; charset=utf-8",
            Self::Wpml => "application/vnd.google-earth.kmz",
        }
    }

    /// How files of the format end, without a dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::Kml => "kml",
            Self::Czml => "czml",
            Self::Gpx => "gpx",
            Self::Qgc => "plan",
            Self::Wpl => "waypoints",
            Self::Wpml => "kmz",
        }
    }
}

/// A plan as a file of a format; empty for a plan without waypoints. The same plan gives the same bytes.
///
/// ```
/// # use tianlu_airspace_data::mission::{ExportFormat, read_mission, write_export};
/// # use tianlu_airspace_data::plans::read_plans;
/// # let file = br#"{"scenario": "a", "plans": [{"request": "F1", "status": "PLANNED", "length_m": 0, "duration_s": 40,
/// #   "delay_s": 0, "energy_wh": 9, "trajectory": [
/// #   {"lon": 120.7, "lat": 30.72, "alt_m": 0, "time": "2026-11-23T01:00:00Z"},
/// #   {"lon": 120.7, "lat": 30.72, "alt_m": 60, "time": "2026-11-23T01:00:20Z"},
/// #   {"lon": 120.71, "lat": 30.72, "alt_m": 60, "time": "2026-11-23T01:01:24Z"}]}]}"#;
/// # let outcomes = read_plans("plans.json", file).unwrap().1;
/// # let tianlu_engine::flight::Outcome::Planned(plan) = &outcomes[0] else { unreachable!() };
/// let bytes = write_export(ExportFormat::GeoJson, plan);
/// let mission = read_mission("F1.geojson", &bytes).unwrap();
/// assert_eq!(mission.points[1].time, Some(plan.trajectory[1].time));
/// ```
pub fn write_export(format: ExportFormat, plan: &Plan) -> Vec<u8> {
    if plan.trajectory.is_empty() {
        return Vec::new();
    }
    match format {
        ExportFormat::GeoJson => geojson::write(plan).into_bytes(),
        ExportFormat::Kml => kml::write(plan).into_bytes(),
        ExportFormat::Czml => czml::write(plan).into_bytes(),
        ExportFormat::Gpx => gpx::write(plan).into_bytes(),
        ExportFormat::Qgc => mavlink::write_qgc(plan).into_bytes(),
        ExportFormat::Wpl => mavlink::write_wpl(plan).into_bytes(),
        ExportFormat::Wpml => wpml::write(plan),
    }
}

/// A number with at most so many decimals, none of them written that are not needed.
fn decimals(number: f64, most: usize) -> String {
    let text = format!("{number:.most$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Degrees to 9 decimals (0.1 mm), metres to 3, as in plan files.
fn degrees(number: f64) -> String {
    decimals(number, 9)
}

fn metres(number: f64) -> String {
    decimals(number, 3)
}
