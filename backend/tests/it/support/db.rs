//! A database for each test, copied from a template that is made once for each schema.

use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use lotline::db::list::Count;
use lotline::db::migrate::{APP_ROLE, migrate};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Tests run side by side, in processes of their own: one of them makes the template.
const TEMPLATE_LOCK: i64 = 0x7465_6d70_6c61_7465;

/// A database of the product's schema that ends with the test.
pub struct TestDatabase {
    name: String,
}

impl TestDatabase {
    /// A database at this program's schema.
    pub fn migrated() -> Self {
        let template = template();
        Self::make(&format!("TEMPLATE {template}"))
    }

    /// A database without anything in it.
    pub fn empty() -> Self {
        Self::make("TEMPLATE template0")
    }

    fn make(options: &str) -> Self {
        let name = format!("lotline_test_{}", Uuid::now_v7().simple());
        cluster().batch_execute(&format!("CREATE DATABASE {name} {options}")).unwrap();
        Self { name }
    }

    /// Its address, as the owner.
    pub fn url(&self) -> String {
        with_database(&cluster_url(), &self.name)
    }

    /// A connection that stands above the walls.
    pub fn owner(&self) -> PgConnection {
        PgConnection::establish(&self.url()).unwrap()
    }

    /// A connection as the role that the server works as.
    pub fn app(&self) -> PgConnection {
        let mut connection = self.owner();
        connection.batch_execute(&format!("SET ROLE {APP_ROLE}")).unwrap();
        connection
    }

    /// Waits until so many connections stand in front of a lock.
    pub fn wait_for_blocked(&self, connections: i64) {
        let mut owner = self.owner();
        let blocked = "SELECT count(*) AS count FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while count(&mut owner, blocked) < connections {
            std::thread::yield_now();
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let dropped = cluster().batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
        if let Err(error) = dropped {
            eprintln!("{} stays behind: {error}", self.name);
        }
    }
}

/// The number that `SELECT count(*) AS count …` gives.
pub fn count(connection: &mut PgConnection, statement: &str) -> i64 {
    diesel::sql_query(statement).get_result::<Count>(connection).unwrap().count
}

/// The texts that `SELECT … AS text` gives.
pub fn texts(connection: &mut PgConnection, statement: &str) -> Vec<String> {
    let rows: Vec<lotline::db::list::TextRow> = diesel::sql_query(statement).load(connection).unwrap();
    rows.into_iter().filter_map(|row| row.text).collect()
}

fn cluster_url() -> String {
    std::env::var("LOTLINE_TEST_DATABASE_URL").unwrap_or_else(|_| {
        panic!("These tests need a PostgreSQL to make databases in: run `make test`, or set LOTLINE_TEST_DATABASE_URL.")
    })
}

fn cluster() -> PgConnection {
    PgConnection::establish(&cluster_url()).unwrap()
}

/// The same cluster and login, another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    let (host, _) = address.rsplit_once('/').unwrap();
    query.map_or(format!("{host}/{name}"), |query| format!("{host}/{name}?{query}"))
}

/// The template's name; made when it is not there. It counts as made once it is marked so.
fn template() -> String {
    let name = format!("lotline_template_{}", schema_digest());
    let mut cluster = cluster();
    diesel::sql_query("SELECT pg_advisory_lock($1)").bind::<BigInt, _>(TEMPLATE_LOCK).execute(&mut cluster).unwrap();
    let made = diesel::sql_query("SELECT count(*) AS count FROM pg_database WHERE datname = $1 AND datistemplate")
        .bind::<Text, _>(&name)
        .get_result::<Count>(&mut cluster)
        .unwrap();
    if made.count == 0 {
        cluster.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
        cluster.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
        migrate(&with_database(&cluster_url(), &name)).unwrap();
        cluster.batch_execute(&format!("ALTER DATABASE {name} IS_TEMPLATE true ALLOW_CONNECTIONS false")).unwrap();
    }
    name
}

/// A digest of everything that makes the schema.
fn schema_digest() -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(root.join("../migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().path().join("up.sql"))
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files.extend(["replaceable_drop.sql", "replaceable.sql"].map(|name| root.join("src/db").join(name)));
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update(std::fs::read(&file).unwrap());
    }
    hex::encode(&hasher.finalize()[..8])
}
