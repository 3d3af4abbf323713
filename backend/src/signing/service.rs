//! Signing: what is signed is put into words that can be hashed, the signature goes into the record, and its row beside it.

use chrono::SecondsFormat;
use lotline_common::approvals::Decision;
use lotline_common::flows::SignatureMeaning;
use lotline_common::id::{ApprovalId, PartnerId, PersonId, SignatureId, SigningRequestId};
use lotline_common::ledger::{DocumentKind, DocumentRef};
use lotline_common::page::Page;
use lotline_common::problem::{ProblemCode, Refusal};
use lotline_common::signing::statement::{
    Intent, SignedByPasskey, Statement, challenge, record_digest, statement_digest,
};
use lotline_common::signing::{SignableRecord, Signature, SigningFault, SigningRequest};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::proving::{Answered, By};
use super::store::{self, NewSignature, Of, Purpose, RequestRow, SignableRow};
use super::{Proof, Settings, keys, refused, rules, standing};
use crate::access::service::person_read;
use crate::db::{Reader, Tx};
use crate::error::{Error, Result};

/// What is signed, and as what.
#[derive(Debug)]
pub struct Signing<'a> {
    /// The approval in which it is.
    pub approval: ApprovalId,
    /// The document.
    pub document: &'a DocumentRef,
    /// At which step.
    pub step: &'a str,
    /// What is decided.
    pub decision: Decision,
    /// What it means.
    pub meaning: SignatureMeaning,
    /// For whom, as a stand-in.
    pub in_place_of: Option<PersonId>,
    /// The subcontractor for whom it is; nobody: the maker.
    pub partner: Option<PartnerId>,
    /// Everything that goes with the decision.
    pub act: Value,
}

/// What the record tells of a signature: the fields `record` and `signature` of its event.
#[derive(Debug)]
pub struct Told {
    /// The document as it was signed.
    pub record: Value,
    /// The signature.
    pub signature: Value,
}

/// RFC 8785.
fn canonical(value: &impl Serialize) -> Result<Vec<u8>> {
    Ok(serde_json_canonicalizer::to_vec(value)?)
}

fn digest_of(row: &SignableRow) -> Result<String> {
    Ok(record_digest(&canonical(&row.content)?))
}

/// A document as the maker's people are to sign it, when it waits for that.
///
/// # Errors
/// Those of the database.
pub fn record(reader: &mut Reader, document: &DocumentRef) -> Result<Option<SignableRecord>> {
    record_for(reader, document, None)
}

/// A document as the people of a subcontractor are to sign it, when it waits for that: nobody signs a file that they
/// cannot see.
///
/// # Errors
/// Those of the database.
pub fn record_for(
    reader: &mut Reader,
    document: &DocumentRef,
    partner: Option<PartnerId>,
) -> Result<Option<SignableRecord>> {
    let Some(row) = store::signable(reader, document, partner)? else { return Ok(None) };
    Ok(Some(SignableRecord { digest: digest_of(&row)?, content: row.content }))
}

fn changed(document: &DocumentRef) -> Error {
    Refusal::new(ProblemCode::SignedRecordChanged).with("number", &document.number).into()
}

fn nonce() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

fn intent(tx: &Tx, signing: &Signing, (row, nonce): (&SignableRow, String)) -> Result<Intent> {
    Ok(Intent {
        act: signing.act.clone(),
        document_kind: signing.document.kind,
        document_id: signing.document.id,
        in_place_of: signing.in_place_of,
        meaning: signing.meaning,
        nonce,
        organisation: tx.ctx.org,
        record: digest_of(row)?,
        record_version: row.version_number,
        signer: tx.ctx.person,
    })
}

/// Asks one of the signer's passkeys to sign.
///
/// # Errors
/// `signature_refused` when there is none, `signed_record_changed`.
pub fn request(tx: &mut Tx, settings: &Settings, signing: &Signing) -> Result<SigningRequest> {
    let passkeys = store::passkeys(tx)?;
    if passkeys.is_empty() {
        return Err(refused(SigningFault::PasskeyUnknown));
    }
    let row = store::signable(tx, signing.document, signing.partner)?.ok_or_else(|| changed(signing.document))?;
    let nonce = nonce();
    let challenge = challenge(&canonical(&intent(tx, signing, (&row, nonce.clone()))?)?);
    let (id, expires_at) = (SigningRequestId::new(), tx.now + rules::REQUEST_LIFETIME);
    let kept = RequestRow { id: id.uuid(), nonce, challenge: challenge.clone() };
    store::insert_request(tx, &kept, (Purpose::Sign, expires_at))?;
    let credentials = passkeys.into_iter().map(|passkey| passkey.credential_id).collect();
    Ok(SigningRequest { id, challenge, rp_id: settings.party.id.clone(), credentials, expires_at })
}

/// Signs a document as the signer saw it. A proof is used up with it.
///
/// # Errors
/// `signed_record_changed`, `signature_refused` when the proof was used meanwhile.
pub fn sign(tx: &mut Tx, (proof, seen): (&Proof, &str), signing: &Signing) -> Result<Told> {
    if proof.signer != tx.ctx.person {
        return Err(refused(SigningFault::OtherPerson));
    }
    let row = store::signable(tx, signing.document, signing.partner)?.ok_or_else(|| changed(signing.document))?;
    let nonce = match &proof.by {
        By::Passkey(answered) => answered.nonce.clone(),
        By::Password { .. } => nonce(),
    };
    let intent = intent(tx, signing, (&row, nonce))?;
    if intent.record != seen {
        return Err(changed(signing.document));
    }
    let passkey = use_up(tx, proof, (signing, &challenge(&canonical(&intent)?)))?;
    let (id, zone, method) = (SignatureId::new(), store::zone(tx)?, proof.method());
    let at = tx.now.to_rfc3339_opts(SecondsFormat::Micros, true);
    let me = tx.ctx.person;
    let signer = person_read(tx, me)?.reference();
    let statement = Statement { at, id, intent, method, passkey, zone };
    let digest = statement_digest(&canonical(&statement)?);
    let key = match &proof.by {
        By::Passkey(answered) => Some(answered.passkey.id),
        By::Password { .. } => None,
    };
    let new = NewSignature {
        id,
        row: signing,
        record_version: row.version_number,
        record_digest: &statement.intent.record,
        printed_name: &signer.display_name,
        zone: &statement.zone,
        method,
        passkey: key,
        digest: &digest,
    };
    store::insert_signature(tx, &new)?;
    let signature = json!({ "digest": digest, "signer": signer, "statement": statement });
    Ok(Told { record: row.content, signature })
}

/// What proved one signature proves no other.
fn use_up(tx: &mut Tx, proof: &Proof, (signing, challenge): (&Signing, &str)) -> Result<Option<SignedByPasskey>> {
    match &proof.by {
        By::Password { step: None } => Ok(None),
        By::Password { step: Some(step) } => {
            if store::take_step(tx, *step)? {
                Ok(None)
            } else {
                Err(refused(SigningFault::CodeWrong))
            }
        }
        By::Passkey(answered) => {
            let Answered { request, passkey, assertion, count, .. } = answered.as_ref();
            if answered.challenge != challenge {
                return Err(changed(signing.document));
            }
            if !store::use_up(tx, *request)? {
                return Err(refused(SigningFault::RequestUnknown));
            }
            if !store::count_passkey(tx, passkey, *count)? {
                return Err(refused(SigningFault::CounterWentBack));
            }
            keys::introduce(tx, passkey)?;
            Ok(Some(SignedByPasskey { assertion: assertion.clone(), public_key: passkey.public_key.clone() }))
        }
    }
}

/// Signatures given in an approval, the first first, each verified.
///
/// # Errors
/// Those of the database.
pub fn of_approval(reader: &mut Reader, approval: ApprovalId) -> Result<Vec<Signature>> {
    let rows = store::signatures(reader, Of::Approval(approval))?;
    rows.into_iter().map(standing::shown).collect()
}

/// Signatures on a document, the first first, each verified.
///
/// # Errors
/// `permission_missing`.
pub fn of_document(reader: &mut Reader, kind: DocumentKind, id: Uuid) -> Result<Page<Signature>> {
    let needed = rules::right_to_see(kind);
    if !reader.ctx.may(needed) {
        return Err(Refusal::new(ProblemCode::PermissionMissing).with("permission", needed).into());
    }
    let rows = store::signatures(reader, Of::Document(kind, id))?;
    Ok(Page { items: rows.into_iter().map(standing::shown).collect::<Result<_>>()?, next: None })
}
