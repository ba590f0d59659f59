#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use tianlu_engine::frame::{Instant, LonLat};

use super::*;

fn waypoint(lon: f64, lat: f64, altitude: f64, millis: i64) -> Waypoint {
    Waypoint {
        place: LonLat::new(lon, lat).unwrap(),
        altitude: Amsl::new(altitude).unwrap(),
        time: Instant::from_millis(millis),
    }
}

fn planned() -> Outcome {
    Outcome::Planned(Plan {
        request: "F0001".to_owned(),
        trajectory: vec![
            waypoint(120.7, 30.72, 0.0, 1_795_395_600_000),
            waypoint(120.123_456_789_4, -30.000_000_001_2, 60.000_4, 1_795_395_620_007),
        ],
        length_m: 9834.2,
        duration_s: 701.4004,
        delay_s: -0.0001,
        energy_wh: 214.9,
        lower_bound_s: 650.123_7,
        gap: 0.078_872_34,
        advisories: vec![Advisory {
            zone: "PORT-7".to_owned(),
            restriction: Restriction::Conditional,
            text: "say \"hello\"\n".to_owned(),
        }],
    })
}

fn rejected() -> Outcome {
    Outcome::Rejected(Refusal {
        request: "F0002".to_owned(),
        code: RefusalCode::OriginInZone,
        text: "在区内".to_owned(),
        zones: vec!["NFZ-3".to_owned()],
        flights: vec![],
    })
}

#[test]
fn writes_what_the_contract_says() {
    let text = write_plans("jiaxing \"morning\"", &[planned(), rejected()], &[]);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[1], r#""scenario": "jiaxing \"morning\"","#);
    assert!(lines[3].contains(
        r#"{"lon":120.123456789,"lat":-30.000000001,"alt_m":60.0,"time":"2026-11-23T01:00:20.007Z"}"#
    ));
    assert!(lines[3].contains(r#""length_m":9834.2,"duration_s":701.4,"delay_s":0.0,"energy_wh":214.9"#));
    assert!(lines[3].contains(r#""lower_bound_s":650.123,"gap":0.078872"#), "a bound is rounded down");
    assert!(
        lines[3]
            .contains(r#""advisories":[{"zone":"PORT-7","type":"CONDITIONAL","text":"say \"hello\"\n"}]"#)
    );
    assert!(
        lines[4]
            .contains(r#""reason":{"code":"ORIGIN_IN_ZONE","text":"在区内","zones":["NFZ-3"],"flights":[]}"#)
    );
    let noted: Value =
        serde_json::from_str(&write_plans("s", &[], &["flights ignore each other".to_owned()])).unwrap();
    assert_eq!(
        noted,
        serde_json::json!({"scenario": "s", "notes": ["flights ignore each other"], "plans": []})
    );
}

#[test]
fn a_batch_is_a_plan_file_with_its_figures() {
    let outcomes = vec![planned(), rejected()];
    let batch = Dispatched { statistics: Statistics::new(&outcomes), outcomes };
    let text = write_batch("s", &batch, &["wind: passed over".to_owned()]);
    let file: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        file["statistics"],
        serde_json::json!({
            "planned": 1, "rejected": {"ORIGIN_IN_ZONE": 1}, "flown_s": 701.4, "delay_s": 0.0, "delay_p95_s": 0.0,
            "delay_most_s": 0.0, "lower_bound_s": 650.123, "gap": 0.078872
        })
    );
    assert_eq!(file["notes"], serde_json::json!(["wind: passed over"]));
    let (scenario, read) = read_plans("p", text.as_bytes()).unwrap();
    let (_, without) = read_plans("p", write_plans("s", &batch.outcomes, &[]).as_bytes()).unwrap();
    assert_eq!((scenario.as_str(), &read), ("s", &without));
    assert_eq!(read.len(), 2);
}

#[test]
fn one_outcome_alone_is_the_same_json() {
    let text = write_plans("s", &[planned(), rejected()], &[]);
    let file: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(file["plans"][0], outcome_to_json(&planned()));
    assert_eq!(file["plans"][1], outcome_to_json(&rejected()));
    assert_eq!(file["plans"][1]["status"], "REJECTED");
}

#[test]
fn plans_without_a_bound_are_read() {
    let text = write_plans("s", &[planned()], &[]);
    let without = text.replace(r#""lower_bound_s":650.123,"gap":0.078872,"#, "");
    assert_ne!(without, text);
    let (_, read) = read_plans("p", without.as_bytes()).unwrap();
    let [Outcome::Planned(plan)] = &read[..] else { panic!("not planned") };
    assert_eq!((plan.lower_bound_s, plan.gap), (0.0, 0.0));
    let odd = text.replace("650.123", "\"soon\"");
    let error = read_plans("p", odd.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("plans[0].lower_bound_s: found \"soon\", expected a number"), "{error}");
}

#[test]
fn what_is_not_finite_is_null() {
    let Outcome::Planned(mut plan) = planned() else { panic!("not planned") };
    plan.delay_s = f64::NAN;
    plan.length_m = f64::INFINITY;
    plan.trajectory[0].time = Instant::MIN;
    let text = write_plans("s", &[Outcome::Planned(plan)], &[]);
    let error = read_plans("p.json", text.as_bytes()).unwrap_err().to_string();
    assert!(
        error.contains("p.json: plan 0 (F0001): plans[0].length_m: found null, expected a number"),
        "{error}"
    );
    assert!(error.contains("delay_s: found null"), "{error}");
}

#[test]
fn faults_name_plan_and_field() {
    let text = write_plans("s", &[planned(), rejected()], &[]);
    let broken = [
        ("PLANNED", "LANDED", "plans[0].status: found \"LANDED\", expected one of PLANNED, REJECTED"),
        ("ORIGIN_IN_ZONE", "MOOD", "plan 1 (F0002): plans[1].reason.code: found \"MOOD\""),
        ("2026-11-23T01:00:00.000Z", "one o'clock", "plans[0].trajectory[0].time: found \"one o'clock\""),
        ("\"lon\":120.7", "\"lon\":\"east\"", "plans[0].trajectory[0].lon: found \"east\""),
        ("\"alt_m\":0.0,", "", "plans[0].trajectory[0].alt_m: found nothing"),
        ("\"scenario\"", "\"scene\"", "p.json: scenario: found nothing"),
        ("\"scenario\": \"s\"", "\"scenario\": 5", "p.json: scenario: found 5, expected a text"),
        ("9834.2", "1e999", "plans[0]: found number out of range"),
    ];
    for (from, to, part) in broken {
        let error = read_plans("p.json", text.replace(from, to).as_bytes()).unwrap_err().to_string();
        assert!(error.contains(part), "{error}\nwithout {part}");
    }
}

#[test]
fn what_is_no_plan_file_says_so() {
    for (text, part) in [
        ("[]", "p.json: found a list of 0, expected an object"),
        ("{", "expected JSON"),
        ("", "found an empty file"),
        (r#"{"scenario": "s", "plans": {}}"#, "plans: found an object of 0 members, expected a list"),
        (r#"{"scenario": "s", "plans": [7]}"#, "plans[0]: found 7, expected an object"),
    ] {
        let error = read_plans("p.json", text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(part), "{error}\nwithout {part}");
    }
    assert!(read_plans("p", b"\xEF\xBB\xBF{\"scenario\": \"s\", \"plans\": []}").is_ok());
}

fn texts() -> impl Strategy<Value = String> {
    proptest::collection::vec(any::<char>(), 1..8).prop_map(String::from_iter)
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    let point =
        (-180.0..180.0f64, -90.0..90.0f64, -400.0..9000.0f64, -62_000_000_000_000i64..250_000_000_000_000)
            .prop_map(|(lon, lat, altitude, millis)| waypoint(lon, lat, altitude, millis));
    let advisory = (texts(), 0usize..5, ".{0,5}").prop_map(|(zone, restriction, text)| Advisory {
        zone,
        restriction: Restriction::ALL[restriction],
        text,
    });
    let plan = (
        texts(),
        proptest::collection::vec(point, 0..4),
        [0.0..1e6f64, 0.0..1e5, 0.0..1e4, 0.0..1e4, 0.0..1e5, 0.0..10.0],
        proptest::collection::vec(advisory, 0..2),
    )
        .prop_map(
            |(
                request,
                trajectory,
                [length_m, duration_s, delay_s, energy_wh, lower_bound_s, gap],
                advisories,
            )| {
                Outcome::Planned(Plan {
                    request,
                    trajectory,
                    length_m,
                    duration_s,
                    delay_s,
                    energy_wh,
                    lower_bound_s,
                    gap,
                    advisories,
                })
            },
        );
    let lists = || proptest::collection::vec(texts(), 0..3);
    let refusal =
        (texts(), 0usize..7, ".{0,9}", lists(), lists()).prop_map(|(request, code, text, zones, flights)| {
            Outcome::Rejected(Refusal { request, code: RefusalCode::ALL[code], text, zones, flights })
        });
    prop_oneof![plan, refusal]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// What was read is what was written, to the last decimal written; and is written the same again.
    #[test]
    fn round_trip(outcomes in proptest::collection::vec(outcomes(), 0..4), scenario in texts()) {
        let text = write_plans(&scenario, &outcomes, &[]);
        let (name, read) = read_plans("p", text.as_bytes()).unwrap();
        prop_assert_eq!(&name, &scenario);
        prop_assert_eq!(write_plans(&name, &read, &[]), text);
        for (before, after) in outcomes.iter().zip(&read) {
            match (before, after) {
                (Outcome::Rejected(before), Outcome::Rejected(after)) => prop_assert_eq!(before, after),
                (Outcome::Planned(before), Outcome::Planned(after)) => {
                    prop_assert_eq!(&before.advisories, &after.advisories);
                    prop_assert_eq!(before.trajectory.len(), after.trajectory.len());
                    prop_assert!((before.length_m - after.length_m).abs() <= 0.000_51);
                    let lower = before.lower_bound_s - after.lower_bound_s;
                    prop_assert!((0.0..=0.001).contains(&lower), "{lower}");
                    prop_assert!((before.gap - after.gap).abs() <= 0.51e-6);
                    for (before, after) in before.trajectory.iter().zip(&after.trajectory) {
                        prop_assert_eq!(before.time, after.time);
                        prop_assert!((before.place.lon() - after.place.lon()).abs() <= 0.51e-9);
                        prop_assert!((before.place.lat() - after.place.lat()).abs() <= 0.51e-9);
                        prop_assert!((before.altitude.metres() - after.altitude.metres()).abs() <= 0.000_51);
                    }
                }
                _ => prop_assert!(false, "kinds differ"),
            }
        }
    }

    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..100), cut in 0usize..900) {
        let _ = read_plans("p", &bytes);
        let text = write_plans("s", &[planned(), rejected()], &[]);
        let cut = cut.min(text.trim_end().len());
        prop_assert_eq!(read_plans("p", &text.as_bytes()[..cut]).is_ok(), cut == text.trim_end().len());
    }
}
