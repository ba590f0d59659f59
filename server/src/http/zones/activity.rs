//! Is a zone active at some time of an interval?

use tianlu_engine::airspace::{Applicability, Daily, DayEdge, Period, Zone};
use tianlu_engine::frame::{Instant, Interval};

const DAY_MS: i64 = 86_400_000;

/// Is the zone active at some instant of the interval? Its ends may be the ends of time.
pub(in crate::http) fn is_active(zone: &Zone, during: Interval) -> bool {
    match &zone.applicability {
        Applicability::Always => true,
        Applicability::Periods(periods) => periods.iter().any(|period| meets(zone, period, during)),
    }
}

/// A schedule comes round each week, so a week of it (a year, with the sun in it) tells for all time.
fn meets(zone: &Zone, period: &Period, during: Interval) -> bool {
    let start = during.start.max(period.start.unwrap_or(Instant::MIN));
    let end = during.end.min(period.end.unwrap_or(Instant::MAX));
    if start > end || period.schedule.is_empty() {
        return start <= end;
    }
    let by_sun = |daily: &Daily| {
        matches!(daily.start, Some(DayEdge::Sun(_))) || matches!(daily.end, Some(DayEdge::Sun(_)))
    };
    let round_ms = if period.schedule.iter().any(by_sun) { 366 * DAY_MS } else { 8 * DAY_MS };
    let looked_at = match (start, end) {
        (Instant::MIN, Instant::MAX) => {
            Interval::new(Instant::from_millis(0), Instant::from_millis(round_ms))
        }
        (Instant::MIN, end) => Interval::new(end.plus_millis(-round_ms), end),
        (start, end) => Interval::new(start, end.min(start.plus_millis(round_ms))),
    };
    let place = zone.layers[0].outline.place();
    !Applicability::Periods(vec![period.clone()]).windows(place, looked_at).is_empty()
}
