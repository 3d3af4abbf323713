//! A time-stamping authority (RFC 3161): it signs when it saw a head, and does not learn anything else.

use anyhow::Context as _;
use lotline_common::record::AnchorTrouble;

use super::token::{Query, Trusted};
use super::{Failure, Place, Question, Vouched};
use crate::error::Result;
use crate::infra::outbound::Outbound;

/// The authority as a place of anchors.
pub const AUTHORITY: &str = "tsa";

/// Where an authority is asked, and by what its answers are checked.
#[derive(Debug, Clone)]
pub struct AuthoritySettings {
    /// Where.
    pub url: String,
    /// Its own certificate, or those that it is issued by.
    pub trusted: Trusted,
}

/// An authority.
pub(in crate::audit::log) struct Authority {
    settings: AuthoritySettings,
    outbound: Outbound,
}

impl Authority {
    /// The authority that the settings name.
    pub fn new(settings: AuthoritySettings) -> Self {
        Self { settings, outbound: Outbound::open() }
    }
}

impl Place for Authority {
    fn name(&self) -> &str {
        AUTHORITY
    }

    fn vouch(&self, question: &Question) -> Result<Vouched, Failure> {
        let query = Query::about(question.head.note.as_bytes());
        let sent = query.encode().context("a query that cannot be written");
        let sent = sent.map_err(|error| Failure::new(AnchorTrouble::Unreachable, error))?;
        let answer = self.outbound.post(&self.settings.url, "application/timestamp-query", &sent);
        let answer = answer.map_err(|error| Failure::new(AnchorTrouble::Unreachable, error))?;
        if answer.status != 200 {
            let cause = anyhow::anyhow!("the authority answered {}", answer.status);
            return Err(Failure::new(AnchorTrouble::Refused, cause));
        }
        query.check(&answer.body, &self.settings.trusted, question.now)?;
        Ok(Vouched::Token(answer.body))
    }
}
