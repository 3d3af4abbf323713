//! Reviews: what was looked through is signed off in the record itself.

use lotline_common::problem::ProblemCode;

use super::*;

#[test]
fn a_review_says_who_looked_how_far_and_what_was_found() {
    let (app, crew) = sealed_record();
    let size = crew.auditor.get("/record").ok()["size"].as_i64().unwrap();
    let review = json!({ "size": size - 2, "remark": "two changes looked at with the clerk; in order" });
    crew.clerk.post("/record/reviews", &review).problem(ProblemCode::PermissionMissing);
    let made = crew.auditor.post("/record/reviews", &review).ok();
    assert_eq!((&made["size"], &made["reviewed_by"]["display_name"]), (&review["size"], &json!("auditor")));
    assert_eq!(crew.auditor.get("/record").ok()["review"], made);
    for (size, remark) in [(size - 2, "again"), (size + 1, "what is not sealed"), (size, " ")] {
        let wrong = json!({ "size": size, "remark": remark });
        crew.auditor.post("/record/reviews", &wrong).problem(ProblemCode::FieldsInvalid);
    }
    crew.quality.post("/record/reviews", &json!({ "size": size, "remark": "the rest" })).ok();
    app.seal();
    let events = crew.auditor.get("/audit-events?aggregate_kind=organisation&action=reviewed").ok();
    let events = events["items"].as_array().unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!((&events[0]["details"]["from"], &events[0]["reason"]), (&json!(size - 2), &json!("the rest")));
    assert_eq!(verdict(&lines(&app), Trust { keys: published_keys(&app), anchors: heads(&app) }).fault, None);
}

#[test]
fn the_record_is_filtered_by_who_did_what_and_when() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let bar = crew.operation("CNC");
    app.clock.advance(chrono::TimeDelta::days(1));
    let crew = Crew::of(&app, &app.acme);
    let change = json!({ "code": "CNC", "name": name("机加工"), "active": true });
    crew.admin.put(&format!("/operations/{}", id(&bar)), &json!(1), &change).ok();
    let found = |filter: &str| {
        let events = crew.auditor.get(&format!("/audit-events?aggregate_kind=operation{filter}")).ok();
        events["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["action"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(found(""), ["updated", "created"]);
    assert_eq!(found("&action=created"), ["created"]);
    assert_eq!(found("&from=2026-03-03"), ["updated"]);
    assert_eq!(found("&to=2026-03-02"), ["created"]);
    assert_eq!(found("&from=2026-03-04"), Vec::<String>::new());
    let admin = crew.auditor.get("/audit-events?aggregate_kind=operation&action=updated").ok();
    let admin = admin["items"][0]["actor"]["id"].as_str().unwrap().to_owned();
    assert_eq!(found(&format!("&actor_id={admin}")), ["updated"]);
}
