//! The local metric plane: transverse Mercator on WGS-84 about a centre.

mod kruger;
mod scale;
#[cfg(test)]
mod tests;

use super::LonLat;

/// A point of the plane: metres east (`x`) and north (`y`) of the frame's centre.
pub type Xy = geo_types::Coord<f64>;

/// A place too far from the frame's centre.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{distance_m:.0} m from the centre of the area, at most {most_m:.0} m are allowed")]
pub struct OutOfFrame {
    /// How far away it is.
    pub distance_m: f64,
    /// How far it may be.
    pub most_m: f64,
}

/// A transverse Mercator plane with scale 1 at its centre, and its origin there.
///
/// Within 200 km of the centre a place comes back from the plane to better than 1e-10 degrees. The scale grows with
/// the square of the distance east or west: 1.000031 at 50 km, 1.00028 at 150 km; [`Frame::length`] takes it out.
///
/// Reference: Karney, "Transverse Mercator with an accuracy of a few nanometers", J. Geodesy 85 (2011).
///
/// ```
/// use tianlu_engine::frame::{Frame, LonLat};
/// let nanhu_lake = LonLat::new(120.76, 30.753).unwrap();
/// let zhapu_port = LonLat::new(121.09, 30.59).unwrap();
/// let frame = Frame::new(nanhu_lake);
/// let there = frame.to_plane(zhapu_port);
/// assert!((there.x - 31_650.5).abs() < 0.1 && (there.y + 18_024.4).abs() < 0.1);
/// assert!((frame.to_place(there).lon() - 121.09).abs() < 1e-10);
/// assert!(frame.check(LonLat::new(116.4, 39.9).unwrap()).is_err());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    centre: LonLat,
    /// Metres from the equator to the centre, along its meridian.
    northing_m: f64,
    scale: scale::Series,
}

/// Pieces of a length are at most this long: then two points of the Gauss rule are within 1e-11 of it.
const LENGTH_PIECE_M: f64 = 50_000.0;

impl Frame {
    /// How far from the centre a flight may begin or end.
    pub const REACH_M: f64 = 150_000.0;

    /// The plane about a centre.
    pub fn new(centre: LonLat) -> Self {
        let northing_m = kruger::forward(centre.lat(), 0.0).y;
        let exact = |at: Xy| kruger::inverse(Xy { x: at.x, y: at.y + northing_m }).scale;
        Self { centre, northing_m, scale: scale::Series::new(exact) }
    }

    /// The plane about the middle of the box of some places; `None` if there are none.
    ///
    /// The box is the narrower one where it crosses the antimeridian.
    pub fn around(places: impl IntoIterator<Item = LonLat>) -> Option<Self> {
        let places: Vec<LonLat> = places.into_iter().collect();
        let (south, north) = span(places.iter().map(|p| p.lat()))?;
        let plain = span(places.iter().map(|p| p.lon()))?;
        let eastern = span(places.iter().map(|p| if p.lon() < 0.0 { p.lon() + 360.0 } else { p.lon() }))?;
        let (west, east) = if eastern.1 - eastern.0 < plain.1 - plain.0 { eastern } else { plain };
        let centre = LonLat::new(wrapped((west + east) / 2.0), (south + north) / 2.0).ok()?;
        Some(Self::new(centre))
    }

    /// The place that is the plane's origin.
    pub fn centre(&self) -> LonLat {
        self.centre
    }

    /// The point of the plane for a place. Finite for every place, of use up to some 3,000 km from the centre.
    pub fn to_plane(&self, place: LonLat) -> Xy {
        let at = kruger::forward(place.lat(), wrapped(place.lon() - self.centre.lon()));
        Xy { x: at.x, y: at.y - self.northing_m }
    }

    /// The place for a point of the plane.
    ///
    /// Always a place: a point that is none of the plane's is drawn to its edge, one that is not finite gives the
    /// centre.
    pub fn to_place(&self, at: Xy) -> LonLat {
        let inverse = self.inverse(at);
        let lon = wrapped(self.centre.lon() + inverse.lon_deg);
        LonLat::new(lon, inverse.lat_deg.clamp(-90.0, 90.0)).unwrap_or(self.centre)
    }

    /// Metres in the plane for a metre on the ground, near a point of the plane (conformal: the same in all directions).
    pub fn scale(&self, at: Xy) -> f64 {
        self.scale.at(at).unwrap_or_else(|| self.inverse(at).scale)
    }

    /// Metres on the ground of a straight line in the plane.
    ///
    /// Exact to 1e-10 of itself within [`Frame::REACH_M`] of the centre. Two evaluations of the scale for each 50 km.
    pub fn length(&self, from: Xy, to: Xy) -> f64 {
        let step = to - from;
        let in_plane = (step.x * step.x + step.y * step.y).sqrt();
        let pieces = (in_plane / LENGTH_PIECE_M).ceil().clamp(1.0, 1000.0);
        let offset = 0.5 / 3f64.sqrt();
        let mut inverse_scales = 0.0;
        for piece in 0..pieces as u32 {
            for node in [0.5 - offset, 0.5 + offset] {
                inverse_scales += 1.0 / self.scale(from + step * ((f64::from(piece) + node) / pieces));
            }
        }
        in_plane * inverse_scales / (2.0 * pieces)
    }

    /// The point of the plane for a place that is near enough to fly from or to.
    ///
    /// # Errors
    /// [`OutOfFrame`] if it is more than [`Frame::REACH_M`] from the centre.
    pub fn check(&self, place: LonLat) -> Result<Xy, OutOfFrame> {
        let at = self.to_plane(place);
        let distance_m = at.x.hypot(at.y);
        if distance_m <= Self::REACH_M {
            Ok(at)
        } else {
            Err(OutOfFrame { distance_m, most_m: Self::REACH_M })
        }
    }

    fn inverse(&self, at: Xy) -> kruger::Inverse {
        if at.x.is_finite() && at.y.is_finite() {
            kruger::inverse(Xy { x: at.x, y: at.y + self.northing_m })
        } else {
            kruger::inverse(Xy { x: 0.0, y: self.northing_m })
        }
    }
}

/// Least and greatest, if there are any.
fn span(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.map(|v| (v, v)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// The same direction within ±180 degrees; what lies there already is not touched.
fn wrapped(degrees: f64) -> f64 {
    if (-180.0..=180.0).contains(&degrees) { degrees } else { (degrees + 180.0).rem_euclid(360.0) - 180.0 }
}
