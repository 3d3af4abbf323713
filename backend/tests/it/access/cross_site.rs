//! What another site makes a browser send changes nothing.

use lotline_common::problem::ProblemCode;
use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;
use crate::support::app::{Answer, Client};

/// A write that a browser sends with these headers.
fn write(client: &Client, headers: &[(&str, &str)]) -> Answer {
    let request = client.request(Method::PUT, "/people/me/preferences").json(&json!({ "locale": "en" }));
    headers.iter().fold(request, |request, (name, value)| request.header(name, value)).send()
}

#[test]
fn a_write_that_another_site_caused_is_refused() {
    let app = TestApp::start();
    let browser = app.browser("clerk");
    for headers in [
        [("sec-fetch-site", "cross-site")].as_slice(),
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", &app.origin())],
        &[("origin", "https://attacker.example")],
        &[("origin", "null")],
        &[("origin", &format!("{}.attacker.example", app.origin()))],
    ] {
        let refused = write(&browser, headers);
        assert_eq!(refused.status, 403, "{headers:?}");
        assert!(refused.header("content-security-policy").contains("default-src 'none'"), "{:?}", refused.headers);
        refused.problem(ProblemCode::CrossSiteRequest);
    }
    let session = browser.get("/sessions/current").ok();
    assert_eq!(session["person"]["locale"], "zh-CN", "nothing changed");
}

#[test]
fn a_write_of_the_app_itself_is_done() {
    let app = TestApp::start();
    let browser = app.browser("clerk");
    for headers in [
        [("sec-fetch-site", "same-origin")].as_slice(),
        &[("sec-fetch-site", "none")],
        &[("origin", &app.origin())],
        &[],
    ] {
        write(&browser, headers).ok();
    }
}

#[test]
fn reading_and_programs_with_a_bearer_token_are_not_concerned() {
    let app = TestApp::start();
    let cross_site = [("sec-fetch-site", "cross-site"), ("origin", "https://attacker.example")];
    write(&app.client("clerk"), &cross_site).ok();
    let read = app.browser("clerk").request(Method::GET, "/items");
    read.header("sec-fetch-site", "cross-site").send().ok();
}

#[test]
fn an_empty_bearer_header_does_not_open_the_door_for_a_cookie() {
    let app = TestApp::start();
    let headers = [("authorization", "Bearer x"), ("sec-fetch-site", "cross-site")];
    write(&app.browser("clerk"), &headers).problem(ProblemCode::NotSignedIn);
}
