//! Where and when the features of a collection are.

use serde_json::{Value, json};
use tianlu_engine::airspace::{Applicability, Outline, Zone};
use tianlu_engine::frame::{Instant, Interval};

use super::flights::time;

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const GREGORIAN: &str = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";

/// An extent as OGC API - Features has it, of places in degrees. Without an interval it is for all time.
pub(super) fn extent(places: impl Iterator<Item = (f64, f64)>, during: Option<Interval>) -> Value {
    let end = |at: Instant, open: Instant| if at == open { Value::Null } else { time(at).into() };
    let interval = match during {
        Some(during) => json!([end(during.start, Instant::MIN), end(during.end, Instant::MAX)]),
        None => json!([null, null]),
    };
    json!({
        "spatial": {"bbox": [hull(places)], "crs": CRS84},
        "temporal": {"interval": [interval], "trs": GREGORIAN},
    })
}

/// West, south, east, north of places; all the earth if there are none.
fn hull(places: impl Iterator<Item = (f64, f64)>) -> [f64; 4] {
    let none = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    let [west, south, east, north] =
        places.fold(none, |[w, s, e, n], (lon, lat)| [w.min(lon), s.min(lat), e.max(lon), n.max(lat)]);
    if west > east {
        return [-180.0, -90.0, 180.0, 90.0];
    }
    [west.max(-180.0), south.max(-90.0), east.min(180.0), north.min(90.0)]
}

/// Corners of a zone, and of a box about its circles.
pub(super) fn corners(zone: &Zone) -> impl Iterator<Item = (f64, f64)> {
    zone.layers.iter().flat_map(|layer| match &layer.outline {
        // Far enough beyond the circle for every latitude where somebody flies.
        Outline::Circle { centre, radius_m } => {
            let (dlat, dlon) =
                (radius_m / 110_000.0, radius_m / 110_000.0 / centre.lat().to_radians().cos().max(0.01));
            vec![(centre.lon() - dlon, centre.lat() - dlat), (centre.lon() + dlon, centre.lat() + dlat)]
        }
        Outline::Polygons(polygons) => polygons
            .iter()
            .flat_map(|polygon| polygon.exterior.iter().map(|place| (place.lon(), place.lat())))
            .collect(),
    })
}

/// From when to when at least one of the zones is active, at most.
pub(super) fn activity<'z>(zones: impl Iterator<Item = &'z Zone>) -> Option<Interval> {
    let mut hull: Option<Interval> = None;
    for zone in zones {
        let Applicability::Periods(periods) = &zone.applicability else { return None };
        for period in periods {
            let (start, end) = (period.start.unwrap_or(Instant::MIN), period.end.unwrap_or(Instant::MAX));
            let before = hull.unwrap_or(Interval::new(start, end));
            hull = Some(Interval::new(before.start.min(start), before.end.max(end)));
        }
    }
    hull
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extent_holds_its_places_and_open_ends_are_null() {
        let during = Interval::new(Instant::from_seconds(0), Instant::MAX);
        let json = extent([(120.0, 30.0), (121.0, 29.0)].into_iter(), Some(during));
        assert_eq!(json["spatial"]["bbox"], json!([[120.0, 29.0, 121.0, 30.0]]));
        assert_eq!(json["temporal"]["interval"], json!([["1970-01-01T00:00:00.000Z", null]]));
        let json = extent(std::iter::empty(), None);
        assert_eq!(json["spatial"]["bbox"], json!([[-180.0, -90.0, 180.0, 90.0]]));
        assert_eq!(json["temporal"]["interval"], json!([[null, null]]));
    }
}
