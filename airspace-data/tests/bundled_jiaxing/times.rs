//! The notices: kept, active in their time, past now.

use tianlu_engine::airspace::{Mission, Outline, Zone};
use tianlu_engine::frame::{Instant, Interval, LonLat};

use tianlu_airspace_data::bundled;

/// 2026-11-23T00:00:00Z.
const NOW_S: i64 = 1_795_392_000;

fn notices() -> Vec<Zone> {
    bundled::jiaxing_zones().into_iter().filter(|zone| zone.identifier.starts_with("JX-TFR-")).collect()
}

fn place(zone: &Zone) -> LonLat {
    match &zone.layers[0].outline {
        Outline::Circle { centre, .. } => *centre,
        Outline::Polygons(polygons) => polygons[0].exterior[0],
    }
}

fn windows(zone: &Zone, from_s: i64, to_s: i64) -> Vec<Interval> {
    let during = Interval::new(Instant::from_seconds(from_s), Instant::from_seconds(to_s));
    zone.applicability.windows(place(zone), during)
}

#[test]
fn all_five_are_kept_and_none_is_active_any_more() {
    let notices = notices();
    assert_eq!(notices.len(), 5);
    for notice in &notices {
        assert_eq!(windows(notice, NOW_S, NOW_S + 10 * 365 * 86_400), [], "{}", notice.identifier);
    }
}

#[test]
fn the_tide_notice_held_from_the_15th_to_the_end_of_the_22nd_of_september_2024() {
    let notices = notices();
    let tide = notices.iter().find(|zone| zone.identifier.ends_with("HAINING-TIDE")).unwrap();
    let [window] = windows(tide, 1_726_600_000, 1_726_600_001)[..] else { panic!("one window") };
    // Midnight in China is 16:00 of the day before in UTC.
    assert_eq!(window.start, Instant::from_seconds(1_726_329_600), "2024-09-14T16:00:00Z");
    assert_eq!(window.end, Instant::from_seconds(1_727_020_800), "2024-09-22T16:00:00Z");
}

#[test]
fn the_summit_of_2025_closed_tongxiang_to_all_but_those_that_the_notice_exempts() {
    let notices = notices();
    let summit = notices.iter().find(|zone| zone.identifier == "JX-TFR-2025-WUZHEN").unwrap();
    let noon_of_the_7th_of_november = 1_762_488_000;
    assert_eq!(windows(summit, noon_of_the_7th_of_november, noon_of_the_7th_of_november + 1).len(), 1);
    let exempt = |mission| summit.exempt_missions.contains(mission);
    assert!(exempt(Mission::Emergency) && exempt(Mission::Rescue) && exempt(Mission::State));
    assert!(!exempt(Mission::Logistics) && !exempt(Mission::Inspection));
}
