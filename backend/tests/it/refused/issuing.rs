//! The way to the subcontractor and what ends an order: requisition, issue, confirmation, claims, closing, periods.

use lotline_common::problem::ProblemCode::{
    AlreadyConfirmed, ClaimSettled, CountIncomplete, DateOrderWrong, DifferenceRemarkRequired, IssueExceedsRequirement,
    ItemNotInOrder, LineDuplicate, LotExpired, LotStatusForbids, NotFound, OrderNotOpen, OrderNotSettled, PeriodClosed,
    PeriodNotOver, PickIncomplete, QuantityNegative, QuantityNotPositive, QuantityTooPrecise, ReasonRequired,
    ReferenceUnknown, RequisitionNotApproved, StateForbids, TimeInFuture, VersionStale,
};
use serde_json::{Value, json};

use super::{Sent, World, play, refused, with, world};
use crate::support::material::{id, portal_login};

#[test]
fn a_requisition() {
    let world = world();
    let wire = world.crew.item("RM-WIRE", "kg", "none");
    let line = json!({ "item_id": world.contract.bar["id"], "quantity": "1" });
    let base = json!({
        "order_id": world.bare["id"], "needed_on": "2026-03-20", "priority": "normal", "lines": [line], "submit": true,
    });
    let cases = vec![
        refused(
            ("more than the order needs", with(&base, "/lines/0/quantity", json!("1.5"))),
            (IssueExceedsRequirement, ""),
            (
                "RM-BAR 已发与已申请 0，再申请 1.5 将超过订单允许的 1|请走补料",
                "0 of RM-BAR|1.5 more would exceed the 1|supplement",
            ),
        ),
        refused(
            ("what the order does not take", with(&base, "/lines/0/item_id", wire["id"].clone())),
            (ItemNotInOrder, "/lines/0/item_id"),
            ("物料 RM-WIRE 不在委外订单", "Item RM-WIRE is not in the component list"),
        ),
        refused(
            ("the other organisation's order", with(&base, "/order_id", world.foreign.order["id"].clone())),
            (ReferenceUnknown, ""),
            ("引用的委外订单", "The subcontract order referred to"),
        ),
        refused(
            ("an order that was called off", with(&base, "/order_id", world.cancelled["id"].clone())),
            (OrderNotOpen, ""),
            ("处于“已取消”", "is cancelled, not open"),
        ),
        refused(
            ("an item twice", super::twice(&base)),
            (LineDuplicate, "/lines/1/item_id"),
            ("“RM-BAR”出现了多次", "RM-BAR appears more than once"),
        ),
        refused(
            ("nothing", with(&base, "/lines/0/quantity", json!("0"))),
            (QuantityNotPositive, "/lines/0/quantity"),
            ("0", "0"),
        ),
        refused(
            ("finer than the unit", with(&base, "/lines/0/quantity", json!("0.0001"))),
            (QuantityTooPrecise, "/lines/0/quantity"),
            ("3 位", "the 3 its unit"),
        ),
    ];
    play(&world.app, &Sent::to(&world.crew.clerk, "/requisitions"), cases);
    let waiting = world.crew.requisition(&world.bare);
    let pick = refused(
        ("picked before it was approved", json!({ "requisition_id": waiting["id"] })),
        (RequisitionNotApproved, ""),
        ("尚未批准", "is not approved"),
    );
    play(&world.app, &Sent::to(&world.crew.warehouse, "/picks"), vec![pick]);
}

#[test]
fn an_issue() {
    let world = world();
    let issue = Sent::to(&world.crew.warehouse, "/issue-notes");
    let open = world.crew.pick(&world.crew.approve(&world.crew.requisition(&world.bare)));
    let body = json!({ "pick_id": open["id"] });
    play(
        &world.app,
        &issue,
        vec![
            refused(
                ("not scanned yet", body.clone()),
                (PickIncomplete, ""),
                ("还有 1 行", "1 lines are not confirmed"),
            ),
            refused(
                ("the other organisation's task", json!({ "pick_id": world.foreign.order["id"] })),
                (ReferenceUnknown, ""),
                ("引用的拣货任务", "The pick task referred to"),
            ),
        ],
    );
    world.crew.scan(&open);
    let lot = world.crew.quality.get(&format!("/lots/{}", id(&world.lot))).ok();
    let decide = |decision: &str, lot: &Value| {
        let body = json!({ "decision": decision, "reason": "hardness in doubt" });
        world.crew.quality.post_version(&format!("/lots/{}/decisions", id(lot)), &lot["version"], &body)
    };
    // What is promised to somebody is not blocked under their hands; the lot itself is.
    let blocked = decide("block", &lot);
    if blocked.status < 300 {
        let held = refused(
            ("blocked since", body.clone()),
            (LotStatusForbids, ""),
            ("L-1 处于“已冻结”|委外发料", "L-1 is blocked; an issue"),
        );
        play(&world.app, &issue, vec![held]);
        decide("unblock", &blocked.ok()).ok();
    }
    let day = |day: &str| {
        let change = format!("UPDATE lot SET expires_on = '{day}' WHERE id = '{}'", id(&world.lot));
        diesel::RunQueryDsl::execute(diesel::sql_query(change), &mut world.app.database.owner()).unwrap();
    };
    day("2026-03-01");
    let late = refused(
        ("expired since", body.clone()),
        (LotExpired, ""),
        ("L-1 的有效期至 2026-03-01", "L-1 expired on 2026-03-01"),
    );
    play(&world.app, &issue, vec![late]);
    day("2027-03-01");
    issue.send(&body, "en").ok();
    let again = refused(("issued twice", body), (StateForbids, ""), ("处于“已发料”", "is issued;"));
    play(&world.app, &issue, vec![again]);
}

/// A second delivery, on its way since an hour, and somebody of the subcontractor.
fn on_its_way(world: &World) -> (Value, crate::support::app::Client) {
    world.app.clock.advance(chrono::TimeDelta::hours(1));
    let note = world.crew.issued(&world.contract, "200");
    world.app.clock.advance(chrono::TimeDelta::hours(1));
    (note, world.app.client(&portal_login(&world.contract)))
}

#[test]
fn a_confirmation() {
    let world = world();
    let (note, portal) = on_its_way(&world);
    let path = format!("/portal/deliveries/{}/confirmation", id(&note));
    let base = json!({ "lines": [{ "line_number": 1, "good_quantity": "2", "damaged_quantity": "0", "remark": "" }] });
    let line = |field: &str, value: Value| with(&base, &format!("/lines/0/{field}"), value);
    let cases = vec![
        refused(("not counted", json!({ "lines": [] })), (CountIncomplete, ""), ("第 1 行", "lines 1 are missing")),
        refused(("counted twice", super::twice(&base)), (LineDuplicate, "/lines/1/line_number"), ("“1”", "1 appears")),
        refused(
            ("a line that is none", line("line_number", json!(9))),
            (ReferenceUnknown, "/lines/0/line_number"),
            ("引用的行号", "The line number referred to"),
        ),
        refused(
            ("less than nothing", line("damaged_quantity", json!("-1"))),
            (QuantityNegative, "/lines/0/damaged_quantity"),
            ("-1 小于零", "-1 is less"),
        ),
        refused(
            ("finer than the unit", line("good_quantity", json!("1.9999"))),
            (QuantityTooPrecise, "/lines/0/good_quantity"),
            ("3 位", "the 3 its unit"),
        ),
        refused(
            ("arrives tomorrow", with(&base, "/occurred_at", json!("2026-03-03T00:00:00Z"))),
            (TimeInFuture, "/occurred_at"),
            ("2026-03-03", "2026-03-03"),
        ),
        refused(
            ("arrived before it left", with(&base, "/occurred_at", json!("2026-03-02T01:30:00Z"))),
            (DateOrderWrong, "/occurred_at"),
            ("2026-03-02T02:00:00+00:00", "must be after 2026-03-02T02:00:00"),
        ),
    ];
    play(&world.app, &Sent::to(&portal, &path).of(&note["version"]), cases);
    // Who sees what was sent says why it differs; in a blind count nobody sees it.
    let seen = "UPDATE organisation SET blind_count = false";
    diesel::RunQueryDsl::execute(diesel::sql_query(seen), &mut world.app.database.owner()).unwrap();
    let silent = refused(
        ("less, without a word", line("good_quantity", json!("1"))),
        (DifferenceRemarkRequired, ""),
        ("第 1 行", "Line 1 differs"),
    );
    play(&world.app, &Sent::to(&portal, &path).of(&note["version"]), vec![silent]);
    let stale = refused(("an old version", base.clone()), (VersionStale, ""), ("版本 9", "version 9"));
    play(&world.app, &Sent::to(&portal, &path).of(&json!(9)), vec![stale]);
    let other = world.crew.subcontractor("SUB-B");
    world.app.acme.portal_member(&world.app.database, "portal-b", id(&other).parse().unwrap());
    let stranger = world.app.client("portal-b");
    let theirs = refused(("another company's", base.clone()), (NotFound, ""), ("无权查看", "may not see it"));
    play(&world.app, &Sent::to(&stranger, &path).of(&note["version"]), vec![theirs]);
    let done = portal.post_version(&path, &note["version"], &base).ok();
    let again =
        refused(("confirmed twice", base), (AlreadyConfirmed, ""), ("已由受托方签收|索赔", "has confirmed|claim"));
    play(&world.app, &Sent::to(&portal, &path).of(&done["version"]), vec![again]);
}

#[test]
fn a_claim_and_the_closing_of_its_order() {
    let world = world();
    let (note, portal) = on_its_way(&world);
    let short = json!({ "lines": [
        { "line_number": 1, "good_quantity": "1.5", "damaged_quantity": "0", "remark": "half a kilogram is missing" },
    ] });
    portal.post_version(&format!("/portal/deliveries/{}/confirmation", id(&note)), &note["version"], &short).ok();
    let claim = world.crew.clerk.get("/claims").ok()["items"][0].clone();
    let path = format!("/claims/{}/settlement", id(&claim));
    let settle = |reason: &str| json!({ "outcome": "found", "reason": reason });
    let silent = refused(("no reason", settle(" ")), (ReasonRequired, ""), ("至少 5 个字符", "at least 5"));
    play(&world.app, &Sent::to(&world.crew.manager, &path).of(&claim["version"]), vec![silent]);

    let order = json!({ "id": note["order_id"] });
    let closing = format!("/orders/{}/closing", id(&order));
    let version = world.crew.account(&order)["version"].clone();
    let open = refused(
        ("not settled", json!({})),
        (OrderNotSettled, ""),
        (
            "RM-BAR/L-1 1.5 kg (受托方仍持有)|RM-BAR/L-1 0.5 kg (索赔未处理)",
            "RM-BAR/L-1 1.5 kg (still in custody)|0.5 kg (claim not settled)",
        ),
    );
    play(&world.app, &Sent::to(&world.crew.manager, &closing).of(&version), vec![open]);
    let stale = refused(("an old version", json!({})), (VersionStale, ""), ("版本 99", "version 99"));
    play(&world.app, &Sent::to(&world.crew.manager, &closing).of(&json!(99)), vec![stale]);

    let settled = world.crew.manager.post_version(&path, &claim["version"], &settle("the carrier found it")).ok();
    let again =
        refused(("settled twice", settle("the carrier found it")), (ClaimSettled, ""), ("已处理", "has been settled"));
    play(&world.app, &Sent::to(&world.crew.manager, &path).of(&settled["version"]), vec![again]);
    let off = refused(("it was called off", json!({})), (StateForbids, ""), ("处于“已取消”", "is cancelled"));
    let cancelled = format!("/orders/{}/closing", id(&world.cancelled));
    play(&world.app, &Sent::to(&world.crew.manager, cancelled).of(&world.cancelled["version"]), vec![off]);
}

#[test]
fn the_closing_of_a_month() {
    let world = world();
    let cases = vec![
        refused(
            ("it is not over", json!({ "month": "2026-03-01" })),
            (PeriodNotOver, ""),
            ("2026-03 尚未结束", "2026-03 is not over"),
        ),
        refused(("it is to come", json!({ "month": "2026-07-01" })), (PeriodNotOver, ""), ("2026-07", "2026-07")),
        refused(
            ("it is closed", json!({ "month": "2026-02-11" })),
            (PeriodClosed, ""),
            ("2026-02 已关账", "2026-02 is closed"),
        ),
    ];
    play(&world.app, &Sent::to(&world.crew.manager, "/periods"), cases);
}
