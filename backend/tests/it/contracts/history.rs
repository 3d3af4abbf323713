//! How work with a subcontractor went, as whoever decides on a document of it sees it.

use chrono::TimeDelta;
use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use crate::support::app::Client;
use crate::support::material::Contract;
use crate::support::{Crew, TestApp, id};

/// A delivery that came a kilogram short, a receipt in order, one with rejects and one undone, a supplement refused.
fn story(app: &TestApp, crew: &Crew, contract: &Contract) -> [Value; 2] {
    let note = crew.issued(contract, "500");
    app.acme.portal_member(&app.database, "portal", id(&contract.subcontractor).parse().unwrap());
    let count = json!({ "lines": [
        { "line_number": 1, "good_quantity": "4", "damaged_quantity": "0", "remark": "one kilogram is missing" },
    ] });
    let path = format!("/portal/deliveries/{}/confirmation", id(&note));
    app.client("portal").post_version(&path, &note["version"], &count).ok();
    let order = json!({ "id": note["order_id"] });
    let finished = |lot: &str, good: &str, rejected: &str| {
        let line = json!({ "lot_code": lot, "good_quantity": good, "rejected_quantity": rejected });
        crew.finished(&order, &json!([line])).ok()
    };
    finished("F-1", "100", "0");
    finished("F-2", "90", "10");
    let undone = finished("F-3", "50", "50");
    let reason = json!({ "reason": "counted on the wrong order" });
    let path = format!("/subcontract-receipts/{}/reversal", id(&undone));
    crew.manager.post_version(&path, &undone["version"], &reason).ok();
    let supplement = json!({
        "order_id": order["id"], "needed_on": "2026-03-25", "priority": "normal", "supplement": "process_loss",
        "reason": "the first bars broke", "lines": [{ "item_id": contract.bar["id"], "quantity": "1" }],
        "submit": true,
    });
    let supplement = crew.clerk.post("/requisitions", &supplement).ok();
    let decide = format!("/approvals/{}/decisions", id(&supplement["approval"]));
    crew.approver.post(&decide, &json!({ "decision": "refuse", "reason": "find the missing one first" })).ok();
    [json!(note["requisition_id"]), supplement["id"].clone()]
}

/// Some of the figures.
fn figures(history: &Value, names: &[&str]) -> Vec<i64> {
    names.iter().map(|name| history[*name].as_i64().unwrap_or_else(|| panic!("{name}: {history}"))).collect()
}

const OPEN: &[&str] = &["orders_open", "orders_overdue", "claims_open"];
const SINCE: &[&str] = &[
    "orders_closed",
    "requisitions_decided",
    "requisitions_refused",
    "supplements",
    "deliveries_confirmed",
    "deliveries_with_claim",
    "receipts",
    "receipts_with_rejects",
    "over_consumptions",
];

#[test]
fn whoever_decides_sees_how_the_year_with_a_subcontractor_went_and_what_is_open() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    crew.released_lot(&contract, ("L-1", "20"));
    let path = format!("/partners/{}/history", id(&contract.subcontractor));
    let read = |client: &Client| client.get(&path).ok();
    let nothing = read(&crew.approver);
    assert_eq!((figures(&nothing, OPEN), figures(&nothing, SINCE)), (vec![0; 3], vec![0; 9]));
    assert_eq!((&nothing["oldest_custody_days"], &nothing["latest"]), (&json!(null), &json!([])));

    let [issued, refused] = story(&app, &crew, &contract);
    app.clock.advance(TimeDelta::days(3));
    let history = read(&app.client("approver"));
    assert_eq!(history["partner"]["code"], "SUB-A");
    assert_eq!(history["since"], "2025-03-05");
    assert_eq!(figures(&history, OPEN), [1, 0, 1]);
    assert_eq!(figures(&history, SINCE), [0, 2, 1, 1, 1, 1, 2, 1, 0]);
    assert_eq!(history["oldest_custody_days"], 3);
    let latest: Vec<_> = history["latest"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
    assert_eq!(latest, [refused, issued], "the newest first");
    assert_eq!(history["latest"][0]["supplement"], "process_loss");

    // A year later it is forgotten, but for what is open still.
    app.clock.advance(TimeDelta::days(366));
    let later = read(&app.client("approver"));
    assert_eq!((figures(&later, OPEN), figures(&later, SINCE)), (vec![1, 1, 1], vec![0; 9]));
}

#[test]
fn the_history_with_a_subcontractor_is_the_makers_own() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let path = format!("/partners/{}/history", id(&contract.subcontractor));
    let other = Crew::of(&app, &app.found("other"));
    other.approver.get(&path).problem(ProblemCode::NotFound);
    app.acme.portal_member(&app.database, "portal", id(&contract.subcontractor).parse().unwrap());
    app.client("portal").get(&path).problem(ProblemCode::PermissionMissing);
}
