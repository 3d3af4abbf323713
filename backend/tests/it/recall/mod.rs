//! Recalls: what is affected, held everywhere, told, reconciled, and drilled.

mod drills;
mod holding;
mod reconciling;
mod scoping;

use serde_json::{Value, json};

use super::support::app::{Answer, Client, TestApp};
use super::support::material::{Contract, Crew, id, portal_login};

/// 20 kg of L-1: 15 kg on the shelf, 4 kg with the subcontractor, 1 kg in 100 screws F-1, of which a customer has 40. L-2 is
/// on the shelf and has nothing to do with it.
struct World {
    app: TestApp,
    crew: Crew,
    contract: Contract,
    order: Value,
    bar: Value,
    other: Value,
    screws: Value,
    customer: Value,
}

fn world() -> World {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let bar = crew.released_lot(&contract, ("L-1", "20"));
    let order = crew.confirmed(&app, &contract, "500");
    let other = crew.released_lot(&contract, ("L-2", "10"));
    let used = json!([{ "item_id": contract.bar["id"], "lot_id": bar["id"], "quantity": "1" }]);
    let goods = json!([{ "lot_code": "F-1", "good_quantity": "100", "manufactured_on": "2026-03-01", "uses": used }]);
    let receipt = crew.finished(&order, &goods).ok();
    let screws = crew.release_lot(&receipt["lines"][0]["lot"]);
    let customer = crew.customer("CUS-A");
    let world = World { app, crew, contract, order, bar, other, screws, customer };
    world.sell("40").ok();
    world
}

impl World {
    fn sell(&self, quantity: &str) -> Answer {
        let sale = json!({
            "kind": "dispatch", "customer_id": self.customer["id"], "contact": "No. 1 Hospital, 骨科 李主任",
            "lines": [{ "item_id": self.contract.product["id"], "lot_id": self.screws["id"], "quantity": quantity,
                "from_location_id": self.crew.location("STORE")["id"] }],
        });
        self.crew.warehouse.post("/material-documents", &sale)
    }

    fn begin(&self, criteria: &Value) -> Answer {
        let recall = json!({ "recall_class": "two", "reason": "hardness below the specification",
            "instruction": "set apart, do not use", "criteria": criteria });
        self.crew.quality.post("/recalls", &recall)
    }

    /// A recall of L-1.
    fn recall(&self) -> Value {
        self.begin(&json!({ "lot_ids": [self.bar["id"]] })).ok()
    }

    /// A step of a recall, at the version that was read last.
    fn step(&self, client: &Client, recall: &Value, step: (&str, &Value)) -> Answer {
        let known = client.get(&format!("/recalls/{}", id(recall))).ok();
        client.post_version(&format!("/recalls/{}/{}", id(recall), step.0), &known["version"], step.1)
    }

    fn hold(&self, recall: &Value, include_possible: bool) -> Answer {
        self.step(&self.crew.quality, recall, ("holds", &json!({ "include_possible": include_possible })))
    }

    /// L-1 recalled and held.
    fn held(&self) -> Value {
        self.hold(&self.recall(), false).ok()
    }

    /// `code certain hold status` of each lot of a recall.
    fn lots(&self, recall: &Value) -> Vec<String> {
        let page = self.crew.auditor.get(&format!("/recall-lots?recall_id={}&limit=100", id(recall))).ok();
        let row = |row: &Value| {
            let certainty = if row["certain"] == true { "certain" } else { "possible" };
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let (code, status) = (text(&row["lot"]["code"]), text(&row["lot"]["status"]));
            format!("{code} {certainty} {} {status}", text(&row["hold_state"]))
        };
        page["items"].as_array().unwrap().iter().map(row).collect()
    }

    /// Figures of one lot of a recall.
    fn figures(&self, recall: &Value, lot: &Value, terms: &[&str]) -> Vec<String> {
        let path = format!("/recall-lots?recall_id={}&lot_id={}", id(recall), id(lot));
        let figures = self.crew.auditor.get(&path).ok()["items"][0]["figures"].clone();
        terms.iter().map(|term| figures[*term].as_str().unwrap().to_owned()).collect()
    }

    /// The notice of a recall to a kind of receiver.
    fn notice(&self, recall: &Value, kind: &str) -> Value {
        let page = self.crew.quality.get(&format!("/recall-notices?recall_id={}", id(recall))).ok();
        let found = page["items"].as_array().unwrap().iter().find(|notice| notice["kind"] == kind);
        found.unwrap_or_else(|| panic!("no notice to a {kind}: {page}")).clone()
    }

    fn portal(&self) -> Client {
        self.app.client(&portal_login(&self.contract))
    }

    fn photo(&self, notice: &Value) -> Answer {
        let path = format!("/portal/recall-notices/{}/attachments?file_name=cage.png", id(notice));
        let request = self.portal().request(reqwest::Method::POST, &path);
        request.body("image/png", b"\x89PNG\r\n\x1a\n0000").send()
    }

    /// The subcontractor counts so much of L-1.
    fn acknowledge(&self, notice: &Value, quantity: &str) -> Answer {
        let count = json!({ "lines": [{ "line_number": 1, "counted_quantity": quantity, "place": "locked cage 2" }] });
        let path = format!("/portal/recall-notices/{}/acknowledgement", id(notice));
        self.portal().post_version(&path, &notice["version"], &count)
    }

    fn status(&self, lot: &Value) -> Value {
        self.crew.quality.get(&format!("/lots/{}", id(lot))).ok()["status"].clone()
    }
}
