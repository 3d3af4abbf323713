//! Acknowledgements, customers' answers, and closing.

use chrono::TimeDelta;
use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::{World, world};
use crate::support::app::Answer;
use crate::support::material::id;

impl World {
    fn letter(&self, recall: &Value, step: &str, command: &Value) -> Answer {
        let letter = self.notice(recall, "customer");
        let path = format!("/recall-notices/{}/{step}", id(&letter));
        self.crew.quality.post_version(&path, &letter["version"], command)
    }

    fn close(&self, recall: &Value, reason: &str) -> Answer {
        self.step(&self.crew.manager, recall, ("closure", &json!({ "unlocated_reason": reason })))
    }
}

fn answer(quantity: &str, remark: &str) -> Value {
    json!({ "lines": [{ "line_number": 1, "counted_quantity": quantity }], "remark": remark })
}

#[test]
fn a_subcontractor_counts_without_sight_of_the_books_says_where_and_shows_it() {
    let world = world();
    let recall = world.held();
    let portal = world.portal();
    let list = portal.get("/portal/recall-notices").ok();
    let task = portal.get(&format!("/portal/recall-notices/{}", id(&list["items"][0]))).ok();
    assert_eq!((&task["lines"][0]["lot"]["code"], &task["lines"][0]["quantity"]), (&json!("L-1"), &Value::Null));
    assert_eq!(task["reason"], "hardness below the specification");
    world.acknowledge(&task, "4").problem(ProblemCode::RecallPhotoMissing);
    world.photo(&task).ok();
    let path = format!("/portal/recall-notices/{}/acknowledgement", id(&task));
    portal.post_version(&path, &task["version"], &json!({ "lines": [] })).problem(ProblemCode::CountIncomplete);
    let nowhere = json!({ "lines": [{ "line_number": 1, "counted_quantity": "4" }] });
    portal.post_version(&path, &task["version"], &nowhere).problem(ProblemCode::FieldsInvalid);
    let done = world.acknowledge(&task, "3.5").ok();
    assert_eq!((&done["state"], &done["lines"][0]["place"]), (&json!("acknowledged"), &json!("locked cage 2")));
    world.acknowledge(&done, "4").problem(ProblemCode::AlreadyConfirmed);
    world.photo(&done).problem(ProblemCode::AlreadyConfirmed);
    assert_eq!(world.figures(&recall, &world.bar, &["custody", "custody_located"]), ["4", "3.5"]);
    // What goes back afterwards is what was counted; what was missing stays missing.
    let back = json!({ "kind": "return", "order_id": world.order["id"], "reason": "because of the recall",
        "lines": [{ "item_id": world.contract.bar["id"], "lot_id": world.bar["id"], "quantity": "3" }] });
    portal.post("/portal/material-documents", &back).ok();
    assert_eq!(world.figures(&recall, &world.bar, &["custody", "custody_located", "underway"]), ["1", "0.5", "3"]);
    // Its own timeline tells it what it did, and no more.
    let seen =
        world.crew.quality.get(&format!("/audit-events?aggregate_kind=recall&aggregate_id={}", id(&recall))).ok();
    let actions: Vec<_> = seen["items"].as_array().unwrap().iter().map(|event| event["action"].clone()).collect();
    assert_eq!(actions, ["confirmed", "attached", "recalled", "created"]);
}

#[test]
fn another_subcontractor_and_a_customer_see_nothing_of_it() {
    let world = world();
    let recall = world.held();
    let other = world.crew.subcontractor("SUB-B");
    world.app.acme.portal_member(&world.app.database, "other-portal", id(&other).parse().unwrap());
    let stranger = world.app.client("other-portal");
    assert_eq!(stranger.get("/portal/recall-notices").ok()["items"], json!([]));
    for kind in ["subcontractor", "customer"] {
        let path = format!("/portal/recall-notices/{}", id(&world.notice(&recall, kind)));
        stranger.get(&path).problem(ProblemCode::NotFound);
    }
    let letter = format!("/portal/recall-notices/{}", id(&world.notice(&recall, "customer")));
    world.portal().get(&letter).problem(ProblemCode::NotFound);
    world.portal().get("/recalls").problem(ProblemCode::PermissionMissing);
    // Nor do the maker's own people have anything to acknowledge.
    world.app.client("everything").get("/portal/recall-notices").problem(ProblemCode::PermissionMissing);
}

#[test]
fn a_notice_that_is_not_acknowledged_in_time_is_overdue() {
    let world = world();
    let recall = world.held();
    let overdue = || world.crew.quality.get(&format!("/recalls/{}", id(&recall))).ok()["overdue_count"].clone();
    assert_eq!(overdue(), 0);
    world.app.clock.advance(TimeDelta::days(4));
    let world = World { crew: crate::support::Crew::of(&world.app, &world.app.acme), ..world };
    let known = world.crew.quality.get(&format!("/recalls/{}", id(&recall))).ok();
    assert_eq!((&known["overdue_count"], &known["open_notice_count"]), (&json!(2), &json!(2)));
    let late = world.crew.quality.get("/recall-notices?overdue=true").ok();
    assert_eq!(late["items"].as_array().unwrap().len(), 2);
    let task = world.notice(&recall, "subcontractor");
    world.photo(&task).ok();
    world.acknowledge(&world.notice(&recall, "subcontractor"), "4").ok();
    let known = world.crew.quality.get(&format!("/recalls/{}", id(&recall))).ok();
    assert_eq!(known["overdue_count"], 1);
}

#[test]
fn a_recall_is_closed_when_everybody_is_told_and_what_is_left_over_is_explained() {
    let world = world();
    let recall = world.held();
    world.close(&recall, "").problem(ProblemCode::RecallNoticesOpen);
    world.letter(&recall, "answer", &answer("40", "")).problem(ProblemCode::StateForbids);
    let sent = json!({ "means": "registered letter", "evidence": "EMS 1042 7788 9" });
    let unproved = json!({ "means": "registered letter", "evidence": " " });
    world.letter(&recall, "sending", &unproved).problem(ProblemCode::FieldsInvalid);
    let mut tomorrow = sent.clone();
    tomorrow["sent_at"] = json!("2026-03-03T01:00:00Z");
    world.letter(&recall, "sending", &tomorrow).problem(ProblemCode::FieldsInvalid);
    world.letter(&recall, "sending", &sent).ok();
    world.letter(&recall, "sending", &sent).problem(ProblemCode::StateForbids);
    let residual = world.close(&recall, "").problem(ProblemCode::RecallResidual);
    assert!(residual["detail"].as_str().unwrap().contains("L-1 4 kg, F-1 40 pcs"), "{residual}");
    world.letter(&recall, "answer", &answer("38", "")).problem(ProblemCode::DifferenceRemarkRequired);
    world.letter(&recall, "answer", &answer("38", "two implanted")).ok();
    world.photo(&world.notice(&recall, "subcontractor")).ok();
    world.acknowledge(&world.notice(&recall, "subcontractor"), "4").ok();
    let residual = world.close(&recall, "").problem(ProblemCode::RecallResidual);
    assert!(residual["figures"]["residuals"].as_str().unwrap().ends_with("F-1 2 pcs"), "{residual}");
    let quality = world.step(&world.crew.quality, &recall, ("closure", &json!({ "unlocated_reason": "implanted" })));
    quality.problem(ProblemCode::PermissionMissing);
    let closed = world.close(&recall, "two implanted, the hospital's letter lies in the file").ok();
    assert_eq!(closed["record_state"], "closed");
    // The report stays as it was closed, and the lots stay recalled.
    let scrap = json!({ "kind": "scrap", "reason": "because of the recall", "lines": [{
        "item_id": world.contract.bar["id"], "lot_id": world.bar["id"], "quantity": "15",
        "from_location_id": world.crew.location("STORE")["id"] }] });
    world.crew.warehouse.post("/material-documents", &scrap).ok();
    assert_eq!(world.figures(&recall, &world.bar, &["own", "destroyed"]), ["15", "0"]);
    assert_eq!(world.status(&world.bar), "recalled");
    world.hold(&recall, true).problem(ProblemCode::StateForbids);
}
