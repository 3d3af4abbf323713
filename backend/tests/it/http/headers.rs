//! The headers that keep a browser safe stand on every answer.

use reqwest::Method;
use serde_json::json;

use crate::support::TestApp;

#[test]
fn every_answer_carries_the_security_headers() {
    let app = TestApp::start();
    let clerk = app.client("clerk");
    let answers = [
        clerk.get("/items"),
        clerk.get("/items/x"),
        clerk.post("/units", &json!({})),
        app.nobody().get("/items"),
        clerk.get("/no/such/address"),
        app.nobody().absolute(Method::GET, "/").send(),
        app.nobody().absolute(Method::GET, "/api/docs/").send(),
        app.nobody().absolute(Method::GET, "/healthz").send(),
        app.nobody().absolute(Method::GET, "/../../etc/passwd").send(),
    ];
    for answer in answers {
        let policy = answer.header("content-security-policy");
        for directive in ["default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(directive), "{} {policy}", answer.status);
        }
        assert!(!policy.contains("unsafe-eval';") || policy.contains("'wasm-unsafe-eval'"), "{policy}");
        assert!(!policy.split("style-src").next().unwrap().contains("unsafe-inline"), "no inline script: {policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{name}");
        }
        assert!(answer.header("strict-transport-security").contains("max-age="));
    }
}

#[test]
fn answers_of_the_api_are_kept_by_nobody() {
    let app = TestApp::start();
    assert_eq!(app.client("clerk").get("/items").header("cache-control"), "no-store");
    assert_eq!(app.nobody().get("/items").header("cache-control"), "no-store");
}

#[test]
fn who_is_not_signed_in_is_told_how_to() {
    let app = TestApp::start();
    assert!(app.nobody().get("/items").header("www-authenticate").starts_with("Bearer"));
}

#[test]
fn the_server_says_that_it_lives_is_ready_and_what_it_did() {
    let app = TestApp::start();
    app.client("clerk").get("/items/x");
    let read = |path: &str| app.nobody().absolute(Method::GET, path).send();
    assert_eq!((read("/healthz").status, read("/readyz").status), (200, 200));
    let figures = read("/metrics").text;
    let route =
        figures.lines().find(|line| line.contains("route=\"/api/v1/items/{id}\"") && line.contains("status=\"404\""));
    assert!(route.is_some(), "the route's pattern, not the identifier: {figures}");
    assert!(!figures.contains("items/x"));
    let docs = read("/api/docs");
    assert_eq!((docs.status, docs.header("location")), (308, "/api/docs/"));
    assert_eq!(read("/api/v1/openapi.json").body["info"]["title"], "Lotline");
}
