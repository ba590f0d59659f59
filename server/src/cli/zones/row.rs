//! A zone in words, for a row of the table.

use serde_json::{Value, json};
use tianlu_engine::airspace::{
    Applicability, Daily, Day, DayEdge, Limits, Outline, Period, SunEvent, TimeOfDay, Zone,
};
use tianlu_engine::frame::{Height, Instant};

use super::area;

/// What the table says of a zone.
pub(super) struct Row {
    pub(super) identifier: String,
    pub(super) name: String,
    pub(super) restriction: &'static str,
    pub(super) layers: usize,
    pub(super) heights: Vec<String>,
    pub(super) when: Vec<String>,
    pub(super) outline: String,
    square_km: f64,
}

impl Row {
    pub(super) fn of(zone: &Zone) -> Self {
        let largest = zone.layers.iter().map(|layer| area::square_km(&layer.outline)).fold(0.0, f64::max);
        let mut heights: Vec<String> = zone.layers.iter().map(|layer| heights(&layer.limits)).collect();
        heights.dedup();
        Self {
            identifier: zone.identifier.clone(),
            name: zone.name.first().map(|name| name.text.clone()).unwrap_or_default(),
            restriction: zone.restriction.as_str(),
            layers: zone.layers.len(),
            heights,
            when: when(&zone.applicability),
            outline: outline(&zone.layers[0].outline, largest),
            square_km: largest,
        }
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "identifier": self.identifier,
            "name": self.name,
            "restriction": self.restriction,
            "layers": self.layers,
            "heights": self.heights,
            "when": self.when,
            "outline": self.outline,
            "square_km": self.square_km,
        })
    }
}

fn heights(limits: &Limits) -> String {
    let lower = limits.lower.map_or_else(|| "ground".to_owned(), height);
    let upper = limits.upper.map_or_else(|| "unlimited".to_owned(), height);
    format!("{lower} to {upper}")
}

fn height(height: Height) -> String {
    let reference = match height {
        Height::Amsl(_) => "AMSL",
        Height::Agl(_) => "AGL",
    };
    format!("{:.0} m {reference}", height.metres())
}

fn outline(outline: &Outline, square_km: f64) -> String {
    let size =
        if square_km >= 100.0 { format!("{square_km:.0} km²") } else { format!("{square_km:.2} km²") };
    match outline {
        Outline::Circle { radius_m, .. } => format!("{size}, circle of {radius_m:.0} m"),
        Outline::Polygons(polygons) => {
            let corners: usize = polygons.iter().map(|polygon| polygon.exterior.len() - 1).sum();
            format!("{size}, {corners} corners")
        }
    }
}

fn when(applicability: &Applicability) -> Vec<String> {
    match applicability {
        Applicability::Always => vec!["always".to_owned()],
        Applicability::Periods(periods) if periods.is_empty() => vec!["never".to_owned()],
        Applicability::Periods(periods) => periods.iter().map(period).collect(),
    }
}

fn period(period: &Period) -> String {
    let dates = match (period.start, period.end) {
        (None, None) => String::new(),
        (Some(start), None) => format!("from {}", clock(start)),
        (None, Some(end)) => format!("until {}", clock(end)),
        (Some(start), Some(end)) => format!("{} to {}", clock(start), clock(end)),
    };
    let schedule = period.schedule.iter().map(daily).collect::<Vec<_>>().join("; ");
    match (dates.is_empty(), schedule.is_empty()) {
        (true, true) => "always".to_owned(),
        (false, false) => format!("{dates}: {schedule}"),
        _ => dates + &schedule,
    }
}

fn daily(daily: &Daily) -> String {
    let any = daily.days.is_empty() || daily.days.contains(&Day::Any);
    let days =
        if any { "daily".to_owned() } else { daily.days.iter().map(day).collect::<Vec<_>>().join(" ") };
    match (daily.start, daily.end) {
        (None, None) => days,
        (start, end) => {
            let start = start.map_or_else(|| "00:00Z".to_owned(), edge);
            let end = end.map_or_else(|| "24:00Z".to_owned(), edge);
            format!("{days} {start}-{end}")
        }
    }
}

fn day(day: &Day) -> &'static str {
    match day {
        Day::Mon => "Mon",
        Day::Tue => "Tue",
        Day::Wed => "Wed",
        Day::Thu => "Thu",
        Day::Fri => "Fri",
        Day::Sat => "Sat",
        Day::Sun => "Sun",
        Day::Any => "daily",
    }
}

fn edge(edge: DayEdge) -> String {
    match edge {
        DayEdge::Clock(time) => time_of_day(time),
        DayEdge::Sun(SunEvent::Bmct) => "morning twilight".to_owned(),
        DayEdge::Sun(SunEvent::Sr) => "sunrise".to_owned(),
        DayEdge::Sun(SunEvent::Ss) => "sunset".to_owned(),
        DayEdge::Sun(SunEvent::Eect) => "evening twilight".to_owned(),
    }
}

fn time_of_day(time: TimeOfDay) -> String {
    let minutes = time.millis / 60_000;
    let zone = match time.offset_minutes {
        0 => "Z".to_owned(),
        offset => {
            let sign = if offset < 0 { '-' } else { '+' };
            let offset = offset.unsigned_abs();
            format!("{sign}{:02}:{:02}", offset / 60, offset % 60)
        }
    };
    format!("{:02}:{:02}{zone}", minutes / 60, minutes % 60)
}

fn clock(instant: Instant) -> String {
    jiff::Timestamp::from_millisecond(instant.millis())
        .map_or_else(|_| "ever".to_owned(), |time| time.strftime("%Y-%m-%d %H:%MZ").to_string())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use tianlu_engine::frame::{Agl, Amsl};

    use super::*;

    #[test]
    fn limits_read_from_ground_to_unlimited() {
        let mut limits = Limits::UNBOUNDED;
        assert_eq!(heights(&limits), "ground to unlimited");
        limits.lower = Some(Height::Agl(Agl::new(60.0).unwrap()));
        limits.upper = Some(Height::Amsl(Amsl::new(300.0).unwrap()));
        assert_eq!(heights(&limits), "60 m AGL to 300 m AMSL");
    }

    #[test]
    fn a_schedule_reads_as_days_and_times() {
        let time = |hour: u32, offset_minutes| {
            Some(DayEdge::Clock(TimeOfDay { millis: hour * 3_600_000, offset_minutes }))
        };
        let working = Daily { days: vec![Day::Mon, Day::Fri], start: time(8, 480), end: time(18, 480) };
        let night = Daily { days: vec![Day::Any], start: Some(DayEdge::Sun(SunEvent::Ss)), end: time(24, 0) };
        let limited = Period {
            start: Some(Instant::from_seconds(1_795_392_000)),
            end: None,
            schedule: vec![working, night],
        };
        let text = when(&Applicability::Periods(vec![limited]));
        assert_eq!(text, ["from 2026-11-23 00:00Z: Mon Fri 08:00+08:00-18:00+08:00; daily sunset-24:00Z"]);
        assert_eq!(when(&Applicability::Always), ["always"]);
        assert_eq!(when(&Applicability::Periods(Vec::new())), ["never"]);
    }
}
