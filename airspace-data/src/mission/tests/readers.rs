//! What the samples say is what is read.

use super::*;

/// The corners of the flight that all samples hold.
const WAY: [(f64, f64, f64); 4] =
    [(120.776, 30.737, 100.0), (120.83, 30.71, 100.0), (120.98, 30.65, 110.0), (121.05, 30.615, 110.0)];

#[test]
fn the_same_flight_in_three_formats() {
    for (bytes, format) in [(QGC, MissionFormat::Qgc), (WPL, MissionFormat::Wpl), (KMZ, MissionFormat::Wpml)]
    {
        let mission = read(bytes);
        assert_eq!(mission.format, format);
        for (point, (lon, lat, metres)) in mission.points.iter().zip(WAY) {
            assert_eq!(point.place, place(lon, lat), "{format:?}");
            assert_eq!(point.height, MissionHeight::AboveTakeOff(metres));
            assert_eq!((point.time, point.hold_s), (None, 0.0));
        }
        assert_eq!(mission.points[0].action, Action::TakeOff);
        assert_eq!(mission.points.last().unwrap().action, Action::Land);
        // The change of speed stands behind the take-off.
        assert!(
            mission.points[1..4].iter().all(|point| point.speed == Some(Speed::Ground(12.0))),
            "{mission:#?}"
        );
    }
    // DJI's goes home, the others land where they are.
    assert_eq!(read(KMZ).points.last().unwrap().place, place(120.776, 30.737));
    assert_eq!(read(WPL).points.last().unwrap().place, place(121.05, 30.615));
    assert_eq!(read(WPL).home.unwrap().altitude, Amsl::new(4.0).ok());
    let items: Vec<usize> = read(QGC).points.iter().map(|point| point.item).collect();
    assert_eq!(items, [0, 2, 3, 4, 5]);
    assert!(read(QGC).warnings[0].text.contains("fences"));
}

#[test]
fn a_byte_order_mark_is_no_matter() {
    for bytes in [QGC, WPL, LINE.as_bytes(), PLAN.as_bytes()] {
        let marked = [b"\xEF\xBB\xBF", bytes].concat();
        assert_eq!(read(marked), read(bytes));
    }
}

#[test]
fn lines_and_plans_have_times() {
    let line = read(LINE);
    assert_eq!((line.name.as_deref(), line.format), (Some("a line"), MissionFormat::GeoJson));
    assert_eq!(line.points[1].time, Some(START.plus_millis(30_000)));
    assert_eq!((line.points[1].height, line.warnings.len()), (amsl(60.0), 0));
    let plan = read(PLAN);
    assert_eq!((plan.name.as_deref(), plan.points.len()), (Some("F1"), 4));
    assert_eq!(plan.points[3].time, Some(START.plus_millis(190_000)));
    // The plan by itself, as the answer to a request has it, and wrapped once more.
    let document: Value = serde_json::from_str(PLAN).unwrap();
    assert_eq!(read(document["plans"][0].to_string()), plan);
    assert_eq!(
        read(serde_json::json!({"state": "ACCEPTED", "plan": document["plans"][0]}).to_string()),
        plan
    );
}

#[test]
fn a_line_alone_or_in_a_collection() {
    let feature: Value = serde_json::from_str(LINE).unwrap();
    let point = serde_json::json!({"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}});
    let collection = serde_json::json!({"type": "FeatureCollection", "features": [point, feature]});
    let mission = read(collection.to_string());
    assert_eq!(mission.points, read(LINE).points);
    assert!(mission.warnings[0].text.contains("1 features that are no line"));
    let bare = read(feature["geometry"].to_string());
    assert_eq!(bare.points[2].place, place(120.71, 30.72));
    assert!(bare.warnings[0].text.contains("mean sea level"));
}

#[test]
fn heights_count_from_what_the_file_says() {
    let line = |reference: &str| read(LINE.replace("\"AMSL\"", &format!("\"{reference}\""))).points[1].height;
    assert_eq!(line("AGL"), MissionHeight::Agl(Agl::new(60.0).unwrap()));
    assert_eq!(line("TAKE_OFF"), MissionHeight::AboveTakeOff(60.0));
    let from_ellipsoid = |height: MissionHeight| match height {
        MissionHeight::Amsl(height) => height.metres(),
        other => panic!("{other:?}"),
    };
    // The geoid stands some 10 m above the ellipsoid at Jiaxing.
    assert!((from_ellipsoid(line("WGS84")) - 50.0).abs() < 2.0);
    let kmz = |mode: &str| read(kmz_with("relativeToStartPoint", mode)).points[1].height;
    assert!((from_ellipsoid(kmz("WGS84")) - 90.0).abs() < 2.0);
    assert_eq!(kmz("realTimeFollowSurface"), MissionHeight::Agl(Agl::new(100.0).unwrap()));
    let wpl = |frame: &str| {
        let text = String::from_utf8(WPL.to_vec()).unwrap();
        read(text.replace("3\t0\t3\t16", &format!("3\t0\t{frame}\t16"))).points[1].height
    };
    assert_eq!(wpl("0"), amsl(100.0));
    assert_eq!(wpl("10"), MissionHeight::Agl(Agl::new(100.0).unwrap()));
}

#[test]
fn a_survey_is_flown_by_the_items_that_it_holds() {
    let mut plan: Value = serde_json::from_slice(QGC).unwrap();
    let item = |lat: f64, lon: f64| {
        serde_json::json!({"autoContinue": true, "command": 16, "doJumpId": 9, "frame": 3, "type": "SimpleItem",
            "params": [0, 0, 0, null, lat, lon, 80]})
    };
    let survey = serde_json::json!({"type": "ComplexItem", "complexItemType": "survey", "version": 5,
        "TransectStyleComplexItem": {"Items": [item(30.70, 120.84), item(30.69, 120.85)], "version": 2}});
    plan["mission"]["items"][3] = survey;
    let mission = read(plan.to_string());
    let items: Vec<usize> = mission.points.iter().map(|point| point.item).collect();
    assert_eq!(items, [0, 2, 3, 3, 4, 5]);
    assert_eq!(mission.points[3].place, place(120.85, 30.69));
    plan["mission"]["items"][3]["TransectStyleComplexItem"] = serde_json::json!({"version": 2});
    let found = error(plan.to_string());
    assert!(found.contains("item 3: TransectStyleComplexItem.Items: found \"survey\" without"), "{found}");
}

#[test]
fn waits_and_speeds_are_read_where_they_stand() {
    let text = "QGC WPL 110\n\
        0 1 0 16 0 0 0 0 30.7 120.7 0 1\n\
        1 0 3 22 0 0 0 0 0 0 50 1\n\
        2 0 3 178 0 9 0 0 0 0 0 1\n\
        3 0 3 178 2 1.5 0 0 0 0 0 1\n\
        4 0 3 16 12.5 0 0 nan 30.71 120.7 50 1\n\
        5 0 3 93 10 -1 -1 -1 0 0 0 1\n\
        6 0 3 203 0 0 0 0 0 0 0 1\n\
        7 0 3 178 0 -2 0 0 0 0 0 1\n\
        8 0 3 20 0 0 0 0 0 0 0 1\n";
    let mission = read(text);
    let points = &mission.points;
    assert_eq!((points.len(), points[0].place), (3, place(120.7, 30.7)));
    assert_eq!(
        (points[1].speed, points[1].climb_m_s, points[1].hold_s),
        (Some(Speed::Air(9.0)), Some(1.5), 22.5)
    );
    assert_eq!(
        (points[2].action, points[2].place, points[2].speed),
        (Action::Land, place(120.7, 30.7), None)
    );
    let warnings: Vec<String> = mission.warnings.iter().map(ToString::to_string).collect();
    assert!(warnings[0].starts_with("item 6: command 203"), "{warnings:?}");
    assert!(warnings[1].starts_with("item 8: the height of the return"), "{warnings:?}");
}

#[test]
fn a_kmz_hovers_and_ends_as_it_says() {
    let hover = "<wpml:executeHeight>110</wpml:executeHeight><wpml:actionGroup><wpml:action>\
        <wpml:actionActuatorFunc>hover</wpml:actionActuatorFunc><wpml:actionActuatorFuncParam>\
        <wpml:hoverTime>30</wpml:hoverTime></wpml:actionActuatorFuncParam></wpml:action></wpml:actionGroup>";
    let mission = read(kmz_with("<wpml:executeHeight>110</wpml:executeHeight>", hover));
    assert_eq!(mission.points[2].hold_s, 30.0);
    let ends = |finish: &str| {
        let mission = read(kmz_with("<wpml:finishAction>goHome", &format!("<wpml:finishAction>{finish}")));
        let last = mission.points.last().unwrap().clone();
        (mission.points.len(), last.action, last.place)
    };
    assert_eq!(ends("autoLand"), (5, Action::Land, place(121.05, 30.615)));
    assert_eq!(ends("gotoFirstWaypoint"), (5, Action::Fly, place(120.776, 30.737)));
    assert_eq!(ends("noAction"), (4, Action::Fly, place(121.05, 30.615)));
    // It climbs before it returns where the file says so.
    let higher = read(kmz_with("<wpml:globalRTHHeight>100", "<wpml:globalRTHHeight>150"));
    assert_eq!(higher.points[4].height, MissionHeight::AboveTakeOff(150.0));
    assert_eq!(higher.points[4].place, place(121.05, 30.615));
}

/// Files of other programs, where they are at hand.
#[test]
fn files_of_others() {
    let Ok(folder) = std::env::var("TIANLU_TEST_DATA") else {
        eprintln!("TIANLU_TEST_DATA is not set: files of others are not read");
        return;
    };
    let upstream = std::path::Path::new(&folder).join("exports/upstream");
    let file = |name: &str| std::fs::read(upstream.join(name)).unwrap();
    let minimal = read(file("qgc_doc_minimal.plan"));
    assert_eq!((minimal.points.len(), minimal.points[0].action), (1, Action::TakeOff));
    assert_eq!(minimal.speeds, SpeedHints { cruise_m_s: Some(15.0), hover_m_s: Some(5.0) });
    // A fence without a mission.
    assert!(error(file("qgc_ce_geofence_rd_2.plan")).contains("found 0 points"));
    // The documentation leaves the places open.
    let documented = [file("dji_doc_sample_0_template.kml"), file("dji_doc_sample_0_waylines.wpml")];
    let files = [("wpmz/template.kml", &documented[0][..]), ("wpmz/waylines.wpml", &documented[1][..])];
    let found = error(zipped(&files));
    assert!(found.contains("placemark 0: Point.coordinates: found \"longitude,latitude\""), "{found}");
    let placed = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("longitude,latitude", "115.99,23.98");
    let texts = documented.each_ref().map(|bytes| placed(bytes));
    let with_places =
        [("wpmz/template.kml", texts[0].as_bytes()), ("wpmz/waylines.wpml", texts[1].as_bytes())];
    let mission = read(zipped(&with_places));
    assert_eq!(mission.home.unwrap().place, place(115.987_663, 23.980_57));
    // 116.57 m above the ellipsoid.
    let MissionHeight::Amsl(height) = mission.points[0].height else { panic!("{mission:?}") };
    let expected = 116.57 - crate::geoid::undulation_m(place(115.99, 23.98));
    assert!((height.metres() - expected).abs() < 0.1, "{height:?}, not {expected}");
}
