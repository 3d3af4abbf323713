//! A token is worth as much as its session row.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use diesel::connection::SimpleConnection as _;
use lotline::clock::Clock as _;
use lotline::http::token::TokenKey;
use lotline_common::id::{OrganisationId, SessionId};
use lotline_common::problem::ProblemCode;
use serde_json::json;

use crate::support::app::Client;
use crate::support::builders::{PASSWORD, begin_session};
use crate::support::{Crew, Setup, TestApp, id};

fn assert_ended(client: &Client) {
    client.get("/sessions/current").problem(ProblemCode::NotSignedIn);
    client.get("/items").problem(ProblemCode::NotSignedIn);
}

#[test]
fn signing_out_ends_the_session_at_once_and_takes_the_cookie_away() {
    let app = TestApp::start();
    let browser = app.browser("clerk");
    browser.get("/sessions/current").ok();
    let out = browser.delete("/sessions/current");
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{}", out.header("set-cookie"));
    assert_ended(&browser);
}

#[test]
fn a_person_ends_their_own_other_session_and_nobody_elses() {
    let app = TestApp::start();
    let (here, there, other) = (app.client("clerk"), app.client("clerk"), app.client("quality"));
    let session = there.get("/sessions/current").ok();
    let path = format!("/sessions/{}", id(&session));
    other.delete(&path).problem(ProblemCode::NotFound);
    there.get("/sessions/current").ok();
    let own = here.get("/sessions").ok();
    assert_eq!(own["items"].as_array().unwrap().len(), 2, "{own}");
    here.delete(&path).ok();
    assert_ended(&there);
    here.get("/sessions/current").ok();
}

#[test]
fn a_session_ends_after_four_hours_without_use_and_after_a_shift_in_any_case() {
    let app = TestApp::start();
    let (idle, busy) = (app.client("clerk"), app.client("clerk"));
    for _ in 0..13 {
        app.clock.advance(TimeDelta::hours(1));
        busy.get("/sessions/current").ok();
    }
    assert_ended(&idle);
    app.clock.advance(TimeDelta::minutes(59));
    busy.get("/sessions/current").ok();
    app.clock.advance(TimeDelta::minutes(1));
    assert_ended(&busy);
}

#[test]
fn a_changed_password_ends_every_other_session() {
    let app = TestApp::start();
    let (here, there) = (app.client("clerk"), app.client("clerk"));
    let change = |current: &str, new: &str| {
        let request = here.request(reqwest::Method::PUT, "/people/me/password");
        request.json(&json!({ "current_password": current, "new_password": new })).send()
    };
    change("not the password", "a longer new password").problem(ProblemCode::PasswordWrong);
    change(PASSWORD, "short").problem(ProblemCode::PasswordWeak);
    there.get("/sessions/current").ok();
    assert_eq!(change(PASSWORD, "a longer new password").status, 204);
    here.get("/sessions/current").ok();
    assert_ended(&there);
    let sign_in = |password: &str| app.nobody().post("/sessions", &json!({ "login": "clerk", "password": password }));
    sign_in(PASSWORD).problem(ProblemCode::CredentialsWrong);
    sign_in("a longer new password").ok();
}

#[test]
fn a_subcontractors_person_changes_their_own_password() {
    let app = TestApp::start();
    let partner = Crew::of(&app, &app.acme).subcontractor("SUB-A");
    app.acme.portal_member(&app.database, "portal", id(&partner).parse().unwrap());
    let change = json!({ "current_password": PASSWORD, "new_password": "a password of my own" });
    app.client("portal").request(reqwest::Method::PUT, "/people/me/password").json(&change).send().ok();
    let sign_in = json!({ "login": "portal", "password": "a password of my own", "organisation": "acme" });
    app.nobody().post("/sessions", &sign_in).ok();
    let told = app.client("auditor").get("/audit-events?action=password_changed").ok();
    assert_eq!(told["items"][0]["actor"]["display_name"], "portal");
}

#[test]
fn a_subcontractor_taken_out_of_use_is_out_at_once() {
    let app = TestApp::start();
    let partner = Crew::of(&app, &app.acme).subcontractor("SUB-A");
    app.acme.portal_member(&app.database, "portal", id(&partner).parse().unwrap());
    let portal = app.client("portal");
    portal.get("/portal/deliveries").ok();
    app.database.owner().batch_execute("UPDATE partner SET active = false WHERE code = 'SUB-A'").unwrap();
    portal.get("/portal/deliveries").problem(ProblemCode::NotSignedIn);
}

#[test]
fn a_token_that_the_server_did_not_make_is_nothing() {
    let app = TestApp::start();
    let genuine = app.client("clerk").token.unwrap();
    let (head, rest) = genuine.split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    let altered = String::from_utf8(URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    let altered = URL_SAFE_NO_PAD.encode(altered.replace("\"iss\":\"lotline\"", "\"iss\":\"Lotline\""));
    let unsigned = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    let of_another_key = {
        let now = app.clock.now();
        let session = begin_session(&app, "clerk");
        TokenKey::new(&[8; 32], false).issue(session, (now, now + TimeDelta::hours(1))).unwrap()
    };
    for forged in [
        format!("{head}.{altered}.{signature}"),
        format!("{unsigned}.{claims}."),
        format!("{unsigned}.{claims}.{signature}"),
        format!("{head}.{claims}."),
        of_another_key,
        String::new(),
        "a.b.c".to_owned(),
        "x".repeat(5_000),
    ] {
        assert_ended(&app.bearer(&forged));
    }
    app.bearer(&genuine).get("/sessions/current").ok();
}

#[test]
fn a_token_is_for_its_own_session_person_and_organisation() {
    let app = TestApp::start();
    let other = app.found("other");
    let ((session, person, organisation), (_, somebody_else, _)) =
        (begin_session(&app, "clerk"), begin_session(&app, "admin"));
    let now = app.clock.now();
    let issue = |who| app.state.token_key.issue(who, (now, now + TimeDelta::hours(1))).unwrap();
    app.bearer(&issue((session, person, organisation))).get("/sessions/current").ok();
    for who in [
        (SessionId::new(), person, organisation),
        (session, somebody_else, organisation),
        (session, person, other.founder.org),
        (session, person, OrganisationId::new()),
    ] {
        assert_ended(&app.bearer(&issue(who)));
    }
}

#[test]
fn one_session_cannot_keep_the_server_from_the_others() {
    let app = TestApp::start_with(&Setup { rate_limit: 1, ..Setup::default() });
    let (greedy, modest) = (app.client("clerk"), app.client("clerk"));
    let refused = (0..50).map(|_| greedy.get("/sessions/current")).find(|answer| answer.status == 429).unwrap();
    assert!(!refused.header("retry-after").is_empty());
    refused.problem(ProblemCode::TooManyRequests);
    modest.get("/sessions/current").ok();
}
