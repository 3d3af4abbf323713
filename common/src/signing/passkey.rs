//! What an authenticator answers, verified (W3C WebAuthn Level 2, 7.1 and 7.2). ES256 alone is taken, which every
//! authenticator knows. Nobody attests which authenticator it is: whoever makes a passkey has just given their password.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{PasskeyAssertion, SigningFault};

/// Where passkeys are good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    /// Host name.
    pub id: String,
    /// Origin of the pages; nothing: any of this machine's own, as long as nobody else can reach it.
    pub origin: Option<String>,
}

impl RelyingParty {
    /// That of a public address; without one, this machine alone.
    #[must_use]
    pub fn of(public_url: Option<&str>) -> Self {
        let parts = public_url.and_then(|url| url.split_once("://").map(|(scheme, rest)| (scheme, authority(rest))));
        match parts {
            Some((scheme, authority)) => {
                Self { id: host(authority).to_owned(), origin: Some(format!("{scheme}://{authority}")) }
            }
            None => Self { id: "localhost".to_owned(), origin: None },
        }
    }

    fn is_origin(&self, given: &str) -> bool {
        match &self.origin {
            Some(origin) => origin == given,
            None => given.strip_prefix("http://").is_some_and(|rest| host(rest) == self.id),
        }
    }
}

/// Host and port of an address without its scheme.
fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn host(authority: &str) -> &str {
    authority.split(':').next().unwrap_or_default()
}

/// Bytes from base64url without padding.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Bytes as base64url without padding.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[derive(Deserialize)]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

impl ClientData {
    fn read(bytes: &[u8]) -> Result<Self, SigningFault> {
        serde_json::from_slice(bytes).map_err(|_| SigningFault::AnswerUnreadable)
    }

    fn check(&self, kind: &str, challenge: &str, party: &RelyingParty) -> Result<(), SigningFault> {
        if self.r#type != kind || self.challenge != challenge {
            return Err(SigningFault::ChallengeDiffers);
        }
        if self.cross_origin || !party.is_origin(&self.origin) {
            return Err(SigningFault::OriginDiffers);
        }
        Ok(())
    }
}

// Flags of authenticator data.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

/// The fixed part of authenticator data: relying party, flags and counter.
struct AuthenticatorData<'a> {
    party: &'a [u8],
    flags: u8,
    count: u32,
    rest: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, SigningFault> {
        let read = || {
            let (party, rest) = bytes.split_at_checked(32)?;
            let (flags, rest) = rest.split_first()?;
            let (count, rest) = rest.split_first_chunk::<4>()?;
            Some(Self { party, flags: *flags, count: u32::from_be_bytes(*count), rest })
        };
        read().ok_or(SigningFault::AnswerUnreadable)
    }

    fn check(&self, party_id: &str) -> Result<(), SigningFault> {
        if self.party != Sha256::digest(party_id).as_slice() {
            return Err(SigningFault::OriginDiffers);
        }
        // Somebody has to be there, and has to be the owner: a touch alone signs nothing.
        let owner = PRESENT | VERIFIED;
        if self.flags & owner == owner { Ok(()) } else { Err(SigningFault::OwnerUnverified) }
    }
}

/// A passkey that an authenticator made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadePasskey {
    /// What the authenticator calls it.
    pub credential_id: Vec<u8>,
    /// Public key on P-256, uncompressed (SEC 1).
    pub public_key: Vec<u8>,
    /// Counter at the beginning.
    pub count: u32,
}

/// Reads what `navigator.credentials.create` answered.
///
/// # Errors
/// What is wrong with it.
pub fn made(
    (authenticator_data, client_data): (&[u8], &[u8]),
    challenge: &str,
    party: &RelyingParty,
) -> Result<MadePasskey, SigningFault> {
    ClientData::read(client_data)?.check("webauthn.create", challenge, party)?;
    let data = AuthenticatorData::read(authenticator_data)?;
    data.check(&party.id)?;
    let attested = || {
        if data.flags & ATTESTED == 0 {
            return None;
        }
        let (_model, rest) = data.rest.split_at_checked(16)?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (credential_id, key) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
        Some((credential_id, es256_key(key)?))
    };
    let (credential_id, public_key) = attested().ok_or(SigningFault::AnswerUnreadable)?;
    VerifyingKey::from_sec1_bytes(&public_key).map_err(|_| SigningFault::AnswerUnreadable)?;
    Ok(MadePasskey { credential_id: credential_id.to_vec(), public_key, count: data.count })
}

/// What stands before x, and between x and y, in an ES256 key as CTAP2 writes it (canonical CBOR): kty EC2, alg ES256, crv
/// P-256.
const BEFORE_X: &[u8] = &[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
const BEFORE_Y: &[u8] = &[0x22, 0x58, 0x20];

/// The point of an ES256 key, uncompressed. What may stand behind it are extensions.
fn es256_key(cose: &[u8]) -> Option<Vec<u8>> {
    let (x, rest) = cose.strip_prefix(BEFORE_X)?.split_at_checked(32)?;
    let (y, _extensions) = rest.strip_prefix(BEFORE_Y)?.split_at_checked(32)?;
    Some([&[0x04], x, y].concat())
}

/// Verifies that a passkey signed a challenge, on this site and by its owner, and answers its counter.
///
/// # Errors
/// What is wrong with it.
pub fn verify(
    public_key: &[u8],
    assertion: &PasskeyAssertion,
    challenge: &str,
    party: &RelyingParty,
) -> Result<u32, SigningFault> {
    let unreadable = || SigningFault::AnswerUnreadable;
    let client_data = decode(&assertion.client_data).ok_or_else(unreadable)?;
    let authenticator_data = decode(&assertion.authenticator_data).ok_or_else(unreadable)?;
    let signature = decode(&assertion.signature).ok_or_else(unreadable)?;
    ClientData::read(&client_data)?.check("webauthn.get", challenge, party)?;
    let data = AuthenticatorData::read(&authenticator_data)?;
    data.check(&party.id)?;
    let key = VerifyingKey::from_sec1_bytes(public_key).map_err(|_| SigningFault::PasskeyUnknown)?;
    let signature = Signature::from_der(&signature).map_err(|_| SigningFault::SignatureInvalid)?;
    let signed = [authenticator_data.as_slice(), Sha256::digest(&client_data).as_slice()].concat();
    key.verify(&signed, &signature).map_err(|_| SigningFault::SignatureInvalid)?;
    Ok(data.count)
}

/// Verifies an assertion as it was recorded, on whatever site that was: the site is named by the answer itself.
#[must_use]
pub fn holds(public_key: &[u8], assertion: &PasskeyAssertion, challenge: &str) -> bool {
    let origin = decode(&assertion.client_data).and_then(|bytes| Some(ClientData::read(&bytes).ok()?.origin));
    origin.is_some_and(|origin| {
        let party = RelyingParty::of(Some(&origin));
        verify(public_key, assertion, challenge, &party).is_ok()
    })
}

/// Whether a counter went on. One that is always zero does not count.
///
/// # Errors
/// `CounterWentBack`.
pub const fn check_count(known: i64, given: i64) -> Result<(), SigningFault> {
    if given > known || (given == 0 && known == 0) { Ok(()) } else { Err(SigningFault::CounterWentBack) }
}

#[cfg(test)]
mod tests;
