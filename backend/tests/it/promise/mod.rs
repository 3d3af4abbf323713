//! What can be promised, who reserved it, and who gets what when there is not enough.

mod kits;
mod promising;
mod reserving;

use serde_json::{Value, json};

use crate::support::app::{Answer, TestApp};
use crate::support::books::contradictions;
use crate::support::id;
use crate::support::material::{Contract, Crew};

/// A maker with a subcontractor that turns 1 kg of bar into 100 screws.
pub struct World {
    pub app: TestApp,
    pub crew: Crew,
    pub contract: Contract,
}

impl World {
    pub fn make() -> Self {
        let app = TestApp::start();
        let crew = Crew::of(&app, &app.acme);
        let contract = crew.contract();
        Self { app, crew, contract }
    }

    /// A lot of bar that may be used until a day; answers the lot.
    pub fn lot(&self, code: &str, quantity: &str, expires_on: &str) -> Value {
        let bar = &self.contract.bar;
        let receipt = json!({
            "supplier_id": self.contract.supplier["id"], "delivery_note": format!("DN-{code}"),
            "lines": [{ "item_id": bar["id"], "quantity": quantity, "unit_id": bar["unit"]["id"], "lot_code": code,
                "certificate_number": "C-1", "expires_on": expires_on }],
        });
        self.crew.release(&self.crew.warehouse.post("/receipts", &receipt).ok())
    }

    /// What can be promised of the bar.
    pub fn promise(&self, question: &str) -> Value {
        self.crew.clerk.get(&format!("/items/{}/promise?{question}", id(&self.contract.bar))).ok()
    }

    /// Reserves bar for an order, with more fields.
    pub fn reserve(&self, order: &Value, quantity: &str, more: Value) -> Answer {
        let mut command = json!({
            "order_id": order["id"], "item_id": self.contract.bar["id"], "quantity": quantity, "priority": "normal",
        });
        command.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.crew.clerk.post("/reservations", &command)
    }

    /// What the list of reservations says of an order's.
    pub fn reservations(&self, order: &Value) -> Vec<Value> {
        let page = self.crew.clerk.get(&format!("/reservations?order_id={}&soft=true&sort=id", id(order))).ok();
        page["items"].as_array().unwrap().clone()
    }

    /// The books agree with themselves.
    #[track_caller]
    pub fn assert_sound(&self) {
        assert_eq!(contradictions(&mut self.app.database.owner()), Vec::<String>::new());
    }
}
