//! Roles: named sets of rights.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::members::{member, role};
use crate::support::app::{Answer, Client};
use crate::support::{Crew, TestApp, id};

fn write(code: &str, permissions: &[&str]) -> Value {
    json!({ "code": code, "name": { "zh": "计划", "en": "Planning" }, "permissions": permissions })
}

fn rewrite(admin: &Client, role: &Value, permissions: &[&str]) -> Answer {
    let command = write(role["code"].as_str().unwrap(), permissions);
    admin.put(&format!("/roles/{}", id(role)), &role["version"], &command)
}

#[test]
fn a_roles_rights_reach_its_holders_at_once_and_the_change_is_on_record() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    crew.clerk.get("/items").ok();
    let clerk = rewrite(&crew.admin, &role(&crew.admin, "clerk"), &["order.view"]).ok();
    assert_eq!(clerk["permissions"], json!(["order.view"]));
    crew.clerk.get("/items").problem(ProblemCode::PermissionMissing);
    let event = crew.auditor.get(&format!("/audit-events?aggregate_kind=role&aggregate_id={}", id(&clerk))).ok();
    assert_eq!(event["items"][0]["details"]["changes"]["permissions"]["to"], json!(["order.view"]));
    let stale = role(&crew.admin, "clerk");
    rewrite(&crew.admin, &stale, &["order.view", "stock.view"]).ok();
    rewrite(&crew.admin, &stale, &["order.view"]).problem(ProblemCode::VersionStale);
}

#[test]
fn a_role_is_checked_as_a_whole() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let planner = crew.admin.post("/roles", &write("planner", &["order.view", "order.view"])).ok();
    assert_eq!(planner["permissions"], json!(["order.view"]));
    crew.admin.post("/roles", &write("planner", &[])).problem(ProblemCode::CodeTaken);
    let mixed = crew.admin.post("/roles", &write("P", &["order.view", "portal.view"]));
    let problem = mixed.problem(ProblemCode::FieldsInvalid);
    let pointers: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
    assert_eq!(pointers, ["/code", "/permissions"]);
    crew.clerk.post("/roles", &write("planner-2", &[])).problem(ProblemCode::PermissionMissing);
}

/// A role without rights fits everybody; what it is given later must fit those who hold it.
#[test]
fn a_subcontractors_people_never_get_our_own_rights_through_a_role_they_hold() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let partner = crew.subcontractor("SUB-A");
    let guests = crew.admin.post("/roles", &write("guests", &[])).ok();
    let person = json!({
        "login": "chen.wei", "display_name": "陈伟", "password": "a first password", "locale": "zh-CN",
        "partner_id": partner["id"], "role_ids": [guests["id"]],
    });
    let guest = crew.admin.post("/members", &person).ok();
    rewrite(&crew.admin, &guests, &["stock.view"]).problem(ProblemCode::RoleUnfit);
    let out = json!({ "role_ids": [guests["id"]], "active": false });
    crew.admin.put(&format!("/members/{}", id(&guest)), &guest["version"], &out).ok();
    rewrite(&crew.admin, &guests, &["stock.view"]).problem(ProblemCode::RoleUnfit);
    rewrite(&crew.admin, &guests, &["portal.view"]).ok();
}

#[test]
fn the_last_role_that_manages_people_keeps_that_right() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let everything = member(&crew.admin, "everything");
    let idle = json!({ "role_ids": [], "active": true });
    crew.admin.put(&format!("/members/{}", id(&everything)), &everything["version"], &idle).ok();
    let admin = role(&crew.admin, "admin");
    rewrite(&crew.admin, &admin, &["access.view"]).problem(ProblemCode::LastAdministrator);
    assert_eq!(role(&crew.admin, "admin"), admin);
}
