//! What was asked, and what the server answered.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Report;

/// A flight as its client knows it.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The request.
    pub(super) body: Value,
    /// How often it was asked for.
    pub(super) tries: usize,
    /// The plan's trajectory, once it was answered with 201.
    pub(super) trajectory: Option<Value>,
    /// It was answered that there is no plan.
    pub(super) refused: bool,
    /// The last state that was asked for and answered.
    pub(super) state: Option<&'static str>,
    /// A state that was asked for and not answered.
    pub(super) asked: Option<&'static str>,
    /// The time of the last position that was answered, milliseconds since 1970.
    pub(super) position_ms: Option<i64>,
    /// The plan's record as it was first found in the store.
    pub(super) stored: Option<String>,
}

impl Entry {
    pub(super) fn of(body: Value) -> Self {
        let (trajectory, stored) = (None, None);
        Self {
            body,
            tries: 0,
            trajectory,
            refused: false,
            state: None,
            asked: None,
            position_ms: None,
            stored,
        }
    }

    pub(super) fn is_accepted(&self) -> bool {
        self.trajectory.is_some()
    }
}

/// A request without an answer is repeated until it was asked for so often.
const TRIES: usize = 3;

/// What one client did in one round.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) entries: BTreeMap<String, Entry>,
    pub(super) positions: usize,
    pub(super) unanswered: usize,
}

/// All flights that were asked for.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) entries: BTreeMap<String, Entry>,
    /// Those of the last round.
    pub(super) last: Vec<String>,
    /// The server's revision when it was last seen.
    pub(super) revision: u64,
    positions: usize,
    unanswered: usize,
}

impl Ledger {
    pub(super) fn take(&mut self, book: Book) {
        self.positions += book.positions;
        self.unanswered += book.unanswered;
        self.last.extend(book.entries.keys().cloned());
        for (id, entry) in book.entries {
            // What was found of a flight before its answer holds for the answer to the repeated call too.
            let before = self.entries.remove(&id);
            let tries = entry.tries + before.as_ref().map_or(0, |before| before.tries);
            let stored = before.and_then(|before| before.stored);
            self.entries.insert(id, Entry { stored, tries, ..entry });
        }
    }

    /// Requests that nobody has answered yet; they are taken out of the ledger's last round.
    pub(super) fn unanswered(&mut self) -> Vec<(String, Value)> {
        self.last.clear();
        // One that takes longer than the server lives would else be asked for again and again, and nothing else.
        let is_open = |entry: &Entry| !entry.is_accepted() && !entry.refused && entry.tries < TRIES;
        let open = self.entries.iter().filter(|(_, entry)| is_open(entry));
        open.map(|(id, entry)| (id.clone(), entry.body.clone())).collect()
    }

    fn count(&self, is: impl Fn(&Entry) -> bool) -> usize {
        self.entries.values().filter(|entry| is(entry)).count()
    }

    pub(super) fn accepted(&self) -> usize {
        self.count(Entry::is_accepted)
    }

    /// How many flights are to be found at least.
    pub(super) fn flights(&self) -> usize {
        self.accepted()
    }

    pub(super) fn tell(&self, report: &mut Report) {
        report.accepted = self.accepted();
        report.cancelled = self.count(|entry| entry.state == Some("CANCELLED"));
        report.activated = self.count(|entry| entry.state == Some("ACTIVATED"));
        report.refused = self.count(|entry| entry.refused);
        report.positions = self.positions;
        report.unanswered = self.unanswered;
    }
}
