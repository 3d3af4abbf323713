//! Every event comes into the log once, in an order that keeps its chains, whoever seals and however commits fall.

use std::sync::mpsc::channel;

use lotline::audit::{self, Event};
use lotline::clock::Clock as _;
use lotline::db::{Tx, WriteOptions, Written};
use lotline_common::audit::{AggregateKind, AuditAction};
use serde_json::Value;
use uuid::Uuid;

use super::*;

#[test]
fn every_event_is_sealed_and_the_export_proves_it_with_nothing_else() {
    let (app, crew) = sealed_record();
    let found = verdict(&lines(&app), Trust { keys: published_keys(&app), anchors: heads(&app) });
    assert_eq!(found.fault, None);
    assert_eq!(found.events, events_written(&app), "the export has what the database has");
    assert_eq!(found.anchors, found.checkpoints, "every head ever signed is on the way to the last");
    assert!(found.checkpoints >= 8 && found.keys_known, "{found:?}");
    let status = crew.auditor.get("/record").ok();
    assert_eq!((&status["size"], &status["unsealed"]), (&json!(found.events), &json!(0)));
    assert_eq!((&status["root"], &status["origin"]), (&json!(found.root), &json!("lotline.example/acme/audit")));
    assert_eq!(status["troubles"], json!([]));
    crew.clerk.get("/record").problem(lotline_common::problem::ProblemCode::PermissionMissing);
}

#[test]
fn an_event_that_is_committed_after_later_ones_were_sealed_comes_after_them() {
    let app = TestApp::start();
    let (begun, wait_begun) = channel();
    let (finish, wait_finish) = channel::<()>();
    let wait_finish = std::sync::Mutex::new(wait_finish);
    std::thread::scope(|scope| {
        let (app, begun) = (&app, &begun);
        let late = scope.spawn(move || {
            app.db.write(&app.acme.founder, &WriteOptions::default(), |tx| {
                write(tx, Uuid::from_u128(1))?;
                begun.send(()).unwrap();
                wait_finish.lock().unwrap().recv().unwrap();
                Ok(done())
            })
        });
        wait_begun.recv().unwrap();
        app.db.write(&app.acme.founder, &WriteOptions::default(), |tx| write(tx, Uuid::from_u128(2))).unwrap();
        app.seal();
        assert_eq!(
            number(app, "SELECT count(*) AS count FROM audit_log_leaf"),
            1,
            "the open one is waited for by none"
        );
        finish.send(()).unwrap();
        late.join().unwrap().unwrap();
    });
    app.seal();
    let order = texts(
        &mut app.database.owner(),
        "SELECT e.aggregate_id::text AS text FROM audit_log_leaf l JOIN audit_event e ON e.id = l.event_id ORDER BY log_index",
    );
    assert_eq!(order, [Uuid::from_u128(2), Uuid::from_u128(1)].map(|id| id.to_string()));
    assert_eq!(verdict(&lines(&app), Trust::default()).fault, None);
}

fn write(tx: &mut Tx, thing: Uuid) -> lotline::error::Result<Written> {
    audit::append(tx, Event::new(AggregateKind::Operation, thing, AuditAction::Created))?;
    Ok(done())
}

fn done() -> Written {
    Written { status: 200, body: Value::Null }
}

#[test]
fn what_is_rolled_back_leaves_nothing_to_seal() {
    let app = TestApp::start();
    let dry = WriteOptions { dry_run: true, ..WriteOptions::default() };
    app.db.write(&app.acme.founder, &dry, |tx| write(tx, Uuid::from_u128(1))).unwrap();
    app.seal();
    assert_eq!(number(&app, "SELECT count(*) AS count FROM audit_unsealed"), 0);
    assert_eq!(number(&app, "SELECT count(*) AS count FROM audit_log_leaf"), 0);
}

#[test]
fn several_servers_seal_while_many_write_and_none_is_in_anothers_way() {
    let app = TestApp::start_with(&Setup { connections: 16, ..Setup::default() });
    let (writers, each) = (6, 40);
    let finished = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for writer in 0..writers {
            let (app, finished) = (&app, &finished);
            scope.spawn(move || {
                for number in 0..each {
                    // Some write on the same thing, some each on their own.
                    let thing = Uuid::from_u128(if number % 3 == 0 { 7 } else { 1_000 * (writer + 1) + number });
                    // Who finds the end of a chain taken again and again gives up, and asks anew.
                    while app.db.write(&app.acme.founder, &WriteOptions::default(), |tx| write(tx, thing)).is_err() {}
                }
                finished.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            });
        }
        for _ in 0..3 {
            scope.spawn(|| {
                let server = app.folder.record();
                while finished.load(std::sync::atomic::Ordering::SeqCst) < 6 {
                    server.seal_all(&app.db).unwrap();
                    assert_eq!(server.all_troubles(), [].into());
                }
            });
        }
    });
    app.seal();
    let found = verdict(&lines(&app), Trust { keys: published_keys(&app), anchors: heads(&app) });
    assert_eq!(found.fault, None);
    assert_eq!(found.events, 240);
    assert_eq!(found.anchors, found.checkpoints);
}

#[test]
fn a_log_of_many_events_keeps_few_nodes_and_proves_each_of_them() {
    let app = TestApp::start();
    let insert = |many: u128, first: u128| {
        app.db
            .write(&app.acme.founder, &WriteOptions::default(), |tx| {
                let event = |thing| Event::new(AggregateKind::Operation, Uuid::from_u128(thing), AuditAction::Created);
                audit::begin(tx, (first..first + many).map(event).collect())?;
                Ok(done())
            })
            .unwrap();
        app.seal();
    };
    insert(700, 0);
    insert(1, 700);
    insert(5_500, 701);
    insert(3, 6_201);
    assert_eq!(number(&app, "SELECT count(*) AS count FROM audit_log_node"), 6_204 / 256);
    let trust = Trust { keys: published_keys(&app), anchors: heads(&app) };
    assert_eq!(verdict(&lines(&app), trust.clone()).fault, None);
    for index in [0, 255, 256, 699, 700, 701, 4_095, 5_700, 6_203] {
        let event = format!("SELECT event_id::text AS text FROM audit_log_leaf WHERE log_index = {index}");
        let event = texts(&mut app.database.owner(), &event).remove(0);
        let proof = app.client("auditor").get(&format!("/audit-events/{event}/proof")).text;
        let found = lotline_common::merkle::verifier::verify_proof(&proof, &trust);
        assert_eq!((found.fault, found.first_index), (None, index));
    }
    // A server that has just started reads the edge of the tree from what is stored.
    let fresh = app.folder.record();
    write_events(&app, "N", 1);
    assert!(fresh.seal_all(&app.db).unwrap());
    assert_eq!(fresh.all_troubles(), [].into());
    assert_eq!(verdict(&lines(&app), Trust { anchors: heads(&app), ..trust }).fault, None);
}

#[test]
fn organisations_have_logs_of_their_own() {
    let app = TestApp::start();
    let other = app.found("other");
    write_events(&app, "A", 3);
    Crew::of(&app, &other).operation("B");
    app.seal();
    assert_eq!(lines(&app).iter().filter(|line| line.contains("\"kind\":\"event\"")).count(), 3);
    let theirs = app.client("other.auditor").get("/record").ok();
    assert_eq!((&theirs["size"], &theirs["origin"]), (&json!(1), &json!("lotline.example/other/audit")));
}

#[test]
fn a_period_is_verified_by_itself_and_its_days_must_be_in_order() {
    let app = TestApp::start();
    let days = [3, 4, 5].map(|day| {
        write_events(&app, &format!("D{day}-"), 3);
        app.seal();
        let today = app.clock.now().date_naive();
        app.clock.advance(chrono::TimeDelta::days(1));
        today
    });
    let middle = archive(&app, &format!("?from={}&to={}", days[1], days[1]));
    let middle: Vec<_> = file_of(&middle, "events.ndjson").lines().map(str::to_owned).collect();
    let found = verdict(&middle, Trust { keys: published_keys(&app), anchors: heads(&app) });
    assert_eq!(found.fault, None);
    assert_eq!(found.first_index, 3, "from where the day before ended");
    assert!((3..=6).contains(&found.events), "to the head that surely covers the day: {found:?}");
    let wrong = format!("/record/export?from={}&to={}", days[2], days[0]);
    app.client("auditor").get(&wrong).problem(lotline_common::problem::ProblemCode::FieldsInvalid);
}
