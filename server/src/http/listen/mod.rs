//! The socket: connections in, bounds on their number and on how slow they may be, a graceful end.

mod paced;
mod peers;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use paced::Paced;
use peers::Peers;
pub use tls::Tls;

use super::front::{Front, Peer};
use super::state::App;
use crate::metrics;

/// The system's buffer for one connection's answers: so much of an answer to a slow reader is held at most, and who
/// reads nothing of an event stream is found out after so much.
const SEND_BUFFER: u32 = 256 << 10;
/// Connections that the system holds until there is a place for them.
const BACKLOG: u32 = 1024;

/// How connections are treated.
#[derive(Debug)]
pub struct Connections {
    /// Open at once; more wait in the system's queue.
    pub most: usize,
    /// Open at once from one address that is not this machine's; more are cut.
    pub of_one_address: usize,
    /// How long a request's head may take to arrive, and a connection may idle.
    pub head: Duration,
    /// How long a TLS handshake may take.
    pub handshake: Duration,
    /// How long a client may take nothing of its answer.
    pub stall: Duration,
    /// How long answers under way may take when the server stops.
    pub last_answers: Duration,
    /// TLS; plain HTTP without it.
    pub tls: Option<Arc<Tls>>,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            most: 1024,
            of_one_address: 256,
            head: Duration::from_secs(15),
            handshake: Duration::from_secs(10),
            stall: Duration::from_secs(30),
            // As long as planning may take, and a little.
            last_answers: Duration::from_secs(35),
            tls: None,
        }
    }
}

/// Listens on an address.
///
/// # Errors
/// If the address is taken or not this machine's.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `stop` is done, then lets the answers under way finish.
pub async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    front: Arc<Front>,
    connections: Connections,
    stop: impl Future<Output = ()>,
) {
    let router = super::router_behind(Arc::clone(&app), Arc::clone(&front));
    let warmed = Arc::clone(&app);
    tokio::spawn(async move {
        let service = Arc::clone(&warmed.service);
        // If there is no place for it, others do its work.
        let _ = warmed.batches.run(move || service.warm()).await;
    });
    serve_router(listener, router, front, connections, stop, || app.stop()).await;
}

async fn serve_router(
    listener: TcpListener,
    router: Router,
    front: Arc<Front>,
    connections: Connections,
    stop: impl Future<Output = ()>,
    stopping: impl FnOnce(),
) {
    let last_answers = connections.last_answers;
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(connections.head).max_buf_size(64 << 10);
    let shop = Arc::new(Shop {
        router: TowerToHyperService::new(router),
        http,
        places: Arc::new(Semaphore::new(connections.most)),
        peers: Peers::new(connections.of_one_address),
        connections,
        front: Arc::clone(&front),
    });
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, peer, place) = tokio::select! {
            accepted = accept(&listener, &shop.places) => accepted,
            () = &mut stop => break,
        };
        let shop = Arc::clone(&shop);
        let watcher = graceful.watcher();
        tokio::spawn(async move {
            shop.attend(stream, peer, watcher).await;
            drop(place);
            shop.count();
        });
    }
    stopping();
    front.stop();
    drop(listener);
    if tokio::time::timeout(last_answers, graceful.shutdown()).await.is_err() {
        tracing::warn!("stopped with answers under way");
    }
}

/// What all connections share.
struct Shop {
    router: TowerToHyperService<Router>,
    http: http1::Builder,
    places: Arc<Semaphore>,
    peers: Peers,
    connections: Connections,
    front: Arc<Front>,
}

impl Shop {
    /// One connection from its first byte to its last.
    async fn attend(&self, stream: TcpStream, peer: SocketAddr, watcher: Watcher) {
        self.count();
        let Some(_entry) = self.peers.enter(peer.ip()) else {
            metrics::cut("peer");
            return tracing::debug!(%peer, "too many connections of one address");
        };
        let stream = Paced::new(stream, self.connections.stall);
        let Some(tls) = &self.connections.tls else {
            return self.converse(stream, peer, watcher).await;
        };
        let handshake = tokio::time::timeout(self.connections.handshake, tls.acceptor().accept(stream));
        let secured = tokio::select! {
            secured = handshake => secured,
            // Nothing was asked yet.
            () = self.front.stopped() => return,
        };
        match secured {
            Ok(Ok(stream)) => self.converse(stream, peer, watcher).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "no handshake"),
            Err(_) => metrics::cut("handshake"),
        }
    }

    async fn converse<S>(&self, stream: S, peer: SocketAddr, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let service = service_fn(|mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer.ip()));
            self.router.call(request)
        });
        let connection = self.http.serve_connection(TokioIo::new(stream), service);
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%peer, %error, "connection ended");
        }
    }

    fn count(&self) {
        metrics::connections(self.connections.most - self.places.available_permits());
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Small answers go out at once.
                let _ = stream.set_nodelay(true);
                return (stream, peer, place);
            }
            // Too many open files, or a caller that went away: neither ends the server.
            Err(error) => {
                tracing::warn!(%error, "no connection accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

#[cfg(test)]
mod tests;
