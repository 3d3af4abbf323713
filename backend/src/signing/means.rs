//! What people sign with beside their password: passkeys, and authenticator apps. Each change needs the password anew, which
//! [`super::proving::check_password`] asks for before.

use lotline_common::access::Person;
use lotline_common::audit::AuditAction;
use lotline_common::id::{PasskeyId, SigningRequestId};
use lotline_common::problem::{FieldCheck, ProblemCode, Refusal};
use lotline_common::signing::passkey::{self, MadePasskey, encode};
use lotline_common::signing::{
    AuthenticatorSecret, Passkey, PasskeyCreate, PasskeyRequest, SigningFault, SigningMeans,
};
use serde_json::json;
use uuid::Uuid;

use super::store::{self, PasskeyRow, Purpose, RequestRow};
use super::{Settings, keys, record, refused, rules};
use crate::access::service::person_read;
use crate::db::{Reader, Tx};
use crate::error::{Error, Result};

fn me(reader: &mut Reader) -> Result<Person> {
    let id = reader.ctx.person;
    person_read(reader, id)
}

/// What the asker signs with.
///
/// # Errors
/// Those of the database.
pub fn means(reader: &mut Reader, settings: &Settings) -> Result<SigningMeans> {
    Ok(SigningMeans {
        login: me(reader)?.login,
        code: store::authenticator(reader)?.is_some_and(|row| row.confirmed_at.is_some()),
        second_factor_required: store::second_factor(reader)?,
        rp_id: settings.party.id.clone(),
        passkeys: store::passkeys(reader)?.into_iter().map(PasskeyRow::shown).collect(),
        password_reset_at: store::password_reset_at(reader)?.filter(|at| *at > reader.now - rules::RESET_TOLD),
    })
}

/// Begins to make a passkey.
///
/// # Errors
/// `request_malformed` when there are too many.
pub fn passkey_begin(tx: &mut Tx, settings: &Settings) -> Result<PasskeyRequest> {
    let known = store::passkeys(tx)?;
    if known.len() >= rules::PASSKEYS {
        let reason = format!("passkeys ≤ {}", rules::PASSKEYS);
        return Err(Refusal::new(ProblemCode::RequestMalformed).with("reason", reason).into());
    }
    let (id, expires_at) = (SigningRequestId::new(), tx.now + rules::REQUEST_LIFETIME);
    let challenge = encode(&rand::random::<[u8; 32]>());
    let kept = RequestRow { id: id.uuid(), nonce: String::new(), challenge: challenge.clone() };
    store::insert_request(tx, &kept, (Purpose::Create, expires_at))?;
    let person = me(tx)?;
    Ok(PasskeyRequest {
        id,
        challenge,
        rp_id: settings.party.id.clone(),
        user_id: encode(person.id.uuid().as_bytes()),
        login: person.login,
        display_name: person.display_name,
        credentials: known.into_iter().map(|passkey| passkey.credential_id).collect(),
        expires_at,
    })
}

/// Keeps a passkey that an authenticator made, and tells the organisation's record of its public key.
///
/// # Errors
/// `not_found` for a request that was used or ran out, `signature_refused`, `fields_invalid`.
pub fn passkey_create(tx: &mut Tx, settings: &Settings, command: &PasskeyCreate) -> Result<Passkey> {
    let mut check = FieldCheck::new();
    check.required_text("/name", &command.name, 60);
    check.finish()?;
    let request = store::request(tx, command.request_id, Purpose::Create)?;
    let request = request.ok_or_else(|| Error::refused(ProblemCode::NotFound))?;
    if !store::use_up(tx, command.request_id)? {
        return Err(Error::refused(ProblemCode::NotFound));
    }
    let made = made(settings, command, &request.challenge).map_err(refused)?;
    let row = PasskeyRow {
        id: Uuid::now_v7(),
        credential_id: encode(&made.credential_id),
        public_key: encode(&made.public_key),
        sign_count: made.count.into(),
        name: command.name.trim().to_owned(),
        created_at: tx.now,
        last_used_at: None,
    };
    if !store::insert_passkey(tx, &row)? {
        return Err(refused(SigningFault::PasskeyTaken));
    }
    keys::introduce(tx, &row)?;
    Ok(row.shown())
}

fn made(
    settings: &Settings,
    command: &PasskeyCreate,
    challenge: &str,
) -> std::result::Result<MadePasskey, SigningFault> {
    let bytes = |text: &str| passkey::decode(text).ok_or(SigningFault::AnswerUnreadable);
    let (data, client) = (bytes(&command.authenticator_data)?, bytes(&command.client_data)?);
    passkey::made((&data, &client), challenge, &settings.party)
}

/// Gives a passkey up. What it signed stays signed.
///
/// # Errors
/// `not_found`.
pub fn passkey_remove(tx: &mut Tx, id: PasskeyId) -> Result<()> {
    if !store::remove_passkey(tx, id)? {
        return Err(Error::refused(ProblemCode::NotFound));
    }
    record(tx, AuditAction::PasskeyRemoved, json!({ "passkey_id": id }))
}

/// Begins to set an authenticator app up. Its secret is told here and never again.
///
/// # Errors
/// `signature_refused` when one is set up.
pub fn authenticator_begin(tx: &mut Tx, settings: &Settings) -> Result<AuthenticatorSecret> {
    if store::authenticator(tx)?.is_some_and(|row| row.confirmed_at.is_some()) {
        return Err(refused(SigningFault::FactorExists));
    }
    let salt: [u8; 32] = rand::random();
    store::begin_authenticator(tx, &salt)?;
    let secret = rules::secret_text(&settings.authenticator_secret(tx.ctx.person, &salt)?)?;
    let uri = rules::secret_address(&secret, &me(tx)?.login);
    Ok(AuthenticatorSecret { secret, uri })
}

/// Takes an authenticator app into use, once it shows a right code.
///
/// # Errors
/// `signature_refused`.
pub fn authenticator_confirm(tx: &mut Tx, settings: &Settings, code: &str) -> Result<()> {
    let begun = store::authenticator(tx)?.filter(|row| row.confirmed_at.is_none());
    let begun = begun.ok_or_else(|| refused(SigningFault::RequestUnknown))?;
    let secret = settings.authenticator_secret(tx.ctx.person, &begun.salt)?;
    let step = rules::code_step(&secret, code, tx.now, begun.last_step)?;
    let step = step.ok_or_else(|| refused(SigningFault::CodeWrong))?;
    store::take_step(tx, step)?;
    store::confirm_authenticator(tx)?;
    record(tx, AuditAction::AuthenticatorAdded, json!({}))
}

/// Gives the authenticator app up.
///
/// # Errors
/// `not_found`.
pub fn authenticator_remove(tx: &mut Tx) -> Result<()> {
    if !store::remove_authenticator(tx)? {
        return Err(Error::refused(ProblemCode::NotFound));
    }
    record(tx, AuditAction::AuthenticatorRemoved, json!({}))
}
