#![expect(clippy::unwrap_used, reason = "a test may fail")]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, encode};
use serde_json::{Value, json};

use super::super::own::{Grant, OwnKey};
use super::super::samples::*;
use super::super::{keys, samples};
use super::*;

fn public(pem: &str) -> Vec<Arc<Key>> {
    keys::read(pem.as_bytes()).unwrap().0.into_iter().map(Arc::new).collect()
}

fn expected() -> Expected {
    Expected { audience: "tianlu".to_owned(), issuer: None }
}

fn now() -> i64 {
    now_s() as i64
}

/// Claims that hold, with changes; a null takes a claim out.
fn claims(changes: Value) -> Value {
    let mut claims = json!({"sub": "op-1", "aud": "tianlu", "exp": now() + 60, "scope": "read plan"});
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

fn signed(algorithm: Algorithm, changes: Value) -> String {
    let key = match algorithm {
        Algorithm::EdDSA => EncodingKey::from_ed_pem(ED_PRIVATE.as_bytes()),
        Algorithm::ES256 => EncodingKey::from_ec_pem(P256_PRIVATE.as_bytes()),
        Algorithm::ES384 => EncodingKey::from_ec_pem(P384_PRIVATE.as_bytes()),
        _ => EncodingKey::from_rsa_pem(RSA_PRIVATE.as_bytes()),
    };
    encode(&Header::new(algorithm), &claims(changes), &key.unwrap()).unwrap()
}

/// With a header of one's own choice, signed by the Ed25519 key.
fn with_header(header: Header) -> String {
    let key = EncodingKey::from_ed_pem(ED_PRIVATE.as_bytes()).unwrap();
    encode(&header, &claims(json!({})), &key).unwrap()
}

fn check(token: &str, keys: &[Arc<Key>]) -> Result<Principal, Untrue> {
    principal(token, keys, &expected(), &Known::default())
}

fn assert_wrong(token: &str, keys: &[Arc<Key>], says: &str) {
    match check(token, keys) {
        Err(Untrue::Wrong(why)) => assert!(why.contains(says), "{why} does not say {says}"),
        other => panic!("{other:?} should say {says}"),
    }
}

#[test]
fn every_algorithm_is_checked_by_a_key_of_its_kind_and_by_no_other() {
    use Algorithm::*;
    let files = [
        (ED_PUBLIC, vec![EdDSA]),
        (P256_PUBLIC, vec![ES256]),
        (P384_PUBLIC, vec![ES384]),
        (RSA_PUBLIC, vec![RS256, RS384, RS512, PS256, PS384, PS512]),
    ];
    for algorithm in [EdDSA, ES256, ES384, RS256, RS384, RS512, PS256, PS384, PS512] {
        let token = signed(algorithm, json!({}));
        for (file, does) in &files {
            let answer = check(&token, &public(file));
            assert_eq!(answer.is_ok(), does.contains(&algorithm), "{algorithm:?} {answer:?}");
        }
        let all = public(&[ED_PUBLIC, P256_PUBLIC, P384_PUBLIC, RSA_PUBLIC].concat());
        assert_eq!(&*check(&token, &all).unwrap().subject, "op-1");
    }
}

#[test]
fn a_public_key_is_no_secret_to_sign_with() {
    // The attack: the public key's bytes, as everybody knows them, as the secret of an HMAC.
    for (file, der) in [(RSA_PUBLIC, false), (RSA_PUBLIC, true), (ED_PUBLIC, false), (P256_PUBLIC, true)] {
        let keys = public(file);
        let secret = if der { keys[0].decoding.try_get_as_bytes().unwrap() } else { file.as_bytes() };
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let key = EncodingKey::from_secret(secret);
            let token = encode(&Header::new(algorithm), &claims(json!({})), &key).unwrap();
            assert_wrong(&token, &keys, "alg");
        }
    }
}

#[test]
fn a_token_without_a_signature_or_with_a_changed_part_is_none() {
    let keys = public(ED_PUBLIC);
    let part = |json: Value| URL_SAFE_NO_PAD.encode(json.to_string());
    for algorithm in ["none", "None", "NONE", ""] {
        let unsigned = format!("{}.{}.", part(json!({"alg": algorithm})), part(claims(json!({}))));
        assert!(check(&unsigned, &keys).is_err(), "{algorithm}");
    }
    let good = signed(Algorithm::EdDSA, json!({}));
    let parts: Vec<&str> = good.split('.').collect();
    let other = part(claims(json!({"scope": "admin"})));
    assert_wrong(&format!("{}.{other}.{}", parts[0], parts[2]), &keys, "signature");
    assert_wrong(&format!("{}.{}.", parts[0], parts[1]), &keys, "signature");
    for broken in ["", ".", "..", "a.b.c", "a.b", &good[..good.len() / 2], &format!("{good}.x")] {
        assert!(check(broken, &keys).is_err(), "{broken}");
    }
    assert_wrong(&"a".repeat(LONGEST + 1), &keys, "longer");
}

#[test]
fn times_audience_and_issuer_must_hold() {
    let keys = public(ED_PUBLIC);
    for (changes, says) in [
        (json!({"exp": now() - 31}), "expired"),
        (json!({"exp": null}), "malformed"),
        (json!({"exp": "tomorrow"}), "malformed"),
        (json!({"nbf": now() + 40}), "not hold yet"),
        (json!({"aud": "another"}), "aud"),
        (json!({"aud": ["another", "third"]}), "aud"),
        (json!({"aud": null}), "aud"),
        (json!({"sub": null}), "malformed"),
        (json!({"sub": 7}), "malformed"),
        (json!({"sub": ""}), "sub"),
        (json!({"sub": "two\nlines"}), "sub"),
        (json!({"sub": "x".repeat(257)}), "sub"),
        (json!({"authorizations": "all"}), "malformed"),
    ] {
        assert_wrong(&signed(Algorithm::EdDSA, changes), &keys, says);
    }
    // Clocks may differ a little.
    for changes in
        [json!({"exp": now() - 20}), json!({"nbf": now() + 20}), json!({"aud": ["another", "tianlu"]})]
    {
        check(&signed(Algorithm::EdDSA, changes), &keys).unwrap();
    }
    let issued = Expected { issuer: Some("https://id.example".to_owned()), ..expected() };
    for (changes, good) in [
        (json!({"iss": "https://id.example"}), true),
        (json!({"iss": "https://other.example"}), false),
        (json!({}), false),
    ] {
        let answer = principal(&signed(Algorithm::EdDSA, changes), &keys, &issued, &Known::default());
        assert_eq!(answer.is_ok(), good, "{answer:?}");
    }
}

#[test]
fn headers_that_mean_something_else_are_refused() {
    let keys = public(ED_PUBLIC);
    let header = |typ: Option<&str>| Header { typ: typ.map(str::to_owned), ..Header::new(Algorithm::EdDSA) };
    for good in [None, Some("JWT"), Some("at+jwt"), Some("application/at+jwt")] {
        check(&with_header(header(good)), &keys).unwrap();
    }
    assert_wrong(&with_header(header(Some("logout+jwt"))), &keys, "typ");
    let critical = Header { crit: Some(vec!["b64".to_owned()]), ..header(None) };
    assert_wrong(&with_header(critical), &keys, "crit");
}

#[test]
fn the_kid_selects_the_key() {
    let mut named = public(samples::P256_PUBLIC);
    named.extend(public(ED_PUBLIC));
    let name = |keys: &[Arc<Key>], names: [Option<&str>; 2]| -> Vec<Arc<Key>> {
        let with = |(key, name): (&Arc<Key>, Option<&str>)| {
            Arc::new(Key { kid: name.map(str::to_owned), ..Key::clone(key) })
        };
        keys.iter().zip(names).map(with).collect()
    };
    let with_kid =
        |kid: &str| with_header(Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::EdDSA) });
    let keys = name(&named, [Some("ec"), Some("ed")]);
    check(&with_kid("ed"), &keys).unwrap();
    assert!(check(&with_kid("ec"), &keys).is_err());
    assert_eq!(check(&with_kid("new"), &keys).unwrap_err(), Untrue::UnknownKey("new".to_owned()));
    // A token without a name, and keys without names, go together by trying.
    check(&signed(Algorithm::EdDSA, json!({})), &keys).unwrap();
    check(&with_kid("whatever"), &name(&named, [None, None])).unwrap();
    assert_eq!(check(&with_kid("ed"), &[]).unwrap_err(), Untrue::UnknownKey("ed".to_owned()));
    assert_wrong(&signed(Algorithm::EdDSA, json!({})), &[], "no key yet");
}

#[test]
fn scopes_are_words_or_a_list_and_strangers_are_passed_over() {
    let keys = public(ED_PUBLIC);
    let scopes = |changes: Value| {
        let principal = check(&signed(Algorithm::EdDSA, changes), &keys).unwrap();
        let held = Scope::ALL.into_iter().filter(|scope| principal.scopes.has(*scope));
        held.map(Scope::as_str).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(scopes(json!({})), "read plan");
    assert_eq!(scopes(json!({"scope": null})), "");
    assert_eq!(scopes(json!({"scope": "openid  zones READ"})), "zones");
    assert_eq!(scopes(json!({"scope": null, "scp": ["read", "flights"]})), "read flights");
    assert_eq!(scopes(json!({"scope": null, "scp": "read emergency"})), "read emergency");
    assert_eq!(scopes(json!({"scope": "admin"})), "read plan flights emergency zones admin");
    let principal =
        check(&signed(Algorithm::EdDSA, json!({"authorizations": ["NANHU"], "exemptions": []})), &keys)
            .unwrap();
    assert_eq!(principal.authorizations.as_deref(), Some(&["NANHU".to_owned()][..]));
    assert_eq!(principal.exemptions.as_deref(), Some(&[][..]));
}

#[test]
fn a_token_that_held_is_known_until_it_expires_or_the_keys_change() {
    let (keys, known) = (public(ED_PUBLIC), Known::default());
    let good = signed(Algorithm::EdDSA, json!({}));
    assert!(known.get(&good).is_none());
    principal(&good, &keys, &expected(), &known).unwrap();
    assert_eq!(&*known.get(&good).unwrap().subject, "op-1");
    let bad = signed(Algorithm::EdDSA, json!({"aud": "another"}));
    principal(&bad, &keys, &expected(), &known).unwrap_err();
    assert!(known.get(&bad).is_none());
    known.forget();
    assert!(known.get(&good).is_none());
    known.put(&good, &Principal::open(), now_s() - 0.1);
    assert!(known.get(&good).is_none(), "its time is over");
}

#[test]
fn the_servers_own_key_makes_tokens_that_hold() {
    let folder = tempfile::tempdir().unwrap();
    let own = OwnKey::find_or_make(folder.path()).unwrap();
    let keys = [Arc::new(own.public())];
    let authorizations = ["NANHU".to_owned()];
    let grant = |hours: f64| Grant {
        subject: "op-7",
        scopes: &[Scope::Read, Scope::Zones],
        hours,
        audience: "tianlu",
        issuer: None,
        authorizations: &authorizations,
        exemptions: &[],
    };
    let principal = check(&own.token(&grant(1.0)).unwrap(), &keys).unwrap();
    assert_eq!(&*principal.subject, "op-7");
    assert!(principal.scopes.has(Scope::Zones) && !principal.scopes.has(Scope::Plan));
    assert_eq!(principal.authorizations.as_deref(), Some(&authorizations[..]));
    assert_eq!(principal.exemptions, None);
    assert_wrong(&own.token(&grant(-1.0)).unwrap(), &keys, "expired");
    assert!(check(&own.token(&grant(1.0)).unwrap(), &public(ED_PUBLIC)).is_err());
}
