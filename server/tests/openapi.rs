//! The API's document: as committed, and true.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use serde_json::Value;
use tianlu::http::{Code, openapi};

/// Run with `UPDATE_GOLDEN=1` to write the file anew after a change that is meant.
#[test]
fn the_document_is_the_committed_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let now = openapi().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap();
    let difference = now.lines().zip(committed.lines()).position(|(a, b)| a != b);
    assert!(
        now == committed,
        "openapi.json differs from line {difference:?} on; UPDATE_GOLDEN=1 writes it anew"
    );
}

#[test]
fn every_error_code_is_in_the_document_and_in_the_readme() {
    let document = openapi().info.description.unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let mut readme = std::fs::read_to_string(path).unwrap();
    let row =
        |code: &Code| format!("| {} | `{}` | {} |", code.status().as_u16(), code.as_str(), code.title());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let head = "| status | code | meaning |\n| --- | --- | --- |\n";
        let start = readme.find(head).unwrap() + head.len();
        let end = readme[start..].find("\n\n").map_or(readme.len(), |end| start + end + 1);
        let rows: String = Code::ALL.iter().map(|code| row(code) + "\n").collect();
        readme.replace_range(start..end, &rows);
        std::fs::write(path, &readme).unwrap();
    }
    for code in Code::ALL {
        let row = row(code);
        assert!(document.contains(&row), "{row}");
        assert!(readme.contains(&row), "{row}");
    }
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    let document: Value = serde_json::from_str(&openapi().to_json().unwrap()).unwrap();
    let mut waiting = vec![&document];
    let mut references = 0;
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    let target = document.pointer(reference.trim_start_matches('#'));
                    assert!(target.is_some(), "{reference}");
                    references += 1;
                }
                waiting.extend(members.values());
            }
            Value::Array(values) => waiting.extend(values),
            _ => {}
        }
    }
    assert!(references > 20, "{references}");
}
