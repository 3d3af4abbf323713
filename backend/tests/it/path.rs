//! The path from receipt to countersignature, as people walk it.

use serde_json::json;

use crate::support::{Crew, TestApp, id};

#[test]
fn material_goes_from_receipt_to_the_subcontractors_countersignature() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    crew.released_lot(&contract, ("L-1", "20"));
    let note = crew.issued(&contract, "500");
    assert_eq!(note["lines"][0]["quantity"], "5");
    app.acme.portal_member(&app.database, "portal", id(&contract.subcontractor).parse().unwrap());
    let portal = app.client("portal");
    let path = format!("/portal/deliveries/{}", id(&note));
    let delivery = portal.get(&path).ok();
    let count = json!({ "lines": [{ "line_number": 1, "good_quantity": "5", "damaged_quantity": "0" }] });
    let confirmed = portal.post_version(&format!("{path}/confirmation"), &delivery["version"], &count).ok();
    assert_eq!(confirmed["custody_state"], "confirmed");
}
