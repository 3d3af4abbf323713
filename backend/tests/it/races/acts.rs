//! What a worker does in a round. Each ends where somebody else was faster.

use lotline_common::masterdata::LocationKind;
use serde_json::{Value, json};

use super::desk::{Desk, line, line_from};
use crate::support::material::id;

const CUSTODY: &[LocationKind] = &[LocationKind::SubcontractorCustody];
const HOUSE: &[LocationKind] = &[LocationKind::Quarantine, LocationKind::OwnStock];
const SHELVES: &[LocationKind] = &[LocationKind::OwnStock];
const LINES: &[LocationKind] = &[LocationKind::Wip];

impl Desk<'_> {
    /// One thing after the other, chosen by chance.
    pub fn act(&mut self) {
        let done = match self.dice(26) {
            0..4 => self.issue(),
            4 => self.receive(),
            5..8 => self.finish(),
            8 | 9 => self.send_back(),
            10 => self.scrap_there(),
            11 | 12 => self.transfer(),
            13 => self.rework(),
            14 => self.count(),
            15 => self.count_there(),
            16 => self.put_away(),
            17 => self.issue_to_line(),
            18 => self.produce(),
            19 => self.repack(),
            20 => self.dispatch(),
            21 => self.judge(),
            22..25 => self.end_something(),
            _ => self.undo(),
        };
        if done.is_none() && self.dice(3) == 0 {
            self.undo();
        }
    }

    fn receive(&mut self) -> Option<()> {
        let (world, code) = (self.world, self.next_code());
        let bar = &world.contracts[0].bar;
        let receipt = json!({
            "supplier_id": world.contracts[0].supplier["id"], "delivery_note": format!("DN-{code}"),
            "lines": [{ "item_id": bar["id"], "quantity": "5", "unit_id": bar["unit"]["id"], "lot_code": code,
                "certificate_number": "EN10204", "expires_on": "2027-03-01", "unit_price": "600" }],
        });
        let receipt = self.answered("receipt", self.warehouse.post("/receipts", &receipt))?;
        self.written.push(("/receipts", id(&receipt).to_owned()));
        if self.dice(2) == 0 { self.decide_lot(&receipt["lines"][0]["lot"], "release") } else { Some(()) }
    }

    fn decide_lot(&mut self, lot: &Value, decision: &str) -> Option<()> {
        let command = json!({ "decision": decision, "reason": "a race of many at once" });
        self.on((&self.quality, decision), (&format!("/lots/{}", id(lot)), "decisions"), &command).map(drop)
    }

    /// Quality blocks a lot that others work with, and lets it go again; or releases what waits.
    fn judge(&mut self) -> Option<()> {
        if self.dice(2) == 0 {
            let row = self.stock("status=quarantine", HOUSE)?;
            return self.decide_lot(&row["lot"], "release");
        }
        let row = self.stock("status=available", SHELVES)?;
        self.decide_lot(&row["lot"], "block")?;
        // Whoever blocked it lets it go again, however many others are at it.
        (0..20).find_map(|_| self.decide_lot(&row["lot"], "unblock"))
    }

    /// From a requisition to a confirmed, disputed or reversed issue note.
    fn issue(&mut self) -> Option<()> {
        let (order, subcontractor) = self.order();
        let supplement = self.dice(4) == 0;
        let mut requisition = json!({
            "order_id": order["id"], "needed_on": "2026-03-20", "priority": "normal", "submit": true,
            "lines": [{ "item_id": order["components"][0]["item"]["id"], "quantity": "3" }],
        });
        if supplement {
            requisition["supplement"] = json!("process_loss");
            requisition["reason"] = json!("a race of many at once");
        }
        let requisition = self.answered("requisition", self.clerk.post("/requisitions", &requisition))?;
        let path = format!("/approvals/{}/decisions", id(&requisition["approval"]));
        self.answered("approval", self.approver.post(&path, &json!({ "decision": "approve" })))?;
        let pick = json!({ "requisition_id": requisition["id"] });
        let pick = self.answered("pick", self.warehouse.post("/picks", &pick))?;
        for line in pick["lines"].as_array()? {
            let scan = json!({ "raw": line["lot"]["code"], "capture": "wedge", "line_number": line["line_number"] });
            let scanned = self.warehouse.post(&format!("/picks/{}/scans", id(&pick)), &scan);
            if self.answered("scan", scanned).is_none() {
                let path = format!("/picks/{}", id(&pick));
                let reason = json!({ "reason": "the lot is held" });
                return self.on((&self.warehouse, "give_up"), (&path, "cancellation"), &reason).map(drop);
            }
        }
        let note = self.answered("issue", self.warehouse.post("/issue-notes", &json!({ "pick_id": pick["id"] })))?;
        match self.dice(4) {
            0 => self.on(
                (&self.manager, "issue_reversal"),
                (&format!("/issue-notes/{}", id(&note)), "reversal"),
                &json!({ "reason": "issued in a test of many at once" }),
            ),
            1 => self.confirm(&note, subcontractor, true),
            _ => self.confirm(&note, subcontractor, false),
        }
        .map(drop)
    }

    fn confirm(&mut self, note: &Value, subcontractor: usize, short: bool) -> Option<Value> {
        let lines = note["lines"].as_array()?.iter().enumerate().map(|(place, line)| {
            let good = if short && place == 0 { json!("0") } else { line["quantity"].clone() };
            json!({ "line_number": line["line_number"], "good_quantity": good, "damaged_quantity": "0", "remark": "seen" })
        });
        let count = json!({ "lines": lines.collect::<Vec<_>>() });
        let path = format!("/portal/deliveries/{}", id(note));
        let confirmed = self.on((&self.portals[subcontractor], "confirmation"), (&path, "confirmation"), &count)?;
        if short {
            let page = self.answered("look", self.manager.get("/claims?state=open&limit=20"))?;
            let claims = page["items"].as_array()?;
            let claim = claims.get(self.dice(claims.len().max(1)))?;
            let outcome = ["found", "returned", "written_off"][self.dice(3)];
            let settlement = json!({ "outcome": outcome, "reason": "settled in a race" });
            self.on((&self.manager, "claim"), (&format!("/claims/{}", id(claim)), "settlement"), &settlement)?;
        }
        Some(confirmed)
    }

    /// Finished goods: by the rule, or with what is said; into a lot of its own, or one that everybody adds to.
    fn finish(&mut self) -> Option<()> {
        let (order, _) = self.order();
        let mut line = json!({ "lot_code": self.next_code(), "good_quantity": "90", "rejected_quantity": "10" });
        if self.dice(3) == 0 {
            line["lot_code"] = json!(format!("ALL-{}", order["number"].as_str()?.trim_start_matches("WW-")));
        }
        if self.dice(2) == 0 {
            let held = self.stock(&format!("order_id={}", id(&order)), CUSTODY)?;
            line["uses"] = json!([{ "item_id": held["item"]["id"], "lot_id": held["lot"]["id"], "quantity": "1" }]);
        }
        let receipt = json!({ "order_id": order["id"], "delivery_note": "SUB-1", "lines": [line] });
        let made = self.answered("finished", self.warehouse.post("/subcontract-receipts", &receipt))?;
        self.written.push(("/subcontract-receipts", id(&made).to_owned()));
        if self.dice(2) == 0 { self.decide_lot(&made["lines"][0]["lot"], "release") } else { Some(()) }
    }

    fn held(&mut self) -> Option<(Value, Value)> {
        let (order, _) = self.order();
        let held = self.stock(&format!("order_id={}", id(&order)), CUSTODY)?;
        Some((order, held))
    }

    /// Back from a subcontractor, and its arrival, now and then with something missing.
    fn send_back(&mut self) -> Option<()> {
        let (order, held) = self.held()?;
        let sent = self.paper(json!({ "kind": "return", "order_id": order["id"] }), &json!([line(&held)]))?;
        self.arrive(&sent)
    }

    fn arrive(&mut self, sent: &Value) -> Option<()> {
        if self.dice(4) == 0 {
            return Some(());
        }
        let received = if self.dice(5) == 0 { "0" } else { "1" };
        let count = json!({ "lines": [{ "line_number": 1, "received_quantity": received }], "remark": "seen" });
        let path = format!("/material-documents/{}", id(sent));
        self.on((&self.warehouse, "arrival"), (&path, "confirmation"), &count).map(drop)
    }

    fn scrap_there(&mut self) -> Option<()> {
        let (order, held) = self.held()?;
        let head = if self.dice(3) == 0 {
            json!({ "kind": "over_consumption", "order_id": order["id"], "borne_by": "own", "certificate_number": "E-1" })
        } else {
            json!({ "kind": "subcontractor_scrap", "order_id": order["id"], "witness": "W", "certificate_number": "D-1" })
        };
        let made = self.paper(head, &json!([line(&held)]))?;
        if made["record_state"] == "draft" { self.decide(&made).map(drop) } else { Some(()) }
    }

    fn transfer(&mut self) -> Option<()> {
        let (order, held) = self.held()?;
        let (to, _) = self.order();
        let head = json!({ "kind": "transfer", "order_id": order["id"], "to_order_id": to["id"] });
        let mut made = self.paper(head, &json!([line(&held)]))?;
        if made["record_state"] == "draft" {
            let path = format!("/material-documents/{}", id(&made));
            made = self.on((&self.warehouse, "hand_over"), (&path, "hand-over"), &json!({}))?;
        }
        if made["custody_state"] == "in_transit" { self.arrive(&made) } else { Some(()) }
    }

    /// Rejected goods out and back.
    fn rework(&mut self) -> Option<()> {
        let (order, _) = self.order();
        let bad = self.stock("status=rejected", HOUSE)?;
        let sent = self.paper(json!({ "kind": "rework_out", "order_id": order["id"] }), &json!([line_from(&bad)]))?;
        self.arrive(&sent)?;
        self.paper(json!({ "kind": "rework_in", "order_id": order["id"] }), &json!([line(&bad)])).map(drop)
    }

    fn count(&mut self) -> Option<()> {
        let row = self.stock("status=available", SHELVES)?;
        let there: f64 = row["on_hand"].as_str()?.parse().ok()?;
        let mut line = line_from(&row);
        line["from_status"] = row["status"].clone();
        line["quantity"] = json!(format!("{}", (there - 1.0).max(0.0).floor()));
        let made = self.paper(json!({ "kind": "count" }), &json!([line]))?;
        self.decide(&made).map(drop)
    }

    /// All that a subcontractor holds on an order, one unit more of the first lot.
    fn count_there(&mut self) -> Option<()> {
        let (order, _) = self.order();
        let path = format!("/stock?limit=500&order_id={}", id(&order));
        let page = self.answered("look", self.warehouse.get(&path))?;
        let held = page["items"].as_array()?.iter().filter(|row| row["location"]["kind"] == "subcontractor_custody");
        let lines = held.enumerate().map(|(place, row)| {
            let there: i64 = row["on_hand"].as_str().and_then(|text| text.parse().ok()).unwrap_or_default();
            let mut line = line(row);
            line["quantity"] = json!((there + i64::from(place == 0)).to_string());
            line
        });
        let lines: Vec<Value> = lines.take(200).collect();
        let made = self.paper(json!({ "kind": "count", "order_id": order["id"] }), &json!(lines))?;
        self.decide(&made).map(drop)
    }

    fn put_away(&mut self) -> Option<()> {
        let row = self.stock("", HOUSE)?;
        let mut line = line_from(&row);
        line["from_status"] = row["status"].clone();
        if self.dice(4) == 0 {
            return self.paper(json!({ "kind": "scrap" }), &json!([line])).map(drop);
        }
        line["to_location_id"] = self.world.places[self.dice(3)]["id"].clone();
        self.paper(json!({ "kind": "move" }), &json!([line])).map(drop)
    }

    fn issue_to_line(&mut self) -> Option<()> {
        let row = self.stock("status=available", SHELVES)?;
        self.paper(json!({ "kind": "line_issue" }), &json!([line_from(&row)]))?;
        if self.dice(2) == 0 {
            return Some(());
        }
        let mut back = line(&row);
        back["to_location_id"] = self.world.places[self.dice(3)]["id"].clone();
        self.paper(json!({ "kind": "line_return" }), &json!([back])).map(drop)
    }

    /// A product made on the own line, of what stands there.
    fn produce(&mut self) -> Option<()> {
        let row = self.stock("status=available", LINES)?;
        let made = json!({
            "direction": "in", "item_id": self.world.contracts[0].product["id"], "lot_code": self.next_code(), "quantity": "7",
        });
        self.paper(json!({ "kind": "production" }), &json!([line_from(&row), made])).map(drop)
    }

    fn repack(&mut self) -> Option<()> {
        let row = self.stock("", HOUSE)?;
        let mut taken = line_from(&row);
        taken["from_status"] = row["status"].clone();
        let made = json!({
            "direction": "in", "item_id": row["item"]["id"], "lot_code": self.next_code(), "quantity": "1",
        });
        self.paper(json!({ "kind": "repack" }), &json!([taken, made])).map(drop)
    }

    fn dispatch(&mut self) -> Option<()> {
        let row = self.stock("status=available", SHELVES)?;
        let head =
            json!({ "kind": "dispatch", "customer_id": self.world.customer["id"], "contact": "No. 1, Hospital Road" });
        self.paper(head, &json!([line_from(&row)])).map(drop)
    }

    /// Closes a month while others post; opens an order for everybody, or closes or cancels one that others work on.
    fn end_something(&mut self) -> Option<()> {
        if self.dice(3) == 0 {
            let month = json!({ "month": format!("20{:02}-{:02}-01", self.dice(20), 1 + self.dice(12)) });
            return self.answered("month", self.manager.post("/periods", &month)).map(drop);
        }
        let open = self.world.passing.lock().unwrap().len();
        if open < 3 {
            return self.open_order().map(drop);
        }
        if self.dice(2) == 0 {
            return self.work_off();
        }
        let order = self.passing()?;
        let path = format!("/orders/{}", id(&order));
        let closed = match self.dice(4) {
            0 => {
                let command = json!({ "state": "cancelled", "reason": "not needed any more" });
                self.on((&self.clerk, "order_cancelled"), (&path, "transitions"), &command)
            }
            _ => self.on((&self.manager, "order_closed"), (&path, "closing"), &json!({ "remark": "a race of many" })),
        };
        closed?;
        self.world.passing.lock().unwrap().retain(|known| known["id"] != order["id"]);
        Some(())
    }

    /// An order that gets what it needs from another one of its subcontractor, comes back whole and is closed, unless
    /// somebody else came between.
    fn work_off(&mut self) -> Option<()> {
        let order = self.open_order()?;
        let which = usize::from(order["partner"]["id"] == self.world.contracts[1].subcontractor["id"]);
        let giver = self.world.orders[which].clone();
        let held = self.stock(&format!("order_id={}", id(&giver)), CUSTODY)?;
        let head = json!({ "kind": "transfer", "order_id": giver["id"], "to_order_id": order["id"] });
        self.paper(head, &json!([line(&held)]))?;
        let goods = json!([{ "lot_code": self.next_code(), "good_quantity": "100" }]);
        let receipt = json!({ "order_id": order["id"], "delivery_note": "SUB-1", "lines": goods });
        self.answered("finished", self.warehouse.post("/subcontract-receipts", &receipt))?;
        let path = format!("/orders/{}", id(&order));
        self.on((&self.manager, "order_closed"), (&path, "closing"), &json!({ "remark": "" }))?;
        self.world.passing.lock().unwrap().retain(|known| known["id"] != order["id"]);
        Some(())
    }

    fn open_order(&mut self) -> Option<Value> {
        let contract = &self.world.contracts[self.dice(2)];
        let order = json!({
            "partner_id": contract.subcontractor["id"], "operation_id": contract.operation["id"],
            "product_id": contract.product["id"], "quantity": "1000", "due_on": "2026-05-01",
        });
        let order = self.answered("order", self.clerk.post("/orders", &order))?;
        let path = format!("/orders/{}", id(&order));
        let open = self.on((&self.clerk, "order_opened"), (&path, "transitions"), &json!({ "state": "open" }))?;
        self.world.passing.lock().unwrap().push(open.clone());
        Some(open)
    }

    /// Undoes something that it wrote itself.
    fn undo(&mut self) -> Option<()> {
        let which = self.dice(self.written.len().max(1));
        if which >= self.written.len() {
            return None;
        }
        let (path, id) = self.written.swap_remove(which);
        let reason = json!({ "reason": "written in a race" });
        self.on((&self.manager, "reversal"), (&format!("{path}/{id}"), "reversal"), &reason).map(drop)
    }
}
