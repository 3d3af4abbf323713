//! What the business would say: orders, requests, papers and claims over the plain [`Books`], and which step it would
//! refuse. Knows nothing of the product's code.

use std::collections::{BTreeMap, BTreeSet};

use lotline_common::ledger::{LotStatus, StockStatus};
use lotline_common::material::MaterialKind;
use lotline_common::quality::LotDecision;

use super::books::{Books, Item, Key, Move, Place, Spot, Verdict, month, must, on, own};

/// A subcontract order.
#[derive(Debug, Clone)]
pub struct Order {
    pub subcontractor: usize,
    pub product: Item,
    pub ordered: i64,
    /// What one piece of the product takes.
    pub takes: Vec<(Item, i64)>,
    pub standing: Standing,
    pub issued: BTreeMap<Item, i64>,
    pub received: i64,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Open,
    Closed,
    Cancelled,
}

/// Where a request for material stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    Pending,
    Approved,
    Picking,
    Issued,
    Gone,
}

/// A request for material.
#[derive(Debug, Clone)]
pub struct Request {
    pub order: usize,
    pub item: Item,
    pub quantity: i64,
    pub asking: Asking,
}

/// What is being picked.
#[derive(Debug, Clone)]
pub struct Pick {
    pub request: usize,
    pub parts: Vec<(Key, i64)>,
    pub open: bool,
}

/// What a paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Receipt,
    Finish,
    Issue,
    Material(MaterialKind),
}

/// Where a paper stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Written; nothing moved.
    Draft,
    /// Waits for an approver; nothing moved.
    Waiting,
    /// Moved; somebody has to say that it arrived.
    OnTheWay,
    Done,
    /// It arrived, but not all of it.
    Differed,
    /// Undone or called off.
    Gone,
}

/// A paper and what it moved, or will move.
#[derive(Debug, Clone)]
pub struct Paper {
    pub what: What,
    pub phase: Phase,
    pub order: Option<usize>,
    pub to_order: Option<usize>,
    pub moves: Vec<Move>,
    /// Lots made.
    pub made: Vec<usize>,
    /// What is said to be moved; differs from `moves` where it moved before.
    pub lot: usize,
    pub quantity: i64,
    /// When it happened.
    pub at: i64,
    /// When it was written.
    pub written: i64,
    /// When an approver let it be posted.
    pub ruled_at: Option<i64>,
    /// When something of it moved.
    pub moved_at: Vec<i64>,
    /// Returned in good order.
    pub good: bool,
    /// Over-consumption that a receipt declared before.
    pub declared: bool,
    /// The pick task of an issue.
    pub pick: Option<usize>,
}

/// Something missing, damaged or too much.
#[derive(Debug, Clone)]
pub struct Claim {
    pub order: usize,
    pub lot: usize,
    pub quantity: i64,
    pub surplus: bool,
    pub open: bool,
}

/// A lot that went into another one.
#[derive(Debug, Clone)]
pub struct Link {
    pub parent: usize,
    pub child: usize,
    pub paper: usize,
}

/// Everything.
#[derive(Debug, Clone, Default)]
pub struct Model {
    pub books: Books,
    pub orders: Vec<Order>,
    pub requests: Vec<Request>,
    pub picks: Vec<Pick>,
    pub papers: Vec<Paper>,
    pub claims: Vec<Claim>,
    pub links: Vec<Link>,
}

/// What a component was allowed and took.
pub struct Use {
    pub over: i64,
    pub under: i64,
}

impl Model {
    /// A paper that is about to be written.
    pub fn paper(&self, what: What, (lot, quantity): (usize, i64)) -> Paper {
        let (order, to_order, pick) = (None, None, None);
        let (moves, made, moved_at, phase) = (Vec::new(), Vec::new(), Vec::new(), Phase::Done);
        let (at, written, good, declared) = (self.books.now, self.books.now, true, false);
        Paper {
            what,
            phase,
            order,
            to_order,
            moves,
            made,
            lot,
            quantity,
            at,
            written,
            ruled_at: None,
            moved_at,
            good,
            declared,
            pick,
        }
    }

    pub fn check_open(&self, order: usize) -> Verdict {
        must(self.orders[order].standing == Standing::Open, "the order is not open")
    }

    pub fn check_papers_orders(&self, paper: &Paper) -> Verdict {
        [paper.order, paper.to_order].into_iter().flatten().try_for_each(|order| self.check_open(order))
    }

    pub fn takes(&self, order: usize, item: Item) -> Option<i64> {
        self.orders[order].takes.iter().find(|(known, _)| *known == item).map(|(_, each)| *each)
    }

    /// Issued, or asked for and not issued.
    pub fn committed(&self, order: usize, item: Item) -> i64 {
        let open = |request: &&Request| !matches!(request.asking, Asking::Issued | Asking::Gone);
        let of = self.requests.iter().filter(|request| (request.order, request.item) == (order, item));
        self.orders[order].issued.get(&item).copied().unwrap_or_default()
            + of.filter(open).map(|request| request.quantity).sum::<i64>()
    }

    pub fn check_request(&self, order: usize, item: Item, (quantity, supplement): (i64, bool)) -> Verdict {
        self.check_open(order)?;
        let each = self.takes(order, item).ok_or("the order does not take it")?;
        let needed = each * self.orders[order].ordered;
        must(supplement || self.committed(order, item) + quantity <= needed, "more than the order needs")
    }

    /// What stands on an order's account and is not accounted for.
    pub fn residual(&self, order: usize) -> i64 {
        self.books.sum(|(place, _)| place.order == Some(order) && place.spot.is_out())
    }

    pub fn component_use(&self, order: usize, item: Item) -> Use {
        let of_item = |lot: usize| self.books.lots[lot].item == item;
        let custody =
            |(place, lot): &Key| place.order == Some(order) && matches!(place.spot, Spot::Custody(_)) && of_item(*lot);
        let used = self.books.net(custody, |(place, _)| place.spot == Spot::Consumed);
        let ruled = self.papers.iter().filter(|paper| {
            paper.what == What::Material(MaterialKind::OverConsumption)
                && (paper.order, paper.phase) == (Some(order), Phase::Done)
                && of_item(paper.lot)
        });
        let ruled: i64 = ruled.map(|paper| paper.quantity).sum();
        let allowed = self.takes(order, item).unwrap_or_default() * self.orders[order].received;
        Use { over: (used - ruled - allowed).max(0), under: (allowed - used).max(0) }
    }

    fn is_idle(&self, order: usize) -> bool {
        let of = |paper: &&Paper| paper.order == Some(order) || paper.to_order == Some(order);
        let papers = self.papers.iter().filter(of);
        let asked = self.requests.iter().filter(|request| request.order == order);
        papers.filter(|paper| matches!(paper.phase, Phase::Draft | Phase::Waiting | Phase::OnTheWay)).count() == 0
            && asked.filter(|request| !matches!(request.asking, Asking::Issued | Asking::Gone)).count() == 0
    }

    /// I6: closed is only what is accounted for to the last piece.
    pub fn check_close(&self, order: usize, explained: bool) -> Verdict {
        self.check_open(order)?;
        must(self.residual(order) == 0, "something is not accounted for")?;
        must(self.is_idle(order), "a paper is not finished")?;
        for (item, _) in &self.orders[order].takes {
            let used = self.component_use(order, *item);
            must(used.over == 0, "nobody ruled on what was used too much")?;
            must(used.under == 0 || explained, "nobody says why less was used")?;
        }
        let account = |(place, _): &Key| place.order == Some(order);
        let came = |lot: usize| {
            let of_lot = |key: &Key| account(key) && key.1 == lot;
            let shelf = self.books.net(
                |key| key.0.spot.is_own() && key.1 == lot,
                |key| of_lot(key) && matches!(key.0.spot, Spot::OnTheWay(_)),
            );
            let other = self.books.net(
                |key| key.1 == lot && matches!(key.0.spot, Spot::Custody(_)) && !account(key),
                |key| of_lot(key) && matches!(key.0.spot, Spot::OnTheWay(_)),
            );
            shelf != 0 || other != 0
        };
        let anything = self.orders[order].received > 0 || (0..self.books.lots.len()).any(came);
        must(anything, "nothing happened")
    }

    pub fn check_cancel_order(&self, order: usize) -> Verdict {
        self.check_open(order)?;
        let of = |paper: &Paper| paper.order == Some(order) || paper.to_order == Some(order);
        must(!self.papers.iter().any(|paper| of(paper) && paper.phase != Phase::Gone), "there are papers of it")?;
        must(self.is_idle(order), "something is asked for")
    }

    pub fn lot_after(&self, lot: usize, decision: LotDecision) -> Result<LotStatus, &'static str> {
        let waits = |(place, of): &Key| *of == lot && place.spot.is_own() && place.status == StockStatus::Quarantine;
        let after = match (decision, self.books.lots[lot].status) {
            (LotDecision::Release, LotStatus::Quarantine) => LotStatus::Released,
            (LotDecision::Unblock, LotStatus::Blocked) if self.books.lots[lot].released => LotStatus::Released,
            (LotDecision::Unblock, LotStatus::Blocked) => LotStatus::Quarantine,
            (LotDecision::Release, LotStatus::Released) if self.books.sum(waits) > 0 => LotStatus::Released,
            (LotDecision::Block, LotStatus::Quarantine | LotStatus::Released) => LotStatus::Blocked,
            _ => return Err("the lot's status forbids it"),
        };
        must(decision == LotDecision::Block || !self.books.is_expired(lot), "the lot is expired")?;
        Ok(after)
    }

    /// What a decision moves: what nobody was promised, in the own house.
    pub fn decided(&self, lot: usize, decision: LotDecision) -> Vec<Move> {
        let released = self.books.lots[lot].released;
        let after = |place: Place| match (decision, place.status) {
            (LotDecision::Release, StockStatus::Quarantine) => Some(StockStatus::Available),
            (LotDecision::Unblock, StockStatus::Blocked) if released && place.spot != Spot::Quarantine => {
                Some(StockStatus::Available)
            }
            (LotDecision::Unblock, StockStatus::Blocked) => Some(StockStatus::Quarantine),
            (LotDecision::Block, StockStatus::Quarantine | StockStatus::Available) => Some(StockStatus::Blocked),
            _ => None,
        };
        let there = self.books.positions(|(place, of)| *of == lot && place.spot.is_own());
        let moved = there.into_iter().filter_map(|((from, lot), _)| {
            let (status, quantity) = (after(from)?, self.books.free((from, lot)));
            let leaves = from.spot == Spot::Quarantine && status == StockStatus::Available;
            let spot = if leaves { Spot::Store } else { from.spot };
            (quantity > 0).then_some(Move { lot, quantity, from, to: own(spot, status) })
        });
        moved.collect()
    }

    /// What finished goods take of what is held, where nobody says: first to expire, first used.
    pub fn taken_by_rule(&self, order: usize, pieces: i64) -> Vec<(usize, i64)> {
        let mut taken = Vec::new();
        for (item, each) in &self.orders[order].takes {
            let mut wanted = each * pieces;
            let mut held = self.held(order, *item);
            held.retain(|(lot, _)| self.books.lots[*lot].status != LotStatus::Recalled);
            held.sort_by_key(|(lot, _)| {
                let lot = &self.books.lots[*lot];
                (lot.expires_on.is_none(), lot.expires_on, lot.code.clone())
            });
            for (lot, there) in held {
                let part = there.min(wanted);
                wanted -= part;
                taken.extend((part > 0).then_some((lot, part)));
            }
        }
        taken
    }

    /// What a subcontractor holds of an item on an order.
    pub fn held(&self, order: usize, item: Item) -> Vec<(usize, i64)> {
        let custody = on(Spot::Custody(self.orders[order].subcontractor), order);
        let found = self.books.positions(|(place, lot)| *place == custody && self.books.lots[*lot].item == item);
        found.into_iter().map(|((_, lot), quantity)| (lot, quantity)).collect()
    }

    /// I11: whether a lot descends from another one.
    pub fn descends(&self, lot: usize, from: usize) -> bool {
        let mut seen = BTreeSet::from([lot]);
        let mut open = vec![lot];
        while let Some(next) = open.pop() {
            for link in self.links.iter().filter(|link| link.child == next) {
                if seen.insert(link.parent) {
                    open.push(link.parent);
                }
            }
        }
        lot != from && seen.contains(&from)
    }

    /// What undoes a paper.
    pub fn check_reverse(&self, paper: usize) -> Verdict {
        let paper = &self.papers[paper];
        let right = match paper.what {
            What::Issue => paper.phase == Phase::OnTheWay,
            _ => matches!(paper.phase, Phase::OnTheWay | Phase::Done),
        };
        must(right, "there is nothing to undo, or somebody counted a difference")?;
        if paper.what != What::Issue {
            self.check_papers_orders(paper)?;
        }
        let reported = paper.moved_at.iter().any(|at| self.books.closed.contains(&month(*at)));
        must(!reported, "a month in which it moved is closed")?;
        let mirror: Vec<Move> = paper.moves.iter().map(|moved| moved.mirrored()).collect();
        self.books.check(&mirror, self.books.now, &BTreeMap::new())
    }

    /// Undoes it.
    pub fn reverse(&mut self, index: usize) {
        let paper = self.papers[index].clone();
        let mirror: Vec<Move> = paper.moves.iter().map(|moved| moved.mirrored()).collect();
        self.books.apply(&mirror, self.books.now, &BTreeMap::new());
        self.papers[index].phase = Phase::Gone;
        self.links.retain(|link| link.paper != index);
        let brought_again = |lot: usize| {
            paper.what == What::Finish
                && self
                    .papers
                    .iter()
                    .any(|other| (other.what, other.phase) == (What::Finish, Phase::Done) && other.made.contains(&lot))
        };
        let gone: Vec<usize> = paper.made.iter().copied().filter(|lot| !brought_again(*lot)).collect();
        for lot in gone {
            self.books.lots[lot].status = LotStatus::Scrapped;
        }
        match paper.what {
            What::Finish => self.orders[paper.order.unwrap()].received -= paper.quantity,
            What::Issue => {
                let pick = paper.pick.unwrap();
                self.requests[self.picks[pick].request].asking = Asking::Approved;
                self.got(paper.order, paper.lot, -paper.quantity);
            }
            What::Receipt | What::Material(_) => self.got(paper.to_order, paper.lot, -paper.quantity),
        }
    }

    /// An order got something, and needs that much less.
    pub fn got(&mut self, order: Option<usize>, lot: usize, quantity: i64) {
        let item = self.books.lots[lot].item;
        if let Some(order) = order {
            *self.orders[order].issued.entry(item).or_default() += quantity;
        }
    }

    /// Writes a paper and does what it does.
    pub fn post(&mut self, mut paper: Paper) -> usize {
        if !matches!(paper.phase, Phase::Draft | Phase::Waiting) {
            paper.moved_at.extend((!paper.moves.is_empty()).then_some(paper.at));
            self.books.apply(&paper.moves, paper.at, &BTreeMap::new());
            self.got(paper.to_order, paper.lot, paper.quantity);
        }
        self.papers.push(paper);
        self.papers.len() - 1
    }

    /// Where a receipt of rework or a transfer arrives, and a return.
    pub fn arrival(&self, paper: &Paper) -> Place {
        let order = paper.to_order.or(paper.order).unwrap();
        match paper.what {
            What::Material(MaterialKind::Return) if paper.good => own(Spot::Quarantine, StockStatus::Quarantine),
            What::Material(MaterialKind::Return) => own(Spot::Quarantine, StockStatus::Rejected),
            _ => on(Spot::Custody(self.orders[order].subcontractor), order),
        }
    }
}
