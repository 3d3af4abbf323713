//! Finished goods, and what else happens to material in custody.

use std::collections::BTreeMap;

use lotline::db::Tx;
use lotline::material::service as material;
use lotline::subcontract_receiving::service::receipt_create;
use lotline_common::id::{LotId, MaterialDocumentId, OrderId};
use lotline_common::ledger::{LotStatus, StockStatus};
use lotline_common::material::{
    LineDirection, Material, MaterialCondition, MaterialConfirm, MaterialCreate, MaterialHandOver, MaterialKind,
    MaterialLineWrite,
};
use lotline_common::subcontract_receiving::SubcontractReceiptCreate;
use serde_json::{Value, json};

use super::books::{Key, Lot, Move, Place, Spot, Verdict, must, on, own};
use super::command::{Command, Leaving, Stock, Uses};
use super::model::{Link, Paper, Phase, What};
use super::run::{Foreseen, Found, Run, because, number, said};

const NOTHING_KEPT: BTreeMap<Key, i64> = BTreeMap::new();

/// A lot that finished goods go into.
struct Child {
    lot: usize,
    code: String,
    /// It is there already.
    again: bool,
}

impl Run<'_> {
    pub fn receiving(&mut self, tx: &mut Tx, command: &Command) -> Found {
        match command {
            Command::Confirm { note, short, damaged, over } => self.confirm(tx, *note, (*short, *damaged, *over)),
            Command::Settle { claim, outcome } => self.settle(tx, *claim, *outcome),
            Command::Finish { order, good, rejected, uses, again } => {
                let order = usize::from(*order) % self.world.orders.len();
                self.finish(tx, order, (*good, *rejected, uses, *again))
            }
            _ => Ok(()),
        }
    }

    fn child(&self, order: usize, again: bool) -> Child {
        let mut papers =
            self.model.papers.iter().filter(|paper| (paper.what, paper.order) == (What::Finish, Some(order)));
        // The number of goods that were received by mistake is free again.
        let gone = |lot: usize| self.books().lots[lot].status == LotStatus::Scrapped;
        match papers.next_back().filter(|_| again) {
            Some(paper) if gone(paper.lot) => {
                Child { lot: self.lots.len(), code: self.books().lots[paper.lot].code.clone(), again: false }
            }
            Some(paper) => Child { lot: paper.lot, code: self.books().lots[paper.lot].code.clone(), again: true },
            None => Child { lot: self.lots.len(), code: self.next_code(), again: false },
        }
    }

    /// The component lots that are used: as said, or by the rule.
    fn used(&self, order: usize, pieces: i64, uses: &Uses) -> (Vec<(usize, i64)>, bool) {
        let said = match uses {
            Uses::Said(stock) => {
                self.source(stock, |(place, _)| place.order == Some(order) && matches!(place.spot, Spot::Custody(_)))
            }
            Uses::Unsaid => None,
        };
        match said {
            Some(((_, lot), quantity)) => (vec![(lot, quantity)], true),
            None => (self.model.taken_by_rule(order, pieces), false),
        }
    }

    fn check_child(&self, child: &Child, order: usize) -> Verdict {
        let posted = |paper: &&Paper| paper.what == What::Finish && paper.phase == Phase::Done;
        let here = self
            .model
            .papers
            .iter()
            .filter(posted)
            .any(|paper| paper.order == Some(order) && paper.made.contains(&child.lot));
        let waits = || self.books().lots[child.lot].status == LotStatus::Quarantine;
        let serial = self.model.orders[order].product.is_serial();
        must(!child.again || (here && waits() && !serial), "the lot is another's, or judged already")
    }

    /// What is there for rework is no component.
    fn takes_all(&self, order: usize, used: &[(usize, i64)]) -> bool {
        used.iter().all(|(lot, _)| self.model.takes(order, self.books().lots[*lot].item).is_some())
    }

    fn finish(&mut self, tx: &mut Tx, order: usize, of: (i64, i64, &Uses, bool)) -> Found {
        let (good, rejected, uses, again) = of;
        let (pieces, child, now) = (good + rejected, self.child(order, again), self.books().now);
        let (product, subcontractor) = (self.model.orders[order].product, self.model.orders[order].subcontractor);
        let (used, said) = self.used(order, pieces, uses);
        let custody = on(Spot::Custody(subcontractor), order);
        let born = |quantity, status| Move {
            lot: child.lot,
            quantity,
            from: own(Spot::Born, StockStatus::Quarantine),
            to: own(Spot::Quarantine, status),
        };
        let out = [born(good, StockStatus::Quarantine), born(rejected, StockStatus::Rejected)];
        let mut moves: Vec<Move> = out.into_iter().filter(|moved| moved.quantity > 0).collect();
        let consumed = Place { spot: Spot::Consumed, ..custody };
        moves.extend(used.iter().map(|(lot, n)| Move { lot: *lot, quantity: *n, from: custody, to: consumed }));
        let foreseen = self
            .model
            .check_open(order)
            .and_then(|()| must(pieces > 0, "nothing is finished"))
            .and_then(|()| must(!product.is_serial() || pieces == 1, "a serial number is one piece"))
            .and_then(|()| self.check_child(&child, order))
            .and_then(|()| must(!said || self.takes_all(order, &used), "the order does not take it"))
            .and_then(|()| self.books().check_not_recalled(&used))
            .and_then(|()| self.books().check(&moves, now, &NOTHING_KEPT));
        let links = self.linked(order, &child, (&used, said));
        let cycle = links.iter().any(|parent| *parent == child.lot || self.model.descends(*parent, child.lot));
        let foreseen = foreseen.and_then(|()| must(!cycle, "a lot would descend from itself"));
        let named = if said { used } else { Vec::new() };
        let command = self.finish_command(order, (good, rejected, &child.code), &named);
        let Some(made) = self.judge(tx, ("finished goods", foreseen), |tx| receipt_create(tx, &command))? else {
            return Ok(());
        };
        let id = made.lines[0].lot.as_ref().map(|lot| lot.id).ok_or("finished goods without a lot")?;
        if !child.again {
            self.new_lot(
                Lot {
                    item: product,
                    code: child.code,
                    status: LotStatus::Quarantine,
                    released: false,
                    expires_on: None,
                },
                id,
            );
        }
        let paper = self.model.paper(What::Finish, (child.lot, pieces));
        let paper = self.write(Paper { order: Some(order), moves, made: vec![child.lot], ..paper }, made.id.uuid());
        self.model.orders[order].received += pieces;
        self.model.links.extend(links.into_iter().map(|parent| Link { parent, child: child.lot, paper }));
        Ok(())
    }

    /// The parents of what is finished: what was used, and where the rule chose, all that could have been, also what
    /// was recalled since.
    fn linked(&self, order: usize, child: &Child, (used, said): (&[(usize, i64)], bool)) -> Vec<usize> {
        let mut parents: Vec<usize> = used.iter().map(|(lot, _)| *lot).collect();
        for (item, _) in &self.model.orders[order].takes {
            let possible = self.model.held(order, *item).into_iter().map(|(lot, _)| lot);
            parents.extend(possible.filter(|lot| !said && !used.iter().any(|(known, _)| known == lot)));
        }
        parents.retain(|parent| *parent != child.lot || child.again);
        parents
    }

    fn finish_command(
        &self,
        order: usize,
        (good, rejected, code): (i64, i64, &str),
        named: &[(usize, i64)],
    ) -> SubcontractReceiptCreate {
        let used = |(lot, quantity): &(usize, i64)| {
            let item = self.world.items[&self.item(*lot)].0;
            json!({ "item_id": item, "lot_id": self.lots[*lot], "quantity": number(*quantity) })
        };
        let uses: Option<Vec<Value>> = (!named.is_empty()).then(|| named.iter().map(used).collect());
        let (good, rejected) = (number(good), number(rejected));
        said(json!({
            "order_id": self.world.orders[order], "delivery_note": "SUB-1",
            "lines": [{ "lot_code": code, "good_quantity": good, "rejected_quantity": rejected, "uses": uses }],
        }))
    }

    /// A material document without lines.
    pub fn document(&self, kind: MaterialKind, order: Option<usize>, lines: Vec<MaterialLineWrite>) -> MaterialCreate {
        let text = |needed: bool, text: &str| if needed { text.to_owned() } else { String::new() };
        let over = kind == MaterialKind::OverConsumption;
        let dispatch = kind == MaterialKind::Dispatch;
        let mut document: MaterialCreate = said(json!({
            "kind": kind, "order_id": order.map(|order| self.world.orders[order]),
            "customer_id": dispatch.then_some(self.world.customer), "borne_by": over.then_some("own"),
            "reason": because().reason, "witness": text(kind == MaterialKind::SubcontractorScrap, "Wang Fang"),
            "certificate_number": text(over || kind == MaterialKind::SubcontractorScrap, "DC-1"),
            "contact": text(dispatch, "No. 1, Hospital Road"), "lines": [],
        }));
        document.lines = lines;
        document
    }

    /// A line about a lot that is there.
    pub fn line(&self, lot: usize, quantity: i64) -> MaterialLineWrite {
        let (item, lot_id) = (self.world.items[&self.item(lot)].0, self.lots.get(lot));
        said(json!({ "item_id": item, "lot_id": lot_id, "quantity": number(quantity) }))
    }

    pub fn with_subcontractor(&mut self, tx: &mut Tx, command: &Command) -> Found {
        match command {
            Command::Leave { what, stock } => self.leave(tx, *what, stock),
            Command::Transfer { stock, to } => {
                let to = usize::from(*to) % self.world.orders.len();
                self.transfer(tx, stock, to)
            }
            Command::HandOver { paper } => self.hand_over(tx, *paper),
            Command::Rework { order, stock } => {
                let order = usize::from(*order) % self.world.orders.len();
                self.rework(tx, order, stock)
            }
            Command::Arrive { paper, missing } => self.arrive(tx, *paper, *missing),
            Command::CountThere { order, line, difference } => {
                let order = usize::from(*order) % self.world.orders.len();
                self.count_there(tx, order, (*line, *difference))
            }
            _ => Ok(()),
        }
    }

    /// Writes a material document, and the model's paper of it.
    pub fn post_document(
        &mut self,
        tx: &mut Tx,
        foreseen: impl Into<Foreseen>,
        (command, paper): (&MaterialCreate, Paper),
    ) -> Found<Option<(usize, Material)>> {
        let name = command.kind.as_str();
        let made = self.judge(tx, (name, foreseen), |tx| material::material_create(tx, command))?;
        Ok(made.map(|made| (self.write(paper, made.id.uuid()), made)))
    }

    fn leave(&mut self, tx: &mut Tx, what: Leaving, stock: &Stock) -> Found {
        let Some(((from, lot), quantity)) = self.source(stock, |(place, _)| matches!(place.spot, Spot::Custody(_)))
        else {
            return Ok(());
        };
        let (order, Spot::Custody(subcontractor)) = (from.order.unwrap(), from.spot) else { return Ok(()) };
        // Custody is always usable; a paper does not even say in which status.
        let from = on(from.spot, order);
        let (kind, to, phase) = match what {
            Leaving::Return { .. } => {
                (MaterialKind::Return, on(Spot::Returning(subcontractor), order), Phase::OnTheWay)
            }
            Leaving::Scrap => (MaterialKind::SubcontractorScrap, on(Spot::Scrapped, order), Phase::Done),
            Leaving::ReworkIn => (MaterialKind::ReworkIn, own(Spot::Quarantine, StockStatus::Quarantine), Phase::Done),
            Leaving::OverUse { .. } => (MaterialKind::OverConsumption, on(Spot::Consumed, order), Phase::Waiting),
        };
        let declared = what == Leaving::OverUse { declared: true };
        let good = what != Leaving::Return { good: false };
        let moves = if declared { Vec::new() } else { vec![Move { lot, quantity, from, to }] };
        let paper = self.model.paper(What::Material(kind), (lot, quantity));
        let paper = Paper { phase, order: Some(order), moves, good, declared, ..paper };
        let foreseen = self.model.check_open(order).and_then(|()| match kind {
            MaterialKind::OverConsumption => self.check_over(&paper),
            _ => self.books().check(&paper.moves, paper.at, &NOTHING_KEPT),
        });
        let condition = if good { MaterialCondition::Good } else { MaterialCondition::Defective };
        let line = MaterialLineWrite { condition, already_declared: declared, ..self.line(lot, quantity) };
        let command = self.document(kind, Some(order), vec![line]);
        self.post_document(tx, foreseen, (&command, paper)).map(drop)
    }

    /// Only what was used too much is ruled on.
    pub fn check_over(&self, paper: &Paper) -> Verdict {
        let (order, item) = (paper.order.unwrap(), self.item(paper.lot));
        must(self.model.takes(order, item).is_some(), "the order does not take it")?;
        must(
            !paper.declared || paper.quantity <= self.model.component_use(order, item).over,
            "so much was not too much",
        )
    }

    fn transfer(&mut self, tx: &mut Tx, stock: &Stock, to: usize) -> Found {
        let Some(((from, lot), quantity)) = self.source(stock, |(place, _)| matches!(place.spot, Spot::Custody(_)))
        else {
            return Ok(());
        };
        let (order, receiver) = (from.order.unwrap(), self.model.orders[to].subcontractor);
        let from = on(from.spot, order);
        let stays = self.model.orders[order].subcontractor == receiver;
        let transit = on(Spot::OnTheWay(receiver), to);
        let mut moves = vec![Move { lot, quantity, from, to: transit }];
        if stays {
            moves.push(Move { from: transit, to: on(Spot::Custody(receiver), to), ..moves[0] });
        }
        let phase = if stays { Phase::Done } else { Phase::Draft };
        let paper = self.model.paper(What::Material(MaterialKind::Transfer), (lot, quantity));
        let paper = Paper { phase, order: Some(order), to_order: Some(to), moves, ..paper };
        let foreseen = must(order != to, "it stays where it is")
            .and_then(|()| self.model.check_papers_orders(&paper))
            .and_then(|()| self.model.takes(to, self.item(lot)).map(drop).ok_or("the order does not take it"))
            .and_then(|()| self.books().check_usable(lot))
            .and_then(|()| if stays { self.books().check(&paper.moves, paper.at, &NOTHING_KEPT) } else { Ok(()) });
        let to_order_id: Option<OrderId> = Some(self.world.orders[to]);
        let command = self.document(MaterialKind::Transfer, Some(order), vec![self.line(lot, quantity)]);
        self.post_document(tx, foreseen, (&MaterialCreate { to_order_id, ..command }, paper)).map(drop)
    }

    fn hand_over(&mut self, tx: &mut Tx, choice: u8) -> Found {
        let transfer = |what| what == What::Material(MaterialKind::Transfer);
        let Some(index) = self.paper(choice, transfer, |paper| paper.phase == Phase::Draft) else { return Ok(()) };
        let (paper, id, now) = (self.model.papers[index].clone(), self.papers[index], self.books().now);
        let foreseen = must(paper.phase == Phase::Draft, "it was handed over, or called off")
            .and_then(|()| self.model.check_papers_orders(&paper))
            .and_then(|()| self.books().check_usable(paper.lot))
            .and_then(|()| self.books().check(&paper.moves, now, &NOTHING_KEPT));
        let done = self.judge(tx, ("hand-over", foreseen), |tx| {
            let (id, version) = versioned(tx, id)?;
            material::material_hand_over(tx, id, version, &MaterialHandOver::default())
        })?;
        if done.is_some() {
            self.model.books.apply(&paper.moves, now, &NOTHING_KEPT);
            self.model.got(paper.to_order, paper.lot, paper.quantity);
            self.model.papers[index] = Paper { phase: Phase::OnTheWay, at: now, moved_at: vec![now], ..paper };
        }
        Ok(())
    }

    fn rework(&mut self, tx: &mut Tx, order: usize, stock: &Stock) -> Found {
        let product = self.model.orders[order].product;
        let fits = |(place, lot): &Key| place.spot.is_own() && (self.item(*lot) == product || stock.twist == 9);
        let Some(((from, lot), quantity)) = self.source(stock, fits) else { return Ok(()) };
        let to = on(Spot::OnTheWay(self.model.orders[order].subcontractor), order);
        let moves = vec![Move { lot, quantity, from, to }];
        let paper = self.model.paper(What::Material(MaterialKind::ReworkOut), (lot, quantity));
        let paper = Paper { phase: Phase::OnTheWay, order: Some(order), moves, ..paper };
        let foreseen = self
            .model
            .check_open(order)
            .and_then(|()| must(self.item(lot) == product, "the order does not make it"))
            .and_then(|()| must(from.status != StockStatus::Available && from.spot != Spot::Line, "it is good"))
            .and_then(|()| self.books().check_not_recalled(&[(lot, quantity)]))
            .and_then(|()| self.books().check(&paper.moves, paper.at, &NOTHING_KEPT));
        let from_location_id = Some(self.world.location(from.spot));
        let line = MaterialLineWrite { from_location_id, from_status: Some(from.status), ..self.line(lot, quantity) };
        let command = self.document(MaterialKind::ReworkOut, Some(order), vec![line]);
        self.post_document(tx, foreseen, (&command, paper)).map(drop)
    }

    fn arrive(&mut self, tx: &mut Tx, choice: u8, missing: i64) -> Found {
        let travels = |what| match what {
            What::Material(kind) => kind.is_confirmed(),
            _ => false,
        };
        let Some(index) = self.paper(choice, travels, |paper| paper.phase == Phase::OnTheWay) else { return Ok(()) };
        let (paper, id, now) = (self.model.papers[index].clone(), self.papers[index], self.books().now);
        let missing = missing.min(paper.quantity);
        let left = paper.moves[0];
        let there = self.model.arrival(&paper);
        let ways = [(paper.quantity - missing, there), (missing, left.from)];
        let moves = ways.into_iter().filter(|(quantity, _)| *quantity > 0);
        let moves: Vec<Move> = moves.map(|(quantity, to)| Move { quantity, from: left.to, to, ..left }).collect();
        let foreseen = must(paper.phase == Phase::OnTheWay, "it does not travel")
            .and_then(|()| self.books().check(&moves, now, &NOTHING_KEPT));
        let counted = json!({ "line_number": 1, "received_quantity": number(paper.quantity - missing) });
        let count: MaterialConfirm = said(json!({ "lines": [counted], "remark": "seen" }));
        let done = self.judge(tx, ("arrival", foreseen), |tx| {
            let (id, version) = versioned(tx, id)?;
            material::material_confirm(tx, id, version, &count)
        })?;
        if done.is_some() {
            self.model.books.apply(&moves, now, &NOTHING_KEPT);
            self.model.got(paper.to_order, paper.lot, -missing);
            self.model.papers[index].moves.extend(moves);
            self.model.papers[index].moved_at.push(now);
            self.model.papers[index].phase = if missing > 0 { Phase::Differed } else { Phase::Done };
        }
        Ok(())
    }

    /// Every lot in an order's custody is counted, one of them with a difference.
    fn count_there(&mut self, tx: &mut Tx, order: usize, (line, difference): (u8, i64)) -> Found {
        let custody = on(Spot::Custody(self.model.orders[order].subcontractor), order);
        let held = self.books().positions(|(place, _)| *place == custody);
        let Some(which) = usize::from(line).checked_rem(held.len()) else { return Ok(()) };
        let ((_, lot), book) = held[which];
        let counted = (book + difference).max(0);
        let lines = held
            .iter()
            .map(|((_, held_lot), there)| self.line(*held_lot, if *held_lot == lot { counted } else { *there }));
        let command = self.document(MaterialKind::Count, Some(order), lines.collect());
        let paper = self.counted(custody, (lot, book, counted));
        let foreseen = self.model.check_open(order).and_then(|()| self.check_count((lot, counted)));
        self.post_document(tx, foreseen, (&command, Paper { order: Some(order), ..paper })).map(drop)
    }

    /// A serial number is there or not.
    pub fn check_count(&self, (lot, counted): (usize, i64)) -> Verdict {
        must(!self.item(lot).is_serial() || counted <= 1, "a serial number is one piece")
    }

    /// The paper of a count: a difference waits for an approver.
    pub fn counted(&self, place: Place, (lot, book, counted): (usize, i64, i64)) -> Paper {
        let beyond = Place { spot: Spot::Adjusted, ..own(Spot::Adjusted, place.status) };
        let (from, to) = if counted < book { (place, beyond) } else { (beyond, place) };
        let moves =
            if counted == book { Vec::new() } else { vec![Move { lot, quantity: (counted - book).abs(), from, to }] };
        let phase = if counted == book { Phase::Done } else { Phase::Waiting };
        Paper { phase, moves, ..self.model.paper(What::Material(MaterialKind::Count), (lot, counted)) }
    }
}

/// A material document and its version now.
pub fn versioned(tx: &mut Tx, id: uuid::Uuid) -> lotline::error::Result<(MaterialDocumentId, i64)> {
    let id = MaterialDocumentId::from(id);
    Ok((id, material::material_read(tx, id)?.version))
}

/// The lot of a made line.
pub fn made_lots(made: &Material) -> Vec<LotId> {
    let lines = made.lines.iter().filter(|line| line.direction == LineDirection::In);
    lines.filter_map(|line| line.lot.as_ref().map(|lot| lot.id)).collect()
}
