#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;

use proptest::prelude::*;
use serde_json::{Value, json};
use tianlu_engine::aircraft::EnergySource;
use tianlu_engine::airspace::{Layer, Limits, Mission, Restriction};
use tianlu_engine::flight::Objective;
use tianlu_engine::frame::Instant;
use tianlu_engine::weather::{Wind, WindLayer};
use tianlu_engine::world::Separation;

use super::*;

fn scenario() -> Value {
    json!({
        "name": "jiaxing-morning",
        "airspace": [],
        "separation": {"horizontal_m": 60.0, "vertical_m": 20.0, "time_s": 2.0},
        "wind": [
            {"above_agl_m": 50, "speed_m_s": 9.0, "from_deg": 381.6},
            {"above_agl_m": 0, "speed_m_s": 5.0, "from_deg": 180.0}
        ],
        "aircraft": {"quad": {
            "kind": "multirotor", "can_hover": true, "cruise_m_s": 15.0, "max_airspeed_m_s": 20.0, "climb_m_s": 3.0,
            "descent_m_s": 2.5, "min_turn_radius_m": 0.0, "clearance_m": 10.0, "vertical_clearance_m": 5.0,
            "energy": {"source": "battery", "capacity_wh": 1200.0, "reserve_fraction": 0.2, "hover_w": 1400.0,
                       "cruise_w": 1100.0, "climb_w": 1700.0, "descent_w": 1000.0}}},
        "requests": [
            {"id": "F0001", "aircraft": "quad", "mission": "LOGISTICS", "priority": 0,
             "origin": {"lon": 120.70, "lat": 30.72}, "destination": {"lon": 120.80, "lat": 30.70},
             "departure": {"earliest": "2026-11-23T01:00:00Z", "latest": "2026-11-23T09:30:00.5+08:00"},
             "cruise_agl_m": {"min": 60.0, "max": 120.0}, "authorizations": ["NANHU"]},
            {"id": "F0002", "aircraft": "zeppelin", "mission": "RESCUE", "priority": 3.0,
             "origin": {"lon": 120.75, "lat": 30.60}, "destination": {"lon": 120.76, "lat": 30.61},
             "departure": {"earliest": "2026-11-23T02:00:00Z", "latest": "2026-11-23T01:30:00Z"},
             "cruise_agl_m": {"min": 120.0, "max": 60.0}, "objective": "LEAST_ENERGY"}
        ],
        "expected": {"F0001": "PLANNED", "F0002": "BAD_REQUEST"}
    })
}

fn document(json: &Value) -> Result<Document, ReadError> {
    Document::read("s.json", json.to_string().as_bytes())
}

/// The scenario with one value replaced, or taken away.
fn with(pointer: &str, value: Option<Value>) -> Value {
    let mut json = scenario();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match (json.pointer_mut(parent).unwrap(), value) {
        (Value::Object(map), Some(value)) => drop(map.insert(name.to_owned(), value)),
        (Value::Object(map), None) => drop(map.remove(name).unwrap()),
        (Value::Array(list), Some(value)) => list[name.parse::<usize>().unwrap()] = value,
        _ => panic!("cannot replace {pointer}"),
    }
    json
}

#[test]
fn reads_every_member() {
    let read = document(&scenario()).unwrap();
    assert_eq!(read.name, "jiaxing-morning");
    assert_eq!(read.separation, Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 2.0, pad_s: 0.0 });
    assert_eq!(read.wind.layers()[1].above_agl_m, 50.0);
    let [first, second] = &read.requests[..] else { panic!("not two requests") };
    assert_eq!((first.mission, first.priority, second.priority), (Mission::Logistics, 0, 3));
    assert_eq!(first.departure.start, Instant::from_seconds(1_795_395_600));
    assert_eq!(first.departure.end.seconds_since(first.departure.start), 1800.5);
    assert_eq!((first.authorizations.len(), first.exemptions.len()), (1, 0));
    assert_eq!((first.objective, second.objective), (Objective::EarliestArrival, Objective::LeastEnergy));
    assert_eq!(read.fleet["quad"].energy.source, EnergySource::Battery { capacity_wh: 1200.0 });
    assert_eq!(read.expected["F0002"], "BAD_REQUEST");
    assert!(read.warnings.is_empty(), "{:?}", read.warnings);
}

#[test]
fn what_is_senseless_but_well_formed_is_left_to_the_planner() {
    let second = &document(&scenario()).unwrap().requests[1];
    assert!(second.departure.start > second.departure.end);
    assert!(second.cruise.min > second.cruise.max);
    assert_eq!(second.aircraft, "zeppelin");
}

#[test]
fn what_may_be_absent_may_be_null() {
    for member in ["wind", "terrain", "obstacles", "expected"] {
        assert!(document(&with(&format!("/{member}"), Some(Value::Null))).is_ok(), "{member}");
    }
    assert!(document(&with("/requests/0/authorizations", Some(Value::Null))).is_ok());
    assert!(document(&with("/requests/1/objective", Some(Value::Null))).is_ok());
    assert!(document(&with("/wind", None)).unwrap().wind.is_calm());
}

#[test]
fn faults_name_the_field_what_was_found_and_what_was_expected() {
    let cases = [
        ("/name", None, "s.json: name: found nothing, expected this member"),
        ("/aircraft", None, "aircraft: found nothing"),
        ("/airspace", Some(json!("zones.json")), "airspace: found \"zones.json\", expected a list"),
        ("/airspace", Some(json!([7])), "airspace[0]: found 7, expected a text"),
        (
            "/separation/time_s",
            Some(json!(-1)),
            "separation.time_s: found -1, expected a number 0 to 86400 seconds",
        ),
        ("/wind/1/speed_m_s", Some(json!("fast")), "wind[1].speed_m_s: found \"fast\", expected a number"),
        ("/wind", Some(json!(4)), "wind: found 4, expected an object"),
        ("/aircraft/quad", Some(json!([])), "aircraft.quad: found a list of 0, expected an object"),
        (
            "/aircraft/quad/can_hover",
            Some(json!("yes")),
            "aircraft.quad.can_hover: found \"yes\", expected true or",
        ),
        (
            "/aircraft/quad/cruise_m_s",
            Some(json!(0)),
            "aircraft.quad.cruise_m_s: found 0, expected a number above 0",
        ),
        ("/aircraft/quad/energy/source", Some(json!("coal")), "aircraft.quad.energy.source: found \"coal\""),
        (
            "/aircraft/quad/energy/source",
            Some(json!("fuel_cell")),
            "aircraft.quad.energy.g_per_wh: found nothing",
        ),
        (
            "/aircraft/quad/energy/reserve_fraction",
            Some(json!(20)),
            "reserve_fraction: found 20, expected a number 0",
        ),
        (
            "/requests/1/origin/lon",
            Some(json!(500)),
            "request 1 (F0002): requests[1].origin.lon: found 500, expected",
        ),
        (
            "/requests/1/origin",
            Some(json!([1, 2])),
            "requests[1].origin: found a list of 2, expected an object",
        ),
        ("/requests/1/id", Some(json!("F0001")), "requests[1].id: found \"F0001\", which request 0 has too"),
        ("/requests/0/id", Some(json!("")), "requests[0].id: found \"\", expected a text that is not empty"),
        (
            "/requests/0/mission",
            Some(json!("FUN")),
            "found \"FUN\", expected one of LOGISTICS, RESCUE, EMERGENCY",
        ),
        ("/requests/0/mission", None, "request 0 (F0001): requests[0].mission: found nothing"),
        (
            "/requests/0/priority",
            Some(json!(0.5)),
            "requests[0].priority: found 0.5, expected a whole number",
        ),
        ("/requests/0/priority", Some(json!(1e12)), "requests[0].priority: found 1000000000000.0"),
        (
            "/requests/0/departure/latest",
            Some(json!("noon")),
            "departure.latest: found \"noon\", expected an RFC 3339",
        ),
        ("/requests/0/departure/latest", Some(json!(1)), "departure.latest: found 1, expected an RFC 3339"),
        (
            "/requests/0/cruise_agl_m/min",
            Some(json!(true)),
            "cruise_agl_m.min: found true, expected a number",
        ),
        (
            "/requests/0/exemptions",
            Some(json!(["A", 5])),
            "requests[0].exemptions[1]: found 5, expected a text",
        ),
        (
            "/requests/0/objective",
            Some(json!("FUN")),
            "requests[0].objective: found \"FUN\", expected one of EARLIEST_ARRIVAL, LEAST_ENERGY",
        ),
        (
            "/expected/F0001",
            Some(json!("MAYBE")),
            "expected.F0001: found \"MAYBE\", expected one of PLANNED, BAD_",
        ),
    ];
    for (pointer, value, part) in cases {
        let error = document(&with(pointer, value)).unwrap_err().to_string();
        assert!(error.contains(part), "{pointer}: {error}\nwithout {part}");
    }
}

#[test]
fn all_faults_are_told_at_once_and_counted() {
    let mut json = scenario();
    json["requests"] = (0..30).map(|id| json!({"id": id.to_string()})).collect();
    let error = document(&json).unwrap_err();
    assert_eq!(error.faults.len(), ReadError::MOST);
    assert_eq!(error.faults.len() + error.more, 30 * 7);
    assert!(error.to_string().ends_with("s.json: and 190 more"));
}

#[test]
fn a_file_that_is_no_json_says_where() {
    for (bytes, part) in [
        (&b""[..], "found an empty file, expected JSON"),
        (b"{\"name\": NaN}", "line 1 column 10"),
        (b"{\"name\": 1e999}", "number out of range"),
        (b"\xff\xfe{\0", "expected JSON"),
        (b"[]", "found a list of 0, expected an object"),
    ] {
        let error = Document::read("s.json", bytes).unwrap_err().to_string();
        assert!(error.contains(part), "{error}\nwithout {part}");
    }
    let text = scenario().to_string();
    assert!(Document::read("s.json", &text.as_bytes()[..text.len() / 2]).is_err());
    assert!(Document::read("s.json", &[b"\xEF\xBB\xBF", text.as_bytes()].concat()).is_ok());
}

#[test]
fn unknown_members_are_told_once_each() {
    let mut json = scenario();
    json["obstacle"] = json!([]);
    for request in json["requests"].as_array_mut().unwrap() {
        request["authorisations"] = json!([]);
    }
    json["aircraft"]["quad"]["max_airspeed_m_s"] = json!(10);
    json["expected"]["F0009"] = json!("PLANNED");
    let warnings = document(&json).unwrap().warnings;
    let texts: Vec<_> = warnings.iter().map(Warning::to_string).collect();
    assert_eq!(texts.len(), 4, "{texts:?}");
    assert!(texts[0].starts_with("obstacle: "));
    assert!(texts[1].starts_with("requests[].authorisations: "));
    assert!(texts[2].starts_with("aircraft.quad: max_airspeed_m_s is below"));
    assert!(texts[3].ends_with("no request F0009"));
}

#[test]
fn times_as_rfc_3339_and_no_other() {
    let time = |text: &str| {
        let mut json = scenario()["requests"][0].clone();
        json["departure"] = json!({"earliest": text, "latest": text});
        read_request("r", &json)
            .map(|request| (request.departure.start.millis(), request.departure.end.millis()))
    };
    let second = 1_795_395_600_000;
    assert_eq!(time("2026-11-23T09:00:00+08:00").unwrap(), (second, second));
    assert_eq!(time("2026-11-22T19:30:00-05:30").unwrap(), (second, second));
    assert_eq!(time("2026-11-23t01:00:00z").unwrap(), (second, second));
    assert_eq!(time("2026-11-23T01:00:00.0004Z").unwrap(), (second + 1, second), "rounded inwards");
    assert_eq!(time("1969-12-31T23:59:59.9996Z").unwrap(), (0, -1));
    assert_eq!(time("2016-12-31T23:59:60Z").unwrap(), time("2016-12-31T23:59:59Z").unwrap());
    for bad in
        ["2026-11-23", "2026-11-23T01:00:00", "2026-11-23T01:00Z", "2026-02-30T01:00:00Z", "20261123T010000Z"]
    {
        assert!(time(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_scenario_with_its_obstacles_becomes_a_world() {
    let folder = tempfile::tempdir().unwrap();
    let mast = json!({"type": "FeatureCollection", "features": [{"type": "Feature", "id": "MAST",
        "geometry": {"type": "Point", "coordinates": [120.75, 30.72]},
        "properties": {"radius_m": 12.0, "height_m": 65.0}}]});
    fs::write(folder.path().join("masts.geojson"), mast.to_string()).unwrap();
    let mut json = scenario();
    json["obstacles"] = json!(["masts.geojson"]);
    let path = folder.path().join("scenario.json");
    fs::write(&path, json.to_string()).unwrap();
    let read = read_scenario(&path, &ReadOptions::default()).unwrap();
    assert_eq!(read.world.obstacles[0].identifier, "MAST");
    let centre = read.world.frame.centre();
    assert!((centre.lon() - 120.75).abs() < 1e-12 && (centre.lat() - 30.66).abs() < 1e-12, "{centre:?}");
    assert_eq!(read.requests.len(), 2);
}

#[test]
fn airspace_and_terrain_are_read_beside_the_scenario() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("files")).unwrap();
    let lake = "AC P\nAN LAKE\nAL GND\nAH 1000ft AGL\nV X=30:45:00 N 120:45:00 E\nDC 0.5\nAW 7\n";
    fs::write(folder.path().join("files/lake.txt"), lake).unwrap();
    fs::write(folder.path().join("files/N30E120.hgt"), [0, 10, 0, 20, 0, 30, 0, 40]).unwrap();
    let mut json = scenario();
    json["airspace"] = json!(["files/lake.txt"]);
    json["terrain"] = json!("files/N30E120.hgt");
    let path = folder.path().join("scenario.json");
    fs::write(&path, json.to_string()).unwrap();
    let read = read_scenario(&path, &ReadOptions::default()).unwrap();
    assert_eq!(read.world.airspace.zone("LAKE").unwrap().restriction, Restriction::Prohibited);
    assert_eq!(read.world.ground.height_m(LonLat::new(120.5, 30.5).unwrap()), Some(25.0));
    let [(file, warning)] = &read.warnings[..] else { panic!("{:?}", read.warnings) };
    assert!(file.ends_with("lake.txt") && warning.text.starts_with("AW: "), "{file}: {warning}");
    fs::write(folder.path().join("files/lake.txt"), lake.replace("DC", "DP")).unwrap();
    let error = read_scenario(&path, &ReadOptions::default()).unwrap_err().to_string();
    assert!(error.contains("lake.txt: line 6 (LAKE): DP: found \"0.5\""), "{error}");
}

#[test]
fn files_that_are_missing_or_broken_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scenario.json");
    let error = |json: &Value| {
        fs::write(&path, json.to_string()).unwrap();
        read_scenario(&path, &ReadOptions::default()).unwrap_err().to_string()
    };
    let mut json = scenario();
    json["airspace"] = json!(["zones.json"]);
    json["obstacles"] = json!(["."]);
    json["terrain"] = json!("dem.tif");
    let missing = error(&json);
    for part in [
        "scenario.json: airspace[0]: found ",
        "zones.json: No such file",
        "obstacles[0]: ",
        "a directory",
        "terrain: ",
    ] {
        assert!(missing.contains(part), "{missing}\nwithout {part}");
    }
    let mut json = scenario();
    json["obstacles"] = json!(["broken.geojson"]);
    fs::write(folder.path().join("broken.geojson"), "{}").unwrap();
    assert!(error(&json).contains("broken.geojson: type: found nothing"));
    let nowhere =
        read_scenario(&folder.path().join("none.json"), &ReadOptions::default()).unwrap_err().to_string();
    assert!(nowhere.contains("none.json: found No such file"), "{nowhere}");
}

#[test]
fn the_middle_of_the_world() {
    let place = |lon, lat| LonLat::new(lon, lat).unwrap();
    let zone = |centre| {
        let layer = Layer { outline: Outline::Circle { centre, radius_m: 5.0 }, limits: Limits::UNBOUNDED };
        Zone::new("A", Restriction::Prohibited, vec![layer])
    };
    assert_eq!(frame(&[], &[]).centre(), place(120.75, 30.72));
    assert_eq!(frame(&[], &[zone(place(10.0, 50.0)), zone(place(12.0, 51.0))]).centre(), place(11.0, 50.5));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Any value in place of any member is read or refused, and a scenario cut short is refused.
    #[test]
    fn never_panics(which in 0usize..70, value in 0usize..8, cut in 0usize..3000) {
        let values = [json!(null), json!(-1), json!(1e300), json!(""), json!([]), json!({}), json!([[]]), json!(true)];
        let mut json = scenario();
        replace(&mut json, &mut which.clone(), &values[value]);
        let _ = document(&json);
        let text = scenario().to_string();
        prop_assert!(Document::read("s", &text.as_bytes()[..cut.min(text.len() - 1)]).is_err());
    }
}

/// Puts a value where a walk through the document comes after `steps`.
fn replace(json: &mut Value, steps: &mut usize, value: &Value) {
    if *steps == 0 {
        *json = value.clone();
        *steps = usize::MAX;
        return;
    }
    *steps -= 1;
    let children: Vec<&mut Value> = match json {
        Value::Object(map) => map.values_mut().collect(),
        Value::Array(list) => list.iter_mut().collect(),
        _ => return,
    };
    for child in children {
        if *steps != usize::MAX {
            replace(child, steps, value);
        }
    }
}

proptest! {
    /// Also through text.
    #[test]
    fn wind_is_written_as_it_is_read(
        layers in prop::collection::vec(
            (prop::option::weighted(0.8, -1000.0..9000.0_f64), 0.0..200.0_f64, -360.0..720.0_f64), 0..5),
    ) {
        let layers = layers.into_iter().map(|(above_agl_m, speed_m_s, from_deg)| WindLayer {
            above_agl_m: above_agl_m.unwrap_or(f64::NEG_INFINITY), speed_m_s, from_deg,
        });
        let wind = Wind::new(layers.collect()).unwrap();
        let text = wind_to_json(&wind).to_string();
        prop_assert_eq!(read_wind("test", &serde_json::from_str(&text).unwrap()).unwrap(), wind);
    }
}
