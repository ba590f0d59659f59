//! What the server does not wait for.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::Request;
use http_body_util::BodyExt;
use hyper::body::Frame;
use tianlu::http::schema::Problem;
use tianlu::http::{App, Base, Code, Limits, router};
use tianlu::service::Start;
use tianlu::store::RedbStore;
use tianlu_engine::world::Separation;
use tower::ServiceExt;

/// A body of which nothing ever comes.
struct Never;

impl hyper::body::Body for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let separation = Separation { horizontal_m: 60.0, vertical_m: 20.0, time_s: 0.0, pad_s: 0.0 };
    let start = Start::usual(Vec::new(), separation);
    let base = Base { title: "A test".to_owned(), sites: Vec::new(), start };
    let store = Arc::new(RedbStore::in_memory().unwrap());
    let limits = Limits { body: Duration::from_millis(20), ..Limits::default() };
    let app = Arc::new(App::new(base, store, limits).unwrap());
    for path in ["/routes", "/flights", "/batch", "/collections/zones/items"] {
        let request =
            Request::post(path).header("content-type", "application/json").body(Body::new(Never)).unwrap();
        let response = router(Arc::clone(&app)).oneshot(request).await.unwrap();
        assert_eq!(response.status(), 408);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem.code, Code::BodyTimeout);
    }
}
