//! The last events in memory, and a bell for those who wait for more. Older ones are in the store.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use super::event::Event;

/// So many events stay in memory.
const RECENT: usize = 4096;

/// The last events. Who reads slowly finds older ones in the store: nobody is waited for.
#[derive(Debug)]
pub(crate) struct History {
    recent: RwLock<VecDeque<Arc<Event>>>,
    last: watch::Sender<u64>,
}

impl History {
    /// After the event with an id, none in memory.
    pub(super) fn after(last: u64) -> Self {
        Self { recent: RwLock::default(), last: watch::Sender::new(last) }
    }

    /// Takes in what has become true, and rings.
    pub(super) fn publish(&self, events: impl IntoIterator<Item = Arc<Event>>) {
        let mut recent = self.recent.write().unwrap_or_else(PoisonError::into_inner);
        let Some(last) = events
            .into_iter()
            .map(|event| {
                let id = event.id;
                // A restored backup may have brought events of its own into the store, before this one.
                if recent.back().is_some_and(|last| last.id + 1 != id) {
                    recent.clear();
                }
                recent.push_back(event);
                id
            })
            .last()
        else {
            return;
        };
        let surplus = recent.len().saturating_sub(RECENT);
        recent.drain(..surplus);
        drop(recent);
        self.last.send_replace(last);
    }

    /// Rings with the id of each last event.
    pub(crate) fn bell(&self) -> watch::Receiver<u64> {
        self.last.subscribe()
    }

    /// The events in memory after an id, at most `most`; `None` if some of them are in the store alone.
    pub(crate) fn since(&self, after: u64, most: usize) -> Option<Vec<Arc<Event>>> {
        let recent = self.recent.read().unwrap_or_else(PoisonError::into_inner);
        let first = recent.front().map_or(*self.last.borrow() + 1, |event| event.id);
        if after + 1 < first {
            return None;
        }
        let skipped = recent.partition_point(|event| event.id <= after);
        Some(recent.iter().skip(skipped).take(most).cloned().collect())
    }
}
