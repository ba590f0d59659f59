//! The commands, on good and on bad files: what they say and how they end.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use serde_json::{Value, json};
use support::{airspace, folder, request, scenario, square, tianlu, write};

#[test]
fn plan_writes_a_plan_round_a_zone_and_ends_with_0() {
    let folder = folder();
    let file = scenario(folder.path(), &[square("WALL", "PROHIBITED", 120.75, 30.72)], &[request("F1")]);
    let ended = tianlu(["plan", "--scenario", file.to_str().unwrap(), "--request", "F1"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let plan: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(plan["status"], "PLANNED");
    // 9.58 km as the crow flies; the zone's corner lies 1 km beside.
    let length = plan["length_m"].as_f64().unwrap();
    assert!((9_590.0..10_500.0).contains(&length), "{length}");
}

#[test]
fn plan_ends_with_1_if_the_flight_is_refused() {
    let folder = folder();
    let file = scenario(folder.path(), &[square("HOME", "PROHIBITED", 120.70, 30.72)], &[request("F1")]);
    let ended = tianlu(["plan", "--scenario", file.to_str().unwrap(), "--request", "F1"]);
    assert_eq!(ended.code, 1);
    let plan: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(plan["reason"]["code"], "ORIGIN_IN_ZONE");
    assert_eq!(plan["reason"]["zones"], json!(["HOME"]));
    assert!(ended.err.contains("ORIGIN_IN_ZONE"), "{}", ended.err);
}

#[test]
fn plan_ends_with_2_if_there_is_no_such_request_or_scenario() {
    let folder = folder();
    let file = scenario(folder.path(), &[], &[request("F1")]);
    let ended = tianlu(["plan", "--scenario", file.to_str().unwrap(), "--request", "F9"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("found \"F9\"") && ended.err.contains("F1"), "{}", ended.err);
    let ended = tianlu(["plan", "--scenario", "no-such-file.json", "--request", "F1"]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(ended.err.contains("no-such-file.json"), "{}", ended.err);
}

#[test]
fn batch_plans_in_the_order_of_the_requests_the_same_on_any_number_of_threads() {
    let folder = folder();
    let zones =
        [square("WALL", "PROHIBITED", 120.75, 30.72), square("AWAY", "REQ_AUTHORIZATION", 120.9, 30.9)];
    let mut requests: Vec<Value> = (0..20).map(|n| request(&format!("F{n:02}"))).collect();
    requests[7]["origin"] = json!({"lon": 120.75, "lat": 30.72});
    let file = scenario(folder.path(), &zones, &requests);
    let plans = ["1", "2", "8"].map(|threads| {
        let to = folder.path().join(format!("plans-{threads}.json"));
        let args = ["batch", file.to_str().unwrap(), "-o", to.to_str().unwrap(), "--threads", threads];
        let ended = tianlu(args);
        assert_eq!((ended.code, ended.out.as_str()), (0, ""), "{}", ended.err);
        assert!(ended.err.contains("delayed by traffic: "), "{}", ended.err);
        assert!(ended.err.contains("19 planned, 1 rejected (ORIGIN_IN_ZONE 1)"), "{}", ended.err);
        std::fs::read_to_string(to).unwrap()
    });
    assert_eq!(plans[0], plans[1]);
    assert_eq!(plans[0], plans[2]);
    let document: Value = serde_json::from_str(&plans[0]).unwrap();
    let names: Vec<&str> =
        document["plans"].as_array().unwrap().iter().map(|plan| plan["request"].as_str().unwrap()).collect();
    let expected: Vec<String> = (0..20).map(|n| format!("F{n:02}")).collect();
    assert_eq!(names, expected);
    // All leave one place for another, so each but the first waits for those before it; the first flies a little higher
    // than alone, to leave the lowest height to those who take off and land below it.
    let delays: Vec<f64> =
        document["plans"].as_array().unwrap().iter().filter_map(|plan| plan["delay_s"].as_f64()).collect();
    assert!(delays[0] < 1.0 && delays.windows(2).all(|pair| pair[0] < pair[1]), "{delays:?}");
}

#[test]
fn check_finds_nothing_in_good_plans_and_names_the_promise_that_a_bad_one_breaks() {
    let folder = folder();
    let file = scenario(folder.path(), &[square("WALL", "PROHIBITED", 120.75, 30.72)], &[request("F1")]);
    let file = file.to_str().unwrap();
    let plans = folder.path().join("plans.json");
    assert_eq!(tianlu(["batch", file, "-o", plans.to_str().unwrap()]).code, 0);
    let ended = tianlu(["check", file, plans.to_str().unwrap()]);
    assert_eq!((ended.code, ended.out.as_str()), (0, ""), "{}", ended.err);
    assert!(ended.err.contains("separation between flights (5)"), "{}", ended.err);

    // Straight through the zone: first and last points of cruise alone.
    let mut document: Value = serde_json::from_str(&std::fs::read_to_string(&plans).unwrap()).unwrap();
    document["plans"][0]["trajectory"] = json!([
        {"lon": 120.70, "lat": 30.72, "alt_m": 0.0, "time": "2026-11-23T01:00:00.000Z"},
        {"lon": 120.70, "lat": 30.72, "alt_m": 60.0, "time": "2026-11-23T01:00:20.000Z"},
        {"lon": 120.72, "lat": 30.72, "alt_m": 60.0, "time": "2026-11-23T01:02:30.000Z"},
        {"lon": 120.74, "lat": 30.72, "alt_m": 60.0, "time": "2026-11-23T01:04:40.000Z"},
        {"lon": 120.76, "lat": 30.72, "alt_m": 60.0, "time": "2026-11-23T01:06:50.000Z"},
        {"lon": 120.78, "lat": 30.72, "alt_m": 60.0, "time": "2026-11-23T01:09:00.000Z"},
        {"lon": 120.80, "lat": 30.72, "alt_m": 60.0, "time": "2026-11-23T01:11:10.000Z"},
        {"lon": 120.80, "lat": 30.72, "alt_m": 0.0, "time": "2026-11-23T01:11:40.000Z"}
    ]);
    let bad = write(folder.path(), "bad.json", document.to_string());
    let ended = tianlu(["check", file, bad.to_str().unwrap()]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("F1: promise 3") && ended.out.contains("WALL"), "{}", ended.out);
}

#[test]
fn check_names_both_flights_of_a_pair_that_comes_too_close() {
    let folder = folder();
    let mut requests = [request("F1"), request("F2"), request("F3")];
    requests[2]["origin"]["lat"] = json!(30.70);
    requests[2]["destination"]["lat"] = json!(30.70);
    let file = scenario(folder.path(), &[], &requests);
    let file = file.to_str().unwrap();
    // Each planned alone in the sky: two of them fly the same way at the same time.
    let plans: Vec<Value> = ["F1", "F2", "F3"]
        .iter()
        .map(|id| serde_json::from_str(&tianlu(["plan", "--scenario", file, "--request", id]).out).unwrap())
        .collect();
    let document = json!({"scenario": "a test", "plans": plans});
    let plans = write(folder.path(), "plans.json", document.to_string());
    let ended = tianlu(["check", file, plans.to_str().unwrap()]);
    assert_eq!(ended.code, 1);
    let expected = "F1: promise 5: 0.00 m from flight F2 with 0.00 m between their heights, at the same time; \
                    needs 60 m or 20 m, at 2026-11-23T01:00:00.000Z, 120.7000000 30.7200000\n";
    assert_eq!(ended.out, expected);
    assert!(ended.err.contains("3 plans, 3 planned: 1 broken promises"), "{}", ended.err);
}

#[test]
fn check_misses_no_request_and_takes_no_stranger() {
    let folder = folder();
    let file = scenario(folder.path(), &[], &[request("F1")]);
    let stranger = json!({"scenario": "a test", "plans": [{
        "request": "F9", "status": "REJECTED",
        "reason": {"code": "NO_ROUTE", "text": "no way", "zones": [], "flights": []}
    }]});
    let plans = write(folder.path(), "plans.json", stranger.to_string());
    let ended = tianlu(["check", file.to_str().unwrap(), plans.to_str().unwrap()]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("F9: promise 0: the scenario has no such request"), "{}", ended.out);
    assert!(ended.out.contains("F1: promise 0: no plan for this request"), "{}", ended.out);
    assert!(!ended.out.contains("plans for the scenario"), "{}", ended.out);

    let other = json!({"scenario": "another", "plans": []});
    let plans = write(folder.path(), "other.json", other.to_string());
    let ended = tianlu(["check", file.to_str().unwrap(), plans.to_str().unwrap()]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("plans for the scenario \"another\""), "{}", ended.out);
}

#[test]
fn zones_prints_a_row_for_each_zone_and_counts_them() {
    let folder = folder();
    let mut closed = square("CLOSED", "PROHIBITED", 120.75, 30.72);
    closed["properties"]["limitedApplicability"] =
        json!([{"startDateTime": "2026-11-23T00:00:00Z", "endDateTime": "2026-11-24T00:00:00Z"}]);
    let file = airspace(&[closed, square("ASK", "REQ_AUTHORIZATION", 120.9, 30.7)]);
    let path = write(folder.path(), "zones.json", file.to_string());
    let ended = tianlu(["zones", path.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    for text in ["CLOSED", "0 m AGL to 300 m AGL", "2026-11-23 00:00Z to 2026-11-24 00:00Z", "4 corners"] {
        assert!(ended.out.contains(text), "{text}: {}", ended.out);
    }
    assert!(
        ended.out.contains("ED-318: 2 zones (PROHIBITED 1, REQ_AUTHORIZATION 1), 0 warnings"),
        "{}",
        ended.out
    );

    let ended = tianlu(["zones", "--json", path.to_str().unwrap()]);
    let document: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(document[0]["zones"][1]["identifier"], "ASK");
    // 2.009 km by 1.996 km.
    let size = document[0]["zones"][1]["square_km"].as_f64().unwrap();
    assert!((size - 4.01).abs() < 0.03, "{size}");
}

#[test]
fn zones_tries_every_file_and_says_what_is_wrong_where() {
    let folder = folder();
    let mut odd = square("ODD", "SOMETIMES", 120.75, 30.72);
    odd["geometry"]["coordinates"][0][1] = json!([500.0, 30.0]);
    let bad = write(
        folder.path(),
        "bad.json",
        airspace(&[square("A", "PROHIBITED", 120.7, 30.7), odd]).to_string(),
    );
    let cut = write(
        folder.path(),
        "cut.json",
        &airspace(&[square("A", "PROHIBITED", 120.7, 30.7)]).to_string()[..200],
    );
    let good =
        write(folder.path(), "good.json", airspace(&[square("A", "PROHIBITED", 120.7, 30.7)]).to_string());
    let ended = tianlu(["zones".into(), bad.into_os_string(), cut.into_os_string(), good.into_os_string()]);
    assert_eq!(ended.code, 2);
    assert!(ended.out.contains("1 zone (PROHIBITED 1)"), "{}", ended.out);
    for text in ["bad.json", "feature 1", "ODD", "SOMETIMES", "500", "cut.json", "2 of 3 files refused"] {
        assert!(ended.err.contains(text), "{text}: {}", ended.err);
    }
}

#[test]
fn a_self_crossing_ring_is_refused_and_with_lenient_kept() {
    let folder = folder();
    let mut bow = square("BOW", "PROHIBITED", 120.75, 30.72);
    bow["geometry"]["coordinates"] =
        json!([[[120.7, 30.7], [120.8, 30.8], [120.8, 30.7], [120.7, 30.8], [120.7, 30.7]]]);
    let path = write(folder.path(), "bow.json", airspace(&[bow]).to_string());
    let path = path.to_str().unwrap();
    let ended = tianlu(["zones", path]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("BOW"), "{}", ended.err);
    let ended = tianlu(["zones", "--lenient", path]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.out.contains("1 zone") && ended.out.contains("warning: feature 0 (BOW)"), "{}", ended.out);
}

#[test]
fn convert_chooses_the_format_by_the_name_and_gives_the_same_zones() {
    let folder = folder();
    let zones = airspace(&[square("ASK", "REQ_AUTHORIZATION", 120.9, 30.7)]);
    let from = write(folder.path(), "zones.json", zones.to_string());
    for (name, format) in [("a.ed269.json", "ED-269"), ("a.geojson", "GeoJSON"), ("a.json", "ED-318")] {
        let to = folder.path().join(name);
        let ended = tianlu(["convert", from.to_str().unwrap(), to.to_str().unwrap()]);
        assert_eq!((ended.code, ended.out.as_str()), (0, ""), "{}", ended.err);
        let ended = tianlu(["zones", to.to_str().unwrap()]);
        assert!(ended.out.contains(&format!("{format}: 1 zone (REQ_AUTHORIZATION 1)")), "{}", ended.out);
        assert!(ended.out.contains("0 m AGL to 300 m AGL"), "{}", ended.out);
    }
    let ended = tianlu(["convert", from.to_str().unwrap(), "-", "--to", "ed269"]);
    assert!(ended.out.contains("REQ_AUTHORISATION"), "{}", ended.out);
}

#[test]
fn a_file_drawn_on_a_chinese_web_map_moves_half_a_kilometre() {
    let folder = folder();
    let from =
        write(folder.path(), "zones.json", airspace(&[square("A", "PROHIBITED", 120.75, 30.72)]).to_string());
    let to = folder.path().join("wgs84.json");
    let ended = tianlu(["convert", from.to_str().unwrap(), to.to_str().unwrap(), "--crs", "gcj02"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let zones: Value = serde_json::from_str(&std::fs::read_to_string(to).unwrap()).unwrap();
    let corner = |zones: &Value| {
        let corner = &zones["features"][0]["geometry"]["coordinates"][0][0];
        (corner[0].as_f64().unwrap(), corner[1].as_f64().unwrap())
    };
    let (lon, lat) = corner(&zones);
    let (dx, dy) = ((lon - 120.7395) * 95_700.0, (lat - 30.711) * 110_900.0);
    // GCJ-02 is off by 484 to 499 m in Jiaxing.
    assert!((480.0..503.0).contains(&dx.hypot(dy)), "{}", dx.hypot(dy));
}

#[test]
fn wrong_arguments_end_with_2() {
    for args in [&["fly"][..], &[], &["zones"], &["plan", "--scenario"], &["batch", "x", "--threads", "0"]] {
        assert_eq!(tianlu(args).code, 2, "{args:?}");
    }
    for args in [&["--version"][..], &["--help"], &["serve", "--help"]] {
        assert_eq!(tianlu(args).code, 0, "{args:?}");
    }
}

#[test]
fn serve_refuses_what_it_cannot_keep_safe() {
    let ended = tianlu(["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("no keys"), "{}", ended.err);
    let ended = tianlu(["serve", "--airspace", "no-such-file.json"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("no-such-file.json"), "{}", ended.err);
}

#[test]
fn an_option_comes_from_the_flag_else_the_environment_else_the_file() {
    let folder = folder();
    let file =
        write(folder.path(), "tianlu.toml", "airspace = [\"of-the-file.json\"]\nlisten = \"127.0.0.1:0\"\n");
    let run = |environment: &[(&str, &str)], flags: &[&str]| {
        let mut command = support::command();
        command.args(["serve", "--config", file.to_str().unwrap()]).args(flags);
        let output = command.envs(environment.iter().copied()).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(run(&[], &[]).contains("of-the-file.json"));
    let environment = [("TIANLU_AIRSPACE", "of-the-environment.json,b.json")];
    assert!(run(&environment, &[]).contains("of-the-environment.json"));
    assert!(run(&environment, &["--airspace", "of-the-flag.json"]).contains("of-the-flag.json"));
    assert!(run(&[("TIANLU_LENIENT", "perhaps")], &[]).contains("perhaps"));
    let ended = tianlu(["serve", "--config", "no-such-file.toml"]);
    assert!(ended.code == 2 && ended.err.contains("no-such-file.toml"), "{}", ended.err);
}
