#![expect(clippy::unwrap_used, reason = "a test may fail")]

use jsonwebtoken::Algorithm;
use serde_json::json;

use super::super::samples::{ED_PRIVATE, ED_PUBLIC, P256_PUBLIC, P384_PUBLIC, RSA_1024_PUBLIC, RSA_PUBLIC};
use super::*;

#[test]
fn pem_holds_several_keys_and_each_has_the_algorithms_of_its_kind() {
    let file = format!("{ED_PUBLIC}{P256_PUBLIC}\na comment\n{P384_PUBLIC}{RSA_PUBLIC}");
    let (keys, passed_over) = read(file.as_bytes()).unwrap();
    let kinds: Vec<_> = keys.iter().map(|key| key.algorithms[0]).collect();
    assert_eq!(kinds, [Algorithm::EdDSA, Algorithm::ES256, Algorithm::ES384, Algorithm::RS256]);
    assert_eq!(keys.iter().map(|key| key.algorithms.len()).collect::<Vec<_>>(), [1, 1, 1, 6]);
    assert!(passed_over.is_empty());
}

#[test]
fn what_is_no_public_key_or_a_weak_one_is_refused() {
    for (file, says) in [
        ("", "no key"),
        ("hello", "no key"),
        (ED_PRIVATE, "private key"),
        (RSA_1024_PUBLIC, "1024 bits"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "key 1"),
        ("{\"keys\": []}", "no key"),
        ("{\"keys\": 3}", "expected a list"),
        ("{\"keys\": [", "EOF"),
    ] {
        let error = read(file.as_bytes()).unwrap_err();
        assert!(error.contains(says), "{error} does not say {says}");
    }
}

#[test]
fn a_key_set_keeps_what_it_can_and_names_what_it_passes_over() {
    // RFC 8037, appendix A.2, and RFC 7517, appendix A.1.
    let ed = json!({"kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let ec = json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "kid": "1", "alg": "ES256",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
    });
    let with = |key: &Value, changes: Value| {
        let mut key = key.clone();
        key.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        key
    };
    let set = json!({"keys": [
        ed, ec,
        with(&ed, json!({"d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"})),
        with(&ec, json!({"use": "enc"})),
        with(&ec, json!({"key_ops": ["sign"]})),
        with(&ec, json!({"alg": "ES384"})),
        with(&ed, json!({"x": "AAAA"})),
        with(&ec, json!({"y": "AAAA"})),
        json!({"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}),
        json!({"kty": "something new"}),
        json!(7),
    ]});
    let (keys, passed_over) = read(set.to_string().as_bytes()).unwrap();
    let names: Vec<_> = keys.iter().map(|key| key.kid.as_deref()).collect();
    assert_eq!(names, [Some("ed"), Some("1")]);
    assert_eq!(keys[1].algorithms, [Algorithm::ES256]);
    assert_eq!(passed_over.len(), 9, "{passed_over:?}");
    assert!(passed_over[0].contains("key 3") && passed_over[0].contains("secret"), "{passed_over:?}");
}

proptest::proptest! {
    #[test]
    fn no_bytes_break_the_reader(at in 0_usize..500, byte: u8, cut in 0_usize..500) {
        let mut file = format!("{ED_PUBLIC}{P256_PUBLIC}{RSA_PUBLIC}").into_bytes();
        let at = at % file.len();
        file[at] = byte;
        let _ = read(&file);
        file.truncate(cut);
        let _ = read(&file);
        if let Some(Ok(der)) = SubjectPublicKeyInfoDer::pem_slice_iter(RSA_PUBLIC.as_bytes()).next() {
            let mut der = der.to_vec();
            let at = at % der.len();
            der[at] = byte;
            let _ = Key::of_spki(&der);
            der.truncate(cut);
            let _ = Key::of_spki(&der);
        }
    }
}
