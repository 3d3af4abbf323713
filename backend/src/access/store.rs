//! Rows of people, sessions and attempts.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use lotline_common::id::{OrganisationId, PersonId, SessionId};
use uuid::Uuid;

use super::rules::{Attempts, WINDOW};
use crate::db::cached::PreparedOnce as _;
use crate::schema::{login_attempt, person, session};

/// A person who may sign in.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = person)]
pub struct PersonRow {
    pub id: Uuid,
    pub password_hash: String,
    pub active: bool,
}

pub fn person_by_login(connection: &mut PgConnection, login: &str) -> QueryResult<Option<PersonRow>> {
    person::table.filter(person::login.eq(login)).select(PersonRow::as_select()).first(connection).optional()
}

pub fn person_by_id(connection: &mut PgConnection, id: PersonId) -> QueryResult<PersonRow> {
    person::table.find(id.uuid()).select(PersonRow::as_select()).first(connection)
}

pub fn set_password(connection: &mut PgConnection, id: PersonId, hash: &str, must_change: bool) -> QueryResult<()> {
    diesel::update(person::table.find(id.uuid()))
        .set((
            person::password_hash.eq(hash),
            person::must_change_password.eq(must_change),
            person::version.eq(person::version + 1),
        ))
        .execute(connection)
        .map(drop)
}

/// What is remembered of attempts at a login from an address.
pub fn attempts(
    connection: &mut PgConnection,
    login: &str,
    address: &str,
    now: DateTime<Utc>,
) -> QueryResult<Attempts> {
    let of_login = || login_attempt::table.filter(login_attempt::login.eq(login.to_owned()));
    let known_since = now - TimeDelta::days(90);
    let known_address: bool = diesel::select(diesel::dsl::exists(
        of_login()
            .filter(login_attempt::address.eq(address))
            .filter(login_attempt::succeeded)
            .filter(login_attempt::at.gt(known_since)),
    ))
    .get_result(connection)?;
    let failed: Vec<(String, DateTime<Utc>)> = of_login()
        .filter(login_attempt::succeeded.eq(false))
        .filter(login_attempt::at.gt(now - WINDOW))
        .order(login_attempt::at.desc())
        .limit(1_000)
        .select((login_attempt::address, login_attempt::at))
        .load(connection)?;
    let failed_here = failed.iter().filter(|(from, _)| from == address).map(|(_, at)| *at).collect();
    Ok(Attempts { failed_here, failed_anywhere: failed.len(), known_address })
}

pub fn record_attempt(
    connection: &mut PgConnection,
    login: &str,
    address: &str,
    attempt: (bool, DateTime<Utc>),
) -> QueryResult<()> {
    let (succeeded, at) = attempt;
    diesel::insert_into(login_attempt::table)
        .values((
            login_attempt::id.eq(Uuid::now_v7()),
            login_attempt::login.eq(login),
            login_attempt::address.eq(address),
            login_attempt::succeeded.eq(succeeded),
            login_attempt::at.eq(at),
        ))
        .execute(connection)
        .map(drop)
}

#[derive(QueryableByName)]
struct PortalOnly {
    #[diesel(sql_type = Bool)]
    portal_only: bool,
}

/// Whether a person is a member for subcontractors only, whatever maker they serve. Memberships
/// elsewhere stand behind the wall, so the question is asked from where the person stands.
pub fn is_portal_only(connection: &mut PgConnection, person: PersonId, asker: PersonId) -> QueryResult<bool> {
    stand_as(connection, person)?;
    let answer: PortalOnly = diesel::sql_query(
        "SELECT coalesce(bool_and(partner_id IS NOT NULL), false) AS portal_only FROM membership
         WHERE person_id = current_person()",
    )
    .get_result(connection)?;
    stand_as(connection, asker)?;
    Ok(answer.portal_only)
}

/// Whether a person may work for any maker. Asked from where the person stands, as above.
pub fn is_active_anywhere(connection: &mut PgConnection, person: PersonId, asker: PersonId) -> QueryResult<bool> {
    stand_as(connection, person)?;
    let active =
        diesel::dsl::sql::<Bool>("EXISTS (SELECT FROM membership WHERE person_id = current_person() AND active)");
    let active = diesel::select(active).get_result(connection)?;
    stand_as(connection, asker)?;
    Ok(active)
}

fn stand_as(connection: &mut PgConnection, person: PersonId) -> QueryResult<()> {
    let statement = diesel::sql_query("SELECT set_config('app.person', $1, true)");
    statement.bind::<Text, _>(person.to_string()).execute(connection).map(drop)
}

/// A session to be begun.
#[derive(Insertable)]
#[diesel(table_name = session)]
pub struct NewSession {
    pub id: Uuid,
    pub person_id: Uuid,
    pub organisation_id: Uuid,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub user_agent: String,
    pub address: String,
}

impl NewSession {
    pub fn insert(&self, connection: &mut PgConnection) -> QueryResult<()> {
        diesel::insert_into(session::table).values(self).execute(connection).map(drop)
    }
}

/// The organisation of a person's last session.
pub fn last_organisation(connection: &mut PgConnection, id: PersonId) -> QueryResult<Option<Uuid>> {
    session::table
        .filter(session::person_id.eq(id.uuid()))
        .order(session::id.desc())
        .select(session::organisation_id)
        .first(connection)
        .optional()
}

/// Ends one of a person's sessions. Answers whether there was one to end.
pub fn revoke(connection: &mut PgConnection, id: SessionId, person: PersonId, now: DateTime<Utc>) -> QueryResult<bool> {
    let ended = diesel::update(session::table.find(id.uuid()))
        .filter(session::person_id.eq(person.uuid()))
        .filter(session::revoked_at.is_null())
        .set(session::revoked_at.eq(now))
        .execute(connection)?;
    Ok(ended > 0)
}

/// Ends a person's sessions: all, those of one organisation, or all but one.
pub fn revoke_all(
    connection: &mut PgConnection,
    person: PersonId,
    organisation: Option<Uuid>,
    except: Option<SessionId>,
) -> QueryResult<()> {
    diesel::sql_query(
        "UPDATE session SET revoked_at = clock_timestamp() WHERE person_id = $1 AND revoked_at IS NULL
         AND ($2 IS NULL OR organisation_id = $2) AND ($3 IS NULL OR id <> $3)",
    )
    .bind::<SqlUuid, _>(person.uuid())
    .bind::<Nullable<SqlUuid>, _>(organisation)
    .bind::<Nullable<SqlUuid>, _>(except.map(SessionId::uuid))
    .execute(connection)
    .map(drop)
}

pub fn touch(connection: &mut PgConnection, id: SessionId, now: DateTime<Utc>) -> QueryResult<()> {
    diesel::update(session::table.find(id.uuid())).set(session::last_seen_at.eq(now)).execute(connection).map(drop)
}

/// Whether the asker's membership here stands: of our own people, or of a partner that is in use.
pub fn may_enter(connection: &mut PgConnection) -> QueryResult<bool> {
    let enters = diesel::dsl::sql::<Bool>(
        "EXISTS (SELECT FROM membership m LEFT JOIN partner p ON (p.org_id, p.id) = (m.org_id, m.partner_id)
            WHERE m.org_id = current_org() AND m.person_id = current_person() AND m.active AND coalesce(p.active, true))",
    );
    diesel::select(enters).get_result(connection)
}

/// A session that stands, with the rights it gives.
#[derive(QueryableByName)]
pub struct Standing {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub partner_id: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    pub last_seen_at: DateTime<Utc>,
    #[diesel(sql_type = Array<Text>)]
    pub permissions: Vec<String>,
    #[diesel(sql_type = Bool)]
    pub must_change_password: bool,
}

/// A session as its token names it.
pub struct Named {
    pub session: SessionId,
    pub person: PersonId,
    pub organisation: OrganisationId,
}

/// The session, if it, the person, the membership and the partner still stand. One statement in a transaction of its own.
pub fn standing(
    connection: &mut PgConnection,
    named: &Named,
    seen_after: DateTime<Utc>,
    now: DateTime<Utc>,
) -> QueryResult<Option<Standing>> {
    diesel::sql_query("SELECT * FROM session_standing($1, $2, $3, $4, $5)")
        .bind::<SqlUuid, _>(named.session.uuid())
        .bind::<SqlUuid, _>(named.person.uuid())
        .bind::<SqlUuid, _>(named.organisation.uuid())
        .bind::<Timestamptz, _>(seen_after)
        .bind::<Timestamptz, _>(now)
        .cached()
        .get_result(connection)
        .optional()
}

#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
struct Rights {
    #[diesel(sql_type = Array<Text>)]
    permissions: Vec<String>,
}

/// The organisation of a code in which a person is one of the maker's own people, and their rights there.
pub fn member_rights(
    connection: &mut PgConnection,
    person: PersonId,
    code: &str,
) -> QueryResult<(OrganisationId, Vec<String>)> {
    connection.batch_execute(&format!("SET LOCAL app.person = '{person}'"))?;
    let place: Place = diesel::sql_query(
        "SELECT o.id FROM organisation o JOIN membership m ON m.org_id = o.id
         WHERE o.code = $1 AND m.person_id = current_person() AND m.active AND m.partner_id IS NULL",
    )
    .bind::<Text, _>(code)
    .get_result(connection)?;
    connection.batch_execute(&format!("SET LOCAL app.org = '{}'", place.id))?;
    let rights: Rights = diesel::sql_query(
        "SELECT ARRAY(SELECT DISTINCT p.permission FROM membership m
            JOIN membership_role r ON (r.org_id, r.membership_id) = (m.org_id, m.id)
            JOIN role_permission p ON (p.org_id, p.role_id) = (r.org_id, r.role_id)
            WHERE m.org_id = current_org() AND m.person_id = current_person()) AS permissions",
    )
    .get_result(connection)?;
    Ok((place.id.into(), rights.permissions))
}
