//! Where the server is, as the caller names it: for links, which GDAL and QGIS want whole.

use axum::http::{HeaderMap, HeaderName, header};

/// Set by a proxy that ends TLS.
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Scheme and authority without a slash at the end, such as `http://127.0.0.1:8080`; empty if the call names no host
/// that can stand in a link. Then links have paths alone.
pub(super) fn base(headers: &HeaderMap) -> String {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let plain = |host: &&str| {
        !host.is_empty()
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:[]".contains(&byte))
    };
    let Some(host) = text(header::HOST).filter(plain) else { return String::new() };
    let secure = text(FORWARDED_PROTO).is_some_and(|proto| proto.eq_ignore_ascii_case("https"));
    format!("{}://{host}", if secure { "https" } else { "http" })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn links_begin_with_the_host_that_was_called() {
        for (host, proto, expected) in [
            (Some("127.0.0.1:8080"), None, "http://127.0.0.1:8080"),
            (Some("[::1]:80"), None, "http://[::1]:80"),
            (Some("city.example"), Some("https"), "https://city.example"),
            (Some("a\" onclick"), None, ""),
            (None, None, ""),
        ] {
            let mut headers = HeaderMap::new();
            host.map(|host| headers.insert(header::HOST, host.parse().unwrap()));
            proto.map(|proto| headers.insert(FORWARDED_PROTO, proto.parse().unwrap()));
            assert_eq!(base(&headers), expected);
        }
    }
}
