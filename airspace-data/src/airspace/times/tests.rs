#![allow(clippy::unwrap_used, reason = "tests")]

use super::{instant_of, time_of};

#[test]
fn dates_and_times_are_read_as_feeds_write_them() {
    const NEW_YEAR: i64 = 1_767_225_600_000; // 2026-01-01T00:00:00Z
    for (text, millis) in [
        ("2026-01-01T00:00:00Z", NEW_YEAR),
        ("2026-01-01T00:00Z", NEW_YEAR),
        ("2026-01-01t00:00:00z", NEW_YEAR),
        ("2026-01-01 00:00:00", NEW_YEAR),
        ("2026-01-01T08:00:00+08:00", NEW_YEAR),
        ("2025-12-31T19:00:00-05:00", NEW_YEAR),
        ("2025-12-31T24:00:00Z", NEW_YEAR),
        ("2026-01-01T00:00:00.5Z", NEW_YEAR + 500),
        ("2026-01-01T00:00:00.123456Z", NEW_YEAR + 123),
        ("1969-12-31T23:59:59Z", -1000),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000),
        ("9999-12-31T23:59:59Z", 253_402_300_799_000),
    ] {
        assert_eq!(instant_of(text).unwrap().millis(), millis, "{text}");
    }
    for text in [
        "",
        "2026",
        "2026-01-01",
        "2026-02-29T00:00Z",
        "2026-13-01T00:00Z",
        "2026-01-01T24:01Z",
        "2026-1-1T00:00Z",
        "26-01-01T00:00Z",
        "2026-01-01T00:00:00+8",
        "2026-01-01T00:00:00ZZ",
        "+026-01-01T00:00Z",
        "٢٠٢٦-01-01T00:00Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:61Z",
        "T",
        "2026-01-01T",
        "-2026-01-01T00:00Z",
    ] {
        assert_eq!(instant_of(text), None, "{text}");
    }
}

#[test]
fn times_of_day_are_read_as_feeds_write_them() {
    for (text, millis, offset_minutes) in [
        ("06:00Z", 21_600_000, 0),
        ("17:00:00.00Z", 61_200_000, 0),
        ("23:59:59.00Z", 86_399_000, 0),
        ("24:00", 86_400_000, 0),
        ("24:00:00Z", 86_400_000, 0),
        ("00:00", 0, 0),
        ("08:30+08:00", 30_600_000, 480),
        ("08:30:00-03:30", 30_600_000, -210),
    ] {
        let time = time_of(text).unwrap();
        assert_eq!((time.millis, time.offset_minutes), (millis, offset_minutes), "{text}");
    }
    for text in [
        "",
        "6:00",
        "24:00:01",
        "25:00",
        "12:60",
        "12:00:00:00",
        "noon",
        "12",
        "12:00+1",
        "12:00 Z",
        "1２:00",
    ] {
        assert_eq!(time_of(text), None, "{text}");
    }
}
