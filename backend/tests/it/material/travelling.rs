//! What travels between subcontractors, and out for rework and back.

use lotline_common::problem::ProblemCode;
use serde_json::{Value, json};

use super::{There, there};
use crate::support::app::{Answer, Client};
use crate::support::books::contradictions;
use crate::support::contracts::clause;
use crate::support::material::{Contract, id, portal_login};

impl There {
    /// The same work at another subcontractor, with somebody in its portal.
    fn elsewhere(&self, code: &str) -> (Contract, Client) {
        let contract = Contract { subcontractor: self.crew.subcontractor(code), ..self.contract.clone() };
        let login = portal_login(&contract);
        self.app.acme.portal_member(&self.app.database, &login, id(&contract.subcontractor).parse().unwrap());
        (contract, self.app.client(&login))
    }

    fn transfer(&self, from: &Value, to: &Value, quantity: &str) -> Value {
        json!({
            "kind": "transfer", "order_id": from["id"], "to_order_id": to["id"],
            "reason": "the rest goes on to the next step", "carrier": "顺达物流", "lines": [self.line(quantity)],
        })
    }

    fn terms(&self, order: &Value, terms: &[&str]) -> Vec<String> {
        let account = self.crew.account(order);
        assert_eq!(account["proved"], true, "{account}");
        let line = &account["lines"][0];
        terms.iter().map(|term| line[*term].as_str().unwrap_or("none").to_owned()).collect()
    }
}

fn hand_over(client: &Client, path: &str, document: &Value) -> Answer {
    client.post_version(&format!("{path}/{}/hand-over", id(document)), &document["version"], &json!({}))
}

fn confirm(client: &Client, document: &Value, received: &str, remark: &str) -> Answer {
    let count = json!({ "lines": [{ "line_number": 1, "received_quantity": received }], "remark": remark });
    let path = format!("/portal/material-documents/{}/confirmation", id(document));
    client.post_version(&path, &document["version"], &count)
}

const PORTAL: &str = "/portal/material-documents";

#[test]
fn three_subcontractors_pass_a_lot_on_each_confirms_and_every_gram_stays_on_an_account() {
    let there = there();
    let (second, b) = there.elsewhere("SUB-B");
    let (third, c) = there.elsewhere("SUB-C");
    let a = there.app.client(&portal_login(&there.contract));
    let (to_b, to_c) = (there.crew.order(&second, "300"), there.crew.order(&third, "100"));

    let first = there.post(&there.transfer(&there.order, &to_b, "3")).ok();
    assert_eq!((&first["record_state"], &first["custody_state"]), (&json!("draft"), &json!("none")));
    assert_eq!(there.account(&["in_custody", "transferred_out"]), ["5", "0"]);
    // The one that gets it knows, and waits; it does not hand over for the sender.
    assert_eq!(b.get(&format!("{PORTAL}/{}", id(&first))).ok()["lines"][0]["lot"]["code"], "L-1");
    hand_over(&b, PORTAL, &first).problem(ProblemCode::NotFound);
    confirm(&b, &first, "3", "").problem(ProblemCode::StateForbids);
    let sent = hand_over(&a, PORTAL, &first).ok();
    assert_eq!((&sent["record_state"], &sent["custody_state"]), (&json!("posted"), &json!("in_transit")));
    assert_eq!(sent["to_partner"]["code"], "SUB-B");
    confirm(&a, &sent, "3", "").problem(ProblemCode::NotFound);
    assert_eq!(there.account(&["in_custody", "transferred_out"]), ["2", "3"]);
    assert_eq!(there.terms(&to_b, &["in_transit", "in_custody"]), ["3", "0"]);
    confirm(&b, &sent, "3", "").ok();
    assert_eq!(there.terms(&to_b, &["in_transit", "in_custody"]), ["0", "3"]);
    assert_eq!(there.crew.clerk.get(&format!("/orders/{}", id(&to_b))).ok()["custody_state"], "confirmed");

    let next = there.post(&there.transfer(&to_b, &to_c, "1")).ok();
    let next = hand_over(&b, PORTAL, &next).ok();
    confirm(&c, &next, "1", "").ok();
    assert_eq!(there.terms(&to_c, &["confirmed_in", "in_custody"]), ["1", "1"]);
    // Each uses up what it has; all three orders close with nothing left.
    for (order, lot, good) in [(&there.order, "F-A", "200"), (&to_b, "F-B", "200"), (&to_c, "F-C", "100")] {
        there.crew.finished(order, &json!([{ "lot_code": lot, "good_quantity": good }])).ok();
        assert_eq!(there.terms(order, &["in_custody", "in_transit"]), ["0", "0"]);
    }
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

#[test]
fn what_got_lost_between_two_subcontractors_stands_with_the_sender_again() {
    let there = there();
    let (second, b) = there.elsewhere("SUB-B");
    let to_b = there.crew.order(&second, "300");
    let document = there.post(&there.transfer(&there.order, &to_b, "3")).ok();
    // The maker may do both steps for a subcontractor that has no portal.
    let sent = hand_over(&there.crew.warehouse, "/material-documents", &document).ok();
    confirm(&b, &sent, "2", "").problem(ProblemCode::DifferenceRemarkRequired);
    let arrived = confirm(&b, &sent, "2", "one bundle is missing").ok();
    assert_eq!(arrived["custody_state"], "with_discrepancy");
    assert_eq!(there.account(&["in_custody"]), ["3"]);
    assert_eq!(there.terms(&to_b, &["in_custody"]), ["2"]);
    there.reverse(&there.read(&arrived)).problem(ProblemCode::StateForbids);
    let component = there.crew.clerk.get(&format!("/orders/{}", id(&to_b))).ok()["components"][0].clone();
    assert_eq!(component["issued_quantity"], "2");
}

#[test]
fn a_transfer_is_undone_or_called_off_and_needs_less_of_its_own_meanwhile() {
    let there = there();
    let (second, b) = there.elsewhere("SUB-B");
    let to_b = there.crew.order(&second, "300");
    let issued =
        || there.crew.clerk.get(&format!("/orders/{}", id(&to_b))).ok()["components"][0]["issued_quantity"].clone();
    let draft = there.post(&there.transfer(&there.order, &to_b, "1")).ok();
    there.reverse(&draft).problem(ProblemCode::StateForbids);
    let gone = there.cancel(&draft).ok();
    assert_eq!(gone["record_state"], "cancelled");
    hand_over(&there.crew.warehouse, "/material-documents", &gone).problem(ProblemCode::StateForbids);
    there.cancel(&gone).problem(ProblemCode::StateForbids);
    let draft = there.post(&there.transfer(&there.order, &to_b, "1")).ok();
    let sent = hand_over(&there.crew.warehouse, "/material-documents", &draft).ok();
    assert_eq!(issued(), "1");
    there.cancel(&sent).problem(ProblemCode::StateForbids);
    let confirmed = confirm(&b, &sent, "1", "").ok();
    there.reverse(&there.read(&confirmed)).ok();
    assert_eq!(issued(), "0");
    assert_eq!(there.account(&["in_custody"]), ["5"]);
    assert_eq!(there.crew.clerk.get(&format!("/orders/{}", id(&to_b))).ok()["custody_state"], "none");
}

#[test]
fn what_is_left_goes_on_to_the_next_order_of_the_same_subcontractor_at_once() {
    let there = there();
    let next = there.crew.order(&there.contract, "200");
    let done = there.post(&there.transfer(&there.order, &next, "2")).ok();
    assert_eq!((&done["record_state"], &done["custody_state"]), (&json!("posted"), &json!("confirmed")));
    assert_eq!(there.account(&["in_custody"]), ["3"]);
    assert_eq!(there.terms(&next, &["in_custody"]), ["2"]);
    there.post(&there.transfer(&there.order, &there.order, "1")).problem(ProblemCode::FieldsInvalid);
}

#[test]
fn a_transfer_goes_only_where_the_item_is_needed_and_the_contract_allows_it() {
    let there = there();
    let (second, _) = there.elsewhere("SUB-B");
    let (other, product) = (there.crew.item("RM-WIRE", "kg", "lot"), there.crew.item("FG-WIRE", "pcs", "lot"));
    let operation = there.crew.operation("DRAW");
    let bom = there.crew.bom(&product, &operation, &[(&other, "1")]);
    let wire = Contract { product, operation, bom, bar: other, ..second.clone() };
    let foreign = there.crew.order(&wire, "100");
    there.post(&there.transfer(&there.order, &foreign, "1")).problem(ProblemCode::ItemNotInOrder);

    let quota = clause(
        "7.2",
        json!({ "kind": "custody_quota", "maximum_quantity": "1" }),
        json!({ "item_id": second.bar["id"] }),
    );
    there.crew.agreement(&second, "quality_agreement", &[quota]);
    let to_b = there.crew.order(&second, "300");
    let problem = there.post(&there.transfer(&there.order, &to_b, "2")).problem(ProblemCode::ClauseRefuses);
    assert!(problem["detail"].as_str().unwrap().contains("7.2"), "{problem}");
    there.post(&there.transfer(&there.order, &to_b, "1")).ok();
}

#[test]
fn a_lot_that_was_blocked_meanwhile_is_not_handed_over() {
    let there = there();
    let (second, _) = there.elsewhere("SUB-B");
    let to_b = there.crew.order(&second, "300");
    let draft = there.post(&there.transfer(&there.order, &to_b, "1")).ok();
    let lot = there.crew.quality.get(&format!("/lots/{}", id(&there.lot))).ok();
    let block = json!({ "decision": "block", "reason": "hardness in doubt" });
    there.crew.quality.post_version(&format!("/lots/{}/decisions", id(&lot)), &lot["version"], &block).ok();
    hand_over(&there.crew.warehouse, "/material-documents", &draft).problem(ProblemCode::LotStatusForbids);
}

fn rework(there: &There, lot: &Value, kind: &str, quantity: &str) -> Value {
    json!({
        "kind": kind, "order_id": there.order["id"], "reason": "burrs on the thread",
        "lines": [{ "item_id": there.contract.product["id"], "lot_id": lot["id"], "quantity": quantity }],
    })
}

#[test]
fn rejected_goods_go_out_for_rework_are_confirmed_come_back_and_are_released() {
    let there = there();
    let goods = json!([{ "lot_code": "F-1", "good_quantity": "480", "rejected_quantity": "20" }]);
    let receipt = there.crew.finished(&there.order, &goods).ok();
    let lot = receipt["lines"][0]["lot"].clone();
    let portal = there.app.client(&portal_login(&there.contract));
    there.post(&rework(&there, &lot, "rework_out", "21")).problem(ProblemCode::StockInsufficient);
    let sent = there.post(&rework(&there, &lot, "rework_out", "20")).ok();
    assert_eq!(sent["custody_state"], "in_transit");
    let order = || there.crew.clerk.get(&format!("/orders/{}", id(&there.order))).ok();
    assert_eq!(order()["custody_state"], "in_transit");
    there.crew.release_lot(&lot);
    confirm(&portal, &sent, "20", "").ok();
    assert_eq!(order()["custody_state"], "confirmed");
    let closing = format!("/orders/{}/closing", id(&there.order));
    let version = there.crew.account(&there.order)["version"].clone();
    let problem = there.crew.manager.post_version(&closing, &version, &json!({})).problem(ProblemCode::OrderNotSettled);
    assert!(problem["detail"].as_str().unwrap().contains("FG-SCREW/F-1 20 pcs"), "{problem}");
    there.post(&rework(&there, &lot, "rework_in", "20")).ok();
    let standing = |status: &str| {
        let stock = there.crew.clerk.get(&format!("/stock?lot_id={}&status={status}", id(&lot))).ok();
        stock["items"][0]["on_hand"].clone()
    };
    assert_eq!((standing("available"), standing("quarantine")), (json!("480"), json!("20")));
    // The lot is released already; what came back is released again, by quality.
    there.crew.release_lot(&lot);
    assert_eq!((standing("available"), standing("quarantine")), (json!("500"), json!(null)));
    let version = there.crew.account(&there.order)["version"].clone();
    there.crew.manager.post_version(&closing, &version, &json!({})).ok();
    assert_eq!(contradictions(&mut there.app.database.owner()), Vec::<String>::new());
}

#[test]
fn only_the_orders_own_product_is_reworked_on_it() {
    let there = there();
    let mut document = rework(&there, &there.lot, "rework_out", "1");
    document["lines"][0]["item_id"] = there.contract.bar["id"].clone();
    there.post(&document).problem(ProblemCode::ItemNotInOrder);
}

#[test]
fn an_order_that_got_material_from_another_one_is_not_cancelled() {
    let there = there();
    let next = there.crew.order(&there.contract, "200");
    let cancel = || {
        let order = there.crew.clerk.get(&format!("/orders/{}", id(&next))).ok();
        let command = json!({ "state": "cancelled", "reason": "not needed any more" });
        there.crew.clerk.post_version(&format!("/orders/{}/transitions", id(&next)), &order["version"], &command)
    };
    let sent = there.post(&there.transfer(&there.order, &next, "2")).ok();
    cancel().problem(ProblemCode::OrderHasIssues);
    there.reverse(&sent).ok();
    cancel().ok();
}

/// A quota of so many kilograms of bar.
fn bar_quota(contract: &Contract, maximum: &str, enforcement: &str) -> Value {
    let terms = json!({ "kind": "custody_quota", "maximum_quantity": maximum });
    clause("7.2", terms, json!({ "item_id": contract.bar["id"], "enforcement": enforcement }))
}

#[test]
fn what_goes_on_to_the_next_order_of_the_same_subcontractor_counts_once_for_its_quota() {
    let there = there();
    there.crew.agreement(&there.contract, "contract", &[bar_quota(&there.contract, "5", "refuse")]);
    let next = there.crew.order(&there.contract, "200");
    // It holds 5 kg before and afterwards.
    there.post(&there.transfer(&there.order, &next, "2")).ok();
    assert_eq!(there.terms(&next, &["in_custody"]), ["2"]);
}

#[test]
fn two_transfers_within_a_quota_each_are_not_both_handed_over_when_they_are_not_together() {
    let there = there();
    let (second, _) = there.elsewhere("SUB-B");
    there.crew.agreement(&second, "contract", &[bar_quota(&second, "3", "refuse")]);
    let to_b = there.crew.order(&second, "300");
    let a = there.app.client(&portal_login(&there.contract));
    let [first, other] = [(); 2].map(|()| there.post(&there.transfer(&there.order, &to_b, "2")).ok());
    hand_over(&a, PORTAL, &first).ok();
    let problem = hand_over(&there.crew.warehouse, "/material-documents", &other).problem(ProblemCode::ClauseRefuses);
    let figures = (&problem["figures"]["figure_now"], &problem["figures"]["figure_after"]);
    assert_eq!(figures, (&json!("2"), &json!("4")));
    // The sender is told that it must wait, and nothing of what was agreed on with another one.
    let problem = hand_over(&a, PORTAL, &other).problem(ProblemCode::TransferNotAgreed);
    assert!(!problem.to_string().contains("7.2"), "{problem}");
    assert_eq!(there.account(&["in_custody", "transferred_out"]), ["3", "2"]);
}

#[test]
fn an_override_is_used_by_the_hand_over_and_not_by_a_draft_that_is_called_off() {
    let there = there();
    let (second, _) = there.elsewhere("SUB-B");
    let agreement = there.crew.agreement(&second, "contract", &[bar_quota(&second, "1", "approve")]);
    let to_b = there.crew.order(&second, "300");
    there.post(&there.transfer(&there.order, &to_b, "2")).problem(ProblemCode::ClauseRefuses);
    let asked = json!({
        "clause_id": agreement["versions"][0]["clauses"][0]["id"], "order_id": to_b["id"], "step": "transfer",
        "figure_now": "0", "figure_after": "2", "reason": "the other one has no room for it",
    });
    let asked = there.crew.quality.post("/clause-overrides", &asked).ok();
    there.crew.decide(id(&asked), "approve");
    let used_by = || there.crew.quality.get(&format!("/clause-overrides/{}", id(&asked))).ok()["used_by"]["id"].clone();
    let draft = there.post(&there.transfer(&there.order, &to_b, "2")).ok();
    there.cancel(&draft).ok();
    assert_eq!(used_by(), json!(null));
    let draft = there.post(&there.transfer(&there.order, &to_b, "2")).ok();
    assert_eq!(used_by(), json!(null));
    hand_over(&there.crew.warehouse, "/material-documents", &draft).ok();
    assert_eq!(used_by(), draft["id"]);
}
