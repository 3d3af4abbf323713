//! How suspect lots are chosen, and that a scope only grows.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::{World, world};
use crate::support::material::id;

fn codes(world: &World, criteria: &Value) -> Vec<String> {
    let recall = world.begin(criteria).ok();
    let lots = world.lots(&recall);
    let mut codes: Vec<_> = lots.iter().map(|lot| lot.split(' ').next().unwrap().to_owned()).collect();
    codes.sort();
    codes
}

#[test]
fn suspect_lots_are_chosen_by_number_certificate_work_and_serial_range() {
    let world = world();
    assert_eq!(codes(&world, &json!({ "certificate_number": "EN10204-L-2" })), ["L-2"]);
    let all = json!({ "lot_ids": [world.other["id"]], "certificate_number": "EN10204-L-1" });
    assert_eq!(codes(&world, &all), ["F-1", "L-1", "L-2"]);
    let window = |from: &str, to: &str, place: (&str, &Value)| {
        let mut work = json!({ "from": from, "to": to });
        work[place.0] = place.1["id"].clone();
        json!({ "window": work })
    };
    let (from, to) = ("2026-03-02T00:00:00Z", "2026-03-02T23:00:00Z");
    for place in [
        ("operation_id", &world.contract.operation),
        ("partner_id", &world.contract.subcontractor),
        ("order_id", &world.order),
    ] {
        assert_eq!(codes(&world, &window(from, to, place)), ["F-1"], "{}", place.0);
    }
    // The day that is said of a lot counts as well as the day on which it came.
    let day_before = window("2026-03-01T01:00:00Z", "2026-03-01T02:00:00Z", ("order_id", &world.order));
    assert_eq!(codes(&world, &day_before), ["F-1"]);
    let never = window("2025-03-01T01:00:00Z", "2025-03-01T02:00:00Z", ("order_id", &world.order));
    world.begin(&never).problem(ProblemCode::RecallSeedless);
    let serials = json!({ "item_id": world.contract.bar["id"], "run": { "prefix": "L-", "first": "2", "last": "9" } });
    assert_eq!(codes(&world, &json!({ "serials": serials })), ["L-2"]);
    let mut named = window(from, to, ("partner_id", &world.contract.subcontractor));
    named["lot_ids"] = json!([world.other["id"]]);
    named["window"]["operation_id"] = world.contract.operation["id"].clone();
    assert_eq!(world.begin(&named).ok()["criteria_codes"], json!(["L-2", "CNC", "SUB-A"]));
}

#[test]
fn what_is_made_at_an_own_line_is_found_by_the_line_and_the_time() {
    let world = world();
    let line = world.crew.location("LINE");
    let taken = json!({ "item_id": world.contract.bar["id"], "lot_id": world.other["id"], "quantity": "1",
        "from_location_id": world.crew.location("STORE")["id"] });
    let issue = json!({ "kind": "line_issue", "reason": "for the work order", "lines": [taken] });
    world.crew.warehouse.post("/material-documents", &issue).ok();
    let used = json!({ "item_id": world.contract.bar["id"], "lot_id": world.other["id"], "quantity": "1" });
    let made = json!({ "direction": "in", "item_id": world.contract.product["id"], "lot_code": "P-1", "quantity": "100",
        "manufactured_on": "2026-03-01", "expires_on": "2028-03-01" });
    let production = json!({ "kind": "production", "lines": [used, made] });
    world.crew.warehouse.post("/material-documents", &production).ok();
    let work = json!({ "location_id": line["id"], "from": "2026-03-02T00:00:00Z", "to": "2026-03-02T23:00:00Z" });
    assert_eq!(codes(&world, &json!({ "window": work })), ["P-1"]);
}

#[test]
fn criteria_that_choose_nothing_or_cannot_be_understood_are_refused() {
    let world = world();
    let fields = |criteria: Value| {
        let problem = world.begin(&criteria).problem(ProblemCode::FieldsInvalid);
        let error = |error: &Value| format!("{} {}", error["pointer"], error["code"]).replace('"', "");
        problem["errors"].as_array().unwrap().iter().map(error).collect::<Vec<_>>()
    };
    assert_eq!(fields(json!({})), ["/criteria field_required"]);
    let unknown = json!({ "lot_ids": [world.contract.bar["id"]] });
    assert_eq!(fields(unknown), ["/criteria/lot_ids/0 reference_unknown"]);
    let run = json!({ "prefix": "S", "first": "9", "last": "1" });
    let serials = json!({ "serials": { "item_id": world.contract.bar["id"], "run": run } });
    assert_eq!(fields(serials), ["/criteria/serials/run/last field_out_of_range"]);
    let nothing = world.begin(&json!({ "supplier_lot": "NO-SUCH" }));
    assert_eq!(nothing.problem(ProblemCode::RecallSeedless)["status"], 422);
}

#[test]
fn a_scope_is_frozen_with_its_places_and_only_grows() {
    let world = world();
    let recall = world.recall();
    assert_eq!(world.lots(&recall), ["L-1 certain scoped released", "F-1 certain scoped released"]);
    let page =
        world.crew.quality.get(&format!("/recall-lots?recall_id={}&lot_id={}", id(&recall), id(&world.bar))).ok();
    let place = |place: &Value| {
        let holder = place["holder"]["code"].as_str().unwrap_or("own");
        format!("{holder} {} {}", place["location"]["kind"].as_str().unwrap(), place["quantity"].as_str().unwrap())
    };
    let mut places: Vec<_> = page["items"][0]["scoped_places"].as_array().unwrap().iter().map(place).collect();
    places.sort();
    assert_eq!(places, ["SUB-A subcontractor_custody 4", "own consumed 1", "own own_stock 15"]);
    // Goods come in afterwards, and nobody says of which lots they are: found when it is looked again.
    world.crew.finished(&world.order, &json!([{ "lot_code": "F-2", "good_quantity": "50" }])).ok();
    let looked = world.step(&world.crew.quality, &recall, ("scopes", &json!({}))).ok();
    assert_eq!((&looked["certain_count"], &looked["possible_count"]), (&json!(2), &json!(1)));
    assert!(world.lots(&recall).contains(&"F-2 possible scoped quarantine".to_owned()), "{:?}", world.lots(&recall));
    // Undone since: it is in the scope all the same.
    let receipts = world.crew.warehouse.get("/subcontract-receipts?limit=1").ok();
    let receipt = world.crew.manager.get(&format!("/subcontract-receipts/{}", id(&receipts["items"][0]))).ok();
    let undo = format!("/subcontract-receipts/{}/reversal", id(&receipt));
    world.crew.manager.post_version(&undo, &receipt["version"], &json!({ "reason": "counted twice" })).ok();
    let again = world.step(&world.crew.quality, &recall, ("scopes", &json!({}))).ok();
    assert_eq!(again["possible_count"], 1);
    let trail =
        world.crew.quality.get(&format!("/audit-events?aggregate_kind=recall&aggregate_id={}", id(&recall))).ok();
    let actions: Vec<_> = trail["items"].as_array().unwrap().iter().map(|event| event["action"].clone()).collect();
    assert_eq!(actions, ["scoped", "scoped", "created"]);
}

#[test]
fn a_recall_is_called_off_only_before_anything_is_held() {
    let world = world();
    let reason = json!({ "reason": "the wrong certificate" });
    let recall = world.recall();
    let cancelled = world.step(&world.crew.quality, &recall, ("cancellation", &reason)).ok();
    assert_eq!((&cancelled["record_state"], &cancelled["end_reason"]), (&json!("cancelled"), &reason["reason"]));
    world.hold(&recall, false).problem(ProblemCode::StateForbids);
    let held = world.held();
    world.step(&world.crew.quality, &held, ("cancellation", &reason)).problem(ProblemCode::StateForbids);
    let stale = world.crew.quality.post_version(&format!("/recalls/{}/scopes", id(&held)), &json!(1), &json!({}));
    stale.problem(ProblemCode::VersionStale);
}
