//! Segregation of duties over all roles (R19; 21 CFR 11.10(g)).

use lotline_common::approvals::flow::APPROVABLE;
use lotline_common::ledger::DocumentKind;
use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::{Scene, approve, entitled};

const ROLES: &[&str] = &["clerk", "warehouse", "approver", "quality", "manager", "auditor", "admin", "everything"];

/// Whoever asks never decides; whoever lacks the right never does; everybody else with the right may, whatever the role.
#[test]
fn over_all_roles_only_those_with_the_right_who_did_not_ask_decide() {
    let scene = Scene::begin();
    let may_ask = ["clerk", "approver", "everything"];
    let may_decide = ["approver", "manager", "everything"];
    for requester in may_ask {
        for role in ROLES {
            let asker = scene.app.client(requester);
            let order = scene.crew.order(&scene.contract, "100");
            let line = json!({ "item_id": scene.contract.bar["id"], "quantity": "1" });
            let wanted = json!({ "order_id": order["id"], "needed_on": "2026-04-20", "priority": "normal",
                "lines": [line], "submit": true });
            let requisition = asker.post("/requisitions", &wanted).ok();
            let answer = scene.decide(&scene.app.client(role), &requisition["approval"], "approve");
            if !may_decide.contains(role) {
                answer.problem(ProblemCode::PermissionMissing);
            } else if *role == requester {
                answer.problem(ProblemCode::ApproverIsRequester);
            } else {
                answer.ok();
            }
        }
    }
}

#[test]
fn one_who_countersigned_or_agreed_does_not_do_the_other_and_a_candidate_is_never_one_who_may_not() {
    let scene = Scene::begin();
    scene.flow(
        "requisition",
        &json!([approve("a", entitled(), json!({})), approve("b", entitled(), json!({}))]),
        &Value::Null,
    );
    let approval = scene.requisition("10")["approval"].clone();
    assert_eq!(scene.asked(&approval), ["approver", "everything", "manager"]);
    for step in ["a", "b"] {
        let found =
            scene.crew.admin.get(&format!("/approvals/{}/candidates?step={step}", approval["id"].as_str().unwrap()));
        for candidate in found.ok().as_array().unwrap() {
            let name = candidate["display_name"].as_str().unwrap();
            assert!(["approver", "everything", "manager"].contains(&name), "{name} may not decide at {step}");
        }
    }
}

/// The table that the browser draws by is the one that the server decides by.
#[test]
fn every_kind_that_can_be_drawn_for_has_what_follows_and_the_other_way_round() {
    let scene = Scene::begin();
    let registry = &scene.app.state.approvals;
    for kind in DocumentKind::ALL {
        let drawable = APPROVABLE.iter().any(|(approvable, _)| approvable == kind);
        assert_eq!(registry.effect(*kind).is_some(), drawable, "{kind}");
    }
}
