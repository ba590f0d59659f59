//! The runway as an input, and places told from it.

use std::path::Path;

use serde::Deserialize;
use tianlu_engine::frame::{Frame, Xy};

use super::inputs::{self, Failure};

const FOOT_M: f64 = 0.3048;

/// `runway.json`, without its notes.
#[derive(Deserialize)]
struct File {
    airport: Names,
    reference_point: Point,
    elevation_ft: f64,
    runway: Dimensions,
    protection_box: ProtectionBox,
    no_fly: NoFly,
    step_m: Steps,
}

/// Names of the airport.
#[derive(Deserialize)]
pub(crate) struct Names {
    pub(crate) en: String,
    pub(crate) zh: String,
    pub(crate) icao: String,
}

#[derive(Deserialize)]
struct Point {
    lon: f64,
    lat: f64,
}

#[derive(Deserialize)]
struct Dimensions {
    length_m: f64,
    true_heading_deg: f64,
    code_number: u32,
}

/// The protection box around the runway.
#[derive(Deserialize)]
pub(crate) struct ProtectionBox {
    pub(crate) each_side_m: f64,
    pub(crate) beyond_each_end_m: f64,
    pub(crate) lower_agl_m: f64,
}

/// Where nobody flies: around the runway, and under the approach out to a distance from the threshold.
#[derive(Deserialize)]
pub(crate) struct NoFly {
    pub(crate) around_runway_m: f64,
    pub(crate) approach_to_m: f64,
}

/// How high one step of a sloped surface is, metres.
#[derive(Deserialize)]
pub(crate) struct Steps {
    pub(crate) conical: f64,
    pub(crate) transitional: f64,
    pub(crate) approach: f64,
    pub(crate) take_off_climb: f64,
}

/// The runway: its axes in a plane about its middle.
pub(crate) struct Runway {
    pub(crate) names: Names,
    pub(crate) frame: Frame,
    /// Half its length, metres.
    pub(crate) half_length_m: f64,
    /// The aerodrome elevation, metres above mean sea level; thresholds and runway ends are taken to lie at it.
    pub(crate) elevation_m: f64,
    pub(crate) protection_box: ProtectionBox,
    pub(crate) no_fly: NoFly,
    pub(crate) steps: Steps,
    /// Unit vector along the runway.
    along: Xy,
}

impl Runway {
    /// Reads `runway.json`.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let file: File = inputs::json(path)?;
        if file.runway.code_number != 4 {
            return Err(Failure::new(
                path,
                "code_number: expected 4, the surfaces of other codes are not made here",
            ));
        }
        let heading = file.runway.true_heading_deg.to_radians();
        Ok(Self {
            names: file.airport,
            frame: Frame::new(inputs::place(file.reference_point.lon, file.reference_point.lat)?),
            half_length_m: file.runway.length_m / 2.0,
            elevation_m: file.elevation_ft * FOOT_M,
            protection_box: file.protection_box,
            no_fly: file.no_fly,
            steps: file.step_m,
            along: Xy { x: heading.sin(), y: heading.cos() },
        })
    }

    /// The point so far along the runway's heading from its middle, and so far to the right of it.
    pub(crate) fn at(&self, along_m: f64, right_m: f64) -> Xy {
        let Xy { x, y } = self.along;
        Xy { x: along_m * x + right_m * y, y: along_m * y - right_m * x }
    }

    /// The rectangle to so far beyond the middle on both ends and to both sides.
    pub(crate) fn rectangle(&self, half_length_m: f64, half_width_m: f64) -> Vec<Xy> {
        let (l, w) = (half_length_m, half_width_m);
        vec![self.at(-l, w), self.at(l, w), self.at(l, -w), self.at(-l, -w)]
    }

    /// A symmetric outline beyond one end of the runway (`end` is 1 or -1), from distances beyond that end and half
    /// widths there, nearest first.
    pub(crate) fn beyond_end(&self, end: f64, profile: &[(f64, f64)]) -> Vec<Xy> {
        let corner = |(distance, half_width): (f64, f64), side: f64| {
            self.at(end * (self.half_length_m + distance), side * half_width)
        };
        let left = profile.iter().map(|edge| corner(*edge, 1.0));
        left.chain(profile.iter().rev().map(|edge| corner(*edge, -1.0))).collect()
    }
}
