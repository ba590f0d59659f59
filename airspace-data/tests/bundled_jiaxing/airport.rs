//! Nanhu Airport: the box, the closed area, and each obstacle limitation surface against its formula.

use geo::Contains;
use tianlu_engine::airspace::{Limits, Restriction};
use tianlu_engine::frame::{Frame, Height, LonLat, Xy};

use super::{in_plane, polygons, zone};

const ELEVATION_M: f64 = 15.0 * 0.3048;
const HALF_RUNWAY_M: f64 = 1_700.0;

/// Coordinates along the runway's heading of 120 degrees and to the right of it, metres from its middle.
fn along_and_right(at: Xy) -> (f64, f64) {
    let (sin, cos) = 120_f64.to_radians().sin_cos();
    (at.x * sin + at.y * cos, at.x * cos - at.y * sin)
}

/// The point with these coordinates.
fn at(along: f64, right: f64) -> Xy {
    let (sin, cos) = 120_f64.to_radians().sin_cos();
    Xy { x: along * sin + right * cos, y: along * cos - right * sin }
}

fn frame() -> Frame {
    Frame::new(LonLat::new(120.663_056, 30.698_056).unwrap())
}

fn lower(limits: &Limits) -> f64 {
    limits.lower.unwrap().metres()
}

#[test]
fn the_runway_is_that_of_the_published_lists() {
    let inputs = super::folder().join("inputs");
    let airport = std::fs::read_to_string(inputs.join("airport.csv")).unwrap();
    let fields: Vec<&str> = airport.lines().nth(1).unwrap().split(',').collect();
    let runway: serde_json::Value =
        serde_json::from_slice(&std::fs::read(inputs.join("runway.json")).unwrap()).unwrap();
    let number = |text: &str| text.parse::<f64>().unwrap();
    assert_eq!(runway["reference_point"]["lat"], number(fields[3]));
    assert_eq!(runway["reference_point"]["lon"], number(fields[4]));
    assert_eq!(runway["elevation_ft"].as_f64(), Some(number(fields[5])));
    let runways = std::fs::read_to_string(inputs.join("airport_runways.csv")).unwrap();
    let length_ft = number(runways.lines().nth(1).unwrap().split(',').nth(3).unwrap());
    assert!((length_ft * 0.3048 - runway["runway"]["length_m"].as_f64().unwrap()).abs() < 1.0);
}

#[test]
fn the_protection_box_is_20_km_by_3400_m_and_40_km() {
    let zone = zone("NANHU-BOX");
    let [layer] = &zone.layers[..] else { panic!("one layer") };
    let ring = &polygons(&layer.outline)[0].exterior;
    let corners: Vec<_> = ring.iter().map(|place| along_and_right(frame().to_plane(*place))).collect();
    let most =
        corners.iter().fold((0.0_f64, 0.0_f64), |most, c| (most.0.max(c.0.abs()), most.1.max(c.1.abs())));
    // 0.15 m of margin, and not less than the box anywhere.
    assert!((21_700.0..21_700.3).contains(&most.0) && (10_000.0..10_000.3).contains(&most.1), "{most:?}");
    for (along, right) in corners {
        assert!(along.abs() >= 21_700.0 || right.abs() >= 10_000.0, "{along} {right}");
    }
    assert_eq!(layer.limits.lower, Some(Height::Agl(tianlu_engine::frame::Agl::new(120.0).unwrap())));
    assert_eq!(layer.limits.upper, None);
}

#[test]
fn nobody_flies_near_the_runway_at_any_height() {
    let zone = zone("NANHU-RWY");
    assert_eq!(zone.restriction, Restriction::Prohibited);
    assert!(zone.exempt_missions.is_empty());
    let covered = |along: f64, right: f64| {
        zone.layers.iter().any(|layer| {
            assert_eq!((lower(&layer.limits), layer.limits.upper), (0.0, None));
            polygons(&layer.outline)
                .iter()
                .any(|polygon| in_plane(&frame(), polygon).contains(&at(along, right)))
        })
    };
    for (along, right) in [(0.0, 0.0), (0.0, 2_000.0), (1_700.0, -2_000.0), (-3_700.0, 0.0), (4_760.0, 600.0)]
    {
        assert!(covered(along, right), "{along} {right}");
    }
    assert!(!covered(0.0, 2_010.0) && !covered(4_770.0, 0.0));
}

#[test]
fn the_inner_horizontal_surface_is_45_m_above_15_ft() {
    let zone = zone("NANHU");
    assert_eq!(zone.restriction, Restriction::ReqAuthorization);
    let layer = &zone.layers[0];
    let Some(Height::Amsl(height)) = layer.limits.lower else { panic!("above sea level") };
    assert!((0.0..0.01).contains(&(ELEVATION_M + 45.0 - height.metres())), "{height:?}");
    let plane = in_plane(&frame(), &polygons(&layer.outline)[0]);
    for (along, right) in [(0.0, 4_000.0), (0.0, -4_000.0), (HALF_RUNWAY_M + 4_060.0, 0.0), (-5_760.0, 0.0)] {
        assert!(plane.contains(&at(along, right)), "{along} {right}");
    }
    assert!(!plane.contains(&at(0.0, 4_010.0)) && !plane.contains(&at(5_775.0, 0.0)));
}

/// Heights above the aerodrome of the surfaces of Annex 14 over a point, each from its own words: inner horizontal,
/// conical, approach, transitional, take-off climb.
fn surfaces(along: f64, right: f64) -> Vec<f64> {
    let mut heights = Vec::new();
    let beyond_strip = (along.abs() - HALF_RUNWAY_M - 60.0).max(0.0);
    let from_strip = beyond_strip.hypot(right);
    if from_strip <= 4_000.0 {
        heights.push(45.0);
    } else if from_strip <= 6_000.0 {
        heights.push(45.0 + 0.05 * (from_strip - 4_000.0));
    }
    let out = along.abs() - HALF_RUNWAY_M - 60.0;
    let approach = |out: f64| match out {
        _ if out <= 3_000.0 => 0.02 * out,
        _ if out <= 6_600.0 => 60.0 + 0.025 * (out - 3_000.0),
        _ => 150.0,
    };
    let edge = 150.0 + 0.15 * out.max(0.0);
    if (0.0..=15_000.0).contains(&out) && right.abs() <= edge {
        heights.push(approach(out));
    }
    if out < 0.0 && right.abs() <= edge {
        heights.push(0.0); // the runway strip itself
    }
    let beside = approach(out.max(0.0)) + 0.143 * (right.abs() - edge).max(0.0);
    if right.abs() > edge && beside <= 45.0 {
        heights.push(beside);
    }
    if (0.0..=15_000.0).contains(&out) && right.abs() <= (90.0 + 0.125 * out).min(900.0) {
        heights.push(0.02 * out);
    }
    heights
}

#[test]
fn the_layers_are_never_above_a_surface_and_at_most_a_step_below() {
    let zone = zone("NANHU");
    let frame = frame();
    let layers: Vec<_> = zone
        .layers
        .iter()
        .map(|layer| (in_plane(&frame, &polygons(&layer.outline)[0]), lower(&layer.limits) - ELEVATION_M))
        .collect();
    let mut compared = 0;
    for along in (-17_500..17_500).step_by(173) {
        for right in (-7_000..7_000).step_by(131) {
            let (along, right) = (f64::from(along), f64::from(right));
            let point = at(along, right);
            let floor = layers.iter().filter(|(shape, _)| shape.contains(&point)).map(|(_, lower)| *lower);
            let floor = floor.fold(f64::INFINITY, f64::min);
            let truth = surfaces(along, right).into_iter().fold(f64::INFINITY, f64::min);
            assert!(floor <= truth, "{along} {right}: the layer begins at {floor}, the surface at {truth}");
            // The highest step, of the take-off climb, is 20 m; the rest is margin and height rounded down.
            if truth.is_finite() {
                assert!(floor >= truth - 20.02, "{along} {right}: {floor} {truth}");
                compared += 1;
            }
        }
    }
    assert!(compared > 4_000, "{compared}");
}
