//! What comes back from a subcontractor, and what is destroyed there.

use lotline_common::problem::ProblemCode;
use serde_json::json;

use super::there;
use crate::support::books::contradictions;
use crate::support::material::{id, portal_login};

#[test]
fn a_return_leaves_custody_waits_on_its_way_and_arrives_in_quarantine() {
    let there = there();
    let sent = there.post(&there.custody_paper("return", "2")).ok();
    assert_eq!(sent["custody_state"], "in_transit");
    assert_eq!(there.account(&["in_custody", "on_return", "returned"]), ["3", "2", "2"]);
    let received = there.receive(&sent, "2", "").ok();
    assert_eq!(received["custody_state"], "confirmed");
    assert_eq!(there.account(&["in_custody", "on_return", "returned"]), ["3", "0", "2"]);
    assert!(there.shelf().contains(&"QUARANTINE quarantine 2".to_owned()), "{:?}", there.shelf());
    there.receive(&received, "2", "").problem(ProblemCode::StateForbids);
}

#[test]
fn what_comes_back_defective_is_rejected() {
    let there = there();
    let mut document = there.custody_paper("return", "1");
    document["lines"][0]["condition"] = json!("defective");
    let sent = there.post(&document).ok();
    there.receive(&sent, "1", "").ok();
    assert!(there.shelf().contains(&"QUARANTINE rejected 1".to_owned()), "{:?}", there.shelf());
}

#[test]
fn what_did_not_arrive_is_on_the_subcontractors_account_again() {
    let there = there();
    let sent = there.post(&there.custody_paper("return", "2")).ok();
    there.receive(&sent, "1.5", "").problem(ProblemCode::DifferenceRemarkRequired);
    let more = there.receive(&sent, "2.5", "x").problem(ProblemCode::FieldsInvalid);
    assert_eq!(more["errors"][0]["code"], ProblemCode::ReturnExceedsSent.as_str());
    let received = there.receive(&sent, "1.5", "half a kilogram is missing").ok();
    assert_eq!(received["custody_state"], "with_discrepancy");
    assert_eq!(there.account(&["in_custody", "on_return", "returned"]), ["3.5", "0", "1.5"]);
    there.reverse(&received).problem(ProblemCode::StateForbids);
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

#[test]
fn a_return_before_the_first_receipt_scrap_and_goods_leave_nothing_and_the_order_is_closed() {
    let there = there();
    let sent = there.post(&there.custody_paper("return", "1")).ok();
    there.receive(&sent, "1", "").ok();
    there.post(&there.custody_paper("subcontractor_scrap", "1")).ok();
    there.crew.finished(&there.order, &json!([{ "lot_code": "F-1", "good_quantity": "300" }])).ok();
    let terms = ["confirmed_in", "consumed", "returned", "scrapped", "in_custody"];
    assert_eq!(there.account(&terms), ["5", "3", "1", "1", "0"]);
    let account = there.crew.account(&there.order);
    assert_eq!(account["obstacles"], json!([]));
    let path = format!("/orders/{}/closing", id(&there.order));
    there.crew.manager.post_version(&path, &account["version"], &json!({})).ok();
    there.post(&there.custody_paper("return", "1")).problem(ProblemCode::OrderNotOpen);
    there.reverse(&sent).problem(ProblemCode::VersionStale);
    let received = there.crew.clerk.get(&format!("/material-documents/{}", id(&sent))).ok();
    there.reverse(&received).problem(ProblemCode::OrderNotOpen);
}

#[test]
fn nothing_leaves_custody_that_is_not_there_on_this_order() {
    let there = there();
    let problem = there.post(&there.custody_paper("return", "5.001")).problem(ProblemCode::StockInsufficient);
    assert!(problem["detail"].as_str().unwrap().contains("L-1"), "{problem}");
    let other = there.crew.order(&there.contract, "100");
    let mut document = there.custody_paper("return", "1");
    document["order_id"] = other["id"].clone();
    there.post(&document).problem(ProblemCode::StockInsufficient);
    assert_eq!(there.account(&["in_custody"]), ["5"]);
}

#[test]
fn each_kind_says_what_its_paper_lacks() {
    let there = there();
    let store = there.crew.location("STORE");
    let bare = json!({ "kind": "subcontractor_scrap", "lines": [there.line("1")] });
    let lacks = [
        "/order_id field_required",
        "/reason reason_required",
        "/witness field_required",
        "/certificate_number field_required",
    ];
    assert_eq!(there.faults(&bare), lacks);
    let mut walk = json!({ "kind": "move", "order_id": there.order["id"], "lines": [there.line("0")] });
    walk["lines"][0]["lot_id"] = json!(null);
    walk["lines"][0]["from_location_id"] = store["id"].clone();
    let wrong = [
        "/order_id field_not_allowed",
        "/lines/0/quantity quantity_not_positive",
        "/lines/0/lot_id lot_required",
        "/lines/0/to_location_id field_required",
    ];
    assert_eq!(there.faults(&walk), wrong);
    assert_eq!(ProblemCode::FieldNotAllowed.as_str(), "field_not_allowed");
}

#[test]
fn the_subcontractor_sends_back_and_another_one_sees_nothing() {
    let there = there();
    let portal = there.app.client(&portal_login(&there.contract));
    let sent = portal.post("/portal/material-documents", &there.custody_paper("return", "1.25")).ok();
    assert_eq!(portal.get("/portal/material-documents").ok()["items"][0]["number"], sent["number"]);
    let scrap = portal.post("/portal/material-documents", &there.custody_paper("subcontractor_scrap", "1"));
    assert_eq!(scrap.problem(ProblemCode::FieldsInvalid)["errors"][0]["pointer"], "/kind");
    let other = there.crew.subcontractor("SUB-B");
    there.app.acme.portal_member(&there.app.database, "portal-b", id(&other).parse().unwrap());
    let stranger = there.app.client("portal-b");
    stranger.get(&format!("/portal/material-documents/{}", id(&sent))).problem(ProblemCode::NotFound);
    let theirs = stranger.post("/portal/material-documents", &there.custody_paper("return", "1"));
    assert!([404, 422].contains(&theirs.status), "{}", theirs.text);
    there.receive(&sent, "1.25", "").ok();
    let seen = portal.get(&format!("/portal/material-documents/{}", id(&sent))).ok();
    assert_eq!(seen["custody_state"], "confirmed");
}
