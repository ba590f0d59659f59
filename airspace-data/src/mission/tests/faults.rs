//! What cannot be understood is refused, and the error says where.

use rstest::rstest;

use super::*;

#[rstest]
#[case::nothing("", "found an empty file")]
#[case::words("hello there", "found text that starts with \"hello there\"")]
#[case::xml("<kml/>", "found XML by itself")]
#[case::number("3", "found text that starts with \"3\"")]
#[case::list("[]", "found a list of 0, expected a mission")]
#[case::object("{\"a\": 1}", "found an object of a, expected a mission")]
#[case::other_version("QGC WPL 120\n", "found \"QGC WPL 120\", expected QGC WPL 110")]
#[case::polygon(
    r#"{"type": "Polygon", "coordinates": []}"#,
    "type: found \"Polygon\", expected LineString, Feature or FeatureCollection"
)]
#[case::refused(
    r#"{"request": "F1", "status": "REJECTED", "trajectory": null}"#,
    "trajectory: found null, expected a list"
)]
#[case::two_plans(r#"{"plans": [{}, {}]}"#, "plans: found a list of 2, expected one plan")]
fn whole_files(#[case] text: &str, #[case] expected: &str) {
    let found = error(text);
    assert!(found.contains(expected), "{found}");
}

#[rstest]
#[case::jump("3\t0\t3\t16", "3\t0\t3\t177", "item 3: command: found 177, expected a waypoint (16)")]
#[case::endless("3\t0\t3\t16", "3\t0\t3\t17", "item 3: command: found 17")]
#[case::frame("3\t0\t3\t16", "3\t0\t4\t16", "item 3: frame: found 4, expected 0 or 5 (above the sea)")]
#[case::columns("3\t0\t3\t16\t", "3\t0\t3\t", "line 5: found 11 columns, expected 12 columns")]
#[case::latitude("30.71000000", "93.1", "item 3: latitude: found 93.1, expected degrees")]
#[case::number("30.71000000", "north", "line 5: latitude: found \"north\", expected a number")]
#[case::endless_number("30.71000000", "inf", "line 5: latitude: found \"inf\", expected a number")]
#[case::height("120.83000000\t100.000", "120.83\tNaN", "item 3: altitude: found nothing, expected a height")]
#[case::hold("3\t16\t0.0", "3\t16\t-5.0", "item 3: param1: found -5, expected 0 to 86400 seconds")]
#[case::speed("1\t12\t-1", "1\t-7\t-1", "item 2: param2: found -7, expected a speed")]
#[case::kind_of_speed("178\t1", "178\t7", "item 2: param1: found 7, expected 0 (airspeed)")]
#[case::landing("5\t0\t3\t16", "5\t0\t3\t21", "item 5: found a landing on the way")]
#[case::take_off("5\t0\t3\t16", "5\t0\t3\t22", "item 5: found a take-off on the way")]
fn lines_of_wpl(#[case] from: &str, #[case] to: &str, #[case] expected: &str) {
    let text = String::from_utf8(WPL.to_vec()).unwrap();
    assert!(text.contains(from), "{from:?}");
    let found = error(text.replacen(from, to, 1));
    assert!(found.contains(expected), "{found}");
}

#[rstest]
#[case::command("/mission/items/2/command", serde_json::json!(82), "item 2: command: found 82")]
#[case::params("/mission/items/2/params", serde_json::json!([1]), "item 2: params: found a list of 1, expected a list of 7")]
#[case::param("/mission/items/2/params/4", serde_json::json!("north"), "item 2: params[4]: found \"north\"")]
#[case::kind("/mission/items/2/type", serde_json::json!("Odd"), "item 2: type: found \"Odd\"")]
#[case::home("/mission/plannedHomePosition", serde_json::json!([1]), "mission.plannedHomePosition: found a list of 1")]
#[case::items("/mission/items", serde_json::json!(3), "mission.items: found 3, expected a list")]
fn items_of_qgc(#[case] pointer: &str, #[case] value: Value, #[case] expected: &str) {
    let mut plan: Value = serde_json::from_slice(QGC).unwrap();
    *plan.pointer_mut(pointer).unwrap() = value;
    let found = error(plan.to_string());
    assert!(found.contains(expected), "{found}");
}

#[rstest]
#[case::reference(
    "\"AMSL\"",
    "\"QNH\"",
    "properties.altitude_reference: found \"QNH\", expected one of AMSL"
)]
#[case::flat("120.7, 30.72, 60]", "120.7, 30.72]", "item 1: geometry.coordinates[1]: found a list of 2")]
#[case::times(
    "\"2026-11-23T01:00:30Z\", ",
    "",
    "properties.times: found a list of 2, expected a time for each"
)]
#[case::time("01:00:30Z", "01:00:99Z", "properties.times[1]: found")]
#[case::back("01:03:00Z", "00:03:00Z", "item 2: time: found a time not after the one before")]
#[case::at_once("01:03:00Z", "01:00:30Z", "item 2: time: found a time not after the one before")]
fn members_of_lines(#[case] from: &str, #[case] to: &str, #[case] expected: &str) {
    assert!(LINE.contains(from));
    let found = error(LINE.replacen(from, to, 1));
    assert!(found.contains(expected), "{found}");
}

#[rstest]
#[case::mode("relativeToStartPoint", "relativeToMoon", "executeHeightMode: found \"relativeToMoon\"")]
#[case::height(
    "<wpml:executeHeight>100</",
    "<wpml:executeHeight>high</",
    "placemark 0: executeHeight: found \"high\""
)]
#[case::speed(
    "<wpml:waypointSpeed>12</",
    "<wpml:waypointSpeed>0</",
    "placemark 0: waypointSpeed: found \"0\""
)]
#[case::finish("goHome", "goFishing", "finishAction: found \"goFishing\"")]
#[case::place("120.83,30.71", "120.83", "placemark 1: Point.coordinates: found \"120.83\"")]
#[case::folders("</Folder>", "</Folder><Folder></Folder>", "Folder: found 2 of them, expected one wayline")]
#[case::entity("120.83,30.71", "&secret;", "waylines.wpml: found the entity &secret;")]
#[case::doctype("<kml ", "<!DOCTYPE kml [<!ENTITY a \"b\">]><kml ", "waylines.wpml: found a document type")]
#[case::unclosed("</Folder>", "", "waylines.wpml: found")]
fn parts_of_wpml(#[case] from: &str, #[case] to: &str, #[case] expected: &str) {
    let found = error(kmz_with(from, to));
    assert!(found.contains(expected), "{found}");
}

#[test]
fn archives_are_not_unpacked_without_bound() {
    let bomb = zipped(&[("wpmz/waylines.wpml", &vec![b' '; 17 << 20])]);
    assert!(bomb.len() < 100_000);
    assert!(error(bomb).contains("waylines.wpml: found more than 16 MiB unpacked"));
    let deep = "<a>".repeat(100);
    assert!(error(zipped(&[("wpmz/waylines.wpml", deep.as_bytes())])).contains("within each other"));
    let wide = format!("<a>{}</a>", "<b/>".repeat(500_001));
    assert!(error(zipped(&[("wpmz/waylines.wpml", wide.as_bytes())])).contains("more than 500000 elements"));
    assert!(error(zipped(&[("doc.kml", b"<kml/>")])).contains("found a KMZ without waylines"));
}

#[test]
fn missions_have_a_bounded_number_of_points() {
    let line = |number: usize| format!("{number}\t0\t3\t16\t0\t0\t0\t0\t30.7\t120.7\t50\t1\n");
    let many: String = (0..20_100).map(line).collect();
    assert!(error(format!("QGC WPL 110\n{many}")).contains("at most 20000"));
    let positions = vec!["[120.7,30.7,50]"; 20_100].join(",");
    assert!(
        error(format!(r#"{{"type":"LineString","coordinates":[{positions}]}}"#)).contains("at most 20000")
    );
}
