//! The server's own key, for a city without an issuer of tokens: `token.key` in the folder of its data.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
use ed25519_dalek::{Signer, SigningKey};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::key::Key;
use crate::service::Scope;

const FILE: &str = "token.key";

/// An Ed25519 key that tokens are signed with.
#[derive(Debug)]
pub struct OwnKey(SigningKey);

/// What a token says.
#[derive(Debug)]
pub struct Grant<'a> {
    /// The operator.
    pub subject: &'a str,
    /// What he may do.
    pub scopes: &'a [Scope],
    /// For how many hours from now.
    pub hours: f64,
    /// What the token is for: the server's `--audience`.
    pub audience: &'a str,
    /// Who makes it: the server's `--issuer`, if it has one.
    pub issuer: Option<&'a str>,
    /// The zones whose authorization its requests may name; any if empty.
    pub authorizations: &'a [String],
    /// The zones whose exemption its requests may name; any if empty.
    pub exemptions: &'a [String],
}

impl OwnKey {
    /// The key in a folder, if there is one.
    ///
    /// # Errors
    /// If it cannot be read, or others than its owner can.
    pub fn find(folder: &Path) -> Result<Option<Self>, String> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("{}: {error}", path.display())),
        };
        check_mode(&path)?;
        let key = SigningKey::from_pkcs8_pem(&text);
        key.map(|key| Some(Self(key))).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// The key in a folder; if there is none, a new one is made, and the folder too.
    ///
    /// # Errors
    /// As [`Self::find`], and if it cannot be written.
    pub fn find_or_make(folder: &Path) -> Result<Self, String> {
        if let Some(key) = Self::find(folder)? {
            return Ok(key);
        }
        let failed = |error: std::io::Error| format!("{}: {error}", folder.join(FILE).display());
        fs::create_dir_all(folder).map_err(failed)?;
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|error| error.to_string())?;
        let own = Self(SigningKey::from_bytes(&secret));
        // Without the public half, which some readers of PKCS#8 do not know.
        let bytes = KeypairBytes { public_key: None, ..KeypairBytes::from(&own.0) };
        let pem = bytes.to_pkcs8_pem(LineEnding::LF).map_err(|error| error.to_string())?;
        let draft = draft_of(folder, &secret);
        let written = write_private(&draft, pem.as_bytes())
            // Whole, and never over a key that another process made at the same time.
            .and_then(|()| fs::hard_link(&draft, folder.join(FILE)));
        let _ = fs::remove_file(&draft);
        match written {
            Ok(()) => Ok(own),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Self::find(folder)?.ok_or_else(|| failed(error))
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// The half of it that tokens are checked with.
    pub(super) fn public(&self) -> Key {
        let bytes = self.0.verifying_key().to_bytes();
        Key {
            kid: Some(self.kid()),
            algorithms: vec![Algorithm::EdDSA],
            decoding: DecodingKey::from_ed_der(&bytes),
        }
    }

    /// The thumbprint of the key (RFC 7638, RFC 8037).
    fn kid(&self) -> String {
        let x = URL_SAFE_NO_PAD.encode(self.0.verifying_key().to_bytes());
        let canonical = format!("{{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"{x}\"}}");
        URL_SAFE_NO_PAD.encode(Sha256::digest(canonical))
    }

    /// A signed token (RFC 9068).
    ///
    /// # Errors
    /// If the system has no random numbers.
    pub fn token(&self, grant: &Grant<'_>) -> Result<String, String> {
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|error| error.to_string())?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
        let scopes: Vec<&str> = grant.scopes.iter().map(|scope| scope.as_str()).collect();
        let mut claims = json!({
            "sub": grant.subject,
            "aud": grant.audience,
            "scope": scopes.join(" "),
            "iat": now as u64,
            "exp": (now + grant.hours * 3600.0) as u64,
            "jti": URL_SAFE_NO_PAD.encode(id),
        });
        for (name, ids) in [("authorizations", grant.authorizations), ("exemptions", grant.exemptions)] {
            if !ids.is_empty() {
                claims[name] = json!(ids);
            }
        }
        if let Some(issuer) = grant.issuer {
            claims["iss"] = issuer.into();
        }
        let header = json!({"typ": "at+jwt", "alg": "EdDSA", "kid": self.kid()});
        let part = |json: &serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = URL_SAFE_NO_PAD.encode(self.0.sign(signed.as_bytes()).to_bytes());
        Ok(format!("{signed}.{signature}"))
    }
}

fn draft_of(folder: &Path, secret: &[u8]) -> PathBuf {
    let name = Sha256::digest(secret);
    folder.join(format!(".{FILE}.{:02x}{:02x}{:02x}{:02x}", name[0], name[1], name[2], name[3]))
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(unix)]
fn check_mode(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    let mode =
        fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(format!(
        "{}: found mode {:04o}, expected 0600: others could sign tokens",
        path.display(),
        mode & 0o7777
    ))
}

#[cfg(not(unix))]
fn check_mode(_: &Path) -> Result<(), String> {
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use super::*;

    #[test]
    fn the_thumbprint_is_that_of_the_standard() {
        // RFC 8037, appendix A.1 and A.3.
        let secret = URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        let own = OwnKey(SigningKey::from_bytes(&secret.try_into().unwrap()));
        assert_eq!(own.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        assert!(OwnKey::find(&data).unwrap().is_none());
        let kid = OwnKey::find_or_make(&data).unwrap().kid();
        assert_eq!(OwnKey::find_or_make(&data).unwrap().kid(), kid);
        assert_eq!(fs::read_dir(&data).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let path = data.join(FILE);
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            assert!(OwnKey::find(&data).unwrap_err().contains("0644"));
        }
        fs::write(data.join(FILE), "no key").unwrap();
        assert!(OwnKey::find(&data).is_err());
    }
}
