//! What is used stays, and what gave recorded quantities their meaning is fixed.

use lotline_common::problem::ProblemCode;
use serde_json::json;

use super::{ITEM, LOCATION, OPERATION, UNIT, assert_in_use, deactivate, rewrite};
use crate::support::{Crew, TestApp, id};

#[test]
fn what_an_active_bill_of_material_needs_stays_in_use() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    for item in [&contract.bar, &contract.product] {
        assert_in_use(deactivate(&crew.clerk, "/items", ITEM, item), "FG-SCREW A");
    }
    assert_in_use(deactivate(&crew.clerk, "/operations", OPERATION, &contract.operation), "FG-SCREW A");
    assert_in_use(deactivate(&crew.clerk, "/units", UNIT, &crew.unit("kg")), "RM-BAR");
}

#[test]
fn a_component_of_an_open_order_stays_in_use_when_its_bill_of_material_retires() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let order = crew.order(&contract, "500");
    let path = format!("/boms/{}/transitions", id(&contract.bom));
    crew.clerk.post_version(&path, &contract.bom["version"], &json!({ "state": "retired" })).ok();
    let refused = deactivate(&crew.clerk, "/items", ITEM, &contract.bar);
    assert_in_use(refused, order["number"].as_str().unwrap());
    deactivate(&crew.clerk, "/operations", OPERATION, &contract.operation).ok();
}

#[test]
fn a_shelf_and_an_item_with_stock_stay_in_use() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let (bar, supplier) = (crew.item("RM-BAR", "kg", "lot"), crew.supplier("SUP-A"));
    crew.receive(&supplier, &bar, ("L-1", "20"));
    assert_in_use(deactivate(&crew.clerk, "/locations", LOCATION, &crew.location("QUARANTINE")), "RM-BAR");
    assert_in_use(deactivate(&crew.clerk, "/items", ITEM, &bar), "QUARANTINE");
    deactivate(&crew.clerk, "/locations", LOCATION, &crew.location("STORE")).ok();
}

#[test]
fn a_refusal_names_the_first_uses_only() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    for number in 1..=7 {
        crew.item(&format!("RM-{number}"), "m", "none");
    }
    assert_in_use(deactivate(&crew.clerk, "/units", UNIT, &crew.unit("m")), "RM-1, RM-2, RM-3, RM-4, RM-5, …");
}

#[test]
fn a_units_precision_is_fixed_even_when_its_only_item_is_out_of_use() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let finer = json!({ "decimal_places": 4 });
    let metre = rewrite(&crew.clerk, "/units", UNIT, (&crew.unit("m"), finer)).ok();
    assert_eq!(metre["decimal_places"], 4);
    let wire = crew.item("RM-WIRE", "m", "lot");
    let wire = deactivate(&crew.clerk, "/items", ITEM, &wire).ok();
    let coarser = json!({ "decimal_places": 0 });
    rewrite(&crew.clerk, "/units", UNIT, (&metre, coarser)).problem(ProblemCode::FieldFixed);
    deactivate(&crew.clerk, "/units", UNIT, &metre).ok();
    let again = rewrite(&crew.clerk, "/items", ITEM, (&wire, json!({ "active": true })));
    again.problem(ProblemCode::ReferenceUnknown);
}

#[test]
fn an_items_unit_is_fixed_once_a_bill_of_material_counts_in_it_and_its_tracking_once_it_moved() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let pieces = json!({ "unit_id": crew.unit("pcs")["id"] });
    rewrite(&crew.clerk, "/items", ITEM, (&contract.bar, pieces)).problem(ProblemCode::FieldFixed);
    let untracked = json!({ "tracking": "none" });
    let bar = rewrite(&crew.clerk, "/items", ITEM, (&contract.bar, untracked.clone())).ok();
    let bar = rewrite(&crew.clerk, "/items", ITEM, (&bar, json!({ "tracking": "lot" }))).ok();
    crew.receive(&contract.supplier, &bar, ("L-1", "20"));
    rewrite(&crew.clerk, "/items", ITEM, (&bar, untracked)).problem(ProblemCode::FieldFixed);
}

#[test]
fn a_shelfs_kind_is_fixed() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let shelf = json!({ "code": "A-01", "name": { "zh": "一号架", "en": "" }, "kind": "own_stock", "active": true });
    let shelf = crew.clerk.post("/locations", &shelf).ok();
    let line = json!({ "kind": "wip" });
    rewrite(&crew.clerk, "/locations", LOCATION, (&shelf, line)).problem(ProblemCode::FieldFixed);
    let custody = json!({ "code": "A-02", "name": { "zh": "", "en": "x" }, "kind": "claim", "active": true });
    let problem = crew.clerk.post("/locations", &custody).problem(ProblemCode::FieldsInvalid);
    assert_eq!(problem["errors"][0]["pointer"], "/kind");
}
