#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::convert::Infallible;
use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::{StreamExt, stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::super::front;
use super::*;

/// A time that is long enough for whatever must happen, and short enough to wait for.
const SOON: Duration = Duration::from_secs(10);
const LARGE: usize = 64 << 20;

fn quick() -> Connections {
    Connections {
        most: 8,
        head: Duration::from_millis(300),
        handshake: Duration::from_millis(300),
        stall: Duration::from_millis(400),
        last_answers: SOON,
        ..Connections::default()
    }
}

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    done: JoinHandle<()>,
}

/// Answers that never end, or are large, or late.
fn router(front: &Arc<Front>) -> Router {
    async fn events(size: usize, every: Duration) -> Response {
        let events = stream::unfold((), move |()| async move {
            tokio::time::sleep(every).await;
            Some((Ok::<_, Infallible>(Bytes::from(vec![b'.'; size])), ()))
        });
        ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(events)).into_response()
    }
    Router::new()
        .route("/small", get(async || "small"))
        .route("/large", get(async || vec![b'x'; LARGE]))
        .route(
            "/late",
            get(async || {
                tokio::time::sleep(Duration::from_millis(600)).await;
                "late"
            }),
        )
        .route("/events", get(async || events(20, Duration::from_millis(50)).await))
        .route("/flood", get(async || events(32 << 10, Duration::from_millis(1)).await))
        .layer(middleware::from_fn_with_state(Arc::clone(front), front::guard))
}

fn start(connections: Connections) -> Running {
    let front = Arc::new(Front::open());
    let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let stopped = async move { drop(stopped.await) };
    let router = router(&front);
    let done = tokio::spawn(serve_router(listener, router, front, connections, stopped, || ()));
    Running { address, stop, done }
}

impl Running {
    async fn asks(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }
}

/// Everything that comes until the other end is done; an error of the connection ends it too.
async fn all(stream: &mut (impl AsyncRead + Unpin)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(SOON, stream.read_to_end(&mut bytes));
    let _ = read.await.expect("the server let go of the connection");
    bytes
}

#[tokio::test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let server = start(quick());
    for head in ["", "GET /small HT", "GET /small HTTP/1.1\r\nhost: local"] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        all(&mut stream).await;
    }
    assert!(all(&mut server.asks("/small").await).await.ends_with(b"small"));
}

#[tokio::test]
async fn who_takes_nothing_of_a_large_answer_is_cut_and_who_takes_it_has_it_all() {
    let server = start(quick());
    let mut slow = server.asks("/large").await;
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let taken = all(&mut slow).await.len();
    assert!(taken < LARGE, "{taken}");
    let taken = all(&mut server.asks("/large").await).await.len();
    assert!(taken > LARGE, "{taken}");
}

#[tokio::test]
async fn who_drips_is_cut_too() {
    let server = start(quick());
    let mut slow = server.asks("/large").await;
    let (mut taken, mut bytes) = (0, vec![0; 4096]);
    let started = Instant::now();
    // 4 KiB each 50 ms: the 64 KiB of one stall are never reached.
    while started.elapsed() < SOON {
        match slow.read(&mut bytes).await {
            Ok(0) | Err(_) => break,
            Ok(count) => taken += count,
        }
        if started.elapsed() < Duration::from_secs(3) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    assert!(taken < LARGE, "{taken}");
}

#[tokio::test]
async fn an_event_stream_outlives_every_timeout_while_it_is_read_and_not_when_it_is_not() {
    let server = start(quick());
    let mut reader = server.asks("/events").await;
    let (started, mut events, mut bytes) = (Instant::now(), 0, vec![0; 4096]);
    while started.elapsed() < Duration::from_millis(1500) {
        let read = tokio::time::timeout(SOON, reader.read(&mut bytes)).await.unwrap().unwrap();
        assert_ne!(read, 0, "cut after {events} reads");
        events += 1;
    }
    assert!(events > 5, "{events}");
    let mut idle = server.asks("/flood").await;
    tokio::time::sleep(Duration::from_millis(2000)).await;
    let taken = all(&mut idle).await.len();
    assert!(taken < 32 << 20, "{taken}");
}

#[tokio::test]
async fn so_many_connections_and_no_more() {
    let server = start(Connections { most: 2, head: SOON, ..quick() });
    let first = server.asks("/events").await;
    let _second = server.asks("/events").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut third = server.asks("/small").await;
    let mut bytes = [0; 1];
    let waited = tokio::time::timeout(Duration::from_millis(300), third.read(&mut bytes)).await;
    assert!(waited.is_err(), "no place yet");
    drop(first);
    assert!(all(&mut third).await.ends_with(b"small"));
}

#[tokio::test]
async fn a_stop_finishes_what_was_accepted_and_ends_streams_at_once() {
    let server = start(quick());
    let (mut late, mut events) = (server.asks("/late").await, server.asks("/events").await);
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let asked = Instant::now();
    server.stop.send(()).unwrap();
    let streamed = all(&mut events).await;
    assert!(streamed.ends_with(b"0\r\n\r\n"), "an end, not a cut");
    assert!(asked.elapsed() < Duration::from_millis(450), "{:?}", asked.elapsed());
    assert!(all(&mut late).await.ends_with(b"late"));
    all(&mut idle).await;
    tokio::time::timeout(SOON, server.done).await.unwrap().unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}

fn certificate(folder: &std::path::Path) -> CertificateOf {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap();
    CertificateOf(TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth())))
}

/// One who trusts this certificate and no other.
struct CertificateOf(TlsConnector);

impl CertificateOf {
    async fn answer(&self, address: SocketAddr) -> io::Result<Vec<u8>> {
        let stream = TcpStream::connect(address).await?;
        let mut stream = self.0.connect("localhost".try_into().unwrap(), stream).await?;
        stream.write_all(b"GET /small HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
        Ok(all(&mut stream).await)
    }
}

#[tokio::test]
async fn tls_serves_with_its_certificate_and_takes_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let first = certificate(folder.path());
    let tls = Arc::new(Tls::read(&cert, &key).unwrap());
    let server = start(Connections { tls: Some(Arc::clone(&tls)), ..quick() });
    assert!(first.answer(server.address).await.unwrap().ends_with(b"small"));

    // Who says nothing, or speaks plain HTTP, is let go.
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    assert!(all(&mut silent).await.is_empty());
    assert!(!all(&mut server.asks("/small").await).await.ends_with(b"small"));

    let second = certificate(folder.path());
    assert!(second.answer(server.address).await.is_err());
    tls.reload().unwrap();
    assert!(second.answer(server.address).await.unwrap().ends_with(b"small"));
    assert!(first.answer(server.address).await.is_err());

    std::fs::write(&key, "no key").unwrap();
    assert!(tls.reload().unwrap_err().contains("key.pem"));
    assert!(second.answer(server.address).await.unwrap().ends_with(b"small"));
}

#[test]
fn files_that_make_no_tls_are_named() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    certificate(folder.path());
    certificate(other.path());
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    assert!(Tls::read(&folder.path().join("none.pem"), &key).unwrap_err().contains("none.pem"));
    assert!(Tls::read(&key, &key).unwrap_err().contains("no certificate"));
    assert!(Tls::read(&cert, &cert).unwrap_err().contains("cert.pem"));
    assert!(Tls::read(&cert, &other.path().join("key.pem")).is_err(), "a key of another certificate");
}

#[tokio::test]
async fn streams_read_to_their_end_are_whole() {
    // The wrapper about event streams must not change what is in them.
    let front = Arc::new(Front::open());
    let body = Body::from_stream(stream::iter(["a", "b"]).map(|part| Ok::<_, Infallible>(Bytes::from(part))));
    let cut = body.into_data_stream().take_until(front.stopped());
    let parts: Vec<_> = cut.map(Result::unwrap).collect().await;
    assert_eq!(parts, ["a", "b"]);
}
