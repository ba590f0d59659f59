//! A flight as a line, for those who may see it.

use serde_json::{Value, json};
use tianlu_engine::flight::Waypoint;
use tianlu_engine::frame::Interval;

use crate::http::flights::time;
use crate::http::zones::Bbox;
use crate::service::Flight;

/// The feature: a line of [longitude, latitude, metres above sea level], with the time of each position in `times`.
pub(super) fn feature(flight: &Flight) -> Value {
    let request = &flight.request;
    let trajectory = &flight.plan.trajectory;
    let rounded = |number: f64, per_unit: f64| (number * per_unit).round() / per_unit;
    let position = |at: &Waypoint| {
        json!([
            rounded(at.place.lon(), 1e7),
            rounded(at.place.lat(), 1e7),
            rounded(at.altitude.metres(), 1e2)
        ])
    };
    let times: Vec<String> = trajectory.iter().map(|at| time(at.time)).collect();
    let last = flight.position.map(|at| {
        json!({"lon": at.place.lon(), "lat": at.place.lat(), "alt_m": at.altitude_m, "time": time(at.time)})
    });
    json!({
        "type": "Feature",
        "id": flight.id(),
        "geometry": {"type": "LineString", "coordinates": trajectory.iter().map(position).collect::<Vec<_>>()},
        "properties": {
            "state": flight.state.as_str(),
            "operator": &*flight.operator,
            "volume": flight.volume(),
            "aircraft": request.aircraft,
            "mission": request.mission.as_str(),
            "priority": request.priority,
            "start": time(flight.lifts_off()),
            "end": time(flight.lands()),
            "length_m": rounded(flight.plan.length_m, 10.0),
            "duration_s": rounded(flight.plan.duration_s, 1e3),
            "delay_s": rounded(flight.plan.delay_s, 1e3),
            "accepted": time(flight.accepted),
            "changed": time(flight.changed),
            "cause": flight.cause,
            "site": flight.site,
            "position": last,
            "times": times,
        },
    })
}

/// Is the aircraft, as planned, in the box at some time of the interval?
///
/// Exact for the line of the feature: straight between two positions in longitude, latitude, height and time.
pub(super) fn is_met(trajectory: &[Waypoint], area: Option<&Bbox>, during: Option<Interval>) -> bool {
    trajectory.windows(2).any(|leg| is_leg_met(&leg[0], &leg[1], area, during))
}

fn is_leg_met(from: &Waypoint, to: &Waypoint, area: Option<&Bbox>, during: Option<Interval>) -> bool {
    let mut share = (0.0_f64, 1.0_f64);
    if let Some(during) = during {
        // Times are before the year 300,000: exact.
        let [a, b] = [from.time, to.time].map(|time| time.millis() as f64);
        let [start, end] = [during.start, during.end].map(|time| time.millis() as f64);
        share = narrowed(share, (a, b), (start, end));
    }
    if let Some((low, high)) = area.and_then(|area| area.heights_m) {
        share = narrowed(share, (from.altitude.metres(), to.altitude.metres()), (low, high));
    }
    share.0 <= share.1 && area.is_none_or(|area| area.meets_leg(from.place, to.place, share))
}

/// The share of a way from `a` to `b` that is between two bounds, within a share. Empty: it begins after its end.
fn narrowed(share: (f64, f64), (a, b): (f64, f64), (low, high): (f64, f64)) -> (f64, f64) {
    const NONE: (f64, f64) = (1.0, 0.0);
    if a == b {
        return if (low..=high).contains(&a) { share } else { NONE };
    }
    let (one, other) = ((low - a) / (b - a), (high - a) / (b - a));
    (share.0.max(one.min(other)), share.1.min(one.max(other)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;
    use tianlu_engine::frame::{Amsl, Instant, LonLat};

    use super::*;

    fn waypoint(lon: f64, lat: f64, height_m: f64, time_s: i64) -> Waypoint {
        let place = LonLat::new(lon, lat).unwrap();
        Waypoint { place, altitude: Amsl::new(height_m).unwrap(), time: Instant::from_seconds(time_s) }
    }

    #[test]
    fn a_line_over_the_antimeridian_is_met_on_either_side_and_not_round_the_earth() {
        let line = [waypoint(179.99, 0.0, 100.0, 0), waypoint(-179.99, 0.0, 100.0, 100)];
        let area = |west, east| Bbox { west, south: -1.0, east, north: 1.0, heights_m: None };
        assert!(is_met(&line, Some(&area(179.995, 180.0)), None));
        assert!(is_met(&line, Some(&area(-180.0, -179.995)), None));
        assert!(is_met(&line, Some(&area(179.999, -179.999)), None));
        assert!(!is_met(&line, Some(&area(-179.0, 179.0)), None));
        let early = Interval::new(Instant::from_seconds(0), Instant::from_seconds(40));
        assert!(!is_met(&line, Some(&area(-180.0, -179.995)), Some(early)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// Held against dense sampling: a sample within means met; met means a sample within the box a little wider.
        #[test]
        fn a_flight_is_met_if_it_is_in_the_box_at_some_time_of_the_interval(
            places in prop::collection::vec((-1.0..1.0_f64, -1.0..1.0_f64, 0.0..100.0_f64, 0..50_i64), 2..6),
            (west, south, width, height) in (-1.2..1.0_f64, -1.2..1.0_f64, 0.0..1.0_f64, 0.0..1.0_f64),
            (low, tall) in (-20.0..100.0_f64, 0.0..60.0_f64), (start, lasts) in (-50..200_i64, 0..100_i64),
            (in_3d, timed) in (any::<bool>(), any::<bool>()),
        ) {
            let mut clock = 0;
            let line: Vec<Waypoint> = places.iter().map(|&(lon, lat, height_m, after_s)| {
                clock += after_s;
                waypoint(lon, lat, height_m, clock)
            }).collect();
            let area = Bbox {
                west, south, east: west + width, north: south + height, heights_m: in_3d.then_some((low, low + tall)),
            };
            let during = timed.then(|| Interval::new(Instant::from_seconds(start), Instant::from_seconds(start + lasts)));
            let met = is_met(&line, Some(&area), during);
            let is_sampled = |slack: f64| line.windows(2).any(|leg| (0..=2000).any(|step| {
                let share = f64::from(step) / 2000.0;
                let at = |a: f64, b: f64| a + share * (b - a);
                let (lon, lat) = (at(leg[0].place.lon(), leg[1].place.lon()), at(leg[0].place.lat(), leg[1].place.lat()));
                let height_m = at(leg[0].altitude.metres(), leg[1].altitude.metres());
                let time = at(leg[0].time.millis() as f64, leg[1].time.millis() as f64);
                let within = |value: f64, low: f64, high: f64, unit: f64| low - slack * unit <= value && value <= high + slack * unit;
                within(lon, area.west, area.east, 1.0) && within(lat, area.south, area.north, 1.0)
                    && area.heights_m.is_none_or(|(low, high)| within(height_m, low, high, 50.0))
                    && during.is_none_or(|during| within(time, during.start.millis() as f64, during.end.millis() as f64, 25_000.0))
            }));
            prop_assert!(met || !is_sampled(0.0));
            // Two samples are no farther apart than 2 degrees, 100 m and 50 s over 2,000.
            prop_assert!(!met || is_sampled(0.0021));
        }
    }
}
