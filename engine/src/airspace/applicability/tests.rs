#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::airspace::sun::{self, DAY_MS};

/// Monday 2026-11-23, counted from 1970-01-01.
const MONDAY: i64 = 20_780;
const HOUR: i64 = 3_600_000;

fn jiaxing() -> LonLat {
    LonLat::new(120.76, 30.753).unwrap()
}

/// Hours after Monday's midnight UTC.
fn hours(hours: f64) -> Instant {
    Instant::from_millis(MONDAY * DAY_MS + (hours * HOUR as f64) as i64)
}

fn between(start: f64, end: f64) -> Interval {
    Interval::new(hours(start), hours(end))
}

fn clock(hour: f64, offset_hours: i16) -> Option<DayEdge> {
    Some(DayEdge::Clock(TimeOfDay { millis: (hour * HOUR as f64) as u32, offset_minutes: offset_hours * 60 }))
}

fn weekly(days: &[Day], start: Option<DayEdge>, end: Option<DayEdge>) -> Applicability {
    let schedule = vec![Daily { days: days.to_vec(), start, end }];
    Applicability::Periods(vec![Period { schedule, ..Period::default() }])
}

#[test]
fn always_and_never() {
    assert_eq!(Applicability::Always.windows(jiaxing(), between(0.0, 1.0)), [Interval::ALWAYS]);
    let never = Applicability::Periods(vec![]);
    assert!(never.windows(jiaxing(), Interval::ALWAYS).is_empty());
    assert_eq!((Applicability::Always.span(), never.span()), (Some(Interval::ALWAYS), None));
    let upside_down = Period { start: Some(hours(2.0)), end: Some(hours(1.0)), schedule: vec![] };
    assert!(Applicability::Periods(vec![upside_down]).windows(jiaxing(), Interval::ALWAYS).is_empty());
}

#[test]
fn periods_are_whole_joined_and_inclusive() {
    let period = |start, end| Period { start: Some(hours(start)), end: Some(hours(end)), schedule: vec![] };
    let zone = Applicability::Periods(vec![period(5.0, 9.0), period(20.0, 21.0), period(1.0, 6.0)]);
    assert_eq!(zone.windows(jiaxing(), between(8.0, 8.5)), [between(1.0, 9.0)]);
    assert_eq!(zone.windows(jiaxing(), Interval::ALWAYS), [between(1.0, 9.0), between(20.0, 21.0)]);
    assert_eq!(zone.span(), Some(between(1.0, 21.0)));
    assert!(zone.is_active(jiaxing(), hours(1.0)) && zone.is_active(jiaxing(), hours(9.0)));
    assert!(!zone.is_active(jiaxing(), hours(9.0).plus_millis(1)));
    let for_ever = Applicability::Periods(vec![Period { start: Some(hours(3.0)), ..Period::default() }]);
    assert_eq!(for_ever.windows(jiaxing(), Interval::ALWAYS), [Interval::new(hours(3.0), Instant::MAX)]);
}

#[test]
fn the_week_repeats_on_the_written_clock() {
    // Monday 06:00 in Jiaxing is still Sunday, 22:00, in UTC.
    let early = weekly(&[Day::Mon], clock(6.0, 8), clock(7.0, 8));
    assert_eq!(early.windows(jiaxing(), between(-24.0, 24.0)), [between(-2.0, -1.0)]);
    let weekend = weekly(&[Day::Sat, Day::Sun], clock(8.0, 0), clock(9.0, 0));
    let week = between(0.0, 7.0 * 24.0 - 0.001);
    assert_eq!(weekend.windows(jiaxing(), week), [between(128.0, 129.0), between(152.0, 153.0)]);
    assert!(weekly(&[], clock(8.0, 0), clock(9.0, 0)).windows(jiaxing(), week).is_empty());
}

#[test]
fn an_end_not_after_its_start_is_on_the_next_day() {
    let night = weekly(&[Day::Mon], clock(22.0, 0), clock(4.0, 0));
    assert_eq!(night.windows(jiaxing(), between(27.0, 27.0)), [between(22.0, 28.0)]);
    let around = weekly(&[Day::Mon], clock(8.0, 0), clock(8.0, 0));
    assert_eq!(around.windows(jiaxing(), between(0.0, 48.0)), [between(8.0, 32.0)]);
    let to_midnight = weekly(&[Day::Mon], clock(8.0, 0), clock(24.0, 0));
    assert_eq!(to_midnight.windows(jiaxing(), between(0.0, 48.0)), [between(8.0, 24.0)]);
}

#[test]
fn an_absent_edge_is_midnight() {
    assert_eq!(weekly(&[Day::Mon], None, None).windows(jiaxing(), between(1.0, 2.0)), [between(0.0, 24.0)]);
    assert_eq!(
        weekly(&[Day::Mon], clock(9.0, 0), None).windows(jiaxing(), between(1.0, 25.0)),
        [between(9.0, 24.0)]
    );
    assert_eq!(
        weekly(&[Day::Mon], None, clock(9.0, 0)).windows(jiaxing(), between(1.0, 25.0)),
        [between(0.0, 9.0)]
    );
    // Days that touch are one window.
    let any = weekly(&[Day::Any], None, None).windows(jiaxing(), between(0.0, 1.0));
    assert_eq!(any.len(), 1);
    assert!(any[0].start <= hours(-24.0) && any[0].end >= hours(48.0));
}

#[test]
fn a_schedule_is_cut_to_its_period() {
    let daily = Daily { days: vec![Day::Any], start: clock(6.0, 0), end: clock(18.0, 0) };
    let period = Period { start: Some(hours(10.0)), end: Some(hours(34.0)), schedule: vec![daily] };
    let zone = Applicability::Periods(vec![period]);
    assert_eq!(zone.windows(jiaxing(), Interval::ALWAYS), [between(10.0, 18.0), between(30.0, 34.0)]);
}

#[test]
fn sun_events_are_a_minute_wider_and_those_of_the_right_day() {
    let sun = |event| Some(DayEdge::Sun(event));
    let at = |day, event| sun::event(day, jiaxing(), event).unwrap();
    let daylight = weekly(&[Day::Mon], sun(SunEvent::Sr), sun(SunEvent::Ss));
    let expected = Interval::new(
        at(MONDAY, SunEvent::Sr).plus_millis(-SUN_TOLERANCE_MS),
        at(MONDAY, SunEvent::Ss).plus_millis(SUN_TOLERANCE_MS),
    );
    assert_eq!(daylight.windows(jiaxing(), between(-24.0, 48.0)), [expected]);
    // Sunrise in Jiaxing that day is at 06:28 and sunset at 16:58 by the clock of Beijing.
    assert!((expected.start.seconds_since(hours(-1.53))).abs() < 240.0, "{expected:?}");
    assert!((expected.end.seconds_since(hours(8.97))).abs() < 240.0, "{expected:?}");

    let night = weekly(&[Day::Mon], sun(SunEvent::Ss), sun(SunEvent::Sr));
    let windows = night.windows_with(jiaxing(), between(-24.0, 48.0), 0);
    assert_eq!(windows, [Interval::new(at(MONDAY, SunEvent::Ss), at(MONDAY + 1, SunEvent::Sr))]);

    let mixed = weekly(&[Day::Mon], clock(7.0, 8), sun(SunEvent::Eect));
    assert_eq!(
        mixed.windows_with(jiaxing(), between(-24.0, 48.0), -SUN_TOLERANCE_MS),
        [Interval::new(hours(-1.0), at(MONDAY, SunEvent::Eect).plus_millis(-SUN_TOLERANCE_MS))]
    );
}

#[test]
fn a_day_without_the_event_is_active_throughout() {
    let tromso = LonLat::new(18.96, 69.65).unwrap();
    let sun = |event| Some(DayEdge::Sun(event));
    let june = 20_624; // Saturday 2026-06-20: the sun does not set
    let day = sun::solar_day(june, tromso);
    let noon = Instant::from_millis(june * DAY_MS + DAY_MS / 2);
    let noons = Interval::new(noon, noon);
    for (start, end) in [
        (sun(SunEvent::Sr), sun(SunEvent::Ss)),
        (clock(10.0, 0), sun(SunEvent::Ss)),
        (sun(SunEvent::Sr), clock(15.0, 0)),
    ] {
        assert_eq!(weekly(&[Day::Sat], start, end).windows(tromso, noons), [day]);
    }
    // From sunset to 02:00: the night after belongs to it too.
    let night = weekly(&[Day::Sat], sun(SunEvent::Ss), clock(2.0, 0)).windows(tromso, noons);
    assert_eq!(night, [Interval::new(day.start, Instant::from_millis((june + 1) * DAY_MS + 2 * HOUR))]);
    // From sunset to sunrise: this day and the next.
    let night = weekly(&[Day::Sat], sun(SunEvent::Ss), sun(SunEvent::Sr)).windows(tromso, noons);
    assert_eq!(night, [Interval::new(day.start, sun::solar_day(june + 1, tromso).end)]);
}

#[test]
fn without_bounds_a_schedule_counts_as_always_active() {
    let zone = weekly(&[Day::Mon], clock(8.0, 0), clock(9.0, 0));
    assert_eq!(zone.windows(jiaxing(), Interval::ALWAYS), [Interval::ALWAYS]);
    let near_the_end = Interval::new(Instant::from_millis(i64::MAX - 1), Instant::MAX);
    zone.windows(jiaxing(), near_the_end); // ends, and does not overflow
    assert!(
        !zone.is_active(jiaxing(), Instant::MIN.max(Instant::from_millis(i64::MIN + 5)))
            || zone.span().is_some()
    );
}

fn edge() -> impl Strategy<Value = Option<DayEdge>> {
    let events = [SunEvent::Bmct, SunEvent::Sr, SunEvent::Ss, SunEvent::Eect];
    prop_oneof![
        Just(None),
        (0..=1440_u32, -14..=14_i16).prop_map(|(minute, offset)| Some(DayEdge::Clock(TimeOfDay {
            millis: minute * 60_000,
            offset_minutes: offset * 60
        }))),
        (0..4_usize).prop_map(move |i| Some(DayEdge::Sun(events[i]))),
    ]
}

fn day() -> impl Strategy<Value = Day> {
    let days = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri, Day::Sat, Day::Sun, Day::Any];
    (0..8_usize).prop_map(move |i| days[i])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// What it says about a short time is what it says about a long one: nothing near the edge of the search is missed.
    #[test]
    fn a_longer_look_finds_the_same(
        days in prop::collection::vec(day(), 1..3), start in edge(), end in edge(),
        lon in -180.0..180.0, lat in -89.0..89.0, at in 0.0..8760.0,
    ) {
        let zone = weekly(&days, start, end);
        let place = LonLat::new(lon, lat).unwrap();
        let here = Interval::new(hours(at), hours(at));
        let near = zone.windows(place, here);
        let far = zone.windows(place, Interval::new(hours(at - 400.0), hours(at + 400.0)));
        prop_assert_eq!(near.iter().any(|w| w.contains(hours(at))), far.iter().any(|w| w.contains(hours(at))));
        for windows in [&near, &far] {
            prop_assert!(windows.iter().all(|w| w.start <= w.end));
            prop_assert!(windows.windows(2).all(|pair| pair[0].end < pair[1].start));
        }
    }
}
