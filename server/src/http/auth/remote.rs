//! A JWK set at a URL, fetched by a thread of its own, so that no call waits for it.

use std::net::IpAddr;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::key::Key;
use super::{Access, keys};
use crate::metrics;

/// Fetched anew after so long.
const EVERY: Duration = Duration::from_secs(300);
/// Fetched no sooner than so long after the last time, whatever tokens come.
const REST: Duration = Duration::from_secs(10);
/// How long one fetch may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer.
const LONGEST: u64 = 1 << 20;

/// The URL, and how the last fetch went.
#[derive(Debug)]
pub(super) struct Remote {
    url: String,
    wake: SyncSender<()>,
    last: Mutex<Option<Result<(), String>>>,
}

impl Remote {
    /// A set that is not fetched yet, and where its thread is woken.
    ///
    /// # Errors
    /// If the URL is neither `https` nor `http` on this machine.
    pub(super) fn new(url: &str) -> Result<(Self, Receiver<()>), String> {
        let uri: ureq::http::Uri = url.parse().map_err(|error| format!("--jwks: found {url:?}: {error}"))?;
        let local = |host: &str| {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        };
        let safe = match uri.scheme_str() {
            Some("https") => uri.host().is_some(),
            Some("http") => uri.host().is_some_and(local),
            _ => false,
        };
        if !safe {
            return Err(format!("--jwks: found {url:?}, expected https, or http on this machine"));
        }
        let (wake, woken) = sync_channel(1);
        Ok((Self { url: url.to_owned(), wake, last: Mutex::new(None) }, woken))
    }

    /// Asks for a fetch soon; does not wait for it.
    pub(super) fn wake(&self) {
        // A full channel holds the same wish already.
        let _ = self.wake.try_send(());
    }

    /// Why the last fetch failed, if it did.
    pub(super) fn failure(&self) -> Option<String> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()?.err()
    }

    /// The keys as they are there now.
    pub(super) fn fetch(&self) -> Result<Vec<Key>, String> {
        let fetched = self.get().and_then(|bytes| keys::read(&bytes));
        metrics::keys_fetched(fetched.is_ok());
        let outcome = fetched.as_ref().map(|_| ()).map_err(|error| format!("{}: {error}", self.url));
        match &outcome {
            Ok(()) => tracing::info!(url = self.url, "keys fetched"),
            Err(error) => tracing::warn!(error, "keys not fetched; those that were there stay"),
        }
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        let (keys, passed_over) = fetched?;
        for why in passed_over {
            tracing::warn!(url = self.url, why, "a key was passed over");
        }
        Ok(keys)
    }

    fn get(&self) -> Result<Vec<u8>, String> {
        // A redirect could lead anywhere.
        let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0);
        let agent: ureq::Agent = config.build().into();
        let answer = agent.get(&self.url).call().map_err(|error| error.to_string())?;
        if answer.status() != 200 {
            return Err(format!("found status {}, expected 200", answer.status().as_u16()));
        }
        let mut body = answer.into_body();
        body.with_config().limit(LONGEST).read_to_vec().map_err(|error| error.to_string())
    }
}

/// Fetches until nobody needs the keys any more.
pub(super) fn keep_fetching(access: &Weak<Access>, woken: &Receiver<()>) {
    let mut fetched = Instant::now();
    loop {
        let Some(strong) = access.upgrade() else { return };
        // Without any key no call can be answered: that is worth trying again soon.
        let wait = if strong.count() == 0 { REST } else { EVERY };
        drop(strong);
        match woken.recv_timeout(wait) {
            Err(RecvTimeoutError::Disconnected) => return,
            Ok(()) if fetched.elapsed() < REST => continue,
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
        }
        let Some(access) = access.upgrade() else { return };
        fetched = Instant::now();
        access.fetch();
    }
}
