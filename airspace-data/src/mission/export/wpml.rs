//! DJI's WPML: a KMZ with a template and the wayline made from it.
//!
//! The aircraft takes off by itself, rises to the first waypoint and lands below the last one: what lies in the columns
//! is not written. `waypointSpeed` is for the way from its waypoint to the next.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use tianlu_engine::flight::{Plan, Waypoint};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::super::xml::escaped;
use super::legs::{COLUMN_M, Leg, legs};
use super::{decimals, degrees, metres};
use crate::geoid::undulation_m;

/// What DJI allows for a take-off height, metres.
const LEAST_RISE_M: f64 = 2.0;
const MOST_RISE_M: f64 = 1500.0;
/// Where a leg has no speed over the ground, m/s.
const SLOW_M_S: f64 = 1.0;

pub(super) fn write(plan: &Plan) -> Vec<u8> {
    let Some(home) = plan.trajectory.first() else { return Vec::new() };
    let legs = flown(plan);
    let (template, waylines) = (document(plan, home, &legs, true), document(plan, home, &legs, false));
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // The same plan gives the same bytes: no time of writing.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, text) in [("wpmz/template.kml", template), ("wpmz/waylines.wpml", waylines)] {
        let written = archive.start_file(name, options).map(|()| archive.write_all(text.as_bytes()));
        if !matches!(written, Ok(Ok(()))) {
            // Writing to memory does not fail.
            return Vec::new();
        }
    }
    archive.finish().map(Cursor::into_inner).unwrap_or_default()
}

/// The legs to waypoints: without the landing in its column. The first one ends the climb-out.
fn flown(plan: &Plan) -> Vec<Leg> {
    let mut legs = legs(plan);
    let lands = legs.len() > 1 && legs.last().is_some_and(|last| last.up_m < 0.0 && last.level_m <= COLUMN_M);
    if lands {
        legs.pop();
    }
    legs
}

fn document(plan: &Plan, home: &Waypoint, legs: &[Leg], is_template: bool) -> String {
    let above = |waypoint: &Waypoint| waypoint.altitude.metres() - home.altitude.metres();
    let speed =
        |leg: &Leg| if leg.speed_m_s() > 0.0 { leg.speed_m_s() } else { leg.climb_m_s().abs().max(SLOW_M_S) };
    let greatest = legs.iter().map(speed).fold(SLOW_M_S, f64::max);
    let rise = legs.first().map_or(LEAST_RISE_M, |leg| above(&leg.to)).clamp(LEAST_RISE_M, MOST_RISE_M);
    let undulation = undulation_m(home.place);
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <kml xmlns=\"http://www.opengis.net/kml/2.2\" xmlns:wpml=\"http://www.dji.com/wpmz/1.0.2\">\n<Document>\n"
        .to_owned();
    if is_template {
        let made = home.time.millis();
        let _ = writeln!(text, "<wpml:author>Tianlu</wpml:author>");
        let _ = writeln!(
            text,
            "<wpml:createTime>{made}</wpml:createTime><wpml:updateTime>{made}</wpml:updateTime>"
        );
    }
    let _ = writeln!(
        text,
        "<wpml:missionConfig>\n<wpml:flyToWaylineMode>safely</wpml:flyToWaylineMode>\n\
         <wpml:finishAction>autoLand</wpml:finishAction>\n\
         <wpml:exitOnRCLost>executeLostAction</wpml:exitOnRCLost>\n\
         <wpml:executeRCLostAction>goBack</wpml:executeRCLostAction>\n\
         <wpml:takeOffSecurityHeight>{rise}</wpml:takeOffSecurityHeight>",
        rise = metres(rise)
    );
    if is_template {
        let (lat, lon) = (degrees(home.place.lat()), degrees(home.place.lon()));
        let height = metres(home.altitude.to_ellipsoidal(undulation).metres());
        let _ = writeln!(text, "<wpml:takeOffRefPoint>{lat},{lon},{height}</wpml:takeOffRefPoint>");
        let _ = writeln!(text, "<wpml:takeOffRefPointAGLHeight>0</wpml:takeOffRefPointAGLHeight>");
    }
    let _ = writeln!(
        text,
        "<wpml:globalTransitionalSpeed>{}</wpml:globalTransitionalSpeed>\n\
         <wpml:globalRTHHeight>{}</wpml:globalRTHHeight>\n\
         <wpml:droneInfo><wpml:droneEnumValue>67</wpml:droneEnumValue><wpml:droneSubEnumValue>0</wpml:droneSubEnumValue></wpml:droneInfo>\n\
         <wpml:payloadInfo><wpml:payloadEnumValue>52</wpml:payloadEnumValue><wpml:payloadPositionIndex>0</wpml:payloadPositionIndex></wpml:payloadInfo>\n\
         </wpml:missionConfig>\n<Folder>\n<name>{}</name>",
        decimals(legs.first().map_or(SLOW_M_S, speed), 3),
        metres(rise),
        escaped(&plan.request)
    );
    if is_template {
        text += "<wpml:templateType>waypoint</wpml:templateType>\n<wpml:templateId>0</wpml:templateId>\n\
            <wpml:waylineCoordinateSysParam><wpml:coordinateMode>WGS84</wpml:coordinateMode>\
            <wpml:heightMode>relativeToStartPoint</wpml:heightMode></wpml:waylineCoordinateSysParam>\n";
    } else {
        text += "<wpml:templateId>0</wpml:templateId>\n<wpml:waylineId>0</wpml:waylineId>\n\
            <wpml:executeHeightMode>relativeToStartPoint</wpml:executeHeightMode>\n";
    }
    let _ = writeln!(text, "<wpml:autoFlightSpeed>{}</wpml:autoFlightSpeed>", decimals(greatest, 3));
    if is_template {
        text += "<wpml:gimbalPitchMode>manual</wpml:gimbalPitchMode>\n\
            <wpml:globalWaypointHeadingParam><wpml:waypointHeadingMode>followWayline</wpml:waypointHeadingMode></wpml:globalWaypointHeadingParam>\n\
            <wpml:globalWaypointTurnMode>toPointAndStopWithDiscontinuityCurvature</wpml:globalWaypointTurnMode>\n\
            <wpml:globalUseStraightLine>1</wpml:globalUseStraightLine>\n";
    }
    for (index, leg) in legs.iter().enumerate() {
        let onward = legs.get(index + 1).map_or(greatest, speed);
        placemark(
            &mut text,
            index,
            leg,
            above(&leg.to),
            onward,
            undulation + home.altitude.metres(),
            is_template,
        );
    }
    text + "</Folder>\n</Document>\n</kml>\n"
}

fn placemark(
    text: &mut String,
    index: usize,
    leg: &Leg,
    above_m: f64,
    onward_m_s: f64,
    home_ellipsoidal_m: f64,
    is_template: bool,
) {
    let (lon, lat, height) = (degrees(leg.to.place.lon()), degrees(leg.to.place.lat()), metres(above_m));
    let _ = writeln!(
        text,
        "<Placemark>\n<Point><coordinates>{lon},{lat}</coordinates></Point>\n<wpml:index>{index}</wpml:index>"
    );
    if is_template {
        let _ = writeln!(
            text,
            "<wpml:ellipsoidHeight>{}</wpml:ellipsoidHeight>\n<wpml:height>{height}</wpml:height>\n\
             <wpml:useGlobalHeight>0</wpml:useGlobalHeight>\n<wpml:useGlobalSpeed>0</wpml:useGlobalSpeed>",
            metres(home_ellipsoidal_m + above_m)
        );
    } else {
        let _ = writeln!(text, "<wpml:executeHeight>{height}</wpml:executeHeight>");
    }
    let _ = writeln!(text, "<wpml:waypointSpeed>{}</wpml:waypointSpeed>", decimals(onward_m_s, 3));
    if is_template {
        text.push_str(
            "<wpml:useGlobalHeadingParam>1</wpml:useGlobalHeadingParam>\n\
             <wpml:useGlobalTurnParam>1</wpml:useGlobalTurnParam>\n",
        );
    } else {
        text.push_str(
            "<wpml:waypointHeadingParam><wpml:waypointHeadingMode>followWayline</wpml:waypointHeadingMode></wpml:waypointHeadingParam>\n\
             <wpml:waypointTurnParam><wpml:waypointTurnMode>toPointAndStopWithDiscontinuityCurvature</wpml:waypointTurnMode>\
             <wpml:waypointTurnDampingDist>0</wpml:waypointTurnDampingDist></wpml:waypointTurnParam>\n\
             <wpml:useStraightLine>1</wpml:useStraightLine>\n",
        );
    }
    if leg.hold_s > 0.0 {
        let _ = writeln!(
            text,
            "<wpml:actionGroup><wpml:actionGroupId>{index}</wpml:actionGroupId>\
             <wpml:actionGroupStartIndex>{index}</wpml:actionGroupStartIndex>\
             <wpml:actionGroupEndIndex>{index}</wpml:actionGroupEndIndex>\
             <wpml:actionGroupMode>sequence</wpml:actionGroupMode>\
             <wpml:actionTrigger><wpml:actionTriggerType>reachPoint</wpml:actionTriggerType></wpml:actionTrigger>\
             <wpml:action><wpml:actionId>0</wpml:actionId><wpml:actionActuatorFunc>hover</wpml:actionActuatorFunc>\
             <wpml:actionActuatorFuncParam><wpml:hoverTime>{}</wpml:hoverTime></wpml:actionActuatorFuncParam>\
             </wpml:action></wpml:actionGroup>",
            decimals(leg.hold_s, 3)
        );
    }
    text.push_str("</Placemark>\n");
}
