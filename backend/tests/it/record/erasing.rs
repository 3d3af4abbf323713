//! People can be erased, and the record stays what it was: nothing of their name is left anywhere, and everything that was
//! sealed and handed out still verifies (R78).

use lotline_common::merkle::verifier::verify_proof;
use lotline_common::problem::ProblemCode;
use lotline_common::record::FaultKind;
use serde_json::Value;

use super::*;
use crate::support::app::{Answer, Client};

const NAME: &str = "欧阳静怡";
const LOGIN: &str = "ouyang.jingyi";
const REASON: &str = "asked for by the person, ticket 1234";

fn members(app: &TestApp) -> Vec<Value> {
    app.client("admin").get("/members?limit=500").ok()["items"].as_array().unwrap().clone()
}

/// A member who was added, signed in, wrote and released things that others worked on, and whose record is sealed.
fn someone_who_worked(app: &TestApp) -> (Crew, Value) {
    let crew = Crew::of(app, &app.acme);
    let role =
        members(app).into_iter().find(|member| member["person"]["login"] == "everything").unwrap()["roles"].clone();
    let person = json!({
        "login": LOGIN, "display_name": NAME, "password": "a first password", "locale": "zh-CN",
        "role_ids": [role[0]["id"]],
    });
    let made = crew.admin.request(Method::POST, "/members").key("made once").json(&person).send().ok();
    let wrong = json!({ "login": LOGIN, "password": "not this one" });
    app.nobody().post("/sessions", &wrong).problem(ProblemCode::CredentialsWrong);
    let change = json!({ "current_password": "a first password", "new_password": "a password of my own" });
    let first = json!({ "login": LOGIN, "password": "a first password", "organisation": "acme" });
    let session = app.nobody().post("/sessions", &first).ok();
    let writer = app.bearer(session["access_token"].as_str().unwrap());
    writer.request(Method::PUT, "/people/me/password").json(&change).send().ok();
    let contract = crew.contract();
    crew.released_lot(&contract, ("L-1", "20"));
    let order = crew.order(&contract, "100");
    let reserve =
        json!({ "order_id": order["id"], "item_id": contract.bar["id"], "quantity": "1", "priority": "normal" });
    let reserved = writer.request(Method::POST, "/reservations").key("made once").json(&reserve).send().ok();
    assert!(reserved.to_string().contains(NAME), "answers name who asked");
    app.seal();
    (crew, made)
}

/// Every place in the database that holds a text: each column of text, JSON or bytes of each table.
fn places_that_hold(app: &TestApp, text: &str) -> Vec<String> {
    let mut owner = app.database.owner();
    let columns = texts(
        &mut owner,
        "SELECT format('SELECT ''%1$s.%2$s'' AS text FROM %1$I WHERE ' || CASE data_type
                WHEN 'bytea' THEN 'position(convert_to($$%3$s$$, ''UTF8'') IN %2$I) > 0'
                ELSE 'strpos(lower(%2$I::text), lower($$%3$s$$)) > 0' END || ' LIMIT 1', table_name, column_name, 'TEXT') AS text
         FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
         WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
            AND data_type IN ('text', 'jsonb', 'json', 'bytea', 'ARRAY', 'character varying')",
    );
    assert!(columns.len() > 150, "the search sees {} columns only", columns.len());
    columns.iter().flat_map(|column| texts(&mut owner, &column.replace("TEXT", text))).collect()
}

fn end_membership(admin: &Client, member: &Value) -> Value {
    let roles: Vec<_> = member["roles"].as_array().unwrap().iter().map(|role| role["id"].clone()).collect();
    let change = json!({ "role_ids": roles, "active": false });
    admin.put(&format!("/members/{}", id(member)), &member["version"], &change).ok()
}

fn erase(admin: &Client, member: &Value, reason: &str) -> Answer {
    let path = format!("/members/{}/erasure", id(member));
    admin.post_version(&path, &member["version"], &json!({ "reason": reason }))
}

#[test]
fn nothing_of_an_erased_person_is_found_in_the_database_and_the_record_still_verifies() {
    let app = TestApp::start();
    let (crew, made) = someone_who_worked(&app);
    let before = lines(&app);
    assert!(before.concat().contains(NAME), "the export opens what is not erased");
    let places = places_that_hold(&app, NAME);
    for expected in ["person.display_name", "personal_datum.value", "idempotency_key.answer"] {
        assert!(places.iter().any(|place| place == expected), "the search finds what is there: {places:?}");
    }
    assert!(!places.iter().any(|place| place.starts_with("audit_event")), "no event holds a name: {places:?}");
    assert!(places_that_hold(&app, LOGIN).contains(&"login_attempt.login".to_owned()));
    let gone = end_membership(&crew.admin, &made);
    let erased = erase(&crew.admin, &gone, REASON).ok();
    assert!(erased["erased_at"].is_string());
    app.seal();
    assert_eq!((places_that_hold(&app, NAME), places_that_hold(&app, LOGIN)), (Vec::new(), Vec::new()));
    let after = lines(&app);
    let trust = || Trust { keys: published_keys(&app), anchors: heads(&app) };
    let earlier = Trust { anchors: Vec::new(), ..trust() };
    let (old, new) = (verdict(&before, earlier), verdict(&after, trust()));
    assert_eq!((old.fault, new.fault.clone()), (None, None), "what was handed out before, and what is now");
    assert_eq!(old.erased, 0);
    assert!(new.erased >= 3 && new.opened > 0 && new.anchors > 0, "{new:?}");
    let zip = app.folder.file("record.zip", archive(&app, ""));
    let (holds, said) = verify_command(&zip, &[]);
    assert!(holds && said.contains(&format!("{} values opened, {} erased", new.opened, new.erased)), "{said}");
}

#[test]
fn the_record_shows_names_until_they_are_erased_and_what_was_done_afterwards_too() {
    let app = TestApp::start();
    let (crew, made) = someone_who_worked(&app);
    let of_member = format!("/audit-events?aggregate_kind=member&aggregate_id={}&sort=id", id(&made));
    let created = |client: &Client| client.get(&of_member).ok()["items"][0].clone();
    assert_eq!(created(&crew.auditor)["details"]["after"]["person"]["display_name"], NAME);
    let stored = texts(
        &mut app.database.owner(),
        "SELECT details::text AS text FROM audit_event WHERE aggregate_kind = 'member'",
    );
    assert!(!stored.concat().contains(NAME));
    let gone = end_membership(&crew.admin, &made);
    erase(&crew.admin, &gone, REASON).ok();
    let event = created(&crew.auditor);
    let person = &event["details"]["after"]["person"];
    assert_eq!(person["display_name"]["commitment"].as_str().unwrap().len(), 64);
    assert_eq!(person["id"], made["person"]["id"], "what they did stays under their identifier");
    let acts = crew.auditor.get("/audit-events?aggregate_kind=reservation").ok();
    let name = acts["items"][0]["actor"]["display_name"].as_str().unwrap();
    assert!(name.starts_with("已删除人员 erased person "), "{name}");
    let last = crew.auditor.get(&of_member.replace("sort=id", "sort=-id")).ok()["items"][0].clone();
    assert_eq!((&last["action"], &last["reason"]), (&json!("erased"), &json!(REASON)));
    let again = json!({ "login": LOGIN, "password": "a first password" });
    app.nobody().post("/sessions", &again).problem(ProblemCode::CredentialsWrong);
}

#[test]
fn only_an_administrator_erases_only_who_left_and_only_once() {
    let app = TestApp::start();
    let (crew, made) = someone_who_worked(&app);
    let made = crew.admin.get(&format!("/members/{}", id(&made))).ok();
    erase(&crew.clerk, &made, REASON).problem(ProblemCode::PermissionMissing);
    erase(&crew.admin, &made, REASON).problem(ProblemCode::MembershipActive);
    let gone = end_membership(&crew.admin, &made);
    erase(&crew.admin, &made, REASON).problem(ProblemCode::VersionStale);
    let named = erase(&crew.admin, &gone, &format!("on the wish of {NAME}")).problem(ProblemCode::FieldsInvalid);
    assert_eq!(named["errors"][0]["code"], ProblemCode::ReasonNamesPerson.as_str());
    erase(&crew.admin, &gone, " ").problem(ProblemCode::FieldsInvalid);
    let erased = erase(&crew.admin, &gone, REASON).ok();
    erase(&crew.admin, &erased, REASON).problem(ProblemCode::PersonErased);
    let back = json!({ "role_ids": [erased["roles"][0]["id"]], "active": true });
    crew.admin.put(&format!("/members/{}", id(&erased)), &erased["version"], &back).problem(ProblemCode::PersonErased);
    assert_ne!(erased["person"]["login"], LOGIN, "the login is free for somebody else");
}

#[test]
fn a_person_who_serves_two_makers_is_erased_by_each_for_itself() {
    let app = TestApp::start();
    let (acme, beta) = (Crew::of(&app, &app.acme), Crew::of(&app, &app.found("beta")));
    let add = |crew: &Crew| {
        let portal = crew.admin.get("/roles?limit=500").ok();
        let portal = portal["items"].as_array().unwrap().iter().find(|role| role["code"] == "portal").unwrap();
        let person = json!({
            "login": LOGIN, "display_name": NAME, "password": "a first password", "locale": "zh-CN",
            "partner_id": crew.subcontractor("SUB-A")["id"], "role_ids": [portal["id"]],
        });
        crew.admin.post("/members", &person).ok()
    };
    let (home, elsewhere) = (add(&acme), add(&beta));
    let home = end_membership(&acme.admin, &home);
    erase(&acme.admin, &home, REASON).problem(ProblemCode::MembershipActive);
    let elsewhere = end_membership(&beta.admin, &elsewhere);
    erase(&beta.admin, &elsewhere, REASON).problem(ProblemCode::PersonOfOther);
    erase(&acme.admin, &home, REASON).ok();
    assert_eq!(
        places_that_hold(&app, NAME).iter().filter(|place| *place != "idempotency_key.answer").collect::<Vec<_>>(),
        ["personal_datum.value"]
    );
    erase(&beta.admin, &elsewhere, REASON).ok();
    assert_eq!(places_that_hold(&app, NAME), Vec::<String>::new());
}

#[test]
fn a_value_that_was_altered_beside_the_log_is_found() {
    let app = TestApp::start();
    someone_who_worked(&app);
    let lines_of = |statement: &str| {
        as_owner(&app, statement);
        verdict(&lines(&app), Trust::default()).fault.map(|fault| fault.kind)
    };
    assert_eq!(lines_of(""), None);
    let rename = format!("UPDATE personal_datum SET value = '别人' WHERE value = '{NAME}';");
    assert_eq!(lines_of(&rename), Some(FaultKind::OpeningWrong));
}

#[test]
fn a_subcontractor_sees_the_values_of_the_events_that_it_sees_and_its_receipt_holds_none() {
    let app = TestApp::start();
    let (crew, events) = count_delivery(&app);
    let portal = app.client("portal");
    app.seal();
    let note = events[0]["aggregate_id"].as_str().unwrap();
    let maker = crew.auditor.get(&format!("/audit-events?aggregate_kind=issue&aggregate_id={note}&sort=id")).ok();
    assert_eq!(json!(events), maker["items"]);
    let confirmed = &events[1];
    assert!(!confirmed["details"].to_string().contains("commitment"), "{confirmed}");
    let receipt = portal.get(&format!("/audit-events/{}/proof", id(confirmed))).text;
    let trust = Trust { keys: published_keys(&app), ..Trust::default() };
    assert_eq!(verify_proof(&receipt, &trust).fault, None);
    let seen = "SELECT count(*) AS count FROM personal_datum";
    let mut inside = app.database.app();
    let (org, partner) = (app.acme.founder.org, id(&crew.subcontractor("SUB-B")).to_owned());
    let sql = format!("SET app.org = '{org}'; SET app.partner = '{partner}'");
    diesel::connection::SimpleConnection::batch_execute(&mut inside, &sql).unwrap();
    assert_eq!(count(&mut inside, seen), 0, "another subcontractor sees none");
}
