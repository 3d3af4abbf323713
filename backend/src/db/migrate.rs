//! Bringing a database to this program's schema, as its owner; and stepping down to the app's role.

use anyhow::Context as _;
use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::r2d2::{CustomizeConnection, Error as PoolError};
use diesel::sql_types::{Bool, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations");
const CLEAR: &str = include_str!("replaceable_drop.sql");
const REPLACEABLE: &str = include_str!("replaceable.sql");

/// The role that the server works as: no owner, no superuser, no way past row-level security.
pub const APP_ROLE: &str = "lotline_app";

/// Two servers that start at once migrate one after the other.
const MIGRATION_LOCK: i64 = 0x004c_6f74_6c69_6e65;

/// Brings the database at `owner_url` to this program's schema.
///
/// # Errors
/// When the database cannot be reached, or a migration fails.
pub fn migrate(owner_url: &str) -> anyhow::Result<()> {
    let mut connection = PgConnection::establish(owner_url).context("the owner cannot connect to the database")?;
    connection
        .batch_execute(&format!("SET client_min_messages = warning; SELECT pg_advisory_lock({MIGRATION_LOCK})"))?;
    make_app_role(&mut connection)?;
    connection.batch_execute(CLEAR).context("clearing views and walls")?;
    let pending = connection.run_pending_migrations(MIGRATIONS).map_err(|error| anyhow::anyhow!(error))?;
    for version in pending {
        tracing::info!(%version, "migrated");
    }
    connection.batch_execute(REPLACEABLE).context("making views and walls")?;
    Ok(())
}

fn make_app_role(connection: &mut PgConnection) -> anyhow::Result<()> {
    let known: i64 = diesel::sql_query("SELECT count(*) AS count FROM pg_roles WHERE rolname = $1")
        .bind::<Text, _>(APP_ROLE)
        .get_result::<super::list::Count>(connection)?
        .count;
    if known == 0 {
        connection
            .batch_execute(&format!("CREATE ROLE {APP_ROLE} NOLOGIN"))
            .with_context(|| format!("make the role {APP_ROLE} first, or migrate as a role that may make roles"))?;
    }
    Ok(())
}

/// Whether the database is at this program's schema.
///
/// # Errors
/// When the database cannot be reached.
pub fn is_current(url: &str) -> anyhow::Result<bool> {
    let mut connection = PgConnection::establish(url)?;
    connection.has_pending_migration(MIGRATIONS).map(|pending| !pending).map_err(|error| anyhow::anyhow!(error))
}

#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = Bool)]
    above_the_walls: bool,
    #[diesel(sql_type = Bool)]
    may_step_down: bool,
}

/// Every pooled connection works as the app's role. A login that stands above the walls of
/// row-level security steps down to it for the life of the connection.
#[derive(Debug)]
pub struct AppRole;

impl CustomizeConnection<PgConnection, PoolError> for AppRole {
    fn on_acquire(&self, connection: &mut PgConnection) -> Result<(), PoolError> {
        take_role(connection).map_err(PoolError::QueryError)
    }
}

fn take_role(connection: &mut PgConnection) -> QueryResult<()> {
    // No value changes how a statement is best run, and planning anew for each value takes longer than running.
    connection.batch_execute(
        "SET TIME ZONE 'UTC'; SET lock_timeout = '10s'; SET statement_timeout = '60s';
         SET plan_cache_mode = force_generic_plan",
    )?;
    let standing: Standing = diesel::sql_query(
        "SELECT r.rolsuper OR r.rolbypassrls OR EXISTS (SELECT FROM pg_tables t WHERE t.schemaname = 'public'
                AND t.tableowner = r.rolname) AS above_the_walls,
            r.rolname <> $1 AND pg_has_role(r.oid, $1, 'MEMBER') AS may_step_down
         FROM pg_roles r WHERE r.rolname = current_user",
    )
    .bind::<Text, _>(APP_ROLE)
    .get_result(connection)?;
    match (standing.above_the_walls, standing.may_step_down) {
        (true, true) => connection.batch_execute(&format!("SET ROLE {APP_ROLE}")),
        (true, false) => Err(diesel::result::Error::QueryBuilderError(
            format!("the database login stands above row-level security and may not become {APP_ROLE}").into(),
        )),
        (false, _) => Ok(()),
    }
}
