use serde_json::{Value, json};

use super::World;
use crate::support::id;

fn shown<'a>(plan: &'a Value, order: &Value) -> &'a Value {
    let orders = plan["orders"].as_array().unwrap();
    orders.iter().find(|shown| shown["order"]["id"] == order["id"]).unwrap_or_else(|| panic!("not in {plan}"))
}

fn requisition(world: &World, order: &Value, priority: &str) -> Value {
    let lines = json!([{ "item_id": world.contract.bar["id"], "quantity": "5" }]);
    let requisition = json!({
        "order_id": order["id"], "needed_on": "2026-03-20", "priority": priority, "lines": lines, "submit": true,
    });
    world.crew.clerk.post("/requisitions", &requisition).ok()
}

#[test]
fn the_short_lot_goes_to_whom_the_rule_names_and_the_loser_is_told() {
    let world = World::make();
    world.lot("L-1", "7", "2027-03-01");
    let (first, second) = (world.crew.order(&world.contract, "500"), world.crew.order(&world.contract, "500"));
    let plan = world.crew.clerk.get("/kit-check").ok();
    let (won, lost) = (shown(&plan, &first), shown(&plan, &second));
    assert_eq!((&won["rank"], &won["state"], &won["lines"][0]["served"]), (&json!(1), &json!("full"), &json!("5")));
    assert_eq!(
        (&lost["rank"], &lost["state"], &lost["lines"][0]["short"]),
        (&json!(2), &json!("partial"), &json!("3"))
    );
    let taker = &lost["lines"][0]["takers"][0];
    assert_eq!((&taker["order"]["number"], &taker["rule"]), (&first["number"], &json!("earlier_number")));
    assert_eq!(won["lines"][0]["parts"][0]["lot"]["code"], "L-1");
    let contest = &plan["contests"][0];
    assert_eq!((&contest["wanted"], &contest["served"], &contest["short"]), (&json!("10"), &json!("7"), &json!("3")));
    // An earlier need goes before the number, what is urgent before the need.
    requisition(&world, &second, "normal");
    let plan = world.crew.clerk.get("/kit-check").ok();
    assert_eq!(shown(&plan, &first)["lines"][0]["takers"][0]["rule"], "earlier_need");
    requisition(&world, &first, "urgent");
    let plan = world.crew.clerk.get("/kit-check").ok();
    assert_eq!(shown(&plan, &second)["lines"][0]["takers"][0]["rule"], "urgent");
    assert_eq!(shown(&plan, &first)["urgent"], true);
}

#[test]
fn what_is_reserved_or_being_picked_is_honoured_whoever_comes_first() {
    let world = World::make();
    world.lot("L-1", "7", "2027-03-01");
    let (first, second) = (world.crew.order(&world.contract, "500"), world.crew.order(&world.contract, "500"));
    world.reserve(&second, "4", json!({})).ok();
    let plan = world.crew.clerk.get("/kit-check").ok();
    let (early, late) = (shown(&plan, &first), shown(&plan, &second));
    assert_eq!((&early["lines"][0]["served"], &late["lines"][0]["served"]), (&json!("3"), &json!("4")));
    assert_eq!(early["lines"][0]["takers"][0]["rule"], "reserved");
    assert_eq!(late["lines"][0]["parts"][0]["reserved"], true);
    let own = world.crew.clerk.get(&format!("/orders/{}/kit-check", id(&second))).ok();
    assert_eq!((&own["lines"][0]["available"], &own["lines"][0]["reserved"]), (&json!("7"), &json!("0")));
    world.crew.pick(&world.crew.approve(&world.crew.requisition(&second)));
    let plan = world.crew.clerk.get("/kit-check").ok();
    let early = shown(&plan, &first);
    let taker = &early["lines"][0]["takers"][0];
    assert_eq!((&taker["rule"], &taker["quantity"]), (&json!("picking"), &json!("5")));
    assert_eq!(plan["orders"].as_array().unwrap().len(), 1);
}

#[test]
fn the_filters_choose_what_is_shown_and_never_who_competes() {
    let world = World::make();
    world.lot("L-1", "5", "2027-03-01");
    world.crew.receive(&world.contract.supplier, &world.contract.bar, ("L-2", "9"));
    let (_, second) = (world.crew.order(&world.contract, "500"), world.crew.order(&world.contract, "500"));
    let plan = world.crew.clerk.get("/kit-check?state=short").ok();
    let orders = plan["orders"].as_array().unwrap();
    assert_eq!((orders.len(), &orders[0]["order"]["id"], &orders[0]["rank"]), (1, &second["id"], &json!(2)));
    assert_eq!(orders[0]["lines"][0]["waiting"], "9");
    let none = world.crew.clerk.get("/kit-check?due_until=2026-04-30").ok();
    assert_eq!(none["orders"], json!([]));
    let by_item =
        format!("/kit-check?item_id={}&partner_id={}", id(&world.contract.bar), id(&world.contract.subcontractor));
    assert_eq!(world.crew.clerk.get(&by_item).ok()["orders"].as_array().unwrap().len(), 2);
}
