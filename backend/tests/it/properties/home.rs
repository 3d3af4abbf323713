//! In the own house, and how things end: rulings, reversals, closings.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Months};
use lotline::db::Tx;
use lotline::material::service as material;
use lotline::orders::service::{order_read, order_transition};
use lotline::receiving::service as receipts;
use lotline::reconcile::periods::period_close;
use lotline::reconcile::service::order_close;
use lotline::{issuing, subcontract_receiving};
use lotline_common::ledger::{LotStatus, StockStatus};
use lotline_common::material::{LineDirection, MaterialCreate, MaterialKind, MaterialLineWrite};
use lotline_common::orders::{OrderState, OrderTransition};
use lotline_common::reconcile::{OrderClosing, PeriodCloseWrite};

use super::books::{Item, Key, Lot, Move, Place, Spot, Verdict, day, instant, must, own};
use super::command::{Command, Stock};
use super::finishing::{made_lots, versioned};
use super::model::{Link, Paper, Phase, Standing, What};
use super::run::{Foreseen, Found, Run, because, decide};

const NOTHING_KEPT: BTreeMap<Key, i64> = BTreeMap::new();
const HOUSE: [Spot; 4] = [Spot::Quarantine, Spot::Store, Spot::Shelf, Spot::Line];

fn house(choice: u8) -> Spot {
    HOUSE[usize::from(choice) % HOUSE.len()]
}

fn at_home((place, _): &Key) -> bool {
    place.spot.is_own()
}

/// What goes from a place in the house, as a paper of one line says it.
struct Way {
    kind: MaterialKind,
    lot: usize,
    quantity: i64,
    from: Place,
    to: Place,
    at: i64,
}

impl Run<'_> {
    pub fn at_home(&mut self, tx: &mut Tx, command: &Command) -> Found {
        match command {
            Command::CountHere { stock, difference } => self.count_here(tx, stock, *difference),
            Command::Move { stock, to, days_ago } => self.put_away(tx, stock, (house(*to), *days_ago)),
            Command::LineIssue { stock } => self.line_issue(tx, stock),
            Command::LineReturn { stock, to } => self.line_return(tx, stock, house(*to)),
            Command::Scrap { stock, days_ago } => self.scrap(tx, stock, *days_ago),
            Command::Produce { stock, item, made, to } => {
                let item = Item::ALL[usize::from(*item) % Item::ALL.len()];
                self.produce(tx, stock, (item, *made, house(*to)))
            }
            Command::Repack { stock, parts, twist } => self.repack(tx, stock, (i64::from(*parts), *twist)),
            Command::Dispatch { stock } => self.dispatch(tx, stock),
            _ => Ok(()),
        }
    }

    fn way(&mut self, tx: &mut Tx, way: &Way, allowed: super::books::Verdict) -> Found {
        let Way { kind, lot, quantity, from, to, at } = *way;
        let moves = vec![Move { lot, quantity, from, to }];
        let paper = Paper { moves, at, ..self.model.paper(What::Material(kind), (lot, quantity)) };
        let foreseen = allowed
            .and_then(|()| must(!self.item(lot).is_serial() || quantity == 1, "a serial number is one piece"))
            .and_then(|()| self.books().check(&paper.moves, at, &NOTHING_KEPT));
        let says = matches!(kind, MaterialKind::Move | MaterialKind::Scrap);
        let goes = matches!(kind, MaterialKind::Move | MaterialKind::LineReturn | MaterialKind::LineIssue);
        let line = MaterialLineWrite {
            from_location_id: Some(self.world.location(from.spot)),
            from_status: says.then_some(from.status),
            to_location_id: goes.then(|| self.world.location(to.spot)),
            ..self.line(lot, quantity)
        };
        let command = MaterialCreate { occurred_at: Some(instant(at)), ..self.document(kind, None, vec![line]) };
        self.post_document(tx, foreseen, (&command, paper)).map(drop)
    }

    fn put_away(&mut self, tx: &mut Tx, stock: &Stock, (to, days_ago): (Spot, i64)) -> Found {
        let Some(((from, lot), quantity)) = self.source(stock, at_home) else { return Ok(()) };
        let at = self.books().now - days_ago * 1440;
        let allowed = must(from.spot != to, "it stays where it is")
            .and_then(|()| must((from.spot == Spot::Line) == (to == Spot::Line), "a line has papers of its own"));
        let to = Place { spot: to, ..from };
        self.way(tx, &Way { kind: MaterialKind::Move, lot, quantity, from, to, at }, allowed)
    }

    fn scrap(&mut self, tx: &mut Tx, stock: &Stock, days_ago: i64) -> Found {
        let Some(((from, lot), quantity)) = self.source(stock, at_home) else { return Ok(()) };
        let at = self.books().now - days_ago * 1440;
        let to = Place { spot: Spot::Scrapped, ..from };
        self.way(tx, &Way { kind: MaterialKind::Scrap, lot, quantity, from, to, at }, Ok(()))
    }

    fn line_issue(&mut self, tx: &mut Tx, stock: &Stock) -> Found {
        let Some(((from, lot), quantity)) = self.source(stock, at_home) else { return Ok(()) };
        let (from, to) = (own(from.spot, StockStatus::Available), own(Spot::Line, StockStatus::Available));
        let allowed = self.books().check_usable(lot).and_then(|()| must(from.spot.is_store(), "it is not on a shelf"));
        let at = self.books().now;
        self.way(tx, &Way { kind: MaterialKind::LineIssue, lot, quantity, from, to, at }, allowed)
    }

    fn line_return(&mut self, tx: &mut Tx, stock: &Stock, to: Spot) -> Found {
        let Some(((from, lot), quantity)) = self.source(stock, |(place, _)| place.spot == Spot::Line) else {
            return Ok(());
        };
        let status = if to == Spot::Quarantine { StockStatus::Quarantine } else { StockStatus::Available };
        let from = own(from.spot, StockStatus::Available);
        let allowed = must(to != Spot::Line && from.spot == Spot::Line, "it does not come back from a line");
        let at = self.books().now;
        self.way(tx, &Way { kind: MaterialKind::LineReturn, lot, quantity, from, to: own(to, status), at }, allowed)
    }

    fn dispatch(&mut self, tx: &mut Tx, stock: &Stock) -> Found {
        let Some(((from, lot), quantity)) = self.source(stock, at_home) else { return Ok(()) };
        let (from, to) = (own(from.spot, StockStatus::Available), own(Spot::Sold, StockStatus::Available));
        let allowed = self.books().check_usable(lot).and_then(|()| must(from.spot.is_store(), "it is not on a shelf"));
        let at = self.books().now;
        self.way(tx, &Way { kind: MaterialKind::Dispatch, lot, quantity, from, to, at }, allowed)
    }

    fn count_here(&mut self, tx: &mut Tx, stock: &Stock, difference: i64) -> Found {
        let Some((key, _)) = self.source(stock, at_home) else { return Ok(()) };
        let ((place, lot), book) = (key, self.books().at(key));
        let counted = (book + difference).max(0);
        let line = MaterialLineWrite {
            from_location_id: Some(self.world.location(place.spot)),
            from_status: Some(place.status),
            ..self.line(lot, counted)
        };
        let command = self.document(MaterialKind::Count, None, vec![line]);
        let paper = self.counted(place, (lot, book, counted));
        let foreseen = match (self.check_count((lot, counted)), self.books().check_once(lot, &paper.moves)) {
            (Err(why), _) => Foreseen::Unlawful(why),
            (Ok(()), Err(_)) => Foreseen::Either,
            (Ok(()), Ok(())) => Foreseen::Lawful,
        };
        self.post_document(tx, foreseen, (&command, paper)).map(drop)
    }

    fn made_line(&self, code: &str, item: Item, quantity: i64) -> MaterialLineWrite {
        MaterialLineWrite {
            direction: LineDirection::In,
            item_id: self.world.items[&item].0,
            lot_id: None,
            lot_code: Some(code.to_owned()),
            ..self.line(0, quantity)
        }
    }

    fn produce(&mut self, tx: &mut Tx, stock: &Stock, (item, made, to): (Item, i64, Spot)) -> Found {
        let Some(((from, lot), quantity)) = self.source(stock, at_home) else { return Ok(()) };
        let (from, consumed) = (own(from.spot, StockStatus::Available), own(Spot::Consumed, StockStatus::Available));
        let (child, code) = (self.lots.len(), self.next_code());
        let (born, to) = (own(Spot::Born, StockStatus::Quarantine), own(to, StockStatus::Quarantine));
        let moves =
            vec![Move { lot, quantity, from, to: consumed }, Move { lot: child, quantity: made, from: born, to }];
        let paper = self.model.paper(What::Material(MaterialKind::Production), (lot, quantity));
        let paper = Paper { moves, made: vec![child], ..paper };
        let pieces = |of: Item, quantity: i64| must(!of.is_serial() || quantity == 1, "a serial number is one piece");
        let foreseen = self
            .books()
            .check_usable(lot)
            .and_then(|()| pieces(item, made))
            .and_then(|()| pieces(self.item(lot), quantity))
            .and_then(|()| self.books().check(&paper.moves, paper.at, &NOTHING_KEPT));
        let taken =
            MaterialLineWrite { from_location_id: Some(self.world.location(from.spot)), ..self.line(lot, quantity) };
        let out = MaterialLineWrite {
            to_location_id: Some(self.world.location(to.spot)),
            ..self.made_line(&code, item, made)
        };
        let command = self.document(MaterialKind::Production, None, vec![taken, out]);
        let born = Lot { item, code, status: LotStatus::Quarantine, released: false, expires_on: None };
        self.make(tx, foreseen, (&command, paper, vec![born], &[lot]))
    }

    /// Writes a paper that makes lots, each of all that was taken.
    fn make(
        &mut self,
        tx: &mut Tx,
        foreseen: super::books::Verdict,
        (command, paper, born, parents): (&MaterialCreate, Paper, Vec<Lot>, &[usize]),
    ) -> Found {
        let children = paper.made.clone();
        let Some((index, made)) = self.post_document(tx, foreseen, (command, paper))? else { return Ok(()) };
        let ids = made_lots(&made);
        if ids.len() != born.len() {
            return Err(format!("{} lots made, not {}", ids.len(), born.len()));
        }
        for (lot, id) in born.into_iter().zip(ids) {
            self.new_lot(lot, id);
        }
        for child in children {
            self.model.links.extend(parents.iter().map(|parent| Link { parent: *parent, child, paper: index }));
        }
        Ok(())
    }

    /// Splits what is taken into so many lots; a twist takes a second lot from the same place, or makes more than it takes.
    fn repack(&mut self, tx: &mut Tx, stock: &Stock, (parts, twist): (i64, u8)) -> Found {
        let Some(((from, lot), quantity)) = self.source(stock, at_home) else { return Ok(()) };
        let item = self.item(lot);
        let other =
            self.books().positions(|(place, other)| *place == from && *other != lot && self.item(*other) == item);
        let mut taken = vec![(lot, quantity)];
        taken.extend(other.first().filter(|_| twist < 3).map(|((_, other), _)| (*other, 1)));
        let whole: i64 = taken.iter().map(|(_, quantity)| quantity).sum::<i64>() + i64::from(twist == 7);
        let sizes: Vec<i64> = (1..=parts).map(|part| if part == parts { whole - parts + 1 } else { 1 }).collect();
        let first = self.lots.len();
        let born: Vec<Lot> = (first..).zip(&sizes).map(|(number, _)| self.repacked(&taken, item, number)).collect();
        let consumed = Place { spot: Spot::Consumed, ..from };
        let new = Place { spot: Spot::Born, ..own(Spot::Born, StockStatus::Quarantine) };
        let mut moves: Vec<Move> =
            taken.iter().map(|(lot, n)| Move { lot: *lot, quantity: *n, from, to: consumed }).collect();
        moves.extend((first..).zip(&sizes).map(|(lot, n)| Move { lot, quantity: *n, from: new, to: from }));
        let paper = self.model.paper(What::Material(MaterialKind::Repack), (lot, quantity));
        let paper = Paper { made: (first..first + sizes.len()).collect(), moves, ..paper };
        let alike = taken.iter().all(|(other, _)| self.books().lots[*other].status == self.books().lots[lot].status);
        let single = taken.iter().map(|(_, n)| n).chain(&sizes).all(|n| *n == 1);
        let foreseen = must(twist != 7, "more is made than is taken")
            .and_then(|()| must(alike, "lots of different status"))
            .and_then(|()| self.books().check_not_recalled(&taken))
            .and_then(|()| must(!item.is_serial() || single, "a serial number is one piece"))
            .and_then(|()| self.books().check(&paper.moves, paper.at, &NOTHING_KEPT));
        let place = Some(self.world.location(from.spot));
        let out = |(lot, n): &(usize, i64)| MaterialLineWrite {
            from_location_id: place,
            from_status: Some(from.status),
            ..self.line(*lot, *n)
        };
        let mut lines: Vec<MaterialLineWrite> = taken.iter().map(out).collect();
        lines.extend(born.iter().zip(&sizes).map(|(lot, n)| self.made_line(&lot.code, item, *n)));
        let command = self.document(MaterialKind::Repack, None, lines);
        let parents: Vec<usize> = taken.into_iter().map(|(lot, _)| lot).collect();
        self.make(tx, foreseen, (&command, paper, born, &parents))
    }

    /// A repacked lot is as its parts, and expires with the first of them.
    fn repacked(&self, taken: &[(usize, i64)], item: Item, number: usize) -> Lot {
        let parts = taken.iter().map(|(lot, _)| &self.books().lots[*lot]);
        let expires_on = parts.clone().filter_map(|lot| lot.expires_on).min();
        let released = parts.clone().all(|lot| lot.released);
        let status = parts.map(|lot| lot.status).next().unwrap_or(LotStatus::Quarantine);
        Lot { item, code: format!("L{number:04}"), status, released, expires_on }
    }

    pub fn ending(&mut self, tx: &mut Tx, command: &Command) -> Found {
        match *command {
            Command::Rule { paper, approve } => self.rule(tx, paper, approve),
            Command::Cancel { paper } => self.cancel(tx, paper),
            Command::Reverse { paper } => self.undo(tx, paper),
            Command::CloseOrder { order, explained } => {
                self.close_order(tx, usize::from(order) % self.world.orders.len(), explained)
            }
            Command::CancelOrder { order } => self.cancel_order(tx, usize::from(order) % self.world.orders.len()),
            Command::CloseMonth { months_ago } => self.close_month(tx, months_ago),
            _ => Ok(()),
        }
    }

    fn rule(&mut self, tx: &mut Tx, choice: u8, approve: bool) -> Found {
        let ruled = |what| matches!(what, What::Material(MaterialKind::Count | MaterialKind::OverConsumption));
        let Some(index) = self.paper(choice, ruled, |paper| paper.phase == Phase::Waiting) else { return Ok(()) };
        let (paper, id, world) = (self.model.papers[index].clone(), self.papers[index], self.world);
        let over = paper.what == What::Material(MaterialKind::OverConsumption);
        let foreseen = must(paper.phase == Phase::Waiting, "nothing waits").and_then(|()| {
            if !approve {
                return Ok(());
            }
            self.model.check_papers_orders(&paper)?;
            if over {
                self.check_over(&paper)?;
                let used: Vec<_> = paper.moves.iter().map(|moved| (moved.lot, moved.quantity)).collect();
                self.books().check_not_recalled(&used)?;
            } else {
                self.check_not_overtaken(&paper)?;
            }
            self.books().check(&paper.moves, paper.at, &NOTHING_KEPT)
        });
        let foreseen = foreseen.and_then(|()| self.as_decider(tx, choice));
        if self.judge(tx, ("ruling", foreseen), |tx| decide(tx, world, id, approve))?.is_none() {
            return Ok(());
        }
        if approve {
            self.model.books.apply(&paper.moves, paper.at, &NOTHING_KEPT);
            self.possible(&paper, index);
            self.model.papers[index].moved_at.extend((!paper.moves.is_empty()).then_some(paper.at));
            self.model.papers[index].ruled_at = Some(self.books().now);
        }
        self.model.papers[index].phase = if approve { Phase::Done } else { Phase::Gone };
        Ok(())
    }

    /// A difference that another count corrected since is not there any more.
    fn check_not_overtaken(&self, paper: &Paper) -> Verdict {
        let counted = |moved: &Move| (moved.lot, if moved.from.spot == Spot::Adjusted { moved.to } else { moved.from });
        let own: Vec<_> = paper.moves.iter().map(counted).collect();
        let corrected = |known: &&Paper| {
            (known.what, known.phase) == (What::Material(MaterialKind::Count), Phase::Done)
                && known.ruled_at.is_some_and(|at| at > paper.written)
                && known.moves.iter().map(counted).any(|place| own.contains(&place))
        };
        must(!self.model.papers.iter().any(|known| corrected(&known)), "another count corrected it since")
    }

    /// What was used too much may be in every lot that was finished on the order.
    fn possible(&mut self, paper: &Paper, index: usize) {
        let over = paper.what == What::Material(MaterialKind::OverConsumption) && !paper.declared;
        let finished =
            self.model.papers.iter().filter(|known| {
                over && (known.what, known.phase, known.order) == (What::Finish, Phase::Done, paper.order)
            });
        let mut children: Vec<usize> = finished.map(|known| known.lot).collect();
        children.sort_unstable();
        children.dedup();
        let known = |child: usize| self.model.links.iter().any(|link| (link.parent, link.child) == (paper.lot, child));
        let new: Vec<usize> = children.into_iter().filter(|child| !known(*child)).collect();
        self.model.links.extend(new.into_iter().map(|child| Link { parent: paper.lot, child, paper: index }));
    }

    fn cancel(&mut self, tx: &mut Tx, choice: u8) -> Found {
        let material_paper = |what| matches!(what, What::Material(_));
        let waits = |paper: &Paper| matches!(paper.phase, Phase::Draft | Phase::Waiting);
        let Some(index) = self.paper(choice, material_paper, waits) else { return Ok(()) };
        let (foreseen, id) = (must(waits(&self.model.papers[index]), "it is posted, or over"), self.papers[index]);
        let done = self.judge(tx, ("cancellation", foreseen), |tx| {
            let (id, version) = versioned(tx, id)?;
            material::material_cancel(tx, id, version, &because())
        })?;
        if done.is_some() {
            self.model.papers[index].phase = Phase::Gone;
        }
        Ok(())
    }

    fn undo(&mut self, tx: &mut Tx, choice: u8) -> Found {
        let fits = |paper: &Paper| matches!(paper.phase, Phase::OnTheWay | Phase::Done);
        let Some(index) = self.paper(choice, |_| true, fits) else { return Ok(()) };
        let (what, id) = (self.model.papers[index].what, self.papers[index]);
        let foreseen = self.model.check_reverse(index);
        let done = self.judge(tx, ("reversal", foreseen), |tx| match what {
            What::Receipt => {
                let version = receipts::receipt_read(tx, id.into())?.version;
                receipts::receipt_reverse(tx, id.into(), version, &because()).map(drop)
            }
            What::Finish => {
                let version = subcontract_receiving::reading::receipt_read(tx, id.into())?.version;
                subcontract_receiving::service::receipt_reverse(tx, id.into(), version, &because()).map(drop)
            }
            What::Issue => {
                let version = issuing::notes::issue_note_read(tx, id.into())?.version;
                issuing::notes::issue_reverse(tx, id.into(), version, &because()).map(drop)
            }
            What::Material(_) => {
                let (id, version) = versioned(tx, id)?;
                material::material_reverse(tx, id, version, &because()).map(drop)
            }
        })?;
        if done.is_some() {
            self.model.reverse(index);
        }
        Ok(())
    }

    fn close_order(&mut self, tx: &mut Tx, order: usize, explained: bool) -> Found {
        let (id, foreseen) = (self.world.orders[order], self.model.check_close(order, explained));
        let remark = if explained { because().reason } else { String::new() };
        let done = self.judge(tx, ("closing an order", foreseen), |tx| {
            let version = order_read(tx, id)?.version;
            order_close(tx, id, version, &OrderClosing { remark: remark.clone() })
        })?;
        if done.is_some() {
            self.model.orders[order].standing = Standing::Closed;
        }
        Ok(())
    }

    fn cancel_order(&mut self, tx: &mut Tx, order: usize) -> Found {
        let (id, foreseen) = (self.world.orders[order], self.model.check_cancel_order(order));
        let done = self.judge(tx, ("cancelling an order", foreseen), |tx| {
            let version = order_read(tx, id)?.version;
            let command = OrderTransition { state: OrderState::Cancelled, reason: because().reason };
            order_transition(tx, id, version, &command)
        })?;
        if done.is_some() {
            self.model.orders[order].standing = Standing::Cancelled;
        }
        Ok(())
    }

    fn close_month(&mut self, tx: &mut Tx, months_ago: u8) -> Found {
        let month = day(self.books().now) - Months::new(u32::from(months_ago));
        let key = (month.year(), month.month());
        let foreseen = must(months_ago > 0, "the month is not over")
            .and_then(|()| must(!self.books().closed.contains(&key), "the month is closed already"));
        let done = self.judge(tx, ("closing a month", foreseen), |tx| period_close(tx, &PeriodCloseWrite { month }))?;
        if done.is_some() {
            self.model.books.closed.insert(key);
        }
        Ok(())
    }
}
