//! Holding everywhere in one act, and what a held lot refuses.

use chrono::TimeDelta;
use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::{World, world};
use crate::support::app::Answer;
use crate::support::books::contradictions;
use crate::support::db::count;
use crate::support::material::id;

impl World {
    fn paper(&self, kind: &str, line: Value, more: Value) -> Answer {
        let mut paper = json!({ "kind": kind, "reason": "because of the recall", "lines": [line] });
        paper.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.crew.warehouse.post("/material-documents", &paper)
    }

    /// Finished goods of 1 kg of L-1, at a time of the day on which everything happens.
    fn goods(&self, code: &str, occurred_at: &str) -> Value {
        let used = json!([{ "item_id": self.contract.bar["id"], "lot_id": self.bar["id"], "quantity": "1" }]);
        json!({ "order_id": self.order["id"], "delivery_note": "SUB-2", "occurred_at": occurred_at,
            "lines": [{ "lot_code": code, "good_quantity": "100", "uses": used }] })
    }

    /// L-1 recalled half an hour after everything before, and another half an hour gone by.
    fn held_at_half_past(&self) -> Value {
        self.app.clock.advance(TimeDelta::minutes(30));
        let recall = self.held();
        self.app.clock.advance(TimeDelta::minutes(30));
        recall
    }

    fn bar_line(&self, quantity: &str, from: &str) -> Value {
        let mut line = json!({ "item_id": self.contract.bar["id"], "lot_id": self.bar["id"], "quantity": quantity });
        if !from.is_empty() {
            line["from_location_id"] = self.crew.location(from)["id"].clone();
        }
        line
    }
}

#[test]
fn every_affected_lot_is_held_in_one_act_and_everybody_who_has_some_is_told() {
    let world = world();
    let recall = world.held();
    assert_eq!(world.lots(&recall), ["L-1 certain held recalled", "F-1 certain held recalled"]);
    assert_eq!(world.status(&world.other), "released");
    assert_eq!((&recall["held_count"], &recall["notice_count"]), (&json!(2), &json!(2)));
    let (task, letter) = (world.notice(&recall, "subcontractor"), world.notice(&recall, "customer"));
    assert_eq!((&task["partner"]["code"], &task["lines"][0]["quantity"]), (&json!("SUB-A"), &json!("4")));
    assert_eq!((&letter["partner"]["code"], &letter["lines"][0]["quantity"]), (&json!("CUS-A"), &json!("40")));
    assert!(letter["contact"].as_str().unwrap().contains("李主任"));
    // A class-two recall reaches everybody within three days.
    assert_eq!(task["due_at"], "2026-03-05T01:00:00Z");
    let promised = world
        .crew
        .clerk
        .get(&format!("/stock?lot_id={}&location_id={}", id(&world.bar), id(&world.crew.location("STORE"))))
        .ok();
    assert_eq!((&promised["items"][0]["on_hand"], &promised["items"][0]["usable"]), (&json!("15"), &json!("0")));
    let order = world.crew.clerk.get(&format!("/orders/{}", id(&world.order))).ok();
    assert_eq!(order["quality_state"], "on_hold");
    world.hold(&recall, true).problem(ProblemCode::RecallNothingToHold);
    assert_eq!(contradictions(&mut world.app.database.owner()), Vec::<String>::new());
}

#[test]
fn nothing_of_a_recalled_lot_goes_to_a_customer_into_production_or_out() {
    let world = world();
    let (requisition, other_order) =
        (world.crew.requisition(&world.crew.order(&world.contract, "300")), world.crew.order(&world.contract, "100"));
    let pick = world.crew.pick(&world.crew.approve(&requisition));
    world
        .crew
        .warehouse
        .post(
            "/material-documents",
            &json!({ "kind": "line_issue", "reason": "for the work order",
        "lines": [world.bar_line("2", "STORE")] }),
        )
        .ok();
    world.held();
    let refused = |answer: Answer| {
        let problem = answer.problem(ProblemCode::LotStatusForbids);
        assert!(problem["detail"].as_str().unwrap().contains("召回"), "{problem}");
    };
    refused(world.sell("1"));
    refused(world.paper("line_issue", world.bar_line("1", "STORE"), json!({})));
    let made = json!({ "direction": "in", "item_id": world.contract.product["id"], "lot_code": "P-1", "quantity": "100",
        "manufactured_on": "2026-03-01", "expires_on": "2028-03-01" });
    let production = json!({ "kind": "production", "lines": [world.bar_line("1", ""), made] });
    refused(world.crew.warehouse.post("/material-documents", &production));
    let relabelled =
        json!({ "direction": "in", "item_id": world.contract.bar["id"], "lot_code": "L-9", "quantity": "1" });
    let repack =
        json!({ "kind": "repack", "reason": "relabelled", "lines": [world.bar_line("1", "STORE"), relabelled] });
    refused(world.crew.warehouse.post("/material-documents", &repack));
    refused(world.paper(
        "transfer",
        world.bar_line("1", ""),
        json!({ "order_id": world.order["id"], "to_order_id": other_order["id"] }),
    ));
    let scan = json!({ "raw": pick["lines"][0]["lot"]["code"], "capture": "wedge", "line_number": 1 });
    world.crew.warehouse.post(&format!("/picks/{}/scans", id(&pick)), &scan).problem(ProblemCode::ScanOnHold);
    // Quality has no way around it.
    let lot = world.crew.quality.get(&format!("/lots/{}", id(&world.bar))).ok();
    for decision in ["release", "unblock", "block"] {
        let command = json!({ "decision": decision, "reason": "it looks well enough" });
        refused(world.crew.quality.post_version(&format!("/lots/{}/decisions", id(&lot)), &lot["version"], &command));
    }
    assert_eq!(contradictions(&mut world.app.database.owner()), Vec::<String>::new());
}

#[test]
fn what_a_subcontractor_holds_of_it_is_not_declared_as_used_and_may_be_in_what_nobody_declares() {
    let world = world();
    let recall = world.held();
    let used = json!([{ "item_id": world.contract.bar["id"], "lot_id": world.bar["id"], "quantity": "1" }]);
    let goods = |code: &str, uses: &Value| json!([{ "lot_code": code, "good_quantity": "100", "uses": uses }]);
    let problem = world.crew.finished(&world.order, &goods("F-2", &used)).problem(ProblemCode::FieldsInvalid);
    let error = &problem["errors"][0];
    assert_eq!((&error["pointer"], &error["code"]), (&json!("/lines/0/uses/0/lot_id"), &json!("lot_status_forbids")));
    // Made before the hold, and come in after it: the books take nothing of the lot, and the scope grows.
    world.crew.finished(&world.order, &goods("F-3", &Value::Null)).ok();
    assert_eq!(world.figures(&recall, &world.bar, &["custody", "used"]), ["4", "1"]);
    world.step(&world.crew.quality, &recall, ("scopes", &json!({}))).ok();
    assert!(world.lots(&recall).contains(&"F-3 possible scoped quarantine".to_owned()), "{:?}", world.lots(&recall));
    world.hold(&recall, false).problem(ProblemCode::RecallNothingToHold);
    world.hold(&recall, true).ok();
    assert!(world.lots(&recall).contains(&"F-3 possible held recalled".to_owned()), "{:?}", world.lots(&recall));
}

#[test]
fn what_was_used_before_the_hold_is_declared_after_it_and_what_was_made_of_it_is_held_with_it() {
    let world = world();
    let recall = world.held_at_half_past();
    let receive = |goods: &Value| world.crew.warehouse.post("/subcontract-receipts", goods);
    let made = receive(&world.goods("F-2", "2026-03-02T01:29:00Z")).ok();
    assert_eq!(made["lines"][0]["lot"]["status"], "recalled");
    assert_eq!(made["lines"][0]["uses"][0]["certainty"], "declared");
    assert!(world.lots(&recall).contains(&"F-2 certain held recalled".to_owned()), "{:?}", world.lots(&recall));
    assert_eq!(world.figures(&recall, &world.bar, &["custody", "used"]), ["3", "2"]);
    let known = world.crew.quality.get(&format!("/recalls/{}", id(&recall))).ok();
    assert_eq!((&known["certain_count"], &known["held_count"]), (&json!(3), &json!(3)));
    // Quality cannot let it go.
    let lot = world.crew.quality.get(&format!("/lots/{}", id(&made["lines"][0]["lot"]))).ok();
    let release = json!({ "decision": "release", "reason": "it looks well enough" });
    let decision = world.crew.quality.post_version(&format!("/lots/{}/decisions", id(&lot)), &lot["version"], &release);
    decision.problem(ProblemCode::LotStatusForbids);
    let trail = |kind: &str, thing: &Value| {
        let path = format!("/audit-events?aggregate_kind={kind}&aggregate_id={}", id(thing));
        let page = world.crew.auditor.get(&path).ok();
        page["items"].as_array().unwrap().iter().map(|event| event["action"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(trail("lot", &lot), ["recalled", "created"]);
    assert_eq!(trail("recall", &recall), ["recalled", "scoped", "recalled", "created"]);
    // From the moment of the hold on, nothing of it is used.
    let code = Some("lot_status_forbids");
    for late in ["2026-03-02T01:30:00Z", "2026-03-02T01:45:00Z"] {
        let problem = receive(&world.goods("F-3", late)).problem(ProblemCode::FieldsInvalid);
        let error = &problem["errors"][0];
        assert_eq!((error["pointer"].as_str(), error["code"].as_str()), (Some("/lines/0/uses/0/lot_id"), code));
        assert!(error["detail"].as_str().unwrap().contains("召回后"), "{error}");
    }
    assert_eq!(contradictions(&mut world.app.database.owner()), Vec::<String>::new());
}

#[test]
fn a_subcontractor_names_a_recalled_lot_that_it_used_before_and_what_it_announced_before_still_arrives() {
    let world = world();
    let portal = world.portal();
    let announce = |goods: &Value| portal.post("/portal/subcontract-receipts", goods);
    let early = announce(&world.goods("F-2", "2026-03-02T01:00:00Z")).ok();
    let recall = world.held_at_half_past();
    let proposal = format!("/portal/orders/{}/use-proposal?quantity=100", id(&world.order));
    let proposal = portal.get(&proposal).ok();
    let line = &proposal["lines"][0];
    assert_eq!((&line["lot"]["code"], &line["lot"]["status"]), (&json!("L-1"), &json!("recalled")));
    assert_eq!((&line["quantity"], &line["in_custody"]), (&json!("0"), &json!("4")), "it is named, not proposed");
    announce(&world.goods("F-3", "2026-03-02T01:30:00Z")).problem(ProblemCode::FieldsInvalid);
    let late = announce(&world.goods("F-3", "2026-03-02T01:10:00Z")).ok();
    assert_eq!(world.lots(&recall).len(), 2, "nothing is here before it is posted");
    for declared in [&early, &late] {
        let path = format!("/subcontract-receipts/{}/posting", id(declared));
        world.crew.warehouse.post_version(&path, &declared["version"], &json!({})).ok();
    }
    for made in ["F-2 certain held recalled", "F-3 certain held recalled"] {
        assert!(world.lots(&recall).contains(&made.to_owned()), "{:?}", world.lots(&recall));
    }
    assert_eq!(world.figures(&recall, &world.bar, &["custody", "used"]), ["2", "3"]);
}

#[test]
fn a_receipt_undone_and_written_anew_makes_certain_what_was_possible() {
    let world = world();
    let undeclared = json!([{ "lot_code": "F-2", "good_quantity": "100" }]);
    let receipt = world.crew.finished(&world.order, &undeclared).ok();
    let recall = world.held_at_half_past();
    assert!(world.lots(&recall).contains(&"F-2 possible scoped quarantine".to_owned()), "{:?}", world.lots(&recall));
    let undo = format!("/subcontract-receipts/{}/reversal", id(&receipt));
    let reason = json!({ "reason": "the subcontractor knows the lot" });
    world.crew.manager.post_version(&undo, &receipt["version"], &reason).ok();
    world.crew.warehouse.post("/subcontract-receipts", &world.goods("F-2", "2026-03-02T01:00:00Z")).ok();
    let mut lots = world.lots(&recall);
    lots.sort();
    let expected = [
        "F-1 certain held recalled",
        "F-2 certain held recalled",
        "F-2 possible scoped scrapped",
        "L-1 certain held recalled",
    ];
    assert_eq!(lots, expected);
}

#[test]
fn what_was_let_go_as_only_possible_is_held_again_once_it_is_certain() {
    let world = world();
    let undeclared = json!([{ "lot_code": "F-2", "good_quantity": "100" }]);
    let receipt = world.crew.finished(&world.order, &undeclared).ok();
    let lot = &receipt["lines"][0]["lot"];
    let recall = world.held_at_half_past();
    world.hold(&recall, true).ok();
    let lift = json!({ "lot_ids": [lot["id"]], "reason": "the subcontractor says that none went in" });
    world.step(&world.crew.manager, &recall, ("lifts", &lift)).ok();
    assert_eq!(world.status(lot), "quarantine");
    world.crew.warehouse.post("/subcontract-receipts", &world.goods("F-2", "2026-03-02T01:00:00Z")).ok();
    assert!(world.lots(&recall).contains(&"F-2 certain held recalled".to_owned()), "{:?}", world.lots(&recall));
    assert_eq!(world.status(lot), "recalled");
    assert_eq!(contradictions(&mut world.app.database.owner()), Vec::<String>::new());
}

#[test]
fn what_of_a_closed_recall_was_used_before_is_written_down_and_waits_for_quality() {
    let world = world();
    let recall = world.held_at_half_past();
    let mut owner = world.app.database.owner();
    let close = "UPDATE recall SET record_state = 'closed', ended_at = held_at, ended_by = held_by";
    diesel::connection::SimpleConnection::batch_execute(&mut owner, close).unwrap();
    let goods = world.goods("F-2", "2026-03-02T01:10:00Z");
    let made = world.crew.warehouse.post("/subcontract-receipts", &goods).ok();
    assert_eq!(made["lines"][0]["lot"]["status"], "quarantine");
    let scoped = format!("SELECT count(*) AS count FROM recall_lot WHERE recall_id = '{}'", id(&recall));
    assert_eq!(count(&mut owner, &scoped), 2, "what is closed stays as it was closed");
}

#[test]
fn what_quality_blocks_at_a_subcontractor_can_be_declared_as_before() {
    let world = world();
    let lot = world.crew.quality.get(&format!("/lots/{}", id(&world.bar))).ok();
    let block = json!({ "decision": "block", "reason": "the certificate is in doubt" });
    world.crew.quality.post_version(&format!("/lots/{}/decisions", id(&lot)), &lot["version"], &block).ok();
    let made = world.crew.warehouse.post("/subcontract-receipts", &world.goods("F-2", "2026-03-02T01:00:00Z")).ok();
    assert_eq!(made["lines"][0]["lot"]["status"], "quarantine");
}

#[test]
fn what_is_recalled_goes_back_aside_and_into_scrap() {
    let world = world();
    let recall = world.held();
    let order = json!({ "order_id": world.order["id"] });
    let back = world.paper("return", world.bar_line("3", ""), order.clone()).ok();
    let arrived = json!({ "lines": [{ "line_number": 1, "received_quantity": "3" }] });
    let path = format!("/material-documents/{}/confirmation", id(&back));
    world.crew.warehouse.post_version(&path, &back["version"], &arrived).ok();
    let mut aside = world.bar_line("15", "STORE");
    aside["to_location_id"] = world.crew.location("QUARANTINE")["id"].clone();
    world.paper("move", aside, json!({})).ok();
    world.paper("scrap", world.bar_line("15", "QUARANTINE"), json!({})).ok();
    let destroyed = json!({ "witness": "Wang Fang", "certificate_number": "DC-1", "order_id": world.order["id"] });
    world.paper("subcontractor_scrap", world.bar_line("1", ""), destroyed).ok();
    let terms = ["made", "used", "own", "returned", "custody", "destroyed"];
    assert_eq!(world.figures(&recall, &world.bar, &terms), ["20", "1", "3", "3", "0", "16"]);
    assert_eq!(contradictions(&mut world.app.database.owner()), Vec::<String>::new());
}

#[test]
fn a_hold_is_lifted_lot_by_lot_with_a_reason_by_those_who_may_and_not_while_another_recall_holds() {
    let world = world();
    let (first, second) = (world.held(), world.held());
    let lift = |lots: &[&Value], reason: &str| json!({ "lot_ids": lots.iter().map(|lot| lot["id"].clone()).collect::<Vec<_>>(), "reason": reason });
    let screws = lift(&[&world.screws], "declaration corrected: none of it went in");
    world.step(&world.crew.quality, &first, ("lifts", &screws)).problem(ProblemCode::PermissionMissing);
    let unreasoned = lift(&[&world.screws], "ok");
    world.step(&world.crew.manager, &first, ("lifts", &unreasoned)).problem(ProblemCode::ReasonRequired);
    world.step(&world.crew.manager, &first, ("lifts", &screws)).ok();
    assert_eq!(world.status(&world.screws), "recalled", "the other recall holds it");
    world.step(&world.crew.manager, &second, ("lifts", &screws)).ok();
    assert_eq!(world.status(&world.screws), "released");
    world.step(&world.crew.manager, &second, ("lifts", &screws)).problem(ProblemCode::RecallLotNotHeld);
    let foreign = lift(&[&world.other], "never had anything to do with it");
    world.step(&world.crew.manager, &second, ("lifts", &foreign)).problem(ProblemCode::RecallLotNotHeld);
    world.sell("1").ok();
    assert_eq!(world.status(&world.bar), "recalled");
}
