//! The account of an order: what is where, what keeps it open, how claims and months are closed.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::live::Listener;
use super::support::app::{Client, TestApp};
use super::support::material::{Crew, id};

/// An organisation where 5 kg went out on an order for 500 screws, and 4 kg of it arrived.
struct Sent {
    app: TestApp,
    crew: Crew,
    manager: Client,
    order: Value,
    claim: Value,
}

fn sent() -> Sent {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    crew.released_lot(&contract, ("L-1", "20"));
    let note = crew.issued(&contract, "500");
    app.acme.portal_member(&app.database, "portal", id(&contract.subcontractor).parse().unwrap());
    let count = json!({ "lines": [
        { "line_number": 1, "good_quantity": "4", "damaged_quantity": "0", "remark": "one kilogram is missing" },
    ] });
    let path = format!("/portal/deliveries/{}/confirmation", id(&note));
    app.client("portal").post_version(&path, &note["version"], &count).ok();
    let order = crew.clerk.get(&format!("/orders/{}", note["order_id"].as_str().unwrap())).ok();
    let claims = crew.clerk.get("/claims").ok();
    let manager = app.client(&app.acme.login("manager"));
    Sent { crew, manager, order, claim: claims["items"][0].clone(), app }
}

impl Sent {
    fn account(&self) -> Value {
        self.crew.clerk.get(&format!("/orders/{}/conservation", id(&self.order))).ok()
    }

    fn settle(&self, outcome: &str) -> super::support::app::Answer {
        let path = format!("/claims/{}/settlement", id(&self.claim));
        let settle = json!({ "outcome": outcome, "reason": "the carrier found the parcel" });
        self.manager.post_version(&path, &self.claim["version"], &settle)
    }

    fn kinds(&self) -> Vec<String> {
        let account = self.account();
        let obstacles = account["obstacles"].as_array().unwrap().iter();
        obstacles.map(|obstacle| obstacle["kind"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn the_account_says_where_every_kilogram_of_an_order_is() {
    let sent = sent();
    let account = sent.account();
    let line = &account["lines"][0];
    assert_eq!(line["lot"]["code"], "L-1");
    let terms = ["issued", "confirmed_in", "in_claim", "in_custody", "consumed", "in_transit"];
    let figures: Vec<_> = terms.iter().map(|term| line[*term].as_str().unwrap()).collect();
    assert_eq!(figures, ["5", "4", "1", "4", "0", "0"]);
    assert_eq!(account["proved"], true);
    assert_eq!(sent.kinds(), ["custody", "in_claim"]);
}

#[test]
fn an_order_with_something_left_is_not_closed_and_the_refusal_names_it() {
    let sent = sent();
    let path = format!("/orders/{}/closing", id(&sent.order));
    let version = sent.account()["version"].clone();
    let problem = sent.manager.post_version(&path, &version, &json!({})).problem(ProblemCode::OrderNotSettled);
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("RM-BAR/L-1 4 kg (受托方仍持有)") && detail.contains("RM-BAR/L-1 1 kg (索赔未处理)"),
        "{detail}"
    );
    assert_eq!(sent.account()["record_state"], "open");
}

#[test]
fn a_claim_is_settled_once_and_moves_what_it_is_about() {
    let sent = sent();
    let settled = sent.settle("found").ok();
    assert_eq!((settled["state"].as_str(), settled["outcome"].as_str()), (Some("settled"), Some("found")));
    let line = sent.account()["lines"][0].clone();
    assert_eq!((line["in_custody"].as_str(), line["in_claim"].as_str()), (Some("5"), Some("0")));
    let again = json!({ "outcome": "written_off", "reason": "changed our mind" });
    let path = format!("/claims/{}/settlement", id(&sent.claim));
    sent.manager.post_version(&path, &settled["version"], &again).problem(ProblemCode::ClaimSettled);
    assert_eq!(sent.account()["proved"], true);
}

#[test]
fn a_settled_claim_counts_as_a_change_of_its_order_and_is_told_to_those_who_show_it() {
    let sent = sent();
    let before = sent.account()["version"].as_i64().unwrap();
    let mut listener = Listener::new(&sent.crew.clerk);
    sent.app.wait_until_listening();
    // What was done before may still be told; it ends with this.
    let mark = sent.crew.operation("MARK");
    while listener.next()["id"] != mark["id"] {}
    sent.settle("found").ok();
    assert_eq!(sent.account()["version"].as_i64(), Some(before + 1));
    let told: Vec<Value> = (0..3).map(|_| listener.next()).collect();
    assert!(told.contains(&json!({ "topic": "order", "id": id(&sent.order) })), "{told:?}");
    // Who closes the order meanwhile closes it as it was.
    let path = format!("/orders/{}/closing", id(&sent.order));
    sent.manager.post_version(&path, &json!(before), &json!({})).problem(ProblemCode::VersionStale);
}

#[test]
fn what_is_written_off_is_gone_and_the_books_still_agree() {
    let sent = sent();
    sent.settle("written_off").ok();
    let line = sent.account()["lines"][0].clone();
    assert_eq!((line["in_claim"].as_str(), line["claim_settled"].as_str()), (Some("0"), Some("1")));
    assert_eq!(sent.account()["proved"], true);
    let stock = sent.crew.clerk.get(&format!("/item-stock?item_id={}", id(&line["item"]))).ok();
    assert_eq!(stock["items"][0]["in_claim"], "0");
}

#[test]
fn a_surplus_was_never_in_the_books() {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    crew.released_lot(&contract, ("L-1", "20"));
    let note = crew.issued(&contract, "500");
    app.acme.portal_member(&app.database, "portal", id(&contract.subcontractor).parse().unwrap());
    let count = json!({ "lines": [
        { "line_number": 1, "good_quantity": "6", "damaged_quantity": "0", "remark": "one more than written" },
    ] });
    let path = format!("/portal/deliveries/{}/confirmation", id(&note));
    app.client("portal").post_version(&path, &note["version"], &count).ok();
    let claim = crew.clerk.get("/claims").ok()["items"][0].clone();
    let manager = app.client(&app.acme.login("manager"));
    let path = format!("/claims/{}/settlement", id(&claim));
    let found = json!({ "outcome": "found", "reason": "it is really there" });
    manager.post_version(&path, &claim["version"], &found).problem(ProblemCode::ClaimNotInBooks);
    let closed = json!({ "outcome": "written_off", "reason": "a miscount, counted again" });
    manager.post_version(&path, &claim["version"], &closed).ok();
}

#[test]
fn a_month_is_closed_once_it_is_over_and_for_good() {
    let sent = sent();
    let close = |month: &str| sent.manager.post("/periods", &json!({ "month": month }));
    close("2026-03-15").problem(ProblemCode::PeriodNotOver);
    assert_eq!(close("2026-02-15").ok()["month"], "2026-02-01");
    close("2026-02-01").problem(ProblemCode::PeriodClosed);
    assert_eq!(sent.manager.get("/periods").ok()["items"][0]["month"], "2026-02-01");
    let receipt = |occurred_at: &str| {
        json!({
            "supplier_id": sent.crew.supplier("SUP-B")["id"], "delivery_note": "DN-1", "occurred_at": occurred_at,
            "lines": [{
                "item_id": sent.order["components"][0]["item"]["id"], "quantity": "1",
                "unit_id": sent.order["components"][0]["item"]["unit"]["id"], "expires_on": "2027-03-01",
            }],
        })
    };
    sent.crew.warehouse.post("/receipts", &receipt("2026-02-28T15:59:59Z")).problem(ProblemCode::PeriodClosed);
    drop(sent.app);
}

#[test]
fn accounts_are_listed_with_what_is_open() {
    let sent = sent();
    let list = |filter: &str| sent.crew.clerk.get(&format!("/custody-accounts?{filter}")).ok();
    let row = list("open=true")["items"][0].clone();
    assert_eq!((row["line_count"].as_i64(), row["open_line_count"].as_i64()), (Some(1), Some(1)));
    assert_eq!(row["oldest_on"], "2026-03-02");
    assert!(list("open=false")["items"].as_array().unwrap().is_empty());
}
