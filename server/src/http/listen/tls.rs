//! TLS by rustls, with ring.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;

/// A certificate and its key, which may be read anew while the server runs.
#[derive(Debug)]
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    config: ArcSwap<ServerConfig>,
}

impl Tls {
    /// From PEM files: the certificate and those up to its root, and the private key.
    ///
    /// # Errors
    /// If a file cannot be read or the two do not fit.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, String> {
        let config = config(certificate, key)?;
        let (certificate, key) = (certificate.to_owned(), key.to_owned());
        Ok(Self { certificate, key, config: ArcSwap::from_pointee(config) })
    }

    /// Reads the files anew, for connections from now on.
    ///
    /// # Errors
    /// As [`Self::read`]; then what was there stays.
    pub fn reload(&self) -> Result<(), String> {
        self.config.store(Arc::new(config(&self.certificate, &self.key)?));
        Ok(())
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.config.load_full())
    }
}

fn config(certificate: &Path, key: &Path) -> Result<ServerConfig, String> {
    let of_certificate = |error: &dyn std::fmt::Display| format!("{}: {error}", certificate.display());
    let of_key = |error: &dyn std::fmt::Display| format!("{}: {error}", key.display());
    let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| of_certificate(&error))?;
    if chain.is_empty() {
        return Err(of_certificate(&"found no certificate"));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| of_key(&error))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|error| of_key(&error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
