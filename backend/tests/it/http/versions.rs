//! Nobody writes over what somebody else has changed in the meantime.

use lotline_common::problem::ProblemCode;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::material::name;
use crate::support::{TestApp, id};

fn operation(zh: &str) -> Value {
    json!({ "code": "CNC", "name": name(zh), "active": true })
}

#[test]
fn a_change_names_the_version_it_was_made_from() {
    let app = TestApp::start();
    let clerk = app.client("clerk");
    let made = clerk.post("/operations", &operation("机加工"));
    assert_eq!(made.header("etag"), "\"1\"");
    let path = format!("/operations/{}", id(&made.body));
    assert_eq!(clerk.get(&path).header("etag"), "\"1\"");
    let changed = clerk.put(&path, &json!(1), &operation("精密机加工"));
    assert_eq!(changed.header("etag"), "\"2\"");
    let stale = clerk.put(&path, &json!(1), &operation("数控")).problem(ProblemCode::VersionStale);
    assert!(stale["detail"].as_str().unwrap().contains('2'), "{stale}");
    assert_eq!(clerk.get(&path).ok()["name"]["zh"], "精密机加工");
    clerk.request(Method::PUT, &path).json(&operation("数控")).send().problem(ProblemCode::VersionRequired);
    for version in ["x", "\"\"", "*", "W/\"1\"", "1.0"] {
        let request = clerk.request(Method::PUT, &path).header("if-match", version);
        request.json(&operation("数控")).send().problem(ProblemCode::RequestMalformed);
    }
}

#[test]
fn of_many_changes_from_one_version_one_is_made() {
    let app = TestApp::start();
    let clerk = app.client("clerk");
    let made = clerk.post("/operations", &operation("机加工")).ok();
    let path = format!("/operations/{}", id(&made));
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let change = |number: usize| clerk.put(&path, &json!(1), &operation(&format!("第{number}"))).status;
        let sent: Vec<_> = (0..8).map(|number| scope.spawn(move || change(number))).collect();
        sent.into_iter().map(|answer| answer.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 7, "{statuses:?}");
    assert_eq!(clerk.get(&path).ok()["version"], 2);
}
