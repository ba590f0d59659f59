#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use std::path::PathBuf;

use geo::{Area, BooleanOps, Contains, Distance, Euclidean};
use geo_types::{Coord, LineString, MultiPolygon, Point};
use proptest::prelude::*;
use rstest::rstest;
use tianlu_engine::airspace::{Applicability, Limits, Outline, Polygon, Restriction};
use tianlu_engine::frame::{Frame, Height, Instant, LonLat, Xy};

use super::*;

fn fixture(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/openair").join(name);
    std::fs::read_to_string(path).unwrap()
}

fn strict(text: &str) -> Result<AirspaceFile, ReadError> {
    read("zones.txt", text, &ReadOptions::default())
}

fn lenient(text: &str) -> AirspaceFile {
    read("zones.txt", text, &ReadOptions { lenient: true, ..ReadOptions::default() }).unwrap()
}

/// A zone of a class with corners about 50 N 10 E, and further records before them.
fn zone(class: &str, records: &str) -> String {
    let corners = "DP 50:00:00 N 010:00:00 E\nDP 50:00:00 N 010:10:00 E\nDP 50:10:00 N 010:10:00 E\nDP 50:00:00 N 010:00:00 E";
    format!("AC {class}\nAN SOMEWHERE\nAL GND\nAH FL95\n{records}\n{corners}\n")
}

/// Each good fixture, with how many zones it holds, and what its warnings say.
#[rstest]
#[case("activation-times.txt", 1, &[])]
#[case::by_notam_counts_as_always("activation-times-none.txt", 1, &["AA NONE: active when a NOTAM says so"])]
#[case::an_airway_has_a_width("airway.txt", 1, &[])]
#[case("arc-angle-ccw.txt", 1, &[])]
#[case("arc-angle-cw.txt", 1, &[])]
#[case("arc-angle-single-vx.txt", 1, &[])]
#[case("arc-ccw.txt", 1, &[])]
#[case("arc-cw-ccw.txt", 1, &[])]
#[case("arc-cw.txt", 1, &[])]
#[case("arc-first.txt", 1, &[])]
#[case::heights_in_several_units("check-limits-unit-conversion.txt", 1, &[])]
#[case("circular.txt", 1, &[])]
#[case::crosses_itself_by_rounding("do-not-split-into-multipolygon.txt", 1, &["area in doubt", "crosses itself"])]
#[case::a_zone_needs_no_name("empty-name.txt", 1, &["no name (AN)"])]
#[case("expected-output-openair.txt", 1, &[])]
#[case::comments_alone_are_no_zone_and_no_fault("ignored-only.txt", 0, &["no zone in this file"])]
#[case("in-output-openair.txt", 1, &[])]
#[case("inline-comments.txt", 1, &[])]
#[case::a_circle_of_3_m("laser-beam.txt", 1, &[])]
#[case("meter-altitude-unit.txt", 1, &[])]
#[case::the_type_is_optional("missing-AY.txt", 1, &[])]
#[case("polygon.txt", 1, &[])]
#[case("round-altitude-values.txt", 1, &[])]
#[case::radio_does_not_concern_the_zone("single-airspace-ag-but-missing-af.txt", 1, &["without a frequency (AF)"])]
#[case("skipped-tokens.txt", 1, &[])]
#[case::unclosed_is_closed("start-end-coordinates-not-equal.txt", 1, &["was not closed"])]
#[case::transponders_do_not_concern_the_zone("transponder-code-invalid.txt", 1, &["AX 7891: not a transponder code"])]
#[case("version-2-commands.txt", 8, &[])]
#[case::expired_zones_are_kept("version-2-warn-if-expired.txt", 1, &[])]
fn good_fixtures(#[case] name: &str, #[case] zones: usize, #[case] warnings: &[&str]) {
    let file = strict(&fixture(name)).unwrap();
    assert_eq!((file.zones.len(), file.left_out), (zones, 0));
    let texts: Vec<_> = file.warnings.iter().map(Warning::to_string).collect();
    assert_eq!(texts.len(), warnings.len(), "{texts:?}");
    assert!(texts.iter().zip(warnings).all(|(text, part)| text.contains(part)), "{texts:?}");
}

/// Each bad fixture, with the fault it is refused for; and whether `lenient` finds an outline in it.
#[rstest]
#[case::nothing_to_nothing(
    "activation-times-invalid-with-none-none.txt",
    true,
    "line 8 (TMA Todendorf-Putlos): AA: found \"NONE/NONE\""
)]
#[case::contradiction(
    "activation-times-invalid-with-none.txt",
    true,
    "line 9 (TMA Todendorf-Putlos): AA: found NONE and other"
)]
#[case::ends_before_it_starts(
    "activation-times-invalid.txt",
    true,
    "line 9 (TMA Todendorf-Putlos): AA: found \"2025-01-02T14"
)]
#[case::upside_down(
    "ceiling-definitions-al-greater-ah.txt",
    true,
    "line 9 (TMP Iwakuni ITRA-N2 and ITRA-N3 till 31Mar2022): AL: found a lower"
)]
#[case::two_lower_limits(
    "ceiling-definitions-duplicate.txt",
    true,
    "line 4 (AREA G5 (NARVA)): AL: found a second one, \"FL80\""
)]
#[case::goes_on_after_its_end(
    "circular-invalid.txt",
    true,
    "line 9 (ED-R4 Wannsee H24): DP: found the first corner again"
)]
#[case::sixty_minutes(
    "coordinate-minutes-60.txt",
    false,
    "line 6 (PYRENNEES): DP: found \"42:60:57 N 000:60:00 W\""
)]
#[case::sixty_seconds(
    "coordinate-seconds-60.txt",
    false,
    "line 6 (PYRENNEES): DP: found \"42:00:60 N 001:00:60 W\""
)]
#[case::no_number(
    "flight-level-missing-number.txt",
    true,
    "line 6 (BAHRAIN TMA): AH: found \"FL\", expected a height"
)]
#[case::two_corners(
    "insufficient-coordinates.txt",
    false,
    "line 1 (CTR TOO-FEW-POINTS): found a ring of 2 distinct corners"
)]
#[case::cut_short("invalid-coordinates.txt", false, "line 14 (TMA MILANO): DP: found \"45:49:51 N 008:42:\"")]
#[case::no_limits("missing-ah-al.txt", true, "line 3 (LI-R64 Cuneo): AL: found nothing")]
#[case::crosses_itself(
    "self-intersecting.txt",
    true,
    "line 1 (PARC/RESERVE  PYRENNEES 1000M/SOL): found a ring that crosses itself"
)]
#[case::no_class("without-ac.txt", true, "line 3 (LI-R64 Cuneo): AC: found nothing, expected a class")]
fn bad_fixtures(#[case] name: &str, #[case] has_outline: bool, #[case] fault: &str) {
    let text = fixture(name);
    let error = strict(&text).unwrap_err().to_string();
    assert!(error.starts_with(&format!("zones.txt: {fault}")), "{error}");
    let file = lenient(&text);
    assert_eq!((file.zones.len(), file.left_out), (usize::from(has_outline), usize::from(!has_outline)));
    assert!(!file.warnings.is_empty());
    let understood = ["circular-invalid.txt", "self-intersecting.txt"].contains(&name);
    for zone in file.zones.iter().filter(|_| !understood) {
        assert_eq!(zone.restriction, Restriction::Prohibited);
        assert_eq!(zone.layers[0].limits, Limits::UNBOUNDED);
        assert_eq!(zone.applicability, Applicability::Always);
    }
}

#[test]
fn a_text_that_is_no_openair_is_refused() {
    let error = strict(&fixture("LICENSE")).unwrap_err().to_string();
    assert!(
        error.starts_with("zones.txt: line 1: found \"Copyright 2026 OpenAIP\", expected a record"),
        "{error}"
    );
}

/// A place of an outline in metres about a centre, as the reference parser's spherical metres would have it.
fn flat(polygons: &[Polygon], centre: LonLat) -> MultiPolygon<f64> {
    let frame = Frame::new(centre);
    let ring = |ring: &Vec<LonLat>| LineString::from_iter(ring.iter().map(|place| frame.to_plane(*place)));
    let polygon =
        |p: &Polygon| geo_types::Polygon::new(ring(&p.exterior), p.holes.iter().map(ring).collect());
    MultiPolygon::from_iter(polygons.iter().map(polygon))
}

fn expected(name: &str) -> Vec<Polygon> {
    let json: serde_json::Value = serde_json::from_str(&fixture(name)).unwrap();
    let place =
        |at: &serde_json::Value| LonLat::new(at[0].as_f64().unwrap(), at[1].as_f64().unwrap()).unwrap();
    let ring = |ring: &serde_json::Value| ring.as_array().unwrap().iter().map(place).collect();
    let rings = json["features"][0]["geometry"]["coordinates"].as_array().unwrap();
    let line = json["features"][0]["geometry"]["type"] == "LineString";
    let exterior = if line { rings.iter().map(place).collect() } else { ring(&rings[0]) };
    vec![Polygon { exterior, holes: Vec::new() }]
}

/// The area that is in one alone, as a share of the expected one, and the farthest of the expected corners from ours.
fn difference(ours: &Outline, expected: &[Polygon]) -> (f64, f64) {
    let centre = ours.place();
    let expected = flat(expected, centre);
    let ours = match ours {
        Outline::Polygons(polygons) => flat(polygons, centre),
        Outline::Circle { radius_m, .. } => {
            let corner = |k: u32| {
                let azimuth = f64::from(k).to_radians() / 4.0;
                Xy { x: radius_m * azimuth.sin(), y: radius_m * azimuth.cos() }
            };
            MultiPolygon::new(vec![geo_types::Polygon::new((0..1440).map(corner).collect(), Vec::new())])
        }
    };
    let share = ours.xor(&expected).unsigned_area() / expected.unsigned_area();
    let corners = expected.0.iter().flat_map(|polygon| polygon.exterior().points());
    let edges = || ours.0.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let to_edges =
        |point: Point| edges().map(|ring| Euclidean.distance(&point, ring)).fold(f64::INFINITY, f64::min);
    (share, corners.map(to_edges).fold(0.0, f64::max))
}

/// The reference draws circles as regular polygons inscribed on a sphere: a few tenths of a percent of the area, and
/// of the radius in metres, lie between. Its coordinates have five or six decimals (up to 1 m).
#[rstest]
#[case("polygon.txt", "polygon-result.json", 1e-4, 1.0)]
#[case("polygon.txt", "polygon-to-linestring-result.json", 1e-4, 1.0)]
#[case("inline-comments.txt", "inline-comments-result.json", 1e-4, 1.0)]
#[case::radius_2_km("circular.txt", "circular-result.json", 0.004, 8.0)]
#[case::radius_28_km("arc-angle-ccw.txt", "arc-angle-ccw-result.json", 0.004, 90.0)]
#[case::radius_460_m("arc-angle-cw.txt", "arc-angle-cw-result.json", 0.004, 3.0)]
#[case::radius_9_km("arc-angle-single-vx.txt", "arc-angle-single-vx-result.json", 0.004, 40.0)]
#[case::radius_9_km("arc-ccw.txt", "arc-ccw-result.json", 0.004, 30.0)]
#[case::radius_107_km("arc-cw-ccw.txt", "arc-cw-ccw-result.json", 0.004, 300.0)]
#[case::radius_2_km("arc-cw.txt", "arc-cw-result.json", 0.004, 8.0)]
#[case::radius_6_km("arc-first.txt", "arc-first-result.json", 0.004, 40.0)]
#[case::half_width_2_km("airway.txt", "awy-result.json", 0.004, 12.0)]
fn good_fixtures_have_the_geometry_of_the_reference(
    #[case] name: &str,
    #[case] result: &str,
    #[case] share: f64,
    #[case] metres: f64,
) {
    let file = strict(&fixture(name)).unwrap();
    let (found_share, found_metres) = difference(&file.zones[0].layers[0].outline, &expected(result));
    assert!(found_share < share && found_metres < metres, "{found_share}, {found_metres} m");
}

#[test]
fn a_self_crossing_ring_becomes_all_that_it_encloses() {
    let file = lenient(&fixture("self-intersecting.txt"));
    let Outline::Polygons(ours) = &file.zones[0].layers[0].outline else { panic!("not polygons") };
    let centre = ours[0].exterior[0];
    let (ours, fixed) = (flat(ours, centre), flat(&expected("fixed-self-intersecting.json"), centre));
    // The reference keeps one of the two loops; we keep both.
    let missing = fixed.difference(&ours).unsigned_area() / fixed.unsigned_area();
    assert!(missing < 1e-4, "{missing}");
    assert!(ours.unsigned_area() >= fixed.unsigned_area() * 0.9999);
}

#[test]
fn limits_and_times_are_those_of_the_reference() {
    let metres = |file: &AirspaceFile| {
        let limits = file.zones[0].layers[0].limits;
        (limits.lower.map(Height::metres), limits.upper.map(Height::metres))
    };
    assert_eq!(metres(&strict(&fixture("polygon.txt")).unwrap()), (Some(0.0), Some(12_192.0)));
    assert_eq!(metres(&strict(&fixture("laser-beam.txt")).unwrap()), (Some(0.0), None));
    let timed = strict(&fixture("activation-times.txt")).unwrap();
    let Applicability::Periods(periods) = &timed.zones[0].applicability else { panic!("always") };
    assert_eq!(periods.len(), 4);
    assert_eq!(periods[0].start, Some(Instant::from_seconds(1_735_732_800)));
    assert_eq!((periods[2].start, periods[3].end), (None, None));
    let extended = timed.zones[0].extended.as_ref().unwrap();
    for part in [r#""openairClass":"D""#, r#""frequency":"123.505""#, r#""transponderCode":"7000""#] {
        assert!(extended.contains(part), "{extended}");
    }
}

#[test]
fn identifiers_come_from_names_and_are_unique() {
    let file = strict(&fixture("version-2-commands.txt")).unwrap();
    let identifiers: Vec<_> = file.zones.iter().map(|zone| zone.identifier.as_str()).collect();
    assert_eq!(
        identifiers[..3],
        ["TMA-Todendorf-Putlos", "TMA-Todendorf-Putlos-2", "TMA-Todendorf-Putlos-3"]
    );
    let named = zone("R", "AI LKR-9") + &zone("R", "AI LKR-9") + &zone("R", "AI SOMEWHERE") + &zone("R", "");
    let file = strict(&named).unwrap();
    let identifiers: Vec<_> = file.zones.iter().map(|zone| zone.identifier.as_str()).collect();
    assert_eq!(identifiers, ["LKR-9", "LKR-9-2", "SOMEWHERE", "SOMEWHERE-2"]);
    assert!(file.warnings[0].text.contains("AI LKR-9: another zone has it too"));
}

#[test]
fn faults_of_all_zones_are_told_with_their_lines() {
    let text = zone("R", "AH high") + &zone("P", "DC 2") + &zone("Q", "V D=up\nsome words\nDA 1,2");
    let error = strict(&text).unwrap_err();
    let told: Vec<_> =
        error.faults.iter().map(|fault| (fault.index.unwrap(), fault.field.as_str())).collect();
    assert_eq!(told, [(5, "AH"), (14, "DC"), (24, ""), (23, "V D"), (25, "DA")]);
    let of_kinds = zone("P", "V X=50:00:00 N 010:00:00 E\nDC 2");
    assert!(strict(&of_kinds).unwrap_err().to_string().contains("found an outline of several kinds"));
}

#[test]
fn a_warning_for_what_is_passed_over() {
    let text = "AP 1\n* x\nAW 2\nAW 3\n".to_owned() + &zone("XYZ", "AW 4\nV Q=3\nSP 1,2,3");
    let file = strict(&text).unwrap();
    let texts: Vec<_> = file.warnings.iter().map(Warning::to_string).collect();
    assert_eq!(texts[0], "line 1: AP: a record that is not known, passed over");
    assert_eq!(texts[1], "line 3: AW: a record that is not known, passed over (3 such lines)");
    assert_eq!(texts[2], "line 5 (SOMEWHERE): class XYZ: not known, read as REQ_AUTHORIZATION");
    assert!(texts[3].starts_with("line 10 (SOMEWHERE): V \"Q=3\": not known"));
    assert_eq!((texts.len(), file.zones[0].restriction), (4, Restriction::ReqAuthorization));
}

#[test]
fn headings_that_only_set_a_style_are_no_zones() {
    let file = strict(&format!("AC Q\nSP 0,2,127,0,127\nSB -1,-1,-1\n\n{}", zone("Q", ""))).unwrap();
    assert_eq!(file.zones.len(), 1);
    assert_eq!(file.zones[0].restriction_conditions.as_deref(), Some("danger area (OpenAir class Q)"));
    let error = strict("AC R\nAN NOWHERE\nAL GND\nAH UNL\n").unwrap_err().to_string();
    assert!(error.contains("line 1 (NOWHERE): found no outline"), "{error}");
}

#[test]
fn coordinates_of_a_web_map_become_wgs84() {
    let text = "AC P\nAN LAKE\nAL GND\nAH UNL\nV X=30:45:00 N 120:45:00 E\nDC 0.5\n";
    let options = ReadOptions { crs: Crs::Gcj02, ..ReadOptions::default() };
    let drawn = LonLat::new(120.75, 30.75).unwrap();
    let Outline::Circle { centre, radius_m } = read("z", text, &options).unwrap().zones[0].layers[0].outline
    else {
        panic!("not a circle")
    };
    assert_eq!((centre, radius_m), (Crs::Gcj02.to_wgs84(drawn), 926.0));
    assert_ne!(centre, drawn);
}

#[test]
fn a_file_may_not_ask_for_more_corners_than_fit() {
    let wheel = "DA 269,0,360\n".repeat(3000);
    let error =
        strict(&format!("AC R\nAN A\nAL GND\nAH UNL\nV X=50:00:00 N 010:00:00 E\n{wheel}")).unwrap_err();
    assert!(error.to_string().contains("expected at most 4 million in a file"), "{error}");
    let error = strict(&zone("R", "V X=50:00:00 N 010:00:00 E\nDA 300,0,90")).unwrap_err();
    assert!(error.to_string().contains("line 6 (SOMEWHERE): DA: found \"300,0,90\""), "{error}");
}

/// Files from all over the country, as found in the wild.
#[test]
fn national_files_load() {
    let Some(data) = std::env::var_os("TIANLU_TEST_DATA") else {
        println!("TIANLU_TEST_DATA is not set: skipped");
        return;
    };
    for (name, zones, crossings) in [("CZ", 270, 1), ("NL", 166, 9), ("SK", 86, 0)] {
        let path = PathBuf::from(&data).join(format!("airspace/openair/{name}-ASP-National-XCSoar.txt"));
        let file =
            crate::airspace::read_airspace(name, &std::fs::read(path).unwrap(), &ReadOptions::default())
                .unwrap();
        assert_eq!((file.zones.len(), file.left_out), (zones, 0), "{name}");
        let count = |part: &str| file.warnings.iter().filter(|warning| warning.text.contains(part)).count();
        let told = [
            "not closed",
            "touches itself",
            "not known, passed over",
            "that begin it again",
            "crosses itself",
        ];
        assert_eq!(count("crosses itself"), crossings, "{name}");
        assert_eq!(told.map(count).iter().sum::<usize>() + count("in doubt"), file.warnings.len(), "{name}");
    }
}

fn degrees(place: LonLat) -> String {
    let part = |degrees: f64, plus, minus| {
        format!("{:.9} {}", degrees.abs(), if degrees < 0.0 { minus } else { plus })
    };
    format!("{} {}", part(place.lat(), "N", "S"), part(place.lon(), "E", "W"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// No place of a pie slice or of what an arc leaves of a square is lost, and at most a metre is added.
    #[test]
    fn arcs_are_never_smaller_and_at_most_a_metre_larger(
        (lon, lat) in (-150.0..150.0f64, -60.0..60.0f64),
        miles in prop_oneof![0.1..40.0f64, 40.0..260.0f64],
        start in 0.0..360.0f64,
        sweep in 20.0..300.0f64,
        clockwise: bool,
        along in 0.0..1.0f64,
    ) {
        let centre = LonLat::new(lon, lat).unwrap();
        let (frame, radius_m) = (Frame::new(centre), miles * 1852.0);
        let end = if clockwise { start + sweep } else { start - sweep }.rem_euclid(360.0);
        let sign = if clockwise { '+' } else { '-' };
        let centre_written = degrees(centre);
        let slice = format!("AC R\nAN A\nAL GND\nAH UNL\nV X={centre_written}\nV D={sign}\nDP {centre_written}\nDA {miles},{start},{end}\nDP {centre_written}\n");
        let ray = |azimuth: f64, radius_m: f64| {
            let at = Xy { x: azimuth.to_radians().sin(), y: azimuth.to_radians().cos() } * radius_m;
            frame.to_place(at * (radius_m / frame.length(Xy { x: 0.0, y: 0.0 }, at)))
        };
        let shape = |file: &AirspaceFile| match &file.zones[0].layers[0].outline {
            // Edges are straight in longitude and latitude, so that is where to ask.
            Outline::Polygons(polygons) => MultiPolygon::from_iter(polygons.iter().map(|p| {
                let ring = p.exterior.iter().map(|place| Coord { x: place.lon(), y: place.lat() }).collect();
                geo_types::Polygon::new(ring, Vec::new())
            })),
            Outline::Circle { .. } => panic!("a circle"),
        };
        let within = |shape: &MultiPolygon<f64>, place: LonLat| shape.contains(&Point::new(place.lon(), place.lat()));
        let turn = sweep * (0.001 + 0.998 * along);
        let azimuth = if clockwise { start + turn } else { start - turn };
        let inside = shape(&strict(&slice).unwrap());
        prop_assert!(within(&inside, ray(azimuth, radius_m - 0.06)), "cut off");
        prop_assert!(!within(&inside, ray(azimuth, radius_m + 1.0)), "too large");

        // The same arc, the other way around, as a bite out of a larger slice.
        if sweep > 150.0 || miles > 40.0 {
            return Ok(());
        }
        let (outer_start, outer_end) = (ray(start, 3.0 * radius_m), ray(end, 3.0 * radius_m));
        let (from, to) = (degrees(ray(start, radius_m)), degrees(ray(end, radius_m)));
        let middle = degrees(ray(if clockwise { start + sweep / 2.0 } else { start - sweep / 2.0 }, 9.0 * radius_m));
        let bite = format!("AC R\nAN A\nAL GND\nAH UNL\nV X={centre_written}\nV D={sign}\nDB {from}, {to}\nDP {}\nDP {middle}\nDP {}\nDP {from}\n", degrees(outer_end), degrees(outer_start));
        let bitten = shape(&strict(&bite).unwrap());
        prop_assert!(within(&bitten, ray(azimuth, radius_m + 0.06)), "cut off");
        prop_assert!(!within(&bitten, ray(azimuth, radius_m - 1.0)), "too large");
    }

    #[test]
    fn never_panics(lines in proptest::collection::vec("(AC|AN|AL|AH|AA|AI|V|V X=|V D=|V W=|DP|DA|DB|DC|DY|\\*|AX)? ?[-+0-9:., NSEWFLGD/Zé]{0,30}", 0..12)) {
        let text = lines.join("\n");
        for lenient in [false, true] {
            let _ = read("z", &text, &ReadOptions { lenient, ..ReadOptions::default() });
        }
    }

    /// A good file cut anywhere, or with a line missing, is read or refused.
    #[test]
    fn never_panics_on_broken_files(cut in 0usize..500, line in 0usize..20) {
        for name in ["arc-cw-ccw.txt", "airway.txt", "circular.txt", "arc-angle-cw.txt"] {
            let text = fixture(name);
            let text: String = text.chars().take(cut).collect();
            let _ = strict(&text);
            let kept: Vec<_> = text.lines().enumerate().filter(|(number, _)| *number != line).map(|(_, line)| line).collect();
            let _ = lenient(&kept.join("\n"));
        }
    }
}
