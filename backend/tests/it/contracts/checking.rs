//! Clauses held against what people do: refused with figures, lifted by an override, or recorded.

use lotline_common::problem::ProblemCode;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::contracts::clause;
use crate::support::material::Contract;
use crate::support::{Crew, TestApp, id};

/// An order of 500 screws, which takes 5 kg worth 3000, picked and ready to be issued.
fn picked(crew: &Crew, contract: &Contract) -> (Value, Value) {
    let order = crew.order(contract, "500");
    let pick = crew.scan(&crew.pick(&crew.approve(&crew.requisition(&order))));
    (order, json!({ "pick_id": pick["id"] }))
}

fn value_quota(maximum: &str, enforcement: &str) -> Value {
    clause("4.2", json!({ "kind": "custody_quota", "maximum_value": maximum }), json!({ "enforcement": enforcement }))
}

#[test]
fn a_quota_refuses_an_issue_with_clause_text_figures_and_way_out_in_both_languages() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let agreement = crew.agreement(&contract, "contract", &[value_quota("2500", "approve")]);
    crew.released_lot(&contract, ("L-1", "20"));
    let (order, issue) = picked(&crew, &contract);
    let english = crew.warehouse.request(Method::POST, "/issue-notes").json(&issue).header("accept-language", "en");
    let english = english.send().problem(ProblemCode::ClauseRefuses);
    let detail = english["detail"].as_str().unwrap();
    let number = agreement["number"].as_str().unwrap();
    for part in [number, "4.2", "“Clause 4.2”", "now 0 in own currency", "afterwards 3000", "sets 2500"] {
        assert!(detail.contains(part), "{part}: {detail}");
    }
    assert!(english["remedy"].as_str().unwrap().contains("contract.approve"), "{english}");
    let chinese = crew.warehouse.post("/issue-notes", &issue).problem(ProblemCode::ClauseRefuses);
    assert!(chinese["detail"].as_str().unwrap().contains("“第4.2条”（在外额度，RM-BAR）"), "{chinese}");
    let figures = &chinese["figures"];
    assert_eq!(figures["clause_id"], agreement["versions"][0]["clauses"][0]["id"]);
    assert_eq!((&figures["figure_after"], &figures["order_id"]), (&json!("3000"), &order["id"]));
    assert_eq!(figures["step"], "issue", "a program reads the code, whatever the words say");
    let check = crew.clerk.get(&format!("/orders/{}/clause-check?step=issue", id(&order))).ok();
    assert_eq!(check["findings"][0]["figure_after"], "3000");
}

#[test]
fn an_approved_override_lets_one_issue_through_and_is_used_up() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let agreement = crew.agreement(&contract, "contract", &[value_quota("2500", "approve")]);
    let clause_id = id(&agreement["versions"][0]["clauses"][0]);
    crew.released_lot(&contract, ("L-1", "20"));
    let (order, issue) = picked(&crew, &contract);
    let refused = || drop(crew.warehouse.post("/issue-notes", &issue).problem(ProblemCode::ClauseRefuses));
    let pending = crew.override_asked(clause_id, &order["id"], ("0", "3000"));
    refused();
    crew.decide(id(&pending), "refuse");
    refused();
    let narrow = crew.override_asked(clause_id, &order["id"], ("0", "2999.99"));
    crew.decide(id(&narrow), "approve");
    refused();
    let wide = crew.override_asked(clause_id, &order["id"], ("0", "3000"));
    crew.decide(id(&wide), "approve");
    let tried = crew.warehouse.request(Method::POST, "/issue-notes?dry_run=true").json(&issue).send().ok();
    assert_eq!(tried["findings"][0]["override_id"], wide["id"]);
    let note = crew.warehouse.post("/issue-notes", &issue).ok();
    let used = crew.quality.get(&format!("/clause-overrides/{}", id(&wide))).ok();
    assert_eq!((&used["used_by"]["id"], &used["used_by"]["number"]), (&note["id"], &note["number"]));
    assert_eq!(crew.quality.get("/clause-overrides?used=true").ok()["items"].as_array().unwrap().len(), 1);
    let timeline = format!("/audit-events?aggregate_kind=order&aggregate_id={}", id(&order));
    let events = crew.auditor.get(&timeline).ok();
    let warned = events["items"].as_array().unwrap().iter().find(|event| event["action"] == "warned").unwrap();
    assert_eq!(warned["details"]["findings"][0]["override_id"], wide["id"]);
    // What is there now counts: the next order's issue meets the quota again, and no override is left.
    let (_, next) = picked(&crew, &contract);
    let problem = crew.warehouse.post("/issue-notes", &next).problem(ProblemCode::ClauseRefuses);
    assert_eq!(
        (&problem["figures"]["figure_now"], &problem["figures"]["figure_after"]),
        (&json!("3000"), &json!("6000"))
    );
}

#[test]
fn an_override_of_one_order_or_step_does_not_serve_another() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let agreement = crew.agreement(&contract, "contract", &[value_quota("2500", "approve")]);
    let clause_id = id(&agreement["versions"][0]["clauses"][0]);
    crew.released_lot(&contract, ("L-1", "20"));
    let other = crew.order(&contract, "100");
    let (order, issue) = picked(&crew, &contract);
    let foreign = crew.override_asked(clause_id, &other["id"], ("0", "9000"));
    crew.decide(id(&foreign), "approve");
    let receipt = json!({
        "clause_id": clause_id, "order_id": order["id"], "step": "receipt", "figure_now": "0", "figure_after": "9000",
        "reason": "meant for another step",
    });
    let receipt = crew.quality.post("/clause-overrides", &receipt).ok();
    crew.decide(id(&receipt), "approve");
    crew.warehouse.post("/issue-notes", &issue).problem(ProblemCode::ClauseRefuses);
}

#[test]
fn who_decides_on_a_requisition_sees_the_quota_before_and_after_what_is_left_of_it_and_what_lifts_it() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let tolerance = clause("4.3", json!({ "kind": "issue_tolerance", "over_percent": "5" }), json!({}));
    let agreement = crew.agreement(&contract, "contract", &[value_quota("5000", "approve"), tolerance]);
    crew.released_lot(&contract, ("L-1", "20"));
    // Five kilograms worth 3000 are with the subcontractor.
    let note = crew.issued(&contract, "500");
    let check = |requisition: &Value| {
        let path = format!("/requisitions/{}/clause-check", requisition.as_str().unwrap());
        crew.approver.get(&path).ok()
    };
    let figures = |finding: &Value| {
        let text = |name: &str| finding[name].as_str().unwrap().to_owned();
        let number = finding["clause"]["number"].as_str().unwrap().to_owned();
        [number, text("figure_now"), text("figure_after"), text("limit")]
    };
    let within = crew.requisition(&crew.order(&contract, "300"));
    let found = check(&within["id"]);
    assert_eq!((&found["step"], &found["findings"]), (&json!("issue"), &json!([])));
    assert_eq!(figures(&found["kept"][0]), ["4.2", "3000", "4800", "5000"]);
    assert_eq!(figures(&found["kept"][1]), ["4.3", "0", "3", "3.15"]);

    let order = crew.order(&contract, "500");
    let beyond = crew.requisition(&order);
    let found = check(&beyond["id"]);
    assert_eq!(figures(&found["findings"][0]), ["4.2", "3000", "6000", "5000"]);
    assert_eq!(found["findings"][0]["clause"]["agreement_number"], agreement["number"]);
    assert_eq!(found["kept"].as_array().unwrap().len(), 1, "the tolerance alone: {found}");

    let act = crew.override_asked(id(&agreement["versions"][0]["clauses"][0]), &order["id"], ("3000", "6000"));
    assert_eq!(check(&beyond["id"])["findings"][0]["override_id"], json!(null), "nobody allowed it yet");
    crew.decide(id(&act), "approve");
    assert_eq!(check(&beyond["id"])["findings"][0]["override_id"], act["id"]);
    let of_order = crew.clerk.get(&format!("/orders/{}/clause-check?step=issue", id(&order))).ok();
    assert_eq!(of_order["findings"][0]["override_id"], act["id"]);
    let unused = crew.quality.get(&format!("/clause-overrides/{}", id(&act))).ok();
    assert_eq!(unused["used_at"], json!(null), "looking uses nothing up");

    // One that was issued is answered as it would be now.
    let again = check(&note["requisition_id"]);
    assert_eq!(figures(&again["findings"][0]), ["4.2", "3000", "6000", "5000"]);
}

#[test]
fn a_warning_lets_through_and_is_said_and_recorded() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    crew.agreement(&contract, "contract", &[value_quota("2500", "warn")]);
    crew.released_lot(&contract, ("L-1", "20"));
    let (order, issue) = picked(&crew, &contract);
    let note = crew.warehouse.post("/issue-notes", &issue).ok();
    assert_eq!((&note["findings"][0]["enforcement"], &note["findings"][0]["limit"]), (&json!("warn"), &json!("2500")));
    let timeline = crew.auditor.get(&format!("/audit-events?aggregate_kind=order&aggregate_id={}", id(&order))).ok();
    assert!(timeline["items"].as_array().unwrap().iter().any(|event| event["action"] == "warned"));
}

#[test]
fn an_order_without_any_agreement_is_let_through_with_a_warning() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let order = crew.order(&contract, "100");
    let finding = &order["findings"][0];
    assert_eq!((&finding["clause"], &finding["subject"]), (&json!(null), &json!("SUB-A")));
}

/// What opening an order meets under one clause.
fn opening(terms: Value, more: Value) -> (ProblemCode, Value) {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    crew.agreement(&contract, "quality_agreement", &[clause("1.1", terms, more)]);
    let order = json!({
        "partner_id": contract.subcontractor["id"], "operation_id": contract.operation["id"],
        "product_id": contract.product["id"], "quantity": "100", "due_on": "2026-03-12",
    });
    let order = crew.clerk.post("/orders", &order).ok();
    let path = format!("/orders/{}/transitions", id(&order));
    let problem = crew.clerk.post_version(&path, &order["version"], &json!({ "state": "open" }));
    let figures = problem.problem(ProblemCode::ClauseRefuses)["figures"].clone();
    let still = crew.clerk.get(&format!("/orders/{}", id(&order))).ok();
    assert_eq!(still["record_state"], "draft");
    let runs = crew.clerk.get(&format!("/orders/{}/agreements", id(&order))).ok();
    assert_eq!(runs["versions"].as_array().unwrap().len(), 1, "a draft would run under what is in force");
    (ProblemCode::ClauseRefuses, figures)
}

#[test]
fn an_order_is_not_opened_with_a_certificate_or_approval_that_has_run_out_nor_when_it_is_due_too_soon() {
    let certificate = json!({
        "kind": "certificate", "certificate_kind": "ISO 13485", "certificate_number": "Q5 0321", "expires_on": "2026-03-01",
    });
    let (_, figures) = opening(certificate, json!({}));
    assert_eq!(figures["subject"], "ISO 13485 Q5 0321 ≤ 2026-03-01");
    assert_eq!((&figures["figure_now"], &figures["unit"]), (&json!("1"), &json!("天")));
    let approved = json!({ "kind": "approved_subcontractor", "valid_until": "2026-02-20", "audited_on": "2025-02-20" });
    assert_eq!(opening(approved, json!({})).1["figure_now"], "10");
    let lead = json!({ "kind": "lead_time", "issue_transit_days": 2, "processing_days": 7, "return_transit_days": 2 });
    let (_, figures) = opening(lead, json!({}));
    assert_eq!((&figures["figure_now"], &figures["limit"]), (&json!("10"), &json!("11")));
}

#[test]
fn an_order_for_work_outside_the_scope_is_not_opened() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let other = crew.operation("EDM");
    let scope = clause("1.1", json!({ "kind": "scope" }), json!({ "operation_id": other["id"] }));
    crew.agreement(&contract, "quality_agreement", &[scope]);
    let order = json!({
        "partner_id": contract.subcontractor["id"], "operation_id": contract.operation["id"],
        "product_id": contract.product["id"], "quantity": "100", "due_on": "2026-05-01",
    });
    let order = crew.clerk.post("/orders", &order).ok();
    let path = format!("/orders/{}/transitions", id(&order));
    let problem = crew.clerk.post_version(&path, &order["version"], &json!({ "state": "open" }));
    assert_eq!(problem.problem(ProblemCode::ClauseRefuses)["figures"]["subject"], "FG-SCREW × CNC");
}

#[test]
fn a_certificate_that_runs_out_meanwhile_stops_the_issue() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let certificate = json!({
        "kind": "certificate", "certificate_kind": "ISO 13485", "certificate_number": "Q5", "expires_on": "2026-03-02",
    });
    let quota = json!({ "kind": "custody_quota", "maximum_days": 60 });
    crew.agreement(&contract, "contract", &[clause("2.1", certificate, json!({})), clause("4.3", quota, json!({}))]);
    crew.released_lot(&contract, ("L-1", "20"));
    let (_, first) = picked(&crew, &contract);
    crew.warehouse.post("/issue-notes", &first).ok();
    let (_, second) = picked(&crew, &contract);
    app.clock.advance(chrono::TimeDelta::days(61));
    let crew = Crew::of(&app, &app.acme);
    let problem = crew.warehouse.post("/issue-notes", &second).problem(ProblemCode::ClauseRefuses);
    let told: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["detail"].as_str().unwrap()).collect();
    assert_eq!(told.len(), 2);
    assert!(told[0].contains("第 2.1 条") && told[1].contains("现为 61 天"), "{told:?}");
}
