//! Does a layer meet a box in longitude and latitude?

use tianlu_engine::airspace::{Layer, Outline, Polygon, Ring};
use tianlu_engine::frame::LonLat;

/// A box as in OGC API - Features: degrees, and metres above sea level if heights were given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::http) struct Bbox {
    /// West, may be more than `east`: then the box crosses the antimeridian.
    pub(in crate::http) west: f64,
    pub(in crate::http) south: f64,
    pub(in crate::http) east: f64,
    pub(in crate::http) north: f64,
    pub(in crate::http) heights_m: Option<(f64, f64)>,
}

/// A part of a box that does not cross the antimeridian.
#[derive(Clone, Copy)]
struct Window {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Bbox {
    /// Does the layer meet the box? AGL limits count from ground between the two heights `ground_m`.
    ///
    /// Exact for polygons. A circle may be named that stays outside by less than 1 % of its radius.
    pub(in crate::http) fn meets(&self, layer: &Layer, ground_m: (f64, f64)) -> bool {
        let heights = self.heights_m.is_none_or(|(low, high)| {
            layer.limits.amsl_over(ground_m.0).0 <= high && low <= layer.limits.amsl_over(ground_m.1).1
        });
        heights && self.windows().into_iter().flatten().any(|window| window.meets(&layer.outline))
    }

    /// Does the place lie in the box?
    pub(in crate::http) fn contains(&self, place: LonLat) -> bool {
        self.windows().into_iter().flatten().any(|window| window.contains(place))
    }

    /// Does a part of the way from one place to another, straight in degrees, lie in the box? The part is that between
    /// two shares of it. Heights are not looked at.
    pub(in crate::http) fn meets_leg(&self, from: LonLat, to: LonLat, share: (f64, f64)) -> bool {
        let (a, b) = ((from.lon(), from.lat()), (to.lon(), to.lat()));
        let round = if b.0 - a.0 > 180.0 {
            -360.0
        } else if b.0 - a.0 < -180.0 {
            360.0
        } else {
            0.0
        };
        // Across the antimeridian the way is seen from both of its sides.
        let ways = [(a, (b.0 + round, b.1)), ((a.0 - round, a.1), b)];
        let meets = |window: Window| ways.iter().any(|(a, b)| window.meets_way(*a, *b, share));
        self.windows().into_iter().flatten().any(meets)
    }

    fn windows(&self) -> [Option<Window>; 2] {
        let Self { west, south, east, north, .. } = *self;
        if west <= east {
            [Some(Window { west, south, east, north }), None]
        } else {
            [
                Some(Window { west, south, east: 180.0, north }),
                Some(Window { west: -180.0, south, east, north }),
            ]
        }
    }
}

impl Window {
    fn meets(&self, outline: &Outline) -> bool {
        match outline {
            Outline::Polygons(polygons) => polygons.iter().any(|polygon| self.meets_polygon(polygon)),
            Outline::Circle { centre, radius_m } => self.distance_m(*centre) <= radius_m * 1.01,
        }
    }

    fn contains(&self, place: LonLat) -> bool {
        (self.west..=self.east).contains(&place.lon()) && (self.south..=self.north).contains(&place.lat())
    }

    /// A ring's edge meets the window, or one of the two lies within the other.
    fn meets_polygon(&self, polygon: &Polygon) -> bool {
        let rings = || std::iter::once(&polygon.exterior).chain(&polygon.holes);
        rings().any(|ring| ring.windows(2).any(|edge| self.meets_edge(edge[0], edge[1])))
            || rings().fold(false, |inside, ring| inside != encloses(ring, self.west, self.south))
    }

    /// Liang and Barsky's clipping: is a part of the edge within the window?
    fn meets_edge(&self, from: LonLat, to: LonLat) -> bool {
        self.meets_way((from.lon(), from.lat()), (to.lon(), to.lat()), (0.0, 1.0))
    }

    fn meets_way(&self, from: (f64, f64), to: (f64, f64), (mut enter, mut leave): (f64, f64)) -> bool {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let sides = [
            (-dx, from.0 - self.west),
            (dx, self.east - from.0),
            (-dy, from.1 - self.south),
            (dy, self.north - from.1),
        ];
        for (towards, room) in sides {
            if towards == 0.0 {
                if room < 0.0 {
                    return false;
                }
            } else if towards < 0.0 {
                enter = enter.max(room / towards);
            } else {
                leave = leave.min(room / towards);
            }
        }
        enter <= leave
    }

    /// Metres from a place to the nearest of the window, to within 1 % of the true distance.
    fn distance_m(&self, place: LonLat) -> f64 {
        const EARTH_RADIUS_M: f64 = 6_371_008.8;
        let nearest_lat = place.lat().clamp(self.south, self.north);
        let east_of = |lon: f64| (place.lon() - lon).rem_euclid(360.0);
        let width = self.east - self.west;
        let off = east_of(self.west);
        let dlon = if off <= width { 0.0 } else { (off - width).min(360.0 - off) };
        let haversine = ((place.lat() - nearest_lat).to_radians() / 2.0).sin().powi(2)
            + place.lat().to_radians().cos()
                * nearest_lat.to_radians().cos()
                * (dlon.to_radians() / 2.0).sin().powi(2);
        2.0 * EARTH_RADIUS_M * haversine.sqrt().min(1.0).asin()
    }
}

/// Does the ring go round the point (even-odd)?
fn encloses(ring: &Ring, lon: f64, lat: f64) -> bool {
    let crossings = ring.windows(2).filter(|edge| {
        let (a, b) = (edge[0], edge[1]);
        (a.lat() > lat) != (b.lat() > lat)
            && lon < a.lon() + (lat - a.lat()) / (b.lat() - a.lat()) * (b.lon() - a.lon())
    });
    crossings.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use tianlu_engine::airspace::Limits;
    use tianlu_engine::frame::{Agl, Height};

    use super::*;

    fn bbox(west: f64, south: f64, east: f64, north: f64) -> Bbox {
        Bbox { west, south, east, north, heights_m: None }
    }

    fn ring(corners: &[(f64, f64)]) -> Ring {
        corners.iter().map(|&(lon, lat)| LonLat::new(lon, lat).unwrap()).collect()
    }

    fn square_with_hole() -> Layer {
        let exterior = ring(&[(1.0, 1.0), (9.0, 1.0), (9.0, 9.0), (1.0, 9.0), (1.0, 1.0)]);
        let hole = ring(&[(3.0, 3.0), (7.0, 3.0), (7.0, 7.0), (3.0, 7.0), (3.0, 3.0)]);
        let outline = Outline::Polygons(vec![Polygon { exterior, holes: vec![hole] }]);
        Layer { outline, limits: Limits::UNBOUNDED }
    }

    fn circle(lon: f64, lat: f64, radius_m: f64) -> Layer {
        let outline = Outline::Circle { centre: LonLat::new(lon, lat).unwrap(), radius_m };
        Layer { outline, limits: Limits::UNBOUNDED }
    }

    #[test]
    fn a_box_meets_what_it_touches_holds_or_lies_in() {
        let layer = square_with_hole();
        for (area, expected) in [
            (bbox(0.0, 0.0, 10.0, 10.0), true),
            (bbox(2.0, 2.0, 2.5, 2.5), true),
            (bbox(0.0, 4.0, 1.0, 5.0), true),
            (bbox(4.0, 4.0, 6.0, 6.0), false),
            (bbox(4.0, 4.0, 8.0, 6.0), true),
            (bbox(9.5, 1.0, 10.0, 9.0), false),
            // Across the antimeridian and three quarters round the earth.
            (bbox(20.0, 0.0, 2.0, 10.0), true),
            (bbox(20.0, 0.0, 0.5, 10.0), false),
        ] {
            assert_eq!(area.meets(&layer, (0.0, 0.0)), expected, "{area:?}");
        }
    }

    #[test]
    fn a_circle_reaches_over_the_antimeridian() {
        let layer = circle(179.99, 0.0, 5000.0);
        assert!(bbox(-180.0, -1.0, -179.99, 1.0).meets(&layer, (0.0, 0.0)));
        assert!(!bbox(-179.9, -1.0, -179.8, 1.0).meets(&layer, (0.0, 0.0)));
    }

    #[test]
    fn heights_select_layers_with_the_ground_below_them() {
        let mut layer = square_with_hole();
        layer.limits.lower = Some(Height::Agl(Agl::new(100.0).unwrap()));
        let at = |low, high| Bbox { heights_m: Some((low, high)), ..bbox(0.0, 0.0, 10.0, 10.0) };
        assert!(!at(0.0, 90.0).meets(&layer, (0.0, 50.0)));
        assert!(at(0.0, 110.0).meets(&layer, (0.0, 50.0)));
        assert!(at(500.0, 600.0).meets(&layer, (0.0, 50.0)));
    }
}
