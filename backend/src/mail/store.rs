//! Rows of mails.

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamptz, Uuid as SqlUuid};
use lotline_common::id::{ApprovalId, MailId, PersonId};
use lotline_common::mail::{MailFault, MailKind};
use lotline_common::permission::Permission;
use uuid::Uuid;

use super::rules::{End, Letter};
use crate::db::cached::PreparedOnce as _;
use crate::db::{Reader, Tx, list};
use crate::error::Result;
use crate::schema::{mail, person};

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// The maker's people who may name who decides.
pub fn administrators(reader: &mut Reader) -> Result<Vec<PersonId>> {
    let rows = diesel::sql_query(
        "SELECT id FROM flow_person_view WHERE org_id = current_org() AND partner_id IS NULL AND permissions ? $1",
    );
    let rows = rows.bind::<Text, _>(Permission::AccessEdit.as_str());
    let rows: Vec<Named> = rows.cached().get_results(reader.conn)?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Those of these people who want mails, and have an address.
pub fn reachable(reader: &mut Reader, people: impl Iterator<Item = PersonId>) -> Result<Vec<PersonId>> {
    let ids: Vec<Uuid> = people.map(PersonId::uuid).collect();
    let wanting = person::table.filter(person::id.eq_any(ids)).filter(person::mail_notices);
    let wanting = wanting.filter(person::email.is_not_null()).order(person::id).select(person::id);
    let ids: Vec<Uuid> = wanting.load(reader.conn)?;
    Ok(ids.into_iter().map(PersonId).collect())
}

/// Writes mails that are to be sent at once.
pub fn insert(tx: &mut Tx, approval: ApprovalId, people: &[(PersonId, MailKind)]) -> Result<()> {
    let (org, now) = (tx.org(), tx.now);
    let rows = people.iter().map(|(person, kind)| {
        (
            mail::org_id.eq(org),
            mail::id.eq(MailId::new().uuid()),
            mail::person_id.eq(person.uuid()),
            mail::approval_id.eq(approval.uuid()),
            mail::kind.eq(kind.as_str()),
            mail::created_at.eq(now),
            mail::next_try_at.eq(now),
        )
    });
    let rows: Vec<_> = rows.collect();
    diesel::insert_into(mail::table).values(&rows).execute(tx.conn)?;
    Ok(())
}

/// A mail that was taken to be sent.
#[derive(Debug, Clone, QueryableByName)]
pub struct Claimed {
    #[diesel(sql_type = SqlUuid)]
    pub org_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub person_id: Uuid,
}

/// Takes the mail of any organisation that has been due longest, and keeps it from others until then.
pub fn claim(connection: &mut PgConnection, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<Option<Claimed>> {
    connection.batch_execute("SET LOCAL app.org = ''; SET LOCAL app.mailing = 'on'")?;
    let claimed = diesel::sql_query(
        "UPDATE mail SET tries = tries + 1, next_try_at = $2
         WHERE (org_id, id) = (SELECT org_id, id FROM mail WHERE next_try_at <= $1
            ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING org_id, id, person_id",
    );
    let claimed = claimed.bind::<Timestamptz, _>(now).bind::<Timestamptz, _>(until);
    Ok(claimed.cached().get_result(connection).optional()?)
}

/// A mail with what has to be known to send it.
pub fn letter(reader: &mut Reader, id: MailId) -> Result<Letter> {
    list::one(reader, "mail_letter_view", id)
}

/// Writes down what becomes of a mail, unless it was given up meanwhile.
pub fn end(tx: &mut Tx, id: MailId, end: &End) -> Result<()> {
    let now = tx.now;
    let (next_try_at, sent_at, fault, last_error) = match end {
        End::Sent => (None, Some(now), None, ""),
        End::Again(at, said) => (Some(*at), None, None, said.as_str()),
        End::GivenUp(fault, said) => (None, None, Some(fault.as_str()), said.as_str()),
    };
    let row = mail::table.find((tx.org(), id.uuid())).filter(mail::next_try_at.is_not_null());
    diesel::update(row)
        .set((
            mail::next_try_at.eq(next_try_at),
            mail::sent_at.eq(sent_at),
            mail::given_up_at.eq(fault.map(|_| now)),
            mail::fault.eq(fault),
            mail::last_error.eq(last_error),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Gives up what waits to be sent to a person who is erased, and what mail servers said of them.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    let (org, now) = (tx.org(), tx.now);
    let theirs = || mail::table.filter(mail::org_id.eq(org)).filter(mail::person_id.eq(person.uuid()));
    diesel::update(theirs()).set(mail::last_error.eq("")).execute(tx.conn)?;
    diesel::update(theirs().filter(mail::next_try_at.is_not_null()))
        .set((
            mail::next_try_at.eq(None::<DateTime<Utc>>),
            mail::given_up_at.eq(now),
            mail::fault.eq(MailFault::NoAddress.as_str()),
        ))
        .execute(tx.conn)?;
    Ok(())
}
