//! Keys that open nothing but the tests: openssl made them for these.

pub(super) const ED_PRIVATE: &str = include_str!("samples/ed.pem");
pub(super) const ED_PUBLIC: &str = include_str!("samples/ed.pub");
pub(super) const P256_PRIVATE: &str = include_str!("samples/p256.pem");
pub(super) const P256_PUBLIC: &str = include_str!("samples/p256.pub");
pub(super) const P384_PRIVATE: &str = include_str!("samples/p384.pem");
pub(super) const P384_PUBLIC: &str = include_str!("samples/p384.pub");
pub(super) const RSA_PRIVATE: &str = include_str!("samples/rsa.pem");
pub(super) const RSA_PUBLIC: &str = include_str!("samples/rsa.pub");
pub(super) const RSA_1024_PUBLIC: &str = include_str!("samples/rsa1024.pub");
