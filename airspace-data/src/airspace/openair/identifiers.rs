//! Identifiers for zones whose format has none, unique within a file.

use std::collections::{BTreeMap, BTreeSet};

use tianlu_engine::airspace::Zone;

use crate::error::Warning;

/// The identifiers of a file that are taken.
#[derive(Default)]
pub(super) struct Identifiers {
    taken: BTreeSet<String>,
    /// The number to try next for a name.
    next: BTreeMap<String, u32>,
}

impl Identifiers {
    /// Gives each zone an identifier of its own; those that were written (`AI`) come first.
    pub(super) fn give(mut self, zones: &mut [Zone]) -> Vec<Warning> {
        let mut warnings = Vec::new();
        for zone in zones.iter_mut().filter(|zone| !zone.identifier.is_empty()) {
            let own = self.free(&zone.identifier);
            if own != zone.identifier {
                let text = format!("AI {}: another zone has it too, this one becomes {own}", zone.identifier);
                warnings.push(Warning {
                    index: None,
                    place: "line",
                    identifier: Some(zone.identifier.clone()),
                    text,
                });
                zone.identifier = own;
            }
        }
        for zone in zones.iter_mut().filter(|zone| zone.identifier.is_empty()) {
            zone.identifier = self.free(&slug(zone.name.first().map_or("", |name| &name.text)));
        }
        warnings
    }

    /// A name, or with the least number from 2 that makes it free; taken from now on.
    fn free(&mut self, name: &str) -> String {
        let next = self.next.entry(name.to_owned()).or_insert(2);
        let mut free = name.to_owned();
        while !self.taken.insert(free.clone()) {
            free = format!("{name}-{next}");
            *next += 1;
        }
        free
    }
}

/// The letters and digits of a name, with one hyphen for whatever lies between them.
fn slug(name: &str) -> String {
    let words: Vec<_> =
        name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "zone".to_owned() } else { words.join("-") }
}
