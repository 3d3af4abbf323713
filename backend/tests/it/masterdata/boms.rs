//! Bills of material by revision.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::{ITEM, deactivate};
use crate::support::app::{Answer, Client};
use crate::support::material::Contract;
use crate::support::{Crew, TestApp, id};

fn draft(contract: &Contract, revision: &str, lines: &Value) -> Value {
    json!({
        "product_id": contract.product["id"], "operation_id": contract.operation["id"], "revision": revision,
        "base_quantity": "100", "lines": lines,
    })
}

fn bar_line(contract: &Contract) -> Value {
    json!([{ "component_id": contract.bar["id"], "net_usage": "1.25", "loss_norm_percent": "3" }])
}

fn transition(client: &Client, bom: &Value, state: &str) -> Answer {
    client.post_version(&format!("/boms/{}/transitions", id(bom)), &bom["version"], &json!({ "state": state }))
}

fn active(crew: &Crew, contract: &Contract) -> Vec<Value> {
    let page = crew.clerk.get(&format!("/boms?state=active&product_id={}", id(&contract.product))).ok();
    page["items"].as_array().unwrap().iter().map(|bom| bom["revision"].clone()).collect()
}

#[test]
fn a_revision_that_becomes_active_retires_the_one_before_and_both_are_on_record() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let next = crew.clerk.post("/boms", &draft(&contract, "B", &bar_line(&contract))).ok();
    assert_eq!(next["state"], "draft");
    let next = transition(&crew.clerk, &next, "active").ok();
    assert_eq!(active(&crew, &contract), ["B"]);
    let events = format!("/audit-events?aggregate_kind=bom&aggregate_id={}", id(&contract.bom));
    let event = crew.auditor.get(&events).ok()["items"][0].clone();
    assert_eq!(event["action"], "retired");
    assert_eq!(event["details"]["changes"]["state"], json!({ "from": "active", "to": "retired" }));
    let before = crew.clerk.get(&format!("/boms/{}", id(&contract.bom))).ok();
    transition(&crew.clerk, &before, "active").problem(ProblemCode::StateForbids);
    transition(&crew.clerk, &next, "draft").problem(ProblemCode::StateForbids);
}

#[test]
fn only_a_draft_is_rewritten() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let command = draft(&contract, "B", &bar_line(&contract));
    let path = format!("/boms/{}", id(&contract.bom));
    crew.clerk.put(&path, &contract.bom["version"], &command).problem(ProblemCode::StateForbids);
    let next = crew.clerk.post("/boms", &command).ok();
    let path = format!("/boms/{}", id(&next));
    let changed = draft(&contract, "C", &bar_line(&contract));
    let rewritten = crew.clerk.put(&path, &next["version"], &changed).ok();
    assert_eq!((&rewritten["revision"], &rewritten["lines"][0]["net_usage"]), (&json!("C"), &json!("1.25")));
    crew.clerk.put(&path, &next["version"], &changed).problem(ProblemCode::VersionStale);
    crew.clerk.request(reqwest::Method::PUT, &path).json(&changed).send().problem(ProblemCode::VersionRequired);
    crew.clerk.post("/boms", &changed).problem(ProblemCode::CodeTaken);
}

#[test]
fn every_field_at_fault_is_named_at_once() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let (bar, product) = (&contract.bar["id"], &contract.product["id"]);
    let mut command = draft(
        &contract,
        " ",
        &json!([
            { "component_id": bar, "net_usage": "0.0001", "loss_norm_percent": "3", "issue_multiple": "0" },
            { "component_id": bar, "net_usage": "1", "loss_norm_percent": "100" },
            { "component_id": product, "net_usage": "0", "loss_norm_percent": "0" },
            { "component_id": "01936d3e-0000-7000-8000-000000000000", "net_usage": "1", "loss_norm_percent": "0" },
        ]),
    );
    command["base_quantity"] = json!("0.5");
    let problem = crew.clerk.post("/boms", &command).problem(ProblemCode::FieldsInvalid);
    let mut found: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("/base_quantity", "quantity_too_precise"),
            ("/lines/0/issue_multiple", "quantity_not_positive"),
            ("/lines/0/net_usage", "quantity_too_precise"),
            ("/lines/1/component_id", "line_duplicate"),
            ("/lines/1/loss_norm_percent", "field_out_of_range"),
            ("/lines/2/component_id", "bom_self_reference"),
            ("/lines/2/net_usage", "quantity_not_positive"),
            ("/lines/3/component_id", "reference_unknown"),
            ("/revision", "field_required"),
        ]
    );
    let empty = crew.clerk.post("/boms", &draft(&contract, "B", &json!([]))).problem(ProblemCode::FieldsInvalid);
    assert_eq!(empty["errors"][0]["code"], "lines_missing");
}

#[test]
fn a_draft_whose_component_went_out_of_use_does_not_become_active() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let powder = crew.item("RM-POWDER", "kg", "lot");
    let lines = json!([{ "component_id": powder["id"], "net_usage": "1", "loss_norm_percent": "0" }]);
    let next = crew.clerk.post("/boms", &draft(&contract, "B", &lines)).ok();
    deactivate(&crew.clerk, "/items", ITEM, &powder).ok();
    let problem = transition(&crew.clerk, &next, "active").problem(ProblemCode::ReferenceUnknown);
    assert!(problem["detail"].as_str().unwrap().contains("RM-POWDER"), "{problem}");
    assert_eq!(active(&crew, &contract), ["A"]);
}

#[test]
fn of_revisions_made_active_at_once_one_stays() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    transition(&crew.clerk, &contract.bom, "retired").ok();
    let drafts: Vec<_> = (1..=6)
        .map(|number| crew.clerk.post("/boms", &draft(&contract, &format!("R{number}"), &bar_line(&contract))).ok())
        .collect();
    std::thread::scope(|scope| {
        for bom in &drafts {
            scope.spawn(|| transition(&crew.clerk, bom, "active").ok());
        }
    });
    assert_eq!(active(&crew, &contract).len(), 1);
}
