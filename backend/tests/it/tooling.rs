//! Tools and moulds: lent on an order, never used up, counted with the goods they make, worn out at the end of their life
//! (工装寿命).

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::support::app::{Answer, TestApp};
use super::support::books::contradictions;
use super::support::material::{Contract, Crew, id, name, portal_login};

/// Moulds with a life of 1,000 uses and four cavities; the product is made of bar.
struct There {
    app: TestApp,
    crew: Crew,
    contract: Contract,
    mould: Value,
}

fn there(moulds: usize) -> There {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let mould = json!({
        "code": "TL-MD-01", "name": name("TL-MD-01"), "kind": "tooling", "tracking": "serial", "life_uses": 1000,
        "unit_id": crew.unit("pcs")["id"], "storage_class": "ambient", "active": true,
    });
    let mould = crew.clerk.post("/items", &mould).ok();
    let line = |component: &Value, usage: &str, supply: &str| json!({ "component_id": component["id"], "supply": supply, "net_usage": usage, "loss_norm_percent": "0" });
    let mut tool = line(&mould, "25", "tooling");
    tool["issue_multiple"] = json!(moulds.to_string());
    let bom = json!({
        "product_id": contract.product["id"], "operation_id": contract.operation["id"], "revision": "B",
        "base_quantity": "100", "lines": [line(&contract.bar, "1", "consigned"), tool],
    });
    let bom = crew.clerk.post("/boms", &bom).ok();
    let path = format!("/boms/{}/transitions", id(&bom));
    crew.clerk.post_version(&path, &bom["version"], &json!({ "state": "active" })).ok();
    crew.released_lot(&contract, ("L-1", "100"));
    let receipt = json!({ "supplier_id": contract.supplier["id"], "delivery_note": "DN-MD", "lines": [{
        "item_id": mould["id"], "quantity": moulds.to_string(), "unit_id": mould["unit"]["id"],
        "serials": { "run": { "prefix": "MD-", "first": "1", "last": moulds.to_string() } },
    }] });
    for line in crew.warehouse.post("/receipts", &receipt).ok()["lines"].as_array().unwrap() {
        crew.release_lot(&line["lot"]);
    }
    There { app, crew, contract, mould }
}

impl There {
    fn tool(&self, code: &str) -> Value {
        let lots = self.crew.clerk.get(&format!("/lots?limit=100&item_id={}", id(&self.mould))).ok();
        lots["items"].as_array().unwrap().iter().find(|lot| lot["code"] == code).unwrap().clone()
    }

    fn act(&self, code: &str, act: &Value) -> Answer {
        let tool = self.tool(code);
        self.crew.quality.post_version(&format!("/lots/{}/tool-acts", id(&tool)), &tool["version"], act)
    }

    fn made(&self, order: &Value, of: (&str, &str), tools: &Value) -> Answer {
        let (lot, quantity) = of;
        let receipt = json!({
            "order_id": order["id"], "delivery_note": "SUB-1", "tools": tools,
            "lines": [{ "lot_code": lot, "good_quantity": quantity, "rejected_quantity": "0" }],
        });
        self.crew.warehouse.post("/subcontract-receipts", &receipt)
    }

    fn paper(&self, document: &Value) -> Answer {
        self.crew.warehouse.post("/material-documents", document)
    }

    fn lent(&self, kind: &str, order: &Value, to: Option<&Value>) -> Value {
        json!({
            "kind": kind, "order_id": order["id"], "to_order_id": to.map(|to| to["id"].clone()),
            "reason": "goes on to the next order",
            "lines": [{ "item_id": self.mould["id"], "lot_id": self.tool("MD-1")["id"], "quantity": "1" }],
        })
    }
}

#[test]
fn a_tool_is_lent_on_an_order_counted_with_its_goods_and_keeps_it_open() {
    let there = there(1);
    let order = there.crew.confirmed(&there.app, &there.contract, "400");
    assert_eq!(
        (&order["components"][1]["net_quantity"], &order["components"][1]["required_quantity"]),
        (&json!("100"), &json!("1"),)
    );
    let path = format!("/orders/{}/use-proposal?quantity=401", id(&order));
    let proposal = there.crew.clerk.get(&path).ok();
    let tool = &proposal["tools"][0];
    assert_eq!((&tool["lot"]["code"], &tool["uses"], &tool["life_uses"]), (&json!("MD-1"), &json!(101), &json!(1000)));
    assert!(!proposal["lines"].to_string().contains("TL-MD-01"), "a tool is not used up");
    let receipt = there.made(&order, ("F-1", "399"), &Value::Null).ok();
    let used = &receipt["tools"][0];
    assert_eq!((&used["uses"], &used["uses_now"], &used["certainty"]), (&json!(100), &json!(100), &json!("inferred")));
    let life = there.tool("MD-1")["tool"].clone();
    assert_eq!(
        (&life["uses"], &life["state"], &life["custodian"]["code"]),
        (&json!(100), &json!("sound"), &json!("SUB-A"))
    );
    assert_eq!(life["order"]["number"], order["number"]);
    assert!(life["since"].is_string());
    there.made(&order, ("F-2", "1"), &Value::Null).ok();
    assert_eq!(there.tool("MD-1")["tool"]["uses"], 100, "the use that was begun counts once");
    let account = there.crew.account(&order);
    let obstacles: Vec<_> =
        account["obstacles"].as_array().unwrap().iter().map(|found| found["kind"].clone()).collect();
    assert_eq!((obstacles, &account["obstacles"][0]["lot"]["code"]), (vec![json!("custody")], &json!("MD-1")));
    let measured: Vec<_> = account["components"].as_array().unwrap().iter().map(|used| &used["item"]["code"]).collect();
    assert_eq!(measured, ["RM-BAR"], "a tool has no loss");
    there.paper(&there.lent("return", &order, None)).ok();
    assert_eq!(there.tool("MD-1")["tool"]["uses"], 100);
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

#[test]
fn a_reversal_takes_the_uses_back_but_not_from_a_count_that_began_anew() {
    let there = there(1);
    let order = there.crew.confirmed(&there.app, &there.contract, "400");
    let first = there.made(&order, ("F-1", "200"), &Value::Null).ok();
    let second = there.made(&order, ("F-2", "200"), &Value::Null).ok();
    let undo = |receipt: &Value| {
        let path = format!("/subcontract-receipts/{}/reversal", id(receipt));
        let reason = json!({ "reason": "counted on the wrong order" });
        there.crew.manager.post_version(&path, &receipt["version"], &reason).ok();
        there.tool("MD-1")["tool"]["uses"].clone()
    };
    assert_eq!(there.tool("MD-1")["tool"]["uses"], 100);
    assert_eq!(undo(&second), 50);
    there.app.clock.advance(chrono::TimeDelta::hours(1));
    there.act("MD-1", &json!({ "act": "reset", "reason": "cavities were polished and measured" })).ok();
    assert_eq!(undo(&first), 0);
}

#[test]
fn which_of_several_tools_was_used_is_said_in_the_portal() {
    let there = there(2);
    let order = there.crew.confirmed(&there.app, &there.contract, "400");
    there.made(&order, ("F-1", "400"), &Value::Null).problem(ProblemCode::ToolUnnamed);
    let (one, two) = (there.tool("MD-1")["id"].clone(), there.tool("MD-2")["id"].clone());
    let few = there.made(&order, ("F-1", "400"), &json!([{ "lot_id": one, "uses": 60 }]));
    few.problem(ProblemCode::ToolUsesTooFew);
    let foreign = json!([{ "lot_id": there.crew.clerk.get("/lots?search=L-1").ok()["items"][0]["id"], "uses": 0 }]);
    let problem = there.made(&order, ("F-1", "400"), &foreign).problem(ProblemCode::FieldsInvalid);
    let pointers: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
    assert_eq!(pointers, ["/tools/0/lot_id", "/tools/0/uses"]);
    let portal = there.app.client(&portal_login(&there.contract));
    let declaration = json!({
        "order_id": order["id"], "delivery_note": "SUB-7", "lines": [{ "lot_code": "F-1", "good_quantity": "400" }],
        "tools": [{ "lot_id": one, "uses": 60 }, { "lot_id": two, "uses": 45 }],
    });
    let declared = portal.post("/portal/subcontract-receipts", &declaration).ok();
    assert_eq!(there.tool("MD-1")["tool"]["uses"], 0, "nothing counts before it is posted");
    let path = format!("/subcontract-receipts/{}/posting", id(&declared));
    there.crew.warehouse.post_version(&path, &declared["version"], &json!({})).ok();
    let uses = |code: &str| there.tool(code)["tool"]["uses"].clone();
    assert_eq!((uses("MD-1"), uses("MD-2")), (json!(60), json!(45)));
}

#[test]
fn a_worn_tool_is_neither_used_nor_issued_before_its_life_is_extended() {
    let there = there(1);
    let order = there.crew.confirmed(&there.app, &there.contract, "4100");
    there.made(&order, ("F-1", "3600"), &Value::Null).ok();
    assert_eq!(there.tool("MD-1")["tool"]["state"], "warning");
    let near = there.crew.clerk.get("/lots?tool_state=warning").ok();
    assert_eq!(near["items"].as_array().unwrap().len(), 1);
    let problem = there.made(&order, ("F-2", "500"), &Value::Null).problem(ProblemCode::ToolWorn);
    assert!(problem["detail"].as_str().unwrap().contains("1025"), "{problem}");
    there.made(&order, ("F-2", "400"), &Value::Null).ok();
    assert_eq!(there.tool("MD-1")["tool"]["state"], "worn");
    let next = there.crew.order(&there.contract, "100");
    there.paper(&there.lent("transfer", &order, Some(&next))).problem(ProblemCode::ToolWorn);
    let extend =
        |life: i32, reason: &str| there.act("MD-1", &json!({ "act": "extend", "life_uses": life, "reason": reason }));
    extend(1000, "measured and found sound").problem(ProblemCode::FieldsInvalid);
    extend(1200, "").problem(ProblemCode::ReasonRequired);
    let tool = there.tool("MD-1");
    let path = format!("/lots/{}/tool-acts", id(&tool));
    let act = json!({ "act": "extend", "life_uses": 1200, "reason": "measured and found sound" });
    there.crew.warehouse.post_version(&path, &tool["version"], &act).problem(ProblemCode::PermissionMissing);
    assert_eq!(extend(1200, "measured and found sound").ok()["tool"]["state"], "sound");
    let record = there.crew.auditor.get(&format!("/audit-events?aggregate_kind=lot&aggregate_id={}", id(&tool))).ok();
    assert!(record.to_string().contains("measured and found sound"), "{record}");
    there.made(&order, ("F-3", "100"), &Value::Null).ok();
    // It goes on to the next order of the same subcontractor: nothing travels.
    let moved = there.paper(&there.lent("transfer", &order, Some(&next))).ok();
    assert_eq!(moved["custody_state"], "confirmed");
    assert_eq!(there.tool("MD-1")["tool"]["order"]["number"], next["number"]);
    there.made(&order, ("F-4", "4"), &Value::Null).problem(ProblemCode::ToolMissing);
}

#[test]
fn a_worn_tool_is_not_picked() {
    let there = there(1);
    let order = there.crew.confirmed(&there.app, &there.contract, "4000");
    there.made(&order, ("F-1", "4000"), &Value::Null).ok();
    let back = there.paper(&there.lent("return", &order, None)).ok();
    let count = json!({ "lines": [{ "line_number": 1, "received_quantity": "1" }] });
    let path = format!("/material-documents/{}/confirmation", id(&back));
    there.crew.warehouse.post_version(&path, &back["version"], &count).ok();
    there.crew.release_lot(&there.tool("MD-1"));
    let next = there.crew.order(&there.contract, "100");
    let kit = there.crew.clerk.get(&format!("/orders/{}/kit-check", id(&next))).ok();
    assert_eq!((&kit["lines"][1]["item"]["code"], &kit["lines"][1]["short"]), (&json!("TL-MD-01"), &json!("1")));
    there.act("MD-1", &json!({ "act": "reset", "reason": "cavities were polished and measured" })).ok();
    let kit = there.crew.clerk.get(&format!("/orders/{}/kit-check", id(&next))).ok();
    assert_eq!(kit["lines"][1]["short"], "0");
}

#[test]
fn only_a_tool_with_serial_numbers_has_a_life() {
    let there = there(1);
    let item = |kind: &str, tracking: &str| {
        let item = json!({
            "code": "TL-X", "name": name("TL-X"), "kind": kind, "tracking": tracking, "life_uses": 10,
            "unit_id": there.crew.unit("pcs")["id"], "storage_class": "ambient", "active": true,
        });
        there.crew.clerk.post("/items", &item)
    };
    for (kind, tracking) in [("tooling", "lot"), ("product", "serial")] {
        let problem = item(kind, tracking).problem(ProblemCode::FieldsInvalid);
        assert_eq!(problem["errors"][0]["pointer"], "/life_uses");
    }
    let bar = there.crew.clerk.get("/lots?search=L-1").ok()["items"][0].clone();
    let act = json!({ "act": "reset", "reason": "cavities were polished and measured" });
    let path = format!("/lots/{}/tool-acts", id(&bar));
    there.crew.quality.post_version(&path, &bar["version"], &act).problem(ProblemCode::NotATool);
}
