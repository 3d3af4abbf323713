//! Finished goods back from a subcontractor: what they took, of which lots, and what that does to everything else.

use lotline::db::{WriteOptions, Written};
use lotline::trace::links::{self, NewLink, Source};
use lotline_common::ledger::{Certainty, DocumentKind};
use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::support::app::TestApp;
use super::support::db::{count, texts};
use super::support::material::{Contract, Crew, id, portal_login};

/// 5 kg of two lots in custody for an order of 500 screws: 3 kg of the one that expires first, 2 kg of the other.
struct There {
    app: TestApp,
    crew: Crew,
    contract: Contract,
    order: Value,
}

fn there() -> There {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    crew.released_lot(&contract, ("L-1", "3"));
    crew.released_lot(&contract, ("L-2", "20"));
    let order = crew.confirmed(&app, &contract, "500");
    There { app, crew, contract, order }
}

impl There {
    fn lot(&self, code: &str) -> Value {
        self.crew.lot(code)
    }

    fn links(&self) -> Vec<String> {
        texts(
            &mut self.app.database.owner(),
            "SELECT p.code || ' → ' || c.code || ' ' || trim_scale(k.quantity) || ' ' || k.certainty
                || CASE WHEN k.voided_at IS NULL THEN '' ELSE ' void' END AS text
             FROM lot_link k JOIN lot p ON p.id = k.parent_lot_id JOIN lot c ON c.id = k.child_lot_id
             ORDER BY c.code, p.code",
        )
    }

    fn order(&self) -> Value {
        self.crew.clerk.get(&format!("/orders/{}", id(&self.order))).ok()
    }

    fn line(&self, lot: &str) -> Value {
        let account = self.crew.account(&self.order);
        let lines = account["lines"].as_array().unwrap().iter();
        lines.clone().find(|line| line["lot"]["code"] == lot).unwrap_or_else(|| panic!("{account}")).clone()
    }
}

fn uses(lots: &[(&Value, &str)]) -> Value {
    lots.iter()
        .map(|(lot, quantity)| json!({ "item_id": lot["item"]["id"], "lot_id": lot["id"], "quantity": quantity }))
        .collect()
}

#[test]
fn finished_goods_use_up_the_lots_that_were_declared_and_lead_back_to_them() {
    let there = there();
    let (first, second) = (there.lot("L-1"), there.lot("L-2"));
    let declared = uses(&[(&first, "2.5"), (&second, "0.5")]);
    let lines = json!([{ "lot_code": "F-1", "good_quantity": "290", "rejected_quantity": "10", "uses": declared }]);
    let receipt = there.crew.finished(&there.order, &lines).ok();
    assert_eq!(receipt["record_state"], "posted");
    assert_eq!(receipt["lines"][0]["lot"]["status"], "quarantine");
    assert_eq!(there.links(), ["L-1 → F-1 2.5 declared", "L-2 → F-1 0.5 declared"]);
    assert_eq!((&there.line("L-1")["consumed"], &there.line("L-1")["in_custody"]), (&json!("2.5"), &json!("0.5")));
    let order = there.order();
    assert_eq!((&order["good_quantity"], &order["rejected_quantity"]), (&json!("290"), &json!("10")));
    assert_eq!((&order["receipt_state"], &order["quality_state"]), (&json!("partly"), &json!("on_hold")));
    let stock = there.crew.clerk.get(&format!("/stock?lot_id={}", id(&receipt["lines"][0]["lot"]))).ok();
    let mut standing: Vec<_> =
        stock["items"].as_array().unwrap().iter().map(|row| format!("{} {}", row["status"], row["on_hand"])).collect();
    standing.sort();
    assert_eq!(standing, ["\"quarantine\" \"290\"", "\"rejected\" \"10\""]);
}

#[test]
fn what_nobody_declares_is_inferred_and_every_lot_that_was_there_stays_possible() {
    let there = there();
    let path = format!("/orders/{}/use-proposal?quantity=200", id(&there.order));
    let proposal = there.crew.clerk.get(&path).ok();
    assert_eq!((&proposal["declared_lot_count"], &proposal["possible_lot_count"]), (&json!(1), &json!(2)));
    assert_eq!(proposal["lines"][0]["quantity"], "2");
    let half = format!("/orders/{}/use-proposal?quantity=0.5", id(&there.order));
    there.crew.clerk.get(&half).problem(ProblemCode::RequestMalformed);
    there.crew.finished(&there.order, &json!([{ "lot_code": "F-1", "good_quantity": "200" }])).ok();
    assert_eq!(there.links(), ["L-1 → F-1 2 inferred", "L-2 → F-1 0 default"]);
}

#[test]
fn a_scan_stands_behind_a_use_when_the_label_names_the_lot() {
    let there = there();
    let first = there.lot("L-1");
    let scanned = |raw: &str| {
        let mut used = uses(&[(&first, "1")]);
        used[0]["scan"] = json!({ "raw": raw, "capture": "camera" });
        there.crew.finished(&there.order, &json!([{ "lot_code": "F-1", "good_quantity": "100", "uses": used }]))
    };
    let problem = scanned("L-2").problem(ProblemCode::FieldsInvalid);
    assert_eq!(problem["errors"][0]["code"], "scan_wrong_lot");
    assert_eq!(problem["errors"][0]["pointer"], "/lines/0/uses/0/scan/raw");
    // The same number on the label of another item is not this lot, and a label has its limits.
    let bar = &there.contract.bar;
    let mut known = there.crew.clerk.get(&format!("/items/{}", id(bar))).ok();
    let version = known["version"].clone();
    known["unit_id"] = known["unit"]["id"].clone();
    known["gtin"] = json!("06901234567892");
    let fields = ["code", "name", "kind", "tracking", "unit_id", "storage_class", "active", "gtin"];
    let kept: serde_json::Map<_, _> = fields.iter().map(|name| ((*name).to_owned(), known[*name].clone())).collect();
    there.crew.clerk.put(&format!("/items/{}", id(bar)), &version, &Value::Object(kept)).ok();
    for (raw, code) in [("]d2010950600013435210L-1", "scan_wrong_item"), (" ".repeat(600).as_str(), "field_too_long")] {
        let problem = scanned(raw).problem(ProblemCode::FieldsInvalid);
        assert_eq!(problem["errors"][0]["code"], code, "{problem}");
    }
    scanned("L-1").ok();
    assert_eq!(there.links(), ["L-1 → F-1 1 scanned"]);
}

#[test]
fn rejected_goods_take_their_material_too_and_nothing_more() {
    // A hundred good and a hundred rejected of two hundred took the material of two hundred, not of three.
    let there = there();
    let lines = json!([{ "lot_code": "F-1", "good_quantity": "100", "rejected_quantity": "100" }]);
    there.crew.finished(&there.order, &lines).ok();
    let account = there.crew.account(&there.order);
    let component = &account["components"][0];
    assert_eq!((&component["standard"], &component["consumed"]), (&json!("2"), &json!("2")));
    assert_eq!((&account["good"], &account["rejected"]), (&json!("100"), &json!("100")));
}

#[test]
fn an_order_that_came_back_whole_in_three_tranches_leaves_nothing_and_is_closed() {
    let there = there();
    for (number, quantity) in [("F-1", "167"), ("F-2", "166"), ("F-3", "167")] {
        there.crew.finished(&there.order, &json!([{ "lot_code": number, "good_quantity": quantity }])).ok();
    }
    let account = there.crew.account(&there.order);
    assert_eq!((&account["obstacles"], &account["proved"]), (&json!([]), &json!(true)));
    assert_eq!(there.order()["receipt_state"], "full");
    let path = format!("/orders/{}/closing", id(&there.order));
    let closed = there.crew.manager.post_version(&path, &account["version"], &json!({})).ok();
    assert_eq!(closed["record_state"], "closed");
    let late = there.crew.finished(&there.order, &json!([{ "lot_code": "F-4", "good_quantity": "1" }]));
    late.problem(ProblemCode::OrderNotOpen);
}

#[test]
fn a_reversal_gives_the_material_back_and_makes_the_links_void() {
    let there = there();
    let lines = json!([{ "lot_code": "F-1", "good_quantity": "300" }]);
    let receipt = there.crew.finished(&there.order, &lines).ok();
    let path = format!("/subcontract-receipts/{}/reversal", id(&receipt));
    let reason = json!({ "reason": "counted on the wrong order" });
    let undone = there.crew.manager.post_version(&path, &receipt["version"], &reason).ok();
    assert_eq!(undone["record_state"], "reversed");
    assert_eq!(there.line("L-1")["in_custody"], "3");
    assert_eq!(there.links(), ["L-1 → F-1 3 inferred void", "L-2 → F-1 0 default void"]);
    assert_eq!(there.order()["receipt_state"], "open");
    assert_eq!(there.lot("F-1")["status"], "scrapped");
    there.crew.manager.post_version(&path, &undone["version"], &reason).problem(ProblemCode::AlreadyReversed);
}

#[test]
fn what_quality_released_is_not_undone_and_the_refusal_names_what_came_after() {
    let there = there();
    let receipt = there.crew.finished(&there.order, &json!([{ "lot_code": "F-1", "good_quantity": "500" }])).ok();
    there.crew.release(&receipt);
    assert_eq!(there.order()["quality_state"], "accepted");
    let path = format!("/subcontract-receipts/{}/reversal", id(&receipt));
    let reason = json!({ "reason": "counted on the wrong order" });
    let problem = there.crew.manager.post_version(&path, &receipt["version"], &reason);
    let problem = problem.problem(ProblemCode::LaterMovementExists);
    assert!(problem["detail"].as_str().unwrap().contains("F-1"), "{problem}");
}

#[test]
fn a_second_tranche_joins_its_lot_until_quality_has_decided() {
    let there = there();
    let lines = json!([{ "lot_code": "F-1", "good_quantity": "100" }]);
    let first = there.crew.finished(&there.order, &lines).ok();
    let second = there.crew.finished(&there.order, &lines).ok();
    assert_eq!(id(&first["lines"][0]["lot"]), id(&second["lines"][0]["lot"]));
    there.crew.release(&first);
    let problem = there.crew.finished(&there.order, &lines).problem(ProblemCode::FieldsInvalid);
    assert_eq!(problem["errors"][0]["code"], ProblemCode::FinishedLotForeign.as_str());
    assert_eq!(there.order()["good_quantity"], "200");
}

#[test]
fn every_line_at_fault_is_named_and_nothing_is_posted() {
    let there = there();
    let first = there.lot("L-1");
    let mut lines: Vec<Value> =
        (0..999).map(|n| json!({ "lot_code": format!("F-{n}"), "good_quantity": "1" })).collect();
    lines.push(json!({ "lot_code": "F-0", "good_quantity": "0", "uses": uses(&[(&first, "1")]) }));
    lines.push(json!({ "lot_code": "F 9", "good_quantity": "1.5", "expires_on": "2026-01-01", "manufactured_on": "2026-02-01" }));
    lines.push(json!({ "lot_code": "F-X", "good_quantity": "1", "manufactured_on": "2026-03-03" }));
    let problem = there.crew.finished(&there.order, &Value::Array(lines)).problem(ProblemCode::FieldsInvalid);
    let named = problem["errors"].as_array().unwrap().iter();
    let named: Vec<_> = named.map(|error| format!("{} {}", error["pointer"], error["code"]).replace('"', "")).collect();
    let expected = [
        "/lines/999/good_quantity quantity_not_positive",
        "/lines/999/lot_code line_duplicate",
        "/lines/1000/good_quantity quantity_too_precise",
        "/lines/1000/lot_code field_format",
        "/lines/1000/expires_on date_order_wrong",
        "/lines/1001/manufactured_on time_in_future",
    ];
    assert_eq!(named, expected);
    assert_eq!(count(&mut there.app.database.owner(), "SELECT count(*) AS count FROM subcontract_receipt"), 0);
    assert_eq!(there.line("L-1")["consumed"], "0");
}

#[test]
fn more_than_is_in_custody_cannot_be_declared() {
    let there = there();
    let (first, foreign) = (there.lot("L-1"), there.lot("L-2"));
    let declare = |lots: &[(&Value, &str)]| {
        let lines = json!([{ "lot_code": "F-1", "good_quantity": "100", "uses": uses(lots) }]);
        there.crew.finished(&there.order, &lines).problem(ProblemCode::FieldsInvalid)["errors"][0].clone()
    };
    let error = declare(&[(&first, "3.001")]);
    assert_eq!(error["code"], ProblemCode::CustodyInsufficient.as_str());
    assert_eq!(error["pointer"], "/lines/0/uses/0/quantity");
    assert!(error["detail"].as_str().unwrap().contains('3'), "{error}");
    let mut strange = foreign.clone();
    strange["item"]["id"] = there.contract.product["id"].clone();
    assert_eq!(declare(&[(&strange, "1")])["code"], ProblemCode::ItemNotInOrder.as_str());
}

#[test]
fn the_subcontractor_declares_and_the_maker_receives_what_it_counts() {
    let there = there();
    let portal = there.app.client(&portal_login(&there.contract));
    let orders = portal.get("/portal/orders").ok();
    assert_eq!(orders["items"][0]["number"], there.order["number"]);
    let first = there.lot("L-1");
    let path = format!("/portal/orders/{}/use-proposal?quantity=300", id(&there.order));
    assert_eq!(portal.get(&path).ok()["lines"][0]["lot"]["code"], "L-1");
    let declaration = json!({
        "order_id": there.order["id"], "delivery_note": "SUB-7",
        "lines": [{ "lot_code": "F-1", "good_quantity": "300", "uses": uses(&[(&first, "3")]) }],
    });
    let declared = portal.post("/portal/subcontract-receipts", &declaration).ok();
    assert_eq!(declared["record_state"], "declared");
    assert_eq!(there.line("L-1")["consumed"], "0");
    let counted = json!({ "lines": [
        { "line_number": 1, "good_quantity": "298", "rejected_quantity": "2", "remark": "two with torn threads" },
    ] });
    let path = format!("/subcontract-receipts/{}/posting", id(&declared));
    let posted = there.crew.warehouse.post_version(&path, &declared["version"], &counted).ok();
    assert_eq!((&posted["record_state"], &posted["lines"][0]["good_quantity"]), (&json!("posted"), &json!("298")));
    assert_eq!(there.links(), ["L-1 → F-1 3 declared"]);
    let seen = portal.get(&format!("/portal/subcontract-receipts/{}", id(&declared))).ok();
    assert_eq!(seen["record_state"], "posted");
    there.crew.warehouse.post_version(&path, &posted["version"], &json!({})).problem(ProblemCode::StateForbids);
}

#[test]
fn another_subcontractor_neither_sees_nor_declares_on_the_order() {
    let there = there();
    let other = there.crew.subcontractor("SUB-B");
    there.app.acme.portal_member(&there.app.database, "portal-b", id(&other).parse().unwrap());
    let stranger = there.app.client("portal-b");
    assert_eq!(stranger.get("/portal/orders").ok()["items"], json!([]));
    let path = format!("/portal/orders/{}/use-proposal?quantity=1", id(&there.order));
    stranger.get(&path).problem(ProblemCode::NotFound);
    let declaration = json!({
        "order_id": there.order["id"], "delivery_note": "X", "lines": [{ "lot_code": "F-1", "good_quantity": "1" }],
    });
    stranger.post("/portal/subcontract-receipts", &declaration).problem(ProblemCode::ReferenceUnknown);
}

#[test]
fn a_declaration_is_called_off_with_a_reason_and_stays_on_record() {
    let there = there();
    let portal = there.app.client(&portal_login(&there.contract));
    let declaration = json!({
        "order_id": there.order["id"], "delivery_note": "SUB-7", "lines": [{ "lot_code": "F-1", "good_quantity": "10" }],
    });
    let declared = portal.post("/portal/subcontract-receipts", &declaration).ok();
    let path = format!("/portal/subcontract-receipts/{}/cancellation", id(&declared));
    portal.post_version(&path, &declared["version"], &json!({ "reason": "" })).problem(ProblemCode::ReasonRequired);
    let off = portal.post_version(&path, &declared["version"], &json!({ "reason": "wrong order chosen" })).ok();
    assert_eq!(off["record_state"], "cancelled");
    assert_eq!(there.crew.account(&there.order)["obstacles"][0]["kind"], "custody");
}

#[test]
fn no_lot_ever_descends_from_itself() {
    let there = there();
    there.crew.finished(&there.order, &json!([{ "lot_code": "F-1", "good_quantity": "100" }])).ok();
    let lot = |code: &str| id(&there.lot(code)).parse::<uuid::Uuid>().unwrap();
    let (parent, child) = (lot("F-1").into(), lot("L-1").into());
    let (quantity, certainty) = ("1".parse().unwrap(), Certainty::Declared);
    let back = NewLink { parent, child, quantity, certainty, line: 1, newborn: false };
    let source = Source { kind: DocumentKind::Material, id: uuid::Uuid::now_v7(), order: None };
    let done = there.app.db.write(&there.app.acme.founder, &WriteOptions::default(), |tx| {
        links::link(tx, source, &[back])?;
        Ok(Written { status: 204, body: Value::Null })
    });
    assert_eq!(done.err().unwrap().refusal().unwrap().code, ProblemCode::GenealogyCycle);
    assert_eq!(there.links().len(), 2);
}
