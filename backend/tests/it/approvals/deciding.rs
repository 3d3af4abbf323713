//! Deciding: who is asked, what each can do, and when the document takes effect.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::{Scene, approve, entitled, person};
use crate::support::id;
use crate::support::material::portal_login;

#[test]
fn all_who_are_named_have_to_agree_before_anything_follows() {
    let scene = Scene::begin();
    let both = json!([{ "kind": "person", "person_id": scene.person("approver") },
        { "kind": "person", "person_id": scene.person("manager") }]);
    scene.flow("requisition", &json!([approve("both", both, json!({ "quorum": { "kind": "all" } }))]), &Value::Null);
    let requisition = scene.requisition("10");
    let approval = &requisition["approval"];
    assert_eq!(scene.asked(approval), ["approver", "manager"]);
    scene.decide(&scene.everything, approval, "approve").problem(ProblemCode::NotAsked);
    let after = scene.decide(&scene.crew.approver, approval, "approve").ok();
    assert_eq!((&after["state"], &after["decidable"]), (&json!("pending"), &json!(false)));
    assert_eq!(scene.state(&requisition), "pending");
    scene.decide(&scene.crew.approver, approval, "approve").problem(ProblemCode::NotAsked);
    scene.decide(&scene.crew.manager, approval, "approve").ok();
    assert_eq!(scene.state(&requisition), "approved");
    scene.decide(&scene.crew.manager, approval, "refuse").problem(ProblemCode::AlreadyDecided);
}

#[test]
fn a_step_that_moved_on_says_who_decided_it() {
    let scene = Scene::begin();
    let steps = json!([
        approve("first", entitled(), json!({})),
        approve("second", person(&scene.person("manager")), json!({})),
    ]);
    scene.flow("requisition", &steps, &Value::Null);
    let approval = scene.requisition("10")["approval"].clone();
    scene.decide(&scene.crew.approver, &approval, "approve").ok();
    let late = json!({ "decision": "approve", "step": "first" });
    let path = format!("/approvals/{}/decisions", id(&approval));
    let refused = scene.everything.post(&path, &late).problem(ProblemCode::StepMovedOn);
    assert!(refused["detail"].as_str().unwrap().contains("approver"), "{refused}");
}

#[test]
fn it_goes_back_to_an_earlier_step_or_to_whoever_asked() {
    let scene = Scene::begin();
    let steps = json!([
        approve("first", person(&scene.person("approver")), json!({})),
        approve("second", person(&scene.person("manager")), json!({})),
    ]);
    scene.flow("requisition", &steps, &Value::Null);
    let requisition = scene.requisition("10");
    let approval = &requisition["approval"];
    let path = format!("/approvals/{}/decisions", id(approval));
    let back = |to: Value| json!({ "decision": "return", "reason": "certificate is missing", "back_to": to });
    scene.crew.approver.post(&path, &back(json!("second"))).problem(ProblemCode::StepNotBefore);
    scene.decide(&scene.crew.approver, approval, "approve").ok();
    let task = scene.progress(&scene.crew.manager, approval)["tasks"][0].clone();
    assert_eq!(task["back_to"][0]["key"], "first");
    scene.crew.manager.post(&path, &back(json!("first"))).ok();
    assert_eq!(scene.asked(approval), ["approver"]);
    assert_eq!(scene.state(&requisition), "pending");
    scene.decide(&scene.crew.approver, approval, "approve").ok();
    scene.crew.manager.post(&path, &back(Value::Null)).ok();
    assert_eq!(scene.state(&requisition), "draft");
    let kinds: Vec<_> = scene.progress(&scene.crew.manager, approval)["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["began", "approved", "returned", "approved", "returned", "ended"]);
}

#[test]
fn who_is_asked_passes_it_on_only_where_the_flow_lets_it_and_to_whoever_may() {
    let scene = Scene::begin();
    let (approver, manager) = (scene.person("approver"), scene.person("manager"));
    let steps = json!([
        approve("a", person(&approver), json!({ "may_delegate": true })),
        approve("b", person(&approver), json!({}))
    ]);
    scene.flow("requisition", &steps, &Value::Null);
    let requisition = scene.requisition("10");
    let approval = &requisition["approval"];
    let path = format!("/approvals/{}/involvements", id(approval));
    let pass = |step: &str, to: &Value| json!({ "involvement": "delegate", "step": step, "person_id": to, "reason": "knows the lot better" });
    scene.crew.approver.post(&path, &pass("a", &scene.person("warehouse"))).problem(ProblemCode::PersonNotEligible);
    scene.crew.approver.post(&path, &pass("a", &scene.person("clerk"))).problem(ProblemCode::DutiesApart);
    scene.crew.approver.post(&path, &pass("a", &approver)).problem(ProblemCode::PersonAlreadyAsked);
    scene.crew.manager.post(&path, &pass("a", &scene.person("everything"))).problem(ProblemCode::NotAsked);
    let candidates = scene.crew.approver.get(&format!("/approvals/{}/candidates?step=a", id(approval))).ok();
    let names = candidates.as_array().unwrap().iter().map(|known| known["display_name"].as_str().unwrap());
    assert_eq!(names.collect::<std::collections::BTreeSet<_>>(), ["everything", "manager"].into());
    scene.crew.approver.post(&path, &pass("a", &manager)).ok();
    assert_eq!(scene.asked(approval), ["manager"]);
    let task = scene.progress(&scene.crew.manager, approval)["tasks"][0].clone();
    assert_eq!(task["in_place_of"]["display_name"], "approver");
    scene.decide(&scene.crew.approver, approval, "approve").problem(ProblemCode::NotAsked);
    scene.decide(&scene.crew.manager, approval, "approve").ok();
    scene.crew.approver.post(&path, &pass("b", &manager)).problem(ProblemCode::StepNotDelegable);
}

#[test]
fn whoever_is_asked_has_another_agree_as_well() {
    let scene = Scene::begin();
    scene.flow("requisition", &json!([approve("a", person(&scene.person("approver")), json!({}))]), &Value::Null);
    let requisition = scene.requisition("10");
    let approval = &requisition["approval"];
    let add =
        json!({ "involvement": "add", "step": "a", "person_id": scene.person("manager"), "reason": "large order" });
    scene.crew.approver.post(&format!("/approvals/{}/involvements", id(approval)), &add).ok();
    scene.decide(&scene.crew.approver, approval, "approve").ok();
    assert_eq!(scene.state(&requisition), "pending");
    scene.decide(&scene.crew.manager, approval, "approve").ok();
    assert_eq!(scene.state(&requisition), "approved");
}

#[test]
fn what_has_to_be_filled_in_is_filled_in_and_kept() {
    let scene = Scene::begin();
    let fields =
        json!([{ "key": "limit", "label": { "zh": "上限", "en": "Limit" }, "kind": "number", "required": true }]);
    scene.flow("requisition", &json!([approve("a", entitled(), json!({ "fields": fields }))]), &Value::Null);
    let approval = scene.requisition("10")["approval"].clone();
    let path = format!("/approvals/{}/decisions", id(&approval));
    let decide = |filled: Value| json!({ "decision": "approve", "filled": filled });
    let refused = scene.crew.approver.post(&path, &decide(json!({}))).problem(ProblemCode::FieldsInvalid);
    assert_eq!(refused["errors"][0]["pointer"], "/filled/limit");
    let text = decide(json!({ "limit": { "kind": "text", "value": "much" } }));
    scene.crew.approver.post(&path, &text).problem(ProblemCode::FieldsInvalid);
    scene.crew.approver.post(&path, &decide(json!({ "limit": { "kind": "number", "value": "12.50" } }))).ok();
    let entries = scene.progress(&scene.crew.manager, &approval)["entries"].clone();
    assert_eq!(entries[1]["filled"]["limit"]["value"], "12.50");
    let events = scene.crew.auditor.get("/audit-events?aggregate_kind=approval").ok();
    assert_eq!(events["items"][0]["details"]["filled"]["limit"]["value"], "12.50");
}

#[test]
fn where_the_flow_lets_a_document_pass_it_takes_effect_at_once_and_nobody_is_said_to_have_decided() {
    let scene = Scene::begin();
    let large = json!({ "kind": "number", "fact": "quantity", "is": "at_least", "than": "1" });
    let steps = json!([{ "key": "which", "act": { "kind": "choose", "branches": [
        { "condition": large, "steps": [approve("a", entitled(), json!({}))] }] } }]);
    scene.flow("requisition", &steps, &Value::Null);
    let small = scene.requisition("10");
    assert_eq!((&small["approval_state"], &small["approval"]["decided_by"]), (&json!("approved"), &Value::Null));
    assert_eq!(scene.requisition("100")["approval_state"], "pending");
}

#[test]
fn the_subcontractor_countersigns_beside_the_maker_and_sees_nothing_else() {
    let scene = Scene::begin();
    let partner = scene.contract.subcontractor["id"].as_str().unwrap().parse().unwrap();
    let login = portal_login(&scene.contract);
    scene.app.acme.portal_member(&scene.app.database, &login, partner);
    let portal = scene.app.client(&login);
    let countersign = json!({ "key": "theirs", "act": { "kind": "countersign", "who": [{ "kind": "subcontractor" }],
        "quorum": { "kind": "one" }, "meaning": "countersignature" } });
    let steps = json!([{ "key": "both", "act": { "kind": "parallel", "join": { "kind": "all" }, "lanes": [
        { "steps": [approve("ours", entitled(), json!({}))] }, { "steps": [countersign] }] } }]);
    scene.flow("requisition", &steps, &Value::Null);
    let requisition = scene.requisition("10");
    let approval = &requisition["approval"];
    let asked = portal.get("/countersignatures").ok();
    assert_eq!(
        (&asked["items"][0]["id"], &asked["items"][0]["document"]["number"]),
        (&approval["id"], &requisition["number"])
    );
    portal.get(&format!("/approvals/{}", id(approval))).problem(ProblemCode::PermissionMissing);
    let decide = |decision: &str, reason: &str| {
        let decision = json!({ "decision": decision, "reason": reason });
        portal.post(&format!("/countersignatures/{}/decisions", id(approval)), &decision)
    };
    decide("refuse", "").problem(ProblemCode::ReasonRequired);
    decide("approve", "").ok();
    decide("approve", "").problem(ProblemCode::NotFound);
    assert_eq!(portal.get("/countersignatures").ok()["items"], json!([]));
    assert_eq!(scene.state(&requisition), "pending");
    scene.decide(&scene.crew.approver, approval, "approve").ok();
    assert_eq!(scene.state(&requisition), "approved");
}

#[test]
fn a_question_waits_for_its_answer() {
    let scene = Scene::begin();
    let approval = scene.requisition("10")["approval"].clone();
    let path = format!("/approvals/{}/remarks", id(&approval));
    let remark = |to: &str, text: &str| json!({ "person_id": scene.person(to), "text": text });
    scene.crew.approver.post(&path, &remark("clerk", "why so much?")).ok();
    let of_clerk =
        |filter: &str| scene.crew.clerk.get(&format!("/approvals?{filter}")).ok()["items"].as_array().unwrap().len();
    assert_eq!(of_clerk("questioned=true"), 1);
    scene.crew.clerk.post(&path, &remark("approver", "two orders at once")).ok();
    assert_eq!(of_clerk("questioned=true"), 0);
    scene.crew.clerk.post(&path, &remark("clerk", "to myself")).problem(ProblemCode::ReferenceUnknown);
    let entries = scene.progress(&scene.crew.approver, &approval)["entries"].clone();
    let kinds: Vec<_> = entries.as_array().unwrap().iter().map(|entry| entry["kind"].clone()).collect();
    assert_eq!(kinds, [json!("began"), json!("question"), json!("answer")]);
}
