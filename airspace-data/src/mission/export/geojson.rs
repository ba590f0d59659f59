//! A GeoJSON feature (RFC 7946).

use serde_json::{Value, json};
use tianlu_engine::flight::Plan;

use crate::plans::rfc3339;

pub(super) fn write(plan: &Plan) -> String {
    let rounded = |number: f64, power: f64| (number * power).round() / power + 0.0;
    let positions: Vec<Value> = plan
        .trajectory
        .iter()
        .map(|waypoint| {
            let place = waypoint.place;
            json!([
                rounded(place.lon(), 1e9),
                rounded(place.lat(), 1e9),
                rounded(waypoint.altitude.metres(), 1e3)
            ])
        })
        .collect();
    let times: Vec<String> = plan.trajectory.iter().map(|waypoint| rfc3339(waypoint.time)).collect();
    let feature = json!({
        "type": "Feature",
        "id": plan.request,
        "geometry": {"type": "LineString", "coordinates": positions},
        "properties": {
            "name": plan.request,
            "altitude_reference": "AMSL",
            "times": times,
            "length_m": rounded(plan.length_m, 1e3),
            "duration_s": rounded(plan.duration_s, 1e3),
            "energy_wh": rounded(plan.energy_wh, 1e3),
        },
    });
    format!("{feature:#}\n")
}
