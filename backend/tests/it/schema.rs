//! The database keeps its own promises, whatever the program does: walls around every organisation,
//! records that cannot be altered, an index behind every reference, a word about every column.

use std::path::PathBuf;
use std::process::Command;

use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel_migrations::{FileBasedMigrations, MigrationHarness as _};
use lotline::db::migrate::{APP_ROLE, migrate};
use serde_json::json;

use crate::signing::passkeys::Authenticator;
use crate::support::contracts::clause;
use crate::support::db::{TestDatabase, count, texts};
use crate::support::material::name;
use crate::support::{Crew, TestApp, id};

/// Tables that stand outside every organisation, and why.
const GLOBAL: &[(&str, &str)] = &[
    ("__diesel_schema_migrations", "what the schema's version is"),
    ("authenticator", "a person signs with it wherever they work; its wall knows its owner"),
    ("login_attempt", "is written before anybody is known"),
    ("organisation", "is the organisation; its wall knows it by its own id"),
    ("passkey", "a person signs with it wherever they work; its wall knows its owner"),
    ("person", "a person can work for several organisations"),
    ("session", "is read to find out who asks"),
];

/// What is written once and for all.
const APPEND_ONLY: &[&str] = &[
    "approval_entry",
    "attachment",
    "audit_event",
    "audit_log_anchor",
    "audit_log_checkpoint",
    "audit_log_cosignature",
    "audit_log_key",
    "audit_log_leaf",
    "audit_log_node",
    "scan",
    "signing_failure",
    "signing_key",
    "stock_movement",
];

/// Every table with a column of this name.
fn tables_with(owner: &mut PgConnection, column: &str) -> Vec<String> {
    texts(
        owner,
        &format!(
            "SELECT c.relname AS text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = '{column}' ORDER BY 1"
        ),
    )
}

fn refusal(connection: &mut PgConnection, statement: &str) -> String {
    match connection.batch_execute(statement) {
        Ok(()) => panic!("it was allowed: {statement}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn every_table_belongs_to_an_organisation_or_has_a_reason_not_to() {
    let database = TestDatabase::migrated();
    let mut owner = database.owner();
    let inside = tables_with(&mut owner, "org_id");
    let outside =
        texts(&mut owner, "SELECT tablename::text AS text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
    let outside: Vec<_> = outside.into_iter().filter(|table| !inside.contains(table)).collect();
    assert_eq!(outside, GLOBAL.iter().map(|(table, _)| *table).collect::<Vec<_>>());
}

#[test]
fn every_organisations_table_stands_behind_one_wall() {
    let database = TestDatabase::migrated();
    let mut owner = database.owner();
    let without = texts(
        &mut owner,
        "SELECT c.relname AS text FROM pg_class c
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
            AND (c.relname = 'organisation' OR EXISTS (
                SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id'))
            AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND (
                SELECT count(*) = 1 AND bool_and(p.polcmd = '*' AND p.polpermissive AND p.polroles = '{0}')
                FROM pg_policy p WHERE p.polrelid = c.oid))",
    );
    assert_eq!(without, Vec::<String>::new());
    let blind_views = texts(
        &mut owner,
        "SELECT relname AS text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
            AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)",
    );
    assert_eq!(blind_views, Vec::<String>::new(), "these views look over the walls with their owner's eyes");
}

#[test]
fn the_role_of_the_server_owns_nothing_and_cannot_pass_the_walls() {
    let database = TestDatabase::migrated();
    let mut owner = database.owner();
    let powers = format!(
        "SELECT count(*) AS count FROM pg_roles WHERE rolname = '{APP_ROLE}'
         AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"
    );
    assert_eq!(count(&mut owner, &powers), 1);
    let owned = format!("SELECT count(*) AS count FROM pg_class WHERE relowner = '{APP_ROLE}'::regrole");
    assert_eq!(count(&mut owner, &owned), 0);
    let member = format!("SELECT count(*) AS count FROM pg_auth_members WHERE member = '{APP_ROLE}'::regrole");
    assert_eq!(count(&mut owner, &member), 0);
    let mut app = database.app();
    for statement in [
        "CREATE TABLE own (id integer)",
        "ALTER TABLE item DISABLE ROW LEVEL SECURITY",
        "DROP POLICY wall ON item",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ] {
        refusal(&mut app, statement);
    }
}

#[test]
fn every_reference_has_an_index_that_leads_with_it() {
    let database = TestDatabase::migrated();
    let without = texts(
        &mut database.owner(),
        "SELECT f.conrelid::regclass || ' ' || f.conname AS text FROM pg_constraint f
         CROSS JOIN LATERAL (SELECT coalesce((SELECT attnum FROM pg_attribute
            WHERE attrelid = f.conrelid AND attname = 'org_id'), 0::smallint) AS org) o
         CROSS JOIN LATERAL (SELECT array_remove(f.conkey, o.org) AS columns) c
         WHERE f.contype = 'f' AND f.connamespace = 'public'::regnamespace AND NOT EXISTS (
            SELECT FROM pg_index i WHERE i.indrelid = f.conrelid
                AND coalesce(pg_get_expr(i.indpred, i.indrelid) ~ '^.[a-z_]+ IS NOT NULL.$', true)
                AND (array_remove(string_to_array(i.indkey::text, ' ')::smallint[], o.org))[1:cardinality(c.columns)]
                    @> c.columns)
         ORDER BY 1",
    );
    assert_eq!(without, Vec::<String>::new());
}

#[test]
fn every_table_and_column_says_what_it_holds_in_both_languages() {
    let database = TestDatabase::migrated();
    let silent = texts(
        &mut database.owner(),
        "SELECT c.relname || coalesce('.' || a.attname, '') AS text
         FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT LIKE '\\_\\_diesel%'
            AND (coalesce(col_description(c.oid, a.attnum), '') !~ '[a-zA-Z]'
                OR coalesce(col_description(c.oid, a.attnum), '') !~ '[一-龥]'
                OR coalesce(obj_description(c.oid, 'pg_class'), '') !~ '[一-龥]')
         ORDER BY 1",
    );
    assert_eq!(silent, Vec::<String>::new());
}

/// An organisation with something in nearly every table.
fn full_organisation() -> TestApp {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let tolerance = json!({ "kind": "issue_tolerance", "over_percent": "5" });
    let price = clause("5.1", json!({ "kind": "price_tier", "from_quantity": "0", "unit_price": "2" }), json!({}));
    let part = json!({ "kind": "payment_milestone", "milestone": "issue", "percent": "100" });
    let part = clause("6.1", part, json!({}));
    let agreement = crew.agreement(
        &contract,
        "contract",
        &[clause("4.1", tolerance, json!({ "enforcement": "approve" })), price, part],
    );
    crew.released_lot(&contract, ("L-1", "20"));
    let note = crew.issued(&contract, "500");
    crew.override_asked(id(&agreement["versions"][0]["clauses"][0]), &note["order_id"], ("5", "6"));
    let cost = json!({ "kind": "freight", "amount": "380", "occurred_on": "2026-03-01" });
    crew.manager.post(&format!("/orders/{}/costs", note["order_id"].as_str().unwrap()), &cost).ok();
    app.acme.portal_member(&app.database, "portal", id(&contract.subcontractor).parse().unwrap());
    let portal = app.client("portal");
    let path = format!("/portal/deliveries/{}", id(&note));
    portal.post(&format!("{path}/links"), &json!({})).ok();
    let photo = portal.request(reqwest::Method::POST, &format!("{path}/attachments?file_name=a.png"));
    photo.body("image/png", b"\x89PNG\r\n\x1a\n0000").send().ok();
    let count = json!({ "lines": [
        { "line_number": 1, "good_quantity": "4", "damaged_quantity": "0", "remark": "one kilogram is missing" },
    ] });
    portal.post_version(&format!("{path}/confirmation"), &note["version"], &count).ok();
    let lot = &note["lines"][0]["lot"];
    let back = json!({
        "kind": "return", "order_id": note["order_id"], "reason": "left over",
        "lines": [{ "item_id": contract.bar["id"], "lot_id": lot["id"], "quantity": "1" }],
    });
    crew.warehouse.post("/material-documents", &back).ok();
    let order = json!({ "id": note["order_id"] });
    crew.finished(&order, &json!([{ "lot_code": "F-1", "good_quantity": "100" }])).ok();
    let used = "INSERT INTO tool_use (org_id, receipt_id, lot_id, partner_id, item_id, uses, certainty)
        SELECT r.org_id, r.id, l.id, r.partner_id, l.item_id, 1, 'declared' FROM subcontract_receipt r
        JOIN lot l ON l.org_id = r.org_id LIMIT 1";
    app.database.owner().batch_execute(used).unwrap();
    crew.recalled(lot);
    crew.requisition(&crew.order(&contract, "100"));
    let flow = json!({ "document_kind": "requisition", "name": { "zh": "发料审批", "en": "Issue" } });
    crew.admin.post("/approval-flows", &flow).ok();
    let absence = json!({ "starts_at": "2027-01-04T00:00:00Z", "ends_at": "2027-01-09T00:00:00Z" });
    crew.manager.post("/absences", &absence).ok();
    app.client(&app.acme.login("manager")).post("/periods", &json!({ "month": "2026-02-01" })).ok();
    let node = "INSERT INTO audit_log_node SELECT id, 8, 0, sha256('') FROM organisation";
    app.database.owner().batch_execute(node).unwrap();
    let mail = "INSERT INTO mail (org_id, id, person_id, approval_id, kind, created_at, next_try_at)
        SELECT org_id, gen_random_uuid(), requested_by, id, 'asked', requested_at, requested_at FROM approval LIMIT 1";
    app.database.owner().batch_execute(mail).unwrap();
    app.seal();
    app.state.record.anchor_all(&app.db).unwrap();
    let cosignature = "INSERT INTO audit_log_cosignature
        SELECT org_id, 'w', size, E'— w AAAA\\n', signed_at FROM audit_log_checkpoint";
    app.database.owner().batch_execute(cosignature).unwrap();
    let approver = app.client("approver");
    Authenticator::of(&approver, 7);
    let password = json!({ "password": crate::support::builders::PASSWORD });
    approver.post("/passkey-requests", &password).ok();
    approver.post("/passkey-requests", &json!({ "password": "not this one at all" }));
    crew.change_asked();
    let keyed = crew.clerk.request(reqwest::Method::POST, "/units").key("a key");
    keyed.json(&json!({ "code": "box", "name": name("箱"), "decimal_places": 0, "active": true })).send().ok();
    app
}

#[test]
fn without_an_organisation_every_table_looks_empty_and_takes_nothing() {
    let app = full_organisation();
    let (mut owner, mut server) = (app.database.owner(), app.database.app());
    let mut tables = tables_with(&mut owner, "org_id");
    tables.push("organisation".to_owned());
    for table in tables {
        let rows = format!("SELECT count(*) AS count FROM {table}");
        let filled = count(&mut owner, &rows) > 0;
        assert!(filled, "there must be something in {table} for this to mean anything");
        assert_eq!(count(&mut server, &rows), 0, "{table}");
        if !APPEND_ONLY.contains(&table.as_str()) {
            let touched = diesel::sql_query(format!("DELETE FROM {table}")).execute(&mut server);
            assert!(matches!(touched, Ok(0) | Err(_)), "{table}: {touched:?}");
        }
    }
}

#[test]
fn another_organisation_sees_nothing_and_cannot_write_over_the_wall() {
    let app = full_organisation();
    let mut server = app.database.app();
    let (acme, other) = (app.acme.founder.org, uuid::Uuid::now_v7());
    server.batch_execute(&format!("SET app.org = '{other}'; SET app.person = '{other}'")).unwrap();
    for table in tables_with(&mut app.database.owner(), "org_id") {
        assert_eq!(count(&mut server, &format!("SELECT count(*) AS count FROM {table}")), 0, "{table}");
    }
    let smuggled = format!(
        "INSERT INTO unit (org_id, id, code, name_zh, name_en, decimal_places)
         VALUES ('{acme}', gen_random_uuid(), 'x', 'x', 'x', 0)"
    );
    assert!(refusal(&mut server, &smuggled).contains("row-level security"));
}

#[test]
fn what_is_written_once_cannot_be_altered_by_the_server_nor_by_the_owner() {
    let app = full_organisation();
    let (mut owner, mut server) = (app.database.owner(), app.database.app());
    server.batch_execute(&format!("SET app.org = '{}'", app.acme.founder.org)).unwrap();
    for table in APPEND_ONLY {
        let rows = format!("SELECT count(*) AS count FROM {table}");
        assert!(count(&mut server, &rows) > 0, "{table}");
        for statement in [
            format!("UPDATE {table} SET org_id = org_id"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table} CASCADE"),
        ] {
            refusal(&mut server, &statement);
            assert!(refusal(&mut owner, &statement).contains("append-only"), "{statement}");
        }
    }
}

#[test]
fn every_migration_can_be_taken_back_and_done_again() {
    let database = TestDatabase::empty();
    let mut owner = database.owner();
    let mut dumps = vec![dump(&database)];
    while owner.has_pending_migration(migrations()).unwrap() {
        owner.run_next_migration(migrations()).unwrap();
        let up = dump(&database);
        owner.revert_last_migration(migrations()).unwrap();
        assert_eq!(Some(&dump(&database)), dumps.last(), "down leaves what was there before");
        owner.run_next_migration(migrations()).unwrap();
        assert_eq!(dump(&database), up, "up again makes the same");
        dumps.push(up);
    }
    assert!(dumps.len() > 1);
}

#[test]
fn a_database_in_use_can_go_back_to_nothing_and_be_made_again() {
    let database = TestDatabase::empty();
    migrate(&database.url()).unwrap();
    let made = dump(&database);
    migrate(&database.url()).unwrap();
    assert_eq!(dump(&database), made, "migrating twice changes nothing");
    let mut owner = database.owner();
    owner.batch_execute(include_str!("../../src/db/replaceable_drop.sql")).unwrap();
    owner.revert_all_migrations(migrations()).unwrap();
    assert!(!dump(&database).contains("CREATE TABLE public.item "));
    migrate(&database.url()).unwrap();
    assert_eq!(dump(&database), made);
}

fn migrations() -> FileBasedMigrations {
    FileBasedMigrations::from_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations")).unwrap()
}

/// The schema as `pg_dump` writes it, but for the migrations' own table and the key of each run.
fn dump(database: &TestDatabase) -> String {
    let output = Command::new(pg_dump())
        .args(["--schema-only", "--exclude-table=__diesel_schema_migrations", "--dbname", &database.url()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn pg_dump() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let installed =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let found =
        std::env::split_paths(&path).chain(installed).map(|folder| folder.join("pg_dump")).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("pg_dump is missing; run `make setup`"))
}
