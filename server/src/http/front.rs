//! What stands before all calls: who may call, how often, from which pages, and until when.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use tokio::sync::watch;

use super::auth::{Access, Need, bearer, need};
use super::origin::Origins;
use super::problem::{Code, Problem};
use super::rate::{Client, Rate};
use crate::metrics;
use crate::service::{Principal, Scope, Scopes};

/// Calls a second of one client on average: of an operator, and of an address where there are no operators.
const PER_S: (f64, f64) = (1000.0, 5000.0);

/// What stands before all calls.
#[derive(Debug)]
pub struct Front {
    /// `None`: everybody may do everything.
    pub(super) access: Option<Arc<Access>>,
    rate: Rate,
    pub(super) origins: Origins,
    stopping: watch::Sender<bool>,
    /// Open streams of events.
    streams: AtomicUsize,
}

/// How the front is set up.
#[derive(Debug, Default)]
pub struct FrontOptions {
    /// The keys; without them everybody may do everything.
    pub access: Option<Arc<Access>>,
    /// Calls a second of one client, on average; if absent 1000, without keys 5000.
    pub rate: Option<f64>,
    /// Calls of one client at once; if absent twice the rate.
    pub burst: Option<f64>,
    /// Origins whose pages may call; `*` is any.
    pub cors: Vec<String>,
}

/// The address that a call comes from; the listener says it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

impl Front {
    /// A front.
    ///
    /// # Errors
    /// If an origin is none, or any origin may call and everybody may do everything.
    pub fn new(options: FrontOptions) -> Result<Self, String> {
        let open = options.access.is_none();
        let per_s = options.rate.unwrap_or(if open { PER_S.1 } else { PER_S.0 });
        let origins = Origins::read(&options.cors)?;
        if open && origins.any() {
            return Err("--cors: found *, expected origins by name, for there are no keys".to_owned());
        }
        Ok(Self {
            rate: Rate::new(per_s, options.burst.unwrap_or(2.0 * per_s).max(1.0)),
            access: options.access,
            origins,
            stopping: watch::Sender::new(false),
            streams: AtomicUsize::new(0),
        })
    }

    /// Everybody may do everything, from this machine.
    pub fn open() -> Self {
        let per_s = PER_S.1;
        Self {
            access: None,
            rate: Rate::new(per_s, 2.0 * per_s),
            origins: Origins::default(),
            stopping: watch::Sender::new(false),
            streams: AtomicUsize::new(0),
        }
    }

    /// Ends what would go on for ever.
    pub(super) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Done once [`Self::stop`] was called.
    pub(super) fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stopping = self.stopping.subscribe();
        async move {
            // It ends with an error if the front is gone: then there is nothing to wait for either.
            let _ = stopping.wait_for(|stopping| *stopping).await;
        }
    }

    /// Who calls, if he may.
    fn admit(&self, request: &Request, now: Instant) -> Result<Principal, Box<Response>> {
        let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        // What is at no path has nothing to keep.
        let need = path.map_or(Need::Nothing, |path| need(request.method(), path));
        let peer = request.extensions().get::<Peer>().map_or(Ipv4Addr::LOCALHOST.into(), |peer| peer.0);
        let peer = Client::at(peer);
        // Whoever asks for these asks often, and must be answered in a rush too.
        let health = matches!(path, Some("/healthz" | "/readyz"));
        let Some(access) = &self.access else {
            if !health {
                self.count(peer, now)?;
            }
            return Ok(Principal::open());
        };
        let Need::One(scope) = need else {
            if !health {
                self.count(peer, now)?;
            }
            return Ok(nobody());
        };
        let principal = match bearer(request.headers()) {
            Ok(Some(token)) => match access.known(token) {
                Some(principal) => Ok(principal),
                // Signatures cost: an address that brings bad tokens is not checked for ever.
                None if !self.rate.has_room(&peer, now) => return Err(too_many(1)),
                None => access.principal(token),
            },
            Ok(None) => {
                Err(Problem::new(Code::Unauthenticated, "Authorization: missing, expected a bearer token"))
            }
            Err(problem) => Err(problem),
        };
        let principal = match principal {
            Ok(principal) => principal,
            Err(problem) => {
                self.count(peer, now)?;
                let missing = request.headers().get(header::AUTHORIZATION).is_none();
                return Err(unauthenticated(problem, missing));
            }
        };
        self.count(Client::Subject(Arc::clone(&principal.subject)), now)?;
        if principal.scopes.has(scope) { Ok(principal) } else { Err(forbidden(scope)) }
    }

    fn count(&self, client: Client, now: Instant) -> Result<(), Box<Response>> {
        self.rate.take(client, now).map_err(too_many)
    }
}

/// Lets a call in, with its [`Principal`] in the request's extensions, or turns it away.
pub(super) async fn guard(State(front): State<Arc<Front>>, mut request: Request, next: Next) -> Response {
    let principal = match front.admit(&request, Instant::now()) {
        Ok(principal) => principal,
        Err(refusal) => return *refusal,
    };
    tracing::Span::current().record("subject", &*principal.subject);
    request.extensions_mut().insert(principal);
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
        return response;
    }
    // It goes on for ever, but not longer than the server.
    let stopped = front.stopped();
    let open = Stream::open(front);
    let parts = move |body: Body| {
        let parts = body.into_data_stream().take_until(stopped);
        Body::from_stream(parts.inspect(move |_| open.is_open()))
    };
    response.map(parts)
}

/// A stream of events, counted while it is open.
struct Stream(Arc<Front>);

impl Stream {
    fn open(front: Arc<Front>) -> Self {
        metrics::streams(front.streams.fetch_add(1, Ordering::Relaxed) + 1);
        Self(front)
    }

    /// It lives as long as what holds it.
    fn is_open(&self) {}
}

impl Drop for Stream {
    fn drop(&mut self) {
        metrics::streams(self.0.streams.fetch_sub(1, Ordering::Relaxed) - 1);
    }
}

/// Somebody without a token, where none is needed.
fn nobody() -> Principal {
    Principal { scopes: Scopes::NONE, ..Principal::open() }
}

fn too_many(seconds: u32) -> Box<Response> {
    metrics::turned_away(Code::TooManyRequests.as_str());
    let problem = Problem::new(Code::TooManyRequests, Code::TooManyRequests.title());
    Box::new(problem.retry_after_s(seconds).into_response())
}

/// RFC 6750, section 3: no error is named where nothing was brought.
fn unauthenticated(problem: Problem, missing: bool) -> Box<Response> {
    metrics::turned_away(Code::Unauthenticated.as_str());
    let challenge = if missing { "Bearer" } else { "Bearer error=\"invalid_token\"" };
    with_challenge(problem, HeaderValue::from_static(challenge))
}

fn forbidden(scope: Scope) -> Box<Response> {
    metrics::turned_away(Code::Forbidden.as_str());
    let detail = format!("the token lacks the scope {}", scope.as_str());
    let problem = Problem::new(Code::Forbidden, detail).with("scope", scope.as_str().into());
    let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{}\"", scope.as_str());
    with_challenge(problem, HeaderValue::try_from(challenge).unwrap_or(HeaderValue::from_static("Bearer")))
}

fn with_challenge(problem: Problem, challenge: HeaderValue) -> Box<Response> {
    let mut response = problem.into_response();
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    Box::new(response)
}
