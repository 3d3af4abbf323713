//! From the supplier to the subcontractor's countersignature, and what comes back for it.

use std::collections::BTreeMap;

use chrono::Days;
use lotline::custody::service::delivery_confirm;
use lotline::db::Tx;
use lotline::issuing::{notes, picks, requisitions, scanning};
use lotline::ledger::lots;
use lotline::quality::service::lot_decide;
use lotline::receiving::service::receipt_create;
use lotline::reconcile::service::{claim_read, claim_settle};
use lotline_common::custody::DeliveryConfirm;
use lotline_common::id::{ClaimId, IssueNoteId};
use lotline_common::issuing::{
    ApprovalState, Pick as PickTask, PickCreate, PickScan, RequisitionCreate, RequisitionTransition,
};
use lotline_common::ledger::{LotStatus, StockStatus};
use lotline_common::quality::{LotDecision, LotDecisionCreate};
use lotline_common::receiving::ReceiptCreate;
use lotline_common::reconcile::{ClaimOutcome, ClaimSettle};
use serde_json::{Value, json};

use super::books::{Item, Key, Lot, Move, Place, Spot, day, instant, must, on, own};
use super::command::Command;
use super::model::{Asking, Claim, Paper, Phase, Pick, Request, What};
use super::run::{Found, Run, because, choose, decide, ids, number, said};
use super::world::as_of;

const NOTHING_KEPT: BTreeMap<Key, i64> = BTreeMap::new();

impl Run<'_> {
    pub fn incoming(&mut self, tx: &mut Tx, command: &Command) -> Found {
        match *command {
            Command::Receive { item, quantity, soon, days_ago } => {
                let item = Item::ALL[usize::from(item) % Item::ALL.len()];
                self.receive(tx, (item, quantity), (soon, days_ago))
            }
            Command::Decide { lot, decision } => match self.some_lot(lot) {
                Some(lot) => self.decide_lot(tx, lot, decision),
                None => Ok(()),
            },
            // What was undone is gone, and its number may be another lot's by now.
            Command::Recall { lot } => match self.some_lot(lot).filter(|lot| !self.is_gone(*lot)) {
                Some(lot) => {
                    let id = self.lots[lot];
                    self.judge(tx, ("recall", Ok(())), |tx| lots::lot_set_status(tx, id, LotStatus::Recalled))?;
                    self.model.books.lots[lot].status = LotStatus::Recalled;
                    Ok(())
                }
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn some_lot(&self, choice: u8) -> Option<usize> {
        let all: Vec<usize> = (0..self.lots.len()).collect();
        choose(choice, &all, &all)
    }

    fn receive(&mut self, tx: &mut Tx, (item, quantity): (Item, i64), (soon, days_ago): (bool, i64)) -> Found {
        let (code, at) = (self.next_code(), self.books().now - days_ago * 1440);
        let expires_on = if soon { day(self.books().now).checked_add_days(Days::new(30)) } else { None };
        let (item_id, unit_id) = self.world.items[&item];
        let line = json!({
            "item_id": item_id, "quantity": number(quantity), "unit_id": unit_id, "lot_code": code,
            "certificate_number": "EN10204", "expires_on": expires_on,
        });
        let command: ReceiptCreate = said(json!({
            "supplier_id": self.world.supplier, "delivery_note": "DN-1", "occurred_at": instant(at), "lines": [line],
        }));
        let lot = self.lots.len();
        let (from, to) = (own(Spot::Supplier, StockStatus::Quarantine), own(Spot::Quarantine, StockStatus::Quarantine));
        let moves = vec![Move { lot, quantity, from, to }];
        let foreseen = must(!item.is_serial() || quantity == 1, "a serial number is one piece");
        let foreseen = foreseen.and_then(|()| self.books().check(&moves, at, &NOTHING_KEPT));
        let Some(made) = self.judge(tx, ("receipt", foreseen), |tx| receipt_create(tx, &command))? else {
            return Ok(());
        };
        let id = made.lines[0].lot.as_ref().map(|lot| lot.id).ok_or("a receipt without a lot")?;
        self.new_lot(Lot { item, code, status: LotStatus::Quarantine, released: false, expires_on }, id);
        let paper = Paper { moves, made: vec![lot], at, ..self.model.paper(What::Receipt, (lot, quantity)) };
        self.write(paper, made.id.uuid());
        Ok(())
    }

    pub fn is_gone(&self, lot: usize) -> bool {
        self.books().lots[lot].status == LotStatus::Scrapped
    }

    fn decide_lot(&mut self, tx: &mut Tx, lot: usize, decision: LotDecision) -> Found {
        let (id, now) = (self.lots[lot], self.books().now);
        let after = self.model.lot_after(lot, decision);
        let moves = self.model.decided(lot, decision);
        let foreseen =
            after.and_then(|_| if moves.is_empty() { Ok(()) } else { self.books().check(&moves, now, &NOTHING_KEPT) });
        let name = match decision {
            LotDecision::Release => "release",
            LotDecision::Block => "block",
            LotDecision::Unblock => "unblock",
        };
        let done = self.judge(tx, (name, foreseen), |tx| {
            let version = lots::lot_read(tx, id)?.version;
            let command = LotDecisionCreate { decision, reason: because().reason, to_location_id: None };
            lot_decide(tx, id, version, &command)
        })?;
        if done.is_some() {
            self.model.books.apply(&moves, now, &NOTHING_KEPT);
            let lot = &mut self.model.books.lots[lot];
            lot.status = after?;
            lot.released |= lot.status == LotStatus::Released;
        }
        Ok(())
    }

    pub fn issuing(&mut self, tx: &mut Tx, command: &Command) -> Found {
        match *command {
            Command::Request { order, item, quantity, supplement } => {
                let order = usize::from(order) % self.world.orders.len();
                let takes = &self.model.orders[order].takes;
                // Now and then something that the order does not take.
                let known = takes.get(usize::from(item) % (takes.len() * 3 / 2 + 1));
                let item = known.map_or(Item::ALL[usize::from(item) % Item::ALL.len()], |(item, _)| *item);
                self.request(tx, (order, item), (quantity, supplement))
            }
            Command::Answer { request, approve } => self.answer(tx, request, approve),
            Command::Withdraw { request } => self.withdraw(tx, request),
            Command::Pick { request } => self.pick(tx, request),
            Command::GiveUp { pick } => self.give_up(tx, pick),
            Command::Issue { pick } => self.issue(tx, pick),
            _ => Ok(()),
        }
    }

    fn request(&mut self, tx: &mut Tx, (order, item): (usize, Item), of: (i64, bool)) -> Found {
        let (quantity, supplement) = of;
        let command: RequisitionCreate = said(json!({
            "order_id": self.world.orders[order], "needed_on": day(self.books().now), "priority": "normal",
            "supplement": supplement.then_some("process_loss"), "submit": true,
            "reason": if supplement { because().reason } else { String::new() },
            "lines": [{ "item_id": self.world.items[&item].0, "quantity": number(quantity) }],
        }));
        let foreseen = self.model.check_request(order, item, of);
        let name = if supplement { "supplement" } else { "requisition" };
        let made = self.judge(tx, (name, foreseen), |tx| requisitions::requisition_create(tx, &command))?;
        if let Some(made) = made {
            self.requests.push(made.id);
            self.model.requests.push(Request { order, item, quantity, asking: Asking::Pending });
        }
        Ok(())
    }

    fn some_request(&self, choice: u8, asking: Asking) -> Option<usize> {
        let all: Vec<usize> = (0..self.requests.len()).collect();
        let fitting: Vec<usize> =
            all.iter().copied().filter(|request| self.model.requests[*request].asking == asking).collect();
        choose(choice, &fitting, &all)
    }

    fn answer(&mut self, tx: &mut Tx, choice: u8, approve: bool) -> Found {
        let Some(request) = self.some_request(choice, Asking::Pending) else { return Ok(()) };
        let (id, world) = (self.requests[request].uuid(), self.world);
        let foreseen = must(self.model.requests[request].asking == Asking::Pending, "it is decided already")
            .and_then(|()| self.as_decider(tx, choice));
        if self.judge(tx, ("approval", foreseen), |tx| decide(tx, world, id, approve))?.is_some() {
            self.model.requests[request].asking = if approve { Asking::Approved } else { Asking::Gone };
        }
        Ok(())
    }

    fn withdraw(&mut self, tx: &mut Tx, choice: u8) -> Found {
        let Some(request) = self.some_request(choice, Asking::Approved) else { return Ok(()) };
        let id = self.requests[request];
        let foreseen = must(
            matches!(self.model.requests[request].asking, Asking::Pending | Asking::Approved),
            "it is being picked, or over",
        );
        let done = self.judge(tx, ("withdrawal", foreseen), |tx| {
            let version = requisitions::requisition_read(tx, id)?.version;
            let command = RequisitionTransition { state: ApprovalState::Withdrawn };
            requisitions::requisition_transition(tx, id, version, &command)
        })?;
        if done.is_some() {
            self.model.requests[request].asking = Asking::Gone;
        }
        Ok(())
    }

    fn pick(&mut self, tx: &mut Tx, choice: u8) -> Found {
        let Some(request) = self.some_request(choice, Asking::Approved) else { return Ok(()) };
        let (id, of) = (self.requests[request], self.model.requests[request].clone());
        let books = self.books();
        let promisable = |key: &Key| books.is_promisable(key) && books.lots[key.1].item == of.item;
        let free: i64 = books.positions(promisable).iter().map(|(key, _)| books.free(*key)).sum();
        let foreseen = must(of.asking == Asking::Approved, "it is not approved, or being picked")
            .and_then(|()| must(free > 0, "there is nothing to pick"));
        let task =
            self.judge(tx, ("pick", foreseen), |tx| picks::pick_create(tx, &PickCreate { requisition_id: id }))?;
        let Some(task) = task else { return Ok(()) };
        let parts = self.proposed(&task)?;
        self.check_proposal(&of, &parts, free)?;
        for (key, quantity) in &parts {
            *self.model.books.promised.entry(*key).or_default() += quantity;
        }
        self.picks.push(task.id);
        self.model.picks.push(Pick { request, parts, open: true });
        self.model.requests[request].asking = Asking::Picking;
        Ok(())
    }

    fn proposed(&self, task: &PickTask) -> Found<Vec<(Key, i64)>> {
        let part = |line: &lotline_common::issuing::PickLine| {
            let lot = line.lot.as_ref().and_then(|lot| self.lots.iter().position(|known| *known == lot.id));
            let spot = self.world.spots[&line.location.id.uuid()];
            let quantity = i64::try_from(line.quantity).map_err(|error| error.to_string())?;
            Ok(((own(spot, StockStatus::Available), lot.ok_or("a lot that nobody made")?), quantity))
        };
        task.lines.iter().map(part).collect()
    }

    /// I7: only what may go on is proposed, no more than is free, as much as can be, what expires first before the rest.
    fn check_proposal(&self, of: &Request, parts: &[(Key, i64)], free: i64) -> Found {
        let books = self.books();
        for (key, quantity) in parts {
            if !books.is_promisable(key) || *quantity > books.free(*key) || books.lots[key.1].item != of.item {
                return Err(format!("{quantity} of {key:?} is proposed; the lot is {:?}", books.lots[key.1]));
            }
        }
        let proposed: i64 = parts.iter().map(|(_, quantity)| quantity).sum();
        if proposed != of.quantity.min(free) {
            return Err(format!("{proposed} of {} is proposed, {free} is free", of.quantity));
        }
        let rank = |lot: usize| (books.lots[lot].expires_on.is_none(), books.lots[lot].expires_on);
        let last = parts.iter().map(|(key, _)| rank(key.1)).max();
        let left = books
            .positions(|key| books.is_promisable(key) && books.lots[key.1].item == of.item)
            .into_iter()
            .any(|(key, _)| {
                let taken: i64 = parts.iter().filter(|(part, _)| *part == key).map(|(_, quantity)| quantity).sum();
                Some(rank(key.1)) < last && books.free(key) > taken
            });
        if left { Err("what expires later is proposed first".to_owned()) } else { Ok(()) }
    }

    fn some_pick(&self, choice: u8) -> Option<usize> {
        let all: Vec<usize> = (0..self.picks.len()).collect();
        let fitting: Vec<usize> = all.iter().copied().filter(|pick| self.model.picks[*pick].open).collect();
        choose(choice, &fitting, &all)
    }

    fn give_up(&mut self, tx: &mut Tx, choice: u8) -> Found {
        let Some(pick) = self.some_pick(choice) else { return Ok(()) };
        let (id, of) = (self.picks[pick], self.model.picks[pick].clone());
        let foreseen = must(of.open, "it is over");
        let done = self.judge(tx, ("giving up a pick", foreseen), |tx| {
            let version = picks::pick_read(tx, id)?.version;
            picks::pick_cancel(tx, id, version, &because())
        })?;
        if done.is_some() {
            for (key, quantity) in of.parts {
                *self.model.books.promised.entry(key).or_default() -= quantity;
            }
            self.model.picks[pick].open = false;
            self.model.requests[of.request].asking = Asking::Approved;
        }
        Ok(())
    }

    fn issue(&mut self, tx: &mut Tx, choice: u8) -> Found {
        let Some(pick) = self.some_pick(choice) else { return Ok(()) };
        let (id, of, now) = (self.picks[pick], self.model.picks[pick].clone(), self.books().now);
        let order = self.model.requests[of.request].order;
        let transit = on(Spot::OnTheWay(self.model.orders[order].subcontractor), order);
        let moves: Vec<Move> = of
            .parts
            .iter()
            .map(|((from, lot), quantity)| Move { lot: *lot, quantity: *quantity, from: *from, to: transit })
            .collect();
        let kept: BTreeMap<Key, i64> = of.parts.iter().copied().collect();
        let foreseen = must(of.open, "it is over")
            .and_then(|()| of.parts.iter().try_for_each(|((_, lot), _)| self.books().check_usable(*lot)))
            .and_then(|()| self.books().check(&moves, now, &kept));
        let made = self.judge(tx, ("issue", foreseen), |tx| {
            scan_all(tx, id)?;
            notes::issue_create(tx, &said(json!({ "pick_id": id })))
        })?;
        let Some(made) = made else { return Ok(()) };
        let quantity = moves.iter().map(|moved| moved.quantity).sum();
        let paper = self.model.paper(What::Issue, (moves[0].lot, quantity));
        self.model.books.apply(&moves, now, &kept);
        self.model.got(Some(order), moves[0].lot, quantity);
        self.model.picks[pick].open = false;
        self.model.requests[of.request].asking = Asking::Issued;
        self.papers.push(made.id.uuid());
        let phase = Phase::OnTheWay;
        let moved_at = vec![now];
        self.model.papers.push(Paper { phase, order: Some(order), moves, moved_at, pick: Some(pick), ..paper });
        Ok(())
    }

    /// The subcontractor counts a delivery: its first line with the difference, the others as they were sent.
    pub fn confirm(&mut self, tx: &mut Tx, choice: u8, (short, damaged, over): (i64, i64, i64)) -> Found {
        let note = self.paper(choice, |what| what == What::Issue, |paper| paper.phase == Phase::OnTheWay);
        let Some(note) = note else { return Ok(()) };
        let (paper, id) = (self.model.papers[note].clone(), IssueNoteId::from(self.papers[note]));
        let order = paper.order.unwrap();
        let subcontractor = self.model.orders[order].subcontractor;
        let (first, now) = (paper.moves[0], self.books().now);
        let short = short.min(first.quantity);
        let damaged = damaged.min(first.quantity - short);
        let over = if short == 0 { over } else { 0 };
        let line = |(place, moved): (i32, &Move)| {
            let (missing, broken, more) = if place == 1 { (short, damaged, over) } else { (0, 0, 0) };
            let good = number(moved.quantity - missing - broken + more);
            json!({ "line_number": place, "good_quantity": good, "damaged_quantity": number(broken), "remark": "seen" })
        };
        let lines: Vec<Value> = (1..).zip(&paper.moves).map(line).collect();
        let count: DeliveryConfirm = said(json!({ "lines": lines }));
        let foreseen = must(paper.phase == Phase::OnTheWay, "it is confirmed or undone already");
        as_of(tx, self.world.portals[subcontractor], now);
        let done = self.judge(tx, ("confirmation", foreseen), |tx| {
            let version = lotline::custody::service::delivery_read(tx, id)?.version;
            delivery_confirm(tx, id, version, &count)
        })?;
        self.as_maker(tx);
        if done.is_none() {
            return Ok(());
        }
        let differs = short + damaged + over > 0;
        self.arrived(note, (short + damaged, if differs { Phase::Differed } else { Phase::Done }));
        let statement = "SELECT id FROM claim WHERE org_id = current_org() AND issue_note_id = $1 ORDER BY number";
        let made = ids(tx, statement, id.uuid()).map_err(|error| error.to_string())?;
        let claims = [(short, false), (damaged, false), (over, true)].into_iter().filter(|(quantity, _)| *quantity > 0);
        for ((quantity, surplus), id) in claims.zip(made) {
            self.claims.push(ClaimId::from(id));
            self.model.claims.push(Claim { order, lot: first.lot, quantity, surplus, open: true });
        }
        Ok(())
    }

    fn arrived(&mut self, note: usize, (missing, phase): (i64, Phase)) {
        let paper = self.model.papers[note].clone();
        let order = paper.order.unwrap();
        let subcontractor = self.model.orders[order].subcontractor;
        let mut moves = Vec::new();
        for (place, moved) in paper.moves.iter().enumerate() {
            let missing = if place == 0 { missing } else { 0 };
            let ways =
                [(moved.quantity - missing, Spot::Custody(subcontractor)), (missing, Spot::Claimed(subcontractor))];
            let ways = ways.into_iter().filter(|(quantity, _)| *quantity > 0);
            moves.extend(ways.map(|(quantity, spot)| Move { quantity, from: moved.to, to: on(spot, order), ..*moved }));
        }
        self.model.books.apply(&moves, self.books().now, &NOTHING_KEPT);
        self.model.papers[note].moves.extend(moves);
        self.model.papers[note].moved_at.push(self.model.books.now);
        self.model.papers[note].phase = phase;
    }

    pub fn settle(&mut self, tx: &mut Tx, choice: u8, outcome: ClaimOutcome) -> Found {
        let all: Vec<usize> = (0..self.claims.len()).collect();
        let open: Vec<usize> = all.iter().copied().filter(|claim| self.model.claims[*claim].open).collect();
        let Some(claim) = choose(choice, &open, &all) else { return Ok(()) };
        let (id, of, now) = (self.claims[claim], self.model.claims[claim].clone(), self.books().now);
        let subcontractor = self.model.orders[of.order].subcontractor;
        let to = match outcome {
            ClaimOutcome::Found => on(Spot::Custody(subcontractor), of.order),
            ClaimOutcome::Returned => own(Spot::Quarantine, StockStatus::Quarantine),
            ClaimOutcome::WrittenOff => Place { spot: Spot::Scrapped, ..on(Spot::Scrapped, of.order) },
        };
        let moves = if of.surplus {
            Vec::new()
        } else {
            vec![Move { lot: of.lot, quantity: of.quantity, from: on(Spot::Claimed(subcontractor), of.order), to }]
        };
        let foreseen = must(of.open, "it is settled")
            .and_then(|()| must(!of.surplus || outcome == ClaimOutcome::WrittenOff, "it never was in the books"))
            .and_then(|()| self.books().check(&moves, now, &NOTHING_KEPT));
        let done = self.judge(tx, ("settlement of a claim", foreseen), |tx| {
            let version = claim_read(tx, id)?.version;
            claim_settle(tx, id, version, &ClaimSettle { outcome, reason: because().reason })
        })?;
        if done.is_some() {
            self.model.books.apply(&moves, now, &NOTHING_KEPT);
            self.model.claims[claim].open = false;
        }
        Ok(())
    }
}

/// Confirms every line by the number of its lot.
fn scan_all(tx: &mut Tx, id: lotline_common::id::PickId) -> lotline::error::Result<()> {
    for line in picks::pick_read(tx, id)?.lines.iter().filter(|line| line.picked_at.is_none()) {
        let raw = line.lot.as_ref().map(|lot| lot.code.clone()).unwrap_or_default();
        let scan: PickScan = said(json!({ "raw": raw, "capture": "wedge", "line_number": line.line_number }));
        scanning::pick_scan(tx, id, &scan)?;
    }
    Ok(())
}
