//! The organisation's settings.

use lotline_common::problem::ProblemCode;
use serde_json::json;

use crate::support::{Crew, TestApp};

#[test]
fn settings_are_changed_by_administrators_and_the_change_is_on_record() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let before = crew.auditor.get("/organisation").ok();
    let change = json!({ "name": { "zh": "澄岳", "en": "Acme" }, "time_zone": "Europe/Berlin", "blind_count": false });
    let after = crew.admin.put("/organisation", &before["version"], &change).ok();
    assert_eq!((&after["time_zone"], &after["blind_count"]), (&json!("Europe/Berlin"), &json!(false)));
    crew.clerk.put("/organisation", &after["version"], &change).problem(ProblemCode::PermissionMissing);
    crew.admin.put("/organisation", &before["version"], &change).problem(ProblemCode::VersionStale);
    let events = crew.auditor.get("/audit-events?aggregate_kind=organisation").ok();
    assert_eq!(events["items"][0]["details"]["changes"]["time_zone"]["to"], "Europe/Berlin");
}

#[test]
fn a_time_zone_that_nobody_knows_is_refused() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    for time_zone in ["", "Peking", "asia/shanghai", "UTC+8"] {
        let change = json!({ "name": { "zh": "", "en": " " }, "time_zone": time_zone, "blind_count": true });
        let problem = crew.admin.put("/organisation", &json!(1), &change).problem(ProblemCode::FieldsInvalid);
        let pointers: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
        assert_eq!(pointers, ["/name/zh", "/time_zone"], "{time_zone}");
    }
}
