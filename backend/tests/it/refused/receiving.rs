//! What comes in: material from suppliers, finished goods from subcontractors, and a thousand lines of each.

use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use lotline_common::problem::ProblemCode::{
    CustodyInsufficient, DateOrderWrong, FieldFormat, FieldRequired, FieldsInvalid, FinishedLotForeign, ItemNotInOrder,
    LineDuplicate, LinesMissing, LocationUnfit, LotCodeTaken, LotNotTracked, LotRequired, OrderNotOpen, PeriodClosed,
    QuantityNegative, QuantityNotPositive, QuantityTooPrecise, ReasonRequired, ReferenceUnknown, ScanWrongLot,
    SerialQuantityNotOne, StateForbids, TimeInFuture, UnitMismatch,
};
use serde_json::{Value, json};

use super::{Case, Sent, World, play, refused, with, world};
use crate::support::material::{id, portal_login};

fn receipt(world: &World) -> Value {
    let bar = &world.contract.bar;
    json!({
        "supplier_id": world.contract.supplier["id"], "delivery_note": "DN-2",
        "lines": [{ "item_id": bar["id"], "quantity": "1", "unit_id": bar["unit"]["id"], "lot_code": "L-2" }],
    })
}

/// What any receipt is refused for, from a supplier or a subcontractor.
fn of_any(base: &Value) -> Vec<Case> {
    vec![
        refused(("no lines", with(base, "/lines", json!([]))), (LinesMissing, "/lines"), ("2000", "2000")),
        refused(
            ("no delivery note", with(base, "/delivery_note", json!(""))),
            (FieldRequired, "/delivery_note"),
            ("不能为空", "must not be empty"),
        ),
        refused(
            ("a lot number with a space", with(base, "/lines/0/lot_code", json!("L 2"))),
            (FieldFormat, "/lines/0/lot_code"),
            ("1–20", "1–20"),
        ),
        refused(
            ("it is yet to come", with(base, "/occurred_at", json!("2026-03-03T00:00:00Z"))),
            (TimeInFuture, "/occurred_at"),
            ("2026-03-03", "2026-03-03"),
        ),
        refused(
            ("a weighing slip of tomorrow", with(base, "/evidence_at", json!("2026-03-03T00:00:00Z"))),
            (TimeInFuture, "/evidence_at"),
            ("2026-03-03", "2026-03-03"),
        ),
        refused(
            ("its month is closed", with(base, "/occurred_at", json!("2026-02-10T00:00:00Z"))),
            (PeriodClosed, ""),
            ("2026-02 已关账|备注中写明", "2026-02 is closed|Give a time in an open month"),
        ),
    ]
}

#[test]
fn material_from_a_supplier() {
    let world = world();
    let (base, pieces) = (receipt(&world), world.crew.unit("pcs"));
    let line = |field: &str, value: Value| with(&base, &format!("/lines/0/{field}"), value);
    let mut cases = of_any(&base);
    cases.extend([
        refused(
            ("in pieces instead of kilograms", line("unit_id", pieces["id"].clone())),
            (UnitMismatch, "/lines/0/unit_id"),
            ("物料 RM-BAR 的单位是 kg，收到的是 pcs", "unit of item RM-BAR is kg; pcs was given"),
        ),
        refused(
            ("made tomorrow", line("manufactured_on", json!("2026-03-03"))),
            (TimeInFuture, "/lines/0/manufactured_on"),
            ("2026-03-03", "2026-03-03"),
        ),
        refused(
            ("a lot number in use", line("lot_code", json!("L-1"))),
            (LotCodeTaken, "/lines/0/lot_code"),
            ("物料 RM-BAR 已有批号 L-1", "Item RM-BAR already has a lot L-1"),
        ),
        refused(
            ("a lot number twice", super::twice(&base)),
            (LineDuplicate, "/lines/1/lot_code"),
            ("“L-2”出现了多次", "L-2 appears more than once"),
        ),
        refused(("nothing", line("quantity", json!("0"))), (QuantityNotPositive, "/lines/0/quantity"), ("0", "0")),
        refused(
            ("finer than the unit", line("quantity", json!("1.0001"))),
            (QuantityTooPrecise, "/lines/0/quantity"),
            ("1.0001", "1.0001"),
        ),
        refused(
            ("the other organisation's item", line("item_id", world.foreign.contract.bar["id"].clone())),
            (ReferenceUnknown, "/lines/0/item_id"),
            ("引用的物料", "The item referred to"),
        ),
        refused(
            ("from a subcontractor", with(&base, "/supplier_id", world.contract.subcontractor["id"].clone())),
            (ReferenceUnknown, ""),
            ("引用的供应商", "The supplier referred to"),
        ),
        refused(
            ("straight to the shelf", line("location_id", world.place("STORE"))),
            (LocationUnfit, "/lines/0/location_id"),
            ("库位 STORE", "location STORE"),
        ),
        refused(
            (
                "to the other organisation",
                line("location_id", world.foreign.receipt["lines"][0]["location"]["id"].clone()),
            ),
            (ReferenceUnknown, "/lines/0/location_id"),
            ("引用的库位", "The location referred to"),
        ),
        refused(
            (
                "expired before it was made",
                with(&line("manufactured_on", json!("2026-02-02")), "/lines/0/expires_on", json!("2026-02-01")),
            ),
            (DateOrderWrong, "/lines/0/expires_on"),
            ("2026-02-01 必须晚于 2026-02-02", "2026-02-01 must be after"),
        ),
    ]);
    cases.extend(of_tracking(&world, &base));
    play(&world.app, &Sent::to(&world.crew.warehouse, "/receipts"), cases);
}

/// What each way of telling pieces apart asks for.
fn of_tracking(world: &World, base: &Value) -> Vec<Case> {
    let (wire, device) = (world.crew.item("RM-WIRE", "kg", "none"), world.crew.item("RM-DEV", "pcs", "serial"));
    let item = |item: &Value| {
        let line = with(base, "/lines/0/item_id", item["id"].clone());
        with(&line, "/lines/0/unit_id", item["unit"]["id"].clone())
    };
    vec![
        refused(
            ("a lot of what has none", item(&wire)),
            (LotNotTracked, "/lines/0/lot_code"),
            ("物料 RM-WIRE", "Item RM-WIRE"),
        ),
        refused(
            ("two of one serial number", with(&item(&device), "/lines/0/quantity", json!("2"))),
            (SerialQuantityNotOne, "/lines/0/quantity"),
            ("RM-DEV", "RM-DEV"),
        ),
        refused(
            ("a device without its number", with(&item(&device), "/lines/0/lot_code", Value::Null)),
            (LotRequired, "/lines/0/lot_code"),
            ("RM-DEV", "RM-DEV"),
        ),
    ]
}

fn finished(world: &World) -> Value {
    json!({
        "order_id": world.order["id"], "delivery_note": "SUB-1",
        "lines": [{ "lot_code": "F-1", "good_quantity": "100", "uses": [world.line("1")] }],
    })
}

#[test]
fn finished_goods() {
    let world = world();
    let base = finished(&world);
    let other = world.crew.released_lot(&world.contract, ("L-2", "10"));
    let wire = world.crew.item("RM-WIRE", "kg", "none");
    let line = |field: &str, value: Value| with(&base, &format!("/lines/0/{field}"), value);
    let used = |field: &str, value: Value| with(&base, &format!("/lines/0/uses/0/{field}"), value);
    let taken = json!({ "order_id": world.bare["id"], "delivery_note": "SUB-0", "lines": [{ "lot_code": "F-0", "good_quantity": "1" }] });
    world.crew.warehouse.post("/subcontract-receipts", &taken).ok();
    let mut cases = of_any(&base);
    cases.extend(world.of_order(&base).into_iter().filter(|case| case.what != "no order"));
    cases.extend([
        refused(
            ("neither good nor rejected", line("good_quantity", json!("0"))),
            (QuantityNotPositive, "/lines/0/good_quantity"),
            ("不大于零", "not greater than zero"),
        ),
        refused(
            ("less than nothing rejected", line("rejected_quantity", json!("-1"))),
            (QuantityNegative, "/lines/0/rejected_quantity"),
            ("-1 小于零", "-1 is less"),
        ),
        refused(
            ("half a screw", line("good_quantity", json!("0.5"))),
            (QuantityTooPrecise, "/lines/0/good_quantity"),
            ("0 位", "the 0 its unit"),
        ),
        refused(("a lot twice", super::twice(&base)), (LineDuplicate, "/lines/1/lot_code"), ("“F-1”", "F-1 appears")),
        refused(
            ("a lot of another order", line("lot_code", json!("F-0"))),
            (FinishedLotForeign, "/lines/0/lot_code"),
            ("批号 F-0 已用于物料 FG-SCREW", "Lot number F-0 of FG-SCREW"),
        ),
        refused(
            ("more used than is held", used("quantity", json!("5.5"))),
            (CustodyInsufficient, "/lines/0/uses/0/quantity"),
            ("RM-BAR 批次 L-1|只有 5，申报了 5.5", "RM-BAR lot L-1|holds 5 on this order; 5.5"),
        ),
        refused(
            ("a lot that is not there", used("lot_id", other["id"].clone())),
            (CustodyInsufficient, "/lines/0/uses/0/quantity"),
            ("批次 L-2|只有 0", "lot L-2: the subcontractor holds 0"),
        ),
        refused(
            (
                "a component of another order",
                with(&used("item_id", wire["id"].clone()), "/lines/0/uses/0/lot_id", Value::Null),
            ),
            (ItemNotInOrder, "/lines/0/uses/0/item_id"),
            ("物料 RM-WIRE", "Item RM-WIRE"),
        ),
        refused(
            ("no lot named", used("lot_id", Value::Null)),
            (LotRequired, "/lines/0/uses/0/lot_id"),
            ("RM-BAR", "RM-BAR"),
        ),
        refused(
            ("nothing used", used("quantity", json!("0"))),
            (QuantityNotPositive, "/lines/0/uses/0/quantity"),
            ("0", "0"),
        ),
        refused(
            ("the label of another lot", used("scan", json!({ "raw": "L-2", "capture": "wedge" }))),
            (ScanWrongLot, "/lines/0/uses/0/scan/raw"),
            ("应取批次 L-1|扫到的是 L-2", "takes lot L-1|the label says L-2"),
        ),
    ]);
    play(&world.app, &Sent::to(&world.crew.warehouse, "/subcontract-receipts"), cases);
}

#[test]
fn a_declaration_of_the_subcontractor() {
    let world = world();
    let portal = world.app.client(&portal_login(&world.contract));
    let base = finished(&world);
    let mut cases = of_any(&base);
    cases.push(refused(
        ("an order of another company", with(&base, "/order_id", world.foreign.order["id"].clone())),
        (ReferenceUnknown, ""),
        ("引用的委外订单", "The subcontract order referred to"),
    ));
    cases.push(refused(
        ("on an order that was called off", with(&base, "/order_id", world.cancelled["id"].clone())),
        (OrderNotOpen, ""),
        ("已取消", "is cancelled"),
    ));
    cases.push(refused(
        ("more used than is held", with(&base, "/lines/0/uses/0/quantity", json!("6"))),
        (CustodyInsufficient, "/lines/0/uses/0/quantity"),
        ("只有 5，申报了 6", "holds 5 on this order; 6"),
    ));
    play(&world.app, &Sent::to(&portal, "/portal/subcontract-receipts"), cases);
    let declared = portal.post("/portal/subcontract-receipts", &base).ok();
    let path = format!("/subcontract-receipts/{}/posting", id(&declared));
    let counted =
        json!({ "lines": [{ "line_number": 1, "good_quantity": "99", "rejected_quantity": "0", "remark": "no" }] });
    let silent = refused(
        ("another count without a word", counted),
        (ReasonRequired, "/lines/0/remark"),
        ("至少 5 个字符", "at least 5 characters"),
    );
    play(&world.app, &Sent::to(&world.crew.warehouse, &path).of(&declared["version"]), vec![silent]);
    let posted = world.crew.warehouse.post_version(&path, &declared["version"], &json!({})).ok();
    let again = refused(("posted twice", json!({})), (StateForbids, ""), ("处于“已过账”", "is posted"));
    play(&world.app, &Sent::to(&world.crew.warehouse, &path).of(&posted["version"]), vec![again]);
}

/// A receipt of a thousand lots of bar.
fn thousand(world: &World) -> Value {
    let bar = &world.contract.bar;
    let line = |number: usize| {
        json!({
            "item_id": bar["id"], "quantity": "1.25", "unit_id": bar["unit"]["id"], "lot_code": format!("B-{number:04}"),
            "supplier_lot": format!("H7742-{number:04}"), "certificate_number": format!("EN10204-3.1-{number:05}"),
            "manufactured_on": "2026-01-10", "expires_on": "2028-01-10", "unit_price": "412.50",
        })
    };
    with(&receipt(world), "/lines", (1..=1000).map(line).collect())
}

#[test]
fn of_a_thousand_lines_each_bad_one_is_named_and_none_is_written() {
    let world = world();
    let mut body = thousand(&world);
    let lines = &mut body["lines"];
    lines[3]["unit_id"] = world.crew.unit("pcs")["id"].clone();
    lines[499]["quantity"] = json!("-1");
    lines[500]["lot_code"] = json!("L-1");
    lines[998]["lot_code"] = json!("B-0001");
    lines[999]["item_id"] = world.foreign.contract.bar["id"].clone();
    let before = super::everything(&world.app);
    let problem = world.crew.warehouse.post("/receipts", &body).problem(FieldsInvalid);
    let named = problem["errors"].as_array().unwrap().iter();
    let named: Vec<_> = named.map(|error| format!("{} {}", error["pointer"], error["code"]).replace('"', "")).collect();
    let expected = [
        "/lines/3/unit_id unit_mismatch",
        "/lines/499/quantity quantity_not_positive",
        "/lines/999/item_id reference_unknown",
        "/lines/500/lot_code lot_code_taken",
        "/lines/998/lot_code line_duplicate",
    ];
    assert_eq!(named, expected);
    assert_eq!(super::everything(&world.app), before);
}

/// Statements that connections of this process ran.
static STATEMENTS: AtomicUsize = AtomicUsize::new(0);

#[expect(clippy::unnecessary_wraps, reason = "the shape that the library asks for")]
fn counting() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(|event: InstrumentationEvent<'_>| {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            STATEMENTS.fetch_add(1, Ordering::Relaxed);
        }
    }))
}

/// Statements that a piece of work takes.
fn statements(work: impl FnOnce()) -> usize {
    let before = STATEMENTS.load(Ordering::Relaxed);
    work();
    STATEMENTS.load(Ordering::Relaxed) - before
}

#[test]
fn a_thousand_lots_come_in_whole_with_as_few_statements_as_ten() {
    set_default_instrumentation(counting).unwrap();
    let world = world();
    let thousand = thousand(&world);
    let ten = with(
        &thousand,
        "/lines",
        (0..10).map(|n| with(&thousand["lines"][n], "/lot_code", json!(format!("A-{n}")))).collect(),
    );
    let receive = |body: &Value| statements(|| drop(world.crew.warehouse.post("/receipts", body).ok()));
    let (few, many) = (receive(&ten), receive(&thousand));
    // Open pages are told by a statement of its own, some time after the answer.
    assert!(few > 5 && many <= few + 4, "{few} statements for ten lots, {many} for a thousand");
    let stock = world.crew.clerk.get("/item-stock").ok();
    let bar = stock["items"].as_array().unwrap().iter().find(|row| row["item"]["code"] == "RM-BAR").unwrap();
    assert_eq!(bar["held"], "1262.5");

    let big = world.crew.order(&world.contract, "2000");
    let goods = |from: usize, to: usize| {
        let lots = (from..to).map(|n| json!({ "lot_code": format!("F-{n:04}"), "good_quantity": "1" }));
        Value::Array(lots.collect())
    };
    let receive = |lines: &Value| statements(|| drop(world.crew.finished(&big, lines).ok()));
    let (few, many) = (receive(&goods(0, 10)), receive(&goods(10, 1010)));
    assert!(few > 5 && many <= few + 4, "{few} statements for ten finished lots, {many} for a thousand");
    let found = crate::support::books::contradictions(&mut world.app.database.owner());
    assert_eq!(found, Vec::<String>::new());
}
