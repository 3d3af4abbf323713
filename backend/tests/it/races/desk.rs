//! What the workers share, and how each of them finds something to do.

use std::sync::Mutex;

use lotline_common::masterdata::LocationKind;
use serde_json::{Value, json};

use super::Tally;
use crate::support::app::{Answer, Client, TestApp};
use crate::support::material::{Contract, Crew, id};

/// Lots that all of them take from, each of so many kilograms.
const LOTS: [(&str, &str); 4] = [("L-1", "4000"), ("L-2", "4000"), ("L-3", "4000"), ("L-4", "4000")];

/// Two subcontractors that make the same product of the same bar, with two open orders each.
pub struct World {
    pub contracts: [Contract; 2],
    pub orders: Vec<Value>,
    /// Orders that come and go: everybody works on them, and everybody tries to close them.
    pub passing: Mutex<Vec<Value>>,
    pub customer: Value,
    pub places: [Value; 4],
}

impl World {
    pub fn make(app: &TestApp, crew: &Crew) -> Self {
        let first = crew.contract();
        let second = Contract { subcontractor: crew.subcontractor("SUB-B"), ..first.clone() };
        for lot in LOTS {
            crew.released_lot(&first, lot);
        }
        for (login, contract) in [("portal-a", &first), ("portal-b", &second)] {
            app.acme.portal_member(&app.database, login, id(&contract.subcontractor).parse().unwrap());
        }
        let orders = [&first, &second, &first, &second].map(|contract| crew.order(contract, "1000000"));
        let shelf = json!({ "code": "STORE-B", "name": { "zh": "B", "en": "B" }, "kind": "own_stock", "active": true });
        let shelf = crew.clerk.post("/locations", &shelf).ok();
        let places = [crew.location("QUARANTINE"), crew.location("STORE"), shelf, crew.location("LINE")];
        let passing = Mutex::default();
        Self { contracts: [first, second], orders: orders.to_vec(), passing, customer: crew.customer("CUST-A"), places }
    }
}

/// A worker with everybody's rights, who chooses by a number that only depends on who it is.
pub struct Desk<'a> {
    pub world: &'a World,
    pub tally: &'a Tally,
    pub clerk: Client,
    pub warehouse: Client,
    pub approver: Client,
    pub quality: Client,
    pub manager: Client,
    pub portals: [Client; 2],
    /// What it wrote, and could undo: path and identifier.
    pub written: Vec<(&'static str, String)>,
    pub worker: usize,
    random: u64,
    made: usize,
}

impl<'a> Desk<'a> {
    pub fn of(app: &TestApp, (world, tally): (&'a World, &'a Tally), worker: usize) -> Self {
        let client = |login: &str| app.client(login);
        Self {
            world,
            tally,
            clerk: client("clerk"),
            warehouse: client("everything"),
            approver: client("approver"),
            quality: client("quality"),
            manager: client("manager"),
            portals: [client("portal-a"), client("portal-b")],
            written: Vec::new(),
            worker,
            random: u64::try_from(worker).unwrap() * 7919 + 17,
            made: 0,
        }
    }

    /// A number below `sides`.
    pub fn dice(&mut self, sides: usize) -> usize {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.random >> 33).unwrap() % sides
    }

    /// A lot number that nobody else gives.
    pub fn next_code(&mut self) -> String {
        self.made += 1;
        format!("W{}-{}", self.worker, self.made)
    }

    /// One of the orders, and the place of its subcontractor.
    pub fn order(&mut self) -> (Value, usize) {
        let order = match self.dice(4) {
            0 => self.passing(),
            _ => None,
        };
        let which = self.dice(self.world.orders.len());
        let order = order.unwrap_or_else(|| self.world.orders[which].clone());
        let second = order["partner"]["id"] == self.world.contracts[1].subcontractor["id"];
        (order, usize::from(second))
    }

    /// One of the orders that come and go.
    pub fn passing(&mut self) -> Option<Value> {
        let passing = self.world.passing.lock().unwrap().clone();
        let which = self.dice(passing.len().max(1));
        passing.get(which).cloned()
    }

    /// Some of the stock that a filter leaves, at a kind of place.
    pub fn stock(&mut self, filter: &str, kinds: &[LocationKind]) -> Option<Value> {
        let page = self.tally.taken("look", self.warehouse.get(&format!("/stock?limit=60&{filter}")))?;
        let fits = |row: &&Value| kinds.iter().any(|kind| row["location"]["kind"] == kind.as_str());
        let rows: Vec<&Value> = page["items"].as_array()?.iter().filter(fits).collect();
        let which = self.dice(rows.len().max(1));
        rows.get(which).map(|row| (*row).clone())
    }

    /// Writes a material document; what can be undone is remembered.
    pub fn paper(&mut self, head: Value, lines: &Value) -> Option<Value> {
        let mut document = head;
        document["reason"] = json!("a race of many at once");
        document["lines"] = lines.clone();
        let what = document["kind"].as_str()?.to_owned();
        let made = self.tally.taken(&what, self.warehouse.post("/material-documents", &document))?;
        self.written.push(("/material-documents", id(&made).to_owned()));
        Some(made)
    }

    /// Sends a command about the version that stands now.
    pub fn on(&self, (client, what): (&Client, &str), (path, step): (&str, &str), body: &Value) -> Option<Value> {
        let now = self.tally.taken("look", client.get(path))?;
        self.tally.taken(what, client.post_version(&format!("{path}/{step}"), &now["version"], body))
    }

    /// An approver decides what waits for a document.
    pub fn decide(&self, document: &Value) -> Option<Value> {
        let waiting = self.tally.taken("look", self.approver.get("/approvals?state=pending&limit=500"))?;
        let row = waiting["items"].as_array()?.iter().find(|row| row["document"]["id"] == document["id"])?;
        let decision = json!({ "decision": "approve", "reason": "seen and weighed" });
        self.answered("ruling", self.approver.post(&format!("/approvals/{}/decisions", id(row)), &decision))
    }

    pub fn answered(&self, what: &str, answer: Answer) -> Option<Value> {
        self.tally.taken(what, answer)
    }
}

/// A line about a lot that stands somewhere, of one unit.
pub fn line(row: &Value) -> Value {
    json!({ "item_id": row["item"]["id"], "lot_id": row["lot"]["id"], "quantity": "1" })
}

/// The same, from where it stands.
pub fn line_from(row: &Value) -> Value {
    let mut line = line(row);
    line["from_location_id"] = row["location"]["id"].clone();
    line
}
