//! Outlines in the plane: projected once, grown once per clearance, shared by all requests of a world.

use crate::airspace::{Outline, Polygon};
use crate::frame::{Frame, LonLat, Xy};
use crate::plane::{Contour, Region, distance_to_segment, grow_circle, grow_polygon, unite};

/// A chord may stray this far from a zone's edge, which is straight in longitude and latitude.
const EDGE_SAG_M: f64 = 0.002;

/// Grown outlines lie this much outside the true ones, besides their arcs: the chords' sag, two roundings to the grid
/// of unions (0.25 mm each), and coordinates written with nine decimals (0.1 mm).
const MARGIN_M: f64 = 0.004;

/// Flights stay within this far of the frame's centre, east, north, west and south.
pub(super) const AREA_M: f64 = 200_000.0;

/// Outlines are cut off beyond this.
const CUT_M: f64 = 230_000.0;

/// An outline in the plane.
#[derive(Debug, Clone)]
pub(super) struct Footprint {
    /// Polygons as rings without the last point repeated; empty for a circle.
    polygons: Vec<Vec<Contour>>,
    circle: Option<(Xy, f64)>,
    /// Greatest scale of the plane over it.
    scale: f64,
    bounds: Option<(Xy, Xy)>,
}

impl Footprint {
    pub(super) fn new(outline: &Outline, frame: &Frame) -> Self {
        match outline {
            Outline::Circle { centre, radius_m } => {
                let at = frame.to_plane(*centre);
                // The plane's image of a circle of radius r strays from a circle by r^3 / 6 R^2 at most; twice that.
                let radius = radius_m * frame.scale(at) + radius_m.powi(3) / (3.0 * 6.371e6 * 6.371e6);
                let corner = |by: f64| Xy { x: at.x + by, y: at.y + by };
                let bounds = Some((corner(-radius), corner(radius)));
                Self { polygons: Vec::new(), circle: Some((at, radius)), scale: frame.scale(at), bounds }
            }
            Outline::Polygons(polygons) => {
                let polygons: Vec<Vec<Contour>> = polygons
                    .iter()
                    .flat_map(|polygon| project(polygon, frame))
                    .filter(|rings: &Vec<Contour>| rings.first().is_some_and(|ring| ring.len() >= 3))
                    .collect();
                let scales = polygons.iter().flatten().flatten().map(|&at| frame.scale(at));
                let scale = scales.fold(1.0, f64::max);
                let bounds = bounds_of(&polygons);
                Self { polygons, circle: None, scale, bounds }
            }
        }
    }

    /// Contours whose non-zero union is the outline grown by a clearance, and a little more.
    pub(super) fn grown(&self, clearance_m: f64, arc_m: f64) -> Vec<Contour> {
        let distance = clearance_m * self.scale + MARGIN_M;
        match self.circle {
            Some((centre, radius)) => vec![grow_circle(centre, radius + distance, arc_m)],
            None => self.polygons.iter().flat_map(|rings| grow_polygon(rings, distance, arc_m)).collect(),
        }
    }

    /// Metres on the ground from a point to the outline; 0 within it.
    pub(super) fn distance(&self, at: Xy) -> f64 {
        let plain = match self.circle {
            Some((centre, radius)) => (at.x - centre.x).hypot(at.y - centre.y) - radius,
            None => {
                self.polygons.iter().map(|rings| polygon_distance(rings, at)).fold(f64::INFINITY, f64::min)
            }
        };
        plain.max(0.0) / self.scale
    }

    /// Its polygons as rings without the last point repeated; none for a circle.
    pub(super) fn polygons(&self) -> &[Vec<Contour>] {
        &self.polygons
    }

    /// Centre and radius of a circle.
    pub(super) fn circle(&self) -> Option<(Xy, f64)> {
        self.circle
    }

    /// The greatest scale of the plane over it.
    pub(super) fn scale(&self) -> f64 {
        self.scale
    }

    /// South-west and north-east corner of its box; `None` if it lies outside the area altogether.
    pub(super) fn bounds(&self) -> Option<(Xy, Xy)> {
        self.bounds
    }
}

fn bounds_of(polygons: &[Vec<Contour>]) -> Option<(Xy, Xy)> {
    let mut points = polygons.iter().filter_map(|rings| rings.first()).flatten();
    let first = *points.next()?;
    Some(points.fold((first, first), |(low, high), p| {
        (Xy { x: low.x.min(p.x), y: low.y.min(p.y) }, Xy { x: high.x.max(p.x), y: high.y.max(p.y) })
    }))
}

/// The ring around the area within which outlines are known: nothing flies beyond it.
pub(super) fn border() -> Vec<Contour> {
    let square = |half: f64| -> Contour {
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
            .map(|(x, y)| Xy { x: half * x, y: half * y })
            .to_vec()
    };
    let mut hole = square(AREA_M);
    hole.reverse();
    vec![square(CUT_M + 10_000.0), hole]
}

/// The region of contours.
pub(super) fn region_of(contours: &[Contour]) -> Region {
    Region::new(unite(contours))
}

fn polygon_distance(rings: &[Contour], at: Xy) -> f64 {
    let edges =
        || rings.iter().flat_map(|ring| (0..ring.len()).map(move |i| (ring[i], ring[(i + 1) % ring.len()])));
    let crossings = edges().filter(|(a, b)| {
        (a.y > at.y) != (b.y > at.y) && at.x < a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x)
    });
    if crossings.count() % 2 == 1 {
        return 0.0;
    }
    edges().map(|(a, b)| distance_to_segment(at, a, b)).fold(f64::INFINITY, f64::min)
}

/// The polygon in the plane, once for each turn around the earth by which it reaches into the area.
fn project(polygon: &Polygon, frame: &Frame) -> Vec<Vec<Contour>> {
    let bounds = cut_box(frame);
    let turned = |turn: f64| -> Vec<Contour> {
        std::iter::once(&polygon.exterior)
            .chain(&polygon.holes)
            .map(|ring| {
                let mut degrees: Vec<(f64, f64)> = ring.iter().map(|p| (p.lon() + turn, p.lat())).collect();
                if degrees.first() == degrees.last() {
                    degrees.pop();
                }
                project_ring(&cut(degrees, bounds), frame)
            })
            .collect()
    };
    let (west, east) = (bounds[0], bounds[2]);
    let turns = [(0.0, true), (360.0, east > 180.0), (-360.0, west < -180.0)];
    turns.into_iter().filter(|turn| turn.1).map(|turn| turned(turn.0)).collect()
}

/// The ring in the plane, its edges divided until their chords stay within [`EDGE_SAG_M`].
fn project_ring(degrees: &[(f64, f64)], frame: &Frame) -> Contour {
    let around = |lon: f64| if lon.abs() > 180.0 { lon - 360.0_f64.copysign(lon) } else { lon };
    let to_plane = |lon: f64, lat: f64| LonLat::new(around(lon), lat).map(|place| frame.to_plane(place));
    let mut ring = Vec::with_capacity(degrees.len());
    for (i, &(lon, lat)) in degrees.iter().enumerate() {
        let (next_lon, next_lat) = degrees[(i + 1) % degrees.len()];
        let along = |share: f64| to_plane(lon + share * (next_lon - lon), lat + share * (next_lat - lat));
        let (Ok(a), Ok(middle), Ok(b)) = (along(0.0), along(0.5), along(1.0)) else { continue };
        let sag = (middle.x - (a.x + b.x) / 2.0).hypot(middle.y - (a.y + b.y) / 2.0);
        let parts = (sag / EDGE_SAG_M).sqrt().ceil().clamp(1.0, 10_000.0);
        ring.extend((0..parts as usize).filter_map(|k| along(k as f64 / parts).ok()));
    }
    ring
}

/// West, south, east, north in degrees, beyond which outlines are cut off.
fn cut_box(frame: &Frame) -> [f64; 4] {
    let (lon, lat) = (frame.centre().lon(), frame.centre().lat());
    let half_lat = CUT_M / 110_500.0;
    let widest = (lat.abs() + half_lat).min(89.0).to_radians().cos();
    let half_lon = (CUT_M / 110_500.0 / widest).min(90.0);
    [lon - half_lon, (lat - half_lat).max(-90.0), lon + half_lon, (lat + half_lat).min(90.0)]
}

/// Cuts a ring to a box (Sutherland and Hodgman 1974). Bridges along the box's sides enclose nothing.
fn cut(ring: Vec<(f64, f64)>, [west, south, east, north]: [f64; 4]) -> Vec<(f64, f64)> {
    if ring.iter().all(|p| p.0 >= west && p.0 <= east && p.1 >= south && p.1 <= north) {
        return ring;
    }
    let sides: [(usize, f64, f64); 4] = [(0, west, 1.0), (0, east, -1.0), (1, south, 1.0), (1, north, -1.0)];
    sides.into_iter().fold(ring, |ring, (axis, limit, sign)| {
        let depth = |p: (f64, f64)| sign * (if axis == 0 { p.0 } else { p.1 } - limit);
        let mut kept = Vec::with_capacity(ring.len() + 4);
        for (i, &p) in ring.iter().enumerate() {
            let q = ring[(i + 1) % ring.len()];
            let (dp, dq) = (depth(p), depth(q));
            if dp >= 0.0 {
                kept.push(p);
            }
            if (dp >= 0.0) != (dq >= 0.0) {
                let share = dp / (dp - dq);
                let crossing = (p.0 + share * (q.0 - p.0), p.1 + share * (q.1 - p.1));
                kept.push(if axis == 0 { (limit, crossing.1) } else { (crossing.0, limit) });
            }
        }
        kept
    })
}
