//! A plan as a mission: a plan file with one plan, or the answer to a request.

use serde_json::Value;
use tianlu_engine::flight::Waypoint;

use super::{Mission, MissionFormat, MissionHeight, MissionPoint, SpeedHints};
use crate::error::ReadError;
use crate::fields::{self, Faults, Path};
use crate::plans::waypoint;

pub(super) fn read(name: &str, json: &Value) -> Result<Mission, ReadError> {
    let mut faults = Faults::new(name);
    let mission = the_plan(json, &mut faults).and_then(|plan| mission(plan, &mut faults));
    faults.done(mission)
}

/// The one plan of a plan file, that of an answer, or the document itself.
fn the_plan<'v>(json: &'v Value, faults: &mut Faults) -> Option<&'v Value> {
    let Some(plans) = json.get("plans") else {
        return Some(json.get("plan").filter(|plan| plan.is_object()).unwrap_or(json));
    };
    let at = Path::Member(&Path::Root, "plans");
    match fields::list(plans, &at, faults)? {
        [plan] => Some(plan),
        others => {
            faults.add(&at, format!("a list of {}", others.len()), "one plan");
            None
        }
    }
}

fn mission(plan: &Value, faults: &mut Faults) -> Option<Mission> {
    let at = Path::Member(&Path::Root, "trajectory");
    let Some(trajectory) = plan.get("trajectory") else {
        let found = match plan.get("status").and_then(Value::as_str) {
            Some(status) => format!("a plan that is {status}"),
            None => "nothing".to_owned(),
        };
        faults.add(&at, found, "the trajectory of a plan that is PLANNED");
        return None;
    };
    let values = fields::list(trajectory, &at, faults)?;
    let mut points = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        faults.about("item", index, None);
        points.extend(
            waypoint(value, &Path::Element(&at, index), faults).map(|waypoint| point(index, &waypoint)),
        );
    }
    faults.about_all();
    let name = plan.get("request").and_then(Value::as_str).map(str::to_owned);
    (points.len() == values.len()).then_some(Mission {
        name,
        format: MissionFormat::Plan,
        home: None,
        points,
        speeds: SpeedHints::default(),
        warnings: Vec::new(),
    })
}

fn point(index: usize, waypoint: &Waypoint) -> MissionPoint {
    let point = MissionPoint::at(index, waypoint.place, MissionHeight::Amsl(waypoint.altitude));
    MissionPoint { time: Some(waypoint.time), ..point }
}
