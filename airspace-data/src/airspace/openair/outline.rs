//! Outlines from corners, arcs and airways: drawn so that a zone is never smaller than what was meant.
//!
//! OpenAir's arcs become chains of straight edges. Where the zone lies inside of an arc, the edges touch it from
//! outside; where it lies outside, they are chords. Either way they stray less than 1 m from it. Distances are
//! metres on the ellipsoid (a transverse Mercator plane about the arc's centre, its scale taken out).

use geo::{BooleanOps, unary_union};
use geo_types::{Coord, LineString, MultiPolygon};
use tianlu_engine::airspace::Polygon;
use tianlu_engine::frame::{Frame, LonLat, Xy};

/// How far a straight edge may stray from its arc, metres; with [`SLACK_M`] less than 1 m in all.
const SAGITTA_M: f64 = 0.8;

/// Edges are straight in longitude and latitude, which on edges this short is less than this from a geodesic.
const SLACK_M: f64 = 0.1;

/// No edge of an arc turns by more, degrees.
const COARSEST_DEG: f64 = 5.0;

/// The largest radius that is drawn, metres.
pub(super) const LARGEST_RADIUS_M: f64 = 500_000.0;

/// Up to this radius the plane's stretch grows with the square of the distance east to 1 part in 10^8, metres.
const SQUARE_STRETCH_M: f64 = 150_000.0;

/// Ends of an arc whose radii differ by more than this share of the larger are no arc.
const RADII_SHARE: f64 = 0.25;

/// Airways are cut into pieces no longer than this, so that their edges stay within 0.3 m of a geodesic, metres.
const AIRWAY_PIECE_M: f64 = 5_000.0;

/// An arc about a centre, from a radius and azimuth to another; its radius grows evenly from one to the other.
#[derive(Debug, Clone)]
pub(super) struct Arc {
    centre: LonLat,
    start_deg: f64,
    /// How far it turns, positive clockwise, at most a full turn.
    sweep_deg: f64,
    radii_m: (f64, f64),
    /// Its ends, where they were given as places.
    ends: Option<(LonLat, LonLat)>,
}

/// A piece of an outline.
#[derive(Debug, Clone)]
pub(super) enum Element {
    Corner(LonLat),
    Arc(Arc),
}

impl Arc {
    /// An arc (`DB`) between two places. Two equal ones make a full turn.
    ///
    /// `Err` holds the two distances from the centre in metres, if they are too different or too large.
    pub(super) fn between(
        centre: LonLat,
        start: LonLat,
        end: LonLat,
        clockwise: bool,
    ) -> Result<Self, (f64, f64)> {
        let frame = Frame::new(centre);
        let ray = |place| {
            let at = frame.to_plane(place);
            (frame.length(Xy { x: 0.0, y: 0.0 }, at), at.x.atan2(at.y).to_degrees())
        };
        let ((from_m, start_deg), (to_m, end_deg)) = (ray(start), ray(end));
        let (least, most) = (from_m.min(to_m), from_m.max(to_m));
        if most - least > RADII_SHARE * most || most > LARGEST_RADIUS_M || least <= 0.0 {
            return Err((from_m, to_m));
        }
        let sweep_deg = sweep(start_deg, end_deg, clockwise);
        Ok(Self { centre, start_deg, sweep_deg, radii_m: (from_m, to_m), ends: Some((start, end)) })
    }

    /// An arc (`DA`) of one radius between two azimuths.
    pub(super) fn by_angles(
        centre: LonLat,
        radius_m: f64,
        (start_deg, end_deg): (f64, f64),
        clockwise: bool,
    ) -> Self {
        let sweep_deg = sweep(start_deg, end_deg, clockwise);
        Self { centre, start_deg, sweep_deg, radii_m: (radius_m, radius_m), ends: None }
    }

    /// How far its two ends are from lying on one circle, metres.
    pub(super) fn mismatch_m(&self) -> f64 {
        (self.radii_m.0 - self.radii_m.1).abs()
    }

    /// The larger of the distances of its ends from its centre, metres.
    pub(super) fn radius_m(&self) -> f64 {
        self.radii_m.0.max(self.radii_m.1)
    }

    /// How many edges it takes to stay near it.
    pub(super) fn edges(&self) -> u32 {
        let finest_deg = (8.0 * SAGITTA_M / self.radius_m()).sqrt().to_degrees();
        (self.sweep_deg.abs() / finest_deg.min(COARSEST_DEG)).ceil().max(1.0) as u32
    }

    /// Its ends and a few places between: enough to tell which way an outline runs.
    fn sketch(&self) -> Vec<LonLat> {
        self.corners(12, false)
    }

    /// The corners of so many edges. With `outside` they touch it from outside, else they are chords of it.
    fn corners(&self, edges: u32, outside: bool) -> Vec<LonLat> {
        let pen = Pen::new(self.centre, self.radius_m());
        let pieces = f64::from(edges);
        let radius = |step: f64| self.radii_m.0 + (self.radii_m.1 - self.radii_m.0) * step / pieces;
        let place =
            |step: f64, radius_m: f64| pen.place(self.start_deg + self.sweep_deg * step / pieces, radius_m);
        let (first, last) =
            self.ends.unwrap_or_else(|| (place(0.0, radius(0.0)), place(pieces, radius(pieces))));
        let half_turn = (self.sweep_deg / pieces / 2.0).to_radians();
        let mut corners = vec![first];
        for step in 0..edges {
            let step = f64::from(step);
            if outside {
                let touching = radius(step).max(radius(step + 1.0)) / half_turn.cos();
                corners.push(place(step + 0.5, touching + SLACK_M));
            } else if step > 0.0 {
                corners.push(place(step, (radius(step) - SLACK_M).max(0.0)));
            }
        }
        corners.push(last);
        corners
    }
}

/// Finds places at a distance and azimuth from a centre.
struct Pen {
    frame: Frame,
    /// How much the plane stretches lengths due east, for each square metre of their square; `None`: look each time.
    stretch: Option<f64>,
}

impl Pen {
    /// For distances about `radius_m`, or shorter.
    fn new(centre: LonLat, radius_m: f64) -> Self {
        let frame = Frame::new(centre);
        let near = radius_m <= SQUARE_STRETCH_M;
        let east = Xy { x: radius_m, y: 0.0 };
        let stretch = near
            .then(|| (radius_m / frame.length(Xy { x: 0.0, y: 0.0 }, east) - 1.0) / (radius_m * radius_m));
        Self { frame, stretch }
    }

    fn place(&self, azimuth_deg: f64, radius_m: f64) -> LonLat {
        let (sin, cos) = azimuth_deg.to_radians().sin_cos();
        let at = Xy { x: radius_m * sin, y: radius_m * cos };
        let stretched = match self.stretch {
            Some(stretch) => 1.0 + stretch * at.x * at.x,
            None => radius_m / self.frame.length(Xy { x: 0.0, y: 0.0 }, at),
        };
        self.frame.to_place(at * stretched)
    }
}

/// How far to turn from an azimuth to another, positive clockwise; a full turn if they are the same.
fn sweep(start_deg: f64, end_deg: f64, clockwise: bool) -> f64 {
    let turn = if clockwise { end_deg - start_deg } else { start_deg - end_deg };
    let turn = match turn.rem_euclid(360.0) {
        0.0 => 360.0,
        turn => turn,
    };
    if clockwise { turn } else { -turn }
}

/// The corners of an outline, not yet closed.
pub(super) fn draw(elements: &[Element]) -> Vec<LonLat> {
    let all = |of_arc: &dyn Fn(&Arc) -> Vec<LonLat>| -> Vec<LonLat> {
        let of = |element: &Element| match element {
            Element::Corner(place) => vec![*place],
            Element::Arc(arc) => of_arc(arc),
        };
        elements.iter().flat_map(of).collect()
    };
    let clockwise = area(&all(&Arc::sketch)) < 0.0;
    all(&|arc| arc.corners(arc.edges(), (arc.sweep_deg > 0.0) == clockwise))
}

/// How many corners [`draw`] makes.
pub(super) fn corners(elements: &[Element]) -> usize {
    let of = |element: &Element| match element {
        Element::Corner(_) => 1,
        Element::Arc(arc) => arc.edges() as usize + 2,
    };
    elements.iter().map(of).sum()
}

/// How many corners [`airway`] draws before it unites them.
pub(super) fn airway_corners(line: &[LonLat]) -> usize {
    let pieces = line.windows(2).map(|leg| split(leg[0], leg[1]).len());
    pieces.sum::<usize>().saturating_mul(2 * (180.0 / COARSEST_DEG) as usize)
}

/// Does an edge of the outline run around the back of the earth?
pub(super) fn crosses_antimeridian(corners: &[LonLat]) -> bool {
    let next = corners.iter().cycle().skip(1);
    corners.iter().zip(next).any(|(a, b)| (a.lon() - b.lon()).abs() > 180.0)
}

/// Signed area in square degrees, positive counter-clockwise.
pub(super) fn area(corners: &[LonLat]) -> f64 {
    let Some(origin) = corners.first() else { return 0.0 };
    let local = |place: &LonLat| (place.lon() - origin.lon(), place.lat() - origin.lat());
    let next = corners.iter().cycle().skip(1);
    let cross = |(a, b): (&LonLat, &LonLat)| {
        let ((ax, ay), (bx, by)) = (local(a), local(b));
        ax * by - bx * ay
    };
    corners.iter().zip(next).map(cross).sum::<f64>() / 2.0
}

/// The area of a polygon in square degrees.
pub(super) fn polygon_area(polygon: &Polygon) -> f64 {
    area(&polygon.exterior).abs() - polygon.holes.iter().map(|hole| area(hole).abs()).sum::<f64>()
}

/// All within half of a width of a line through places (`DY`): outer rings and holes.
pub(super) fn airway(line: &[LonLat], width_m: f64) -> Vec<Vec<Vec<LonLat>>> {
    let pieces: Vec<_> = line.windows(2).flat_map(|leg| split(leg[0], leg[1])).collect();
    let capsules: Vec<_> = pieces.windows(2).map(|leg| capsule(leg[0], leg[1], width_m / 2.0)).collect();
    let united: MultiPolygon<f64> = match &capsules[..] {
        [one] => one.union(&MultiPolygon::new(Vec::new())),
        many => unary_union(many),
    };
    let ring = |ring: &LineString<f64>| ring.0.iter().filter_map(|at| LonLat::new(at.x, at.y).ok()).collect();
    let rings = united.0.iter();
    rings
        .map(|polygon| [polygon.exterior()].into_iter().chain(polygon.interiors()).map(ring).collect())
        .collect()
}

/// Places along a leg, so close that its edges may be straight in longitude and latitude.
fn split(from: LonLat, to: LonLat) -> Vec<LonLat> {
    let frame = Frame::new(from);
    let (start, end) = (Xy { x: 0.0, y: 0.0 }, frame.to_plane(to));
    let pieces = (frame.length(start, end) / AIRWAY_PIECE_M).ceil().clamp(1.0, 1000.0);
    (0..=pieces as u32).map(|piece| frame.to_place(end * (f64::from(piece) / pieces))).collect()
}

/// All within a distance of a short leg: two half circles touched from outside, joined by straight edges.
fn capsule(from: LonLat, to: LonLat, radius_m: f64) -> geo_types::Polygon<f64> {
    let frame = Frame::new(from);
    let (start, end) = (Xy { x: 0.0, y: 0.0 }, frame.to_plane(to));
    let heading = if end == start { 0.0 } else { end.x.atan2(end.y) };
    let finest = (8.0 * SAGITTA_M / radius_m).sqrt().min(COARSEST_DEG.to_radians());
    let pieces = (std::f64::consts::PI / finest).ceil();
    let half_turn = std::f64::consts::PI / pieces / 2.0;
    let touching = radius_m / half_turn.cos() + SLACK_M;
    let mut ring = Vec::new();
    for (middle, ahead) in [(end, heading), (start, heading + std::f64::consts::PI)] {
        // From the right of the leg's end around its head to the left, counter-clockwise.
        for piece in 0..=pieces as u32 {
            let azimuth = ahead + std::f64::consts::FRAC_PI_2 - (2.0 * f64::from(piece) - 1.0) * half_turn;
            let reach = frame.scale(middle) * touching;
            let place = frame.to_place(middle + Xy { x: reach * azimuth.sin(), y: reach * azimuth.cos() });
            ring.push(Coord { x: place.lon(), y: place.lat() });
        }
    }
    geo_types::Polygon::new(LineString::new(ring), Vec::new())
}
