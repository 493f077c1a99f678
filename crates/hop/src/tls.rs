//! TLS on both sides: our certificate from PEM, and whose certificates we believe.

use std::fmt;
use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, ServerConfig};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// Why a certificate and key cannot be used.
#[derive(Debug)]
pub enum TlsFault {
    /// The certificate file holds no certificate in PEM.
    NoCertificate,
    /// The key file holds no private key in PEM.
    NoKey,
    /// The two do not belong together, or are of a kind that is not supported.
    Mismatch(rustls::Error),
}

impl fmt::Display for TlsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TlsFault::NoCertificate => f.write_str("the file holds no certificate in PEM"),
            TlsFault::NoKey => f.write_str("the file holds no private key in PEM"),
            TlsFault::Mismatch(error) => write!(f, "certificate and key cannot be used: {error}"),
        }
    }
}

impl std::error::Error for TlsFault {}

/// What a server shows: the certificate chain and its key, both in PEM. TLS 1.2 and 1.3.
pub fn server_config(certificate_pem: &[u8], key_pem: &[u8]) -> Result<Arc<ServerConfig>, TlsFault> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(certificate_pem)
        .collect::<Result<_, _>>()
        .map_err(|_| TlsFault::NoCertificate)?;
    if chain.is_empty() {
        return Err(TlsFault::NoCertificate);
    }
    let key = PrivateKeyDer::from_pem_slice(key_pem).map_err(|_| TlsFault::NoKey)?;
    let builder = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(TlsFault::Mismatch)?;
    let mut config =
        builder.with_no_client_auth().with_single_cert(chain, key).map_err(TlsFault::Mismatch)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Believes the authorities the system believes; without any, no https peer can be called.
pub(crate) fn client_config() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    for certificate in rustls_native_certs::load_native_certs().certs {
        // An authority in a form that rustls does not read is one we do not believe.
        let _ = roots.add(certificate);
    }
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring supports TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth()
}
