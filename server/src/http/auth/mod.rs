//! Who calls, and may he? Bearer tokens (RFC 6750) are checked with public keys; [`table`] says what each call needs.

mod key;
mod keys;
mod own;
mod remote;
#[cfg(test)]
mod samples;
mod table;
mod token;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use axum::http::{HeaderMap, header};

pub use own::{Grant, OwnKey};
pub(super) use table::{Need, need};
pub use token::Expected;

use key::Key;
use remote::Remote;
use token::{Known, Untrue};

use super::problem::{Code, Problem};
use crate::metrics;
use crate::service::Principal;

/// Where the keys come from.
#[derive(Debug, Default)]
pub struct Sources {
    /// A file of public keys.
    pub file: Option<PathBuf>,
    /// The URL of a JWK set.
    pub url: Option<String>,
    /// The folder of the server's data, with its own key.
    pub data: Option<PathBuf>,
}

/// The keys, and what tokens must say.
#[derive(Debug)]
pub struct Access {
    expected: Expected,
    /// Of the file and of the data; these stay.
    fixed: Vec<Arc<Key>>,
    remote: Option<Remote>,
    /// All that there are now.
    keys: ArcSwap<Vec<Arc<Key>>>,
    known: Known,
}

impl Access {
    /// Keys from all sources; `None` if no source is named and the folder has no key, so that nobody can be told apart.
    ///
    /// # Errors
    /// If a key cannot be read. A URL that does not answer is none: it is asked again.
    pub fn of(sources: &Sources, expected: Expected) -> Result<Option<Arc<Self>>, String> {
        let own = sources.data.as_deref().map(OwnKey::find).transpose()?.flatten();
        let mut fixed: Vec<_> = own.iter().map(|own| Arc::new(own.public())).collect();
        if let Some(path) = &sources.file {
            fixed.extend(of_file(path)?);
        }
        let (remote, woken) = match &sources.url {
            Some(url) => Remote::new(url).map(|(remote, woken)| (Some(remote), Some(woken)))?,
            None => (None, None),
        };
        if fixed.is_empty() && remote.is_none() {
            return Ok(None);
        }
        let keys = ArcSwap::from_pointee(fixed.clone());
        let access = Arc::new(Self { expected, fixed, remote, keys, known: Known::default() });
        metrics::keys(access.count());
        if let Some(woken) = woken {
            access.fetch();
            let weak = Arc::downgrade(&access);
            let thread = std::thread::Builder::new().name("keys".to_owned());
            thread.spawn(move || remote::keep_fetching(&weak, &woken)).map_err(|error| error.to_string())?;
        }
        Ok(Some(access))
    }

    /// The number of keys.
    pub(super) fn count(&self) -> usize {
        self.keys.load().len()
    }

    /// Why the last fetch of keys failed, if it did.
    pub(super) fn failure(&self) -> Option<String> {
        self.remote.as_ref().and_then(Remote::failure)
    }

    /// Fetches the keys of the URL; if that fails, those that were there stay.
    fn fetch(&self) {
        let Some(Ok(fetched)) = self.remote.as_ref().map(Remote::fetch) else { return };
        let all: Vec<_> = self.fixed.iter().cloned().chain(fetched.into_iter().map(Arc::new)).collect();
        self.keys.store(Arc::new(all));
        self.known.forget();
        metrics::keys(self.count());
    }

    /// The caller, if the token was found true before: this takes a microsecond.
    pub(super) fn known(&self, token: &str) -> Option<Principal> {
        self.known.get(token)
    }

    /// The caller, as the token says. Checking a signature takes up to a millisecond.
    pub(super) fn principal(&self, token: &str) -> Result<Principal, Problem> {
        let keys = self.keys.load_full();
        token::principal(token, &keys, &self.expected, &self.known).map_err(|untrue| {
            let why = match untrue {
                Untrue::Wrong(why) => why,
                Untrue::UnknownKey(kid) => {
                    self.remote.as_ref().map(Remote::wake).unwrap_or_default();
                    format!("kid: no key is called {kid:?}")
                }
            };
            Problem::new(Code::Unauthenticated, format!("the bearer token: {why}"))
        })
    }
}

fn of_file(path: &Path) -> Result<Vec<Arc<Key>>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let bytes = std::fs::read(path).map_err(|error| failed(&error))?;
    let (keys, passed_over) = keys::read(&bytes).map_err(|error| failed(&error))?;
    for why in passed_over {
        eprintln!("warning: {}: passed over: {why}", path.display());
    }
    Ok(keys.into_iter().map(Arc::new).collect())
}

/// The token in the header `Authorization`; `None` without one.
///
/// # Errors
/// If there are several, or another scheme.
pub(super) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let wrong = |text: &str| Problem::new(Code::Unauthenticated, format!("Authorization: {text}"));
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(wrong("found it twice, expected it once"));
    }
    let expected = "expected \"Bearer\" and a token";
    let (scheme, token) =
        value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(|| wrong(expected))?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(Some(token.trim())) } else { Err(wrong(expected)) }
}
