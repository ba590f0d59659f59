//! What the process is told by its surroundings.

use std::io;
use std::sync::Arc;

use crate::http::Tls;

/// Done when the process is asked to stop.
#[cfg(unix)]
pub(super) fn stop() -> io::Result<impl Future<Output = ()>> {
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
pub(super) fn stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// Reads the certificate anew at each SIGHUP.
#[cfg(unix)]
pub(super) fn reload(tls: Option<Arc<Tls>>) -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        while hangup.recv().await.is_some() {
            match tls.as_deref().map(Tls::reload) {
                Some(Ok(())) => tracing::info!("the certificate was read anew"),
                Some(Err(error)) => tracing::error!(error, "the certificate was not read; the old one stays"),
                None => tracing::info!("SIGHUP: there is no certificate to read anew"),
            }
        }
    })
}

/// There is no such signal here.
#[cfg(not(unix))]
pub(super) fn reload(_: Option<Arc<Tls>>) -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(std::future::ready(()))
}
