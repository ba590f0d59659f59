//! Events page by page: from memory where they are recent, from the store where they are not.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::watch;

use crate::http::problem::{Code, Problem};
use crate::http::state::App;
use crate::service::{Denied, Event, Service};
use crate::store::{Log, Store};

/// Events that are read at once.
const PAGE: usize = 64;

/// What comes after a stream's last event.
pub(super) enum Turn {
    /// Events in the order of their ids, none left out.
    Page(Vec<Arc<Event>>),
    /// Some of them are no longer there, or cannot be read.
    Over,
}

/// A place in the events, and what comes after it.
pub(super) struct Pages {
    service: Arc<Service>,
    bell: watch::Receiver<u64>,
    last: u64,
}

impl Pages {
    /// From after an event on; from now on, if there is none.
    ///
    /// # Errors
    /// A problem with the code `EVENTS_GONE` if events after it are missing, or it is none.
    pub(super) async fn after(app: &App, after: Option<u64>) -> Result<Self, Problem> {
        let service = Arc::clone(&app.service);
        let bell = service.history.bell();
        let now = *bell.borrow();
        let pages = Self { service, bell, last: after.unwrap_or(now) };
        let is_recent = pages.service.history.since(pages.last, 0).is_some();
        if pages.last > now || !is_recent {
            let first = pages.first().await.map_err(Problem::from)?;
            if pages.last > now || pages.last + 1 < first {
                return Err(gone(pages.last, first, now));
            }
        }
        Ok(pages)
    }

    /// The id of the last event that was read.
    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// Waits for what comes next. It may be dropped before it is done: then nothing was read.
    pub(super) async fn turn(&mut self) -> Turn {
        let last = self.last;
        if self.bell.wait_for(|id| *id > last).await.is_err() {
            return Turn::Over;
        }
        let told = *self.bell.borrow();
        let mut events = self.recent();
        if events.is_empty() {
            events = match self.stored().await {
                Ok(events) => events,
                Err(error) => {
                    tracing::error!(%error, "events cannot be read from the store");
                    return Turn::Over;
                }
            };
        }
        // What is in the store, but has not been told yet, comes in its turn.
        events.retain(|event| event.id <= told);
        match events.last() {
            Some(last) => {
                self.last = last.id;
                Turn::Page(events)
            }
            None => Turn::Over,
        }
    }

    /// What is in memory, as far as no id is missing: after a restore there may be others in the store.
    fn recent(&self) -> Vec<Arc<Event>> {
        let events = self.service.history.since(self.last, PAGE).unwrap_or_default();
        events
            .into_iter()
            .zip(self.last + 1..)
            .take_while(|(event, id)| event.id == *id)
            .map(|(event, _)| event)
            .collect()
    }

    /// The first id that there is in the store.
    async fn first(&self) -> Result<u64, Denied> {
        self.read(|store| Ok(store.span(Log::Events)?.map_or(1, |(first, _)| first))).await
    }

    /// What is in the store; nothing if some of what comes next has been dropped.
    async fn stored(&self) -> Result<Vec<Arc<Event>>, Denied> {
        let after = self.last;
        self.read(move |store| {
            let entry = |(id, bytes): (u64, Vec<u8>)| {
                let event = serde_json::from_slice::<Event>(&bytes);
                event.map(Arc::new).map_err(|error| Denied::Store(format!("event {id}: {error}")))
            };
            let entries = store.after(Log::Events, after, PAGE)?;
            let first = store.span(Log::Events)?.map_or(1, |(first, _)| first);
            if first > after + 1 {
                return Ok(Vec::new());
            }
            entries.into_iter().map(entry).collect()
        })
        .await
    }

    /// The store reads from a disk: off the async threads.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Store) -> Result<T, Denied> + Send + 'static,
    ) -> Result<T, Denied> {
        let store = Arc::clone(&self.service.store);
        let read = tokio::task::spawn_blocking(move || work(&*store)).await;
        read.unwrap_or_else(|error| Err(Denied::Fault(error.to_string())))
    }
}

fn gone(after: u64, first: u64, last: u64) -> Problem {
    let detail = if after > last {
        format!("found the event {after}, the last one is {last}")
    } else {
        format!("the events after {after} are no longer there, the first one is {first}")
    };
    Problem::new(Code::EventsGone, detail).with("first", json!(first)).with("last", json!(last))
}
