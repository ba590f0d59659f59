//! What Prometheus is told. Every name stands here once; the rest of the program calls the functions.
//!
//! Labels take values out of closed lists alone (routes as they are matched, states, codes), so that the number of
//! series is bounded whatever comes in.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tianlu_engine::flight::Outcome;

const REQUESTS: &str = "tianlu_http_requests_total";
const REQUEST_SECONDS: &str = "tianlu_http_request_seconds";
const CONNECTIONS: &str = "tianlu_http_connections";
const REFUSED_CALLS: &str = "tianlu_http_refused_total";
const CUT: &str = "tianlu_http_connections_cut_total";
const PLANS: &str = "tianlu_plans_total";
const PLAN_SECONDS: &str = "tianlu_plan_seconds";
const QUEUE: &str = "tianlu_queue_length";
const QUEUE_PLACES: &str = "tianlu_queue_places";
const REVISION: &str = "tianlu_revision";
const FLIGHTS: &str = "tianlu_flights";
const ZONES: &str = "tianlu_zones";
const EVENTS: &str = "tianlu_events_total";
const STREAMS: &str = "tianlu_event_streams";
const COMMITS: &str = "tianlu_store_commits_total";
const COMMIT_SECONDS: &str = "tianlu_store_commit_seconds";
const COMMIT_BYTES: &str = "tianlu_store_written_bytes_total";
const GROUP: &str = "tianlu_store_group_size";
const STORE_BYTES: &str = "tianlu_store_bytes";
const STORE_FAILURES: &str = "tianlu_store_failures_total";
const KEYS: &str = "tianlu_token_keys";
const KEY_FETCHES: &str = "tianlu_token_key_fetches_total";

/// Upper bounds in seconds, dense about the 10 ms and 20 ms that answers should stay under.
const SECONDS: [f64; 16] =
    [0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];
/// Commands in one commit of the store.
const GROUPS: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 1024.0];

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Begins to count. Before it, and where another recorder is installed, nothing is kept; a second call does nothing.
pub fn install() {
    HANDLE.get_or_init(|| {
        let ends_with = |text: &str| Matcher::Suffix(text.to_owned());
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(ends_with("_seconds"), &SECONDS)
            .and_then(|builder| builder.set_buckets_for_metric(ends_with("_group_size"), &GROUPS))
            .and_then(PrometheusBuilder::install_recorder);
        if let Err(error) = &handle {
            tracing::warn!(%error, "no metrics are kept");
        }
        describe();
        handle.ok()
    });
}

/// All of them in Prometheus' text format; empty before [`install`].
pub fn render() -> String {
    let handle = HANDLE.get().and_then(Option::as_ref);
    handle.map(PrometheusHandle::render).unwrap_or_default()
}

/// Keeps the recorder's memory bounded between two readings; called every few seconds.
pub fn upkeep() {
    if let Some(handle) = HANDLE.get().and_then(Option::as_ref) {
        handle.run_upkeep();
    }
}

fn describe() {
    describe_counter!(REQUESTS, "Answers by method, route and status");
    describe_histogram!(
        REQUEST_SECONDS,
        Unit::Seconds,
        "From a request's head to its answer's head, by route"
    );
    describe_gauge!(CONNECTIONS, "Open connections");
    describe_counter!(REFUSED_CALLS, "Calls turned away before they were worked on, by code");
    describe_counter!(CUT, "Connections that the server cut, by cause");
    describe_counter!(PLANS, "Plans asked for, by what for and outcome: PLANNED or the code of the refusal");
    describe_histogram!(PLAN_SECONDS, Unit::Seconds, "Planning alone, without waiting, by what for");
    describe_gauge!(QUEUE, "Work that waits or is under way, by queue");
    describe_gauge!(QUEUE_PLACES, "The most work that a queue takes");
    describe_gauge!(REVISION, "The revision of the city's state");
    describe_gauge!(FLIGHTS, "Flights by state");
    describe_gauge!(ZONES, "Zones");
    describe_counter!(EVENTS, "Events by kind");
    describe_gauge!(STREAMS, "Open streams of events");
    describe_counter!(COMMITS, "Commits of the store");
    describe_histogram!(COMMIT_SECONDS, Unit::Seconds, "One commit of the store until it is on disk");
    describe_counter!(COMMIT_BYTES, Unit::Bytes, "Keys and values written to the store");
    describe_histogram!(GROUP, "Commands in one commit of the store");
    describe_gauge!(STORE_BYTES, Unit::Bytes, "The store on disk");
    describe_counter!(STORE_FAILURES, "Commits that failed");
    describe_gauge!(KEYS, "Public keys that tokens are checked with");
    describe_counter!(KEY_FETCHES, "Fetches of the key set, by outcome");
}

/// A call was answered. `route` is the path as it was matched, never as it came.
pub fn answered(method: &'static str, route: String, status: u16, took: Duration) {
    histogram!(REQUEST_SECONDS, "method" => method, "route" => route.clone()).record(took);
    counter!(REQUESTS, "method" => method, "route" => route, "status" => status.to_string()).increment(1);
}

/// A call was turned away at the door, with this code of a problem.
pub fn turned_away(code: &'static str) {
    counter!(REFUSED_CALLS, "code" => code).increment(1);
}

/// The number of open connections.
pub fn connections(open: usize) {
    gauge!(CONNECTIONS).set(open as f64);
}

/// The server cut a connection: `stalled`, `handshake`, `peer`.
pub fn cut(cause: &'static str) {
    counter!(CUT, "cause" => cause).increment(1);
}

/// A plan was made or refused, of one request or of a `batch`.
pub fn planned(of: &'static str, outcome: &Outcome) {
    let outcome = match outcome {
        Outcome::Planned(_) => "PLANNED",
        Outcome::Rejected(refusal) => refusal.code.as_str(),
    };
    counter!(PLANS, "for" => of, "outcome" => outcome).increment(1);
}

/// Planning one request or a `batch` took so long, without waiting for a thread.
pub fn planning(of: &'static str, took: Duration) {
    histogram!(PLAN_SECONDS, "for" => of).record(took);
}

/// How full a queue is.
pub fn queue(name: &'static str, taken: usize, places: usize) {
    gauge!(QUEUE, "queue" => name).set(taken as f64);
    gauge!(QUEUE_PLACES, "queue" => name).set(places as f64);
}

/// The state's revision and its zones.
pub fn state(revision: u64, zones: usize) {
    gauge!(REVISION).set(revision as f64);
    gauge!(ZONES).set(zones as f64);
}

/// How many flights are in a state (`ACCEPTED` ...). All states are to be told each time, those of no flight too.
pub fn flights(state: &'static str, count: usize) {
    gauge!(FLIGHTS, "state" => state).set(count as f64);
}

/// An event was told.
pub fn event(kind: &'static str) {
    counter!(EVENTS, "kind" => kind).increment(1);
}

/// The number of open streams of events.
pub fn streams(open: usize) {
    gauge!(STREAMS).set(open as f64);
}

/// A commit of the store: the commands in it, and the bytes of its keys and values.
pub fn committed(commands: usize, bytes: usize, took: Duration) {
    counter!(COMMITS).increment(1);
    counter!(COMMIT_BYTES).increment(bytes as u64);
    histogram!(COMMIT_SECONDS).record(took);
    histogram!(GROUP).record(commands as f64);
}

/// A commit of the store failed.
pub fn commit_failed() {
    counter!(STORE_FAILURES).increment(1);
}

/// The size of the store on disk.
pub fn store_bytes(bytes: u64) {
    gauge!(STORE_BYTES).set(bytes as f64);
}

/// The number of public keys.
pub fn keys(count: usize) {
    gauge!(KEYS).set(count as f64);
}

/// The key set was fetched, or could not be.
pub fn keys_fetched(well: bool) {
    counter!(KEY_FETCHES, "outcome" => if well { "ok" } else { "failed" }).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_rendered_with_its_buckets() {
        install();
        answered("GET", "/metrics-test/{id}".to_owned(), 200, Duration::from_millis(7));
        committed(3, 100, Duration::from_millis(2));
        let text = render();
        for line in [
            "tianlu_http_requests_total{method=\"GET\",route=\"/metrics-test/{id}\",status=\"200\"} 1",
            "tianlu_http_request_seconds_bucket{method=\"GET\",route=\"/metrics-test/{id}\",le=\"0.0075\"} 1",
            "tianlu_http_request_seconds_bucket{method=\"GET\",route=\"/metrics-test/{id}\",le=\"0.005\"} 0",
            "tianlu_store_group_size_bucket{le=\"4\"}",
        ] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
    }
}
