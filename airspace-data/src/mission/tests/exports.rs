//! What is written is what a reader of the format gets back; and it is built like the samples.

use std::collections::BTreeSet;

use proptest::prelude::*;
use tianlu_engine::flight::{Plan, Waypoint};

use super::super::xml::{self, Element};
use super::*;

/// Up, along legs with waits, and down, at the speeds of the test's aircraft; over ground at a height.
fn plan_of(ground_m: f64, legs: &[(f64, f64, f64, f64, f64)]) -> Plan {
    let frame = Frame::new(place(120.8, 30.7));
    let mut at = frame.to_plane(place(120.8, 30.7));
    let (mut t, mut z) = (20.0, 60.0);
    let waypoint = |at, z: f64, t: f64| Waypoint {
        place: frame.to_place(at),
        altitude: Amsl::new(ground_m + z).unwrap(),
        time: START.plus_millis((t * 1000.0_f64).round() as i64),
    };
    let mut trajectory = vec![waypoint(at, 0.0, 0.0), waypoint(at, z, t)];
    for &(east, north, up, speed, hold_s) in legs {
        at.x += east;
        at.y += north;
        z += up;
        t += east.hypot(north) / speed;
        trajectory.push(waypoint(at, z, t));
        if hold_s > 0.0 {
            t += hold_s;
            trajectory.push(waypoint(at, z, t));
        }
    }
    t += z / 2.5;
    trajectory.push(waypoint(at, 0.0, t));
    Plan {
        request: "F<1> & \"co\"".into(),
        trajectory,
        length_m: 1.0,
        duration_s: t,
        delay_s: 0.0,
        energy_wh: 1.0,
        lower_bound_s: 0.0,
        gap: 0.0,
        advisories: vec![],
    }
}

fn legs() -> impl Strategy<Value = Vec<(f64, f64, f64, f64, f64)>> {
    let leg = (50.0..1_300.0, -1_300.0..1_300.0, -2.0..2.0, 5.0..15.0, prop_oneof![Just(0.0), 1.0..60.0]);
    prop::collection::vec(leg, 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Formats of lines keep places, heights and times; those of autopilots places and heights, and the times as far as
    /// speeds to a millimetre a second do.
    #[test]
    fn read_again(legs in legs(), ground in -10_i16..900) {
        let ground_m = f64::from(ground);
        let plan = plan_of(ground_m, &legs);
        let heights = vec![f32::from(ground); 4];
        let ground = Ground::Raster(tianlu_engine::surface::Raster::new((120.0, 31.5), (1.5, 1.5), 2, heights).unwrap());
        let world = world(ground);
        for format in [ExportFormat::GeoJson, ExportFormat::Qgc, ExportFormat::Wpl, ExportFormat::Wpml] {
            let mission = read(write_export(format, &plan));
            let departure = (format != ExportFormat::GeoJson).then_some(START);
            let timed = mission.timed("test", &world, &quad(), 15.0, departure).unwrap();
            let mut found = timed.waypoints;
            found.dedup_by(|a, b| a.time == b.time && a.place == b.place);
            prop_assert_eq!(found.len(), plan.trajectory.len(), "{:?}: {:#?}", format, found);
            let late = if format == ExportFormat::GeoJson { 0.0 } else { 0.2 };
            for (found, expected) in found.iter().zip(&plan.trajectory) {
                let off = |a: f64, b: f64| (a - b).abs();
                prop_assert!(off(found.place.lon(), expected.place.lon()) < 2e-9, "{format:?}");
                prop_assert!(off(found.place.lat(), expected.place.lat()) < 2e-9, "{format:?}");
                let (z, expected_z) = (found.altitude.metres(), expected.altitude.metres());
                prop_assert!(off(z, expected_z) < 2e-3, "{format:?}: {z}, not {expected_z}");
                let t = found.time.seconds_since(expected.time);
                prop_assert!(t.abs() <= late, "{format:?}: {t} s");
            }
        }
    }
}

/// The names of the elements in an element, each with those around it.
fn names(element: &Element, above: &str, all: &mut BTreeSet<String>) {
    let path = format!("{above}/{}", element.name);
    element.children.iter().for_each(|child| names(child, &path, all));
    all.insert(path);
}

fn names_of(text: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    names(&xml::parse(text).unwrap(), "", &mut all);
    all
}

fn written(format: ExportFormat) -> Vec<u8> {
    write_export(format, &plan_of(4.0, &[(1_000.0, 0.0, 0.0, 12.0, 0.0), (0.0, 900.0, 10.0, 10.0, 5.0)]))
}

fn unpacked(kmz: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(kmz)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
    text
}

#[test]
fn xml_is_built_like_the_samples() {
    let text = |format| String::from_utf8(written(format)).unwrap();
    let samples = [
        (
            text(ExportFormat::Kml),
            include_str!("../../../tests/data/missions/jiaxing_demo_gxtrack.kml").to_owned(),
        ),
        (text(ExportFormat::Gpx), include_str!("../../../tests/data/missions/jiaxing_demo.gpx").to_owned()),
        (unpacked(&written(ExportFormat::Wpml), "wpmz/waylines.wpml"), unpacked(KMZ, "wpmz/waylines.wpml")),
        (unpacked(&written(ExportFormat::Wpml), "wpmz/template.kml"), unpacked(KMZ, "wpmz/template.kml")),
    ];
    for (ours, sample) in samples {
        let (ours, sample) = (names_of(&ours), names_of(&sample));
        let missing: Vec<_> = sample.difference(&ours).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}

/// The members of objects, each with those around it; numbers of lists left out.
fn members(json: &Value, above: &str, all: &mut BTreeSet<String>) {
    match json {
        Value::Object(object) => object.iter().for_each(|(name, value)| {
            let path = format!("{above}.{name}");
            members(value, &path, all);
            all.insert(path);
        }),
        Value::Array(list) => list.iter().for_each(|value| members(value, above, all)),
        _ => {}
    }
}

#[test]
fn json_is_built_like_the_samples() {
    let members_of = |json: &Value| {
        let mut all = BTreeSet::new();
        members(json, "", &mut all);
        all
    };
    let mut qgc: Value = serde_json::from_slice(QGC).unwrap();
    // A fence is the sample's own.
    qgc["geoFence"] = serde_json::json!({"circles": [], "polygons": [], "version": 2});
    let mut czml: Value =
        serde_json::from_str(include_str!("../../../tests/data/missions/jiaxing_demo.czml")).unwrap();
    czml.as_array_mut().unwrap().truncate(2);
    for (format, sample) in [(ExportFormat::Qgc, qgc), (ExportFormat::Czml, czml)] {
        let ours: Value = serde_json::from_slice(&written(format)).unwrap();
        let (ours, sample) = (members_of(&ours), members_of(&sample));
        let missing: Vec<_> = sample.difference(&ours).collect();
        assert!(missing.is_empty(), "{format:?}: {missing:?}");
    }
}

#[test]
fn maps_and_globes_get_places_heights_and_times() {
    let plan = plan_of(4.0, &[(1_000.0, 0.0, 0.0, 12.0, 0.0)]);
    let kml = xml::parse(std::str::from_utf8(&write_export(ExportFormat::Kml, &plan)).unwrap()).unwrap();
    let placemark = kml.child("Document").unwrap().child("Placemark").unwrap();
    assert_eq!(placemark.text_of("name"), Some(plan.request.as_str()));
    let track = placemark.child("Track").unwrap();
    assert_eq!(track.text_of("altitudeMode"), Some("absolute"));
    let whens: Vec<&str> = track.all("when").map(|when| when.text.as_str()).collect();
    assert_eq!(whens[..2], ["2026-11-23T01:00:00.000Z", "2026-11-23T01:00:20.000Z"]);
    let coords: Vec<&str> = track.all("coord").map(|coord| coord.text.as_str()).collect();
    assert_eq!((coords[1], coords.len()), ("120.8 30.7 64", plan.trajectory.len()));

    let gpx = String::from_utf8(write_export(ExportFormat::Gpx, &plan)).unwrap();
    let second =
        r#"<trkpt lat="30.7" lon="120.8"><ele>64</ele><time>2026-11-23T01:00:20.000Z</time></trkpt>"#;
    assert!(gpx.contains(second), "{gpx}");

    let czml: Value = serde_json::from_slice(&write_export(ExportFormat::Czml, &plan)).unwrap();
    let samples = czml[1]["position"]["cartographicDegrees"].as_array().unwrap();
    assert_eq!(samples.len(), 4 * plan.trajectory.len());
    assert_eq!((samples[4].as_f64(), samples[5].as_f64()), (Some(20.0), Some(120.8)));
    let undulation = crate::geoid::undulation_m(place(120.8, 30.7));
    assert!((samples[7].as_f64().unwrap() - 64.0 - undulation).abs() < 0.1);
}

#[test]
fn names_and_edges() {
    for format in ExportFormat::ALL {
        assert_eq!(ExportFormat::parse(format.as_str()), Some(format));
        let empty = Plan { trajectory: vec![], ..plan_of(0.0, &[]) };
        assert!(write_export(format, &empty).is_empty());
        let alone = Plan { trajectory: plan_of(0.0, &[]).trajectory[..1].to_vec(), ..empty };
        assert!(!write_export(format, &alone).is_empty());
        assert_eq!(written(format), written(format));
    }
    assert_eq!(ExportFormat::parse("shp"), None);
}

/// A slope for what cannot hover: no column at either end.
#[test]
fn slopes_are_flown_as_slopes() {
    let mut plan = plan_of(0.0, &[(900.0, 0.0, 0.0, 15.0, 0.0), (600.0, 0.0, 0.0, 15.0, 0.0)]);
    plan.trajectory.remove(1);
    plan.trajectory.pop();
    plan.trajectory[2].altitude = Amsl::new(0.0).unwrap();
    let mut glider = quad();
    glider.can_hover = false;
    for format in [ExportFormat::Qgc, ExportFormat::Wpl, ExportFormat::Wpml] {
        let mission = read(write_export(format, &plan));
        let timed = mission.timed("test", &world(Ground::Flat), &glider, 15.0, Some(START)).unwrap();
        let mut places: Vec<(LonLat, f64)> =
            timed.waypoints.iter().map(|point| (point.place, point.altitude.metres())).collect();
        places.dedup();
        assert_eq!(places.len(), 3, "{format:?}: {places:?}");
        assert_eq!([places[0].1, places[1].1, places[2].1], [0.0, 60.0, 0.0]);
    }
}
