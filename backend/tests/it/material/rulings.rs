//! What an approver rules on: counts that differ from the books, and use beyond what is allowed.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::{There, there};
use crate::support::books::contradictions;
use crate::support::material::{id, portal_login};

fn count(there: &There, counted: &[(&Value, &str)]) -> Value {
    let lines: Vec<Value> = counted
        .iter()
        .map(
            |(lot, quantity)| json!({ "item_id": there.contract.bar["id"], "lot_id": lot["id"], "quantity": quantity }),
        )
        .collect();
    json!({ "kind": "count", "order_id": there.order["id"], "lines": lines })
}

#[test]
fn a_subcontractor_counts_without_seeing_the_books_and_a_difference_waits_for_an_approver() {
    let there = there();
    let portal = there.app.client(&portal_login(&there.contract));
    let sheet = portal.get(&format!("/portal/orders/{}/count-sheet", id(&there.order))).ok();
    assert_eq!(sheet["lines"].as_array().unwrap().len(), 1);
    assert_eq!(sheet["lines"][0]["lot"]["code"], "L-1");
    assert!(!sheet.to_string().contains("quantity"), "{sheet}");

    let counted = portal.post("/portal/material-documents", &count(&there, &[(&there.lot, "4.5")])).ok();
    assert_eq!((&counted["record_state"], &counted["approval_state"]), (&json!("draft"), &json!("pending")));
    assert_eq!(counted["lines"][0]["book_quantity"], json!(null));
    assert_eq!(there.read(&counted)["lines"][0]["book_quantity"], "5");
    assert_eq!(there.account(&["in_custody", "adjusted"]), ["5", "0"]);

    there.decide(&counted, "approve").ok();
    assert_eq!(there.account(&["in_custody", "adjusted"]), ["4.5", "0.5"]);
    let after = portal.get(&format!("/portal/material-documents/{}", id(&counted))).ok();
    assert_eq!((&after["approval_state"], &after["lines"][0]["book_quantity"]), (&json!("approved"), &json!("5")));
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

#[test]
fn a_count_that_agrees_is_posted_and_moves_nothing() {
    let there = there();
    let counted = there.crew.clerk.post("/material-documents", &count(&there, &[(&there.lot, "5")])).ok();
    assert_eq!((&counted["record_state"], &counted["approval_state"]), (&json!("posted"), &json!("not_required")));
    assert_eq!(there.account(&["in_custody", "adjusted"]), ["5", "0"]);
}

#[test]
fn a_refused_count_changes_nothing_and_a_withdrawn_one_leaves_the_inbox() {
    let there = there();
    let counted = there.post(&count(&there, &[(&there.lot, "6")])).ok();
    there.decide(&counted, "refuse").ok();
    let refused = there.read(&counted);
    assert_eq!((&refused["record_state"], &refused["approval_state"]), (&json!("cancelled"), &json!("rejected")));
    assert_eq!(there.account(&["in_custody"]), ["5"]);
    let counted = there.post(&count(&there, &[(&there.lot, "6")])).ok();
    let gone = there.cancel(&counted).ok();
    assert_eq!((&gone["record_state"], &gone["approval_state"]), (&json!("cancelled"), &json!("withdrawn")));
    let waiting = there.crew.approver.get("/approvals?state=pending").ok();
    assert_eq!(waiting["items"], json!([]));
}

#[test]
fn every_lot_in_custody_is_counted_once() {
    let there = there();
    let other = there.crew.released_lot(&there.contract, ("L-2", "10"));
    let problem = there.post(&count(&there, &[(&other, "1")])).problem(ProblemCode::LotsNotCounted);
    assert!(problem["detail"].as_str().unwrap().contains("L-1"), "{problem}");
    let twice = count(&there, &[(&there.lot, "5"), (&there.lot, "5")]);
    assert_eq!(there.faults(&twice), ["/lines/1 line_duplicate"]);
    // A lot that the books do not know there is found: its book is nothing.
    let found = there.post(&count(&there, &[(&there.lot, "5"), (&other, "1")])).ok();
    assert_eq!(found["lines"][1]["book_quantity"], "0");
}

#[test]
fn what_moved_while_a_count_waited_makes_the_difference_too_big_to_post() {
    let there = there();
    let counted = there.post(&count(&there, &[(&there.lot, "0")])).ok();
    there.post(&there.custody_paper("return", "5")).ok();
    there.decide(&counted, "approve").problem(ProblemCode::StockInsufficient);
    assert_eq!(there.read(&counted)["approval_state"], "pending");
}

#[test]
fn two_counts_of_one_difference_correct_the_books_once() {
    let there = there();
    let first = there.post(&count(&there, &[(&there.lot, "4.5")])).ok();
    let second = there.post(&count(&there, &[(&there.lot, "4.5")])).ok();
    there.app.clock.advance(chrono::TimeDelta::minutes(5));
    there.decide(&first, "approve").ok();
    let problem = there.decide(&second, "approve").problem(ProblemCode::CountOutdated);
    assert!(problem["detail"].as_str().unwrap().contains(first["number"].as_str().unwrap()), "{problem}");
    assert_eq!(there.account(&["in_custody", "adjusted"]), ["4.5", "0.5"]);
    there.app.clock.advance(chrono::TimeDelta::minutes(5));
    let third = there.post(&count(&there, &[(&there.lot, "4")])).ok();
    there.decide(&third, "approve").ok();
    assert_eq!(there.account(&["in_custody", "adjusted"]), ["4", "1"]);
}

#[test]
fn a_subcontractor_cannot_try_out_what_the_books_say() {
    let there = there();
    let portal = there.app.client(&portal_login(&there.contract));
    let tried = portal.post("/portal/material-documents?dry_run=true", &count(&there, &[(&there.lot, "5")]));
    tried.problem(ProblemCode::RequestMalformed);
}

#[test]
fn an_own_shelf_is_counted_too() {
    let there = there();
    let mut document = count(&there, &[(&there.lot, "14")]);
    document["order_id"] = json!(null);
    assert_eq!(there.faults(&document), ["/lines/0/from_location_id field_required"]);
    document["lines"][0]["from_location_id"] = there.crew.location("STORE")["id"].clone();
    let counted = there.post(&document).ok();
    assert_eq!(counted["lines"][0]["book_quantity"], "15");
    there.decide(&counted, "approve").ok();
    assert!(there.shelf().contains(&"STORE available 14".to_owned()), "{:?}", there.shelf());
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

fn over(there: &There, quantity: &str, declared: bool, borne_by: &str) -> Value {
    let mut line = there.line(quantity);
    line["already_declared"] = json!(declared);
    json!({
        "kind": "over_consumption", "order_id": there.order["id"], "reason": "a bar broke in the machine",
        "certificate_number": "PHOTO-17", "borne_by": borne_by, "lines": [line],
    })
}

/// 300 screws were received, and 3.5 kg declared for them where 3 are allowed.
fn used_too_much() -> There {
    let there = there();
    let used = json!([{ "item_id": there.contract.bar["id"], "lot_id": there.lot["id"], "quantity": "3.5" }]);
    let goods = json!([{ "lot_code": "F-1", "good_quantity": "300", "uses": used }]);
    there.crew.finished(&there.order, &goods).ok();
    there
}

#[test]
fn what_was_used_too_much_is_ruled_on_and_the_order_closes_once_it_is() {
    let there = used_too_much();
    there.receive(&there.post(&there.custody_paper("return", "1.5")).ok(), "1.5", "").ok();
    let closing = format!("/orders/{}/closing", id(&there.order));
    let close = || {
        let version = there.crew.account(&there.order)["version"].clone();
        there.crew.manager.post_version(&closing, &version, &json!({}))
    };
    let problem = close().problem(ProblemCode::OrderNotSettled);
    assert!(problem["detail"].as_str().unwrap().contains("0.5 kg"), "{problem}");
    let too_much = there.post(&over(&there, "0.6", true, "own")).problem(ProblemCode::RulingExceedsOver);
    assert!(too_much["detail"].as_str().unwrap().contains("0.5"), "{too_much}");
    let asked = there.crew.clerk.post("/material-documents", &over(&there, "0.5", true, "own")).ok();
    assert_eq!(asked["approval_state"], "pending");
    close().problem(ProblemCode::OrderNotSettled);
    there.decide(&asked, "approve").ok();
    // Nothing moved: the receipt had declared it.
    assert_eq!(there.account(&["consumed", "in_custody"]), ["3.5", "0"]);
    close().ok();
}

#[test]
fn what_the_subcontractor_bears_is_deducted_at_what_it_cost_and_may_be_in_every_finished_lot() {
    let there = used_too_much();
    let asked = there.post(&over(&there, "0.25", false, "subcontractor")).ok();
    there.decide(&asked, "approve").ok();
    assert_eq!(there.account(&["consumed", "in_custody"]), ["3.75", "1.25"]);
    let lines = there.crew.clerk.get(&format!("/settlement-lines?order_id={}", id(&there.order))).ok();
    let line = lines["items"].as_array().unwrap().iter().find(|line| line["kind"] == "penalty").unwrap().clone();
    assert_eq!((&line["amount"], &line["quantity"]), (&json!("-150.00"), &json!("0.25")));
    there.reverse(&there.read(&asked)).ok();
    let lines = there.crew.clerk.get(&format!("/settlement-lines?order_id={}", id(&there.order))).ok();
    let line = lines["items"].as_array().unwrap().iter().find(|line| line["kind"] == "penalty").unwrap().clone();
    assert_eq!(line["settlement_state"], "reversed");
    assert_eq!(there.account(&["consumed", "in_custody"]), ["3.5", "1.5"]);
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

#[test]
fn who_wrote_it_does_not_rule_on_it() {
    let there = there();
    let own = there.app.client(&there.app.acme.login("manager"));
    let counted = there.post(&count(&there, &[(&there.lot, "4")])).ok();
    let waiting = own.get("/approvals?state=pending").ok();
    let path = format!("/approvals/{}/decisions", id(&waiting["items"][0]));
    let decision = json!({ "decision": "approve" });
    there.crew.warehouse.post(&path, &decision).problem(ProblemCode::PermissionMissing);
    there.crew.clerk.post(&path, &decision).problem(ProblemCode::PermissionMissing);
    own.post(&path, &decision).ok();
    assert_eq!(there.read(&counted)["record_state"], "posted");
}
