//! Asking other servers over HTTP: briefly, without following them anywhere, and without believing how much they send.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How long one question may take, its answer included.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of an answer at most.
const MAXIMUM_ANSWER: u64 = 256 * 1024;

/// The way to other servers.
pub struct Outbound(Agent);

/// What another server answered.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Media type without its parameters; empty when none is named.
    pub media_type: String,
    /// Body.
    pub body: Vec<u8>,
}

impl Outbound {
    /// A way that trusts whom this machine trusts.
    #[must_use]
    pub fn open() -> Self {
        Self::trusting(trusted_here())
    }

    fn trusting(authorities: Vec<Certificate<'static>>) -> Self {
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .root_certs(RootCerts::Specific(Arc::new(authorities)))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent("lotline")
            .build();
        Self(config.into())
    }

    /// Sends something, and takes whatever is answered.
    ///
    /// # Errors
    /// When nothing, or too much, is answered in time.
    pub fn post(&self, url: &str, media_type: &str, body: &[u8]) -> anyhow::Result<Answer> {
        let asking = || format!("asking {url}");
        let mut answer = self.0.post(url).content_type(media_type).send(body).with_context(asking)?;
        let named = answer.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = named.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(MAXIMUM_ANSWER).read_to_vec().with_context(asking)?;
        Ok(Answer { status, media_type, body })
    }
}

/// The authorities that this machine trusts. Where there are none, nobody is reached over TLS.
fn trusted_here() -> Vec<Certificate<'static>> {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "certificates of this machine cannot be read");
    }
    found.certs.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use rustls::pki_types::PrivatePkcs8KeyDer;
    use rustls::{ServerConfig, ServerConnection, StreamOwned};

    use super::*;

    /// A server with a certificate that only its own file vouches for: its port, and the certificate.
    fn over_tls() -> (u16, Vec<u8>) {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let (certificate, key) = (made.cert.der().clone(), PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let kept = certificate.to_vec();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key.into())
            .unwrap();
        let (listener, config) = (TcpListener::bind("127.0.0.1:0").unwrap(), Arc::new(config));
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let mut stream = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream);
                // Whoever does not trust the certificate hangs up.
                if stream.read(&mut [0; 1024]).is_ok() {
                    let answer = "HTTP/1.1 200 OK\r\nContent-Type: Text/Plain; x=y\r\nContent-Length: 2\r\n\r\nyo";
                    drop(stream.write_all(answer.as_bytes()));
                }
            }
        });
        (port, kept)
    }

    #[test]
    fn over_tls_only_who_is_trusted_is_heard() {
        let (port, certificate) = over_tls();
        let url = format!("https://127.0.0.1:{port}");
        let own = Certificate::from_der(&certificate).to_owned();
        let answer = Outbound::trusting(vec![own]).post(&url, "text/plain", b"hello").unwrap();
        assert_eq!(
            (answer.status, answer.media_type.as_str(), answer.body.as_slice()),
            (200, "text/plain", &b"yo"[..])
        );
        assert!(Outbound::open().post(&url, "text/plain", b"hello").is_err());
    }
}
