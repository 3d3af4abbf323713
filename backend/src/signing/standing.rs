//! Signatures verified as they are read: each against the record's event, the passkey as the record knows it, and the document
//! as it is now.

use lotline_common::access::PersonRef;
use lotline_common::ledger::DocumentRef;
use lotline_common::merkle::{EVENT_PREFIX, leaf_hash};
use lotline_common::signing::statement::{Held, Intent, Statement, verify};
use lotline_common::signing::{Signature, SignatureStanding};
use serde_json::Value;

use super::rules;
use super::store::{Evidence, SignatureRow};
use crate::error::Result;

/// The event of a signature, when it is what was hashed: the signature it holds, and the record as it was signed.
fn event(evidence: &Evidence) -> Option<(Held, Value)> {
    let bytes = evidence.canonical_bytes.as_deref()?;
    if evidence.leaf_hash.as_deref()? != leaf_hash(bytes) {
        return None;
    }
    let json = std::str::from_utf8(bytes.strip_prefix(EVENT_PREFIX)?).ok()?;
    let mut event: Value = serde_json::from_str(json).ok()?;
    Some((verify(json)?, event.pointer_mut("/details/record").map(Value::take)?))
}

/// Whether the row says what the event says.
fn is_told(row: &SignatureRow, held: &Held) -> bool {
    let Statement { id, intent, zone, method, at, .. } = &held.statement;
    let said = |name: &str| intent.act.get(name).and_then(Value::as_str).unwrap_or_default();
    let Intent { document_kind, document_id, in_place_of, meaning, record, record_version, signer, .. } = intent;
    let signed_at = row.signed_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    (id.uuid(), *document_id, signer.uuid()) == (row.id, row.document_id, row.person_id)
        && document_kind.as_str() == row.document_kind
        && in_place_of.map(lotline_common::id::PersonId::uuid) == row.in_place_of
        && (meaning.as_str(), said("decision"), said("step")) == (&row.meaning, &row.decision, &row.step)
        && (record, *record_version, &held.digest) == (&row.record_digest, row.record_version, &row.digest)
        && (zone.as_str(), method.as_str(), at.as_str()) == (&row.zone, &row.method, &signed_at)
}

/// Whether a passkey that signed is the signer's, as the organisation's record knows it.
fn is_theirs(evidence: &Evidence, held: &Held) -> bool {
    held.statement.passkey.as_ref().is_none_or(|by| {
        evidence.key_owner == Some(held.statement.intent.signer.uuid())
            && evidence.credential_id.as_ref() == Some(&by.assertion.credential_id)
            && evidence.public_key.as_ref() == Some(&by.public_key)
    })
}

fn standing(row: &SignatureRow) -> Result<SignatureStanding> {
    let evidence = &row.evidence;
    let Some((held, signed)) = event(evidence).filter(|(held, _)| is_told(row, held)) else {
        return Ok(SignatureStanding::SignatureChanged);
    };
    if !is_theirs(evidence, &held) {
        return Ok(SignatureStanding::KeyChanged);
    }
    let unchanged = evidence.content.as_ref().is_some_and(|content| rules::is_unchanged(content, &signed));
    let state = evidence.approval_state.parse().map_err(anyhow::Error::from)?;
    Ok(rules::standing(unchanged, state, evidence.latest))
}

/// A signature as it is shown, verified.
///
/// # Errors
/// When a row holds a word that is none.
pub fn shown(row: SignatureRow) -> Result<Signature> {
    let standing = standing(&row)?;
    let in_place_of = row.in_place_of.zip(row.evidence.in_place_of_name);
    Ok(Signature {
        id: row.id.into(),
        document: DocumentRef {
            kind: row.document_kind.parse().map_err(anyhow::Error::from)?,
            id: row.document_id,
            number: row.document_number,
        },
        approval_id: row.approval_id.into(),
        step: row.step,
        decision: row.decision.parse().map_err(anyhow::Error::from)?,
        meaning: row.meaning.parse().map_err(anyhow::Error::from)?,
        signer: PersonRef { id: row.person_id.into(), display_name: row.printed_name },
        in_place_of: in_place_of.map(|(id, display_name)| PersonRef { id: id.into(), display_name }),
        signed_at: row.signed_at,
        zone: row.zone,
        method: row.method.parse().map_err(anyhow::Error::from)?,
        record: row.record_digest,
        digest: row.digest,
        standing,
    })
}
