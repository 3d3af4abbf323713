//! Proving that a signer is who they say they are, before anything is looked at. What fails is recorded, slows the next
//! try down, and is seen by administrators at once (21 CFR 11.300(d); R35).

use lotline_common::audit::AuditAction;
use lotline_common::id::{PersonId, SigningRequestId};
use lotline_common::signing::passkey::{check_count, verify};
use lotline_common::signing::{PasskeyAssertion, SignatureGiven, SigningFault, SigningMethod, SigningProof};
use lotline_common::system::LiveTopic;

use super::store::{self, AuthenticatorRow, PasskeyRow, Purpose, RequestRow};
use super::{Settings, record, refused, rules};
use crate::access::password;
use crate::db::{Db, OpCtx, WriteOptions, Written};
use crate::error::{Error, Result};

/// A signer who has just proved that it is them. Nothing but this module makes one.
#[derive(Debug, Clone)]
pub struct Proof {
    pub(super) signer: PersonId,
    pub(super) by: By,
}

/// What they proved it by.
#[derive(Debug, Clone)]
pub(super) enum By {
    /// The password, and the step of time of a code.
    Password { step: Option<i64> },
    /// A passkey that answered a request.
    Passkey(Box<Answered>),
}

/// A passkey's answer that fits its request.
#[derive(Debug, Clone)]
pub(super) struct Answered {
    pub request: SigningRequestId,
    pub nonce: String,
    pub challenge: String,
    pub passkey: PasskeyRow,
    pub assertion: PasskeyAssertion,
    pub count: i64,
}

impl Proof {
    /// How they proved it.
    #[must_use]
    pub const fn method(&self) -> SigningMethod {
        match &self.by {
            By::Password { step: None } => SigningMethod::Password,
            By::Password { step: Some(_) } => SigningMethod::PasswordAndCode,
            By::Passkey(_) => SigningMethod::Passkey,
        }
    }
}

/// What is known of a signer before they prove anything.
struct Known {
    login: String,
    password_hash: String,
    authenticator: Option<AuthenticatorRow>,
    second_factor: bool,
}

/// What a signer's passkey answers to, and with.
struct Asked {
    request: Option<RequestRow>,
    passkey: Option<PasskeyRow>,
}

/// Has a signer prove that it is them.
///
/// # Errors
/// `signature_refused`, `signing_throttled`.
pub fn prove(db: &Db, ctx: &OpCtx, settings: &Settings, given: &SignatureGiven) -> Result<Proof> {
    check_pace(db, ctx)?;
    let signer = ctx.person;
    let (method, proven) = match &given.proof {
        SigningProof::Password { login, password, code } => {
            let known = known(db, ctx)?;
            let method = if code.is_some() { SigningMethod::PasswordAndCode } else { SigningMethod::Password };
            let is_own = login.trim().to_lowercase() == known.login;
            let proven = if is_own {
                by_password(db, (signer, settings), &known, (password, code.as_deref()))?
            } else {
                Err(SigningFault::OtherPerson)
            };
            (method, proven)
        }
        SigningProof::Passkey { request_id, assertion } => {
            let asked = db.read(ctx, |reader| {
                let request = store::request(reader, *request_id, Purpose::Sign)?;
                Ok(Asked { request, passkey: store::passkey(reader, &assertion.credential_id)? })
            })?;
            let proven = by_passkey(settings, asked, assertion);
            (SigningMethod::Passkey, proven.map(|answered| By::Passkey(Box::new(answered))))
        }
    };
    match proven {
        Ok(by) => Ok(Proof { signer, by }),
        Err(fault) => Err(failed(db, ctx, (method, fault))),
    }
}

/// Checks the own password where no more is asked for: to change what one signs with.
///
/// # Errors
/// `signature_refused`, `signing_throttled`.
pub fn check_password(db: &Db, ctx: &OpCtx, given: &str) -> Result<()> {
    check_pace(db, ctx)?;
    let known = known(db, ctx)?;
    if password::verify(given, Some(&known.password_hash)) {
        return Ok(());
    }
    Err(failed(db, ctx, (SigningMethod::Password, SigningFault::PasswordWrong)))
}

fn known(db: &Db, ctx: &OpCtx) -> Result<Known> {
    db.read(ctx, |reader| {
        let (login, password_hash) = store::account(reader)?;
        let authenticator = store::authenticator(reader)?.filter(|row| row.confirmed_at.is_some());
        Ok(Known { login, password_hash, authenticator, second_factor: store::second_factor(reader)? })
    })
}

/// Somebody who signed wrong too often waits.
fn check_pace(db: &Db, ctx: &OpCtx) -> Result<()> {
    let failures = db.read(ctx, |reader| store::failures_since(reader, reader.now - rules::WINDOW))?;
    Ok(rules::check_failures(&failures, db.now())?)
}

/// Whoever has set up an authenticator app gives its code, whatever the organisation asks for.
fn by_password(
    db: &Db,
    (signer, settings): (PersonId, &Settings),
    known: &Known,
    (password, code): (&str, Option<&str>),
) -> Result<std::result::Result<By, SigningFault>> {
    if !password::verify(password, Some(&known.password_hash)) {
        return Ok(Err(SigningFault::PasswordWrong));
    }
    let Some(authenticator) = &known.authenticator else {
        let alone =
            if known.second_factor { Err(SigningFault::FactorMissing) } else { Ok(By::Password { step: None }) };
        return Ok(alone);
    };
    let Some(code) = code else { return Ok(Err(SigningFault::FactorMissing)) };
    let secret = settings.authenticator_secret(signer, &authenticator.salt)?;
    let step = rules::code_step(&secret, code, db.now(), authenticator.last_step)?;
    Ok(step.map(|step| By::Password { step: Some(step) }).ok_or(SigningFault::CodeWrong))
}

fn by_passkey(
    settings: &Settings,
    asked: Asked,
    assertion: &PasskeyAssertion,
) -> std::result::Result<Answered, SigningFault> {
    let request = asked.request.ok_or(SigningFault::RequestUnknown)?;
    let passkey = asked.passkey.ok_or(SigningFault::PasskeyUnknown)?;
    let key = lotline_common::signing::passkey::decode(&passkey.public_key).ok_or(SigningFault::PasskeyUnknown)?;
    let count = verify(&key, assertion, &request.challenge, &settings.party)?.into();
    check_count(passkey.sign_count, count)?;
    let RequestRow { id, nonce, challenge } = request;
    Ok(Answered { request: id.into(), nonce, challenge, passkey, assertion: assertion.clone(), count })
}

/// Records a signing that failed, and says so to administrators.
pub(super) fn failed(db: &Db, ctx: &OpCtx, (method, fault): (SigningMethod, SigningFault)) -> Error {
    tracing::warn!(person = %ctx.person, organisation = %ctx.org, %method, %fault, "signing failed");
    crate::system::metrics::count_failed_signing();
    let noted = db.write(ctx, &WriteOptions::default(), |tx| {
        store::insert_failure(tx, method, fault)?;
        record(tx, AuditAction::SigningFailed, serde_json::json!({ "method": method, "cause": fault }))?;
        tx.notify(LiveTopic::Signing, None, None);
        Ok(Written { status: 204, body: serde_json::Value::Null })
    });
    match noted {
        Ok(_) => refused(fault),
        Err(error) => error,
    }
}
