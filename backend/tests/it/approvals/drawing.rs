//! Drawing a flow, having it published, and the version that a document stays on.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::{Scene, approve, entitled, person};
use crate::support::id;

#[test]
fn whoever_drew_any_of_a_flow_does_not_publish_it() {
    let scene = Scene::begin();
    let steps = json!([approve("a", entitled(), json!({}))]);
    let flow = scene
        .everything
        .post(
            "/approval-flows",
            &json!({ "document_kind": "requisition",
        "name": { "zh": "发料审批", "en": "Issue" } }),
        )
        .ok();
    let version = &flow["versions"][0];
    assert_eq!((&version["state"], &version["version_number"]), (&json!("draft"), &json!(1)));
    let path = format!("/approval-flow-versions/{}", id(version));
    let drawn = json!({ "drawing": { "steps": steps }, "change_note": "first" });
    let flow = scene.crew.admin.put(&path, &version["version"], &drawn).ok();
    // Submitted by one who did not draw it: still neither of the two who did may publish it.
    scene
        .crew
        .quality
        .post_version(&format!("{path}/transitions"), &flow["versions"][0]["version"], &json!({ "state": "pending" }))
        .ok();
    let approval = scene.waiting(id(&flow));
    scene.decide(&scene.everything, &approval, "approve").problem(ProblemCode::ApproverIsRequester);
    scene.decide(&scene.crew.approver, &approval, "approve").problem(ProblemCode::PermissionMissing);
    scene.decide(&scene.crew.manager, &approval, "approve").ok();
    let flow = scene.crew.admin.get(&format!("/approval-flows/{}", id(&flow))).ok();
    assert_eq!((&flow["published_number"], &flow["draft_state"]), (&json!(1), &Value::Null));
    // What is published is not drawn any more.
    let published = &flow["versions"][0];
    scene.crew.admin.put(&path, &published["version"], &drawn).problem(ProblemCode::StateForbids);
}

#[test]
fn a_flow_with_flaws_can_be_drawn_but_not_submitted() {
    let scene = Scene::begin();
    let nobody = scene.person("warehouse");
    let never = json!({ "key": "which", "act": { "kind": "choose", "branches": [
        { "condition": { "kind": "all", "of": [
            { "kind": "number", "fact": "value", "is": "more_than", "than": "10" },
            { "kind": "number", "fact": "value", "is": "less_than", "than": "5" }] },
          "steps": [approve("a", entitled(), json!({}))] }] } });
    for (steps, fault) in [
        (json!([]), "nobody_decides"),
        (json!([approve("a", person(&nobody), json!({}))]), "nobody_resolves"),
        (json!([approve("a", entitled(), json!({})), approve("a", entitled(), json!({}))]), "key_taken"),
        (json!([approve("b", entitled(), json!({})), never]), "never_taken"),
    ] {
        let draft = scene.draft("requisition", &steps, &Value::Null);
        let refused = scene.submit(&draft).problem(ProblemCode::FlowFlawed);
        assert!(refused["detail"].as_str().unwrap().contains(fault), "{fault}: {refused}");
    }
}

#[test]
fn a_flow_that_runs_inside_itself_through_another_one_is_not_published() {
    let scene = Scene::begin();
    let inside = |flow: &Value| json!([{ "key": "sub", "act": { "kind": "sub_flow", "flow_id": flow["id"] } }]);
    let first = scene.flow("requisition", &json!([approve("a", entitled(), json!({}))]), &Value::Null);
    let second = scene.flow("requisition", &inside(&first), &Value::Null);
    let redrawn = scene.crew.admin.post(&format!("/approval-flows/{}/versions", id(&first)), &json!({})).ok();
    let draft = &redrawn["versions"][0];
    let path = format!("/approval-flow-versions/{}", id(draft));
    let redrawn =
        scene.crew.admin.put(&path, &draft["version"], &json!({ "drawing": { "steps": inside(&second) } })).ok();
    let refused = scene.submit(&redrawn).problem(ProblemCode::FlowFlawed);
    assert!(refused["detail"].as_str().unwrap().contains("circle"), "{refused}");
}

#[test]
fn a_condition_of_the_wrong_type_is_refused_where_it_stands() {
    let scene = Scene::begin();
    let condition = json!({ "kind": "number", "fact": "subcontractor", "is": "more_than", "than": "10" });
    let flow = json!({ "document_kind": "requisition", "name": { "zh": "流程", "en": "" }, "condition": condition });
    let refused = scene.crew.admin.post("/approval-flows", &flow).problem(ProblemCode::BodyMalformed);
    assert!(refused["detail"].as_str().unwrap().contains("condition"), "{refused}");
    let flow = json!({ "document_kind": "receipt", "name": { "zh": "流程", "en": "" } });
    scene.crew.admin.post("/approval-flows", &flow).problem(ProblemCode::ReferenceUnknown);
}

#[test]
fn a_document_goes_through_the_first_flow_whose_condition_holds() {
    let scene = Scene::begin();
    let (approver, manager) = (scene.person("approver"), scene.person("manager"));
    let large = json!({ "kind": "number", "fact": "quantity", "is": "at_least", "than": "1" });
    scene.flow("requisition", &json!([approve("large", person(&manager), json!({}))]), &large);
    scene.flow("requisition", &json!([approve("any", person(&approver), json!({}))]), &Value::Null);
    let asked = |quantity| scene.asked(&scene.requisition(quantity)["approval"]);
    assert_eq!(asked("150"), ["manager"]);
    assert_eq!(asked("20"), ["approver"]);
}

#[test]
fn an_approval_stays_on_the_version_on_which_it_began() {
    let scene = Scene::begin();
    let (approver, manager) = (scene.person("approver"), scene.person("manager"));
    let flow = scene.flow("requisition", &json!([approve("a", person(&approver), json!({}))]), &Value::Null);
    let before = scene.requisition("10");
    let redrawn = scene.crew.admin.post(&format!("/approval-flows/{}/versions", id(&flow)), &json!({})).ok();
    let draft = &redrawn["versions"][0];
    assert_eq!((&draft["version_number"], &draft["drawing"]), (&json!(2), &flow["versions"][0]["drawing"]));
    let steps = json!([approve("a", person(&manager), json!({}))]);
    let redrawn = scene
        .crew
        .admin
        .put(
            &format!("/approval-flow-versions/{}", id(draft)),
            &draft["version"],
            &json!({ "drawing": { "steps": steps }, "change_note": "the manager" }),
        )
        .ok();
    let published = scene.publish(&redrawn);
    assert_eq!(
        (&published["versions"][0]["state"], &published["versions"][1]["state"]),
        (&json!("published"), &json!("retired"))
    );
    assert_eq!(published["running"], 1);
    let after = scene.requisition("10");
    assert_eq!(before["approval"]["flow"]["version_number"], 1);
    assert_eq!(after["approval"]["flow"]["version_number"], 2);
    assert_eq!(scene.asked(&before["approval"]), ["approver"]);
    assert_eq!(scene.asked(&after["approval"]), ["manager"]);
    scene.decide(&scene.crew.approver, &before["approval"], "approve").ok();
    assert_eq!((scene.state(&before).as_str(), scene.state(&after).as_str()), ("approved", "pending"));
}

#[test]
fn the_past_is_told_for_trying_a_drawing_on_it_and_the_beat_of_each_step() {
    let scene = Scene::begin();
    let approver = scene.person("approver");
    let due = json!({ "due": { "hours": 2 } });
    let flow = scene.flow("requisition", &json!([approve("a", person(&approver), due)]), &Value::Null);
    for minutes in [10, 20, 180] {
        let requisition = scene.requisition("10");
        scene.app.clock.advance(chrono::TimeDelta::minutes(minutes));
        scene.decide(&scene.crew.approver, &requisition["approval"], "approve").ok();
    }
    scene.requisition("5");
    let past = scene.crew.admin.get(&format!("/approval-flows/{}/past", id(&flow))).ok();
    assert_eq!(past["documents"].as_array().unwrap().len(), 4);
    assert_eq!(past["documents"][0]["facts"]["numbers"]["quantity"], "0.05");
    assert_eq!(past["documents"][1]["asked_ids"], json!([approver]));
    assert_eq!(past["pace_seconds"][approver.as_str().unwrap()], 1200);
    let beat = scene.crew.admin.get(&format!("/approval-flows/{}/beat", id(&flow))).ok();
    let [step] = beat.as_array().unwrap().as_slice() else { panic!("{beat}") };
    let figures = ["decided", "median_seconds", "late", "waiting", "overdue"].map(|name| step[name].as_i64().unwrap());
    assert_eq!(figures, [3, 1200, 1, 1, 0]);
}
