//! Time and people: what is overdue, who is away, who lost the right, and what nobody may decide.

use chrono::TimeDelta;
use lotline::clock::Clock as _;
use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::{Scene, approve, entitled, person};
use crate::support::id;

fn away(scene: &Scene, hours: (i64, i64), stand_in: &Value) -> Value {
    let at = |hours| (scene.app.clock.now() + TimeDelta::hours(hours)).to_rfc3339();
    json!({ "starts_at": at(hours.0), "ends_at": at(hours.1), "stand_in_id": stand_in, "reason": "at the supplier's" })
}

#[test]
fn what_is_overdue_is_asked_of_those_above_as_well() {
    let mut scene = Scene::begin();
    let due = json!({ "due": { "hours": 4, "escalate_to": person(&scene.person("manager")) } });
    scene.flow("requisition", &json!([approve("a", person(&scene.person("approver")), due)]), &Value::Null);
    let requisition = scene.requisition("10");
    let approval = &requisition["approval"];
    scene.wait(TimeDelta::hours(3));
    scene.look();
    assert_eq!(scene.asked(approval), ["approver"]);
    scene.wait(TimeDelta::hours(2));
    scene.look();
    scene.look();
    assert_eq!(scene.asked(approval), ["approver", "manager"]);
    let entries = scene.progress(&scene.crew.manager, approval)["entries"].clone();
    let overdue = entries.as_array().unwrap().iter().filter(|entry| entry["kind"] == "overdue").count();
    assert_eq!(overdue, 1);
    scene.decide(&scene.crew.manager, approval, "approve").ok();
    assert_eq!(scene.state(&requisition), "approved");
}

#[test]
fn who_is_away_is_stood_in_for_and_the_record_says_for_whom() {
    let scene = Scene::begin();
    let (approver, manager) = (scene.person("approver"), scene.person("manager"));
    scene.flow("requisition", &json!([approve("a", person(&approver), json!({}))]), &Value::Null);
    let absence = scene.crew.approver.post("/absences", &away(&scene, (-1, 8), &manager)).ok();
    assert_eq!(absence["person"]["display_name"], "approver");
    let requisition = scene.requisition("10");
    assert_eq!(scene.asked(&requisition["approval"]), ["manager"]);
    scene.decide(&scene.crew.manager, &requisition["approval"], "approve").ok();
    let entries = scene.progress(&scene.crew.manager, &requisition["approval"])["entries"].clone();
    let decided = entries.as_array().unwrap().iter().find(|entry| entry["kind"] == "approved").unwrap();
    assert_eq!(
        (&decided["person"]["display_name"], &decided["other"]["display_name"]),
        (&json!("manager"), &json!("approver"))
    );
    // Back early: asked again.
    scene.crew.approver.post(&format!("/absences/{}/cancellation", id(&absence)), &json!({})).ok();
    scene
        .crew
        .approver
        .post(&format!("/absences/{}/cancellation", id(&absence)), &json!({}))
        .problem(ProblemCode::StateForbids);
    assert_eq!(scene.asked(&scene.requisition("10")["approval"]), ["approver"]);
}

#[test]
fn nobody_says_of_another_that_they_are_away_and_a_stand_in_is_a_colleague() {
    let scene = Scene::begin();
    let (approver, manager) = (scene.person("approver"), scene.person("manager"));
    let create = |absence: &Value| scene.crew.clerk.post("/absences", absence);
    let mut of_another = away(&scene, (0, 8), &Value::Null);
    of_another["person_id"] = approver.clone();
    create(&of_another).problem(ProblemCode::PermissionMissing);
    scene.crew.admin.post("/absences", &of_another).ok();
    create(&away(&scene, (0, 8), &scene.person("clerk"))).problem(ProblemCode::StandInUnfit);
    create(&away(&scene, (8, 0), &manager)).problem(ProblemCode::DateOrderWrong);
    create(&away(&scene, (0, 24 * 400), &manager)).problem(ProblemCode::AbsenceTooLong);
    let listed = |client: &crate::support::app::Client| client.get("/absences").ok()["items"].as_array().unwrap().len();
    assert_eq!((listed(&scene.crew.approver), listed(&scene.crew.clerk), listed(&scene.crew.admin)), (1, 0, 1));
}

#[test]
fn a_step_that_lost_its_last_approver_waits_for_an_administrator_and_is_never_passed() {
    let scene = Scene::begin();
    let approver = scene.person("approver");
    let flow = scene.flow("requisition", &json!([approve("a", person(&approver), json!({}))]), &Value::Null);
    let requisition = scene.requisition("10");
    let approval = &requisition["approval"];
    let member = scene.crew.admin.get("/members?limit=200").ok()["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|member| member["person"]["id"] == approver)
        .unwrap()
        .clone();
    let update = json!({ "role_ids": [scene.role("warehouse")], "active": true });
    scene.crew.admin.put(&format!("/members/{}", id(&member)), &member["version"], &update).ok();
    scene.decide(&scene.crew.approver, approval, "approve").problem(ProblemCode::PermissionMissing);
    scene.look();
    let waiting = scene.crew.admin.get("/approvals?stuck=true").ok();
    assert_eq!(waiting["items"][0]["id"], approval["id"]);
    assert_eq!(scene.state(&requisition), "pending");
    // The flow itself says so, before the next document waits.
    let flawed = scene.crew.admin.get(&format!("/approval-flows/{}", id(&flow))).ok();
    assert_eq!((&flawed["flaws"][0]["fault"], &flawed["flaws"][0]["step"]), (&json!("nobody_resolves"), &json!("a")));
    let appoint = |who: &str| json!({ "involvement": "appoint", "step": "a", "person_id": scene.person(who), "reason": "the approver left" });
    let path = format!("/approvals/{}/involvements", id(approval));
    scene.crew.manager.post(&path, &appoint("manager")).problem(ProblemCode::PermissionMissing);
    scene.crew.admin.post(&path, &appoint("clerk")).problem(ProblemCode::DutiesApart);
    scene.crew.admin.post(&path, &appoint("manager")).ok();
    scene.decide(&scene.crew.manager, approval, "approve").ok();
    assert_eq!(scene.state(&requisition), "approved");
}

#[test]
fn a_wait_ends_by_itself_and_what_follows_is_done_once() {
    let mut scene = Scene::begin();
    let steps = json!([approve("a", entitled(), json!({})),
        { "key": "night", "act": { "kind": "wait", "until": { "kind": "hours", "hours": 12 } } }]);
    scene.flow("requisition", &steps, &Value::Null);
    let requisition = scene.requisition("10");
    scene.decide(&scene.crew.approver, &requisition["approval"], "approve").ok();
    scene.look();
    assert_eq!(scene.state(&requisition), "pending");
    scene.wait(TimeDelta::hours(13));
    scene.look();
    scene.look();
    assert_eq!(scene.state(&requisition), "approved");
    let read = scene.crew.clerk.get(&format!("/requisitions/{}", id(&requisition))).ok();
    assert_eq!(read["approval"]["decided_by"]["display_name"], "approver");
}

#[test]
fn whoever_is_given_the_right_later_is_asked_as_well_where_one_is_enough() {
    let scene = Scene::begin();
    let approval = scene.requisition("10")["approval"].clone();
    scene.app.acme.member(&scene.app.database, "newcomer", "approver");
    let newcomer = scene.app.client("newcomer");
    scene.look();
    assert!(scene.asked(&approval).contains(&"newcomer".to_owned()));
    scene.decide(&newcomer, &approval, "approve").ok();
}

#[test]
fn the_managers_of_those_who_ask_and_the_owners_of_items_are_found() {
    let scene = Scene::begin();
    let member = scene.crew.admin.get("/members?limit=200").ok()["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|member| member["person"]["display_name"] == "clerk")
        .unwrap()
        .clone();
    let roles: Vec<_> = member["roles"].as_array().unwrap().iter().map(|role| role["id"].clone()).collect();
    let path = format!("/members/{}", id(&member));
    let update = |manager: &str| json!({ "role_ids": roles, "active": true, "manager_id": scene.person(manager) });
    scene.crew.admin.put(&path, &member["version"], &update("clerk")).problem(ProblemCode::ReferenceUnknown);
    let after = scene.crew.admin.put(&path, &member["version"], &update("approver")).ok();
    assert_eq!(after["manager"]["display_name"], "approver");
    let item = scene.crew.clerk.get(&format!("/items/{}", id(&scene.contract.bar))).ok();
    let mut write = item.clone();
    let fields = write.as_object_mut().unwrap();
    fields.retain(|field, _| !["id", "version", "unit", "owner"].contains(&field.as_str()));
    fields.insert("unit_id".to_owned(), item["unit"]["id"].clone());
    fields.insert("owner_id".to_owned(), scene.person("manager"));
    let owned = scene.crew.clerk.put(&format!("/items/{}", id(&item)), &item["version"], &write).ok();
    assert_eq!(owned["owner"]["display_name"], "manager");
    let steps = json!([
        approve("boss", json!([{ "kind": "requester_manager" }]), json!({})),
        approve("owner", json!([{ "kind": "item_owner" }]), json!({}))
    ]);
    scene.flow("requisition", &steps, &Value::Null);
    let approval = scene.requisition("10")["approval"].clone();
    assert_eq!(scene.asked(&approval), ["approver"]);
    scene.decide(&scene.crew.approver, &approval, "approve").ok();
    assert_eq!(scene.asked(&approval), ["manager"]);
}
