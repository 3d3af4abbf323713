//! Material beyond what an order requires: asked for with a reason, held against the contract.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use crate::support::contracts::clause;
use crate::support::material::Contract;
use crate::support::{Crew, TestApp, id};

fn supplement(contract: &Contract, order: &Value, quantity: &str, reason: &str) -> Value {
    json!({
        "order_id": order["id"], "needed_on": "2026-03-25", "priority": "normal", "supplement": "process_loss",
        "reason": reason, "lines": [{ "item_id": contract.bar["id"], "quantity": quantity }], "submit": true,
    })
}

#[test]
fn a_supplement_needs_a_reason_and_an_approver_and_stands_apart_in_the_books() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    crew.released_lot(&contract, ("L-1", "20"));
    let order = crew.confirmed(&app, &contract, "500");
    let mut plain = supplement(&contract, &order, "1", "the first bars broke");
    plain["supplement"] = Value::Null;
    crew.clerk.post("/requisitions", &plain).problem(ProblemCode::IssueExceedsRequirement);
    let unsaid = supplement(&contract, &order, "1", " no ");
    crew.clerk.post("/requisitions", &unsaid).problem(ProblemCode::ReasonRequired);
    let asked = crew.clerk.post("/requisitions", &supplement(&contract, &order, "1", "the first bars broke")).ok();
    assert_eq!((&asked["approval_state"], &asked["supplement"]), (&json!("pending"), &json!("process_loss")));
    let listed = crew.clerk.get("/requisitions?supplement=process_loss").ok();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let note = crew.issue(&crew.scan(&crew.pick(&crew.approve(&asked))));
    let moved = crew.clerk.get(&format!("/movements?document_id={}", id(&note))).ok();
    assert_eq!(moved["items"][0]["kind"], "supplement");
    let account = crew.account(&order);
    assert_eq!((&account["lines"][0]["issued"], &account["lines"][0]["in_transit"]), (&json!("6"), &json!("1")));
    assert_eq!(crew.clerk.get(&format!("/orders/{}", id(&order))).ok()["issue_state"], "over_issued");
}

#[test]
fn what_the_contract_tolerates_limits_a_supplement_when_it_is_issued() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let terms = json!({ "kind": "issue_tolerance", "over_percent": "10" });
    crew.agreement(&contract, "contract", &[clause("4.3", terms, json!({}))]);
    crew.released_lot(&contract, ("L-1", "20"));
    let order = crew.confirmed(&app, &contract, "500");
    let picked = |quantity: &str| {
        let asked = crew.clerk.post("/requisitions", &supplement(&contract, &order, quantity, "the first bars broke"));
        crew.scan(&crew.pick(&crew.approve(&asked.ok())))
    };
    let too_much = json!({ "pick_id": picked("1")["id"] });
    let problem = crew.warehouse.post("/issue-notes", &too_much).problem(ProblemCode::ClauseRefuses);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("4.3") && detail.contains('6') && detail.contains("5.5"), "{detail}");
    crew.issue(&picked("0.5"));
}
