//! `tianlu serve`: the HTTP API and the web page.

mod start;

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use super::{Answer, Done, Failure, input};
use crate::http::{self, App, Limits};

/// Serve the HTTP API and the web page
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// An airspace file instead of the bundled Jiaxing airspace, or beside that of the scenario; may be repeated
    #[arg(long, value_name = "FILE")]
    airspace: Vec<PathBuf>,
    /// A scenario that gives everything but its requests; read strictly, whatever --lenient and --crs say
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Listen on an address that others reach, though everybody who does may change the airspace
    #[arg(long)]
    insecure_open: bool,
    #[command(flatten)]
    reading: input::AirspaceArgs,
}

pub(super) fn run(args: &Args) -> Done {
    if !args.listen.ip().is_loopback() && !args.insecure_open {
        return Err(Failure(format!(
            "--listen: found {}, expected a loopback address: there are no keys yet, and everybody who reaches the \
             server may change its airspace; --insecure-open listens all the same",
            args.listen
        )));
    }
    let base = start::base(args)?;
    log_to_stderr();
    let limits = Limits { local_only: !args.insecure_open, ..Limits::default() };
    let zones = base.zones.len();
    let title = base.title.clone();
    let app = Arc::new(App::new(base, limits).map_err(Failure::new)?);
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::new)?;
    runtime.block_on(async {
        let failed = |error| Failure(format!("--listen: {}: {error}", args.listen));
        let listener = TcpListener::bind(args.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        eprintln!("{title}: {zones} zones");
        if args.insecure_open {
            eprintln!("warning: everybody who reaches {address} may change the airspace");
        }
        eprintln!("listening on http://{address}");
        let stop = stop_signal().map_err(Failure::new)?;
        http::serve(listener, app, stop).await.map_err(Failure::new)
    })?;
    eprintln!("stopped");
    Ok(Answer::Yes)
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
