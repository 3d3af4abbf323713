//! What people are told: where from, where to, where now, what is missing, what happened.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use crate::support::material::Contract;
use crate::support::{Crew, TestApp, id};

/// Screws of two lots of bar: F-1 of the first, as was declared; F-2 of nobody said which.
struct There {
    app: TestApp,
    crew: Crew,
    contract: Contract,
    order: Value,
}

fn there() -> There {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let first = crew.released_lot(&contract, ("L-1", "3"));
    crew.released_lot(&contract, ("L-2", "20"));
    let order = crew.confirmed(&app, &contract, "500");
    let said = json!([{ "item_id": contract.bar["id"], "lot_id": first["id"], "quantity": "2" }]);
    crew.finished(&order, &json!([{ "lot_code": "F-1", "good_quantity": "200", "uses": said }])).ok();
    crew.finished(&order, &json!([{ "lot_code": "F-2", "good_quantity": "200" }])).ok();
    There { app, crew, contract, order }
}

impl There {
    fn lot(&self, code: &str) -> Value {
        self.crew.lot(code)
    }

    fn of(&self, code: &str, what: &str) -> Value {
        self.crew.clerk.get(&format!("/lots/{}/{what}", id(&self.lot(code)))).ok()
    }

    fn ask_for(&self, percent: Option<i16>) {
        let now = self.crew.admin.get("/organisation").ok();
        let settings = json!({
            "name": now["name"], "time_zone": now["time_zone"], "blind_count": true, "trace_threshold_percent": percent,
        });
        self.crew.admin.put("/organisation", &now["version"], &settings).ok();
    }
}

/// The lots of a trace with how certain each is, beyond the one asked for.
fn reached(trace: &Value) -> Vec<String> {
    let lots = trace["lots"].as_array().unwrap().iter().skip(1);
    let mut lots: Vec<_> = lots
        .map(|lot| format!("{} {} {}", lot["lot"]["code"], lot["certainty"], lot["distance"]).replace('"', ""))
        .collect();
    lots.sort();
    lots
}

#[test]
fn a_trace_says_what_is_certain_what_is_possible_and_whose_declaration_would_settle_it() {
    let there = there();
    let forward = there.of("L-1", "trace?direction=forward");
    assert_eq!(reached(&forward), ["F-1 declared 1", "F-2 inferred 1"]);
    assert_eq!((&forward["certain_count"], &forward["possible_count"]), (&json!(1), &json!(1)));
    assert_eq!(forward["complete"], true);
    let doubt = &forward["doubts"][0];
    assert_eq!((&doubt["at_stake"], &doubt["partner_id"]), (&json!(1), &there.contract.subcontractor["id"]));
    assert_eq!((&doubt["document"]["kind"], &doubt["line"]), (&json!("subcontract_receipt"), &json!(1)));
    let link = forward["links"].as_array().unwrap().iter().find(|link| link["certainty"] == "declared").unwrap();
    assert_eq!((&link["quantity"], &link["order"]["id"]), (&json!("2"), &there.order["id"]));
    let backward = there.of("F-2", "trace?direction=backward");
    assert_eq!(backward["certain_count"], 0);
    assert_eq!(backward["doubts"][0]["lot_ids"].as_array().unwrap().len(), 2);
    let near = there.of("L-1", "trace?direction=forward&limit=1");
    assert_eq!((near["lots"].as_array().unwrap().len(), &near["complete"]), (1, &json!(false)));
    let path = format!("/lots/{}/trace?direction=sideways", id(&there.lot("L-1")));
    there.crew.clerk.get(&path).problem(ProblemCode::RequestMalformed);
}

#[test]
fn a_picture_runs_from_raw_material_to_what_was_made_with_who_worked_on_it() {
    let there = there();
    let picture = there.of("F-1", "trace-picture");
    let node = |code: &str| {
        let nodes = picture["nodes"].as_array().unwrap().iter();
        nodes.clone().find(|node| node["lot"]["code"] == code).unwrap_or_else(|| panic!("{picture}")).clone()
    };
    assert_eq!(picture["nodes"][0]["lot"]["code"], "F-1");
    assert!(node("L-1")["x"].as_i64() < node("F-1")["x"].as_i64());
    assert_eq!(node("F-1")["partner_id"], there.contract.subcontractor["id"]);
    assert_eq!(picture["edges"], json!([{ "from": 1, "to": 0, "certainty": "declared", "count": 1 }]));
    let forward = there.of("L-1", "trace-picture?direction=forward&unfold=all&limit=2");
    assert_eq!((forward["nodes"].as_array().unwrap().len(), &forward["complete"]), (2, &json!(false)));
}

#[test]
fn where_a_lot_is_adds_up_to_what_came_in_down_to_the_customer() {
    let there = there();
    let released = there.crew.release_lot(&there.lot("F-1"));
    let customer = there.crew.customer("CUS-A");
    let sale = json!({
        "kind": "dispatch", "customer_id": customer["id"], "contact": "No. 1 Hospital", "delivery_note": "SO-7",
        "lines": [{ "item_id": there.contract.product["id"], "lot_id": released["id"], "quantity": "50",
            "from_location_id": there.crew.location("STORE")["id"] }],
    });
    there.crew.warehouse.post("/material-documents", &sale).ok();
    let places = |code: &str| {
        let now = there.of(code, "whereabouts");
        assert_eq!(now["made"], now["total"], "{now}");
        let place = |place: &Value| {
            let holder = place["holder"]["code"].as_str().unwrap_or("—");
            format!("{} {holder} {}", place["location"]["kind"], place["quantity"]).replace('"', "")
        };
        now["places"].as_array().unwrap().iter().map(place).collect::<Vec<_>>()
    };
    assert_eq!(places("F-1"), ["customer CUS-A 50", "own_stock — 150"]);
    assert_eq!(places("L-1"), ["consumed — 3"]);
    assert_eq!(places("L-2"), ["consumed — 1", "own_stock — 18", "subcontractor_custody SUB-A 1"]);
    let used = there.of("L-1", "whereabouts");
    let into: Vec<_> = used["used_in"].as_array().unwrap().iter().map(|used| &used["lot"]["code"]).collect();
    assert_eq!((json!(into), &used["used_in_count"]), (json!(["F-1", "F-2"]), &json!(2)));
    let trace = there.of("L-1", "trace?direction=forward");
    let sold = trace["lots"].as_array().unwrap().iter().find(|lot| lot["lot"]["code"] == "F-1").unwrap();
    assert_eq!(sold["places"][0], json!({ "kind": "customer", "partner_id": customer["id"], "quantity": "50" }));
}

#[test]
fn a_release_waits_for_the_facts_that_the_organisation_asks_for_and_is_told_which() {
    let there = there();
    // Of F-2 the certificate and the lots used, of each bar the supplier's number: four of ten are missing.
    let record = there.of("F-2", "completeness");
    assert_eq!((&record["present"], &record["required"], &record["percent"]), (&json!(6), &json!(10), &json!(60)));
    assert_eq!((&record["lot_count"], &record["threshold_percent"]), (&json!(3), &Value::Null));
    let missing = |fact: &Value| format!("{} {} {}", fact["lot"]["code"], fact["fact"], fact["partner"]["code"]);
    let missing: Vec<_> = record["missing"].as_array().unwrap().iter().map(missing).collect();
    let missing: Vec<_> = missing.iter().map(|fact| fact.replace('"', "")).collect();
    let wanted = ["F-2 certificate SUB-A", "F-2 used_lots SUB-A", "L-1 supplier_lot SUP-A", "L-2 supplier_lot SUP-A"];
    assert_eq!(missing, wanted);
    there.ask_for(Some(61));
    let lot = there.lot("F-2");
    let release = json!({ "decision": "release", "reason": "dimensions in order" });
    let path = format!("/lots/{}/decisions", id(&lot));
    let refused = there.crew.quality.post_version(&path, &lot["version"], &release);
    let problem = refused.problem(ProblemCode::TraceIncomplete);
    assert_eq!((&problem["figures"]["percent"], &problem["figures"]["threshold"]), (&json!("60"), &json!("61")));
    let said = problem["detail"].as_str().unwrap();
    assert!(said.contains("F-2: 所用批次 (SUB-A)") && said.contains("L-1: 供应商批号 (SUP-A)"), "{said}");
    assert_eq!(there.lot("F-2")["status"], "quarantine");
    there.ask_for(Some(60));
    there.crew.release_lot(&lot);
    let now = there.crew.admin.get("/organisation").ok();
    let settings = json!({
        "name": now["name"], "time_zone": now["time_zone"], "blind_count": true, "trace_threshold_percent": 101,
    });
    let problem = there.crew.admin.put("/organisation", &now["version"], &settings).problem(ProblemCode::FieldsInvalid);
    assert_eq!(problem["errors"][0]["code"], ProblemCode::FieldOutOfRange.as_str());
}

#[test]
fn everything_that_happened_to_a_lot_is_told_and_a_correction_names_what_it_corrects() {
    let there = there();
    let receipts = there.crew.warehouse.get(&format!("/subcontract-receipts?order_id={}", id(&there.order))).ok();
    let receipt = receipts["items"].as_array().unwrap().first().unwrap().clone();
    let path = format!("/subcontract-receipts/{}", id(&receipt));
    let receipt = there.crew.warehouse.get(&path).ok();
    let reason = json!({ "reason": "counted on the wrong order" });
    there.crew.manager.post_version(&format!("{path}/reversal"), &receipt["version"], &reason).ok();
    let events = there.of("L-1", "events?limit=200");
    let events = events["items"].as_array().unwrap();
    let of_kind = |kind: &str| events.iter().filter(|event| event["kind"] == kind).collect::<Vec<_>>();
    let moved: Vec<_> = of_kind("movement").iter().rev().map(|event| event["what"].as_str().unwrap()).collect();
    let wanted = ["receipt", "release", "issue", "confirmation", "consumption", "consumption", "reversal"];
    assert_eq!(moved, wanted);
    let undone = of_kind("movement")[0];
    assert_eq!(undone["corrects_id"], of_kind("movement")[1]["id"]);
    assert_eq!(
        (of_kind("scan")[0]["text"].clone(), of_kind("scan")[0]["capture"].clone()),
        (json!("L-1"), json!("wedge"))
    );
    assert_eq!(of_kind("went_into").len(), 2);
    let voided = of_kind("link_voided")[0];
    assert_eq!(voided["other_lot"]["code"], "F-2");
    assert!(of_kind("went_into").iter().any(|link| link["id"] == voided["corrects_id"]));
    let released = of_kind("record").into_iter().find(|event| event["what"] == "released").unwrap();
    assert_eq!(released["text"], "certificate in order");
    assert!(there.app.nobody().get(&format!("/lots/{}/events", id(&there.lot("L-1")))).status == 401);
}
