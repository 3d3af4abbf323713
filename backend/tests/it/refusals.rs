//! What is refused on the way of the material, with the words that people read, and that nothing is written then.

use chrono::Utc;
use lotline::db::{WriteOptions, Written};
use lotline::ledger::{self, Entry, Place, Posting};
use lotline::masterdata::lookup::place_of_kind;
use lotline_common::ledger::{DocumentKind, MovementKind, StockStatus};
use lotline_common::masterdata::LocationKind;
use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::support::app::{Answer, TestApp};
use super::support::db::count;
use super::support::material::{Contract, Crew, id, name, portal_login};

struct World {
    app: TestApp,
    crew: Crew,
    contract: Contract,
}

fn world() -> World {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    World { crew, contract, app }
}

impl World {
    fn portal(&self) -> super::support::app::Client {
        let login = portal_login(&self.contract);
        self.app.acme.portal_member(&self.app.database, &login, id(&self.contract.subcontractor).parse().unwrap());
        self.app.client(&login)
    }

    fn count(&self, table: &str) -> i64 {
        count(&mut self.app.database.owner(), &format!("SELECT count(*) AS count FROM {table}"))
    }
}

/// The one field at fault.
fn field(answer: Answer) -> Value {
    answer.problem(ProblemCode::FieldsInvalid)["errors"][0].clone()
}

#[test]
fn a_delivery_is_confirmed_once_and_then_not_undone_by_the_maker() {
    let world = world();
    world.crew.released_lot(&world.contract, ("L-1", "20"));
    let (note, portal) = (world.crew.issued(&world.contract, "500"), world.portal());
    let count = json!({ "lines": [{ "line_number": 1, "good_quantity": "5", "damaged_quantity": "0", "remark": "" }] });
    let path = format!("/portal/deliveries/{}", id(&note));
    let done = portal.post_version(&format!("{path}/confirmation"), &note["version"], &count).ok();
    let again = portal.post_version(&format!("{path}/confirmation"), &done["version"], &count);
    again.problem(ProblemCode::AlreadyConfirmed);
    let undo = format!("/issue-notes/{}/reversal", id(&note));
    let undone = world.crew.manager.post_version(&undo, &done["version"], &json!({ "reason": "wrong lot was sent" }));
    undone.problem(ProblemCode::AlreadyConfirmed);
    let late = portal.request(reqwest::Method::POST, &format!("{path}/attachments?file_name=late.png"));
    late.body("image/png", b"\x89PNG\r\n\x1a\n0000").send().problem(ProblemCode::AlreadyConfirmed);
    assert_eq!(world.count("stock_movement WHERE kind = 'confirmation'"), 1);
}

#[test]
fn a_delivery_takes_twenty_pictures_and_nothing_that_is_none() {
    let world = world();
    world.crew.released_lot(&world.contract, ("L-1", "20"));
    let (note, portal) = (world.crew.issued(&world.contract, "500"), world.portal());
    let lay = |content: &[u8]| {
        let path = format!("/portal/deliveries/{}/attachments?file_name=a.png", id(&note));
        portal.request(reqwest::Method::POST, &path).body("image/png", content).send()
    };
    lay(b"#!/bin/sh\n").problem(ProblemCode::FileTypeUnsupported);
    for number in 0..20_u8 {
        lay(&[b"\x89PNG\r\n\x1a\n".as_slice(), &[number]].concat()).ok();
    }
    lay(b"\x89PNG\r\n\x1a\nlast").problem(ProblemCode::AttachmentsTooMany);
    assert_eq!(world.count("attachment"), 20);
}

#[test]
fn an_order_needs_an_active_bill_of_material_and_is_not_cancelled_once_something_was_requested() {
    let world = world();
    let Contract { subcontractor, operation, product, .. } = &world.contract;
    let polishing = world.crew.operation("POLISH");
    let order = |operation: &Value| {
        world.crew.clerk.post(
            "/orders",
            &json!({ "partner_id": subcontractor["id"], "operation_id": operation["id"], "product_id": product["id"],
                "quantity": "500", "due_on": "2026-05-01" }),
        )
    };
    let problem = order(&polishing).problem(ProblemCode::BomNotActive);
    assert!(problem["detail"].as_str().unwrap().contains("POLISH"), "{problem}");
    let draft = order(operation).ok();
    let path = format!("/orders/{}/transitions", id(&draft));
    let open = world.crew.clerk.post_version(&path, &draft["version"], &json!({ "state": "open" })).ok();
    world.crew.requisition(&open);
    let order = world.crew.clerk.get(&format!("/orders/{}", id(&open))).ok();
    let cancel = json!({ "state": "cancelled", "reason": "customer withdrew" });
    world.crew.clerk.post_version(&path, &order["version"], &cancel).problem(ProblemCode::OrderHasIssues);
    assert_eq!(world.crew.clerk.get(&format!("/orders/{}", id(&open))).ok()["record_state"], "open");
}

#[test]
fn only_what_the_order_takes_is_requested_and_only_what_was_approved_is_picked() {
    let world = world();
    let order = world.crew.order(&world.contract, "500");
    let foreign = world.crew.item("RM-OTHER", "kg", "lot");
    let lines = json!([{ "item_id": foreign["id"], "quantity": "1" }]);
    let requisition = json!({ "order_id": order["id"], "needed_on": "2026-03-20", "priority": "normal", "lines": lines, "submit": true });
    assert_eq!(
        field(world.crew.clerk.post("/requisitions", &requisition))["code"],
        ProblemCode::ItemNotInOrder.as_str()
    );
    let waiting = world.crew.requisition(&order);
    let pick = json!({ "requisition_id": waiting["id"] });
    world.crew.warehouse.post("/picks", &pick).problem(ProblemCode::RequisitionNotApproved);
    world.crew.approve(&waiting);
    world.crew.warehouse.post("/picks", &pick).problem(ProblemCode::NothingToPick);
    assert_eq!(world.count("pick_task"), 0);
}

#[test]
fn a_task_is_issued_when_every_line_was_scanned_and_a_label_must_be_readable() {
    let world = world();
    world.crew.released_lot(&world.contract, ("L-1", "20"));
    let requisition = world.crew.requisition(&world.crew.order(&world.contract, "500"));
    let pick = world.crew.pick(&world.crew.approve(&requisition));
    let torn = json!({ "raw": "]d2019999", "capture": "wedge" });
    let path = format!("/picks/{}/scans", id(&pick));
    world.crew.warehouse.post(&path, &torn).problem(ProblemCode::ScanUnreadable);
    let issue = world.crew.warehouse.post("/issue-notes", &json!({ "pick_id": pick["id"] }));
    assert!(issue.problem(ProblemCode::PickIncomplete)["detail"].as_str().unwrap().contains('1'));
    assert_eq!((world.count("scan"), world.count("issue_note")), (0, 0));
}

#[test]
fn a_lot_has_one_number_one_place_to_go_and_one_way_through_quality() {
    let world = world();
    let receipt = world.crew.receive(&world.contract.supplier, &world.contract.bar, ("L-1", "20"));
    let bar = &world.contract.bar;
    let again = json!({
        "supplier_id": world.contract.supplier["id"], "delivery_note": "DN-2",
        "lines": [{ "item_id": bar["id"], "quantity": "1", "unit_id": bar["unit"]["id"], "lot_code": "L-1" }],
    });
    let error = field(world.crew.warehouse.post("/receipts", &again));
    assert_eq!(
        (&error["code"], &error["pointer"]),
        (&json!(ProblemCode::LotCodeTaken.as_str()), &json!("/lines/0/lot_code"))
    );
    assert!(error["detail"].as_str().unwrap().contains("L-1"), "{error}");
    let lot = world.crew.quality.get(&format!("/lots/{}", id(&receipt["lines"][0]["lot"]))).ok();
    let path = format!("/lots/{}/decisions", id(&lot));
    let decide = |decision: Value| world.crew.quality.post_version(&path, &lot["version"], &decision);
    let unblock = json!({ "decision": "unblock", "reason": "certificate in order" });
    decide(unblock).problem(ProblemCode::LotStatusForbids);
    let quarantine = world.crew.location("QUARANTINE");
    let astray = json!({ "decision": "release", "reason": "certificate in order", "to_location_id": quarantine["id"] });
    decide(astray).problem(ProblemCode::LocationUnfit);
    assert_eq!(world.count("stock_movement"), 1);
}

#[test]
fn a_gtin_with_a_wrong_check_digit_is_noticed() {
    let world = world();
    let unit = world.crew.unit("pcs");
    let item = json!({
        "code": "FG-X", "name": name("X"), "kind": "product", "tracking": "lot", "unit_id": unit["id"],
        "storage_class": "ambient", "gtin": "06901234567891", "active": true,
    });
    let error = field(world.crew.clerk.post("/items", &item));
    assert_eq!((&error["code"], &error["pointer"]), (&json!(ProblemCode::GtinWrong.as_str()), &json!("/gtin")));
}

#[test]
fn the_ledger_itself_takes_nothing_that_is_not_there_and_no_way_that_is_none() {
    let world = world();
    let lot = world.crew.released_lot(&world.contract, ("L-1", "20"));
    let post = |kind: MovementKind, to: LocationKind, quantity: &str| {
        let parse = |value: &Value| value.as_str().unwrap().parse::<uuid::Uuid>().unwrap();
        let bar = &world.contract.bar;
        let what = (parse(&bar["id"]).into(), Some(parse(&lot["id"]).into()), parse(&bar["unit"]["id"]).into());
        let quantity = quantity.parse().unwrap();
        let done = world.app.db.write(&world.app.acme.founder, &WriteOptions::default(), |tx| {
            let from = place_of_kind(tx, LocationKind::OwnStock, None, StockStatus::Available)?;
            let to: Place = place_of_kind(tx, to, None, StockStatus::Available)?;
            let entries = vec![Entry::new(kind, what, quantity, (from, to))];
            let (document_kind, document_id) = (DocumentKind::Material, uuid::Uuid::now_v7());
            ledger::post(tx, &Posting { document_kind, document_id, occurred_at: tx.now.min(Utc::now()), entries })?;
            Ok(Written { status: 204, body: Value::Null })
        });
        done.err().map(|error| error.refusal().unwrap().code)
    };
    assert_eq!(post(MovementKind::Scrap, LocationKind::Scrap, "20.001"), Some(ProblemCode::StockInsufficient));
    assert_eq!(post(MovementKind::Receipt, LocationKind::Scrap, "1"), Some(ProblemCode::MovementForbidden));
    assert_eq!(post(MovementKind::Scrap, LocationKind::Scrap, "20"), None);
}
