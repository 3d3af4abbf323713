//! Talks to the cluster as its owner: whose it is, and what must be in it.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use diesel::connection::SimpleConnection as _;
use diesel::sql_types::{Bool, Text};
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _};

use super::settings::{APP_ROLE, DATABASE, OWNER_ROLE, url};

/// The database that every cluster has.
const MAINTENANCE_DATABASE: &str = "postgres";

#[derive(QueryableByName)]
struct DataDirectory {
    #[diesel(sql_type = Text)]
    data_directory: String,
}

#[derive(QueryableByName)]
struct Presence {
    #[diesel(sql_type = Bool)]
    role_exists: bool,
    #[diesel(sql_type = Bool)]
    database_exists: bool,
}

/// Asks the server behind a socket for its data directory.
///
/// # Errors
/// When it does not answer or is not ready yet.
pub fn ask_data_directory(socket_directory: &Path) -> anyhow::Result<PathBuf> {
    let mut connection = connect(socket_directory)?;
    let answer: DataDirectory =
        diesel::sql_query("SELECT current_setting('data_directory') AS data_directory").get_result(&mut connection)?;
    Ok(PathBuf::from(answer.data_directory))
}

/// Makes the role and the database that are missing; nothing when both are there.
///
/// # Errors
/// When the cluster refuses.
pub fn prepare_database(socket_directory: &Path) -> anyhow::Result<()> {
    let mut connection = connect(socket_directory)?;
    let presence: Presence = diesel::sql_query(format!(
        "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') AS role_exists, \
         EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') AS database_exists"
    ))
    .get_result(&mut connection)?;
    if !presence.role_exists {
        connection.batch_execute(&format!(
            "CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        ))?;
    }
    if !presence.database_exists {
        connection.batch_execute(&format!("CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}"))?;
        connection.batch_execute(&format!(
            "REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC; GRANT CONNECT ON DATABASE {DATABASE} TO {APP_ROLE}"
        ))?;
    }
    Ok(())
}

fn connect(socket_directory: &Path) -> anyhow::Result<PgConnection> {
    PgConnection::establish(&url(socket_directory, OWNER_ROLE, MAINTENANCE_DATABASE))
        .context("connecting to the managed PostgreSQL")
}
