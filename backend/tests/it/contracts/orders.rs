//! The versions an order runs under.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use crate::support::contracts::clause;
use crate::support::{Crew, TestApp, id};

fn loss(percent: &str) -> Value {
    clause("4.1", json!({ "kind": "loss_allowance", "percent": percent }), json!({}))
}

fn version_numbers(agreements: &Value) -> Vec<&Value> {
    agreements["versions"].as_array().unwrap().iter().map(|version| &version["version_number"]).collect()
}

#[test]
fn a_running_order_stays_on_its_versions_until_somebody_moves_it() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let agreement = crew.agreement(&contract, "contract", &[loss("3")]);
    let order = crew.order(&contract, "500");
    crew.version_approved(&crew.amendment(&agreement, "2026-03-02", &[loss("2")]));
    let path = format!("/orders/{}/agreements", id(&order));
    let runs = crew.clerk.get(&path).ok();
    assert_eq!(version_numbers(&runs), [1]);
    let told = &runs["moves"][0]["difference"]["changes"][0];
    assert_eq!(told["figures"], json!([{ "field": "percent", "before": "3", "after": "2" }]));
    let later = crew.order(&contract, "200");
    let later = crew.clerk.get(&format!("/orders/{}/agreements", id(&later))).ok();
    assert_eq!((version_numbers(&later), &later["moves"]), (vec![&json!(2)], &json!([])));

    let reason = json!({ "reason": "both sides signed the amendment" });
    crew.clerk.post_version(&path, &runs["version"], &json!({ "reason": "no" })).problem(ProblemCode::ReasonRequired);
    let moved = crew.clerk.post_version(&path, &runs["version"], &reason).ok();
    assert_eq!((version_numbers(&moved), &moved["moves"]), (vec![&json!(2)], &json!([])));
    crew.clerk.post_version(&path, &runs["version"], &reason).problem(ProblemCode::VersionStale);
    crew.clerk.post_version(&path, &moved["version"], &reason).problem(ProblemCode::AgreementsCurrent);
    let timeline = crew.auditor.get(&format!("/audit-events?aggregate_kind=order&aggregate_id={}", id(&order))).ok();
    let event = &timeline["items"][0];
    assert_eq!((&event["action"], &event["reason"]), (&json!("moved"), &reason["reason"]));
    assert_eq!(event["details"]["before"], json!([format!("{} v1", agreement["number"].as_str().unwrap())]));
}

#[test]
fn an_order_runs_under_every_agreement_in_force_when_it_was_opened() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let before = crew.order(&contract, "100");
    crew.agreement(&contract, "contract", &[loss("3")]);
    crew.agreement(&contract, "quality_agreement", &[loss("4")]);
    let after = crew.order(&contract, "100");
    let count =
        |order: &Value| version_numbers(&crew.clerk.get(&format!("/orders/{}/agreements", id(order))).ok()).len();
    assert_eq!((count(&before), count(&after)), (0, 2));
}
