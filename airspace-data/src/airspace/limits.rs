//! Vertical limits: units, references, and what feeds write for "no ceiling".

use serde_json::Value;
use tianlu_engine::airspace::{Limits, Outline};
use tianlu_engine::frame::{Agl, Amsl, Height, LonLat};

use super::findings::{At, Findings, describe};
use super::json::word;
use crate::geoid::undulation_m;

/// Metres in a foot.
pub(crate) const FOOT_M: f64 = 0.3048;

/// From here on a number, in metres or feet, says that there is no ceiling.
const NO_CEILING: f64 = 99_999.0;

/// What a limit counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reference {
    Agl,
    Amsl,
    Wgs84,
}

const REFERENCES: [(&str, Reference); 3] =
    [("AGL", Reference::Agl), ("AMSL", Reference::Amsl), ("WGS84", Reference::Wgs84)];

const UNITS: [(&str, f64); 2] = [("m", 1.0), ("ft", FOOT_M)];

/// Which end of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Lower,
    Upper,
}

/// One limit as written: the number in its unit, and what it counts from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    pub(super) metres: f64,
    pub(super) reference: Reference,
}

/// Reads the unit of a layer, in metres; metres if absent.
pub(super) fn read_unit(value: Option<&Value>, at: &At, findings: &mut Findings) -> f64 {
    value.and_then(|value| word(value, &UNITS, at, findings)).unwrap_or(1.0)
}

/// Reads what a limit counts from; the ground if absent.
pub(super) fn read_reference(value: Option<&Value>, at: &At, findings: &mut Findings) -> Reference {
    value.and_then(|value| word(value, &REFERENCES, at, findings)).unwrap_or(Reference::Agl)
}

/// Reads the number of a limit. `None` is unbounded: absent, 99999 and above, or `UNL`.
pub(super) fn read_limit(
    value: Option<&Value>,
    end: End,
    to_metres: f64,
    reference: Reference,
    at: &At,
    findings: &mut Findings,
) -> Option<Written> {
    let value = value?;
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => match (text.trim().to_ascii_uppercase().as_str(), end) {
            ("", _) => {
                findings.warn(format!("{at} is an empty text: unbounded"));
                return None;
            }
            ("UNL" | "UNLIMITED", End::Upper) => return None,
            ("GND" | "SFC", End::Lower) => return Some(Written { metres: 0.0, reference: Reference::Agl }),
            (text, _) => text.parse().ok(),
        },
        _ => None,
    };
    match number.filter(|number| number.is_finite()) {
        None => {
            findings.fault(at, describe(value), "a number of metres or feet");
            None
        }
        Some(number) if end == End::Upper && number >= NO_CEILING => None,
        Some(number) if number.abs() >= NO_CEILING => {
            findings.fault(at, describe(value), "a limit between -99999 and 99999");
            None
        }
        Some(number) => Some(Written { metres: number * to_metres, reference }),
    }
}

/// Puts two limits together over an outline; heights above the ellipsoid become heights above sea level.
///
/// The geoid stands at another height in each corner of the outline: the least is taken for the upper limit and the
/// greatest for the lower, so that the layer holds all that was meant.
pub(super) fn read_limits(
    lower: Option<Written>,
    upper: Option<Written>,
    outline: Option<&Outline>,
    at: &At,
    findings: &mut Findings,
) -> Limits {
    if let (Some(lower), Some(upper)) = (lower, upper)
        && lower.reference == upper.reference
        && lower.metres > upper.metres
    {
        let found = format!("a lower limit of {} m above an upper limit of {} m", lower.metres, upper.metres);
        findings.fault(at, found, "a lower limit that is not above the upper");
    }
    let height = |written: Option<Written>, end| {
        let Written { metres, reference } = written?;
        Some(match reference {
            Reference::Agl => Height::Agl(Agl::new(metres).ok()?),
            Reference::Amsl => Height::Amsl(Amsl::new(metres).ok()?),
            Reference::Wgs84 => {
                let (least, most) = undulations(outline?);
                let undulation = if end == End::Lower { most } else { least };
                Height::Amsl(Amsl::new(metres - undulation).ok()?)
            }
        })
    };
    Limits { lower: height(lower, End::Lower), upper: height(upper, End::Upper) }
}

/// Bounds of the geoid's height over an outline's box, from one or nine samples and the geoid's steepest slope.
fn undulations(outline: &Outline) -> (f64, f64) {
    // Deflections of the vertical hardly anywhere exceed 50 arc seconds.
    const STEEPEST: f64 = 2.5e-4;
    const DEGREE_M: f64 = 111_320.0;
    const SMALL_M: f64 = 4_000.0;
    let (west, south, east, north) = bounds(outline);
    // A sample costs some tenths of a millisecond: a small outline has one, in its middle.
    let across = (east - west).hypot(north - south) * DEGREE_M;
    let (steps, far) = if across < SMALL_M { (1, across / 2.0) } else { (3, across / 4.0) };
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    for number in 0..steps * steps {
        let part = |n: u32| if steps == 1 { 0.5 } else { f64::from(n) / 2.0 };
        let (x, y) = (part(number % steps), part(number / steps));
        if let Ok(place) = LonLat::new(west + (east - west) * x, south + (north - south) * y) {
            let height = undulation_m(place);
            (least, most) = (least.min(height), most.max(height));
        }
    }
    // Nowhere on Earth is EGM96 lower than -107 m or higher than 86 m.
    ((least - far * STEEPEST).max(-107.5), (most + far * STEEPEST).min(86.0))
}

fn bounds(outline: &Outline) -> (f64, f64, f64, f64) {
    let mut bounds = (180.0_f64, 90.0_f64, -180.0_f64, -90.0_f64);
    let mut reach = |lon: f64, lat: f64| {
        bounds = (bounds.0.min(lon), bounds.1.min(lat), bounds.2.max(lon), bounds.3.max(lat));
    };
    match outline {
        Outline::Polygons(polygons) => {
            polygons
                .iter()
                .flat_map(|polygon| &polygon.exterior)
                .for_each(|place| reach(place.lon(), place.lat()));
        }
        Outline::Circle { centre, radius_m } => {
            let north = radius_m / 110_500.0;
            let east = north / centre.lat().to_radians().cos().max(0.01);
            reach((centre.lon() - east).max(-180.0), (centre.lat() - north).max(-90.0));
            reach((centre.lon() + east).min(180.0), (centre.lat() + north).min(90.0));
        }
    }
    bounds
}
