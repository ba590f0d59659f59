//! When a zone is active: periods, weekly schedules, and sunrise and sunset.

use super::sun;
use crate::frame::{Instant, Interval, LonLat};

/// When a zone is active (ED-318 `limitedApplicability`).
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Applicability {
    /// At all times.
    #[default]
    Always,
    /// In any of these periods; an empty list is never.
    Periods(Vec<Period>),
}

/// From a start to an end, and within them on a schedule.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Period {
    /// Since when; absent: since ever.
    pub start: Option<Instant>,
    /// Until when; absent: for ever.
    pub end: Option<Instant>,
    /// The times of day within it; empty: all the time.
    pub schedule: Vec<Daily>,
}

/// Times of day on some days of the week.
#[derive(Debug, Clone, PartialEq)]
pub struct Daily {
    /// On which days the times below begin.
    pub days: Vec<Day>,
    /// From when; absent: from midnight UTC.
    pub start: Option<DayEdge>,
    /// To when; absent: to midnight UTC at the day's end. An end not after its start is on the next day.
    pub end: Option<DayEdge>,
}

/// A day of the week, or any (ED-318 `day`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Day {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
    /// Every day.
    Any,
}

/// A time of day on the clock or by the sun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayEdge {
    /// On the clock.
    Clock(TimeOfDay),
    /// By the sun, at the zone's own place.
    Sun(SunEvent),
}

/// A time on the clock, in the offset from UTC that was written (0 if none). `24:00` is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeOfDay {
    /// Milliseconds after midnight of the clock, up to 86,400,000.
    pub millis: u32,
    /// The clock's offset from UTC in minutes, positive to the east.
    pub offset_minutes: i16,
}

/// An event of the sun (ED-318): begin of morning civil twilight, sunrise, sunset, end of evening civil twilight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SunEvent {
    /// Begin of morning civil twilight.
    Bmct,
    /// Sunrise.
    Sr,
    /// Sunset.
    Ss,
    /// End of evening civil twilight.
    Eect,
}

impl Applicability {
    /// The windows, sorted and disjoint, in which it is active and that meet `during`.
    ///
    /// Windows are not cut to `during`. `place` is the zone's own place, for the sun.
    pub fn windows(&self, place: LonLat, during: Interval) -> Vec<Interval> {
        let _ = (place, during, sun::SUN_TOLERANCE_MS, Instant::MIN);
        todo!()
    }
}
