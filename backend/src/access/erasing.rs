//! Erasing a person who left (GDPR article 17, PIPL article 47; R78). What they did stays recorded under their identifier;
//! who that was is known nowhere any more.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use lotline_common::access::{Member, MemberErasure};
use lotline_common::audit::{AggregateKind, AuditAction};
use lotline_common::id::{MembershipId, PersonId};
use lotline_common::locale::Locale;
use uuid::Uuid;

use super::members::member_read;
use super::{password, rules, store};
use crate::audit::{self, Event};
use crate::db::{Tx, check_version};
use crate::error::Result;
use crate::mail::outbox;
use crate::schema::{login_attempt, membership, person, session};
use crate::signing;

/// Erases what is kept of a person who no longer works here: name, login and e-mail address with the account, sessions and
/// attempts to sign in, and what this organisation's record tells of them. Another maker for whom they worked erases its own record.
///
/// # Errors
/// `version_stale`, `person_erased`, `membership_active`, `person_of_other`, `fields_invalid`.
pub fn member_erase(tx: &mut Tx, id: MembershipId, version: i64, command: &MemberErasure) -> Result<Member> {
    let row = membership::table.find((tx.org(), id.uuid())).select(membership::person_id).for_update();
    let person: PersonId = row.first::<Uuid>(tx.conn)?.into();
    let before = member_read(tx, id)?;
    check_version(before.version, version)?;
    let account =
        person::table.find(person.uuid()).select((person::home_organisation_id, person::erased_at.is_not_null()));
    let (home, neutral): (Uuid, bool) = account.for_update().first(tx.conn)?;
    let asker = tx.ctx.person;
    let leaver = rules::Leaver {
        member: &before,
        active: before.active || store::is_active_anywhere(tx.conn, person, asker)?,
        own: home == tx.org() || neutral,
    };
    rules::check_erasure(&leaver, &command.reason)?;
    forget_answers(tx, &before)?;
    if !neutral {
        neutralise(tx, person, &before.person.login)?;
    }
    signing::erase(tx, person, &rules::neutral_name(person))?;
    outbox::forget(tx, person)?;
    let erased = audit::erase(tx, person)?;
    diesel::update(membership::table.find((tx.org(), id.uuid())))
        .set((membership::erased_at.eq(tx.now), membership::version.eq(membership::version + 1)))
        .execute(tx.conn)?;
    let event = Event::new(AggregateKind::Member, id, AuditAction::Erased).reason(&command.reason);
    audit::append(tx, event.details(serde_json::json!({ "erased_values": erased })))?;
    member_read(tx, id)
}

/// Leaves an account that nobody can sign in with, under a name that tells of nobody.
fn neutralise(tx: &mut Tx, id: PersonId, login: &str) -> Result<()> {
    let hash = password::hash(&hex::encode(rand::random::<[u8; 32]>()))?;
    diesel::update(person::table.find(id.uuid()))
        .set((
            person::login.eq(rules::neutral_login(id)),
            person::display_name.eq(rules::neutral_name(id)),
            person::password_hash.eq(hash),
            person::active.eq(false),
            person::locale.eq(Locale::default().as_str()),
            person::email.eq(None::<String>),
            person::mail_notices.eq(false),
            person::erased_at.eq(tx.now),
            person::version.eq(person::version + 1),
        ))
        .execute(tx.conn)?;
    diesel::delete(session::table.filter(session::person_id.eq(id.uuid()))).execute(tx.conn)?;
    diesel::delete(login_attempt::table.filter(login_attempt::login.eq(login))).execute(tx.conn)?;
    Ok(())
}

/// Answers are kept for requests that are repeated, and some of them name the person, also to others.
fn forget_answers(tx: &mut Tx, member: &Member) -> Result<()> {
    let id = member.person.id;
    let field = |name: &str, value: &str| format!("\"{name}\": {}", serde_json::Value::from(value));
    tx.conn.batch_execute("SET LOCAL app.erasing = 'on'")?;
    diesel::sql_query(
        "UPDATE idempotency_key SET answer = replace(replace(answer::text, $2, $3), $4, $5)::jsonb
         WHERE org_id = current_org() AND strpos(answer::text, $1::text) > 0",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .bind::<Text, _>(field("display_name", &member.person.display_name))
    .bind::<Text, _>(field("display_name", &rules::neutral_name(id)))
    .bind::<Text, _>(field("login", &member.person.login))
    .bind::<Text, _>(field("login", &rules::neutral_login(id)))
    .execute(tx.conn)?;
    tx.conn.batch_execute("SET LOCAL app.erasing = ''")?;
    Ok(())
}
