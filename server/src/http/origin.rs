//! Keeps pages of other sites from calling a server on somebody's own machine.
//!
//! Without this, any page open in a browser could post zones to 127.0.0.1, or read from it under a name of its own
//! that resolves to 127.0.0.1.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::{Code, Problem};
use super::state::App;

pub(super) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let host = text(request.headers(), header::HOST);
    if let Some(host) = host.filter(|host| app.limits.local_only && !is_local(host)) {
        let detail = format!("Host: found {host:?}, expected localhost or a loopback address");
        return Problem::new(Code::ForeignOrigin, detail).into_response();
    }
    let foreign = text(request.headers(), header::ORIGIN).filter(|origin| {
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        authority.is_none() || authority != host
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
    use super::is_local;

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
