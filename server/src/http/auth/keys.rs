//! The public keys that a server has: of a file, of its own, and of a URL.

use rustls_pki_types::SubjectPublicKeyInfoDer;
use rustls_pki_types::pem::PemObject;
use serde_json::Value;

use super::key::Key;

/// Keys that are tried for one token, at most.
pub(super) const MOST: usize = 64;

/// The keys in a file or an answer: PEM with one or several blocks `PUBLIC KEY`, or a JWK set (RFC 7517), or one JWK.
/// Beside them, what was passed over in a JWK set, and why.
///
/// # Errors
/// If there is no key in it, a PEM block cannot be used, or it holds a private key.
pub(super) fn read(bytes: &[u8]) -> Result<(Vec<Key>, Vec<String>), String> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let (keys, passed_over) =
        if first == Some(&b'{') { of_json(bytes)? } else { (of_pem(bytes)?, Vec::new()) };
    if keys.is_empty() {
        let why =
            if passed_over.is_empty() { String::new() } else { format!(": {}", passed_over.join("; ")) };
        return Err(format!("found no key that can be used{why}"));
    }
    if keys.len() > MOST {
        return Err(format!("found {} keys, expected at most {MOST}", keys.len()));
    }
    Ok((keys, passed_over))
}

fn of_pem(bytes: &[u8]) -> Result<Vec<Key>, String> {
    // Who keeps a private key here keeps it in the wrong place.
    if bytes.windows(12).any(|window| window == b"PRIVATE KEY-") {
        return Err("found a private key, expected public keys".to_owned());
    }
    let blocks = SubjectPublicKeyInfoDer::pem_slice_iter(bytes);
    let keys = blocks.enumerate().map(|(index, block)| {
        let block = block.map_err(|error| format!("the PEM: {error:?}"))?;
        Key::of_spki(&block).map_err(|error| format!("key {}: {error}", index + 1))
    });
    keys.collect()
}

/// What is not understood in a set is passed over, as RFC 7517 (section 5) asks.
fn of_json(bytes: &[u8]) -> Result<(Vec<Key>, Vec<String>), String> {
    let json: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let one = std::slice::from_ref(&json);
    let list = json.get("keys").map_or(Some(one), |keys| keys.as_array().map(Vec::as_slice));
    let (mut keys, mut passed_over) = (Vec::new(), Vec::new());
    for (index, jwk) in list.ok_or("keys: expected a list")?.iter().enumerate() {
        match Key::of_jwk(jwk) {
            Ok(key) => keys.push(key),
            Err(why) => passed_over.push(format!("key {}: {why}", index + 1)),
        }
    }
    Ok((keys, passed_over))
}

#[cfg(test)]
mod tests;
