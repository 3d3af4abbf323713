//! Drills: a lot drawn by the server, a stopwatch, and a score.

use chrono::TimeDelta;
use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::{World, world};
use crate::support::app::Answer;
use crate::support::db::{count, texts};
use crate::support::material::id;

impl World {
    fn answer(&self, drill: &Value, criteria: &Value) -> Answer {
        let path = format!("/recall-drills/{}/answer", id(drill));
        self.crew.quality.post_version(&path, &drill["version"], &json!({ "criteria": criteria }))
    }
}

#[test]
fn a_drill_draws_a_lot_and_scores_the_answer_against_brute_force() {
    let world = world();
    // Goods that nobody declared lots for, some of them undone again, and a lot that was relabelled.
    world.crew.finished(&world.order, &json!([{ "lot_code": "F-2", "good_quantity": "50" }])).ok();
    let undone = world.crew.finished(&world.order, &json!([{ "lot_code": "F-3", "good_quantity": "50" }])).ok();
    let undo = format!("/subcontract-receipts/{}/reversal", id(&undone));
    world.crew.manager.post_version(&undo, &undone["version"], &json!({ "reason": "counted twice" })).ok();
    let taken = json!({ "item_id": world.contract.product["id"], "lot_id": world.screws["id"], "quantity": "10",
        "from_location_id": world.crew.location("STORE")["id"] });
    let made =
        json!({ "direction": "in", "item_id": world.contract.product["id"], "lot_code": "R-1", "quantity": "10" });
    world
        .crew
        .warehouse
        .post("/material-documents", &json!({ "kind": "repack", "reason": "relabelled", "lines": [taken, made] }))
        .ok();
    let drill = world.crew.quality.post("/recall-drills", &json!({})).ok();
    // Two lots went into others: L-1 and the relabelled one.
    assert_eq!((&drill["candidate_count"], &drill["state"]), (&json!(2), &json!("running")));
    let mut candidates = texts(
        &mut world.app.database.owner(),
        "SELECT DISTINCT p.code AS text FROM lot_link k JOIN lot p ON p.id = k.parent_lot_id WHERE k.voided_at IS NULL",
    );
    candidates.sort();
    assert_eq!(candidates, ["F-1", "L-1"]);
    world.app.clock.advance(TimeDelta::seconds(95));
    let done = world.answer(&drill, &json!({ "lot_ids": [drill["lot"]["id"]] })).ok();
    let result = &done["result"];
    let expected = if drill["lot"]["code"] == "L-1" { 4 } else { 2 };
    assert_eq!((&result["expected_count"], &result["differing_count"]), (&json!(expected), &json!(0)), "{done}");
    assert_eq!(result["agreed_count"], result["expected_count"]);
    assert_eq!(
        (&done["started_at"], &done["answered_at"]),
        (&json!("2026-03-02T01:00:00Z"), &json!("2026-03-02T01:01:35Z"))
    );
    // It holds nothing and tells nobody.
    let mut owner = world.app.database.owner();
    for rows in ["lot WHERE status = 'recalled'", "recall", "recall_notice"] {
        assert_eq!(count(&mut owner, &format!("SELECT count(*) AS count FROM {rows}")), 0, "{rows}");
    }
    world.answer(&done, &json!({ "lot_ids": [world.bar["id"]] })).problem(ProblemCode::StateForbids);
}

#[test]
fn a_wrong_answer_is_told_lot_by_lot() {
    let world = world();
    let drill = world.crew.quality.post("/recall-drills", &json!({})).ok();
    assert_eq!((&drill["lot"]["code"], &drill["candidate_count"]), (&json!("L-1"), &json!(1)));
    let done = world.answer(&drill, &json!({ "lot_ids": [world.other["id"], world.screws["id"]] })).ok();
    let difference = |lot: &Value| {
        let said = |value: &Value| if value.is_null() { "no".to_owned() } else { value.to_string() };
        format!(
            "{} {} {}",
            lot["code"].as_str().unwrap(),
            said(&lot["expected_certain"]),
            said(&lot["answered_certain"])
        )
    };
    let mut differences: Vec<_> = done["result"]["differences"].as_array().unwrap().iter().map(difference).collect();
    differences.sort();
    assert_eq!(differences, ["L-1 true no", "L-2 no true"]);
    assert_eq!(done["result"]["agreed_count"], 1);
}

#[test]
fn a_link_that_the_genealogy_has_lost_is_found_by_the_movements() {
    let world = world();
    let lose = "UPDATE lot_link SET voided_at = now() WHERE child_lot_id = (SELECT id FROM lot WHERE code = 'F-1')";
    diesel::RunQueryDsl::execute(diesel::sql_query(lose), &mut world.app.database.owner()).unwrap();
    // Nothing is linked any more, so every lot is drawn from; until L-1 is.
    let drill = std::iter::repeat_with(|| world.crew.quality.post("/recall-drills", &json!({})).ok())
        .find(|drill| drill["lot"]["code"] == "L-1")
        .unwrap();
    let done = world.answer(&drill, &json!({ "lot_ids": [world.bar["id"]] })).ok();
    let lost = &done["result"]["differences"][0];
    assert_eq!(
        (&lost["code"], &lost["expected_certain"], &lost["answered_certain"]),
        (&json!("F-1"), &json!(false), &Value::Null)
    );
}

#[test]
fn there_is_nothing_to_draw_where_there_is_no_lot() {
    let app = crate::support::TestApp::start();
    let crew = crate::support::Crew::of(&app, &app.acme);
    crew.quality.post("/recall-drills", &json!({})).problem(ProblemCode::DrillWithoutLots);
}
