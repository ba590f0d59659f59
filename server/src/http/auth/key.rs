//! One public key. What it is decides the algorithms that it may check; a token never does.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

/// A public key that signatures of tokens are checked with.
#[derive(Debug, Clone)]
pub(super) struct Key {
    /// Its name in tokens; a key without one is tried for every token.
    pub(super) kid: Option<String>,
    /// The algorithms that it checks.
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) decoding: DecodingKey,
}

const RSA: [Algorithm; 6] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
];

/// Bytes of an RSA modulus: from 2048 bits on, as RFC 7518 asks, to what is checked in a reasonable time.
const MODULUS: std::ops::RangeInclusive<usize> = 256..=512;

const OID_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const OID_EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const OID_P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const OID_P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
const OID_ED25519: &[u8] = &[0x2b, 0x65, 0x70];

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OID: u8 = 0x06;

impl Key {
    /// From the DER of a `SubjectPublicKeyInfo` (RFC 5280, RFC 8410), as a PEM block `PUBLIC KEY` holds it.
    ///
    /// # Errors
    /// If it is malformed, too weak, or of another kind than RSA, P-256, P-384 and Ed25519.
    pub(super) fn of_spki(der: &[u8]) -> Result<Self, String> {
        let Spki { kind, curve, bits } = spki(der).ok_or("found no SubjectPublicKeyInfo in it")?;
        let (algorithms, decoding) = match (kind, curve) {
            (OID_ED25519, _) => (vec![Algorithm::EdDSA], ed25519(bits)?),
            (OID_EC, Some(OID_P256)) => (vec![Algorithm::ES256], point(bits, 32)?),
            (OID_EC, Some(OID_P384)) => (vec![Algorithm::ES384], point(bits, 48)?),
            (OID_RSA, _) => {
                let modulus = element(bits, SEQUENCE).and_then(|(key, _)| element(key, INTEGER));
                modulus_fits(modulus.ok_or("found no RSA public key in it")?.0)?;
                (RSA.to_vec(), DecodingKey::from_rsa_der(bits))
            }
            _ => return Err("expected an RSA, P-256, P-384 or Ed25519 key".to_owned()),
        };
        Ok(Self { kid: None, algorithms, decoding })
    }

    /// From a JSON Web Key (RFC 7517).
    ///
    /// # Errors
    /// If it is malformed, too weak, no public key, or not for signatures of a kind that is checked.
    pub(super) fn of_jwk(json: &Value) -> Result<Self, String> {
        if json.get("d").is_some() || json.get("k").is_some() {
            return Err("found a secret key, expected a public one".to_owned());
        }
        let jwk: Jwk = serde_json::from_value(json.clone()).map_err(|error| error.to_string())?;
        if jwk.common.public_key_use.as_ref().is_some_and(|usage| *usage != PublicKeyUse::Signature) {
            return Err("use: expected sig".to_owned());
        }
        let operations = jwk.common.key_operations.as_ref();
        if operations.is_some_and(|operations| !operations.contains(&KeyOperations::Verify)) {
            return Err("key_ops: expected verify among them".to_owned());
        }
        let decoding = DecodingKey::from_jwk(&jwk).map_err(|error| error.to_string())?;
        let bytes = decoding.try_get_as_bytes().unwrap_or_default();
        let (mut algorithms, decoding) = match &jwk.algorithm {
            AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => {
                (vec![Algorithm::EdDSA], ed25519(bytes)?)
            }
            AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
                (vec![Algorithm::ES256], point(bytes, 32)?)
            }
            AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P384 => {
                (vec![Algorithm::ES384], point(bytes, 48)?)
            }
            AlgorithmParameters::RSA(_) => {
                if let jsonwebtoken::DecodingKeyKind::RsaModulusExponent { n, .. } = decoding.kind() {
                    modulus_fits(n)?;
                }
                (RSA.to_vec(), decoding)
            }
            _ => return Err("kty, crv: expected RSA, P-256, P-384 or Ed25519".to_owned()),
        };
        if let Some(named) = &jwk.common.key_algorithm {
            let only = |algorithm: &Algorithm| format!("{algorithm:?}") == named.to_string();
            algorithms.retain(only);
            if algorithms.is_empty() {
                return Err(format!("alg: found {named}, which this key does not do"));
            }
        }
        Ok(Self { kid: jwk.common.key_id, algorithms, decoding })
    }
}

fn ed25519(bytes: &[u8]) -> Result<DecodingKey, String> {
    let point = <&[u8; 32]>::try_from(bytes).map_err(|_| "expected 32 bytes of an Ed25519 key")?;
    ed25519_dalek::VerifyingKey::from_bytes(point).map_err(|_| "found no point of Ed25519")?;
    Ok(DecodingKey::from_ed_der(bytes))
}

/// An uncompressed point of SEC 1, its coordinates of so many bytes.
fn point(bytes: &[u8], coordinate: usize) -> Result<DecodingKey, String> {
    if bytes.first() == Some(&0x04) && bytes.len() == 1 + 2 * coordinate {
        Ok(DecodingKey::from_ec_der(bytes))
    } else {
        Err(format!("expected an uncompressed point with coordinates of {coordinate} bytes"))
    }
}

fn modulus_fits(modulus: &[u8]) -> Result<(), String> {
    let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    let bytes = modulus.len() - zeros;
    if MODULUS.contains(&bytes) {
        Ok(())
    } else {
        Err(format!("found an RSA key of {} bits, expected 2048 to 4096", bytes * 8))
    }
}

/// The parts of a `SubjectPublicKeyInfo` that matter.
struct Spki<'d> {
    kind: &'d [u8],
    curve: Option<&'d [u8]>,
    bits: &'d [u8],
}

fn spki(der: &[u8]) -> Option<Spki<'_>> {
    let (info, after) = element(der, SEQUENCE)?;
    let (algorithm, rest) = element(info, SEQUENCE)?;
    let (kind, parameters) = element(algorithm, OID)?;
    let curve = element(parameters, OID).map(|(curve, _)| curve);
    let (bits, end) = element(rest, BIT_STRING)?;
    // The first byte counts the bits that are not used: none in a key.
    let (unused, bits) = bits.split_first()?;
    (after.is_empty() && end.is_empty() && *unused == 0).then_some(Spki { kind, curve, bits })
}

/// The content of the DER element at the start, and what comes after it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let [found, length, rest @ ..] = der else { return None };
    let (length, rest) = match *length {
        short @ 0..0x80 => (usize::from(short), rest),
        long => {
            let count = usize::from(long & 0x7f);
            let (digits, rest) = rest.split_at_checked(count).filter(|_| (1..=3).contains(&count))?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
    };
    rest.split_at_checked(length).filter(|_| *found == tag)
}
