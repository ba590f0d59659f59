//! CZML, the scene of a Cesium globe. Heights count from the ellipsoid.

use serde_json::{Value, json};
use tianlu_engine::flight::Plan;

use crate::geoid::{Undulations, undulation_m};
use crate::plans::rfc3339;

/// Seconds of the way shown behind the aircraft.
const TRAIL_S: f64 = 600.0;

pub(super) fn write(plan: &Plan) -> String {
    let (Some(first), Some(last)) = (plan.trajectory.first(), plan.trajectory.last()) else {
        return String::new();
    };
    let span = format!("{}/{}", rfc3339(first.time), rfc3339(last.time));
    let rounded = |number: f64, power: f64| (number * power).round() / power + 0.0;
    let mut undulations = Undulations::default();
    let mut samples: Vec<Value> = Vec::new();
    for waypoint in &plan.trajectory {
        let undulation = undulations.at(waypoint.place).unwrap_or_else(|| undulation_m(waypoint.place));
        let height = waypoint.altitude.to_ellipsoidal(undulation).metres();
        samples.push(json!(rounded(waypoint.time.seconds_since(first.time), 1e3)));
        samples.push(json!(rounded(waypoint.place.lon(), 1e9)));
        samples.push(json!(rounded(waypoint.place.lat(), 1e9)));
        samples.push(json!(rounded(height, 1e3)));
    }
    let orange = json!([255, 160, 0, 255]);
    let packets = json!([
        {
            "id": "document", "name": plan.request, "version": "1.0",
            "clock": {"interval": span, "currentTime": rfc3339(first.time), "multiplier": 10,
                      "range": "LOOP_STOP", "step": "SYSTEM_CLOCK_MULTIPLIER"},
        },
        {
            "id": plan.request, "name": plan.request, "availability": span,
            "position": {"interpolationAlgorithm": "LINEAR", "interpolationDegree": 1,
                         "epoch": rfc3339(first.time), "cartographicDegrees": samples},
            "point": {"pixelSize": 8, "color": {"rgba": orange}},
            "path": {"width": 2, "leadTime": plan.duration_s.max(0.0), "trailTime": TRAIL_S,
                     "material": {"solidColor": {"color": {"rgba": orange}}}},
        },
    ]);
    format!("{packets:#}\n")
}
