//! Codes of authenticator apps as a second factor (R40).

use chrono::TimeDelta;
use lotline::clock::Clock as _;
use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};
use totp_rs::{Algorithm, Secret, TOTP};

use super::Desk;
use crate::support::app::Client;
use crate::support::builders::PASSWORD;

/// An authenticator app.
struct App(TOTP);

impl App {
    fn of(secret: &Value) -> Self {
        let secret = Secret::Encoded(secret.as_str().unwrap().to_owned()).to_bytes().unwrap();
        Self(TOTP::new(Algorithm::SHA1, 6, 1, 30, secret).unwrap())
    }

    fn code(&self, desk: &Desk) -> String {
        self.0.generate(desk.app.clock.now().timestamp().try_into().unwrap())
    }
}

fn set_up(desk: &Desk, client: &Client) -> App {
    let begun = client.post("/authenticator", &json!({ "password": PASSWORD })).ok();
    let app = App::of(&begun["secret"]);
    assert!(begun["uri"].as_str().unwrap().starts_with("otpauth://totp/Lotline:approver?secret="));
    client.post("/authenticator/confirmation", &json!({ "code": app.code(desk) })).ok();
    app
}

fn with_code(code: &str) -> Value {
    json!({ "method": "password", "login": "approver", "password": PASSWORD, "code": code })
}

#[test]
fn whoever_has_set_an_app_up_signs_with_its_code_and_each_code_signs_once() {
    let desk = Desk::begin();
    let approver = desk.crew.approver.clone();
    let app = set_up(&desk, &approver);
    assert_eq!(approver.get("/signing-means").ok()["code"], true);
    desk.approve(&approver, &approver.password()).problem(ProblemCode::SignatureRefused);
    desk.approve(&approver, &with_code("000000")).problem(ProblemCode::SignatureRefused);
    let used = desk.approve(&approver, &with_code(&app.code(&desk))).problem(ProblemCode::SignatureRefused);
    assert!(used["detail"].as_str().unwrap().contains("动态码"), "the code that set it up is used: {used}");
    assert!(desk.is_untouched());
    desk.app.clock.advance(TimeDelta::seconds(30));
    let code = with_code(&app.code(&desk));
    desk.approve(&approver, &code).ok();
    assert_eq!(desk.signatures()[0]["method"], "password_and_code");
    let other = desk.another();
    let path = format!("/approvals/{}/decisions", crate::support::id(&other["approval"]));
    let record = approver.get(path.trim_end_matches("/decisions")).ok()["record"]["digest"].clone();
    let command = json!({ "decision": "approve", "signature": { "record": record, "proof": code } });
    let again = approver.request(reqwest::Method::POST, &path).json(&command).send();
    again.problem(ProblemCode::SignatureRefused);
    assert_eq!(desk.signatures_on(&other), Vec::<Value>::new());
}

#[test]
fn an_organisation_can_ask_for_a_second_factor_from_everybody() {
    let desk = Desk::begin();
    let now = desk.crew.admin.get("/organisation").ok();
    let change = json!({ "name": now["name"], "time_zone": now["time_zone"], "blind_count": now["blind_count"],
        "second_factor_to_sign": true });
    desk.crew.admin.put("/organisation", &now["version"], &change).ok();
    let approver = desk.crew.approver.clone();
    assert_eq!(approver.get("/signing-means").ok()["second_factor_required"], true);
    let alone = desk.approve(&approver, &approver.password()).problem(ProblemCode::SignatureRefused);
    assert!(alone["detail"].as_str().unwrap().contains("通行密钥"), "{alone}");
    let app = set_up(&desk, &approver);
    desk.app.clock.advance(TimeDelta::seconds(60));
    desk.approve(&approver, &with_code(&app.code(&desk))).ok();
}

#[test]
fn an_app_is_set_up_and_given_up_with_the_password_and_its_secret_is_kept_nowhere() {
    let desk = Desk::begin();
    let approver = desk.crew.approver.clone();
    approver
        .post("/authenticator", &json!({ "password": "not this one at all" }))
        .problem(ProblemCode::SignatureRefused);
    let keyed = approver.request(reqwest::Method::POST, "/authenticator").key("once");
    let secret = keyed.json(&json!({ "password": PASSWORD })).send().ok()["secret"].as_str().unwrap().to_owned();
    let rows = "SELECT count(*) AS count FROM idempotency_key WHERE answer::text LIKE '%secret%'";
    assert_eq!(crate::support::db::count(&mut desk.app.database.owner(), rows), 0);
    approver.post("/authenticator/confirmation", &json!({ "code": "000000" })).problem(ProblemCode::SignatureRefused);
    assert_eq!(approver.get("/signing-means").ok()["code"], false, "not before it is shown to work");
    let app = App::of(&json!(secret));
    approver.post("/authenticator/confirmation", &json!({ "code": app.code(&desk) })).ok();
    let twice = approver.post("/authenticator", &json!({ "password": PASSWORD }));
    twice.problem(ProblemCode::SignatureRefused);
    approver
        .post("/authenticator/removal", &json!({ "password": "not this one at all" }))
        .problem(ProblemCode::SignatureRefused);
    approver.post("/authenticator/removal", &json!({ "password": PASSWORD })).ok();
    approver.post("/authenticator/removal", &json!({ "password": PASSWORD })).problem(ProblemCode::NotFound);
    desk.approve(&approver, &approver.password()).ok();
}
