//! The obstacle limitation surfaces of a precision approach runway, code number 4, as stacked layers.
//!
//! ICAO Annex 14, Volume I, chapter 4: Table 4-1 (approach runways, precision approach category I, code number 3 and
//! 4) and Table 4-2 (take-off runways, code number 3 and 4). Each sloped surface is cut into steps. A step's lower
//! limit is the least height of the surface within it, and its outline reaches from the surface's lower edge to where
//! the surface is as high as the step's top: what is controlled is never less than the surface asks.

use super::runway::Runway;
use super::shapes::{MARGIN_M, capsule};
use tianlu_engine::frame::Xy;

/// The runway strip and the inner edges of approach and take-off climb begin this far from the runway's ends.
const FROM_END_M: f64 = 60.0;

const INNER_HORIZONTAL_HEIGHT_M: f64 = 45.0;
const INNER_HORIZONTAL_RADIUS_M: f64 = 4_000.0;

const CONICAL_SLOPE: f64 = 0.05;
/// Above the inner horizontal surface.
const CONICAL_HEIGHT_M: f64 = 100.0;

/// 300 m until Amendment 14 (2018), 280 m since: the wider, which is the safe side.
const APPROACH_INNER_EDGE_M: f64 = 300.0;
const APPROACH_DIVERGENCE: f64 = 0.15;
const APPROACH_FIRST_M: f64 = 3_000.0;
const APPROACH_FIRST_SLOPE: f64 = 0.02;
const APPROACH_SECOND_M: f64 = 3_600.0;
const APPROACH_SECOND_SLOPE: f64 = 0.025;
const APPROACH_HORIZONTAL_M: f64 = 8_400.0;

const TRANSITIONAL_SLOPE: f64 = 0.143;

const CLIMB_INNER_EDGE_M: f64 = 180.0;
const CLIMB_DIVERGENCE: f64 = 0.125;
/// 1,200 m, or 1,800 m where the track turns by more than 15 degrees at night or in cloud: the wider.
const CLIMB_FINAL_WIDTH_M: f64 = 1_800.0;
const CLIMB_LENGTH_M: f64 = 15_000.0;
const CLIMB_SLOPE: f64 = 0.02;

/// One layer: what is controlled above a height, and which surface asks for it.
pub(crate) struct Surface {
    pub(crate) name: String,
    pub(crate) outline: Vec<Xy>,
    /// Above the aerodrome elevation, metres.
    pub(crate) lower_m: f64,
}

/// All layers, from the widest plain surface to the ends of the take-off climb.
pub(crate) fn layers(runway: &Runway) -> Vec<Surface> {
    let mut layers = vec![inner_horizontal(runway)];
    layers.extend(conical(runway));
    layers.extend(transitional(runway));
    for end in [1.0, -1.0] {
        layers.extend(approach(runway, end));
        layers.extend(take_off_climb(runway, end));
    }
    layers
}

/// All within a radius of the runway strip's centre line: circles about its ends and their tangents.
fn around_strip(runway: &Runway, radius_m: f64) -> Vec<Xy> {
    let half = runway.half_length_m + FROM_END_M;
    capsule(runway.at(-half, 0.0), runway.at(half, 0.0), radius_m + MARGIN_M)
}

fn inner_horizontal(runway: &Runway) -> Surface {
    Surface {
        name: "inner horizontal".to_owned(),
        outline: around_strip(runway, INNER_HORIZONTAL_RADIUS_M),
        lower_m: INNER_HORIZONTAL_HEIGHT_M,
    }
}

/// The circumscribed corners lie outside the circle, where the surface is higher: the safe side as well.
fn conical(runway: &Runway) -> Vec<Surface> {
    steps(CONICAL_HEIGHT_M, runway.steps.conical)
        .map(|(low, high)| Surface {
            name: format!("conical from {:.0} m", INNER_HORIZONTAL_HEIGHT_M + low),
            outline: around_strip(runway, INNER_HORIZONTAL_RADIUS_M + high / CONICAL_SLOPE),
            lower_m: INNER_HORIZONTAL_HEIGHT_M + low,
        })
        .collect()
}

/// Along the strip and beside both approaches up to the inner horizontal surface. A step is a rectangle as wide as the
/// surface is where the approach reaches the step's top, its widest place.
fn transitional(runway: &Runway) -> Vec<Surface> {
    steps(INNER_HORIZONTAL_HEIGHT_M, runway.steps.transitional)
        .map(|(low, high)| {
            let along_approach = high / APPROACH_FIRST_SLOPE;
            let beside_strip = APPROACH_INNER_EDGE_M / 2.0 + high / TRANSITIONAL_SLOPE;
            let beside_approach = approach_half_width(along_approach);
            Surface {
                name: format!("transitional from {low:.0} m"),
                outline: runway.rectangle(
                    runway.half_length_m + FROM_END_M + along_approach + MARGIN_M,
                    beside_strip.max(beside_approach) + MARGIN_M,
                ),
                lower_m: low,
            }
        })
        .collect()
}

fn approach_half_width(from_inner_edge_m: f64) -> f64 {
    APPROACH_INNER_EDGE_M / 2.0 + APPROACH_DIVERGENCE * from_inner_edge_m
}

/// The outline of the approach surface from its inner edge out to a distance from the threshold.
pub(crate) fn approach_outline(runway: &Runway, end: f64, to_m: f64) -> Vec<Xy> {
    let half_width = |from_threshold_m: f64| approach_half_width(from_threshold_m - FROM_END_M) + MARGIN_M;
    let (near, far) = (FROM_END_M - MARGIN_M, to_m + MARGIN_M);
    runway.beyond_end(end, &[(near, half_width(FROM_END_M)), (far, half_width(far))])
}

fn approach(runway: &Runway, end: f64) -> Vec<Surface> {
    let first_height = APPROACH_FIRST_M * APPROACH_FIRST_SLOPE;
    let second_height = first_height + APPROACH_SECOND_M * APPROACH_SECOND_SLOPE;
    let distance_of = |height: f64| {
        if height <= first_height {
            height / APPROACH_FIRST_SLOPE
        } else {
            APPROACH_FIRST_M + (height - first_height) / APPROACH_SECOND_SLOPE
        }
    };
    let step = |low: f64, to_m: f64| Surface {
        name: format!("approach from {low:.0} m"),
        outline: approach_outline(runway, end, FROM_END_M + to_m),
        lower_m: low,
    };
    let sloped = steps(second_height, runway.steps.approach).map(|(low, high)| step(low, distance_of(high)));
    let horizontal = step(second_height, APPROACH_FIRST_M + APPROACH_SECOND_M + APPROACH_HORIZONTAL_M);
    sloped.chain([horizontal]).collect()
}

fn take_off_climb(runway: &Runway, end: f64) -> Vec<Surface> {
    let half_width = |from_inner_edge_m: f64| {
        (CLIMB_INNER_EDGE_M / 2.0 + CLIMB_DIVERGENCE * from_inner_edge_m).min(CLIMB_FINAL_WIDTH_M / 2.0)
    };
    let widest_from = (CLIMB_FINAL_WIDTH_M - CLIMB_INNER_EDGE_M) / 2.0 / CLIMB_DIVERGENCE;
    steps(CLIMB_LENGTH_M * CLIMB_SLOPE, runway.steps.take_off_climb)
        .map(|(low, high)| {
            let to_m = high / CLIMB_SLOPE;
            let mut profile = vec![0.0, to_m];
            if to_m > widest_from {
                profile.insert(1, widest_from);
            }
            let profile: Vec<_> = profile
                .into_iter()
                .map(|distance| {
                    let beyond = if distance == 0.0 { -MARGIN_M } else { MARGIN_M };
                    (FROM_END_M + distance + beyond, half_width(distance + beyond.max(0.0)) + MARGIN_M)
                })
                .collect();
            Surface {
                name: format!("take-off climb from {low:.0} m"),
                outline: runway.beyond_end(end, &profile),
                lower_m: low,
            }
        })
        .collect()
}

/// The heights from 0 to `top` in steps: the bottom and the top of each.
fn steps(top: f64, step: f64) -> impl Iterator<Item = (f64, f64)> {
    let count = (top / step - 1e-9).ceil().max(1.0) as usize;
    (0..count).map(move |index| (index as f64 * step, ((index + 1) as f64 * step).min(top)))
}
