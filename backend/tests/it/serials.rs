//! Serial numbers through everything: a serial number is one piece, in exactly one place (invariant I12).

use std::thread;

use diesel::connection::SimpleConnection as _;
use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::support::app::{Answer, TestApp};
use super::support::books::contradictions;
use super::support::db::{count, texts};
use super::support::material::{Contract, Crew, id, name, portal_login};

/// Drives with serial numbers, one for each pump; a pump has a serial number too.
struct There {
    app: TestApp,
    crew: Crew,
    contract: Contract,
    drive: Value,
}

fn there() -> There {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let (drive, operation) = (crew.item("CP-DRIVE", "pcs", "serial"), crew.operation("ASSEMBLE"));
    let product = json!({
        "code": "FG-PUMP", "name": name("FG-PUMP"), "kind": "product", "tracking": "serial", "gtin": "06901234567892",
        "unit_id": crew.unit("pcs")["id"], "storage_class": "ambient", "active": true,
    });
    let product = crew.clerk.post("/items", &product).ok();
    let bom = crew.bom(&product, &operation, &[(&drive, "100")]);
    let (supplier, subcontractor) = (crew.supplier("SUP-A"), crew.subcontractor("SUB-A"));
    let contract = Contract { supplier, subcontractor, operation, bar: drive.clone(), product, bom };
    There { app, crew, contract, drive }
}

fn run(prefix: &str, first: &str, last: &str) -> Value {
    json!({ "run": { "prefix": prefix, "first": first, "last": last } })
}

impl There {
    fn receive(&self, quantity: &str, more: Value) -> Answer {
        let mut line =
            json!({ "item_id": self.drive["id"], "quantity": quantity, "unit_id": self.drive["unit"]["id"] });
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let receipt = json!({ "supplier_id": self.contract.supplier["id"], "delivery_note": "DN-1", "lines": [line] });
        self.crew.warehouse.post("/receipts", &receipt)
    }

    /// Drives D-01 to D-`last`, released.
    fn drives(&self, last: usize) {
        let all = json!({ "serials": run("D-", "01", &format!("{last:02}")), "batch_code": "B-7" });
        let receipt = self.receive(&last.to_string(), all).ok();
        for line in receipt["lines"].as_array().unwrap() {
            self.crew.release_lot(&line["lot"]);
        }
    }

    fn lot(&self, code: &str) -> Value {
        self.crew.lot(code)
    }

    /// Every place of a serial number, above all walls.
    fn places(&self, serial: &str) -> Vec<String> {
        let places = format!(
            "SELECT p.kind || ' ' || trim_scale(b.on_hand) AS text FROM stock_balance b
             JOIN location p ON p.id = b.location_id JOIN lot l ON l.id = b.lot_id
             WHERE l.code = '{serial}' AND b.on_hand > 0"
        );
        texts(&mut self.app.database.owner(), &places)
    }

    /// Picks four drives for an order, each by its own label, and issues them.
    fn issued_by_label(&self, order: &Value) -> Value {
        let pick = self.crew.pick(&self.crew.approve(&self.crew.requisition(order)));
        assert_eq!(pick["lines"].as_array().unwrap().len(), 4);
        let path = format!("/picks/{}/scans", id(&pick));
        let scan = |code: &str| self.crew.warehouse.post(&path, &json!({ "raw": code, "capture": "wedge" }));
        scan("D-01").ok();
        scan("D-01").problem(ProblemCode::ScanAlreadyPicked);
        for code in ["D-02", "D-03", "D-04"] {
            scan(code).ok();
        }
        self.crew.issue(&pick)
    }

    fn paper(&self, document: &Value) -> Answer {
        self.crew.warehouse.post("/material-documents", document)
    }

    fn line(&self, serial: &str, more: Value) -> Value {
        let lot = self.lot(serial);
        let mut line = json!({ "item_id": lot["item"]["id"], "lot_id": lot["id"], "quantity": "1" });
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        line
    }
}

/// Pointers and codes of the fields at fault.
fn faults(answer: Answer) -> Vec<String> {
    let problem = answer.problem(ProblemCode::FieldsInvalid);
    let error = |error: &Value| format!("{} {}", error["pointer"], error["code"]).replace('"', "");
    problem["errors"].as_array().unwrap().iter().map(error).collect()
}

#[test]
fn a_run_of_serial_numbers_is_one_line_of_paper_and_a_lot_of_one_for_each_piece() {
    let there = there();
    let receipt = there.receive("200", json!({ "serials": run("D-", "001", "200"), "batch_code": "B-7" })).ok();
    let lines = receipt["lines"].as_array().unwrap();
    assert_eq!((lines.len(), &lines[199]["lot"]["code"], &lines[199]["quantity"]), (200, &json!("D-200"), &json!("1")));
    let by_batch = there.crew.clerk.get("/lots?batch_code=B-7&limit=500").ok();
    assert_eq!(by_batch["items"].as_array().unwrap().len(), 200);
    let found = there.crew.clerk.get("/search?q=B-7").ok();
    assert!(found.to_string().contains("D-0"), "{found}");
    let listed = json!({ "serials": { "list": ["X-9", "X-4"] } });
    assert_eq!(there.receive("2", listed).ok()["lines"][1]["lot"]["code"], "X-4");
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

#[test]
fn a_serial_number_is_one_piece_and_named_once() {
    let there = there();
    let refused = |quantity: &str, more: Value| faults(there.receive(quantity, more));
    assert_eq!(refused("2", json!({ "lot_code": "D-1" })), ["/lines/0/quantity serial_quantity_not_one"]);
    assert_eq!(refused("1", json!({})), ["/lines/0/lot_code lot_required"]);
    let three = json!({ "serials": run("D-", "1", "3") });
    assert_eq!(refused("2", three), ["/lines/0/serials serial_count_differs"]);
    assert_eq!(
        refused("2", json!({ "serials": run("D-", "2", "1") })),
        ["/lines/0/serials/run/last field_out_of_range"]
    );
    let twice = json!({ "serials": { "list": ["D-1", "D-1"] } });
    assert_eq!(refused("2", twice), ["/lines/0/serials line_duplicate"]);
    let both = json!({ "lot_code": "D-1", "serials": run("D-", "1", "2") });
    assert_eq!(refused("2", both), ["/lines/0/lot_code field_not_allowed"]);
    let spaced = json!({ "serials": run("D 1 ", "1", "2"), "batch_code": "B 1" });
    assert_eq!(
        refused("2", spaced),
        ["/lines/0/batch_code field_format", "/lines/0/serials field_format", "/lines/0/lot_code field_format",]
    );
    assert_eq!(ProblemCode::SerialCountDiffers.as_str(), "serial_count_differs");
    there.receive("2", json!({ "serials": run("D-", "1", "2") })).ok();
    assert_eq!(refused("2", json!({ "serials": run("D-", "2", "3") })), ["/lines/0/serials lot_code_taken"]);
    assert_eq!(count(&mut there.app.database.owner(), "SELECT count(*) AS count FROM lot"), 2);
    let bar = there.crew.item("RM-BAR", "kg", "lot");
    let receipt = json!({ "supplier_id": there.contract.supplier["id"], "delivery_note": "DN-2", "lines": [{
        "item_id": bar["id"], "quantity": "2", "unit_id": bar["unit"]["id"], "serials": run("D-", "1", "2"),
        "batch_code": "B-1",
    }] });
    assert_eq!(
        faults(there.crew.warehouse.post("/receipts", &receipt)),
        ["/lines/0/batch_code field_not_allowed", "/lines/0/serials field_not_allowed",]
    );
}

#[test]
fn a_number_that_was_received_by_mistake_is_received_again_where_it_belongs() {
    let there = there();
    let wrong = there.receive("3", json!({ "serials": run("D-", "1", "3") })).ok();
    let path = format!("/receipts/{}/reversal", id(&wrong));
    let undone = json!({ "reason": "wrong delivery note" });
    there.crew.warehouse.post_version(&path, &wrong["version"], &undone).ok();
    assert_eq!(there.places("D-2"), Vec::<String>::new());
    let right = there.receive("3", json!({ "serials": run("D-", "1", "3") })).ok();
    assert_ne!(right["lines"][1]["lot"]["id"], wrong["lines"][1]["lot"]["id"]);
    assert_eq!(there.places("D-2"), ["quarantine 1"]);
    let third = json!({ "serials": run("D-", "1", "3") });
    assert_eq!(faults(there.receive("3", third)), ["/lines/0/serials lot_code_taken"; 3]);
    // The label leads to the piece that is there.
    for line in right["lines"].as_array().unwrap() {
        there.crew.release_lot(&line["lot"]);
    }
    let pick = there.crew.pick(&there.crew.approve(&there.crew.requisition(&there.crew.order(&there.contract, "1"))));
    let scan = json!({ "raw": pick["lines"][0]["lot"]["code"], "capture": "wedge" });
    there.crew.warehouse.post(&format!("/picks/{}/scans", id(&pick)), &scan).ok();
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

#[test]
fn more_pieces_than_one_document_holds_are_refused_and_not_an_error() {
    let there = there();
    let line = |prefix: &str| json!({ "item_id": there.drive["id"], "quantity": "1500", "direction": "in", "serials": run(prefix, "0001", "1500") });
    let document = json!({ "kind": "production", "lines": [line("A-"), line("B-")] });
    assert!(faults(there.paper(&document)).contains(&"/lines lines_missing".to_owned()));
}

#[test]
fn a_serial_number_is_followed_from_the_supplier_to_the_customer() {
    let there = there();
    there.drives(4);
    let order = there.crew.order(&there.contract, "4");
    let note = there.issued_by_label(&order);
    assert_eq!(there.places("D-01"), ["in_transit_out 1"]);
    let login = portal_login(&there.contract);
    there.app.acme.portal_member(&there.app.database, &login, id(&there.contract.subcontractor).parse().unwrap());
    let portal = there.app.client(&login);
    let confirm = |good: [&str; 4], damaged: &str| {
        let line = |(number, good): (usize, &str)| {
            let damaged = if number == 0 { damaged } else { "0" };
            json!({ "line_number": number + 1, "good_quantity": good, "damaged_quantity": damaged, "remark": "as seen" })
        };
        let lines: Vec<_> = good.into_iter().enumerate().map(line).collect();
        let path = format!("/portal/deliveries/{}/confirmation", id(&note));
        portal.post_version(&path, &note["version"], &json!({ "lines": lines }))
    };
    assert_eq!(faults(confirm(["1", "1", "1", "0"], "1")), ["/lines/0/good_quantity serial_quantity_not_one"]);
    confirm(["1", "1", "1", "0"], "0").ok();
    assert_eq!(
        (there.places("D-03"), there.places("D-04")),
        (vec!["subcontractor_custody 1".to_owned()], vec!["claim 1".to_owned()],)
    );
    // Two pumps, each with its drive; the third drive goes back.
    let used = |serial: &str| json!([there.line(serial, json!({}))]);
    let pumps = json!([
        { "lot_code": "P-1", "batch_code": "PB-1", "good_quantity": "1", "uses": used("D-01") },
        { "lot_code": "P-2", "batch_code": "PB-1", "good_quantity": "1", "uses": used("D-02") },
    ]);
    let receipt = there.crew.finished(&order, &pumps).ok();
    assert_eq!(
        (there.places("D-01"), there.places("P-1")),
        (vec!["consumed 1".to_owned()], vec!["quarantine 1".to_owned()])
    );
    let again = json!([{ "lot_code": "P-3", "good_quantity": "1", "uses": used("D-01") }]);
    assert_eq!(faults(there.crew.finished(&order, &again)), ["/lines/0/uses/0/quantity custody_insufficient"]);
    let known = json!([{ "lot_code": "P-1", "good_quantity": "1", "uses": used("D-03") }]);
    assert_eq!(faults(there.crew.finished(&order, &known)), ["/lines/0/lot_code finished_lot_foreign"]);
    let back = |lines: Value| json!({ "kind": "return", "order_id": order["id"], "reason": "left over at the end", "lines": lines });
    let twice = json!([there.line("D-03", json!({})), there.line("D-03", json!({}))]);
    assert_eq!(faults(there.paper(&back(twice))), ["/lines/1 line_duplicate"]);
    there.paper(&back(json!([there.line("D-03", json!({}))]))).ok();
    assert_eq!(there.places("D-03"), ["in_transit_in 1"]);
    let gone = there.paper(&back(json!([there.line("D-01", json!({}))])));
    let problem = gone.problem(ProblemCode::SerialElsewhere);
    assert!(problem["detail"].as_str().unwrap().contains("CONSUMED"), "{problem}");
    there.crew.release_lot(&receipt["lines"][0]["lot"]);
    let customer = there.crew.customer("CUS-A");
    let store = there.crew.location("STORE");
    let sold = json!({
        "kind": "dispatch", "customer_id": customer["id"], "contact": "Hafenstrasse 8, Hamburg",
        "lines": [there.line("P-1", json!({ "from_location_id": store["id"] }))],
    });
    there.paper(&sold).ok();
    assert_eq!(there.places("P-1"), ["customer 1"]);
    let record = there.crew.clerk.get("/sales-records").ok();
    assert_eq!(record["items"][0]["udi"], "(01)06901234567892(10)PB-1(21)P-1");
    there.paper(&sold).problem(ProblemCode::SerialElsewhere);
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

#[test]
fn finished_pieces_of_a_run_each_get_their_share_of_what_was_used() {
    let there = there();
    let (film, bar) = (there.crew.item("PK-FILM", "pcs", "lot"), there.crew.item("RM-BAR", "kg", "lot"));
    let product = there.crew.item("FG-PIN", "pcs", "serial");
    let operation = there.crew.operation("PACK");
    let bom = there.crew.bom(&product, &operation, &[(&bar, "1"), (&film, "1")]);
    let contract = Contract { operation, product, bom, bar: bar.clone(), ..there.contract.clone() };
    for (item, lot, quantity) in [(&bar, "L-1", "20"), (&film, "L-2", "10")] {
        there.crew.release(&there.crew.receive(&contract.supplier, item, (lot, quantity)));
    }
    let order = there.crew.confirmed(&there.app, &contract, "200");
    let uses = json!([
        { "item_id": bar["id"], "lot_id": there.lot("L-1")["id"], "quantity": "1" },
        { "item_id": film["id"], "lot_id": there.lot("L-2")["id"], "quantity": "1" },
    ]);
    let line = |first: &str, last: &str, uses: &Value| {
        let mut line = json!({ "serials": run("P-", first, last), "batch_code": "PB-9", "good_quantity": "100" });
        line["uses"] = uses.clone();
        json!([line])
    };
    let receipt = there.crew.finished(&order, &line("001", "100", &uses)).ok();
    assert_eq!(receipt["lines"][99]["batch_code"], "PB-9");
    // One film for a hundred pins: every pin leads back to the film all the same, also when nobody says so.
    let linked = |certainty: &str| {
        let links = format!(
            "SELECT count(DISTINCT child_lot_id) AS count FROM lot_link k JOIN lot p ON p.id = k.parent_lot_id
             WHERE p.code = 'L-2' AND k.certainty {certainty}"
        );
        count(&mut there.app.database.owner(), &links)
    };
    assert_eq!(linked("= 'declared'"), 100);
    there.crew.finished(&order, &line("101", "200", &Value::Null)).ok();
    assert_eq!(linked("IN ('inferred', 'default')"), 100);
    let account = there.crew.account(&order);
    let consumed: Vec<_> = account["lines"].as_array().unwrap().iter().map(|line| line["consumed"].clone()).collect();
    assert_eq!((consumed, &account["proved"]), (vec![json!("2"), json!("2")], &json!(true)));
    assert_eq!(account["obstacles"], json!([]));
}

#[test]
fn what_the_books_say_elsewhere_cannot_be_found_on_a_shelf() {
    let there = there();
    there.drives(2);
    there.crew.confirmed(&there.app, &there.contract, "1");
    let store = there.crew.location("STORE");
    let at_store = json!({ "from_location_id": store["id"] });
    let found = json!({ "kind": "count", "lines": [there.line("D-01", at_store.clone())] });
    let counted = there.paper(&found).ok();
    let waiting = there.crew.approver.get("/approvals?state=pending&limit=500").ok();
    let row = waiting["items"].as_array().unwrap().iter().find(|row| row["document"]["id"] == counted["id"]).unwrap();
    let path = format!("/approvals/{}/decisions", id(row));
    let decided = there.crew.approver.post(&path, &json!({ "decision": "approve", "reason": "seen with my eyes" }));
    let problem = decided.problem(ProblemCode::SerialElsewhere);
    assert!(problem["detail"].as_str().unwrap().contains("SUB-A"), "{problem}");
    let moved = json!({ "kind": "scrap", "reason": "dropped on the floor", "lines": [there.line("D-01", at_store)] });
    there.paper(&moved).problem(ProblemCode::SerialElsewhere);
    assert_eq!(there.places("D-01"), ["subcontractor_custody 1"]);
}

#[test]
fn the_database_itself_keeps_a_serial_number_in_one_place_also_when_two_write_at_once() {
    let there = there();
    there.drives(1);
    let places = texts(
        &mut there.app.database.owner(),
        "SELECT p.id::text AS text FROM location p WHERE p.code IN ('LINE', 'QUARANTINE') ORDER BY p.code",
    );
    let put = |place: &str, pieces: &str| {
        format!(
            "INSERT INTO stock_balance (org_id, location_id, item_id, lot_id, status, location_kind, on_hand)
             SELECT org_id, '{place}', item_id, id, 'blocked', 'own_stock', {pieces} FROM lot WHERE code = 'D-01'"
        )
    };
    let mut owner = there.app.database.owner();
    let refused = owner.batch_execute(&put(&places[0], "1")).unwrap_err().to_string();
    assert!(refused.contains("more than one place"), "{refused}");
    owner.batch_execute("UPDATE stock_balance SET on_hand = 0").unwrap();
    let refused = owner.batch_execute(&put(&places[0], "2")).unwrap_err().to_string();
    assert!(refused.contains("more than one place"), "{refused}");
    owner.batch_execute(&format!("BEGIN; {}", put(&places[0], "1"))).unwrap();
    let mut other = there.app.database.owner();
    let second = put(&places[1], "1");
    let late = thread::spawn(move || other.batch_execute(&second).map_err(|error| error.to_string()));
    there.app.database.wait_for_blocked(1);
    owner.batch_execute("COMMIT").unwrap();
    let refused = late.join().unwrap().unwrap_err();
    assert!(refused.contains("more than one place"), "{refused}");
    assert_eq!(there.places("D-01"), ["wip 1"]);
}

#[test]
fn a_relabelled_piece_is_another_number_and_the_old_one_is_gone() {
    let there = there();
    there.drives(1);
    let store = there.crew.location("STORE");
    let relabel = json!({
        "kind": "repack", "reason": "label was not readable", "lines": [
            there.line("D-01", json!({ "from_location_id": store["id"] })),
            { "direction": "in", "item_id": there.drive["id"], "lot_code": "D-99", "quantity": "1" },
        ],
    });
    there.paper(&relabel).ok();
    assert_eq!(
        (there.places("D-01"), there.places("D-99")),
        (vec!["consumed 1".to_owned()], vec!["own_stock 1".to_owned()])
    );
    let now = there.lot("D-99");
    assert_eq!(
        (&now["batch_code"], &now["supplier"]["code"], &now["status"]),
        (&json!("B-7"), &json!("SUP-A"), &json!("released"),)
    );
    there.paper(&relabel).problem(ProblemCode::LotCodeTaken);
}

#[test]
fn a_split_lot_keeps_its_origin_and_a_merged_one_what_its_parts_have_in_common() {
    let there = there();
    let bar = there.crew.item("RM-BAR", "kg", "lot");
    let lot = |code: &str, supplier_lot: &str, expires: &str| {
        let line = json!({
            "item_id": bar["id"], "quantity": "10", "unit_id": bar["unit"]["id"], "lot_code": code,
            "supplier_lot": supplier_lot, "certificate_number": format!("C-{supplier_lot}"), "expires_on": expires,
        });
        let receipt = json!({ "supplier_id": there.contract.supplier["id"], "delivery_note": code, "lines": [line] });
        there.crew.release(&there.crew.warehouse.post("/receipts", &receipt).ok());
    };
    lot("L-1", "H-1", "2027-06-30");
    lot("L-2", "H-2", "2027-03-31");
    let store = there.crew.location("STORE");
    let taken = |code: &str, quantity: &str| {
        let mut line = there.line(code, json!({ "from_location_id": store["id"] }));
        line["quantity"] = json!(quantity);
        line
    };
    let made = |code: &str, quantity: &str| json!({ "direction": "in", "item_id": bar["id"], "lot_code": code, "quantity": quantity });
    let repack = |lines: Value| {
        there.paper(&json!({ "kind": "repack", "reason": "smaller bundles for the line", "lines": lines }))
    };
    repack(json!([taken("L-1", "4"), made("S-1", "1"), made("S-2", "3")])).ok();
    let split = there.lot("S-2");
    let origin = |lot: &Value| {
        format!("{} {} {}", lot["supplier_lot"], lot["certificate_number"], lot["expires_on"]).replace('"', "")
    };
    assert_eq!(origin(&split), "H-1 C-H-1 2027-06-30");
    repack(json!([taken("L-1", "2"), taken("L-2", "2"), made("M-1", "4")])).ok();
    assert_eq!(origin(&there.lot("M-1")).trim(), "2027-03-31", "of two origins the links tell");
    repack(json!([taken("L-1", "1"), made("S-3", "2")])).problem(ProblemCode::FieldsInvalid);
    let twice = repack(json!([taken("L-1", "2"), made("S-4", "1"), made("S-4", "1")]));
    assert_eq!(faults(twice), ["/lines/2 line_duplicate"]);
}
