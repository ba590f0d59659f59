//! A city's state, where it is: with a running server, or in a directory that no server has open.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body};

use super::Failure;
use crate::store::RedbStore;

/// A running server, or the directory of one that does not run.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Place {
    /// A running server, such as http://127.0.0.1:8080
    #[arg(long, value_name = "URL", required_unless_present = "data", conflicts_with = "data")]
    pub(super) url: Option<String>,
    /// The token for it
    #[arg(long, env = "TIANLU_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<String>,
    /// The directory of a server that does not run
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Where the state is.
pub(super) enum Found<'a> {
    Server(Server<'a>),
    Directory(&'a Path),
}

impl Place {
    pub(super) fn found(&self) -> Result<Found<'_>, Failure> {
        match (&self.url, &self.data) {
            (Some(url), _) => {
                let url = url.trim_end_matches('/');
                Ok(Found::Server(Server { url, token: self.token.as_deref() }))
            }
            (None, Some(dir)) => Ok(Found::Directory(dir)),
            (None, None) => Err(Failure("expected --url or --data".to_owned())),
        }
    }
}

/// Opens the store in a directory, which must have one.
pub(super) fn existing(dir: &Path) -> Result<RedbStore, Failure> {
    if !RedbStore::is_in(dir) {
        return Err(Failure(format!("--data: {}: there is no state of a server here", dir.display())));
    }
    RedbStore::open(dir).map_err(Failure::new)
}

/// A running server.
pub(super) struct Server<'a> {
    url: &'a str,
    token: Option<&'a str>,
}

impl Server<'_> {
    pub(super) fn get(&self, path: &str) -> Result<Response<Body>, Failure> {
        let mut request = agent().get(format!("{}{path}", self.url));
        if let Some(token) = self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.answered(request.call())
    }

    pub(super) fn post(
        &self,
        path: &str,
        kind: &str,
        body: &std::fs::File,
    ) -> Result<Response<Body>, Failure> {
        let mut request = agent().post(format!("{}{path}", self.url)).header("content-type", kind);
        if let Some(token) = self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.answered(request.send(body))
    }

    /// The answer, if it is none of a refusal.
    fn answered(&self, answer: Result<Response<Body>, ureq::Error>) -> Result<Response<Body>, Failure> {
        let mut answer = answer.map_err(|error| Failure(format!("{}: {error}", self.url)))?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let status = answer.status();
        let text = answer.body_mut().read_to_string().unwrap_or_default();
        let problem: Value = serde_json::from_str(&text).unwrap_or_default();
        let why = match (problem["code"].as_str(), problem["detail"].as_str()) {
            (Some(code), Some(detail)) => format!("{code}: {detail}"),
            _ => "it is no server of Tianlu".to_owned(),
        };
        Err(Failure(format!("{}: answered {status}: {why}", self.url)))
    }
}

fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        // A token is for the server that was named.
        .max_redirects(0)
        .timeout_connect(Some(Duration::from_secs(10)))
        // What is sent and read takes as long as it takes, unless it stands still.
        .timeout_per_read(Some(Duration::from_secs(300)))
        .timeout_per_write(Some(Duration::from_secs(60)))
        .build()
        .into()
}
