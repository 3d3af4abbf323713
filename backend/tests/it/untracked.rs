//! Items without lots: what quality decides about them, and what may not be made without lots.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use crate::support::app::{Answer, Client, TestApp};
use crate::support::books::contradictions;
use crate::support::material::{Crew, id};

/// 5 kg of a wire without lots wait in quarantine.
struct There {
    app: TestApp,
    crew: Crew,
    wire: Value,
}

fn there() -> There {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let (supplier, wire) = (crew.supplier("SUP"), crew.item("RM-WIRE", "kg", "none"));
    let line = json!({ "item_id": wire["id"], "quantity": "5", "unit_id": wire["unit"]["id"] });
    let receipt = json!({ "supplier_id": supplier["id"], "delivery_note": "DN-1", "lines": [line] });
    crew.warehouse.post("/receipts", &receipt).ok();
    There { app, crew, wire }
}

impl There {
    fn rows(&self) -> Vec<Value> {
        let stock = self.crew.clerk.get(&format!("/stock?item_id={}&sort=location&limit=100", id(&self.wire))).ok();
        stock["items"].as_array().unwrap().clone()
    }

    fn shelf(&self) -> Vec<String> {
        let row =
            |row: &Value| format!("{} {} {}", row["location"]["code"], row["status"], row["on_hand"]).replace('"', "");
        let mut rows: Vec<String> = self.rows().iter().map(row).collect();
        rows.sort();
        rows
    }

    /// Somebody decides about what stands in a status.
    fn decided(&self, by: &Client, (decision, quantity): (&str, &str), status: &str) -> Answer {
        let row = self.rows().into_iter().find(|row| row["status"] == status);
        let row = row.unwrap_or_else(|| panic!("nothing is {status}: {:?}", self.shelf()));
        by.post(&format!("/stock/{}/decisions", id(&row)), &told(decision, quantity))
    }

    fn decide(&self, what: (&str, &str), status: &str) -> Answer {
        self.decided(&self.crew.quality, what, status)
    }
}

fn told(decision: &str, quantity: &str) -> Value {
    json!({ "decision": decision, "quantity": quantity, "reason": "inspected against its drawing" })
}

#[test]
fn what_waits_without_a_lot_is_released_by_quantity_and_held_again() {
    let there = there();
    assert_eq!(there.shelf(), ["QUARANTINE quarantine 5"]);
    let after = there.decide(("release", "3"), "quarantine").ok();
    assert_eq!((&after["available_to_promise"], &after["held"]), (&json!("3"), &json!("2")));
    assert_eq!(there.shelf(), ["QUARANTINE quarantine 2", "STORE available 3"]);
    there.decide(("block", "1"), "available").ok();
    there.decide(("unblock", "1"), "blocked").ok();
    assert_eq!(there.shelf(), ["QUARANTINE quarantine 2", "STORE available 2", "STORE quarantine 1"]);
    there.decide(("block", "2"), "quarantine").ok();
    assert_eq!(there.shelf(), ["QUARANTINE blocked 2", "STORE available 2", "STORE quarantine 1"]);
    there.decide(("release", "1"), "quarantine").ok();
    assert_eq!(there.shelf(), ["QUARANTINE blocked 2", "STORE available 3"]);
    // What was blocked before it was released is not released by lifting that.
    there.decide(("unblock", "2"), "blocked").ok();
    assert_eq!(there.shelf(), ["QUARANTINE quarantine 2", "STORE available 3"]);
    // Who decided what and why stands on the item's record, and each movement names the item.
    let record = there.crew.auditor.get(&format!("/audit-events?aggregate_id={}&limit=100", id(&there.wire))).ok();
    let said = |event: &Value| (event["action"].clone(), event["reason"].clone());
    let said: Vec<_> = record["items"].as_array().unwrap().iter().map(said).collect();
    assert!(said.contains(&(json!("released"), json!("inspected against its drawing"))), "{said:?}");
    assert_eq!(said.len(), 7, "created and decided six times: {said:?}");
    let moved =
        there.crew.clerk.get(&format!("/movements?item_id={}&document_kind=item&limit=100", id(&there.wire))).ok();
    let moved = moved["items"].as_array().unwrap().clone();
    assert!(moved.len() == 6 && moved.iter().all(|row| row["document"]["number"] == "RM-WIRE"), "{moved:?}");
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

#[test]
fn a_decision_that_does_not_fit_is_refused_and_moves_nothing() {
    let there = there();
    let refuse = |what, code: ProblemCode| {
        let problem = there.decide(what, "quarantine").problem(code);
        assert_eq!(there.shelf(), ["QUARANTINE quarantine 5"]);
        problem
    };
    refuse(("release", "5.5"), ProblemCode::StockInsufficient);
    let problem = refuse(("unblock", "1"), ProblemCode::StockStatusForbids);
    assert!(problem["detail"].as_str().unwrap().contains("处于“待检”，不允许“解冻”"), "{problem}");
    refuse(("release", "0"), ProblemCode::FieldsInvalid);
    refuse(("release", "0.0001"), ProblemCode::FieldsInvalid);
    there.decided(&there.crew.warehouse, ("release", "1"), "quarantine").problem(ProblemCode::PermissionMissing);
    there
        .decided(&there.app.client(&there.app.found("beta").login("quality")), ("release", "1"), "quarantine")
        .problem(ProblemCode::NotFound);
    let contract = there.crew.contract();
    let lot = there.crew.receive(&contract.supplier, &contract.bar, ("L-1", "20"))["lines"][0]["lot"].clone();
    let stock = there.crew.clerk.get(&format!("/stock?lot_id={}", id(&lot))).ok();
    let path = format!("/stock/{}/decisions", id(&stock["items"][0]));
    there.crew.quality.post(&path, &told("release", "1")).problem(ProblemCode::LotDecides);
}

#[test]
fn two_who_decide_at_once_release_no_more_than_is_there() {
    let there = there();
    let path = format!("/stock/{}/decisions", id(&there.rows()[0]));
    let outcomes: Vec<u16> = std::thread::scope(|scope| {
        let decide = || there.crew.quality.post(&path, &told("release", "3")).status;
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(decide)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|status| **status == 200).count(), 1, "{outcomes:?}");
    assert_eq!(there.shelf(), ["QUARANTINE quarantine 2", "STORE available 3"]);
}

#[test]
fn what_a_subcontractor_makes_has_lots() {
    let there = there();
    let crew = &there.crew;
    let (powder, part) = (crew.item("RM-POWDER", "g", "lot"), crew.item("FG-CAP", "pcs", "none"));
    let (subcontractor, operation) = (crew.subcontractor("SUB"), crew.operation("MOULD"));
    crew.bom(&part, &operation, &[(&powder, "200")]);
    let order = json!({
        "partner_id": subcontractor["id"], "operation_id": operation["id"], "product_id": part["id"], "quantity": "10",
        "due_on": "2026-05-01",
    });
    let problem = crew.clerk.post("/orders", &order).problem(ProblemCode::FieldsInvalid);
    assert_eq!(
        (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
        (&json!("/product_id"), &json!(ProblemCode::ProductNotTracked.as_str()))
    );
    let tracked = |item: &Value, tracking: &str| {
        let mut item = crew.clerk.get(&format!("/items/{}", id(item))).ok();
        let version = item["version"].clone();
        item["unit_id"] = item["unit"]["id"].clone();
        item["tracking"] = json!(tracking);
        let fields = ["code", "name", "kind", "tracking", "unit_id", "storage_class", "active"];
        let kept: serde_json::Map<_, _> = fields.iter().map(|name| ((*name).to_owned(), item[*name].clone())).collect();
        crew.clerk.put(&format!("/items/{}", item["id"].as_str().unwrap()), &version, &Value::Object(kept))
    };
    tracked(&part, "lot").ok();
    crew.clerk.post("/orders", &order).ok();
    tracked(&part, "none").problem(ProblemCode::FieldFixed);
}
