//! Signatures (电子签名; 21 CFR 11.50–11.300): what is signed is one version of a record, by somebody who proves anew that it
//! is them.

#[cfg(feature = "record")]
pub mod passkey;
#[cfg(feature = "record")]
pub mod statement;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::access::PersonRef;
use crate::approvals::Decision;
use crate::flows::SignatureMeaning;
use crate::id::{ApprovalId, PasskeyId, SignatureId, SigningRequestId};
use crate::ledger::DocumentRef;
use crate::text_enum::text_enum;

text_enum! {
    /// How a signer proved that it is them (签名方式).
    SigningMethod {
        /// Sign-in name and password.
        Password => "password",
        /// Sign-in name, password, and a code of an authenticator app.
        PasswordAndCode => "password_and_code",
        /// A passkey, which signed the digest itself.
        Passkey => "passkey",
    }
}

text_enum! {
    /// What became of a signature (签名状态).
    SignatureStanding {
        /// It holds, and the record is what was signed.
        Valid => "valid",
        /// It holds on the version that was signed; the record has another version now, so that it no longer counts.
        Superseded => "superseded",
        /// The record was changed where nothing may change it.
        RecordChanged => "record_changed",
        /// The signature is not the one that was recorded: it was changed, or moved here from another record.
        SignatureChanged => "signature_changed",
        /// The passkey that signed it is not the signer's, or is not the one that was recorded.
        KeyChanged => "key_changed",
    }
}

/// A record as it is to be signed (待签内容).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignableRecord {
    /// SHA-256 of its canonical form, hexadecimal.
    pub digest: String,
    /// What it says.
    pub content: Value,
}

/// A signature that is given with a command. What it is on is named by the digest that the signer saw.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignatureGiven {
    /// Digest of the record as the signer saw it, hexadecimal.
    #[schema(min_length = 64, max_length = 64)]
    pub record: String,
    /// That it is them.
    pub proof: SigningProof,
}

/// That a signer is who they say they are, given anew for every signature (21 CFR 11.200(a)).
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub enum SigningProof {
    /// Sign-in name and password.
    Password {
        /// Sign-in name of the signer.
        #[schema(max_length = 64)]
        login: String,
        /// Password.
        #[schema(max_length = 128)]
        password: String,
        /// Code of the authenticator app, for whoever has set one up.
        #[serde(default)]
        #[schema(max_length = 10)]
        code: Option<String>,
    },
    /// A passkey.
    Passkey {
        /// The request for which it signed.
        request_id: SigningRequestId,
        /// What the authenticator answered.
        assertion: PasskeyAssertion,
    },
}

impl std::fmt::Debug for SigningProof {
    /// Never tells a password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Password { login, .. } => write!(formatter, "Password({login})"),
            Self::Passkey { request_id, .. } => write!(formatter, "Passkey({request_id})"),
        }
    }
}

/// What an authenticator answers to `navigator.credentials.get`; each part in base64url without padding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyAssertion {
    /// Which passkey.
    #[schema(max_length = 1400)]
    pub credential_id: String,
    /// `authenticatorData`.
    #[schema(max_length = 2000)]
    pub authenticator_data: String,
    /// `clientDataJSON`.
    #[schema(max_length = 4000)]
    pub client_data: String,
    /// `signature`.
    #[schema(max_length = 200)]
    pub signature: String,
}

/// What a passkey is asked to sign: options for `navigator.credentials.get`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SigningRequest {
    /// The request; it can be used once.
    pub id: SigningRequestId,
    /// The challenge, base64url: SHA-256 over what is signed, its record's digest in it.
    pub challenge: String,
    /// Relying party: the host name at which the passkeys were made.
    pub rp_id: String,
    /// The signer's passkeys.
    pub credentials: Vec<String>,
    /// When it can no longer be used.
    pub expires_at: DateTime<Utc>,
}

/// A signature as it is shown (签名): who, when and in which zone, and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Signature {
    /// The signature.
    pub id: SignatureId,
    /// The document.
    pub document: DocumentRef,
    /// The approval in which it was given.
    pub approval_id: ApprovalId,
    /// Step of the flow.
    pub step: String,
    /// What was decided.
    pub decision: Decision,
    /// What it means.
    pub meaning: SignatureMeaning,
    /// Who signed, with the name as it was printed then.
    pub signer: PersonRef,
    /// For whom, as a stand-in.
    pub in_place_of: Option<PersonRef>,
    /// When, by the server's clock.
    pub signed_at: DateTime<Utc>,
    /// Time zone of the signer's organisation.
    #[schema(example = "Asia/Shanghai")]
    pub zone: String,
    /// How the signer proved that it is them.
    pub method: SigningMethod,
    /// Digest of the record as it was signed, hexadecimal.
    pub record: String,
    /// Digest of the signature itself, hexadecimal.
    pub digest: String,
    /// What became of it.
    pub standing: SignatureStanding,
}

/// What somebody can sign with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SigningMeans {
    /// Sign-in name, which goes with the password.
    pub login: String,
    /// Whether an authenticator app is set up.
    pub code: bool,
    /// Whether the organisation asks for a second factor: a code with the password, or a passkey.
    pub second_factor_required: bool,
    /// Host name at which passkeys work.
    pub rp_id: String,
    /// Passkeys.
    pub passkeys: Vec<Passkey>,
    /// When an administrator set the password, for a month after it.
    pub password_reset_at: Option<DateTime<Utc>>,
}

/// A passkey (通行密钥).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Passkey {
    /// The passkey.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it signed last.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Begin to make a passkey.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyBegin {
    /// The own password.
    #[schema(max_length = 128)]
    pub password: String,
}

/// Options for `navigator.credentials.create`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PasskeyRequest {
    /// The request; it can be used once.
    pub id: SigningRequestId,
    /// The challenge, base64url.
    pub challenge: String,
    /// Relying party.
    pub rp_id: String,
    /// Identifier of the owner, base64url.
    pub user_id: String,
    /// Sign-in name of the owner.
    pub login: String,
    /// Printed name of the owner.
    pub display_name: String,
    /// Passkeys that are there already.
    pub credentials: Vec<String>,
    /// When it can no longer be used.
    pub expires_at: DateTime<Utc>,
}

/// Keep the passkey that an authenticator made; its parts in base64url without padding.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyCreate {
    /// The request for which it was made.
    pub request_id: SigningRequestId,
    /// What its owner calls it.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// `authenticatorData`, as `getAuthenticatorData()` gives it.
    #[schema(max_length = 4000)]
    pub authenticator_data: String,
    /// `clientDataJSON`.
    #[schema(max_length = 4000)]
    pub client_data: String,
}

/// Set up an authenticator app.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthenticatorBegin {
    /// The own password.
    #[schema(max_length = 128)]
    pub password: String,
}

/// What an authenticator app has to know. It is told once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuthenticatorSecret {
    /// The secret, base32.
    pub secret: String,
    /// The same as an `otpauth:` address, for a QR code.
    pub uri: String,
}

/// Show that the authenticator app is set up.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthenticatorConfirm {
    /// The code that it shows.
    #[schema(min_length = 6, max_length = 10)]
    pub code: String,
}

/// Give up a passkey or the authenticator app.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FactorRemove {
    /// The own password.
    #[schema(max_length = 128)]
    pub password: String,
}

/// A signing that failed (签名失败).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SigningFailure {
    /// In whose session.
    pub person: PersonRef,
    /// When.
    pub at: DateTime<Utc>,
    /// How it was tried.
    pub method: SigningMethod,
    /// What was wrong.
    pub cause: SigningFault,
}

text_enum! {
    /// Why a signing failed (签名失败原因).
    SigningFault {
        /// The sign-in name is not that of the session.
        OtherPerson => "other_person",
        /// The password is wrong.
        PasswordWrong => "password_wrong",
        /// The code is wrong, or was used before.
        CodeWrong => "code_wrong",
        /// The organisation asks for a second factor, and there is none.
        FactorMissing => "factor_missing",
        /// An authenticator app is set up already.
        FactorExists => "factor_exists",
        /// The request for the passkey is not there: it was used, it ran out, or it is somebody else's.
        RequestUnknown => "request_unknown",
        /// The passkey is not one of the signer's.
        PasskeyUnknown => "passkey_unknown",
        /// The passkey is kept already.
        PasskeyTaken => "passkey_taken",
        /// What the authenticator answered cannot be read.
        AnswerUnreadable => "answer_unreadable",
        /// The authenticator answered to another challenge.
        ChallengeDiffers => "challenge_differs",
        /// The authenticator answered on another site.
        OriginDiffers => "origin_differs",
        /// The authenticator did not make sure that it is its owner.
        OwnerUnverified => "owner_unverified",
        /// The passkey's signature does not fit.
        SignatureInvalid => "signature_invalid",
        /// The passkey's counter went back: there may be a copy of it.
        CounterWentBack => "counter_went_back",
    }
}
