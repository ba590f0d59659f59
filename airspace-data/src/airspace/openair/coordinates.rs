//! Coordinates as OpenAir writes them: `52:51:00 N 005:30:30 E`, `52:51.5N 005:30.5E`, `525100N 0053030E`.

use tianlu_engine::frame::LonLat;

/// The place that a text begins with, and what follows it.
///
/// Degrees, minutes and seconds stand between colons, the last of them may have decimals; or without colons as
/// `DDMMSS`. Minutes and seconds are below 60.
pub(super) fn place(text: &str) -> Option<(LonLat, &str)> {
    let (lat, rest) = angle(text, ('N', 'S'), 2)?;
    let (lon, rest) = angle(rest.trim_start_matches([' ', '\t', ',']), ('E', 'W'), 3)?;
    Some((LonLat::new(lon, lat).ok()?, rest))
}

/// The place that a text is.
pub(super) fn only_place(text: &str) -> Option<LonLat> {
    place(text).filter(|(_, rest)| rest.trim().is_empty()).map(|(place, _)| place)
}

/// Two places with a comma (or blanks) between them.
pub(super) fn two_places(text: &str) -> Option<(LonLat, LonLat)> {
    let (first, rest) = place(text)?;
    Some((first, only_place(rest.trim_start_matches([' ', '\t', ',']))?))
}

/// The degrees up to a letter of the compass, and what follows it.
fn angle(text: &str, (plus, minus): (char, char), digits: usize) -> Option<(f64, &str)> {
    let end = text.find(|letter: char| letter.is_ascii_alphabetic())?;
    let letter = text[end..].chars().next()?.to_ascii_uppercase();
    let sign = if letter == plus {
        1.0
    } else if letter == minus {
        -1.0
    } else {
        return None;
    };
    let written = text[..end].trim();
    let degrees =
        if written.contains(':') { sexagesimal(written.split(':'))? } else { compact(written, digits)? };
    Some((sign * degrees, &text[end + 1..]))
}

/// Degrees, then minutes, then seconds.
fn sexagesimal<'t>(parts: impl Iterator<Item = &'t str>) -> Option<f64> {
    let parts: Vec<_> = parts.map(str::trim).collect();
    if parts.len() > 3 {
        return None;
    }
    let (mut degrees, mut unit) = (0.0, 1.0);
    for (index, part) in parts.iter().enumerate() {
        let is_last = index + 1 == parts.len();
        let number = if is_last { decimal(part)? } else { whole(part)? };
        if index > 0 && number >= 60.0 {
            return None;
        }
        degrees += number / unit;
        unit *= 60.0;
    }
    Some(degrees)
}

/// `DDMMSS.ss`, `DDMM.mm` or `DD.dd`, with so many digits for the degrees.
fn compact(written: &str, digits: usize) -> Option<f64> {
    let whole_digits = written.find('.').unwrap_or(written.len());
    if !written.is_ascii() || whole_digits <= digits {
        return decimal(written);
    }
    let (degrees, rest) = written.split_at(digits);
    match whole_digits - digits {
        2 => sexagesimal([degrees, rest].into_iter()),
        4 => sexagesimal([degrees, &rest[..2], &rest[2..]].into_iter()),
        _ => None,
    }
}

fn whole(text: &str) -> Option<f64> {
    let digits = !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

/// A number of digits with at most one point among them, no sign and no exponent.
fn decimal(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    (plain && begins).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn near(text: &str, lon: f64, lat: f64) {
        let place = only_place(text).unwrap_or_else(|| panic!("{text} is not read"));
        assert!((place.lon() - lon).abs() < 1e-12 && (place.lat() - lat).abs() < 1e-12, "{text}: {place:?}");
    }

    #[test]
    fn reads_what_files_write() {
        near("52:51:00 N 005:30:36 E", 5.51, 52.85);
        near("52:51:00N 5:30:36W", -5.51, 52.85);
        near("52:51:00N005:30:36E", 5.51, 52.85);
        near(" 29:58.917 S  081:59.5 w ", -(81.0 + 59.5 / 60.0), -(29.0 + 58.917 / 60.0));
        near(
            "45:49:51.5 N 008:42:58.25 E",
            8.0 + 42.0 / 60.0 + 58.25 / 3600.0,
            45.0 + 49.0 / 60.0 + 51.5 / 3600.0,
        );
        near("265644.00N 0500434.00E", 50.0 + 4.0 / 60.0 + 34.0 / 3600.0, 26.0 + 56.0 / 60.0 + 44.0 / 3600.0);
        near("5251N 00530.6E", 5.51, 52.85);
        near("52.85 N 5.51 E", 5.51, 52.85);
        near("52.85 N, 5.51 E", 5.51, 52.85);
        let (first, second) = two_places("52:00:00 N 005:00:00 E , 53:00:00 N 006:00:00 E").unwrap();
        assert_eq!((first.lat(), second.lon()), (52.0, 6.0));
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "N E",
            "42:60:00 N 000:41:00 W",
            "42:00:60 N 001:00:00 W",
            "45:49:51 N 008:42:",
            "91:00:00 N 000:00:00 E",
            "45:00:00 N 181:00:00 E",
            "45:00:00 E 008:00:00 N",
            "-45:00:00 N 008:00:00 E",
            "45:00:00:00 N 008:00:00 E",
            "45:00:00 N 008:00:00 E x",
            "4e1 N 008:00:00 E",
            "45.5:00 N 008:00:00 E",
            "45:é0:00 N 008:00:00 E",
            "52 51 00 N 005 30 30 E",
            "525é00N 0053030E",
            "1234567N 0053030E",
        ] {
            assert_eq!(only_place(text), None, "{text}");
        }
    }
}
