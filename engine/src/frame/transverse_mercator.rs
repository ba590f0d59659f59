//! The local metric plane: transverse Mercator on WGS-84 about a centre.

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

/// A transverse Mercator plane with scale 1 at its centre.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    centre: LonLat,
}

impl Frame {
    /// How far from the centre a flight may begin or end.
    pub const REACH_M: f64 = 150_000.0;

    /// The plane about a centre.
    pub fn new(centre: LonLat) -> Self {
        Self { centre }
    }

    /// The place that is the plane's origin.
    pub fn centre(&self) -> LonLat {
        self.centre
    }

    /// The point of the plane for a place.
    pub fn to_plane(&self, _place: LonLat) -> Xy {
        todo!()
    }

    /// The place for a point of the plane.
    pub fn to_place(&self, _at: Xy) -> LonLat {
        todo!()
    }

    /// Metres in the plane for a metre on the ground, near a point of the plane (conformal: the same in all directions).
    pub fn scale(&self, _at: Xy) -> f64 {
        todo!()
    }

    /// Metres on the ground of a straight line in the plane.
    pub fn length(&self, _from: Xy, _to: Xy) -> f64 {
        todo!()
    }
}
