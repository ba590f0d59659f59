//! Names, messages, reasons and authorities: what is written for people.

use serde_json::Value;
use tianlu_engine::airspace::{Authority, AuthorityPurpose, Mission, Missions, Text, YesNo};

use super::findings::{At, Findings, describe};
use super::json::{Object, given, list_or_one, object, one_of, optional_text, text, word};

/// The language code for "none given" (ISO 639-2), written where a standard insists on one.
pub(super) const NO_LANGUAGE: &str = "und";
/// The language code for "no words in here" (ISO 639-2): marks a name that stands in for one that is not known.
pub(super) const NO_WORDS: &str = "zxx";

/// The reasons that ED-318 knows.
const REASONS: [&str; 9] =
    ["AIR_TRAFFIC", "SENSITIVE", "PRIVACY", "POPULATION", "NATURE", "NOISE", "EMERGENCY", "DAR", "OTHER"];

const PURPOSES: [(&str, AuthorityPurpose); 3] = [
    ("AUTHORIZATION", AuthorityPurpose::Authorization),
    ("NOTIFICATION", AuthorityPurpose::Notification),
    ("INFORMATION", AuthorityPurpose::Information),
];
const YES_NO: [(&str, YesNo); 2] = [("YES", YesNo::Yes), ("NO", YesNo::No)];

/// The missions that a zone may exempt.
pub(super) const EXEMPTIBLE: [Mission; 3] = [Mission::Emergency, Mission::Rescue, Mission::State];

/// The spelling of a purpose.
pub(super) fn purpose_word(purpose: AuthorityPurpose) -> &'static str {
    PURPOSES.iter().find(|(_, known)| *known == purpose).map_or("INFORMATION", |(word, _)| word)
}

/// Reads texts with their languages; a plain text, or a list of them, counts as texts of no language.
pub(super) fn read_texts(object: &Object, name: &str, at: &At, findings: &mut Findings) -> Vec<Text> {
    let at = at.member(name);
    let Some(value) = given(object, name) else { return Vec::new() };
    let mut texts = Vec::new();
    for (index, entry) in list_or_one(value).iter().enumerate() {
        let at = if value.is_array() { at.item(index) } else { at };
        match entry {
            Value::String(text) if text.is_empty() => {}
            Value::String(text) => texts.push(Text { text: text.clone(), lang: String::new() }),
            Value::Object(entry) => {
                let lang = optional_text(entry, "lang", &at, findings).unwrap_or_default();
                if given(entry, "lang").is_none() && given(entry, "text").is_some() {
                    findings.warn(format!("{at}: has no lang: read as of no language"));
                }
                let words =
                    given(entry, "text").and_then(|value| self::text(value, &at.member("text"), findings));
                if let Some(text) = words {
                    let lang = if lang == NO_LANGUAGE { String::new() } else { lang };
                    texts.push(Text { text, lang });
                }
            }
            Value::Null => {}
            _ => findings.fault(&at, describe(entry), "a text, or {text, lang}"),
        }
    }
    texts
}

/// Reads the reasons of a zone; a word in another spelling (`Air traffic`) is known by its meaning.
pub(super) fn read_reasons(object: &Object, name: &str, at: &At, findings: &mut Findings) -> Vec<String> {
    let at = at.member(name);
    let Some(value) = given(object, name) else { return Vec::new() };
    let mut reasons = Vec::new();
    for (index, entry) in list_or_one(value).iter().enumerate() {
        let Some(word) = text(entry, &at.item(index), findings).filter(|word| !word.is_empty()) else {
            continue;
        };
        let standard = word.to_ascii_uppercase().replace(' ', "_");
        reasons.push(if REASONS.contains(&standard.as_str()) { standard } else { word });
    }
    reasons
}

/// Reads `regulationExemption`.
pub(super) fn read_yes_no(object: &Object, name: &str, at: &At, findings: &mut Findings) -> Option<YesNo> {
    given(object, name).and_then(|value| word(value, &YES_NO, &at.member(name), findings))
}

/// Reads a zone's authorities.
pub(super) fn read_authorities(properties: &Object, at: &At, findings: &mut Findings) -> Vec<Authority> {
    let at = at.member("zoneAuthority");
    let Some(value) = given(properties, "zoneAuthority") else { return Vec::new() };
    let mut authorities = Vec::new();
    for (index, entry) in list_or_one(value).iter().enumerate() {
        let at = if value.is_array() { at.item(index) } else { at };
        let Some(entry) = object(entry, &at, findings) else { continue };
        let authority = read_authority(entry, &at, findings);
        if authority != Authority::default() {
            authorities.push(authority);
        }
    }
    authorities
}

fn read_authority(entry: &Object, at: &At, findings: &mut Findings) -> Authority {
    let purpose =
        given(entry, "purpose").and_then(|value| word(value, &PURPOSES, &at.member("purpose"), findings));
    let url =
        ["siteURL", "siteUrl"].into_iter().find(|name| given(entry, name).is_some()).unwrap_or("siteURL");
    Authority {
        name: read_texts(entry, "name", at, findings),
        service: read_texts(entry, "service", at, findings),
        contact_name: read_texts(entry, "contactName", at, findings),
        site_url: optional_text(entry, url, at, findings),
        email: optional_text(entry, "email", at, findings),
        phone: optional_text(entry, "phone", at, findings),
        purpose: purpose.filter(|_| !stands_in(entry)),
        interval_before: optional_text(entry, "intervalBefore", at, findings),
    }
}

/// Does the authority carry the mark of a purpose that was filled in when it was written?
fn stands_in(entry: &Object) -> bool {
    given(entry, "name").is_some_and(|names| {
        list_or_one(names).iter().any(|name| name.get("lang").and_then(Value::as_str) == Some(NO_WORDS))
    })
}

/// Reads `extendedProperties`: the exempt missions, and what else is there as JSON text.
pub(super) fn read_extended(holder: &Object, at: &At, findings: &mut Findings) -> (Missions, Option<String>) {
    let at = at.member("extendedProperties");
    let Some(extended) = given(holder, "extendedProperties").and_then(|value| object(value, &at, findings))
    else {
        return (Missions::NONE, None);
    };
    let mut missions = Missions::NONE;
    if let Some(value) = given(extended, "exempt_missions") {
        let at = at.member("exempt_missions");
        for (index, entry) in list_or_one(value).iter().enumerate() {
            let known =
                entry.as_str().and_then(Mission::parse).filter(|mission| EXEMPTIBLE.contains(mission));
            match known {
                Some(mission) => missions = missions.with(mission),
                None => {
                    findings.fault(&at.item(index), describe(entry), one_of(&EXEMPTIBLE.map(Mission::as_str)))
                }
            }
        }
    }
    let rest: Object = extended
        .iter()
        .filter(|(name, _)| *name != "exempt_missions")
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    (missions, (!rest.is_empty()).then(|| Value::Object(rest).to_string()))
}
