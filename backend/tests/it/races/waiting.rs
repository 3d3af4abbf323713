//! Two who want the same rows wait for each other in one order: neither has to try again, none is told to.

use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::SimpleConnection as _;
use lotline::custody::service::{delivery_confirm, delivery_read};
use lotline::db::{OpCtx, Tx, WriteOptions, Written};
use lotline::error::Result;
use lotline::issuing::scanning::pick_scan;
use lotline::ledger::lots::lot_read;
use lotline::material::service::material_create;
use lotline::quality::service::lot_decide;
use lotline::receiving::service::{receipt_read, receipt_reverse};
use lotline::reconcile::periods::period_close;
use lotline::subcontract_receiving::service::receipt_create;
use lotline_common::id::{IssueNoteId, LotId, PickId, ReceiptId};
use lotline_common::quality::{LotDecision, LotDecisionCreate};
use lotline_common::receiving::Reversal;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::db::count;
use crate::support::material::{Contract, Crew, id, portal_login};

/// Somebody's work, as a transaction.
type Work<'a> = Box<dyn Fn(&mut Tx) -> Result<()> + Send + Sync + 'a>;

struct There {
    app: TestApp,
    crew: Crew,
    contract: Contract,
    everybody: OpCtx,
}

fn said<T: DeserializeOwned>(body: Value) -> T {
    serde_json::from_value(body).unwrap()
}

fn typed<T: From<uuid::Uuid>>(thing: &Value) -> T {
    id(thing).parse::<uuid::Uuid>().unwrap().into()
}

fn there() -> There {
    let app = TestApp::start();
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    let everybody = app.acme.asker(&app.database, "everything", None);
    There { app, crew, contract, everybody }
}

/// What came of somebody's work, and how often it was tried.
struct Came {
    outcome: Result<Written>,
    attempts: usize,
}

impl There {
    fn write(&self, (ctx, work): &(&OpCtx, Work)) -> Came {
        let attempts = AtomicUsize::new(0);
        let outcome = self.app.db.write(ctx, &WriteOptions::default(), |tx| {
            attempts.fetch_add(1, Ordering::Relaxed);
            work(tx).map(|()| Written { status: 200, body: Value::Null })
        });
        Came { outcome, attempts: attempts.into_inner() }
    }

    /// Both come to rows that somebody holds, the first before the second; then those are let go.
    fn meet(&self, held: &str, both: [(&OpCtx, Work); 2]) -> [Came; 2] {
        let mut holder = self.app.database.owner();
        holder.batch_execute(&format!("BEGIN; {held} FOR UPDATE OF b")).unwrap();
        let [first, second] = both;
        std::thread::scope(|scope| {
            let first = scope.spawn(move || self.write(&first));
            self.app.database.wait_for_blocked(1);
            let second = scope.spawn(move || self.write(&second));
            self.app.database.wait_for_blocked(2);
            holder.batch_execute("ROLLBACK").unwrap();
            [first.join().unwrap(), second.join().unwrap()]
        })
    }

    /// The same, and neither was tried twice.
    fn meet_once(&self, held: &str, both: [(&OpCtx, Work); 2]) -> [Result<Written>; 2] {
        self.meet(held, both).map(|came| {
            assert_eq!(came.attempts, 1, "{:?}", came.outcome);
            came.outcome
        })
    }

    fn decide(&self, lot: LotId) -> Work<'_> {
        Box::new(move |tx| {
            let version = lot_read(tx, lot)?.version;
            let command = LotDecisionCreate {
                decision: LotDecision::Release,
                reason: "certificate in order".to_owned(),
                to_location_id: None,
            };
            lot_decide(tx, lot, version, &command).map(drop)
        })
    }
}

const CUSTODY: &str = "SELECT FROM stock_balance b JOIN location p ON p.id = b.location_id
    WHERE p.kind = 'subcontractor_custody' AND b.on_hand > 0";
const QUARANTINE: &str = "SELECT FROM stock_balance b JOIN location p ON p.id = b.location_id
    WHERE p.kind = 'quarantine' AND b.on_hand > 0";

#[test]
fn a_subcontractor_confirms_while_finished_goods_of_the_same_order_come_in() {
    let there = there();
    there.crew.released_lot(&there.contract, ("L-1", "20"));
    let order = there.crew.confirmed(&there.app, &there.contract, "500");
    let more = json!({
        "order_id": order["id"], "needed_on": "2026-03-20", "priority": "normal", "submit": true, "reason": "more is needed",
        "supplement": "process_loss", "lines": [{ "item_id": there.contract.bar["id"], "quantity": "2" }],
    });
    let requisition = there.crew.clerk.post("/requisitions", &more).ok();
    let note = there.crew.issue(&there.crew.scan(&there.crew.pick(&there.crew.approve(&requisition))));
    let partner = Some(typed(&there.contract.subcontractor));
    let portal = there.app.acme.asker(&there.app.database, &portal_login(&there.contract), partner);
    let note: IssueNoteId = typed(&note);
    let count = json!({ "lines": [{ "line_number": 1, "good_quantity": "2", "damaged_quantity": "0" }] });
    let goods = json!({
        "order_id": order["id"], "delivery_note": "SUB-1", "lines": [{ "lot_code": "F-1", "good_quantity": "100" }],
    });
    let confirm: Work = Box::new(move |tx| {
        let version = delivery_read(tx, note)?.version;
        delivery_confirm(tx, note, version, &said(count.clone())).map(drop)
    });
    let receive: Work = Box::new(move |tx| receipt_create(tx, &said(goods.clone())).map(drop));
    for outcome in there.meet_once(CUSTODY, [(&portal, confirm), (&there.everybody, receive)]) {
        outcome.unwrap();
    }
}

#[test]
fn quality_decides_about_a_lot_while_some_of_it_is_destroyed() {
    let there = there();
    let receipt = there.crew.receive(&there.contract.supplier, &there.contract.bar, ("L-1", "20"));
    let lot = receipt["lines"][0]["lot"].clone();
    let scrap = json!({
        "kind": "scrap", "reason": "fell off the shelf", "lines": [{
            "item_id": there.contract.bar["id"], "lot_id": lot["id"], "quantity": "3", "from_status": "quarantine",
            "from_location_id": there.crew.location("QUARANTINE")["id"],
        }],
    });
    let scrap: Work = Box::new(move |tx| material_create(tx, &said(scrap.clone())).map(drop));
    let decide = there.decide(typed(&lot));
    for outcome in there.meet_once(QUARANTINE, [(&there.everybody, scrap), (&there.everybody, decide)]) {
        outcome.unwrap();
    }
    let lot = there.crew.clerk.get(&format!("/lots/{}", id(&lot))).ok();
    assert_eq!((&lot["status"], &lot["own_quantity"]), (&json!("released"), &json!("17")));
}

#[test]
fn quality_decides_about_a_lot_while_its_receipt_is_undone() {
    let there = there();
    let receipt = there.crew.receive(&there.contract.supplier, &there.contract.bar, ("L-1", "20"));
    let undone: ReceiptId = typed(&receipt);
    let undo: Work = Box::new(move |tx| {
        let version = receipt_read(tx, undone)?.version;
        let reason = "counted twice".to_owned();
        receipt_reverse(tx, undone, version, &Reversal { reason }).map(drop)
    });
    let decide = there.decide(typed(&receipt["lines"][0]["lot"]));
    let [undone, decided] = there.meet_once(QUARANTINE, [(&there.everybody, undo), (&there.everybody, decide)]);
    undone.unwrap();
    assert!(decided.unwrap_err().refusal().is_some());
}

#[test]
fn quality_decides_about_finished_goods_while_more_of_them_come_in() {
    let there = there();
    there.crew.released_lot(&there.contract, ("L-1", "20"));
    let order = there.crew.confirmed(&there.app, &there.contract, "500");
    let goods = json!([{ "lot_code": "F-1", "good_quantity": "100" }]);
    let receipt = there.crew.finished(&order, &goods).ok();
    let decide = there.decide(typed(&receipt["lines"][0]["lot"]));
    let more = json!({ "order_id": order["id"], "delivery_note": "SUB-2", "lines": goods });
    let receive: Work = Box::new(move |tx| receipt_create(tx, &said(more.clone())).map(drop));
    let [decided, received] = there.meet_once(QUARANTINE, [(&there.everybody, decide), (&there.everybody, receive)]);
    decided.unwrap();
    // The lot is judged: what comes in needs a lot of its own.
    assert!(received.unwrap_err().refusal().is_some());
}

#[test]
fn two_pickers_take_the_lot_that_was_proposed_to_the_other() {
    let there = there();
    there.crew.released_lot(&there.contract, ("L-1", "6"));
    there.crew.released_lot(&there.contract, ("L-2", "20"));
    let pick = || {
        let requisition = there.crew.requisition(&there.crew.order(&there.contract, "600"));
        typed(&there.crew.pick(&there.crew.approve(&requisition)))
    };
    let picks: [(PickId, &str); 2] = [(pick(), "L-2"), (pick(), "L-1")];
    let swap = |(pick, other): (PickId, &'static str)| -> Work {
        Box::new(move |tx| {
            let scan = json!({ "raw": other, "capture": "wedge", "line_number": 1, "substitution_reason": "it lies in front" });
            pick_scan(tx, pick, &said(scan)).map(drop)
        })
    };
    let held = "SELECT FROM stock_balance b JOIN lot l ON l.id = b.lot_id WHERE l.code = 'L-1' AND b.reserved > 0";
    let both = [(&there.everybody, swap(picks[0])), (&there.everybody, swap(picks[1]))];
    for outcome in there.meet_once(held, both) {
        outcome.unwrap();
    }
}

#[test]
fn who_posts_while_a_month_is_being_closed_waits_and_is_not_told_to_come_again() {
    let there = there();
    let receipt = there.crew.receive(&there.contract.supplier, &there.contract.bar, ("L-1", "20"));
    let scrap = || -> Work {
        let scrap = json!({
            "kind": "scrap", "reason": "fell off the shelf", "lines": [{
                "item_id": there.contract.bar["id"], "lot_id": receipt["lines"][0]["lot"]["id"], "quantity": "3",
                "from_status": "quarantine", "from_location_id": there.crew.location("QUARANTINE")["id"],
            }],
        });
        Box::new(move |tx| material_create(tx, &said(scrap.clone())).map(drop))
    };
    let close: Work = Box::new(|tx| period_close(tx, &said(json!({ "month": "2026-01-01" }))).map(drop));
    let mut holder = there.app.database.owner();
    holder.batch_execute(&format!("BEGIN; {QUARANTINE} FOR UPDATE OF b")).unwrap();
    std::thread::scope(|scope| {
        let (there, everybody) = (&there, &there.everybody);
        let (first, later) = (scrap(), scrap());
        let first = scope.spawn(move || there.write(&(everybody, first)));
        there.app.database.wait_for_blocked(1);
        let close = scope.spawn(move || there.write(&(everybody, close)));
        there.app.database.wait_for_blocked(2);
        let later = scope.spawn(move || there.write(&(everybody, later)));
        let blocked = "SELECT count(*) AS count FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while count(&mut there.app.database.owner(), blocked) < 3 && !later.is_finished() {
            std::thread::yield_now();
        }
        holder.batch_execute("ROLLBACK").unwrap();
        for outcome in [first, close, later] {
            outcome.join().unwrap().outcome.unwrap();
        }
    });
}
