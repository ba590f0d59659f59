//! Which scope each call needs. What does not stand here, the administrator alone may call.

use axum::http::Method;

use crate::service::Scope;

/// What a caller must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Need {
    /// Nothing: what a server says of itself.
    Nothing,
    /// A scope.
    One(Scope),
}

use Need::{Nothing, One};

/// Method, path, need. The names of a path's parameters do not matter.
const TABLE: &[(&str, &str, Need)] = &[
    ("GET", "/", Nothing),
    ("GET", "/conformance", Nothing),
    ("GET", "/collections", Nothing),
    ("GET", "/collections/{}", Nothing),
    ("GET", "/assets/{}", Nothing),
    ("GET", "/docs", Nothing),
    ("GET", "/docs/", Nothing),
    ("GET", "/docs/{}", Nothing),
    ("GET", "/openapi.json", Nothing),
    ("GET", "/healthz", Nothing),
    ("GET", "/readyz", Nothing),
    ("GET", "/collections/zones/items", One(Scope::Read)),
    ("GET", "/collections/zones/items/{}", One(Scope::Read)),
    ("GET", "/collections/flights/items", One(Scope::Read)),
    ("GET", "/collections/flights/items/{}", One(Scope::Read)),
    ("GET", "/collections/sites/items", One(Scope::Read)),
    ("GET", "/collections/sites/items/{}", One(Scope::Read)),
    ("GET", "/aircraft", One(Scope::Read)),
    ("GET", "/weather", One(Scope::Read)),
    ("GET", "/events", One(Scope::Read)),
    ("GET", "/flights/{}", One(Scope::Read)),
    ("GET", "/flights/{}/export", One(Scope::Read)),
    ("GET", "/metrics", One(Scope::Read)),
    ("POST", "/routes", One(Scope::Plan)),
    ("POST", "/batch", One(Scope::Plan)),
    ("POST", "/validate", One(Scope::Plan)),
    ("POST", "/flights", One(Scope::Flights)),
    ("PATCH", "/flights/{}", One(Scope::Flights)),
    ("POST", "/flights/{}/positions", One(Scope::Flights)),
    ("POST", "/collections/zones/items", One(Scope::Zones)),
    ("PUT", "/collections/zones/items/{}", One(Scope::Zones)),
    ("DELETE", "/collections/zones/items/{}", One(Scope::Zones)),
    ("POST", "/restrictions", One(Scope::Zones)),
    ("PUT", "/weather", One(Scope::Zones)),
    ("GET", "/audit", One(Scope::Admin)),
    ("GET", "/backup", One(Scope::Admin)),
    ("POST", "/restore", One(Scope::Admin)),
];

/// What a call needs, by its method and the path as it was matched.
pub(in crate::http) fn need(method: &Method, path: &str) -> Need {
    // Which methods an address takes is in the API's document too.
    if method == Method::OPTIONS && TABLE.iter().any(|(_, pattern, _)| is_same(path, pattern)) {
        return Nothing;
    }
    listed(method, path).unwrap_or(One(Scope::Admin))
}

fn listed(method: &Method, path: &str) -> Option<Need> {
    // HEAD is GET without the body.
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let row = TABLE.iter().find(|(verb, pattern, _)| method == verb && is_same(path, pattern));
    row.map(|(.., need)| *need)
}

fn is_same(path: &str, pattern: &str) -> bool {
    let parameter = |part: &str| part.starts_with('{') && part.ends_with('}');
    let (mut parts, mut patterns) = (path.split('/'), pattern.split('/'));
    loop {
        match (parts.next(), patterns.next()) {
            (None, None) => return true,
            (Some(part), Some("{}")) if parameter(part) => {}
            (Some(part), Some(pattern)) if part == pattern => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_call_stands_in_the_table() {
        let document = crate::http::openapi();
        for (path, item) in &document.paths.paths {
            let operations = [
                (Method::GET, &item.get),
                (Method::PUT, &item.put),
                (Method::POST, &item.post),
                (Method::DELETE, &item.delete),
                (Method::PATCH, &item.patch),
                (Method::HEAD, &item.head),
            ];
            for (method, _) in operations.iter().filter(|(_, operation)| operation.is_some()) {
                assert!(listed(method, path).is_some(), "{method} {path} is missing in the table");
            }
        }
    }

    #[test]
    fn what_is_not_listed_is_for_the_administrator() {
        assert_eq!(need(&Method::DELETE, "/routes"), One(Scope::Admin));
        assert_eq!(need(&Method::GET, "/secrets"), One(Scope::Admin));
        assert_eq!(need(&Method::GET, "/flights/{id}/export/more"), One(Scope::Admin));
        assert_eq!(need(&Method::GET, "/flights"), One(Scope::Admin));
        assert_eq!(need(&Method::OPTIONS, "/secrets"), One(Scope::Admin));
        assert_eq!(need(&Method::OPTIONS, "/flights/{id}"), Nothing);
    }

    #[test]
    fn the_names_of_parameters_do_not_matter_and_head_is_get() {
        assert_eq!(need(&Method::GET, "/flights/{id}"), One(Scope::Read));
        assert_eq!(need(&Method::HEAD, "/flights/{request}"), One(Scope::Read));
        assert_eq!(need(&Method::GET, "/docs/{*rest}"), Nothing);
    }

    #[test]
    fn no_row_stands_twice() {
        for (index, (method, path, _)) in TABLE.iter().enumerate() {
            let again = TABLE[..index].iter().any(|(verb, pattern, _)| verb == method && pattern == path);
            assert!(!again, "{method} {path}");
        }
    }
}
