//! Material documents of every kind.

mod custody;
mod evidence;
mod own_house;
mod rulings;
mod travelling;

use serde_json::{Value, json};

use super::support::app::{Answer, TestApp};
use super::support::material::{Contract, Crew, id};

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

    /// The pointers and codes of a refused document.
    fn faults(&self, document: &Value) -> Vec<String> {
        let problem = self.post(document).problem(lotline_common::problem::ProblemCode::FieldsInvalid);
        let error = |error: &Value| format!("{} {}", error["pointer"], error["code"]).replace('"', "");
        problem["errors"].as_array().unwrap().iter().map(error).collect()
    }

    /// An approver decides what waits for a document.
    fn decide(&self, document: &Value, decision: &str) -> Answer {
        let waiting = self.crew.approver.get("/approvals?state=pending&limit=500").ok();
        let row = waiting["items"].as_array().unwrap().iter().find(|row| row["document"]["id"] == document["id"]);
        let path = format!("/approvals/{}/decisions", id(row.unwrap_or_else(|| panic!("nothing waits: {waiting}"))));
        self.crew.approver.post(&path, &json!({ "decision": decision, "reason": "seen and weighed" }))
    }

    fn read(&self, document: &Value) -> Value {
        self.crew.clerk.get(&format!("/material-documents/{}", id(document))).ok()
    }

    fn cancel(&self, document: &Value) -> Answer {
        let path = format!("/material-documents/{}/cancellation", id(document));
        let reason = json!({ "reason": "written by mistake" });
        self.crew.warehouse.post_version(&path, &document["version"], &reason)
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
