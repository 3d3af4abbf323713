//! Orders from the first issue to the closing, told as the specification: what goes out, what comes of it, and what is
//! left at the end, which is nothing, or exactly what is said.

use chrono::TimeDelta;
use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::support::app::{Client, TestApp};
use super::support::books::contradictions;
use super::support::material::{Contract, Crew, id, portal_login};

/// A maker and its people. 1 kg of bar makes 100 screws; 20 kg of lot L-1 stand on the shelf.
struct Story {
    app: TestApp,
    crew: Crew,
    contract: Contract,
    lot: Value,
}

fn story() -> Story {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let lot = crew.released_lot(&contract, ("L-1", "20"));
    Story { app, crew, contract, lot }
}

impl Story {
    /// Everybody signs in again after so many days.
    fn after(self, days: i64) -> Self {
        self.app.clock.advance(TimeDelta::days(days));
        Self { crew: Crew::of(&self.app, &self.app.acme), ..self }
    }

    fn portal(&self, contract: &Contract) -> Client {
        self.app.client(&portal_login(contract))
    }

    fn order(&self, order: &Value) -> Value {
        self.crew.clerk.get(&format!("/orders/{}", id(order))).ok()
    }

    /// Issue, custody, receipt, quality and settlement axis, and the record state.
    fn axes(&self, order: &Value) -> [String; 6] {
        let order = self.order(order);
        let axes =
            ["issue_state", "custody_state", "receipt_state", "quality_state", "settlement_state", "record_state"];
        axes.map(|axis| order[axis].as_str().unwrap().to_owned())
    }

    /// Terms of the order's account for its lot; it is proved at every step.
    fn account(&self, order: &Value, terms: &[&str]) -> Vec<String> {
        let account = self.crew.account(order);
        assert_eq!(account["proved"], true, "{account}");
        let line = &account["lines"][0];
        terms.iter().map(|term| line[*term].as_str().unwrap().to_owned()).collect()
    }

    fn obstacles(&self, order: &Value) -> Vec<String> {
        let account = self.crew.account(order);
        assert_eq!(account["proved"], true, "{account}");
        let said = |row: &Value| format!("{} {}", row["kind"].as_str().unwrap(), row["quantity"].as_str().unwrap());
        account["obstacles"].as_array().unwrap().iter().map(said).collect()
    }

    fn paper(&self, kind: &str, order: &Value, quantity: &str) -> Value {
        json!({
            "kind": kind, "order_id": order["id"], "reason": "left over after the last tranche", "lines": [
                { "item_id": self.contract.bar["id"], "lot_id": self.lot["id"], "quantity": quantity },
            ],
        })
    }

    fn write(&self, document: &Value) -> Value {
        self.crew.warehouse.post("/material-documents", document).ok()
    }

    fn receive(&self, document: &Value, quantity: &str) -> Value {
        let count = json!({ "lines": [{ "line_number": 1, "received_quantity": quantity }] });
        let path = format!("/material-documents/{}/confirmation", id(document));
        self.crew.warehouse.post_version(&path, &document["version"], &count).ok()
    }

    fn decide(&self, document: &Value) {
        let waiting = self.crew.approver.get("/approvals?state=pending&limit=500").ok();
        let row = waiting["items"].as_array().unwrap().iter().find(|row| row["document"]["id"] == document["id"]);
        let path = format!("/approvals/{}/decisions", id(row.unwrap()));
        self.crew.approver.post(&path, &json!({ "decision": "approve", "reason": "seen and weighed" })).ok();
    }

    fn made(&self, order: &Value, lot: &str, good: &str) -> Value {
        self.crew.finished(order, &json!([{ "lot_code": lot, "good_quantity": good }])).ok()
    }

    /// Nothing keeps the order open; it is closed, and the books agree with themselves.
    fn close(&self, order: &Value) {
        assert_eq!(self.obstacles(order), [""; 0]);
        let version = self.crew.account(order)["version"].clone();
        self.crew.manager.post_version(&format!("/orders/{}/closing", id(order)), &version, &json!({})).ok();
        assert_eq!(self.account(order, &["in_custody", "in_transit"]), ["0", "0"]);
        assert_eq!(contradictions(&mut self.app.database.owner()), Vec::<String>::new());
    }

    /// What stands where of a lot: place, status, quantity.
    fn stock(&self, lot: &Value) -> Vec<String> {
        let stock = self.crew.clerk.get(&format!("/stock?lot_id={}&limit=100", id(lot))).ok();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let row = |row: &Value| {
            format!("{} {} {}", text(&row["location"]["code"]), text(&row["status"]), text(&row["on_hand"]))
        };
        let mut rows: Vec<_> = stock["items"].as_array().unwrap().iter().map(row).collect();
        rows.sort();
        rows
    }
}

#[test]
fn a_return_before_the_first_receipt() {
    let story = story();
    let order = story.crew.confirmed(&story.app, &story.contract, "500");
    let back = story.write(&story.paper("return", &order, "1"));
    assert_eq!(story.obstacles(&order), ["custody 4", "on_return 1", "documents 0"]);
    story.receive(&back, "1");
    assert_eq!(story.axes(&order), ["issued", "confirmed", "open", "none", "open", "open"]);
    story.made(&order, "F-1", "400");
    let terms = ["confirmed_in", "consumed", "returned", "in_custody"];
    assert_eq!(story.account(&order, &terms), ["5", "4", "1", "0"]);
    story.close(&order);
    assert_eq!(story.axes(&order), ["issued", "reconciled", "partly", "on_hold", "open", "closed"]);
}

#[test]
fn rejected_pieces_are_reworked_and_come_back_beside_a_second_receipt() {
    let story = story();
    let order = story.crew.confirmed(&story.app, &story.contract, "500");
    let first = json!([{ "lot_code": "F-1", "good_quantity": "280", "rejected_quantity": "20" }]);
    let first = story.crew.finished(&order, &first).ok();
    // Rejected pieces took their material too.
    assert_eq!(story.account(&order, &["consumed", "in_custody"]), ["3", "2"]);
    let lot = first["lines"][0]["lot"].clone();
    let pieces = |kind: &str| {
        json!({
            "kind": kind, "order_id": order["id"], "reason": "burrs on the thread", "lines": [
                { "item_id": story.contract.product["id"], "lot_id": lot["id"], "quantity": "20" },
            ],
        })
    };
    let out = story.write(&pieces("rework_out"));
    let count = json!({ "lines": [{ "line_number": 1, "received_quantity": "20" }] });
    let path = format!("/portal/material-documents/{}/confirmation", id(&out));
    story.portal(&story.contract).post_version(&path, &out["version"], &count).ok();
    let second = story.made(&order, "F-2", "200");
    // What is being reworked keeps the order open.
    assert_eq!(story.obstacles(&order), ["custody 20"]);
    story.write(&pieces("rework_in"));
    assert_eq!(story.stock(&lot), ["QUARANTINE quarantine 300"]);
    story.crew.release(&first);
    story.crew.release(&second);
    assert_eq!(story.stock(&lot), ["STORE available 300"]);
    story.close(&order);
    assert_eq!(story.axes(&order), ["issued", "reconciled", "full", "partial", "open", "closed"]);
}

#[test]
fn three_subcontractors_pass_material_on_and_half_a_kilogram_gets_lost_on_the_first_leg() {
    let story = story();
    let order_a = story.crew.confirmed(&story.app, &story.contract, "500");
    let elsewhere = |code: &str| {
        let contract = Contract { subcontractor: story.crew.subcontractor(code), ..story.contract.clone() };
        let login = portal_login(&contract);
        story.app.acme.portal_member(&story.app.database, &login, id(&contract.subcontractor).parse().unwrap());
        contract
    };
    let (at_b, at_c) = (elsewhere("SUB-B"), elsewhere("SUB-C"));
    let (order_b, order_c) = (story.crew.order(&at_b, "200"), story.crew.order(&at_c, "100"));
    // Each leg is handed over by the one that sends and counted by the one that gets it.
    let leg = |from: (&Contract, &Value), to: (&Contract, &Value), quantity: &str, arrived: &str| {
        let mut paper = story.paper("transfer", from.1, quantity);
        paper["to_order_id"] = to.1["id"].clone();
        let draft = story.write(&paper);
        let path = format!("/portal/material-documents/{}", id(&draft));
        let sender = story.portal(from.0);
        let sent = sender.post_version(&format!("{path}/hand-over"), &draft["version"], &json!({})).ok();
        let remark = if arrived == quantity { "" } else { "one bundle was torn open" };
        let count = json!({ "lines": [{ "line_number": 1, "received_quantity": arrived }], "remark": remark });
        story.portal(to.0).post_version(&format!("{path}/confirmation"), &sent["version"], &count).ok()
    };
    let short = leg((&story.contract, &order_a), (&at_b, &order_b), "2.5", "2");
    assert_eq!(short["custody_state"], "with_discrepancy");
    leg((&at_b, &order_b), (&at_c, &order_c), "1", "1");
    // What did not arrive at B is on A's account again.
    assert_eq!(story.account(&order_a, &["in_custody", "transferred_out"]), ["3", "2"]);
    assert_eq!(story.account(&order_b, &["in_custody", "transferred_out"]), ["1", "1"]);
    assert_eq!(story.account(&order_c, &["in_custody", "transferred_out"]), ["1", "0"]);
    // A still has to say where the half kilogram is that it made no screws of: it is scrapped with a witness.
    story.made(&order_a, "F-A", "250");
    assert_eq!(story.obstacles(&order_a), ["custody 0.5"]);
    let mut scrap = story.paper("subcontractor_scrap", &order_a, "0.5");
    scrap["witness"] = json!("Wang Fang");
    scrap["certificate_number"] = json!("DC-1");
    story.write(&scrap);
    story.made(&order_b, "F-B", "100");
    story.made(&order_c, "F-C", "100");
    for order in [&order_a, &order_b, &order_c] {
        story.close(order);
    }
    assert_eq!(story.axes(&order_c), ["issued", "reconciled", "full", "on_hold", "open", "closed"]);
}

#[test]
fn issue_receipt_and_use_in_thirds_with_the_middle_one_undone_and_done_again() {
    let story = story();
    let order = story.crew.order(&story.contract, "600");
    let login = portal_login(&story.contract);
    story.app.acme.portal_member(&story.app.database, &login, id(&story.contract.subcontractor).parse().unwrap());
    let asked = || {
        let line = json!({ "item_id": story.contract.bar["id"], "quantity": "2" });
        let body = json!({
            "order_id": order["id"], "needed_on": "2026-03-20", "priority": "normal", "lines": [line], "submit": true,
        });
        story.crew.approve(&story.crew.clerk.post("/requisitions", &body).ok())
    };
    let issued = |requisition: &Value| story.crew.issue(&story.crew.scan(&story.crew.pick(requisition)));
    let confirmed = |note: &Value| {
        let line = json!({ "line_number": 1, "good_quantity": "2", "damaged_quantity": "0" });
        let path = format!("/portal/deliveries/{}/confirmation", id(note));
        story.portal(&story.contract).post_version(&path, &note["version"], &json!({ "lines": [line] })).ok();
    };
    let reason = json!({ "reason": "written for the wrong order" });
    confirmed(&issued(&asked()));
    assert_eq!(story.axes(&order)[0], "partly");
    let requisition = asked();
    let wrong = issued(&requisition);
    let path = format!("/issue-notes/{}/reversal", id(&wrong));
    story.crew.manager.post_version(&path, &wrong["version"], &reason).ok();
    assert_eq!(story.account(&order, &["confirmed_in", "in_transit"]), ["2", "0"]);
    confirmed(&issued(&requisition));
    confirmed(&issued(&asked()));
    assert_eq!(story.axes(&order)[..2], ["issued", "confirmed"]);

    story.made(&order, "F-1", "200");
    let middle = story.made(&order, "F-2", "200");
    let path = format!("/subcontract-receipts/{}/reversal", id(&middle));
    story.crew.manager.post_version(&path, &middle["version"], &reason).ok();
    assert_eq!(story.account(&order, &["consumed", "in_custody"]), ["2", "4"]);
    assert_eq!(story.axes(&order)[2], "partly");
    story.made(&order, "F-3", "200");
    assert_eq!(story.obstacles(&order), ["custody 2"]);
    story.made(&order, "F-2B", "200");
    story.close(&order);
    assert_eq!(story.axes(&order), ["issued", "reconciled", "full", "on_hold", "open", "closed"]);
}

#[test]
fn a_supplement_that_was_used_up_is_ruled_on_and_the_subcontractor_bears_it() {
    let story = story();
    let order = story.crew.confirmed(&story.app, &story.contract, "500");
    let asked = json!({
        "order_id": order["id"], "needed_on": "2026-03-25", "priority": "normal", "supplement": "process_loss",
        "reason": "the first bars broke", "lines": [{ "item_id": story.contract.bar["id"], "quantity": "1" }],
        "submit": true,
    });
    let asked = story.crew.approve(&story.crew.clerk.post("/requisitions", &asked).ok());
    let note = story.crew.issue(&story.crew.scan(&story.crew.pick(&asked)));
    let line = json!({ "line_number": 1, "good_quantity": "1", "damaged_quantity": "0" });
    let path = format!("/portal/deliveries/{}/confirmation", id(&note));
    story.portal(&story.contract).post_version(&path, &note["version"], &json!({ "lines": [line] })).ok();
    let uses = story.paper("return", &order, "6")["lines"].clone();
    let goods = json!([{ "lot_code": "F-1", "good_quantity": "500", "uses": uses }]);
    story.crew.finished(&order, &goods).ok();
    assert_eq!(story.obstacles(&order), ["over_used 1"]);
    let mut ruling = story.paper("over_consumption", &order, "1");
    ruling["certificate_number"] = json!("PHOTO-17");
    ruling["borne_by"] = json!("subcontractor");
    ruling["lines"][0]["already_declared"] = json!(true);
    let ruling = story.write(&ruling);
    assert_eq!(story.obstacles(&order), ["over_used 1", "documents 0"]);
    story.decide(&ruling);
    // One kilogram at the 600 that it cost is taken off what the subcontractor gets.
    let lines = story.crew.clerk.get(&format!("/settlement-lines?order_id={}", id(&order))).ok();
    let charge = lines["items"].as_array().unwrap().iter().find(|line| line["kind"] == "penalty").unwrap();
    assert_eq!(charge["amount"], "-600.00");
    assert_eq!(story.account(&order, &["issued", "consumed", "in_custody"]), ["6", "6", "0"]);
    story.close(&order);
    assert_eq!(story.axes(&order)[0], "over_issued");
}

#[test]
fn a_count_finds_less_and_the_order_closes_on_what_was_counted() {
    let story = story();
    let order = story.crew.confirmed(&story.app, &story.contract, "500");
    let portal = story.portal(&story.contract);
    let mut count = story.paper("count", &order, "4.8");
    count.as_object_mut().unwrap().remove("reason");
    let counted = portal.post("/portal/material-documents", &count).ok();
    assert_eq!(counted["approval_state"], "pending");
    assert_eq!(story.account(&order, &["in_custody", "adjusted"]), ["5", "0"]);
    story.decide(&counted);
    assert_eq!(story.account(&order, &["in_custody", "adjusted"]), ["4.8", "0.2"]);
    story.made(&order, "F-1", "480");
    assert_eq!(story.account(&order, &["consumed", "in_custody"]), ["4.8", "0"]);
    story.close(&order);
    assert_eq!(story.axes(&order), ["issued", "reconciled", "partly", "on_hold", "open", "closed"]);
}

#[test]
fn what_expires_at_the_subcontractor_is_sent_back_and_destroyed_not_passed_on() {
    let story = story();
    let order = story.crew.confirmed(&story.app, &story.contract, "500");
    story.made(&order, "F-1", "400");
    let next = story.crew.order(&story.contract, "100");
    let story = story.after(365);
    let mut on = story.paper("transfer", &order, "1");
    on["to_order_id"] = next["id"].clone();
    let problem = story.crew.warehouse.post("/material-documents", &on).problem(ProblemCode::LotExpired);
    assert!(problem["detail"].as_str().unwrap().contains("L-1"), "{problem}");
    let mut back = story.paper("return", &order, "1");
    back["lines"][0]["condition"] = json!("expired");
    let sent = story.write(&back);
    story.receive(&sent, "1");
    assert!(story.stock(&story.lot).contains(&"QUARANTINE rejected 1".to_owned()), "{:?}", story.stock(&story.lot));
    let scrap = json!({
        "kind": "scrap", "reason": "past its last day", "lines": [{
            "item_id": story.contract.bar["id"], "lot_id": story.lot["id"], "quantity": "1",
            "from_location_id": story.crew.location("QUARANTINE")["id"], "from_status": "rejected",
        }],
    });
    story.write(&scrap);
    story.close(&order);
    assert_eq!(story.account(&order, &["consumed", "returned"]), ["4", "1"]);
}

#[test]
fn a_month_is_closed_while_the_order_runs_and_what_comes_after_stands_in_the_next() {
    let story = story();
    let order = story.crew.confirmed(&story.app, &story.contract, "500");
    let march = story.made(&order, "F-1", "200");
    let story = story.after(32);
    story.crew.manager.post("/periods", &json!({ "month": "2026-03-01" })).ok();
    let reason = json!({ "reason": "counted on the wrong order" });
    let path = format!("/subcontract-receipts/{}/reversal", id(&march));
    story.crew.manager.post_version(&path, &march["version"], &reason).problem(ProblemCode::ReversalPeriodClosed);
    let goods = |occurred_at: &str| {
        let lines = json!([{ "lot_code": "F-2", "good_quantity": "300" }]);
        let receipt =
            json!({ "order_id": order["id"], "delivery_note": "SUB-2", "occurred_at": occurred_at, "lines": lines });
        story.crew.warehouse.post("/subcontract-receipts", &receipt)
    };
    goods("2026-03-31T08:00:00Z").problem(ProblemCode::PeriodClosed);
    assert_eq!(story.account(&order, &["consumed", "in_custody"]), ["2", "3"]);
    let april = goods("2026-04-01T08:00:00Z").ok();
    assert_eq!(april["late"], true);
    story.close(&order);
    assert_eq!(story.axes(&order), ["issued", "reconciled", "full", "on_hold", "open", "closed"]);
}
