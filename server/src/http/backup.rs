//! `GET /backup` and `POST /restore`: the whole state out and in, while the server serves.

use std::io::{self, BufReader, Read, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Uri, header};
use axum::response::Response;
use futures_util::stream;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::body::Accepts;
use super::caller::Caller;
use super::problem::{Code, Problem};
use super::query;
use super::schema;
use super::state::App;
use crate::store::{Backup, StoreError, read_backup};

/// Where a backup comes from or goes to may stand still so long.
const STANDSTILL: Duration = Duration::from_secs(30);

/// Written at once.
const CHUNK: usize = 64 << 10;

/// Chunks under way.
const CHUNKS: usize = 4;

/// A backup. It is read as it arrives, so that its text is never in memory whole.
const BACKUP: Accepts = Accepts {
    media_types: &["application/x-ndjson", "application/octet-stream"],
    untyped: true,
    most: 1 << 30,
};

/// Copy the whole state
///
/// Zones, flights, positions, idempotency keys, the wind, events and the audit log as they are at one moment, while the
/// server goes on. The last line has a checksum: without it the copy is not whole. One at a time.
#[utoipa::path(
    get, path = "/backup", tag = "operation",
    responses(
        (status = 200, body = String, content_type = "application/x-ndjson", description = "JSON Lines"),
        (status = 503, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn get_backup(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    query::none(&uri)?;
    let turn = turn(&app)?;
    let (send, mut receive) = mpsc::channel(CHUNKS);
    let (store, handle) = (Arc::clone(&app.service.store), Handle::current());
    spawn_blocking(move || {
        let mut chunks = Chunks { send, handle, chunk: Vec::with_capacity(CHUNK) };
        if let Err(error) = store.backup(&mut chunks) {
            tracing::warn!(%error, "a backup ended early");
            // The body then ends with an error, not as if it were whole.
            let _ = chunks.send(Err(io::Error::other(error)));
        }
        drop(turn);
    });
    let first = match receive.recv().await {
        Some(Ok(first)) => first,
        Some(Err(error)) => return Err(Problem::new(Code::StoreFailed, error.to_string()).retry_after_s(5)),
        None => return Err(Problem::new(Code::Internal, "the backup ended in a panic")),
    };
    let rest = stream::poll_fn(move |context| receive.poll_recv(context));
    let first = stream::iter([Ok(first)]);
    let mut response = Response::new(Body::from_stream(stream::StreamExt::chain(first, rest)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    let name = HeaderValue::from_static("attachment; filename=\"tianlu-backup.jsonl\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Replace the whole state by a backup
///
/// The backup is read and checked whole before anything is changed: its checksum, every entry, and every reserved flight
/// against all others with this server's separation. Then it takes the place of all that is in one step. Events and the
/// audit log stay, and take up those of the backup that are later; their ids and the revision go on rising. The event
/// `state.restored` tells everybody to read anew.
#[utoipa::path(
    post, path = "/restore", tag = "operation",
    request_body(content = String, content_type = "application/x-ndjson",
        description = "A backup, at most 1 GiB; at most half a minute may pass without a byte"),
    responses(
        (status = 200, body = schema::Restored),
        (status = 400, body = schema::Problem, content_type = "application/problem+json"),
        (status = 408, body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, body = schema::Problem, content_type = "application/problem+json"),
        (status = 415, body = schema::Problem, content_type = "application/problem+json"),
        (status = 422, body = schema::Problem, content_type = "application/problem+json",
            description = "INVALID_BACKUP: `detail` names the line or the entry"),
        (status = 503, body = schema::Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn post_restore(
    State(app): State<Arc<App>>,
    Caller(who): Caller,
    request: Request,
) -> Result<Json<Value>, Problem> {
    query::none(request.uri())?;
    BACKUP.check_media_type(&request)?;
    let turn = turn(&app)?;
    let backup = receive(request.into_body()).await?;
    let service = Arc::clone(&app.service);
    let prepared = spawn_blocking(move || (service.prepare(backup), turn)).await;
    let (prepared, _turn) =
        prepared.map_err(|_| Problem::new(Code::Internal, "the work ended in a panic"))?;
    let prepared = prepared.map_err(|error| Problem::new(Code::InvalidBackup, error.to_string()))?;
    let restored = app.service.restore(prepared, who).await?;
    Ok(Json(json!({
        "revision": restored.revision, "from": restored.from,
        "zones": restored.zones, "flights": restored.flights,
    })))
}

fn turn(app: &App) -> Result<OwnedSemaphorePermit, Problem> {
    Arc::clone(&app.archive).try_acquire_owned().map_err(|_| {
        Problem::new(Code::Overloaded, "another backup is being taken or restored").retry_after_s(5)
    })
}

/// Takes what a blocking thread writes to an async body, as fast as its reader reads.
struct Chunks {
    send: mpsc::Sender<io::Result<Bytes>>,
    handle: Handle,
    chunk: Vec<u8>,
}

impl Chunks {
    fn send(&self, chunk: io::Result<Bytes>) -> io::Result<()> {
        match self.handle.block_on(timeout(STANDSTILL, self.send.send(chunk))) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.chunk.extend_from_slice(bytes);
        if self.chunk.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let chunk = std::mem::replace(&mut self.chunk, Vec::with_capacity(CHUNK));
        if chunk.is_empty() { Ok(()) } else { self.send(Ok(chunk.into())) }
    }
}

/// Gives a blocking reader what an async body brings.
struct Arriving {
    receive: mpsc::Receiver<Bytes>,
    chunk: Bytes,
}

impl Read for Arriving {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() {
            match self.receive.blocking_recv() {
                Some(chunk) => self.chunk = chunk,
                None => return Ok(0),
            }
        }
        let length = to.len().min(self.chunk.len());
        to[..length].copy_from_slice(&self.chunk.split_to(length));
        Ok(length)
    }
}

/// Reads a backup from a body while it arrives.
async fn receive(mut body: Body) -> Result<Backup, Problem> {
    let (send, receive) = mpsc::channel(CHUNKS);
    let arriving = Arriving { receive, chunk: Bytes::new() };
    let reading = spawn_blocking(move || read_backup(&mut BufReader::with_capacity(CHUNK, arriving)));
    let mut length = 0;
    loop {
        let frame = timeout(STANDSTILL, body.frame()).await.map_err(|_| {
            Problem::new(Code::BodyTimeout, format!("nothing arrived for {} s", STANDSTILL.as_secs()))
        })?;
        let Some(frame) = frame else { break };
        let frame = frame.map_err(|_| Problem::new(Code::BadSyntax, "the body ended before its length"))?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length > BACKUP.most {
            let detail = format!("the body is larger than {} MiB", BACKUP.most >> 20);
            return Err(Problem::new(Code::BodyTooLarge, detail));
        }
        // A reader that has found a fault takes no more; what still comes is thrown away, so that the sender gets to
        // see the answer.
        let _ = send.send(data).await;
    }
    drop(send);
    match reading.await {
        Ok(read) => read.map_err(refused),
        Err(_) => Err(Problem::new(Code::Internal, "the work ended in a panic")),
    }
}

fn refused(error: StoreError) -> Problem {
    Problem::new(Code::InvalidBackup, error.to_string())
}
