//! Acts against a clause: asked for, approved by somebody else, used once.

use lotline_common::problem::ProblemCode;
use serde_json::json;

use crate::support::contracts::clause;
use crate::support::{Crew, TestApp, id};

#[test]
fn only_a_clause_that_provides_for_it_can_be_overridden() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let terms = json!({ "kind": "issue_tolerance", "over_percent": "5" });
    let agreement = crew.agreement(&contract, "contract", &[clause("4.1", terms, json!({}))]);
    let order = crew.order(&contract, "500");
    let act = json!({
        "clause_id": agreement["versions"][0]["clauses"][0]["id"], "order_id": order["id"], "step": "issue",
        "figure_now": "5", "figure_after": "6", "reason": "one kilogram was spoilt",
    });
    crew.quality.post("/clause-overrides", &act).problem(ProblemCode::ClauseNotOverridable);
}

#[test]
fn an_override_is_decided_by_somebody_else_and_can_be_taken_back() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let terms = json!({ "kind": "issue_tolerance", "over_percent": "5" });
    let approvable = clause("4.1", terms, json!({ "enforcement": "approve" }));
    let agreement = crew.agreement(&contract, "contract", &[approvable]);
    let order = crew.order(&contract, "500");
    let clause_id = id(&agreement["versions"][0]["clauses"][0]);
    let asked = crew.override_asked(clause_id, &order["id"], ("5", "6"));
    assert_eq!(asked["approval_state"], "pending");
    crew.decide(id(&asked), "approve");
    let path = format!("/clause-overrides/{}", id(&asked));
    let approved = crew.quality.get(&path).ok();
    assert_eq!(
        (&approved["approval_state"], &approved["decided_by"]["display_name"]),
        (&json!("approved"), &json!("manager"))
    );
    let back = json!({ "state": "withdrawn", "reason": "the order was reduced" });
    let transitions = format!("{path}/transitions");
    let withdrawn = crew.quality.post_version(&transitions, &approved["version"], &back).ok();
    assert_eq!(withdrawn["approval_state"], "withdrawn");
    crew.quality.post_version(&transitions, &withdrawn["version"], &back).problem(ProblemCode::StateForbids);
    let refused = crew.override_asked(clause_id, &order["id"], ("5", "9"));
    crew.decide(id(&refused), "refuse");
    let refused = crew.quality.get(&format!("/clause-overrides/{}", id(&refused))).ok();
    assert_eq!(refused["approval_state"], "rejected");
}
