//! Holding everywhere in one act, and what a held lot refuses.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::{World, world};
use crate::support::app::Answer;
use crate::support::books::contradictions;
use crate::support::material::id;

impl World {
    fn paper(&self, kind: &str, line: Value, more: Value) -> Answer {
        let mut paper = json!({ "kind": kind, "reason": "because of the recall", "lines": [line] });
        paper.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.crew.warehouse.post("/material-documents", &paper)
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
