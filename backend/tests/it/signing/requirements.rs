//! R05 to R10, and R35.

use chrono::TimeDelta;
use diesel::connection::SimpleConnection as _;
use lotline_common::problem::ProblemCode;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Desk, countersigned};
use crate::support::id;

#[test]
fn r05_a_signature_says_who_when_in_which_zone_and_what_it_means() {
    let desk = Desk::begin();
    desk.crew.approver.post(&desk.path(), &json!({ "decision": "approve" })).ok();
    let signature = &desk.signatures()[0];
    assert_eq!(signature["signer"]["display_name"], "approver");
    assert_eq!(signature["signed_at"], desk.progress()["decided_at"]);
    assert_eq!((&signature["zone"], &signature["meaning"]), (&json!("Asia/Shanghai"), &json!("approval")));
    assert_eq!((&signature["method"], &signature["standing"]), (&json!("password"), &json!("valid")));
    assert_eq!(desk.progress()["signatures"][0], *signature, "the approval shows it as well");
    let events = format!("/audit-events?aggregate_kind=approval&aggregate_id={}", id(&desk.requisition["approval"]));
    let events = desk.app.client("auditor").get(&events).ok();
    let told = events["items"].as_array().unwrap().iter().find(|event| event["action"] == "approved").unwrap();
    let told = &told["details"]["signature"];
    assert_eq!(told["signer"]["display_name"], "approver");
    assert_eq!(
        (&told["statement"]["zone"], &told["statement"]["intent"]["meaning"]),
        (&json!("Asia/Shanghai"), &json!("approval"))
    );
    assert_eq!(told["digest"], signature["digest"]);
}

#[test]
fn r06_a_session_alone_signs_nothing() {
    let desk = Desk::begin();
    let plain = json!({ "decision": "approve" });
    let unsigned = desk.crew.approver.request(Method::POST, &desk.path()).json(&plain).send();
    unsigned.problem(ProblemCode::SignatureRequired);
    let wrong = json!({ "method": "password", "login": "approver", "password": "not this one at all" });
    let other = json!({ "method": "password", "login": "manager", "password": crate::support::builders::PASSWORD });
    for (proof, cause) in [(wrong, "口令错误"), (other, "登录名与当前会话不符")] {
        let refused = desk.approve(&desk.crew.approver, &proof).problem(ProblemCode::SignatureRefused);
        assert!(refused["detail"].as_str().unwrap().contains(cause), "{refused}");
    }
    assert!(desk.is_untouched());
    desk.approve(&desk.crew.approver, &desk.crew.approver.password()).ok();
    assert!(!desk.is_untouched());
}

#[test]
fn r07_what_is_signed_is_what_was_seen() {
    let desk = Desk::begin();
    let signature = json!({ "record": "0".repeat(64), "proof": desk.crew.approver.password() });
    let command = json!({ "decision": "approve", "signature": signature });
    let sent = desk.crew.approver.request(Method::POST, &desk.path()).json(&command).send();
    sent.problem(ProblemCode::SignedRecordChanged);
    assert!(desk.is_untouched());
    let content = desk.progress()["record"]["content"].clone();
    assert_eq!(content["number"], desk.requisition["number"]);
    assert_eq!(content["lines"][0]["quantity"], desk.requisition["lines"][0]["requested_quantity"]);
}

#[test]
fn r08_a_changed_record_is_a_new_version_on_which_earlier_signatures_do_not_count() {
    let desk = Desk::begin();
    let back = json!({ "decision": "return", "reason": "too much of it" });
    desk.crew.approver.post(&desk.path(), &back).ok();
    assert_eq!(desk.standings(), ["valid"], "as long as nothing is changed");
    let path = format!("/requisitions/{}", id(&desk.requisition));
    let read = desk.crew.clerk.get(&path).ok();
    let lines: Vec<Value> = read["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| json!({ "item_id": line["item"]["id"], "quantity": "1" }))
        .collect();
    let change =
        json!({ "needed_on": read["needed_on"], "priority": read["priority"], "reason": "less of it", "lines": lines });
    let changed = desk.crew.clerk.put(&path, &read["version"], &change).ok();
    assert_eq!(changed["approval_state"], "draft");
    assert_eq!(desk.standings(), ["superseded"], "it stays to be seen, on its own version");
    let submit = json!({ "state": "pending" });
    let again = desk.crew.clerk.post_version(&format!("{path}/transitions"), &changed["version"], &submit).ok();
    let decide = format!("/approvals/{}/decisions", id(&again["approval"]));
    desk.crew.approver.post(&decide, &json!({ "decision": "approve" })).ok();
    assert_eq!(desk.standings(), ["superseded", "valid"]);
}

#[test]
fn r09_a_persons_identifier_and_login_are_nobody_elses_ever() {
    let desk = Desk::begin();
    let members = desk.crew.admin.get("/members?limit=500").ok();
    let member = members["items"].as_array().unwrap().iter().find(|one| one["person"]["login"] == "approver").unwrap();
    let roles: Vec<_> = member["roles"].as_array().unwrap().iter().map(|role| role["id"].clone()).collect();
    let end = json!({ "role_ids": roles, "active": false });
    desk.crew.admin.put(&format!("/members/{}", id(member)), &member["version"], &end).ok();
    let again = json!({ "login": "approver", "display_name": "Somebody else", "password": "a first password",
        "locale": "zh-CN", "role_ids": roles });
    desk.crew.admin.post("/members", &again).problem(ProblemCode::CodeTaken);
    let refused = desk.app.database.app().batch_execute("DELETE FROM person WHERE login = 'approver'").unwrap_err();
    assert!(refused.to_string().contains("permission denied"), "{refused}");
}

#[test]
fn r10_whoever_was_given_a_password_signs_nothing_before_changing_it_and_is_told() {
    let desk = Desk::begin();
    let members = desk.crew.admin.get("/members?limit=500").ok();
    let member = members["items"].as_array().unwrap().iter().find(|one| one["person"]["login"] == "approver").unwrap();
    let reset = json!({ "password": "set by an administrator" });
    let path = format!("/members/{}/password", id(member));
    desk.crew.admin.request(Method::PUT, &path).json(&reset).send().ok();
    let record = desk.crew.manager.get(&format!("/approvals/{}", id(&desk.requisition["approval"]))).ok();
    let sign_in = json!({ "login": "approver", "password": "set by an administrator", "organisation": "acme" });
    let session = desk.app.nobody().post("/sessions", &sign_in).ok();
    let given = desk.app.bearer(session["access_token"].as_str().unwrap());
    let proof = json!({ "method": "password", "login": "approver", "password": "set by an administrator" });
    let command =
        json!({ "decision": "approve", "signature": { "record": record["record"]["digest"], "proof": proof } });
    let sent = given.request(Method::POST, &desk.path()).json(&command).send();
    sent.problem(ProblemCode::PasswordChangeRequired);
    let change = json!({ "current_password": "set by an administrator", "new_password": "a password of my own" });
    given.request(Method::PUT, "/people/me/password").json(&change).send().ok();
    assert!(given.get("/signing-means").ok()["password_reset_at"].is_string(), "the owner is told");
    given.request(Method::POST, &desk.path()).json(&command).send().problem(ProblemCode::SignatureRefused);
    let own = json!({ "method": "password", "login": "approver", "password": "a password of my own" });
    let command = json!({ "decision": "approve", "signature": { "record": record["record"]["digest"], "proof": own } });
    given.request(Method::POST, &desk.path()).json(&command).send().ok();
}

#[test]
fn r35_failed_signings_are_recorded_slowed_down_and_seen() {
    let desk = Desk::begin();
    let wrong = json!({ "method": "password", "login": "approver", "password": "not this one at all" });
    for _ in 0..5 {
        desk.approve(&desk.crew.approver, &wrong).problem(ProblemCode::SignatureRefused);
    }
    let right = desk.crew.approver.password();
    let waits = desk.approve(&desk.crew.approver, &right).problem(ProblemCode::SigningThrottled);
    assert_eq!(waits["figures"]["seconds"], "900");
    desk.crew
        .manager
        .post("/passkey-requests", &json!({ "password": "nor this one" }))
        .problem(ProblemCode::SignatureRefused);
    let failures = desk.crew.admin.get("/signing-failures").ok();
    let causes: Vec<_> = failures["items"].as_array().unwrap().iter().map(|one| one["cause"].clone()).collect();
    assert_eq!(causes, vec![json!("password_wrong"); 6]);
    assert_eq!(failures["items"][0]["person"]["display_name"], "manager");
    let events = desk.app.client("auditor").get("/audit-events?action=signing_failed").ok();
    assert_eq!(events["items"].as_array().unwrap().len(), 6);
    let figures = desk.app.nobody().absolute(Method::GET, "/metrics").send();
    assert!(figures.text.contains("lotline_signing_failures_total"), "{}", figures.text);
    assert!(desk.is_untouched());
    desk.app.clock.advance(TimeDelta::minutes(15));
    let approver = desk.app.client("approver");
    desk.approve(&approver, &right).ok();
}

#[test]
fn a_subcontractor_signs_in_the_portal_what_it_is_shown() {
    let (scene, portal) = countersigned();
    let requisition = scene.requisition("10");
    let asked = portal.get("/countersignatures").ok()["items"][0].clone();
    assert_eq!(asked["record"]["content"]["order"]["number"], requisition["order_number"]);
    let path = format!("/countersignatures/{}/decisions", id(&asked));
    let mut wrong = portal.password();
    wrong["password"] = json!("not this one at all");
    let signature = json!({ "record": asked["record"]["digest"], "proof": wrong });
    let command = json!({ "decision": "approve", "signature": signature });
    portal.request(Method::POST, &path).json(&command).send().problem(ProblemCode::SignatureRefused);
    portal.post(&path, &json!({ "decision": "approve" })).ok();
    assert_eq!(scene.state(&requisition), "approved");
    let of_it = format!("/signatures?document_kind=requisition&document_id={}", id(&requisition));
    let signature = scene.crew.approver.get(&of_it).ok()["items"][0].clone();
    assert_eq!((&signature["meaning"], &signature["standing"]), (&json!("countersignature"), &json!("valid")));
    portal.get(&of_it).problem(ProblemCode::PermissionMissing);
}
