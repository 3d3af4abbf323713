//! What other systems get wrong, told as it has to come out: each story ends with nothing left on the account, or with
//! exactly what is.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use crate::support::{Crew, TestApp, id};

/// 1 kg makes 100 screws; so much of bar is on the shelf.
fn crew_with(app: &TestApp, shelf: &str) -> (Crew, crate::support::material::Contract) {
    let crew = Crew::of(app, &app.acme);
    let contract = crew.contract();
    crew.released_lot(&contract, ("L-1", shelf));
    (crew, contract)
}

/// What keeps the order open: kind and quantity.
fn obstacles(crew: &Crew, order: &Value) -> Vec<String> {
    let account = crew.account(order);
    assert_eq!(account["proved"], true, "{account}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let obstacles = account["obstacles"].as_array().unwrap().iter();
    obstacles.map(|found| format!("{} {}", text(&found["kind"]), text(&found["quantity"]))).collect()
}

fn close(crew: &Crew, order: &Value, remark: &str) -> crate::support::app::Answer {
    let version = crew.account(order)["version"].clone();
    crew.manager.post_version(&format!("/orders/{}/closing", id(order)), &version, &json!({ "remark": remark }))
}

/// How much of the bar there is, by place.
fn everywhere(crew: &Crew, contract: &crate::support::material::Contract) -> Vec<String> {
    let stock = crew.clerk.get(&format!("/stock?item_id={}&limit=100", id(&contract.bar))).ok();
    let rows = stock["items"].as_array().unwrap().iter();
    let mut rows: Vec<_> = rows
        .map(|row| format!("{} {}", row["location"]["kind"].as_str().unwrap(), row["on_hand"].as_str().unwrap()))
        .collect();
    rows.sort();
    rows
}

#[test]
fn two_hundred_pieces_issued_do_not_become_three_hundred_when_half_is_rejected() {
    let app = TestApp::start();
    let (crew, contract) = crew_with(&app, "2");
    let order = crew.confirmed(&app, &contract, "200");
    crew.finished(&order, &json!([{ "lot_code": "F-1", "good_quantity": "100", "rejected_quantity": "100" }])).ok();
    // What was rejected took its material too: nothing of it is still at the subcontractor.
    assert_eq!(crew.account(&order)["lines"][0]["consumed"], "2");
    let here = ["own_stock", "subcontractor_custody", "in_transit_out"];
    let left = everywhere(&crew, &contract);
    assert!(left.iter().all(|row| !here.iter().any(|kind| row.starts_with(kind))), "{left:?}");
    assert_eq!(obstacles(&crew, &order), [""; 0]);
    close(&crew, &order, "").ok();
}

#[test]
fn a_subcontractor_that_makes_more_of_the_same_material_leaves_a_use_below_the_standard_to_be_explained() {
    let app = TestApp::start();
    let (crew, contract) = crew_with(&app, "5");
    let order = crew.confirmed(&app, &contract, "500");
    let lot = crew.clerk.get("/lots?search=L-1").ok()["items"][0].clone();
    let uses = json!([{ "item_id": contract.bar["id"], "lot_id": lot["id"], "quantity": "5" }]);
    crew.finished(&order, &json!([{ "lot_code": "F-1", "good_quantity": "520", "uses": uses }])).ok();
    assert_eq!(crew.clerk.get(&format!("/orders/{}", id(&order))).ok()["receipt_state"], "over");
    // 520 screws stand for 5.2 kg.
    assert_eq!(obstacles(&crew, &order), ["under_used 0.2"]);
    let problem = close(&crew, &order, "").problem(ProblemCode::OrderNotSettled);
    assert!(problem["detail"].as_str().unwrap().contains("0.2 kg"), "{problem}");
    close(&crew, &order, "ok").problem(ProblemCode::OrderNotSettled);
    close(&crew, &order, "nested the parts closer than planned").ok();
}

#[test]
fn an_explanation_closes_no_order_of_which_something_is_left() {
    let app = TestApp::start();
    let (crew, contract) = crew_with(&app, "5");
    let order = crew.confirmed(&app, &contract, "500");
    crew.finished(&order, &json!([{ "lot_code": "F-1", "good_quantity": "400" }])).ok();
    assert_eq!(obstacles(&crew, &order), ["custody 1"]);
    close(&crew, &order, "nested the parts closer than planned").problem(ProblemCode::OrderNotSettled);
}

#[test]
fn what_is_issued_in_whole_reels_leaves_the_rest_of_the_reel_to_be_sent_back() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let mut contract = crew.contract();
    // 1 kg for 100 pieces, issued in reels of 3 kg.
    let draft = json!({
        "product_id": contract.product["id"], "operation_id": contract.operation["id"], "revision": "B",
        "base_quantity": "100",
        "lines": [{
            "component_id": contract.bar["id"], "net_usage": "1", "loss_norm_percent": "0", "issue_multiple": "3",
        }],
    });
    let draft = crew.clerk.post("/boms", &draft).ok();
    let path = format!("/boms/{}/transitions", id(&draft));
    contract.bom = crew.clerk.post_version(&path, &draft["version"], &json!({ "state": "active" })).ok();
    crew.released_lot(&contract, ("L-1", "20"));
    let order = crew.confirmed(&app, &contract, "500");
    // 5 kg are needed: two reels.
    assert_eq!(crew.account(&order)["lines"][0]["in_custody"], "6");
    for (lot, quantity) in [("F-1", "200"), ("F-2", "300")] {
        crew.finished(&order, &json!([{ "lot_code": lot, "good_quantity": quantity }])).ok();
    }
    assert_eq!(obstacles(&crew, &order), ["custody 1"]);
    let lot = crew.clerk.get("/lots?search=L-1").ok()["items"][0].clone();
    let back = json!({
        "kind": "return", "order_id": order["id"], "reason": "rest of the reel",
        "lines": [{ "item_id": contract.bar["id"], "lot_id": lot["id"], "quantity": "1" }],
    });
    let back = crew.warehouse.post("/material-documents", &back).ok();
    assert_eq!(obstacles(&crew, &order), ["on_return 1", "documents 0"]);
    let counted = json!({ "lines": [{ "line_number": 1, "received_quantity": "1" }] });
    let path = format!("/material-documents/{}/confirmation", id(&back));
    crew.warehouse.post_version(&path, &back["version"], &counted).ok();
    close(&crew, &order, "").ok();
}

#[test]
fn a_sixth_of_an_order_takes_a_sixth_of_its_material_and_no_tail() {
    let app = TestApp::start();
    let (crew, contract) = crew_with(&app, "6");
    let order = crew.confirmed(&app, &contract, "600");
    crew.finished(&order, &json!([{ "lot_code": "F-1", "good_quantity": "100" }])).ok();
    let account = crew.account(&order);
    assert_eq!(account["lines"][0]["consumed"], "1");
    assert_eq!(
        (&account["components"][0]["standard"], &account["components"][0]["allowed"]),
        (&json!("1"), &json!("1"))
    );
}
