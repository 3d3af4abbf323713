//! Asking other servers over HTTP: briefly, without following them anywhere, and without believing how much they send.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

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
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .root_certs(RootCerts::PlatformVerifier)
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
