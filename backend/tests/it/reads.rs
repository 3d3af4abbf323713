//! Who read what is sensitive is written down, before the answer goes out.

use chrono::TimeDelta;
use lotline::audit::reads;
use lotline_common::problem::ProblemCode;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::Client;
use crate::support::db::count;
use crate::support::material::count_delivery;
use crate::support::{Crew, TestApp, id};

/// The entries as the auditor sees them, oldest first, without those about the entries themselves.
fn entries(app: &TestApp, filter: &str) -> Vec<Value> {
    let page = app.client("auditor").get(&format!("/access-entries?limit=500&sort=-id{filter}")).ok();
    let mut items = page["items"].as_array().unwrap().clone();
    items.reverse();
    items.retain(|entry| entry["kind"] != "access_entries");
    items
}

fn person(client: &Client) -> Value {
    client.get("/sessions/current").ok()["person"].clone()
}

#[test]
fn every_sensitive_read_is_written_down_with_who_and_what() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let lot = crew.released_lot(&contract, ("L-1", "20"));
    crew.issued(&contract, "500");
    let recalled = crew.recalled(&lot);
    app.seal();
    let everything = app.client("everything");
    let member = everything.get("/members?limit=1&active=true&search=secret").ok();
    assert_eq!(member["items"], json!([]));
    let member = crew.admin.get("/members?limit=1").ok()["items"][0].clone();
    let event = crew.auditor.get("/audit-events?aggregate_kind=lot").ok()["items"][0].clone();
    for path in [
        format!("/members/{}", id(&member)),
        format!("/audit-events?aggregate_kind=member&aggregate_id={}", id(&member)),
        format!("/audit-events/{}/proof", id(&event)),
        "/sales-records?format=csv".to_owned(),
        format!("/recalls/{}", id(&recalled.0)),
        format!("/recall-notices/{}", id(&recalled.1)),
        // What is not sensitive leaves nothing.
        format!("/audit-events?aggregate_kind=lot&aggregate_id={}", id(&lot)),
        "/items".to_owned(),
        "/record".to_owned(),
    ] {
        assert_eq!(everything.get(&path).status, 200, "{path}");
    }
    everything.request(Method::GET, "/record/export?from=2026-03-01").download();
    let who = person(&everything);
    let seen = entries(&app, &format!("&person_id={}", id(&who)));
    let told: Vec<_> = seen
        .iter()
        .map(|entry| {
            let text = |field: &str| entry[field].as_str().unwrap_or_default().to_owned();
            (text("kind"), text("subject_id"), text("filter"))
        })
        .collect();
    let entry = |kind: &str, subject: &str, filter: &str| (kind.to_owned(), subject.to_owned(), filter.to_owned());
    let expected = [
        entry("members", "", "active=true"),
        entry("members", id(&member), ""),
        entry("audit_events", id(&member), ""),
        entry("record_proof", id(&event), ""),
        entry("sales_records", "", "format=csv"),
        entry("recalls", id(&recalled.0), ""),
        entry("recall_notices", id(&recalled.1), ""),
        entry("record_export", "", "from=2026-03-01"),
    ];
    assert_eq!(told, expected);
    let (name, recall) = (&member["person"]["display_name"], (&recalled.0["number"], &recalled.1["number"]));
    let none = &Value::Null;
    let subjects: Vec<_> = seen.iter().map(|entry| &entry["subject"]).collect();
    assert_eq!(subjects, [none, name, name, &json!("L-1"), none, recall.0, recall.1, none]);
    assert!(seen.iter().all(|entry| entry["person"]["id"] == who["id"] && entry["portal"] == false));
    let of_member = entries(&app, &format!("&subject_id={}&kind=members", id(&member)));
    assert_eq!(of_member.len(), 1);
}

#[test]
fn the_filters_of_a_read_name_what_can_be_found() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let lot = crew.released_lot(&contract, ("L-1", "20"));
    let (recall, ..) = crew.recalled(&lot);
    let (everything, unknown) = (app.client("everything"), uuid::Uuid::now_v7());
    for path in [
        format!("/recall-notices?recall_id={}", id(&recall)),
        format!("/members?active=true&partner_id={}", id(&contract.subcontractor)),
        format!("/sales-records?customer_id={unknown}"),
        "/members".to_owned(),
    ] {
        everything.get(&path).ok();
    }
    let seen = entries(&app, &format!("&person_id={}", id(&person(&everything))));
    let named: Vec<_> = seen.iter().map(|entry| entry["filter_named"].as_str().unwrap().to_owned()).collect();
    let recall_id = format!("recall_id={}", recall["number"].as_str().unwrap());
    let nobody = format!("customer_id={unknown}");
    assert_eq!(named, [recall_id.as_str(), "active=true&partner_id=SUB-A", nobody.as_str(), ""]);
    assert_eq!(seen[0]["filter"], format!("recall_id={}", id(&recall)), "what was asked for stays as it was");
}

#[test]
fn reads_repeated_within_five_minutes_are_one_entry_and_later_ones_another() {
    let app = TestApp::start();
    let admin = app.client("admin");
    admin.get("/members").ok();
    app.clock.advance(TimeDelta::minutes(1));
    admin.get("/members").ok();
    app.client("everything").get("/members").ok();
    let seen = entries(&app, "&kind=members");
    assert_eq!(seen.iter().map(|entry| &entry["times"]).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(
        (&seen[0]["first_at"], &seen[0]["last_at"]),
        (&json!("2026-03-02T01:00:00Z"), &json!("2026-03-02T01:01:00Z"))
    );
    app.clock.advance(TimeDelta::minutes(4));
    admin.get("/members").ok();
    assert_eq!(entries(&app, "&kind=members").len(), 3);
}

#[test]
fn only_who_may_see_the_record_sees_the_entries_and_that_is_an_entry_too() {
    let app = TestApp::start();
    let (crew, events) = count_delivery(&app);
    let portal = app.client("portal");
    app.seal();
    assert_eq!(portal.get(&format!("/audit-events/{}/proof", id(&events[0]))).status, 200);
    let seen = entries(&app, "&kind=record_proof");
    assert_eq!((seen.len(), &seen[0]["portal"]), (1, &json!(true)));
    portal.get("/access-entries").problem(ProblemCode::PermissionMissing);
    crew.clerk.get("/access-entries").problem(ProblemCode::PermissionMissing);
    crew.clerk.get("/members").problem(ProblemCode::PermissionMissing);
    assert_eq!(entries(&app, "&kind=members"), Vec::<Value>::new(), "who was refused has seen nothing");
    let own = crew.auditor.get("/access-entries?kind=access_entries").ok();
    assert_eq!(own["items"][0]["person"]["id"], person(&crew.auditor)["id"]);
    app.found("other");
    assert_eq!(app.client("other.auditor").get("/access-entries?kind=record_proof").ok()["items"], json!([]));
    let note = crew.clerk.get(&format!("/issue-notes/{}", events[0]["aggregate_id"].as_str().unwrap())).ok();
    let mut inside = app.database.app();
    let walls = format!("SET app.org = '{}'; SET app.partner = '{}'", app.acme.founder.org, id(&note["partner"]));
    diesel::connection::SimpleConnection::batch_execute(&mut inside, &walls).unwrap();
    assert_eq!(count(&mut inside, "SELECT count(*) AS count FROM access_entry"), 0);
}

#[test]
fn an_entry_is_removed_when_its_time_is_over_and_altered_by_nobody() {
    let app = TestApp::start();
    app.client("admin").get("/members").ok();
    app.clock.advance(TimeDelta::days(300));
    app.client("admin").get("/members").ok();
    app.clock.advance(TimeDelta::days(101));
    assert_eq!(reads::remove_old(&app.db, 400).unwrap(), 1);
    assert_eq!(reads::remove_old(&app.db, 400).unwrap(), 0);
    let mut owner = app.database.owner();
    assert_eq!(count(&mut owner, "SELECT count(*) AS count FROM access_entry"), 1);
    let mut inside = app.database.app();
    let walls = format!("SET app.org = '{}'", app.acme.founder.org);
    diesel::connection::SimpleConnection::batch_execute(&mut inside, &walls).unwrap();
    let alter = "UPDATE access_entry SET person_id = gen_random_uuid()";
    let refused = diesel::connection::SimpleConnection::batch_execute(&mut inside, alter).unwrap_err();
    assert!(refused.to_string().contains("permission denied"), "{refused}");
}

#[test]
fn what_cannot_be_written_down_is_not_shown() {
    let app = TestApp::start();
    let admin = app.client("admin");
    let mut owner = app.database.owner();
    let deny = "REVOKE INSERT ON access_entry FROM lotline_app";
    diesel::connection::SimpleConnection::batch_execute(&mut owner, deny).unwrap();
    admin.get("/members").problem(ProblemCode::InternalError);
    admin.get("/items").ok();
}
