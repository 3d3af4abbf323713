//! What is owed when things happen otherwise than planned: late, in another order, undone.

use chrono::TimeDelta;
use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use crate::support::contracts::clause;
use crate::support::db::texts;
use crate::support::material::Contract;
use crate::support::{Crew, TestApp, id};

/// 2.00 a piece: 30 % at issue, 20 % at receipt, 50 % at acceptance, less 1 % for each day late.
fn terms() -> Vec<Value> {
    let part = |number, milestone, percent| {
        clause(number, json!({ "kind": "payment_milestone", "milestone": milestone, "percent": percent }), json!({}))
    };
    let price = json!({ "kind": "price_tier", "from_quantity": "0", "unit_price": "2.00" });
    let penalty = json!({ "kind": "penalty", "percent_per_day": "1", "maximum_percent": "10" });
    vec![
        clause("5.1", price, json!({})),
        part("6.1", "issue", "30"),
        part("6.2", "receipt", "20"),
        part("6.3", "acceptance", "50"),
        clause("6.5", penalty, json!({})),
    ]
}

/// A maker whose contract with its subcontractor has these clauses.
fn under(clauses: &[Value]) -> (TestApp, Crew, Contract) {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    crew.agreement(&contract, "contract", clauses);
    (app, crew, contract)
}

/// Half a kilogram of a lot, used beyond what is allowed.
fn broken(contract: &Contract, (order, lot): (&Value, &Value), borne_by: &str) -> Value {
    json!({
        "kind": "over_consumption", "order_id": order["id"], "reason": "a bar broke in the machine", "borne_by": borne_by,
        "certificate_number": "PHOTO-17",
        "lines": [{ "item_id": contract.bar["id"], "lot_id": lot["id"], "quantity": "0.5" }],
    })
}

/// What is owed for an order, with these fields of each line.
fn owed(crew: &Crew, order: &Value, fields: &[&str]) -> Vec<String> {
    let lines = crew.manager.get(&format!("/settlement-lines?sort=id&order_id={}", id(order))).ok();
    let told = |line: &Value| {
        fields.iter().map(|field| line[*field].as_str().unwrap_or("none").to_owned()).collect::<Vec<_>>().join(" ")
    };
    lines["items"].as_array().unwrap().iter().map(told).collect()
}

#[test]
fn how_late_goods_came_is_counted_to_the_day_they_came_and_not_to_the_day_it_was_written() {
    let (app, crew, contract) = under(&terms());
    crew.released_lot(&contract, ("L-1", "20"));
    let order = crew.confirmed(&app, &contract, "500");
    // Due on 1 May; they came on 3 May in Shanghai, and that is written a week later.
    app.clock.advance(TimeDelta::days(69));
    let crew = Crew::of(&app, &app.acme);
    let receipt = json!({
        "order_id": order["id"], "delivery_note": "SUB-1", "occurred_at": "2026-05-02T16:30:00Z",
        "lines": [{ "lot_code": "F-1", "good_quantity": "200" }],
    });
    crew.warehouse.post("/subcontract-receipts", &receipt).ok();
    let told = owed(&crew, &order, &["milestone", "kind", "amount", "due_on"]);
    assert_eq!(told[1..], ["receipt milestone 80.00 2026-05-03", "receipt penalty -8.00 2026-05-03"]);
}

#[test]
fn what_was_ruled_on_as_used_too_much_is_not_held_against_the_loss_again() {
    let loss = clause("4.7", json!({ "kind": "loss_allowance", "percent": "0" }), json!({}));
    let (app, crew, contract) = under(&[loss]);
    let lot = crew.released_lot(&contract, ("L-1", "20"));
    let order = crew.confirmed(&app, &contract, "500");
    let paper = broken(&contract, (&order, &lot), "own");
    let broken = crew.warehouse.post("/material-documents", &paper).ok();
    crew.decide(id(&broken), "approve");
    let used = |quantity: &str| json!([{ "item_id": contract.bar["id"], "lot_id": lot["id"], "quantity": quantity }]);
    let goods = |lot: &str, used: Value| json!([{ "lot_code": lot, "good_quantity": "200", "uses": used }]);
    crew.finished(&order, &goods("F-1", used("2"))).ok();
    // What nobody ruled on still is.
    let problem = crew.finished(&order, &goods("F-2", used("2.2"))).problem(ProblemCode::ClauseRefuses);
    assert_eq!(problem["figures"]["figure_after"], "4.2");
}

/// So much of the order's bar, issued.
fn issued(crew: &Crew, contract: &Contract, order: &Value, quantity: &str) -> Value {
    let requisition = json!({
        "order_id": order["id"], "needed_on": "2026-03-20", "priority": "normal", "submit": true,
        "lines": [{ "item_id": contract.bar["id"], "quantity": quantity }],
    });
    let requisition = crew.clerk.post("/requisitions", &requisition).ok();
    crew.issue(&crew.scan(&crew.pick(&crew.approve(&requisition))))
}

fn undone(crew: &Crew, path: &str, document: &Value) {
    let now = crew.clerk.get(&format!("{path}/{}", id(document))).ok();
    let reason = json!({ "reason": "written for the wrong order" });
    crew.manager.post_version(&format!("{path}/{}/reversal", id(document)), &now["version"], &reason).ok();
}

#[test]
fn the_milestone_of_the_issue_follows_what_the_order_has_and_not_the_note_that_completed_it() {
    let (_app, crew, contract) = under(&terms());
    crew.released_lot(&contract, ("L-1", "20"));
    let order = crew.order(&contract, "500");
    let owed = || owed(&crew, &order, &["milestone", "amount", "settlement_state"]);
    let [first, second] = ["3", "2"].map(|quantity| {
        assert_eq!(owed(), Vec::<String>::new());
        issued(&crew, &contract, &order, quantity)
    });
    assert_eq!(owed(), ["issue 300.00 open"]);
    undone(&crew, "/issue-notes", &first);
    assert_eq!(owed(), ["issue 300.00 reversed"]);
    let again = crew.pick(&json!({ "id": first["requisition_id"] }));
    let third = crew.issue(&crew.scan(&again));
    assert_eq!(owed(), ["issue 300.00 reversed", "issue 300.00 open"]);
    undone(&crew, "/issue-notes", &second);
    undone(&crew, "/issue-notes", &third);
    assert_eq!(owed(), ["issue 300.00 reversed", "issue 300.00 reversed"]);
}

#[test]
fn material_that_comes_from_another_order_completes_an_issue_too() {
    let (app, crew, contract) = under(&terms());
    let lot = crew.released_lot(&contract, ("L-1", "20"));
    let (from, to) = (crew.confirmed(&app, &contract, "500"), crew.order(&contract, "200"));
    let transfer = json!({
        "kind": "transfer", "order_id": from["id"], "to_order_id": to["id"], "reason": "the first order was cut short",
        "lines": [{ "item_id": contract.bar["id"], "lot_id": lot["id"], "quantity": "2" }],
    });
    let transfer = crew.warehouse.post("/material-documents", &transfer).ok();
    let owed = || owed(&crew, &to, &["milestone", "amount", "settlement_state"]);
    assert_eq!(owed(), ["issue 120.00 open"]);
    let line = &crew.manager.get(&format!("/settlement-lines?order_id={}", id(&to))).ok()["items"][0];
    assert_eq!(line["document"]["number"], transfer["number"]);
    undone(&crew, "/material-documents", &transfer);
    assert_eq!(owed(), ["issue 120.00 reversed"]);
}

/// Receives a lot of bar without a price, released.
fn unpriced(crew: &Crew, contract: &Contract, code: &str) -> Value {
    let line = json!({
        "item_id": contract.bar["id"], "quantity": "20", "unit_id": contract.bar["unit"]["id"], "lot_code": code,
        "expires_on": "2027-03-01",
    });
    let receipt = json!({ "supplier_id": contract.supplier["id"], "delivery_note": "DN-1", "lines": [line] });
    crew.release(&crew.warehouse.post("/receipts", &receipt).ok())
}

fn unit_cost(app: &TestApp, lot: &str) -> Vec<String> {
    let cost = format!("SELECT coalesce(unit_cost::text, 'unknown') AS text FROM lot WHERE code = '{lot}'");
    texts(&mut app.database.owner(), &cost)
}

#[test]
fn what_a_finished_lot_cost_is_unknown_as_long_as_a_part_of_it_is() {
    let (app, crew, contract) = under(&terms());
    unpriced(&crew, &contract, "L-0");
    let order = crew.confirmed(&app, &contract, "500");
    crew.finished(&order, &json!([{ "lot_code": "F-1", "good_quantity": "200" }])).ok();
    assert_eq!(unit_cost(&app, "F-1"), ["unknown"]);
    let sheet = crew.manager.get(&format!("/orders/{}/cost-sheet", id(&order))).ok();
    assert_eq!((&sheet["unit_cost"], &sheet["material_known"]), (&json!(null), &json!(false)));
    let lot = &sheet["lots"][0];
    assert_eq!(
        (&lot["known"], &lot["unit_cost"], &lot["service_amount"]),
        (&json!(false), &json!(null), &json!("400.00"))
    );
}

#[test]
fn nothing_is_deducted_for_a_lot_whose_price_nobody_knows_and_the_ruling_says_so() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let lot = unpriced(&crew, &contract, "L-0");
    let order = crew.confirmed(&app, &contract, "500");
    let broken = |borne_by: &str| {
        let paper = broken(&contract, (&order, &lot), borne_by);
        crew.warehouse.post("/material-documents", &paper)
    };
    let problem = broken("subcontractor").problem(ProblemCode::LotPriceUnknown);
    assert!(problem["detail"].as_str().unwrap().contains("RM-BAR 批次 L-0"), "{problem}");
    crew.decide(id(&broken("own").ok()), "approve");
}

#[test]
fn a_finished_lot_that_was_blocked_before_its_release_is_accepted_by_its_release_and_not_before() {
    let (app, crew, contract) = under(&terms());
    crew.released_lot(&contract, ("L-1", "20"));
    let order = crew.confirmed(&app, &contract, "500");
    let receipt = crew.finished(&order, &json!([{ "lot_code": "F-1", "good_quantity": "200" }])).ok();
    let path = format!("/lots/{}", id(&receipt["lines"][0]["lot"]));
    let decide = |decision: &str| {
        let command = json!({ "decision": decision, "reason": "hardness in doubt, measured again" });
        let lot = crew.quality.get(&path).ok();
        crew.quality.post_version(&format!("{path}/decisions"), &lot["version"], &command).ok()["status"].clone()
    };
    let stands =
        || crew.clerk.get(&format!("/stock?search=F-1&item_id={}", id(&contract.product))).ok()["items"].clone();
    let accepted = || owed(&crew, &order, &["milestone"]).iter().filter(|milestone| *milestone == "acceptance").count();
    assert_eq!((decide("block"), decide("unblock")), (json!("blocked"), json!("quarantine")));
    assert_eq!((&stands()[0]["status"], accepted()), (&json!("quarantine"), 0));
    assert_eq!(crew.quality.get(&path).ok()["released_at"], json!(null));
    assert_eq!((decide("release"), accepted()), (json!("released"), 1));
    // What was released is available again once the block is lifted.
    assert_eq!((decide("block"), decide("unblock")), (json!("blocked"), json!("released")));
    assert_eq!((&stands()[0]["status"], accepted()), (&json!("available"), 1));
}
