//! A GPX 1.1 track. `ele` counts from the sea.

use std::fmt::Write as _;

use tianlu_engine::flight::Plan;

use super::super::xml::escaped;
use super::{degrees, metres};
use crate::plans::rfc3339;

pub(super) fn write(plan: &Plan) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <gpx version=\"1.1\" creator=\"Tianlu\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n\
         <trk>\n<name>{}</name>\n<trkseg>\n",
        escaped(&plan.request)
    );
    for waypoint in &plan.trajectory {
        let (lon, lat) = (degrees(waypoint.place.lon()), degrees(waypoint.place.lat()));
        let (height, time) = (metres(waypoint.altitude.metres()), rfc3339(waypoint.time));
        let _ = writeln!(
            text,
            "<trkpt lat=\"{lat}\" lon=\"{lon}\"><ele>{height}</ele><time>{time}</time></trkpt>"
        );
    }
    text + "</trkseg>\n</trk>\n</gpx>\n"
}
