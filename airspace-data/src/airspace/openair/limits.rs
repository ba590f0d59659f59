//! Vertical limits as OpenAir writes them: `SFC`, `FL95`, `2500ft AGL`, `1500 MSL`, `UNL`.

use tianlu_engine::frame::{Agl, Amsl, Height};

/// A foot in metres.
const FOOT_M: f64 = 0.3048;

/// Beyond these a number is no height, metres.
const SENSIBLE_M: std::ops::RangeInclusive<f64> = -1000.0..=100_000.0;

/// What a limit is, for messages.
pub(super) const EXPECTED: &str = "a height such as 2500ft AGL, 1500 MSL, FL95, GND or UNL";

/// A limit: a height, or `None` for no limit at all.
///
/// A flight level counts as so many hundred feet above sea level, as in standard pressure. A number without a
/// reference is above sea level, one without a unit in feet.
pub(super) fn limit(text: &str) -> Option<Option<Height>> {
    let text: String =
        text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_ascii_uppercase();
    match text.as_str() {
        "GND" | "SFC" | "GROUND" | "SURFACE" => return Some(Some(Height::Agl(Agl::new(0.0).ok()?))),
        "MSL" | "AMSL" => return Some(Some(Height::Amsl(Amsl::new(0.0).ok()?))),
        "UNL" | "UNLIM" | "UNLIMITED" | "UNLTD" => return Some(None),
        _ => {}
    }
    if let Some(level) = text.strip_prefix("FL") {
        return amsl(number(level.strip_suffix("STD").unwrap_or(level))? * 100.0 * FOOT_M);
    }
    let end = text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(text.len());
    let (value, (metres, above_ground)) = (number(&text[..end])?, unit_and_reference(&text[end..])?);
    let value = if metres { value } else { value * FOOT_M };
    if above_ground { agl(value) } else { amsl(value) }
}

/// Is a unit metres, and does its reference count from the ground?
fn unit_and_reference(text: &str) -> Option<(bool, bool)> {
    const UNITS: [(&str, bool); 9] = [
        ("FEET", false),
        ("FT", false),
        ("F", false),
        ("METERS", true),
        ("METRES", true),
        ("METER", true),
        ("METRE", true),
        ("M", true),
        ("", false),
    ];
    const REFERENCES: [(&str, bool); 11] = [
        ("AGL", true),
        ("GND", true),
        ("SFC", true),
        ("ASFC", true),
        ("AGND", true),
        ("AMSL", false),
        ("MSL", false),
        ("ALT", false),
        ("QNH", false),
        ("STD", false),
        ("", false),
    ];
    UNITS.iter().find_map(|(unit, metres)| {
        let rest = text.strip_prefix(unit)?;
        let (_, above_ground) = REFERENCES.iter().find(|(reference, _)| *reference == rest)?;
        Some((*metres, *above_ground))
    })
}

fn amsl(metres: f64) -> Option<Option<Height>> {
    SENSIBLE_M.contains(&metres).then(|| Amsl::new(metres).ok().map(Height::Amsl))
}

fn agl(metres: f64) -> Option<Option<Height>> {
    SENSIBLE_M.contains(&metres).then(|| Agl::new(metres).ok().map(Height::Agl))
}

/// A number of digits, with a sign and a point at most.
fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'));
    plain.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_files_write() {
        for (text, metres, above_ground) in [
            ("SFC", 0.0, true),
            ("gnd", 0.0, true),
            ("MSL", 0.0, false),
            ("2500ft AGL", 762.0, true),
            ("2500 FT GND", 762.0, true),
            ("1500 MSL", 457.2, false),
            ("1500MSL", 457.2, false),
            ("4500ft", 1371.6, false),
            ("4500", 1371.6, false),
            ("0", 0.0, false),
            ("FL95", 2895.6, false),
            ("FL 095", 2895.6, false),
            ("3000m AMSL", 3000.0, false),
            ("300 M AGL", 300.0, true),
            ("500 M", 500.0, false),
            ("1607.611551ft AMSL", 490.000_000_744_8, false),
            ("5000 ft ALT", 1524.0, false),
            ("-100ft MSL", -30.48, false),
            ("1000 ft ASFC", 304.8, true),
        ] {
            let Some(Some(height)) = limit(text) else { panic!("{text} is not read") };
            assert!((height.metres() - metres).abs() < 1e-6, "{text}: {height:?}");
            assert_eq!(matches!(height, Height::Agl(_)), above_ground, "{text}");
        }
        assert_eq!([limit("UNL"), limit("unlim"), limit("UNLIMITED")], [Some(None); 3]);
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "FL",
            "FL ABC",
            "ft",
            "high",
            "1e9 ft",
            "99999999 ft",
            "2500 ft XYZ",
            "2500 yards",
            "1.2.3",
            "M",
            "+",
            "é",
        ] {
            assert_eq!(limit(text), None, "{text}");
        }
    }
}
