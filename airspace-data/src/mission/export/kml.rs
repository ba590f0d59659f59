//! KML with a track in time (OGC KML 2.2 and Google's `gx:Track`). `absolute` heights count from the sea.

use std::fmt::Write as _;

use tianlu_engine::flight::Plan;

use super::super::xml::escaped;
use super::{degrees, metres};
use crate::plans::rfc3339;

pub(super) fn write(plan: &Plan) -> String {
    let name = escaped(&plan.request);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <kml xmlns=\"http://www.opengis.net/kml/2.2\" xmlns:gx=\"http://www.google.com/kml/ext/2.2\">\n<Document>\n\
         <name>{name}</name>\n<Placemark>\n<name>{name}</name>\n<gx:Track>\n<altitudeMode>absolute</altitudeMode>\n"
    );
    for waypoint in &plan.trajectory {
        let _ = writeln!(text, "<when>{}</when>", rfc3339(waypoint.time));
    }
    for waypoint in &plan.trajectory {
        let (lon, lat) = (degrees(waypoint.place.lon()), degrees(waypoint.place.lat()));
        let _ = writeln!(text, "<gx:coord>{lon} {lat} {}</gx:coord>", metres(waypoint.altitude.metres()));
    }
    text + "</gx:Track>\n</Placemark>\n</Document>\n</kml>\n"
}
