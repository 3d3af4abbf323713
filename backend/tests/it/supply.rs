//! Who provides a component, and what that means for issue, use, account and trace (供料方式).

use chrono::TimeDelta;
use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::support::app::TestApp;
use super::support::books::contradictions;
use super::support::db::{count, texts};
use super::support::material::{Contract, Crew, id, portal_login};

/// An order of 500 screws: 5 kg of bar consigned, 50 g of powder and 1 L of coolant that the subcontractor provides.
struct There {
    app: TestApp,
    crew: Crew,
    contract: Contract,
    powder: Value,
    coolant: Value,
    order: Value,
}

fn supplied(component: &Value, usage: &str, supply: &str) -> Value {
    json!({ "component_id": component["id"], "supply": supply, "net_usage": usage, "loss_norm_percent": "0" })
}

/// A revision of the contract's bill of material with these lines, in force.
fn revise(crew: &Crew, contract: &Contract, lines: &Value) {
    let bom = json!({
        "product_id": contract.product["id"], "operation_id": contract.operation["id"], "revision": "B",
        "base_quantity": "100", "lines": lines,
    });
    let bom = crew.clerk.post("/boms", &bom).ok();
    let path = format!("/boms/{}/transitions", id(&bom));
    crew.clerk.post_version(&path, &bom["version"], &json!({ "state": "active" })).ok();
}

fn there() -> There {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let (powder, coolant) = (crew.item("RM-POWDER", "g", "lot"), crew.item("RM-COOL", "L", "none"));
    let lines = json!([
        supplied(&contract.bar, "1", "consigned"),
        supplied(&powder, "10", "supplier_sourced"),
        supplied(&coolant, "0.2", "supplier_sourced"),
    ]);
    revise(&crew, &contract, &lines);
    crew.released_lot(&contract, ("L-1", "20"));
    let order = crew.confirmed(&app, &contract, "500");
    There { app, crew, contract, powder, coolant, order }
}

impl There {
    fn own(&self, lot: &str, quantity: &str) -> Value {
        json!({
            "item_id": self.powder["id"], "quantity": quantity,
            "own_lot": { "supplier_lot": lot, "certificate_number": "COA-1", "expires_on": "2027-01-31" },
        })
    }

    fn lot(&self, code: &str) -> Value {
        self.crew.lot(code)
    }

    /// 100 screws with 10 g of the powder H-1, at a time of the day on which everything happens; none: now.
    fn goods(&self, code: &str, occurred_at: Option<&str>) -> Value {
        json!({ "order_id": self.order["id"], "delivery_note": "SUB-2", "occurred_at": occurred_at,
            "lines": [{ "lot_code": code, "good_quantity": "100", "uses": [self.own("H-1", "10")] }] })
    }

    fn post(&self, declared: &Value) -> super::support::app::Answer {
        let path = format!("/subcontract-receipts/{}/posting", id(declared));
        self.crew.warehouse.post_version(&path, &declared["version"], &json!({}))
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

    fn errors(&self, lines: &Value) -> Vec<String> {
        let problem = self.crew.finished(&self.order, lines).problem(ProblemCode::FieldsInvalid);
        let error = |error: &Value| format!("{} {}", error["pointer"], error["code"]).replace('"', "");
        problem["errors"].as_array().unwrap().iter().map(error).collect()
    }
}

#[test]
fn an_order_keeps_who_provides_what_and_asks_the_stores_only_for_what_is_ours() {
    let there = there();
    let supply = |line: &Value| line["supply"].as_str().unwrap().to_owned();
    let frozen: Vec<_> = there.order["components"].as_array().unwrap().iter().map(supply).collect();
    assert_eq!(frozen, ["consigned", "supplier_sourced", "supplier_sourced"]);
    assert_eq!(there.order["issue_state"], "issued", "the subcontractor's own part is not waited for");
    let kit = there.crew.clerk.get(&format!("/orders/{}/kit-check", id(&there.order))).ok();
    let asked: Vec<_> = kit["lines"].as_array().unwrap().iter().map(|line| &line["item"]["code"]).collect();
    assert_eq!(asked, ["RM-BAR"]);
    let requisition = json!({
        "order_id": there.order["id"], "needed_on": "2026-03-20", "priority": "normal", "submit": true,
        "lines": [{ "item_id": there.powder["id"], "quantity": "1" }],
    });
    let problem = there.crew.clerk.post("/requisitions", &requisition).problem(ProblemCode::FieldsInvalid);
    assert_eq!(problem["errors"][0]["code"], ProblemCode::SupplyForbids.as_str());
    assert!(problem["errors"][0]["detail"].as_str().unwrap().contains("受托方自备"), "{problem}");
}

#[test]
fn the_subcontractors_own_lots_come_into_the_books_with_the_goods_they_went_into() {
    let there = there();
    let lines = json!([{ "lot_code": "F-1", "good_quantity": "300", "uses": [there.own("H7742-18", "30")] }]);
    let receipt = there.crew.finished(&there.order, &lines).ok();
    // What was said of the powder says nothing of the bar: that is still inferred.
    assert_eq!(there.links(), ["H7742-18 → F-1 30 declared", "L-1 → F-1 3 inferred"]);
    let used = receipt["lines"][0]["uses"].as_array().unwrap().iter();
    let used = used.map(|used| format!("{} {} {}", used["item"]["code"], used["supply"], used["quantity"]));
    let mut used: Vec<_> = used.map(|text| text.replace('"', "")).collect();
    used.sort();
    assert_eq!(used, ["RM-BAR consigned 3", "RM-COOL supplier_sourced 0.6", "RM-POWDER supplier_sourced 30"]);
    let lot = there.lot("H7742-18");
    assert_eq!((&lot["status"], &lot["supplier"]["code"]), (&json!("consumed"), &json!("SUB-A")));
    assert_eq!((&lot["certificate_number"], &lot["expires_on"]), (&json!("COA-1"), &json!("2027-01-31")));
    assert_eq!(lot["custody_quantity"], "0");
    let account = there.crew.account(&there.order);
    assert_eq!(account["proved"], true, "{account}");
    let powder = account["lines"].as_array().unwrap().iter().find(|line| line["item"]["code"] == "RM-POWDER").unwrap();
    assert_eq!(
        (&powder["own_supply"], &powder["consumed"], &powder["issued"]),
        (&json!("30"), &json!("30"), &json!("0"))
    );
    let owners = "SELECT DISTINCT p.code AS text FROM stock_movement m JOIN partner p ON p.id = m.owner_id";
    assert_eq!(texts(&mut there.app.database.owner(), owners), ["SUB-A"]);
    let costs = there.crew.manager.get(&format!("/orders/{}/cost-sheet", id(&there.order))).ok();
    let priced: Vec<_> = costs["material"].as_array().unwrap().iter().map(|line| &line["item"]["code"]).collect();
    assert_eq!(priced, ["RM-BAR"], "its cost is in the service price");
}

#[test]
fn the_same_number_is_the_same_lot_and_a_reversal_takes_it_out_again() {
    let there = there();
    let line = |lot: &str| json!([{ "lot_code": lot, "good_quantity": "100", "uses": [there.own("H-1", "10")] }]);
    there.crew.finished(&there.order, &line("F-1")).ok();
    let second = there.crew.finished(&there.order, &line("F-2")).ok();
    let known = texts(&mut there.app.database.owner(), "SELECT code AS text FROM lot WHERE supplier_lot = 'H-1'");
    assert_eq!(known, ["H-1"]);
    let path = format!("/subcontract-receipts/{}/reversal", id(&second));
    let reason = json!({ "reason": "counted on the wrong order" });
    there.crew.manager.post_version(&path, &second["version"], &reason).ok();
    let account = there.crew.account(&there.order);
    let powder = account["lines"].as_array().unwrap().iter().find(|line| line["item"]["code"] == "RM-POWDER").unwrap();
    assert_eq!((&powder["own_supply"], &account["proved"]), (&json!("10"), &json!(true)));
    assert_eq!(
        there.links(),
        ["H-1 → F-1 10 declared", "L-1 → F-1 1 inferred", "H-1 → F-2 10 declared void", "L-1 → F-2 1 inferred void",]
    );
}

#[test]
fn the_subcontractor_names_its_own_lots_in_the_portal() {
    let there = there();
    let portal = there.app.client(&portal_login(&there.contract));
    let path = format!("/portal/orders/{}/use-proposal?quantity=300", id(&there.order));
    let proposal = portal.get(&path).ok();
    let own = proposal["own_supply"].as_array().unwrap().iter();
    let own: Vec<_> = own.map(|own| format!("{} {}", own["item"]["code"], own["quantity"]).replace('"', "")).collect();
    assert_eq!(own, ["RM-POWDER 30", "RM-COOL 0.6"]);
    let declaration = json!({
        "order_id": there.order["id"], "delivery_note": "SUB-7",
        "lines": [{ "lot_code": "F-1", "good_quantity": "300", "uses": [there.own("H7742-18", "30")] }],
    });
    let declared = portal.post("/portal/subcontract-receipts", &declaration).ok();
    assert_eq!(declared["lines"][0]["uses"][0]["supplier_lot"], "H7742-18");
    let path = format!("/subcontract-receipts/{}/posting", id(&declared));
    there.crew.warehouse.post_version(&path, &declared["version"], &json!({})).ok();
    assert_eq!(there.links(), ["H7742-18 → F-1 30 declared", "L-1 → F-1 3 inferred"]);
}

#[test]
fn what_was_used_of_a_recalled_own_lot_before_the_hold_is_declared_after_it_and_nothing_else() {
    let there = there();
    let portal = there.app.client(&portal_login(&there.contract));
    let receive = |goods: &Value| there.crew.warehouse.post("/subcontract-receipts", goods);
    let announce = |goods: &Value| portal.post("/portal/subcontract-receipts", goods);
    receive(&there.goods("F-1", None)).ok();
    there.app.clock.advance(TimeDelta::minutes(30));
    let (recall, ..) = there.crew.recalled(&there.lot("H-1"));
    assert_eq!(there.lot("H-1")["status"], "consumed", "it is used up all the same");
    there.app.clock.advance(TimeDelta::minutes(30));
    let made = receive(&there.goods("F-2", Some("2026-03-02T01:29:00Z"))).ok();
    let announced = announce(&there.goods("F-3", Some("2026-03-02T01:10:00Z"))).ok();
    let posted = there.post(&announced).ok();
    for made in [&made, &posted] {
        assert_eq!(made["lines"][0]["lot"]["status"], "recalled", "what was made of it is held with it");
    }
    let late = ["2026-03-02T01:30:00Z", "2026-03-02T01:45:00Z"].map(|late| there.goods("F-4", Some(late)));
    for answer in late.iter().flat_map(|goods| [receive(goods), announce(goods)]) {
        let problem = answer.problem(ProblemCode::FieldsInvalid);
        let error = &problem["errors"][0];
        let at = (error["pointer"].as_str(), error["code"].as_str());
        assert_eq!(at, (Some("/lines/0/uses/0/own_lot"), Some("lot_status_forbids")));
        assert!(error["detail"].as_str().unwrap().contains("H-1 处于“已召回”状态，不允许“召回后耗用”"), "{error}");
    }
    let mut owner = there.app.database.owner();
    let held =
        format!("SELECT count(*) AS count FROM recall_lot WHERE recall_id = '{}' AND hold_state = 'held'", id(&recall));
    assert_eq!(count(&mut owner, &held), 4, "H-1, F-1, F-2 and F-3");
    assert_eq!(contradictions(&mut owner), Vec::<String>::new());
}

#[test]
fn what_was_announced_of_an_own_lot_as_used_when_it_was_held_already_is_not_posted() {
    let there = there();
    let portal = there.app.client(&portal_login(&there.contract));
    there.crew.warehouse.post("/subcontract-receipts", &there.goods("F-1", None)).ok();
    let announced = portal.post("/portal/subcontract-receipts", &there.goods("F-2", None)).ok();
    there.crew.recalled(&there.lot("H-1"));
    let problem = there.post(&announced).problem(ProblemCode::LotStatusForbids);
    assert!(problem["detail"].as_str().unwrap().contains("H-1 处于“已召回”状态"), "{problem}");
}

#[test]
fn an_order_whose_own_part_nobody_declared_is_closed_only_with_an_explanation() {
    let there = there();
    there.crew.finished(&there.order, &json!([{ "lot_code": "F-1", "good_quantity": "500" }])).ok();
    let account = there.crew.account(&there.order);
    let obstacles = account["obstacles"].as_array().unwrap();
    let named: Vec<_> = obstacles.iter().map(|found| format!("{} {}", found["item"]["code"], found["kind"])).collect();
    assert_eq!(named, [r#""RM-POWDER" "under_used""#]);
    let path = format!("/orders/{}/closing", id(&there.order));
    let close =
        |remark: &str| there.crew.manager.post_version(&path, &account["version"], &json!({ "remark": remark }));
    close("").problem(ProblemCode::OrderNotSettled);
    assert_eq!(close("certificates follow by post").ok()["record_state"], "closed");
}

#[test]
fn who_provides_a_lot_and_how_it_is_named_must_agree() {
    let there = there();
    let ours = there.lot("L-1");
    let lines = |uses: Value| json!([{ "lot_code": "F-1", "good_quantity": "100", "uses": uses }]);
    let of = |component: &Value, more: Value| {
        let mut used = json!({ "item_id": component["id"], "quantity": "1" });
        used.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        used
    };
    let own = json!({ "own_lot": { "supplier_lot": "H-1" } });
    let nameless = json!({ "own_lot": { "supplier_lot": " " } });
    assert_eq!(
        there.errors(&lines(json!([of(&there.contract.bar, own.clone())]))),
        ["/lines/0/uses/0/own_lot field_not_allowed",]
    );
    assert_eq!(there.errors(&lines(json!([of(&there.coolant, own)]))), ["/lines/0/uses/0/own_lot field_not_allowed"]);
    assert_eq!(
        there.errors(&lines(json!([of(&there.powder, json!({ "lot_id": ours["id"] }))]))),
        ["/lines/0/uses/0/lot_id field_not_allowed", "/lines/0/uses/0/own_lot field_required",]
    );
    assert_eq!(
        there.errors(&lines(json!([of(&there.powder, nameless)]))),
        ["/lines/0/uses/0/own_lot/supplier_lot field_required",]
    );
}

#[test]
fn only_tooling_is_supplied_as_tooling() {
    let there = there();
    let bom = json!({
        "product_id": there.contract.product["id"], "operation_id": there.contract.operation["id"], "revision": "C",
        "base_quantity": "100", "lines": [supplied(&there.contract.bar, "1", "tooling")],
    });
    let problem = there.crew.clerk.post("/boms", &bom).problem(ProblemCode::FieldsInvalid);
    assert_eq!(problem["errors"][0]["pointer"], "/lines/0/supply");
    assert_eq!(problem["errors"][0]["code"], ProblemCode::SupplyUnfit.as_str());
}

/// An order of 500 screws whose film, 10 pieces by lot, its supplier brings straight to the subcontractor.
struct Direct {
    app: TestApp,
    crew: Crew,
    contract: Contract,
    film: Value,
    order: Value,
}

fn direct() -> Direct {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let film = crew.item("PK-FILM", "pcs", "lot");
    let lines = json!([supplied(&contract.bar, "1", "consigned"), supplied(&film, "2", "drop_shipped")]);
    revise(&crew, &contract, &lines);
    crew.released_lot(&contract, ("L-1", "20"));
    let order = crew.confirmed(&app, &contract, "500");
    Direct { app, crew, contract, film, order }
}

impl Direct {
    fn paper(&self, item: &Value, quantity: &str) -> Value {
        json!({
            "kind": "direct_delivery", "to_order_id": self.order["id"], "supplier_id": self.contract.supplier["id"],
            "delivery_note": "DN-9", "lines": [{
                "item_id": item["id"], "lot_code": "FILM-1", "supplier_lot": "S-77", "certificate_number": "COC-77",
                "expires_on": "2027-05-01", "quantity": quantity, "unit_price": "0.85",
            }],
        })
    }

    fn delivered(&self) -> Value {
        self.crew.warehouse.post("/material-documents", &self.paper(&self.film, "10")).ok()
    }

    fn confirm(&self, document: &Value, received: &str, remark: &str) -> Value {
        let portal = self.app.client(&portal_login(&self.contract));
        let shown = portal.get(&format!("/portal/material-documents/{}", id(document))).ok();
        assert_eq!((&shown["supplier"]["code"], &shown["lines"][0]["supplier_lot"]), (&json!("SUP-A"), &json!("S-77")));
        let count = json!({ "lines": [{ "line_number": 1, "received_quantity": received }], "remark": remark });
        let path = format!("/portal/material-documents/{}/confirmation", id(document));
        portal.post_version(&path, &shown["version"], &count).ok()
    }

    fn standing(&self) -> Vec<String> {
        let stock = self.crew.clerk.get(&format!("/stock?item_id={}&limit=100", id(&self.film))).ok();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let row = |row: &Value| {
            format!("{} {} {}", text(&row["location"]["kind"]), text(&row["status"]), text(&row["on_hand"]))
        };
        stock["items"].as_array().unwrap().iter().map(row).collect()
    }

    fn film_account(&self) -> Value {
        let account = self.crew.account(&self.order);
        assert_eq!(account["proved"], true, "{account}");
        let lines = account["lines"].as_array().unwrap();
        lines.iter().find(|line| line["item"]["code"] == "PK-FILM").unwrap().clone()
    }

    fn component(&self, field: &str) -> Value {
        let order = self.crew.clerk.get(&format!("/orders/{}", id(&self.order))).ok();
        order["components"][1][field].clone()
    }

    fn finish(&self, lot: &Value) -> super::support::app::Answer {
        let uses = json!([
            { "item_id": self.film["id"], "lot_id": lot["id"], "quantity": "2" },
            { "item_id": self.contract.bar["id"], "lot_id": self.bar_lot(), "quantity": "1" },
        ]);
        self.crew.finished(&self.order, &json!([{ "lot_code": "F-1", "good_quantity": "100", "uses": uses }]))
    }

    fn bar_lot(&self) -> Value {
        self.crew.clerk.get("/lots?search=L-1").ok()["items"][0]["id"].clone()
    }
}

#[test]
fn a_direct_delivery_is_confirmed_where_it_arrives_and_used_once_quality_released_it() {
    let direct = direct();
    assert_eq!(direct.order["issue_state"], "partly");
    let document = direct.delivered();
    assert_eq!((&document["record_state"], &document["custody_state"]), (&json!("posted"), &json!("in_transit")));
    assert_eq!(direct.standing(), ["in_transit_out quarantine 10"]);
    let stock = direct.crew.clerk.get(&format!("/item-stock?item_id={}", id(&direct.film))).ok();
    let promised = (&stock["items"][0]["on_hand"], &stock["items"][0]["available_to_promise"]);
    assert_eq!(promised, (&json!("0"), &json!("0")), "what lies elsewhere is not promised here");
    assert_eq!(direct.component("issued_quantity"), "10");
    direct.confirm(&document, "10", "");
    assert_eq!(direct.standing(), ["subcontractor_custody quarantine 10"]);
    assert_eq!(direct.component("confirmed_quantity"), "10");
    let lot = document["lines"][0]["lot"].clone();
    let problem = direct.finish(&lot).problem(ProblemCode::FieldsInvalid);
    assert_eq!(problem["errors"][0]["code"], ProblemCode::LotStatusForbids.as_str());
    assert_eq!(problem["errors"][0]["pointer"], "/lines/0/uses/0/lot_id");
    direct.crew.release_lot(&lot);
    assert_eq!(direct.standing(), ["subcontractor_custody available 10"]);
    direct.finish(&lot).ok();
    let film = direct.film_account();
    assert_eq!((&film["issued"], &film["confirmed_in"], &film["consumed"]), (&json!("10"), &json!("10"), &json!("2")));
    let order = direct.crew.clerk.get(&format!("/orders/{}", id(&direct.order))).ok();
    assert_eq!(order["issue_state"], "issued");
    let costs = direct.crew.manager.get(&format!("/orders/{}/cost-sheet", id(&direct.order))).ok();
    assert_eq!(costs["material"][1]["amount"], "1.70", "{}", costs["material"]);
}

#[test]
fn what_is_released_on_its_way_may_be_used_on_arrival_and_what_is_missing_was_not_delivered() {
    let direct = direct();
    let document = direct.delivered();
    let lot = document["lines"][0]["lot"].clone();
    direct.crew.release_lot(&lot);
    assert_eq!(direct.standing(), ["in_transit_out quarantine 10"]);
    let counted = direct.confirm(&document, "8", "two pieces missing in the box");
    assert_eq!(counted["custody_state"], "with_discrepancy");
    assert_eq!(direct.standing(), ["subcontractor_custody available 8"]);
    assert_eq!(direct.component("issued_quantity"), "8");
    assert_eq!(direct.film_account()["issued"], "8");
}

#[test]
fn what_was_released_and_blocked_on_its_way_is_released_again_where_it_arrived() {
    let direct = direct();
    let document = direct.delivered();
    let lot = document["lines"][0]["lot"].clone();
    let path = format!("/lots/{}", id(&lot));
    let decide = |decision: &str| {
        let command = json!({ "decision": decision, "reason": "the certificate was in doubt" });
        let lot = direct.crew.quality.get(&path).ok();
        direct.crew.quality.post_version(&format!("{path}/decisions"), &lot["version"], &command).ok()
    };
    direct.crew.release_lot(&lot);
    decide("block");
    direct.confirm(&document, "10", "");
    assert_eq!(direct.standing(), ["subcontractor_custody quarantine 10"]);
    let unblocked = decide("unblock");
    assert_eq!((&unblocked["status"], &unblocked["waiting_quantity"]), (&json!("released"), &json!("10")));
    direct.crew.release_lot(&lot);
    assert_eq!(direct.standing(), ["subcontractor_custody available 10"]);
    direct.finish(&lot).ok();
}

#[test]
fn what_quality_does_not_release_can_be_sent_back_and_a_delivery_be_undone() {
    let direct = direct();
    let document = direct.delivered();
    direct.confirm(&document, "10", "");
    let lot = &document["lines"][0]["lot"];
    let back = json!({
        "kind": "return", "order_id": direct.order["id"], "reason": "certificate does not match the label",
        "lines": [{ "item_id": direct.film["id"], "lot_id": lot["id"], "quantity": "4", "condition": "defective" }],
    });
    let back = direct.crew.warehouse.post("/material-documents", &back).ok();
    assert_eq!(direct.film_account()["in_custody"], "6");
    let undo = |document: &Value| {
        let now = direct.crew.clerk.get(&format!("/material-documents/{}", id(document))).ok();
        let path = format!("/material-documents/{}/reversal", id(document));
        let reason = json!({ "reason": "written on the wrong order" });
        direct.crew.manager.post_version(&path, &now["version"], &reason)
    };
    undo(&document).problem(ProblemCode::LaterMovementExists);
    undo(&back).ok();
    undo(&document).ok();
    assert_eq!(
        (direct.film_account()["issued"].clone(), direct.component("issued_quantity")),
        (json!("0"), json!("0"))
    );
    assert_eq!(direct.crew.clerk.get(&format!("/lots/{}", id(lot))).ok()["status"], "scrapped");
}

#[test]
fn only_what_is_delivered_straight_is_written_as_a_direct_delivery() {
    let direct = direct();
    let consigned = direct.crew.warehouse.post("/material-documents", &direct.paper(&direct.contract.bar, "10"));
    let problem = consigned.problem(ProblemCode::SupplyForbids);
    assert!(problem["detail"].as_str().unwrap().contains("甲供"), "{problem}");
    let mut nameless = direct.paper(&direct.film, "10");
    nameless.as_object_mut().unwrap().remove("supplier_id");
    nameless["delivery_note"] = json!("");
    nameless["lines"][0].as_object_mut().unwrap().remove("lot_code");
    nameless["lines"][0]["from_status"] = json!("available");
    let problem = direct.crew.warehouse.post("/material-documents", &nameless).problem(ProblemCode::FieldsInvalid);
    let error = |error: &Value| format!("{} {}", error["pointer"], error["code"]).replace('"', "");
    let errors: Vec<_> = problem["errors"].as_array().unwrap().iter().map(error).collect();
    assert_eq!(
        errors,
        [
            "/supplier_id field_required",
            "/delivery_note field_required",
            "/lines/0/lot_code lot_required",
            "/lines/0/from_status field_not_allowed",
        ]
    );
    let mut twice = direct.paper(&direct.film, "10");
    twice["lines"][0]["quantity"] = json!("1");
    direct.crew.warehouse.post("/material-documents", &twice).ok();
    direct.crew.warehouse.post("/material-documents", &twice).problem(ProblemCode::LotCodeTaken);
}
