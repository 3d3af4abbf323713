//! What an order cost, and what is owed for it.

use diesel::prelude::*;
use diesel::sql_types::{Numeric, Text, Uuid as SqlUuid};
use lotline::contracts::service::costs::finished_lots_value;
use lotline::db::{Tx, WriteOptions, Written};
use lotline::ledger::{self, Entry, Place, Posting};
use lotline::masterdata::lookup::place_of_kind;
use lotline_common::ledger::{DocumentKind, MovementKind, StockStatus};
use lotline_common::masterdata::LocationKind;
use lotline_common::problem::ProblemCode;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::contracts::clause;
use crate::support::material::Contract;
use crate::support::{Crew, TestApp, id};

fn uuid(thing: &Value) -> Uuid {
    thing.as_str().unwrap().parse().unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Terms of payment: 30 % at issue, 20 % at receipt, 50 % at acceptance, 5 % held back, 1.80 from 500 pieces on.
fn payment() -> Vec<Value> {
    let part = |number, milestone, percent| {
        clause(number, json!({ "kind": "payment_milestone", "milestone": milestone, "percent": percent }), json!({}))
    };
    let tier = |number, from, price| {
        clause(number, json!({ "kind": "price_tier", "from_quantity": from, "unit_price": price }), json!({}))
    };
    let retention = json!({ "kind": "retention", "percent": "5", "days": 90 });
    vec![
        tier("5.1", "0", "2.00"),
        tier("5.2", "500", "1.80"),
        part("6.1", "issue", "30"),
        part("6.2", "receipt", "20"),
        part("6.3", "acceptance", "50"),
        clause("6.4", retention, json!({})),
    ]
}

/// An order of 500 screws with its 5 kg of bar, each worth 600, confirmed by the subcontractor.
fn confirmed(app: &TestApp, crew: &Crew, contract: &Contract) -> Value {
    crew.released_lot(contract, ("L-1", "20"));
    let note = crew.issued(contract, "500");
    app.acme.portal_member(&app.database, "portal", uuid(&contract.subcontractor["id"]));
    let portal = app.client("portal");
    let path = format!("/portal/deliveries/{}", id(&note));
    let version = portal.get(&path).ok()["version"].clone();
    let count = json!({ "lines": [{ "line_number": 1, "good_quantity": "5", "damaged_quantity": "0" }] });
    portal.post_version(&format!("{path}/confirmation"), &version, &count).ok();
    note
}

/// What the subcontractor sent back, as the books hold it: a finished lot of which 480 are good, with the bar
/// that went into it.
fn received(app: &TestApp, contract: &Contract, note: &Value, (finished, used): (&Value, &str)) -> Uuid {
    let (order, receipt) = (uuid(&note["order_id"]), Uuid::now_v7());
    let partner = uuid(&contract.subcontractor["id"]);
    let line = &note["lines"][0];
    let (bar, lot) = (uuid(&line["item"]["id"]), uuid(&line["lot"]["id"]));
    let mut owner = app.database.owner();
    let run = |statement: &str, owner: &mut diesel::PgConnection| {
        diesel::sql_query(statement)
            .bind::<SqlUuid, _>(app.acme.founder.org.uuid())
            .bind::<SqlUuid, _>(receipt)
            .bind::<SqlUuid, _>(order)
            .bind::<SqlUuid, _>(partner)
            .bind::<SqlUuid, _>(uuid(&finished["id"]))
            .bind::<SqlUuid, _>(bar)
            .bind::<SqlUuid, _>(lot)
            .bind::<Numeric, _>(decimal(used))
            .bind::<Text, _>(app.acme.founder.person.to_string())
            .execute(owner)
            .unwrap();
    };
    for statement in [
        "WITH given AS (SELECT $5::uuid, $6::uuid, $7::uuid, $8::numeric)
         INSERT INTO subcontract_receipt (org_id, id, number, order_id, partner_id, record_state, occurred_at, created_by,
            posted_by, posted_at) VALUES ($1, $2, 'WS-1', $3, $4, 'posted', now(), $9::uuid, $9::uuid, now())",
        "WITH given AS (SELECT $3::uuid, $6::uuid, $7::uuid, $8::numeric, $9)
         INSERT INTO subcontract_receipt_line (org_id, receipt_id, line_number, partner_id, lot_code, lot_id,
            good_quantity, rejected_quantity) VALUES ($1, $2, 1, $4, 'F-1', $5, 480, 20)",
        "WITH given AS (SELECT $3::uuid, $5::uuid, $9)
         INSERT INTO consumption_line (org_id, receipt_id, line_number, partner_id, receipt_line, item_id, lot_id,
            quantity, certainty) VALUES ($1, $2, 1, $4, 1, $6, $7, $8, 'declared')",
        "WITH given AS (SELECT $2::uuid, $4::uuid, $5::uuid, $6::uuid, $7::uuid, $8::numeric, $9)
         UPDATE subcontract_order SET good_quantity = 480, rejected_quantity = 20 WHERE (org_id, id) = ($1, $3)",
    ] {
        run(statement, &mut owner);
    }
    write(app, |tx| {
        consume(tx, (partner, order, receipt), (bar, lot, uuid(&line["item"]["unit"]["id"])), decimal(used))
    });
    receipt
}

fn consume(
    tx: &mut Tx,
    of: (Uuid, Uuid, Uuid),
    what: (Uuid, Uuid, Uuid),
    quantity: Decimal,
) -> lotline::error::Result<()> {
    let (partner, order, document_id) = of;
    let custody = place_of_kind(tx, LocationKind::SubcontractorCustody, Some(partner.into()), StockStatus::Available)?;
    let consumed = place_of_kind(tx, LocationKind::Consumed, None, StockStatus::Available)?;
    let way: (Place, Place) = (custody.on(order.into()), consumed.on(order.into()));
    let what = (what.0.into(), Some(what.1.into()), what.2.into());
    let entries = vec![Entry::new(MovementKind::Consumption, what, quantity, way)];
    let (document_kind, occurred_at) = (DocumentKind::SubcontractReceipt, tx.now);
    ledger::post(tx, &Posting { document_kind, document_id, occurred_at, entries })
}

fn write(app: &TestApp, work: impl Fn(&mut Tx) -> lotline::error::Result<()>) {
    let done = app.db.write(&app.acme.founder, &WriteOptions::default(), |tx| {
        work(tx)?;
        Ok(Written { status: 204, body: Value::Null })
    });
    done.unwrap();
}

fn amounts(crew: &Crew, order: &Value) -> Vec<String> {
    let path = format!("/settlement-lines?sort=id&order_id={}", order.as_str().unwrap());
    let lines = crew.manager.get(&path).ok();
    let told = |line: &Value| {
        let text = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
        format!("{} {} {} {}", text("milestone"), text("kind"), text("amount"), text("settlement_state"))
    };
    lines["items"].as_array().unwrap().iter().map(told).collect()
}

#[test]
fn the_cost_sheet_holds_material_service_other_costs_and_abnormal_loss() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let loss = clause("4.1", json!({ "kind": "loss_allowance", "percent": "0" }), json!({}));
    crew.agreement(&contract, "contract", &[payment(), vec![loss]].concat());
    let note = confirmed(&app, &crew, &contract);
    let finished = crew.receive(&contract.supplier, &contract.product, ("F-1", "500"));
    let lot = finished["lines"][0]["lot"].clone();
    received(&app, &contract, &note, (&lot, "5"));
    let path = format!("/orders/{}", note["order_id"].as_str().unwrap());
    let cost = json!({ "kind": "freight", "amount": "96.00", "occurred_on": "2026-03-01", "invoice_number": "INV-1" });
    crew.manager.post(&format!("{path}/costs"), &cost).ok();
    let sheet = crew.manager.get(&format!("{path}/cost-sheet")).ok();
    assert_eq!(sheet["material"][0]["standard_quantity"], "5");
    let told = ["material_amount", "service_unit_price", "service_amount", "abnormal_loss_amount", "total_amount"];
    let told = told.map(|field| sheet[field].as_str().unwrap());
    assert_eq!(told, ["3000.00", "1.80", "864.00", "0.00", "3960.00"]);
    assert_eq!(sheet["service_clause"]["number"], "5.2");
    assert_eq!(sheet["unit_cost"], "8.25");
    let of_lot = &sheet["lots"][0];
    assert_eq!((&of_lot["total_amount"], &of_lot["unit_cost"]), (&json!("3960.00"), &json!("8.25")));

    // A late invoice is a cost of the order: what the lot stands for in the books stays.
    write(&app, |tx| finished_lots_value(tx, uuid(&note["order_id"]).into()));
    let late = json!({ "kind": "service", "amount": "48", "occurred_on": "2026-03-02", "remark": "price correction" });
    crew.manager.post(&format!("{path}/costs"), &late).ok();
    let after = crew.manager.get(&format!("{path}/cost-sheet")).ok();
    assert_eq!((&after["material_amount"], &after["total_amount"]), (&json!("3000.00"), &json!("4008.00")));
    crew.clerk.get("/costs").ok();
    crew.warehouse.get(&format!("{path}/cost-sheet")).problem(ProblemCode::PermissionMissing);
}

#[test]
fn costs_are_exact_and_belong_to_an_order_that_runs() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let order = crew.order(&contract, "100");
    let path = format!("/orders/{}/costs", id(&order));
    let refused = |amount: &str, day: &str| {
        let cost = json!({ "kind": "freight", "amount": amount, "occurred_on": day });
        let problem = crew.manager.post(&path, &cost).problem(ProblemCode::FieldsInvalid);
        problem["errors"][0]["code"].clone()
    };
    assert_eq!(refused("0", "2026-03-01"), ProblemCode::FieldRequired.as_str());
    assert_eq!(refused("1.005", "2026-03-01"), ProblemCode::QuantityTooPrecise.as_str());
    assert_eq!(refused("1", "2026-03-03"), ProblemCode::TimeInFuture.as_str());
    let draft = json!({
        "partner_id": contract.subcontractor["id"], "operation_id": contract.operation["id"],
        "product_id": contract.product["id"], "quantity": "100", "due_on": "2026-05-01", "unit_price": "2",
    });
    let draft = crew.clerk.post("/orders", &draft).ok();
    assert_eq!(draft["unit_price"], "2");
    let cost = json!({ "kind": "freight", "amount": "-1.00", "occurred_on": "2026-03-01" });
    crew.manager.post(&format!("/orders/{}/costs", id(&draft)), &cost).problem(ProblemCode::OrderNotOpen);
    crew.manager.post(&path, &cost).ok();
}

#[test]
fn issue_and_release_make_their_parts_due_and_a_reversal_takes_them_back() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    crew.agreement(&contract, "contract", &payment());
    crew.released_lot(&contract, ("L-0", "20"));
    let note = crew.issued(&contract, "500");
    assert_eq!(amounts(&crew, &note["order_id"]), ["issue milestone 270.00 open"]);
    let path = format!("/issue-notes/{}/reversal", id(&note));
    crew.manager.post_version(&path, &note["version"], &json!({ "reason": "the carton was torn" })).ok();
    assert_eq!(amounts(&crew, &note["order_id"]), ["issue milestone 270.00 reversed"]);

    let note = confirmed(&app, &crew, &contract);
    let finished = crew.receive(&contract.supplier, &contract.product, ("F-1", "500"));
    received(&app, &contract, &note, (&finished["lines"][0]["lot"], "5"));
    crew.release(&finished);
    let expected = [
        "issue milestone 270.00 open",
        "acceptance milestone 432.00 open",
        "acceptance retention -43.20 open",
        "acceptance retention 43.20 open",
    ];
    assert_eq!(amounts(&crew, &note["order_id"]), expected);
    let line = &crew.manager.get("/settlement-lines?kind=retention&sort=due_on").ok()["items"][1];
    assert_eq!((&line["due_on"], &line["clause"]["number"]), (&json!("2026-05-31"), &json!("6.4")));
    assert_eq!(line["document"]["number"], "F-1");
}
