//! Organisations and people, made without ceremony.

use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Timestamptz, Uuid as SqlUuid};
use lotline::access::founding::{Founding, found_organisation};
use lotline::clock::Clock as _;
use lotline::db::{Db, OpCtx};
use lotline_common::id::{OrganisationId, PartnerId, PersonId, SessionId};
use lotline_common::permission::Permission;
use uuid::Uuid;

use super::app::TestApp;
use super::db::TestDatabase;

/// Everybody's password.
pub const PASSWORD: &str = "a password of the tests";

/// An organisation with one member for each role it begins with, and one (`everything`) with every
/// right that the maker's own people can have.
pub struct Organisation {
    /// Code.
    pub code: String,
    /// Its founder, with every right.
    pub founder: OpCtx,
}

impl Organisation {
    /// Founds it. In `acme` a member's login is the role's code; elsewhere `<organisation>.<role>`.
    pub fn found(db: &Db, database: &TestDatabase, code: &str) -> Self {
        let login = |role: &str| login_of(code, role);
        let founding = Founding {
            code: code.to_owned(),
            name: format!("{code} 医疗器械"),
            admin_login: login("admin"),
            admin_name: "管理员".to_owned(),
            password: PASSWORD.to_owned(),
            demo: false,
        };
        let founder = found_organisation(db, &founding).unwrap();
        let organisation = Self { code: code.to_owned(), founder };
        for role in ["clerk", "warehouse", "approver", "quality", "manager", "auditor"] {
            organisation.member(database, &login(role), role);
        }
        let own: Vec<_> = Permission::ALL.iter().copied().filter(|right| !right.is_portal()).collect();
        organisation.role(database, "everything", &own);
        organisation.member(database, &login("everything"), "everything");
        organisation
    }

    /// The login of the member with a role.
    pub fn login(&self, role: &str) -> String {
        login_of(&self.code, role)
    }

    /// A role with these rights.
    pub fn role(&self, database: &TestDatabase, code: &str, permissions: &[Permission]) {
        let permissions: Vec<_> = permissions.iter().map(|permission| permission.as_str()).collect();
        diesel::sql_query(
            "WITH made AS (INSERT INTO role (org_id, id, code, name_zh, name_en)
                VALUES ($1, gen_random_uuid(), $2, $2, $2) RETURNING org_id, id)
             INSERT INTO role_permission (org_id, role_id, permission)
             SELECT org_id, id, permission FROM made, unnest($3::text[]) AS permission",
        )
        .bind::<SqlUuid, _>(self.founder.org.uuid())
        .bind::<Text, _>(code)
        .bind::<diesel::sql_types::Array<Text>, _>(permissions)
        .execute(&mut database.owner())
        .unwrap();
    }

    /// A member with one role.
    pub fn member(&self, database: &TestDatabase, login: &str, role: &str) {
        self.join(database, (login, role), None);
    }

    /// A subcontractor's person, who works in the portal.
    pub fn portal_member(&self, database: &TestDatabase, login: &str, partner: Uuid) {
        self.join(database, (login, "portal"), Some(partner));
    }

    /// A member as the services see one, with every right; a subcontractor's person in the portal.
    pub fn asker(&self, database: &TestDatabase, login: &str, partner: Option<PartnerId>) -> OpCtx {
        let person: Place =
            diesel::sql_query("SELECT id AS person_id, home_organisation_id AS org_id FROM person WHERE login = $1")
                .bind::<Text, _>(login)
                .get_result(&mut database.owner())
                .unwrap_or_else(|_| panic!("nobody is called {login}"));
        let permissions = Arc::new(Permission::ALL.iter().copied().collect());
        OpCtx { person: person.person_id.into(), partner, permissions, ..self.founder.clone() }
    }

    /// Makes the person where there is none of this login, and lets them join.
    fn join(&self, database: &TestDatabase, (login, role): (&str, &str), partner: Option<Uuid>) {
        let mut owner = database.owner();
        diesel::sql_query(
            "INSERT INTO person (id, login, display_name, password_hash, home_organisation_id)
             SELECT gen_random_uuid(), $2, $2, password_hash, $3 FROM person WHERE id = $1 ON CONFLICT DO NOTHING",
        )
        .bind::<SqlUuid, _>(self.founder.person.uuid())
        .bind::<Text, _>(login)
        .bind::<SqlUuid, _>(self.founder.org.uuid())
        .execute(&mut owner)
        .unwrap();
        let joined = diesel::sql_query(
            "WITH joined AS (INSERT INTO membership (org_id, id, person_id, partner_id)
                SELECT $1, gen_random_uuid(), id, $4 FROM person WHERE login = $2 RETURNING org_id, id)
             INSERT INTO membership_role (org_id, membership_id, role_id)
             SELECT joined.org_id, joined.id, role.id FROM joined JOIN role USING (org_id) WHERE role.code = $3",
        )
        .bind::<SqlUuid, _>(self.founder.org.uuid())
        .bind::<Text, _>(login)
        .bind::<Text, _>(role)
        .bind::<Nullable<SqlUuid>, _>(partner)
        .execute(&mut owner)
        .unwrap();
        assert_eq!(joined, 1, "there is no role {role}");
    }
}

fn login_of(organisation: &str, role: &str) -> String {
    if organisation == "acme" { role.to_owned() } else { format!("{organisation}.{role}") }
}

#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = SqlUuid)]
    person_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    org_id: Uuid,
}

/// A session in the organisation that the person joined first, without the cost of a password.
pub fn begin_session(app: &TestApp, login: &str) -> (SessionId, PersonId, OrganisationId) {
    let mut owner = app.database.owner();
    let place: Place = diesel::sql_query(
        "SELECT m.person_id, m.org_id FROM membership m JOIN person p ON p.id = m.person_id
         WHERE p.login = $1 ORDER BY m.created_at LIMIT 1",
    )
    .bind::<Text, _>(login)
    .get_result(&mut owner)
    .unwrap_or_else(|_| panic!("nobody is called {login}"));
    let id = SessionId::new();
    diesel::sql_query(
        "INSERT INTO session (id, person_id, organisation_id, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $4, $4 + interval '14 hours')",
    )
    .bind::<SqlUuid, _>(id.uuid())
    .bind::<SqlUuid, _>(place.person_id)
    .bind::<SqlUuid, _>(place.org_id)
    .bind::<Timestamptz, _>(app.clock.now())
    .execute(&mut owner)
    .unwrap();
    (id, place.person_id.into(), place.org_id.into())
}
