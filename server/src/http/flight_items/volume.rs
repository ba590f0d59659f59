//! A flight as the volume that it is to those who may not see it: where to stay away from and when, and no more
//! (ASTM F3548-21, 4.4: an operational intent's reference and its volumes).

use serde_json::{Value, json};
use tianlu_engine::airspace::{Layer, Limits, Outline, Polygon};
use tianlu_engine::frame::{Amsl, Height, Instant, Interval, LonLat};

use crate::http::flights::time;
use crate::http::widened::widened;
use crate::http::zones::Bbox;
use crate::service::{Fixed, Flight};

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
        let path = flight.plan.trajectory.iter().map(|at| at.place);
        let outline = Outline::Polygons(widened(&fixed.frame, path, fixed.separation.horizontal_m));
        let layer = Layer { outline, limits };
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

/// An interval that holds all of them.
pub(super) fn hull(intervals: impl Iterator<Item = Interval>) -> Option<Interval> {
    intervals.reduce(|a, b| Interval::new(a.start.min(b.start), Instant::max(a.end, b.end)))
}
