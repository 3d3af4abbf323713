//! What a subcontractor holds: return, scrap there, transfer, rework, over-consumption, count.

use lotline_common::problem::ProblemCode::{
    ClauseRefuses, CountIncomplete, DateOrderWrong, DifferenceRemarkRequired, FieldNotAllowed, FieldRequired,
    ItemNotInOrder, LineDuplicate, LocationUnfit, LotExpired, LotStatusForbids, LotsNotCounted, MovementForbidden,
    OrderNotOpen, QuantityNegative, QuantityTooPrecise, ReferenceUnknown, ReturnExceedsSent, RulingExceedsOver,
    StateForbids, StockInsufficient, TimeInFuture, VersionStale,
};
use serde_json::{Value, json};

use super::{Sent, World, play, refused, with, world};
use crate::support::contracts::clause;
use crate::support::material::{Contract, id};

#[test]
fn a_return() {
    let world = world();
    let base = world.paper("return", "1");
    let mut cases = world.of_moving(&base);
    cases.extend(world.of_order(&base));
    cases.extend([
        world.of_reason(&base),
        refused(
            ("more than is in custody", world.paper("return", "5.001")),
            (StockInsufficient, ""),
            ("RM-BAR 批次 L-1 在 SUB-A-CUSTODY 可动用 5，需要 5.001", "RM-BAR lot L-1 at SUB-A-CUSTODY has 5|5.001"),
        ),
        refused(
            ("an order that holds none of it", with(&base, "/order_id", world.bare["id"].clone())),
            (StockInsufficient, ""),
            ("可动用 0", "has 0 to use"),
        ),
        refused(
            ("from an own shelf", with(&base, "/lines/0/from_location_id", world.place("STORE"))),
            (FieldNotAllowed, "/lines/0/from_location_id"),
            ("没有该字段", "no such field"),
        ),
        refused(
            ("the wrong way", with(&base, "/lines/0/direction", json!("in"))),
            (FieldNotAllowed, "/lines/0/direction"),
            ("没有该字段", "no such field"),
        ),
        refused(
            ("to a customer", with(&base, "/customer_id", world.contract.supplier["id"].clone())),
            (FieldNotAllowed, "/customer_id"),
            ("没有该字段", "no such field"),
        ),
    ]);
    play(&world.app, &world.documents(), cases);
}

#[test]
fn the_arrival_of_a_return() {
    let world = world();
    world.app.clock.advance(chrono::TimeDelta::hours(2));
    let sent = world.done(&world.paper("return", "2"));
    let count = |quantity: &str| json!({ "lines": [{ "line_number": 1, "received_quantity": quantity }] });
    let path = format!("/material-documents/{}/confirmation", id(&sent));
    let cases = vec![
        refused(
            ("more than was sent", count("2.5")),
            (ReturnExceedsSent, "/lines/0/received_quantity"),
            ("单据发出 2，清点为 2.5", "2 was sent; 2.5 was counted"),
        ),
        refused(
            ("less, without a word", count("1")),
            (DifferenceRemarkRequired, ""),
            ("第 1 行与发出数量不符", "Line 1 differs"),
        ),
        refused(
            ("negative", count("-1")),
            (QuantityNegative, "/lines/0/received_quantity"),
            ("-1 小于零", "-1 is less"),
        ),
        refused(
            ("nothing counted", json!({ "lines": [] })),
            (CountIncomplete, ""),
            ("缺少第 1 行", "lines 1 are missing"),
        ),
        refused(
            ("a line that is none", with(&count("2"), "/lines/0/line_number", json!(7))),
            (ReferenceUnknown, "/lines/0/line_number"),
            ("引用的行号不存在", "The line number referred to"),
        ),
        refused(
            ("counted twice", super::twice(&count("2"))),
            (LineDuplicate, "/lines/1/line_number"),
            ("“1”出现了多次", "1 appears more than once"),
        ),
        refused(
            ("tomorrow", with(&count("2"), "/occurred_at", json!("2026-03-04T00:00:00Z"))),
            (TimeInFuture, "/occurred_at"),
            ("2026-03-04", "2026-03-04"),
        ),
        refused(
            ("before it left", with(&count("2"), "/occurred_at", json!("2026-03-02T01:00:00Z"))),
            (DateOrderWrong, "/occurred_at"),
            ("2026-03-02T01:00:00+00:00 必须晚于 2026-03-02T03:00:00", "must be after 2026-03-02T03:00:00"),
        ),
    ];
    play(&world.app, &Sent::to(&world.crew.warehouse, &path).of(&sent["version"]), cases);
    let stale = refused(("an old version", count("2")), (VersionStale, ""), ("版本 9", "version 9"));
    play(&world.app, &Sent::to(&world.crew.warehouse, &path).of(&json!(9)), vec![stale]);
    let arrived = world.crew.warehouse.post_version(&path, &sent["version"], &count("2")).ok();
    let again = refused(("confirmed twice", count("2")), (StateForbids, ""), ("处于“已签收”", "is confirmed;"));
    play(&world.app, &Sent::to(&world.crew.warehouse, &path).of(&arrived["version"]), vec![again]);
}

#[test]
fn scrap_at_the_subcontractor() {
    let world = world();
    let mut base = world.paper("subcontractor_scrap", "1");
    base["witness"] = json!("Wang Fang");
    base["certificate_number"] = json!("DC-1");
    let mut cases = world.of_moving(&base);
    cases.extend(world.of_order(&base));
    cases.extend([
        world.of_reason(&base),
        refused(
            ("nobody saw it", with(&base, "/witness", json!(""))),
            (FieldRequired, "/witness"),
            ("不能为空", "must not be empty"),
        ),
        refused(
            ("no certificate", with(&base, "/certificate_number", json!(""))),
            (FieldRequired, "/certificate_number"),
            ("不能为空", "must not be empty"),
        ),
        refused(
            ("more than is in custody", with(&base, "/lines/0/quantity", json!("6"))),
            (StockInsufficient, ""),
            ("L-1|可动用 5，需要 6", "L-1|has 5 to use; 6 is needed"),
        ),
    ]);
    play(&world.app, &world.documents(), cases);
}

/// The same work at a second subcontractor, where at most 1 kg of bar may stand, and what is asked of it.
fn second(world: &World) -> Value {
    let contract = Contract { subcontractor: world.crew.subcontractor("SUB-B"), ..world.contract.clone() };
    let terms = json!({ "kind": "custody_quota", "maximum_quantity": "1" });
    let quota = clause("7.2", terms, json!({ "item_id": contract.bar["id"] }));
    world.crew.agreement(&contract, "quality_agreement", &[quota]);
    world.crew.order(&contract, "300")
}

#[test]
fn a_transfer() {
    let world = world();
    let to = second(&world);
    let (blocked, expired) = (world.blocked("L-B"), world.expired("L-X"));
    let (wire, thing) = (world.crew.item("RM-WIRE", "kg", "lot"), world.crew.item("FG-WIRE", "pcs", "lot"));
    let operation = world.crew.operation("DRAW");
    world.crew.bom(&thing, &operation, &[(&wire, "1")]);
    let wires = Contract { product: thing, operation, bar: wire, ..world.contract.clone() };
    let wires = world.crew.order(&wires, "100");
    let mut base = world.paper("transfer", "1");
    base["to_order_id"] = to["id"].clone();
    let lot = |lot: &Value| with(&base, "/lines/0/lot_id", lot["id"].clone());
    let receiver = |order: &Value| with(&base, "/to_order_id", order["id"].clone());
    let mut cases = world.of_moving(&base);
    cases.extend(world.of_order(&base));
    cases.extend([
        world.of_reason(&base),
        refused(
            ("to nobody", with(&base, "/to_order_id", Value::Null)),
            (FieldRequired, "/to_order_id"),
            ("不能为空", "must not be empty"),
        ),
        refused(
            ("to itself", receiver(&world.order)),
            (FieldNotAllowed, "/to_order_id"),
            ("没有该字段", "no such field"),
        ),
        refused(
            ("to the other organisation", receiver(&world.foreign.order)),
            (ReferenceUnknown, ""),
            ("引用的转入的委外订单不存在", "The order that gets it referred to"),
        ),
        refused(
            ("to an order that was called off", receiver(&world.cancelled)),
            (OrderNotOpen, ""),
            ("已取消", "is cancelled"),
        ),
        refused(
            ("to an order that does not take it", receiver(&wires)),
            (ItemNotInOrder, ""),
            ("物料 RM-BAR 不在委外订单", "Item RM-BAR is not in the component list"),
        ),
        refused(
            ("a lot that quality blocked", lot(&blocked)),
            (LotStatusForbids, ""),
            ("批次 L-B 处于“已冻结”|“委外转料”", "Lot L-B is blocked; a transfer"),
        ),
        refused(
            ("a lot whose last day is over", lot(&expired)),
            (LotExpired, ""),
            ("L-X|2026-03-01", "L-X expired on 2026-03-01"),
        ),
        refused(
            ("more than the quota allows", with(&base, "/lines/0/quantity", json!("2"))),
            (ClauseRefuses, ""),
            (
                "第 7.2 条|现为 0 kg，此后为 2 kg，条款限值 1 kg|批准协议与豁免",
                "clause 7.2|now 0 kg, afterwards 2 kg|sets 1 kg|contract.approve",
            ),
        ),
    ]);
    play(&world.app, &world.documents(), cases);
}

#[test]
fn handing_a_transfer_over() {
    let world = world();
    let to = second(&world);
    let mut transfer = world.paper("transfer", "1");
    transfer["to_order_id"] = to["id"].clone();
    let draft = world.done(&transfer);
    let path = format!("/material-documents/{}/hand-over", id(&draft));
    let confirmation = format!("/material-documents/{}/confirmation", id(&draft));
    let count = json!({ "lines": [{ "line_number": 1, "received_quantity": "1" }] });
    let early = refused(("confirmed before it left", count), (StateForbids, ""), ("处于“草稿”", "is a draft"));
    play(&world.app, &Sent::to(&world.crew.warehouse, confirmation).of(&draft["version"]), vec![early]);
    world.done(&world.paper("return", "5"));
    let gone = refused(
        ("what is not there any more", json!({})),
        (StockInsufficient, ""),
        ("可动用 0，需要 1", "has 0 to use; 1 is needed"),
    );
    play(&world.app, &Sent::to(&world.crew.warehouse, &path).of(&draft["version"]), vec![gone]);
    let stale = refused(("an old version", json!({})), (VersionStale, ""), ("版本 9", "version 9"));
    play(&world.app, &Sent::to(&world.crew.warehouse, &path).of(&json!(9)), vec![stale]);
}

#[test]
fn rework() {
    let world = world();
    let goods = json!([{ "lot_code": "F-1", "good_quantity": "480", "rejected_quantity": "20" }]);
    let lot = world.crew.finished(&world.order, &goods).ok()["lines"][0]["lot"].clone();
    let line = json!({ "item_id": world.contract.product["id"], "lot_id": lot["id"], "quantity": "20" });
    let base = with(&world.paper("rework_out", "1"), "/lines", json!([line]));
    let mut cases: Vec<_> =
        world.of_moving(&base).into_iter().filter(|case| case.what != "finer than the unit").collect();
    cases.extend(world.of_order(&base));
    let from = |code: &str| with(&base, "/lines/0/from_location_id", world.place(code));
    cases.extend([
        world.of_reason(&base),
        refused(
            ("half a screw", with(&base, "/lines/0/quantity", json!("0.5"))),
            (QuantityTooPrecise, "/lines/0/quantity"),
            ("0.5", "the 0 its unit"),
        ),
        refused(
            ("more than was rejected", with(&base, "/lines/0/quantity", json!("21"))),
            (StockInsufficient, ""),
            ("FG-SCREW 批次 F-1 在 QUARANTINE 可动用 20，需要 21", "lot F-1 at QUARANTINE has 20"),
        ),
        refused(
            ("not the order's product", with(&base, "/lines", json!([world.line("1")]))),
            (ItemNotInOrder, ""),
            ("RM-BAR", "Item RM-BAR"),
        ),
        refused(
            ("good pieces", with(&base, "/lines/0/from_status", json!("available"))),
            (MovementForbidden, ""),
            ("“返工发出”不能从 待检区（可用） 移到 发出在途", "does not go from the quarantine area (available)"),
        ),
        refused(
            ("from the line", from("LINE")),
            (MovementForbidden, ""),
            ("产线（不合格）", "a production line (rejected)"),
        ),
        refused(
            ("from the subcontractor's shelf", from("SUB-A-CUSTODY")),
            (LocationUnfit, "/lines/0/from_location_id"),
            ("库位 SUB-A-CUSTODY", "location SUB-A-CUSTODY"),
        ),
        refused(
            (
                "from the other organisation",
                with(&base, "/lines/0/from_location_id", world.foreign.receipt["lines"][0]["location"]["id"].clone()),
            ),
            (ReferenceUnknown, "/lines/0/from_location_id"),
            ("引用的库位不存在", "The location referred to"),
        ),
    ]);
    let back = with(&base, "/kind", json!("rework_in"));
    let more = refused(
        ("more back than went out", back.clone()),
        (StockInsufficient, ""),
        ("SUB-A-CUSTODY 可动用 0，需要 20", "at SUB-A-CUSTODY has 0"),
    );
    cases.push(more);
    cases.extend(world.of_order(&back));
    play(&world.app, &world.documents(), cases);
}

#[test]
fn over_consumption() {
    let world = world();
    let mut base = world.paper("over_consumption", "1");
    base["certificate_number"] = json!("PHOTO-17");
    base["borne_by"] = json!("own");
    let mut declared = with(&base, "/lines/0/already_declared", json!(true));
    declared["lines"][0]["quantity"] = json!("0.5");
    let product = json!({ "item_id": world.contract.product["id"], "lot_id": Value::Null, "quantity": "1" });
    let goods = json!([{ "lot_code": "F-1", "good_quantity": "100" }]);
    let lot = world.crew.finished(&world.bare, &goods).ok()["lines"][0]["lot"].clone();
    let product = with(&product, "/lot_id", lot["id"].clone());
    let mut cases = world.of_moving(&base);
    cases.extend(world.of_order(&base));
    cases.extend([
        world.of_reason(&base),
        refused(
            ("without evidence", with(&base, "/certificate_number", json!(""))),
            (FieldRequired, "/certificate_number"),
            ("不能为空", "must not be empty"),
        ),
        refused(
            ("nobody bears it", with(&base, "/borne_by", Value::Null)),
            (FieldRequired, "/borne_by"),
            ("不能为空", "must not be empty"),
        ),
        refused(
            ("what the order does not take", with(&base, "/lines", json!([product]))),
            (ItemNotInOrder, ""),
            ("FG-SCREW", "Item FG-SCREW"),
        ),
        refused(
            ("a ruling on what nobody used", declared),
            (RulingExceedsOver, ""),
            ("RM-BAR 已申报的超耗为 0，裁定 0.5", "0 of RM-BAR|0.5 is ruled on"),
        ),
    ]);
    play(&world.app, &world.documents(), cases);
}

#[test]
fn a_count() {
    let world = world();
    let base = json!({ "kind": "count", "order_id": world.order["id"], "lines": [world.line("4.5")] });
    let wire = world.crew.item("RM-WIRE", "kg", "none");
    let stray = json!([world.line("5"), { "item_id": wire["id"], "quantity": "1" }]);
    let other = world.crew.released_lot(&world.contract, ("L-2", "10"));
    let mut cases = world.of_any(&base);
    cases.extend(world.of_order(&base).into_iter().filter(|case| case.what != "no order"));
    cases.extend([
        refused(
            ("less than nothing", with(&base, "/lines/0/quantity", json!("-1"))),
            (QuantityNegative, "/lines/0/quantity"),
            ("-1 小于零", "-1 is less than zero"),
        ),
        refused(
            ("not every lot", with(&base, "/lines/0/lot_id", other["id"].clone())),
            (LotsNotCounted, ""),
            ("没有盘点数：L-1", "were not counted: L-1"),
        ),
        refused(("a lot twice", super::twice(&base)), (LineDuplicate, "/lines/1"), ("第 1、2 行", "lines 1 and 2")),
        refused(
            ("what the order neither takes nor makes", with(&base, "/lines", stray)),
            (ItemNotInOrder, ""),
            ("RM-WIRE", "Item RM-WIRE"),
        ),
        refused(
            ("an own shelf that is not said", with(&base, "/order_id", Value::Null)),
            (FieldRequired, "/lines/0/from_location_id"),
            ("不能为空", "must not be empty"),
        ),
    ]);
    play(&world.app, &world.documents(), cases);
}
