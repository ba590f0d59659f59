//! `tianlu health`: asks a running server, for a container's health check and for people.

use std::net::IpAddr;
use std::time::Duration;

use serde_json::Value;

use super::{Answer, Done, Failure};

/// Ask a running server whether it takes work: exit 0, or 1 if it does not or does not answer
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where the server is; of one on this machine the certificate is not checked
    #[arg(value_name = "URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    /// Ask only whether it lives: one that is full or loses its keys does
    #[arg(long)]
    live: bool,
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn run(args: &Args) -> Done {
    let path = if args.live { "/healthz" } else { "/readyz" };
    let url = format!("{}{path}", args.url.trim_end_matches('/'));
    let uri: ureq::http::Uri =
        url.parse().map_err(|error| Failure(format!("{}: found no URL: {error}", args.url)))?;
    let tls = ureq::tls::TlsConfig::builder().disable_verification(is_local(&uri)).build();
    let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE));
    let agent: ureq::Agent = config.tls_config(tls).max_redirects(0).build().into();
    match agent.get(&url).call() {
        Ok(answer) => {
            let ready = answer.status() == 200;
            let text = answer.into_body().read_to_string().unwrap_or_default();
            say(&text, ready);
            Ok(if ready { Answer::Yes } else { Answer::No })
        }
        Err(error) => {
            eprintln!("{url}: {error}");
            Ok(Answer::No)
        }
    }
}

fn is_local(uri: &ureq::http::Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A line for each check, on standard error.
fn say(text: &str, ready: bool) {
    let json: Value = serde_json::from_str(text).unwrap_or_default();
    for check in json["checks"].as_array().into_iter().flatten() {
        let mark = if check["ok"] == true { "ok" } else { "NO" };
        let word = |name: &str| check[name].as_str().unwrap_or_default().to_owned();
        eprintln!("{mark}  {}: {}", word("name"), word("detail"));
    }
    if !ready && json["checks"].is_null() {
        eprintln!("{}", json["detail"].as_str().unwrap_or("the answer is none of this server's"));
    }
}
