//! When a zone is active: periods, weekly schedules, and sunrise and sunset.

mod schedule;
#[cfg(test)]
mod tests;

use super::sun::SUN_TOLERANCE_MS;
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
///
/// A day is that of the clock in which an edge is written; for an event of the sun, the solar day at the zone's place.
/// Where that event does not happen on a day (polar day and night), the zone counts as active all that solar day.
#[derive(Debug, Clone, PartialEq)]
pub struct Daily {
    /// On which days the times below begin; empty: on none.
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

/// Schedules over a longer time than this are not unrolled day by day: some ten years.
const MOST_DAYS: i64 = 3_660;

impl Applicability {
    /// The windows, sorted and disjoint, in which it is active and that meet `during`.
    ///
    /// Windows are not cut to `during`, but those of a schedule are known only up to two days around it. `place` is the
    /// zone's own place, for the sun; windows bounded by the sun are [`SUN_TOLERANCE_MS`] longer there. A schedule
    /// asked about for more than ten years at once counts as active all the while: the safe side, and it ends.
    ///
    /// Cost: some 0.05 us for each day and entry of the schedule, 2 us with an event of the sun.
    ///
    /// ```
    /// use tianlu_engine::airspace::{Applicability, Daily, Day, DayEdge, Period, TimeOfDay};
    /// use tianlu_engine::frame::{Instant, Interval, LonLat};
    ///
    /// let clock = |hours: u32| DayEdge::Clock(TimeOfDay { millis: hours * 3_600_000, offset_minutes: 8 * 60 });
    /// let working_hours = Daily { days: vec![Day::Mon], start: Some(clock(8)), end: Some(clock(17)) };
    /// let zone = Applicability::Periods(vec![Period { schedule: vec![working_hours], ..Period::default() }]);
    /// let nanhu_lake = LonLat::new(120.76, 30.753).unwrap();
    ///
    /// let monday = Instant::from_seconds(1_795_392_000); // 2026-11-23T00:00:00Z, 08:00 in Jiaxing
    /// assert!(zone.is_active(nanhu_lake, monday));
    /// assert!(!zone.is_active(nanhu_lake, monday.plus_millis(-1)));
    /// let day = Interval::new(monday, monday.plus_millis(86_400_000));
    /// assert_eq!(zone.windows(nanhu_lake, day), [Interval::new(monday, monday.plus_millis(9 * 3_600_000))]);
    /// ```
    pub fn windows(&self, place: LonLat, during: Interval) -> Vec<Interval> {
        self.windows_with(place, during, SUN_TOLERANCE_MS)
    }

    /// Is it active at an instant? The same answer as [`Applicability::windows`].
    pub fn is_active(&self, place: LonLat, at: Instant) -> bool {
        self.windows(place, Interval::new(at, at)).iter().any(|window| window.contains(at))
    }

    /// From its first start to its last end, schedules apart; `None` if it is never active.
    pub fn span(&self) -> Option<Interval> {
        match self {
            Self::Always => Some(Interval::ALWAYS),
            Self::Periods(periods) => {
                let spans = periods.iter().map(Period::span).filter(|span| span.start <= span.end);
                spans.reduce(|a, b| Interval::new(a.start.min(b.start), a.end.max(b.end)))
            }
        }
    }

    /// The windows, those bounded by the sun longer there by a margin; a negative one makes them shorter.
    pub(crate) fn windows_with(&self, place: LonLat, during: Interval, sun_margin_ms: i64) -> Vec<Interval> {
        let Self::Periods(periods) = self else {
            return vec![Interval::ALWAYS];
        };
        let windows =
            periods.iter().flat_map(|period| period.windows(place, during, sun_margin_ms)).collect();
        let mut windows = Interval::union(windows);
        windows.retain(|window| window.meets(&during));
        windows
    }
}

impl Period {
    /// From its start to its end, its schedule apart.
    fn span(&self) -> Interval {
        Interval::new(self.start.unwrap_or(Instant::MIN), self.end.unwrap_or(Instant::MAX))
    }

    fn windows(&self, place: LonLat, during: Interval, sun_margin_ms: i64) -> Vec<Interval> {
        let span = self.span();
        if self.schedule.is_empty() {
            return common(span, span).into_iter().collect();
        }
        let Some(wanted) = common(span, during) else {
            return Vec::new();
        };
        let (first, last) = (schedule::day_of(wanted.start) - 4, schedule::day_of(wanted.end) + 3);
        if last - first > MOST_DAYS {
            return vec![span];
        }
        let days = first..=last;
        let daily = days.flat_map(|day| {
            self.schedule.iter().filter_map(move |entry| entry.window_on(day, place, sun_margin_ms))
        });
        daily.filter_map(|window| common(window, span)).collect()
    }
}

/// The time that two spans have in common.
fn common(a: Interval, b: Interval) -> Option<Interval> {
    let both = Interval::new(a.start.max(b.start), a.end.min(b.end));
    (both.start <= both.end).then_some(both)
}
