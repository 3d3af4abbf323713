//! The record that can be checked by anyone: sealed in order, signed, anchored, exported, and verified with nothing but
//! the file.

use std::io::{Cursor, Read as _};
use std::path::Path;
use std::process::Command;

use diesel::prelude::*;
use lotline_common::merkle::export::read_line;
use lotline_common::merkle::note::NoteKey;
use lotline_common::merkle::verifier::{Trust, Verifier};
use lotline_common::record::Verdict;
use reqwest::Method;
use serde_json::json;

use crate::support::db::{count, texts};
use crate::support::material::{count_delivery, name};
use crate::support::{Crew, Setup, TestApp, id};

mod anchoring;
mod dating;
mod erasing;
mod keys;
mod kills;
mod proving;
mod reviewing;
mod sealing;
mod stamping;
mod tampering;
mod witnessing;

/// Writes so many events, each on a thing of its own, and seals them.
fn write_events(app: &TestApp, begins: &str, many: usize) {
    let crew = Crew::of(app, &app.acme);
    for number in 0..many {
        let operation = json!({ "code": format!("{begins}{number}"), "name": name("工序"), "active": true });
        crew.clerk.post("/operations", &operation).ok();
    }
}

/// An organisation whose record was sealed in several passes, with things that have long chains.
fn sealed_record() -> (TestApp, Crew) {
    sealed_record_of(&Setup::default())
}

/// The same on a server that differs.
fn sealed_record_of(setup: &Setup) -> (TestApp, Crew) {
    let app = TestApp::start_with(setup);
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    app.seal();
    crew.released_lot(&contract, ("L-1", "20"));
    app.seal();
    let operation = crew.operation("MILL");
    let mut version = json!(1);
    for times in 0..6 {
        let change = json!({ "code": "MILL", "name": name(&format!("机加工 {times}")), "active": true });
        version = crew.clerk.put(&format!("/operations/{}", id(&operation)), &version, &change).ok()["version"].clone();
        write_events(&app, &format!("OP-{times}-"), 2);
        app.seal();
    }
    (app, crew)
}

/// The archive of a period.
fn archive(app: &TestApp, query: &str) -> Vec<u8> {
    app.client("auditor").request(Method::GET, &format!("/record/export{query}")).download()
}

/// A file of an archive.
fn file_of(archive: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The lines of the whole record.
fn lines(app: &TestApp) -> Vec<String> {
    file_of(&archive(app, ""), "events.ndjson").lines().map(str::to_owned).collect()
}

/// What a verifier finds that was told this.
fn verdict(lines: &[String], trust: Trust) -> Verdict {
    let mut verifier = Verifier::new(trust);
    for line in lines {
        verifier.take(read_line(line.as_bytes()));
    }
    verifier.finish()
}

/// The keys that the organisation publishes.
fn published_keys(app: &TestApp) -> Vec<NoteKey> {
    let keys = app.client("auditor").get("/record/keys").ok();
    let keys = keys["items"].as_array().unwrap().iter();
    keys.map(|key| NoteKey::parse(key["verifier_key"].as_str().unwrap()).unwrap()).collect()
}

/// The signed heads that there are now, as somebody would keep them.
fn heads(app: &TestApp) -> Vec<String> {
    texts(&mut app.database.owner(), "SELECT note AS text FROM audit_log_checkpoint ORDER BY size")
}

fn number(app: &TestApp, statement: &str) -> u64 {
    u64::try_from(count(&mut app.database.owner(), statement)).unwrap()
}

fn events_written(app: &TestApp) -> u64 {
    number(app, "SELECT count(*) AS count FROM audit_event")
}

/// Runs `lotline verify`: whether it found the record to hold, and what it said.
fn verify_command(file: &Path, options: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_lotline"))
        .arg("verify")
        .arg(file)
        .args(options)
        .env_clear()
        .env("LOTLINE_LOG", "info")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (output.status.success(), said)
}

/// Does what only the owner of the database can: past the triggers.
fn as_owner(app: &TestApp, statement: &str) {
    use diesel::connection::SimpleConnection as _;
    let tables = ["event", "log_leaf", "log_node", "log_key", "log_checkpoint", "log_anchor", "log_cosignature"];
    let switch = |how: &str| tables.map(|table| format!("ALTER TABLE audit_{table} {how} TRIGGER ALL;")).concat();
    let statement = format!("BEGIN; {} {statement}; {} COMMIT", switch("DISABLE"), switch("ENABLE"));
    app.database.owner().batch_execute(&statement).unwrap();
}

/// A row of the log with its event.
#[derive(QueryableByName)]
struct Leaf {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    log_index: i64,
    #[diesel(sql_type = diesel::sql_types::Bytea)]
    canonical_bytes: Vec<u8>,
}

fn leaves(app: &TestApp) -> Vec<Leaf> {
    diesel::sql_query(
        "SELECT l.log_index, e.canonical_bytes FROM audit_log_leaf l
         JOIN audit_event e ON (e.org_id, e.id) = (l.org_id, l.event_id) ORDER BY l.log_index",
    )
    .load(&mut app.database.owner())
    .unwrap()
}
