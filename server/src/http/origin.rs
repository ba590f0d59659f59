//! Keeps pages of other sites from calling a server on somebody's own machine.
//!
//! Without this, any page open in a browser could post zones to 127.0.0.1, or read from it under a name of its own
//! that resolves to 127.0.0.1.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::front::Front;
use super::problem::{Code, Problem};

/// The origins of pages that may call (Fetch standard, 3.2).
#[derive(Debug, Default)]
pub(super) struct Origins {
    any: bool,
    named: Vec<HeaderValue>,
}

impl Origins {
    /// From their spelling on the command line.
    ///
    /// # Errors
    /// If one is neither `*` nor scheme and authority alone.
    pub(super) fn read(texts: &[String]) -> Result<Self, String> {
        let mut origins = Self::default();
        for text in texts {
            if text == "*" {
                origins.any = true;
            } else {
                let value = HeaderValue::from_str(text).ok().filter(|_| is_origin(text));
                let refuse = || format!("--cors: found {text:?}, expected such as https://map.example");
                origins.named.push(value.ok_or_else(refuse)?);
            }
        }
        Ok(origins)
    }

    pub(super) fn any(&self) -> bool {
        self.any
    }

    fn has(&self, origin: &str) -> bool {
        self.any || self.named.iter().any(|named| named == origin)
    }

    /// What tells browsers about them; `None` if there are none.
    pub(super) fn layer(&self) -> Option<CorsLayer> {
        let list = match (self.any, self.named.is_empty()) {
            (true, _) => AllowOrigin::any(),
            (false, false) => AllowOrigin::list(self.named.clone()),
            (false, true) => return None,
        };
        let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
        Some(
            CorsLayer::new()
                .allow_origin(list)
                .allow_methods(methods)
                .allow_headers(TAKEN.map(HeaderName::from_static))
                .expose_headers(SHOWN.map(HeaderName::from_static))
                .max_age(Duration::from_secs(3600)),
        )
    }
}

/// Headers that pages of these origins may send.
const TAKEN: [&str; 8] = [
    "authorization",
    "content-type",
    "if-match",
    "if-none-match",
    "idempotency-key",
    "last-event-id",
    "x-request-id",
    "accept",
];
/// Headers that they may read.
const SHOWN: [&str; 7] =
    ["etag", "location", "link", "retry-after", "x-request-id", "airspace-revision", "www-authenticate"];

/// Lower case, without a path, as browsers write it.
fn is_origin(text: &str) -> bool {
    let authority = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    authority.is_some_and(|authority| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.:[]".contains(c);
        !authority.is_empty() && authority.chars().all(plain)
    })
}

pub(super) async fn guard(State(front): State<Arc<Front>>, request: Request, next: Next) -> Response {
    let host = text(request.headers(), header::HOST);
    // With keys a page under another name has no token to use.
    if let Some(host) = host.filter(|host| front.access.is_none() && !is_local(host)) {
        let detail = format!("Host: found {host:?}, expected localhost or a loopback address");
        return Problem::new(Code::ForeignOrigin, detail).into_response();
    }
    let foreign = text(request.headers(), header::ORIGIN).filter(|origin| {
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        (authority.is_none() || authority != host) && !front.origins.has(origin)
    });
    if let Some(origin) = foreign.filter(|_| !request.method().is_safe()) {
        let detail = format!("Origin: found {origin:?}, expected this server's own pages");
        return Problem::new(Code::ForeignOrigin, detail).into_response();
    }
    next.run(request).await
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn is_local(host: &str) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read_strictly() {
        let read = |text: &str| Origins::read(&[text.to_owned()]);
        for good in ["https://map.example", "http://localhost:5173", "https://[2001:db8::1]:8443"] {
            assert!(read(good).is_ok_and(|origins| origins.has(good) && !origins.any()), "{good}");
        }
        for bad in [
            "",
            "map.example",
            "https://",
            "https://map.example/",
            "HTTPS://map.example",
            "null",
            "https://a b",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        let any = read("*").is_ok_and(|origins| origins.any() && origins.has("https://map.example"));
        assert!(any && Origins::default().layer().is_none());
    }

    #[test]
    fn loopback_names_are_local_and_others_are_not() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "127.9.9.9", "[::1]:8080"] {
            assert!(is_local(host), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:8080",
            "10.0.0.1:8080",
            "[2001:db8::1]:80",
            "localhost.evil.example",
            "",
        ] {
            assert!(!is_local(host), "{host}");
        }
    }
}
