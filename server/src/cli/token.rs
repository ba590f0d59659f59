//! `tianlu token`: a bearer token signed by the server's own key.

use std::path::PathBuf;

use super::{Answer, Done, Failure, output};
use crate::http::{Grant, OwnKey};
use crate::service::Scope;

/// Make a bearer token for a server with --data; its key is made if there is none
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The server's data; its key is token.key in it
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The operator
    #[arg(long, value_name = "NAME")]
    subject: String,
    /// What he may do: read, plan, flights, emergency, zones, admin, with spaces between them
    #[arg(long, value_name = "SCOPES", default_value = "read plan flights")]
    scope: String,
    /// For how many hours the token holds
    #[arg(long, value_name = "HOURS", default_value = "24")]
    hours: f64,
    /// A zone whose authorization his requests may name; may be repeated; any if absent
    #[arg(long, value_name = "ZONE")]
    authorization: Vec<String>,
    /// A zone whose exemption his requests may name; may be repeated; any if absent
    #[arg(long, value_name = "ZONE")]
    exemption: Vec<String>,
    /// The server's --audience
    #[arg(long, value_name = "NAME", default_value = "tianlu")]
    audience: String,
    /// The server's --issuer, if it has one
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
}

/// A century: longer is a mistake.
const LONGEST_HOURS: f64 = 876_600.0;

pub(super) fn run(args: &Args) -> Done {
    if !(args.hours > 0.0 && args.hours <= LONGEST_HOURS) {
        let text =
            format!("--hours: found {}, expected a number above 0, at most {LONGEST_HOURS}", args.hours);
        return Err(Failure(text));
    }
    let subject = args.subject.as_str();
    if subject.is_empty() || subject.len() > 256 || subject.chars().any(char::is_control) {
        return Err(Failure::new("--subject: expected a plain name of at most 256 bytes"));
    }
    let scopes = scopes(&args.scope)?;
    let key = OwnKey::find_or_make(&args.data).map_err(Failure)?;
    let token = key.token(&Grant {
        subject,
        scopes: &scopes,
        hours: args.hours,
        audience: &args.audience,
        issuer: args.issuer.as_deref(),
        authorizations: &args.authorization,
        exemptions: &args.exemption,
    });
    output::write(None, &(token.map_err(Failure)? + "\n"))?;
    Ok(Answer::Yes)
}

fn scopes(text: &str) -> Result<Vec<Scope>, Failure> {
    let known = Scope::ALL.map(Scope::as_str).join(", ");
    let scopes: Vec<_> = text
        .split_whitespace()
        .map(|word| {
            Scope::parse(word)
                .ok_or_else(|| Failure(format!("--scope: found {word:?}, expected some of {known}")))
        })
        .collect::<Result<_, _>>()?;
    if scopes.is_empty() {
        Err(Failure(format!("--scope: found none, expected some of {known}")))
    } else {
        Ok(scopes)
    }
}
