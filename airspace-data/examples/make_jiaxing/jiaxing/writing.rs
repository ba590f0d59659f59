//! Collections as text, one feature a line, so that a change shows in a diff.

use serde_json::{Value, json};
use tianlu_airspace_data::airspace::zone_to_ed318;
use tianlu_engine::airspace::Zone;

use super::texts;

/// Zones as an ED-318 collection.
pub(crate) fn zones(name: &str, zones: &[Zone]) -> String {
    let said = |en: &str, zh: &str| json!([{ "text": en, "lang": "en-GB" }, { "text": zh, "lang": "zh-CN" }]);
    let metadata = json!({
        "provider": said("Tianlu, bundled demonstration data", "天路,内置演示数据"),
        "description": said(texts::DISCLAIMER_EN, texts::DISCLAIMER_ZH),
    });
    collection(name, &json!({ "metadata": metadata }), zones.iter().map(zone_to_ed318))
}

/// A GeoJSON collection of features, with further members of the collection.
pub(crate) fn collection(name: &str, members: &Value, features: impl Iterator<Item = Value>) -> String {
    let mut text = format!("{{\n\"type\": \"FeatureCollection\",\n\"name\": {},\n", json!(name));
    for (key, value) in members.as_object().into_iter().flatten() {
        text.push_str(&format!("{}: {},\n", json!(key), line(value)));
    }
    let lines: Vec<String> = features.map(|feature| line(&feature)).collect();
    text.push_str(&format!("\"features\": [\n{}\n]\n}}\n", lines.join(",\n")));
    text
}

/// A value on one line with its keys sorted: the order of a map of `serde_json` hangs on how it was built.
pub(crate) fn line(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut keys: Vec<&String> = members.keys().collect();
            keys.sort_unstable();
            let members: Vec<_> =
                keys.iter().map(|key| format!("{}:{}", json!(key), line(&members[*key]))).collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(line).collect();
            format!("[{}]", items.join(","))
        }
        plain => plain.to_string(),
    }
}
