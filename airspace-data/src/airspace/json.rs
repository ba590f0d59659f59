//! Values out of JSON, each refused with its path if it is of another kind.

use serde_json::{Map, Value};

use super::findings::{At, Findings, describe, quoted};

pub(crate) type Object = Map<String, Value>;

/// A member that is there and not null.
pub(crate) fn given<'v>(object: &'v Object, name: &str) -> Option<&'v Value> {
    object.get(name).filter(|value| !value.is_null())
}

/// An object, else a fault.
pub(crate) fn object<'v>(value: &'v Value, at: &At, findings: &mut Findings) -> Option<&'v Object> {
    let found = value.as_object();
    if found.is_none() {
        findings.fault(at, describe(value), "an object");
    }
    found
}

/// A list, else a fault.
pub(crate) fn list<'v>(value: &'v Value, at: &At, findings: &mut Findings) -> Option<&'v [Value]> {
    let found = value.as_array().map(Vec::as_slice);
    if found.is_none() {
        findings.fault(at, describe(value), "a list");
    }
    found
}

/// A list; a value by itself counts as a list of one.
pub(crate) fn list_or_one(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

/// A text, else a fault.
pub(crate) fn text(value: &Value, at: &At, findings: &mut Findings) -> Option<String> {
    let found = value.as_str().map(str::to_owned);
    if found.is_none() {
        findings.fault(at, describe(value), "a text");
    }
    found
}

/// The text of a member that may be absent; an empty one counts as absent.
pub(crate) fn optional_text(object: &Object, name: &str, at: &At, findings: &mut Findings) -> Option<String> {
    let value = given(object, name)?;
    text(value, &at.member(name), findings).filter(|text| !text.is_empty())
}

/// A finite number, also one written as a text, else a fault.
pub(crate) fn number(value: &Value, at: &At, findings: &mut Findings) -> Option<f64> {
    let found = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let finite = found.filter(|number| number.is_finite());
    if finite.is_none() {
        findings.fault(at, describe(value), "a finite number");
    }
    finite
}

/// One out of a closed list of words, else a fault. Case does not matter.
pub(crate) fn word<T: Copy>(
    value: &Value,
    words: &[(&str, T)],
    at: &At,
    findings: &mut Findings,
) -> Option<T> {
    let found = value
        .as_str()
        .and_then(|text| words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text.trim())))
        .map(|(_, meaning)| *meaning);
    if found.is_none() {
        let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        findings.fault(at, describe(value), one_of(&known));
    }
    found
}

/// `A, B or C`.
pub(crate) fn one_of(words: &[&str]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [only] => (*only).to_owned(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}

/// An identifier: a text that is not empty, or a whole number written as one.
pub(crate) fn identifier(value: &Value, at: &At, findings: &mut Findings) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        Value::String(text) => {
            findings.fault(at, quoted(text), "an identifier");
            None
        }
        _ => {
            findings.fault(at, describe(value), "an identifier, a text");
            None
        }
    }
}
