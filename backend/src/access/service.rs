//! Signing in and out, switching organisation, the own password.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Uuid as SqlUuid};
use lotline_common::access::{
    OrganisationRef, PasswordChange, Person, PersonPreferences, Session, SessionCreate, SessionStarted, SessionSummary,
};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{OrganisationId, PartnerId, PersonId, RequestId, SessionId};
use lotline_common::locale::Locale;
use lotline_common::page::Page;
use lotline_common::permission::Permission;
use lotline_common::problem::{ProblemCode, Refusal};
use serde_json::json;
use uuid::Uuid;

use super::store::{self, NewSession};
use super::{password, rules};
use crate::audit;
use crate::db::cached::PreparedOnce as _;
use crate::db::list::{Body, Count};
use crate::db::{Db, OpCtx, Reader, Tx};
use crate::error::{Error, Result};
use crate::http::token::{Claims, TokenKey};
use crate::schema::person;

/// How stale `last_seen_at` may become before it is written again.
const TOUCH_AFTER: TimeDelta = TimeDelta::minutes(1);

/// What is known of a client that signs in.
#[derive(Debug, Clone)]
pub struct Client {
    /// Network address.
    pub address: String,
    /// What it calls itself.
    pub user_agent: String,
    /// Language it asks for.
    pub locale: Locale,
}

/// Someone who is known, but not yet where: sees only their own memberships.
pub fn nowhere(person: PersonId, locale: Locale) -> OpCtx {
    OpCtx {
        org: OrganisationId(Uuid::nil()),
        person,
        partner: None,
        permissions: Arc::default(),
        password_due: false,
        locale,
        request: RequestId::new(),
    }
}

/// Who a token's bearer is, as long as the session stands (R38).
///
/// # Errors
/// `not_signed_in`.
pub fn session_context(db: &Db, claims: &Claims, locale: Locale, request: RequestId) -> Result<OpCtx> {
    let mut ctx = OpCtx { org: claims.org, request, ..nowhere(claims.sub, locale) };
    let named = store::Named { session: claims.jti, person: claims.sub, organisation: claims.org };
    let now = db.now();
    let standing =
        db.statement(|connection, now| store::standing(connection, &named, now - rules::SESSION_IDLE, now))?;
    let standing = standing.ok_or_else(|| Error::refused(ProblemCode::NotSignedIn))?;
    if standing.last_seen_at < now - TOUCH_AFTER {
        db.global(|connection, now| Ok(store::touch(connection, claims.jti, now)?))?;
    }
    ctx.partner = standing.partner_id.map(Into::into);
    ctx.password_due = standing.must_change_password;
    if !ctx.password_due {
        let permissions: BTreeSet<_> = standing.permissions.iter().filter_map(|name| name.parse().ok()).collect();
        ctx.permissions = Arc::new(permissions);
    }
    Ok(ctx)
}

/// A member of the maker as the command line names one, with the rights of their roles.
///
/// # Errors
/// `not_found` when there is no such active member.
pub fn member_context(db: &Db, organisation: &str, login: &str) -> Result<OpCtx> {
    db.global(|connection, _| {
        let person = store::person_by_login(connection, login)?.filter(|person| person.active);
        let person = person.ok_or_else(|| Error::refused(ProblemCode::NotFound))?;
        let (org, rights) = store::member_rights(connection, person.id.into(), organisation)?;
        let permissions = Arc::new(rights.iter().filter_map(|name| name.parse().ok()).collect());
        Ok(OpCtx { org, permissions, ..nowhere(person.id.into(), Locale::default()) })
    })
}

/// Whether the asker still works for whom they ask, and has a right there.
///
/// # Errors
/// Those of the database.
pub fn may_still(reader: &mut Reader, right: Permission) -> Result<bool> {
    let (person, partner) = (reader.ctx.person, reader.ctx.partner);
    reader.with_makers_sight(|reader| {
        let known = diesel::sql_query(
            "SELECT count(*) AS count FROM flow_person_view
             WHERE org_id = current_org() AND id = $1 AND partner_id IS NOT DISTINCT FROM $2 AND permissions ? $3",
        );
        let known = known.bind::<SqlUuid, _>(person.uuid()).bind::<Nullable<SqlUuid>, _>(partner.map(PartnerId::uuid));
        Ok(known.bind::<Text, _>(right.as_str()).cached().get_result::<Count>(reader.conn)?.count > 0)
    })
}

/// Signs in.
///
/// # Errors
/// `sign_in_throttled`, `credentials_wrong`, `membership_missing`.
pub fn session_create(db: &Db, key: &TokenKey, command: &SessionCreate, client: &Client) -> Result<SessionStarted> {
    let login = command.login.trim().to_lowercase();
    if login.contains('\0') || login.chars().count() > 64 || command.password.len() > 512 {
        return Err(Error::refused(ProblemCode::CredentialsWrong));
    }
    let found = db.global(|connection, now| {
        rules::check_attempts(&store::attempts(connection, &login, &client.address, now)?, now)?;
        Ok(store::person_by_login(connection, &login)?)
    })?;
    let person =
        found.filter(|person| password::verify(&command.password, Some(&person.password_hash)) && person.active);
    db.global(|connection, now| {
        Ok(store::record_attempt(connection, &login, &client.address, (person.is_some(), now))?)
    })?;
    let Some(person) = person else {
        tracing::warn!(%login, address = %client.address, "sign-in failed");
        return Err(Error::refused(ProblemCode::CredentialsWrong));
    };
    let organisation = choose_organisation(db, person.id.into(), command.organisation.as_deref())?;
    session_begin(db, key, (person.id.into(), organisation), client)
}

/// Begins a session in another organisation and ends the one before.
///
/// # Errors
/// `membership_missing`.
pub fn session_switch(
    db: &Db,
    key: &TokenKey,
    ctx: &OpCtx,
    switch: (&str, SessionId, &Client),
) -> Result<SessionStarted> {
    let (code, session, client) = switch;
    let organisation = choose_organisation(db, ctx.person, Some(code))?;
    let started = session_begin(db, key, (ctx.person, organisation), client)?;
    session_revoke(db, ctx, session)?;
    Ok(started)
}

fn choose_organisation(db: &Db, person: PersonId, code: Option<&str>) -> Result<OrganisationId> {
    let mut known = db.read(&nowhere(person, Locale::default()), organisations)?;
    for organisation in std::mem::take(&mut known) {
        let there = OpCtx { org: organisation.id, ..nowhere(person, Locale::default()) };
        if db.read(&there, |reader| Ok(store::may_enter(reader.conn)?))? {
            known.push(organisation);
        }
    }
    let last = match code {
        Some(_) => None,
        None => db.global(|connection, _| Ok(store::last_organisation(connection, person)?))?,
    };
    let chosen = match code {
        Some(code) => known.iter().find(|organisation| organisation.code == code),
        None => known.iter().find(|organisation| Some(organisation.id.uuid()) == last).or_else(|| known.first()),
    };
    chosen.map(|organisation| organisation.id).ok_or_else(|| Error::refused(ProblemCode::MembershipMissing))
}

fn session_begin(db: &Db, key: &TokenKey, who: (PersonId, OrganisationId), client: &Client) -> Result<SessionStarted> {
    let (person, organisation) = who;
    let (id, now) = (SessionId::new(), db.now());
    let expires_at = now + rules::SESSION_LIFETIME;
    let row = NewSession {
        id: id.uuid(),
        person_id: person.uuid(),
        organisation_id: organisation.uuid(),
        created_at: now,
        last_seen_at: now,
        expires_at,
        user_agent: client.user_agent.chars().filter(|letter| !letter.is_control()).take(200).collect(),
        address: client.address.clone(),
    };
    db.global(|connection, _| Ok(row.insert(connection)?))?;
    let access_token = key.issue((id, person, organisation), (now, expires_at))?;
    let claims = key.read(&access_token).ok_or_else(|| anyhow::anyhow!("a token that its own key does not read"))?;
    let ctx = session_context(db, &claims, client.locale, RequestId::new())?;
    let session = db.read(&ctx, |reader| session_read(reader, id))?;
    Ok(SessionStarted { access_token, token_type: "Bearer".to_owned(), expires_at, session })
}

/// The organisations that the asker is an active member of, by code.
fn organisations(reader: &mut Reader) -> Result<Vec<OrganisationRef>> {
    let rows = diesel::sql_query(
        "SELECT to_json(o) AS body FROM organisation_view o JOIN membership m ON m.org_id = o.id
         WHERE m.person_id = current_person() AND m.active ORDER BY o.code",
    );
    Ok(Body::all(rows.load(reader.conn)?))
}

/// Who is signed in, where, and with which rights.
///
/// # Errors
/// Those of the database.
pub fn session_read(reader: &mut Reader, id: SessionId) -> Result<Session> {
    let organisations = organisations(reader)?;
    let row: Body<Session> = diesel::sql_query(
        "SELECT json_build_object('id', s.id, 'expires_at', s.expires_at,
            'person', jsonb_build_object('id', p.id, 'login', p.login, 'display_name', p.display_name,
                'locale', p.locale, 'must_change_password', p.must_change_password),
            'organisation', to_jsonb(o), 'partner', r.reference, 'permissions', '[]'::jsonb, 'organisations', '[]'::jsonb,
            'email', p.email, 'mail_notices', p.mail_notices) AS body
         FROM session s JOIN person p ON p.id = s.person_id JOIN organisation_view o ON o.id = current_org()
         LEFT JOIN partner_reference r ON (r.org_id, r.id) = (current_org(), current_partner())
         WHERE s.id = $1 AND s.person_id = current_person()",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .get_result(reader.conn)?;
    let mut session = row.body.0;
    session.permissions = reader.ctx.permissions.iter().copied().collect();
    session.organisations = organisations;
    Ok(session)
}

/// The asker's own sessions that stand, newest first.
///
/// # Errors
/// Those of the database.
pub fn session_list(reader: &mut Reader, current: SessionId) -> Result<Page<SessionSummary>> {
    let rows = diesel::sql_query(
        "SELECT json_build_object('id', id, 'current', id = $1, 'created_at', created_at, 'last_seen_at', last_seen_at,
            'expires_at', expires_at, 'user_agent', user_agent, 'address', address) AS body
         FROM session WHERE person_id = current_person() AND revoked_at IS NULL AND expires_at > current_instant()
         ORDER BY id DESC LIMIT 100",
    )
    .bind::<SqlUuid, _>(current.uuid())
    .load(reader.conn)?;
    Ok(Page { items: Body::all(rows), next: None })
}

/// Ends one of the asker's own sessions.
///
/// # Errors
/// `not_found`.
pub fn session_revoke(db: &Db, ctx: &OpCtx, id: SessionId) -> Result<()> {
    let ended = db.global(|connection, now| Ok(store::revoke(connection, id, ctx.person, now)?))?;
    if ended { Ok(()) } else { Err(Error::refused(ProblemCode::NotFound)) }
}

/// Changes the own language, and whether and where mails go. That there is an address is recorded, and never which: it goes
/// with the person.
///
/// # Errors
/// `fields_invalid`.
pub fn preferences_update(tx: &mut Tx, command: &PersonPreferences) -> Result<Person> {
    rules::check_preferences(command)?;
    let (id, email, mail_notices) = (tx.ctx.person, rules::email_given(command), command.mail_notices);
    let before = person::table.find(id.uuid()).select((person::email.is_not_null(), person::mail_notices));
    let before: (bool, bool) = before.for_update().first(tx.conn)?;
    diesel::update(person::table.find(id.uuid()))
        .set((
            person::locale.eq(command.locale.as_str()),
            person::email.eq(email),
            person::mail_notices.eq(mail_notices),
        ))
        .execute(tx.conn)?;
    let after = (email.is_some(), mail_notices);
    if before != after {
        let told =
            |(has_email, mail_notices): (bool, bool)| json!({ "has_email": has_email, "mail_notices": mail_notices });
        let event = audit::Event::new(AggregateKind::Person, id, AuditAction::Updated);
        audit::append(tx, event.change(&told(before), &told(after))?)?;
    }
    person_read(tx, id)
}

/// A person as others see them.
///
/// # Errors
/// `not_found`.
pub fn person_read(reader: &mut Reader, id: PersonId) -> Result<Person> {
    let row: Body<Person> = diesel::sql_query(
        "SELECT json_build_object('id', id, 'login', login, 'display_name', display_name, 'locale', locale,
            'must_change_password', must_change_password) AS body FROM person WHERE id = $1",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .get_result(reader.conn)?;
    Ok(row.body.0)
}

/// Changes the own password. Every other session of the person ends.
///
/// # Errors
/// `password_wrong`, `password_weak`.
pub fn password_change(tx: &mut Tx, command: &PasswordChange, session: SessionId) -> Result<()> {
    let id = tx.ctx.person;
    let stored = store::person_by_id(tx.conn, id)?;
    if !password::verify(&command.current_password, Some(&stored.password_hash)) {
        return Err(Refusal::new(ProblemCode::PasswordWrong).into());
    }
    rules::check_password(&command.new_password)?;
    let hash = password::hash(&command.new_password)?;
    store::set_password(tx.conn, id, &hash, false)?;
    store::revoke_all(tx.conn, id, None, Some(session))?;
    audit::append(tx, audit::Event::new(AggregateKind::Person, id, AuditAction::PasswordChanged))
}
