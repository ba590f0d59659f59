//! `tianlu serve`: the HTTP API and the web page.

mod args;
mod config;
mod front;
mod start;

use std::io::IsTerminal;
use std::sync::Arc;

use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

pub(super) use self::args::Args;
pub(super) use self::config::{ConfigFile, with_environment};
use super::{Answer, Done, Failure};
use crate::http::{self, App, Limits};
use crate::metrics;
use crate::store::{RedbStore, Store};

pub(super) fn run(args: &Args) -> Done {
    log_to_stderr();
    metrics::install();
    let front = Arc::new(front::front(args)?);
    let base = start::base(args)?;
    let limits = Limits::default();
    let zones = base.start.zones.len();
    let title = base.title.clone();
    let store = store(args)?;
    let app = Arc::new(App::new(base, store, limits).map_err(Failure::new)?);
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::new)?;
    runtime.block_on(async {
        let failed = |error| Failure(format!("--listen: {}: {error}", args.listen));
        let listener = TcpListener::bind(args.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        eprintln!("{title}: {zones} zones");
        eprintln!("listening on http://{address}");
        let stop = stop_signal().map_err(Failure::new)?;
        http::serve(listener, app, front, stop).await.map_err(Failure::new)
    })?;
    eprintln!("stopped");
    Ok(Answer::Yes)
}

/// On disk, or in memory for a server that is only tried out.
fn store(args: &Args) -> Result<Arc<dyn Store>, Failure> {
    let store = match &args.data {
        Some(dir) => RedbStore::open(dir),
        None => {
            eprintln!("warning: nothing is kept once the server ends: --data DIR keeps it");
            RedbStore::in_memory()
        }
    };
    Ok(Arc::new(store.map_err(Failure::new)?))
}

/// `RUST_LOG` chooses what is logged; requests are, unless it says otherwise.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let colours = std::io::stderr().is_terminal();
    let log =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    // A second logger in one process is no reason to stop.
    let _ = log.with_target(false).try_init();
}

/// Done when the process is asked to stop.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Done when the process is asked to stop.
#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
