//! The socket: connections in, a limit on them and on slow headers, a graceful end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::front::{Front, Peer};
use super::state::App;

/// Connections at once; more wait in the system's queue.
const CONNECTIONS: usize = 1024;
/// How long a request's head may take to arrive, and a connection may idle.
const HEAD: Duration = Duration::from_secs(15);
/// How long answers under way may take when the server stops.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// Serves until `stop` is done, then lets the answers under way finish.
///
/// # Errors
/// None once the listener is bound; the signature leaves room for it.
pub async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    front: Arc<Front>,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let router = TowerToHyperService::new(super::router_behind(Arc::clone(&app), Arc::clone(&front)));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(64 << 10);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));

    let mut stop = std::pin::pin!(stop);
    loop {
        let ((stream, peer), place) = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = &mut stop => break,
        };
        let router = router.clone();
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer.ip()));
            router.call(request)
        });
        let connection = http.serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended");
            }
            drop(place);
        });
    }

    app.stop();
    front.stop();
    drop(listener);
    if tokio::time::timeout(LAST_ANSWERS, graceful.shutdown()).await.is_err() {
        tracing::warn!("stopped with answers under way");
    }
    Ok(())
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> ((TcpStream, SocketAddr), Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Small answers go out at once.
                let _ = stream.set_nodelay(true);
                return ((stream, peer), place);
            }
            // Too many open files, or a caller that went away: neither ends the server.
            Err(error) => {
                tracing::warn!(%error, "no connection accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}
