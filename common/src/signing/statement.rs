//! The bytes that are signed, and whether an event of the record that says it was signed is right about it. What is signed
//! stands in the event as it was hashed: RFC 8785 JSON, of which every part is canonical too.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::passkey::{self, decode, encode};
use super::{PasskeyAssertion, SigningMethod};
use crate::flows::SignatureMeaning;
use crate::id::{OrganisationId, PersonId, SignatureId};
use crate::ledger::DocumentKind;
use crate::merkle::{Hash, hex};

// What stands before the bytes that are hashed keeps the three kinds apart, and from everything else that is ever hashed.
const RECORD: &[u8] = b"lotline.signed-record/1\0";
const INTENT: &[u8] = b"lotline.signing-intent/1\0";
const STATEMENT: &[u8] = b"lotline.signature/1\0";

fn digest(prefix: &[u8], canonical: &[u8]) -> Hash {
    Sha256::new().chain_update(prefix).chain_update(canonical).finalize().into()
}

/// Digest of a record's canonical form, hexadecimal.
#[must_use]
pub fn record_digest(canonical: &[u8]) -> String {
    hex::encode(&digest(RECORD, canonical))
}

/// Digest of a signature's canonical form, hexadecimal.
#[must_use]
pub fn statement_digest(canonical: &[u8]) -> String {
    hex::encode(&digest(STATEMENT, canonical))
}

/// What a passkey is asked to sign: the digest of an intent's canonical form, base64url.
#[must_use]
pub fn challenge(canonical: &[u8]) -> String {
    encode(&digest(INTENT, canonical))
}

/// What somebody is about to sign: known before they do, but for the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// What is done to the record by signing: the decision and everything that goes with it.
    pub act: Value,
    /// Kind of document.
    pub document_kind: DocumentKind,
    /// Document.
    pub document_id: Uuid,
    /// For whom, as a stand-in.
    pub in_place_of: Option<PersonId>,
    /// What it means.
    pub meaning: SignatureMeaning,
    /// Random, and never used again: two signatures are never about the same bytes.
    pub nonce: String,
    /// Organisation.
    pub organisation: OrganisationId,
    /// Digest of the record, hexadecimal.
    pub record: String,
    /// Version of the document, where it has versions; else 1.
    pub record_version: i32,
    /// Who signs.
    pub signer: PersonId,
}

/// A passkey's answer, with the key that verifies it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedByPasskey {
    /// What the authenticator answered.
    pub assertion: PasskeyAssertion,
    /// Public key, base64url.
    pub public_key: String,
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement<I> {
    /// When, by the server's clock: RFC 3339 to the microsecond.
    pub at: String,
    /// The signature.
    pub id: SignatureId,
    /// What was signed.
    pub intent: I,
    /// How the signer proved that it is them.
    pub method: SigningMethod,
    /// What a passkey answered.
    pub passkey: Option<SignedByPasskey>,
    /// Time zone of the organisation.
    pub zone: String,
}

/// What an event says in its details when it was signed.
#[derive(Debug, Deserialize)]
struct SignedDetails<'a> {
    #[serde(borrow)]
    record: &'a RawValue,
    #[serde(borrow)]
    signature: GivenSignature<'a>,
}

#[derive(Debug, Deserialize)]
struct GivenSignature<'a> {
    digest: &'a str,
    #[serde(borrow)]
    statement: &'a RawValue,
}

#[derive(Deserialize)]
struct SignedEvent<'a> {
    actor: PersonId,
    at: &'a str,
    #[serde(borrow)]
    details: SignedDetails<'a>,
    organisation: OrganisationId,
}

/// A signature that an event holds, and that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The signature.
    pub statement: Statement<Intent>,
    /// Its digest, hexadecimal.
    pub digest: String,
}

/// What stands in the JSON of every event that was signed, and of none that was not: a text has its quotes escaped.
pub(crate) const MARK: &str = "\"signature\":{\"digest\":\"";
/// Bytes of it up to its bracket, and with it.
pub(crate) const BRACKET: usize = "\"signature\":{".len();

/// What looks for it: made once, as every event of a record is looked through.
static SIGNED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(MARK));

/// Whether an event says that it was signed.
#[must_use]
pub fn is_signed(json: &str) -> bool {
    SIGNED.find(json.as_bytes()).is_some()
}

/// Verifies the signature that an event holds: record, statement, signer, time, and what a passkey signed. Whether the
/// passkey is the signer's is told by the event that made it so.
#[must_use]
pub fn verify(json: &str) -> Option<Held> {
    let event: SignedEvent = serde_json::from_str(json).ok()?;
    let GivenSignature { digest, statement } = event.details.signature;
    let signed: Statement<&RawValue> = serde_json::from_str(statement.get()).ok()?;
    let intent: Intent = serde_json::from_str(signed.intent.get()).ok()?;
    let is_about_it = intent.record == record_digest(event.details.record.get().as_bytes());
    let is_given = statement_digest(statement.get().as_bytes()) == digest;
    let is_theirs = intent.signer == event.actor && intent.organisation == event.organisation && signed.at == event.at;
    let challenge = challenge(signed.intent.get().as_bytes());
    let is_proven = match (&signed.passkey, signed.method) {
        (Some(by), SigningMethod::Passkey) => {
            decode(&by.public_key).is_some_and(|key| passkey::holds(&key, &by.assertion, &challenge))
        }
        (None, SigningMethod::Password | SigningMethod::PasswordAndCode) => true,
        _ => false,
    };
    let Statement { at, id, method, passkey, zone, .. } = signed;
    let held = Held { statement: Statement { at, id, intent, method, passkey, zone }, digest: digest.to_owned() };
    (is_about_it && is_given && is_theirs && is_proven).then_some(held)
}

/// A passkey as the event tells it that made it somebody's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPasskey {
    /// What the authenticator calls it, base64url.
    pub credential_id: String,
    /// Public key, base64url.
    pub public_key: String,
}

/// What stands in the JSON of every event that makes a passkey somebody's.
const PASSKEY_MARK: &str = "\"details\":{\"passkey\":{";

#[derive(Deserialize)]
struct PasskeyEvent {
    actor: PersonId,
    action: String,
    details: PasskeyDetails,
}

#[derive(Deserialize)]
struct PasskeyDetails {
    passkey: KnownPasskey,
}

/// The passkey that an event makes its actor's.
#[must_use]
pub fn passkey_of(json: &str) -> Option<(PersonId, KnownPasskey)> {
    if !json.contains(PASSKEY_MARK) {
        return None;
    }
    let event: PasskeyEvent = serde_json::from_str(json).ok()?;
    let makes = event.action == crate::audit::AuditAction::PasskeyAdded.as_str();
    makes.then_some((event.actor, event.details.passkey))
}

/// The passkeys that a record told of so far.
#[derive(Debug, Default)]
pub struct Passkeys(BTreeMap<String, (PersonId, String)>);

impl Passkeys {
    /// Takes what an event tells.
    pub fn take(&mut self, (person, passkey): (PersonId, KnownPasskey)) {
        self.0.insert(passkey.credential_id, (person, passkey.public_key));
    }

    /// Whether a signature is by a passkey of its signer. A record that does not begin at its beginning may not tell of it.
    #[must_use]
    pub fn fit(&self, statement: &Statement<Intent>, from_the_beginning: bool) -> bool {
        let Some(by) = &statement.passkey else { return true };
        match self.0.get(&by.assertion.credential_id) {
            Some((person, key)) => *person == statement.intent.signer && *key == by.public_key,
            None => !from_the_beginning,
        }
    }
}

#[cfg(test)]
mod tests;
