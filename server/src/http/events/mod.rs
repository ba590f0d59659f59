//! `GET /events`: what happens, as server-sent events (WHATWG HTML, 9.2).
//!
//! Each stream pulls from the history or the store when its reader has taken what came before. Nothing waits for a
//! reader, and nothing is kept for one but the page that it is being sent.

mod pages;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::convert::Infallible;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, stream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use self::pages::{Pages, Turn};
use super::caller::Caller;
use super::problem::{Code, Problem};
use super::query;
use super::schema;
use super::state::App;
use crate::metrics;
use crate::service::{Event, EventKind, Principal};

/// Streams at once; past it, 503.
pub(super) const MOST: usize = 256;

/// A stream on which nothing happens says so this often, so that both ends notice a dead connection.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How long a reader waits before it connects anew, milliseconds.
const RETRY_MS: u32 = 2000;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Proxies are asked to pass each event on at once.
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Follow what happens
///
/// Server-sent events: `id` ascends by one from event to event, `event` is the kind, `data` a JSON object with the `time`, the
/// service's `revision` and what has happened. Flights that the caller may not see are named as volumes (`V17`), without
/// details. With `Last-Event-ID` or `after` the stream goes on after that event, with nothing lost and nothing told
/// twice, also after a restart of the server; without either it begins now. Where nothing happens there is a comment
/// every 15 seconds. The stream ends when the server stops, and when its reader has fallen behind what the server keeps.
///
/// Kinds: `zones.changed`, `weather.changed`, `flight.accepted`, `flight.affected`, `flight.state`, `flight.nonconforming`,
/// `state.restored`.
#[utoipa::path(
    get, path = "/events", tag = "events",
    params(
        ("after" = Option<u64>, Query, description = "The id of the last event that the caller has; 0: all that are kept",
            example = 0),
        ("kinds" = Option<String>, Query, description = "Only these kinds, with commas between them",
            example = "zones.changed,flight.affected"),
        ("Last-Event-ID" = Option<String>, Header, description = "As `after`, and goes before it"),
    ),
    responses(
        (status = 200, body = String, content_type = "text/event-stream",
            example = "id: 41\nevent: zones.changed\ndata: {\"time\":\"2026-11-23T01:00:00.000Z\",\"revision\":57,\
                \"added\":[\"FIRE-1\"],\"removed\":[],\"airspace_revision\":3,\"affected\":2}\n\n"),
        (status = 400, body = schema::Problem, content_type = "application/problem+json"),
        (status = 410, body = schema::Problem, content_type = "application/problem+json",
            description = "EVENTS_GONE: the events after it are no longer there, or never were: `first` and `last` are \
                the ids that there are. Read the state anew, then follow from `last`"),
        (status = 503, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_events(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let (mut after, mut kinds) = (None, None);
    for (name, value) in query::pairs(&uri, &["after", "kinds"])? {
        match name.as_str() {
            "after" => after = Some(id_of(&name, &value)?),
            _ => kinds = Some(kinds_of(&value)?),
        }
    }
    if let Some(header) = headers.get(LAST_EVENT_ID) {
        after = Some(id_of("Last-Event-ID", &String::from_utf8_lossy(header.as_bytes()))?);
    }
    let Some(open) = Open::among(&app.streams) else {
        return Err(Problem::new(Code::Overloaded, "every stream of events is taken").retry_after_s(5));
    };
    let pages = Pages::after(&app, after).await?;
    let telling =
        Telling { who, kinds, pages, ends: app.ends(), silent: HEARTBEAT, begun: false, _open: open };
    let mut response = Body::from_stream(telling.stream()).into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (BUFFERING, "no"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

fn id_of(name: &str, value: &str) -> Result<u64, Problem> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let id = if digits { value.parse().ok() } else { None };
    id.ok_or_else(|| {
        Problem::new(Code::BadUrl, format!("{name}: found {value:?}, expected the id of an event"))
    })
}

fn kinds_of(value: &str) -> Result<HashSet<EventKind>, Problem> {
    let kind = |name: &str| {
        EventKind::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| {
            let known = EventKind::ALL.map(EventKind::as_str).join(", ");
            Problem::new(Code::BadUrl, format!("kinds: found {name:?}, expected one of {known}"))
        })
    };
    value.split(',').map(kind).collect()
}

/// A place among the streams.
struct Open {
    places: Arc<Semaphore>,
    _place: OwnedSemaphorePermit,
}

impl Open {
    fn among(places: &Arc<Semaphore>) -> Option<Self> {
        let place = Arc::clone(places).try_acquire_owned().ok()?;
        metrics::streams(MOST - places.available_permits());
        Some(Self { places: Arc::clone(places), _place: place })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        // Its own place is given back right after this.
        metrics::streams((MOST - self.places.available_permits()).saturating_sub(1));
    }
}

/// A stream on its way to a reader.
struct Telling {
    who: Principal,
    /// All kinds, if absent.
    kinds: Option<HashSet<EventKind>>,
    pages: Pages,
    /// Rings when the server stops.
    ends: watch::Receiver<bool>,
    silent: Duration,
    begun: bool,
    _open: Open,
}

impl Telling {
    fn stream(self) -> impl Stream<Item = Result<Bytes, Infallible>> + Send {
        stream::unfold(self, |mut telling| async move {
            let text = telling.next().await?;
            Some((Ok(Bytes::from(text)), telling))
        })
    }

    /// What is sent next; `None` at the end.
    async fn next(&mut self) -> Option<String> {
        if !self.begun {
            self.begun = true;
            return Some(format!("retry: {RETRY_MS}\n\n"));
        }
        let deadline = tokio::time::Instant::now() + self.silent;
        loop {
            let ends = async { drop(self.ends.wait_for(|ends| *ends).await) };
            let turn = tokio::select! {
                biased;
                () = ends => Turn::Over,
                turn = self.pages.turn() => turn,
                () = tokio::time::sleep_until(deadline) => Turn::Page(Vec::new()),
            };
            match turn {
                Turn::Page(events) if events.is_empty() => return Some(self.heartbeat()),
                Turn::Page(events) => {
                    let text = self.tell(&events);
                    if !text.is_empty() {
                        return Some(text);
                    }
                }
                Turn::Over => return None,
            }
        }
    }

    fn tell(&self, events: &[Arc<Event>]) -> String {
        let mut text = String::new();
        let wanted =
            |event: &&Arc<Event>| self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&event.kind));
        for event in events.iter().filter(wanted) {
            let (kind, data) = (event.kind.as_str(), event.told_to(&self.who));
            let _ = write!(text, "id: {}\nevent: {kind}\ndata: {data}\n\n", event.id);
        }
        text
    }

    /// A comment, with the id of the last event that was passed over: who reads few kinds can go on from there.
    fn heartbeat(&self) -> String {
        format!(": still here\nid: {}\n\n", self.pages.last())
    }
}
