//! Distances in longitude and latitude, never overestimated: what is farther than a reach here is so on the ellipsoid.
//!
//! A degree of latitude is nowhere shorter than at the equator, and one of longitude at latitude p nowhere shorter than
//! the equator's times cos p. A way of a given length therefore stays within a known latitude, and up to there a
//! degree of longitude has a least length. Scaled by these, degrees are a plane in which zone edges are straight and
//! no distance comes out greater than it is.

use super::LonLatBox;
use crate::airspace::{Outline, Polygon};
use crate::frame::LonLat;

/// The shortest degree of latitude: `a (1 - e^2) pi / 180` on WGS-84.
const LATITUDE_M: f64 = 110_574.2;
/// A degree of longitude at the equator, times the cosine of the latitude never more than the true one.
const LONGITUDE_M: f64 = 111_319.4;
/// Nearer to a pole than this all longitudes count as near.
const POLAR_DEG: f64 = 89.0;
/// Wider than this a box goes beside the tree.
const WIDE_DEG: f64 = 45.0;

/// A box in degrees; its longitudes may go beyond the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Box2 {
    pub(super) low: [f64; 2],
    pub(super) high: [f64; 2],
}

impl From<LonLatBox> for Box2 {
    fn from(area: LonLatBox) -> Self {
        Self { low: [area.min.lon(), area.min.lat()], high: [area.max.lon(), area.max.lat()] }
    }
}

impl Box2 {
    /// The box of an outline.
    pub(super) fn of(outline: &Outline) -> Self {
        match outline {
            Outline::Circle { centre, radius_m } => Self::around(xy(*centre), xy(*centre)).grown(*radius_m),
            Outline::Polygons(polygons) => {
                let corners = polygons.iter().flat_map(|polygon| &polygon.exterior).map(|corner| xy(*corner));
                let boxes = corners.map(|corner| Self { low: corner, high: corner });
                let everywhere = Self { low: [-180.0, -90.0], high: [180.0, 90.0] };
                boxes.reduce(|a, b| a.joined(&b)).unwrap_or(everywhere).grown(0.0) // a pole has every longitude
            }
        }
    }

    fn around(a: [f64; 2], b: [f64; 2]) -> Self {
        Self { low: [a[0].min(b[0]), a[1].min(b[1])], high: [a[0].max(b[0]), a[1].max(b[1])] }
    }

    fn joined(&self, other: &Self) -> Self {
        Self {
            low: [self.low[0].min(other.low[0]), self.low[1].min(other.low[1])],
            high: [self.high[0].max(other.high[0]), self.high[1].max(other.high[1])],
        }
    }

    /// With all that lies within a reach of it.
    fn grown(&self, reach_m: f64) -> Self {
        let north_deg = reach_m / LATITUDE_M;
        let (south, north) = (self.low[1] - north_deg, self.high[1] + north_deg);
        let (west, east) = match longitude_m(south.abs().max(north.abs())) {
            Some(metres) if self.high[0] - self.low[0] + 2.0 * reach_m / metres < 360.0 => {
                (self.low[0] - reach_m / metres, self.high[0] + reach_m / metres)
            }
            _ => (-180.0, 180.0),
        };
        Self { low: [west, south.max(-90.0)], high: [east, north.min(90.0)] }
    }

    /// Too large for the tree, or across the antimeridian?
    pub(super) fn is_wide(&self) -> bool {
        self.low[0] < -180.0
            || self.high[0] > 180.0
            || self.high[0] - self.low[0] > WIDE_DEG
            || self.high[1] - self.low[1] > WIDE_DEG
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        (0..2).all(|axis| self.low[axis] <= other.high[axis] && other.low[axis] <= self.high[axis])
    }

    /// The same box on this turn of the earth and on its neighbours, as far as zones may lie there.
    pub(super) fn images(self) -> impl Iterator<Item = Self> {
        let turned = move |turn: f64| Self {
            low: [self.low[0] + turn, self.low[1]],
            high: [self.high[0] + turn, self.high[1]],
        };
        [0.0, -360.0, 360.0]
            .into_iter()
            .map(turned)
            .filter(|image| image.low[0] <= 360.0 && image.high[0] >= -360.0)
    }
}

/// A straight way between two places, and how far from it is of interest.
pub(super) struct Track {
    from: [f64; 2],
    to: [f64; 2],
    reach_m: f64,
}

impl Track {
    pub(super) fn new(from: LonLat, to: LonLat, reach_m: f64) -> Self {
        let (from, mut to) = (xy(from), xy(to));
        if (to[0] - from[0]).abs() > 180.0 {
            to[0] -= 360f64.copysign(to[0] - from[0]); // the shorter way, across the antimeridian
        }
        let mut track = Self { from, to, reach_m: reach_m.max(0.0) };
        track.reach_m += track.sag_m();
        track
    }

    /// How far a geodesic, or a line in a plane nearby, may stray from the line in degrees: the curvature of a
    /// parallel, and of a geodesic in the plane 300 km off its centre; half as much again for what higher orders add.
    fn sag_m(&self) -> f64 {
        let steep = self.from[1].abs().max(self.to[1].abs()).min(POLAR_DEG).to_radians();
        let east_m = (self.to[0] - self.from[0]) * LONGITUDE_M * steep.cos();
        let north_m = (self.to[1] - self.from[1]) * 1.01 * LATITUDE_M;
        let squared = 1.1 * (east_m * east_m + north_m * north_m);
        1.5 * squared * (steep.tan() + 0.05) / (8.0 * 6_335_000.0)
    }

    /// All within reach.
    pub(super) fn area(&self) -> Box2 {
        Box2::around(self.from, self.to).grown(self.reach_m)
    }

    /// May some of an outline lie within reach?
    pub(super) fn may_reach(&self, outline: &Outline) -> bool {
        let reach_m = match outline {
            Outline::Circle { radius_m, .. } => self.reach_m + radius_m,
            Outline::Polygons(_) => self.reach_m,
        };
        let steep = self.from[1].abs().max(self.to[1].abs()) + reach_m / LATITUDE_M;
        let Some(longitude_m) = longitude_m(steep) else {
            return true;
        };
        [0.0, -360.0, 360.0].into_iter().any(|turn| {
            let metres = |at: [f64; 2]| [(at[0] + turn) * longitude_m, at[1] * LATITUDE_M];
            let plain = |at: LonLat| [at.lon() * longitude_m, at.lat() * LATITUDE_M];
            let (a, b) = (metres(self.from), metres(self.to));
            match outline {
                Outline::Circle { centre, .. } => from_segment(plain(*centre), a, b) <= reach_m,
                Outline::Polygons(polygons) => {
                    polygons.iter().any(|polygon| near(polygon, a, b, reach_m, &plain))
                }
            }
        })
    }
}

/// The least metres of a degree of longitude up to a latitude; `None` too near a pole.
fn longitude_m(latitude_deg: f64) -> Option<f64> {
    (latitude_deg <= POLAR_DEG).then(|| LONGITUDE_M * latitude_deg.to_radians().cos())
}

fn xy(place: LonLat) -> [f64; 2] {
    [place.lon(), place.lat()]
}

/// Is a segment within reach of a polygon, or in it?
fn near(
    polygon: &Polygon,
    a: [f64; 2],
    b: [f64; 2],
    reach_m: f64,
    metres: &impl Fn(LonLat) -> [f64; 2],
) -> bool {
    let mut inside = false;
    for ring in std::iter::once(&polygon.exterior).chain(&polygon.holes) {
        for edge in ring.windows(2) {
            let (p, q) = (metres(edge[0]), metres(edge[1]));
            if between_segments(a, b, p, q) <= reach_m {
                return true;
            }
            if (p[1] > a[1]) != (q[1] > a[1]) && a[0] < p[0] + (q[0] - p[0]) * (a[1] - p[1]) / (q[1] - p[1]) {
                inside = !inside;
            }
        }
    }
    inside
}

fn between_segments(a: [f64; 2], b: [f64; 2], p: [f64; 2], q: [f64; 2]) -> f64 {
    let side =
        |o: [f64; 2], u: [f64; 2], v: [f64; 2]| (u[0] - o[0]) * (v[1] - o[1]) - (u[1] - o[1]) * (v[0] - o[0]);
    if side(a, b, p) * side(a, b, q) < 0.0 && side(p, q, a) * side(p, q, b) < 0.0 {
        return 0.0;
    }
    let ends = [from_segment(p, a, b), from_segment(q, a, b), from_segment(a, p, q), from_segment(b, p, q)];
    ends.into_iter().fold(f64::INFINITY, f64::min)
}

fn from_segment(at: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let (step, arm) = ([b[0] - a[0], b[1] - a[1]], [at[0] - a[0], at[1] - a[1]]);
    let squared = step[0] * step[0] + step[1] * step[1];
    let share =
        if squared > 0.0 { ((arm[0] * step[0] + arm[1] * step[1]) / squared).clamp(0.0, 1.0) } else { 0.0 };
    (arm[0] - share * step[0]).hypot(arm[1] - share * step[1])
}
