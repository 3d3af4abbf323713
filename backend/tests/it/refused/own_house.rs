//! The own house: move, issue to the line and back, scrap, production, repacking, dispatch, and serial numbers.

use lotline_common::problem::ProblemCode::{
    DateOrderWrong, FieldFormat, FieldNotAllowed, FieldRequired, LineDuplicate, LocationUnfit, LotCodeTaken,
    LotExpired, LotStatusForbids, MovementForbidden, NothingMade, ReferenceUnknown, RepackStatusMixed, RepackUnequal,
    SerialElsewhere, SerialQuantityNotOne, StockInsufficient, TimeInFuture,
};
use serde_json::{Value, json};

use super::{Sent, World, play, refused, with, world};
use crate::support::material::id;

#[test]
fn a_move() {
    let world = world();
    let base = world.own("move", "1", [Some("STORE"), Some("QUARANTINE")]);
    let to = |code: &str| with(&base, "/lines/0/to_location_id", world.place(code));
    let mut cases = world.of_moving(&base);
    cases.extend([
        refused(
            ("from nowhere", with(&base, "/lines/0/from_location_id", Value::Null)),
            (FieldRequired, "/lines/0/from_location_id"),
            ("不能为空", "must not be empty"),
        ),
        refused(
            ("to nowhere", with(&base, "/lines/0/to_location_id", Value::Null)),
            (FieldRequired, "/lines/0/to_location_id"),
            ("不能为空", "must not be empty"),
        ),
        refused(
            ("into a subcontractor's custody", to("SUB-A-CUSTODY")),
            (LocationUnfit, "/lines/0/to_location_id"),
            ("库位 SUB-A-CUSTODY", "location SUB-A-CUSTODY"),
        ),
        refused(
            ("to the line, which is an issue", to("LINE")),
            (MovementForbidden, ""),
            (
                "“移库”不能从 厂内库位（可用） 移到 产线（可用）",
                "a move does not go from an own shelf (available) to a production line",
            ),
        ),
        refused(
            ("more than is there", with(&base, "/lines/0/quantity", json!("15.5"))),
            (StockInsufficient, ""),
            ("L-1 在 STORE 可动用 15，需要 15.5", "L-1 at STORE has 15 to use; 15.5"),
        ),
        refused(
            ("in a status in which nothing stands", with(&base, "/lines/0/from_status", json!("blocked"))),
            (StockInsufficient, ""),
            ("可动用 0", "has 0 to use"),
        ),
        refused(
            ("on an order", with(&base, "/order_id", world.order["id"].clone())),
            (FieldNotAllowed, "/order_id"),
            ("没有该字段", "no such field"),
        ),
    ]);
    play(&world.app, &world.documents(), cases);
}

#[test]
fn an_issue_to_the_line_and_a_return_from_it() {
    let world = world();
    let (blocked, expired) = (world.blocked("L-B"), world.expired("L-X"));
    let base = world.own("line_issue", "1", [Some("STORE"), None]);
    let lot = |lot: &Value| with(&base, "/lines/0/lot_id", lot["id"].clone());
    let mut cases = world.of_moving(&base);
    cases.extend([
        world.of_reason(&base),
        refused(
            ("a lot that quality blocked", lot(&blocked)),
            (LotStatusForbids, ""),
            (
                "批次 L-B 处于“已冻结”状态，不允许“领用”|质量人员",
                "Lot L-B is blocked; an issue to the line|Quality must",
            ),
        ),
        refused(
            ("a lot whose last day is over", lot(&expired)),
            (LotExpired, ""),
            ("L-X 的有效期至 2026-03-01", "L-X expired on 2026-03-01"),
        ),
        refused(
            ("out of quarantine", with(&base, "/lines/0/from_location_id", world.place("QUARANTINE"))),
            (MovementForbidden, ""),
            ("“领用”不能从 待检区（可用）", "from the quarantine area (available)"),
        ),
        refused(
            ("more than is there", with(&base, "/lines/0/quantity", json!("16"))),
            (StockInsufficient, ""),
            ("可动用 15，需要 16", "has 15 to use; 16 is needed"),
        ),
    ]);
    play(&world.app, &world.documents(), cases);
    let back = world.own("line_return", "1", [None, Some("STORE")]);
    let mut cases = world.of_moving(&back);
    cases.extend([
        world.of_reason(&back),
        refused(
            ("more than stands at the line", back.clone()),
            (StockInsufficient, ""),
            ("L-1 在 LINE 可动用 0", "L-1 at LINE has 0"),
        ),
        refused(
            ("to the line again", with(&back, "/lines/0/to_location_id", world.place("LINE"))),
            (MovementForbidden, ""),
            ("“退库”不能从 产线（可用）", "a return from the line does not go"),
        ),
    ]);
    play(&world.app, &world.documents(), cases);
}

#[test]
fn scrap() {
    let world = world();
    let base = world.own("scrap", "1", [Some("STORE"), None]);
    let mut cases = world.of_moving(&base);
    cases.extend([
        world.of_reason(&base),
        refused(
            ("more than is there", with(&base, "/lines/0/quantity", json!("16"))),
            (StockInsufficient, ""),
            ("可动用 15，需要 16", "has 15 to use; 16 is needed"),
        ),
        refused(
            ("to a shelf", with(&base, "/lines/0/to_location_id", world.place("STORE"))),
            (FieldNotAllowed, "/lines/0/to_location_id"),
            ("没有该字段", "no such field"),
        ),
    ]);
    play(&world.app, &world.documents(), cases);
}

/// What a line makes: one lot of screws out of a kilogram of bar.
fn production(world: &World, code: &str) -> Value {
    let made =
        json!({ "direction": "in", "item_id": world.contract.product["id"], "lot_code": code, "quantity": "100" });
    json!({ "kind": "production", "lines": [world.line("1"), made] })
}

#[test]
fn production_at_a_line() {
    let world = world();
    world.done(&world.own("line_issue", "10", [Some("STORE"), None]));
    world.done(&production(&world, "P-0"));
    let (blocked, base) = (world.blocked("L-B"), production(&world, "P-1"));
    let made = |field: &str, value: Value| with(&base, &format!("/lines/1/{field}"), value);
    let again = {
        let mut body = base.clone();
        let line = body["lines"][1].clone();
        body["lines"].as_array_mut().unwrap().push(line);
        body
    };
    let mut cases = world.of_moving(&base);
    cases.extend([
        refused(
            ("of nothing", with(&base, "/lines", json!([base["lines"][1]]))),
            (NothingMade, "/lines"),
            ("至少要有一行投入", "at least one line that is taken"),
        ),
        refused(
            ("nothing", with(&base, "/lines", json!([base["lines"][0]]))),
            (NothingMade, "/lines"),
            ("一行产出", "one that is made"),
        ),
        refused(
            ("a lot that is there already", made("lot_code", json!("P-0"))),
            (LotCodeTaken, ""),
            ("物料 FG-SCREW 已有批号 P-0", "Item FG-SCREW already has a lot P-0"),
        ),
        refused(("a lot twice", again), (LineDuplicate, "/lines/2"), ("第 2、3 行", "lines 2 and 3")),
        refused(
            ("a lot number with a space", made("lot_code", json!("P 1"))),
            (FieldFormat, "/lines/1/lot_code"),
            ("1–20", "1–20"),
        ),
        refused(
            ("made tomorrow", made("manufactured_on", json!("2026-03-03"))),
            (TimeInFuture, "/lines/1/manufactured_on"),
            ("2026-03-03", "2026-03-03"),
        ),
        refused(
            (
                "expired before it was made",
                with(&made("manufactured_on", json!("2026-03-01")), "/lines/1/expires_on", json!("2026-02-01")),
            ),
            (DateOrderWrong, "/lines/1/expires_on"),
            ("2026-02-01 必须晚于 2026-03-01", "2026-02-01 must be after 2026-03-01"),
        ),
        refused(
            ("more than stands at the line", with(&base, "/lines/0/quantity", json!("9.5"))),
            (StockInsufficient, ""),
            ("在 LINE 可动用 9，需要 9.5", "at LINE has 9 to use; 9.5"),
        ),
        refused(
            ("of a lot that quality blocked", with(&base, "/lines/0/lot_id", blocked["id"].clone())),
            (LotStatusForbids, ""),
            ("L-B|生产耗用", "L-B is blocked; production use"),
        ),
        refused(
            ("of what is blocked at the line", with(&base, "/lines/0/from_status", json!("blocked"))),
            (FieldNotAllowed, "/lines/0/from_status"),
            ("没有该字段", "no such field"),
        ),
    ]);
    play(&world.app, &world.documents(), cases);
}

#[test]
fn repacking() {
    let world = world();
    let waiting = world.crew.receive(&world.contract.supplier, &world.contract.bar, ("L-Q", "10"));
    let mut base = world.own("repack", "6", [Some("STORE"), None]);
    let made = json!({ "direction": "in", "item_id": world.contract.bar["id"], "lot_code": "L-1A", "quantity": "6" });
    base["lines"].as_array_mut().unwrap().push(made);
    let mixed = {
        let mut body = with(&base, "/lines/1/quantity", json!("12"));
        let second = with(&base["lines"][0], "/lot_id", waiting["lines"][0]["lot"]["id"].clone());
        body["lines"].as_array_mut().unwrap().insert(1, second);
        body
    };
    let mut cases = world.of_moving(&base);
    cases.extend([
        world.of_reason(&base),
        refused(
            ("less comes out than went in", with(&base, "/lines/1/quantity", json!("5"))),
            (RepackUnequal, "/lines"),
            ("取出 6，装入 5", "6 is taken, 5 is made"),
        ),
        refused(
            ("another item comes out", with(&base, "/lines/1/item_id", world.contract.product["id"].clone())),
            (RepackUnequal, "/lines"),
            ("须为同一物料", "keep item"),
        ),
        refused(
            ("a lot on hold under one that is not", mixed),
            (RepackStatusMixed, ""),
            ("L-Q|待检", "Lot L-Q is in quarantine"),
        ),
        refused(
            ("a lot number that is there already", with(&base, "/lines/1/lot_code", json!("L-1"))),
            (LotCodeTaken, ""),
            ("物料 RM-BAR 已有批号 L-1", "Item RM-BAR already has a lot L-1"),
        ),
        refused(
            (
                "more than is there",
                with(&with(&base, "/lines/0/quantity", json!("16")), "/lines/1/quantity", json!("16")),
            ),
            (StockInsufficient, ""),
            ("可动用 15，需要 16", "has 15 to use; 16"),
        ),
    ]);
    play(&world.app, &world.documents(), cases);
}

#[test]
fn a_dispatch() {
    let world = world();
    world.done(&world.own("line_issue", "10", [Some("STORE"), None]));
    let made = world.done(&production(&world, "P-1"));
    let (waiting, expired) = (made["lines"][1]["lot"].clone(), world.expired("L-X"));
    let mut base = world.own("dispatch", "1", [Some("STORE"), None]);
    base["reason"] = json!("");
    base["customer_id"] = world.crew.customer("CUS-A")["id"].clone();
    base["contact"] = json!("No. 1 Hospital");
    let unreleased = json!({
        "item_id": world.contract.product["id"], "lot_id": waiting["id"], "quantity": "50",
        "from_location_id": world.place("QUARANTINE"),
    });
    let mut cases = world.of_moving(&base);
    cases.extend([
        refused(
            ("to a supplier", with(&base, "/customer_id", world.contract.supplier["id"].clone())),
            (ReferenceUnknown, "/customer_id"),
            ("引用的客户不存在", "The customer referred to"),
        ),
        refused(
            (
                "to the other organisation's partner",
                with(&base, "/customer_id", world.foreign.contract.supplier["id"].clone()),
            ),
            (ReferenceUnknown, "/customer_id"),
            ("引用的客户不存在", "The customer referred to"),
        ),
        refused(
            ("to nobody", with(&base, "/customer_id", Value::Null)),
            (FieldRequired, "/customer_id"),
            ("不能为空", "must not be empty"),
        ),
        refused(
            ("without address and contact", with(&base, "/contact", json!(" "))),
            (FieldRequired, "/contact"),
            ("不能为空", "must not be empty"),
        ),
        refused(
            ("what quality has not released", with(&base, "/lines", json!([unreleased]))),
            (LotStatusForbids, ""),
            ("批次 P-1 处于“待检”状态，不允许“发货”", "Lot P-1 is in quarantine; a dispatch"),
        ),
        refused(
            ("a lot whose last day is over", with(&base, "/lines/0/lot_id", expired["id"].clone())),
            (LotExpired, ""),
            ("L-X", "L-X expired"),
        ),
        refused(
            ("from the line", with(&base, "/lines/0/from_location_id", world.place("LINE"))),
            (MovementForbidden, ""),
            (
                "“发货”不能从 产线（可用） 移到 客户",
                "a dispatch does not go from a production line (available) to the customer",
            ),
        ),
        refused(
            ("more than is there", with(&base, "/lines/0/quantity", json!("6"))),
            (StockInsufficient, ""),
            ("可动用 5，需要 6", "has 5 to use; 6"),
        ),
    ]);
    play(&world.app, &world.documents(), cases);
}

/// A device with serial number S-1, made at the line and sold.
fn sold(world: &World) -> (Value, Value) {
    let unit = world.crew.item("FG-UNIT", "pcs", "serial");
    world.done(&world.own("line_issue", "10", [Some("STORE"), None]));
    let mut made = production(world, "S-1");
    made["lines"][1]["item_id"] = unit["id"].clone();
    made["lines"][1]["quantity"] = json!("1");
    let serial = world.crew.release_lot(&world.done(&made)["lines"][1]["lot"]);
    let sale = json!({
        "kind": "dispatch", "customer_id": world.crew.customer("CUS-A")["id"], "contact": "No. 1 Hospital",
        "lines": [{ "item_id": unit["id"], "lot_id": serial["id"], "quantity": "1",
            "from_location_id": world.place("STORE") }],
    });
    world.done(&sale);
    (sale, unit)
}

#[test]
fn a_serial_number_that_is_elsewhere() {
    let world = world();
    let (sale, unit) = sold(&world);
    let scrap = json!({ "kind": "scrap", "reason": "fell off the table", "lines": sale["lines"] });
    let mut again = production(&world, "S-1");
    again["lines"][1]["item_id"] = unit["id"].clone();
    let at_customer = "FG-UNIT 的序列号 S-1 现在 CUSTOMER，不能同时在 STORE";
    let english = "Serial number S-1 of FG-UNIT stands at CUSTOMER; it cannot be at STORE too";
    let cases = vec![
        refused(("sold twice", sale.clone()), (SerialElsewhere, ""), (at_customer, english)),
        refused(("destroyed though it was sold", scrap), (SerialElsewhere, ""), (at_customer, english)),
        refused(
            ("two of one number", with(&sale, "/lines/0/quantity", json!("2"))),
            (SerialQuantityNotOne, "/lines/0/quantity"),
            ("FG-UNIT|每行数量须为 1", "FG-UNIT|quantity 1"),
        ),
        refused(
            ("two made under one number", again.clone()),
            (SerialQuantityNotOne, "/lines/1/quantity"),
            ("FG-UNIT", "FG-UNIT"),
        ),
        refused(
            ("made a second time", with(&again, "/lines/1/quantity", json!("1"))),
            (LotCodeTaken, ""),
            ("物料 FG-UNIT 已有批号 S-1", "FG-UNIT already has a lot S-1"),
        ),
    ];
    play(&world.app, &world.documents(), cases);
    // Found on the shelf in a count: whoever approves is told that the books have it at the customer.
    let count = world.done(&json!({ "kind": "count", "lines": sale["lines"] }));
    let waiting = world.crew.approver.get("/approvals?state=pending&limit=500").ok();
    let row = waiting["items"].as_array().unwrap().iter().find(|row| row["document"]["id"] == count["id"]).unwrap();
    let path = format!("/approvals/{}/decisions", id(row));
    let found = refused(
        ("found though it was sold", world.crew.approver.signed(&path, &json!({ "decision": "approve" }))),
        (SerialElsewhere, ""),
        (at_customer, english),
    );
    play(&world.app, &Sent::to(&world.crew.approver, path), vec![found]);
}
