//! A request that is sent twice is done once (invariant I8), and a dry run is not done at all.

use diesel::connection::SimpleConnection as _;
use lotline_common::problem::ProblemCode;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::{Answer, Client};
use crate::support::db::count;
use crate::support::material::name;
use crate::support::{Setup, TestApp};

fn unit(code: &str) -> Value {
    json!({ "code": code, "name": name(code), "decimal_places": 2, "active": true })
}

fn make(client: &Client, key: &str, body: &Value) -> Answer {
    client.request(Method::POST, "/units").key(key).json(body).send()
}

fn units(app: &TestApp, code: &str) -> i64 {
    count(&mut app.database.owner(), &format!("SELECT count(*) AS count FROM unit WHERE code = '{code}'"))
}

#[test]
fn the_same_request_again_gets_the_same_answer_and_is_done_once() {
    let app = TestApp::start();
    let clerk = app.client("clerk");
    let first = make(&clerk, "key 1", &unit("box"));
    let second = make(&clerk, "key 1", &unit("box"));
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.body, second.body);
    assert_eq!(units(&app, "box"), 1);
    let other_session = make(&app.client("clerk"), "key 1", &unit("box"));
    assert_eq!(other_session.ok(), first.body, "after signing in again as well");
}

#[test]
fn a_key_stands_for_one_request_of_one_person() {
    let app = TestApp::start();
    let clerk = app.client("clerk");
    make(&clerk, "key 1", &unit("box")).ok();
    make(&clerk, "key 1", &unit("bag")).problem(ProblemCode::IdempotencyKeyReused);
    let elsewhere = clerk.request(Method::POST, "/operations").key("key 1");
    elsewhere
        .json(&json!({ "code": "CNC", "name": name("CNC"), "active": true }))
        .send()
        .problem(ProblemCode::IdempotencyKeyReused);
    make(&app.client("admin"), "key 1", &unit("bag")).ok();
    assert_eq!((units(&app, "box"), units(&app, "bag")), (1, 1));
}

#[test]
fn a_refused_request_may_be_sent_again_with_its_key() {
    let app = TestApp::start();
    let clerk = app.client("clerk");
    make(&clerk, "key 1", &unit("not a code")).problem(ProblemCode::FieldsInvalid);
    make(&clerk, "key 1", &unit("box")).ok();
}

#[test]
fn the_same_request_at_the_same_moment_is_done_once() {
    let app = TestApp::start();
    let clerk = app.client("clerk");
    let answers: Vec<Value> = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..8).map(|_| scope.spawn(|| make(&clerk, "key 1", &unit("box")).ok())).collect();
        sent.into_iter().map(|answer| answer.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(units(&app, "box"), 1);
}

#[test]
fn a_key_has_between_1_and_200_characters() {
    let app = TestApp::start();
    for key in ["", &"x".repeat(201), "é"] {
        make(&app.client("clerk"), key, &unit("box")).problem(ProblemCode::RequestMalformed);
    }
    make(&app.client("clerk"), &"x".repeat(200), &unit("box")).ok();
}

#[test]
fn a_dry_run_answers_what_would_be_and_leaves_no_trace() {
    let app = TestApp::start();
    let clerk = app.client("clerk");
    let trace = || {
        let counts = "SELECT (SELECT count(*) FROM unit) + (SELECT count(*) FROM audit_event)
            + (SELECT count(*) FROM idempotency_key) AS count";
        count(&mut app.database.owner(), counts)
    };
    let before = trace();
    let dry = |path: &str| clerk.request(Method::POST, path).key("key 1").json(&unit("box")).send();
    let would_be = dry("/units?dry_run=true");
    assert_eq!((would_be.status, &would_be.body["code"]), (201, &json!("box")));
    dry("/units?dry_run=perhaps").problem(ProblemCode::RequestMalformed);
    assert_eq!(trace(), before);
    make(&clerk, "key 1", &unit("box")).ok();
    dry("/units?dry_run=true").ok();
    clerk.post("/units?dry_run=true", &unit("box")).problem(ProblemCode::CodeTaken);
    assert_eq!(units(&app, "box"), 1);
}

#[test]
fn a_wait_that_is_broken_off_does_not_spoil_the_connection_for_others() {
    let app = TestApp::start_with(&Setup { connections: 2, ..Setup::default() });
    let (clerk, reader) = (app.client("clerk"), app.client("admin"));
    let mut gate = app.database.owner();
    gate.batch_execute("BEGIN; LOCK TABLE unit IN SHARE MODE").unwrap();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| make(&clerk, "key 1", &unit("box")).ok());
        app.database.wait_for_blocked(1);
        let second = scope.spawn(|| make(&clerk, "key 1", &unit("box")));
        app.database.wait_for_blocked(2);
        let cancelled = "SELECT count(*) AS count FROM (SELECT pid FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event = 'advisory' OFFSET 0) waiting WHERE pg_cancel_backend(pid)";
        assert_eq!(count(&mut app.database.owner(), cancelled), 1);
        assert!(second.join().unwrap().status >= 500);
        reader.get("/items").ok();
        gate.batch_execute("COMMIT").unwrap();
        first.join().unwrap();
    });
    for _ in 0..4 {
        reader.get("/units").ok();
    }
}
