//! What a clause stops, at every step that it rules: number and text, the figure now and afterwards, the limit, and who
//! can lift it.

use lotline_common::problem::ProblemCode::ClauseRefuses;
use serde_json::{Value, json};

use super::{Sent, World, everything, play, refused, world};
use crate::support::contracts::clause;
use crate::support::material::id;

/// Several clauses refuse at once: what is said of each, in a language.
fn said(sent: &Sent, body: &Value, language: &str) -> Vec<String> {
    let problem = sent.send(body, language).problem(ClauseRefuses);
    let errors = problem["errors"].as_array().unwrap().iter();
    errors.map(|error| error["detail"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_opening_of_an_order() {
    let world = world();
    let other = world.crew.operation("EDM");
    let certificate = json!({
        "kind": "certificate", "certificate_kind": "ISO 13485", "certificate_number": "Q5 0321", "expires_on": "2026-03-01",
    });
    let approved = json!({ "kind": "approved_subcontractor", "valid_until": "2026-02-20", "audited_on": "2025-02-20" });
    let lead = json!({ "kind": "lead_time", "issue_transit_days": 2, "processing_days": 7, "return_transit_days": 2 });
    let clauses = [
        clause("1.1", json!({ "kind": "scope" }), json!({ "operation_id": other["id"] })),
        clause("2.1", certificate, json!({})),
        clause("2.2", approved, json!({})),
        clause("3.1", lead, json!({})),
    ];
    world.crew.agreement(&world.contract, "quality_agreement", &clauses);
    let order = json!({
        "partner_id": world.contract.subcontractor["id"], "operation_id": world.contract.operation["id"],
        "product_id": world.contract.product["id"], "quantity": "100", "due_on": "2026-03-12",
    });
    let order = world.crew.clerk.post("/orders", &order).ok();
    let path = format!("/orders/{}/transitions", id(&order));
    let (sent, open) = (Sent::to(&world.crew.clerk, path).of(&order["version"]), json!({ "state": "open" }));
    let before = everything(&world.app);
    let phrases = [
        ("第 1.1 条“第1.1条”（适用范围，FG-SCREW × CNC）", "clause 1.1, “Clause 1.1” (scope, FG-SCREW × CNC)"),
        ("第 2.1 条|ISO 13485 Q5 0321 ≤ 2026-03-01|现为 1 天", "clause 2.1|ISO 13485 Q5 0321 ≤ 2026-03-01|now 1 days"),
        ("第 2.2 条|合格受托方|现为 10 天", "clause 2.2|approved subcontractor|now 10 days"),
        ("第 3.1 条|提前期|10 天|限值 11 天", "clause 3.1|lead time|10 days|sets 11 days"),
    ];
    let (chinese, english) = (said(&sent, &open, "zh-CN"), said(&sent, &open, "en"));
    assert_eq!((chinese.len(), english.len()), (4, 4), "{chinese:?}");
    for (zh, en) in phrases {
        let holds = |told: &[String], phrases: &str| {
            told.iter().any(|told| phrases.split('|').all(|phrase| told.contains(phrase)))
        };
        assert!(holds(&chinese, zh), "{zh}: {chinese:?}");
        assert!(holds(&english, en), "{en}: {english:?}");
    }
    assert_eq!(everything(&world.app), before, "nothing was written");
}

/// An order of 500 screws under these clauses, picked and scanned; answers the task.
fn picked(world: &World, clauses: &[Value]) -> (Value, Value) {
    world.crew.agreement(&world.contract, "contract", clauses);
    let order = world.crew.order(&world.contract, "500");
    let pick = world.crew.scan(&world.crew.pick(&world.crew.approve(&world.crew.requisition(&order))));
    (order, json!({ "pick_id": pick["id"] }))
}

#[test]
fn an_issue_beyond_the_quota() {
    let world = world();
    let quota = json!({ "kind": "custody_quota", "maximum_quantity": "8" });
    let quota = clause("4.2", quota, json!({ "item_id": world.contract.bar["id"], "enforcement": "approve" }));
    let (_, issue) = picked(&world, &[quota]);
    let cases = vec![refused(
        ("more than may be there", issue),
        (ClauseRefuses, ""),
        (
            "第 4.2 条“第4.2条”（在外额度，RM-BAR）：现为 5 kg，此后为 10 kg，条款限值 8 kg|申请条款豁免并说明原因|“批准协议与豁免”权限",
            "clause 4.2, “Clause 4.2” (custody quota, RM-BAR): now 5 kg, afterwards 10 kg; the clause sets 8 kg|ask for an override|approve agreements and overrides",
        ),
    )];
    play(&world.app, &Sent::to(&world.crew.warehouse, "/issue-notes"), cases);
}

#[test]
fn a_receipt_beyond_its_tolerance_below_it_at_the_last_or_with_too_much_used() {
    let world = world();
    let tolerance = json!({ "kind": "receipt_tolerance", "over_percent": "2", "under_percent": "5" });
    let loss = json!({ "kind": "loss_allowance", "percent": "0" });
    let (order, issue) = picked(&world, &[clause("4.6", tolerance, json!({})), clause("4.7", loss, json!({}))]);
    let note = world.crew.warehouse.post("/issue-notes", &issue).ok();
    let portal = world.app.client(&crate::support::material::portal_login(&world.contract));
    let count = json!({ "lines": [{ "line_number": 1, "good_quantity": "5", "damaged_quantity": "0" }] });
    portal.post_version(&format!("/portal/deliveries/{}/confirmation", id(&note)), &note["version"], &count).ok();
    let receipt = |good: &str, used: &str, last: bool| {
        let line = json!({ "lot_code": "F-1", "good_quantity": good, "uses": [world.line(used)] });
        json!({ "order_id": order["id"], "delivery_note": "SUB-1", "last": last, "lines": [line] })
    };
    let cases = vec![
        refused(
            ("more than was ordered", receipt("511", "5", false)),
            (ClauseRefuses, ""),
            (
                "第 4.6 条|收货允差|现为 0 pcs，此后为 511 pcs，条款限值 510 pcs|不可豁免|修订协议|“批准协议与豁免”权限",
                "clause 4.6|receipt tolerance|now 0 pcs, afterwards 511 pcs; the clause sets 510 pcs|cannot be overridden|\
                 amend the agreement|approve agreements and overrides",
            ),
        ),
        refused(
            ("less, and nothing more to come", receipt("400", "4", true)),
            (ClauseRefuses, ""),
            ("第 4.6 条|此后为 400 pcs，条款限值 475 pcs", "clause 4.6|afterwards 400 pcs; the clause sets 475 pcs"),
        ),
        refused(
            ("more used than may be lost", receipt("400", "4.5", false)),
            (ClauseRefuses, ""),
            (
                "第 4.7 条|允许损耗，RM-BAR|此后为 4.5 kg，条款限值 4 kg",
                "clause 4.7|loss allowance, RM-BAR|afterwards 4.5 kg; the clause sets 4 kg",
            ),
        ),
    ];
    play(&world.app, &Sent::to(&world.crew.warehouse, "/subcontract-receipts"), cases);
}

#[test]
fn a_supplement_beyond_what_the_contract_tolerates() {
    let world = world();
    let terms = json!({ "kind": "issue_tolerance", "over_percent": "10" });
    world.crew.agreement(&world.contract, "contract", &[clause("4.3", terms, json!({}))]);
    let order = world.crew.order(&world.contract, "500");
    let asked = json!({
        "order_id": order["id"], "needed_on": "2026-03-25", "priority": "normal", "supplement": "process_loss",
        "reason": "the first bars broke", "lines": [{ "item_id": world.contract.bar["id"], "quantity": "6" }],
        "submit": true,
    });
    let asked = world.crew.approve(&world.crew.clerk.post("/requisitions", &asked).ok());
    let pick = world.crew.scan(&world.crew.pick(&asked));
    let cases = vec![refused(
        ("a kilogram where half is tolerated", json!({ "pick_id": pick["id"] })),
        (ClauseRefuses, ""),
        (
            "第 4.3 条|超发允差|此后为 6 kg，条款限值 5.5 kg",
            "clause 4.3|issue tolerance|afterwards 6 kg; the clause sets 5.5 kg",
        ),
    )];
    play(&world.app, &Sent::to(&world.crew.warehouse, "/issue-notes"), cases);
}
