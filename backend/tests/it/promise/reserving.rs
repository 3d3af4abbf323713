use chrono::TimeDelta;
use lotline_common::problem::ProblemCode;
use serde_json::json;

use super::World;
use crate::support::db::count;
use crate::support::{Crew, id};

#[test]
fn a_reservation_lapses_by_itself_and_its_stock_is_free_from_that_moment() {
    let world = World::make();
    world.lot("L-1", "5", "2027-03-01");
    let (one, two) = (world.crew.order(&world.contract, "500"), world.crew.order(&world.contract, "500"));
    let made = world.reserve(&one, "5", json!({})).ok();
    assert_eq!((&made["items"][0]["state"], &made["items"][0]["quantity"]), (&json!("reserved"), &json!("5")));
    let problem = world.reserve(&two, "5", json!({})).problem(ProblemCode::ReservationShort);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains(one["number"].as_str().unwrap()), "{detail}");
    world.app.clock.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
    let world = World { crew: Crew::of(&world.app, &world.app.acme), ..world };
    assert_eq!(world.promise("")["sum"]["available"], "0");
    world.app.clock.advance(TimeDelta::seconds(1));
    // Nobody has touched the row; it counts no more all the same.
    assert_eq!(world.promise("")["sum"]["available"], "5");
    assert_eq!(world.reservations(&one)[0]["state"], "expired");
    let stock = world.crew.clerk.get(&format!("/item-stock?item_id={}", id(&world.contract.bar))).ok();
    assert_eq!(
        (&stock["items"][0]["reserved"], &stock["items"][0]["available_to_promise"]),
        (&json!("0"), &json!("5"))
    );
    world.assert_sound();
    // The next to lock the position settles it.
    world.reserve(&two, "5", json!({})).ok();
    let lapsed = &world.reservations(&one)[0];
    assert_eq!((&lapsed["state"], &lapsed["settled_at"]), (&json!("expired"), &made["items"][0]["expires_at"]));
    let cancel = format!("/reservations/{}/cancellation", id(lapsed));
    let late = world.crew.clerk.post_version(&cancel, &lapsed["version"], &json!({ "reason": "not needed" }));
    late.problem(ProblemCode::StateForbids);
    world.assert_sound();
}

#[test]
fn a_posting_settles_what_has_lapsed_on_the_position_it_locks() {
    let world = World::make();
    let lot = world.lot("L-1", "5", "2027-03-01");
    let order = world.crew.order(&world.contract, "500");
    world.reserve(&order, "5", json!({})).ok();
    let to_the_line = json!({
        "kind": "line_issue", "reason": "for the work order", "lines": [{ "item_id": world.contract.bar["id"],
            "lot_id": lot["id"], "quantity": "5", "from_location_id": world.crew.location("STORE")["id"] }],
    });
    let issue = |crew: &Crew| crew.warehouse.post("/material-documents", &to_the_line);
    issue(&world.crew).problem(ProblemCode::StockInsufficient);
    world.app.clock.advance(TimeDelta::days(8));
    issue(&Crew::of(&world.app, &world.app.acme)).ok();
    let settled = "SELECT count(*) AS count FROM reservation WHERE state = 'expired' AND settled_at = expires_at";
    assert_eq!(count(&mut world.app.database.owner(), settled), 1);
    world.assert_sound();
}

#[test]
fn what_is_urgent_takes_over_what_is_not_and_whoever_lost_it_sees_to_whom_and_why() {
    let world = World::make();
    world.lot("L-1", "5", "2027-03-01");
    let (one, two) = (world.crew.order(&world.contract, "500"), world.crew.order(&world.contract, "300"));
    let made = world.reserve(&one, "5", json!({})).ok();
    let reason = json!({ "take_over_reason": "the customer's line stands still" });
    world.reserve(&two, "3", reason.clone()).problem(ProblemCode::TakeOverNotUrgent);
    let urgent = json!({ "priority": "urgent" });
    let short = world.reserve(&two, "3", urgent.clone()).problem(ProblemCode::ReservationShort);
    assert_eq!(short["figures"]["takeable"], "5");
    let mut both = urgent;
    both.as_object_mut().unwrap().extend(reason.as_object().unwrap().clone());
    let taken = world.reserve(&two, "3", both.clone()).ok();
    assert_eq!(taken["items"][0]["quantity"], "3");
    let lost = world.crew.clerk.get(&format!("/reservations/{}", id(&made["items"][0]))).ok();
    assert_eq!((&lost["state"], &lost["quantity"]), (&json!("taken_over"), &json!("3")));
    assert_eq!(lost["taken_over_by"]["number"], two["number"]);
    assert_eq!(lost["settled_reason"], "the customer's line stands still");
    // What was not taken goes on.
    let left: Vec<_> =
        world.reservations(&one).into_iter().filter(|reservation| reservation["state"] == "reserved").collect();
    assert_eq!((left.len(), &left[0]["quantity"]), (1, &json!("2")));
    let path = format!("/audit-events?aggregate_kind=reservation&aggregate_id={}&sort=id", id(&lost));
    let events = world.crew.auditor.get(&path).ok();
    let actions: Vec<_> = events["items"].as_array().unwrap().iter().map(|event| event["action"].clone()).collect();
    assert_eq!(actions, [json!("created"), json!("taken_over")]);
    // Nobody takes over what is urgent.
    let third = world.crew.order(&world.contract, "400");
    let short = world.reserve(&third, "4", both).problem(ProblemCode::ReservationShort);
    assert_eq!(short["figures"]["takeable"], "2");
    world.assert_sound();
}

#[test]
fn what_is_being_picked_is_never_taken_over() {
    let world = World::make();
    world.lot("L-1", "5", "2027-03-01");
    let (one, two) = (world.crew.order(&world.contract, "500"), world.crew.order(&world.contract, "300"));
    let pick = world.crew.pick(&world.crew.approve(&world.crew.requisition(&one)));
    let urgent = json!({ "priority": "urgent", "take_over_reason": "the customer's line stands still" });
    let short = world.reserve(&two, "1", urgent).problem(ProblemCode::ReservationShort);
    assert_eq!(short["figures"]["takeable"], "0");
    let hard = world.crew.clerk.get(&format!("/reservations?document_id={}", id(&pick))).ok()["items"][0].clone();
    let path = format!("/reservations/{}/cancellation", id(&hard));
    let cancelled = world.crew.clerk.post_version(&path, &hard["version"], &json!({ "reason": "needed elsewhere" }));
    cancelled.problem(ProblemCode::ReservationOfPick);
    world.assert_sound();
}

#[test]
fn picking_takes_what_is_reserved_for_the_order_before_what_expires_first() {
    let world = World::make();
    world.lot("L-1", "9", "2026-06-30");
    let later = world.lot("L-2", "9", "2027-03-01");
    let order = world.crew.order(&world.contract, "500");
    world.reserve(&order, "3", json!({ "lot_id": later["id"] })).ok();
    let requisition = world.crew.approve(&world.crew.requisition(&order));
    assert_eq!(requisition["lines"][0]["stock"]["available"], "18");
    let pick = world.crew.pick(&requisition);
    let lines: Vec<_> = pick["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["lot"]["code"].clone(), line["quantity"].clone()))
        .collect();
    assert_eq!(lines, [(json!("L-2"), json!("3")), (json!("L-1"), json!("2"))]);
    assert_eq!(world.reservations(&order)[0]["state"], "posted");
    world.crew.issue(&world.crew.scan(&pick));
    world.assert_sound();
}

#[test]
fn a_reservation_stays_within_the_need_and_within_thirty_days() {
    let world = World::make();
    let lot = world.lot("L-1", "20", "2027-03-01");
    let order = world.crew.order(&world.contract, "500");
    world.reserve(&order, "3", json!({})).ok();
    let problem = world.reserve(&order, "2.5", json!({})).problem(ProblemCode::ReservationExceedsNeed);
    assert!(problem["detail"].as_str().unwrap().contains('3'), "{problem}");
    let field = |more| {
        let problem = world.reserve(&order, "1", more).problem(ProblemCode::FieldsInvalid);
        (problem["errors"][0]["pointer"].clone(), problem["errors"][0]["code"].clone())
    };
    let late = field(json!({ "expires_at": "2026-04-02T01:00:00Z" }));
    assert_eq!(late, (json!("/expires_at"), json!(ProblemCode::FieldOutOfRange.as_str())));
    assert_eq!(field(json!({ "order_id": null })).1, ProblemCode::FieldRequired.as_str());
    let foreign = json!({ "item_id": world.contract.product["id"] });
    world.reserve(&order, "1", foreign).problem(ProblemCode::ItemNotInOrder);
    let astray = json!({ "lot_id": id(&world.contract.bar) });
    world.reserve(&order, "1", astray).problem(ProblemCode::ReferenceUnknown);
    let one = json!({ "lot_id": lot["id"], "expires_at": "2026-03-03T01:00:00Z" });
    let made = world.reserve(&order, "1", one).ok()["items"][0].clone();
    let path = format!("/reservations/{}/cancellation", id(&made));
    let cancel = |reason: &str| world.crew.clerk.post_version(&path, &made["version"], &json!({ "reason": reason }));
    cancel("no").problem(ProblemCode::ReasonRequired);
    assert_eq!(cancel("not needed any more").ok()["state"], "voided");
    cancel("not needed any more").problem(ProblemCode::StateForbids);
    world.assert_sound();
}

#[test]
fn a_document_that_ends_gives_back_what_is_reserved_for_it() {
    let world = World::make();
    world.lot("L-1", "20", "2027-03-01");
    let order = world.crew.order(&world.contract, "500");
    let requisition = world.crew.requisition(&order);
    let for_it = json!({ "order_id": null, "requisition_id": requisition["id"] });
    world.reserve(&order, "2", for_it.clone()).ok();
    let path = format!("/requisitions/{}/transitions", id(&requisition));
    world.crew.clerk.post_version(&path, &requisition["version"], &json!({ "state": "withdrawn" })).ok();
    assert_eq!(world.reservations(&order)[0]["state"], "voided");
    world.reserve(&order, "2", for_it).problem(ProblemCode::StateForbids);
    world.reserve(&order, "2", json!({})).ok();
    let order = world.crew.clerk.get(&format!("/orders/{}", id(&order))).ok();
    let cancel = json!({ "state": "cancelled", "reason": "the customer withdrew" });
    world.crew.clerk.post_version(&format!("/orders/{}/transitions", id(&order)), &order["version"], &cancel).ok();
    let states: Vec<_> =
        world.reservations(&order).into_iter().map(|reservation| reservation["state"].clone()).collect();
    assert_eq!(states, [json!("voided"), json!("voided")]);
    world.reserve(&order, "2", json!({})).problem(ProblemCode::OrderNotOpen);
    assert_eq!(world.promise("")["sum"]["available"], "20");
    world.assert_sound();
}

#[test]
fn many_who_reserve_pick_and_take_over_the_same_lot_leave_sound_books() {
    let world = World::make();
    world.lot("L-1", "12", "2027-03-01");
    let orders: Vec<_> = (0..8).map(|_| world.crew.order(&world.contract, "400")).collect();
    let requisitions: Vec<_> = orders.iter().map(|order| world.crew.approve(&world.crew.requisition(order))).collect();
    std::thread::scope(|scope| {
        for (place, (order, requisition)) in orders.iter().zip(&requisitions).enumerate() {
            let world = &world;
            scope.spawn(move || {
                let urgent = json!({ "priority": "urgent", "take_over_reason": "in a test of many at once" });
                for more in [json!({}), urgent] {
                    let answer = world.reserve(order, "4", more);
                    assert!(answer.status < 500, "{}", answer.text);
                }
                if place % 2 == 0 {
                    let pick = world.crew.warehouse.post("/picks", &json!({ "requisition_id": requisition["id"] }));
                    assert!(pick.status < 500, "{}", pick.text);
                }
            });
        }
    });
    let promise = world.promise("");
    let sum = &promise["sum"];
    let number = |name: &str| sum[name].as_str().unwrap().parse::<rust_decimal::Decimal>().unwrap();
    assert_eq!(number("hard_reserved") + number("soft_reserved") + number("available"), number("on_hand"));
    assert!(number("hard_reserved") + number("soft_reserved") > rust_decimal::Decimal::ZERO);
    world.assert_sound();
}
