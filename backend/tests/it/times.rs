//! Time-honest: when something happened, when it was written and what its evidence says stand apart; what was written
//! late is marked and never put in among what was written before it (invariant I5).

use chrono::TimeDelta;
use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::support::app::TestApp;
use super::support::db::count;
use super::support::material::{Contract, Crew, id, portal_login};

/// Five days after 5 kg of lot L-1 went into custody; 15 kg of it stand on the shelf.
struct Later {
    app: TestApp,
    crew: Crew,
    contract: Contract,
    order: Value,
    lot: Value,
}

fn later() -> Later {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let lot = crew.released_lot(&contract, ("L-1", "20"));
    let order = crew.confirmed(&app, &contract, "500");
    app.clock.advance(TimeDelta::days(5));
    let crew = Crew::of(&app, &app.acme);
    Later { app, crew, contract, order, lot }
}

impl Later {
    fn movements(&self, document: &Value) -> Vec<Value> {
        let found = self.crew.clerk.get(&format!("/movements?document_id={}", id(document))).ok();
        found["items"].as_array().unwrap().clone()
    }

    fn sent_back(&self, occurred_at: &str) -> Value {
        json!({
            "kind": "return", "order_id": self.order["id"], "reason": "left over after the last tranche",
            "occurred_at": occurred_at, "evidence_at": "2026-03-04T06:30:00Z",
            "lines": [{ "item_id": self.contract.bar["id"], "lot_id": self.lot["id"], "quantity": "1" }],
        })
    }

    fn no_movement_is_later_than_its_record(&self) {
        let wrong = "SELECT count(*) AS count FROM stock_movement
            WHERE occurred_at > recorded_at OR evidence_at > recorded_at";
        assert_eq!(count(&mut self.app.database.owner(), wrong), 0);
    }
}

/// The three times of a movement or document, and whether it came late.
fn times(thing: &Value) -> [&Value; 3] {
    [&thing["occurred_at"], &thing["evidence_at"], &thing["late"]]
}

#[test]
fn a_document_written_late_is_marked_with_all_three_times_and_stands_where_it_was_written() {
    let later = later();
    let prompt = later.crew.warehouse.post("/material-documents", &{
        let mut body = later.sent_back("2026-03-07T00:30:00Z");
        body["evidence_at"] = Value::Null;
        body
    });
    let prompt = prompt.ok();
    assert_eq!((&prompt["late"], &prompt["evidence_at"]), (&json!(false), &json!(null)));
    let late = later.crew.warehouse.post("/material-documents", &later.sent_back("2026-03-04T06:00:00Z")).ok();
    let expected = [&json!("2026-03-04T06:00:00Z"), &json!("2026-03-04T06:30:00Z"), &json!(true)];
    assert_eq!(times(&late), expected);
    let moved = &later.movements(&late)[0];
    assert_eq!(times(moved), expected);
    assert_eq!(moved["recorded_at"], "2026-03-07T01:00:00Z");
    // In the list of movements what was written last comes first, whenever it happened.
    let all = later.crew.clerk.get("/movements?document_kind=material").ok();
    let numbers: Vec<_> = all["items"].as_array().unwrap().iter().map(|row| &row["document"]["number"]).collect();
    assert_eq!(numbers, [&late["number"], &prompt["number"]]);
    let listed = later.crew.clerk.get("/material-documents").ok();
    assert_eq!((&listed["items"][0]["number"], &listed["items"][0]["late"]), (&late["number"], &json!(true)));
    later.no_movement_is_later_than_its_record();
}

#[test]
fn an_arrival_says_when_it_came_and_what_the_scale_printed() {
    let later = later();
    let sent = later.crew.warehouse.post("/material-documents", &later.sent_back("2026-03-04T06:00:00Z")).ok();
    let count = json!({
        "lines": [{ "line_number": 1, "received_quantity": "1" }],
        "occurred_at": "2026-03-06T02:00:00Z", "evidence_at": "2026-03-06T02:05:00Z",
    });
    let path = format!("/material-documents/{}/confirmation", id(&sent));
    later.crew.warehouse.post_version(&path, &sent["version"], &count).ok();
    let moved = later.movements(&sent);
    let arrived = moved.iter().find(|row| row["kind"] == "return_receipt").unwrap();
    assert_eq!(times(arrived), [&json!("2026-03-06T02:00:00Z"), &json!("2026-03-06T02:05:00Z"), &json!(true)]);
    later.no_movement_is_later_than_its_record();
}

#[test]
fn a_delivery_confirmed_the_day_after_says_when_it_came() {
    let later = later();
    let note = later.crew.issued(&later.contract, "100");
    later.app.clock.advance(TimeDelta::days(1));
    let portal = later.app.client(&portal_login(&later.contract));
    let counted = json!({
        "lines": [{ "line_number": 1, "good_quantity": "1", "damaged_quantity": "0" }],
        "occurred_at": "2026-03-07T08:00:00Z", "evidence_at": "2026-03-07T08:10:00Z",
    });
    let path = format!("/portal/deliveries/{}/confirmation", id(&note));
    portal.post_version(&path, &note["version"], &counted).ok();
    let later = Later { crew: Crew::of(&later.app, &later.app.acme), ..later };
    let moved = later.movements(&note);
    let arrived = moved.iter().find(|row| row["kind"] == "confirmation").unwrap();
    assert_eq!(times(arrived), [&json!("2026-03-07T08:00:00Z"), &json!("2026-03-07T08:10:00Z"), &json!(true)]);
    later.no_movement_is_later_than_its_record();
}

#[test]
fn receipts_hold_the_time_of_their_paper() {
    let later = later();
    let bar = &later.contract.bar;
    let receipt = json!({
        "supplier_id": later.contract.supplier["id"], "delivery_note": "DN-7",
        "occurred_at": "2026-03-05T03:00:00Z", "evidence_at": "2026-03-05T02:45:00Z",
        "lines": [{ "item_id": bar["id"], "quantity": "1", "unit_id": bar["unit"]["id"], "lot_code": "L-2" }],
    });
    let receipt = later.crew.warehouse.post("/receipts", &receipt).ok();
    let expected = [&json!("2026-03-05T03:00:00Z"), &json!("2026-03-05T02:45:00Z"), &json!(true)];
    assert_eq!(times(&receipt), expected);
    assert_eq!(times(&later.movements(&receipt)[0]), expected);
    assert_eq!(later.crew.clerk.get("/receipts").ok()["items"][0]["late"], true);
    let goods = json!({
        "order_id": later.order["id"], "delivery_note": "SUB-7",
        "occurred_at": "2026-03-05T03:00:00Z", "evidence_at": "2026-03-05T02:45:00Z",
        "lines": [{ "lot_code": "F-1", "good_quantity": "100" }],
    });
    let goods = later.crew.warehouse.post("/subcontract-receipts", &goods).ok();
    assert_eq!(times(&goods), expected);
    assert!(later.movements(&goods).iter().all(|row| times(row) == expected));
    assert_eq!(later.crew.clerk.get("/subcontract-receipts").ok()["items"][0]["late"], true);
    later.no_movement_is_later_than_its_record();
}

#[test]
fn a_closed_month_takes_nothing_more_and_says_what_to_do() {
    let later = later();
    let sent = later.crew.warehouse.post("/material-documents", &later.sent_back("2026-03-04T06:00:00Z")).ok();
    later.app.clock.advance(TimeDelta::days(30));
    let later = Later { crew: Crew::of(&later.app, &later.app.acme), ..later };
    later.crew.manager.post("/periods", &json!({ "month": "2026-03-01" })).ok();
    let back = later.sent_back("2026-03-31T15:59:59Z");
    let problem = later.crew.warehouse.post("/material-documents", &back).problem(ProblemCode::PeriodClosed);
    assert!(problem["remedy"].as_str().unwrap().contains("备注"), "{problem}");
    let reason = json!({ "reason": "written for the wrong order" });
    let path = format!("/material-documents/{}/reversal", id(&sent));
    let undone = later.crew.manager.post_version(&path, &sent["version"], &reason);
    let problem = undone.problem(ProblemCode::ReversalPeriodClosed);
    assert!(problem["remedy"].as_str().unwrap().contains("另开单据更正"), "{problem}");
    // The first moment of April, in the organisation's time, is open.
    later.crew.warehouse.post("/material-documents", &later.sent_back("2026-03-31T16:00:00Z")).ok();
}
