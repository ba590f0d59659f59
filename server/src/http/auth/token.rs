//! What a token says (RFC 7519, RFC 9068), once it is known to be true.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Header, Validation, decode, decode_header};
use serde::Deserialize;

use super::key::Key;
use crate::service::{Principal, Scope, Scopes};

/// By how much clocks may differ, seconds.
const LEEWAY_S: u64 = 30;
/// The longest token, bytes.
const LONGEST: usize = 8 << 10;
/// The longest name of an operator, bytes.
const LONGEST_SUBJECT: usize = 256;
/// Tokens that are known to be true, so that a signature is checked once and not at each call.
const KNOWN: usize = 4096;

/// What tokens must be made for, and by whom.
#[derive(Debug, Clone)]
pub struct Expected {
    /// Among the token's `aud`.
    pub audience: String,
    /// The token's `iss`; any if absent.
    pub issuer: Option<String>,
}

/// Why a token is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Untrue {
    /// No key has the token's `kid`.
    UnknownKey(String),
    /// Something else, in words for the caller.
    Wrong(String),
}

#[derive(Debug, Deserialize)]
struct Claims {
    sub: String,
    exp: f64,
    scope: Option<String>,
    scp: Option<Scp>,
    authorizations: Option<Vec<String>>,
    exemptions: Option<Vec<String>>,
}

/// Some issuers write a list, some text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Scp {
    List(Vec<String>),
    Text(String),
}

/// Tokens that were checked, each until it expires; forgotten when the keys change.
#[derive(Debug, Default)]
pub(super) struct Known(RwLock<HashMap<String, (Principal, f64)>>);

impl Known {
    pub(super) fn get(&self, token: &str) -> Option<Principal> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (principal, until) = known.get(token)?;
        (now_s() < *until).then(|| principal.clone())
    }

    fn put(&self, token: &str, principal: &Principal, until: f64) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN {
            let now = now_s();
            known.retain(|_, (_, until)| now < *until);
        }
        if known.len() >= KNOWN {
            known.clear();
        }
        known.insert(token.to_owned(), (principal.clone(), until));
    }

    pub(super) fn forget(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Who a token speaks for, with its signature, times, audience and issuer checked.
pub(super) fn principal(
    token: &str,
    keys: &[Arc<Key>],
    expected: &Expected,
    known: &Known,
) -> Result<Principal, Untrue> {
    if token.len() > LONGEST {
        return Err(Untrue::Wrong(format!("the token is longer than {LONGEST} bytes")));
    }
    let header = decode_header(token).map_err(|error| Untrue::Wrong(in_words(error.kind())))?;
    check_header(&header)?;
    let claims = claims(token, &header, keys, expected)?;
    let principal = of_claims(&claims)?;
    known.put(token, &principal, claims.exp + LEEWAY_S as f64);
    Ok(principal)
}

fn check_header(header: &Header) -> Result<(), Untrue> {
    let wrong = |text: String| Err(Untrue::Wrong(text));
    let kind = header.typ.as_deref().map(str::to_ascii_lowercase);
    if let Some(other) = kind.filter(|kind| !["jwt", "at+jwt", "application/at+jwt"].contains(&kind.as_str()))
    {
        return wrong(format!("typ: found {other:?}, expected JWT or at+jwt"));
    }
    // RFC 7515, 4.1.11: what must be understood, and is not, makes the token void.
    if let Some(names) = &header.crit {
        return wrong(format!("crit: found {names:?}, expected nothing that must be understood"));
    }
    Ok(())
}

fn claims(token: &str, header: &Header, keys: &[Arc<Key>], expected: &Expected) -> Result<Claims, Untrue> {
    let named = |key: &&Arc<Key>| key.kid.is_none() || header.kid.is_none() || key.kid == header.kid;
    let mut fitting = keys.iter().filter(named).peekable();
    if let (None, Some(kid)) = (fitting.peek(), &header.kid) {
        return Err(Untrue::UnknownKey(kid.chars().take(64).collect()));
    }
    let mut first_error = None;
    for key in fitting {
        match decode::<Claims>(token, &key.decoding, &validation(key, expected)) {
            Ok(token) => return Ok(token.claims),
            // With the right signature no other key can do better.
            Err(error) if !is_of_key(error.kind()) => return Err(Untrue::Wrong(in_words(error.kind()))),
            Err(error) => _ = first_error.get_or_insert(in_words(error.kind())),
        }
    }
    Err(Untrue::Wrong(first_error.unwrap_or_else(|| "there is no key yet to check it with".to_owned())))
}

fn validation(key: &Key, expected: &Expected) -> Validation {
    let mut validation = Validation::default();
    validation.algorithms.clone_from(&key.algorithms);
    validation.leeway = LEEWAY_S;
    validation.validate_nbf = true;
    validation.set_audience(&[&expected.audience]);
    let mut required = vec!["exp", "aud", "sub"];
    if let Some(issuer) = &expected.issuer {
        validation.set_issuer(&[issuer]);
        required.push("iss");
    }
    validation.set_required_spec_claims(&required);
    validation
}

/// May another key have another answer?
fn is_of_key(error: &ErrorKind) -> bool {
    !matches!(
        error,
        ErrorKind::ExpiredSignature
            | ErrorKind::ImmatureSignature
            | ErrorKind::InvalidAudience
            | ErrorKind::InvalidIssuer
            | ErrorKind::MissingRequiredClaim(_)
            | ErrorKind::InvalidClaimFormat(_)
            | ErrorKind::Json(_)
    )
}

fn in_words(error: &ErrorKind) -> String {
    match error {
        ErrorKind::ExpiredSignature => "the token has expired".to_owned(),
        ErrorKind::ImmatureSignature => "the token does not hold yet".to_owned(),
        ErrorKind::InvalidAudience => "aud: the token is made for somebody else".to_owned(),
        ErrorKind::InvalidIssuer => "iss: the token is made by somebody else".to_owned(),
        ErrorKind::MissingRequiredClaim(claim) => format!("{claim}: missing or malformed"),
        ErrorKind::InvalidClaimFormat(claim) => format!("{claim}: malformed"),
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName | ErrorKind::MissingAlgorithm => {
            "alg: not an algorithm of the keys".to_owned()
        }
        ErrorKind::InvalidSignature => "the signature is none of the keys'".to_owned(),
        ErrorKind::Json(_) => "a claim is malformed".to_owned(),
        _ => "it is no JSON Web Token signed with a public key's algorithm".to_owned(),
    }
}

fn of_claims(claims: &Claims) -> Result<Principal, Untrue> {
    let subject = claims.sub.as_str();
    if subject.is_empty() || subject.len() > LONGEST_SUBJECT || subject.chars().any(char::is_control) {
        let text = format!("sub: expected a plain name of at most {LONGEST_SUBJECT} bytes");
        return Err(Untrue::Wrong(text));
    }
    let words = claims.scope.iter().flat_map(|scope| scope.split(' '));
    let listed = claims.scp.iter().flat_map(|scp| match scp {
        Scp::List(list) => list.iter().map(String::as_str).collect::<Vec<_>>(),
        Scp::Text(text) => text.split(' ').collect(),
    });
    // Scopes of other services mean nothing here.
    let scopes = words.chain(listed).filter_map(Scope::parse);
    let list = |ids: &Option<Vec<String>>| ids.as_ref().map(|ids| ids.clone().into());
    Ok(Principal {
        subject: subject.into(),
        scopes: scopes.fold(Scopes::NONE, Scopes::with),
        authorizations: list(&claims.authorizations),
        exemptions: list(&claims.exemptions),
    })
}

fn now_s() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

#[cfg(test)]
mod tests;
