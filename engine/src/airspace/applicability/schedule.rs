//! One entry of a schedule on one day.

use super::{Daily, Day, DayEdge};
use crate::airspace::sun::{self, DAY_MS};
use crate::frame::{Instant, Interval, LonLat};

/// The days of the week, as days since 1970-01-01 (a Thursday) count them.
const WEEK: [Day; 7] = [Day::Thu, Day::Fri, Day::Sat, Day::Sun, Day::Mon, Day::Tue, Day::Wed];

/// The calendar day of an instant in UTC, counted from 1970-01-01.
pub(super) fn day_of(instant: Instant) -> i64 {
    instant.millis().div_euclid(DAY_MS)
}

/// An edge of a window.
struct Moment {
    at: Instant,
    /// The solar day on which the event that it stands for does not happen: all of it counts as active.
    missed: Option<Interval>,
}

impl Daily {
    /// The window that begins on a day, if there is one.
    pub(super) fn window_on(&self, day: i64, place: LonLat, sun_margin_ms: i64) -> Option<Interval> {
        let weekday = WEEK[day.rem_euclid(7) as usize];
        if !self.days.iter().any(|named| matches!(named, Day::Any) || *named == weekday) {
            return None;
        }
        let start = moment(self.start, day, 0, place);
        let end = self.end_after(start.at, day, place);
        let margin = |edge, moment: &Moment| {
            let happens = matches!(edge, Some(DayEdge::Sun(_))) && moment.missed.is_none();
            if happens { sun_margin_ms } else { 0 }
        };
        let mut window = Interval::new(
            start.at.plus_millis(-margin(self.start, &start)),
            end.at.plus_millis(margin(self.end, &end)),
        );
        for solar_day in [start.missed, end.missed].into_iter().flatten() {
            window = Interval::new(window.start.min(solar_day.start), window.end.max(solar_day.end));
        }
        (window.start <= window.end).then_some(window)
    }

    /// The end on that day, or on the first later one that puts it after the start.
    fn end_after(&self, start: Instant, day: i64, place: LonLat) -> Moment {
        let mut ends = (day..day.saturating_add(3)).map(|day| moment(self.end, day, DAY_MS, place));
        // Two clocks may be a day apart, never two: beyond that, a day is as good as any.
        let after = |end: &Moment| end.at > start || (end.missed.is_some() && end.at == start);
        ends.find(after).unwrap_or(Moment { at: start.plus_millis(DAY_MS), missed: None })
    }
}

/// When an edge falls on a day; one that is not written, so long after midnight UTC.
///
/// An event that does not happen is put where the day would have it: in the morning at the solar day's start, in the
/// evening at its end.
fn moment(edge: Option<DayEdge>, day: i64, absent_ms: i64, place: LonLat) -> Moment {
    let after_midnight = |millis: i64| {
        let at = Instant::from_millis(day.saturating_mul(DAY_MS).saturating_add(millis));
        Moment { at, missed: None }
    };
    match edge {
        None => after_midnight(absent_ms),
        Some(DayEdge::Clock(clock)) => {
            after_midnight(i64::from(clock.millis) - i64::from(clock.offset_minutes) * 60_000)
        }
        Some(DayEdge::Sun(event)) => match sun::event(day, place, event) {
            Some(at) => Moment { at, missed: None },
            None => {
                let solar_day = sun::solar_day(day, place);
                let at = if event.is_morning() { solar_day.start } else { solar_day.end };
                Moment { at, missed: Some(solar_day) }
            }
        },
    }
}
