//! A witness (c2sp.org/tlog-witness): it cosigns a head once it has checked that the log only grew since the last one that
//! it saw. Whoever trusts it knows that everybody is shown the same history.

use lotline_common::merkle::cosignature::{self, CosignatureFault};
use lotline_common::merkle::note::NoteKey;
use lotline_common::record::AnchorTrouble;

use super::{Failure, Place, Question, Vouched, internal};
use crate::audit::log::evidence::WITNESS;
use crate::error::Result;
use crate::infra::outbound::{Answer, Outbound};

/// Media type of the answer that tells what size the witness saw.
const SIZE: &str = "text/x.tlog.size";

/// Where a witness is asked, and the key that it signs with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessSettings {
    /// Where: `/add-checkpoint` comes after it.
    pub url: String,
    /// Its verifier key.
    pub key: NoteKey,
}

impl std::str::FromStr for WitnessSettings {
    type Err = anyhow::Error;

    /// Reads `<url>=<verifier key>`.
    fn from_str(text: &str) -> anyhow::Result<Self> {
        let parts = text.rsplit_once('=').and_then(|(url, key)| Some((url, NoteKey::parse(key)?)));
        let (url, key) = parts.ok_or_else(|| anyhow::anyhow!("{text} is not <url>=<verifier key>"))?;
        anyhow::ensure!(key.is_witness(), "{key} is the key of a log, not of a witness");
        anyhow::ensure!(url.starts_with("https://") || url.starts_with("http://"), "{url} is no address");
        Ok(Self { url: url.trim_end_matches('/').to_owned(), key })
    }
}

/// A witness.
pub(in crate::audit::log) struct Witness {
    name: String,
    settings: WitnessSettings,
    outbound: Outbound,
}

impl Witness {
    /// The witness that the settings name.
    pub fn new(settings: WitnessSettings) -> Self {
        Self { name: format!("{WITNESS}{}", settings.key.name()), settings, outbound: Outbound::open() }
    }

    fn submit(&self, question: &Question, old: u64) -> Result<Answer, Failure> {
        let proof = (question.grown_from)(old).map_err(internal)?;
        let request = cosignature::request(old, &proof, &question.head.note).ok_or(AnchorTrouble::HistoryDiffers)?;
        let url = format!("{}/add-checkpoint", self.settings.url);
        let answer = self.outbound.post(&url, "text/plain; charset=utf-8", request.as_bytes());
        answer.map_err(|error| Failure::new(AnchorTrouble::Unreachable, error))
    }
}

/// The size that a witness says it saw, where it says that it is not the one that it was told.
fn seen(answer: &Answer) -> Option<u64> {
    let told = answer.status == 409 && answer.media_type == SIZE;
    told.then(|| cosignature::seen_size(std::str::from_utf8(&answer.body).ok()?)).flatten()
}

/// What a refusal means.
const fn trouble(status: u16) -> AnchorTrouble {
    match status {
        403 => AnchorTrouble::KeyUnknown,
        404 => AnchorTrouble::LogUnknown,
        409 | 422 => AnchorTrouble::HistoryDiffers,
        _ => AnchorTrouble::Refused,
    }
}

impl Place for Witness {
    fn name(&self) -> &str {
        &self.name
    }

    fn vouch(&self, question: &Question) -> Result<Vouched, Failure> {
        let size = u64::try_from(question.head.size).unwrap_or_default();
        let known = u64::try_from(question.vouched).unwrap_or_default();
        let mut answer = self.submit(question, known)?;
        // A witness that saw a longer log than there is has seen another history.
        if let Some(seen) = seen(&answer).filter(|seen| *seen <= size && *seen != known) {
            answer = self.submit(question, seen)?;
        }
        if answer.status != 200 {
            let cause = anyhow::anyhow!("the witness answered {}", answer.status);
            return Err(Failure::new(trouble(answer.status), cause));
        }
        let text = std::str::from_utf8(&answer.body).map_err(|error| Failure::new(AnchorTrouble::Unreadable, error))?;
        let line =
            cosignature::of_answer(text, &question.head.note, &self.settings.key).map_err(|fault| match fault {
                CosignatureFault::Unreadable => AnchorTrouble::Unreadable,
                CosignatureFault::Missing => AnchorTrouble::SignerUnknown,
                CosignatureFault::Wrong => AnchorTrouble::SignatureInvalid,
            })?;
        Ok(Vouched::Cosignature { witness: self.settings.key.name().to_owned(), line })
    }
}

#[cfg(test)]
mod tests {
    use lotline_common::merkle::note::NoteSigner;

    use super::*;

    #[test]
    fn a_witness_is_named_by_address_and_key() {
        let signer = NoteSigner::new("witness.example/w", &[5; 32]);
        let text = format!("https://witness.example/log?a=b={}", signer.witness_key());
        let read: WitnessSettings = text.parse().unwrap();
        assert_eq!((read.url.as_str(), read.key), ("https://witness.example/log?a=b", signer.witness_key()));
        let slash = format!("http://witness.example/={}", signer.witness_key());
        assert_eq!(slash.parse::<WitnessSettings>().unwrap().url, "http://witness.example");
        for wrong in [
            "https://witness.example".to_owned(),
            format!("https://witness.example={}", signer.key()),
            format!("witness.example={}", signer.witness_key()),
            signer.witness_key().to_string(),
            String::new(),
        ] {
            wrong.parse::<WitnessSettings>().unwrap_err();
        }
    }
}
