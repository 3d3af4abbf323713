//! Every mistake in a request is told with a code, a place and a remedy.

use lotline_common::problem::ProblemCode;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::material::name;
use crate::support::{Crew, TestApp, id};

#[test]
fn a_body_that_cannot_be_read_is_told_where() {
    let app = TestApp::start();
    let clerk = app.client("everything");
    let refused = |path: &str, body: &str| {
        let problem =
            clerk.request(Method::POST, path).body("application/json", body).send().problem(ProblemCode::BodyMalformed);
        problem["detail"].as_str().unwrap().to_owned()
    };
    for body in ["", "{", "[]", "null", "\"text\"", "{\"code\": \"x\"} {}", "\u{feff}{}"] {
        refused("/units", body);
    }
    let unknown =
        r#"{"code": "box", "name": {"zh": "箱", "en": ""}, "decimal_places": 0, "active": true, "colour": 1}"#;
    assert!(refused("/units", unknown).contains("/colour"));
    assert!(refused("/units", r#"{"code": 7}"#).contains("/code"));
    let nested = r#"{"supplier_id": "01936d3e-7c00-7000-8000-000000000001", "delivery_note": "x", "lines": [{"quantity": "many"}]}"#;
    assert!(refused("/receipts", nested).contains("/lines/0/quantity"));
    let latin1 = clerk.request(Method::POST, "/units").body("application/json", b"{\"code\": \"\xe9\"}");
    latin1.send().problem(ProblemCode::BodyMalformed);
}

#[test]
fn whoever_may_not_do_it_is_not_told_how_it_would_be_written() {
    let app = TestApp::start();
    let broken = |login: &str| app.client(login).request(Method::POST, "/units").body("application/json", "{").send();
    broken("auditor").problem(ProblemCode::PermissionMissing);
    broken("clerk").problem(ProblemCode::BodyMalformed);
    let nobody = app.nobody().request(Method::POST, "/units").body("application/json", "{").send();
    nobody.problem(ProblemCode::NotSignedIn);
}

#[test]
fn the_character_that_no_text_can_hold_is_refused_wherever_it_stands() {
    let app = TestApp::start();
    let clerk = app.client("clerk");
    let body = json!({ "code": "box", "name": name("a\0b"), "decimal_places": 0, "active": true });
    clerk.post("/units", &body).problem(ProblemCode::BodyMalformed);
    clerk.get("/units?search=%00").problem(ProblemCode::RequestMalformed);
    clerk.get("/units?sort=a%00b").problem(ProblemCode::RequestMalformed);
    clerk.get("/units/%00").problem(ProblemCode::NotFound);
}

#[test]
fn control_characters_in_a_text_are_refused_at_their_field() {
    let app = TestApp::start();
    let body = json!({ "code": "box", "name": name("a\u{7}b"), "decimal_places": 0, "active": true });
    let problem = app.client("clerk").post("/units", &body).problem(ProblemCode::FieldsInvalid);
    assert_eq!(problem["errors"][0]["code"], ProblemCode::FieldHasControlCharacters.as_str());
    assert_eq!(problem["errors"][0]["pointer"], "/name/zh");
}

#[test]
fn a_body_larger_than_a_mebibyte_is_refused() {
    let app = TestApp::start();
    let clerk = app.client("clerk");
    let large = |bytes: usize| {
        let body = json!({ "code": "x".repeat(bytes), "name": name("x"), "decimal_places": 0, "active": true });
        clerk.post("/units", &body)
    };
    large(1_000_000).problem(ProblemCode::FieldsInvalid);
    large(1_100_000).problem(ProblemCode::BodyTooLarge);
    large(9_000_000).problem(ProblemCode::BodyTooLarge);
}

#[test]
fn a_body_of_another_type_is_refused() {
    let app = TestApp::start();
    let clerk = app.client("clerk");
    let body = json!({ "code": "box", "name": name("x"), "decimal_places": 0, "active": true }).to_string();
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""] {
        let request = clerk.request(Method::POST, "/units").body(media_type, body.clone());
        request.send().problem(ProblemCode::MediaTypeUnsupported);
    }
    clerk.request(Method::POST, "/units").body("application/json; charset=utf-8", body).send().ok();
}

#[test]
fn a_quantity_is_a_decimal_text_never_a_float() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let receive = |quantity: Value| {
        let line = json!({ "item_id": contract.bar["id"], "quantity": quantity, "unit_id": contract.bar["unit"]["id"],
            "expires_on": "2027-01-01" });
        crew.warehouse.post(
            "/receipts",
            &json!({ "supplier_id": contract.supplier["id"], "delivery_note": "D", "lines": [line] }),
        )
    };
    for wrong in [json!(1.5), json!(1), json!("0x1"), json!("1,5"), json!(""), json!(null), json!("NaN")] {
        receive(wrong.clone()).problem(ProblemCode::BodyMalformed);
    }
    for wrong in ["0", "-1", "1.0001", "100000000000000"] {
        receive(json!(wrong)).problem(ProblemCode::FieldsInvalid);
    }
    assert_eq!(receive(json!("1.500")).ok()["lines"][0]["quantity"], "1.5");
}

#[test]
fn what_is_not_there_is_not_found() {
    let app = TestApp::start();
    let clerk = app.client("clerk");
    for path in ["/items/01936d3e-7c00-7000-8000-000000000001", "/items/7", "/items/x", "/items/a%20b"] {
        clerk.get(path).problem(ProblemCode::NotFound);
    }
    for path in ["/nothing", "/items/x/y/z", "/"] {
        clerk.get(path).problem(ProblemCode::RouteNotFound);
    }
    app.nobody().absolute(Method::GET, "/api/v2/items").send().problem(ProblemCode::RouteNotFound);
}

#[test]
fn a_method_that_an_address_does_not_know_is_told_with_those_it_knows() {
    let app = TestApp::start();
    let clerk = app.client("clerk");
    for method in [Method::DELETE, Method::PUT, Method::PATCH] {
        let answer = clerk.request(method, "/items").send();
        assert_eq!(answer.header("allow"), "GET, POST");
        answer.problem(ProblemCode::MethodNotAllowed);
    }
}

#[test]
fn a_problem_speaks_the_readers_language_and_names_the_request() {
    let app = TestApp::start();
    let asked = |language: &str| {
        let request = app.client("auditor").request(Method::POST, "/units").header("accept-language", language);
        let unit = json!({ "code": "box", "name": name("箱"), "decimal_places": 0, "active": true });
        request.json(&unit).send().problem(ProblemCode::PermissionMissing)
    };
    let (chinese, english) = (asked("zh-CN,zh;q=0.9"), asked("en-GB,en;q=0.9,zh;q=0.1"));
    assert_eq!((chinese["status"].as_u64(), chinese["code"].as_str()), (Some(403), Some("permission_missing")));
    assert_eq!(chinese["type"], "urn:lotline:problem:permission_missing");
    let words = ProblemCode::PermissionMissing;
    assert_eq!(chinese["title"], words.words(lotline_common::locale::Locale::ZhCn).title);
    assert_eq!(english["title"], words.words(lotline_common::locale::Locale::En).title);
    assert!(english["detail"].as_str().unwrap().contains("Change master data"), "{english}");
    assert_ne!(chinese["request_id"], english["request_id"]);
}

#[test]
fn every_wrong_field_is_told_at_once() {
    let app = TestApp::start();
    let clerk = app.client("clerk");
    let body = json!({ "code": "no good", "name": { "zh": "", "en": "" }, "decimal_places": 9, "active": true });
    let problem = clerk.post("/units", &body).problem(ProblemCode::FieldsInvalid);
    let pointers: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/code", "/name/zh", "/decimal_places"]);
}

#[test]
fn a_code_that_is_taken_is_named() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let known = crew.operation("CNC");
    let again = json!({ "code": "CNC", "name": name("again"), "active": true });
    let problem = crew.clerk.post("/operations", &again).problem(ProblemCode::CodeTaken);
    assert!(problem["detail"].as_str().unwrap().contains("CNC"), "{problem}");
    assert_eq!(crew.clerk.get(&format!("/operations/{}", id(&known))).ok()["name"]["zh"], "CNC");
}
