//! Who may work in an organisation, and who decides about it.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use crate::support::app::{Answer, Client};
use crate::support::{Crew, TestApp, id};

const FIRST_PASSWORD: &str = "a first password";

/// The role of this code, as an administrator sees it.
pub fn role(admin: &Client, code: &str) -> Value {
    found(admin, "/roles", |row| row["code"] == code)
}

/// The member of this login, as an administrator sees them.
pub fn member(admin: &Client, login: &str) -> Value {
    found(admin, "/members", |row| row["person"]["login"] == login)
}

fn found(admin: &Client, path: &str, is_it: impl Fn(&Value) -> bool) -> Value {
    let page = admin.get(&format!("{path}?limit=500")).ok();
    page["items"].as_array().unwrap().iter().find(|row| is_it(row)).unwrap().clone()
}

/// Adds a person: to a subcontractor's portal, or to our own people.
fn add(admin: &Client, login: &str, (role_code, partner): (&str, Option<&Value>)) -> Answer {
    admin.post(
        "/members",
        &json!({
            "login": login, "display_name": "陈伟", "password": FIRST_PASSWORD, "locale": "zh-CN",
            "partner_id": partner.map(|partner| partner["id"].clone()), "role_ids": [role(admin, role_code)["id"]],
        }),
    )
}

fn update(admin: &Client, member: &Value, (roles, active): (&[&str], bool)) -> Answer {
    let roles: Vec<_> = roles.iter().map(|code| role(admin, code)["id"].clone()).collect();
    let change = json!({ "role_ids": roles, "active": active });
    admin.put(&format!("/members/{}", id(member)), &member["version"], &change)
}

fn sign_in(app: &TestApp, login: &str, (password, organisation): (&str, &str)) -> Answer {
    let command = json!({ "login": login, "password": password, "organisation": organisation });
    app.nobody().post("/sessions", &command)
}

#[test]
fn a_new_person_signs_in_with_a_first_password_that_has_to_be_changed() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let made = add(&crew.admin, " Chen.Wei ", ("clerk", None)).ok();
    assert_eq!((&made["person"]["login"], &made["roles"][0]["code"]), (&json!("chen.wei"), &json!("clerk")));
    let session = sign_in(&app, "chen.wei", (FIRST_PASSWORD, "acme")).ok()["session"].clone();
    assert_eq!(session["person"]["must_change_password"], true);
    let events = format!("/audit-events?aggregate_kind=member&aggregate_id={}", id(&made));
    let record = crew.auditor.get(&events);
    assert!(
        record.text.contains("chen.wei") && !record.text.contains(FIRST_PASSWORD) && !record.text.contains("argon2")
    );
}

#[test]
fn a_new_persons_fields_at_fault_are_named_at_once() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let person = json!({ "login": "李 娜", "display_name": " ", "password": "short", "locale": "en", "role_ids": [] });
    let problem = crew.admin.post("/members", &person).problem(ProblemCode::FieldsInvalid);
    let pointers: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
    assert_eq!(pointers, ["/login", "/display_name", "/password"]);
}

#[test]
fn a_subcontractors_person_serves_a_second_maker_as_who_they_are() {
    let app = TestApp::start();
    let (acme, beta) = (Crew::of(&app, &app.acme), Crew::of(&app, &app.found("beta")));
    add(&acme.admin, "chen.wei", ("portal", Some(&acme.subcontractor("SUB-A")))).ok();
    let own = json!({
        "login": "chen.wei", "display_name": "别名", "password": "another first password", "locale": "en",
        "partner_id": beta.subcontractor("SUB-B")["id"], "role_ids": [role(&beta.admin, "portal")["id"]],
    });
    let joined = beta.admin.post("/members", &own).ok();
    assert_eq!(joined["person"]["display_name"], "陈伟");
    sign_in(&app, "chen.wei", ("another first password", "beta")).problem(ProblemCode::CredentialsWrong);
    let session = sign_in(&app, "chen.wei", (FIRST_PASSWORD, "beta")).ok()["session"].clone();
    assert_eq!(session["partner"]["code"], "SUB-B");
    assert_eq!(session["organisations"].as_array().unwrap().len(), 2);
    let reset = json!({ "password": "a password of beta" });
    let reset = beta.admin.put(&format!("/members/{}/password", id(&joined)), &json!(1), &reset);
    reset.problem(ProblemCode::PersonOfOther);
}

#[test]
fn a_login_that_exists_is_taken_for_everybody_else_and_nothing_tells_whose_it_is() {
    let app = TestApp::start();
    let (acme, beta) = (Crew::of(&app, &app.acme), Crew::of(&app, &app.found("beta")));
    let (machining, coating) = (acme.subcontractor("SUB-A"), beta.subcontractor("SUB-B"));
    add(&acme.admin, "chen.wei", ("portal", Some(&machining))).ok();
    let refused = [
        add(&acme.admin, "chen.wei", ("portal", Some(&machining))),
        add(&beta.admin, "chen.wei", ("clerk", None)),
        add(&beta.admin, "clerk", ("clerk", None)),
        add(&beta.admin, "clerk", ("portal", Some(&coating))),
    ];
    for answer in refused {
        let problem = answer.problem(ProblemCode::CodeTaken);
        let login = ["chen.wei", "clerk"].into_iter().find(|login| problem["detail"].as_str().unwrap().contains(login));
        assert!(login.is_some() && !problem.to_string().contains("acme"), "{problem}");
    }
    assert_eq!(beta.admin.get("/members?search=chen.wei").ok()["items"], json!([]));
}

#[test]
fn who_is_deactivated_is_out_at_once_and_comes_back_as_the_same_person() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    crew.clerk.get("/items").ok();
    let clerk = update(&crew.admin, &member(&crew.admin, "clerk"), (&["clerk"], false)).ok();
    crew.clerk.get("/items").problem(ProblemCode::NotSignedIn);
    update(&crew.admin, &clerk, (&["clerk"], true)).ok();
    crew.clerk.get("/items").problem(ProblemCode::NotSignedIn);
    app.client("clerk").get("/items").ok();
}

#[test]
fn other_roles_are_other_rights_at_once() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    crew.quality.get("/members").problem(ProblemCode::PermissionMissing);
    update(&crew.admin, &member(&crew.admin, "quality"), (&["auditor"], true)).ok();
    crew.quality.get("/members").ok();
    update(&crew.admin, &member(&crew.admin, "quality"), (&[], true)).ok();
    crew.quality.get("/items").problem(ProblemCode::PermissionMissing);
}

#[test]
fn roles_fit_the_kind_of_member() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let partner = crew.subcontractor("SUB-A");
    add(&crew.admin, "chen.wei", ("clerk", Some(&partner))).problem(ProblemCode::RoleUnfit);
    add(&crew.admin, "chen.wei", ("portal", None)).problem(ProblemCode::RoleUnfit);
    update(&crew.admin, &member(&crew.admin, "clerk"), (&["portal"], true)).problem(ProblemCode::RoleUnfit);
    add(&crew.admin, "chen.wei", ("portal", Some(&crew.supplier("SUP-A")))).problem(ProblemCode::ReferenceUnknown);
}

#[test]
fn nobody_deactivates_themselves_and_somebody_is_left_who_manages_people() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let own = member(&crew.admin, "admin");
    update(&crew.admin, &own, (&["admin"], false)).problem(ProblemCode::OwnMembership);
    update(&crew.admin, &member(&crew.admin, "everything"), (&["everything"], false)).ok();
    update(&crew.admin, &own, (&["clerk"], true)).problem(ProblemCode::LastAdministrator);
    crew.admin.get("/members").ok();
}

#[test]
fn two_administrators_do_not_remove_each_other_at_once() {
    let app = TestApp::start();
    let (first, second) = (app.client("admin"), app.client("everything"));
    let (of_first, of_second) = (member(&first, "admin"), member(&first, "everything"));
    let answers = std::thread::scope(|scope| {
        let one = scope.spawn(|| update(&first, &of_second, (&["everything"], false)).status);
        let other = scope.spawn(|| update(&second, &of_first, (&["admin"], false)).status);
        [one.join().ok(), other.join().ok()]
    });
    assert_eq!(answers.iter().filter(|status| **status == Some(200)).count(), 1, "{answers:?}");
}

#[test]
fn a_password_reset_ends_the_persons_sessions_and_has_to_be_changed() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let path = format!("/members/{}/password", id(&member(&crew.admin, "clerk")));
    let weak = crew.admin.put(&path, &json!(1), &json!({ "password": "administrator" }));
    weak.problem(ProblemCode::PasswordWeak);
    crew.clerk.get("/items").ok();
    assert_eq!(crew.admin.put(&path, &json!(1), &json!({ "password": FIRST_PASSWORD })).status, 204);
    crew.clerk.get("/items").problem(ProblemCode::NotSignedIn);
    let session = sign_in(&app, "clerk", (FIRST_PASSWORD, "acme")).ok()["session"].clone();
    assert_eq!(session["person"]["must_change_password"], true);
}

#[test]
fn with_a_password_that_somebody_else_set_nothing_is_done_but_changing_it() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    crew.clerk.get("/items").ok();
    let path = format!("/members/{}/password", id(&member(&crew.admin, "clerk")));
    assert_eq!(crew.admin.put(&path, &json!(1), &json!({ "password": FIRST_PASSWORD })).status, 204);
    let started = sign_in(&app, "clerk", (FIRST_PASSWORD, "acme")).ok();
    assert_eq!(started["session"]["permissions"], json!([]));
    let clerk = app.bearer(started["access_token"].as_str().unwrap());
    clerk.get("/items").problem(ProblemCode::PasswordChangeRequired);
    clerk.post("/units", &json!({})).problem(ProblemCode::PasswordChangeRequired);
    assert_eq!(clerk.get("/search?q=RM").ok()["items"], json!([]));
    let change = json!({ "current_password": FIRST_PASSWORD, "new_password": "a password of my own" });
    let changed = clerk.request(reqwest::Method::PUT, "/people/me/password").json(&change).send();
    assert_eq!(changed.status, 204, "{}", changed.text);
    clerk.get("/items").ok();
}

#[test]
fn a_person_of_a_partner_that_is_out_of_use_enters_where_they_still_may() {
    let app = TestApp::start();
    let (acme, beta) = (Crew::of(&app, &app.acme), Crew::of(&app, &app.found("beta")));
    let partner = acme.subcontractor("SUB-A");
    add(&acme.admin, "chen.wei", ("portal", Some(&partner))).ok();
    add(&beta.admin, "chen.wei", ("portal", Some(&beta.subcontractor("SUB-B")))).ok();
    let enter = || app.nobody().post("/sessions", &json!({ "login": "chen.wei", "password": FIRST_PASSWORD }));
    assert_eq!(enter().ok()["session"]["organisation"]["code"], "acme");
    let mut ended = partner.clone();
    ended.as_object_mut().unwrap().retain(|field, _| {
        ["code", "name", "supplier", "subcontractor", "contact_name", "phone", "email", "address"]
            .contains(&field.as_str())
    });
    ended["active"] = json!(false);
    acme.clerk.put(&format!("/partners/{}", id(&partner)), &partner["version"], &ended).ok();
    assert_eq!(enter().ok()["session"]["organisation"]["code"], "beta");
    sign_in(&app, "chen.wei", (FIRST_PASSWORD, "acme")).problem(ProblemCode::MembershipMissing);
}
