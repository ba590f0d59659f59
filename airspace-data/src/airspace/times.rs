//! Dates, times of day and periods of applicability, as ED-318 and ED-269 write them and as feeds really do.

use jiff::civil::Date;
use serde_json::Value;
use tianlu_engine::airspace::{Applicability, Daily, Day, DayEdge, Period, SunEvent, TimeOfDay};
use tianlu_engine::frame::Instant;

use super::findings::{At, Findings, describe};
use super::json::{Object, given, list, list_or_one, object, word};

const DAY_MS: i64 = 86_400_000;
const DATE_TIME: &str = "a date and time such as 2026-11-23T01:00:00Z";
const TIME: &str = "a time of day such as 17:00:00Z";

const DAYS: [(&str, Day); 8] = [
    ("MON", Day::Mon),
    ("TUE", Day::Tue),
    ("WED", Day::Wed),
    ("THU", Day::Thu),
    ("FRI", Day::Fri),
    ("SAT", Day::Sat),
    ("SUN", Day::Sun),
    ("ANY", Day::Any),
];

const EVENTS: [(&str, SunEvent); 4] =
    [("BMCT", SunEvent::Bmct), ("SR", SunEvent::Sr), ("SS", SunEvent::Ss), ("EECT", SunEvent::Eect)];

/// The spelling of a day.
pub(super) fn day_word(day: Day) -> &'static str {
    DAYS.iter().find(|(_, known)| *known == day).map_or("ANY", |(word, _)| word)
}

/// The spelling of a sun event.
pub(super) fn event_word(event: SunEvent) -> &'static str {
    EVENTS.iter().find(|(_, known)| *known == event).map_or("SR", |(word, _)| word)
}

/// A date and time of RFC 3339, also without seconds, and in UTC if no offset is written.
pub(crate) fn instant_of(text: &str) -> Option<Instant> {
    let text = text.trim();
    let (date, clock) = text.split_once(['T', 't', ' '])?;
    let time = time_of(clock)?;
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let date = Date::new(
        digits(year)?.try_into().ok()?,
        digits(month)?.try_into().ok()?,
        digits(day)?.try_into().ok()?,
    )
    .ok()?;
    let days = i64::from(date.since(Date::constant(1970, 1, 1)).ok()?.get_days());
    Some(Instant::from_millis(
        days * DAY_MS + i64::from(time.millis) - i64::from(time.offset_minutes) * 60_000,
    ))
}

/// A time of day, `hh:mm` with or without seconds, their fraction and an offset. `24:00` is the end of the day.
pub(crate) fn time_of(text: &str) -> Option<TimeOfDay> {
    let text = text.trim();
    let (clock, offset_minutes) = match text.find(['Z', 'z', '+', '-']) {
        Some(at) if text[at..].eq_ignore_ascii_case("z") => (&text[..at], 0),
        Some(at) => {
            let sign = if text[at..].starts_with('-') { -1 } else { 1 };
            let (hours, minutes) = text[at + 1..].split_once(':')?;
            let (hours, minutes) = (two_digits(hours, 23)?, two_digits(minutes, 59)?);
            (&text[..at], sign * i16::try_from(hours * 60 + minutes).ok()?)
        }
        None => (text, 0),
    };
    let mut parts = clock.split(':');
    let (hours, minutes) = (two_digits(parts.next()?, 24)?, two_digits(parts.next()?, 59)?);
    let (seconds, fraction) = match parts.next() {
        Some(rest) => match rest.split_once('.') {
            Some((whole, fraction)) => (two_digits(whole, 60)?, thousandths(fraction)?),
            None => (two_digits(rest, 60)?, 0),
        },
        None => (0, 0),
    };
    let millis = ((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction;
    (parts.next().is_none() && i64::from(millis) <= DAY_MS).then_some(TimeOfDay { millis, offset_minutes })
}

fn digits(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) { None } else { text.parse().ok() }
}

fn two_digits(text: &str, most: u32) -> Option<u32> {
    digits(text).filter(|number| text.len() == 2 && *number <= most)
}

fn thousandths(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let kept: String = text.chars().chain("00".chars()).take(3).collect();
    digits(&kept)
}

/// Reads a date and time that may be absent; an empty text counts as absent.
pub(crate) fn read_instant(object: &Object, name: &str, at: &At, findings: &mut Findings) -> Option<Instant> {
    let value = given(object, name).filter(|value| value.as_str() != Some(""))?;
    let found = value.as_str().and_then(instant_of);
    if found.is_none() {
        findings.fault(&at.member(name), describe(value), DATE_TIME);
    }
    found
}

/// Reads the periods of ED-318 `limitedApplicability`; none at all is always.
pub(super) fn read_periods(value: &Value, at: &At, findings: &mut Findings) -> Applicability {
    let periods = list(value, at, findings).unwrap_or_default();
    if periods.is_empty() {
        return Applicability::Always;
    }
    Applicability::Periods(
        periods
            .iter()
            .enumerate()
            .filter_map(|(index, period)| {
                let at = at.item(index);
                object(period, &at, findings).map(|period| read_period(period, &at, findings))
            })
            .collect(),
    )
}

/// Reads one period, its schedule under `schedule` or `dailyPeriod`.
pub(super) fn read_period(period: &Object, at: &At, findings: &mut Findings) -> Period {
    let start = read_instant(period, "startDateTime", at, findings);
    let end = read_instant(period, "endDateTime", at, findings);
    if let (Some(start), Some(end)) = (start, end)
        && end < start
    {
        let found = period.get("endDateTime").map(describe).unwrap_or_default();
        findings.fault(&at.member("endDateTime"), found, "an end that is not before startDateTime");
    }
    let mut schedule = Vec::new();
    for name in ["schedule", "dailyPeriod"] {
        let at = at.member(name);
        let Some(entries) = given(period, name).and_then(|value| list(value, &at, findings)) else {
            continue;
        };
        for (index, entry) in entries.iter().enumerate() {
            let at = at.item(index);
            if let Some(entry) = object(entry, &at, findings) {
                schedule.push(read_daily(entry, &at, findings));
            }
        }
    }
    for name in period.keys() {
        if !["startDateTime", "endDateTime", "schedule", "dailyPeriod", "permanent"].contains(&name.as_str())
        {
            findings.pass_over(&at.member(name));
        }
    }
    if schedule.iter().all(is_all_day) {
        schedule.clear();
    }
    Period { start, end, schedule }
}

/// Any day, all day: as good as no schedule.
fn is_all_day(daily: &Daily) -> bool {
    daily.days == [Day::Any] && daily.start.is_none() && daily.end.is_none()
}

fn read_daily(entry: &Object, at: &At, findings: &mut Findings) -> Daily {
    let mut days = Vec::new();
    if let Some(value) = given(entry, "day") {
        let at = at.member("day");
        for (index, day) in list_or_one(value).iter().enumerate() {
            days.extend(word(day, &DAYS, &at.item(index), findings));
        }
    }
    // An empty list of days, or none at all, means any.
    if days.is_empty() {
        days.push(Day::Any);
    }
    let start = read_edge(entry, "startTime", "startEvent", at, findings);
    let end = read_edge(entry, "endTime", "endEvent", at, findings);
    Daily { days, start, end }
}

fn read_edge(entry: &Object, time: &str, event: &str, at: &At, findings: &mut Findings) -> Option<DayEdge> {
    let of = |name| given(entry, name).filter(|value| value.as_str() != Some(""));
    match (of(time), of(event)) {
        (Some(value), None) => {
            let found = value.as_str().and_then(time_of);
            if found.is_none() {
                findings.fault(&at.member(time), describe(value), TIME);
            }
            found.map(DayEdge::Clock)
        }
        (None, Some(value)) => word(value, &EVENTS, &at.member(event), findings).map(DayEdge::Sun),
        (Some(_), Some(value)) => {
            findings.fault(&at.member(event), describe(value), format!("nothing, as {time} is given"));
            None
        }
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests;
