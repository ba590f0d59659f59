//! A flight as the volume that it is to those who may not see it: where to stay away from and when, and no more
//! (ASTM F3548-21, 4.4: an operational intent's reference and its volumes).

use serde_json::{Value, json};
use tianlu_engine::airspace::{Layer, Limits, Outline, Polygon};
use tianlu_engine::frame::{Amsl, Height, Instant, Interval, LonLat, Xy};
use tianlu_engine::plane::{Contour, grow_circle, unite};

use crate::http::flights::time;
use crate::http::zones::Bbox;
use crate::service::{Fixed, Flight};

/// Room for the plane's scale (2.8e-4 at most) ...
const SCALE: f64 = 1.001;
/// ... and for coordinates written with seven decimals and lines that are straight in longitude and latitude.
const ROOM_M: f64 = 0.15;
/// The outline may lie so far outside of where it has to be.
const TOLERANCE_M: f64 = 0.5;

/// Where a flight may be, for others.
pub(super) struct Volume {
    pub(super) layer: Layer,
    lower_m: f64,
    upper_m: f64,
    during: Interval,
}

/// From when to when a flight takes room, its stand on the pads and the time for being early or late included.
pub(super) fn during(flight: &Flight, fixed: &Fixed) -> Interval {
    let before_ms = ((fixed.separation.pad_s + fixed.separation.time_s) * 1000.0).ceil() as i64;
    Interval::new(flight.lifts_off().plus_millis(-before_ms), flight.lands().plus_millis(before_ms))
}

/// The least and the greatest height, the vertical separation included, metres above sea level.
pub(super) fn heights_m(flight: &Flight, fixed: &Fixed) -> (f64, f64) {
    let heights = flight.plan.trajectory.iter().map(|at| at.altitude.metres());
    let (low, high) =
        heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), m| (low.min(m), high.max(m)));
    let apart_m = fixed.separation.vertical_m;
    (low - apart_m, high + apart_m)
}

impl Volume {
    /// Everything nearer to the flight's path than the separation.
    pub(super) fn of(flight: &Flight, fixed: &Fixed) -> Self {
        let (lower_m, upper_m) = heights_m(flight, fixed);
        let limit = |metres: f64| Amsl::new(metres).ok().map(Height::Amsl);
        let limits = Limits { lower: limit(lower_m), upper: limit(upper_m) };
        let layer = Layer { outline: Outline::Polygons(around(flight, fixed)), limits };
        Self { layer, lower_m, upper_m, during: during(flight, fixed) }
    }

    /// Does it meet the box, at some time of the interval?
    pub(super) fn is_met(&self, area: Option<&Bbox>, during: Option<Interval>) -> bool {
        is_during(self.during, during) && area.is_none_or(|area| area.meets(&self.layer, (0.0, 0.0)))
    }

    pub(super) fn feature(&self, flight: &Flight) -> Value {
        let Outline::Polygons(polygons) = &self.layer.outline else { return Value::Null };
        let ring = |ring: &[LonLat]| ring.iter().map(|at| json!([at.lon(), at.lat()])).collect::<Vec<_>>();
        let polygon = |polygon: &Polygon| {
            std::iter::once(&polygon.exterior).chain(&polygon.holes).map(|of| ring(of)).collect::<Vec<_>>()
        };
        let geometry = match polygons.as_slice() {
            [one] => json!({"type": "Polygon", "coordinates": polygon(one)}),
            many => {
                json!({"type": "MultiPolygon", "coordinates": many.iter().map(polygon).collect::<Vec<_>>()})
            }
        };
        json!({
            "type": "Feature",
            "id": flight.volume(),
            "geometry": geometry,
            "properties": {
                "state": flight.state.as_str(),
                "start": time(self.during.start),
                "end": time(self.during.end),
                "lower_m": (self.lower_m * 100.0).floor() / 100.0,
                "upper_m": (self.upper_m * 100.0).ceil() / 100.0,
            },
        })
    }
}

/// Do they have an instant in common?
pub(super) fn is_during(one: Interval, other: Option<Interval>) -> bool {
    other.is_none_or(|other| one.start <= other.end && other.start <= one.end)
}

/// The polygons around a flight's path, one where it is in one piece.
fn around(flight: &Flight, fixed: &Fixed) -> Vec<Polygon> {
    let by_m = fixed.separation.horizontal_m * SCALE + ROOM_M;
    let mut path: Vec<Xy> = flight.plan.trajectory.iter().map(|at| fixed.frame.to_plane(at.place)).collect();
    path.dedup_by(|a, b| (a.x - b.x).hypot(a.y - b.y) < 0.01);
    let mut contours: Vec<Contour> = path.iter().map(|&at| grow_circle(at, by_m, TOLERANCE_M)).collect();
    for leg in path.windows(2) {
        let (a, b) = (leg[0], leg[1]);
        let length = (b.x - a.x).hypot(b.y - a.y);
        let (x, y) = (-(b.y - a.y) / length * by_m, (b.x - a.x) / length * by_m);
        let beside = |at: Xy, side: f64| Xy { x: at.x + side * x, y: at.y + side * y };
        contours.push(vec![beside(a, -1.0), beside(b, -1.0), beside(b, 1.0), beside(a, 1.0)]);
    }
    let place = |at: &Xy| {
        let place = fixed.frame.to_place(*at);
        let rounded = |degrees: f64| (degrees * 1e7).round() / 1e7;
        LonLat::new(rounded(place.lon()), rounded(place.lat())).unwrap_or(place)
    };
    let ring = |contour: &Contour| {
        let mut ring: Vec<LonLat> = contour.iter().map(place).collect();
        ring.extend(ring.first().copied());
        ring
    };
    let polygon = |shape: Vec<Contour>| {
        let mut rings = shape.iter().map(ring);
        Some(Polygon { exterior: rings.next()?, holes: rings.collect() })
    };
    unite(&contours).into_iter().filter_map(polygon).collect()
}

/// An interval that holds all of them.
pub(super) fn hull(intervals: impl Iterator<Item = Interval>) -> Option<Interval> {
    intervals.reduce(|a, b| Interval::new(a.start.min(b.start), Instant::max(a.end, b.end)))
}
