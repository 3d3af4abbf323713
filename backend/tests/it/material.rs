//! Material documents: what comes back from a subcontractor, what is destroyed there, what moves in the own house.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::support::app::{Answer, TestApp};
use super::support::books::contradictions;
use super::support::material::{Contract, Crew, id, portal_login};

/// 5 kg of one lot in custody for an order of 500 screws, 15 kg of it on the shelf.
struct There {
    app: TestApp,
    crew: Crew,
    contract: Contract,
    order: Value,
    lot: Value,
}

fn there() -> There {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let lot = crew.released_lot(&contract, ("L-1", "20"));
    let order = crew.confirmed(&app, &contract, "500");
    There { app, crew, contract, order, lot }
}

impl There {
    fn line(&self, quantity: &str) -> Value {
        json!({ "item_id": self.contract.bar["id"], "lot_id": self.lot["id"], "quantity": quantity })
    }

    fn custody_paper(&self, kind: &str, quantity: &str) -> Value {
        json!({
            "kind": kind, "order_id": self.order["id"], "reason": "left over after the last tranche",
            "witness": "Wang Fang", "certificate_number": "DC-1", "lines": [self.line(quantity)],
        })
    }

    fn post(&self, document: &Value) -> Answer {
        self.crew.warehouse.post("/material-documents", document)
    }

    /// Terms of the order's account for the lot.
    fn account(&self, terms: &[&str]) -> Vec<String> {
        let account = self.crew.account(&self.order);
        assert_eq!(account["proved"], true, "{account}");
        let line = &account["lines"][0];
        terms.iter().map(|term| line[*term].as_str().unwrap().to_owned()).collect()
    }

    fn shelf(&self) -> Vec<String> {
        let stock = self.crew.clerk.get(&format!("/stock?lot_id={}&limit=100", id(&self.lot))).ok();
        let row = |row: &Value| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            format!("{} {} {}", text(&row["location"]["code"]), text(&row["status"]), text(&row["on_hand"]))
        };
        let mut rows: Vec<_> = stock["items"].as_array().unwrap().iter().map(row).collect();
        rows.sort();
        rows
    }

    fn receive(&self, document: &Value, received: &str, remark: &str) -> Answer {
        let count = json!({ "lines": [{ "line_number": 1, "received_quantity": received }], "remark": remark });
        let path = format!("/material-documents/{}/confirmation", id(document));
        self.crew.warehouse.post_version(&path, &document["version"], &count)
    }

    fn reverse(&self, document: &Value) -> Answer {
        let path = format!("/material-documents/{}/reversal", id(document));
        let reason = json!({ "reason": "written for the wrong order" });
        self.crew.manager.post_version(&path, &document["version"], &reason)
    }
}

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
    let codes = |document: &Value| {
        let problem = there.post(document).problem(ProblemCode::FieldsInvalid);
        let error = |error: &Value| format!("{} {}", error["pointer"], error["code"]).replace('"', "");
        problem["errors"].as_array().unwrap().iter().map(error).collect::<Vec<_>>()
    };
    let bare = json!({ "kind": "subcontractor_scrap", "lines": [there.line("1")] });
    let lacks = [
        "/order_id field_required",
        "/reason reason_required",
        "/witness field_required",
        "/certificate_number field_required",
    ];
    assert_eq!(codes(&bare), lacks);
    let mut walk = json!({ "kind": "move", "order_id": there.order["id"], "lines": [there.line("0")] });
    walk["lines"][0]["lot_id"] = json!(null);
    walk["lines"][0]["from_location_id"] = store["id"].clone();
    let wrong = [
        "/order_id field_not_allowed",
        "/lines/0/quantity quantity_not_positive",
        "/lines/0/lot_id lot_required",
        "/lines/0/to_location_id field_required",
    ];
    assert_eq!(codes(&walk), wrong);
    assert_eq!(ProblemCode::FieldNotAllowed.as_str(), "field_not_allowed");
}

#[test]
fn in_the_own_house_material_moves_goes_to_the_line_comes_back_and_is_destroyed() {
    let there = there();
    let (store, quarantine) = (there.crew.location("STORE"), there.crew.location("QUARANTINE"));
    let document = |kind: &str, quantity: &str, ends: [(&str, &Value); 2]| {
        let mut line = there.line(quantity);
        for (field, place) in ends {
            if !place.is_null() {
                line[field] = place["id"].clone();
            }
        }
        json!({ "kind": kind, "reason": "for the work order", "lines": [line] })
    };
    let (from, to) = ("from_location_id", "to_location_id");
    there.post(&document("line_issue", "4", [(from, &store), (to, &Value::Null)])).ok();
    assert!(there.shelf().contains(&"LINE available 4".to_owned()), "{:?}", there.shelf());
    there.post(&document("line_return", "1", [(from, &Value::Null), (to, &store)])).ok();
    let scrapped = there.post(&document("scrap", "2", [(from, &store), (to, &Value::Null)])).ok();
    assert!(there.shelf().contains(&"STORE available 10".to_owned()), "{:?}", there.shelf());
    there.reverse(&scrapped).ok();
    assert!(there.shelf().contains(&"STORE available 12".to_owned()), "{:?}", there.shelf());
    // A move keeps the status; quarantine is no way around quality.
    there.post(&document("move", "1", [(from, &store), (to, &quarantine)])).ok();
    assert!(there.shelf().contains(&"QUARANTINE available 1".to_owned()), "{:?}", there.shelf());
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

#[test]
fn a_lot_on_hold_does_not_go_to_the_line() {
    let there = there();
    let lot = there.crew.quality.get(&format!("/lots/{}", id(&there.lot))).ok();
    let block = json!({ "decision": "block", "reason": "hardness in doubt" });
    there.crew.quality.post_version(&format!("/lots/{}/decisions", id(&lot)), &lot["version"], &block).ok();
    let mut line = there.line("1");
    line["from_location_id"] = there.crew.location("STORE")["id"].clone();
    let document = json!({ "kind": "line_issue", "reason": "for the work order", "lines": [line] });
    there.post(&document).problem(ProblemCode::LotStatusForbids);
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
