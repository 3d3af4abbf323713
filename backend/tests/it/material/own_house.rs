//! What moves, is made and is sold in the own house.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::there;
use crate::support::books::contradictions;
use crate::support::material::id;

#[test]
fn in_the_own_house_material_moves_goes_to_the_line_comes_back_and_is_destroyed() {
    let there = there();
    let (store, quarantine) = (there.crew.location("STORE"), there.crew.location("QUARANTINE"));
    let document = |kind: &str, quantity: &str, ends: [(&str, &Value); 2]| {
        let mut line = there.line(quantity);
        for (field, place) in ends {
            if !place.is_null() {
                line[field] = place["id"].clone();
            }
        }
        json!({ "kind": kind, "reason": "for the work order", "lines": [line] })
    };
    let (from, to) = ("from_location_id", "to_location_id");
    there.post(&document("line_issue", "4", [(from, &store), (to, &Value::Null)])).ok();
    assert!(there.shelf().contains(&"LINE available 4".to_owned()), "{:?}", there.shelf());
    there.post(&document("line_return", "1", [(from, &Value::Null), (to, &store)])).ok();
    let scrapped = there.post(&document("scrap", "2", [(from, &store), (to, &Value::Null)])).ok();
    assert!(there.shelf().contains(&"STORE available 10".to_owned()), "{:?}", there.shelf());
    there.reverse(&scrapped).ok();
    assert!(there.shelf().contains(&"STORE available 12".to_owned()), "{:?}", there.shelf());
    // A move keeps the status; quarantine is no way around quality.
    there.post(&document("move", "1", [(from, &store), (to, &quarantine)])).ok();
    assert!(there.shelf().contains(&"QUARANTINE available 1".to_owned()), "{:?}", there.shelf());
    // Nothing moves from a shelf to itself.
    let faults = there.faults(&document("move", "1", [(from, &store), (to, &store)]));
    assert_eq!(faults, ["/lines/0/to_location_id field_not_allowed"]);
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

#[test]
fn a_lot_on_hold_does_not_go_to_the_line() {
    let there = there();
    let lot = there.crew.quality.get(&format!("/lots/{}", id(&there.lot))).ok();
    let block = json!({ "decision": "block", "reason": "hardness in doubt" });
    there.crew.quality.post_version(&format!("/lots/{}/decisions", id(&lot)), &lot["version"], &block).ok();
    let mut line = there.line("1");
    line["from_location_id"] = there.crew.location("STORE")["id"].clone();
    let document = json!({ "kind": "line_issue", "reason": "for the work order", "lines": [line] });
    there.post(&document).problem(ProblemCode::LotStatusForbids);
}

/// Ten kilograms at the line.
fn at_the_line(there: &super::There) {
    let mut line = there.line("10");
    line["from_location_id"] = there.crew.location("STORE")["id"].clone();
    there.post(&json!({ "kind": "line_issue", "reason": "for the work order", "lines": [line] })).ok();
}

fn production(there: &super::There, taken: &str, made: &[(&str, &str)]) -> Value {
    let product = &there.contract.product["id"];
    let mut lines = vec![there.line(taken)];
    lines.extend(made.iter().map(|(code, quantity)| {
        json!({ "direction": "in", "item_id": product, "lot_code": code, "quantity": quantity,
            "manufactured_on": "2026-03-01", "expires_on": "2028-03-01" })
    }));
    json!({ "kind": "production", "lines": lines })
}

#[test]
fn what_a_line_makes_waits_for_quality_is_worth_what_it_took_and_is_sold_with_a_sales_record() {
    let there = there();
    at_the_line(&there);
    let made = there.post(&production(&there, "3", &[("P-1", "200"), ("P-2", "100")])).ok();
    let lot = made["lines"][1]["lot"].clone();
    assert_eq!((&lot["code"], &lot["status"]), (&json!("P-1"), &json!("quarantine")));
    let links = "SELECT p.code || ' → ' || c.code || ' ' || trim_scale(k.quantity) || ' ' || k.certainty AS text
        FROM lot_link k JOIN lot p ON p.id = k.parent_lot_id JOIN lot c ON c.id = k.child_lot_id ORDER BY 1";
    let links = crate::support::db::texts(&mut there.app.database.owner(), links);
    assert_eq!(links, ["L-1 → P-1 2 declared", "L-1 → P-2 1 declared"]);
    let worth = "SELECT DISTINCT trim_scale(unit_cost)::text AS text FROM lot WHERE code LIKE 'P-%'";
    assert_eq!(crate::support::db::texts(&mut there.app.database.owner(), worth), ["6"]);

    let customer = there.crew.customer("CUS-A");
    let sale = json!({
        "kind": "dispatch", "customer_id": customer["id"], "contact": "No. 1 Hospital, 骨科 李主任, 0512-1", "delivery_note": "SO-7",
        "lines": [{ "item_id": there.contract.product["id"], "lot_id": lot["id"], "quantity": "50",
            "from_location_id": there.crew.location("STORE")["id"] }],
    });
    // Not before quality released it.
    there.post(&sale).problem(ProblemCode::LotStatusForbids);
    let known = there.crew.quality.get(&format!("/lots/{}", id(&lot))).ok();
    let release = json!({ "decision": "release", "reason": "dimensions in order" });
    there.crew.quality.post_version(&format!("/lots/{}/decisions", id(&lot)), &known["version"], &release).ok();
    let sold = there.post(&sale).ok();
    let record = there.crew.clerk.get(&format!("/sales-records?lot_id={}", id(&lot))).ok()["items"][0].clone();
    assert_eq!((&record["number"], &record["quantity"]), (&sold["number"], &json!("50")));
    assert_eq!((&record["customer"]["code"], &record["lot"]["code"]), (&json!("CUS-A"), &json!("P-1")));
    assert_eq!((&record["lot"]["expires_on"], &record["reversed"]), (&json!("2028-03-01"), &json!(false)));
    assert!(record["contact"].as_str().unwrap().contains("李主任"));
    // What was sold from is not unmade any more; the sale itself comes back.
    let problem = there.reverse(&made).problem(ProblemCode::LaterMovementExists);
    assert!(problem["detail"].as_str().unwrap().contains(sold["number"].as_str().unwrap()), "{problem}");
    there.reverse(&sold).ok();
    let record = there.crew.clerk.get(&format!("/sales-records?lot_id={}", id(&lot))).ok()["items"][0].clone();
    assert_eq!(record["reversed"], true);
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

#[test]
fn a_udi_is_printed_with_the_sales_record_as_it_stands_on_the_label() {
    let there = there();
    let mut product = there.crew.clerk.get(&format!("/items/{}", id(&there.contract.product))).ok();
    let version = product["version"].take();
    let write = json!({
        "code": product["code"], "name": product["name"], "kind": "product", "tracking": "lot",
        "unit_id": product["unit"]["id"], "storage_class": "ambient", "active": true, "gtin": "06901234567892",
        "specification": "M3×12, Ti-6Al-4V",
    });
    let item = there.crew.clerk.put(&format!("/items/{}", id(&product)), &version, &write);
    item.ok();
    at_the_line(&there);
    let made = there.post(&production(&there, "1", &[("P-1", "100")])).ok();
    there.crew.release_lot(&made["lines"][1]["lot"]);
    let sale = json!({
        "kind": "dispatch", "customer_id": there.crew.customer("CUS-A")["id"], "contact": "No. 1 Hospital",
        "lines": [{ "item_id": product["id"], "lot_id": made["lines"][1]["lot"]["id"], "quantity": "1",
            "from_location_id": there.crew.location("STORE")["id"] }],
    });
    there.post(&sale).ok();
    let record = there.crew.clerk.get("/sales-records").ok()["items"][0].clone();
    assert_eq!(record["udi"], "(01)06901234567892(17)280301(10)P-1");
    assert_eq!(record["specification"], "M3×12, Ti-6Al-4V");
}

#[test]
fn undone_production_gives_back_what_it_took_and_leaves_no_lot_in_use() {
    let there = there();
    at_the_line(&there);
    let made = there.post(&production(&there, "3", &[("P-1", "300")])).ok();
    assert!(there.shelf().contains(&"LINE available 7".to_owned()), "{:?}", there.shelf());
    there.reverse(&made).ok();
    assert!(there.shelf().contains(&"LINE available 10".to_owned()), "{:?}", there.shelf());
    let lot = there.crew.quality.get(&format!("/lots/{}", id(&made["lines"][1]["lot"]))).ok();
    assert_eq!((&lot["status"], &lot["own_quantity"]), (&json!("scrapped"), &json!("0")));
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

#[test]
fn what_is_made_is_made_of_something_and_of_what_stood_at_the_line() {
    let there = there();
    at_the_line(&there);
    let mut nothing = production(&there, "1", &[("P-1", "100")]);
    nothing["lines"].as_array_mut().unwrap().remove(0);
    assert_eq!(there.faults(&nothing), [format!("/lines {}", ProblemCode::NothingMade)]);
    there.post(&production(&there, "10.001", &[("P-1", "100")])).problem(ProblemCode::StockInsufficient);
    let mut hidden = production(&there, "1", &[("P-1", "100")]);
    hidden["lines"][0]["from_status"] = json!("blocked");
    assert_eq!(there.faults(&hidden), ["/lines/0/from_status field_not_allowed"]);
    let future = {
        let mut document = production(&there, "1", &[("P-1", "100")]);
        document["lines"][1]["manufactured_on"] = json!("2027-01-01");
        document
    };
    assert_eq!(there.faults(&future), ["/lines/1/manufactured_on time_in_future"]);
    there.post(&production(&there, "1", &[("P-1", "100")])).ok();
    there.post(&production(&there, "1", &[("P-1", "100")])).problem(ProblemCode::LotCodeTaken);
}

fn repack(there: &super::There, taken: &[(&Value, &str)], made: &[(&str, &str)]) -> Value {
    let bar = &there.contract.bar["id"];
    let store = there.crew.location("STORE");
    let taken = taken.iter().map(|(lot, quantity)| {
        json!({ "item_id": bar, "lot_id": lot["id"], "quantity": quantity, "from_location_id": store["id"] })
    });
    let made = made
        .iter()
        .map(|(code, quantity)| json!({ "direction": "in", "item_id": bar, "lot_code": code, "quantity": quantity }));
    let lines: Vec<Value> = taken.chain(made).collect();
    json!({ "kind": "repack", "reason": "bundles split for picking", "lines": lines })
}

#[test]
fn a_lot_is_split_and_merged_and_keeps_its_status_expiry_and_place() {
    let there = there();
    there.post(&repack(&there, &[(&there.lot, "6")], &[("L-1A", "4"), ("L-1B", "2")])).ok();
    assert_eq!(there.shelf().last().map(String::as_str), Some("SUB-A-CUSTODY available 5"));
    let other = there.crew.released_lot(&there.contract, ("L-2", "10"));
    let merged = there.post(&repack(&there, &[(&there.lot, "4"), (&other, "6")], &[("L-M", "10")])).ok();
    let lot = there.crew.clerk.get(&format!("/lots/{}", id(&merged["lines"][2]["lot"]))).ok();
    assert_eq!((&lot["status"], &lot["expires_on"]), (&json!("released"), &json!("2027-03-01")));
    assert_eq!(lot["own_quantity"], "10");
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

#[test]
fn repacking_changes_neither_quantity_nor_item_and_hides_no_hold() {
    let there = there();
    let code = |document: &Value| there.faults(document);
    let unequal = [format!("/lines {}", ProblemCode::RepackUnequal)];
    assert_eq!(code(&repack(&there, &[(&there.lot, "6")], &[("X", "5")])), unequal);
    let waiting = there.crew.receive(&there.contract.supplier, &there.contract.bar, ("L-2", "10"));
    let waiting = waiting["lines"][0]["lot"].clone();
    let mut mixed = repack(&there, &[(&there.lot, "1"), (&waiting, "1")], &[("X", "2")]);
    let problem = there.post(&mixed).problem(ProblemCode::RepackStatusMixed);
    assert!(problem["detail"].as_str().unwrap().contains("L-2"), "{problem}");
    mixed["lines"][1]["from_status"] = json!("quarantine");
    assert_eq!(code(&mixed), unequal);
}

#[test]
fn a_serial_number_is_one_piece_in_one_place() {
    let there = there();
    at_the_line(&there);
    let unit = there.crew.item("FG-UNIT", "pcs", "serial");
    let mut document = production(&there, "1", &[("S-1", "1"), ("S-2", "2")]);
    for line in [1, 2] {
        document["lines"][line]["item_id"] = unit["id"].clone();
    }
    assert_eq!(there.faults(&document), ["/lines/2/quantity serial_quantity_not_one"]);
    document["lines"][2]["quantity"] = json!("1");
    let made = there.post(&document).ok();
    let serial = there.crew.release_lot(&made["lines"][1]["lot"]);
    let sale = json!({
        "kind": "dispatch", "customer_id": there.crew.customer("CUS-A")["id"], "contact": "No. 1 Hospital",
        "lines": [{ "item_id": unit["id"], "lot_id": serial["id"], "quantity": "1",
            "from_location_id": there.crew.location("STORE")["id"] }],
    });
    there.post(&sale).ok();
    // It is at the customer; nobody sells it a second time.
    let problem = there.post(&sale).problem(ProblemCode::SerialElsewhere);
    assert!(problem["detail"].as_str().unwrap().contains("CUSTOMER"), "{problem}");
}

#[test]
fn only_a_customer_is_sold_to_and_only_with_its_contact() {
    let there = there();
    let sale = json!({
        "kind": "dispatch", "customer_id": there.contract.supplier["id"],
        "lines": [{ "item_id": there.contract.bar["id"], "lot_id": there.lot["id"], "quantity": "1",
            "from_location_id": there.crew.location("STORE")["id"] }],
    });
    assert_eq!(there.faults(&sale), ["/contact field_required", "/customer_id reference_unknown"]);
}

#[test]
fn a_lot_at_the_line_is_blocked_there_and_unblocked_there() {
    let there = there();
    at_the_line(&there);
    let decide = |decision: &str| {
        let lot = there.crew.quality.get(&format!("/lots/{}", id(&there.lot))).ok();
        let body = json!({ "decision": decision, "reason": "hardness in doubt" });
        there.crew.quality.post_version(&format!("/lots/{}/decisions", id(&lot)), &lot["version"], &body).ok();
    };
    decide("block");
    assert!(there.shelf().contains(&"LINE blocked 10".to_owned()), "{:?}", there.shelf());
    decide("unblock");
    assert!(there.shelf().contains(&"LINE available 10".to_owned()), "{:?}", there.shelf());
}

#[test]
fn what_is_written_late_was_there_when_it_happened() {
    let there = there();
    let mut line = there.line("1");
    line["from_location_id"] = there.crew.location("STORE")["id"].clone();
    let scrap =
        |at: &str| json!({ "kind": "scrap", "reason": "fell off the shelf", "occurred_at": at, "lines": [line] });
    // Received and released at nine; an hour before, nobody could destroy any of it.
    there.app.clock.advance(chrono::TimeDelta::hours(3));
    there.post(&scrap("2026-03-02T00:30:00Z")).problem(ProblemCode::StockInsufficientThen);
    there.post(&scrap("2026-03-02T01:30:00Z")).ok();
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

#[test]
fn what_stays_at_the_line_is_released_and_blocked_there() {
    let there = there();
    at_the_line(&there);
    let mut document = production(&there, "3", &[("P-1", "200")]);
    document["lines"][1]["to_location_id"] = there.crew.location("LINE")["id"].clone();
    let lot = there.post(&document).ok()["lines"][1]["lot"].clone();
    let decisions = [
        ("block", "blocked"),
        ("unblock", "quarantine"),
        ("release", "available"),
        ("block", "blocked"),
        ("unblock", "available"),
    ];
    for (decision, status) in decisions {
        let lot = there.crew.quality.get(&format!("/lots/{}", id(&lot))).ok();
        let command = json!({ "decision": decision, "reason": "hardness in doubt" });
        there.crew.quality.post_version(&format!("/lots/{}/decisions", id(&lot)), &lot["version"], &command).ok();
        let stock = there.crew.clerk.get(&format!("/stock?lot_id={}&limit=10", id(&lot))).ok();
        assert_eq!(
            (&stock["items"][0]["location"]["code"], &stock["items"][0]["status"]),
            (&json!("LINE"), &json!(status))
        );
    }
}
