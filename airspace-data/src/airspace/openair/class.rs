//! What a class (`AC`) and a type (`AY`) of OpenAir mean for those who want to enter.

use tianlu_engine::airspace::Restriction::{self, Conditional, Prohibited, ReqAuthorization};

/// Class or type, what it asks, and what it is called.
///
/// OpenAir is written for aircraft with a pilot on board, so this is a choice, on the safe side: controlled airspace
/// and restricted areas take an authorization, what only warns or asks for equipment is a condition.
const MEANINGS: [(&str, Restriction, &str); 49] = [
    ("P", Prohibited, "prohibited area"),
    ("R", ReqAuthorization, "restricted area"),
    ("A", ReqAuthorization, "airspace class A"),
    ("B", ReqAuthorization, "airspace class B"),
    ("C", ReqAuthorization, "airspace class C"),
    ("D", ReqAuthorization, "airspace class D"),
    ("CTR", ReqAuthorization, "control zone"),
    ("MCTR", ReqAuthorization, "military control zone"),
    ("CTA", ReqAuthorization, "control area"),
    ("TMA", ReqAuthorization, "terminal control area"),
    ("MTMA", ReqAuthorization, "military terminal control area"),
    ("UTA", ReqAuthorization, "upper control area"),
    ("LTA", ReqAuthorization, "lower traffic area"),
    ("AWY", ReqAuthorization, "airway"),
    ("ATZ", ReqAuthorization, "aerodrome traffic zone"),
    ("MATZ", ReqAuthorization, "military aerodrome traffic zone"),
    ("HTZ", ReqAuthorization, "helicopter traffic zone"),
    ("TIZ", ReqAuthorization, "traffic information zone"),
    ("TRA", ReqAuthorization, "temporary reserved area"),
    ("TSA", ReqAuthorization, "temporary segregated area"),
    ("TFR", ReqAuthorization, "temporary flight restriction"),
    ("MTA", ReqAuthorization, "military training area"),
    ("MTR", ReqAuthorization, "military training route"),
    ("MOA", ReqAuthorization, "military operations area"),
    ("ADIZ", ReqAuthorization, "air defence identification zone"),
    ("PROHIBITED", Prohibited, "prohibited area"),
    ("RESTRICTED", ReqAuthorization, "restricted area"),
    ("E", Conditional, "airspace class E"),
    ("F", Conditional, "airspace class F"),
    ("G", Conditional, "airspace class G"),
    ("Q", Conditional, "danger area"),
    ("DANGER", Conditional, "danger area"),
    ("ALERT", Conditional, "alert area"),
    ("WARNING", Conditional, "warning area"),
    ("RMZ", Conditional, "radio mandatory zone"),
    ("TMZ", Conditional, "transponder mandatory zone"),
    ("W", Conditional, "wave flying window"),
    ("WAVE", Conditional, "wave flying window"),
    ("GP", Conditional, "closed to gliders"),
    ("GS", Conditional, "gliding sector"),
    ("GSEC", Conditional, "gliding sector"),
    ("GLIDING", Conditional, "gliding sector"),
    ("ASRA", Conditional, "aerial sporting or recreational activity"),
    ("TIA", Conditional, "traffic information area"),
    ("MBZ", Conditional, "mandatory broadcast zone"),
    ("OFR", Conditional, "overflight restriction"),
    ("FIR", Conditional, "flight information region"),
    ("UIR", Conditional, "upper flight information region"),
    ("FIS", Conditional, "flight information sector"),
];

/// Classes that leave it to the type.
const UNCLASSIFIED: [&str; 4] = ["UNC", "UKN", "UNCLASSIFIED", "NONE"];

/// What a zone of a class and perhaps a type asks.
pub(super) struct Meaning {
    /// The stricter of the two.
    pub(super) restriction: Restriction,
    /// What the stricter is called.
    pub(super) called: &'static str,
    /// The class or type that the table does not hold.
    pub(super) unknown: Option<String>,
}

/// What a zone of a class and perhaps a type asks: the stricter of the two, and an authorization if one is unknown.
pub(super) fn meaning(class: &str, kind: Option<&str>) -> Meaning {
    let look_up = |word: &str| MEANINGS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(word));
    let unclassified = |word: &str| UNCLASSIFIED.iter().any(|known| known.eq_ignore_ascii_case(word));
    let mut meaning: Option<(Restriction, &'static str)> = None;
    let mut unknown = None;
    for word in [Some(class), kind].into_iter().flatten() {
        let (restriction, called) = match look_up(word) {
            Some((_, restriction, called)) => (*restriction, *called),
            None if unclassified(word) => continue,
            None => {
                unknown.get_or_insert(word.to_owned());
                (ReqAuthorization, "of a class that is not known")
            }
        };
        if meaning.is_none_or(|(other, _)| strictness(restriction) > strictness(other)) {
            meaning = Some((restriction, called));
        }
    }
    let (restriction, called) = meaning.unwrap_or_else(|| {
        unknown = Some(class.to_owned());
        (ReqAuthorization, "without a class")
    });
    Meaning { restriction, called, unknown }
}

const fn strictness(restriction: Restriction) -> u8 {
    match restriction {
        Prohibited => 2,
        ReqAuthorization => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stricter_of_class_and_type() {
        for (class, kind, restriction, unknown) in [
            ("P", None, Prohibited, None),
            ("r", None, ReqAuthorization, None),
            ("CTR", None, ReqAuthorization, None),
            ("Q", None, Conditional, None),
            ("D", Some("TMA"), ReqAuthorization, None),
            ("G", Some("P"), Prohibited, None),
            ("P", Some("RMZ"), Prohibited, None),
            ("UNC", Some("TRA"), ReqAuthorization, None),
            ("UNC", Some("RMZ"), Conditional, None),
            ("UNC", None, ReqAuthorization, Some("UNC")),
            ("XYZ", None, ReqAuthorization, Some("XYZ")),
            ("G", Some("XYZ"), ReqAuthorization, Some("XYZ")),
        ] {
            let meaning = meaning(class, kind);
            assert_eq!(meaning.restriction, restriction, "{class} {kind:?}");
            assert_eq!(meaning.unknown.as_deref(), unknown, "{class} {kind:?}");
        }
    }

    #[test]
    fn no_word_stands_twice() {
        let mut words: Vec<_> = MEANINGS.iter().map(|(word, ..)| *word).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), MEANINGS.len());
    }
}
