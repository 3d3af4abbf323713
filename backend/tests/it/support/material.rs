//! The path of the material, walked over HTTP by the people whose work it is. Each step answers what
//! the API answered, so that a test goes on from any of them.

use serde_json::{Value, json};

use super::app::{Client, TestApp};
use super::builders::Organisation;

/// The people of an organisation, each signed in.
pub struct Crew {
    pub clerk: Client,
    pub warehouse: Client,
    pub approver: Client,
    pub quality: Client,
    pub manager: Client,
    pub auditor: Client,
    pub admin: Client,
}

/// A subcontractor with the order it works on, and the material for it.
#[derive(Clone)]
pub struct Contract {
    pub supplier: Value,
    pub subcontractor: Value,
    pub operation: Value,
    /// What the subcontractor gets: a bar in kilograms, by lot, that expires.
    pub bar: Value,
    pub product: Value,
    pub bom: Value,
}

impl Crew {
    /// The lot of a number.
    pub fn lot(&self, code: &str) -> Value {
        let lots = self.clerk.get(&format!("/lots?limit=100&search={code}")).ok();
        lots["items"].as_array().unwrap().iter().find(|lot| lot["code"] == code).unwrap().clone()
    }

    /// Signs everybody in.
    pub fn of(app: &TestApp, organisation: &Organisation) -> Self {
        let client = |role: &str| app.client(&organisation.login(role));
        Self {
            clerk: client("clerk"),
            warehouse: client("warehouse"),
            approver: client("approver"),
            quality: client("quality"),
            manager: client("manager"),
            auditor: client("auditor"),
            admin: client("admin"),
        }
    }

    /// The unit of this symbol.
    pub fn unit(&self, code: &str) -> Value {
        self.found("/units", code)
    }

    /// The location of this code.
    pub fn location(&self, code: &str) -> Value {
        self.found("/locations", code)
    }

    fn found(&self, path: &str, code: &str) -> Value {
        let page = self.clerk.get(&format!("{path}?limit=500&search={code}")).ok();
        let found = page["items"].as_array().unwrap().iter().find(|row| row["code"] == code);
        found.unwrap_or_else(|| panic!("{path} has no {code}")).clone()
    }

    /// An item in a unit, tracked `none`, by `lot` or `serial`.
    pub fn item(&self, code: &str, unit: &str, tracking: &str) -> Value {
        let item = json!({
            "code": code, "name": name(code), "kind": "raw_material", "tracking": tracking,
            "unit_id": self.unit(unit)["id"], "storage_class": "ambient", "active": true,
        });
        self.clerk.post("/items", &item).ok()
    }

    /// A partner that delivers.
    pub fn supplier(&self, code: &str) -> Value {
        self.partner(code, true)
    }

    /// A partner that processes our material.
    pub fn subcontractor(&self, code: &str) -> Value {
        self.partner(code, false)
    }

    /// A partner that gets finished goods.
    pub fn customer(&self, code: &str) -> Value {
        let partner = json!({
            "code": code, "name": name(code), "supplier": false, "subcontractor": false, "customer": true,
            "active": true,
        });
        self.clerk.post("/partners", &partner).ok()
    }

    fn partner(&self, code: &str, supplier: bool) -> Value {
        let partner = json!({
            "code": code, "name": name(code), "supplier": supplier, "subcontractor": !supplier, "active": true,
        });
        self.clerk.post("/partners", &partner).ok()
    }

    /// An operation.
    pub fn operation(&self, code: &str) -> Value {
        self.clerk.post("/operations", &json!({ "code": code, "name": name(code), "active": true })).ok()
    }

    /// An active bill of material: so much of each component for 100 of the product, without loss.
    pub fn bom(&self, product: &Value, operation: &Value, components: &[(&Value, &str)]) -> Value {
        let lines: Vec<_> = components
            .iter()
            .map(|(component, usage)| {
                json!({ "component_id": component["id"], "net_usage": usage, "loss_norm_percent": "0" })
            })
            .collect();
        let bom = json!({
            "product_id": product["id"], "operation_id": operation["id"], "revision": "A", "base_quantity": "100",
            "lines": lines,
        });
        let bom = self.clerk.post("/boms", &bom).ok();
        let path = format!("/boms/{}/transitions", id(&bom));
        self.clerk.post_version(&path, &bom["version"], &json!({ "state": "active" })).ok()
    }

    /// A supplier, a subcontractor that turns 1 kg of bar into 100 screws, and the bill of material.
    pub fn contract(&self) -> Contract {
        let (bar, product) = (self.item("RM-BAR", "kg", "lot"), self.item("FG-SCREW", "pcs", "lot"));
        let operation = self.operation("CNC");
        let bom = self.bom(&product, &operation, &[(&bar, "1")]);
        let (supplier, subcontractor) = (self.supplier("SUP-A"), self.subcontractor("SUB-A"));
        Contract { supplier, subcontractor, operation, bar, product, bom }
    }

    /// Receives one lot into quarantine; answers the receipt.
    pub fn receive(&self, supplier: &Value, item: &Value, (lot, quantity): (&str, &str)) -> Value {
        let receipt = json!({
            "supplier_id": supplier["id"], "delivery_note": format!("DN-{lot}"),
            "lines": [{
                "item_id": item["id"], "quantity": quantity, "unit_id": item["unit"]["id"], "lot_code": lot,
                "certificate_number": format!("EN10204-{lot}"), "expires_on": "2027-03-01", "unit_price": "600",
            }],
        });
        self.warehouse.post("/receipts", &receipt).ok()
    }

    /// Releases the lot of a receipt's first line; answers the lot.
    pub fn release(&self, receipt: &Value) -> Value {
        self.release_lot(&receipt["lines"][0]["lot"])
    }

    /// Releases what of a lot waits in quarantine; answers the lot.
    pub fn release_lot(&self, lot: &Value) -> Value {
        let lot = self.quality.get(&format!("/lots/{}", id(lot))).ok();
        let decision = json!({ "decision": "release", "reason": "certificate in order" });
        self.quality.post_version(&format!("/lots/{}/decisions", id(&lot)), &lot["version"], &decision).ok()
    }

    /// A lot of bar that may be used.
    pub fn released_lot(&self, contract: &Contract, lot: (&str, &str)) -> Value {
        self.release(&self.receive(&contract.supplier, &contract.bar, lot))
    }

    /// An open order for so many of the product.
    pub fn order(&self, contract: &Contract, quantity: &str) -> Value {
        let order = json!({
            "partner_id": contract.subcontractor["id"], "operation_id": contract.operation["id"],
            "product_id": contract.product["id"], "quantity": quantity, "due_on": "2026-05-01",
        });
        let order = self.clerk.post("/orders", &order).ok();
        let path = format!("/orders/{}/transitions", id(&order));
        self.clerk.post_version(&path, &order["version"], &json!({ "state": "open" })).ok()
    }

    /// A submitted requisition of what the kit check proposes.
    pub fn requisition(&self, order: &Value) -> Value {
        let kit = self.clerk.get(&format!("/orders/{}/kit-check", id(order))).ok();
        let lines: Vec<_> = kit["lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| json!({ "item_id": line["item"]["id"], "quantity": line["proposed_quantity"] }))
            .collect();
        let requisition = json!({
            "order_id": order["id"], "needed_on": "2026-03-20", "priority": "normal", "lines": lines, "submit": true,
        });
        self.clerk.post("/requisitions", &requisition).ok()
    }

    /// Approves a submitted requisition.
    pub fn approve(&self, requisition: &Value) -> Value {
        let path = format!("/approvals/{}/decisions", id(&requisition["approval"]));
        self.approver.post(&path, &json!({ "decision": "approve" })).ok();
        self.clerk.get(&format!("/requisitions/{}", id(requisition))).ok()
    }

    /// A pick task for an approved requisition.
    pub fn pick(&self, requisition: &Value) -> Value {
        self.warehouse.post("/picks", &json!({ "requisition_id": requisition["id"] })).ok()
    }

    /// Confirms every line of a pick task by its lot number.
    pub fn scan(&self, pick: &Value) -> Value {
        let mut after = pick.clone();
        for line in pick["lines"].as_array().unwrap() {
            let scan = json!({ "raw": line["lot"]["code"], "capture": "wedge", "line_number": line["line_number"] });
            after = self.warehouse.post(&format!("/picks/{}/scans", id(pick)), &scan).ok();
        }
        after
    }

    /// Issues a pick task.
    pub fn issue(&self, pick: &Value) -> Value {
        let note = json!({ "pick_id": pick["id"], "carrier": "顺达物流", "seal_number": "S-1" });
        self.warehouse.post("/issue-notes", &note).ok()
    }

    /// The whole way from an order to an issue note that waits for its countersignature.
    pub fn issued(&self, contract: &Contract, quantity: &str) -> Value {
        let requisition = self.requisition(&self.order(contract, quantity));
        self.issue(&self.scan(&self.pick(&self.approve(&requisition))))
    }

    /// The same, and all of it confirmed by a portal user of the subcontractor; answers the order.
    pub fn confirmed(&self, app: &TestApp, contract: &Contract, quantity: &str) -> Value {
        let note = self.issued(contract, quantity);
        let login = portal_login(contract);
        if !self.portal_known(app, &login) {
            app.acme.portal_member(&app.database, &login, id(&contract.subcontractor).parse().unwrap());
        }
        let lines = note["lines"].as_array().unwrap().iter().map(|line| {
            json!({ "line_number": line["line_number"], "good_quantity": line["quantity"], "damaged_quantity": "0",
                "remark": "" })
        });
        let count = json!({ "lines": lines.collect::<Vec<_>>() });
        let path = format!("/portal/deliveries/{}/confirmation", id(&note));
        app.client(&login).post_version(&path, &note["version"], &count).ok();
        self.clerk.get(&format!("/orders/{}", note["order_id"].as_str().unwrap())).ok()
    }

    fn portal_known(&self, app: &TestApp, login: &str) -> bool {
        let known = format!("SELECT count(*) AS count FROM person WHERE login = '{login}'");
        super::db::count(&mut app.database.owner(), &known) > 0
    }

    /// Receives finished goods on an order.
    pub fn finished(&self, order: &Value, lines: &Value) -> super::app::Answer {
        let receipt = json!({ "order_id": order["id"], "delivery_note": "SUB-1", "lines": lines });
        self.warehouse.post("/subcontract-receipts", &receipt)
    }

    /// A recall of a lot that is held, the notice to the subcontractor that has some of it, and a drill.
    pub fn recalled(&self, lot: &Value) -> (Value, Value, Value) {
        let recall =
            json!({ "recall_class": "one", "reason": "hardness too low", "criteria": { "lot_ids": [lot["id"]] } });
        let recall = self.quality.post("/recalls", &recall).ok();
        let (path, hold) = (format!("/recalls/{}/holds", id(&recall)), json!({ "include_possible": true }));
        let recall = self.quality.post_version(&path, &recall["version"], &hold).ok();
        let notices = self.quality.get(&format!("/recall-notices?recall_id={}", id(&recall))).ok();
        let drill = self.quality.post("/recall-drills", &json!({})).ok();
        (recall, notices["items"][0].clone(), drill)
    }

    /// The account of an order.
    pub fn account(&self, order: &Value) -> Value {
        self.clerk.get(&format!("/orders/{}/conservation", id(order))).ok()
    }
}

/// A delivery that the subcontractor's person, who signs in as `portal`, counted and found right: the people, and what was
/// recorded of it, as that person sees it.
pub fn count_delivery(app: &TestApp) -> (Crew, Vec<Value>) {
    let crew = Crew::of(app, &app.acme);
    let contract = crew.contract();
    crew.released_lot(&contract, ("L-1", "20"));
    let note = crew.issued(&contract, "500");
    app.acme.portal_member(&app.database, "portal", id(&contract.subcontractor).parse().unwrap());
    let portal = app.client("portal");
    let count = json!({ "lines": [{ "line_number": 1, "good_quantity": "5", "damaged_quantity": "0" }] });
    portal.post_version(&format!("/portal/deliveries/{}/confirmation", id(&note)), &note["version"], &count).ok();
    let of_note = format!("/audit-events?aggregate_kind=issue&aggregate_id={}&sort=id", id(&note));
    let events = portal.get(&of_note).ok()["items"].as_array().unwrap().clone();
    (crew, events)
}

/// Login of the portal user of a contract's subcontractor.
pub fn portal_login(contract: &Contract) -> String {
    format!("portal-{}", contract.subcontractor["code"].as_str().unwrap().to_lowercase())
}

/// An identifier as it stands in a path.
pub fn id(thing: &Value) -> &str {
    thing["id"].as_str().unwrap_or_else(|| panic!("no id in {thing}"))
}

/// One text for both languages.
pub fn name(text: &str) -> Value {
    json!({ "zh": text, "en": text })
}
