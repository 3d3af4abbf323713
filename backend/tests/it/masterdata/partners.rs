//! Partners, and the places that come with them.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::{LOCATION, PARTNER, assert_in_use, deactivate, rewrite};
use crate::support::{Crew, TestApp, id};

fn places(crew: &Crew, partner: &Value) -> Vec<Value> {
    let page = crew.clerk.get(&format!("/locations?partner_id={}", id(partner))).ok();
    page["items"].as_array().unwrap().clone()
}

/// What was done to a place, newest first.
fn timeline(crew: &Crew, place: &Value) -> Vec<Value> {
    let page = crew.auditor.get(&format!("/audit-events?aggregate_kind=location&aggregate_id={}", id(place))).ok();
    page["items"].as_array().unwrap().iter().map(|event| event["action"].clone()).collect()
}

#[test]
fn a_subcontractors_places_are_made_renamed_and_retired_with_it_and_each_step_is_on_record() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let partner = crew.subcontractor("SUB-A");
    let made = places(&crew, &partner);
    let kinds: Vec<_> = made.iter().map(|place| (place["code"].as_str().unwrap(), &place["kind"])).collect();
    assert_eq!(
        kinds,
        [
            ("SUB-A-CLAIM", &json!("claim")),
            ("SUB-A-CUSTODY", &json!("subcontractor_custody")),
            ("SUB-A-RETURN", &json!("in_transit_in")),
            ("SUB-A-TRANSIT", &json!("in_transit_out")),
        ]
    );
    let named = json!({ "name": { "zh": "精工", "en": "Precision" } });
    let partner = rewrite(&crew.clerk, "/partners", PARTNER, (&partner, named)).ok();
    let custody = places(&crew, &partner).remove(1);
    assert_eq!(custody["name"], json!({ "zh": "精工 保管", "en": "Precision custody" }));
    let partner = rewrite(&crew.clerk, "/partners", PARTNER, (&partner, json!({ "phone": "0512-1" }))).ok();
    let partner = deactivate(&crew.clerk, "/partners", PARTNER, &partner).ok();
    assert!(places(&crew, &partner).iter().all(|place| place["active"] == false));
    assert_eq!(timeline(&crew, &custody), ["deactivated", "updated", "created"]);
}

#[test]
fn a_supplier_has_places_only_once_it_processes_our_material() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let supplier = crew.supplier("SUP-A");
    assert_eq!(places(&crew, &supplier).len(), 0);
    let both = rewrite(&crew.clerk, "/partners", PARTNER, (&supplier, json!({ "subcontractor": true }))).ok();
    assert_eq!(places(&crew, &both).len(), 4);
}

#[test]
fn a_subcontractor_with_our_material_or_an_open_order_stays_one() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    crew.released_lot(&contract, ("L-1", "20"));
    let note = crew.issued(&contract, "500");
    let partner = &contract.subcontractor;
    assert_in_use(deactivate(&crew.clerk, "/partners", PARTNER, partner), "SUB-A-TRANSIT");
    let leave = json!({ "supplier": true, "subcontractor": false });
    let refused = rewrite(&crew.clerk, "/partners", PARTNER, (partner, leave));
    assert_in_use(refused, note["order"]["number"].as_str().or(note["order_number"].as_str()).unwrap());
    assert!(places(&crew, partner).iter().all(|place| place["active"] == true));
}

#[test]
fn a_partners_code_is_fixed_and_its_places_are_not_edited_by_hand() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let partner = crew.subcontractor("SUB-A");
    let renamed = rewrite(&crew.clerk, "/partners", PARTNER, (&partner, json!({ "code": "SUB-B" })));
    renamed.problem(ProblemCode::FieldFixed);
    for place in places(&crew, &partner) {
        deactivate(&crew.clerk, "/locations", LOCATION, &place).problem(ProblemCode::SystemMade);
    }
    let consumed = crew.location("CONSUMED");
    deactivate(&crew.clerk, "/locations", LOCATION, &consumed).problem(ProblemCode::SystemMade);
}

#[test]
fn partners_are_filtered_by_what_they_do_and_exported() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    crew.supplier("SUP-A");
    crew.subcontractor("SUB-A");
    let suppliers = crew.clerk.get("/partners?supplier=true").ok();
    assert_eq!(suppliers["items"].as_array().unwrap().len(), 1);
    assert_eq!(suppliers["items"][0]["code"], "SUP-A");
    let export = crew.clerk.get("/partners?subcontractor=true&format=csv");
    assert!(export.header("content-type").starts_with("text/csv"));
    assert!(export.text.contains("SUB-A") && !export.text.contains("SUP-A"), "{}", export.text);
}
