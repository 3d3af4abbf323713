//! What the books refuse, whatever document asks.

use diesel::prelude::*;
use lotline_common::problem::ProblemCode;
use serde_json::json;

use super::support::app::TestApp;
use super::support::material::Crew;

#[test]
fn nothing_is_posted_into_a_month_that_is_closed() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    diesel::sql_query(
        "INSERT INTO period_close (org_id, month, closed_by, closed_at)
         SELECT DISTINCT ON (org_id) org_id, date '2026-02-01', person_id, now() FROM membership",
    )
    .execute(&mut app.database.owner())
    .unwrap();
    let receipt = |occurred_at: &str| {
        json!({
            "supplier_id": contract.supplier["id"], "delivery_note": "DN-1", "occurred_at": occurred_at,
            "lines": [{
                "item_id": contract.bar["id"], "quantity": "1", "unit_id": contract.bar["unit"]["id"],
                "expires_on": "2027-03-01",
            }],
        })
    };
    let refused = crew.warehouse.post("/receipts", &receipt("2026-02-28T15:59:59Z"));
    refused.problem(ProblemCode::PeriodClosed);
    crew.warehouse.post("/receipts", &receipt("2026-02-28T16:00:00Z")).ok();
}
