//! `tianlu serve`: the HTTP API and the web page.

mod args;
mod config;
mod front;
mod log;
mod signals;
mod start;

use std::sync::Arc;
use std::time::Duration;

pub(super) use self::args::Args;
pub(super) use self::config::{ConfigFile, with_environment};
use super::{Answer, Done, Failure};
use crate::http::{self, App, Connections, Limits, Tls};
use crate::metrics;
use crate::store::{RedbStore, Store};

pub(super) fn run(args: &Args) -> Done {
    log::begin(args.log);
    metrics::install();
    let front = Arc::new(front::front(args)?);
    let base = start::base(args)?;
    let limits = Limits::default();
    let zones = base.start.zones.len();
    let title = base.title.clone();
    let store = store(args)?;
    let app = Arc::new(App::new(base, store, limits).map_err(Failure::new)?);
    let tls = tls(args)?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let connections = Connections {
        most: args.pressure.connections as usize,
        of_one_address: args.pressure.connections_per_address as usize,
        tls: tls.clone(),
        ..Connections::default()
    };
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::new)?;
    runtime.block_on(async {
        let failed = |error| Failure(format!("--listen: {}: {error}", args.listen));
        let listener = http::bind(args.listen).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        log::say(args.log, &format!("{title}: {zones} zones"));
        log::say(args.log, &format!("listening on {scheme}://{address}"));
        let stop = signals::stop().map_err(Failure::new)?;
        tokio::spawn(signals::reload(tls).map_err(Failure::new)?);
        tokio::spawn(keep_metrics());
        http::serve(listener, app, front, connections, stop).await;
        Ok(())
    })?;
    log::say(args.log, "stopped");
    Ok(Answer::Yes)
}

fn tls(args: &Args) -> Result<Option<Arc<Tls>>, Failure> {
    match (&args.access.tls_cert, &args.access.tls_key) {
        (Some(certificate), Some(key)) => {
            Tls::read(certificate, key).map(|tls| Some(Arc::new(tls))).map_err(Failure)
        }
        (None, None) => Ok(None),
        _ => Err(Failure::new("--tls-cert, --tls-key: found one of them, expected both or none")),
    }
}

/// Without it the recorder would grow until somebody reads the metrics.
async fn keep_metrics() {
    let mut ticks = tokio::time::interval(Duration::from_secs(5));
    loop {
        ticks.tick().await;
        metrics::upkeep();
    }
}

/// On disk, or in memory for a server that is only tried out.
fn store(args: &Args) -> Result<Arc<dyn Store>, Failure> {
    let store = match &args.data {
        Some(dir) => RedbStore::open(dir),
        None => {
            log::warn(args.log, "nothing is kept once the server ends: --data DIR keeps it");
            RedbStore::in_memory()
        }
    };
    Ok(Arc::new(store.map_err(Failure::new)?))
}
