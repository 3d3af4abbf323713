use serde_json::json;

use super::World;
use crate::support::{Crew, id};

#[test]
fn every_figure_of_a_lot_unfolds_to_who_has_it_and_why_it_is_held() {
    let world = World::make();
    let (first, _) = (world.lot("L-1", "20", "2026-06-30"), world.lot("L-2", "8", "2026-09-30"));
    let waiting = world.crew.receive(&world.contract.supplier, &world.contract.bar, ("L-3", "5"));
    let order = world.crew.order(&world.contract, "1000");
    world.reserve(&order, "3", json!({ "lot_id": first["id"], "reason": "sample run" })).ok();
    let other = world.crew.order(&world.contract, "400");
    world.crew.pick(&world.crew.approve(&world.crew.requisition(&other)));
    world.crew.confirmed(&world.app, &world.contract, "200");
    let promise = world.promise("");
    let sum = &promise["sum"];
    // 20 + 8 + 5 received, 2 issued; 4 being picked, 3 reserved, 5 in quarantine.
    assert_eq!(
        (&sum["on_hand"], &sum["hard_reserved"], &sum["soft_reserved"]),
        (&json!("31"), &json!("4"), &json!("3"))
    );
    assert_eq!((&sum["held"], &sum["available"], &sum["waiting"]), (&json!("5"), &json!("19"), &json!("5")));
    assert_eq!((&sum["in_custody"], &promise["outside"][0]["on_hand"]), (&json!("2"), &json!("2")));
    let lots = promise["lots"].as_array().unwrap();
    let codes: Vec<_> = lots.iter().map(|lot| lot["lot"]["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["L-1", "L-2", "L-3"]);
    assert_eq!((&lots[0]["available"], &lots[0]["promisable_until"]), (&json!("11"), &json!("2026-06-30")));
    let reserved = lots[0]["reservations"].as_array().unwrap();
    let soft = reserved.iter().find(|reservation| reservation["soft"] == true).unwrap();
    assert_eq!((&soft["document"]["number"], &soft["reason"]), (&order["number"], &json!("sample run")));
    assert_eq!(
        (&soft["expires_at"], &soft["created_by"]["display_name"]),
        (&json!("2026-03-09T01:00:00Z"), &json!("clerk"))
    );
    let hard = reserved.iter().find(|reservation| reservation["soft"] == false).unwrap();
    assert_eq!((&hard["document"]["kind"], &hard["order"]["number"]), (&json!("pick"), &other["number"]));
    let held = &lots[2]["positions"][0];
    assert_eq!((&held["hold"], &held["document"]["number"]), (&json!("quarantine"), &waiting["number"]));
}

#[test]
fn a_blocked_lot_is_held_by_the_decision_that_blocked_it_and_promised_to_nobody() {
    let world = World::make();
    let lot = world.lot("L-1", "20", "2026-06-30");
    let order = world.crew.order(&world.contract, "1000");
    world.reserve(&order, "3", json!({})).ok();
    let lot = world.crew.quality.get(&format!("/lots/{}", id(&lot))).ok();
    let block = json!({ "decision": "block", "reason": "crack found on arrival" });
    world.crew.quality.post_version(&format!("/lots/{}/decisions", id(&lot)), &lot["version"], &block).ok();
    let promise = world.promise("quantity=1");
    let held = &promise["lots"][0]["positions"][0];
    assert_eq!((&held["hold"], &held["on_hand"]), (&json!("blocked"), &json!("20")));
    assert_eq!(held["decision"]["reason"], "crack found on arrival");
    assert_eq!((&promise["promisable"], &promise["earliest_on"]), (&json!("0"), &json!(null)));
    let lost = &world.reservations(&order)[0];
    assert_eq!((&lost["state"], &lost["settled_reason"]), (&json!("voided"), &json!("crack found on arrival")));
    world.assert_sound();
}

#[test]
fn what_can_be_promised_on_a_date_follows_expiry_needs_and_safety_stock() {
    let world = World::make();
    world.lot("L-1", "6", "2026-03-15");
    world.lot("L-2", "10", "2027-01-01");
    // Due on 1 May; 7 kg not even requested yet.
    let order = world.crew.order(&world.contract, "700");
    let promise = world.promise("on=2026-03-15&quantity=9");
    // 16 are there and 7 are needed in May; the six that expire are best given away before.
    assert_eq!((&promise["promisable"], &promise["earliest_on"]), (&json!("9"), &json!("2026-03-15")));
    let after = world.promise("on=2026-03-16&quantity=9");
    assert_eq!((&after["promisable"], &after["earliest_on"]), (&json!("3"), &json!(null)));
    let days = after["days"].as_array().unwrap();
    let dates: Vec<_> = days.iter().map(|day| day["on"].as_str().unwrap()).collect();
    assert_eq!(dates, ["2026-03-02", "2026-03-16", "2026-05-01", "2027-01-02"]);
    assert_eq!((&days[1]["events"][0]["kind"], &days[1]["events"][0]["quantity"]), (&json!("expiry"), &json!("-6")));
    assert_eq!(days[2]["events"][0]["document"]["number"], order["number"]);
    assert_eq!(days[2]["projected"], "3");
    // A reservation of its own covers the need: it counts once, not twice.
    world.reserve(&order, "7", json!({})).ok();
    let covered = world.promise("");
    assert_eq!((&covered["demands"][0]["covered"], &covered["sum"]["available"]), (&json!("7"), &json!("9")));
    assert_eq!((&covered["days"][0]["promisable"], &covered["days"][0]["projected"]), (&json!("9"), &json!("9")));
    let mut bar = world.crew.clerk.get(&format!("/items/{}", id(&world.contract.bar))).ok();
    let version = bar["version"].clone();
    let fields = bar.as_object_mut().unwrap();
    let unit = fields.remove("unit").unwrap();
    fields.remove("id");
    fields.remove("owner");
    fields.remove("version");
    fields.insert("unit_id".into(), unit["id"].clone());
    fields.insert("safety_stock".into(), json!("4"));
    world.crew.clerk.put(&format!("/items/{}", id(&world.contract.bar)), &version, &bar).ok();
    assert_eq!(world.promise("")["promisable"], "5");
}

#[test]
fn an_open_order_brings_its_product_on_its_due_date_and_not_when_it_is_overdue() {
    let world = World::make();
    let order = world.crew.order(&world.contract, "500");
    let ask = |question: &str| {
        world.crew.clerk.get(&format!("/items/{}/promise?{question}", id(&world.contract.product))).ok()
    };
    let promise = ask("quantity=400");
    assert_eq!((&promise["promisable"], &promise["earliest_on"]), (&json!("0"), &json!("2026-05-01")));
    assert_eq!(promise["inbound"][0]["document"]["number"], order["number"]);
    assert_eq!(ask("quantity=501")["earliest_on"], json!(null));
    world.app.clock.advance(chrono::TimeDelta::days(70));
    let crew = Crew::of(&world.app, &world.app.acme);
    let late = crew.clerk.get(&format!("/items/{}/promise?quantity=400", id(&world.contract.product))).ok();
    assert_eq!((&late["inbound"][0]["counted"], &late["earliest_on"]), (&json!(false), &json!(null)));
}
