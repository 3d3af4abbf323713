//! What a supplier delivers straight to a subcontractor.

use lotline_common::problem::ProblemCode::{
    DateOrderWrong, FieldFormat, FieldNotAllowed, FieldRequired, ItemNotInOrder, LineDuplicate, LinesMissing,
    LotCodeTaken, LotRequired, OrderNotOpen, PeriodClosed, QuantityNotPositive, QuantityTooPrecise, ReferenceUnknown,
    SupplyForbids, TimeInFuture,
};
use serde_json::{Value, json};

use super::{World, play, refused, twice, with, world};
use crate::support::material::id;

/// An order with a film that its supplier delivers straight, and a delivery of ten of them.
fn delivery(world: &World) -> Value {
    let crew = &world.crew;
    let (film, product) = (crew.item("PK-FILM", "pcs", "lot"), crew.item("FG-KIT", "pcs", "lot"));
    let line = |item: &Value, supply: &str| json!({ "component_id": item["id"], "net_usage": "2", "loss_norm_percent": "0", "supply": supply });
    let bom = json!({
        "product_id": product["id"], "operation_id": world.contract.operation["id"], "revision": "A",
        "base_quantity": "100", "lines": [line(&world.contract.bar, "consigned"), line(&film, "drop_shipped")],
    });
    let bom = crew.clerk.post("/boms", &bom).ok();
    let active = json!({ "state": "active" });
    crew.clerk.post_version(&format!("/boms/{}/transitions", id(&bom)), &bom["version"], &active).ok();
    let contract = super::Contract { product, bom, ..world.contract.clone() };
    let order = crew.order(&contract, "500");
    json!({
        "kind": "direct_delivery", "to_order_id": order["id"], "supplier_id": contract.supplier["id"],
        "delivery_note": "DN-9", "lines": [{
            "item_id": film["id"], "lot_code": "FILM-1", "supplier_lot": "S-77", "certificate_number": "COC-77",
            "expires_on": "2027-05-01", "quantity": "10", "unit_price": "0.85",
        }],
    })
}

#[test]
fn a_direct_delivery_to_whom_and_from_whom() {
    let world = world();
    let base = delivery(&world);
    let line = |field: &str, value: Value| with(&base, &format!("/lines/0/{field}"), value);
    let cases = vec![
        refused(
            ("no order", with(&base, "/to_order_id", Value::Null)),
            (FieldRequired, "/to_order_id"),
            ("不能为空", "must not be empty"),
        ),
        refused(
            ("the other organisation's order", with(&base, "/to_order_id", world.foreign.order["id"].clone())),
            (ReferenceUnknown, ""),
            ("不存在", "referred to"),
        ),
        refused(
            ("an order that was called off", with(&base, "/to_order_id", world.cancelled["id"].clone())),
            (OrderNotOpen, ""),
            ("处于“已取消”", "is cancelled, not open"),
        ),
        refused(
            ("an order that does not need it", with(&base, "/to_order_id", world.order["id"].clone())),
            (ItemNotInOrder, ""),
            ("物料 PK-FILM 不在委外订单", "Item PK-FILM is not in the component list"),
        ),
        refused(
            ("what we send ourselves", line("item_id", world.contract.bar["id"].clone())),
            (SupplyForbids, ""),
            ("物料 RM-BAR 在委外订单", "Item RM-BAR of order"),
        ),
        refused(
            ("nobody delivers it", with(&base, "/supplier_id", Value::Null)),
            (FieldRequired, "/supplier_id"),
            ("不能为空", "must not be empty"),
        ),
        refused(
            ("a subcontractor delivers it", with(&base, "/supplier_id", world.contract.subcontractor["id"].clone())),
            (ReferenceUnknown, "/supplier_id"),
            ("供应商", "supplier"),
        ),
    ];
    play(&world.app, &world.documents(), cases);
}

#[test]
fn a_direct_delivery_of_what() {
    let world = world();
    let base = delivery(&world);
    let line = |field: &str, value: Value| with(&base, &format!("/lines/0/{field}"), value);
    let taken = world.done(&line("lot_code", json!("FILM-0")));
    assert_eq!(taken["custody_state"], "in_transit");
    let cases = vec![
        refused(
            ("without a lot number", line("lot_code", Value::Null)),
            (LotRequired, "/lines/0/lot_code"),
            ("物料 PK-FILM", "tracked by lot"),
        ),
        refused(
            ("a lot number that cannot be printed", line("lot_code", json!("膜 1"))),
            (FieldFormat, "/lines/0/lot_code"),
            ("! – ~ (1–20)", "! – ~ (1–20)"),
        ),
        refused(
            ("a lot number that is taken", line("lot_code", json!("FILM-0"))),
            (LotCodeTaken, ""),
            ("FILM-0", "FILM-0"),
        ),
        refused(
            ("a lot that is on our shelf", line("lot_id", world.lot["id"].clone())),
            (FieldNotAllowed, "/lines/0/lot_id"),
            ("没有该字段", "no such field"),
        ),
        refused(
            ("it expired before it was made", line("manufactured_on", json!("2027-06-01"))),
            (DateOrderWrong, "/lines/0/expires_on"),
            ("2027-05-01", "2027-05-01"),
        ),
        refused(
            ("nothing", line("quantity", json!("0"))),
            (QuantityNotPositive, "/lines/0/quantity"),
            ("数量 0 不大于零", "quantity 0 is not greater"),
        ),
        refused(
            ("half a piece", line("quantity", json!("0.5"))),
            (QuantityTooPrecise, "/lines/0/quantity"),
            ("0.5", "0.5"),
        ),
        refused(
            ("the same lot twice", twice(&base)),
            (LineDuplicate, "/lines/1"),
            ("同一批次（第 1、2 行）", "The same lot (lines 1 and 2)"),
        ),
        refused(
            ("no lines", with(&base, "/lines", json!([]))),
            (LinesMissing, "/lines"),
            ("至少需要一行", "at least one line"),
        ),
        refused(
            ("it is yet to happen", with(&base, "/occurred_at", json!("2026-03-03T00:00:00Z"))),
            (TimeInFuture, "/occurred_at"),
            ("2026-03-03", "2026-03-03"),
        ),
        refused(
            ("its month is closed", with(&base, "/occurred_at", json!("2026-02-28T15:59:59Z"))),
            (PeriodClosed, ""),
            ("2026-02 已关账", "2026-02 is closed"),
        ),
    ];
    play(&world.app, &world.documents(), cases);
}
