//! Undoing: what is refused names what came after it, or what to do instead.

use lotline_common::problem::ProblemCode::{
    AlreadyConfirmed, AlreadyReversed, LaterMovementExists, OrderNotOpen, ReasonRequired, ReversalPeriodClosed,
    StateForbids, VersionStale,
};
use serde_json::{Value, json};

use super::{Sent, World, play, refused, world};
use crate::support::material::{Crew, id};

fn reason() -> Value {
    json!({ "reason": "written for the wrong order" })
}

/// Undoing a thing of this folder, as the manager.
fn undo<'a>(world: &'a World, folder: &str, thing: &Value) -> Sent<'a> {
    Sent::to(&world.crew.manager, format!("/{folder}/{}/reversal", id(thing))).of(&thing["version"])
}

/// What undoing anything is refused for.
fn of_any(world: &World, folder: &str, thing: &Value) {
    let cases = vec![refused(
        ("no reason", json!({ "reason": " no " })),
        (ReasonRequired, ""),
        ("至少 5 个字符", "at least 5 characters"),
    )];
    play(&world.app, &undo(world, folder, thing), cases);
    let stale = refused(("an old version", reason()), (VersionStale, ""), ("版本 99", "version 99"));
    play(&world.app, &undo(world, folder, thing).of(&json!(99)), vec![stale]);
}

#[test]
fn a_receipt() {
    let world = world();
    let receipt = world.crew.receive(&world.contract.supplier, &world.contract.bar, ("L-2", "10"));
    of_any(&world, "receipts", &receipt);
    world.crew.release(&receipt);
    let released = refused(
        ("quality released it", reason()),
        (LaterMovementExists, ""),
        ("批次处置 L-2|先冲销后续业务", "decision about lot L-2|Reverse those first"),
    );
    play(&world.app, &undo(&world, "receipts", &receipt), vec![released]);
    let undone = world.crew.receive(&world.contract.supplier, &world.contract.bar, ("L-3", "10"));
    let path = format!("/receipts/{}/reversal", id(&undone));
    let undone = world.crew.manager.post_version(&path, &undone["version"], &reason()).ok();
    let again = refused(("undone twice", reason()), (AlreadyReversed, ""), ("已经冲销", "has been reversed already"));
    play(&world.app, &undo(&world, "receipts", &undone), vec![again]);
}

#[test]
fn what_was_promised_to_somebody_since_is_named() {
    let world = world();
    let moved = world.done(&world.own("move", "10", [Some("STORE"), Some("QUARANTINE")]));
    let back = world.done(&world.own("move", "10", [Some("QUARANTINE"), Some("STORE")]));
    let pick =
        world.crew.pick(&world.crew.approve(&world.crew.requisition(&world.crew.order(&world.contract, "1500"))));
    let number = pick["number"].as_str().unwrap().to_owned();
    for (language, words) in [("zh-CN", "拣货任务"), ("en", "pick task")] {
        let said = undo(&world, "material-documents", &back).send(&reason(), language);
        let detail = said.problem(LaterMovementExists)["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(&format!("{words} {number}")), "{detail}");
    }
    let said = undo(&world, "material-documents", &moved).send(&reason(), "en").problem(LaterMovementExists);
    assert!(said["detail"].as_str().unwrap().contains(back["number"].as_str().unwrap()), "{said}");
}

#[test]
fn a_material_document() {
    let world = world();
    let sent = world.done(&world.paper("return", "2"));
    of_any(&world, "material-documents", &sent);
    let order = world.crew.clerk.get(&format!("/orders/{}", id(&world.order))).ok();
    assert_eq!(order["record_state"], "open");
    let draft = world.done(&json!({ "kind": "count", "order_id": world.order["id"], "lines": [world.line("4")] }));
    let early = refused(("a draft", reason()), (StateForbids, ""), ("处于“草稿”", "is a draft"));
    play(&world.app, &undo(&world, "material-documents", &draft), vec![early]);
    let off = format!("/material-documents/{}/cancellation", id(&sent));
    let posted = refused(("called off though it moved", reason()), (StateForbids, ""), ("在途待签收", "in transit"));
    play(&world.app, &Sent::to(&world.crew.warehouse, off).of(&sent["version"]), vec![posted]);
    let path = format!("/material-documents/{}/reversal", id(&sent));
    let undone = world.crew.manager.post_version(&path, &sent["version"], &reason()).ok();
    let again = refused(("undone twice", reason()), (AlreadyReversed, ""), ("已经冲销", "has been reversed already"));
    play(&world.app, &undo(&world, "material-documents", &undone), vec![again]);
}

#[test]
fn what_happened_in_a_closed_month() {
    let world = world();
    let receipt = world.crew.receive(&world.contract.supplier, &world.contract.bar, ("L-2", "10"));
    let moved = world.done(&world.own("move", "1", [Some("STORE"), Some("QUARANTINE")]));
    let goods = json!([{ "lot_code": "F-1", "good_quantity": "100" }]);
    let finished = world.crew.finished(&world.order, &goods).ok();
    let note = world.crew.issued(&world.contract, "100");
    world.app.clock.advance(chrono::TimeDelta::days(31));
    let world = World { crew: Crew::of(&world.app, &world.app.acme), ..world };
    world.crew.manager.post("/periods", &json!({ "month": "2026-03-01" })).ok();
    let documents = [
        ("receipts", receipt),
        ("material-documents", moved),
        ("subcontract-receipts", finished),
        ("issue-notes", note),
    ];
    for (folder, document) in documents {
        let closed = refused(
            ("its month is closed", reason()),
            (ReversalPeriodClosed, ""),
            (
                "已关账的 2026-03|另开单据更正：盘点",
                "happened in 2026-03, which is closed|a document of an open month (a count",
            ),
        );
        play(&world.app, &undo(&world, folder, &document), vec![closed]);
    }
}

#[test]
fn an_issue_note_and_finished_goods() {
    let world = world();
    let notes = world.crew.clerk.get("/issue-notes").ok();
    let note = world.crew.clerk.get(&format!("/issue-notes/{}", id(&notes["items"][0]))).ok();
    of_any(&world, "issue-notes", &note);
    let confirmed =
        refused(("it arrived", reason()), (AlreadyConfirmed, ""), ("已由受托方签收|退料", "has confirmed|a return"));
    play(&world.app, &undo(&world, "issue-notes", &note), vec![confirmed]);
    let goods = json!([{ "lot_code": "F-1", "good_quantity": "500" }]);
    let finished = world.crew.finished(&world.order, &goods).ok();
    of_any(&world, "subcontract-receipts", &finished);
    world.crew.release(&finished);
    let released = refused(
        ("quality released it", reason()),
        (LaterMovementExists, ""),
        ("批次处置 F-1", "decision about lot F-1"),
    );
    play(&world.app, &undo(&world, "subcontract-receipts", &finished), vec![released]);
    let version = world.crew.account(&world.order)["version"].clone();
    world.crew.manager.post_version(&format!("/orders/{}/closing", id(&world.order)), &version, &json!({})).ok();
    let closed = refused(
        ("its order is closed", reason()),
        (OrderNotOpen, ""),
        ("处于“已关闭”|请记在执行中的订单上", "is closed, not open|use an order that is open"),
    );
    play(&world.app, &undo(&world, "subcontract-receipts", &finished), vec![closed]);
}
