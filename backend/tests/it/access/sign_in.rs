//! Signing in with a password.

use chrono::TimeDelta;
use diesel::connection::SimpleConnection as _;
use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use crate::support::app::{Answer, Client};
use crate::support::builders::PASSWORD;
use crate::support::{Setup, TestApp, id};

fn sign_in(client: &Client, login: &str, password: &str) -> Answer {
    client.post("/sessions", &json!({ "login": login, "password": password }))
}

/// The attributes of the cookie that an answer sets, in lower case.
fn cookie(answer: &Answer) -> Vec<String> {
    answer.header("set-cookie").split("; ").map(str::to_lowercase).collect()
}

#[test]
fn the_right_password_begins_a_session_with_a_token_that_works() {
    let app = TestApp::start();
    let started = sign_in(&app.nobody(), "Clerk", PASSWORD);
    assert_eq!(started.status, 201);
    let started = started.ok();
    assert_eq!(
        (started["token_type"].as_str(), &started["session"]["person"]["login"]),
        (Some("Bearer"), &json!("clerk"))
    );
    let rights: Vec<_> =
        started["session"]["permissions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(rights.contains(&"order.edit") && !rights.contains(&"requisition.approve"), "{rights:?}");
    let session = app.bearer(started["access_token"].as_str().unwrap()).get("/sessions/current").ok();
    assert_eq!(id(&session), id(&started["session"]));
}

#[test]
fn the_cookie_is_kept_from_scripts_and_from_other_sites() {
    let app = TestApp::start();
    let attributes = cookie(&sign_in(&app.nobody(), "clerk", PASSWORD));
    assert!(attributes[0].starts_with("lotline="), "{attributes:?}");
    for expected in ["httponly", "samesite=strict", "path=/"] {
        assert!(attributes.contains(&expected.to_owned()), "{expected}: {attributes:?}");
    }
    assert!(!attributes.iter().any(|attribute| attribute.starts_with("domain=")), "{attributes:?}");
}

#[test]
fn over_tls_the_cookie_is_bound_to_the_host() {
    let app = TestApp::start_with(&Setup { secure: true, ..Setup::default() });
    let attributes = cookie(&sign_in(&app.nobody(), "clerk", PASSWORD));
    assert!(attributes[0].starts_with("__host-lotline="), "{attributes:?}");
    assert!(attributes.contains(&"secure".to_owned()), "{attributes:?}");
}

#[test]
fn a_wrong_password_and_an_unknown_login_are_told_alike() {
    let app = TestApp::start();
    let mut wrong = sign_in(&app.nobody(), "clerk", "not the password").problem(ProblemCode::CredentialsWrong);
    let mut unknown = sign_in(&app.nobody(), "nobody", PASSWORD).problem(ProblemCode::CredentialsWrong);
    for problem in [&mut wrong, &mut unknown] {
        problem["request_id"].take();
    }
    assert_eq!(wrong, unknown);
    for (login, password) in
        [("cl\0erk", PASSWORD), (&*"x".repeat(10_000), PASSWORD), ("clerk", &*"x".repeat(10_000)), ("", "")]
    {
        sign_in(&app.nobody(), login, password);
    }
}

#[test]
fn a_person_who_left_does_not_get_in() {
    let app = TestApp::start();
    app.database.owner().batch_execute("UPDATE person SET active = false WHERE login = 'clerk'").unwrap();
    sign_in(&app.nobody(), "clerk", PASSWORD).problem(ProblemCode::CredentialsWrong);
    app.database
        .owner()
        .batch_execute(
            "UPDATE membership SET active = false WHERE person_id = (
        SELECT id FROM person WHERE login = 'warehouse')",
        )
        .unwrap();
    sign_in(&app.nobody(), "warehouse", PASSWORD).problem(ProblemCode::MembershipMissing);
}

#[test]
fn five_failures_from_one_address_make_it_wait_a_quarter_of_an_hour() {
    let app = TestApp::start();
    let (here, there) = (app.nobody(), app.elsewhere([127, 0, 0, 2]));
    for _ in 0..5 {
        sign_in(&here, "clerk", "not the password").problem(ProblemCode::CredentialsWrong);
    }
    app.clock.advance(TimeDelta::minutes(5));
    let waits = sign_in(&here, "clerk", PASSWORD);
    assert_eq!(waits.header("retry-after"), "600");
    waits.problem(ProblemCode::SignInThrottled);
    sign_in(&there, "clerk", PASSWORD).ok();
    sign_in(&here, "quality", PASSWORD).ok();
    app.clock.advance(TimeDelta::minutes(10) + TimeDelta::seconds(1));
    sign_in(&here, "clerk", PASSWORD).ok();
}

#[test]
fn one_address_cannot_keep_the_server_busy_with_passwords() {
    let app = TestApp::start();
    let impossible = "x".repeat(65);
    let refused = (0..200).map(|_| sign_in(&app.nobody(), &impossible, "")).find(|answer| answer.status == 429);
    let refused = refused.unwrap();
    assert_eq!(refused.header("retry-after"), "1");
    refused.problem(ProblemCode::TooManyRequests);
}

#[test]
fn a_person_of_two_makers_chooses_where_to_work() {
    let app = TestApp::start();
    let other = app.found("other");
    other.member(&app.database, "clerk", "auditor");
    let sign_in_to = |organisation: Value| {
        let body = json!({ "login": "clerk", "password": PASSWORD, "organisation": organisation });
        app.nobody().post("/sessions", &body)
    };
    assert_eq!(sign_in_to(json!("other")).ok()["session"]["organisation"]["code"], "other");
    assert_eq!(sign_in_to(Value::Null).ok()["session"]["organisation"]["code"], "other", "the last one used");
    sign_in_to(json!("nowhere")).problem(ProblemCode::MembershipMissing);
    let old = app.client("clerk");
    let started = old.post("/sessions/current/organisation", &json!({ "organisation": "other" })).ok();
    assert_eq!(started["session"]["organisation"]["code"], "other");
    let rights = started["session"]["permissions"].as_array().unwrap();
    assert!(rights.contains(&json!("audit.view")) && !rights.contains(&json!("order.edit")), "{rights:?}");
    old.get("/sessions/current").problem(ProblemCode::NotSignedIn);
}
