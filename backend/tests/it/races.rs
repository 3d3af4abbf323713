//! Many at once at the same stock. In the usual run a few rounds; `make test-long` lets it go on for
//! `LOTLINE_STRESS_SECONDS`.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::support::app::{Answer, Client, Setup, TestApp};
use super::support::books::contradictions;
use super::support::material::{Contract, Crew, id};

const WORKERS: usize = 32;
/// What each worker does in the usual run.
const ROUNDS: usize = 2;
/// Lots that all of them take from, each of so many kilograms.
const LOTS: [(&str, &str); 4] = [("L-1", "40"), ("L-2", "40"), ("L-3", "40"), ("L-4", "40")];

/// What was refused, by code, and how much was posted.
#[derive(Default)]
struct Tally {
    issued: AtomicUsize,
    reversed: AtomicUsize,
    confirmed: AtomicUsize,
    refused: Mutex<BTreeMap<String, usize>>,
}

impl Tally {
    /// The answer's body, or none after a refusal in words. A server error ends the test.
    fn taken(&self, answer: Answer) -> Option<Value> {
        if answer.status < 300 {
            return Some(answer.body);
        }
        assert!(answer.status < 500, "{} {}", answer.status, answer.text);
        let code = answer.body["code"].as_str().unwrap_or_default().to_owned();
        *self.refused.lock().unwrap().entry(code).or_default() += 1;
        None
    }
}

struct Worker<'a> {
    clerk: Client,
    approver: Client,
    warehouse: Client,
    manager: Client,
    portal: Client,
    tally: &'a Tally,
}

impl Worker<'_> {
    /// From a requisition to a confirmed or reversed issue note; ends where somebody else was faster.
    fn round(&self, order: &Value, turn: usize) -> Option<()> {
        let lines = json!([{ "item_id": order["components"][0]["item"]["id"], "quantity": "1" }]);
        let requisition = json!({
            "order_id": order["id"], "needed_on": "2026-03-20", "priority": "normal", "lines": lines, "submit": true,
        });
        let requisition = self.tally.taken(self.clerk.post("/requisitions", &requisition))?;
        let path = format!("/approvals/{}/decisions", id(&requisition["approval"]));
        self.tally.taken(self.approver.post(&path, &json!({ "decision": "approve" })))?;
        let pick = json!({ "requisition_id": requisition["id"] });
        let pick = self.tally.taken(self.warehouse.post("/picks", &pick))?;
        for line in pick["lines"].as_array()? {
            let scan = json!({ "raw": line["lot"]["code"], "capture": "wedge", "line_number": line["line_number"] });
            self.tally.taken(self.warehouse.post(&format!("/picks/{}/scans", id(&pick)), &scan))?;
        }
        let note = self.tally.taken(self.warehouse.post("/issue-notes", &json!({ "pick_id": pick["id"] })))?;
        self.tally.issued.fetch_add(1, Ordering::Relaxed);
        if turn.is_multiple_of(2) { self.reverse(&note) } else { self.confirm(&note) }
    }

    fn reverse(&self, note: &Value) -> Option<()> {
        let path = format!("/issue-notes/{}/reversal", id(note));
        let reason = json!({ "reason": "issued in a test of many at once" });
        self.tally.taken(self.manager.post_version(&path, &note["version"], &reason))?;
        self.tally.reversed.fetch_add(1, Ordering::Relaxed);
        Some(())
    }

    fn confirm(&self, note: &Value) -> Option<()> {
        let lines = note["lines"].as_array()?.iter().map(|line| {
            json!({ "line_number": line["line_number"], "good_quantity": "1", "damaged_quantity": "0", "remark": "" })
        });
        let count = json!({ "lines": lines.collect::<Vec<_>>() });
        let path = format!("/portal/deliveries/{}/confirmation", id(note));
        self.tally.taken(self.portal.post_version(&path, &note["version"], &count))?;
        self.tally.confirmed.fetch_add(1, Ordering::Relaxed);
        Some(())
    }
}

fn orders(crew: &Crew, contract: &Contract) -> Vec<Value> {
    (0..WORKERS).map(|_| crew.order(contract, "100000")).collect()
}

#[test]
fn thirty_two_people_who_issue_from_the_same_lots_leave_sound_books() {
    let app = TestApp::start_with(&Setup { connections: 16, ..Setup::default() });
    let crew = Crew::of(&app, &app.acme);
    let contract = crew.contract();
    for lot in LOTS {
        crew.released_lot(&contract, lot);
    }
    app.acme.portal_member(&app.database, "portal", id(&contract.subcontractor).parse().unwrap());
    let (orders, tally) = (orders(&crew, &contract), Tally::default());
    let seconds = std::env::var("LOTLINE_STRESS_SECONDS").ok().and_then(|text| text.parse().ok());
    let began = Instant::now();
    std::thread::scope(|scope| {
        for order in &orders {
            let client = |login: &str| app.client(login);
            let (clerk, approver, warehouse) = (client("clerk"), client("approver"), client("warehouse"));
            let (manager, portal) = (client("manager"), client("portal"));
            let worker = Worker { clerk, approver, warehouse, manager, portal, tally: &tally };
            scope.spawn(move || {
                for turn in 0.. {
                    match seconds {
                        Some(seconds) if began.elapsed() >= Duration::from_secs(seconds) => break,
                        None if turn >= ROUNDS => break,
                        _ => drop(worker.round(order, turn)),
                    }
                }
            });
        }
    });
    let refused = tally.refused.lock().unwrap();
    println!(
        "{} issued, {} reversed, {} confirmed in {:.0} s; refused: {refused:?}",
        tally.issued.load(Ordering::Relaxed),
        tally.reversed.load(Ordering::Relaxed),
        tally.confirmed.load(Ordering::Relaxed),
        began.elapsed().as_secs_f64(),
    );
    assert!(tally.issued.load(Ordering::Relaxed) > 0);
    assert_eq!(contradictions(&mut app.database.owner()), Vec::<String>::new());
}
