//! Outlines drawn in a local metric plane, never smaller than the true ones.

use std::f64::consts::{PI, TAU};

use geo::orient::Direction;
use geo::{Orient, Simplify, unary_union};
use tianlu_engine::airspace::Polygon;
use tianlu_engine::frame::{Frame, LonLat, Xy};

/// Added to every distance, metres. Covers what makes an outline smaller than drawn: coordinates rounded to 1e-7
/// degrees (0.008 m), edges of 2 km that are straight in longitude and latitude (0.05 m), and the scale of the plane
/// 22 km from its centre (0.05 m).
pub(crate) const MARGIN_M: f64 = 0.15;

/// The longest edge that is written, metres.
const LONGEST_EDGE_M: f64 = 2_000.0;

/// Corners of a full circle: circumscribed, 0.14 % outside at most.
const CIRCLE_CORNERS: usize = 60;

/// Half the angle between two corners of a circle.
const HALF_STEP: f64 = PI / CIRCLE_CORNERS as f64;

/// All within `radius` of the segment from `a` to `b`, as a convex polygon around it.
pub(crate) fn capsule(a: Xy, b: Xy, radius: f64) -> Vec<Xy> {
    let outside = radius / HALF_STEP.cos();
    let heading = (b.y - a.y).atan2(b.x - a.x);
    let arc = |centre: Xy, from: f64, count: usize| {
        (0..count).map(move |step| {
            let angle = from + HALF_STEP * (2 * step + 1) as f64;
            Xy { x: centre.x + outside * angle.cos(), y: centre.y + outside * angle.sin() }
        })
    };
    let half = CIRCLE_CORNERS / 2;
    arc(b, heading - TAU / 4.0, half).chain(arc(a, heading + TAU / 4.0, half)).collect()
}

/// All within `radius` of a line, as polygons that do not touch.
pub(crate) fn corridor(line: &[Xy], radius: f64) -> Vec<geo_types::Polygon<f64>> {
    let pieces: Vec<_> = line
        .windows(2)
        .map(|ends| geo_types::Polygon::new(capsule(ends[0], ends[1], radius).into(), Vec::new()))
        .collect();
    unary_union(&pieces).0
}

/// How far the outline of a grown ring may stray, metres: it is drawn that much further out.
const STRAY_M: f64 = 200.0;

/// A ring and all within `distance` of it, filled, with few corners.
pub(crate) fn grown(ring: &[Xy], distance: f64) -> Vec<geo_types::Polygon<f64>> {
    let mut pieces = corridor(ring, distance + STRAY_M);
    // The union counts turns: a ring the other way round would be a hole.
    pieces.push(geo_types::Polygon::new(ring.to_vec().into(), Vec::new()).orient(Direction::Default));
    unary_union(&pieces).0.iter().map(|piece| piece.simplify(STRAY_M)).collect()
}

/// A ring of the plane as a polygon in longitude and latitude.
pub(crate) fn polygon(frame: &Frame, corners: &[Xy]) -> Polygon {
    Polygon { exterior: ring(frame, corners), holes: Vec::new() }
}

/// A polygon of the plane in longitude and latitude.
pub(crate) fn polygon_with_holes(frame: &Frame, shape: &geo_types::Polygon<f64>) -> Polygon {
    let open = |line: &geo_types::LineString<f64>| line.0[..line.0.len() - 1].to_vec();
    Polygon {
        exterior: ring(frame, &open(shape.exterior())),
        holes: shape.interiors().iter().map(|hole| ring(frame, &open(hole))).collect(),
    }
}

/// A closed ring with edges short enough to be straight in longitude and latitude.
fn ring(frame: &Frame, corners: &[Xy]) -> Vec<LonLat> {
    let mut places = Vec::new();
    for (index, from) in corners.iter().enumerate() {
        let to = corners[(index + 1) % corners.len()];
        let pieces = ((to.x - from.x).hypot(to.y - from.y) / LONGEST_EDGE_M).ceil().max(1.0);
        for piece in 0..pieces as usize {
            let share = piece as f64 / pieces;
            let at = Xy { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
            places.push(rounded(frame.to_place(at)));
        }
    }
    places.dedup();
    places.push(places[0]);
    places
}

/// A place to seven decimals, 0.011 m.
pub(crate) fn rounded(place: LonLat) -> LonLat {
    let to_7 = |degrees: f64| (degrees * 1e7).round() / 1e7;
    LonLat::new(to_7(place.lon()), to_7(place.lat())).expect("rounding keeps a place in its range")
}

/// The frame about the middle of some places.
pub(crate) fn frame_about(places: &[LonLat]) -> Frame {
    let middle = |value: fn(LonLat) -> f64| {
        let (low, high) = places
            .iter()
            .map(|place| value(*place))
            .fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
        (low + high) / 2.0
    };
    let centre = LonLat::new(middle(LonLat::lon), middle(LonLat::lat));
    Frame::new(centre.expect("the middle of places is a place"))
}
