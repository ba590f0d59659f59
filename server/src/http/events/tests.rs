#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::Path;

use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tianlu_engine::frame::{Instant, LonLat};
use tianlu_engine::weather::Wind;
use tianlu_engine::world::Separation;
use tower::ServiceExt;

use super::*;
use crate::http::{Base, Limits, router};
use crate::service::{Clock, Lane, Rules, Start};
use crate::store::{RedbStore, Store};

fn app_on(store: Arc<dyn Store>, kept_events: u64) -> Arc<App> {
    let separation = Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 0.0, pad_s: 0.0 };
    let start = Start {
        zones: Vec::new(),
        zones_asked_for: false,
        replace_zones: false,
        centre: LonLat::new(120.75, 30.72).ok(),
        sites: Vec::new(),
        obstacles: Arc::default(),
        ground: Arc::default(),
        wind: Wind::CALM,
        separation,
        fleet: Arc::new(BTreeMap::new()),
        rules: Rules { kept_events, ..Rules::of(&separation) },
        clock: Clock::new(|| Instant::from_seconds(1_795_395_600)),
    };
    let base = Base { title: "A test".to_owned(), sites: Vec::new(), start };
    Arc::new(App::new(base, store, Limits::default()).unwrap())
}

fn in_memory() -> Arc<App> {
    app_on(Arc::new(RedbStore::in_memory().unwrap()), 1_000_000)
}

fn on_disk(folder: &Path, kept_events: u64) -> Arc<App> {
    app_on(Arc::new(RedbStore::open(folder).unwrap()), kept_events)
}

/// Lets something happen, `count` times.
fn happen(app: &App, count: u64) {
    let told: Vec<_> = (0..count)
        .map(|n| {
            let kind = if n % 2 == 0 { EventKind::ZonesChanged } else { EventKind::WeatherChanged };
            let command = move |draft: &mut crate::service::Draft<'_>| {
                draft.tell(kind, None, json!({"n": n}), Value::Null);
                Ok(())
            };
            loop {
                match app.service.writer.submit(Lane::Usual, command) {
                    Ok(told) => break told,
                    Err(_) => std::thread::yield_now(),
                }
            }
        })
        .collect();
    told.into_iter().for_each(|told| told.blocking_recv().unwrap().unwrap());
}

async fn happen_async(app: &Arc<App>, count: u64) {
    let app = Arc::clone(app);
    tokio::task::spawn_blocking(move || happen(&app, count)).await.unwrap();
}

/// A reader of a stream.
struct Reader {
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
    text: String,
    ids: Vec<u64>,
}

impl Reader {
    async fn of(app: &Arc<App>, query: &str, last_event_id: Option<u64>) -> Self {
        let mut request = Request::get(format!("/events{query}"));
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        let response = router(Arc::clone(app)).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let (status, headers) = (parts.status, parts.headers);
        Self { status, headers, body, text: String::new(), ids: Vec::new() }
    }

    /// Reads one piece; false at the end.
    async fn read(&mut self) -> bool {
        let Some(frame) = self.body.frame().await else { return false };
        let piece = String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap();
        self.text += &piece;
        let events = piece.split_terminator("\n\n").filter(|event| event.contains("\ndata: "));
        self.ids.extend(events.map(|event| {
            event.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().parse::<u64>().unwrap()
        }));
        true
    }

    async fn read_until(&mut self, last: u64) {
        while self.ids.last().is_none_or(|id| *id < last) {
            assert!(self.read().await, "the stream has ended after {:?}", self.ids.last());
        }
    }
}

fn all(first: u64, last: u64) -> Vec<u64> {
    (first..=last).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_says_what_it_is_and_begins_now() {
    let app = in_memory();
    happen_async(&app, 3).await;
    let mut reader = Reader::of(&app, "", None).await;
    assert_eq!(reader.status, StatusCode::OK);
    assert_eq!(reader.headers[header::CONTENT_TYPE], "text/event-stream; charset=utf-8");
    assert_eq!(reader.headers[header::CACHE_CONTROL], "no-cache");
    happen_async(&app, 1).await;
    reader.read_until(4).await;
    let expected = "retry: 2000\n\nid: 4\nevent: zones.changed\ndata: {";
    assert!(reader.text.starts_with(expected), "{}", reader.text);
    let data = reader.text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    assert_eq!((&data["n"], &data["time"]), (&json!(0), &json!("2026-11-23T01:00:00.000Z")));
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_and_fast_readers_get_every_event_once_and_in_order() {
    let app = in_memory();
    let mut slow = Reader::of(&app, "", None).await;
    let readers: Vec<_> = (0..8)
        .map(|_| {
            let app = Arc::clone(&app);
            tokio::spawn(async move {
                let mut reader = Reader::of(&app, "?after=0", None).await;
                reader.read_until(6000).await;
                reader.ids
            })
        })
        .collect();
    // More than stay in memory: the slow one finds the first of them in the store.
    happen_async(&app, 6000).await;
    for reader in readers {
        assert_eq!(reader.await.unwrap(), all(1, 6000));
    }
    assert!(app.service.history.since(0, 1).is_none());
    slow.read_until(6000).await;
    assert_eq!(slow.ids, all(1, 6000));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_goes_on_where_it_was_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let app = on_disk(folder.path(), 1_000_000);
    happen_async(&app, 150).await;
    let mut reader = Reader::of(&app, "?after=0", None).await;
    reader.read_until(40).await;
    let mut ids = reader.ids.clone();
    drop(reader);
    drop(app);

    let app = on_disk(folder.path(), 1_000_000);
    // The header goes before the query, as a browser's EventSource keeps the address that it was given.
    let mut reader = Reader::of(&app, "?after=0", ids.last().copied()).await;
    happen_async(&app, 150).await;
    reader.read_until(300).await;
    ids.extend(&reader.ids);
    assert_eq!(ids, all(1, 300));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_longer_kept_is_gone_and_says_what_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let app = on_disk(folder.path(), 80);
    happen_async(&app, 500).await;
    drop(app);
    let app = on_disk(folder.path(), 80);
    let (first, last) = app.service.store.span(crate::store::Log::Events).unwrap().unwrap();
    assert!(last == 500 && (411..=421).contains(&first), "{first} to {last}");
    for (after, status) in [
        (first - 2, StatusCode::GONE),
        (first - 1, StatusCode::OK),
        (500, StatusCode::OK),
        (501, StatusCode::GONE),
    ] {
        let mut reader = Reader::of(&app, "", Some(after)).await;
        assert_eq!(reader.status, status, "after {after}");
        if status == StatusCode::GONE {
            assert!(reader.read_problem().await.contains("EVENTS_GONE"), "{}", reader.text);
            let problem: Value = serde_json::from_str(&reader.text).unwrap();
            assert_eq!((&problem["first"], &problem["last"]), (&json!(first), &json!(last)));
        }
    }
}

impl Reader {
    async fn read_problem(&mut self) -> &str {
        let frame = self.body.frame().await.unwrap().unwrap();
        self.text = String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap();
        &self.text
    }
}

/// A reader that falls behind what is kept is not told half: its stream ends.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_falls_behind_is_cut_off_with_no_gap() {
    let app = app_on(Arc::new(RedbStore::in_memory().unwrap()), 100);
    let mut reader = Reader::of(&app, "", None).await;
    happen_async(&app, 5000).await;
    while reader.read().await {}
    assert_eq!(reader.ids, all(1, reader.ids.len() as u64));
    assert_eq!(Reader::of(&app, "?after=3", None).await.status, StatusCode::GONE);
}

/// A restore takes over the greater ids of a backup: some were never used here.
#[tokio::test(flavor = "multi_thread")]
async fn ids_that_were_never_used_hold_nobody_up() {
    let app = in_memory();
    let mut reader = Reader::of(&app, "", None).await;
    happen_async(&app, 10).await;
    let leap = app.service.writer.write(Lane::Usual, |draft| {
        draft.state.last_event += 90;
        draft.tell(EventKind::StateRestored, None, json!({}), Value::Null);
        Ok(())
    });
    leap.await.unwrap();
    happen_async(&app, 10).await;
    let expected = [all(1, 10), all(101, 111)].concat();
    reader.read_until(111).await;
    assert_eq!(reader.ids, expected);
    for (after, left) in
        [(0, &expected[..]), (7, &expected[7..]), (10, &expected[10..]), (50, &expected[10..])]
    {
        let mut reader = Reader::of(&app, "", Some(after)).await;
        reader.read_until(111).await;
        assert_eq!(reader.ids, left);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kinds_are_chosen_and_unknown_ones_are_refused() {
    let app = in_memory();
    happen_async(&app, 10).await;
    let mut reader = Reader::of(&app, "?after=0&kinds=weather.changed,flight.state", None).await;
    reader.read_until(10).await;
    assert_eq!(reader.ids, [2, 4, 6, 8, 10]);
    for query in ["?kinds=zones", "?kinds=", "?after=-1", "?after=", "?since=3"] {
        assert_eq!(Reader::of(&app, query, None).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_are_counted_and_end_when_the_server_stops() {
    let app = in_memory();
    let mut readers = Vec::new();
    for _ in 0..MOST {
        readers.push(Reader::of(&app, "", None).await);
    }
    assert_eq!(Reader::of(&app, "", None).await.status, StatusCode::SERVICE_UNAVAILABLE);
    readers.pop();
    let mut last = Reader::of(&app, "", None).await;
    assert_eq!(last.status, StatusCode::OK);
    assert!(last.read().await);
    app.stop();
    assert!(!last.read().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_broken_by_a_comment_with_the_last_id() {
    let app = in_memory();
    happen_async(&app, 2).await;
    let mut telling = Telling {
        who: Principal::open(),
        kinds: Some(HashSet::from([EventKind::StateRestored])),
        pages: Pages::after(&app, Some(0)).await.unwrap(),
        ends: app.ends(),
        silent: Duration::from_millis(50),
        begun: true,
        _open: Open::among(&app.streams).unwrap(),
    };
    assert_eq!(telling.next().await.unwrap(), ": still here\nid: 2\n\n");
}
