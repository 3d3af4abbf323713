//! Rows of signatures and of what people sign with.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Bytea, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use lotline_common::id::{ApprovalId, PartnerId, PasskeyId, PersonId, SignatureId, SigningRequestId};
use lotline_common::ledger::{DocumentKind, DocumentRef};
use lotline_common::signing::{Passkey, SigningFault, SigningMethod};
use serde_json::Value;
use uuid::Uuid;

use crate::db::cached::PreparedOnce as _;
use crate::db::{Reader, Tx};
use crate::error::Result;
use crate::schema::{
    authenticator, organisation, passkey, person, signature, signing_failure, signing_key, signing_request,
};

/// The asker's sign-in name and the hash of their password.
pub fn account(reader: &mut Reader) -> Result<(String, String)> {
    let row = person::table.find(reader.ctx.person.uuid()).select((person::login, person::password_hash));
    Ok(row.first(reader.conn)?)
}

/// Whether the organisation asks for a second factor.
pub fn second_factor(reader: &mut Reader) -> Result<bool> {
    let row = organisation::table.find(reader.org()).select(organisation::second_factor_to_sign);
    Ok(row.first(reader.conn)?)
}

/// The zone of the organisation.
pub fn zone(reader: &mut Reader) -> Result<String> {
    Ok(organisation::table.find(reader.org()).select(organisation::time_zone).first(reader.conn)?)
}

/// When an administrator set the asker's password last.
pub fn password_reset_at(reader: &mut Reader) -> Result<Option<DateTime<Utc>>> {
    Ok(person::table.find(reader.ctx.person.uuid()).select(person::password_reset_at).first(reader.conn)?)
}

/// An authenticator app.
#[derive(Debug, Clone, Queryable)]
pub struct AuthenticatorRow {
    pub salt: Vec<u8>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub last_step: i64,
}

/// The asker's authenticator app.
pub fn authenticator(reader: &mut Reader) -> Result<Option<AuthenticatorRow>> {
    let row = authenticator::table.find(reader.ctx.person.uuid());
    let row = row.select((authenticator::salt, authenticator::confirmed_at, authenticator::last_step));
    Ok(row.first(reader.conn).optional()?)
}

/// Begins an authenticator app anew.
pub fn begin_authenticator(tx: &mut Tx, salt: &[u8]) -> Result<()> {
    let me = tx.ctx.person.uuid();
    diesel::delete(authenticator::table.find(me)).execute(tx.conn)?;
    let row = (authenticator::person_id.eq(me), authenticator::salt.eq(salt));
    diesel::insert_into(authenticator::table).values(row).execute(tx.conn)?;
    Ok(())
}

/// Takes a code's step of time, unless it or a later one was taken.
pub fn take_step(tx: &mut Tx, step: i64) -> Result<bool> {
    let mine = authenticator::table.find(tx.ctx.person.uuid());
    let taken = diesel::update(mine.filter(authenticator::last_step.lt(step)));
    Ok(taken.set(authenticator::last_step.eq(step)).execute(tx.conn)? == 1)
}

/// The authenticator app works.
pub fn confirm_authenticator(tx: &mut Tx) -> Result<()> {
    let (mine, now) = (authenticator::table.find(tx.ctx.person.uuid()), tx.now);
    diesel::update(mine).set(authenticator::confirmed_at.eq(now)).execute(tx.conn)?;
    Ok(())
}

/// Takes the authenticator app away; false when there was none.
pub fn remove_authenticator(tx: &mut Tx) -> Result<bool> {
    Ok(diesel::delete(authenticator::table.find(tx.ctx.person.uuid())).execute(tx.conn)? == 1)
}

/// A passkey of the asker.
#[derive(Debug, Clone, Queryable)]
pub struct PasskeyRow {
    pub id: Uuid,
    pub credential_id: String,
    pub public_key: String,
    pub sign_count: i64,
    pub name: String,
    pub created_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
}

impl PasskeyRow {
    /// As its owner sees it.
    #[must_use]
    pub fn shown(self) -> Passkey {
        let Self { id, name, created_at, last_used_at, .. } = self;
        Passkey { id: id.into(), name, created_at, last_used_at }
    }
}

/// The asker's passkeys, the first first.
pub fn passkeys(reader: &mut Reader) -> Result<Vec<PasskeyRow>> {
    let mine = passkey::table.filter(passkey::person_id.eq(reader.ctx.person.uuid()));
    let rows = mine.filter(passkey::removed_at.is_null()).order(passkey::id).select((
        passkey::id,
        passkey::credential_id,
        passkey::public_key,
        passkey::sign_count,
        passkey::name,
        passkey::created_at,
        passkey::last_used_at,
    ));
    Ok(rows.load(reader.conn)?)
}

/// A passkey of the asker, as the authenticator calls it.
pub fn passkey(reader: &mut Reader, credential_id: &str) -> Result<Option<PasskeyRow>> {
    Ok(passkeys(reader)?.into_iter().find(|known| known.credential_id == credential_id))
}

/// Keeps a passkey; false when it is kept already.
pub fn insert_passkey(tx: &mut Tx, row: &PasskeyRow) -> Result<bool> {
    let values = (
        passkey::id.eq(row.id),
        passkey::person_id.eq(tx.ctx.person.uuid()),
        passkey::credential_id.eq(&row.credential_id),
        passkey::public_key.eq(&row.public_key),
        passkey::sign_count.eq(row.sign_count),
        passkey::name.eq(&row.name),
        passkey::created_at.eq(row.created_at),
    );
    Ok(diesel::insert_into(passkey::table).values(values).on_conflict_do_nothing().execute(tx.conn)? == 1)
}

/// Gives a passkey up.
pub fn remove_passkey(tx: &mut Tx, id: PasskeyId) -> Result<bool> {
    let (mine, now) = (passkey::table.find(id.uuid()).filter(passkey::removed_at.is_null()), tx.now);
    Ok(diesel::update(mine).set(passkey::removed_at.eq(now)).execute(tx.conn)? == 1)
}

/// Moves a passkey's counter on; false when another signature did so meanwhile, or it was given up.
pub fn count_passkey(tx: &mut Tx, known: &PasskeyRow, count: i64) -> Result<bool> {
    let mine = passkey::table.find(known.id).filter(passkey::removed_at.is_null());
    let mine = mine.filter(passkey::sign_count.eq(known.sign_count));
    let now = tx.now;
    let moved = diesel::update(mine).set((passkey::sign_count.eq(count), passkey::last_used_at.eq(now)));
    Ok(moved.execute(tx.conn)? == 1)
}

/// Whether the organisation's record tells of a passkey.
pub fn is_introduced(reader: &mut Reader, id: Uuid) -> Result<bool> {
    let row = signing_key::table.find((reader.org(), id));
    Ok(diesel::select(diesel::dsl::exists(row)).get_result(reader.conn)?)
}

/// Notes a passkey for the organisation.
pub fn introduce(tx: &mut Tx, row: &PasskeyRow) -> Result<()> {
    let values = (
        signing_key::org_id.eq(tx.org()),
        signing_key::passkey_id.eq(row.id),
        signing_key::person_id.eq(tx.ctx.person.uuid()),
        signing_key::credential_id.eq(&row.credential_id),
        signing_key::public_key.eq(&row.public_key),
        signing_key::since.eq(tx.now),
    );
    diesel::insert_into(signing_key::table).values(values).execute(tx.conn)?;
    Ok(())
}

/// What a request is for.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    /// To sign.
    Sign,
    /// To make a passkey.
    Create,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Create => "create",
        }
    }
}

/// A request that can still be used.
#[derive(Debug, Clone, Queryable)]
pub struct RequestRow {
    pub id: Uuid,
    pub nonce: String,
    pub challenge: String,
}

/// The asker's request.
pub fn request(reader: &mut Reader, id: SigningRequestId, purpose: Purpose) -> Result<Option<RequestRow>> {
    let row = signing_request::table
        .find((reader.org(), id.uuid()))
        .filter(signing_request::person_id.eq(reader.ctx.person.uuid()))
        .filter(signing_request::purpose.eq(purpose.as_str()))
        .filter(signing_request::expires_at.gt(reader.now))
        .select((signing_request::id, signing_request::nonce, signing_request::challenge));
    Ok(row.first(reader.conn).optional()?)
}

/// Uses a request up; false when somebody did before.
pub fn use_up(tx: &mut Tx, id: SigningRequestId) -> Result<bool> {
    let row = signing_request::table.find((tx.org(), id.uuid()));
    Ok(diesel::delete(row).execute(tx.conn)? == 1)
}

/// Keeps a request; the asker's requests that ran out go.
pub fn insert_request(tx: &mut Tx, row: &RequestRow, (purpose, expires_at): (Purpose, DateTime<Utc>)) -> Result<()> {
    let (me, now) = (tx.ctx.person.uuid(), tx.now);
    let mine = signing_request::table.filter(signing_request::org_id.eq(tx.org()));
    let mine = mine.filter(signing_request::person_id.eq(me)).filter(signing_request::expires_at.le(now));
    diesel::delete(mine).execute(tx.conn)?;
    let values = (
        signing_request::org_id.eq(tx.org()),
        signing_request::id.eq(row.id),
        signing_request::person_id.eq(me),
        signing_request::purpose.eq(purpose.as_str()),
        signing_request::nonce.eq(&row.nonce),
        signing_request::challenge.eq(&row.challenge),
        signing_request::expires_at.eq(expires_at),
    );
    diesel::insert_into(signing_request::table).values(values).execute(tx.conn)?;
    Ok(())
}

/// Times of the asker's failures since a time, the newest first.
pub fn failures_since(reader: &mut Reader, since: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>> {
    let mine = signing_failure::table.filter(signing_failure::org_id.eq(reader.org()));
    let mine = mine.filter(signing_failure::person_id.eq(reader.ctx.person.uuid()));
    let recent = mine.filter(signing_failure::at.gt(since)).order(signing_failure::at.desc()).limit(100);
    Ok(recent.select(signing_failure::at).load(reader.conn)?)
}

/// Notes a failure.
pub fn insert_failure(tx: &mut Tx, method: SigningMethod, cause: SigningFault) -> Result<()> {
    let values = (
        signing_failure::org_id.eq(tx.org()),
        signing_failure::id.eq(Uuid::now_v7()),
        signing_failure::person_id.eq(tx.ctx.person.uuid()),
        signing_failure::at.eq(tx.now),
        signing_failure::method.eq(method.as_str()),
        signing_failure::cause.eq(cause.as_str()),
    );
    diesel::insert_into(signing_failure::table).values(values).execute(tx.conn)?;
    Ok(())
}

/// A document as it is to be signed.
#[derive(Debug, Clone, QueryableByName)]
pub struct SignableRow {
    #[diesel(sql_type = Integer)]
    pub version_number: i32,
    #[diesel(sql_type = Jsonb)]
    pub content: Value,
}

/// The version of a document that waits to be approved, as the maker's people sign it, or those of a subcontractor, who
/// see their own company's files alone.
pub fn signable(
    reader: &mut Reader,
    document: &DocumentRef,
    partner: Option<PartnerId>,
) -> Result<Option<SignableRow>> {
    let row = diesel::sql_query(
        "SELECT version_number, CASE WHEN $3::uuid IS NULL THEN content
            ELSE (content - 'attachments'::text) || signable_files(org_id, kind, id, $3) END AS content
         FROM signable_view
         WHERE org_id = current_org() AND kind = $1 AND id = $2 AND waiting ORDER BY version_number DESC LIMIT 1",
    );
    let row = row.bind::<Text, _>(document.kind.as_str()).bind::<SqlUuid, _>(document.id);
    let row = row.bind::<Nullable<SqlUuid>, _>(partner.map(PartnerId::uuid));
    Ok(row.cached().get_result(reader.conn).optional()?)
}

/// A signature that is given.
pub struct NewSignature<'a> {
    pub id: SignatureId,
    pub row: &'a super::service::Signing<'a>,
    pub record_version: i32,
    pub record_digest: &'a str,
    pub printed_name: &'a str,
    pub zone: &'a str,
    pub method: SigningMethod,
    pub passkey: Option<Uuid>,
    pub digest: &'a str,
}

/// Writes a signature.
pub fn insert_signature(tx: &mut Tx, new: &NewSignature) -> Result<()> {
    let signing = new.row;
    let values = (
        (
            signature::org_id.eq(tx.org()),
            signature::id.eq(new.id.uuid()),
            signature::approval_id.eq(signing.approval.uuid()),
            signature::document_kind.eq(signing.document.kind.as_str()),
            signature::document_id.eq(signing.document.id),
            signature::document_number.eq(&signing.document.number),
            signature::record_version.eq(new.record_version),
            signature::record_digest.eq(new.record_digest),
            signature::step.eq(signing.step),
            signature::decision.eq(signing.decision.as_str()),
            signature::meaning.eq(signing.meaning.as_str()),
        ),
        (
            signature::person_id.eq(tx.ctx.person.uuid()),
            signature::printed_name.eq(new.printed_name),
            signature::in_place_of.eq(signing.in_place_of.map(PersonId::uuid)),
            signature::partner_id.eq(signing.partner.map(PartnerId::uuid)),
            signature::signed_at.eq(tx.now),
            signature::zone.eq(new.zone),
            signature::method.eq(new.method.as_str()),
            signature::passkey_id.eq(new.passkey),
            signature::digest.eq(new.digest),
        ),
    );
    diesel::insert_into(signature::table).values(values).execute(tx.conn)?;
    Ok(())
}

/// A signature with everything that it is verified by.
#[derive(Debug, QueryableByName)]
#[diesel(table_name = signature)]
pub struct SignatureRow {
    pub id: Uuid,
    pub approval_id: Uuid,
    pub document_kind: String,
    pub document_id: Uuid,
    pub document_number: String,
    pub record_version: i32,
    pub record_digest: String,
    pub step: String,
    pub decision: String,
    pub meaning: String,
    pub person_id: Uuid,
    pub printed_name: String,
    pub in_place_of: Option<Uuid>,
    pub signed_at: DateTime<Utc>,
    pub zone: String,
    pub method: String,
    pub digest: String,
    #[diesel(embed)]
    pub evidence: Evidence,
}

/// What a signature is verified by.
#[derive(Debug, QueryableByName)]
pub struct Evidence {
    #[diesel(sql_type = Text)]
    pub approval_state: String,
    #[diesel(sql_type = Bool)]
    pub latest: bool,
    #[diesel(sql_type = Nullable<Text>)]
    pub in_place_of_name: Option<String>,
    #[diesel(sql_type = Nullable<Bytea>)]
    pub canonical_bytes: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Bytea>)]
    pub leaf_hash: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub key_owner: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    pub credential_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub public_key: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub content: Option<Value>,
}

/// Which signatures.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// Of a document.
    Document(DocumentKind, Uuid),
    /// Of an approval.
    Approval(ApprovalId),
}

/// Signatures with their evidence, the first first.
pub fn signatures(reader: &mut Reader, of: Of) -> Result<Vec<SignatureRow>> {
    let (kind, document, approval) = match of {
        Of::Document(kind, id) => (Some(kind.as_str()), Some(id), None),
        Of::Approval(id) => (None, None, Some(id.uuid())),
    };
    let rows = diesel::sql_query(
        "SELECT * FROM signature_evidence_view WHERE org_id = current_org()
            AND (approval_id = $1 OR (document_kind, document_id) = ($2, $3)) ORDER BY id",
    );
    let rows = rows.bind::<Nullable<SqlUuid>, _>(approval).bind::<Nullable<Text>, _>(kind);
    Ok(rows.bind::<Nullable<SqlUuid>, _>(document).cached().get_results(reader.conn)?)
}

/// Takes the name of a person who is erased from under their signatures, and what they signed with.
pub fn erase(tx: &mut Tx, person: PersonId, name: &str) -> Result<()> {
    let theirs = signature::table.filter(signature::org_id.eq(tx.org())).filter(signature::person_id.eq(person.uuid()));
    diesel::update(theirs).set(signature::printed_name.eq(name)).execute(tx.conn)?;
    diesel::sql_query(
        "WITH gone AS (DELETE FROM authenticator WHERE person_id = $1)
         UPDATE passkey SET name = '', removed_at = coalesce(removed_at, $2) WHERE person_id = $1",
    )
    .bind::<SqlUuid, _>(person.uuid())
    .bind::<Timestamptz, _>(tx.now)
    .execute(tx.conn)?;
    Ok(())
}
