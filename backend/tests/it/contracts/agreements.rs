//! Agreements: written, approved by somebody else, amended, never altered.

use lotline_common::problem::ProblemCode;
use serde_json::json;

use crate::support::contracts::clause;
use crate::support::{Crew, TestApp, id};

fn loss(percent: &str) -> serde_json::Value {
    clause("4.1", json!({ "kind": "loss_allowance", "percent": percent }), json!({}))
}

#[test]
fn an_agreement_is_in_force_once_somebody_else_has_approved_it() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let draft = crew.agreement_draft(&contract, "quality_agreement", &[loss("3")]);
    assert_eq!((&draft["versions"][0]["state"], &draft["version_in_force"]), (&json!("draft"), &json!(null)));
    let effective = crew.version_approved(&draft["versions"][0]);
    assert_eq!((&effective["state"], &effective["in_force"]), (&json!("effective"), &json!(true)));
    assert_eq!(effective["approved_by"]["display_name"], "manager");
    let listed = crew.clerk.get("/agreements?in_force=true").ok();
    assert_eq!((&listed["items"][0]["version_in_force"], &listed["items"][0]["clause_count"]), (&json!(1), &json!(1)));
}

#[test]
fn whoever_wrote_a_version_cannot_approve_it_even_when_another_one_submitted_it() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let all = app.client("everything");
    let agreement = json!({
        "partner_id": contract.subcontractor["id"], "kind": "contract", "title": { "zh": "合同", "en": "" },
        "effective_from": "2026-01-01", "clauses": [loss("3")],
    });
    let written = all.post("/agreements", &agreement).ok();
    crew.version_submitted(&written["versions"][0]);
    let waiting = all.get("/approvals?state=pending").ok();
    let path = format!("/approvals/{}/decisions", id(&waiting["items"][0]));
    all.post(&path, &json!({ "decision": "approve" })).problem(ProblemCode::ApproverIsRequester);
    crew.approver.post(&path, &json!({ "decision": "approve" })).problem(ProblemCode::PermissionMissing);
}

#[test]
fn whoever_rewrote_a_version_cannot_approve_it_though_others_began_and_submitted_it() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let all = app.client("everything");
    let draft = crew.agreement_draft(&contract, "contract", &[loss("3")])["versions"][0].clone();
    let update = json!({ "effective_from": "2026-01-01", "change_note": "", "clauses": [loss("9")] });
    let draft = all.put(&format!("/agreement-versions/{}", id(&draft)), &draft["version"], &update).ok();
    crew.version_submitted(&draft);
    let waiting = all.get("/approvals?state=pending").ok();
    let path = format!("/approvals/{}/decisions", id(&waiting["items"][0]));
    all.post(&path, &json!({ "decision": "approve" })).problem(ProblemCode::ApproverIsRequester);
    crew.manager.post(&path, &json!({ "decision": "approve" })).ok();
    // Who rewrote one version may decide on another.
    let agreement = crew.quality.get(&format!("/agreements/{}", draft["agreement_id"].as_str().unwrap())).ok();
    app.clock.advance(chrono::TimeDelta::seconds(1));
    crew.version_submitted(&crew.amendment(&agreement, "2026-03-10", &[loss("2")]));
    let waiting = all.get("/approvals?state=pending").ok();
    let path = format!("/approvals/{}/decisions", id(&waiting["items"][0]));
    all.post(&path, &json!({ "decision": "approve" })).ok();
}

#[test]
fn what_is_in_force_is_never_edited_and_an_amendment_takes_its_place_from_a_day_on() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let agreement = crew.agreement(&contract, "contract", &[loss("3")]);
    let first = &agreement["versions"][0];
    let path = format!("/agreement-versions/{}", id(first));
    let update = json!({ "effective_from": "2026-01-01", "clauses": [loss("9")] });
    crew.quality.put(&path, &first["version"], &update).problem(ProblemCode::StateForbids);
    let second = crew.amendment(&agreement, "2026-03-10", &[loss("2.5")]);
    assert_eq!(second["version_number"], 2);
    let versions = format!("/agreements/{}/versions", id(&agreement));
    let another = json!({ "effective_from": "2026-05-01" });
    crew.quality.post(&versions, &another).problem(ProblemCode::StateForbids);
    let told = crew.quality.get(&format!("/agreement-versions/{}/difference", id(&second))).ok();
    assert_eq!(told["changes"][0]["figures"], json!([{ "field": "percent", "before": "3", "after": "2.5" }]));
    crew.version_approved(&second);
    let read = crew.quality.get(&format!("/agreements/{}", id(&agreement))).ok();
    let states = |read: &serde_json::Value| {
        let versions = read["versions"].as_array().unwrap().iter();
        versions.map(|version| (version["in_force"].clone(), version["state"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(read["versions"][1]["effective_to"], "2026-03-09");
    assert_eq!(states(&read), [(json!(false), json!("effective")), (json!(true), json!("effective"))]);
    app.clock.advance(chrono::TimeDelta::days(8));
    let crew = Crew::of(&app, &app.acme);
    let read = crew.quality.get(&format!("/agreements/{}", id(&agreement))).ok();
    assert_eq!(states(&read), [(json!(true), json!("effective")), (json!(false), json!("retired"))]);
}

#[test]
fn an_amendment_does_not_reach_back() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let agreement = crew.agreement(&contract, "contract", &[loss("3")]);
    let versions = format!("/agreements/{}/versions", id(&agreement));
    let early = json!({ "effective_from": "2026-01-01" });
    crew.quality.post(&versions, &early).problem(ProblemCode::DateOrderWrong);
    let amendment = crew.version_submitted(&crew.amendment(&agreement, "2026-03-01", &[loss("2")]));
    let waiting = crew.manager.get("/approvals?state=pending").ok();
    let path = format!("/approvals/{}/decisions", id(&waiting["items"][0]));
    crew.manager.post(&path, &json!({ "decision": "approve" })).problem(ProblemCode::DateOrderWrong);
    let path = format!("/agreement-versions/{}/transitions", id(&amendment));
    let back = crew.quality.post_version(&path, &amendment["version"], &json!({ "state": "draft" })).ok();
    assert_eq!(back["state"], "draft");
}

#[test]
fn every_clause_at_fault_is_named() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let foreign = json!({ "item_id": uuid::Uuid::now_v7() });
    let agreement = json!({
        "partner_id": contract.subcontractor["id"], "kind": "contract", "title": { "zh": "合同", "en": "" },
        "effective_from": "2026-01-01",
        "clauses": [loss("101"), clause("4.2", json!({ "kind": "scope" }), foreign)],
    });
    let problem = crew.quality.post("/agreements", &agreement).problem(ProblemCode::FieldsInvalid);
    let pointers: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
    assert_eq!(pointers, ["/clauses/0/terms/percent", "/clauses/1/item_id"]);
}
