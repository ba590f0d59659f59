//! Sunrise, sunset and civil twilight at a place.
//!
//! Position of the sun: Meeus, "Astronomical Algorithms" (1998), chapters 25 (low accuracy) and 28. Against the full
//! theory (NREL's SPA) events are within 20 s up to 60 degrees of latitude.

use super::SunEvent;
use crate::frame::{Instant, Interval, LonLat};

/// Published sun tables differ by up to a minute. A window bounded by a sun event is widened by this much there: to
/// the safe side.
pub const SUN_TOLERANCE_MS: i64 = 60_000;

/// Milliseconds of a day.
pub(super) const DAY_MS: i64 = 86_400_000;

/// Half the solar day.
const HALF_DAY_MS: i64 = DAY_MS / 2;

/// The sun turns by a degree in so many milliseconds.
const MS_PER_DEGREE: f64 = 240_000.0;

impl SunEvent {
    /// The altitude of the sun's centre, degrees: refraction and semi-diameter at sunrise, 6 degrees at civil twilight.
    const fn altitude_deg(self) -> f64 {
        match self {
            Self::Sr | Self::Ss => -0.833,
            Self::Bmct | Self::Eect => -6.0,
        }
    }

    /// Does it happen before noon?
    pub(super) const fn is_morning(self) -> bool {
        matches!(self, Self::Sr | Self::Bmct)
    }
}

/// The local solar day at a place, for a calendar day counted from 1970-01-01: mean noon there, half a day to each side.
pub(super) fn solar_day(day: i64, place: LonLat) -> Interval {
    let noon = noon_ms(day, place);
    Interval::new(
        Instant::from_millis(noon.saturating_sub(HALF_DAY_MS)),
        Instant::from_millis(noon.saturating_add(HALF_DAY_MS)),
    )
}

/// When the event happens on the local solar day; `None` where the sun does not cross that altitude on it.
pub(super) fn event(day: i64, place: LonLat, event: SunEvent) -> Option<Instant> {
    let noon = noon_ms(day, place);
    let latitude = place.lat().to_radians();
    let altitude = event.altitude_deg().to_radians();
    let side = if event.is_morning() { -1.0 } else { 1.0 };
    let mut after_noon_ms = 0.0;
    // The sun moves on while we look for it: each round is some hundred times nearer.
    for _ in 0..4 {
        let sun = Sun::at(noon as f64 + after_noon_ms);
        let cosine = (altitude.sin() - latitude.sin() * sun.declination.sin())
            / (latitude.cos() * sun.declination.cos());
        if !(-1.0..=1.0).contains(&cosine) {
            return None;
        }
        after_noon_ms = (side * cosine.acos().to_degrees() - sun.equation_of_time_deg) * MS_PER_DEGREE;
    }
    Some(Instant::from_millis(noon.saturating_add(after_noon_ms.round() as i64)))
}

fn noon_ms(day: i64, place: LonLat) -> i64 {
    let west_ms = (place.lon() * MS_PER_DEGREE).round() as i64;
    day.saturating_mul(DAY_MS).saturating_add(HALF_DAY_MS).saturating_sub(west_ms)
}

/// Where the sun is.
struct Sun {
    /// Radians north of the equator.
    declination: f64,
    /// How far the true sun is ahead of the mean one, degrees.
    equation_of_time_deg: f64,
}

impl Sun {
    fn at(unix_ms: f64) -> Self {
        let days = unix_ms / DAY_MS as f64 - 10_957.5; // since 2000-01-01T12:00Z
        let century = days / 36_525.0;
        let mean_longitude = 280.466_46 + century * (36_000.769_83 + century * 0.000_303_2);
        let anomaly = (357.529_11 + century * (35_999.050_29 - century * 0.000_153_7)).to_radians();
        let centre = (1.914_602 - century * (0.004_817 + century * 0.000_014)) * anomaly.sin()
            + (0.019_993 - century * 0.000_101) * (2.0 * anomaly).sin()
            + 0.000_289 * (3.0 * anomaly).sin();
        let node = (125.04 - 1_934.136 * century).to_radians();
        let nutation = -0.004_78 * node.sin();
        let longitude = (mean_longitude + centre - 0.005_69 + nutation).to_radians();
        let obliquity = (23.439_291 - 0.013_004_2 * century + 0.002_56 * node.cos()).to_radians();
        let ascension = (obliquity.cos() * longitude.sin()).atan2(longitude.cos()).to_degrees();
        let ahead = mean_longitude - 0.005_718_3 - ascension + nutation * obliquity.cos();
        Self {
            declination: (obliquity.sin() * longitude.sin()).asin(),
            equation_of_time_deg: (ahead + 180.0).rem_euclid(360.0) - 180.0,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;
    use solar_positioning::{Horizon, Location, SolarEvents};

    use super::*;

    fn place(lon: f64, lat: f64) -> LonLat {
        LonLat::new(lon, lat).unwrap()
    }

    /// Reda and Andreas, "Solar Position Algorithm for Solar Radiation Applications" (NREL/TP-560-34302), the example
    /// of 17 October 2003 at Golden, Colorado, seven hours behind UTC: sunrise 06:12:43; sunset 17:20:19, that of the day
    /// before, which falls on the same day in UTC.
    #[test]
    fn golden_colorado() {
        let golden = place(-105.1786, 39.742_476);
        let day = 12_342;
        let at = |day, h: i64, m: i64, s: i64| day * DAY_MS + ((h + 7) * 3600 + m * 60 + s) * 1000;
        let published =
            [(SunEvent::Sr, day, at(day, 6, 12, 43)), (SunEvent::Ss, day - 1, at(day - 1, 17, 20, 19))];
        for (kind, day, expected) in published {
            let found = event(day, golden, kind).unwrap().millis();
            assert!((found - expected).abs() < 10_000, "{kind:?}: {} ms off", found - expected);
        }
    }

    #[test]
    fn no_events_in_polar_day_and_night() {
        let tromso = place(18.96, 69.65);
        let (june, december) = (20_624, 20_807); // 2026-06-20, 2026-12-20
        for day in [june, december] {
            assert_eq!(event(day, tromso, SunEvent::Sr), None);
            assert_eq!(event(day, tromso, SunEvent::Ss), None);
        }
        // Civil twilight remains in the polar night.
        assert!(
            event(december, tromso, SunEvent::Bmct).unwrap()
                < event(december, tromso, SunEvent::Eect).unwrap()
        );
        for pole in [90.0, -90.0] {
            assert_eq!(event(june, place(0.0, pole), SunEvent::Sr), None);
        }
    }

    #[test]
    fn far_days_do_not_overflow() {
        for day in [i64::MIN, -1_000_000_000_000, 1_000_000_000_000, i64::MAX] {
            let there = solar_day(day, place(-180.0, 10.0));
            assert!(there.start <= there.end);
            event(day, place(180.0, 10.0), SunEvent::Eect);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// SPA is good to 0.0003 degrees, some 0.1 s. The low accuracy theory is good to 0.01 degrees of longitude, and
        /// the sun rises at least at a seventh of its speed here: well within 20 s.
        #[test]
        fn agrees_with_spa(lon in -180.0..180.0, lat in -60.0..60.0, day in 18_000_i64..30_000) {
            let all = [SunEvent::Bmct, SunEvent::Sr, SunEvent::Ss, SunEvent::Eect];
            for kind in all {
                let there = solar_day(day, place(lon, lat));
                let noon = (there.start.millis() + there.end.millis()) / 2;
                let julian = |ms: i64| ms as f64 / DAY_MS as f64 + 2_440_587.5;
                let location = Location { latitude: lat, longitude: lon };
                let horizon = match kind {
                    SunEvent::Sr | SunEvent::Ss => Horizon::SunriseSunset,
                    SunEvent::Bmct | SunEvent::Eect => Horizon::CivilTwilight,
                };
                let events = SolarEvents::new();
                let truth = if kind.is_morning() {
                    events.next_rise_from_julian(julian(noon - DAY_MS / 2), julian(noon), location, 70.0, horizon)
                } else {
                    events.next_set_from_julian(julian(noon), julian(noon + DAY_MS / 2), location, 70.0, horizon)
                };
                // In midsummer nights at 60 degrees dusk may fall beyond mean midnight.
                if let Some(truth) = truth.unwrap() {
                    let found = event(day, place(lon, lat), kind).unwrap().millis();
                    let off = found as f64 - (truth - 2_440_587.5) * DAY_MS as f64;
                    prop_assert!(off.abs() < 20_000.0, "{kind:?}: {off} ms off");
                }
            }
        }
    }
}
